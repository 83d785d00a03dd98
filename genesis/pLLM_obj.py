"""The mind of an object. Whoever has this object among its parents has its
missing methods written: the question is put to a ladder of engines (language
models, and a person last), and what comes back is audited, tried and kept."""

parents = [traits_obj]

# The engines in the order in which they are asked. `bat mind use` puts one at
# the top. A person is asked when no engine is left.
engines = ['human']

# How often one engine is asked about one message: once, and twice more with the
# reason why its answer fell short.
attempts = 3

# The capability to ask engines. Whoever reaches it may spend them.
minds = minds

covenant = '''You write one method for an object of a living image. The image keeps every object and every method for ever, so write what you would keep.

The language is Python 3.11: one function, def selector(self, ...), with a docstring. These things differ:
- There are no classes. An object is a bag of slots; what it lacks it looks up in its parents. self.x reads a slot, self.x = v sets one of self's own, self.m(a) sends a message.
- A new object is a copy of another: self.clone(), or other.clone(x=1). A copy shares the lists and dicts of its original; give it its own.
- There are no globals. You reach other objects only through self's slots and through the arguments. Use only slots and methods that the description shows, and slots that you set yourself first.
- Every change to a slot, and to a list, dict or set in one, is kept. There is no saving and no file, no network, no clock but datetime's, which stands still while a message runs.
- import takes base64, bisect, collections, copy, datetime, functools, hashlib, heapq, itertools, json, math, operator, random, re, statistics, string, textwrap, time, typing; nothing else.
- A closure, a generator or a module cannot be kept in a slot.
- Where an argument makes no sense, raise ValueError or TypeError with a sentence. Do not catch errors in order to hide them.
- No decorators, class, async, eval, exec, open; no names that begin with an underscore.

Your method is read, and then tried with the very arguments of the message, before it is kept. Answer with the method alone, in one ```python fence.

An example. Asked for display_yourself, genesis_obj can answer:

```python
def display_yourself(self):
    """Show me and what I hold as a world of morphs, which people see and touch."""
    if self.hasSlot_('ui'):
        return self.ui
    world = self.world_morph.open_on_(self)
    greeting = self.text_morph.clone(text='I am awake.', position=(40, 560), size=(320, 40), color='#e8f0ff')
    world.add_(greeting)
    self.ui = world
    return world
```'''


# The heart of the system. It runs as a message of its own while the sender
# waits. Asking a mind and trying a method are effects: they are done once,
# outside of any transaction, and written down; then this method runs again
# from its start and is given what was written. So it reads as if it waited.
def reflectOn_(self, message):
    """Has the method written that would understand the message, and keeps it."""
    failures = []
    for engine in self.ladder():
        shortfalls = []
        for attempt in range(self.attempts):
            answer = self.minds.ask_system_prompt_about_(
                engine, self.covenant, self.promptFor_shortfalls_(message, shortfalls), message)
            if answer['error']:
                failures.append(f"{engine}: {answer['error']}")
                break
            source = self.methodIn_(answer['text'])
            trial = self.minds.try_on_(source, message)
            reason = trial['reason'] or self.shortfallOf_trial_(message, trial)
            if not reason:
                return self.minds.keep_on_(source, message)
            self.minds.note_shortfall_(source, reason)
            shortfalls.append({'source': source, 'reason': reason})
        else:
            failures.append(f"{engine}: {shortfalls[-1]['reason']}")
    raise RuntimeError('no mind could write ' + message.selector + ': ' + '; '.join(failures))


def ladder(self):
    """The engines to ask, a person last."""
    rungs = [engine for engine in self.engines if engine != 'human']
    return rungs + ['human']


# Override this where a method must come to more than that it runs.
def shortfallOf_trial_(self, message, trial):
    """Why the trial's result will not do, or ''. trial has result (its repr),
    type, and slots (the names of the result's slots, when it is an object)."""
    return ''


def promptFor_shortfalls_(self, message, shortfalls):
    """The question about a message, with what was wrong with earlier answers."""
    arguments = [repr(a) for a in message.arguments]
    arguments += [f'{name}={value!r}' for name, value in message.kwargs.items()]
    arguments = [text if len(text) <= 500 else text[:500] + '...' for text in arguments]
    parameters = ', '.join(['self'] + [f'a{n + 1}' for n in range(len(message.arguments))] + list(message.kwargs))
    lines = [
        f'Write the method {message.selector}.',
        '',
        f"It was sent as {message.selector}({', '.join(arguments)}), so it begins like",
        f'def {message.selector}({parameters}):, with better names for the parameters.',
        '',
        'The receiver:',
        self.describe(),
    ]
    for argument in message.arguments:
        if type(argument).__name__ == 'UvmObject':
            lines += ['', 'An argument:', mirror(argument).describe()]
    for shortfall in shortfalls[-2:]:
        lines += ['', 'An earlier answer was:', '```python', shortfall['source'], '```',
                  'It will not do: ' + shortfall['reason']]
    return '\n'.join(lines)


def methodIn_(self, text):
    """The method in an answer: the first fence that holds a def, else all of it."""
    if '</think>' in text:
        text = text.split('</think>')[-1]
    for part in text.split('```')[1::2]:
        if 'def ' in part:
            language, newline, rest = part.partition('\n')
            return (part if 'def ' in language else rest).strip('\n').rstrip()
    return text.strip()


def infer_(self, prompt):
    """The answer of the first engine of the ladder that gives one, as text."""
    failures = []
    for engine in self.ladder():
        answer = self.minds.ask_system_prompt_about_(engine, '', prompt, None)
        if not answer['error']:
            return answer['text']
        failures.append(f"{engine}: {answer['error']}")
    raise RuntimeError('no mind answered: ' + '; '.join(failures))


def fineTuneWith_(self, examples):
    """Says honestly what this version cannot do."""
    raise NotImplementedError('no engine here can be tuned yet: the ladder is ' + ', '.join(self.ladder())
                              + '; the examples stay where they are')
