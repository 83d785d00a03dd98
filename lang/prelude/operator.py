# The module operator.

def add(a, b, /):
    return a + b

def sub(a, b, /):
    return a - b

def mul(a, b, /):
    return a * b

def truediv(a, b, /):
    return a / b

def floordiv(a, b, /):
    return a // b

def mod(a, b, /):
    return a % b

def pow(a, b, /):
    return a ** b

def neg(a, /):
    return -a

def pos(a, /):
    return +a

def not_(a, /):
    return not a

def truth(a, /):
    return True if a else False

def and_(a, b, /):
    return a & b

def or_(a, b, /):
    return a | b

def xor(a, b, /):
    return a ^ b

def lt(a, b, /):
    return a < b

def le(a, b, /):
    return a <= b

def eq(a, b, /):
    return a == b

def ne(a, b, /):
    return a != b

def ge(a, b, /):
    return a >= b

def gt(a, b, /):
    return a > b

def is_(a, b, /):
    return a is b

def is_not(a, b, /):
    return a is not b

def contains(a, b, /):
    return b in a

def concat(a, b, /):
    return a + b

def getitem(a, b, /):
    return a[b]

def setitem(a, b, c, /):
    a[b] = c

def delitem(a, b, /):
    del a[b]

def countOf(a, b, /):
    return sum([1 for item in a if item is b or item == b])

def indexOf(a, b, /):
    for n, item in enumerate(a):
        if item is b or item == b:
            return n
    raise ValueError("sequence.index(x): x not in sequence")

def itemgetter(item, /, *items):
    if not items:
        return lambda obj: obj[item]
    items = (item,) + items
    return lambda obj: tuple([obj[i] for i in items])

def attrgetter(attr, /, *attrs):
    if not attrs:
        return lambda obj: _resolve(obj, attr)
    attrs = (attr,) + attrs
    return lambda obj: tuple([_resolve(obj, a) for a in attrs])

def _resolve(obj, path):
    for name in path.split('.'):
        obj = getattr(obj, name)
    return obj

def methodcaller(name, /, *args, **kwargs):
    return lambda obj: getattr(obj, name)(*args, **kwargs)
