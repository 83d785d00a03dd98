# re.sub, whose replacement may be a function.

def sub(pattern, repl, string, count=0, flags=0):
    return _subn(_re_compile(pattern, flags), repl, string, count)[0]

def subn(pattern, repl, string, count=0, flags=0):
    return _subn(_re_compile(pattern, flags), repl, string, count)

def _pattern_sub(self, repl, string, count=0):
    return _subn(self, repl, string, count)[0]

def _pattern_subn(self, repl, string, count=0):
    return _subn(self, repl, string, count)

def _subn(pattern, repl, string, count):
    if not callable(repl):
        return _re_replace(pattern, repl, string, count)
    parts, at, times = [], 0, 0
    for match in _re_matches(pattern, string, count):
        start, end = match.span()
        parts.append(string[at:start])
        parts.append(repl(match))
        at, times = end, times + 1
    parts.append(string[at:])
    return (''.join(parts), times)
