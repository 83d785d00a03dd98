package bridge

import (
	"sync"
	"time"

	"batos/bridge/contract"
	"batos/image"
	"batos/uvm"
)

// What must hold of a watch, so that a client that applies the snapshot and
// then every update has the watched objects as they are:
//
//   - No change is missed: the watch is fed before its snapshot is read, and
//     changes that came meanwhile are held until it is known which of them the
//     snapshot has.
//   - The latest value of a slot wins. Updates may be merged, never reordered,
//     and the tid of updates ascends.
//   - Where references are followed, an object that comes within reach is told
//     whole. One that goes out of reach may still be told about for a while.

const (
	pace        = time.Second / 60 // between updates for a reader that is slow
	slowBytes   = 64 << 10         // queued for the peer, from which it is slow
	keepPending = 1 << 16          // changed slots kept for a client that is away; with more its session ends
)

// watch is what one session watches.
type watch struct {
	session *session
	life    sync.Mutex // held while the goroutine and the feed begin or end

	mu        sync.Mutex
	interests []*interest
	pending   map[image.Ref]map[string]*uvm.SlotDelta
	slots     int // in pending
	tid       tid // newest transaction in pending or told
	wake      chan struct{}
	quit      chan struct{} // closed to end the goroutine; nil while there is none
}

// interest is one thing that is watched.
type interest struct {
	all     bool
	target  image.Ref
	depth   int               // references to follow from the target
	slots   map[string]bool   // nil for all
	since   tid               // with all, the snapshot has everything up to it
	members map[image.Ref]tid // and what the client was told of each has everything up to its tid
	fresh   bool              // the snapshot has not been sent
	walked  tid               // the members are those of that snapshot
	walking bool              // the members are being found out
	held    []*uvm.Change     // what came meanwhile
}

// begin adds an interest whose snapshot is about to be read.
func (w *watch) begin(i *interest) {
	i.fresh, i.walking = true, true
	w.life.Lock()
	defer w.life.Unlock()
	w.mu.Lock()
	w.interests = append(w.interests, i)
	first := w.quit == nil
	if first {
		w.pending = map[image.Ref]map[string]*uvm.SlotDelta{}
		w.wake, w.quit = make(chan struct{}, 1), make(chan struct{})
		w.session.server.running.Add(1) // its request runs, so Drain does not wait yet
		go w.run(w.wake, w.quit)
	}
	w.mu.Unlock()
	if first {
		w.session.server.hub.add(w)
	}
}

// live says that the snapshot at since, with these members, has been sent.
func (w *watch) live(i *interest, since tid, members map[image.Ref]tid) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.replaceLike(i)
	i.fresh, i.since, i.walked, i.members = false, since, since, members
	w.resume(i)
	w.signal()
}

// resume lets an interest go on after a walk; what was held is taken now.
func (w *watch) resume(i *interest) {
	held := i.held
	i.walking, i.held = false, nil
	for _, c := range held {
		w.merge(i, c)
	}
	if i.walking { // again, since references have changed after the walk
		w.signal()
	}
}

// replaceLike drops what i watches anew.
func (w *watch) replaceLike(i *interest) {
	kept := w.interests[:0]
	for _, old := range w.interests {
		if old == i || old.fresh || old.all != i.all || old.target != i.target {
			kept = append(kept, old)
		}
	}
	clear(w.interests[len(kept):])
	w.interests = kept
}

// drop ends the interests that gone chooses, and with the last of them the
// watch.
func (w *watch) drop(gone func(*interest) bool) {
	w.life.Lock()
	defer w.life.Unlock()
	w.mu.Lock()
	var kept []*interest
	for _, i := range w.interests {
		if !gone(i) {
			kept = append(kept, i)
		}
	}
	w.interests = kept
	for oid := range w.pending {
		if !w.covers(oid) {
			w.slots -= len(w.pending[oid])
			delete(w.pending, oid)
		}
	}
	last := len(kept) == 0 && w.quit != nil
	if last {
		close(w.quit)
		w.quit, w.wake, w.pending, w.slots = nil, nil, nil, 0
	}
	w.mu.Unlock()
	if last {
		w.session.server.hub.remove(w)
	}
}

func (w *watch) stop() { w.drop(func(*interest) bool { return true }) }

func (w *watch) covers(oid image.Ref) bool {
	for _, i := range w.interests {
		if _, member := i.members[oid]; member || i.all {
			return true
		}
	}
	return false
}

// feed takes a commit, and tells the client at once when it keeps up.
func (w *watch) feed(c *uvm.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.quit == nil {
		return
	}
	walking := false
	for _, i := range w.interests {
		w.merge(i, c)
		walking = walking || i.walking
	}
	if w.slots == 0 && !walking {
		return
	}
	if walking || w.session.slow() {
		w.signal()
		return
	}
	w.flush()
}

// merge puts what an interest sees of a commit into pending.
func (w *watch) merge(i *interest, c *uvm.Change) {
	if i.walking {
		i.held = append(i.held, c)
		return
	}
	for o := range c.Objects {
		object := &c.Objects[o]
		since, told := i.members[object.OID]
		if i.all {
			since, told = i.since, true
		}
		if !told || c.TID <= since {
			continue
		}
		for s := range object.Slots {
			delta := &object.Slots[s]
			if i.slots == nil || i.slots[delta.Name] {
				w.put(c.TID, object.OID, delta)
			}
			if c.TID > i.walked && i.depth > 0 && !i.all && !delta.Removed && leaves(delta.Slot.Value, i.members) {
				i.walking = true // what it will find, it reads no earlier than c
			}
		}
	}
}

