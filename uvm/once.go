package uvm

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"batos/image"
	"batos/store"
)

// once makes a message with a client and an id run once: who asks again while
// it runs or waits gets the same reply, and who asks within the hour after gets
// the first one. The reply is an index entry in the transaction of the message's
// own effects, so it is there exactly when they are.
//
// A message that only read is not written down: should the process end, running
// it again changes nothing. Its reply is kept in memory like the newest others.
type once struct {
	store store.Store
	now   func() time.Time
	last  func() store.TID // newest submitted

	mu     sync.Mutex
	flying map[string]*message
	recent map[string]Reply
	order  []string // keys of recent, and some that were there, oldest first from head on
	head   int
	size   int // about the bytes that recent holds

	// Which names the index may hold beyond recent: those of this hour and of
	// the one before. unread says that the index may hold names of an earlier
	// process that are in neither yet.
	hour     int64
	sieves   [2]sieve
	unread   bool
	earliest int64 // the buckets of an earlier process: this and the next
}

// Index keys are once/HOUR/CLIENT NUL ID: whole hours are dropped when they are
// old. An entry is looked for in this hour and the one before.
const (
	oncePrefix = "once/"
	onceHour   = int64(time.Hour / time.Second)
	maxRecent  = 32 << 20 // bytes
)

func onceBucket(t time.Time) int64 { return t.Unix() / onceHour }

func onceKey(bucket int64, name string) string {
	b := make([]byte, 0, len(oncePrefix)+13+len(name))
	b = append(b, oncePrefix...)
	for shift := 44; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[bucket>>shift&15])
	}
	b = append(b, '/')
	return string(append(b, name...))
}

// onceName is the name of a message among all clients'.
func (msg *message) onceName() string {
	if msg.name == "" {
		msg.name = msg.client + "\x00" + msg.id
	}
	return msg.name
}

func newOnce(s store.Store, now func() time.Time, last func() store.TID) *once {
	hour := onceBucket(now())
	return &once{
		store: s, now: now, last: last, flying: map[string]*message{}, recent: map[string]Reply{},
		hour: hour, earliest: hour - 1, unread: true,
	}
}

// fill reads the names that an earlier process has left in the index, so that
// names which are not among them need not be looked for there. It is run beside
// the machine, and ends early when going says so.
func (o *once) fill(going func() bool) error {
	for _, bucket := range []int64{o.earliest, o.earliest + 1} {
		prefix := onceKey(bucket, "")
		err := o.store.IndexScan(prefix, func(key string, _ []byte) bool {
			o.mu.Lock()
			o.turn()
			o.sieves[0].add(key[len(prefix):])
			o.mu.Unlock()
			return going()
		})
		if err != nil || !going() {
			return err
		}
	}
	o.mu.Lock()
	o.unread = false
	o.mu.Unlock()
	return nil
}

// turn begins a new sieve when an hour has gone by.
func (o *once) turn() {
	if hour := onceBucket(o.now()); hour != o.hour {
		o.sieves[1], o.sieves[0] = o.sieves[0], sieve{}
		if hour > o.hour+1 {
			o.sieves[1] = sieve{}
		}
		o.hour = hour
	}
}

// claim lets msg run (nil, nil), or gives the message that is on its way with
// the same name, or the first reply.
func (o *once) claim(msg *message, l *listener) (first *message, reply *Reply) {
	name := msg.onceName()
	o.mu.Lock()
	if first = o.flying[name]; first != nil && first.listen(l) {
		o.mu.Unlock()
		return first, nil
	}
	if r, ok := o.recent[name]; ok {
		o.mu.Unlock()
		return nil, &r
	}
	o.flying[name] = msg
	o.turn()
	look := o.unread || o.sieves[0].has(name) || o.sieves[1].has(name)
	o.mu.Unlock()
	if !look {
		return nil, nil
	}
	// Looked for after the claim: whoever had it before has settled durably.
	r, err := o.find(name)
	switch {
	case r != nil:
		o.release(msg)
		return nil, r
	case err != nil:
		o.release(msg)
		return nil, &Reply{Status: StatusError, Err: &Error{Code: CodeStorage, Message: "looking for the first reply: " + err.Error(), Cause: err}}
	}
	return nil, nil
}

func (o *once) find(name string) (*Reply, error) {
	bucket := onceBucket(o.now())
	for _, b := range []int64{bucket, bucket - 1} {
		data, err := o.store.IndexGet(onceKey(b, name))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return o.read(data)
	}
	return nil, nil
}

