// Package uvm is the universal virtual machine: it takes messages, gives each
// its own transaction on a worker's heap, and deals with what a message may
// come to besides a value: a message that nobody understands, an effect to wait
// for, a conflict, a failure.
//
// Kinds. A message (message.go) is one send from outside, or from another
// message. A worker (worker.go) runs messages, each in one transaction. An
// effect (effects.go) is what a message needs from outside its transaction: its
// run is dropped, the effect is performed once, its answer goes into the
// message's journal, and the message runs again from its start. A record
// (record.go) is the durable form of a message that waits, is due later or has
// failed; it is an entry of the store's index under the message's oid.
//
// What must hold:
//
//   - A reply leaves only when the transaction it tells of, and all that it
//     read, is durable.
//   - A message of a client with an id runs once, whatever is killed when
//     (once.go): its reply is part of the transaction of its effects.
//   - A message sent with later, and a message that waits, is neither lost nor
//     done twice: its record leaves in the transaction of its effects.
//   - A message is deterministic, given its snapshot, its clock, its seed and
//     its journal. So a run can be repeated: after a conflict, after an effect,
//     after a crash.
//   - No method that a mind or a person answers with is kept before it has
//     passed the audit and a trial on the very arguments (audit.go, trial.go).
//   - Nobody holds a worker, a lock or a transaction while a mind thinks.
//
// Not understood: traits_obj.doesNotUnderstand_ sends outside(self).reflectOn_,
// an effect; reflectOn_ (image code, see package genesis) asks the minds through
// the capability of that name. So what this package knows of minds is how to
// ask one, how to try what it wrote, and how to keep it.
//
// Entry points: Open, Machine.Awaken, Machine.Send, Machine.Answer. Order of
// locks: an object's lock (contention.go), the gate, Machine.mu, message.mu.
//
// It parses no frames and prints nothing; prompts are slots of pLLM_obj.
package uvm

import (
	"context"
	"time"

	"batos/image"
	"batos/store"
)

// Code is a stable error code of the contract. Codes are never renamed.
type Code string

const (
	CodeBadField        Code = "bad_field"
	CodeUnauthorized    Code = "unauthorized"
	CodeNoSuchObject    Code = "no_such_object"
	CodeSlotError       Code = "slot_error"
	CodeNotUnderstood   Code = "not_understood"
	CodeMethodError     Code = "method_error"
	CodeSyntaxError     Code = "syntax_error"
	CodeAuditRefused    Code = "audit_refused"
	CodeOrganization    Code = "organization"
	CodeConflict        Code = "conflict"
	CodeFuel            Code = "fuel"
	CodeMemory          Code = "memory"
	CodeDepth           Code = "depth"
	CodeDeadline        Code = "deadline"
	CodeBudget          Code = "budget"
	CodeMindUnavailable Code = "mind_unavailable"
	CodeWaiting         Code = "waiting"
	CodeCancelled       Code = "cancelled"
	CodeStorage         Code = "storage"
	CodeReadOnly        Code = "read_only"
	CodeShuttingDown    Code = "shutting_down"
	CodeTooLarge        Code = "too_large"
	CodeInternal        Code = "internal"
)

// Error is what a message came to when it did not give a value. It prints as
// "CODE: sentence".
type Error struct {
	Code      Code
	Message   string // one sentence, ending in the way out where there is one
	Target    string // the receiver as people write it, "" when unknown
	Selector  string
	Slot      string
	Traceback []TraceLine // innermost last
	Failed    image.Ref   // the failed message that was kept, 0 when none
	Line, Col int         // for syntax_error and audit_refused, 1-based; 0 when unknown
	Cause     error       `json:"-"`
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }
func (e *Error) Unwrap() error { return e.Cause }

// TraceLine is one activation of a traceback.
type TraceLine struct {
	Receiver string            // "@42"
	Selector string            // "deposit"
	Line     int               // 1-based, in the method's own source
	Source   string            // that line
	Caret    string            // spaces and carets below Source, "" when unknown
	Locals   map[string]string // name to repr, shortened
}

// Status of a reply.
type Status string

const (
	StatusOK      Status = "OK"
	StatusWaiting Status = "WAITING"
	StatusError   Status = "ERROR"
)

