"""The clock of the autotelic loop. In this version a beat only shows that the
image lives; what it thinks of its own accord comes later."""

parents = [traits_obj]

period = 300.0   # seconds from beat to beat
beats = 0
running = False
turn = 0         # of start: a beat of an earlier turn is the last of its chain


# later(...) is part of this message's transaction: the next beat is sent
# exactly once, even if the power goes meanwhile.
def start(self):
    """Begins to beat, anew if it already does."""
    self.running = True
    self.turn += 1
    later(self, seconds=self.period).beat_(self.turn)
    return self.turn


def stop(self):
    """Stops after at most one more beat that does nothing."""
    self.running = False
    return self


def beat_(self, turn):
    """One beat; the next follows."""
    if self.running and turn == self.turn:
        self.beats += 1
        later(self, seconds=self.period).beat_(turn)
    return self.beats
