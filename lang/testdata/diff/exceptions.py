try:
    1 / 0
except ZeroDivisionError as e:
    print('caught', e, type(e).__name__, repr(e), e.args)
else:
    print('no')
finally:
    print('finally')
---
try:
    print('ok')
except Exception:
    print('no')
else:
    print('else')
finally:
    print('finally')
---
try:
    [][1]
except (KeyError, IndexError) as e:
    print(type(e).__name__, e)
---
try:
    {}['k']
except LookupError as e:
    print(type(e).__name__, e, str(e), e.args)
---
for bad in (lambda: int('x'), lambda: [] + 1, lambda: {}[0], lambda: 'a'.b, lambda: nope, lambda: 1 // 0, lambda: [1][5], lambda: None(), lambda: next(iter([])), lambda: float('z'), lambda: 'a' * 'b', lambda: len(3)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, '-', e)
---
raise ValueError('bad thing')
---
raise ValueError
---
raise ValueError()
---
raise ValueError('a', 2)
---
raise KeyError('missing')
---
raise KeyError
---
raise Exception('top')
---
raise RuntimeError(5)
---
raise TypeError(None)
---
raise NotImplementedError
---
raise StopIteration(3)
---
raise 'text'
---
raise 5
---
raise int
---
raise
---
try:
    raise ValueError('inner')
except ValueError:
    raise
---
try:
    raise ValueError('inner')
except ValueError as e:
    raise KeyError('outer') from e
---
try:
    try:
        raise ValueError('inner')
    except ValueError as e:
        raise RuntimeError('outer') from e
except RuntimeError as e:
    print(repr(e.__cause__), repr(e.__context__), e.__cause__ is e.__context__)
---
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError('second')
except ValueError as e:
    print(repr(e.__context__), e.__cause__)
---
try:
    raise ValueError('x') from None
except ValueError as e:
    print(e.__cause__, e.__context__)
---
raise ValueError('x') from 5
---
e = ValueError('a', 1)
print(e, repr(e), e.args, str(e), isinstance(e, Exception), isinstance(e, ValueError), isinstance(e, KeyError))
e2 = e
try:
    raise e
except Exception as caught:
    print(caught is e2)
---
print(repr(ValueError()), str(ValueError()), repr(ValueError('x')), repr(KeyError('k')), str(KeyError('k')), str(KeyError(1)), repr(ValueError(1, 'b')), str(OSError('x')))
---
try:
    raise ValueError('x')
except ValueError as e:
    pass
print(e)
---
def f():
    try:
        return g()
    except TypeError as e:
        return f'type error: {e}'
def g():
    return 1 + 'a'
print(f())
---
def f():
    try:
        raise ValueError(1)
    except KeyError:
        print('no')
    finally:
        print('cleanup')
try:
    f()
except ValueError as e:
    print('outer', e)
---
def f(x):
    try:
        if x == 0: raise KeyError('k')
        if x == 1: raise IndexError('i')
        if x == 2: return 'ret'
        return 'end'
    except KeyError:
        return 'key'
    except IndexError as e:
        return str(e)
    else:
        return 'else'
    finally:
        print('fin', x)
print([f(i) for i in range(4)])
---
for i in range(3):
    try:
        if i == 1:
            continue
        print(i)
    finally:
        print('f', i)
---
try:
    try:
        1 / 0
    finally:
        print('inner finally')
except ZeroDivisionError:
    print('outer except')
---
try:
    try:
        raise ValueError('a')
    finally:
        raise KeyError('b')
except KeyError as e:
    print(repr(e), repr(e.__context__))
---
def check(age):
    if not isinstance(age, int):
        raise TypeError(f'age must be int, not {type(age).__name__}')
    if age < 0:
        raise ValueError('age must be positive')
    return age
for a in (5, -1, 'x'):
    try:
        print(check(a))
    except (TypeError, ValueError) as err:
        print(f'{type(err).__name__}: {err}')
---
print(issubclass(KeyError, LookupError), issubclass(ZeroDivisionError, ArithmeticError), issubclass(bool, int), issubclass(FileNotFoundError, OSError), issubclass(UnicodeDecodeError, ValueError), issubclass(RecursionError, RuntimeError), issubclass(ModuleNotFoundError, ImportError), issubclass(KeyboardInterrupt, Exception))
---
errors = [ValueError, TypeError, KeyError, IndexError, AttributeError, NameError, ZeroDivisionError, OverflowError, RuntimeError, StopIteration, AssertionError, NotImplementedError, ArithmeticError, LookupError, UnboundLocalError, OSError, EOFError, ImportError, RecursionError]
for E in errors:
    try:
        raise E('msg')
    except Exception as e:
        print(E.__name__, str(e), isinstance(e, E))
---
try:
    assert False, 'why'
except AssertionError as e:
    print('assertion', e)
---
try:
    raise ValueError('v')
except Exception as e:
    try:
        raise TypeError('t')
    except TypeError as e:
        print('in', e)
try:
    e
except NameError as n:
    print(n)
---
def retry(f, n):
    for i in range(n):
        try:
            return f(i)
        except ValueError as e:
            last = e
    raise last
def flaky(i):
    if i < 2:
        raise ValueError(f'try {i}')
    return f'ok at {i}'
print(retry(flaky, 5))
retry(flaky, 2)
---
try:
    pass
except 5:
    pass
print('not evaluated')
---
try:
    1 / 0
except 5:
    pass
---
try:
    int('x')
except (ValueError, 5):
    print('first matches')
---
def gen():
    try:
        yield 1
        yield 2
    finally:
        print('gen closed')
for x in gen():
    print(x)
---
def f():
    try:
        yield 1
    except ValueError as e:
        yield f'got {e}'
g = f()
print(next(g), g.throw(ValueError('v')))
---
try:
    int('12a')
except ValueError as e:
    msg = str(e)
print(msg, len(msg))
---
def parse(s):
    try:
        return int(s)
    except ValueError:
        try:
            return float(s)
        except ValueError:
            return s
print([parse(s) for s in ['1', '2.5', 'x', '1e3', '']])
---
def safe_div(a, b):
    try:
        r = a / b
    except ZeroDivisionError:
        return None
    except TypeError as e:
        return str(e)
    else:
        return r
print(safe_div(1, 2), safe_div(1, 0), safe_div('a', 2))
---
x = ValueError('one')
x.code = 42
try:
    raise x
except ValueError as e:
    print(e.code)
---
try:
    a, b = [1, 2, 3]
except ValueError as e:
    print(e)
try:
    a, b, c = [1, 2]
except ValueError as e:
    print(e)
try:
    a, *b, c = []
except ValueError as e:
    print(e)
try:
    for x, y in [(1,)]: pass
except ValueError as e:
    print(e)
---
def outer():
    try:
        inner()
    except KeyError as e:
        raise ValueError(f'wrapped {e}') from e
def inner():
    raise KeyError('deep')
outer()
---
def f():
    raise ValueError('in f')
def g():
    f()
g()
---
# differs: What runs over a limit of its message ends; neither RecursionError nor MemoryError can be caught.
def f(n):
    return f(n + 1)
try:
    f(0)
except RecursionError as e:
    print('too deep')
---
try:
    raise ValueError("it's")
except ValueError as e:
    print([e], {'e': e}, f'{e} {e!r} {e!s}', '%s %r' % (e, e), '{} {!r}'.format(e, e))
---
try:
    raise BaseException('base')
except Exception:
    print('no')
except BaseException as e:
    print('yes', e)
---
class_names = []
for E in (KeyError, IndexError, ValueError):
    try:
        raise E()
    except LookupError:
        class_names.append(E.__name__)
    except Exception:
        class_names.append('other')
print(class_names)
---
# differs: There are no exception groups.
try:
    raise ExceptionGroup('g', [ValueError(1)])
except Exception as e:
    print(type(e).__name__)
---
def f():
    x = [1, 2, 3]
    return x[10]
try:
    f()
except IndexError as e:
    print('IndexError:', e)
---
while True:
    try:
        n = int('7')
        break
    except ValueError:
        print('again')
print(n)
---
result = []
for v in ['1', 'a', None, '3']:
    try:
        result.append(int(v))
    except (ValueError, TypeError) as e:
        result.append(type(e).__name__)
    else:
        result.append('ok')
print(result)
---
# What json and the codecs tell of where they failed.
import json
for text in ('{', '[1,\n 2,,]', '{"a": 1} x', '"é'):
    try:
        json.loads(text)
    except json.JSONDecodeError as e:
        print(e.msg, e.pos, e.lineno, e.colno, repr(e.doc), e.args, isinstance(e, ValueError))
try:
    raise json.JSONDecodeError('made', 'a\nb', 2)
except ValueError as e:
    print(repr(e), e.lineno, e.colno)
for codec in ('utf-8', 'ascii'):
    try:
        b'a\xe9\xff'.decode(codec)
    except UnicodeDecodeError as e:
        print(str(e), repr(e), e.encoding, e.object, e.start, e.end, e.reason)
try:
    'aéè'.encode('ascii')
except UnicodeEncodeError as e:
    print(str(e), e.args, e.object[e.start:e.end])
try:
    raise UnicodeDecodeError
except TypeError as e:
    print(e)
