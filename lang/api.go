package lang

import (
	"fmt"
	"time"

	"batos/image"
)

// Value is image.Value: the language computes on the image's own values.
type Value = image.Value

// Limits bound one run. Zero fields take the defaults. None can be caught.
type Limits struct {
	Fuel     int64         // instructions, plus the work of builtins in proportion to their input
	Memory   int64         // bytes of live values made by the run
	Depth    int           // activations
	Deadline time.Duration // running time
}

// Defaults of Limits.
const (
	DefaultFuel     = 50_000_000
	DefaultMemory   = 256 << 20
	DefaultDepth    = 1_000
	DefaultDeadline = 10 * time.Second
)

// Native is a function of the runtime written in Go. It must not call back
// into the language: what needs that is written in the language (see the
// prelude). It charges what it allocates (Machine.Charge) before it allocates,
// and work beyond a few steps (Machine.Work). An error is *Exception, or an
// *Exhausted or *Suspended or storage error, which no handler catches.
type Native func(m *Machine, a *Args) (Value, error)

// Args are the arguments of a call to a Native.
type Args struct {
	Name  string // of the function, for messages
	Self  Value  // receiver of a method of a builtin type; absent for a plain function
	Pos   []Value
	Names []string // keyword names, parallel to Kw
	Kw    []Value
}

// Host is what the machine that owns a run supplies to it.
type Host struct {
	// Print receives what print writes, newline included.
	Print func(text string)

	// Now is the message's own clock, fixed for the run.
	Now time.Time

	// Seed seeds the random module, fixed for the message.
	Seed uint64

	// Global resolves a name that is neither local nor builtin; eval uses it
	// for the roots. nil, or false, for a NameError.
	Global func(name string) (Value, bool)

	// NameOf gives the name that people know an object by, "" for none; nil for none at all.
	NameOf func(o *image.Object) string

	// Natives are further builtins that need the uvm: later, mirror, outside...
	Natives map[string]Native

	// NewMessage makes the object that doesNotUnderstand_ receives for a send
	// that found no slot.
	NewMessage func(receiver *image.Object, selector image.Symbol, args *Args) (Value, error)

	// SendProxy, when not nil, is asked first for sends to foreign values of
	// the host's own kinds (image.KindForeign+128 and up), as later(obj) gives.
	SendProxy func(m *Machine, receiver Value, selector image.Symbol, args *Args) (Value, error)
}

// Suspended stops a run because it needs an effect that has not been performed
// yet. The run's transaction is dropped; the effect is performed and journaled,
// and the message runs again.
type Suspended struct {
	Kind    string // "outside", "infer", "trial"...
	Request any    // the host's own description of the effect
}

func (s *Suspended) Error() string { return "suspended for an effect: " + s.Kind }

// Exhausted stops a run at one of its limits. No except catches it.
type Exhausted struct {
	Class     string // FuelExhausted, MemoryExhausted, DepthExhausted, DeadlineExceeded
	Limit     string // "50,000,000 instructions"
	Traceback []TraceLine
}

func (e *Exhausted) Error() string { return fmt.Sprintf("%s: over the limit of %s", e.Class, e.Limit) }

// TraceLine is one activation of a traceback, outermost first.
type TraceLine struct {
	Receiver string // "@42"; "" for a plain function
	Selector string
	Line     int // 1-based in the method's own source
	Col      int // 1-based, 0 when unknown
	EndCol   int
	Source   string            // that line of the source
	Locals   map[string]string // name to shortened repr
}
