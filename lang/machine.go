package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

// Machine runs methods on one heap: it belongs to one worker and is used by one
// goroutine at a time, but for Interrupt. It is reused for many runs.
type Machine struct {
	Heap *image.Heap
	Host *Host

	fuel   int64 // left
	memory int64 // left
}

// NewMachine makes a machine for the transactions of a heap.
func NewMachine(h *image.Heap, host *Host) *Machine { return &Machine{Heap: h, Host: host} }

// Begin makes the machine ready for a new run under limits. The heap's
// transaction has begun.
func (m *Machine) Begin(l Limits) { panic("not built") }

// Send sends a message and runs it to its end. The error is *Raised,
// *Exhausted, *Suspended, ErrInterrupted, or an error of the heap.
func (m *Machine) Send(receiver Value, selector image.Symbol, args []Value, names []string, kw []Value) (Value, error) {
	panic("not built")
}

// Eval runs statements with self; the value is that of a last expression,
// else None. Names that it assigns are its own locals.
func (m *Machine) Eval(body *syntax.Body, self Value) (Value, error) { panic("not built") }

// Usage is what a run has used.
type Usage struct {
	Fuel   int64
	Memory int64 // bytes, at its height
}

// Used tells what the run has used so far.
func (m *Machine) Used() Usage { panic("not built") }

// Interrupt makes the run stop soon with ErrInterrupted. Any goroutine may
// call it.
func (m *Machine) Interrupt() { panic("not built") }

// Charge takes memory before it is allocated; the error is *Exhausted.
func (m *Machine) Charge(bytes int64) error {
	if bytes > m.memory || bytes < 0 {
		return m.exhausted("MemoryExhausted")
	}
	m.memory -= bytes
	return nil
}

// Work takes fuel for work beyond one instruction; the error is *Exhausted, or
// ErrInterrupted. About one unit for 8 bytes or one element handled.
func (m *Machine) Work(units int64) error {
	if m.fuel -= units; m.fuel < 0 {
		return m.exhausted("FuelExhausted")
	}
	return nil
}

func (m *Machine) exhausted(class string) error { return &Exhausted{Class: class} }
