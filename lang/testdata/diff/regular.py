import re
print(re.findall(r'\d+', 'a1b22c333'), re.sub(r'\s+', ' ', 'a  b \n c'), re.split(r'[,;]', 'a,b;c'), bool(re.match(r'^\w+$', 'abc')), re.search(r'(\w+)@(\w+)', 'me@home').groups(), re.sub(r'(\w)(\d)', r'\2\1', 'a1 b2'))
---
import re
m = re.match(r'(?P<year>\d{4})-(?P<month>\d\d)', '2024-05-06')
print(m.group(), m.group(1), m.group('month'), m.groupdict(), m.start(), m.end(), m.span(1), m[2])
print(re.match('x', 'abc'), re.fullmatch(r'\d+', '12a'), [x.group() for x in re.finditer('a.', 'abacad')], re.sub('a', lambda m: m.group().upper(), 'banana'), re.compile('B', re.I).findall('abB'), re.escape('a.b'))
---
import re
text = 'Contact: ann@example.com, bob@test.org; phone 555-1234'
print(re.findall(r'[\w.]+@[\w.]+', text), re.findall(r'(\w+)@(\w+)', text), re.search(r'(?P<a>\d{3})-(\d{4})', text).groupdict(), re.sub(r'\d', '#', text), re.split(r'[:,;]\s*', text), re.subn('o', '0', text)[1])
---
import re
m = re.match(r'(\w+)\s(\w+)?(x)?', 'hello world')
print(m.groups(), m.groups('-'), m.group(0, 1), m.lastindex, m.start(2), m.string, m.re.pattern, m.pos, m.endpos, bool(m), m.expand(r'\2 \1'))
print(m)
---
import re
p = re.compile(r'^(\w+)=(.*)$', re.MULTILINE)
print(p.findall('a=1\nb=two\n'), dict(p.findall('x=1')), p.sub(r'\2:\1', 'k=v'), [m.span() for m in p.finditer('a=1\nb=2')], p.flags & re.M != 0, p.groups, re.findall('(?i)AB', 'abAB'), re.findall('a.c', 'a\nc abc', re.S))
---
import re
for pattern in ('(', '[', '*a', '(?P<1>a)', 'a{2,1}', '\\'):
    try:
        re.compile(pattern)
        print(pattern, 'compiles')
    except re.error as e:
        print(pattern, 'is refused')
---
import re
print(re.sub(r'(\w+)', lambda m: m.group(1)[::-1], 'abc def'), re.sub('a', r'\\', 'bab'), re.sub('(a)(b)?', r'[\1]', 'ab a'), re.escape('a+b*c?'), re.split('(,)', 'a,b'), re.split('x', 'axbxc', 1), re.fullmatch(r'[a-z]+', 'abc').end(), re.sub('', '-', 'ab'), re.findall('', 'ab'), re.split(r'\b', 'a b'))
---
import re
tokens = [(m.lastgroup, m.group()) for m in re.finditer(r'(?P<num>\d+)|(?P<op>[+*/-])|(?P<ws>\s+)', '12 + 3*4')]
print([t for t in tokens if t[0] != 'ws'])
