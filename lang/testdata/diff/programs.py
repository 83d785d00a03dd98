accounts = {}
def deposit(name, amount):
    if amount <= 0:
        raise ValueError('amount must be positive')
    accounts[name] = accounts.get(name, 0) + amount
    return accounts[name]
def withdraw(name, amount):
    if accounts.get(name, 0) < amount:
        raise ValueError(f'insufficient funds: {accounts.get(name, 0)} < {amount}')
    accounts[name] -= amount
    return accounts[name]
print(deposit('ann', 100), withdraw('ann', 30), accounts)
withdraw('bob', 5)
---
def parse_csv(text):
    lines = [l.strip() for l in text.strip().split('\n')]
    header, *rows = [l.split(',') for l in lines]
    return [dict(zip(header, r)) for r in rows]
data = parse_csv('''
name,age
Ann,30
Bob,25
''')
print(data, sum(int(r['age']) for r in data) / len(data))
print(sorted(data, key=lambda r: int(r['age']))[0]['name'])
---
def tokenize(s):
    out, i = [], 0
    while i < len(s):
        c = s[i]
        if c.isspace():
            i += 1
        elif c.isdigit() or c == '.':
            j = i
            while j < len(s) and (s[j].isdigit() or s[j] == '.'):
                j += 1
            out.append(float(s[i:j]) if '.' in s[i:j] else int(s[i:j]))
            i = j
        elif c in '+-*/()':
            out.append(c)
            i += 1
        else:
            raise SyntaxError(f'unexpected {c!r} at {i}')
    return out
def expr(t):
    v = term(t)
    while t and t[0] in ('+', '-'):
        v = v + term(t) if t.pop(0) == '+' else v - term(t)
    return v
def term(t):
    v = factor(t)
    while t and t[0] in ('*', '/'):
        v = v * factor(t) if t.pop(0) == '*' else v / factor(t)
    return v
def factor(t):
    x = t.pop(0)
    if x == '(':
        v = expr(t)
        t.pop(0)
        return v
    if x == '-':
        return -factor(t)
    return x
for e in ['1 + 2 * 3', '(1 + 2) * 3', '10 / 4 - 1', '-2 * (3 - 5)', '2.5 * 4']:
    print(e, '=', expr(tokenize(e)))
tokenize('1 $ 2')
---
grid = ['#####', '#S..#', '#.#E#', '#...#', '#####']
start = next((r, c) for r, row in enumerate(grid) for c, ch in enumerate(row) if ch == 'S')
queue, seen = [(start, 0)], {start}
while queue:
    (r, c), d = queue.pop(0)
    if grid[r][c] == 'E':
        print('distance', d)
        break
    for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        p = (r + dr, c + dc)
        if grid[p[0]][p[1]] != '#' and p not in seen:
            seen.add(p)
            queue.append((p, d + 1))
