# The module itertools: generators, so that an endless one costs what is taken.

def count(start=0, step=1):
    while True:
        yield start
        start += step

def cycle(iterable, /):
    saved = []
    for item in iterable:
        yield item
        saved.append(item)
    while saved:
        for item in saved:
            yield item

def repeat(object, times=None):
    if times is None:
        while True:
            yield object
    for _ in range(times):
        yield object

def accumulate(iterable, func=None, *, initial=None):
    iterator = iter(iterable)
    total = initial
    if initial is None:
        try:
            total = next(iterator)
        except StopIteration:
            return
    yield total
    for item in iterator:
        total = total + item if func is None else func(total, item)
        yield total

def chain(*iterables):
    for iterable in iterables:
        yield from iterable

def _chain_from_iterable(iterables, /):
    for iterable in iterables:
        yield from iterable

def compress(data, selectors):
    for item, selected in zip(data, selectors):
        if selected:
            yield item

def dropwhile(predicate, iterable, /):
    iterator = iter(iterable)
    for item in iterator:
        if not predicate(item):
            yield item
            break
    for item in iterator:
        yield item

def takewhile(predicate, iterable, /):
    for item in iterable:
        if not predicate(item):
            break
        yield item

def filterfalse(predicate, iterable, /):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item

def starmap(function, iterable, /):
    for args in iterable:
        yield function(*args)

def pairwise(iterable, /):
    iterator = iter(iterable)
    for before in iterator:
        for item in iterator:
            yield (before, item)
            before = item

def islice(iterable, *args):
    if len(args) == 0 or len(args) > 3:
        raise TypeError(f"islice expected at least 2 arguments, got {len(args) + 1}")
    start, stop, step = 0, args[0], 1
    if len(args) > 1:
        start, stop = args[0], args[1]
    if len(args) == 3:
        step = args[2]
    start = 0 if start is None else start
    step = 1 if step is None else step
    for bound in (start, stop):
        if bound is not None and (not isinstance(bound, int) or bound < 0):
            what = "Stop argument" if len(args) == 1 else "Indices"
            raise ValueError(f"{what} for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if not isinstance(step, int) or step < 1:
        raise ValueError("Step for islice() must be a positive integer or None.")
    return _islice(iter(iterable), start, stop, step)

def _islice(iterator, start, stop, step):
    position = 0
    wanted = start
    while stop is None or wanted < stop:
        for item in iterator:
            position += 1
            if position > wanted:
                break
        else:
            return
        yield item
        wanted += step
    # What lies before stop is taken from the iterator, as far as it goes.
    while stop is not None and position < stop:
        for item in iterator:
            position += 1
            break
        else:
            return

def zip_longest(*iterables, fillvalue=None):
    iterators = [iter(i) for i in iterables]
    ended = [False] * len(iterators)
    left = len(iterators)
    while left:
        items = []
        for n, iterator in enumerate(iterators):
            if ended[n]:
                items.append(fillvalue)
                continue
            try:
                items.append(next(iterator))
            except StopIteration:
                ended[n] = True
                left -= 1
                if not left:
                    return
                items.append(fillvalue)
        yield tuple(items)

def groupby(iterable, key=None):
    iterator = iter(iterable)
    exhausted = False

    def group(target):
        nonlocal item, rank, exhausted
        yield item
        for item in iterator:
            rank = item if key is None else key(item)
            if rank != target:
                return
            yield item
        exhausted = True

    try:
        item = next(iterator)
    except StopIteration:
        return
    rank = item if key is None else key(item)
    while not exhausted:
        target = rank
        current = group(target)
        yield (rank, current)
        if rank == target:
            for _ in current:
                pass

def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError("n must be >= 0")
    iterator = iter(iterable)
    waiting = [[] for _ in range(n)]
    return tuple([_tee(iterator, mine, waiting) for mine in waiting])

def _tee(iterator, mine, waiting):
    position = 0
    while True:
        if position == len(mine):
            try:
                item = next(iterator)
            except StopIteration:
                return
            del mine[:position]
            position = 0
            for other in waiting:
                other.append(item)
        item = mine[position]
        position += 1
        yield item

def product(*iterables, repeat=1):
    pools = [tuple(i) for i in iterables] * repeat
    for pool in pools:
        if not pool:
            return
    places = [0] * len(pools)
    while True:
        yield tuple([pool[n] for pool, n in zip(pools, places)])
        for at in range(len(pools) - 1, -1, -1):
            places[at] += 1
            if places[at] < len(pools[at]):
                break
            places[at] = 0
        else:
            return

def permutations(iterable, r=None):
    pool = tuple(iterable)
    n = len(pool)
    r = n if r is None else r
    if r < 0:
        raise ValueError("r must be non-negative")
    if r > n:
        return
    indices = list(range(n))
    cycles = list(range(n, n - r, -1))
    yield tuple([pool[i] for i in indices[:r]])
    while n:
        for i in range(r - 1, -1, -1):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1:] + indices[i:i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple([pool[k] for k in indices[:r]])
                break
        else:
            return

def combinations(iterable, r):
    pool = tuple(iterable)
    n = len(pool)
    if r < 0:
        raise ValueError("r must be non-negative")
    if r > n:
        return
    indices = list(range(r))
    yield tuple([pool[i] for i in indices])
    while True:
        for i in range(r - 1, -1, -1):
            if indices[i] != i + n - r:
                break
        else:
            return
        indices[i] += 1
        for j in range(i + 1, r):
            indices[j] = indices[j - 1] + 1
        yield tuple([pool[i] for i in indices])

def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)
    n = len(pool)
    if r < 0:
        raise ValueError("r must be non-negative")
    if not n and r:
        return
    indices = [0] * r
    yield tuple([pool[i] for i in indices])
    while True:
        for i in range(r - 1, -1, -1):
            if indices[i] != n - 1:
                break
        else:
            return
        indices[i:] = [indices[i] + 1] * (r - i)
        yield tuple([pool[i] for i in indices])
