import math
print(math.pi, math.e, math.sqrt(16), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.inf, math.hypot(3, 4), math.gcd(12, 18), math.lcm(4, 6), math.factorial(10), math.isclose(0.1 + 0.2, 0.3), math.isqrt(17), math.comb(5, 2), math.perm(5, 2), math.prod([2, 3]))
---
import math
print(math.log(8, 2), math.log2(8), math.log10(1000), math.exp(0), math.sin(0), math.cos(0), math.degrees(math.pi), math.radians(180), math.copysign(1, -0.0), math.fabs(-2), math.fmod(-7, 3), math.isnan(math.nan), math.isinf(math.inf), math.pow(2, 3), math.dist((0, 0), (3, 4)), math.fsum([0.1] * 10), math.modf(2.5))
---
from math import sqrt as root, floor
print(root(9), floor(2.7))
---
import math as m
print(m.tau > 6)
m.nope
---
import json
s = json.dumps({'a': 1, 'b': [1.5, None, True, 'x"y'], 'c': {'d': []}})
print(s, json.loads(s), json.loads('[1, 2.0, "a\\u00e9", null, false]'))
print(json.dumps({'b': 1, 'a': 2}, sort_keys=True), json.dumps([1, 2], indent=2), json.dumps('é'), json.dumps('é', ensure_ascii=False), json.dumps({1: 2, None: 3, True: 4}), json.dumps((1, 2)), json.dumps({'a': 1}, separators=(',', ':')))
---
import json
print(json.dumps({'a': [1, {'b': 2}], 'e': [], 'f': {}}, indent=4, sort_keys=True))
---
import json
json.loads('{bad}')
---
import json
json.loads('')
---
import json
json.dumps({1, 2})
---
import math
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1)):
    try:
        f()
    except ValueError as e:
        print(e)
---
import math
match 3.141592653589793:
    case math.pi:
        print('pi')
---
import math
print([math.floor(x) for x in (1.5, -1.5, 2, 10 ** 20)], math.ceil(-0.5), math.trunc(1e10), math.sqrt(2), math.sqrt(10 ** 20), math.exp(1), math.log(10), math.log(1e-10), math.log(2 ** 1000), math.log(100, 10), math.log1p(1e-10), math.expm1(1e-5))
---
import math
print(math.sin(1), math.cos(1), math.tan(1), math.asin(0.5), math.acos(0.5), math.atan(1), math.atan2(-1, -1), math.sinh(1), math.cosh(1), math.tanh(0.5), math.pi * 2, math.sin(math.pi), math.cos(100), math.sin(1e6))
---
import math
print([round(math.sin(math.radians(d)), 10) for d in range(0, 360, 45)], math.hypot(1, 1), math.hypot(1, 2, 3), math.dist([1, 2], [4, 6]))
---
import math
math.sqrt('a')
---
import math
math.floor('a')
---
import math
math.factorial(2.5)
---
import math
math.log(0)
---
import math
math.exp(1000)
---
import math
math.floor(float('inf'))
---
import math
print(math.gcd(), math.gcd(12), math.gcd(12, 18, 27), math.lcm(), math.lcm(4, 6, 10), math.comb(50, 25), math.perm(10), math.perm(5, 7), math.factorial(25), math.isqrt(10 ** 30), math.prod([]), math.prod([2, 3.5], start=2), math.isclose(1, 1.0001, rel_tol=1e-3), math.isclose(0, 1e-9, abs_tol=1e-8), math.nextafter(1, 2), math.ulp(1.0), math.frexp(8), math.ldexp(0.5, 4), math.remainder(7, 3), math.erf(0.5), math.gamma(5))
---
import math
def area(r): return math.pi * r ** 2
print(f'{area(2):.3f}', math.isfinite(1e308 * 10), math.copysign(3, -1), math.inf > 10 ** 400, -math.inf, math.nan != math.nan)
---
import json
for s in ['[1, 2', '{"a": }', '[1,]', '"abc', 'nul', '{"a" 1}', "{'a': 1}", '[1] x', '"\\x"', '{"a": 1,}', 'tru', '[', '{', '-']:
    try:
        print(json.loads(s))
    except json.JSONDecodeError as e:
        print(e, e.lineno, e.colno, e.pos, e.msg)
---
import json
print(json.loads('{"a": [1, 2.5, -3e2, true, null, "x\\ny\\u0041\\ud83d\\ude00"], "b": {}}'), json.loads(' [ ] '), json.loads('"é"'), json.loads('1e400'), json.loads('NaN'), json.loads('-Infinity'), json.loads('123456789012345678901234567890'))
---
import json
print(json.dumps(float('nan')), json.dumps(float('inf')), json.dumps(1e16), json.dumps(0.1), json.dumps(10 ** 20), json.dumps('\x00\x1f\x7f"\\/\u2028😀'), json.dumps({'b': [1, (2, 3)], 'a': {}}, indent=1), json.dumps([], indent=2), json.dumps({}, indent=2), json.dumps([[], {}], indent='--'), json.dumps({1.5: 'a', False: 'b'}), json.dumps([1, 2], separators=(' ; ', ' = ')))
---
import json
json.dumps({(1, 2): 3})
---
import json
json.dumps(lambda: 0)
---
# differs: no default, object_hook
import json
print(json.dumps({(1,): 2, 'a': 3}, skipkeys=True), json.dumps({1, 2} and [3], default=list), json.dumps({'s': {1}}, default=lambda s: sorted(s)), json.loads('{"a": {"b": 1}}', object_hook=lambda d: list(d.items())) if True else 0)
---
import json
data = {'name': 'Ann', 'tags': ['x', 'y'], 'nested': {'n': None, 'f': 1.5}}
text = json.dumps(data, indent=2, sort_keys=True)
print(text)
print(json.loads(text) == data, json.loads(json.dumps(text)) == text)
---
import json
json.loads(5)
---
import json, math
print(json.dumps([math.pi, math.floor(2.9)]), json.loads(b'[1]'), json.__name__, math.__name__)
---
# differs: the allow-list is named
import nosuchmodule
---
# differs: the allow-list is named
import os
