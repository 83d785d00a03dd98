"""A label. With a target and an aspect it shows that slot as it changes."""

parents = [morph]

size = (240, 28)
color = 'transparent'
shape = 'text'
submorphs = []
