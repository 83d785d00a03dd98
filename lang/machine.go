package lang

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"batos/image"
	"batos/lang/syntax"
)

// Machine runs methods on one heap: it belongs to one worker and is used by one
// goroutine at a time, but for Interrupt. It is reused for many runs.
//
// A run is a stack of activations (frame.go) that one loop (loop.go) works on.
// What needs more than an instruction can do, such as a send that misses its
// cache, either delivers a value to the instruction that waits for it or pushes
// an activation whose value is delivered when it returns. So no Go function
// stands between two activations, and a run can stop at any instruction.
type Machine struct {
	Heap *image.Heap
	Host *Host

	fuel   int64 // left
	memory int64 // left
	poll   int64 // when fuel falls below it, the clock and the interrupt are looked at

	height    int64 // of memory used, before it was counted
	recountAt int64 // memory left below which what lives is counted next
	owed      bool  // a count is due

	limits   Limits
	deadline time.Time
	stop     atomic.Bool
	running  bool
	raising  bool // the exception on its way is raised again unchanged

	stack   []Value
	frames  []activation
	depth   int // of the running activation; 0 is the ground
	charged int // registers of the stack that this run has paid for

	args    Args
	tail    []byte           // behind the text that was extended last; see concatStr
	natives map[string]Value // of the host
	modules map[string]Value // that have been imported
	codes   map[string]*Code // compiled methods by source; see codeOf
	prelude map[string]*Function
	spare   []Value // keyword values while arguments are bound
	laid    []Value // the arguments of a native in the order of its parameters
	values  valueState
}

const (
	firstStack  = 4 * windowSize
	firstFrames = 32
	maxStack    = 1 << 22 // registers
)

// linkOnce links the builtins with the prelude, once all tables are filled.
var linkOnce sync.Once

// NewMachine makes a machine for the transactions of a heap.
func NewMachine(h *image.Heap, host *Host) *Machine {
	if host == nil {
		host = &Host{}
	}
	linkOnce.Do(linkBuiltins)
	m := &Machine{Heap: h, Host: host, natives: map[string]Value{},
		modules: map[string]Value{}, prelude: map[string]*Function{}}
	for name, fn := range host.Natives {
		native := &NativeFunction{Header: image.NewHeader(KindNative), Name: name, Fn: fn}
		m.natives[name] = native.Value()
	}
	m.Begin(Limits{})
	return m
}

// Send sends a message and runs it to its end. The error is *Raised,
// *Exhausted, *Suspended, ErrInterrupted, an error of the heap, or *Fault.
func (m *Machine) Send(receiver Value, selector image.Symbol, args []Value, names []string, kw []Value) (Value, error) {
	return m.start(func() error {
		at, err := m.lay(args, kw)
		if err != nil {
			return err
		}
		m.stack[at-1] = receiver
		return m.sendTo(nil, selector, receiver, at, len(args), names)
	})
}

// Call calls a callable value and runs it to its end, as Send does.
func (m *Machine) Call(fn Value, args []Value) (Value, error) {
	return m.start(func() error {
		at, err := m.lay(args, nil)
		if err != nil {
			return err
		}
		return m.call(fn, at, len(args), nil)
	})
}

// Eval runs statements with self; the value is that of a last expression,
// else None. Names that it assigns are its own locals.
func (m *Machine) Eval(body *syntax.Body, self Value) (Value, error) {
	code, err := compileBody(body)
	if err != nil {
		return Value{}, err
	}
	fn := &Function{Header: image.NewHeader(KindFunction), Code: code, receiver: self}
	return m.Call(fn.Value(), nil)
}

var errRunning = errors.New("the machine is running: a native must not start a run on it")

// start runs what first makes the ground's call do.
func (m *Machine) start(first func() error) (v Value, err error) {
	if m.running {
		return Value{}, errRunning
	}
	m.running = true
	m.depth = 0
	m.frames[0] = activation{code: ground}
	v, err = m.guarded(first)
	m.running, m.raising = false, false
	m.depth = 0
	if len(m.stack) > firstStack {
		m.stack = make([]Value, firstStack) // each run grows it alike
	} else {
		clear(m.stack)
	}
	var raised *Raised
	if errors.As(err, &raised) {
		m.finishTraceback(raised.Exc)
	}
	return v, err
}

// guarded runs, and makes an error of a panic: a fault of the runtime must cost
// one message, not the process.
func (m *Machine) guarded(first func() error) (v Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = Value{}, &Fault{Panic: p, Stack: string(debug.Stack())}
		}
	}()
	if err = first(); err != nil {
		err = m.unwind(err)
	}
	if err != nil {
		return Value{}, err
	}
	return m.run()
}

// Fault is a panic within a run: always a mistake in the runtime or the host.
type Fault struct {
	Panic any
	Stack string // of the Go code, for the log
}

func (f *Fault) Error() string {
	return fmt.Sprintf("the runtime of the language failed: %v; please report it with the method", f.Panic)
}

// lay puts arguments on the stack behind the ground's registers.
func (m *Machine) lay(args, kw []Value) (int, error) {
	const at = 2
	if err := m.ensure(at + len(args) + len(kw) + windowSize); err != nil {
		return 0, err
	}
	copy(m.stack[at:], args)
	copy(m.stack[at+len(args):], kw)
	return at, nil
}
