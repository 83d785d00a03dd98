"""Where objects write what people may want to read later. What print prints
goes with the reply of its message; what is said here stays."""

parents = [traits_obj]

lines = []
limit = 200


def say_(self, text):
    """Adds a line; the oldest go when there are too many."""
    self.lines.append(str(text))
    if len(self.lines) > self.limit:
        del self.lines[:len(self.lines) - self.limit]
    return self


def read(self):
    """All of it as text."""
    return '\n'.join(self.lines)
