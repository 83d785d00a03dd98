d = {'a': 1, 'b': 2}
d['c'] = 3
d['a'] += 10
print(d, d['a'], len(d), 'b' in d, 'z' in d, d.get('z'), d.get('z', 0), list(d), list(d.keys()), list(d.values()), list(d.items()))
---
d = {}
print(d['x'])
---
d = {1: 'a'}
print(d[2])
---
d = {'a': 1}
print(d[('x', 1)])
---
d = {'a': 1, 'b': 2}
print(d.pop('a'), d.pop('zz', None), d, d.setdefault('c', []), d, d.setdefault('b', 9))
d.update({'x': 1}, y=2); d.update([('z', 3)]); print(d)
print(d.popitem(), d)
d.clear(); print(d)
---
{}.pop('a')
---
{}.popitem()
---
d = {'b': 1, 'a': 2}
for k in d:
    print(k, end=' ')
for k, v in d.items():
    print(k, v, end=' ')
for k in sorted(d):
    print(k, end=' ')
for i, (k, v) in enumerate(d.items()):
    print(i, k, v, end=' ')
print()
---
d = {'a': 1}
del d['a']
print(d)
del d['a']
---
print({'a': 1} | {'b': 2}, {**{'a': 1}, 'a': 2, **{'c': 3}}, dict(a=1, b=2), dict([('x', 1)]), dict({'a': 1}, b=2), dict())
d = {'a': 1}
d |= {'a': 5}
print(d)
---
print({1: 'a', 1.0: 'b', True: 'c'}, {(1, 2): 'x'}[(1, 2)], {None: 1}[None], {'a': {'b': {'c': 1}}}['a']['b']['c'])
---
{[1]: 2}
---
{{}: 1}
---
d = {}
d[[1]] = 2
---
print({'a': 1, 'b': 2} == {'b': 2, 'a': 1}, {'a': 1} != {'a': 2}, {} == {}, {1: 2} == {1.0: 2.0})
---
{} < {}
---
print({k: v * 2 for k, v in {'a': 1, 'b': 2}.items()}, {v: k for k, v in {'a': 1}.items()}, {i: i ** 2 for i in range(4) if i % 2}, {c: 'hello'.count(c) for c in 'hello'})
---
print(dict.fromkeys('abc', 0), dict.fromkeys([1, 2]), dict(zip(['a'], [1])), list(reversed({'a': 1, 'b': 2})), max({'a': 3, 'b': 5}, key={'a': 3, 'b': 5}.get))
---
d = {'x': 1, 'y': 2}
print(d.keys(), d.values(), d.items(), d.keys() & {'x'}, d.keys() | {'z'} == {'x', 'y', 'z'}, 'x' in d.keys(), 1 in d.values(), ('x', 1) in d.items(), len(d.items()))
---
d = {'x': 1}
ks = d.keys()
d['y'] = 2
print(list(ks), d.keys() == {'x', 'y'})
---
d = {1: 1, 2: 2}
for k in d:
    d[k + 10] = 1
---
d = {'a': 1, 'b': 2, 'c': 3}
for k in list(d):
    if d[k] > 1:
        del d[k]
print(d)
---
groups = {}
for w in ['apple', 'avocado', 'banana', 'blueberry', 'cherry']:
    groups.setdefault(w[0], []).append(w)
print(groups)
for letter, ws in sorted(groups.items()):
    print(letter, len(ws), ', '.join(ws))
---
inv = {'apple': {'qty': 3, 'price': 1.5}, 'pear': {'qty': 0, 'price': 2.0}}
print(sum(i['qty'] * i['price'] for i in inv.values()), [n for n, i in inv.items() if not i['qty']])
inv['apple']['qty'] -= 1
print(inv)
---
memo = {}
def fib(n):
    if n in memo:
        return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]
