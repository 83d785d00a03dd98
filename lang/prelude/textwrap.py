# The module textwrap. Long words break, hyphens part words, as in CPython.

def _words(text):
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

def wrap(text, width=70, *, initial_indent='', subsequent_indent='', break_long_words=True, max_lines=None, placeholder=' [...]'):
    if width <= 0:
        raise ValueError(f"invalid width {width!r} (must be > 0)")
    chunks = [c for c in reversed(_words(text.expandtabs(8)))]
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

def fill(text, width=70, **options):
    return '\n'.join(wrap(text, width, **options))

def shorten(text, width, *, placeholder=' [...]'):
    return fill(' '.join(text.strip().split()), width, max_lines=1, placeholder=placeholder)

def dedent(text):
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

def indent(text, prefix, predicate=None):
    lines = []
    for line in text.splitlines(True):
        if line.strip() if predicate is None else predicate(line):
            line = prefix + line
        lines.append(line)
    return ''.join(lines)
