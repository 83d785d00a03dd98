s = 'Hello, World'
print(s.upper(), s.lower(), s.swapcase(), s.title(), s.capitalize(), s.casefold())
print(len(s), s[0], s[-1], s[0:5], s[:5], s[7:], s[::-1], s[::2], s[-5:-1], s[100:], s[5:2])
---
print('abc'[3])
---
print('abc'['a'])
---
s = 'abc'
s[0] = 'x'
---
print('  pad  '.strip() + '|', '  pad  '.lstrip() + '|', '  pad  '.rstrip() + '|', 'xxhixx'.strip('x'), 'abcba'.strip('ab'), 'mississippi'.rstrip('ip'))
---
print('a,b,,c'.split(','), 'a b  c'.split(), ' a b '.split(' '), 'a,b,c'.split(',', 1), 'a,b,c'.rsplit(',', 1), ''.split(), ''.split(','))
---
print('a\nb\r\nc\n'.splitlines(), 'a\nb'.splitlines(True), 'one\n\ntwo'.splitlines())
---
print('abc'.split(''))
---
print(', '.join(['a', 'b', 'c']), ''.join([]), '-'.join('abc'), '+'.join(str(i) for i in range(4)))
---
print(', '.join([1, 2]))
---
print('hello'.find('l'), 'hello'.rfind('l'), 'hello'.find('z'), 'hello'.index('e'), 'hello'.count('l'), 'hello'.find('l', 3), 'aaa'.count('aa'), 'abc'.count(''))
---
print('hello'.index('z'))
---
print('hello'.replace('l', 'L'), 'hello'.replace('l', 'L', 1), 'aaa'.replace('', '-'), 'abc'.replace('d', 'x'))
---
print('hello'.startswith('he'), 'hello'.endswith(('x', 'lo')), 'hello'.startswith('l', 2), 'hello'.startswith(('a', 'h')), ''.startswith(''))
---
print('abc'.startswith(1))
---
print('abc'.isalpha(), 'ab1'.isalnum(), '123'.isdigit(), '12.3'.isdecimal(), ' \t'.isspace(), 'Abc'.istitle(), 'ABC'.isupper(), 'abc'.islower(), ''.isalpha(), 'a_b'.isidentifier(), 'é'.isalpha(), '²'.isdigit(), '½'.isnumeric())
---
print('x'.center(7, '*'), 'x'.ljust(4) + '|', 'x'.rjust(4) + '|', '42'.zfill(5), '-42'.zfill(6), 'abcdef'.center(3), 'ab'.center(5))
---
print('a-b-c'.partition('-'), 'a-b-c'.rpartition('-'), 'abc'.partition('x'), 'abc'.rpartition('x'))
---
print('prefix_name'.removeprefix('prefix_'), 'name.txt'.removesuffix('.txt'), 'abc'.removeprefix('x'))
---
print('a\tb'.expandtabs(4), 'a\tbc\td'.expandtabs(), 'x'.encode(), 'é'.encode('utf-8'), b'abc'.decode())
---
print('hello'.translate(str.maketrans('el', 'ip')), 'abc'.translate({97: 'X', 98: None}), 'abc'.translate(str.maketrans('a', 'b', 'c')))
---
print('a' < 'b', 'abc' < 'abd', 'Z' < 'a', 'a' < 'aa', 'é' > 'z', '' < 'a', 'a' == 'a', 'a' != 'b')
---
print('ell' in 'hello', 'z' not in 'hello', '' in 'abc')
---
print(1 in 'abc')
---
print('ab' * 3, 3 * 'ab', 'ab' * 0, 'ab' * -1, 'a' 'b' "c")
---
print(repr('it\'s'), repr("say \"hi\""), repr('both \' and "'), repr('tab\tnl\n\\'), repr('\x00\x1f\x7f'), repr('é☃😀'), repr('\u200b\xa0'))
---
print(str([1, 'a', None, 2.5, True, ('x',), {'k': [1]}, set(), frozenset([1])]))
---
print(ord('a'), chr(97), ord('€'), chr(8364), chr(128512), ascii('é'), ascii('😀\n'))
---
print(ord('ab'))
---
print(chr(-1))
---
print(chr(1114112))
---
print(ord(5))
---
for c in 'héllo':
    print(c, end=' ')
print()
print(list('abc'), tuple('abc'), sorted('banana'), sorted(set('banana')), list(reversed('abc')), list(enumerate('ab')))
---
print('line1\nline2', 'tab\there', 'quote\'s', "double\"s", 'back\\slash', r'raw\n', '\x41\u0042\U00000043', '\101')
---
print('''triple
quoted
  string''')
---
print("""a "quoted" text""", 'con' 'cat')
---
text = 'the quick brown fox jumps over the lazy dog the end'
counts = {}
for w in text.split():
    counts[w] = counts.get(w, 0) + 1
for w in sorted(counts, key=lambda w: (-counts[w], w))[:3]:
    print(w, counts[w])
---
def is_palindrome(s):
    s = ''.join(c.lower() for c in s if c.isalnum())
    return s == s[::-1]
print(is_palindrome('A man, a plan, a canal: Panama'), is_palindrome('hello'))
---
def caesar(text, k):
    out = []
    for c in text:
        if c.isalpha():
            base = ord('A') if c.isupper() else ord('a')
            out.append(chr((ord(c) - base + k) % 26 + base))
        else:
            out.append(c)
    return ''.join(out)
