"""What leads out of the image. A slot here grants the object that it holds the
primitives of its name; whoever has a reference to that object may use them."""

parents = [traits_obj]

minds = minds
