package image

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"batos/store"
)

// world is an image with heaps that end with the test.
type world struct {
	t     testing.TB
	store *memStore
	img   *Image
}

func newWorld(t testing.TB, o Options) *world {
	s := newMemStore()
	return &world{t, s, open(t, s, o)}
}

func open(t testing.TB, s store.Store, o Options) *Image {
	t.Helper()
	img, err := Open(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func (w *world) heap() *Heap {
	h := w.img.NewHeap()
	w.t.Cleanup(h.Close)
	return h
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func begin(t testing.TB, h *Heap) {
	t.Helper()
	ok(t, h.Begin())
}

func commit(t testing.TB, h *Heap) store.TID {
	t.Helper()
	tid, err := h.Commit(CommitRequest{})
	ok(t, err)
	return tid
}

// do runs one transaction.
func do(t testing.TB, h *Heap, body func()) store.TID {
	t.Helper()
	begin(t, h)
	body()
	return commit(t, h)
}

func root(t testing.TB, h *Heap, name string) *Object {
	t.Helper()
	o, found, err := h.Root(name)
	ok(t, err)
	if !found {
		t.Fatalf("no root %q", name)
	}
	return o
}

func set(t testing.TB, h *Heap, o *Object, name string, v Value) {
	t.Helper()
	ok(t, h.SetSlot(o, Intern(name), v))
}

func get(t testing.TB, h *Heap, o *Object, name string) Value {
	t.Helper()
	hit, found, err := h.Lookup(o, Intern(name), nil)
	ok(t, err)
	if !found {
		t.Fatalf("%v has no slot %q", o.OID(), name)
	}
	return hit.Value
}

func newRoot(t testing.TB, h *Heap, name string) *Object {
	t.Helper()
	o := h.NewObject()
	ok(t, h.SetRoot(name, o))
	return o
}

func deepTuple(levels int) Value {
	v := Int(1)
	for range levels {
		v = NewTuple([]Value{v})
	}
	return v
}

// doublingTuple has 2 to the power of levels leaves, in a few bytes.
func doublingTuple(levels int) Value {
	v := NewTuple([]Value{Int(1), Int(2)})
	for range levels {
		v = NewTuple([]Value{v, v})
	}
	return v
}

func TestSharedTuplesDoNotTakeForEver(t *testing.T) {
	if _, err := Hash(doublingTuple(60)); !errors.Is(err, ErrTooDeep) {
		t.Errorf("hash: %v", err)
	}
	if _, err := Equal(doublingTuple(60), doublingTuple(60)); !errors.Is(err, ErrTooDeep) {
		t.Errorf("comparison: %v", err)
	}
}

func TestRoundTripOfEveryKind(t *testing.T) {
	huge, _ := new(big.Int).SetString("-123456789012345678901234567890", 10)
	frozen := func(h *Heap, items ...Value) Value {
		s := h.NewFrozenSet()
		for _, item := range items {
			ok(t, s.Add(item))
		}
		return s.Value()
	}
	cases := map[string]func(h *Heap) Value{
		"none":            func(*Heap) Value { return None() },
		"true":            func(*Heap) Value { return Bool(true) },
		"false":           func(*Heap) Value { return Bool(false) },
		"zero":            func(*Heap) Value { return Int(0) },
		"least small int": func(*Heap) Value { return Int(leastSmall) },
		"below it":        func(*Heap) Value { return Int(leastSmall - 1) },
		"most small int":  func(*Heap) Value { return Int(mostSmall) },
		"above it":        func(*Heap) Value { return Int(mostSmall + 1) },
		"least int":       func(*Heap) Value { return Int(math.MinInt64) },
		"most int":        func(*Heap) Value { return Int(math.MaxInt64) },
		"big":             func(*Heap) Value { return NewBig(huge) },
		"float":           func(*Heap) Value { return Float(-0.1) },
		"infinity":        func(*Heap) Value { return Float(math.Inf(-1)) },
		"empty text":      func(*Heap) Value { return NewStr("") },
		"text":            func(*Heap) Value { return NewStr("naïve \x00 日本") },
		"bytes":           func(*Heap) Value { return NewBytes("\xff\x00") },
		"tuple":           func(*Heap) Value { return NewTuple([]Value{Int(1), NewStr("b"), NewTuple(nil)}) },
		"deep tuple":      func(*Heap) Value { return deepTuple(maxNesting - 1) },
		"frozenset":       func(h *Heap) Value { return frozen(h, NewStr("x"), Int(3), frozen(h)) },
		"blob":            func(*Heap) Value { return NewBlob([32]byte{1, 2, 31: 9}, 1<<40) },
		"method": func(*Heap) Value {
			return NewMethod("def f(self):\n    return 1\n", map[string]string{"author": "mind", "model": "m"})
		},
		"list": func(h *Heap) Value { return h.NewList([]Value{Int(1), Float(2)}).Value() },
		"empty": func(h *Heap) Value {
			return h.NewList([]Value{h.NewList(nil).Value(), h.NewDict().Value(), h.NewSet().Value()}).Value()
		},
		"dict": func(h *Heap) Value {
			d := h.NewDict()
			for i := range int64(20) {
				ok(t, d.Set(Int(19-i), NewStr("v")))
			}
			_, _, err := d.Delete(Int(7))
			ok(t, err)
			ok(t, d.Set(NewTuple([]Value{NewStr("k"), Int(1)}), None()))
			return d.Value()
		},
		"set": func(h *Heap) Value {
			s := h.NewSet()
			for i := range int64(12) {
				ok(t, s.Add(NewStr(strings.Repeat("z", int(12-i)))))
			}
			return s.Value()
		},
	}
	for name, build := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{})
			h := w.heap()
			do(t, h, func() { set(t, h, newRoot(t, h, "r"), "v", build(h)) })
			other := w.heap()
			begin(t, other)
			got, want := get(t, other, root(t, other, "r"), "v"), build(other)
			if same, err := other.EqualIn(got, want); err != nil || !same {
				t.Errorf("not what was stored (%v)", err)
			}
			if got.Kind() != want.Kind() {
				t.Errorf("got a %s, want a %s", got.Kind(), want.Kind())
			}
			if got.Kind() == KindMethod && !got.Method().sameAs(want.Method()) {
				t.Errorf("facts %v, want %v", got.Method().Facts, want.Method().Facts)
			}
			if got.Kind() == KindDict {
				a, b := got.Dict(), want.Dict()
				var order [2][]Value
				for i, d := range []*Dict{a, b} {
					for k, _, at, more := d.Next(0); more; k, _, at, more = d.Next(at + 1) {
						order[i] = append(order[i], k)
					}
				}
				if same, _ := Equal(NewTuple(order[0]), NewTuple(order[1])); !same {
					t.Error("keys are in another order")
				}
			}
		})
	}
}

