package image

import (
	"errors"
	"fmt"
	"slices"

	"batos/store"
)

// Errors of the order of calls.
var (
	ErrNoTransaction = errors.New("no transaction runs; begin one first")
	ErrRunning       = errors.New("a transaction runs already; commit or abort it first")
)

// transaction is what a heap keeps of the one that runs. Its slices are reused.
type transaction struct {
	open     bool
	past     bool        // begun with BeginAt
	reads    []*Entity   // persistent entities that were read
	absent   []store.OID // oids that were asked for and do not exist
	before   []before
	assigned []*Entity // new entities that were given an oid
	loaded   []*Entity // loaded at a past tid, so not to be kept
	arena    []Value   // holds the before-images of few slots
}

// before is the content of an entity as it was before the transaction.
type before struct {
	e       *Entity
	shape   *Shape  // of an object
	values  []Value // slots of an object, items of a list
	entries []entry // of a dict or set
	live    int
}

// Begin starts a transaction at the newest snapshot; what others changed since
// the heap's last one becomes ghosts.
func (h *Heap) Begin() error {
	if h.tx.open && h.img != nil {
		return ErrRunning
	}
	h.settle()
	h.at = h.snap
	h.start(false)
	return nil
}

// BeginAt starts a transaction at a past tid, in which every write to a
// persistent entity is refused with ErrReadOnly. store.Latest is the newest.
// What is loaded in a past transaction is not kept, so much reading of the past
// is better done on a heap of its own.
func (h *Heap) BeginAt(tid store.TID) error {
	if h.tx.open && h.img != nil {
		return ErrRunning
	}
	h.settle()
	switch {
	case tid == store.Latest:
		tid = h.snap
	case tid > h.snap:
		return fmt.Errorf("tid %d is not committed yet, the newest is %d", tid, h.snap)
	}
	h.at = tid
	h.start(true)
	if tid < h.snap {
		// A version that is the newest was already so at any tid since its own.
		for _, e := range h.cache.table {
			if e.tid > tid {
				h.makeGhost(e)
			}
		}
	}
	return nil
}

func (h *Heap) start(past bool) {
	h.seq++
	h.stamp++
	h.tx.open, h.tx.past = true, past
	h.last = h.last[:0]
}

// settle moves the held snapshot to the newest state and makes ghosts of what
// changed. The heap's own last commit moved it once already (see Commit): what
// that one wrote is loaded as it was written, and so stays, when no other
// commit can have come in between.
func (h *Heap) settle() {
	if h.img == nil {
		return
	}
	for _, oid := range h.changed {
		if e := h.cache.table[oid]; e != nil && !(h.alone && e.tid == h.own) {
			h.makeGhost(e)
		}
	}
	h.changed = h.changed[:0]
	if !h.held {
		h.snap, h.held = h.img.store.Snapshot(), true
	} else {
		h.snap, h.changed = h.img.store.Refresh(h.snap, h.changed)
		for _, oid := range h.changed {
			if e := h.cache.table[oid]; e != nil {
				h.makeGhost(e)
			}
		}
		h.changed = h.changed[:0]
	}
	h.evict()
}

// Snapshot is the tid that the transaction reads at; after a commit, its tid.
func (h *Heap) Snapshot() store.TID { return h.at }

// Changed says whether the transaction has written anything that would be
// stored: a write to a persistent entity, or to the roots, or a new object
// whose oid was given out (Reserve).
func (h *Heap) Changed() bool {
	if len(h.tx.assigned) > 0 {
		return true
	}
	for i := range h.tx.before {
		if h.tx.before[i].e.oid != 0 && h.tx.before[i].differs() {
			return true
		}
	}
	return false
}

// Abort drops the transaction; the heap's objects are as before it.
func (h *Heap) Abort() {
	if h.tx.open {
		h.rollback()
		h.tx.open = h.img == nil
	}
}

// rollback restores what the transaction changed and ends it.
func (h *Heap) rollback() {
	for i := len(h.tx.before) - 1; i >= 0; i-- {
		h.restore(&h.tx.before[i])
	}
	for _, e := range h.tx.assigned {
		h.unassign(e)
	}
	h.end()
}

