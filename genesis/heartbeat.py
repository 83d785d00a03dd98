"""The clock of the autotelic loop. In this version a beat only shows that the
image lives; what it thinks of its own accord comes later."""

parents = [traits_obj]

period = 300.0   # seconds from beat to beat
beats = 0
running = False
turn = 0         # of start: a beat of an earlier turn is the last of its chain
due = 0.0        # when the next beat is sent, in seconds since 1970


# later(...) is part of this message's transaction: the next beat is sent
# exactly once, even if the power goes meanwhile. It also outlives the program,
# so that starting the program again finds the beat still on its way.
def start(self):
    """Begins to beat; changes nothing while a beat is on its way."""
    import time
    if not self.running or time.time() > self.due + self.period:
        self.running = True
        self.turn += 1
        self.beat_after_(self.turn)
    return self.turn


def beat_after_(self, turn):
    """Sends the next beat of a turn."""
    import time
    self.due = time.time() + self.period
    later(self, seconds=self.period).beat_(turn)


def stop(self):
    """Stops after at most one more beat that does nothing."""
    self.running = False
    return self


def beat_(self, turn):
    """One beat; the next follows."""
    if self.running and turn == self.turn:
        self.beats += 1
        self.beat_after_(turn)
    return self.beats
