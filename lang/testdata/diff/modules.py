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
from math import nope
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
import re
print(re.findall(r'\d+', 'a1b22c333'), re.sub(r'\s+', ' ', 'a  b \n c'), re.split(r'[,;]', 'a,b;c'), bool(re.match(r'^\w+$', 'abc')), re.search(r'(\w+)@(\w+)', 'me@home').groups(), re.sub(r'(\w)(\d)', r'\2\1', 'a1 b2'))
---
import re
m = re.match(r'(?P<year>\d{4})-(?P<month>\d\d)', '2024-05-06')
print(m.group(), m.group(1), m.group('month'), m.groupdict(), m.start(), m.end(), m.span(1), m[2])
print(re.match('x', 'abc'), re.fullmatch(r'\d+', '12a'), [x.group() for x in re.finditer('a.', 'abacad')], re.sub('a', lambda m: m.group().upper(), 'banana'), re.compile('B', re.I).findall('abB'), re.escape('a.b'))
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
import hashlib, base64
print(hashlib.sha256(b'abc').hexdigest(), hashlib.md5(b'').hexdigest(), base64.b64encode(b'hello'), base64.b64decode('aGVsbG8='))
---
from decimal import Decimal
print(Decimal('0.1') + Decimal('0.2'), Decimal('1.10') * 2, Decimal(10) / Decimal(4), round(Decimal('2.675'), 2), Decimal('1') == 1, repr(Decimal('1.5')), Decimal('10').quantize(Decimal('0.01')))
---
from fractions import Fraction
print(Fraction(1, 3) + Fraction(1, 6), Fraction('0.25'), repr(Fraction(2, 4)), Fraction(3, 4).numerator, float(Fraction(1, 8)), Fraction(1, 2) < 0.75)
---
from datetime import date, datetime, timedelta
d = date(2024, 2, 28)
print(d + timedelta(days=2), (date(2024, 3, 1) - d).days, d.isoformat(), d.weekday(), d.strftime('%Y/%m/%d %A'), datetime(2024, 1, 2, 3, 4, 5), datetime(2024, 1, 2).isoformat(), timedelta(hours=25), timedelta(days=1, seconds=5).total_seconds())
---
from typing import List, Dict, Optional, Any
def f(x: List[int], y: Optional[Dict[str, Any]] = None) -> int:
    return len(x)
print(f([1, 2]))