// Caller says on whose behalf something is done.
type Caller struct {
	Client    string // idempotency name space and author; "" when anonymous
	ID        string // idempotency key: the same Client and ID run once; "" for none
	Author    string // as the log names it; Client when empty
	Session   string // whose turn an anonymous sender takes in the queue; "" for the one turn that all others share
	Architect bool   // may amend the codex, capabilities, budgets, by changing slots and methods; never through a message
}

// sender names whose turn a message takes.
func (c Caller) sender() string {
	if c.Client == "" {
		return c.Session
	}
	return c.Client
}

// The most that a message may ask for: a worker is never gone for longer than
// MaxDeadline.
const (
	MaxFuel     = 20_000_000_000
	MaxMemory   = 1 << 30
	MaxDeadline = time.Minute
)

// Request is one message from outside.
type Request struct {
	Caller
	Target    any    // image.Ref, or a string: a root's name, "@42", or a path of slots from a root
	Selector  string // method to send
	Args      []any  // plain values (see image.Map)
	Kwargs    *image.Map
	Code      string            // instead of Selector: statements to run with self = Target and the roots by name
	Wait      time.Duration     // how long to wait for a mind before answering WAITING; 0 answers at once
	MindsOnly bool              // answer WAITING at once when only a person can answer
	Fuel      int64             // instructions, 0 for the default, at most MaxFuel
	Memory    int64             // bytes, 0 for the default, at most MaxMemory
	Deadline  time.Duration     // running time, 0 for the default, at most MaxDeadline
	OnToken   func(text string) // what a mind says, as it comes

	// OnWaiting tells that the message waits, and for what: first when it begins
	// to, and again when the wait turns from a mind to a person. It must not
	// block.
	OnWaiting func(message image.Ref, why string)
}

// Reply to a Request. It is given only when all it tells is durable.
type Reply struct {
	Status  Status
	Value   any       // plain value
	Repr    string    // the value as the language's repr prints it
	Printed string    // what the message printed
	TID     store.TID // the commit, or the snapshot that was read
	Message image.Ref // the message object when WAITING or kept as failed
	Err     *Error
}

// Slot describes one slot for people and programs.
type Slot struct {
	Name    string
	Kind    string            // "value", "method", "object", "parent"
	Type    string            // the type's name: "int", "list", "UvmObject", "method"
	Value   any               // plain value; a method's is nil; what is too large, too deep or contains itself is a map of "$repr" to Repr
	Repr    string            // shortened
	Source  string            // of a method; "" for one so long that only MethodSource gives it
	Facts   map[string]string // provenance of a method; nil with Source
	Changed store.TID         // the transaction that last changed the object
	Holder  image.Ref         // where it is, when it is inherited
}

// Inspection is an object as inspect shows it.
type Inspection struct {
	OID       image.Ref
	Name      string // its root's name, if it has one
	TID       store.TID
	Slots     []Slot
	Inherited []Slot // reached by delegation, nearest first, without the shadowed
	Parents   []image.Ref
	Author    string // of the last change
	Why       string
	Time      time.Time
}

// FullState is a page of all reachable objects at one snapshot.
type FullState struct {
	TID     store.TID
	Objects []ObjectState // in oid order
	Next    image.Ref     // pass as After for the next page; 0 at the end
}

// ObjectState is one object of a FullState.
type ObjectState struct {
	OID     image.Ref
	Slots   []Slot
	Parents []image.Ref
}

// StateQuery asks for a FullState.
type StateQuery struct {
	Target any       // where to start; nil for all roots
	Depth  int       // objects on a path from the start: 1 for the starts alone, 0 for no bound
	After  image.Ref // page on from here
	Limit  int       // 0 for 1,000; a page of large objects has fewer
	At     store.TID // 0 for now
}

// Pending is a message that waits or has failed.
type Pending struct {
	Message   image.Ref
	State     string // "waiting", "running", "failed", "later"
	Receiver  string // "@42 genesis_obj"
	Selector  string
	Arguments []any
	Author    string
	Since     time.Time
	Why       string   // what it waits for, or the error
	Question  string   // the prompt a person can answer, "" when none is open
	Missing   *Missing // the method that the question asks for; nil when it asks for none
	Attempts  []Attempt
	Traceback []TraceLine
	Code      Code // of the failure
}

