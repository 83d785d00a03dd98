package storetest

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"batos/store"
)

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func (f *fixture) number(oid store.OID, at store.TID) int64 {
	r, err := f.Get(oid, at)
	if err != nil || len(r.Data) != 8 {
		f.Errorf("Get(%v, %d) = %x, %v", oid, at, r.Data, err)
		return 0
	}
	return int64(binary.BigEndian.Uint64(r.Data))
}

// testCounters: writers increment their own and one shared counter, with
// retries; no increment may be lost or doubled.
func testCounters(t *testing.T, f *fixture) {
	const writers, rounds = 16, 60
	first := f.AllocateOIDs(writers + 1)
	shared := first + writers
	var ws []store.Write
	for o := first; o <= shared; o++ {
		ws = append(ws, store.Write{OID: o, Change: store.Created, Data: number(0)})
	}
	f.put(ws...)
	var wg sync.WaitGroup
	for w := range store.OID(writers) {
		wg.Go(func() {
			own := first + w
			for done := 0; done < rounds; {
				at := f.Snapshot()
				tx := store.Transaction{Snapshot: at, Writes: []store.Write{
					{OID: own, Change: store.Changed, Data: number(f.number(own, at) + 1)},
					{OID: shared, Change: store.Changed, Data: number(f.number(shared, at) + 1)},
				}}
				tid, err := f.Submit(&tx)
				f.Release(at)
				var c *store.ConflictError
				switch {
				case errors.As(err, &c):
					continue
				case err != nil:
					t.Error(err)
					return
				}
				if done++; done%10 == 0 {
					f.durable(tid)
				}
			}
		})
	}
	wg.Wait()
	for range 2 {
		for w := range store.OID(writers) {
			if got := f.number(first+w, store.Latest); got != rounds {
				t.Errorf("counter %d is %d, want %d", w, got, rounds)
			}
		}
		if got := f.number(shared, store.Latest); got != writers*rounds {
			t.Errorf("the shared counter is %d, want %d", got, writers*rounds)
		}
		if got := f.last(); got != 1+writers*rounds {
			t.Errorf("last tid %d, want %d", got, 1+writers*rounds)
		}
		f.reopen()
	}
	// Every version of the shared counter is one more than the one before.
	want := int64(writers * rounds)
	err := f.History(shared, func(r store.Record) bool {
		if got := int64(binary.BigEndian.Uint64(r.Data)); got != want || want > 0 && r.Prev != r.TID-1 {
			t.Errorf("tid %d has %d (prev %d), want %d", r.TID, got, r.Prev, want)
			return false
		}
		want--
		return true
	})
	if err != nil {
		t.Error(err)
	}
}

// testBank: transfers between accounts while readers add them all up: every
// snapshot has the same sum.
func testBank(t *testing.T, f *fixture) {
	const accounts, total = 20, 20 * 100
	first := f.AllocateOIDs(accounts)
	var ws []store.Write
	for o := first; o < first+accounts; o++ {
		ws = append(ws, store.Write{OID: o, Change: store.Created, Data: number(100)})
	}
	start := f.put(ws...)
	sum := func(at store.TID) (n int64) {
		for o := first; o < first+accounts; o++ {
			n += f.number(o, at)
		}
		return n
	}
	var stop atomic.Bool
	var readers, writers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			at := f.Snapshot()
			for !stop.Load() {
				at, _ = f.Refresh(at, nil)
				if got := sum(at); got != total {
					t.Errorf("the sum at tid %d is %d, want %d", at, got, total)
				}
			}
			f.Release(at)
		})
	}
	for w := range 4 {
		writers.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(w), 1))
			for range 150 {
				a := first + store.OID(rnd.IntN(accounts))
				b := first + store.OID(rnd.IntN(accounts))
				if a == b {
					continue
				}
				for {
					at := f.Snapshot()
					_, err := f.Submit(&store.Transaction{Snapshot: at, Writes: []store.Write{
						{OID: a, Change: store.Changed, Data: number(f.number(a, at) - 1)},
						{OID: b, Change: store.Changed, Data: number(f.number(b, at) + 1)},
					}})
					f.Release(at)
					var c *store.ConflictError
					if errors.As(err, &c) {
						continue
					}
					if err != nil {
						t.Error(err)
					}
					break
				}
			}
		})
	}
	writers.Wait()
	stop.Store(true)
	readers.Wait()
	f.reopen()
	for at := start; at <= f.last(); at += 17 {
		if got := sum(at); got != total {
			t.Errorf("after reopening the sum at tid %d is %d, want %d", at, got, total)
		}
	}
}

// testReadersAndWriters reads at random tids while a writer goes on, and
// compares with what the version must be: its own tid.
func testReadersAndWriters(t *testing.T, f *fixture) {
	const objects, rounds = 10, 800
	first := f.AllocateOIDs(objects)
	var ws []store.Write
	for o := first; o < first+objects; o++ {
		ws = append(ws, store.Write{OID: o, Change: store.Created, Data: number(1)})
	}
	f.put(ws...)
	var stop atomic.Bool
	var wg sync.WaitGroup
	for r := range 3 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(r), 2))
			for !stop.Load() {
				last := f.last()
				at := 1 + store.TID(rnd.Uint64N(uint64(last)))
				o := store.OID(rnd.IntN(objects))
				// Transaction n writes object n mod objects.
				want := int64(at) - int64((uint64(at)+objects-uint64(o))%objects)
				want = max(want, 1)
				if got := f.number(first+o, at); got != want {
					t.Errorf("object %d at tid %d is of tid %d, want %d", o, at, got, want)
				}
			}
		})
	}
	for tid := store.TID(2); tid <= rounds; tid++ {
		o := first + store.OID(uint64(tid)%objects)
		got, err := f.Submit(&store.Transaction{Snapshot: tid - 1, Writes: []store.Write{
			{OID: o, Change: store.Changed, Data: number(int64(tid))},
		}})
		if err != nil || got != tid {
			t.Fatalf("Submit = %d, %v; want %d", got, err, tid)
		}
	}
	stop.Store(true)
	wg.Wait()
}
