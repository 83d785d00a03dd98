package pebble

import (
	"sync"

	"batos/store"
)

// heads remembers the newest submitted version of the objects last written or
// read: its tid and references. Submit needs them to link a version to the one
// before and to write only the difference of references, and a read of the
// newest state finds its exact key, without an iterator.
//
// It is two generations of at most size objects: what is asked for moves to the
// young one, and when that is full the old one is dropped.
type heads struct {
	mu         sync.Mutex
	young, old map[store.OID]head
	size       int
}

type head struct {
	tid  store.TID
	refs []store.OID
}

func newHeads(size int) heads { return heads{young: map[store.OID]head{}, size: size} }

func (h *heads) get(oid store.OID) (head, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e, ok := h.young[oid]; ok {
		return e, true
	}
	e, ok := h.old[oid]
	if ok {
		h.put(oid, e)
	}
	return e, ok
}

// put is called with h.mu held.
func (h *heads) put(oid store.OID, e head) {
	if len(h.young) >= h.size {
		h.old, h.young = h.young, make(map[store.OID]head, h.size)
	}
	h.young[oid] = e
}

// written enters a submitted transaction; the state lock is held, so that
// later ones come later.
func (h *heads) written(tx *pending) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range tx.writes {
		v := &tx.writes[i]
		h.put(v.oid, head{tid: v.tid, refs: v.refs})
	}
}

// learn enters a version that was read from Pebble as the current one at a tid,
// if it is still the newest.
func (s *Store) learn(oid store.OID, e head, at store.TID) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if at < s.recent.base || s.recent.writes[oid].tid > at {
		return
	}
	s.heads.mu.Lock()
	defer s.heads.mu.Unlock()
	if _, ok := s.heads.young[oid]; !ok {
		s.heads.put(oid, e)
	}
}
