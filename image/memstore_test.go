package image

import (
	"bytes"
	"context"
	"crypto/sha256"
	"slices"
	"sort"
	"strings"
	"sync"

	"batos/store"
)

// memStore is the store's contract in its simplest form: every version of
// everything in maps, one lock. It is the model beneath the image's tests.
type memStore struct {
	mu      sync.Mutex
	version map[store.OID][]store.Record // oldest first
	log     []store.Committed
	nextOID store.OID
	index   map[string][]byte
	symbols []string
	number  map[string]uint32
	blobs   map[store.Hash][]byte
	held    map[store.TID]int
	gets    int // calls of Get
	refuse  error
}

func newMemStore() *memStore {
	return &memStore{
		version: map[store.OID][]store.Record{}, nextOID: 2, index: map[string][]byte{},
		number: map[string]uint32{}, blobs: map[store.Hash][]byte{}, held: map[store.TID]int{},
	}
}

func (s *memStore) last() store.TID { return store.TID(len(s.log)) }

func (s *memStore) Snapshot() store.TID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[s.last()]++
	return s.last()
}

func (s *memStore) Release(t store.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[t]--; s.held[t] < 0 {
		panic("released more often than held")
	}
}

func (s *memStore) Refresh(held store.TID, changed []store.OID) (store.TID, []store.OID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[held] == 0 {
		panic("refresh of a snapshot that is not held")
	}
	s.held[held]--
	s.held[s.last()]++
	for _, tx := range s.log[held:] {
		for _, c := range tx.Changes {
			changed = append(changed, c.OID)
		}
	}
	return s.last(), changed
}

func (s *memStore) at(oid store.OID, at store.TID) (store.Record, error) {
	for _, r := range slices.Backward(s.version[oid]) {
		if r.TID <= at {
			if r.Data == nil {
				break
			}
			return r, nil
		}
	}
	return store.Record{}, store.ErrNotFound
}

func (s *memStore) Get(oid store.OID, at store.TID) (store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gets++
	return s.at(oid, at)
}

func (s *memStore) History(oid store.OID, yield func(store.Record) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Backward(s.version[oid]) {
		if !yield(r) {
			break
		}
	}
	return nil
}

func (s *memStore) AllocateOIDs(n int) store.OID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextOID += store.OID(n)
	return s.nextOID - store.OID(n)
}

func (s *memStore) newest(oid store.OID) store.TID {
	if v := s.version[oid]; len(v) > 0 {
		return v[len(v)-1].TID
	}
	return 0
}

func (s *memStore) Submit(tx *store.Transaction) (store.TID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return 0, s.refuse
	}
	if len(tx.Writes)+len(tx.Index) == 0 {
		panic("an empty transaction")
	}
	if s.held[tx.Snapshot] == 0 {
		panic("submitted at a snapshot that is not held")
	}
	for _, w := range tx.Writes {
		if n := s.newest(w.OID); n > tx.Snapshot {
			return 0, &store.ConflictError{OID: w.OID, Snapshot: tx.Snapshot, Newer: n, Wrote: true}
		}
		if (w.Change == store.Created) != (s.newest(w.OID) == 0) {
			panic("created what exists, or changed what does not: " + w.OID.String())
		}
	}
	if len(tx.Writes) > 0 {
		for _, oid := range tx.Reads {
			if n := s.newest(oid); n > tx.Snapshot {
				return 0, &store.ConflictError{OID: oid, Snapshot: tx.Snapshot, Newer: n}
			}
		}
	}
	tid := s.last() + 1
	done := store.Committed{TID: tid, Provenance: tx.Provenance}
	seen := map[store.OID]bool{}
	for _, w := range tx.Writes {
		if seen[w.OID] {
			panic("written twice: " + w.OID.String())
		}
		seen[w.OID] = true
		s.version[w.OID] = append(s.version[w.OID], store.Record{OID: w.OID, TID: tid, Prev: s.newest(w.OID), Data: w.Data, Refs: w.Refs})
		done.Changes = append(done.Changes, store.ObjectChange{OID: w.OID, Change: w.Change, Slots: w.Slots})
	}
	for _, w := range tx.Writes {
		for _, ref := range w.Refs {
			if s.newest(ref) == 0 {
				panic(w.OID.String() + " refers to " + ref.String() + ", which does not exist")
			}
		}
	}
	sort.Slice(done.Changes, func(i, j int) bool { return done.Changes[i].OID < done.Changes[j].OID })
	for _, w := range tx.Index {
		if w.Delete {
			delete(s.index, w.Key)
		} else {
			s.index[w.Key] = w.Value
		}
	}
	s.log = append(s.log, done)
	return tid, nil
}

func (s *memStore) WaitDurable(context.Context, store.TID) error     { return nil }
func (s *memStore) OnDurable(_ store.TID, done func(error))          { go done(nil) }
func (s *memStore) Transaction(t store.TID) (store.Committed, error) { return s.log[t-1], nil }

func (s *memStore) Log(from store.TID, yield func(store.Committed) bool) error {
	for _, c := range slices.Backward(s.log[:min(from, s.last())]) {
		if !yield(c) {
			break
		}
	}
	return nil
}

func (s *memStore) IndexGet(key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.index[key]; ok {
		return v, nil
	}
	return nil, store.ErrNotFound
}

func (s *memStore) IndexScan(prefix string, yield func(string, []byte) bool) error {
	for _, key := range slices.Sorted(func(add func(string) bool) {
		for k := range s.index {
			if strings.HasPrefix(k, prefix) && !add(k) {
				return
			}
		}
	}) {
		if !yield(key, s.index[key]) {
			break
		}
	}
	return nil
}

func (s *memStore) IndexDrop(from, to string) error {
	for k := range s.index {
		if k >= from && k < to {
			delete(s.index, k)
		}
	}
	return nil
}

func (s *memStore) Symbol(name string) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.number[name]
	if !ok {
		n = uint32(len(s.symbols))
		s.symbols = append(s.symbols, name)
		s.number[name] = n
	}
	return n
}

func (s *memStore) SymbolName(n uint32) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if int(n) < len(s.symbols) {
		return s.symbols[n], true
	}
	return "", false
}

func (s *memStore) PutBlob(data []byte) (store.Hash, error) {
	h := store.Hash(sha256.Sum256(data))
	s.blobs[h] = bytes.Clone(data)
	return h, nil
}

func (s *memStore) Blob(h store.Hash) ([]byte, error) {
	if b, ok := s.blobs[h]; ok {
		return b, nil
	}
	return nil, store.ErrNotFound
}

func (s *memStore) Stats() store.Stats { return store.Stats{Last: s.last(), NextOID: s.nextOID} }
func (s *memStore) Close() error       { return nil }
