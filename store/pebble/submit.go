package pebble

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"batos/store"
)

// pending is a submitted transaction on its way to Pebble, or an IndexDrop,
// which takes the same way so that it keeps its place among the transactions.
type pending struct {
	tid    store.TID // 0 for a drop
	writes []version // in oid order
	oids   []store.OID
	index  []store.IndexWrite
	body   []byte // without chain and sum, with room for them
	digest chain
	bytes  int
	drop   *indexDrop
}

var errNothing = errors.New("a transaction with neither writes nor index entries; commit only what changed")

// Submit validates and accepts a transaction. Everything that needs no order is
// done before the state lock is taken.
func (s *Store) Submit(tx *store.Transaction) (store.TID, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.leave()
	if len(tx.Writes) == 0 && len(tx.Index) == 0 {
		return 0, errNothing
	}
	if s.full.Load() && s.diskFull() {
		return 0, store.ErrFull
	}
	p, err := s.encode(tx)
	if err != nil {
		return 0, err
	}
	if p.bytes >= largeBytes && s.spaceBelow(s.opts.Reserve+2*int64(p.bytes)) { // log and table
		return 0, store.ErrFull
	}
	if err := s.backpressure(p.bytes); err != nil {
		return 0, err
	}

	s.mu.Lock()
	known := tx.Snapshot // recent is asked for what is newer than this
	for known < s.recent.base {
		// Older than memory keeps: ask Pebble about everything up to now, and
		// hold now, so that memory answers for the rest.
		known = s.holdLast()
		s.mu.Unlock()
		defer s.Release(known)
		if err := s.validateStored(tx, known); err != nil {
			return 0, err
		}
		s.mu.Lock()
	}
	defer s.mu.Unlock()
	if s.ended {
		return 0, s.whyNotDurable()
	}
	last := store.TID(s.last.Load())
	if tx.Snapshot > last {
		return 0, fmt.Errorf("the transaction read tid %d, but the newest is %d", tx.Snapshot, last)
	}
	if c := s.recent.conflict(tx); c != nil {
		s.conflicts.Add(1)
		return 0, c
	}
	p.tid = last + 1
	for i := range p.writes {
		p.writes[i].tid = p.tid
	}
	if n := len(p.oids); n > 0 {
		s.coverOID(p.oids[n-1])
	}
	s.recent.add(p)
	s.heads.written(p)
	for i := range p.index {
		s.refreshEntry(p.tid, &p.index[i])
	}
	s.next.add(p)
	s.last.Store(uint64(p.tid))
	s.awake()
	return p.tid, nil
}

// coverOID keeps the next oid above one that is written, which an import may
// have brought along.
func (s *Store) coverOID(oid store.OID) {
	for next := s.nextOID.Load(); uint64(oid) >= next; next = s.nextOID.Load() {
		if s.nextOID.CompareAndSwap(next, uint64(oid)+1) {
			return
		}
	}
}

