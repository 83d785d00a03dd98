"""Shows another object: its name, its slots and its methods."""

parents = [morph]

size = (240, 180)
color = '#fdf6e3'
shape = 'proto'
submorphs = []


def show_(self, target):
    """A new proto-morph that shows target."""
    return self.clone(target=target)
