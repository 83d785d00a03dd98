# differs: Patterns of `re` run in time linear in the text, so they have no look-around and no references to groups.
import re
print(re.search(r'(a)\1', 'baa').span())
---
# differs: `time.sleep` is refused: send `later`.
import time
time.sleep(0)
print('awake')
---
# differs: A negative number to a fractional power is a ValueError: there are no complex numbers.
print(isinstance((-8) ** 0.5, float))
---
# differs: A send looks its method up after its arguments have been computed, as Smalltalk does.
def argument():
    print('computed')
try:
    'text'.missing(argument())
except AttributeError as e:
    print(e)
---
# differs: What runs over a limit of its message ends; neither RecursionError nor MemoryError can be caught.
try:
    [0] * 10 ** 12
except MemoryError:
    print('caught')
---
# differs: A set is walked over in the order in which its items came, not in that of their hashes.
print({3, 1, 2})
---
# differs: Equal numbers and texts are one: `is` compares numbers and texts by value.
print(int('1000') is int('1000'), float('nan') is float('nan'))
---
# differs: A NaN is one value too: a list with a NaN equals every list with that NaN.
nan = float('nan')
print(nan == nan, [nan] == [nan], nan in [nan], [float('nan')] == [float('nan')], float('nan') in [float('nan')])
---
# differs: Functions have no attributes of their own but a name and a docstring.
def f():
    """Doc."""
print(f.__name__, f.__doc__)
f.count = 1
print(f.count)
---
# differs: Functions print without an address.
def f(): pass
print(f)
---
# differs: Annotations are read and never evaluated.
def f(x: nowhere) -> nothing:
    y: never = x
    return y
print(f(1))
---
# differs: Half of a surrogate pair is no character.
print(len('\ud800'))
---
# differs: A statement run by `eval` may declare its own variables nonlocal in a function inside it.
n = 0
def count():
    nonlocal n
    n += 1
    return n
print(count(), count())
---
# Annotations of local variables are not evaluated in Python either.
def f():
    x: nowhere = 1
    return x
print(f())
