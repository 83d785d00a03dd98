package uvm

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"batos/image"
	"batos/lang"
	"batos/lang/syntax"
	"batos/store"
)

// state is where a message stands in its life.
//
//	fresh ──► (committed, replied)
//	  │ ▲
//	  ▼ └─ running ◄──► waiting        running, waiting, later and failed have
//	failed ──► running                 a record in the store; fresh has none
//	later ──► running
type state string

const (
	stateFresh   state = "fresh"
	stateRunning state = "running" // in the queue, on a worker, or an effect of it is being performed
	stateWaiting state = "waiting" // for another message, or for a person
	stateLater   state = "later"   // for its time
	stateFailed  state = "failed"  // until it is retried or dismissed
	stateDone    state = "done"
)

// message is one message on its way. What stands above mu never changes; the
// rest is guarded by Machine.mu once the message has an oid, and belongs to the
// worker that runs it before.
type message struct {
	target    any // image.Ref, or a name or path that each run resolves anew
	selector  string
	args      []any
	kwargs    *image.Map
	code      string
	body      *syntax.Body                 // of code
	native    func(w *worker) (any, error) // instead of a send: what the machine itself does in a transaction
	limits    lang.Limits
	sender    string // whose turn it takes in the queue
	client    string
	id        string
	name      string // see onceName
	author    string
	architect bool
	why       string
	seed      uint64
	now       time.Time // its own clock, the same on every run
	cause     store.OID // the message that sent it
	parentTID store.TID // the transaction that sent it
	about     *notUnderstood
	internal  bool // asked for by another message: not shown by itself, its failure is its askers'

	mu        sync.Mutex
	listeners []*listener
	worker    *worker // that runs it now
	cancelled error   // why it shall not go on
	over      bool    // nobody will be answered any more

	oid       store.OID // 0 while it has no record
	state     state
	due       time.Time
	since     time.Time
	journal   []answer
	askers    []asker            // the messages that wait for this one
	waitsFor  store.OID          // the message it waits for
	question  *effect            // what a person is asked
	asking    *effect            // what a mind is asked, while it thinks
	asked     chan struct{}      // closed when the first question is asked; nil when it has been
	attempts  []Attempt          // answers that fell short
	stop      context.CancelFunc // ends the effect that is being performed
	timer     *time.Timer
	failure   *Error
	answering *answering // who answered and wants to know what came of it
}

// notUnderstood is the content of a message object: a send that found no slot.
// A receiver that the dropped run had just made is described by its slots: each
// run that deals with it makes one alike.
type notUnderstood struct {
	receiver image.Ref  // 0 for a new object
	fresh    *image.Map // the slots of a new object: name to plain value, or to {methodMark: source}
	selector string
	args     []any
	kwargs   *image.Map
}

// methodMark is the key of a plain form that stands for a method.
const methodMark = "$method"

func (n *notUnderstood) who() string {
	if n.receiver == 0 {
		return "a new object"
	}
	return store.OID(n.receiver).String()
}

// asker is a message that waits for another, and the place in its journal that
// the answer goes to.
type asker struct {
	msg *message
	oid store.OID // of msg, for records
	key string
	n   int
}

// answer is one entry of a journal: the n-th time that an effect was asked for
// within the message, it came to value. Keys say what was asked, not when, so
// that a run on a newer snapshot may ask less, or more.
type answer struct {
	key   string
	n     int
	value any // plain
}

func (msg *message) answered(key string, n int) (any, bool) {
	for i := range msg.journal {
		if a := &msg.journal[i]; a.n == n && a.key == key {
			return a.value, true
		}
	}
	return nil, false
}

// effectKey names an effect by what is asked.
func effectKey(kind string, request any) (string, error) {
	b, err := appendPlain([]byte(kind), request)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return kind + ":" + string(sum[:16]), nil
}

// String is the message as the log and people see it: "genesis_obj.greet".
func (msg *message) String() string {
	if msg.why != "" {
		return msg.why
	}
	if msg.selector == "" {
		return "eval on " + targetText(msg.target)
	}
	return "send " + targetText(msg.target) + "." + msg.selector
}

func targetText(target any) string {
	switch t := target.(type) {
	case image.Ref:
		return store.OID(t).String()
	case string:
		return t
	}
	return fmt.Sprint(target)
}

func seedOf(parts ...string) uint64 {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// waitsFor says what a message waits for.
type waitsFor struct {
	why    string
	person bool // only a person can answer
}

// listener is somebody who wants the reply to a message.
type listener struct {
	done      func(Reply)
	onWaiting func(image.Ref, string)
	onToken   func(string)
	wait      time.Duration
	mindsOnly bool // not for people

	mu       sync.Mutex
	answered bool
	told     bool // that the message waits
	person   bool // told that it waits for one
	timer    *time.Timer
	unhook   func() bool // from the context
}

// answer gives the reply, once.
func (l *listener) answer(r Reply) {
	l.mu.Lock()
	if l.answered {
		l.mu.Unlock()
		return
	}
	l.answered = true
	timer, unhook := l.timer, l.unhook
	l.mu.Unlock()
	if timer != nil {
		timer.Stop()
	}
	if unhook != nil {
		unhook()
	}
	l.done(r)
}

// waiting tells that the message waits, and answers WAITING when the time that
// the sender gives it is up. It is called again when what it waits for changes.
func (l *listener) waiting(ref image.Ref, tid store.TID, w waitsFor) {
	l.mu.Lock()
	if l.answered {
		l.mu.Unlock()
		return
	}
	first := !l.told
	news := first || w.person && !l.person
	l.told, l.person = true, l.person || w.person
	reply := Reply{Status: StatusWaiting, Message: ref, TID: tid}
	now := l.wait <= 0 || w.person && l.mindsOnly
	if first && !now {
		l.timer = time.AfterFunc(l.wait, func() { l.answer(reply) })
	}
	l.mu.Unlock()
	if news && l.onWaiting != nil {
		l.onWaiting(ref, w.why)
	}
	if now {
		l.answer(reply)
	}
}

func (l *listener) live() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.answered
}

// listen adds a listener; it says false when the message is over.
func (msg *message) listen(l *listener) bool {
	msg.mu.Lock()
	defer msg.mu.Unlock()
	if msg.over {
		return false
	}
	msg.listeners = append(msg.listeners, l)
	return true
}

// finish answers all listeners; the message is over, or has failed and is kept.
func (msg *message) finish(r Reply, over bool) {
	msg.mu.Lock()
	listeners := msg.listeners
	msg.listeners = nil
	msg.over = over
	msg.mu.Unlock()
	for _, l := range listeners {
		l.answer(r)
	}
}

func (msg *message) tellWaiting(tid store.TID, w waitsFor) {
	msg.mu.Lock()
	listeners := append([]*listener(nil), msg.listeners...)
	msg.mu.Unlock()
	for _, l := range listeners {
		l.waiting(image.Ref(msg.oid), tid, w)
	}
}

func (msg *message) token(text string) {
	msg.mu.Lock()
	listeners := append([]*listener(nil), msg.listeners...)
	msg.mu.Unlock()
	for _, l := range listeners {
		if l.onToken != nil && l.live() {
			l.onToken(text)
		}
	}
}