func TestAliasesAndCyclesAreKept(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() {
		o := newRoot(t, h, "r")
		shared := h.NewList([]Value{Int(1)})
		set(t, h, o, "a", shared.Value())
		set(t, h, o, "b", shared.Value())
		shared.Items = append(shared.Items, shared.Value())
		d := h.NewDict()
		ok(t, d.Set(NewStr("me"), o.Value()))
		ok(t, d.Set(o.Value(), d.Value()))
		set(t, h, o, "d", d.Value())
		set(t, h, o, "self", NewTuple([]Value{o.Value(), shared.Value()}))
	})
	other := w.heap()
	begin(t, other)
	o := root(t, other, "r")
	a, b := get(t, other, o, "a"), get(t, other, o, "b")
	if !a.Same(b) {
		t.Error("two slots that held one list hold two")
	}
	ok(t, other.Read(a.Entity()))
	if !a.List().Items[1].Same(a) {
		t.Error("the list no longer holds itself")
	}
	d := get(t, other, o, "d").Dict()
	ok(t, other.Read(&d.Entity))
	if v, found, _ := d.Get(NewStr("me")); !found || v.Object() != o {
		t.Error("the dict no longer refers to its object")
	}
	if v, found, _ := d.Get(o.Value()); !found || v.Dict() != d {
		t.Error("the object is no longer a key of the dict")
	}
	if tuple := get(t, other, o, "self").Tuple(); tuple[0].Object() != o || !tuple[1].Same(a) {
		t.Error("the tuple refers elsewhere")
	}
}

