"""A thing that can be seen and touched. The page draws it from its slots, and
moves it by sending it move_to_."""

parents = [traits_obj, pLLM_obj]

position = (0, 0)        # of its upper left corner, in its owner, in pixels
size = (160, 80)         # width and height
color = '#ffffff'        # as CSS writes colours
text = ''                # what is written on it
submorphs = []           # what lies on it, hindmost first
target = None            # the object that it shows
aspect = None            # the slot of target whose value it shows, or None
shape = 'box'            # how the page draws it: box, text, proto or world


def clone(self, **slots):
    """A copy with its own list of submorphs."""
    return super().clone(**{'submorphs': [], **slots})


# The list is replaced, not appended to, so that who watches the slot sees it.
def add_(self, morph):
    """Lays a morph on top of the others."""
    self.submorphs = [m for m in self.submorphs if m is not morph] + [morph]
    return morph


def remove_(self, morph):
    """Takes a morph away."""
    self.submorphs = [m for m in self.submorphs if m is not morph]
    return morph


def move_to_(self, x, y):
    """Moves the morph within its owner."""
    self.position = (x, y)
    return self


def resize_to_(self, width, height):
    """Changes its size; 8 pixels are the least that can be grasped."""
    self.size = (max(8, width), max(8, height))
    return self


def title(self):
    """What stands on its upper edge."""
    if self.text or self.target is None:
        return self.text
    return mirror(self.target).identity()
