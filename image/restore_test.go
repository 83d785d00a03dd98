package image

import (
	"errors"
	"testing"

	"batos/store"
)

func TestRestore(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	var r *Object
	var l *List
	first := do(t, h, func() {
		r = newRoot(t, h, "r")
		set(t, h, r, "n", Int(1))
		set(t, h, r, "f", method("def f(self): return 1"))
		l = h.NewList([]Value{Int(1)})
		set(t, h, r, "list", l.Value())
		set(t, h, newRoot(t, h, "child"), "p*", r.Value())
	})
	do(t, h, func() {
		set(t, h, r, "n", Int(2))
		set(t, h, r, "f", method("def f(self): return 2"))
		ok(t, h.Change(&l.Entity))
		l.Items = append(l.Items, Int(2))
	})
	begin(t, h)
	child := root(t, h, "child")
	get(t, h, child, "f")
	epoch := h.Epoch()
	ok(t, h.Restore(r.OID(), first))
	ok(t, h.Restore(l.OID(), first))
	if epoch == h.Epoch() {
		t.Error("a method of a parent is another, and the epoch the same")
	}
	tid, err := h.Commit(CommitRequest{Provenance: store.Provenance{UndoOf: 2}})
	ok(t, err)
	for _, c := range w.store.log[tid-1].Changes {
		if c.Change != store.Undone {
			t.Errorf("%v is logged as %d", c.OID, c.Change)
		}
	}
	other := w.heap()
	begin(t, other)
	r = root(t, other, "r")
	l = get(t, other, r, "list").List()
	ok(t, other.Read(&l.Entity))
	if get(t, other, r, "n").AsInt() != 1 || len(l.Items) != 1 ||
		get(t, other, root(t, other, "child"), "f").Method().Source != "def f(self): return 1" {
		t.Error("the state is not that of before")
	}
	if err := other.Restore(r.OID(), 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("restored to before it was made: %v", err)
	}
}

func TestRestoreRefusesCycles(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	var a, b *Object
	first := do(t, h, func() {
		a, b = newRoot(t, h, "a"), newRoot(t, h, "b")
		set(t, h, a, "p*", b.Value())
	})
	do(t, h, func() {
		ok(t, h.RemoveSlot(a, Intern("p*")))
		set(t, h, b, "p*", a.Value())
	})
	begin(t, h)
	if err := h.Restore(a.OID(), first); !errors.Is(err, ErrCycle) {
		t.Error(err)
	}
}
