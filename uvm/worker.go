package uvm

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"batos/image"
	"batos/lang"
	"batos/store"
)

// worker runs messages, one at a time, on a heap of its own.
type worker struct {
	m       *Machine
	heap    *image.Heap
	lang    *lang.Machine
	host    lang.Host
	run     run
	objects atomic.Int64

	mu      sync.Mutex
	current *message // that may be interrupted
	reason  error    // why it was
}

// run is the state of one run of a message, dropped when it runs again.
type run struct {
	msg     *message
	trial   bool
	printed strings.Builder
	counts  map[string]int
	about   map[*image.Object]*sent // message objects that were made in this run
	later   []*message
	notes   []Attempt         // answers of minds that fell short, and minds that failed
	asked   []string          // who has answered, in order: engines by spec, persons by name
	kept    map[string]string // provenance of methods that were kept
	given   *image.Map        // a method for a new object of the sender's
	names   map[store.OID]string
}

// sent is a send that found no slot, in the heap's own values.
type sent struct {
	receiver *image.Object
	selector image.Symbol
	pos      []image.Value
	names    []string
	kw       []image.Value
}

func newWorker(m *Machine) *worker {
	w := &worker{m: m}
	w.renew()
	return w
}

// renew gives the worker a heap and a machine without a past.
func (w *worker) renew() {
	w.heap = w.m.img.NewHeap()
	w.host = lang.Host{
		Print:      w.print,
		Global:     w.global,
		Natives:    w.natives(),
		NewMessage: w.newMessage,
		SendProxy:  w.sendProxy,
		NameOf:     w.nameOf,
	}
	w.lang = lang.NewMachine(w.heap, &w.host)
}

func (w *worker) loop() {
	defer w.m.workers.Done()
	var seen uint64
	var from *lane
	for {
		var msg *message
		var ok bool
		msg, from, ok = w.m.queue.take(&seen, from)
		if !ok {
			return
		}
		if msg == nil {
			refresh(w.heap)
			continue
		}
		if msg.oid == 0 {
			select {
			case <-w.m.roomOf(msg):
			default: // queued by the machine itself
			}
		}
		w.m.counts.busy.Add(1)
		w.guard(msg)
		w.m.counts.busy.Add(-1)
	}
}

// refresh moves the snapshot that an idle heap holds, so that the store need not
// remember what came since. An error shows at the next real transaction.
func refresh(h *image.Heap) {
	if h.Begin() == nil {
		h.Abort()
	}
}

// guard keeps a fault of the machine's own within the message that met it.
func (w *worker) guard(msg *message) {
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		w.m.options.Log("a fault in the machine while it ran %v: %v\n%s", msg, fault, debug.Stack())
		w.release(msg)
		discard(w.heap)
		w.renew()
		w.m.fail(msg, &Error{Code: CodeInternal, Message: fmt.Sprintf(
			"a fault in the machine ended the message, nothing of it was kept: %v; please report it with the log", fault)}, nil)
	}()
	w.perform(msg)
}

// perform runs a message until it has committed, waits or has failed.
func (w *worker) perform(msg *message) {
	c := contention{m: w.m}
	defer c.end()
	for {
		if err := w.claim(msg); err != nil {
			w.m.fail(msg, w.m.errorOf(nil, err), nil)
			return
		}
		outcome, err := w.try(msg, &c)
		w.release(msg)
		if err == nil {
			w.m.succeed(msg, outcome)
			return
		}
		var conflict *store.ConflictError
		var suspended *lang.Suspended
		switch {
		case errors.As(err, &conflict):
			w.m.counts.retries.Add(1)
			if c.again(conflict) {
				continue
			}
			w.m.fail(msg, w.m.conflictError(conflict, c.tries), w)
			return
		case errors.As(err, &suspended):
			c.end()
			again, err := w.suspend(msg, suspended)
			if err != nil {
				w.m.fail(msg, w.m.errorOf(w, err), w)
				return
			}
			if !again {
				return
			}
		default:
			w.m.fail(msg, w.m.errorOf(w, err), w)
			return
		}
	}
}

// claim makes the message interruptible; the error is why it shall not run.
func (w *worker) claim(msg *message) error {
	msg.mu.Lock()
	defer msg.mu.Unlock()
	if msg.cancelled != nil && msg.oid == 0 {
		return msg.cancelled
	}
	msg.worker = w
	w.mu.Lock()
	w.current, w.reason = msg, nil
	w.mu.Unlock()
	return nil
}

func (w *worker) release(msg *message) {
	w.mu.Lock()
	w.current = nil
	w.mu.Unlock()
	msg.mu.Lock()
	msg.worker = nil
	msg.mu.Unlock()
}

