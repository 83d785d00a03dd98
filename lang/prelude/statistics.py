# What statistics needs beyond exact means and deviations.

def multimode(data):
    counts = {}
    for item in data:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return [item for item, count in counts.items() if count == most]

def mode(data):
    modes = multimode(data)
    if not modes:
        _statistics_error("no mode for empty data")
    return modes[0]

def _sorted(data):
    data = sorted(data)
    if not data:
        _statistics_error("no median for empty data")
    return data

def median(data):
    data = _sorted(data)
    half = len(data) // 2
    if len(data) % 2:
        return data[half]
    return (data[half - 1] + data[half]) / 2

def median_low(data):
    data = _sorted(data)
    return data[(len(data) - 1) // 2]

def median_high(data):
    data = _sorted(data)
    return data[len(data) // 2]

def quantiles(data, *, n=4, method='exclusive'):
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