// end closes the transaction. Entities can still be read until the next Begin,
// as of the commit.
func (h *Heap) end() {
	t := &h.tx
	for _, e := range t.loaded {
		h.makeGhost(e)
	}
	clear(t.loaded)
	clear(t.reads)
	clear(t.before)
	clear(t.assigned)
	clear(t.arena)
	t.loaded, t.reads, t.before, t.assigned = t.loaded[:0], trim(t.reads), trim(t.before), trim(t.assigned)
	t.arena, t.absent = t.arena[:0], t.absent[:0]
	if t.past {
		h.at = h.snap
	}
	t.open, t.past = false, false
	h.seq++
	h.stamp++
}

// trim empties a slice for reuse, unless it has grown large.
func trim[T any](s []T) []T {
	if cap(s) > 1<<16 {
		return nil
	}
	return s[:0]
}

// Fetch loads e if it is a ghost and records the read; see Heap.Read. Between
// transactions it gives the state as of the last commit, and records nothing.
func (h *Heap) Fetch(e *Entity) error {
	if e.isGhost() {
		if err := h.load(e); err != nil {
			return err
		}
	}
	e.read = h.seq
	if e.oid != 0 && h.tx.open {
		h.tx.reads = append(h.tx.reads, e)
	}
	return nil
}

// Own keeps e's before-image and makes it writable; see Heap.Change.
func (h *Heap) Own(e *Entity) error {
	if err := h.Read(e); err != nil {
		return err
	}
	if !h.tx.open {
		return ErrNoTransaction
	}
	if h.tx.past && e.oid != 0 {
		return ErrReadOnly
	}
	h.keepBefore(e)
	e.write = h.seq
	return nil
}

func (h *Heap) keepBefore(e *Entity) {
	b := before{e: e}
	switch v := e.value(); e.kind {
	case KindObject:
		o := v.Object()
		b.shape, b.values = o.Shape, h.tx.keep(o.Slots)
	case KindList:
		b.values = h.tx.keep(v.List().Items)
	case KindDict:
		t := &v.Dict().t
		b.entries, b.live = slices.Clone(t.entries), t.live
	case KindSet, KindFrozenSet:
		t := &v.Set().t
		b.entries, b.live = slices.Clone(t.entries), t.live
	}
	h.tx.before = append(h.tx.before, b)
}

// arenaValues is the size of one piece of arena, in values.
const arenaValues = 2048

func (t *transaction) keep(values []Value) []Value {
	n := len(values)
	if n > arenaValues/4 {
		return slices.Clone(values)
	}
	if len(t.arena)+n > cap(t.arena) {
		// Before-images keep the old piece alive until the transaction ends.
		t.arena = make([]Value, 0, arenaValues)
	}
	from := len(t.arena)
	t.arena = append(t.arena, values...)
	return t.arena[from:len(t.arena):len(t.arena)]
}

func (h *Heap) restore(b *before) {
	switch v := b.e.value(); b.e.kind {
	case KindObject:
		o := v.Object()
		if o.flags&flagParent != 0 && (!o.Shape.same(b.shape) || methodsDiffer(o.Slots, b.values)) {
			h.Structural()
		}
		o.Shape, o.Slots = b.shape, slices.Clone(b.values)
	case KindList:
		v.List().Items = slices.Clone(b.values)
	case KindDict:
		v.Dict().t.restore(b.entries, b.live)
	case KindSet, KindFrozenSet:
		v.Set().t.restore(b.entries, b.live)
	}
}

func (t *table) restore(entries []entry, live int) {
	t.replace(&table{entries: entries, live: live, rebuilt: t.rebuilt})
	t.rebuild()
}

// methodsDiffer says whether two lists of slots of one shape differ in a way
// that cached look-ups can see.
func methodsDiffer(a, b []Value) bool {
	for i := range a {
		if a[i].Same(b[i]) {
			continue
		}
		if (a[i].Kind() == KindMethod || b[i].Kind() == KindMethod) && !sameStored(a[i], b[i]) {
			return true
		}
	}
	return false
}
