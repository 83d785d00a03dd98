def add(a, b=2, *args, c=3, **kw):
    return a, b, args, c, kw
print(add(1), add(1, 5), add(1, 5, 6, 7), add(1, c=9), add(1, z=4), add(b=1, a=0), add(*[1, 2, 3], **{'c': 4, 'q': 5}))
---
def f(a, b): return a + b
f(1)
---
def f(a, b): return a + b
f()
---
def f(a, b, c): return a
f(1)
---
def f(a): return a
f(1, 2)
---
def f(a, b=1): return a
f(1, 2, 3)
---
def f(): pass
f(1)
---
def f(a): pass
f(b=1)
---
def f(a): pass
f(1, a=2)
---
def f(*, k): pass
f()
---
def f(*, k, j): pass
f()
---
def f(*, k): pass
f(1)
---
def f(a, /, b): return a, b
print(f(1, b=2), f(1, 2))
f(a=1, b=2)
---
def f(a, *, k=1): return a, k
print(f(1), f(1, k=2))
f(1, 2)
---
def f(**kw): return kw
print(f(a=1), f(**{'x y': 2}), f())
f(**{1: 2})
---
def f(a): pass
f(**{'a': 1}, **{'a': 2})
---
def f(*a): return a
print(f(*range(3), *'ab', 5))
f(*5)
---
def f(**k): pass
f(**5)
---
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []), f(4))
---
n = 5
def f(x=n): return x
n = 6
print(f(), n)
---
def outer():
    x = 1
    def inner():
        return x
    x = 2
    return inner
print(outer()())
---
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
c, d = counter(), counter()
print(c(), c(), c(5), d())
---
def make():
    v = []
    def push(x): v.append(x); return len(v)
    def get(): return list(v)
    return push, get
push, get = make()
push('a'); push('b')
print(get())
---
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
gs = [lambda i=i: i for i in range(3)]
print([g() for g in gs])
---
fs = []
for i in range(3):
    def f(): return i
    fs.append(f)
print([f() for f in fs])
---
compose = lambda f, g: lambda x: f(g(x))
inc = lambda x: x + 1
print(compose(inc, lambda x: x * 2)(5), (lambda *a, **k: (a, k))(1, x=2), (lambda a, b=2: a * b)(3))
---
def f(n):
    return 1 if n <= 1 else n * f(n - 1)
print(f(20), f(25))
---
def even(n): return True if n == 0 else odd(n - 1)
def odd(n): return False if n == 0 else even(n - 1)
print(even(50), odd(50))
---
def apply(f, *args, **kw): return f(*args, **kw)
print(apply(max, 1, 5, 3), apply(sorted, [2, 1], reverse=True), apply(lambda: 'none'), apply(str.upper, 'x'))
---
def memoize(f):
    cache = {}
    def wrapper(*args):
        if args not in cache:
            cache[args] = f(*args)
        return cache[args]
    return wrapper
def slow(n): return n * n
fast = memoize(slow)
print(fast(4), fast(4))
---
def f():
    return 1, 2
a, b = f()
print(a, b, f(), f()[1])
---
def f(x):
    """Doc."""
    if x: return
    return 'end'
print(f(1), f(0))
---
def f(a: int, b: str = 'x') -> str:
    c: float = 1.5
    return f'{a}{b}{c}'
print(f(1), f(2, 'y'))
---
def f():
    def g():
        def h():
            nonlocal x
            x += 1
            return x
        return h
    x = 10
    return g()(), x
print(f())
---
def curry(f, n, args=()):
    if n == 0:
        return f(*args)
    return lambda x: curry(f, n - 1, args + (x,))
print(curry(lambda a, b, c: a + b + c, 3)(1)(2)(3))
---
ops = {'+': lambda a, b: a + b, '-': lambda a, b: a - b, 'neg': lambda a: -a}
print(ops['+'](2, 3), ops['neg'](4))
---
def f(x): return x
print(f.__name__, (lambda: 0).__name__, len.__name__)
---
x = 10
def f():
    x = 20
    def g():
        return x
    return g()
print(f(), x)
---
def f():
    for i in range(3):
        pass
    return i
print(f())
---
def f():
    [x for x in range(3)]
    return x
x = 'outer'
print(f())
---
def f(a, b=lambda x: x * 2, *c, d=[1, 2], **e):
    return b(a), c, d, e
print(f(1), f(1, str, 2, d=3, e=4))
---
def deep(n):
    return n if n == 0 else deep(n - 1)
print(deep(300))
---
def f():
    try:
        return 'try'
    finally:
        print('finally')
print(f())
---
def f():
    for i in range(3):
        try:
            if i == 1: continue
            if i == 2: break
        finally:
            print('f', i)
    return 'done'
print(f())
---
def f():
    try:
        raise ValueError('x')
    except ValueError:
        return 'caught'
    finally:
        return 'finally wins'
print(f())
---
def f():
    while True:
        try:
            return 1
        finally:
            break
    return 2
print(f())
---
print(sorted([3, 1, 2], key=lambda x: -x), list(map(lambda x: x ** 2, range(4))), list(filter(lambda x: x % 2, range(6))), max('abc', key=lambda c: -ord(c)))
---
def partition(pred, xs):
    yes, no = [], []
    for x in xs:
        (yes if pred(x) else no).append(x)
    return yes, no
print(partition(lambda x: x > 2, [1, 2, 3, 4]))
---
def pipeline(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x
    return run
print(pipeline(str.strip, str.upper, lambda s: s + '!')('  hi '))
---
def f(a, b, c=3, *, d, e=5): return (a, b, c, d, e)
print(f(1, 2, d=4), f(1, b=2, d=4, c=0), f(*(1, 2), **{'d': 9}))
f(1, 2)
---
def f(x, /): return x
f(x=1)
---
f = lambda: (yield)
print(type(f()).__name__)
---
def f():
    x = 1
    del x
    return x
f()
---
def f():
    def g():
        return y
    if False:
        y = 1
    return g()
f()
---
def f(x):
    def g():
        nonlocal x
        x = x * 2
        return x
    return g
g = f(5)
print(g(), g())
---
print((lambda x, y=(1, 2): x + y[0])(3), (lambda *, k: k)(k=4))
---
len(1, 2)
---
len()
---
print(abs())
---
isinstance(1)
---
ord()
---
int(1, 2, 3)
---
sorted()
---
print(getattr('abc', 'upper')(), getattr('abc', 'nope', 'default'), hasattr('abc', 'lower'), hasattr(5, 'foo'))
---
getattr('abc', 'nope')
---
def accumulate(*, start=0):
    total = start
    def add(x):
        nonlocal total
        total += x
        return total
    return add
acc = accumulate(start=10)
acc(5)
print(acc(5))
---
def swap(a, b): return b, a
x, y = swap(1, 2)
print(x, y)
print(*swap(3, 4), sep='/')
---
def tree(depth):
    return None if depth == 0 else (tree(depth - 1), depth, tree(depth - 1))
def total(t):
    if t is None: return 0
    l, v, r = t
    return total(l) + v + total(r)
print(total(tree(6)))
---
def ackermann(m, n):
    if m == 0: return n + 1
    if n == 0: return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))
print(ackermann(2, 3))
