package image

import (
	"errors"
	"math/big"
	"reflect"
	"slices"
	"testing"
	"time"

	"batos/store"
)

func TestPlainValuesGoThrough(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), 70)
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() { newRoot(t, h, "r") })
	begin(t, h)
	r := Ref(root(t, h, "r").OID())
	cases := []struct{ in, out any }{
		{nil, nil}, {true, true}, {int64(-5), int64(-5)}, {7, int64(7)}, {2.5, 2.5},
		{"text", "text"}, {"bad \xff", "bad \uFFFD"}, {[]byte{0, 255}, []byte{0, 255}},
		{huge, huge}, {big.NewInt(3), int64(3)}, {r, r},
		{time.Date(2026, 11, 24, 1, 2, 3, 4000, time.UTC), "2026-11-24T01:02:03.000004Z"},
		{PlainBlob{[32]byte{1}, 5}, PlainBlob{[32]byte{1}, 5}},
		{[]any{int64(1), []any{}}, []any{int64(1), []any{}}},
		{PlainSet{int64(2), int64(1), int64(2)}, PlainSet{int64(2), int64(1)}},
		{&Map{Entries: []MapEntry{{"b", int64(1)}, {int64(3), nil}}}, &Map{Entries: []MapEntry{{"b", int64(1)}, {int64(3), nil}}}},
	}
	for _, c := range cases {
		v, err := h.Import(c.in)
		if err != nil {
			t.Errorf("%v: %v", c.in, err)
			continue
		}
		if out, err := h.Export(v, 0); err != nil || !reflect.DeepEqual(out, c.out) {
			t.Errorf("%v came out as %v (%v)", c.in, out, err)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	h := newWorld(t, Options{}).heap()
	begin(t, h)
	deep := any(nil)
	for range maxPlain + 2 {
		deep = []any{deep}
	}
	var unhashable *UnhashableError
	if _, err := h.Import(&Map{Entries: []MapEntry{{[]any{}, nil}}}); !errors.As(err, &unhashable) {
		t.Errorf("a list as key: %v", err)
	}
	for _, c := range []struct {
		in   any
		want error
	}{{Ref(99), store.ErrNotFound}, {deep, ErrTooDeep}, {struct{}{}, ErrPlain}} {
		if _, err := h.Import(c.in); !errors.Is(err, c.want) {
			t.Errorf("%T: got %v, want %v", c.in, err, c.want)
		}
	}
}

func TestExport(t *testing.T) {
	h := newWorld(t, Options{}).heap()
	begin(t, h)
	list := func(items ...Value) Value { return h.NewList(items).Value() }
	self := h.NewList(nil)
	self.Items = append(self.Items, list(self.Value()))
	bomb := list(Int(1))
	for range 40 {
		bomb = list(bomb, bomb)
	}
	deep := list()
	for range exportDepth {
		deep = list(deep)
	}
	shared := list()
	header := NewHeader(KindForeign + 101)
	RegisterForeign(KindForeign+101, ForeignOps{Name: "generator"})
	cases := []struct {
		name  string
		v     Value
		depth int
		out   any
		err   error
	}{
		{"itself", self.Value(), 0, nil, ErrContainsItself},
		{"doubling", bomb, 0, nil, ErrTooLarge},
		{"deep", deep, 0, nil, ErrTooDeep},
		{"twice is not a cycle", list(shared, shared), 0, []any{[]any{}, []any{}}, nil},
		{"cut", list(list(Int(1)), Int(2)), 1, []any{repr("<list>"), int64(2)}, nil},
		{"method", method("def deposit(self, n):\n    pass"), 0, repr("<method deposit>"), nil},
		{"foreign", FromHeader(&header), 0, repr("<generator>"), nil},
		{"tuple", NewTuple([]Value{Int(1)}), 0, []any{int64(1)}, nil},
	}
	for _, c := range cases {
		out, err := h.Export(c.v, c.depth)
		if !errors.Is(err, c.err) || !reflect.DeepEqual(out, c.out) {
			t.Errorf("%s: %v, %v", c.name, out, err)
		}
	}
}

func TestExportReservesTheOIDOfANewObject(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() { newRoot(t, h, "r") })
	begin(t, h)
	kept, told := h.NewObject(), h.NewObject()
	refs, err := h.Export(NewTuple([]Value{kept.Value(), told.Value()}), 0)
	ok(t, err)
	if o, err := h.Object(store.OID(refs.([]any)[0].(Ref))); o != kept || err != nil {
		t.Errorf("the reference finds %v, %v", o, err)
	}
	set(t, h, root(t, h, "r"), "kept", kept.Value())
	commit(t, h)
	for _, h := range []*Heap{h, w.heap()} {
		begin(t, h)
		for _, ref := range refs.([]any) {
			if _, err := h.Object(store.OID(ref.(Ref))); err != nil {
				t.Errorf("@%v, whose oid was told: %v", ref, err)
			}
		}
	}

	// A transaction that changed nothing else stores what it told of, and one
	// that is dropped does not.
	told, dropped := h.NewObject(), h.NewObject()
	if h.Changed() {
		t.Error("an empty transaction says that it changed something")
	}
	oid := h.Reserve(told)
	if !h.Changed() {
		t.Error("a transaction that gave out an oid says that it changed nothing")
	}
	commit(t, h)
	begin(t, h)
	lost := h.Reserve(dropped)
	h.Abort()
	begin(t, h)
	if _, err := h.Object(oid); err != nil {
		t.Errorf("%v: %v", oid, err)
	}
	if _, err := h.Object(lost); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%v of a dropped transaction: %v", lost, err)
	}
}

