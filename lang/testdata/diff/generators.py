def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
print(list(count(3)), sum(count(5)), [x * 2 for x in count(3)], max(count(4)), tuple(count(2)), 2 in count(5), 9 in count(5), sorted(count(3), reverse=True))
---
def g():
    x = yield 1
    print('got', x)
    y = yield 2
    print('got', y)
    return 'end'
i = g()
print(next(i), i.send('a'))
try:
    i.send('b')
except StopIteration as e:
    print('value', e.value)
---
def g():
    yield 1
i = g()
next(i)
next(i)
---
def g():
    yield 1
g().send(5)
---
def inner():
    yield 1
    yield 2
    return 'r'
def outer():
    r = yield from inner()
    print('inner returned', r)
    yield from [3, 4]
    yield from 'ab'
print(list(outer()))
---
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
def take(n, it):
    for _, x in zip(range(n), it):
        yield x
print(list(take(10, fib())))
for x in fib():
    if x > 50:
        break
print(x)
---
g = (x * x for x in range(4))
print(next(g), list(g), list(g))
print(sum(x for x in range(10) if x % 2), max(len(w) for w in ['a', 'bcd']), ','.join(str(x) for x in range(3)), any(x > 2 for x in range(5)), dict((k, v) for k, v in [('a', 1)]), set(c for c in 'aab') == {'a', 'b'})
---
g = (print('lazy', x) or x for x in [1, 2])
print('made')
print(next(g))
---
n = 10
g = (x + n for x in range(2))
n = 20
print(list(g))
---
def g():
    try:
        yield 1
        yield 2
    finally:
        print('cleanup')
i = g()
print(next(i))
i.close()
print('after close')
next(i)
---
def g():
    while True:
        try:
            x = yield
            print('x', x)
        except ValueError as e:
            print('err', e)
i = g()
next(i)
i.send(1)
i.throw(ValueError('v'))
i.send(2)
i.close()
---
def g():
    yield 1
    raise ValueError('inside')
i = g()
print(next(i))
next(i)
---
def g():
    raise StopIteration('x')
    yield
next(g())
---
def g():
    return 5
    yield
print(list(g()))
try:
    next(g())
except StopIteration as e:
    print(e.value, e.args)
---
def walk(t):
    if t:
        l, v, r = t
        yield from walk(l)
        yield v
        yield from walk(r)
print(list(walk(((None, 1, None), 2, ((None, 3, None), 4, None)))))
---
def averager():
    total = n = 0
    avg = None
    while True:
        x = yield avg
        total += x
        n += 1
        avg = total / n
a = averager()
next(a)
print(a.send(10), a.send(20), a.send(60))
---
def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1
p = primes()
print([next(p) for _ in range(10)])
---
def chunk(it, n):
    buf = []
    for x in it:
        buf.append(x)
        if len(buf) == n:
            yield buf
            buf = []
    if buf:
        yield buf
print(list(chunk(range(7), 3)))
---
pipeline = (x + 1 for x in (y * 2 for y in range(5) if y != 2) if x > 1)
print(list(pipeline))
---
def g():
    for i in range(3):
        yield i
a = g()
b = a
print(next(a), next(b), list(a), a is iter(a))
---
def zip_longest(*its, fill=None):
    its = [iter(i) for i in its]
    while True:
        out, alive = [], False
        for i in its:
            try:
                out.append(next(i))
                alive = True
            except StopIteration:
                out.append(fill)
        if not alive:
            return
        yield tuple(out)
print(list(zip_longest('ab', [1, 2, 3], fill='-')))
---
def g():
    yield
    x = yield 5
    print(x)
i = g()
print(next(i), next(i), next(i, 'end'))
---
a, b, *c = (x for x in range(5))
print(a, b, c, *(x for x in 'ab'))
print([*(x for x in 'xy')], {**dict((k, 1) for k in 'a')})
---
def g():
    print('start')
    yield 1
    print('end')
for x in g():
    print('loop', x)
---
def outer():
    x = []
    def gen():
        for i in range(2):
            x.append(i)
            yield i
    return list(gen()), x
print(outer())
---
def running(xs):
    t = 0
    for x in xs:
        t += x
        yield t
print(list(running([1, 2, 3])), list(enumerate(running([5]))), list(zip(running([1, 1]), 'ab')), list(map(str, running([1, 2]))), list(filter(None, running([0, 1]))))
---
def dec(n):
    while n:
        yield n
        n -= 1
print(list(reversed(list(dec(3)))), sorted(dec(3)), dict(zip('abc', dec(3))), min(dec(3)), ' '.join(map(str, dec(3))), [a + b for a, b in zip(dec(2), dec(2))])
---
i = iter([1, 2, 3, 4])
print([(a, b) for a, b in zip(i, i)], list(i))
it = iter(range(5))
for x in it:
    if x == 1: print(next(it))
    print('x', x)
---
def sub():
    try:
        yield 1
    except ValueError:
        yield 'caught in sub'
def main():
    yield from sub()
    yield 'after'
m = main()
print(next(m), m.throw(ValueError), next(m))
---
def dfs(g, n, seen=None):
    seen = seen or set()
    if n in seen:
        return
    seen.add(n)
    yield n
    for m in g.get(n, ()):
        yield from dfs(g, m, seen)
print(list(dfs({1: [2, 3], 2: [4], 3: [4]}, 1)))
---
len(x for x in [1])
---
(x for x in [1])[0]
---
def g(): yield 1
g().foo
---
g = (1 / x for x in [1, 0])
print(next(g))
next(g)
---
(x for x in 5)
---
print(next((x for x in [1, 5, 8] if x > 3), None), next((x for x in [] if x), 'none'))
---
def g(n):
    if n > 0:
        yield n
        yield from g(n - 1)
print(list(g(30))[::10])
---
gs = [(i * j for j in range(3)) for i in range(3)]
print([list(g) for g in gs])
---
def interleave(*its):
    its = list(map(iter, its))
    while its:
        for it in its[:]:
            try:
                yield next(it)
            except StopIteration:
                its.remove(it)
print(''.join(interleave('ace', 'bd', 'XYZW')))
---
def g():
    got = []
    while len(got) < 3:
        got.append((yield len(got)))
    return got
it = g()
next(it)
try:
    for v in 'abc':
        print(it.send(v))
except StopIteration as stop:
    print(stop.value)
