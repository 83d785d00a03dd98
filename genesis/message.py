"""A message that was not understood, as doesNotUnderstand_ receives it."""

parents = [traits_obj]

selector = ''     # what was to be done
arguments = []    # with what, by position
kwargs = {}       # and by name
receiver = None   # by whom


def sendTo_(self, other):
    """Sends the same message to another object and gives its answer."""
    return getattr(other, self.selector)(*self.arguments, **self.kwargs)
