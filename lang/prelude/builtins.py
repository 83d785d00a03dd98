# The builtins that call back into the language, written in it: no Go function
# then stands between two activations. Names that begin with an underscore are
# the runtime's own. Each def is compiled by itself.

def map(function, iterable, /, *iterables):
    if not iterables:
        return _map(function, iter(iterable))
    return _map_many(function, [iter(iterable)] + [iter(i) for i in iterables])

def _map(function, iterator):
    for item in iterator:
        yield function(item)

def _map_many(function, iterators):
    while True:
        arguments = []
        for iterator in iterators:
            try:
                arguments.append(next(iterator))
            except StopIteration:
                return
        yield function(*arguments)

def filter(function, iterable, /):
    return _filter(function, iter(iterable))

def _filter(function, iterator):
    if function is None:
        for item in iterator:
            if item:
                yield item
    else:
        for item in iterator:
            if function(item):
                yield item

def enumerate(iterable, start=0):
    return _enumerate(iter(iterable), start)

def _enumerate(iterator, position):
    for item in iterator:
        yield (position, item)
        position += 1

def zip(*iterables, strict=False):
    return _zip([iter(i) for i in iterables], strict)

def _zip(iterators, strict):
    while iterators:
        items = []
        for iterator in iterators:
            try:
                items.append(next(iterator))
            except StopIteration:
                if strict:
                    _zip_strict(iterators, len(items))
                return
        yield tuple(items)

def _zip_strict(iterators, ended):
    if ended:
        before = "argument 1" if ended == 1 else f"arguments 1-{ended}"
        raise ValueError(f"zip() argument {ended + 1} is shorter than {before}")
    for n in range(1, len(iterators)):
        try:
            next(iterators[n])
        except StopIteration:
            continue
        before = "argument 1" if n == 1 else f"arguments 1-{n}"
        raise ValueError(f"zip() argument {n + 1} is longer than {before}")

def any(iterable, /):
    for item in iterable:
        if item:
            return True
    return False

def all(iterable, /):
    for item in iterable:
        if not item:
            return False
    return True

def sum(iterable, /, start=0):
    if isinstance(start, str):
        raise TypeError("sum() can't sum strings [use ''.join(seq) instead]")
    total = start
    for item in iterable:
        total = total + item
    return total

def min(*args, key=None, **options):
    items = args[0] if len(args) == 1 else args
    found = False
    for item in items:
        rank = item if key is None else key(item)
        if not found or rank < least:
            best, least, found = item, rank, True
    if found:
        return best
    if 'default' in options:
        return options['default']
    if not args:
        raise TypeError("min expected at least 1 argument, got 0")
    raise ValueError("min() arg is an empty sequence")

def max(*args, key=None, **options):
    items = args[0] if len(args) == 1 else args
    found = False
    for item in items:
        rank = item if key is None else key(item)
        if not found or rank > most:
            best, most, found = item, rank, True
    if found:
        return best
    if 'default' in options:
        return options['default']
    if not args:
        raise TypeError("max expected at least 1 argument, got 0")
    raise ValueError("max() arg is an empty sequence")

def sorted(iterable, /, *, key=None, reverse=False):
    items = [item for item in iterable]
    if key is None:
        return _sort_by(items, items, reverse)
    return _sort(items, key, reverse)

def _list_sort(self, *, key=None, reverse=False):
    if key is None:
        _sort_by(self, self, reverse)
    else:
        _sort(self, key, reverse)

def _sort(items, key, reverse):
    compare = _comparison(key)
    if compare is None:
        return _sort_by(items, [key(item) for item in items], reverse)
    order = items[:]
    width = 1
    while width < len(order):
        merged = []
        for low in range(0, len(order), 2 * width):
            left, right = order[low:low + width], order[low + width:low + 2 * width]
            i = j = 0
            while i < len(left) and j < len(right):
                c = compare(right[j], left[i])
                if c > 0 if reverse else c < 0:
                    merged.append(right[j])
                    j += 1
                else:
                    merged.append(left[i])
                    i += 1
            merged += left[i:]
            merged += right[j:]
        order = merged
        width *= 2
    items[:] = order
    return items

def _collect(iterable):
    return [item for item in iterable]

def _collect_some(iterable, most):
    items = []
    for item in iterable:
        items.append(item)
        if len(items) == most:
            break
    return items

def _collected(function, marks, args, kwargs):
    lists = []
    for mark, arg in zip(marks, args):
        lists.append([item for item in arg] if mark else arg)
    return function(*lists, **kwargs)

def _contains(iterable, value):
    for item in iterable:
        if item is value or item == value:
            return True
    return False

def _lacks(iterable, value):
    for item in iterable:
        if item is value or item == value:
            return False
    return True

def _extend(items, iterable):
    for item in iterable:
        items.append(item)
    return items

def _set_slice(sequence, place, iterable):
    sequence[place] = [item for item in iterable]

def _iter_until(function, sentinel):
    while True:
        value = function()
        if value == sentinel:
            return
        yield value

def _next_or(iterator, default):
    try:
        return next(iterator)
    except StopIteration:
        return default

def _missing(mapping, key):
    value = mapping.default_factory()
    mapping[key] = value
    return value
