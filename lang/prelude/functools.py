# The module functools, as far as it makes sense without decorators.

def reduce(function, iterable, /, *initial):
    if len(initial) > 1:
        raise TypeError(f"reduce expected at most 3 arguments, got {2 + len(initial)}")
    iterator = iter(iterable)
    if initial:
        value = initial[0]
    else:
        try:
            value = next(iterator)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    for item in iterator:
        value = function(value, item)
    return value

def partial(func, /, *args, **keywords):
    if not callable(func):
        raise TypeError("the first argument must be callable")
    def call(*more, **others):
        return func(*args, *more, **{**keywords, **others})
    return call

def cache(function, /):
    answers = {}
    def cached(*args, **keywords):
        key = (args, tuple(sorted(keywords.items()))) if keywords else args
        if key not in answers:
            answers[key] = function(*args, **keywords)
        return answers[key]
    return cached

def lru_cache(maxsize=128, typed=False):
    # Answers are kept for as long as the function is: it lives no longer than
    # its message.
    return cache(maxsize) if callable(maxsize) else cache

def cmp_to_key(mycmp):
    return _comparison_key(mycmp)
