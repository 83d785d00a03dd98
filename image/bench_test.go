package image

import (
	"fmt"
	"testing"
)

// wide makes an object of ten slots as root r, and a heap with it loaded.
func wide(b *testing.B) (*Heap, *Object) {
	w := newWorld(b, Options{})
	h := w.heap()
	var r *Object
	do(b, h, func() {
		r = newRoot(b, h, "r")
		for i := range 10 {
			set(b, h, r, fmt.Sprint("s", i), Int(int64(i)))
		}
	})
	return h, r
}

func BenchmarkCommitOfOneSlot(b *testing.B) {
	h, r := wide(b)
	slot := Intern("s3")
	b.ReportAllocs()
	for i := range b.N {
		if h.Begin() != nil || h.SetSlot(r, slot, Int(int64(i+1000))) != nil {
			b.Fatal("write")
		}
		if _, err := h.Commit(CommitRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadOnlyTransaction(b *testing.B) {
	h, r := wide(b)
	b.ReportAllocs()
	for range b.N {
		if h.Begin() != nil || h.Read(&r.Entity) != nil {
			b.Fatal("read")
		}
		if _, err := h.Commit(CommitRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	h, r := wide(b)
	if err := h.Begin(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for range b.N {
		h.makeGhost(&r.Entity)
		if err := h.Read(&r.Entity); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookupTwoParentsUp(b *testing.B) {
	h := NewHeap()
	o := h.NewObject()
	for range 2 {
		child := h.NewObject()
		if err := h.SetSlot(child, Intern("p*"), o.Value()); err != nil {
			b.Fatal(err)
		}
		o = child
	}
	_ = h.SetSlot(o.Shape.Parents()[0].Shape.Parents()[0], Intern("m"), NewMethod("def m(self): pass", nil))
	name := Intern("m")
	b.ReportAllocs()
	for range b.N {
		if _, ok, err := h.Lookup(o, name, nil); !ok || err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCommitOfThousandClones(b *testing.B) {
	h, r := wide(b)
	b.ReportAllocs()
	for range b.N {
		if err := h.Begin(); err != nil {
			b.Fatal(err)
		}
		items := make([]Value, 1000)
		for i := range items {
			o, err := h.Clone(r)
			if err != nil {
				b.Fatal(err)
			}
			items[i] = o.Value()
		}
		_ = h.SetSlot(r, Intern("s1"), h.NewList(items).Value())
		if _, err := h.Commit(CommitRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}
