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
# differs: json.dumps takes no default, json.loads no object_hook.
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
# differs: import knows the modules of a list only, and names them.
import nosuchmodule
---
# differs: import knows the modules of a list only, and names them.
import os
---
import itertools
print(list(itertools.chain([1], 'ab')), list(itertools.islice(itertools.count(5, 2), 3)), list(itertools.combinations('abc', 2)), list(itertools.permutations([1, 2, 3], 2)), list(itertools.product('ab', [1, 2])), list(itertools.accumulate([1, 2, 3])), list(itertools.repeat('x', 2)))
print([(k, list(g)) for k, g in itertools.groupby('aabbb')], list(itertools.zip_longest('ab', 'c', fillvalue='-')), list(itertools.takewhile(lambda x: x < 3, [1, 2, 5, 1])), list(itertools.dropwhile(lambda x: x < 3, [1, 5, 1])), list(itertools.chain.from_iterable([[1], [2]])), list(itertools.starmap(pow, [(2, 3)])), list(itertools.pairwise('abc')), list(itertools.islice(itertools.cycle('ab'), 5)), list(itertools.compress('abc', [1, 0, 1])))
---
import functools
print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(lambda a, b: a + b, [], 'init'), functools.partial(pow, 2)(5), sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
---
import functools
functools.reduce(lambda a, b: a, [])
---
import heapq
h = []
for x in [5, 1, 8, 3]:
    heapq.heappush(h, x)
print(heapq.heappop(h), h, heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, [4, 1, 3]))
h2 = [9, 4, 7]
heapq.heapify(h2)
print(h2, heapq.heappushpop(h2, 1), heapq.heapreplace(h2, 10), h2)
---
import bisect
a = [1, 3, 5]
print(bisect.bisect_left(a, 3), bisect.bisect_right(a, 3), bisect.bisect(a, 4))
bisect.insort(a, 4)
print(a)
---
from operator import add, itemgetter, mul
print(add(1, 2), itemgetter(1)([5, 6]), sorted([(1, 'b'), (2, 'a')], key=itemgetter(1)), itemgetter('a', 'b')({'a': 1, 'b': 2}), mul(3, 4))
---
import itertools as it
print(list(it.accumulate([1, 2, 3], lambda a, b: a * b)), list(it.accumulate([1, 2], initial=10)), list(it.accumulate([])), list(it.accumulate('abc')), list(it.islice('abcdef', 2)), list(it.islice('abcdef', 1, None, 2)), list(it.islice(range(10), 2, 8, 3)), list(it.zip_longest([1], [2, 3])))
---
import itertools as it
print(list(it.product([1, 2], repeat=2)), list(it.product()), list(it.permutations('ab')), list(it.combinations([1, 2, 3], 0)), list(it.combinations_with_replacement('ab', 2)), list(it.filterfalse(lambda x: x % 2, range(5))), list(it.chain('ab', [], (1,))), len(list(it.permutations(range(4)))))
---
import itertools
data = sorted([('fruit', 'apple'), ('veg', 'kale'), ('fruit', 'fig')])
for key, group in itertools.groupby(data, key=lambda p: p[0]):
    print(key, [name for _, name in group])
a, b = itertools.tee([1, 2, 3])
print(list(a), list(b), next(itertools.count()), list(zip('ab', itertools.count(1))), list(zip('ab', itertools.repeat(0))))
---
import itertools
def primes():
    yield 2
    for n in itertools.count(3, 2):
        if all(n % p for p in itertools.takewhile(lambda p: p * p <= n, primes())):
            yield n
print(list(itertools.islice(primes(), 12)), sum(itertools.takewhile(lambda p: p < 100, primes())))
---
import itertools
itertools.islice([1], -1)
---
import itertools
list(itertools.combinations([1], -1))
---
from functools import reduce, partial, cmp_to_key
add = lambda a, b, c=0: a + b + c
p = partial(add, 1, c=10)
print(p(2), reduce(add, range(5)), reduce(lambda acc, w: acc | {w: len(w)}, ['a', 'bb'], {}), sorted(['b', 'a', 'C'], key=cmp_to_key(lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))))
---
import functools
fib = functools.lru_cache(maxsize=None)(lambda n: n if n < 2 else fib(n - 1) + fib(n - 2))
print(fib(60))
double = functools.cache(lambda x: x * 2)
print(double(4), double(4))
---
import heapq
h = [5, 3, 8, 1, 9, 2]
heapq.heapify(h)
print(h, [heapq.heappop(h) for _ in range(len(h))], heapq.nlargest(2, ['a', 'ccc', 'bb'], key=len), heapq.nsmallest(5, [2, 1]), list(heapq.merge([1, 4], [2, 3])))
tasks = []
for pri, name in [(3, 'low'), (1, 'high'), (2, 'mid')]:
    heapq.heappush(tasks, (pri, name))
