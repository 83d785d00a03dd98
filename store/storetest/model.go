package storetest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batos/store"
)

// model is what a store must answer, written as plainly as can be: every
// version in a list, every answer by a walk over it.
type model struct {
	versions map[store.OID][]store.Record // oldest first; nil Data when deleted
	log      []store.Committed
	index    map[string]string
	written  map[store.TID][]store.OID
}

func newModel() *model {
	return &model{
		versions: map[store.OID][]store.Record{},
		index:    map[string]string{},
		written:  map[store.TID][]store.OID{},
	}
}

func (m *model) last() store.TID { return store.TID(len(m.log)) }

func (m *model) newest(oid store.OID) store.TID {
	if vs := m.versions[oid]; len(vs) > 0 {
		return vs[len(vs)-1].TID
	}
	return 0
}

// conflicts gives the oids for which tx must be refused.
func (m *model) conflicts(tx *store.Transaction) map[store.OID]bool {
	out := map[store.OID]bool{}
	for _, w := range tx.Writes {
		if m.newest(w.OID) > tx.Snapshot {
			out[w.OID] = true
		}
	}
	if len(tx.Writes) > 0 {
		for _, oid := range tx.Reads {
			if m.newest(oid) > tx.Snapshot {
				out[oid] = true
			}
		}
	}
	return out
}

func (m *model) commit(tx *store.Transaction) {
	tid := m.last() + 1
	c := store.Committed{TID: tid}
	for _, w := range tx.Writes {
		m.versions[w.OID] = append(m.versions[w.OID], store.Record{
			OID: w.OID, TID: tid, Prev: m.newest(w.OID), Data: w.Data, Refs: slices.Clone(w.Refs),
		})
		c.Changes = append(c.Changes, store.ObjectChange{OID: w.OID, Change: w.Change, Slots: w.Slots})
		m.written[tid] = append(m.written[tid], w.OID)
	}
	slices.SortFunc(c.Changes, func(a, b store.ObjectChange) int { return int(a.OID) - int(b.OID) })
	m.log = append(m.log, c)
	for _, w := range tx.Index {
		if w.Delete {
			delete(m.index, w.Key)
		} else {
			m.index[w.Key] = string(w.Value)
		}
	}
}

func (m *model) get(oid store.OID, at store.TID) (store.Record, bool) {
	for _, r := range slices.Backward(m.versions[oid]) {
		if r.TID <= at {
			return r, r.Data != nil
		}
	}
	return store.Record{}, false
}

func (m *model) referrers(target store.OID, at store.TID) []store.OID {
	var out []store.OID
	for _, oid := range slices.Sorted(maps.Keys(m.versions)) {
		if r, ok := m.get(oid, at); ok && slices.Contains(r.Refs, target) {
			out = append(out, oid)
		}
	}
	return out
}

// show writes a record so that two can be compared.
func show(r store.Record) string {
	return fmt.Sprintf("%v %d<%d %q %v", r.OID, r.TID, r.Prev, r.Data, r.Refs)
}

// testModel runs a long list of random operations against the store and the
// model side by side: snapshots held for long, stale and fresh bases, reads at
// any tid, with and without waiting, and closing and opening again in between.
func testModel(t *testing.T, f *fixture) {
	for seed := range uint64(4) {
		runModel(t, f, seed)
	}
}

