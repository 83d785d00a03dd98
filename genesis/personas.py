"""Who speaks. A persona is an object with a name and a voice; it is held by a
slot here. In this version there is one."""

parents = [traits_obj]

architect = 'the person who runs the image, and may amend the codex'
