"""Will weave what the image has learned into its minds. In this version it
only says so."""

parents = [traits_obj]
