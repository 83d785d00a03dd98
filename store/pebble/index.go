package pebble

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
)

// freshEntry is the newest submitted state of an index entry that is on its way
// to Pebble.
type freshEntry struct {
	tid     store.TID
	value   []byte
	deleted bool
}

// refreshEntry enters a submitted index write; mu is held.
func (s *Store) refreshEntry(tid store.TID, w *store.IndexWrite) {
	if e, ok := s.fresh[w.Key]; ok {
		e.tid, e.value, e.deleted = tid, w.Value, w.Delete
		return
	}
	s.fresh[w.Key] = &freshEntry{tid: tid, value: w.Value, deleted: w.Delete}
}

// settleEntry lets go of an entry that is now in Pebble; mu is held.
func (s *Store) settleEntry(tid store.TID, key string) {
	if e, ok := s.fresh[key]; ok && e.tid <= tid {
		delete(s.fresh, key)
	}
}

// IndexGet reads one entry.
func (s *Store) IndexGet(key string) ([]byte, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	s.mu.RLock()
	e, ok := s.fresh[key]
	var value []byte
	var deleted bool
	if ok {
		value, deleted = e.value, e.deleted
	}
	s.mu.RUnlock()
	switch {
	case ok && deleted:
		return nil, noEntry(key)
	case ok:
		return bytes.Clone(value), nil
	}
	v, closer, err := s.db.Get(indexKey(key))
	if errors.Is(err, lsm.ErrNotFound) {
		return nil, noEntry(key)
	}
	if err != nil {
		return nil, fmt.Errorf("reading index entry %q: %w", key, err)
	}
	defer closer.Close()
	return bytes.Clone(v), nil
}

func noEntry(key string) error { return fmt.Errorf("index entry %q: %w", key, store.ErrNotFound) }

// IndexScan calls yield with the entries whose keys have a prefix.
func (s *Store) IndexScan(prefix string, yield func(key string, value []byte) bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	lower := indexKey(prefix)
	return s.scan(lower, after(lower), yield)
}

// scan merges what is in memory with what is in Pebble.
func (s *Store) scan(lower, upper []byte, yield func(key string, value []byte) bool) error {
	type entry struct {
		key string
		freshEntry
	}
	var fresh []entry
	s.mu.RLock()
	for k, e := range s.fresh {
		if k >= string(lower[1:]) && (len(upper) == 1 || k < string(upper[1:])) {
			fresh = append(fresh, entry{k, *e})
		}
	}
	// Made before mu is let go of: what leaves memory afterwards is in it.
	it, err := s.db.NewIter(&lsm.IterOptions{LowerBound: lower, UpperBound: upper})
	s.mu.RUnlock()
	if err != nil {
		return fmt.Errorf("scanning the index: %w", err)
	}
	defer it.Close()
	slices.SortFunc(fresh, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	give := func(e *entry) bool { return e.deleted || yield(e.key, bytes.Clone(e.value)) }
	for ok := it.First(); ok; ok = it.Next() {
		key := string(it.Key()[1:])
		for len(fresh) > 0 && fresh[0].key < key {
			if !give(&fresh[0]) {
				return nil
			}
			fresh = fresh[1:]
		}
		if len(fresh) > 0 && fresh[0].key == key {
			continue // the newer one comes in its turn
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("scanning the index: %w", err)
		}
		if !yield(key, bytes.Clone(value)) {
			return nil
		}
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("scanning the index: %w", err)
	}
	for i := range fresh {
		if !give(&fresh[i]) {
			return nil
		}
	}
	return nil
}

// indexDrop removes the entries in a range: one by one while they are few,
// since range tombstones slow down every read until they are compacted.
type indexDrop struct {
	keys     []string // all keys in the range, when they are few
	from, to []byte   // else
}

const fewEntries = 4096

func (d *indexDrop) apply(b *lsm.Batch) error {
	if d.from != nil {
		return b.DeleteRange(d.from, d.to, nil)
	}
	for _, k := range d.keys {
		if err := b.Delete(indexKey(k), nil); err != nil {
			return err
		}
	}
	return nil
}

// IndexDrop removes the keys in [from, to) and returns when that is durable.
// Entries submitted before it are covered, those submitted after it stay.
func (s *Store) IndexDrop(from, to string) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if from >= to {
		return nil
	}
	d := &indexDrop{}
	lower, upper := indexKey(from), indexKey(to)
	known := map[string]bool{}
	err := s.scan(lower, upper, func(key string, _ []byte) bool {
		known[key] = true
		return len(known) <= fewEntries
	})
	if err != nil {
		return err
	}
	p := &pending{drop: d}
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return s.whyNotDurable()
	}
	for k := range s.fresh { // submitted since the scan
		if k >= from && k < to {
			known[k] = true
		}
	}
	if len(known) == 0 {
		s.mu.Unlock()
		return nil
	}
	if len(known) > fewEntries {
		d.from, d.to = lower, upper
	} else {
		d.keys = slices.Sorted(maps.Keys(known))
		p.bytes = 64 * len(d.keys)
	}
	s.next.add(p)
	g := s.next
	s.mu.Unlock()
	s.awake()
	<-g.done
	if e := s.failure.Load(); e != nil {
		return *e
	}
	return nil
}
