package lang

import "batos/image"

// Generator is a function that stands between two of its instructions. Its
// registers are kept here while it does not run; then they are a window on the
// machine's stack, as any activation's.
type Generator struct {
	image.Header
	code     *Code
	fn       *Function
	holder   *image.Object
	handling *Exception
	pc       int
	regs     []Value
	state    generatorState
	mode     resumeMode
	fallback Value // of next(g, fallback)
}

// Value makes the value that refers to the generator.
func (g *Generator) Value() Value { return image.FromHeader(&g.Header) }

// Name is the name of the function that made it.
func (g *Generator) Name() string { return g.code.name }

// TypeName is the name of its type: "generator", or that of the builtin it
// stands for.
func (g *Generator) TypeName() string { return g.code.typeName }

type generatorState uint8

const (
	generatorNew generatorState = iota
	generatorSuspended
	generatorRunning
	generatorDone
)

// resumeMode says what the resumer makes of the generator's end.
type resumeMode uint8

const (
	resumeLoop  resumeMode = iota // a for, or yield from: the instruction knows
	resumeNext                    // raise StopIteration, or give the fallback
	resumeClose                   // give None; a yield is an error
)

// makeGenerator delivers a generator of code, whose arguments are bound at base.
func (m *Machine) makeGenerator(code *Code, base int, fn *Function, holder *image.Object) error {
	if err := m.Charge(generatorBytes + slotBytes*int64(code.registers)); err != nil {
		return err
	}
	if err := m.ensure(base + windowSize); err != nil {
		return err
	}
	g := &Generator{Header: image.NewHeader(KindGenerator), code: code, fn: fn, holder: holder,
		regs: make([]Value, code.registers)}
	copy(g.regs, m.stack[base:base+len(code.params)])
	return m.deliver(g.Value())
}

// resume pushes a generator's activation. What it yields is delivered to the
// activation that is on top now. sent is what its yield gives; failure, when
// not nil, is raised there instead.
func (m *Machine) resume(g *Generator, mode resumeMode, sent Value, failure error) error {
	switch g.state {
	case generatorRunning:
		return Raise(ValueError, "generator already executing")
	case generatorDone:
		if failure != nil {
			return failure
		}
		g.mode = mode
		return m.generatorEnd(g, image.None())
	case generatorNew:
		if failure == nil && !sent.IsNone() {
			return Raise(TypeError, "can't send non-None value to a just-started generator")
		}
		if failure != nil {
			g.state, g.regs = generatorDone, nil
			return failure
		}
	}
	top := &m.frames[m.depth]
	base := top.base + top.code.registers + 2
	if top.code == ground {
		base += len(m.args.Pos) + 2
	}
	if err := m.ensure(base + windowSize); err != nil {
		return err
	}
	f, err := m.push()
	if err != nil {
		return err
	}
	copy(m.stack[base:], g.regs)
	*f = activation{code: g.code, base: base, holder: g.holder, fn: g.fn, gen: g, handling: g.handling,
		pc: g.pc, flags: frameGenerator}
	started := g.state == generatorSuspended
	g.state, g.mode = generatorRunning, mode
	if started {
		in := g.code.ins[g.pc]
		switch {
		case in.op() == opYieldFrom && failure != nil:
			return m.throwInto(f, in, failure)
		case in.op() == opYieldFrom:
			m.stack[base+int(in.c())] = sent
		case failure == nil:
			m.stack[base+int(in.a())] = sent
			f.pc++
		}
	}
	if failure != nil {
		return failure
	}
	if m.fuel < m.poll {
		return m.look()
	}
	return nil
}

// throwInto hands an exception on to the iterator that a yield from waits for.
func (m *Machine) throwInto(f *activation, in instr, failure error) error {
	it := m.stack[f.base+int(in.b())]
	if it.Kind() != KindGenerator {
		return failure
	}
	sub := generatorOf(it)
	if sub.state == generatorDone {
		return failure
	}
	return m.resume(sub, resumeLoop, image.None(), failure)
}

// yield suspends the running generator and delivers a value to its resumer.
func (m *Machine) yield(f *activation, v Value) error {
	g := f.gen
	copy(g.regs, m.stack[f.base:f.base+len(g.regs)])
	g.pc, g.handling, g.state = f.pc, f.handling, generatorSuspended
	m.depth--
	if g.mode == resumeClose {
		return Raise(RuntimeError, "generator ignored GeneratorExit")
	}
	return m.yielded(v)
}