while tasks:
    print(heapq.heappop(tasks))
heapq.heappop([])
---
import bisect
grades = 'FDCBA'
print([grades[bisect.bisect([60, 70, 80, 90], s)] for s in (33, 99, 77, 70, 89, 90, 100)], bisect.bisect_left([1, 2, 2, 3], 2), bisect.bisect_right([1, 2, 2, 3], 2), bisect.bisect([], 1))
a = []
for x in [3, 1, 2]:
    bisect.insort(a, x)
print(a)
---
import operator as op
print(op.add(1, 2), op.sub(5, 3), op.truediv(1, 2), op.floordiv(7, 2), op.mod(7, 3), op.neg(1), op.not_(0), op.eq(1, 1), op.lt(1, 2), op.contains([1], 1), op.getitem([5], 0), op.itemgetter(1, 0)('ab'), op.concat('a', 'b'), op.pow(2, 3), op.and_(6, 3), op.is_(None, None), op.methodcaller('upper')('a'))
ops = {'+': op.add, '*': op.mul}
print([ops[o](3, 4) for o in '+*'], sorted([{'n': 2}, {'n': 1}], key=op.itemgetter('n')))
---
import statistics
print(statistics.mean([1, 2, 3, 4]), statistics.median([3, 1, 2]), statistics.median([1, 2, 3, 4]), statistics.mode([1, 1, 2]), round(statistics.stdev([1, 2, 3, 4]), 6), statistics.pstdev([2, 2]), statistics.variance([1, 2, 3]))
---
import string
print(string.ascii_lowercase, string.digits, string.punctuation, string.ascii_letters[:3], string.hexdigits)
---
import textwrap
print(textwrap.dedent('    a\n      b\n'), textwrap.fill('the quick brown fox jumps', 10), textwrap.shorten('hello big world', 11), textwrap.indent('a\nb', '> '), textwrap.wrap('a b c d', 3))
---
import copy
a = [1, [2, 3], {'k': [4]}]
b, c = copy.copy(a), copy.deepcopy(a)
a[1].append(9); a[2]['k'].append(9)
print(b, c)
---
from typing import List, Dict, Optional, Any
def f(x: List[int], y: Optional[Dict[str, Any]] = None) -> int:
    return len(x)
print(f([1, 2]))
---
import statistics as st
print(st.mean([1, 2, 3, 4, 5]), st.mean([1.5, 2.5]), st.fmean([1, 2]), st.median_low([1, 2, 3, 4]), st.median_high([1, 2, 3, 4]), st.mode('aab'), st.multimode('aabb'), st.pvariance([1, 2, 3]), st.stdev([2, 4, 4, 4, 5, 5, 7, 9]), st.quantiles([1, 2, 3, 4, 5]))
---
import statistics
statistics.mean([])
---
import statistics
statistics.stdev([1])
---
import string
print(string.ascii_uppercase, string.whitespace == ' \t\n\r\x0b\x0c', string.octdigits, string.capwords('hello big world'), len(string.printable))
---
import textwrap
text = '''The quick brown fox jumped over the lazy dog, again and again, until it was exhausted.'''
print(textwrap.fill(text, width=30))
print(textwrap.wrap('a verylongwordthatdoesnotfit b', 10))
print(textwrap.dedent('\n      one\n        two\n\n      three\n    '))
print(textwrap.indent('a\n\nb\n', '  '), textwrap.shorten('Hello  world and everyone', 15), textwrap.fill('x y', initial_indent='* ', subsequent_indent='  ', width=5))
---
import copy
a = {'x': [1, 2], 'y': (3, [4])}
b = copy.deepcopy(a)
b['x'].append(9); b['y'][1].append(5)
c = copy.copy(a)
c['x'].append(7)
print(a, b, c, copy.copy([1]), copy.deepcopy((1, 2)), copy.copy('s'), copy.deepcopy({1: {2}}))
loop = [1]
loop.append(loop)
twin = copy.deepcopy(loop)
print(twin[1] is twin, twin is not loop)
---
import base64
print(base64.b64encode(b'\x00\xff\xfe'), base64.urlsafe_b64encode(b'\xfb\xff'), base64.b64decode(b'AP/+'), base64.b64encode('text'.encode()).decode())
---
from typing import List, Optional, Dict, Any, Union, Callable, Tuple
def f(a: List[int], b: Optional[str] = None, *c: Any, d: Dict[str, Union[int, float]] = {}) -> Tuple[int, ...]:
    x: Callable[[int], int] = lambda n: n + 1
    return tuple(map(x, a))
