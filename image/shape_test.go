package image

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
)

func TestShapesAreShared(t *testing.T) {
	h := NewHeap()
	build := func(names ...string) *Object {
		o := h.NewObject()
		for _, n := range names {
			set(t, h, o, n, None())
		}
		return o
	}
	wide := make([]string, 40)
	for i := range wide {
		wide[i] = fmt.Sprint("w", i)
	}
	a, b := build(wide...), build(wide...)
	if a.Shape != b.Shape {
		t.Error("the same slots in the same order have two shapes")
	}
	// Branches off a long row must not see each other's slots.
	left, right := build(append(wide[:20:20], "left")...), build(append(wide[:20:20], "right")...)
	for _, c := range []struct {
		o    *Object
		name string
		at   int
	}{{left, "left", 20}, {right, "right", 20}, {left, "right", -1}, {right, "left", -1}, {left, "w19", 19},
		{left, "w20", -1}, {a, "w20", 20}, {a, "left", -1}, {a, "w39", 39}} {
		if at := c.o.Shape.Find(Intern(c.name)); at != c.at {
			t.Errorf("%s is at %d, want %d", c.name, at, c.at)
		}
	}
	ok(t, h.RemoveSlot(a, Intern("w39")))
	ok(t, h.RemoveSlot(b, Intern("w0")))
	set(t, h, b, "w0", Int(1))
	if a.Shape.Find(Intern("w39")) != -1 || b.Shape.Find(Intern("w1")) != 0 || b.Shape.Find(Intern("w0")) != 39 {
		t.Error("removing a slot leaves the others out of place")
	}
}

func TestManySlots(t *testing.T) {
	w := newWorld(t, Options{CacheObjects: 1})
	h := w.heap()
	const n = 5000
	var was, is runtime.MemStats
	runtime.ReadMemStats(&was)
	do(t, h, func() {
		o := newRoot(t, h, "r")
		set(t, h, o, "p*", newRoot(t, h, "parent").Value())
		for i := range n {
			set(t, h, o, fmt.Sprint("s", i), Int(int64(i)))
		}
		c, err := h.Clone(o)
		ok(t, err)
		if c.Shape != o.Shape {
			t.Error("a clone has another shape")
		}
	})
	runtime.ReadMemStats(&is)
	if mb := (is.TotalAlloc - was.TotalAlloc) >> 20; mb > 20 {
		t.Errorf("%d MB allocated for an object of %d slots", mb, n)
	}
	for range 2 { // the second time it has been evicted
		tid := do(t, h, func() {
			o := root(t, h, "r")
			if v := get(t, h, o, "s4999").AsInt(); v != 4999 {
				t.Errorf("the last slot is %d", v)
			}
			ok(t, h.RemoveSlot(o, Intern("s0")))
			set(t, h, o, "s0", Int(0))
			ok(t, h.SetSlot(o, Intern("p*"), get(t, h, o, "p*")))
		})
		if _, err := w.store.at(root(t, h, "r").OID(), tid); err != nil {
			t.Error(err)
		}
	}
	last := w.store.last()
	do(t, h, func() {
		o := root(t, h, "r")
		ok(t, h.SetSlot(o, Intern("p*"), get(t, h, o, "p*")))
	})
	if w.store.last() != last {
		t.Error("the same parents again count as a change")
	}
}

func TestLongDelegationIsBounded(t *testing.T) {
	h := NewHeap()
	// Growing at the top, no step has many ancestors to look at.
	bottom := h.NewObject()
	top := bottom
	for range maxAncestors + 10 {
		o := h.NewObject()
		set(t, h, top, "p*", o.Value())
		top = o
	}
	if _, _, err := h.Lookup(bottom, Intern("missing"), nil); !errors.Is(err, ErrAncestors) {
		t.Errorf("look-up: %v", err)
	}
	if err := h.SetSlot(h.NewObject(), Intern("p*"), bottom.Value()); !errors.Is(err, ErrAncestors) {
		t.Errorf("a longer row: %v", err)
	}
}
