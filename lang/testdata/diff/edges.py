print = print
max = max(1, 2)
print(max)
---
list = [1, 2]
print(list)
---
def f():
    len = 5
    return len
print(f(), len([1]))
---
x = [1, 2, 3]
x[1:2] = x
print(x)
x[::-1] = x[:]
print(x)
---
a = [1, 2, 3, 4, 5]
a[1:4:2] = 'xy'
print(a)
del a[::-2]
print(a)
---
a = list(range(5))
a[3:1] = ['in']
print(a)
a[-2:] = []
print(a)
---
d = {'a': 1, 'b': 2}
for k, v in list(d.items()):
    d[v] = k
print(d)
---
d = dict.fromkeys(range(3), [])
d[0].append(1)
print(d)
---
l = [1, 2, 3]
for i, x in enumerate(l):
    l[i] = x * 10
print(l)
---
l = [1, 2, 3, 4]
for x in l:
    if x % 2 == 0:
        l.remove(x)
print(l)
---
s = {1, 2}
for x in s:
    s.add(x + 10)
---
d = {1: 1}
for k in d:
    del d[k]
    d[k + 1] = 1
---
print([[]] * 3 == [[], [], []], [None] * 2, [[1]] + [[2]], [1] + [1] * 2)
---
t = ([1],)
t[0] += [2]
---
print((1, 2, 3)[::-1], 'abc'[::-1][0], [1, 2, 3][-2:][0], (1,) * 3, ((1,),) + ((2,),))
---
print("a" "b" 'c' f"{1}" "d", 'it''s', "x" * 2 "y" if False else 'z') if False else print('ok')
---
print(int('0b11', 2), int('-0x1f', 16), int('０１２'), int(' \n12\t'), int('1_2_3'), int('0', 0), int('0o17', 0))
---
print(int('0b11', 10))
---
print(int('1__2'))
---
print(int(''))
---
print(int('12', 1))
---
print(int('9', 8))
---
print(int(1.5, 10))
---
print(int('5', base=8), int(x) if (x := '7') else 0)
---
print(float('1e5'), float('.5'), float('5.'), float('1E-3'), float('+2'))
---
print(float('1e'))
---
print(float('0x10'))
---
print(float([]))
---
print(str(1e16), str(123456789012345678), str(-0.0), str(1e-4), str(0.00001), str(1.0e-10), repr(1e15), 1e15 + 0.5)
---
print(2 ** 63, -2 ** 63, 2 ** 64 - 1, (2 ** 63) // -1, (-2 ** 63) // -1, -(-2 ** 63), abs(-2 ** 63), (2 ** 62) * 2, (2 ** 31) ** 2 + 2 ** 62)
---
print((-7) // 2, (-7) % 2, 7 // -2, 7 % -2, (-7) // -2, -7 % -2, (-1) >> 70, 1 << 0, 0 >> 5, -1 << 3)
---
print(round(0.5), round(1.5), round(-1.5), round(2.5, 0), round(1e16 + 1), round(12345.678, -2), round(5, 2), round(-0.5), round(0.15, 1), round(2.345, 2), round(1e-10, 5), round(123, -5))
---
print(round('a'))
---
print(round(1.5, 'a'))
---
print(round(float('inf')))
---
print(abs('a'))
---
print(divmod(5.5, 2), divmod(-5, 3), divmod(5, -3), divmod(2 ** 70, 3), divmod(True, 2))
---
print(sum([True, 2.5, 3]), sum([], []), sum([(1,), (2,)], ()), sum(x for x in ()), sum({1: 2, 3: 4}))
---
print(sum([1, 'a']))
---
print(sum(5))
---
print(min('b', 'a', key=ord), max((1, 'b'), (1, 'a')), min([], default=None), max({'a': 2, 'b': 1}), min({3, 1, 2}))
---
print(max(1, 'a'))
---
print(max(key=len))
---
print(min(5))
---
print(max([1], [2], default=3))
---
print(sorted([1.5, 1, True, 0]), sorted([(2, 'b'), (1, 'c'), (2, 'a')]), sorted({'b': 1, 'a': 2}.items(), key=lambda kv: kv[1]), sorted('hello', key=lambda c: (-'hello'.count(c), c)))
---
print(sorted([[2], [1, 5], [1]]), sorted(['10', '9', '1'], key=int), sorted([None, None]) if False else 'skip', sorted([], key=len))
---
print(sorted(5))
---
print(sorted([1], 5))
---
print(sorted([1], foo=5))
---
rows = [('x', 2), ('y', 1), ('z', 2), ('w', 1)]
rows.sort(key=lambda r: r[1])
print(rows)
rows.sort(key=lambda r: r[1], reverse=True)
print(rows)
---
print(list(range(3, 0)), list(range(0, -5, -2)), range(5) == range(0, 5, 1), range(0) == range(2, 1), range(10)[::3], range(10)[-3:], range(1, 10, 3)[-1], list(reversed(range(1, 8, 3))), range(10).index(4), range(10).count(11), 3.0 in range(5), 'a' in range(3))
---
range(10).index(50)
---
# differs: A range is bounded by 64 bits.
print(range(10 ** 20)[5], len(range(0, 10 ** 6, 7)), range(-3, 3)[0], bool(range(0)), bool(range(1)), max(range(5)), sum(range(10)), hash(range(3)) == hash(range(0, 3)))
---
e = enumerate('ab')
print(next(e), list(e), list(enumerate([], 5)), list(enumerate('x', start=-1)))
---
print(list(filter(str.isdigit, 'a1b2')), list(filter(lambda p: p[1], {'a': 0, 'b': 1}.items())), list(map(len, ['a', 'bb'])), list(map(int, '123')), list(map(abs, [-1, 1])))
---
m = map(lambda x: 1 / x, [1, 0])
print(next(m))
print(next(m))
---
print(any([]), all([[]]), any([0, '', None, 5]), all(x for x in [1, 2]), any(c.isdigit() for c in 'a1'), all('abc'))
---
any(5)
---
print(callable(print), callable(str), callable(lambda: 0), callable('x'), callable(None), callable(ValueError))
---
print(isinstance([], (list, tuple)), isinstance(None, type(None)), isinstance(1, float), isinstance(True, (str, int)), isinstance(ValueError(), Exception), isinstance({}.keys(), dict), issubclass(int, object) if False else 'x')
---
isinstance(1, 'int')
---
isinstance(1, (int, 'x'))
---
print(isinstance('x', (int, 'x')))
---
print(type(1), type('a'), type(None), type([]), type(ValueError), type(ValueError('x')), type(lambda: 0), type(range(1)), type(print), type(1.5), type({}.items()), type(x for x in []), type(type(1)), type(...))
---
print(type(5)('7'), type('a')(5), type([])('ab'), type(1.0)(3), type(True)(0), type({})(a=1))
---
print(str(type(5)), repr(int), f'{type([]).__name__}', str.__name__, int == type(3), type(3) in (int, str), {int: 'i', str: 's'}[type('x')])
---
print(getattr({'a': 1}, 'get')('a'), hasattr([], 'append'), hasattr([], 'push'), getattr([], 'push', None))
---
f = [1, 2].append
f(3)
g = 'a-b'.split
print(g('-'), ','.join(map(str.strip, [' a', 'b '])))
---
f = 'abc'.upper
print(f(), [m() for m in ('a'.upper, 'B'.lower)], dict.get({'a': 1}, 'a'), str.join('-', 'abc'))
---
up = str.upper
print(up('a'), str.split('a b'), int.bit_length(5), list.index([1, 2], 2))
str.upper(5)
---
print('a,b'.split(',', -1), 'a,b,c'.split(',', 0), 'abc'.split('bc'), 'aaa'.split('a'), '\t a \n b'.split(), 'a\x1cb'.split(), 'a\u3000b'.split())
---
print('Hello'.center(10, '-'), 'x'.ljust(0), 'tEST'.capitalize(), "they're bill's".title(), 'ab12cd'.title(), 'a\n'.rstrip('\n'), 'xyx'.strip('yx'), ''.join(reversed('abc')))
---
print('abc'.find('', 3), 'abc'.find('', 4), 'abc'.rfind(''), 'abcabc'.rfind('c', 0, -1), 'abc'.count('', 1), 'abcabc'.index('c', 3), 'abc'.find('c', -1), 'ab'.find('abc'))
---
print('a-b_c'.replace('-', '_').split('_'), 'aaaa'.replace('aa', 'b'), 'abc'.replace('', '.', 2), 'x'.replace('x', '', 0), 'banana'.replace('an', 'AN', -1))
---
print('abc' < 'abcd', 'B' < 'a', 'ä' < 'z', '10' < '9', '' == '', 'a' 'b' == 'ab', 'é' == 'e\u0301')
---
'abc' < 5
---
'a' in 5
---
5 in 'a'
---
'a' not in None
---
print('%05.1f|%+d|%x|%o|%e|%G|%c|%r|%s|%%|%-5s|%5s' % (3.14159, 5, 255, 8, 1234.5, 1e-10, 'z', 'q', None, 'l', 'r'))
---
print('%(a)s %(b)05d' % {'a': 1, 'b': 42}, '%s' % {'a': 1}, '%s %s' % ('a', ['b']), '%.2s' % 'abc', '%5.1s|' % 'abc', '%d' % 3.99, '%d' % True, '%s' % b'x', '%i' % -5)
---
print('%(x)s' % {'y': 1})
---
print('%d' % None)
---
print('%x' % 1.5)
---
print('%s %s' % (1,))
---
print('a' % 1)
---
print('%c' % 'ab')
---
print('{:5}|{:<5}|{:>5}|{:^5}|{:*^5}'.format(1, 2, 3, 4, 5), '{:5}|{:>5}'.format('a', 'b'), '{:+.2e}'.format(12345), '{:08.2f}'.format(-1.5), '{!r:>6}'.format('a'), '{:,.3f}'.format(1234567.89))
---
print('{0}{1}{0}'.format('a', 'b'), '{a.real}{b[0]}{c[k]}'.format(a=1, b='x', c={'k': 'v'}), '{:{}{}}'.format('x', '>', 3), '{{{}}}'.format(1), '{:}'.format(5), '{0!s}'.format(None))
---
print('{0}'.format())
---
print('{:s}'.format(5))
---
print('{x.y}'.format(x=1))
---
print('{0[5]}'.format([1]))
---
print('}'.format())
---
print('{!x}'.format(1))
---
print(f'{12345.6789:,.2f} {0.000001234:.3g} {1e21:,} {255:#06x} {-5:b} {3:08b} {1.5:>+8.2f} {0.5:.0%} {1234567:_}')
---
print(f'{"abc":>{5 + 1}} {3.14159:.{1 + 1}f} {42:{"x"}} {"a":{"*"}{"^"}{5}}')
---
print(f"{'a' if True else 'b'} {[x for x in range(2)]} {({'k': 1})['k']} {(lambda: 5)()} {1 + 1 = } {'x'!r} {'%d' % 5} {'{}'.format(6)}")
---
print(format(255, '#x'), format(1.5, '10.2f'), format('a', '^5'), format(True, 'd'), format(-5, '=+5d') if False else format(5, '+d'), format(10 ** 10, ','))
---
format('a', 'd')
---
format(1.5, 'd')
---
format([], 'x')
---
print(bytes([1, 2]) + b'c', b'abc'[1], b'abc'[:2], bytes('a', 'ascii'), list(b'ab'), b'a' < b'b', bytes(2), b''.join([b'x']), b'%d' % 5, b'a'.hex())
---
print(ascii('é"\''), repr('\u2028\ud7ff\ue000\x85'), repr('\\'), repr("'"), repr('"\''), '\x7f'.isprintable(), 'é'.isascii())
---
try:
    try:
        raise KeyError('a')
    except KeyError as e:
        raise ValueError('b') from e
except ValueError as e:
    print(type(e.__cause__).__name__, e.__cause__.args, e.__context__ is e.__cause__)
---
# differs: A generator that is dropped before its end is not closed: nothing counts references.
def f():
    for i in range(3):
        try:
            yield i
        finally:
            print('cleanup', i)
for x in f():
    if x == 1:
        break
print('done')
---
def f(n):
    try:
        if n: return 'body'
    except ValueError:
        return 'handler'
    else:
        return 'else'
    finally:
        print('finally')
print(f(0), f(1))
---
def f():
    try:
        try:
            return 1
        finally:
            print('a')
    finally:
        print('b')
print(f())
---
for i in range(5):
    try:
        if i == 1: continue
        if i == 3: break
        print('body', i)
    except ValueError:
        pass
    else:
        print('else', i)
    finally:
        print('fin', i)
---
try:
    raise ValueError('first')
except ValueError:
    try:
        raise TypeError('second')
    except TypeError as e:
        print(repr(e.__context__))
---
e = None
try:
    raise KeyError('x')
except KeyError as err:
    e = err
print(repr(e), e.args, str(e))
---
def f():
    raise
try:
    try:
        1 / 0
    except ZeroDivisionError:
        f()
except ZeroDivisionError as e:
    print('reraised', e)
---
try:
    raise (ValueError, 'x')
except TypeError as e:
    print(e)
---
try:
    raise ValueError, 'x'
except: pass
---
assert (1, 'x') == (1, 'x'), f'message {1 + 1}'
assert not [], [1]
assert 0 > 1, [1, 2]
---
a = [1, 2]
a.foo = 1
---
a = {}
a.b = 1
---
x = 'abc'
x.y.z = 1
---
1 + (lambda: 0)
---
[] * 1.5
---
'a' * None
---
[1, 2] + None
---
{'a': 1} + {'b': 2}
---
{1} - [1]
---
-[]
---
not_defined + 1
---
[][0]
---
()[0]
---
''[0]
---
{}['a']['b']
---
'abc'[1.5]
---
[1, 2, 3]['x':]
---
[1, 2, 3][None]
---
{1: 2}[[]]
---
(1, 2)['a']
---
b'a'['x']
---
range(3)['a']
---
[1].append(2).append(3)
---
'a'.join(5)
---
'a'.join(['b', 5])
---
'abc'.replace(1, 2)
---
'abc'.split(1)
---
'abc'.startswith(['a'])
---
'abc'.center('a')
---
'abc'.count()
---
[].index()
---
[].insert(1)
---
[].pop('a')
---
[].extend(5)
---
{}.update(5)
---
{}.update([1])
---
{}.update([(1,)])
---
set(5)
---
set([[1]])
---
{1}.update(5)
---
{1}.intersection(5)
---
dict([[1, 2], [3]])
---
dict(1, 2)
---
list(1, 2)
---
tuple(5)
---
str(1, 2)
---
len(None)
---
len(x for x in [])
---
reversed({1})
---
reversed(5)
---
iter(5)
---
next(5)
---
enumerate(5)
---
zip(5)
---
map(5)
---
map(len)
---
filter(None)
---
list(map(5, [1]))
---
chr('a')
---
chr(1.5)
---
ord('')
---
hex('a')
---
bin(None)
---
bool(1, 2)
---
float(1, 2)
---
abs(None)
---
pow(2)
---
pow('a', 2)
---
pow(2, 3, 0)
---
round()
---
divmod(1)
---
divmod('a', 1)
---
hash({})
---
hash({1})
---
hash(([],))
---
callable()
---
getattr(1)
---
getattr(1, 2)
---
hasattr(1, 2)
---
setattr(1, 'a', 2)
---
setattr([], 'a', 2)
---
isinstance(1, None)
---
issubclass(1, int)
---
slice()
---
print(slice(5), slice(1, 2, 3).start, slice(None).stop, [1, 2, 3][slice(-1, None)])
---
type()
---
print(*5)
---
print(**{'sep': '-', 'end': '!\n'}, *[1, 2])
---
print(1, 2, sep=None, end=None)
print('x', sep='', end='\n\n')
print('a\tb', 'c', sep='\t')
---
print('x', end=5)
---
print(None, True, ..., NotImplemented, sep='|')
---
a, b = {'x': 1, 'y': 2}
c, d = {1, 2} if False else (1, 2)
(e), [f] = 1, [2]
print(a, b, c, d, e, f)
---
a, (b, c) = 1, 2
---
a, b = None
---
a, b = 'abc'
---
[a, b], c = (1, 2, 3), 4
---
*a, = 'abc'
*b, c = [1]
d, *e = 'x'
print(a, b, c, d, e)
---
*a, *b = 1, 2
---
for a, b in [(1, 2), (3,)]:
    print(a, b)
---
for k, v in {'a': 1}:
    print(k, v)
---
for k, v in {'ab': 1}:
    print(k, v)
---
x = y = []
x += [1]
y = y + [2]
print(x, y, x is y)
---
x = 10
x -= 3; x *= 2; x //= 4; x **= 2; x %= 5; x <<= 3; x |= 1; x ^= 3; x &= 6; x >>= 1
print(x)
---
x = 5
x /= 2
x //= 1
print(x, type(x).__name__)
---
x @= 5
---
x = 1
x @= 5
---
i = 0
a = [0, 0]
i, a[i] = 1, 9
print(i, a)
---
def f(x): print('f', x); return x
a = [f(1), f(2)]
d = {f('k'): f('v')}
f(a)[f(0)] = f('value')
print(a, d, f(1) if f(0) else f(2), f(3) + f(4) * f(5), f(1) < f(2) and f(3))
---
def f(x): print(x, end=' '); return x
print(f(1) or f(2), f(0) or f(3), f(0) and f(4), [f(5), *[f(6)]], {**{f('a'): f(1)}})
---
def g(*a, **k): return a, k
print(g(1, *[2, 3], 4, *(5,), x=1, **{'y': 2}, z=3), g(*'ab', **dict(c=1)), g(**{}, *[]) if False else g())
---
def f(a, b=2, /, c=3, *d, e, f=6, **g): return a, b, c, d, e, f, g
print(f(1, e=5), f(1, 9, 8, 7, e=5, z=0), f(1, c=4, e=5, b=10))
f(1)
---
def f(a, b): pass
f(1, 2, 3, c=4)
---
def f(a, b, *, c): pass
f(1, 2, 3)
---
def f(a, *, b): pass
f(1, c=2)
---
def f(a, b, c, d): pass
f(d=1)
---
(lambda x: x)()
---
(lambda: 1)(2)
---
def outer():
    def inner(a): pass
    inner()
outer()
---
def f(*args): return len(args)
print(f(*range(5), *[1, 2]), f(*[]), f(*{1: 2}), f(*'abc'), f(*(x for x in range(3))))
---
def f(x=[]): x.append(len(x)); return x
f(); f()
print(f(), f([9]))
---
counter = {'n': 0}
def bump():
    counter['n'] += 1
    return counter['n']
print([bump() for _ in range(3)], counter)
---
def f():
    x = 1
    def g():
        def h():
            return x
        return h()
    x = 2
    return g()
print(f())
---
def f():
    def g():
        nonlocal x
        x = 'set in g'
    x = 'first'
    g()
    return x
print(f())
---
def f(n):
    def g(): return n
    n += 1
    return g
print(f(1)(), f(5)())
---
def make(): return [lambda x, i=i: x * i for i in range(4)]
print([f(2) for f in make()])
---
x = 'global'
def f():
    print(x)
    def g():
        x = 'local'
        return x
    return g(), x
print(f())
---
if False:
    unbound = 1
print('before')
print(unbound)
---
def f():
    if False:
        v = 1
    try:
        v
    except UnboundLocalError as e:
        return str(e)
print(f())
---
def f():
    try:
        pass
    finally:
        del q
    q = 1
f()
---
while True:
    break
else:
    print('no')
for x in (): pass
else: print('yes')
for x in [1, 2]:
    if x == 2: break
else: print('no')
print(x)
---
n = 3
while n:
    n -= 1
    if n == 1: continue
    print(n)
else:
    print('end', n)
---
print(1 if 2 if 0 else 3 else 4, (1 if 0 else 2) if 1 else 3, [1, 2][0 if 1 else 1], not 1 if 0 else 5)
---
print(1 == 1.0 == True, 1 is not None is not False, 1 < 2 == 2 > 1, 'a' < 'b' in ['b'], 3 in [1, 2, 3] == True)
---
print(not not 1, not 1 == 2, (not 1) == 0, -2 ** 2, (-2) ** 2, 2 ** -1, 2 ** 3 ** 2, -2 ** -2, ~-1, - -1, 5 - -5, 10 - 5 - 2, 2 * 3 % 4, 7 // 2 * 2, 1 + 2 << 1, 1 | 2 ^ 3 & 4)
---
print([1, 2, 3] > [1, 2], [1] == (1,), (1,) == (1.0,), {1} == frozenset([1]), 'a' == b'a', None == False, [] is None, 0 == '', {} == [])
---
print(5 .real, (5).numerator, 5.0.is_integer(), 1.5.as_integer_ratio(), True.real, (2.5).hex(), float.fromhex('0x1.4p+1'), (10).to_bytes(2, 'little'), (0).bit_length())
---
print(0x_ff, 0b1_0, 1_0e1_0, 0o7_7, 1e-0, 00, 0_0, .5e1, 5e-1)
---
print("""a
b""" 'c', '''x"y''', "x\
y", r'a\'b', '\N{BULLET}', '\u00e9\x41\101\0'.encode())
---
def gen():
    x = yield
    while x is not None:
        x = yield x * 2
g = gen()
next(g)
print(g.send(1), g.send(5))
try:
    g.send(None)
except StopIteration:
    print('stopped')
g.close()
---
def g():
    yield from range(2)
    yield from 'ab'
    yield from (x * 2 for x in [1])
    return 'r'
def h():
    print((yield from g()))
print(list(h()))
---
def g():
    try:
        yield 1
    except GeneratorExit:
        print('exit')
        raise
i = g()
next(i)
i.close()
i.close()
---
def g():
    yield 1
i = g()
print(i.send(None))
try:
    i.throw(KeyError('k'))
except KeyError as e:
    print('thrown', e)
print(list(i))
---
def g():
    yield next(iter([]))
list(g())
---
print(list(x for x in range(3) if x), [*map(str, range(2))], {*'ab'} == {'a', 'b'}, (*'ab',), [*[], *[1]], {**{'a': 1}, **{'a': 2}})
---
print([(x, y) for x in 'ab' for y in range(2) if y], [x for x in [y for y in [1, 2]]], {x: y for x, y in zip('ab', 'cd')}, [[x for x in range(n)] for n in range(3)])
---
print((x := 5) + x, [z := 1, z + 1], {(k := 'a'): k}, (lambda: (w := 3) + w)())
print(x, z, k)
---
matrix = [[1, 2], [3, 4]]
for row in matrix:
    for i in range(len(row)):
        row[i] **= 2
print(matrix, [*zip(*matrix)], sum(map(sum, matrix)), max(max(r) for r in matrix))
---
words = 'the rain in spain stays mainly'.split()
print({len(w): [v for v in words if len(v) == len(w)] for w in words}, sorted(words, key=lambda w: (len(w), w))[:3], ' '.join(w.capitalize() for w in words), max(words, key=len), [i for i, w in enumerate(words) if 'ain' in w])
---
text = 'Hello World'
print(''.join(c for c in text if c not in 'aeiou'), sum(c.isupper() for c in text), {c: text.count(c) for c in sorted(set(text)) if text.count(c) > 1}, text[::-1].swapcase(), [ord(c) for c in text[:3]])
---
d = {}
d.setdefault('a', []).append(1)
d['b'] = d.get('b', 0) + 1
d |= {'c': 3}
d2 = {**d, 'a': None}
print(d, d2, d.pop('b'), 'b' in d, list(d2)[::-1], dict(sorted(d2.items(), reverse=True)), [k for k in d2 if d2[k]])
---
nested = {'a': {'b': [1, {'c': 2}]}}
nested['a']['b'][1]['c'] += 5
nested['a']['x'] = nested['a'].pop('b')
print(nested, nested.get('q', {}).get('r'), len(nested['a']['x']))
---
print(str({'a': 'x', 1: None}), str([1.0, 'é', b'b', True]), str((1,)), str(()), str({1}), str(frozenset({1})), str({}), str(set()), str([[]]), str({'k': {'n': ()}}))
---
print({1, 2, 3} & {2, 3} | {9} - {1} ^ {9}, {1} <= {1}, {1} < {1}, {1, 2} > {1}, set('ab') >= set('a'), {1}.union({2}, [3]), {1, 2}.issubset([1, 2, 3]))
---
s = set()
s.add((1, 2)); s.add(frozenset([1])); s.add(None); s.add('a')
print(len(s), (1, 2) in s, None in s, frozenset({1}) in s)
s.discard('zz'); s.remove('a')
print(len(s))
s.remove('a')
---
sum()
---
sum(1, 2, 3)
---
any()
---
all(1, 2)
---
filter(1, 2, 3)
---
sorted()
---
sorted([1], 2, 3)
---
min()
---
max(key=5)
---
list().sort(1)
---
[].sort(foo=1)
---
enumerate()
---
zip(1)
---
reversed()
---
map()
---
print(sum([1], start=5), sum([1], 2))
---
def biggest(xs):
    return max(xs)
print(biggest([1, 3, 2]))
max = len
print(biggest([1, 3, 2]))
---
def f():
    return y
try:
    f()
except NameError as e:
    print(e)
y = 1
print(f())
---
def f():
    return [y for _ in range(1)] + list(y for _ in range(1))
try:
    f()
except NameError as e:
    print(e)
y = 1
print(f(), (lambda: y)())
---
sum = sum([1, 2])
def show():
    return sum
print(show())
---
def outer():
    def inner():
        return z
    try:
        inner()
    except NameError as e:
        print(e)
    z = 5
    return inner()
print(outer())
---
x = 1
def f():
    return x
del x
f()