// awake tells the committer that something waits.
func (s *Store) awake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// encode prepares everything that does not depend on the tid.
func (s *Store) encode(tx *store.Transaction) (*pending, error) {
	order := func(a, b store.Write) int { return cmp.Compare(a.OID, b.OID) }
	if !slices.IsSortedFunc(tx.Writes, order) {
		slices.SortFunc(tx.Writes, order)
	}
	size := bodySize(tx)
	for i := range tx.Writes {
		size += recordSize(&tx.Writes[i])
	}
	// One buffer for all that the transaction stores; parts of it are sliced
	// off with just the room that their sums need.
	buffer := make([]byte, 0, size)
	p := &pending{index: tx.Index}
	if n := len(tx.Writes); n > 0 {
		p.writes = make([]version, n)
		p.oids = make([]store.OID, n)
	}
	for i := range tx.Writes {
		w, v := &tx.Writes[i], &p.writes[i]
		if w.OID == 0 || i > 0 && w.OID == tx.Writes[i-1].OID {
			return nil, fmt.Errorf("%v is written twice or is no object", w.OID)
		}
		if w.Change < store.Created || w.Change > store.Undone {
			return nil, fmt.Errorf("%v is written with change %d; say what happened to it", w.OID, w.Change)
		}
		before, err := s.headAt(w, tx.Snapshot)
		if err != nil {
			return nil, err
		}
		p.oids[i] = w.OID
		v.oid, v.change, v.prev = w.OID, w.Change, before.tid
		r := record{prev: before.tid, blobs: w.Blobs}
		switch {
		case w.Change == store.Deleted:
			r.flags |= flagDeleted
			r.blobs = nil
		default:
			if w.Change == store.Undone {
				r.flags |= flagUndone
				if w.Data == nil { // undoing a creation deletes
					r.flags |= flagDeleted
				}
			}
			v.refs = ascending(w.Refs)
			r.refs, r.payload = v.refs, w.Data
		}
		v.blobs = r.blobs
		if err := s.haveBlobs(v); err != nil {
			return nil, err
		}
		v.began, v.ceased = difference(before.refs, v.refs)
		from := len(buffer)
		buffer = appendRecord(buffer, &r)
		n := len(buffer)
		buffer = buffer[:n+sumLen]
		v.value = buffer[from : n : n+sumLen]
		if !r.deleted() {
			v.data = buffer[n-len(w.Data) : n : n]
		}
	}

	prov := tx.Provenance
	if prov.Time.IsZero() {
		prov.Time = time.Now()
	}
	from := len(buffer)
	buffer = appendProvenance(buffer, &prov)
	buffer = appendChangeCount(buffer, len(tx.Writes))
	var last store.OID
	for i := range tx.Writes {
		w := &tx.Writes[i]
		buffer = appendChange(buffer, last, w.OID, w.Change, w.Slots)
		last = w.OID
	}
	p.body = buffer[from:]
	p.digest = digest(p.body, p.writes)
	p.bytes = size
	for i := range tx.Index {
		p.bytes += 32 + len(tx.Index[i].Key) + len(tx.Index[i].Value)
	}
	return p, nil
}

// digest is the transaction's part of the chain; see transaction.go.
func digest(body []byte, writes []version) chain {
	h := sha256.New()
	h.Write(body)
	for i := range writes {
		one := sha256.Sum256(writes[i].value)
		h.Write(one[:])
	}
	var c chain
	h.Sum(c[:0])
	return c
}

// headAt gives the version before the one that w makes: the newest at the
// snapshot. If there is a newer one the transaction is refused anyway.
func (s *Store) headAt(w *store.Write, snapshot store.TID) (head, error) {
	if e, ok := s.heads.get(w.OID); ok {
		return e, nil
	}
	if w.Change == store.Created && w.OID >= s.firstOID {
		return head{}, nil
	}
	e, err := s.headStored(w.OID, snapshot)
	if err != nil {
		return head{}, fmt.Errorf("reading the version of %v before this one: %w", w.OID, err)
	}
	return e, nil
}

// validateStored checks against Pebble, and against memory for what is on its
// way there, that nothing tx read or wrote changed between its snapshot and
// now.
func (s *Store) validateStored(tx *store.Transaction, now store.TID) error {
	check := func(oid store.OID, wrote bool) error {
		e, err := s.headStored(oid, now)
		if err != nil {
			return fmt.Errorf("validating %v: %w", oid, err)
		}
		if e.tid > tx.Snapshot {
			s.conflicts.Add(1)
			return &store.ConflictError{OID: oid, Snapshot: tx.Snapshot, Newer: e.tid, Wrote: wrote}
		}
		return nil
	}
	for i := range tx.Writes {
		if err := check(tx.Writes[i].OID, true); err != nil {
			return err
		}
	}
	if len(tx.Writes) == 0 {
		return nil
	}
	for _, oid := range tx.Reads {
		if err := check(oid, false); err != nil {
			return err
		}
	}
	return nil
}

// difference compares two ascending lists.
func difference(before, now []store.OID) (began, ceased []store.OID) {
	if slices.Equal(before, now) {
		return nil, nil
	}
	for len(before) > 0 || len(now) > 0 {
		switch {
		case len(before) == 0 || len(now) > 0 && now[0] < before[0]:
			began = append(began, now[0])
			now = now[1:]
		case len(now) == 0 || before[0] < now[0]:
			ceased = append(ceased, before[0])
			before = before[1:]
		default:
			before, now = before[1:], now[1:]
		}
	}
	return began, ceased
}