func runModel(t *testing.T, f *fixture, seed uint64) {
	f.dir = t.TempDir()
	f.reopen()
	m := newModel()
	rnd := rand.New(rand.NewPCG(seed, 42))
	const objects = 12
	first := f.AllocateOIDs(objects)
	oid := func() store.OID { return first + store.OID(rnd.IntN(objects)) }
	oids := func(n int) []store.OID {
		set := map[store.OID]bool{}
		for range rnd.IntN(n + 1) {
			set[oid()] = true
		}
		return slices.Sorted(maps.Keys(set))
	}
	tid := func() store.TID { return store.TID(rnd.Uint64N(uint64(m.last()) + 1)) }
	held := []store.TID{}
	for step := range 1500 {
		switch op := rnd.IntN(100); {
		case op < 40: // a transaction on a fresh, a held or a stale base
			tx := randomTransaction(rnd, m, oids, m.last())
			if len(held) > 0 && rnd.IntN(3) == 0 {
				tx.Snapshot = held[rnd.IntN(len(held))]
			} else if rnd.IntN(4) == 0 {
				tx.Snapshot = tid()
			}
			want := m.conflicts(tx)
			got, err := f.Submit(tx)
			var c *store.ConflictError
			switch {
			case errors.As(err, &c):
				if !want[c.OID] || c.Newer != m.newest(c.OID) {
					t.Fatalf("seed %d step %d: %v, but the conflicts are %v", seed, step, c, want)
				}
			case err != nil:
				t.Fatalf("seed %d step %d: %v", seed, step, err)
			case len(want) != 0 || got != m.last()+1:
				t.Fatalf("seed %d step %d: accepted as %d after %d, though %v conflict", seed, step, got, m.last(), want)
			default:
				m.commit(tx)
			}
		case op < 65:
			o, at := oid(), tid()
			if rnd.IntN(3) == 0 {
				at = store.Latest
			}
			got, err := f.Get(o, at)
			want, ok := m.get(o, at)
			if ok != (err == nil) || err != nil && !errors.Is(err, store.ErrNotFound) || ok && show(got) != show(want) {
				t.Fatalf("seed %d step %d: Get(%v, %d) = %s, %v; want %s, %v", seed, step, o, at, show(got), err, show(want), ok)
			}
		case op < 70:
			held = append(held, f.Snapshot())
			if got := held[len(held)-1]; got != m.last() {
				t.Fatalf("seed %d step %d: Snapshot = %d, want %d", seed, step, got, m.last())
			}
		case op < 76 && len(held) > 0:
			i := rnd.IntN(len(held))
			now, changed := f.Refresh(held[i], nil)
			seen := map[store.OID]bool{}
			for at := held[i] + 1; at <= m.last(); at++ {
				for _, o := range m.written[at] {
					seen[o] = true
				}
			}
			got := map[store.OID]bool{}
			for _, o := range changed {
				got[o] = true
			}
			if now != m.last() || !maps.Equal(got, seen) {
				t.Fatalf("seed %d step %d: Refresh(%d) = %d, %v; want %d, %v", seed, step, held[i], now, got, m.last(), seen)
			}
			held[i] = now
		case op < 79 && len(held) > 0:
			i := rnd.IntN(len(held))
			f.Release(held[i])
			held = slices.Delete(held, i, i+1)
		case op < 85:
			o := oid()
			var got, want []string
			if err := f.History(o, func(r store.Record) bool { got = append(got, show(r)); return true }); err != nil {
				t.Fatal(err)
			}
			for _, r := range slices.Backward(m.versions[o]) {
				want = append(want, show(r))
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d step %d: history of %v:\n%s\nwant\n%s", seed, step, o, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		case op < 89:
			from := tid()
			var got, want []string
			if err := f.Log(from, func(c store.Committed) bool { got = append(got, fmt.Sprint(c.TID, c.Changes)); return true }); err != nil {
				t.Fatal(err)
			}
			for i := from; i > 0; i-- {
				want = append(want, fmt.Sprint(i, m.log[i-1].Changes))
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d step %d: log from %d:\n%v\nwant\n%v", seed, step, from, got, want)
			}
		case op < 93:
			prefix := []string{"", "k", "k1", "x"}[rnd.IntN(4)]
			var want []string
			for _, k := range slices.Sorted(maps.Keys(m.index)) {
				if strings.HasPrefix(k, prefix) {
					want = append(want, k+"="+m.index[k])
				}
			}
			if got := f.entries(prefix); got != strings.Join(want, " ") {
				t.Fatalf("seed %d step %d: scan of %q = %q, want %q", seed, step, prefix, got, want)
			}
		case op < 95:
			from, to := fmt.Sprintf("k%d", rnd.IntN(30)), fmt.Sprintf("k%d", rnd.IntN(30))
			if err := f.IndexDrop(from, to); err != nil {
				t.Fatal(err)
			}
			maps.DeleteFunc(m.index, func(k, _ string) bool { return k >= from && k < to })
		case op < 98:
			s, ok := f.Store.(store.Referrers)
			if !ok {
				continue
			}
			o, at := oid(), tid()
			var got []store.OID
			if err := s.Referrers(o, at, func(o store.OID) bool { got = append(got, o); return true }); err != nil {
				t.Fatal(err)
			}
			if want := m.referrers(o, at); !slices.Equal(got, want) {
				t.Fatalf("seed %d step %d: who refers to %v at %d: %v, want %v", seed, step, o, at, got, want)
			}
		case op < 99:
			f.durable(m.last())
		default:
			held = held[:0]
			f.reopen()
		}
	}
}

func randomTransaction(rnd *rand.Rand, m *model, oids func(int) []store.OID, at store.TID) *store.Transaction {
	tx := &store.Transaction{Snapshot: at, Reads: oids(3)}
	for _, o := range oids(3) {
		w := store.Write{OID: o, Change: store.Changed}
		switch {
		case m.newest(o) == 0:
			w.Change = store.Created
		case rnd.IntN(8) == 0:
			w.Change = store.Deleted
		case rnd.IntN(8) == 0:
			w.Change = store.Undone
		}
		if w.Change != store.Deleted {
			w.Data = fmt.Append(nil, rnd.IntN(1000))
			w.Refs = oids(4)
		}
		tx.Writes = append(tx.Writes, w)
	}
	for range rnd.IntN(3) {
		tx.Index = append(tx.Index, store.IndexWrite{
			Key: fmt.Sprintf("k%d", rnd.IntN(30)), Value: fmt.Append(nil, rnd.IntN(1000)), Delete: rnd.IntN(4) == 0,
		})
	}
	if len(tx.Writes) == 0 && len(tx.Index) == 0 {
		tx.Index = []store.IndexWrite{{Key: "x", Value: []byte("x")}}
	}
	rnd.Shuffle(len(tx.Writes), func(i, j int) { tx.Writes[i], tx.Writes[j] = tx.Writes[j], tx.Writes[i] })
	return tx
}
