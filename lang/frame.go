package lang

import "batos/image"

// activation is one running function: plain data, so that a run can be stopped
// between two instructions. Its registers are a window on the machine's stack
// from base on; a callee's window begins where its caller laid the arguments.
//
// While it waits for another activation, pc is the instruction that waits.
type activation struct {
	code     *Code
	pc       int
	base     int
	holder   *image.Object // that holds the method; nil for a function
	fn       *Function     // the closure; nil for a method
	gen      *Generator    // when flags has frameGenerator
	handling *Exception    // what an except clause of it handles
	flags    uint8
}

const frameGenerator uint8 = 1

// ground is what lies beneath the first activation of a run: its call is what
// the run waits for.
var ground = &Code{name: "<run>", text: &sourceText{}, hidden: true,
	ins: []instr{newInstr(opCall, 0, 0, 0, 0), newInstr(opHalt, 0, 0, 0, 0)}, spans: nil}

// enter pushes an activation whose parameters lie at base.
func (m *Machine) enter(code *Code, base int, fn *Function, holder *image.Object) error {
	if err := m.ensure(base + windowSize); err != nil {
		return err
	}
	locals := m.stack[base+len(code.params) : base+len(code.locals)]
	clear(locals)
	f, err := m.push()
	if err != nil {
		return err
	}
	*f = activation{code: code, base: base, holder: holder, fn: fn}
	if m.fuel < m.poll {
		return m.look()
	}
	return nil
}

// push takes the next activation, unset. The depth limit counts the ground out.
func (m *Machine) push() (*activation, error) {
	if m.depth >= m.limits.Depth {
		return nil, m.exhausted("DepthExhausted")
	}
	m.depth++
	if m.depth == len(m.frames) {
		m.frames = append(m.frames, make([]activation, len(m.frames))...)
	}
	return &m.frames[m.depth], nil
}

// ensure makes the stack hold n registers. Windows are looked up anew after it.
func (m *Machine) ensure(n int) error {
	if n <= len(m.stack) {
		return nil
	}
	size := max(2*len(m.stack), n+windowSize)
	if int64(size) > maxStack {
		return m.exhausted("MemoryExhausted")
	}
	if size > m.charged {
		if err := m.Charge(int64(size-m.charged) * slotBytes); err != nil {
			return err
		}
		m.charged = size
	}
	stack := make([]Value, size)
	copy(stack, m.stack)
	m.stack = stack
	return nil
}

// deliver hands a value to the instruction that the running activation waits
// in, and lets it go on behind it.
func (m *Machine) deliver(v Value) error {
	f := &m.frames[m.depth]
	in := f.code.ins[f.pc]
	if in.op() < opFirstDelivered {
		m.stack[f.base+int(in.a())] = v
		f.pc++
		return nil
	}
	return m.delivered(f, in, v)
}

// delivered is deliver for the instructions that do more with a value.
func (m *Machine) delivered(f *activation, in instr, v Value) error {
	R := m.stack[f.base:]
	switch in.op() {
	case opForPrep:
		return m.loopOver(f, in, v, false)
	case opIter:
		if !isIterator(v) {
			return Raise(TypeError, "iter() returned non-iterator of type '%s'", v.Kind())
		}
		R[in.a()] = v
	case opUnpack, opUnpackRest, opForPair:
		return m.unpack(f, in, v)
	case opListExtend:
		return m.extendList(f, in, v)
	case opSetExtend:
		return m.extendSet(f, in, v)
	case opYieldFrom:
		R[in.a()] = v
	case opIncAttr:
		if err := m.setAttr(R[in.a()], &f.code.sites[in.d()], v); err != nil {
			return err
		}
	}
	f.pc++
	return nil
}