// interrupt ends the run of msg (nil: of whatever runs), for a reason.
func (w *worker) interrupt(msg *message, reason error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.current == nil || msg != nil && w.current != msg {
		return
	}
	w.reason = reason
	w.lang.Interrupt()
}

func (w *worker) interruption() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reason != nil {
		return w.reason
	}
	return errShuttingDown
}

// outcome is what a run that committed came to.
type outcome struct {
	reply  Reply
	tid    store.TID
	change bool // something was committed
}

// try runs a message once, in one transaction.
func (w *worker) try(msg *message, c *contention) (outcome, error) {
	w.run = run{msg: msg}
	if err := w.heap.Begin(); err != nil {
		return outcome{}, err
	}
	value, plain, err := w.compute(msg)
	if err != nil {
		w.heap.Abort()
		return outcome{}, err
	}
	o := outcome{reply: Reply{Status: StatusOK, Value: plain}}
	if msg.native == nil {
		if err = w.bindWorld(msg, value); err == nil {
			o.reply.Value, err = w.heap.Export(value, 0)
		}
		if err != nil {
			w.heap.Abort()
			return outcome{}, err
		}
		o.reply.Repr = w.replyRepr(value)
		o.reply.Printed = w.run.printed.String()
	}
	return w.commit(msg, o, c)
}

// compute activates what the message asks for.
func (w *worker) compute(msg *message) (value image.Value, plain any, err error) {
	if msg.native != nil {
		plain, err = msg.native(w)
		return value, plain, err
	}
	w.host.Now, w.host.Seed = msg.now, msg.seed
	w.lang.Begin(msg.limits)
	if msg.about != nil {
		object, self, err := w.messageObject(msg.about)
		if err != nil {
			return value, nil, err
		}
		if msg.target != image.Ref(0) {
			if self, err = w.resolve(msg.target); err != nil {
				return value, nil, err
			}
		}
		value, err = w.lang.Send(self.Value(), image.Intern(msg.selector), []image.Value{object}, nil, nil)
		return value, nil, err
	}
	self, err := w.resolve(msg.target)
	if err != nil {
		return value, nil, err
	}
	if msg.body == nil && msg.code != "" {
		if err := msg.parse(); err != nil {
			return value, nil, err
		}
	}
	if msg.body != nil {
		value, err = w.lang.Eval(msg.body, self.Value())
		return value, nil, err
	}
	pos, names, kw, err := w.importArguments(msg.args, msg.kwargs)
	if err != nil {
		return value, nil, err
	}
	value, err = w.lang.Send(self.Value(), image.Intern(msg.selector), pos, names, kw)
	return value, nil, err
}

// importArguments makes arguments in the running transaction.
func (w *worker) importArguments(args []any, kwargs *image.Map) (pos []image.Value, names []string, kw []image.Value, err error) {
	for n, a := range args {
		v, err := w.heap.Import(a)
		if err != nil {
			return nil, nil, nil, badArgument(fmt.Sprint(n+1), err)
		}
		pos = append(pos, v)
	}
	if kwargs != nil {
		for _, e := range kwargs.Entries {
			name, ok := e.Key.(string)
			if !ok {
				return nil, nil, nil, &Error{Code: CodeBadField, Message: "the names of keyword arguments are texts"}
			}
			v, err := w.heap.Import(e.Value)
			if err != nil {
				return nil, nil, nil, badArgument(name, err)
			}
			names, kw = append(names, name), append(kw, v)
		}
	}
	return pos, names, kw, nil
}

func badArgument(which string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return &Error{Code: CodeNoSuchObject, Message: "argument " + which + " refers to an object that does not exist", Cause: err}
	}
	return &Error{Code: CodeBadField, Message: "argument " + which + ": " + err.Error(), Cause: err}
}

// maxPrinted bounds what one message may print, in bytes.
const maxPrinted = 1 << 20

func (w *worker) print(text string) {
	if room := maxPrinted - w.run.printed.Len(); len(text) > room {
		text = strings.ToValidUTF8(text[:room], "")
	}
	w.run.printed.WriteString(text)
}

func (w *worker) global(name string) (image.Value, bool) {
	o, ok, err := w.heap.Root(name)
	if err != nil || !ok {
		return image.Value{}, false
	}
	return o.Value(), true
}

// nameOf is the name of an object's root, "" when it has none.
func (w *worker) nameOf(o *image.Object) string {
	if w.run.names == nil {
		names, err := rootNames(w.heap)
		if err != nil {
			return ""
		}
		w.run.names = names
	}
	return w.run.names[o.OID()]
}

// clock is the wall clock, for provenance.
func (w *worker) clock() time.Time { return w.m.options.Now() }
