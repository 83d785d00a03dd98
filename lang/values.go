package lang

import (
	"errors"

	"batos/image"
)

// The kinds that the runtime adds to the image's. None of them can be stored.
const (
	KindFunction  = image.KindForeign + iota // *Function: a closure
	KindBound                                // *Bound: a method with its receiver
	KindNative                               // *NativeFunction, or one bound to a value
	KindType                                 // *Type: int, str, ValueError
	KindException                            // *Exception
	KindIter                                 // *Iterator over native values
	KindGenerator                            // *Generator
	KindRange                                // *Range
	KindSlice                                // *Slice
	KindCell                                 // *Cell: a captured variable, never seen by programs
	KindModule                               // *Module: math, json
	KindView                                 // *View: keys(), values(), items() of a dict
	KindSuper                                // what super() gives, never kept
	KindEllipsis                             // ...
	KindExtra                                // further types of modules; see ExtraType

	// KindHost and up belong to the host (mirrors, later-proxies).
	KindHost = image.KindForeign + 128
)

// NativeFunction is a Native as a value. Self is absent unless it is bound to a
// value of a builtin type.
type NativeFunction struct {
	image.Header
	Name string
	Fn   Native
	Self Value

	// Params names the parameters that may also be given by keyword, by
	// position; "" for positional only. Natives check counts with Args.Take.
	Params []string

	// Collect has bit i set when positional argument i is walked over: the
	// machine turns a generator or other iterator of the language into a list
	// first, since a native cannot call back.
	Collect uint32

	intrinsic intrinsic // instead of Fn: works on the machine's activations
	written   string    // the function of the prelude that does what needs calling back
	need      need      // when it is used
}

// Type is a builtin type or an exception class.
type Type struct {
	image.Header
	Name      string
	Kinds     []image.Kind // that isinstance accepts; exceptions use Base
	Base      *Type        // of exception classes: up to BaseException
	Exception bool
	New       *NativeFunction // called for Type(...); nil when it cannot be called

	members map[string]Value // of the type itself, such as datetime.now
}

// Exception is a raised or raisable exception value.
type Exception struct {
	image.Header
	Class     *Type
	Args      []Value
	Cause     Value // __cause__, absent for none
	Context   *Exception
	Suppress  bool // raise ... from
	Traceback []TraceLine
	Attrs     map[string]Value // what a program has set on it

	trace []tracePoint // Traceback is made of it when the exception leaves the run
}

// Raised is an exception on its way through Go code.
type Raised struct{ Exc *Exception }

// Error is as CPython's last traceback line: "ValueError: text". It must not
// need a machine, so values that cannot be shown without one are shown shortly.
func (r *Raised) Error() string {
	text := r.Exc.Text()
	if text == "" {
		return r.Exc.Class.Name
	}
	return r.Exc.Class.Name + ": " + text
}

// Text is str(exception).
func (e *Exception) Text() string { return excText(e) }

// Raise makes a *Raised of a class with one text argument.
func Raise(class *Type, format string, a ...any) error { return raise(class, format, a...) }

// ErrInterrupted is what a run ends with after Machine.Interrupt.
var ErrInterrupted = errors.New("the run was interrupted")

// Iterator walks over native values. It is plain data behind an interface, so
// that it could be stored one day: no goroutines, no closures that call back.
type Iterator struct {
	image.Header
	Name string // of its type, as type(x).__name__ gives it
	It   Iter
}

// Iter gives the next value; ok is false at the end, again and again.
type Iter interface {
	Next(m *Machine) (v Value, ok bool, err error)
}

// Range is range(start, stop, step).
type Range struct {
	image.Header
	Start, Stop, Step int64
}

// Slice is slice(start, stop, step); parts may be None.
type Slice struct {
	image.Header
	Start, Stop, Step Value
}

// View is keys(), values() or items() of a dict.
type View struct {
	image.Header
	Dict *image.Dict
	What byte // 'k', 'v' or 'i'
}

// Module is what import gives.
type Module struct {
	image.Header
	Name    string
	Members map[string]Value
}
