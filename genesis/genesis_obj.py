"""The first object, and the one that speaks for the image. It is
born without display_yourself: that it asks its mind for, in the First
Conversation."""

parents = [traits_obj, pLLM_obj]

# There are no globals: what a method is to reach stands in a slot.
codex = codex
transcript = transcript
morph = morph
text_morph = text_morph
proto_morph = proto_morph
world_morph = world_morph

state = 'awake'


# What display_yourself may build upon.
def open_world(self):
    """My world of morphs. The first time it is made, and kept in my slot ui."""
    if not self.hasSlot_('ui'):
        self.ui = self.world_morph.open_on_(self)
    return self.ui


def shortfallOf_trial_(self, message, trial):
    """display_yourself must come to something that can be seen."""
    if message.selector == 'display_yourself' and 'submorphs' not in trial['slots']:
        return ('display_yourself must return a world, an object with the slot submorphs, but it returned '
                + trial['result'] + '; self.world_morph.open_on_(self) makes one')
    return super().shortfallOf_trial_(message, trial)
