package image

import (
	"errors"
	"slices"
	"testing"

	"batos/store"
)

func conflict(t *testing.T, h *Heap, on store.OID) {
	t.Helper()
	_, err := h.Commit(CommitRequest{})
	var c *store.ConflictError
	if !errors.As(err, &c) || c.OID != on {
		t.Fatalf("got %v, want a conflict on %v", err, on)
	}
}

func TestLostUpdateIsRefused(t *testing.T) {
	w := newWorld(t, Options{})
	a, b := w.heap(), w.heap()
	var oid store.OID
	do(t, a, func() { set(t, a, newRoot(t, a, "r"), "n", Int(1)) })
	increment := func(h *Heap) {
		r := root(t, h, "r")
		set(t, h, r, "n", Int(get(t, h, r, "n").AsInt()+1))
		oid = r.OID()
	}
	begin(t, a)
	begin(t, b)
	increment(a)
	increment(b)
	commit(t, a)
	conflict(t, b, oid)
	do(t, b, func() { increment(b) })
	begin(t, a)
	if n := get(t, a, root(t, a, "r"), "n").AsInt(); n != 3 {
		t.Errorf("n is %d after two increments of 1", n)
	}
}

func TestWriteSkewIsRefused(t *testing.T) {
	w := newWorld(t, Options{})
	a, b := w.heap(), w.heap()
	do(t, a, func() {
		set(t, a, newRoot(t, a, "x"), "on", Bool(true))
		set(t, a, newRoot(t, a, "y"), "on", Bool(true))
	})
	begin(t, a)
	begin(t, b)
	for _, side := range []struct {
		h          *Heap
		mine, hers string
	}{{a, "x", "y"}, {b, "y", "x"}} {
		if get(t, side.h, root(t, side.h, side.hers), "on").AsBool() {
			set(t, side.h, root(t, side.h, side.mine), "on", Bool(false))
		}
	}
	commit(t, a)
	conflict(t, b, root(t, a, "x").OID())
}

func TestReadersNeitherSubmitNorConflict(t *testing.T) {
	w := newWorld(t, Options{})
	a, b := w.heap(), w.heap()
	do(t, a, func() { set(t, a, newRoot(t, a, "r"), "n", Int(1)) })
	begin(t, b)
	n := get(t, b, root(t, b, "r"), "n").AsInt()
	do(t, a, func() { set(t, a, root(t, a, "r"), "n", Int(2)) })
	again := get(t, b, root(t, b, "r"), "n").AsInt()
	if tid := commit(t, b); tid != 1 || n != 1 || again != 1 {
		t.Errorf("read %d and %d, committed at %d", n, again, tid)
	}
	begin(t, b)
	if n := get(t, b, root(t, b, "r"), "n").AsInt(); n != 2 {
		t.Errorf("the next transaction reads %d", n)
	}
}

func TestMissingThingsAreReadToo(t *testing.T) {
	w := newWorld(t, Options{})
	a, b := w.heap(), w.heap()
	begin(t, a)
	begin(t, b)
	for _, h := range []*Heap{a, b} {
		if _, found, err := h.Root("r"); found || err != nil {
			t.Fatal(found, err)
		}
		newRoot(t, h, "r")
	}
	commit(t, a)
	conflict(t, b, RootsOID)

	do(t, a, func() { newRoot(t, a, "second") })
	begin(t, b)
	oid := w.store.nextOID
	if _, err := b.Object(oid); !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	set(t, b, root(t, b, "r"), "seen", Bool(false))
	c := w.heap()
	do(t, c, func() { set(t, c, root(t, c, "second"), "child", c.NewObject().Value()) })
	conflict(t, b, oid)
	if _, err := w.store.Get(oid, store.Latest); err != nil {
		t.Fatalf("the test expected %v to be made: %v", oid, err)
	}
}

