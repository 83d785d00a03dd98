// Package lang runs the method language: Python's syntax and meaning on the
// image's own values, with sends by delegation. It compiles a tree of package
// syntax to register bytecode (code.go, compile*.go) and runs it in one loop
// (loop.go) over activations that are plain data (frame.go).
//
// The life of a send: opSend looks at its site's inline cache (send.go). When
// the receiver's shape is the one remembered, the method's code is there, and the
// activation begins where the caller laid the arguments: nothing is copied or
// allocated. Else the slot is looked up, the arguments are bound (call.go), and
// the site remembers. Nothing found becomes a message object and a send of
// doesNotUnderstand_ in its place.
//
// What must hold:
//   - No Go function that calls back into the language stays on the Go stack.
//     What needs that, such as sorted(key=f) or sum over a generator, is
//     written in the language (prelude.go, prelude/*.py). So a run is the
//     machine's activations and nothing else.
//   - The same program costs the same fuel and memory wherever and however often
//     it runs. So nothing is charged for what caches may spare: looking up,
//     compiling.
//   - Every allocation is charged before it is made (Machine.Charge), and work
//     that is not bounded by a few instructions too (Machine.Work). Exhausted,
//     Suspended and the heap's errors are not exceptions: no handler catches
//     them and no finally runs.
//   - A Code, with its caches, belongs to one heap, as its objects do. What all
//     machines share (builtins, types) is never written after init.
//   - An entity is read only after Heap.Read and written only after Heap.Change;
//     the shape check of a warm site includes both.
//
// Traps: Args.Pos is a window on the machine's stack and is overwritten when
// the native returns. Activations and registers move when their arrays grow, so
// no pointer to one is kept over anything that may push an activation. Names
// ending in '*' are parent slots and go through the slow path always.
//
// Entry points: NewMachine, Machine.Begin, Send, Eval; CompileMethod; Audit.
//
// Differences from Python that are meant: no classes; comprehensions are loops
// in place (as in CPython 3.12); there are no finalizers, so a generator that is
// left is not closed; exhausted limits cannot be caught; a method's default that
// is no constant is evaluated at each call that needs it.
//
// It is not the store, knows no transactions, and starts no goroutine.
package lang
