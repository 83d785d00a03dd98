package image

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"

	"batos/store"
)

// chain makes n objects in a row from root r, and gives the first.
func chain(t testing.TB, h *Heap, n int) {
	do(t, h, func() {
		o := newRoot(t, h, "r")
		for i := range n {
			next := h.NewObject()
			set(t, h, next, "i", Int(int64(i)))
			set(t, h, o, "next", next.Value())
			o = next
		}
	})
}

func TestCacheStaysWithinItsLimit(t *testing.T) {
	w := newWorld(t, Options{CacheObjects: 50})
	chain(t, w.heap(), 300)
	h := w.heap()
	for range 3 {
		begin(t, h)
		o := root(t, h, "r")
		for range 300 {
			o = get(t, h, o, "next").Object()
			ok(t, h.Read(&o.Entity))
		}
		if n := h.Loaded(); n < 300 {
			t.Errorf("%d loaded in the transaction", n)
		}
		h.Abort()
		begin(t, h)
		if n, table := h.Loaded(), len(h.cache.table); n > 50 || table > 2*50+1 {
			t.Errorf("%d loaded, %d known between transactions", n, table)
		}
		h.Abort()
	}
}

func TestCacheKeepsWhatWasReadLast(t *testing.T) {
	w := newWorld(t, Options{CacheObjects: 40})
	chain(t, w.heap(), 30)
	h := w.heap()
	do(t, h, func() {
		s := newRoot(t, h, "s")
		for i := range 30 {
			set(t, h, s, fmt.Sprint("f", i), h.NewObject().Value())
		}
	})
	begin(t, h)
	o := root(t, h, "r")
	for range 30 {
		o = get(t, h, o, "next").Object()
	}
	h.Abort()
	begin(t, h)
	w.store.gets = 0
	o = root(t, h, "r")
	for range 25 {
		o = get(t, h, o, "next").Object()
	}
	if w.store.gets > 3 { // 32 were read in the last transaction, and 30 stay
		t.Errorf("%d of the newest were evicted", w.store.gets)
	}
}

func TestUnusedShapesGo(t *testing.T) {
	w := newWorld(t, Options{CacheObjects: 10})
	h := w.heap()
	do(t, h, func() { newRoot(t, h, "r") })
	for i := range 40 {
		do(t, h, func() {
			r := root(t, h, "r")
			for j := range 1000 {
				set(t, h, h.NewObject(), fmt.Sprint("s", i*1000+j), None())
			}
			set(t, h, r, "i", Int(int64(i)))
		})
	}
	begin(t, h)
	if n := *h.root.made; n > manyShapes {
		t.Errorf("%d shapes are kept", n)
	}
}

func TestOpeningReadsNothing(t *testing.T) {
	w := newWorld(t, Options{})
	chain(t, w.heap(), 1000)
	w.store.gets = 0
	h := open(t, w.store, Options{}).NewHeap()
	defer h.Close()
	begin(t, h)
	root(t, h, "r")
	if w.store.gets != 1 || h.Loaded() != 1 {
		t.Errorf("%d records read to find a root", w.store.gets)
	}
}

func TestClonesAreSmall(t *testing.T) {
	w := newWorld(t, Options{CacheObjects: 200_000})
	h := w.heap()
	begin(t, h)
	proto := h.NewObject()
	for i := range 10 {
		set(t, h, proto, fmt.Sprint("s", i), Int(int64(i)))
	}
	const n = 100_000
	heapBytes := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	was := heapBytes()
	items := make([]Value, n)
	for i := range items {
		o, err := h.Clone(proto)
		ok(t, err)
		items[i] = o.Value()
	}
	ok(t, h.SetRoot("r", proto))
	set(t, h, proto, "all", h.NewList(items).Value())
	commit(t, h)
	clear(w.store.version) // what the test's store holds is not the heap's
	if mb := float64(heapBytes()-was) / (1 << 20); mb > 60 {
		t.Errorf("%.1f MB for %d clones of 10 slots", mb, n)
	}
	runtime.KeepAlive(h)
}

func TestHeapsOfManyWorkers(t *testing.T) {
	// Under -race this finds what heaps share without saying so.
	w := newWorld(t, Options{CacheObjects: 10})
	chain(t, w.heap(), 50)
	synctest.Test(t, func(t *testing.T) {
		for i := range 8 {
			go func() {
				h := w.img.NewHeap()
				defer h.Close()
				for n := range 50 {
					if h.Begin() != nil {
						t.Error("begin")
						return
					}
					r, _, err := h.Root("r")
					if err == nil {
						err = h.SetSlot(r, Intern(fmt.Sprint("w", i)), Int(int64(n)))
					}
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = h.Commit(CommitRequest{Provenance: store.Provenance{Author: fmt.Sprint(i)}})
				}
			}()
		}
		synctest.Wait()
	})
	if w.store.last() < 50 {
		t.Errorf("%d commits", w.store.last())
	}
}