func TestOthersChangesMakeGhosts(t *testing.T) {
	w := newWorld(t, Options{})
	a, b := w.heap(), w.heap()
	do(t, a, func() {
		r := newRoot(t, a, "r")
		set(t, a, r, "n", Int(1))
		set(t, a, r, "list", a.NewList([]Value{Int(1)}).Value())
		set(t, a, newRoot(t, a, "still"), "n", Int(1))
	})
	begin(t, b)
	r, still := root(t, b, "r"), root(t, b, "still")
	l := get(t, b, r, "list").List()
	ok(t, b.Read(&l.Entity))
	get(t, b, still, "n")
	commit(t, b)
	do(t, a, func() {
		r := root(t, a, "r")
		l := get(t, a, r, "list").List()
		ok(t, a.Change(&l.Entity))
		l.Items = append(l.Items, Int(2))
		set(t, a, r, "n", Int(2))
	})
	w.store.gets = 0
	begin(t, b)
	if !r.isGhost() || !l.isGhost() || still.isGhost() {
		t.Errorf("ghosts: r %v, list %v, untouched %v", r.isGhost(), l.isGhost(), still.isGhost())
	}
	get(t, b, still, "n")
	if got := get(t, b, r, "list").List(); got != l {
		t.Error("the list is another entity than before")
	}
	ok(t, b.Read(&l.Entity))
	if len(l.Items) != 2 || get(t, b, r, "n").AsInt() != 2 {
		t.Error("the old state is still seen")
	}
	if w.store.gets != 2 {
		t.Errorf("%d records read for two changed ones", w.store.gets)
	}
}

func TestOwnCommitsStayLoaded(t *testing.T) {
	w := newWorld(t, Options{})
	h, other := w.heap(), w.heap()
	do(t, h, func() { set(t, h, newRoot(t, h, "r"), "n", Int(0)) })
	w.store.gets = 0
	for range 5 {
		do(t, h, func() {
			r := root(t, h, "r")
			set(t, h, r, "n", Int(get(t, h, r, "n").AsInt()+1))
		})
	}
	if w.store.gets != 0 {
		t.Errorf("%d records read again", w.store.gets)
	}
	do(t, other, func() { newRoot(t, other, "s") })
	begin(t, h)
	root(t, h, "s")
	if n := get(t, h, root(t, h, "r"), "n").AsInt(); n != 5 {
		t.Errorf("n is %d", n)
	}
}

// racingStore commits something else between a heap's Submit and what follows.
type racingStore struct {
	*memStore
	race func()
}

func (s *racingStore) Submit(tx *store.Transaction) (store.TID, error) {
	tid, err := s.memStore.Submit(tx)
	if race := s.race; race != nil && err == nil {
		s.race = nil
		race()
	}
	return tid, err
}

func TestOwnCommitOvertakenAtOnceIsReadAgain(t *testing.T) {
	s := &racingStore{memStore: newMemStore()}
	img := open(t, s, Options{})
	h, other := img.NewHeap(), img.NewHeap()
	defer h.Close()
	defer other.Close()
	do(t, h, func() { set(t, h, newRoot(t, h, "r"), "n", Int(1)) })
	s.race = func() {
		do(t, other, func() { set(t, other, root(t, other, "r"), "n", Int(3)) })
	}
	do(t, h, func() { set(t, h, root(t, h, "r"), "n", Int(2)) })
	begin(t, h)
	if n := get(t, h, root(t, h, "r"), "n").AsInt(); n != 3 {
		t.Errorf("n is %d, but 3 was written last", n)
	}
}

func TestFailedSubmitLeavesNothing(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() { newRoot(t, h, "r") })
	begin(t, h)
	child := h.NewObject()
	set(t, h, root(t, h, "r"), "child", child.Value())
	w.store.refuse = store.ErrFull
	if _, err := h.Commit(CommitRequest{}); !errors.Is(err, store.ErrFull) {
		t.Fatal(err)
	}
	if child.OID() != 0 {
		t.Error("the new object kept its oid")
	}
	w.store.refuse = nil
	begin(t, h)
	r := root(t, h, "r")
	ok(t, h.Read(&r.Entity))
	if r.Shape.Len() != 0 {
		t.Error("the slot is still there")
	}
	h.Abort()
	if _, err := h.Commit(CommitRequest{}); !errors.Is(err, ErrNoTransaction) {
		t.Error(err)
	}
}