func TestCommitStoresWhatIsReachableAndNothingElse(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	var kept, lost *Object
	do(t, h, func() {
		r := newRoot(t, h, "r")
		kept, lost = h.NewObject(), h.NewObject()
		set(t, h, kept, "x", Int(1))
		set(t, h, lost, "r", r.Value())
		set(t, h, r, "list", h.NewList([]Value{NewTuple([]Value{kept.Value()})}).Value())
		set(t, h, r, "gone", lost.Value())
		ok(t, h.RemoveSlot(r, Intern("gone")))
	})
	if kept.OID() == 0 || lost.OID() != 0 {
		t.Errorf("kept %v, lost %v", kept.OID(), lost.OID())
	}
	if n := len(w.store.version); n != 4 {
		t.Errorf("%d records, want roots, r, list and kept", n)
	}
	if refs := w.store.version[kept.OID()-1][0].Refs; len(refs) != 1 || refs[0] != kept.OID() {
		t.Errorf("the list refers to %v", refs)
	}
}

func TestSlotWrittenWithItsOwnValueIsNoChange(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	tid := do(t, h, func() { set(t, h, newRoot(t, h, "r"), "x", NewStr("same")) })
	again := do(t, h, func() {
		set(t, h, root(t, h, "r"), "x", NewStr("same"))
		if h.Changed() {
			t.Error("counts as changed")
		}
	})
	if again != tid || w.store.last() != tid {
		t.Errorf("committed tid %d after %d", again, tid)
	}
}

func TestAbortRestores(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() {
		r := newRoot(t, h, "r")
		set(t, h, r, "x", Int(1))
		set(t, h, r, "list", h.NewList([]Value{Int(1), Int(2)}).Value())
		d := h.NewDict()
		ok(t, d.Set(Int(1), Int(1)))
		set(t, h, r, "dict", d.Value())
		s := h.NewSet()
		ok(t, s.Add(Int(1)))
		set(t, h, r, "set", s.Value())
	})
	check := func(h *Heap) {
		t.Helper()
		r := root(t, h, "r")
		ok(t, h.Read(&r.Entity))
		if n := r.Shape.Len(); n != 4 || get(t, h, r, "x").AsInt() != 1 {
			t.Errorf("object has %d slots", n)
		}
		l, d, s := get(t, h, r, "list").List(), get(t, h, r, "dict").Dict(), get(t, h, r, "set").Set()
		for _, e := range []*Entity{&l.Entity, &d.Entity, &s.Entity} {
			ok(t, h.Read(e))
		}
		if len(l.Items) != 2 || l.Items[0].AsInt() != 1 {
			t.Error("the list is not restored")
		}
		if v, found, _ := d.Get(Int(1)); d.Len() != 1 || !found || v.AsInt() != 1 {
			t.Error("the dict is not restored")
		}
		if has, _ := s.Has(Int(1)); s.Len() != 1 || !has {
			t.Error("the set is not restored")
		}
	}
	begin(t, h)
	r := root(t, h, "r")
	l, d, s := get(t, h, r, "list").List(), get(t, h, r, "dict").Dict(), get(t, h, r, "set").Set()
	for _, e := range []*Entity{&l.Entity, &d.Entity, &s.Entity} {
		ok(t, h.Change(e))
	}
	set(t, h, r, "x", Int(2))
	set(t, h, r, "y", h.NewObject().Value())
	ok(t, h.RemoveSlot(r, Intern("dict")))
	l.Items[0] = Int(9)
	l.Items = append(l.Items, Int(3))
	d.Clear()
	for i := range int64(30) {
		ok(t, d.Set(Int(i), Int(-1)))
		ok(t, s.Add(Int(i)))
	}
	_, err := s.Delete(Int(1))
	ok(t, err)
	ok(t, h.SetRoot("other", h.NewObject()))
	h.Abort()

	begin(t, h)
	check(h)
	if names, _, _ := h.Roots(); len(names) != 1 {
		t.Errorf("roots %v", names)
	}
	h.Abort()
	other := w.heap()
	begin(t, other)
	check(other)
}