// release lets the name go without a reply: the message left no trace.
func (o *once) release(msg *message) {
	if msg.client == "" || msg.id == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if name := msg.onceName(); o.flying[name] == msg {
		delete(o.flying, name)
	}
}

// fly notes a message that is on its way again after a restart or a retry.
func (o *once) fly(msg *message) {
	if msg.client == "" || msg.id == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	name := msg.onceName()
	o.flying[name] = msg
	o.forget(name)
}

// forget takes a reply out of recent.
func (o *once) forget(name string) {
	if r, ok := o.recent[name]; ok {
		o.size -= cost(name, r)
		delete(o.recent, name)
	}
}

// settle keeps the reply of a message that is over.
func (o *once) settle(msg *message, r Reply) {
	if msg.client == "" || msg.id == "" {
		return
	}
	name := msg.onceName()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.flying[name] == msg {
		delete(o.flying, name)
	}
	if r.Err != nil && (r.Err.Code == CodeCancelled || r.Err.Code == CodeShuttingDown || r.Err.Code == CodeStorage) {
		return // nothing happened: asking again may
	}
	o.forget(name)
	o.order = append(o.order, name)
	o.recent[name] = r
	o.size += cost(name, r)
	for o.size > maxRecent && o.head < len(o.order) {
		old := o.order[o.head]
		o.order[o.head] = ""
		o.head++
		if _, ok := o.recent[old]; ok {
			o.forget(old)
			o.turn()
			o.sieves[0].add(old)
		}
	}
	if o.head > 1024 && o.head*2 > len(o.order) {
		o.order = append([]string(nil), o.order[o.head:]...)
		o.head = 0
	}
}

func cost(name string, r Reply) int { return 256 + len(name) + len(r.Repr)*2 + len(r.Printed) }

// drop forgets the hours that nobody may ask for any more.
func (o *once) drop() error {
	oldest := onceBucket(o.now()) - 1
	return o.store.IndexDrop(oncePrefix, onceKey(oldest, ""))
}

// entry is the durable form of a first reply: a list of its parts. Its tid is
// not known yet, but at is the time in the transaction's own record.
func (o *once) entry(msg *message, r Reply, at time.Time) (store.IndexWrite, error) {
	b := make([]byte, 0, 96+len(r.Repr)+len(r.Printed))
	b = appendList(b, 8)
	b = appendText(b, string(r.Status))
	b, err := appendPlain(b, r.Value)
	if err != nil {
		return store.IndexWrite{}, fmt.Errorf("keeping the reply: %w", err)
	}
	b = appendText(b, r.Repr)
	b = appendText(b, r.Printed)
	b = appendInt(b, int64(r.Message))
	b = appendInt(b, at.UnixNano())
	b = appendInt(b, int64(o.last()))
	var failure *image.Map
	if r.Err != nil {
		failure = plainError(r.Err)
	}
	if b, err = appendPlain(b, failure); err != nil {
		return store.IndexWrite{}, fmt.Errorf("keeping the error: %w", err)
	}
	return store.IndexWrite{Key: onceKey(onceBucket(o.now()), msg.onceName()), Value: b}, nil
}

// nearBy bounds how far behind "after" a reply's transaction is looked for.
const nearBy = 4096

func (o *once) read(data []byte) (*Reply, error) {
	v, err := decodePlain(data)
	if err != nil {
		return nil, err
	}
	parts, ok := v.([]any)
	if !ok || len(parts) != 8 {
		return nil, errDamaged
	}
	r := &Reply{Value: parts[1]}
	status, _ := parts[0].(string)
	r.Status = Status(status)
	r.Repr, _ = parts[2].(string)
	r.Printed, _ = parts[3].(string)
	message, _ := parts[4].(int64)
	r.Message = image.Ref(message)
	at, _ := parts[5].(int64)
	if e, ok := parts[7].(*image.Map); ok {
		r.Err = readError(e)
	}
	n, _ := parts[6].(int64)
	after, last := store.TID(n), o.last()
	for tid := after + 1; tid <= last && tid <= after+nearBy; tid++ {
		if t, err := o.store.Transaction(tid); err == nil && t.Provenance.Time.UnixNano() == at {
			r.TID = tid
			break
		}
	}
	return r, nil
}