func TestPastIsReadAsItWas(t *testing.T) {
	w := newWorld(t, Options{})
	h, other := w.heap(), w.heap()
	first := do(t, h, func() {
		r := newRoot(t, h, "r")
		set(t, h, r, "n", Int(1))
		set(t, h, newRoot(t, h, "p"), "f", NewMethod("def f(self): pass", nil))
		set(t, h, r, "parent*", root(t, h, "p").Value())
	})
	do(t, other, func() {
		set(t, other, root(t, other, "r"), "n", Int(2))
		set(t, other, root(t, other, "p"), "f", NewMethod("def f(self): return 2", nil))
		ok(t, other.SetRoot("late", other.NewObject()))
	})
	look := func(n int64, source string, roots int) {
		t.Helper()
		r := root(t, h, "r")
		if got := get(t, h, r, "n").AsInt(); got != n {
			t.Errorf("n is %d, want %d", got, n)
		}
		if got := get(t, h, r, "f").Method().Source; got != source {
			t.Errorf("f is %q", got)
		}
		if names, _, err := h.Roots(); err != nil || len(names) != roots {
			t.Errorf("roots %v, %v", names, err)
		}
	}
	for range 2 {
		ok(t, h.BeginAt(first))
		look(1, "def f(self): pass", 2)
		if err := h.SetSlot(root(t, h, "r"), Intern("n"), Int(5)); !errors.Is(err, ErrReadOnly) {
			t.Errorf("a write to the past: %v", err)
		}
		if err := h.SetRoot("x", h.NewObject()); !errors.Is(err, ErrReadOnly) {
			t.Errorf("a root bound in the past: %v", err)
		}
		if tid := commit(t, h); tid != first {
			t.Errorf("ended at %d", tid)
		}
		begin(t, h)
		look(2, "def f(self): return 2", 3)
		h.Abort()
	}
	ok(t, h.BeginAt(0))
	if names, _, err := h.Roots(); len(names) != 0 || err != nil {
		t.Errorf("the empty image has roots %v, %v", names, err)
	}
	h.Abort()
	if err := h.BeginAt(99); err == nil {
		t.Error("a transaction of the future was begun")
	}
}

func TestLastCommitTellsSlots(t *testing.T) {
	w := newWorld(t, Options{})
	h, other := w.heap(), w.heap()
	do(t, h, func() {
		r := newRoot(t, h, "r")
		set(t, h, r, "keep", Int(1))
		set(t, h, r, "drop", Int(1))
		inner := h.NewList(nil)
		d := h.NewDict()
		ok(t, d.Set(NewStr("inner"), inner.Value()))
		set(t, h, r, "items", h.NewList([]Value{Int(1)}).Value())
		set(t, h, r, "deep", NewTuple([]Value{d.Value()}))
		set(t, h, newRoot(t, h, "alias"), "same", get(t, h, r, "items"))
	})
	begin(t, other)
	r, alias := root(t, other, "r"), root(t, other, "alias")
	d := get(t, other, r, "deep").Tuple()[0].Dict()
	ok(t, other.Read(&d.Entity))
	inner, _, _ := d.Get(NewStr("inner"))
	items := get(t, other, alias, "same").List()
	ok(t, other.Change(inner.Entity()))
	inner.List().Items = append(inner.List().Items, Int(1))
	ok(t, other.Change(&items.Entity))
	items.Items[0] = Int(2)
	ok(t, other.RemoveSlot(r, Intern("drop")))
	child := other.NewObject()
	set(t, other, child, "z", Int(1))
	set(t, other, r, "child", child.Value())
	commit(t, other)

	got := map[store.OID][]string{}
	for _, c := range other.LastCommit() {
		for _, s := range c.Slots {
			got[c.OID] = append(got[c.OID], s.String())
		}
		for _, s := range c.Removed {
			got[c.OID] = append(got[c.OID], "-"+s.String())
		}
		if c.Created != (c.OID == child.OID()) {
			t.Errorf("%v created: %v", c.OID, c.Created)
		}
		slices.Sort(got[c.OID])
	}
	for oid, want := range map[store.OID][]string{
		r.OID():     {"-drop", "child", "deep", "items"},
		alias.OID(): {"same"},
		child.OID(): {"z"},
	} {
		if !slices.Equal(got[oid], want) {
			t.Errorf("%v: %v, want %v", oid, got[oid], want)
		}
	}
	if len(got) != 3 {
		t.Errorf("changed: %v", got)
	}
	if log := w.store.log[1].Changes; log[slices.IndexFunc(log, func(c store.ObjectChange) bool { return c.OID == r.OID() })].Slots == nil {
		t.Error("the log does not name the slots")
	}
	begin(t, other)
	if len(other.LastCommit()) != 0 {
		t.Error("the last commit outlives Begin")
	}
	// A container that is reached without its owner is told by its hint.
	ok(t, other.Change(&items.Entity))
	items.Items[0] = Int(3)
	commit(t, other)
	if c := other.LastCommit(); len(c) == 0 {
		t.Error("a change through the list alone is not told")
	}
}
