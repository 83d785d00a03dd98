# Programs for BenchmarkPrograms; python3 runs them too, for the ratio. n is the
# number of turns.

def calls(n):
    def f(a, b):
        return a
    for i in range(n):
        f(i, 1)
def kwcalls(n):
    def f(a, b=1, *, c=2):
        return a
    for i in range(n):
        f(i, c=3)
def append(n):
    xs = []
    for i in range(n):
        xs.append(i)
    return len(xs)
def index(n):
    xs = [0] * 100
    for i in range(n):
        xs[i % 100] = xs[(i + 1) % 100] + 1
def dict(n):
    d = {}
    for i in range(n):
        k = i % 1000
        d[k] = d.get(k, 0) + 1
    return len(d)
def words(n):
    text = 'the quick brown fox jumps over the lazy dog ' * (n // 10)
    counts = {}
    for w in text.split():
        if w in counts:
            counts[w] += 1
        else:
            counts[w] = 1
    return counts
def strjoin(n):
    return len(','.join([str(i) for i in range(n)]))
def fstring(n):
    s = 0
    for i in range(n):
        s += len(f'{i}:{i * 2}')
    return s
def compr(n):
    return sum([i * i for i in range(n) if i % 2 == 0])
def genexp(n):
    return sum(i * i for i in range(n))
def gen(n):
    def g():
        i = 0
        while i < n:
            yield i
            i += 1
    s = 0
    for x in g():
        s += x
    return s
def sort(n):
    xs = [(i * 7919) % 10007 for i in range(n)]
    xs.sort()
    return xs[0]
def sortkey(n):
    xs = [(i * 7919) % 10007 for i in range(n)]
    return sorted(xs, key=lambda x: -x)[0]
def catching(n):
    s = 0
    for i in range(n):
        try:
            s += i
        except ValueError:
            pass
    return s
def raising(n):
    s = 0
    for i in range(n):
        try:
            raise ValueError(i)
        except ValueError as e:
            s += 1
    return s
def closure(n):
    c = 0
    def inc():
        nonlocal c
        c += 1
    for i in range(n):
        inc()
    return c
def float(n):
    x = 0.0
    for i in range(n):
        x = x * 0.5 + i
    return x
def counting(n):
    i = 0
    while i < n:
        i += 1
    return i
def strmeth(n):
    s = 0
    for i in range(n):
        if 'hello world'.startswith('hello'):
            s += len('a b c'.split(' '))
    return s
def tuple(n):
    s = 0
    for i in range(n):
        a, b = (i, i + 1)
        for k, v in ((1, 2), (3, 4)):
            s += k
    return s
def items(n):
    d = {i: i for i in range(100)}
    s = 0
    for j in range(n // 100):
        for k, v in d.items():
            s += v
    return s
def concat(n):
    s = ''
    for i in range(n):
        s += 'x'
    return len(s)
def enum(n):
    s = 0
    xs = list(range(n))
    for i, x in enumerate(xs):
        s += i
    for a, b in zip(xs, xs):
        s += a
    return s
