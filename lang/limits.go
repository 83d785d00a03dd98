package lang

import (
	"strconv"
	"time"
)

// pollEvery is the fuel between two looks at the clock and the interrupt, about
// a tenth of a millisecond.
const pollEvery = 1 << 14

// Begin makes the machine ready for a new run under limits. The heap's
// transaction has begun.
func (m *Machine) Begin(l Limits) {
	if l.Fuel <= 0 {
		l.Fuel = DefaultFuel
	}
	if l.Memory <= 0 {
		l.Memory = DefaultMemory
	}
	if l.Depth <= 0 {
		l.Depth = DefaultDepth
	}
	if l.Deadline <= 0 {
		l.Deadline = DefaultDeadline
	}
	m.limits = l
	m.fuel, m.memory = l.Fuel, l.Memory
	m.poll = max(0, m.fuel-pollEvery)
	m.deadline = time.Now().Add(l.Deadline)
	m.stop.Store(false)
	m.charged = firstStack
	m.tail = nil
	m.height, m.recountAt, m.owed = 0, l.Memory/2, false
	m.values = valueState{}
	if len(m.stack) == 0 {
		m.stack = make([]Value, firstStack)
		m.frames = make([]activation, firstFrames)
	}
}

// Usage is what a run has used.
type Usage struct {
	Fuel   int64
	Memory int64 // bytes, at its height
}

// Used tells what the run has used so far.
func (m *Machine) Used() Usage {
	return Usage{Fuel: min(m.limits.Fuel-m.fuel, m.limits.Fuel), Memory: max(m.height, m.limits.Memory-m.memory)}
}

// Interrupt makes the run stop soon with ErrInterrupted. Any goroutine may
// call it.
func (m *Machine) Interrupt() { m.stop.Store(true) }

// Charge takes memory before it is allocated; the error is *Exhausted.
func (m *Machine) Charge(bytes int64) error {
	if bytes > m.memory || bytes < 0 {
		return m.exhausted("MemoryExhausted")
	}
	if m.memory -= bytes; m.memory < m.recountAt {
		m.owed, m.poll = true, never
	}
	return nil
}

// Work takes fuel for work beyond one instruction; the error is *Exhausted, or
// ErrInterrupted. About one unit for 8 bytes or one element handled.
func (m *Machine) Work(units int64) error {
	if units < 0 || units > m.fuel {
		m.fuel = 0
		return m.exhausted("FuelExhausted")
	}
	if m.fuel -= units; m.fuel < m.poll && !m.owed {
		return m.glance()
	}
	return nil
}

// glance looks at fuel, the clock and the interrupt; Machine.look is the same
// where memory can be counted too.
func (m *Machine) glance() error {
	if m.fuel <= 0 {
		return m.exhausted("FuelExhausted")
	}
	m.poll = max(0, m.fuel-pollEvery)
	if m.stop.Load() {
		return ErrInterrupted
	}
	if time.Now().After(m.deadline) {
		return m.exhausted("DeadlineExceeded")
	}
	return nil
}

// exhausted makes the error of a limit; its traceback is filled in when the
// activations are unwound.
func (m *Machine) exhausted(class string) error {
	e := &Exhausted{Class: class}
	switch class {
	case "FuelExhausted":
		e.Limit = grouped(m.limits.Fuel) + " instructions"
	case "MemoryExhausted":
		e.Limit = grouped(m.limits.Memory) + " bytes"
	case "DepthExhausted":
		e.Limit = grouped(int64(m.limits.Depth)) + " activations"
	case "DeadlineExceeded":
		e.Limit = m.limits.Deadline.String() + " of running"
	}
	return e
}

// grouped writes a number with commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