print(caesar('Hello, World!', 3), caesar(caesar('Hello, World!', 3), -3))
---
print('Title Case Of They\'re'.title(), 'hELLO wORLD'.capitalize(), 'ß'.upper(), 'ǆ'.title(), 'İ'.lower() == 'i̇')
---
b = b'hello'
print(b, b[0], b[1:3], len(b), b + b' world', b * 2, list(b), b.upper(), b == b'hello', b'l' in b, 104 in b)
---
print(b'a\x00\xff\n\'"', bytes([65, 66]), bytes(3), bytes('é', 'utf-8'), b'\xc3\xa9'.decode('utf-8'), b'abc'.hex(), bytes.fromhex('616263'))
---
print(b'abc'.split(b'b'), b','.join([b'a', b'b']), b'abc'.find(b'c'), b'abc'.replace(b'a', b'x'), b' x '.strip(), b'abc'.startswith(b'a'))
---
print(b'a' + 'a')
---
print('a' + b'a')
---
print(b'\xff'.decode('utf-8'))
---
print('é'.encode('ascii'))
---
print('é'.encode('ascii', 'ignore'), 'é'.encode('ascii', 'replace'), b'a\xffb'.decode('utf-8', 'replace'), 'é'.encode('latin-1'))
---
print(bytes([256]))
---
print('abc'.foo)
---
print('abc'.upper(1))
---
print('abc'.replace('a'))
---
print(len(5))
---
print(str(5) + str(None) + str(True) + str(1.5) + str([]) + str('x'), str(), str(b'a'))
---
print(str(b'abc', 'utf-8'), str(object=5))
---
print('%s is %d years and %.2f%%' % ('Bob', 42, 99.5), '%5d|%-5d|%05d' % (42, 42, 42), '%x %X %o %e %g' % (255, 255, 8, 12345.678, 0.00001))
---
print('%r %s' % ('a', 'a'), '%c%c' % ('a', 98), '%(name)s=%(v)d' % {'name': 'x', 'v': 1}, '%%' % (), '%+d % d' % (5, 5), '%10.3s|' % 'abcdef', '%*d' % (5, 42))
---
print('%s' % (1, 2))
---
print('%d' % 'a')
---
print('%s %s' % 'a')
---
print('%s' % [1, 2], '%s' % {'a': 1}, '%s' % None, '%s' % (('a', 1),), '%i' % 3.9, '%.3g' % 1234.5, '%#x' % 255, '%s' % 1.0)
---
print('%q' % 1)
---
print('abc' 'def'[1:], ('abc' 'def')[1:])
---
print('a b c'.split(maxsplit=1), 'a,b'.split(sep=','), 'x'.join(('1', '2')), 'A'.lower().upper().lower())
---
print('abc'.join('123'), '\n'.join(f'{i}: {c}' for i, c in enumerate('xy', 1)))
---
words = ['apple', 'Banana', 'cherry']
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len, reverse=True), max(words, key=len), [w.upper() for w in words], list(map(str.title, words)))
---
s = 'abcdefghij'
print(s[2:8:2], s[8:2:-2], s[::-3], s[-3:], s[:-3], s[-100:3], s[slice(1, 4)])
---
print('abc'[::0])
---
print('z' > 'a' > 'A', 'a' <= 'a', sorted(['b', 'a', 'C'], reverse=True))
---
snake = 'some_variable_name'
parts = snake.split('_')
print(parts[0] + ''.join(p.capitalize() for p in parts[1:]))
camel = 'someVariableName'
print(''.join('_' + c.lower() if c.isupper() else c for c in camel))
---
print('{}'.format('a'), '{0} {1} {0}'.format('a', 'b'), '{x} {y}'.format(x=1, y=2), '{:>5}|{:<5}|{:^5}'.format('a', 'b', 'c'), '{0[1]} {1[k]}'.format([1, 2], {'k': 'v'}))
---
print('{:,}'.format(1234567), '{:.2f}'.format(3.14159), '{:05d}'.format(42), '{:x}'.format(255), '{:#b}'.format(5), '{:%}'.format(0.25), '{:e}'.format(12345.678), '{{}}'.format(), '{!r}'.format('a'), '{:{w}}|'.format('a', w=4))
---
print('{} {}'.format(1))
---
print('{a}'.format(b=1))
---
print('{'.format(1))
---
print('{0} {}'.format(1, 2))
---
print('{:d}'.format('a'))
---
print('{:z}'.format(5))
---
print(f'{"a":>3}', 'héé'.upper(), len('😀'), '😀'[0], '😀a'[1], 'ab😀cd'[2:4], 'naïve'.find('v'))
---
print('a,b;c d'.replace(';', ',').replace(' ', ',').split(','))
---
print('abc'.zfill(2), '+5'.zfill(4), ''.zfill(3), 'ab'.ljust(5, '.'), 'ab'.rjust(5, '.'))
---
print('x'.center(5, 'ab'))
---
print('aXbXc'.split('X', 0), 'aXbXc'.rsplit('X'), ' a  b '.rsplit(None, 1), ' a  b '.split(None, 1))
---
print(repr(''), repr('a' * 3), str('a'), repr(repr('a')), [''], ["'"], ['"'], ['\\'])
