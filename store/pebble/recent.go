package pebble

import "batos/store"

// recent is the table that conflicts are checked in and fresh versions are read
// from. It knows every write of the transactions base+1 to base+count-1; entry
// i of the ring is the transaction base+i, and the first entry stands for the
// state at base only.
//
// base follows the oldest held snapshot, but never passes a transaction that
// is not yet in Pebble. When what it holds is larger than limit, it goes on
// without waiting for old snapshots; they are then counted in spilled, and
// served from Pebble.
type recent struct {
	writes  map[store.OID]recentWrite
	ring    []recentEntry // a power of two long; tid is at tid & (len-1)
	base    store.TID
	last    store.TID
	spilled map[store.TID]int
	bytes   int64
	limit   int64
}

// recentWrite is the newest submitted version of an object.
type recentWrite struct {
	tid   store.TID
	fresh *version // the version itself, nil once it is in Pebble
}

type recentEntry struct {
	holds int
	oids  []store.OID
	tx    *pending // nil once it is in Pebble
}

// version is one version of one object on its way to Pebble. Those of one
// object are linked while they wait, newest first.
type version struct {
	oid          store.OID
	tid          store.TID
	prev         store.TID
	change       store.Change
	value        []byte // encoded, without the sum, with room for it
	data         []byte // the payload within value; nil when deleted
	refs         []store.OID
	blobs        []store.Hash
	began        []store.OID // targets that the version before did not refer to
	ceased       []store.OID
	older, newer *version
}

// What the table costs a transaction and a write, roughly.
const (
	entryBytes = 64
	writeBytes = 96
)

func newRecent(at store.TID, limit int64) recent {
	return recent{
		writes:  map[store.OID]recentWrite{},
		ring:    make([]recentEntry, 1024),
		base:    at,
		last:    at,
		spilled: map[store.TID]int{},
		limit:   limit,
	}
}

func (r *recent) at(tid store.TID) *recentEntry { return &r.ring[int(tid)&(len(r.ring)-1)] }

func (r *recent) hold(tid store.TID) {
	if tid < r.base {
		r.spilled[tid]++
		return
	}
	r.at(tid).holds++
}

func (r *recent) release(tid store.TID) {
	switch {
	case tid > r.last:
	case tid >= r.base:
		if e := r.at(tid); e.holds > 0 {
			e.holds--
		}
	case r.spilled[tid] > 1:
		r.spilled[tid]--
	default:
		delete(r.spilled, tid)
	}
}

// add enters the next transaction.
func (r *recent) add(tx *pending) {
	if r.last-r.base+1 == store.TID(len(r.ring)) {
		larger := make([]recentEntry, 2*len(r.ring))
		for t := r.base; t <= r.last; t++ {
			larger[int(t)&(len(larger)-1)] = *r.at(t)
		}
		r.ring = larger
	}
	r.last++
	*r.at(r.last) = recentEntry{oids: tx.oids, tx: tx}
	r.bytes += entryBytes + int64(tx.bytes)
	for i := range tx.writes {
		v := &tx.writes[i]
		older := r.writes[v.oid].fresh
		if v.older = older; older != nil {
			older.newer = v
		}
		r.writes[v.oid] = recentWrite{tid: v.tid, fresh: v}
	}
	r.bytes += writeBytes * int64(len(tx.writes))
}

// settle lets go of the versions of a transaction that is now in Pebble.
func (r *recent) settle(tx *pending) {
	for i := range tx.writes {
		v := &tx.writes[i]
		if v.newer != nil {
			v.newer.older = nil
			continue
		}
		if w := r.writes[v.oid]; w.fresh == v {
			w.fresh = nil
			r.writes[v.oid] = w
		}
	}
	r.at(tx.tid).tx = nil
	r.bytes -= int64(tx.bytes)
}

// advance moves base up to the oldest held snapshot, or further when the table
// is too large, but not past applied.
func (r *recent) advance(applied store.TID) {
	for r.base < applied {
		e := r.at(r.base)
		if e.holds > 0 {
			if r.bytes <= r.limit {
				return
			}
			r.spilled[r.base] += e.holds
		}
		*e = recentEntry{}
		r.base++
		e = r.at(r.base)
		for _, oid := range e.oids {
			if r.writes[oid].tid == r.base {
				delete(r.writes, oid)
			}
		}
		r.bytes -= entryBytes + writeBytes*int64(len(e.oids))
		e.oids = nil
	}
}

// writtenAfter appends what the transactions after tid wrote; tid is not below
// base.
func (r *recent) writtenAfter(tid store.TID, oids []store.OID) []store.OID {
	for t := tid + 1; t <= r.last; t++ {
		oids = append(oids, r.at(t).oids...)
	}
	return oids
}

// conflict finds a write newer than snapshot among the oids that tx wrote or
// read. It needs snapshot not below base.
func (r *recent) conflict(tx *store.Transaction) *store.ConflictError {
	for i := range tx.Writes {
		oid := tx.Writes[i].OID
		if w := r.writes[oid]; w.tid > tx.Snapshot {
			return &store.ConflictError{OID: oid, Snapshot: tx.Snapshot, Newer: w.tid, Wrote: true}
		}
	}
	if len(tx.Writes) == 0 {
		return nil
	}
	for _, oid := range tx.Reads {
		if w := r.writes[oid]; w.tid > tx.Snapshot {
			return &store.ConflictError{OID: oid, Snapshot: tx.Snapshot, Newer: w.tid}
		}
	}
	return nil
}

// find gives the version of oid that is current at tid, if memory has it.
func (r *recent) find(oid store.OID, at store.TID) *version {
	for v := r.writes[oid].fresh; v != nil; v = v.older {
		if v.tid <= at {
			return v
		}
	}
	return nil
}
