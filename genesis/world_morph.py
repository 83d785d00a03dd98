"""The ground on which morphs lie. The page shows the world that the root
'world' names."""

parents = [morph]

size = (1600, 1000)
color = '#f4f6f8'
shape = 'world'
submorphs = []

proto_morph = proto_morph
text_morph = text_morph


def open_on_(self, target):
    """A new world with a proto-morph for target and for each object that it
    holds, and a label that tells target's state. Keep what is returned in a
    slot: a world that nothing holds is gone with its message."""
    world = self.clone(target=target, text=mirror(target).identity())
    status = self.text_morph.clone(text=mirror(target).identity(), target=target, aspect='state', position=(40, 16))
    world.add_(status)
    shown = [target]
    for slot in mirror(target).slots():
        if slot['kind'] == 'object' and slot['value'] not in shown:
            shown.append(slot['value'])
    for parent in mirror(target).parents():
        if parent not in shown:
            shown.append(parent)
    for n, shown_object in enumerate(shown):
        column, row = n % 5, n // 5
        proto = self.proto_morph.show_(shown_object)
        proto.position = (40 + 280 * column, 64 + 220 * row)
        world.add_(proto)
    return world