// Missing is a method that a question asks for. It need not be the one that the
// waiting message names: that one may exist, and have sent on to what does not.
type Missing struct {
	Receiver   string // "@42 genesis_obj", or "a new object"
	Selector   string
	Parameters []string // after self: a1, a2, ... and the names of keywords
}

// Attempt is one answer that fell short, or one mind that gave none.
type Attempt struct {
	Mind   string // the engine's spec, or the name of a person
	Source string // "" when the mind failed
	Reason string
}

// LogEntry is one line of the narrative.
type LogEntry struct {
	TID     store.TID
	Time    time.Time
	Author  string
	Why     string
	Cause   image.Ref
	Changes []LogChange
	More    map[string]string
}

// LogChange tells what a transaction did to one object.
type LogChange struct {
	OID    image.Ref
	Name   string
	Change string // "created", "changed", "deleted", "undone"
	Slots  []string
}

// LogQuery asks for a part of the log.
type LogQuery struct {
	Target       any    // nil for all
	Slot         string // "" for all
	Since, Until time.Time
	Before       store.TID // newest to show, 0 for the latest
	Limit        int       // 0 for 50
}

// Root is a named entry point.
type Root struct {
	Name string
	OID  image.Ref
}

// Change is one committed transaction as watchers get it, in TID order and
// only when it is durable.
type Change struct {
	TID     store.TID
	Objects []ObjectDelta
}

// ObjectDelta is what changed in one object.
type ObjectDelta struct {
	OID   image.Ref
	Slots []SlotDelta
}

// SlotDelta is one slot that was set or removed.
type SlotDelta struct {
	Name    string
	Removed bool
	Slot    Slot
}

// MindStatus describes one rung of a ladder of engines.
type MindStatus struct {
	Spec    string // as given to mind use
	Engine  string // "remote", "human", ...
	Model   string
	Ready   bool
	Detail  string // why not ready, or what was probed
	Default bool
}

// Stats are figures of the running machine.
type Stats struct {
	Store    store.Stats
	Workers  int
	Busy     int
	Queued   int
	Messages int64 // committed or answered since start
	Failed   int64
	Retries  int64 // runs repeated after a conflict
	Waiting  int
	Objects  int64 // in the caches of all workers
	Started  time.Time
	Version  string
	Image    string // the image's id
}

// Service is what the bridge, the world and the command line need of the
// machine. *Machine is one. All methods are safe for concurrent use; errors
// are *Error.
type Service interface {
	Send(ctx context.Context, r Request) Reply
	CreateMethod(ctx context.Context, c Caller, target any, selector, source string) (image.Ref, store.TID, error)
	MethodSource(ctx context.Context, target any, selector string) (Slot, error)
	SetSlot(ctx context.Context, c Caller, target any, slot string, value any, expect store.TID) (store.TID, error)
	RemoveSlot(ctx context.Context, c Caller, target any, slot string, expect store.TID) (store.TID, error)
	Resolve(ctx context.Context, target any) (image.Ref, error)
	Inspect(ctx context.Context, target any, at store.TID) (Inspection, error)
	FullState(ctx context.Context, q StateQuery) (FullState, error)
	Roots(ctx context.Context) ([]Root, store.TID, error)
	BindRoot(ctx context.Context, c Caller, name string, target any) (store.TID, error) // target nil removes
	Pending(ctx context.Context) ([]Pending, error)
	Answer(ctx context.Context, c Caller, message any, source string) Reply
	Retry(ctx context.Context, c Caller, message any) Reply
	Dismiss(ctx context.Context, c Caller, message any) error
	Log(ctx context.Context, q LogQuery) ([]LogEntry, error)
	Minds(ctx context.Context) ([]MindStatus, error)
	UseMind(ctx context.Context, c Caller, spec string) ([]MindStatus, error)
	Stats() Stats

	// Watch calls changed after each durable commit, in order, until cancel.
	// changed must not block.
	Watch(changed func(Change)) (cancel func())
}
