"""The principles. Only the Architect amends them; a commit that tries is
refused, and nothing of its message is kept."""

parents = [traits_obj]

principles = (
    'Organisation is invariant, structure is free: what every object relies on stays, all else may change.',
    'What was acknowledged is never lost.',
    'A message happens whole or not at all.',
    'A message that nobody understands is a question, not a failure.',
    'No method acts beyond what it was given a reference to.',
    'Every change says who, why and what; every written method says which mind, and how it was tried.',
)


def recite(self):
    """The principles as text."""
    return '\n'.join(f'{n}. {text}' for n, text in enumerate(self.principles, 1))
