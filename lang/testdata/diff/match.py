def f(x):
    match x:
        case 0:
            return 'zero'
        case 1 | 2 | 3:
            return 'small'
        case -1:
            return 'minus'
        case 1.5:
            return 'float'
        case 'a' | "b":
            return 'letter'
        case None:
            return 'none'
        case True:
            return 'true'
        case _:
            return 'other'
print([f(v) for v in (0, 2, -1, 1.5, 'b', None, True, False, [], 1.0)])
---
def f(x):
    match x:
        case []:
            return 'empty'
        case [a]:
            return f'one {a}'
        case [a, b]:
            return f'two {a} {b}'
        case [first, *rest]:
            return f'{first} and {rest}'
print(f([]), f([1]), f((1, 2)), f([1, 2, 3]), f('ab'), f(range(4)), f({1}))
---
def f(x):
    match x:
        case [1, [2, y], *_]: return y
        case (a, (b, c)): return a + b + c
        case [*init, last] if last == 'end': return init
        case [_, _, *_]: return 'two or more'
        case _: return None
print(f([1, [2, 3], 4]), f((1, (2, 3))), f([1, 2, 'end']), f([5, 6]), f([5]), f(7))
---
def f(x):
    match x:
        case {'type': 'circle', 'r': r}:
            return 3 * r * r
        case {'type': 'rect', 'w': w, 'h': h}:
            return w * h
        case {'type': t, **rest}:
            return t, rest
        case {}:
            return 'mapping'
        case _:
            return 'no'
print(f({'type': 'circle', 'r': 2}), f({'type': 'rect', 'w': 2, 'h': 3, 'x': 1}), f({'type': 'z', 'q': 1}), f({}), f({'a': 1}), f(5))
---
def f(x):
    match x:
        case int(): return 'int'
        case str(s): return f'str {s}'
        case float(v) if v > 1: return 'big float'
        case float(): return 'float'
        case list() | tuple(): return 'seq'
        case dict(): return 'dict'
        case bool(): return 'never'
        case _: return type(x).__name__
print([f(v) for v in (1, 'a', 2.5, 0.5, [1], (1,), {}, True, None, b'x')])
---
match 5:
    case n if n > 10:
        print('big')
    case n if n > 3:
        print('medium', n)
print(n)
---
match [1, 2]:
    case [a, b] as whole:
        print(a, b, whole)
match {'k': [1, {'z': 2}]}:
    case {'k': [x, {'z': y}]}:
        print(x, y)
---
match 3:
    case 1: print('one')
    case 2: print('two')
print('no match is fine')
---
def cmd(line):
    match line.split():
        case ['go', ('north' | 'south') as d]:
            return f'going {d}'
        case ['take', item, *more]:
            return f'taking {item} {more}'
        case ['quit' | 'exit']:
            return 'bye'
        case [verb]:
            return f'{verb}?'
        case []:
            return 'nothing'
        case _:
            return 'huh'
print(cmd('go north'), cmd('take axe rope'), cmd('exit'), cmd('jump'), cmd(''), cmd('go west'))
---
match (1, 'x'):
    case (int(n), str(s)):
        print(n, s)
match 'abc':
    case 'a' 'bc':
        print('joined')
match b'x':
    case b'x':
        print('bytes')
---
match 1, 2:
    case 1, x:
        print(x)
match [1, 2, 3]:
    case 1, *rest:
        print(rest)
match (4):
    case (4):
        print('group')
---
match 'x':
    case str(a, b):
        pass
---
match 5:
    case int(real=5):
        print('attr')
match = 3
case = match + 1
print(match, case)
---
def fact(n):
    match n:
        case 0 | 1: return 1
        case _: return n * fact(n - 1)
print(fact(10))
---
def evaluate(e):
    match e:
        case int() | float(): return e
        case ('+', a, b): return evaluate(a) + evaluate(b)
        case ('*', a, b): return evaluate(a) * evaluate(b)
        case ('-', a): return -evaluate(a)
        case [op, *_]: raise ValueError(f'bad op {op!r}')
print(evaluate(('+', 1, ('*', 2, ('-', 3)))))
evaluate(('/', 1, 2))
---
for p in [(0, 0), (0, 5), (3, 0), (2, 2), (1, 2)]:
    match p:
        case (0, 0): print('origin')
        case (0, y): print('y', y)
        case (x, 0): print('x', x)
        case (x, y) if x == y: print('diagonal', x)
        case (x, y): print(x, y)
---
x = 5
match x:
    case y:
        print(y)
match x:
    case 5 if False:
        print('no')
    case _:
        print('wild')
