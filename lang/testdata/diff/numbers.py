print(1 + 2, 7 - 10, 6 * 7, 7 / 2, 7 // 2, 7 % 2, 2 ** 10)
print(-7 // 2, -7 % 2, 7 // -2, 7 % -2, -7 // -2, -7 % -2)
---
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2)
print(divmod(17, 5), divmod(-17, 5), divmod(17.5, 5), divmod(-1, 3))
---
print(2 ** 100, 2 ** -1, 0 ** 0, (-2) ** 3, -2 ** 2, 2 ** 0.5)
print(10 ** 20 // 3, 10 ** 20 % 7, -10 ** 20 // 3, -(10 ** 20) % 7)
---
x = 123456789012345678901234567890
print(x, -x, x + 1, x * x, x // 12345, x % 12345, x - x, x == x + 0)
---
f = 1
for i in range(1, 31):
    f *= i
print(f, len(str(f)))
---
print(1 << 70, (1 << 70) >> 68, -1 >> 3, 5 & 3, 5 | 3, 5 ^ 3, ~5, -6 & 0xff)
print((1 << 100) & ((1 << 101) - 1), -(1 << 65) | 1, (1 << 65) ^ -1)
---
print(9223372036854775807 + 1, -9223372036854775808 - 1, 9223372036854775807 * 2)
print(4611686018427387904 * 2, 3037000500 * 3037000500, -9223372036854775808 // -1)
---
print(0.1 + 0.2, 1.0, 1e16, 1e15, 123456789.123, 1e-5, 0.0001, 1.5e300 * 1e10)
print(float('inf'), float('-inf'), float('nan'), -0.0, 1e400)
---
print(1e22, 1e21, 123456789012345680.0, 5e-324, 1.7976931348623157e308, 2.5, 100.0)
---
print(3.0 == 3, 3 == 3.0, 1 < 1.5, 2 ** 53 == float(2 ** 53), 2 ** 53 + 1 == float(2 ** 53 + 1))
print(10 ** 30 > 1e29, 10 ** 30 < float('inf'), 1 == True, 0 == False, 0.5 == True)
---
print(int('42'), int('-7'), int('  13  '), int('ff', 16), int('0xff', 16), int('0b101', 0), int('1_000'))
print(int(3.9), int(-3.9), int(True), int('z', 36))
---
print(int('abc'))
---
print(int('3.5'))
---
print(int(None))
---
print(int([]))
---
print(int(float('inf')))
---
print(int(float('nan')))
---
print(float('3.14'), float('  -2e3 '), float(7), float('1_0.5'), float(True), float('Infinity'), float('-nan'))
---
print(float('x1'))
---
print(float(''))
---
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.5678, 2), round(1234, -2), round(1250, -2), round(2.5, 0))
print(round(1.0), type(round(1.0)).__name__, round(5), round(-0.4), round(1e20))
---
print(abs(-5), abs(-5.5), abs(-0.0), abs(-10 ** 30), abs(True))
---
print(min(3, 1, 2), max(3, 1, 2), min([4, 2, 8]), max('hello'), min('b', 'a'), max(1.5, 2), min(2, 2.0))
print(max([], default=0), min(['aaa', 'b'], key=len), max([3, -5, 2], key=abs), max(1, 2, key=lambda x: -x))
---
print(min([]))
---
print(max(1))
---
print(sum([1, 2, 3]), sum([0.1] * 10), sum([], 5), sum([[1], [2]], []), sum(range(101)), sum((1.5, 2)))
---
print(sum(['a', 'b']))
---
print(sum(['a'], ''))
---
print(pow(2, 10), pow(3, 4, 5), pow(2, -1), pow(3, -1, 7), pow(2.0, 3))
---
print(pow(2, -1, 4))
---
print(1 / 0)
---
print(1 // 0)
---
print(1 % 0)
---
print(1.0 / 0)
---
print(1.5 // 0)
---
print(1.5 % 0.0)
---
print(divmod(1, 0))
---
print(0 ** -1)
---
print(0.0 ** -1)
---
print('a' + 1)
---
print(1 + 'a')
---
print([1] + (2,))
---
print('a' - 'b')
---
print('3' * '4')
---
print(None + 1)
---
print({} + {})
---
print(-'a')
---
print(~1.5)
---
print(1 < 'a')
---
print([1] < 2)
---
print(None < None)
---
print(1.5 << 2)
---
print(1 << -1)
---
print(bin(10), oct(64), hex(255), bin(-5), hex(-255), hex(1 << 70), bin(0))
---
print(bin(1.5))
---
print(bool(0), bool(0.0), bool(''), bool([]), bool({}), bool(()), bool(set()), bool(None), bool('0'), bool([0]), bool(-1))
---
print(True + True, True * 3, -True, ~True, True / 2, True & False, True | 2, True ^ True, sum([True, False, True]))
---
print((5).bit_length(), (255).bit_length(), (0).bit_length(), (10 ** 20).bit_length(), (-5).bit_length(), (7).bit_count())
---
print((1.5).is_integer(), (2.0).is_integer(), (0.5).as_integer_ratio(), (255).to_bytes(2, 'big'), int.from_bytes(b'\x01\x00', 'big'))
---
print((3.7).__name__ if False else 'ok', type(3).__name__, type(3.0).__name__, type(True).__name__, type(None).__name__)
---
print(isinstance(True, int), isinstance(1, bool), isinstance(1.0, (int, float)), isinstance('a', str), type(1) == int, type(1) is int)
---
print(1_000_000, 0xff, 0o17, 0b1010, 1e3, 1_0.0_1)
---
print(1 if 0.1 + 0.2 == 0.3 else 2, abs(0.1 + 0.2 - 0.3) < 1e-9)
---
x = 5
x += 3; print(x)
x -= 1; print(x)
x *= 2; print(x)
x /= 4; print(x)
x //= 2; print(x)
x **= 3; print(x)
x %= 1; print(x)
y = 6
y <<= 2; y |= 1; y &= 0x1d; y ^= 3; y >>= 1
print(y)
---
nan = float('nan')
print(nan == nan, nan != nan, nan < 1, nan in [nan], [nan] == [nan])
---
print(0.1 * 3, 1 / 3, 2 / 3, 10 / 3, 1e100, 1.1 + 2.2, 4.35 * 100, 1.005 * 1000)
---
print(str(1.0), repr(0.1), str(1e5), repr(1e-7), str(12345678.9), 1.0e10, 1234567890123456789.0)
---
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
print(gcd(48, 18), gcd(10 ** 20, 15 ** 10))
---
def is_prime(n):
    if n < 2:
        return False
    for i in range(2, int(n ** 0.5) + 1):
        if n % i == 0:
            return False
    return True
print([n for n in range(50) if is_prime(n)])
---
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print([fib(i) for i in range(15)])
---
a, b = 0, 1
for _ in range(200):
    a, b = b, a + b
print(a)
---
print(hash(1) == hash(1.0) == hash(True), hash('a') == hash('a'), hash((1, 2)) == hash((1, 2)))
---
print(hash([1]))
---
print(int(10 ** 25), float(10 ** 25), int(1e25), 10 ** 25 / 10 ** 24, (10 ** 400) // (10 ** 398))
---
print(10 ** 400 / 3)
---
print(float(10 ** 400))
---
print(-5 % 3, 5 % -3, -5.5 % 3, 5.5 % -3, 0 % 5, -0.0 % 5)
