package lang

// maxTrace bounds the activations that an exception remembers, and maxLocals
// those whose locals are shown, the innermost.
const (
	maxTrace  = 1_000
	maxLocals = 20
)

// tracePoint is one activation that an exception has passed.
type tracePoint struct {
	code     *Code
	pc       int
	receiver Value
	depth    int
	locals   []Value // what they held, where that is known; shown when the traceback is
}

// trace notes that exc passes an activation. Locals are kept when no handler
// will run before the traceback is shown, since their registers are still there.
func (m *Machine) trace(exc *Exception, f *activation, locals bool) {
	if f.code.hidden || len(exc.trace) >= maxTrace {
		return
	}
	p := tracePoint{code: f.code, pc: f.pc, receiver: m.receiverOf(f), depth: m.depth}
	if locals && len(exc.trace) < maxLocals {
		p.locals = m.keep(f)
	}
	if m.Charge(traceBytes) == nil {
		exc.trace = append(exc.trace, p)
	}
}

// repeats says whether an exception that is raised again has this activation
// in its trace already, as the last it came to.
func repeats(exc *Exception, f *activation, depth int) bool {
	n := len(exc.trace)
	return n > 0 && exc.trace[n-1].code == f.code && exc.trace[n-1].depth == depth
}

// keepLocals is for a finally: the activations that were passed are gone when
// the exception goes on, so what they held is noted now.
func (m *Machine) keepLocals(exc *Exception) {
	for i := range exc.trace {
		p := &exc.trace[i]
		if p.locals == nil && i < maxLocals && p.depth < len(m.frames) && p.depth >= m.depth {
			if f := &m.frames[p.depth]; f.code == p.code && f.pc == p.pc {
				p.locals = m.keep(f)
			}
		}
	}
}

// keep copies the locals of an activation.
func (m *Machine) keep(f *activation) []Value {
	n := len(f.code.locals)
	if f.base+n > len(m.stack) || m.Charge(slotBytes*int64(n)) != nil {
		return nil
	}
	return append([]Value(nil), m.stack[f.base:f.base+n]...)
}

// receiverOf is the receiver of a method's activation, absent for a function.
func (m *Machine) receiverOf(f *activation) Value {
	if v := m.selfOf(f); v.IsObject() && (f.holder != nil || f.fn != nil) {
		return v
	}
	return Value{}
}

// show writes locals shortly and under bounds of their own: showing an error must
// not run into the limit that caused it.
func (m *Machine) show(code *Code, locals []Value) map[string]string {
	if locals == nil {
		return nil
	}
	fuel, memory, poll, owed := m.fuel, m.memory, m.poll, m.owed
	defer func() { m.fuel, m.memory, m.poll, m.owed = fuel, memory, poll, owed }()
	shown := map[string]string{}
	for i, v := range locals {
		name := code.locals[i].Name
		if name == "" || name[0] == '.' {
			continue
		}
		if v.Kind() == KindCell {
			v = cellOf(v).v
		}
		if v.Absent() {
			continue
		}
		m.fuel, m.memory, m.poll = 2_000, 64<<10, 0
		shown[name] = m.shortRepr(v)
	}
	return shown
}

const maxShown = 80

func (m *Machine) shortRepr(v Value) string {
	s, err := m.Repr(v)
	if err != nil {
		return "<" + typeName(v) + ">"
	}
	if r := []rune(s); len(r) > maxShown {
		return string(r[:maxShown-3]) + "..."
	}
	return s
}

// finishTraceback gives an exception that leaves the run, and those it is
// chained to, the traceback that people see, outermost activation first.
func (m *Machine) finishTraceback(exc *Exception) {
	const most = 100
	chain := []*Exception{exc}
	for i := 0; i < len(chain) && i < most; i++ {
		e := chain[i]
		if e.trace == nil {
			continue
		}
		e.Traceback = make([]TraceLine, 0, len(e.trace))
		for i := len(e.trace) - 1; i >= 0; i-- {
			e.Traceback = append(e.Traceback, m.line(&e.trace[i]))
		}
		e.trace = nil
		if e.Cause.Kind() == KindException {
			chain = append(chain, exceptionOf(e.Cause))
		}
		if e.Context != nil {
			chain = append(chain, e.Context)
		}
	}
}

// traceback shows the activations as they stand.
func (m *Machine) traceback() []TraceLine {
	var lines []TraceLine
	for d := max(1, m.depth-maxTrace); d <= m.depth; d++ {
		f := &m.frames[d]
		if f.code.hidden {
			continue
		}
		p := tracePoint{code: f.code, pc: f.pc, receiver: m.receiverOf(f)}
		if m.depth-d < maxLocals {
			p.locals = m.stack[f.base : f.base+len(f.code.locals)]
		}
		lines = append(lines, m.line(&p))
	}
	return lines
}

func (m *Machine) line(p *tracePoint) TraceLine {
	l := TraceLine{Selector: p.code.name, Locals: m.show(p.code, p.locals)}
	if p.receiver.IsObject() {
		l.Receiver = "@new"
		if oid := p.receiver.Object().OID(); oid != 0 {
			l.Receiver = oid.String()
		}
	}
	if p.pc < len(p.code.spans) {
		span := p.code.spans[p.pc]
		l.Line, l.Col = int(span.Start.Line), int(span.Start.Col)
		l.Source = p.code.text.line(l.Line)
		if span.End.Line == span.Start.Line {
			l.EndCol = int(span.End.Col)
		} else {
			l.EndCol = len([]rune(l.Source)) + 1
		}
	}
	return l
}
