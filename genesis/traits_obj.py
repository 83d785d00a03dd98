"""What every object can do: be cloned, show and change its slots, and deal
with a message it does not understand. Every other object reaches this one
through its parents."""

# There are no classes here. An object is a bag of slots; a new one is made by
# copying another. What a copy lacks it still finds where the original found it,
# since the slot 'parent*' is copied as well.
def clone(self, **slots):
    """A copy of self with the given slots set. The copy is shallow: a list in
    a slot is the same list in both, so give the copy its own where it matters:
    account.clone(entries=[])."""
    copy = mirror(self).copy()
    for name, value in slots.items():
        copy[name] = value
    return copy


# Slots by name. Where the name is known beforehand, obj.x = v does the same.
def setSlot_value_(self, name, value):
    """Sets one of self's own slots; adds it where there is none."""
    self[name] = value
    return self


def removeSlot_(self, name):
    """Removes one of self's own slots; what a parent holds shows again."""
    del self[name]
    return self


def slotNames(self):
    """The names of self's own slots, in order."""
    return mirror(self).names()


def hasSlot_(self, name):
    """Whether self has the slot, of its own or through a parent."""
    return mirror(self).understands(name)


# The message object has the slots selector, arguments, kwargs and receiver.
# What this method returns is the value of the send that was not understood, so
# an object that stands for another one overrides it:
#
#     def doesNotUnderstand_(self, message):
#         return message.sendTo_(self.other)
#
# Here the receiver is asked to think about it. outside(self) says: as a message
# of its own, outside of this transaction. This run is dropped; when the answer
# is there the sender runs again from its start, and finds the method. An object
# that the sender makes anew in each run is given it here.
def doesNotUnderstand_(self, message):
    """Asks self's own mind, if it has one, for the method."""
    if not mirror(self).understands('reflectOn_'):
        raise NotUnderstood(f"{self.identity()} does not understand {message.selector}, "
                            "and has no mind to ask: pLLM_obj is not among its parents")
    answer = outside(self).reflectOn_(message)
    if mirror(self).understands(message.selector):
        return message.sendTo_(self)
    return answer


def identity(self):
    """Who self is, for people: its number, and its root's name if it has one."""
    return mirror(self).identity()


def describe(self):
    """Self as text: own slots, then the methods that can be sent to it. Minds
    read this to know whom they write a method for."""
    lines = [mirror(self).identity()]
    for slot in mirror(self).slots():
        lines.append('  ' + mirror(self).line(slot['name']))
    inherited = mirror(self).inherited()
    methods = [slot['signature'] for slot in inherited if slot['kind'] == 'method']
    values = [slot['name'] for slot in inherited if slot['kind'] in ('value', 'object') and slot['name'] != 'comment']
    if methods:
        lines.append('  inherited methods: ' + ', '.join(methods))
    if values:
        lines.append('  inherited slots: ' + ', '.join(values))
    return '\n'.join(lines)
