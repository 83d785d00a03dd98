package lang

import (
	"errors"

	"batos/image"
)

// unwind finds who handles err, from the running activation outwards, and makes
// that activation go on in its handler. When nobody does, or err cannot be
// caught, it gives err back and the run is over.
func (m *Machine) unwind(err error) error {
	for {
		next, done := m.unwindOnce(err)
		if done {
			return next
		}
		err = next
	}
}

func (m *Machine) unwindOnce(err error) (error, bool) {
	var raised *Raised
	if !errors.As(err, &raised) {
		var limit *Exhausted
		if errors.As(err, &limit) && limit.Traceback == nil {
			limit.Traceback = m.traceback()
		}
		m.depth = 0
		return err, true
	}
	exc := raised.Exc
	again := m.raising
	m.raising = false
	if !again {
		m.setContext(exc)
	}
	if exc.trace == nil {
		// Those that natives make have not been charged yet.
		if err := m.Charge(exceptionBytes); err != nil {
			return err, false
		}
	}
	uncaught := !m.handled()
	for first := true; ; first = false {
		f := &m.frames[m.depth]
		if m.depth == 0 {
			return err, true
		}
		if first && again && repeats(exc, f, m.depth) {
			if last := &exc.trace[len(exc.trace)-1]; uncaught {
				last.locals = m.keep(f)
			}
		} else {
			m.trace(exc, f, uncaught)
		}
		if h := f.code.handlerAt(f.pc); h != nil {
			if h.cleanup {
				m.keepLocals(exc)
			}
			m.stack[f.base+int(h.reg)] = exc.Value()
			f.pc = int(h.target)
			if m.fuel--; m.fuel < m.poll {
				if err := m.look(); err != nil {
					return err, false
				}
			}
			return nil, true
		}
		m.depth--
		if f.flags&frameGenerator != 0 {
			switch next, done := m.generatorFailed(f.gen, exc); {
			case done:
				return nil, true
			case next != nil:
				return next, false
			}
		}
		if m.ends(exc) {
			return nil, true
		}
	}
}

// handled says whether any activation has a handler where it stands.
func (m *Machine) handled() bool {
	for d := m.depth; d > 0; d-- {
		f := &m.frames[d]
		if f.code.handlerAt(f.pc) != nil || f.flags&frameGenerator != 0 {
			return true
		}
	}
	return false
}

func (c *Code) handlerAt(pc int) *handler {
	for i := range c.handlers {
		if h := &c.handlers[i]; int(h.start) <= pc && pc < int(h.end) {
			return h
		}
	}
	return nil
}

// generatorFailed ends a generator that an exception has left; done says that
// its resumer goes on, an error that the exception has become another one.
func (m *Machine) generatorFailed(g *Generator, exc *Exception) (error, bool) {
	g.state, g.regs = generatorDone, nil
	g.fallback = Value{}
	stop := exc.Class.SubclassOf(StopIteration)
	if g.mode == resumeClose && (stop || exc.Class.SubclassOf(GeneratorExit)) {
		return m.deliver(image.None()), true
	}
	if stop {
		e := NewException(RuntimeError, image.NewStr("generator raised StopIteration"))
		e.Cause, e.Context, e.Suppress = exc.Value(), exc, true
		return &Raised{e}, false
	}
	return nil, false
}

// ends says whether exc is the StopIteration that a for or yield from over an
// object waits for.
func (m *Machine) ends(exc *Exception) bool {
	if !exc.Class.SubclassOf(StopIteration) {
		return false
	}
	f := &m.frames[m.depth]
	in := f.code.ins[f.pc]
	if in.op() != opForNext && in.op() != opForPair && in.op() != opYieldFrom || !m.stack[f.base+int(in.b())].IsObject() {
		return false
	}
	v := image.None()
	if len(exc.Args) > 0 {
		v = exc.Args[0]
	}
	return m.iterationEnd(v) == nil
}

// setContext makes what is handled now the context of a new exception.
func (m *Machine) setContext(exc *Exception) {
	for d := m.depth; d > 0; d-- {
		h := m.frames[d].handling
		if h == nil {
			continue
		}
		if h == exc {
			return
		}
		// The chain must stay a chain.
		for c := h; c.Context != nil; c = c.Context {
			if c.Context == exc {
				c.Context = nil
				break
			}
		}
		exc.Context = h
		return
	}
}

// raiseOp does opRaise.
func (m *Machine) raiseOp(f *activation, in instr, R []Value) error {
	if in.c() == 2 {
		for d := m.depth; d > 0; d-- {
			if h := m.frames[d].handling; h != nil {
				m.raising = true
				return &Raised{h}
			}
		}
		return Raise(RuntimeError, "No active exception to reraise")
	}
	exc, err := m.exceptionFrom(R[in.a()], "exceptions must derive from BaseException")
	if err != nil {
		return err
	}
	if in.c() == 1 {
		exc.Suppress = true
		if cause := R[in.b()]; cause.IsNone() {
			exc.Cause = Value{}
		} else {
			c, err := m.exceptionFrom(cause, "exception causes must derive from BaseException")
			if err != nil {
				return err
			}
			exc.Cause = c.Value()
		}
	}
	return &Raised{exc}
}

// exceptionFrom makes an exception of what raise was given.
func (m *Machine) exceptionFrom(v Value, otherwise string) (*Exception, error) {
	switch {
	case v.Kind() == KindException:
		return exceptionOf(v), nil
	case v.Kind() == KindType && typeValueOf(v).Exception:
		return m.newException(typeValueOf(v), nil)
	}
	return nil, Raise(TypeError, "%s", otherwise)
}

// catches says whether an except clause with class catches exc.
func catches(class Value, exc *Exception) (bool, error) {
	switch {
	case class.Kind() == KindType && typeValueOf(class).Exception:
		return exc.Class.SubclassOf(typeValueOf(class)), nil
	case class.Kind() == image.KindTuple:
		for _, c := range class.Tuple() {
			if c.Kind() != KindType || !typeValueOf(c).Exception {
				return false, errNotAClass()
			}
		}
		for _, c := range class.Tuple() {
			if exc.Class.SubclassOf(typeValueOf(c)) {
				return true, nil
			}
		}
		return false, nil
	}
	return false, errNotAClass()
}

func errNotAClass() error {
	return Raise(TypeError, "catching classes that do not inherit from BaseException is not allowed")
}

func (m *Machine) unbound(name string) error {
	return Raise(UnboundLocalError, "cannot access local variable '%s' where it is not associated with a value", name)
}

// unboundCell is the value of a captured variable that is not bound: in an eval
// the name means what it means outside.
func (m *Machine) unboundCell(f *activation, name string) (Value, error) {
	if f.code.eval {
		return m.global(f, name)
	}
	return Value{}, m.unbound(name)
}

// unboundFree is unboundCell for a variable of a function around.
func (m *Machine) unboundFree(f *activation, index int) (Value, error) {
	name := f.code.free[index]
	if f.code.evalFree[index] {
		return m.global(f, name)
	}
	return Value{}, Raise(NameError, "cannot access free variable '%s' where it is not associated with a value in enclosing scope", name)
}
