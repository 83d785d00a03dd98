a = [3, 1, 2]
a.append(5); a.insert(0, 9); a.extend([7, 8]); a += (6,)
print(a, a.pop(), a.pop(0), a, len(a))
---
a = [1, 2, 3, 2]
a.remove(2)
print(a, a.index(2), a.count(2), a.index(3, 1))
a.reverse(); print(a)
a.clear(); print(a)
---
[1].remove(5)
---
[].pop()
---
[1, 2].pop(5)
---
[1].index(2)
---
a = [1, 2, 3]
print(a[3])
---
a = [1]
a[1] = 2
---
[1]['a']
---
a = [5, 2, 9]
a.sort(); print(a)
a.sort(reverse=True); print(a)
b = ['bb', 'a', 'ccc']
b.sort(key=len); print(b)
b.sort(key=lambda s: -len(s)); print(b)
print(a.sort())
---
[1, 'a'].sort()
---
sorted([3, None])
---
a = list(range(10))
print(a[2:5], a[:3], a[7:], a[-3:], a[::2], a[::-1], a[8:2:-2], a[5:2], a[-100:100])
---
a = list(range(10))
a[2:5] = ['x']; print(a)
a[::3] = [0] * len(a[::3]); print(a)
a[1:1] = [7, 7]; print(a)
a[:] = []; print(a)
---
a = [1, 2, 3, 4]
a[::2] = [1]
---
a = list(range(10))
del a[0]; print(a)
del a[-1]; print(a)
del a[2:4]; print(a)
del a[::2]; print(a)
---
a = [1]
del a[5]
---
a = [1, 2]
b = a
b.append(3)
c = a[:]
c.append(4)
d = list(a)
print(a, b, c, d, a is b, a is c, a == d, a.copy() == a)
---
a = [[0] * 3] * 2
a[0][1] = 5
b = [[0] * 3 for _ in range(2)]
b[0][1] = 5
print(a, b)
---
print([1, 2] + [3], [0] * 3, 2 * [1, 2], [1] * 0, [1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0], [] < [1], [1, 2] != [2, 1], [1, [2, 3]] == [1, [2, 3]])
---
a, b, *c = [1, 2, 3, 4]
*d, e = 'xyz'
f, *g, h = range(6)
(i, j), k = [1, 2], 3
print(a, b, c, d, e, f, g, h, i, j, k)
---
a, b = 1, 2, 3
---
a, b = [1]
---
a, *b, c = [1]
---
a, b = 5
---
a = b = []
a.append(1)
print(b)
x, y = 1, 2
x, y = y, x
print(x, y)
i = 0
l = [0, 0]
i, l[i] = 1, 5
print(i, l)
---
t = (1, 2, 3)
print(t[0], t[1:], t + (4,), t * 2, len(t), 2 in t, t.index(2), t.count(1), (1,), (), tuple([1, 2]), tuple('ab'))
---
t = (1, 2)
t[0] = 5
---
t = (1, [2])
t[1].append(3)
print(t)
try:
    t[1] += [4]
except TypeError as e:
    print(e)
print(t)
---
print((1, 2) < (1, 3), (1, 2) == (1, 2), (1, 'a') < (2,), max([(1, 'b'), (1, 'c')]), sorted([(2, 'a'), (1, 'z'), (1, 'b')]))
---
print(list(map(str, [1, 2])), list(filter(None, [0, 1, '', 'a', [], [0]])), list(filter(lambda x: x > 1, [1, 2, 3])), list(zip([1, 2, 3], 'ab')), list(map(lambda a, b: a + b, [1, 2], [3, 4])))
---
print(list(zip(*[(1, 'a'), (2, 'b')])), list(zip()), list(zip([1])), dict(zip('ab', [1, 2])), list(zip([1, 2], [3, 4], strict=True)))
---
list(zip([1, 2], [3], strict=True))
---
print(list(range(5)), list(range(2, 8, 3)), list(range(5, 0, -2)), range(10)[3], range(10)[-1], range(10)[2:5], len(range(0, 10, 3)), 5 in range(10), 10 in range(10), range(3) == range(0, 3), range(0), repr(range(1, 5)), range(1, 10, 2))
---
range(1, 2, 0)
---
range(1.5)
---
range(5)[10]
---
print(any([0, 1]), all([1, 0]), any([]), all([]), any(x > 2 for x in [1, 2, 3]), all(isinstance(x, int) for x in [1, 2]))
---
print(sorted([3, 1, 2]), sorted('cab'), sorted({3: 'a', 1: 'b'}), sorted([1, 2, 3], reverse=True), sorted(['b', 'A', 'c'], key=str.lower), sorted([(1, 2), (0, 5)], key=lambda p: p[1]))
---
people = [('Ann', 30), ('Bob', 25), ('Cid', 30)]
print(sorted(people, key=lambda p: p[1]), sorted(people, key=lambda p: (-p[1], p[0])), min(people, key=lambda p: p[1]))
---
print(list(reversed([1, 2, 3])), list(reversed(range(3))), list(reversed('ab')), list(enumerate(['a', 'b'], start=1)))
---
for i, (a, b) in enumerate(zip('xy', [1, 2])):
    print(i, a, b)
