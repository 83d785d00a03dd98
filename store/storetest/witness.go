package storetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"batos/store"
)

// Witness makes a load and remembers what was acknowledged, so that a store
// that was opened after a power cut can be held against it. A driver's crash
// test runs Load on a file system that it can cut, takes Acknowledged at the
// moment of each cut, just before the file system's copy, and hands both to
// Check.
//
// Every transaction writes one stamp, unique to it, to one to forty objects and
// to one index entry, and some put a blob first and name a new symbol. So a
// torn transaction shows, whichever part is missing.
type Witness struct {
	mu    sync.Mutex
	acked []acknowledged
	stamp uint64
	pool  []store.OID
}

type acknowledged struct {
	tid    store.TID
	stamp  uint64
	oids   []store.OID
	blob   store.Hash
	symbol uint32
}

// Acknowledged is how many transactions are acknowledged now.
func (w *Witness) Acknowledged() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// Load runs writers that make n transactions together, each with one in three
// waited for. It ends early, without an error, when the store fails or closes.
func (w *Witness) Load(s store.Store, writers, n int, seed uint64) error {
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(seed, uint64(i)))
			for range n / writers {
				err := w.step(s, rnd)
				if errors.Is(err, store.ErrFailed) || errors.Is(err, store.ErrClosed) {
					return
				}
				if err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (w *Witness) step(s store.Store, rnd *rand.Rand) error {
	w.mu.Lock()
	w.stamp++
	a := acknowledged{stamp: w.stamp}
	known := slices.Clone(w.pool)
	w.mu.Unlock()

	changes := map[store.OID]store.Change{}
	for range rnd.IntN(1 + rnd.IntN(40)) {
		if len(known) > 0 {
			changes[known[rnd.IntN(len(known))]] = store.Changed
		}
	}
	fresh := s.AllocateOIDs(2)
	changes[fresh], changes[fresh+1] = store.Created, store.Created
	data := bytes.Repeat(number(int64(a.stamp)), 1+rnd.IntN(60))
	tx := store.Transaction{Index: []store.IndexWrite{{Key: indexName(a.stamp), Value: number(int64(len(changes)))}}}
	for oid, c := range changes {
		a.oids = append(a.oids, oid)
		tx.Writes = append(tx.Writes, store.Write{OID: oid, Change: c, Data: data, Refs: []store.OID{fresh, oid}})
	}
	if rnd.IntN(8) == 0 {
		h, err := s.PutBlob(number(int64(a.stamp)))
		if err != nil {
			return err
		}
		a.blob = h
		tx.Writes[0].Blobs = []store.Hash{h}
		a.symbol = s.Symbol(fmt.Sprintf("stamp_%d", a.stamp))
	}
	for {
		tx.Snapshot = s.Snapshot()
		tid, err := s.Submit(&tx)
		s.Release(tx.Snapshot)
		var c *store.ConflictError
		if errors.As(err, &c) {
			continue
		}
		if err != nil {
			return err
		}
		a.tid = tid
		break
	}
	if rnd.IntN(3) == 0 {
		if err := s.WaitDurable(context.Background(), a.tid); err != nil {
			return err
		}
		w.mu.Lock()
		w.acked = append(w.acked, a)
		w.mu.Unlock()
	}
	w.mu.Lock()
	w.pool = append(w.pool, fresh, fresh+1)
	w.mu.Unlock()
	return nil
}

func indexName(stamp uint64) string { return fmt.Sprintf("stamp/%012d", stamp) }

// Check says whether everything that was among the first n acknowledged is
// there, and whether every transaction that is there is there whole.
func (w *Witness) Check(s store.Store, n int) error {
	w.mu.Lock()
	acked := w.acked[:n]
	w.mu.Unlock()
	for i := range acked {
		if err := acked[i].check(s); err != nil {
			return fmt.Errorf("acknowledged transaction %d is lost or changed: %w", acked[i].tid, err)
		}
	}
	var torn error
	next := s.Stats().Last
	err := s.Log(store.Latest, func(c store.Committed) bool {
		if c.TID != next {
			torn = fmt.Errorf("tid %d in the log, want %d", c.TID, next)
			return false
		}
		next--
		var stamp uint64
		for _, ch := range c.Changes {
			r, err := s.Get(ch.OID, c.TID)
			if err != nil || r.TID != c.TID || len(r.Data) < 8 {
				torn = fmt.Errorf("transaction %d is torn: %v = %+v, %v", c.TID, ch.OID, r, err)
				return false
			}
			got := binary.BigEndian.Uint64(r.Data)
			if stamp != 0 && got != stamp {
				torn = fmt.Errorf("transaction %d is torn: %v has stamp %d, another %d", c.TID, ch.OID, got, stamp)
				return false
			}
			stamp = got
			if next := s.Stats().NextOID; ch.OID >= next {
				torn = fmt.Errorf("%v exists, and %v is handed out next", ch.OID, next)
				return false
			}
		}
		v, err := s.IndexGet(indexName(stamp))
		if err != nil || binary.BigEndian.Uint64(v) != uint64(len(c.Changes)) {
			torn = fmt.Errorf("transaction %d is torn: its index entry is %x, %v", c.TID, v, err)
			return false
		}
		return true
	})
	if err == nil && torn == nil && next != 0 {
		torn = fmt.Errorf("the log ends above tid %d", next)
	}
	return errors.Join(err, torn)
}

func (a *acknowledged) check(s store.Store) error {
	want := number(int64(a.stamp))
	for _, oid := range a.oids {
		r, err := s.Get(oid, a.tid)
		if err != nil {
			return err
		}
		if r.TID != a.tid || !bytes.HasPrefix(r.Data, want) {
			return fmt.Errorf("%v at tid %d is %x of tid %d", oid, a.tid, r.Data, r.TID)
		}
	}
	if _, err := s.IndexGet(indexName(a.stamp)); err != nil {
		return err
	}
	if a.symbol == 0 {
		return nil
	}
	if got, err := s.Blob(a.blob); err != nil || !bytes.Equal(got, want) {
		return fmt.Errorf("blob %x is %x, %v", a.blob, got, err)
	}
	if name, ok := s.SymbolName(a.symbol); !ok || name != fmt.Sprintf("stamp_%d", a.stamp) {
		return fmt.Errorf("symbol %d is %q", a.symbol, name)
	}
	return nil
}