func TestUnstorableNamesObjectAndPath(t *testing.T) {
	closure := func() Value {
		header := NewHeader(KindForeign + 100)
		return FromHeader(&header)
	}
	RegisterForeign(KindForeign+100, ForeignOps{Name: "function"})
	cases := []struct {
		put  func(h *Heap, r *Object)
		slot string
		old  bool
	}{
		{func(h *Heap, r *Object) { set(t, h, r, "f", closure()) }, "f", true},
		{func(h *Heap, r *Object) { set(t, h, r, "f", NewTuple([]Value{Int(1), closure()})) }, "f[1]", true},
		{func(h *Heap, r *Object) {
			d := h.NewDict()
			ok(t, d.Set(NewStr("k"), h.NewList([]Value{Int(0), Int(0), closure()}).Value()))
			set(t, h, r, "f", d.Value())
		}, `f["k"][2]`, true},
		{func(h *Heap, r *Object) {
			o := h.NewObject()
			set(t, h, o, "inner", closure())
			set(t, h, r, "f", o.Value())
		}, "inner", false},
		{func(h *Heap, r *Object) {
			l := get(t, h, r, "list").List()
			ok(t, h.Change(&l.Entity))
			l.Items = append(l.Items, closure())
		}, "list[0]", true},
		{func(h *Heap, r *Object) { set(t, h, r, "f", deepTuple(maxNesting+1)) }, "f", true},
		{func(h *Heap, r *Object) { set(t, h, r, "f", doublingTuple(60)) }, "f", true},
		{func(h *Heap, r *Object) { set(t, h, r, "f", NewStr(strings.Repeat("x", maxRecord))) }, "f", true},
	}
	for _, c := range cases {
		w := newWorld(t, Options{})
		h := w.heap()
		do(t, h, func() { set(t, h, newRoot(t, h, "r"), "list", h.NewList(nil).Value()) })
		begin(t, h)
		r := root(t, h, "r")
		c.put(h, r)
		_, err := h.Commit(CommitRequest{})
		var u *UnstorableError
		if !errors.As(err, &u) || !strings.HasPrefix(u.Slot, c.slot) || (u.Object == r.OID()) != c.old {
			t.Errorf("%s: %v", c.slot, err)
		}
		if w.store.last() != 1 {
			t.Errorf("%s: something was stored", c.slot)
		}
		begin(t, h)
		ok(t, h.Read(&r.Entity))
		if n := r.Shape.Len(); n != 1 {
			t.Errorf("%s: %d slots after the refused commit", c.slot, n)
		}
		h.Abort()
	}
}

func TestDelegationCyclesAreRefused(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() {
		a, b := newRoot(t, h, "a"), newRoot(t, h, "b")
		set(t, h, b, "parent*", a.Value())
	})
	other := w.heap()
	begin(t, other)
	a, b := root(t, other, "a"), root(t, other, "b")
	parent := Intern("parent*")
	if err := other.SetSlot(a, parent, b.Value()); !errors.Is(err, ErrCycle) {
		t.Errorf("a cycle through stored objects: %v", err)
	}
	if err := other.SetSlot(a, parent, other.NewList([]Value{a.Value()}).Value()); !errors.Is(err, ErrCycle) {
		t.Errorf("an object its own parent: %v", err)
	}
	if err := other.SetSlot(a, parent, Int(1)); !errors.Is(err, ErrNotAParent) {
		t.Errorf("a number as parent: %v", err)
	}
	if n := commit(t, other); n != 1 {
		t.Errorf("committed tid %d", n)
	}
}