print(f([1, 2]))
---
from collections import Counter
c = Counter('mississippi')
print(c.most_common(2), c['s'], c['z'], sorted(c.items()), sum(c.values()), Counter(a=1) + Counter(a=2, b=1), c.total())
c.update('ss')
print(c['s'], dict(Counter([1, 1, 2])), Counter({'x': 1}), sorted(Counter('ab').elements()))
---
from collections import defaultdict, deque, OrderedDict, namedtuple
d = defaultdict(list)
d['a'].append(1); d['b']
print(d, dict(d), d.get('zz'), 'zz' in d)
n = defaultdict(int)
for ch in 'hello': n[ch] += 1
print(sorted(n.items()))
q = deque([1, 2, 3], maxlen=3)
q.append(4); q.appendleft(0)
print(q, q.pop(), q.popleft(), list(q), len(q))
q.rotate(1); q.extend([7]); print(q)
---
from collections import namedtuple
P = namedtuple('P', ['x', 'y'])
p = P(1, y=2)
print(p, p.x, p[1], p._replace(x=5), p._asdict(), tuple(p), p == (1, 2), P._fields)
a, b = p
print(a + b)
---
from collections import Counter
words = 'a b a c b a'.split()
c = Counter(words)
print(c, c.most_common(), c.most_common(1), c['zz'], len(c), 'a' in c, list(c), dict(c), c == Counter('abacba'.replace(' ', '')))
c['a'] -= 5; c.update({'d': 2}); c.subtract('b')
print(c, c - Counter(d=1), c & Counter(d=1, b=9), c | Counter(d=5), sum(c.values()), sorted(c.elements()))
del c['a']
print(c.pop('d'), c, c.get('q'), Counter(), Counter(x=1) + Counter(x=2))
---
from collections import defaultdict
groups = defaultdict(list)
for n in range(6):
    groups[n % 3].append(n)
print(groups, dict(groups), sorted(groups), groups[7], len(groups), groups.get(99), groups == {0: [0, 3], 1: [1, 4], 2: [2, 5], 7: []})
tree = defaultdict(lambda: defaultdict(int))
tree['a']['x'] += 1
print(tree['a']['x'], {k: dict(v) for k, v in tree.items()}, defaultdict(int, a=1)['a'], defaultdict(None, {}).get('k'))
defaultdict()['missing']
---
from collections import deque
d = deque('abc')
d.append('d'); d.appendleft('z'); d.extend([1]); d.extendleft([2, 3])
print(d, d[0], d[-1], len(d), 'a' in d, list(reversed(d)), d.count('a'), d.index('b'))
d.rotate(2); print(d); d.rotate(-1); print(d)
d.remove('a'); d.reverse(); print(d, d.pop(), d.popleft())
d.clear(); print(d, bool(d), deque([1, 2, 3], 2), deque(maxlen=1), deque([1]) == deque([1]))
d.pop()
---
from collections import OrderedDict, namedtuple
d = OrderedDict(a=1, b=2)
d.move_to_end('a')
print(d, list(d), d.popitem(last=False), d == {'a': 1}, OrderedDict([('x', 1)]))
Point = namedtuple('Point', 'x y')
p = Point(3, y=4)
print(p, p.x + p.y, p[0], p._asdict(), p._replace(y=0), Point(*[1, 2]), p == (3, 4), sorted([Point(2, 1), Point(1, 2)]), Point._fields, isinstance(p, tuple), f'{p.x}-{p.y}')
x, y = p
print(x, y, len(p), list(p), max(p))
Point(1)
---
from collections import namedtuple
P = namedtuple('P', ['a', 'b'], defaults=[5])
p = P(1)
print(p, P(1, 2), hash(p) == hash(P(1, 5)), {p: 'v'}[P(1)], P._make([7, 8]))
---
from collections import deque
def bfs(grid, start, goal):
    queue, seen = deque([(start, 0)]), {start}
    while queue:
        (x, y), d = queue.popleft()
        if (x, y) == goal:
            return d
        for nx, ny in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= nx < 4 and 0 <= ny < 4 and grid[ny][nx] == '.' and (nx, ny) not in seen:
                seen.add((nx, ny))
                queue.append(((nx, ny), d + 1))
print(bfs(['..#.', '.#..', '....', '#...'], (0, 0), (3, 0)))