func TestObjectFindsObjectsOnly(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	var o *Object
	var l *List
	do(t, h, func() {
		o, l = newRoot(t, h, "r"), h.NewList(nil)
		set(t, h, o, "l", l.Value())
	})
	for _, h := range []*Heap{h, w.heap()} {
		begin(t, h)
		found, err := h.Object(o.OID())
		if err != nil || found.Shape.Len() != 1 {
			t.Errorf("%v, %v", found, err)
		}
		for _, oid := range []store.OID{l.OID(), 0, 9999} {
			if _, err := h.Object(oid); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%v: %v", oid, err)
			}
		}
		if _, err := h.Object(RootsOID); err != nil {
			t.Error(err)
		}
	}
}

func TestReachable(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() {
		// a -> [ {"k": b} ], c;  b -> a, d;  c -> d
		a, b, c, d := newRoot(t, h, "a"), h.NewObject(), h.NewObject(), h.NewObject()
		for i, o := range []*Object{a, b, c, d} {
			set(t, h, o, "name", NewStr(string("abcd"[i])))
		}
		m := h.NewDict()
		ok(t, m.Set(NewStr("k"), b.Value()))
		set(t, h, a, "list", h.NewList([]Value{m.Value(), m.Value()}).Value())
		set(t, h, a, "c", c.Value())
		set(t, h, b, "t", NewTuple([]Value{a.Value(), d.Value()}))
		set(t, h, c, "d*", d.Value())
	})
	other := w.heap()
	begin(t, other)
	for _, c := range []struct {
		depth, stop int
		want        []string
	}{
		{0, 99, []string{"a", "c", "b", "d"}},
		{1, 99, []string{"a"}},
		{2, 99, []string{"a", "c", "b"}},
		{0, 2, []string{"a", "c"}},
	} {
		var got []string
		a := root(t, other, "a")
		ok(t, other.Reachable([]*Object{a, a}, c.depth, func(o *Object) bool {
			got = append(got, get(t, other, o, "name").Str())
			return len(got) < c.stop
		}))
		if !slices.Equal(got, c.want) {
			t.Errorf("depth %d: %v, want %v", c.depth, got, c.want)
		}
	}
}

func TestOwned(t *testing.T) {
	w := newWorld(t, Options{})
	w.img.chunkRows = 2
	h := w.heap()
	want := map[store.OID]string{}
	begin(t, h)
	r, object := newRoot(t, h, "r"), h.NewObject()
	inner, long, d, foreign := h.NewList(nil), h.NewList([]Value{Int(1), Int(2), Int(3)}), h.NewDict(), h.NewList(nil)
	ok(t, d.Set(NewStr("k"), inner.Value()))
	inner.Items = append(inner.Items, d.Value())
	set(t, h, r, "deep", NewTuple([]Value{d.Value()}))
	set(t, h, r, "long", long.Value())
	set(t, h, object, "list", foreign.Value())
	set(t, h, r, "other", object.Value())
	commit(t, h)
	want[inner.oid], want[d.oid] = "deep", "deep"
	want[long.oid], want[long.stored[0].oid], want[long.stored[1].oid] = "long", "long", "long"
	other := w.heap()
	begin(t, other)
	owned, err := other.Owned(root(t, other, "r"))
	ok(t, err)
	got := map[store.OID]string{}
	for oid, slot := range owned {
		got[oid] = slot.String()
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
