package uvm

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"batos/image"
	"batos/mind"
	"batos/store"
)

// Options of Open. Zero fields take the defaults.
type Options struct {
	Workers  int                                    // messages that run at once; GOMAXPROCS and one more, at least 3. One sender has at most all but one
	Version  string                                 // of the program, for Stats
	Image    string                                 // the image's id, for Stats
	OpenMind func(spec string) (mind.Engine, error) // mind.Open
	Log      func(format string, arguments ...any)  // what an operator should know; log.Printf
	Now      func() time.Time                       // the wall clock, for tests
	Cache    int                                    // objects that each worker keeps loaded; the image's default
}

// Machine is the universal virtual machine over one store. It is a Service.
//
// What must hold:
//
//   - Only the machine submits transactions to its store, so it knows of every
//     tid (feed).
//   - A reply leaves only when the tid it tells of is durable.
//   - A message with an oid has a record in the index, written in the same
//     transaction as what it tells of; Machine.mu orders those transactions.
//   - Nobody waits on a worker: a message that has to wait leaves it.
type Machine struct {
	store   store.Store
	img     *image.Image
	options Options
	queue   *queue
	room    [rooms]chan struct{} // a token for each message from outside that is queued, by sender
	workers sync.WaitGroup
	crew    []*worker
	readers readers
	once    *once
	feed    *feed
	minds   engines
	heat    heat

	life    context.Context // ends when the machine closes
	die     context.CancelFunc
	effects sync.WaitGroup // minds that are being asked
	closing atomic.Bool

	mu          sync.Mutex
	messages    map[store.OID]*message     // those with a record
	reflections map[reflectionKey]*message // questions that are open, so that senders share them
	failed      []store.OID                // kept failures, oldest first

	seed    maphash.Seed
	started time.Time
	counts  struct{ messages, failed, retries, busy atomic.Int64 }
}

// maxQueued bounds the messages from outside of one sender that wait for a
// worker; when there are more the sender waits. Senders share one of so many
// rooms by the hash of their name, so that one who fills it seldom holds up
// another.
const (
	maxQueued = 4096
	rooms     = 64
)

func (m *Machine) roomOf(msg *message) chan struct{} {
	return m.room[maphash.String(m.seed, msg.sender)%rooms]
}

// Open starts a machine over a store, which stays the caller's to close after
// Close. The image may be empty: see Awaken. Messages that waited, were sent
// later or were on their way when the machine stopped go on.
func Open(s store.Store, o Options) (*Machine, error) {
	if o.Workers <= 0 {
		o.Workers = max(3, runtime.GOMAXPROCS(0)+1)
	}
	if o.OpenMind == nil {
		o.OpenMind = mind.Open
	}
	if o.Log == nil {
		o.Log = log.Printf
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	img, err := image.Open(s, image.Options{CacheObjects: o.Cache, Invariants: invariants})
	if err != nil {
		return nil, fmt.Errorf("opening the image: %w", err)
	}
	m := &Machine{
		store: s, img: img, options: o,
		queue: newQueue(o.Workers), seed: maphash.MakeSeed(),
		messages: map[store.OID]*message{}, reflections: map[reflectionKey]*message{},
		started: o.Now(),
	}
	for i := range m.room {
		m.room[i] = make(chan struct{}, maxQueued)
	}
	m.life, m.die = context.WithCancel(context.Background())
	m.readers.init(img)
	m.feed = newFeed(s)
	m.once = newOnce(s, o.Now, m.feed.last)
	m.minds.open = o.OpenMind
	resumed, err := m.load()
	if err != nil {
		m.die()
		return nil, fmt.Errorf("reading the messages that wait: %w", err)
	}
	for range o.Workers {
		w := newWorker(m)
		m.crew = append(m.crew, w)
		m.workers.Add(1)
		go w.loop()
	}
	m.effects.Add(2)
	go m.sweep()
	go func() {
		defer m.effects.Done()
		if err := m.once.fill(func() bool { return m.life.Err() == nil }); err != nil {
			o.Log("reading which replies are kept: %v", err)
		}
	}()
	for _, msg := range resumed {
		m.schedule(msg)
	}
	return m, nil
}

// sweep keeps idle heaps from holding old snapshots, and forgets first replies
// that are older than an hour.
func (m *Machine) sweep() {
	defer m.effects.Done()
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ticker.C:
		case <-m.life.Done():
			return
		}
		m.queue.nudge()
		m.readers.refresh()
		if n%10 != 0 {
			continue
		}
		if err := m.once.drop(); err != nil {
			m.options.Log("forgetting old replies: %v", err)
		}
	}
}

