name, n, x = 'Ann', 42, 3.14159
print(f'{name} {n} {x}', f'{name!r} {n!s} {name!a}', f'{n:5d}|{n:<5}|{n:^5}|{n:>5}|{n:05}', f'{x:.2f} {x:8.3f} {x:<8.1f}|')
---
n = 1234567.891
print(f'{n:,}', f'{n:,.2f}', f'{n:_.1f}', f'{int(n):_}', f'{n:e}', f'{n:.3e}', f'{n:g}', f'{n:G}', f'{n:.10g}')
---
print(f'{255:x} {255:X} {255:#x} {255:b} {255:#010b} {255:o} {255:c} {255:n}')
---
print(f'{5:+} {-5:+} {5: } {5:-}', f'{0.5:%} {0.123:.1%}', f'{-7:=+5}', f'{-7:05}', f'{7:*^9}', f'{"a":*<4}', f'{"abc":.2}')
---
w, p = 10, 3
print(f'{3.14159:{w}.{p}f}|', f'{"x":>{w}}|', f'{1:{"0"}{4}}')
---
x = 5
print(f'{x=}', f'{x = }', f'{x+1=}', f'{x=:03}', f'{x=!s}', f'{"a"=}')
---
d = {'k': 'v', 'n': [1, 2]}
print(f"{d['k']} {d['n'][0]} {len(d)} {d}", f'{[i * 2 for i in range(3)]}', f'{(lambda a: a + 1)(2)}', f'{ {1: 2}[1] }', f'{{literal}} {{{5}}}')
---
print(f'{True} {None} {[1]} {(1,)} { {1} }', f'{1.0} {1e20} {1e-10}', f'{"nested " + f"{1 + 1}"}')
---
print(f'{1:d} {True:d} {1.0:.0f} {2.5:.0f} {3.5:.0f} {0.5:.0f} {1e10:.0f} {123456789:,d}')
---
print(f'{1.5:d}')
---
print(f'{"a":d}')
---
print(f'{"a":,}')
---
print(f'{1:s}')
---
print(f'{None:5}')
---
print(f'{[1]:5}')
---
print(f'{5:.2}')
---
print(f'{0:.2f} {-0.0:.1f} {1e-7:.3f} {float("inf"):.2f} {float("nan"):5.1f} {float("-inf"):08.2f}')
---
print(f'{123.456:10.2f}|{123.456:<10.2f}|{123.456:^10.2f}|{123.456:+.1f}|{123.456:010.1f}|{-123.456:010.1f}')
---
print(f'{1234.5:g} {0.0001234:g} {0.00001234:g} {123456789.0:g} {1e100:g} {100000.0:g} {1000000.0:g} {1.0:g} {1.5:#g}')
---
print(f'{12345678901234567890:,} {2**70:x} {-2**70:,} {2**70:e} {10**20:.3f}')
---
print(format(3.14159, '.2f'), format(42, 'b'), format('a', '>3'), format(5), format(None), format([1, 2]), format(True), format(1.0))
---
for i in range(1, 4):
    print(f'{i:>3} {i * i:>5} {i ** 3:>7} {1 / i:.3f}')
---
rows = [('Apple', 3, 1.25), ('Banana', 12, 0.5)]
for name, qty, price in rows:
    print(f'{name:<10}{qty:>5}{price:>8.2f}{qty * price:>9.2f}')
print('-' * 32)
print(f'{"total":<10}{sum(q for _, q, _ in rows):>5}{"":>8}{sum(q * p for _, q, p in rows):>9.2f}')
---
print(f"{'yes' if 1 else 'no'}", f'{1 < 2}', f'{1 if 0 else 2:>3}', f'{"a" "b"}', f'{1,2}', f'{"x":{"<"}{3}}|')
---
print(f'a{1}b{2}c' 'd{3}' f'{4}', f'', f'plain', f'\t{1}\n{2}', rf'\n{1}')
---
print(f'''multi
{1 + 1}
line''')
---
print('{:>{}}|{:.{}f}'.format('a', 5, 3.14159, 2), '{0:>{1}}'.format('b', 4), '{0.real}'.format(5), '{:<5}{:>5}'.format('l', 'r'))
---
print('{:08.3f} {:+d} {: d} {:c} {:10} {:10}|'.format(3.14159, 5, 5, 65, 'str', 5))
---
print('{:^{width}.{prec}f}|'.format(2.71828, width=10, prec=2), '{a[0]}{a[1]}'.format(a='xy'), '{d[key]}'.format(d={'key': 1}))
---
print(str(1234.5678)[:6], '%.1f' % 0.25, '%.0f' % 0.5, '%.0f' % 1.5, '%5.1f|' % 3.14159, '%-8s|' % 'ab', '%08.2f' % -3.14159, '%s' % True)
---
print(f'{1_000_000:,}', f'{0xff:_x}', f'{2**40:_b}', f'{1e6:,.0f}', f'{1234:,}'.replace(',', '.'))
---
print(f'{"é":>4}|', f'{"日本":<5}|', f'{"x":é^5}', f'{5:\u2603>4}')
---
print(f'{3.0} {3.10} {1/3} {1e16} {1e15} {12345.678e3}', f'{3:.2f} {3:f} {3:e}', f'{10:g} {True:5} {False:<7}|')
---
value = 12.3456
print(f'Value: {value:.{2}f}', f'{value!r:>10}', f'{str(value):>10}', f'{value:10}|', f'{value:<10}|')
---
print(round(3.14159, 2), round(2.0, 2), f'{round(1.005, 2)}', f'{1.005:.2f}', f'{2.675:.2f}', f'{0.125:.2f}', f'{0.375:.2f}')
---
print(f'{5!r:>3}{5!s:<3}|', f'{"q"!r}', f'{[1, "a"]!r}', f'{"ü"!a}')
---
print('%s, %s!' % ('Hello', 'World'), '%d items' % 3, '%d%%' % 50, '%s' % 'a%s', '%-10s|%10s|' % ('l', 'r'), '%03d' % 7, '%.3s' % 'abcdef')
---
print(f'{0.1 + 0.2:.17f} {0.1:.20f} {1e23:.1f} {5e-324:.5e}')
---
# Parts of every kind, alone and together.
n, b, t = -9223372036854775808, 2 ** 70, True
s = 'é'
print(f'{n}', f'{s}', f'{b}', f'{t}', f'{n}{s}{b}{t}', f'{n=}', f'{s=}', f'{n:>{3 * 8}}|', f'{n!s}', f'{n!r:>22}', f'{s!r}', f'{""}', f'')
print(type(f'{1}').__name__, f'{1}' + f'{2}', len(f'{n}{n}{n}{n}{s}'), f'{n}{n}{n}{n}{s}', f'{f"{1}"}', [f'{i}' for i in range(3)], {f'{1}': 1}['1'])
