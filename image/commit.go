package image

import (
	"errors"

	"batos/store"
)

// Commit submits what changed, everything newly reachable included, and ends
// the transaction. tid is the commit's, or the snapshot when nothing changed
// and no index entry was asked for. It is visible to other heaps at once and
// durable later (store.WaitDurable). Errors: *store.ConflictError,
// *UnstorableError, *OrganizationError, ErrReadOnly, errors of the store; the
// transaction is then dropped whole, as by Abort.
func (h *Heap) Commit(r CommitRequest) (tid store.TID, err error) {
	switch {
	case !h.tx.open:
		return 0, ErrNoTransaction
	case h.img == nil:
		h.end()
		h.tx.open = true
		return 0, nil
	case h.tx.past && len(r.Index) > 0:
		h.rollback()
		return 0, ErrReadOnly
	case h.tx.past:
		tid = h.at
		h.rollback()
		return tid, nil
	}
	if tid, err = h.commit(&r); err != nil {
		h.rollback()
		return 0, err
	}
	return tid, nil
}

func (h *Heap) commit(r *CommitRequest) (store.TID, error) {
	changes := h.changes()
	if len(changes) == 0 && len(r.Index) == 0 && len(h.tx.assigned) == 0 {
		if r.Try {
			return 0, ErrTried
		}
		h.drop()
		return h.at, nil
	}
	for i := range changes {
		changes[i].e.flags |= flagDirty
	}
	c := &h.enc
	c.h = h
	defer func() {
		for i := range changes {
			changes[i].e.flags &^= flagDirty | flagQueued
		}
		for _, e := range c.queue {
			e.flags &^= flagQueued
		}
		clear(c.queue)
		clear(c.layouts)
		c.queue, c.layouts, c.writes = trim(c.queue), trim(c.layouts), nil
		c.buf, c.refs = trim(c.buf), trim(c.refs)
	}()
	if err := h.guard(r, changes); err != nil {
		return 0, err
	}
	h.queueReserved()
	kind := store.Changed
	if r.Provenance.UndoOf != 0 {
		kind = store.Undone
	}
	writes, err := h.encodeAll(changes, kind)
	if err != nil {
		return 0, err
	}
	if r.Try {
		return 0, ErrTried
	}
	tid, err := h.img.store.Submit(&store.Transaction{
		Snapshot:   h.snap,
		Reads:      h.readSet(),
		Writes:     writes,
		Index:      r.Index,
		Provenance: r.Provenance,
	})
	if err != nil {
		return 0, err
	}
	for i := range changes {
		changes[i].e.tid = tid
	}
	for _, e := range c.queue {
		e.tid = tid
	}
	for _, l := range c.layouts {
		*l.e.chunks() = l.chunks
	}
	h.cache.loaded += len(c.queue)
	h.tell(changes, c.queue)
	h.drop()
	// What the heap itself wrote must not come back at the next Begin as
	// changed by others. The oids that Refresh gives here are those from the
	// old snapshot up to now; when that is this commit, its own are current.
	h.own, h.at = tid, tid
	h.snap, h.changed = h.img.store.Refresh(h.snap, h.changed[:0])
	h.alone = h.snap == tid
	return tid, nil
}

// drop ends a transaction that has nothing to restore.
func (h *Heap) drop() {
	for _, e := range h.tx.assigned {
		if e.isNew() {
			h.unassign(e)
		}
	}
	h.end()
}

// encodeAll makes the writes: what changed, and what is new and reachable from
// it, in the order in which it is reached. kind is what is said of the former.
func (h *Heap) encodeAll(changes []change, kind store.Change) ([]store.Write, error) {
	c := &h.enc
	c.writes, c.total = make([]store.Write, 0, len(changes)), 0
	for i := range changes {
		ch := &changes[i]
		done := kind
		if ch.e.isNew() { // the roots object alone
			done = store.Created
			ch.e.flags |= flagQueued
		}
		if err := c.entity(ch.e, ch.b, done, ch.slotNames()); err != nil {
			return nil, h.pathOf(ch.e, err)
		}
	}
	for i := 0; i < len(c.queue); i++ {
		if err := c.entity(c.queue[i], nil, store.Created, nil); err != nil {
			return nil, h.pathOf(c.queue[i], err)
		}
	}
	return c.writes, nil
}

// queueReserved has the objects stored whose oids were given out, whether
// something reaches them or not: who was told an oid may send to it.
func (h *Heap) queueReserved() {
	for _, e := range h.tx.assigned {
		if e.isNew() && e.flags&(flagQueued|flagDirty) == 0 {
			e.flags |= flagQueued
			h.enc.queue = append(h.enc.queue, e)
		}
	}
}

// readSet is what was read and is not written.
func (h *Heap) readSet() []store.OID {
	reads := make([]store.OID, 0, len(h.tx.reads)+len(h.tx.absent))
	for _, e := range h.tx.reads {
		if e.flags&flagDirty == 0 && (!e.isNew() || e.oid == RootsOID) {
			reads = append(reads, e.oid)
		}
	}
	return append(reads, h.tx.absent...)
}

// Reserve gives an object its oid, which a new one otherwise gets at commit. An
// object whose oid was reserved is stored by the commit, also when nothing
// reaches it.
func (h *Heap) Reserve(o *Object) store.OID {
	h.assign(&o.Entity)
	return o.oid
}

// Bounds of the number of oids that a heap reserves at once.
const (
	fewOIDs  = 64
	manyOIDs = 4096
)

func (h *Heap) assign(e *Entity) {
	if e.oid != 0 {
		return
	}
	e.oid = h.newOID()
	h.cache.table[e.oid] = e
	h.tx.assigned = append(h.tx.assigned, e)
}

// newOID takes an oid from those that are reserved for the heap.
func (h *Heap) newOID() store.OID {
	if h.nextOID == h.endOID {
		n := min(max(fewOIDs, 2*len(h.tx.assigned)), manyOIDs)
		h.nextOID = h.img.store.AllocateOIDs(n)
		h.endOID = h.nextOID + store.OID(n)
	}
	h.nextOID++
	return h.nextOID - 1
}

// unassign takes an oid back from an entity that was not stored.
func (h *Heap) unassign(e *Entity) {
	delete(h.cache.table, e.oid)
	e.oid = 0
}

// pathOf says where in the image a value that cannot be stored is held: it
// walks from e, whose record could not be written, to the object that owns it.
func (h *Heap) pathOf(e *Entity, err error) error {
	var u *unstorable
	if !errors.As(err, &u) {
		return err
	}
	path := h.enc.slot.String() // of what was written last
	if !u.value.Absent() {
		path = stepTo(e, u.value)
	}
	for range maxNesting {
		hint := e.owner()
		if hint == nil {
			break
		}
		holder := h.cache.table[hint.holder]
		if holder == nil || holder.isGhost() {
			break
		}
		path = stepTo(holder, e.value()) + path
		e = holder
	}
	found := &UnstorableError{Slot: path, Type: u.what}
	if !e.isNew() {
		found.Object = e.oid
	}
	return found
}