// yielded delivers what a generator or other iterator gave. A yield from passes
// it on and goes on waiting.
func (m *Machine) yielded(v Value) error {
	f := &m.frames[m.depth]
	if f.code.ins[f.pc].op() == opYieldFrom {
		return m.yield(f, v)
	}
	return m.deliver(v)
}

// returned is a return from an activation that is a generator's.
func (m *Machine) returned(v Value) error {
	f := &m.frames[m.depth]
	g := f.gen
	m.depth--
	g.state, g.regs = generatorDone, nil
	return m.generatorEnd(g, v)
}

// generatorEnd tells the resumer that a generator has come to its end with v.
func (m *Machine) generatorEnd(g *Generator, v Value) error {
	switch g.mode {
	case resumeClose:
		return m.deliver(image.None())
	case resumeNext:
		if fallback := g.fallback; !fallback.Absent() {
			g.fallback = Value{}
			return m.deliver(fallback)
		}
		return stopIteration(v)
	}
	return m.iterationEnd(v)
}

// iterationEnd tells a for or a yield from that its iterator has ended.
func (m *Machine) iterationEnd(v Value) error {
	f := &m.frames[m.depth]
	in := f.code.ins[f.pc]
	if in.op() == opForNext || in.op() == opForPair {
		f.pc = int(in.d())
		return nil
	}
	return m.deliver(v)
}

func stopIteration(v Value) error {
	if v.IsNone() {
		return &Raised{NewException(StopIteration)}
	}
	return &Raised{NewException(StopIteration, v)}
}

// yieldFrom does opYieldFrom: it asks the inner iterator for its next value.
func (m *Machine) yieldFrom(f *activation, in instr) error {
	it := m.stack[f.base+int(in.b())]
	sent := m.stack[f.base+int(in.c())]
	switch {
	case it.Kind() == KindGenerator:
		return m.resume(generatorOf(it), resumeLoop, sent, nil)
	case it.Kind() == KindIter:
		v, ok, err := iteratorOf(it).It.Next(m)
		if err != nil {
			return err
		}
		if !ok {
			return m.deliver(image.None())
		}
		return m.yield(f, v)
	}
	return m.sendIterator(it, symNext)
}

// generatorMethods are what a generator understands.
var generatorMethods = map[image.Symbol]*NativeFunction{}

func intrinsicFunction(name string, fn intrinsic) *NativeFunction {
	return &NativeFunction{Header: image.NewHeader(KindNative), Name: name, intrinsic: fn}
}

func init() {
	for name, fn := range map[string]intrinsic{
		"send": func(m *Machine, self Value, at, n int, names []string) error {
			if n != 1 || len(names) > 0 {
				return Raise(TypeError, "generator.send() takes exactly one argument (%d given)", n)
			}
			return m.resume(generatorOf(self), resumeNext, m.stack[at], nil)
		},
		"__next__": func(m *Machine, self Value, at, n int, names []string) error {
			if n != 0 || len(names) > 0 {
				return Raise(TypeError, "expected 0 arguments, got %d", n)
			}
			return m.resume(generatorOf(self), resumeNext, image.None(), nil)
		},
		"__iter__": func(m *Machine, self Value, at, n int, names []string) error { return m.deliver(self) },
		"close": func(m *Machine, self Value, at, n int, names []string) error {
			if n != 0 || len(names) > 0 {
				return Raise(TypeError, "generator.close() takes no arguments (%d given)", n)
			}
			g := generatorOf(self)
			if g.state == generatorNew || g.state == generatorDone {
				g.state, g.regs = generatorDone, nil
				return m.deliver(image.None())
			}
			return m.resume(g, resumeClose, image.None(), &Raised{NewException(GeneratorExit)})
		},
		"throw": func(m *Machine, self Value, at, n int, names []string) error {
			if n < 1 || n > 3 || len(names) > 0 {
				return Raise(TypeError, "throw expected at least 1 argument, got %d", n)
			}
			exc, err := m.exceptionFrom(m.stack[at], "exceptions must be classes or instances deriving from BaseException, not %s")
			if err != nil {
				return err
			}
			if n > 1 && !m.stack[at+1].IsNone() && len(exc.Args) == 0 {
				exc = NewException(exc.Class, m.stack[at+1])
			}
			return m.resume(generatorOf(self), resumeNext, image.None(), &Raised{exc})
		},
	} {
		generatorMethods[image.Intern(name)] = intrinsicFunction(name, fn)
	}
}