// drain is how long running messages may take when the machine closes.
const drain = 10 * time.Second

// Close takes no new messages, lets running ones finish for up to 10 s (or
// until ctx ends) and drops the others whole; what waits durably goes on when
// the image is opened again. It does not close the store.
func (m *Machine) Close(ctx context.Context) error {
	if m.closing.Swap(true) {
		return nil
	}
	m.die()
	m.stopTimers()
	left := m.queue.close()
	for _, msg := range left {
		m.drop(msg)
	}
	idle := make(chan struct{})
	go func() { m.workers.Wait(); close(idle) }()
	timer := time.NewTimer(drain)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	case <-ctx.Done():
	}
	for _, w := range m.crew {
		w.interrupt(nil, errShuttingDown)
	}
	<-idle // an interrupted run ends within a few instructions
	m.effects.Wait()
	for _, w := range m.crew {
		w.heap.Close()
	}
	m.readers.close()
	m.refuseWaiting()
	if last := m.store.Stats().Last; last > 0 {
		err := m.store.WaitDurable(context.WithoutCancel(ctx), last)
		if err != nil && !errors.Is(err, store.ErrClosed) {
			return fmt.Errorf("making the last messages durable: %w", err)
		}
	}
	m.feed.close()
	return nil
}

// drop answers a message that will not run in this process any more. With a
// record it runs in the next.
func (m *Machine) drop(msg *message) {
	msg.finish(Reply{Status: StatusError, Err: errShuttingDown}, true)
}

// refuseWaiting answers those who still wait for a message.
func (m *Machine) refuseWaiting() {
	m.mu.Lock()
	var all []*message
	for _, msg := range m.messages {
		all = append(all, msg)
	}
	m.mu.Unlock()
	for _, msg := range all {
		msg.finish(Reply{Status: StatusError, Err: errShuttingDown, Message: image.Ref(msg.oid)}, true)
	}
}

var errShuttingDown = &Error{Code: CodeShuttingDown, Message: "the image is closing; send again when it is open"}

// enqueue hands a message to the workers.
func (m *Machine) enqueue(msg *message) {
	if !m.queue.put(msg) {
		m.drop(msg)
	}
}

// whenDurable calls done when tid is on disk, or with the store's failure.
func (m *Machine) whenDurable(tid store.TID, done func(error)) {
	if tid <= m.feed.durable() {
		done(nil)
		return
	}
	m.store.OnDurable(tid, func(err error) {
		if err == nil {
			raise(&m.feed.stable, tid)
		}
		done(err)
	})
}

// afterDurable calls done when tid is on disk, from a goroutine of the store:
// Machine.mu may be held. When the store fails, so has all else.
func (m *Machine) afterDurable(tid store.TID, done func()) {
	m.store.OnDurable(tid, func(err error) {
		if err == nil {
			done()
		}
	})
}

// submit commits index entries of the machine's own. Machine.mu may be held.
func (m *Machine) submit(p store.Provenance, entries ...store.IndexWrite) (store.TID, error) {
	tid, err := m.store.Submit(&store.Transaction{Snapshot: m.feed.last(), Index: entries, Provenance: p})
	if err != nil {
		return 0, err
	}
	m.feed.committed(tid, nil)
	return tid, nil
}

var _ Service = (*Machine)(nil)

// Store is the store beneath.
func (m *Machine) Store() store.Store { return m.store }

// Stats are figures of the running machine.
func (m *Machine) Stats() Stats {
	m.mu.Lock()
	waiting := 0
	for _, msg := range m.messages {
		if msg.state == stateWaiting && !msg.internal {
			waiting++
		}
	}
	m.mu.Unlock()
	var objects int64
	for _, w := range m.crew {
		objects += w.objects.Load()
	}
	return Stats{
		Store: m.store.Stats(), Workers: len(m.crew), Busy: int(m.counts.busy.Load()), Queued: m.queue.len(),
		Messages: m.counts.messages.Load(), Failed: m.counts.failed.Load(), Retries: m.counts.retries.Load(),
		Waiting: waiting, Objects: objects, Started: m.started, Version: m.options.Version, Image: m.options.Image,
	}
}