---
def life(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    k = x + dx, y + dy
                    counts[k] = counts.get(k, 0) + 1
    return {k for k, n in counts.items() if n == 3 or n == 2 and k in cells}
g = {(1, 0), (1, 1), (1, 2)}
for _ in range(2):
    g = life(g)
    print(sorted(g))
---
def lcs(a, b):
    t = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            t[i + 1][j + 1] = t[i][j] + 1 if x == y else max(t[i][j + 1], t[i + 1][j])
    out, i, j = [], len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1]:
            out.append(a[i - 1]); i -= 1; j -= 1
        elif t[i - 1][j] >= t[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return ''.join(reversed(out))
print(lcs('AGGTAB', 'GXTXAYB'))
---
def dijkstra(g, s):
    dist = {s: 0}
    todo = {s}
    while todo:
        u = min(todo, key=lambda n: (dist[n], n))
        todo.remove(u)
        for v, w in g.get(u, {}).items():
            nd = dist[u] + w
            if nd < dist.get(v, float('inf')):
                dist[v] = nd
                todo.add(v)
    return dist
print(dijkstra({'a': {'b': 7, 'c': 3}, 'c': {'b': 1, 'd': 2}, 'b': {'d': 2}}, 'a'))
---
def edit(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        prev, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            prev, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, prev + (x != y))
    return row[-1]
print(edit('kitten', 'sitting'), edit('', 'abc'), edit('same', 'same'))
---
text = '''Alice was beginning to get very tired of sitting by her sister on the bank,
and of having nothing to do.'''
words = [w.strip('.,').lower() for w in text.split()]
freq = {}
for w in words:
    freq[w] = freq.get(w, 0) + 1
top = sorted(freq.items(), key=lambda p: (-p[1], p[0]))[:4]
width = max(len(w) for w, _ in top)
for w, n in top:
    print(f'{w:<{width}} {"#" * n} {n / len(words):.1%}')
---
def nqueens(n, row=0, cols=(), d1=(), d2=()):
    if row == n:
        return 1
    return sum(nqueens(n, row + 1, cols + (c,), d1 + (row - c,), d2 + (row + c,)) for c in range(n) if c not in cols and row - c not in d1 and row + c not in d2)
print([nqueens(n) for n in range(1, 7)])
---
inventory = [{'sku': 'a', 'qty': 5, 'tags': ['x', 'y']}, {'sku': 'b', 'qty': 0, 'tags': []}, {'sku': 'c', 'qty': 12, 'tags': ['y']}]
by_tag = {}
for item in inventory:
    for tag in item['tags'] or ['untagged']:
        by_tag.setdefault(tag, []).append(item['sku'])
print(by_tag)
print({i['sku']: ('out' if not i['qty'] else 'low' if i['qty'] < 10 else 'ok') for i in inventory})
print(max(inventory, key=lambda i: i['qty'])['sku'], [i['sku'] for i in inventory if 'y' in i['tags']])
---
def rle(s):
    out = []
    for c in s:
        if out and out[-1][0] == c:
            out[-1][1] += 1
        else:
            out.append([c, 1])
    return ''.join(f'{c}{n}' if n > 1 else c for c, n in out)
def unrle(s):
    out, n = '', ''
    prev = None
    for c in s + '\0':
        if c.isdigit():
            n += c
        else:
            if prev is not None:
                out += prev * int(n or 1)
            prev, n = c, ''
    return out
print(rle('aaabccd'), unrle(rle('aaabccdddddddddddd')))
---
events = []
def on(name):
    def register(f):
        events.append((name, f))
        return f
    return register
on('start')(lambda: 'started')
on('stop')(lambda: 'stopped')
print([(n, f()) for n, f in events])
---
def validate(user):
    errors = []
    if not user.get('name', '').strip():
        errors.append('name is required')
    if not isinstance(user.get('age'), int) or isinstance(user.get('age'), bool):
        errors.append('age must be a number')
    elif not 0 <= user['age'] < 150:
        errors.append('age out of range')
    if '@' not in (user.get('email') or ''):
        errors.append('bad email')
    return errors or None
for u in ({'name': 'A', 'age': 5, 'email': 'a@b'}, {'name': ' ', 'age': True}, {'name': 'B', 'age': 200, 'email': None}):
    print(validate(u))
---
def matmul(a, b):
    return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]
def power(m, n):
    result = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    while n:
        if n & 1:
            result = matmul(result, m)
        m = matmul(m, m)
        n >>= 1
    return result
print(power([[1, 1], [1, 0]], 90)[0][1])
---
def collatz_max(limit):
    best, best_n = 0, 0
    cache = {1: 1}
    for n in range(1, limit):
        path, m = [], n
        while m not in cache:
            path.append(m)
            m = m // 2 if m % 2 == 0 else 3 * m + 1
        k = cache[m]
        for p in reversed(path):
            k += 1
            cache[p] = k
        if cache[n] > best:
            best, best_n = cache[n], n
    return best_n, best
print(collatz_max(1000))
---
def table(rows, headers):
    cols = list(zip(*([headers] + [tuple(map(str, r)) for r in rows])))
    widths = [max(map(len, c)) for c in cols]
    line = '+'.join('-' * (w + 2) for w in widths)
    fmt = lambda r: '|'.join(f' {str(v):<{w}} ' for v, w in zip(r, widths))
    return '\n'.join([fmt(headers), line] + [fmt(r) for r in rows])
