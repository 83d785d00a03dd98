# What collections needs to call back for.

def _missing(mapping, key):
    value = mapping.default_factory()
    mapping[key] = value
    return value
