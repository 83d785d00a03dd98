package image

import (
	"errors"
	"math/rand/v2"
	"testing"

	"batos/store"
)

// TestPlan edits a row of numbers at random and checks that each plan divides
// the new row, keeps only what is unchanged and loses no chunk.
func TestPlan(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		size := 1 + rng.IntN(9)
		var old []chunk
		var was []int
		next, nextOID := 0, store.OID(1)
		for step := range 40 {
			now := append([]int(nil), was...)
			at, n := rng.IntN(len(now)+1), rng.IntN(2*size)
			switch rng.IntN(5) {
			case 0: // remove
				now = append(now[:at:at], now[min(at+n, len(now)):]...)
			case 1: // replace
				for i := at; i < min(at+n, len(now)); i++ {
					next++
					now[i] = next
				}
			case 2: // append
				at = len(now)
				fallthrough
			default: // insert
				var more []int
				for range n {
					next++
					more = append(more, next)
				}
				now = append(now[:at:at], append(more, now[at:]...)...)
			}
			pieces, dropped := plan(old, len(was), len(now), size, func(i, j int) bool { return was[i] == now[j] })
			used, from := map[store.OID]bool{}, 0
			var chunks []chunk
			starts := map[store.OID]int{}
			for i, c := 0, 0; i < len(old); i++ {
				starts[old[i].oid] = c
				c += old[i].rows
			}
			for _, p := range pieces {
				if p.from != from || p.to <= p.from || p.to-p.from > size {
					t.Fatalf("step %d: piece %v after %d, size %d", step, p, from, size)
				}
				if p.oid == 0 {
					p.oid = nextOID
					nextOID++
				}
				if used[p.oid] {
					t.Fatalf("chunk %v used twice", p.oid)
				}
				used[p.oid] = true
				for i := p.from; p.keep && i < p.to; i++ {
					if was[starts[p.oid]+i-p.from] != now[i] {
						t.Fatalf("step %d: chunk %v kept though it changed", step, p.oid)
					}
				}
				chunks, from = append(chunks, chunk{p.oid, p.to - p.from}), p.to
			}
			if from != len(now) {
				t.Fatalf("step %d: %d of %d rows", step, from, len(now))
			}
			for _, oid := range dropped {
				if used[oid] {
					t.Fatalf("chunk %v used and dropped", oid)
				}
				used[oid] = true
			}
			for _, c := range old {
				if !used[c.oid] {
					t.Fatalf("chunk %v lost", c.oid)
				}
			}
			old, was = chunks, now
		}
	}
}

// written counts the bytes that a commit has written.
func (w *world) written(tid store.TID) (n int) {
	for _, versions := range w.store.version {
		for _, r := range versions {
			if r.TID == tid {
				n += len(r.Data)
			}
		}
	}
	return n
}

