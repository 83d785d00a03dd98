# Small modules that are simplest in the language: string, textwrap, heapq,
# bisect, statistics. The algorithms are CPython's.

def _string_capwords(s, sep=None):
    return (sep or ' ').join([word.capitalize() for word in s.split(sep)])

def _textwrap_words(text):
    chunks = []
    for word in text.split():
        part = ''
        for n, c in enumerate(word):
            part += c
            if c == '-' and 1 < n + 1 < len(word) and word[n - 1].isalpha() and word[n + 1].isalpha():
                chunks.append((part, not (chunks and chunks[-1][2] is False), False))
                part = ''
        chunks.append((part, not (chunks and chunks[-1][2] is False), True))
    return chunks

def _textwrap_wrap(text, width=70, *, initial_indent='', subsequent_indent='', break_long_words=True, max_lines=None, placeholder=' [...]'):
    if width <= 0:
        raise ValueError(f"invalid width {width!r} (must be > 0)")
    chunks = [c for c in reversed(_textwrap_words(text.expandtabs(8)))]
    lines = []
    while chunks:
        indent = subsequent_indent if lines else initial_indent
        room = width - len(indent)
        line, used = '', 0
        while chunks:
            part, spaced, _ = chunks[-1]
            gap = 1 if spaced and line else 0
            if used + gap + len(part) <= room:
                line += ' ' * gap + part
                used += gap + len(part)
                chunks.pop()
            else:
                break
        if chunks and len(chunks[-1][0]) > room:
            part, spaced, last = chunks[-1]
            gap = 1 if spaced and line else 0
            left = max(room - used - gap, 1) if not line else room - used - gap
            if break_long_words and left > 0:
                line += ' ' * gap + part[:left]
                chunks[-1] = (part[left:], False, last)
            elif not line:
                line = part
                chunks.pop()
        if max_lines is not None and len(lines) + 1 == max_lines and chunks:
            words = line.split(' ')
            while words and len(' '.join(words)) + len(placeholder) > room:
                words.pop()
            lines.append(indent + (' '.join(words) + placeholder if words else placeholder.lstrip()))
            break
        lines.append(indent + line)
    return lines

def _textwrap_fill(text, width=70, **options):
    return '\n'.join(_textwrap_wrap(text, width, **options))

def _textwrap_shorten(text, width, *, placeholder=' [...]'):
    return _textwrap_fill(' '.join(text.strip().split()), width, max_lines=1, placeholder=placeholder)

def _textwrap_dedent(text):
    lines = text.split('\n')
    margin = None
    for n, line in enumerate(lines):
        if not line.strip():
            lines[n] = ''
            continue
        indent = line[:len(line) - len(line.lstrip(' \t'))]
        if margin is None:
            margin = indent
        else:
            n = 0
            while n < len(margin) and n < len(indent) and margin[n] == indent[n]:
                n += 1
            margin = margin[:n]
    if margin:
        lines = [line[len(margin):] if line else line for line in lines]
    return '\n'.join(lines)

def _textwrap_indent(text, prefix, predicate=None):
    lines = []
    for line in text.splitlines(True):
        if line.strip() if predicate is None else predicate(line):
            line = prefix + line
        lines.append(line)
    return ''.join(lines)

def _heapq_down(heap, start, at):
    item = heap[at]
    while at > start:
        parent = (at - 1) >> 1
        if not item < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item

def _heapq_up(heap, at):
    end, start, item = len(heap), at, heap[at]
    child = 2 * at + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]:
            child = right
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    _heapq_down(heap, start, at)

def _heapq_heappush(heap, item, /):
    heap.append(item)
    _heapq_down(heap, 0, len(heap) - 1)

def _heapq_heappop(heap, /):
    if not heap:
        raise IndexError("index out of range")
    last = heap.pop()
    if not heap:
        return last
    item = heap[0]
    heap[0] = last
    _heapq_up(heap, 0)
    return item

def _heapq_heapreplace(heap, item, /):
    if not heap:
        raise IndexError("index out of range")
    least = heap[0]
    heap[0] = item
    _heapq_up(heap, 0)
    return least

def _heapq_heappushpop(heap, item, /):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _heapq_up(heap, 0)
    return item

def _heapq_heapify(heap, /):
    for at in range(len(heap) // 2 - 1, -1, -1):
        _heapq_up(heap, at)

def _heapq_nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]

def _heapq_nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]

def _heapq_merge(*iterables, key=None, reverse=False):
    items = []
    for iterable in iterables:
        for item in iterable:
            items.append(item)
    return iter(sorted(items, key=key, reverse=reverse))

def _bisect_right(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    hi = len(a) if hi is None else hi
    while lo < hi:
        middle = (lo + hi) // 2
        if x < (a[middle] if key is None else key(a[middle])):
            hi = middle
        else:
            lo = middle + 1
    return lo

def _bisect_left(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    hi = len(a) if hi is None else hi
    while lo < hi:
        middle = (lo + hi) // 2
        if (a[middle] if key is None else key(a[middle])) < x:
            lo = middle + 1
        else:
            hi = middle
    return lo

def _insort_right(a, x, lo=0, hi=None, *, key=None):
    a.insert(_bisect_right(a, x if key is None else key(x), lo, hi, key=key), x)

def _insort_left(a, x, lo=0, hi=None, *, key=None):
    a.insert(_bisect_left(a, x if key is None else key(x), lo, hi, key=key), x)

def _statistics_multimode(data):
    counts = {}
    for item in data:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return [item for item, count in counts.items() if count == most]

def _statistics_mode(data):
    modes = _statistics_multimode(data)
    if not modes:
        _statistics_error("no mode for empty data")
    return modes[0]

def _statistics_sorted(data):
    data = sorted(data)
    if not data:
        _statistics_error("no median for empty data")
    return data

def _statistics_median(data):
    data = _statistics_sorted(data)
    half = len(data) // 2
    if len(data) % 2:
        return data[half]
    return (data[half - 1] + data[half]) / 2

def _statistics_median_low(data):
    data = _statistics_sorted(data)
    return data[(len(data) - 1) // 2]

def _statistics_median_high(data):
    data = _statistics_sorted(data)
    return data[len(data) // 2]

def _statistics_quantiles(data, *, n=4, method='exclusive'):
    if n < 1:
        _statistics_error("n must be at least 1")
    data = sorted(data)
    size = len(data)
    if size < 2:
        _statistics_error("must have at least two data points")
    result = []
    if method == 'inclusive':
        for i in range(1, n):
            j, delta = divmod(i * (size - 1), n)
            result.append((data[j] * (n - delta) + data[j + 1] * delta) / n)
        return result
    if method != 'exclusive':
        raise ValueError(f"Unknown method: {method!r}")
    for i in range(1, n):
        j = min(max(i * (size + 1) // n, 1), size - 1)
        delta = i * (size + 1) - j * n
        result.append((data[j - 1] * (n - delta) + data[j] * delta) / n)
    return result