func (w *watch) put(at tid, oid image.Ref, delta *uvm.SlotDelta) {
	slots := w.pending[oid]
	if slots == nil {
		slots = map[string]*uvm.SlotDelta{}
		w.pending[oid] = slots
	}
	if slots[delta.Name] == nil {
		w.slots++
	}
	slots[delta.Name] = delta
	w.tid = max(w.tid, at)
}

// leaves says whether a value refers to an object that is not a member.
func leaves(v any, members map[image.Ref]tid) bool {
	switch v := v.(type) {
	case image.Ref:
		_, member := members[v]
		return !member
	case []any:
		for _, item := range v {
			if leaves(item, members) {
				return true
			}
		}
	case image.PlainSet:
		return leaves([]any(v), members)
	case *image.Map:
		if len(v.Entries) == 1 && v.Entries[0].Key == "$repr" {
			return true // it was not shown, so it may
		}
		for _, e := range v.Entries {
			if leaves(e.Key, members) || leaves(e.Value, members) {
				return true
			}
		}
	}
	return false
}

// poke has the goroutine look again, since the client is back.
func (w *watch) poke() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.signal()
}

func (w *watch) signal() {
	select {
	case w.wake <- struct{}{}:
	default: // it is nil, or full
	}
}

// run walks where references changed, and sends what could not be sent at once,
// 60 times a second at most.
func (w *watch) run(wake, quit chan struct{}) {
	defer w.session.server.running.Done()
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		select {
		case <-wake:
		case <-quit:
			return
		case <-w.session.server.ctx.Done():
			return
		}
		w.rewalk()
		for {
			select {
			case <-tick.C:
			case <-quit:
				return
			case <-w.session.server.ctx.Done():
				return
			}
			tick.Reset(pace)
			if w.session.full() {
				continue
			}
			w.mu.Lock()
			if w.quit == quit {
				w.flush()
			}
			overflow := w.slots > keepPending
			w.mu.Unlock()
			if overflow {
				w.session.end()
			}
			break
		}
	}
}

// flush tells the client what is pending, or keeps it while the client is away.
func (w *watch) flush() {
	if w.slots == 0 || w.session.away() {
		return
	}
	state := make(map[string]map[string]contract.SlotUpdate, len(w.pending))
	for oid, slots := range w.pending {
		updates := make(map[string]contract.SlotUpdate, len(slots))
		for name, delta := range slots {
			updates[name] = updateOf(delta)
		}
		state[decimal(oid)] = updates
	}
	w.send(&contract.StateUpdate{TID: w.tid, State: state})
	clear(w.pending)
	w.slots = 0
}

func updateOf(d *uvm.SlotDelta) contract.SlotUpdate {
	if d.Removed {
		return contract.SlotUpdate{Op: "remove"}
	}
	return contract.SlotUpdate{Op: "set", Kind: d.Slot.Kind, Type: d.Slot.Type, Value: d.Slot.Value, Repr: d.Slot.Repr, Source: d.Slot.Source}
}

// send sends an update, in parts when it does not fit one frame. A value that
// fits none is told as text.
func (w *watch) send(u *contract.StateUpdate) {
	body, err := contract.AppendEventBody(nil, u)
	if err == nil && contract.FrameSize(body) <= contract.MaxFrame {
		w.session.deliver(body)
		return
	}
	parts := split(u)
	if parts == nil {
		w.session.server.options.Logf("bridge: a change of transaction %d could not be told: %d bytes, %v", u.TID, len(body), err)
		return
	}
	for _, part := range parts {
		w.send(part)
	}
}

// split halves an update. Of one with a single slot it leaves what is sure to
// fit, and nothing when there is no less to tell.
func split(u *contract.StateUpdate) []*contract.StateUpdate {
	var halves [2]*contract.StateUpdate
	for n := range halves {
		halves[n] = &contract.StateUpdate{TID: u.TID, State: map[string]map[string]contract.SlotUpdate{}}
	}
	n := 0
	for oid, slots := range u.State {
		for name, update := range slots {
			half := halves[n%2].State
			if half[oid] == nil {
				half[oid] = map[string]contract.SlotUpdate{}
			}
			half[oid][name] = update
			n++
		}
	}
	if n > 1 {
		return halves[:]
	}
	for _, slots := range halves[0].State {
		for name, update := range slots {
			if update.Value == nil && update.Source == "" {
				return nil
			}
			update.Value, update.Source = nil, ""
			update.Repr = "a value too large or too deep to send; inspect the object for a part of it"
			slots[name] = update
		}
	}
	return halves[:1]
}

// slow says whether changes should gather before the client is told.
func (s *session) slow() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn == nil || s.conn.paced || s.conn.wire.Queued() > slowBytes
}

// full says whether the client has yet to read what it was sent.
func (s *session) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn != nil && s.conn.wire.Queued() > slowBytes
}

func (s *session) away() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn == nil
}