func TestLargeContainersWriteWhatChanged(t *testing.T) {
	const n = 20_000
	w := newWorld(t, Options{})
	h := w.heap()
	var r *Object
	first := do(t, h, func() {
		r = newRoot(t, h, "r")
		l, d, s := h.NewList(nil), h.NewDict(), h.NewSet()
		for i := range int64(n) {
			l.Items = append(l.Items, Int(i))
			ok(t, d.Set(Int(i), NewStr("v")))
			ok(t, s.Add(Int(i)))
		}
		set(t, h, r, "list", l.Value())
		set(t, h, r, "dict", d.Value())
		set(t, h, r, "set", s.Value())
	})
	own := func(name string) Value {
		v := get(t, h, r, name)
		ok(t, h.Change(v.Entity()))
		return v
	}
	for _, c := range []struct {
		name string
		edit func()
	}{
		{"append", func() { l := own("list").List(); l.Items = append(l.Items, Int(-1)) }},
		{"replace", func() { own("list").List().Items[n/2] = Int(-2) }},
		{"pop the first", func() { l := own("list").List(); l.Items = l.Items[1:] }},
		{"set a key", func() { ok(t, own("dict").Dict().Set(Int(n/3), None())) }},
		{"delete a key", func() { _, _, err := own("dict").Dict().Delete(Int(n / 4)); ok(t, err) }},
		{"add a member", func() { ok(t, own("set").Set().Add(NewStr("new"))) }},
	} {
		tid := do(t, h, c.edit)
		if bytes := w.written(tid); bytes > 6000 {
			t.Errorf("%s: %d bytes written", c.name, bytes)
		}
	}
	other := w.heap()
	begin(t, other)
	seen := root(t, other, "r")
	l, d, s := get(t, other, seen, "list").List(), get(t, other, seen, "dict").Dict(), get(t, other, seen, "set").Set()
	for _, e := range []*Entity{&l.Entity, &d.Entity, &s.Entity} {
		ok(t, other.Read(e))
	}
	if len(l.Items) != n || l.Items[0].AsInt() != 1 || l.Items[n-1].AsInt() != -1 || l.Items[n/2-1].AsInt() != -2 {
		t.Error("the list is not what was written")
	}
	if v, found, _ := d.Get(Int(n / 3)); d.Len() != n-1 || !found || !v.IsNone() || s.Len() != n+1 {
		t.Error("the dict or set is not what was written")
	}
	// The past has the chunks of the past.
	other.Abort()
	ok(t, other.BeginAt(first))
	if err := other.Read(&l.Entity); err != nil || l.Items[0].AsInt() != 0 || l.Items[n/2].AsInt() != n/2 {
		t.Errorf("the list of the first commit: %v", err)
	}
	other.Abort()
	// Undoing brings them back, and what is made small goes back into one record.
	do(t, h, func() {
		for oid := range w.store.version {
			if w.store.newest(oid) > first {
				ok(t, h.Restore(oid, first))
			}
		}
	})
	begin(t, other)
	ok(t, other.Read(&l.Entity))
	ok(t, other.Read(&s.Entity))
	if len(l.Items) != n || l.Items[0].AsInt() != 0 || s.Len() != n {
		t.Error("the list is not what was restored")
	}
	other.Abort()
	chunkOID := l.stored[0].oid
	tid := do(t, h, func() { l := own("list").List(); l.Items = l.Items[:3] })
	if bytes := w.written(tid); bytes > 100 {
		t.Errorf("%d bytes for three items", bytes)
	}
	if _, err := w.store.Get(chunkOID, store.Latest); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a chunk of no list is still there: %v", err)
	}
	do(t, h, func() {
		ok(t, h.Restore(chunkOID, first)) // the list brings it
		ok(t, h.Restore(l.oid, first))
	})
	begin(t, other)
	ok(t, other.Read(&l.Entity))
	if len(l.Items) != n {
		t.Errorf("%d items of a list that lost its chunks and was restored", len(l.Items))
	}
	ok(t, other.Read(&d.Entity))
	if _, err := other.Object(d.stored[0].oid); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a chunk as an object: %v", err)
	}
}

func TestDamagedChunksAreErrors(t *testing.T) {
	w := newWorld(t, Options{})
	w.img.chunkRows = 2
	h := w.heap()
	var l *List
	do(t, h, func() {
		l = h.NewList([]Value{Int(1), Int(2), Int(3)})
		set(t, h, newRoot(t, h, "r"), "l", l.Value())
	})
	part := l.stored[0].oid
	good := w.store.version[part][0].Data
	load := func() error {
		h := w.heap()
		begin(t, h)
		return h.Read(get(t, h, root(t, h, "r"), "l").Entity())
	}
	ok(t, load())
	for n := range good {
		w.store.version[part][0].Data = good[:n:n]
		if err := load(); !errors.Is(err, ErrCorrupt) {
			t.Errorf("a chunk cut to %d bytes: %v", n, err)
		}
	}
	for i := range good[:5] {
		bad := append([]byte(nil), good...)
		bad[i]++
		w.store.version[part][0].Data = bad
		if err := load(); !errors.Is(err, ErrCorrupt) {
			t.Errorf("a chunk with byte %d changed: %v", i, err)
		}
	}
	delete(w.store.version, part)
	if err := load(); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a missing chunk: %v", err)
	}
}