print(fib(80), len(memo))
---
d = {}
d['self'] = d
print(d)
---
s = {3, 1, 2}
s.add(4); s.add(1); s.discard(9); s.remove(3)
print(sorted(s), len(s), 1 in s, 9 in s)
---
{1}.remove(2)
---
set().pop()
---
a, b = {1, 2, 3}, {2, 3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a <= b, {2} < a, a >= {1}, a.isdisjoint({9}), a == {3, 2, 1})
print(sorted(a.union([9], (8,))), sorted(a.intersection([1, 2])), sorted(a.difference({1})), sorted(a.symmetric_difference({1, 7})), a.issubset({1, 2, 3, 4}), a.issuperset([1]))
---
a = {1, 2}
a |= {3}; a &= {2, 3}; a -= {2}; a ^= {5}
a.update([7, 8], {9}); a.intersection_update({3, 7, 9}); a.difference_update([9])
print(sorted(a), a.copy() == a)
a.clear()
print(a)
---
{1} + {2}
---
{1} | [2]
---
{[1]}
---
{1, 2}[0]
---
print(set('hello') == set('olleh'), sorted(set([1, 1, 2])), frozenset([1, 2]) == {1, 2}, {frozenset([1]): 'x'}[frozenset([1])], set() == {}, len({1, 1.0, True}), {x % 3 for x in range(10)} == {0, 1, 2}, set(), frozenset(), {1}, frozenset({1}))
---
frozenset([1]).add(2)
---
print(sorted(frozenset('abc') | {'d'}), type(frozenset() | set()).__name__, type(set() | frozenset()).__name__, hash(frozenset([1])) == hash(frozenset([1])))
---
a = {'name': 'x', 'tags': ['p', 'q']}
b = a.copy()
b['name'] = 'y'
b['tags'].append('r')
print(a, b)
---
d = {'b': 2, 'a': 1}
print(sorted(d.items()), sorted(d.items(), key=lambda kv: kv[1]), dict(sorted(d.items())), min(d), max(d.values()), sum(d.values()), sorted(d, key=d.get, reverse=True))
---
d = {}
for i in range(100):
    d[i] = i
for i in range(0, 100, 2):
    del d[i]
d[0] = 'back'
print(len(d), list(d)[:3], list(d)[-1])
---
d = {'a': 1}
d.foo
---
{'a': 1}.get()
---
dict(5)
---
dict([1])
---
dict([(1, 2, 3)])
---
dict(['ab', 'cd'])
print(dict(['ab', 'cd']))
---
print({'a': 1}.items() == {'a': 1}.items(), list({'a': 1}.items())[0], [*{'a': 1}.values()], tuple({'a': 1}), str({'a': [1, {'b': (2,)}]}), repr({1: None, 'x': True}))
---
config = {'debug': True, 'level': 3}
def show(**kw):
    return ', '.join(f'{k}={v}' for k, v in sorted(kw.items()))
print(show(**config, extra='z'))
---
a = {}
a.setdefault('x', {}).setdefault('y', []).append(1)
a.setdefault('x', {}).setdefault('y', []).append(2)
print(a)
---
x = {'a': 1, 'b': {'c': 2}}
def walk(d, path=()):
    for k, v in d.items():
        if isinstance(v, dict):
            yield from walk(v, path + (k,))
        else:
            yield '.'.join(path + (k,)), v
print(list(walk(x)))
---
graph = {'A': ['B', 'C'], 'B': ['D'], 'C': ['D'], 'D': []}
def bfs(g, start):
    seen, queue, order = {start}, [start], []
    while queue:
        n = queue.pop(0)
        order.append(n)
        for m in g[n]:
            if m not in seen:
                seen.add(m)
                queue.append(m)
    return order
print(bfs(graph, 'A'))
---
print({1, 2} == {2, 1}, {1} < {1, 2} <= {1, 2}, not set(), bool({0}), 3 in {1: 2}, [1] in [[1]], (1,) in {(1,)})
---
[1] in {1}
---
print(dict(a=1) == {'a': 1}, {**{}}, {'x': 1, **dict(y=2)}, {'a': 1, 'a': 2}, len({'a': 1, 'a': 2}))
---
d = {'k': [1, 2]}
d['k'][0], d['n'] = 5, 6
d['k'] += [3]
print(d)
---
print(isinstance({}, dict), isinstance([], list), isinstance((), tuple), isinstance({1}, set), isinstance('', (list, str)), isinstance(5, dict), type({}) is dict, type([]).__name__, callable(len), callable(5), callable(lambda: 1))
---
print(list({'a': 1}.keys())[0], {'a': 1}.keys() - {'a'}, {'a': 1}.items() & {('a', 1)}, sorted({'a': 1, 'b': 2}.keys() ^ {'b', 'c'}))
