"""The capability to ask engines, to try what they write and to keep it. A
reference to this very object is the permission: a copy of it is refused."""

parents = [traits_obj]


# primitive(self, ...) is the one door out of the image. It opens for objects
# that the slots of capabilities hold.
def ask_system_prompt_about_(self, engine, system, prompt, message):
    """An engine's answer as {text, model, error}; error is '' when there is one.
    Asking 'human' waits until a person has answered."""
    return primitive(self, 'infer', engine, system, prompt, message)


def try_on_(self, source, message):
    """Audits a method's source and runs it on the message in a transaction that
    is thrown away: {reason, result, type, slots}; reason is '' when it passed."""
    return primitive(self, 'trial', source, message)


def keep_on_(self, source, message):
    """Puts a method that has passed its trial into the receiver's slot, with
    where it comes from."""
    return primitive(self, 'keep', source, message)


def note_shortfall_(self, source, reason):
    """Tells those who look at the waiting message what has been tried."""
    return primitive(self, 'note', source, reason)
