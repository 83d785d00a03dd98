print([x for x in range(5)], [x * y for x in range(3) for y in range(3) if x != y], [[j for j in range(i)] for i in range(4)], [x for x in range(20) if x % 2 if x % 3])
---
x = 'outer'
print([x for x in range(3)], x)
---
y = 5
print([x + y for x in [1, 2]], {x: y for x in 'ab'}, {x for x in 'aab'} == {'a', 'b'})
---
print({k: [v for v in range(k)] for k in range(3)}, {(a, b) for a in 'x' for b in 'yz'} == {('x', 'y'), ('x', 'z')})
---
print([a for a, b in [(1, 2), (3, 4)]], [a + b for a, *b in ['abc', 'de']] if False else [b for a, *b in ['abc', 'de']], [(i, c) for i, c in enumerate('ab')])
---
print([x for x in [1, 2, 3] if x > 1 and x < 3 or x == 1], [x if x else 'z' for x in [0, 1]], [not x for x in [0, 1]], [lambda: x for x in range(2)][0]())
---
fs = [lambda n: n + i for i in range(3)]
print([f(10) for f in fs])
---
def f(n):
    return [[n * i + j for j in range(n)] for i in range(n)]
print(f(3))
---
def f(xs):
    total = 0
    squares = [total := total + x for x in xs]
    return squares, total
print(f([1, 2, 3]))
---
def f():
    return [y for x in range(3) if (y := x * 2) > 0], y
print(f())
---
m = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in m] for i in range(3)], [v for row in m for v in row if v % 2], {i: row for i, row in enumerate(m)}, sum([v for row in m for v in row]))
---
def f():
    x = 1
    def g():
        return [x + y for y in range(2)]
    return g()
print(f())
---
def f():
    fs = []
    for k in range(2):
        fs.append([lambda: (k, i) for i in range(2)])
    return [g() for gs in fs for g in gs]
print(f())
---
print([c for c in 'hello' if c not in 'aeiou'], ''.join([c.upper() if i % 2 else c for i, c in enumerate('hello')]), [w[::-1] for w in 'ab cd'.split()])
---
print([i for i in range(3) for i in range(i)], [x for x in [[1], [2]] for x in x])
---
print([x.strip() for x in ' a , b '.split(',')], [int(d) for d in str(12345)], sum(int(d) ** 2 for d in '123'), [ord(c) - 96 for c in 'abc'])
---
print({w: len(w) for w in ['a', 'bb']}, {len(w): w for w in ['a', 'bb', 'cc']}, dict([(i, i * i) for i in range(3)]), {k.upper(): v for k, v in dict(a=1).items() if v})
---
[undefined for x in [1]]
---
[x for x in 5]
---
[x for x in range(3)]
print(x)
---
print([x for x in range(3)][-1], len([0 for _ in range(5)]), [_ for _ in 'ab'], [*[x for x in 'a'], *(x for x in 'b')])
---
d = {'a': [1, 2], 'b': [3]}
print([(k, v) for k, vs in d.items() for v in vs], {v: k for k, vs in d.items() for v in vs})
---
a = [1, 2, 3]
print([a[i] + a[i + 1] for i in range(len(a) - 1)], [x for i, x in enumerate(a) if i not in (1,)], [b for b in a if not any(b % d == 0 for d in range(2, b))])
---
n = 4
print([[1 if i == j else 0 for j in range(n)] for i in range(n)])
print(all(all(isinstance(c, int) for c in r) for r in [[1], [2]]))
---
print([(x, y) for x in range(4) for y in range(x, 4) if x + y == 3], [f'{a}{b}' for a in 'ab' for b in '12'])
---
def f(*args, **kw):
    return [a for a in args if a] + [k for k in kw if kw[k]]
print(f(0, 1, '', 'x', p=1, q=0))
---
g = [(lambda: (yield x)) for x in range(2)]
print([next(f()) for f in g])
---
def outer(n):
    return {i: [lambda j=j: i * j + n for j in range(2)] for i in range(2)}
o = outer(10)
print([[f() for f in fs] for fs in o.values()])
---
print([x for x in (lambda: [1, 2])()], [y for y in (z * 2 for z in range(3))], [k for k in {'a': 1}], [v for v in (1, 2)][0])
---
try:
    [1 / x for x in (1, 0)]
except ZeroDivisionError as e:
    print('in comprehension', e)
---
words = ['the', 'cat', 'sat', 'the', 'mat']
print({w: words.count(w) for w in sorted(set(words))}, [w for w in words if words.count(w) > 1], sorted({w[0] for w in words}))
