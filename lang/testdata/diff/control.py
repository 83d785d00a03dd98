for i in range(5):
    if i == 1:
        continue
    if i == 3:
        break
    print(i)
else:
    print('never')
---
for i in []:
    pass
else:
    print('else ran')
print('done')
---
n = 0
while n < 3:
    n += 1
else:
    print('while else', n)
while True:
    n -= 1
    if n == 0:
        break
else:
    print('not this')
print(n)
---
x = 7
if x < 5:
    print('small')
elif x < 10:
    print('medium')
else:
    print('large')
print('a' if x > 5 else 'b', 'even' if x % 2 == 0 else 'odd' if x > 0 else 'neg')
---
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1 != 2, 3 > 2 >= 2, 1 < 2 > 1, not 1 < 2 < 3)
---
def f(x):
    print('f', x)
    return x
print(f(1) < f(2) < f(0) < f(9))
---
print(1 and 2, 0 and 2, 1 or 2, 0 or '' or 'c', not 1, not '', None or [], 1 and 0 or 3, not (1 and 0))
---
def t(x):
    print('t', x); return True
def f(x):
    print('f', x); return False
print(t(1) and f(2) and t(3), f(4) or t(5) or f(6))
---
if (n := len('hello')) > 3:
    print(n)
print([y := 5, y ** 2], (z := 3) + z)
data = [1, 2, 3, 4]
print([sq for x in data if (sq := x * x) > 4], sq)
while (line := data.pop()) > 1:
    print(line, end=' ')
print()
---
x = None
print(x is None, x is not None, x == None, None is None, [] is not [], 1 is not None)
---
for i in range(3):
    for j in range(3):
        if j == 2:
            break
        if i == 1:
            continue
        print(i, j)
---
for i in range(3):
    pass
print(i)
---
def find(xs, x):
    for i, y in enumerate(xs):
        if y == x:
            break
    else:
        return -1
    return i
print(find('abc', 'c'), find('abc', 'z'))
---
x = 1
x, x = 2, 3
print(x)
a = b = c = 0
a += 1
print(a, b, c)
---
def fizz(n):
    return 'FizzBuzz' if n % 15 == 0 else 'Fizz' if n % 3 == 0 else 'Buzz' if n % 5 == 0 else str(n)
print(' '.join(fizz(i) for i in range(1, 16)))
---
print(undefined_name)
---
def f():
    print(x)
    x = 1
f()
---
def f():
    del y
f()
---
x = 5
del x
print(x)
---
pass
...
"string statement"
5
None
print('ok'); print('two')
---
assert 1 == 1
assert True, 'no'
assert [], 'empty list'
---
assert 1 > 2
---
assert False, ('a', 1)
---
n = 27
steps = 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print(steps)
---
def sieve(n):
    p = [True] * (n + 1)
    p[0] = p[1] = False
    for i in range(2, int(n ** 0.5) + 1):
        if p[i]:
            for j in range(i * i, n + 1, i):
                p[j] = False
    return [i for i, x in enumerate(p) if x]
print(sieve(50))
---
def hanoi(n, a, b, c):
    if n == 0:
        return 0
    return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)
print(hanoi(8, 'A', 'B', 'C'))
---
total = 0
for x in (1, 'two', 3.0, None, [4]):
    if isinstance(x, (int, float)):
        total += x
    elif isinstance(x, str):
        total += len(x)
    elif x is None:
        continue
    else:
        total += x[0]
print(total)
---
rows = 4
for i in range(1, rows + 1):
    print(' ' * (rows - i) + '*' * (2 * i - 1))
---
x: int = 5
y: 'list[int]' = [1]
z: str
print(x, y)
---
print(z)
z: int
---
i = 10
while i:
    i -= 3
    if i < 0: break
print(i)
---
result = []
for a in range(1, 20):
    for b in range(a, 20):
        c = (a * a + b * b) ** 0.5
        if c == int(c) and c < 20:
            result.append((a, b, int(c)))
print(result)
---
print(1, 2, 3, sep='-', end='!\n')
print('a', 'b', sep='')
print()
print('x', end='')
print('y', None, True, sep=', ')
print(*[1, 2, 3])
print(*'abc', sep='|')
---
print(1, sep=5)
---
print('a', foo=1)
---
def f(): pass
print(f())
print((lambda: None)())
---
x = [1, 2, 3]
x[0] += 5; x[-1] *= 2
d = {'a': 1}
d['a'] **= 3; d['a'] -= 4
print(x, d)
---
i = 5
i =+ 3
i = -i
print(i, - -i, +-+i, not not i)
---
for i in range(10, 0, -3): print(i, end=',')
for c in 'ab': print(c)
for x, in [(1,), (2,)]: print(x)
for a, *b in [(1, 2, 3), (4,)]: print(a, b)
---
(a, b), c = (1, 2), 3
[d, [e, f]] = 4, [5, 6]
g, = [7]
print(a, b, c, d, e, f, g)
---
s = 'x'
s += 'y'
s *= 2
l = m = [1]
l += [2]
l = l + [3]
print(s, l, m)
---
if not []:
    if 0:
        pass
    elif '':
        pass
    else:
        print('nested else')
---
print([1, 2, 3] if [] else 'empty', (lambda x: x if x else 'none')(0))
print(0 or None or False, 1 and None and 2, '' in '', [] and 1, 5 in [5] in [[5]])
---
def leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
print([y for y in (1900, 2000, 2023, 2024) if leap(y)])
---
def to_roman(n):
    out = ''
    for v, s in [(1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'), (50, 'L'), (40, 'XL'), (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I')]:
        while n >= v:
            out += s
            n -= v
    return out
print(to_roman(1994), to_roman(2024))
---
print(len, type(len).__name__, print is print, type(print).__name__)
---
5()
---
'abc'()
---
None()
---
None.foo
---
(5).foo
---
x = 5
x.foo = 1
---
None[0]
---
5[0]
---
None[0] = 1
---
del 'abc'[0]
---
with 5:
    pass
---
with None as x:
    pass