---
m = [[1, 2, 3], [4, 5, 6]]
print([list(r) for r in zip(*m)], [x for r in m for x in r], [[r[i] for r in m] for i in range(3)], sum(map(sum, m)))
---
stack = []
for tok in '3 4 + 2 *'.split():
    if tok in '+-*':
        b, a = stack.pop(), stack.pop()
        stack.append({'+': a + b, '-': a - b, '*': a * b}[tok])
    else:
        stack.append(int(tok))
print(stack)
---
def bubble(a):
    a = a[:]
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a
print(bubble([5, 2, 9, 1]))
---
def flatten(x):
    out = []
    for i in x:
        if isinstance(i, list):
            out.extend(flatten(i))
        else:
            out.append(i)
    return out
print(flatten([1, [2, [3, [4]], 5]]))
---
def chunks(a, n):
    return [a[i:i + n] for i in range(0, len(a), n)]
print(chunks(list(range(7)), 3))
---
a = [1, 2, 3, 4, 5, 6]
print([x for x in a if x % 2 == 0], [x ** 2 if x > 3 else 0 for x in a], sum(x for x in a if x > 2), len([x for x in a if x > 4]))
---
a = [1, 2, 3]
for x in a:
    if x < 3:
        a.append(x + 10)
    if len(a) > 6:
        break
print(a)
---
a = []
a.append(a)
print(a, len(a))
---
print([1, 2, 3] is [1, 2, 3], () is (), [] == (), [] == False, not [])
---
print(list('ab') + list((1,)) + list({2}) + list({3: 4}), list(), list(b'ab'), [*'ab', *range(2)], (*[1], 2), [*{'a': 1}])
---
list(5)
---
[1, 2].foo()
---
[1].append()
---
[1].append(1, 2)
---
for x in 5:
    pass
---
for x in None:
    pass
---
print(len([1]), [].copy(), [3, 1].index(1))
---
a = [1, 2, 3, 4, 5]
a[1:3], a[0] = [9], 7
print(a)
a[len(a):] = [1, 2]
print(a)
a[-1:] = 'xy'
print(a)
---
a = [1, 2]
a[0:1] = 5
---
a = ['x'] * 3
a[1] = 'y'
print(a, ['a', 'b'] * 2, [[]] * 2, [None] * 2)
---
it = iter([1, 2, 3])
print(next(it), next(it), next(it), next(it, 'done'))
---
it = iter([])
next(it)
---
print([i for i in iter([1, 2])], list(iter('ab')), next(iter({5: 6})))
---
next([1])
---
print(sum(1 for _ in range(10)), [a for a, b in [(1, 2)]], {a: b for a, b in [(1, 2)]}, [(i, j) for i in range(2) for j in range(i + 1)])
---
matrix = [[1, 2], [3, 4]]
result = [[sum(a * b for a, b in zip(row, col)) for col in zip(*matrix)] for row in matrix]
print(result)
---
def binary_search(a, x):
    lo, hi = 0, len(a) - 1
    while lo <= hi:
        mid = (lo + hi) // 2
        if a[mid] == x:
            return mid
        if a[mid] < x:
            lo = mid + 1
        else:
            hi = mid - 1
    return -1
print(binary_search([1, 3, 5, 7, 9], 7), binary_search([1, 3], 4))
---
def quicksort(a):
    if len(a) <= 1:
        return a
    p, *rest = a
    return quicksort([x for x in rest if x < p]) + [p] + quicksort([x for x in rest if x >= p])
print(quicksort([3, 6, 1, 8, 2, 9, 2]))
---
def permutations(xs):
    if not xs:
        return [[]]
    return [[x] + p for i, x in enumerate(xs) for p in permutations(xs[:i] + xs[i + 1:])]
print(permutations([1, 2, 3]))
---
seen = set()
print([x for x in [3, 1, 3, 2, 1] if not (x in seen or seen.add(x))])
---
print(list(dict.fromkeys([3, 1, 3, 2])), slice(1, 2), slice(None, 5, 2), slice(1, 2) == slice(1, 2), slice(1, 10, 3).indices(5))
---
q = [1, 2, 3]
while q:
    x = q.pop(0)
    if x == 2:
        q += [20, 30]
    print(x, end=' ')
print()
---
print(max([1, 5, 3]), [1, 5, 3].index(max([1, 5, 3])), sorted(range(3), key=lambda i: [5, 1, 3][i]))
---
print([1, 2, 3][True], [1, 2, 3][-True], 'ab'[False], [0, 1][1 > 0])
---
[1, 2][1.0]
---
a = [1, 2, 3]
b = [*a, 4]
first, *_ = b
print(b, first, _, a[-1], a[~0], len(a[1:][:1]))
