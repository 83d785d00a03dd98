package pebble

import (
	"bytes"
	"errors"
	"fmt"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
)

// Get reads the version of oid that was current at a tid: from memory while it
// is on its way to Pebble, else by its exact key when heads knows it, else by a
// seek to the first version not newer.
func (s *Store) Get(oid store.OID, at store.TID) (store.Record, error) {
	if err := s.enter(); err != nil {
		return store.Record{}, err
	}
	defer s.leave()
	if last := store.TID(s.last.Load()); at > last {
		at = last
	}
	if v := s.freshVersion(oid, at); v != nil {
		if v.data == nil {
			return store.Record{}, notFound(oid, at)
		}
		return v.record(), nil
	}
	tid, r, err := s.stored(oid, at)
	switch {
	case err != nil:
		return store.Record{}, err
	case tid == 0 || r.deleted():
		return store.Record{}, notFound(oid, at)
	}
	return storeRecord(oid, tid, &r), nil
}

func notFound(oid store.OID, at store.TID) error {
	return fmt.Errorf("%v at tid %d: %w", oid, at, store.ErrNotFound)
}

func (v *version) record() store.Record {
	return store.Record{OID: v.oid, TID: v.tid, Prev: v.prev, Data: v.data, Refs: v.refs}
}

func storeRecord(oid store.OID, tid store.TID, r *record) store.Record {
	rec := store.Record{OID: oid, TID: tid, Prev: r.prev, Refs: r.refs}
	if !r.deleted() {
		rec.Data = r.payload
	}
	return rec
}

// freshVersion gives the version current at a tid if it is in memory.
func (s *Store) freshVersion(oid store.OID, at store.TID) *version {
	if s.applied.Load() >= uint64(at) {
		return nil // everything up to there is in Pebble
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.recent.find(oid, at)
}

// stored gives the version current at a tid from Pebble, tid 0 when there is
// none.
func (s *Store) stored(oid store.OID, at store.TID) (store.TID, record, error) {
	var array [splitLen + 8]byte
	if e, ok := s.heads.get(oid); ok && e.tid <= at {
		key := appendVersionKey(array[:0], oid, e.tid)
		value, closer, err := s.db.Get(key)
		if err == nil {
			r, err := readRecord(key, bytes.Clone(value))
			closer.Close()
			return e.tid, r, err
		}
		if !errors.Is(err, lsm.ErrNotFound) {
			return 0, record{}, fmt.Errorf("reading %v: %w", oid, err)
		}
		// A version newer than at the time of our look into memory.
	}
	key := appendVersionKey(array[:0], oid, at)
	it, err := s.db.NewIter(nil)
	if err != nil {
		return 0, record{}, fmt.Errorf("reading %v: %w", oid, err)
	}
	defer it.Close()
	if !it.SeekPrefixGE(key) {
		if err := it.Error(); err != nil {
			return 0, record{}, fmt.Errorf("reading %v: %w", oid, err)
		}
		return 0, record{}, nil
	}
	tid, r, err := readVersion(it)
	if err == nil {
		s.learn(oid, head{tid: tid, refs: r.refs}, at)
	}
	return tid, r, err
}

// headStored gives tid and references of the version current at a tid, wherever
// it is.
func (s *Store) headStored(oid store.OID, at store.TID) (head, error) {
	if v := s.freshVersion(oid, at); v != nil {
		return head{tid: v.tid, refs: v.refs}, nil
	}
	tid, r, err := s.stored(oid, at)
	return head{tid: tid, refs: r.refs}, err
}

// readVersion decodes what an iterator is at.
func readVersion(it *lsm.Iterator) (store.TID, record, error) {
	value, err := it.ValueAndErr()
	if err != nil {
		return 0, record{}, fmt.Errorf("reading key %x: %w", it.Key(), err)
	}
	r, err := readRecord(it.Key(), bytes.Clone(value))
	return versionTID(it.Key()), r, err
}

func readRecord(key, value []byte) (record, error) {
	b, err := checkSum(value, key)
	if err != nil {
		return record{}, err
	}
	return decodeRecord(b)
}

// History calls yield with the versions of oid, newest first.
func (s *Store) History(oid store.OID, yield func(store.Record) bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	var fresh []store.Record
	s.mu.RLock()
	for v := s.recent.writes[oid].fresh; v != nil; v = v.older {
		fresh = append(fresh, v.record())
	}
	s.mu.RUnlock()
	at := store.Latest
	for _, r := range fresh {
		if at = r.TID - 1; !yield(r) {
			return nil
		}
	}
	it, err := s.db.NewIter(nil)
	if err != nil {
		return fmt.Errorf("reading the history of %v: %w", oid, err)
	}
	defer it.Close()
	for ok := it.SeekPrefixGE(appendVersionKey(nil, oid, at)); ok; ok = it.Next() {
		tid, r, err := readVersion(it)
		if err != nil {
			return err
		}
		if !yield(storeRecord(oid, tid, &r)) {
			return nil
		}
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("reading the history of %v: %w", oid, err)
	}
	return nil
}

// Transaction reads one transaction.
func (s *Store) Transaction(tid store.TID) (store.Committed, error) {
	if err := s.enter(); err != nil {
		return store.Committed{}, err
	}
	defer s.leave()
	if body := s.freshBody(tid); body != nil {
		c, _, err := decodeBody(tid, body)
		return c, err
	}
	key := appendTransactionKey(nil, tid)
	value, closer, err := s.db.Get(key)
	if errors.Is(err, lsm.ErrNotFound) {
		return store.Committed{}, fmt.Errorf("transaction %d: %w", tid, store.ErrNotFound)
	}
	if err != nil {
		return store.Committed{}, fmt.Errorf("reading transaction %d: %w", tid, err)
	}
	defer closer.Close()
	c, _, err := decodeTransaction(key, value)
	return c, err
}

// freshBody gives the body of a transaction that is on its way to Pebble.
func (s *Store) freshBody(tid store.TID) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if tid <= s.appliedTID() || tid > s.recent.last {
		return nil
	}
	return s.recent.at(tid).tx.body
}

// Log calls yield with the transactions from a tid downwards.
func (s *Store) Log(from store.TID, yield func(store.Committed) bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if last := store.TID(s.last.Load()); from > last {
		from = last
	}
	for ; from > s.appliedTID(); from-- {
		body := s.freshBody(from)
		if body == nil {
			break // it reached Pebble meanwhile, and so did all below
		}
		c, _, err := decodeBody(from, body)
		if err != nil {
			return err
		}
		if !yield(c) {
			return nil
		}
	}
	return s.logStored(from, yield)
}

func (s *Store) logStored(from store.TID, yield func(store.Committed) bool) error {
	if from == 0 {
		return nil
	}
	it, err := s.db.NewIter(&lsm.IterOptions{
		LowerBound: []byte{kindTransaction},
		UpperBound: appendTransactionKey(nil, from+1),
	})
	if err != nil {
		return fmt.Errorf("reading the log: %w", err)
	}
	defer it.Close()
	for ok := it.Last(); ok; ok = it.Prev() {
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("reading the log: %w", err)
		}
		c, _, err := decodeTransaction(it.Key(), value)
		if err != nil {
			return err
		}
		if !yield(c) {
			return nil
		}
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("reading the log: %w", err)
	}
	return nil
}