print(table([(1, 'apple'), (20, 'fig')], ('id', 'name')))
---
def luhn(s):
    digits = [int(c) for c in s if c.isdigit()]
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(odd) + sum(sum(divmod(2 * d, 10)) for d in even)) % 10 == 0
print(luhn('4539 1488 0343 6467'), luhn('8273 1232 7352 0569'))
---
def topo(deps):
    order, state = [], {}
    def visit(n):
        if state.get(n) == 'done':
            return
        if state.get(n) == 'open':
            raise ValueError(f'cycle at {n}')
        state[n] = 'open'
        for m in sorted(deps.get(n, ())):
            visit(m)
        state[n] = 'done'
        order.append(n)
    for n in sorted(deps):
        visit(n)
    return order
print(topo({'app': ['db', 'log'], 'db': ['log'], 'log': []}))
topo({'a': ['b'], 'b': ['a']})
---
def render(template, **ctx):
    out = template
    for k, v in ctx.items():
        out = out.replace('{{' + k + '}}', str(v))
    return out
print(render('Hi {{name}}, you owe {{amount}}.', name='Ann', amount=12.5))
---
def base(n, b):
    digits = '0123456789abcdef'
    if n == 0:
        return '0'
    s, neg = '', n < 0
    n = abs(n)
    while n:
        n, r = divmod(n, b)
        s = digits[r] + s
    return '-' + s if neg else s
print(base(255, 16), base(-10, 2), base(0, 8), int(base(12345, 7), 7))
---
log = []
def traced(f):
    def wrapper(*args, **kw):
        log.append(f'{f.__name__}{args}{kw or ""}')
        try:
            r = f(*args, **kw)
        except Exception as e:
            log.append(f'  raised {type(e).__name__}: {e}')
            raise
        log.append(f'  -> {r!r}')
        return r
    return wrapper
def div(a, b): return a / b
div = traced(div)
print(div(1, 4))
try:
    div(1, b=0)
except ZeroDivisionError:
    pass
print('\n'.join(log))
---
def pascal(n):
    rows = [[1]]
    for _ in range(n - 1):
        r = rows[-1]
        rows.append([1] + [a + b for a, b in zip(r, r[1:])] + [1])
    return rows
for r in pascal(6):
    print(' '.join(f'{x:3}' for x in r).center(30).rstrip())
---
def anagrams(words):
    groups = {}
    for w in words:
        groups.setdefault(''.join(sorted(w)), []).append(w)
    return [g for g in groups.values() if len(g) > 1]
print(anagrams(['listen', 'silent', 'enlist', 'google', 'elgoog', 'abc']))
---
def diff(a, b, path=''):
    for k in sorted(set(a) | set(b)):
        p = f'{path}.{k}' if path else k
        if k not in b: yield f'- {p}'
        elif k not in a: yield f'+ {p}'
        elif isinstance(a[k], dict) and isinstance(b[k], dict): yield from diff(a[k], b[k], p)
        elif a[k] != b[k]: yield f'~ {p}: {a[k]!r} -> {b[k]!r}'
print(*diff({'a': 1, 'b': {'c': 2, 'd': 3}, 'e': 5}, {'a': 1, 'b': {'c': 9}, 'f': None}), sep='\n')
---
state, total = 'idle', 0
for event, *args in [('start',), ('add', 5), ('add', 7), ('bogus',), ('stop',)]:
    if state == 'idle' and event == 'start':
        state = 'running'
    elif state == 'running' and event == 'add':
        total += args[0]
    elif event == 'stop':
        state = 'idle'
    else:
        print('ignored', event)
print(state, total)
---
def compress_ranges(ns):
    out, ns = [], sorted(set(ns))
    i = 0
    while i < len(ns):
        j = i
        while j + 1 < len(ns) and ns[j + 1] == ns[j] + 1:
            j += 1
        out.append(str(ns[i]) if i == j else f'{ns[i]}-{ns[j]}')
        i = j + 1
    return ', '.join(out)
print(compress_ranges([1, 2, 3, 5, 7, 8, 10]))
---
seed = 42
def rand():
    nonlocal_seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return nonlocal_seed
print(rand(), rand() % 100)
---
def binary_tree_insert(t, v):
    if t is None:
        return {'v': v, 'l': None, 'r': None}
    side = 'l' if v < t['v'] else 'r'
    t[side] = binary_tree_insert(t[side], v)
    return t
def in_order(t):
    return in_order(t['l']) + [t['v']] + in_order(t['r']) if t else []
t = None
for v in [5, 2, 8, 1, 9, 3]:
    t = binary_tree_insert(t, v)
print(in_order(t), t['l']['v'], t['r']['l'])
