package image

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cockroachdb/pebble/v2/vfs"

	"batos/store/pebble"
)

// What SetSlot and Commit accept can be loaded again: an object whose record
// nobody can read is lost, with all that only it reaches. Values that must be
// refused are among those tried; which they are is the other tests' concern.
func TestWhatIsAcceptedLoadsAgain(t *testing.T) {
	s, err := pebble.Open("image", pebble.Options{FS: vfs.NewMem()})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	img := open(t, s, Options{})
	writer := img.NewHeap()
	defer writer.Close()
	g := &oddValues{Rand: rand.New(rand.NewPCG(1, 2)), t: t}
	stored, refused := 0, 0
	for round := range 600 {
		begin(t, writer)
		g.h = writer
		o := newRoot(t, writer, "r")
		g.known = []Value{o.Value()}
		for range 1 + g.IntN(4) {
			name := Intern(g.name())
			v := g.value(0)
			if name.IsParent() && g.IntN(2) == 0 {
				v = writer.NewObject().Value()
			}
			if err := writer.SetSlot(o, name, v); err != nil {
				refused++
				continue
			}
			g.known = append(g.known, v)
		}
		names, slots := o.Shape.Names(), append([]Value(nil), o.Slots...)
		if _, err := writer.Commit(CommitRequest{}); err != nil {
			refused++
			continue
		}
		stored++
		reader := img.NewHeap()
		begin(t, reader)
		got := root(t, reader, "r")
		if err := reader.Read(&got.Entity); err != nil {
			t.Fatalf("round %d: with slots %q: %v", round, names, err)
		}
		if got.Shape.Len() != len(names) {
			t.Fatalf("round %d: slots %q became %q", round, names, got.Shape.Names())
		}
		for i, v := range got.Slots {
			if got.Shape.Name(i) != names[i] || v.Kind() != slots[i].Kind() && !names[i].IsParent() {
				t.Fatalf("round %d: slot %q, a %s, became %q, a %s", round, names[i], slots[i].Kind(), got.Shape.Name(i), v.Kind())
			}
		}
		if err := reader.Reachable([]*Object{got}, 0, func(*Object) bool { return true }); err != nil {
			t.Fatalf("round %d: what slots %q reach: %v", round, names, err)
		}
		reader.Close()
	}
	if stored < 200 || refused < 50 {
		t.Errorf("%d rounds were stored, %d writes refused: too few to tell", stored, refused)
	}
}

type oddValues struct {
	*rand.Rand
	t     *testing.T
	h     *Heap
	known []Value
}

func (g *oddValues) name() string {
	return [...]func() string{
		func() string { return "" },
		func() string { return "*" },
		func() string { return "**" },
		func() string { return "parent*" },
		func() string { return "." },
		func() string { return "a.b[0]" },
		func() string { return "\x00" },
		func() string { return "\xff\xfe" },
		func() string { return "\xed\xa0\x80" }, // half of a surrogate pair
		func() string { return "\u202e\U0001f600\u0301" },
		func() string { return strings.Repeat("n", maxName-1+g.IntN(3)) },
		func() string { return strings.Repeat("日", 60+g.IntN(10)) },
		func() string { return strings.Repeat("n", 70_000) },
		func() string { return g.text(12) },
	}[g.IntN(14)]()
}

func (g *oddValues) text(most int) string {
	b := make([]rune, g.IntN(most))
	for i := range b {
		b[i] = rune(g.IntN(0x11_0000))
	}
	return string(b)
}

func (g *oddValues) bytes(most int) string {
	b := make([]byte, g.IntN(most))
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return string(b)
}

func (g *oddValues) float() float64 {
	odd := [...]float64{math.NaN(), math.Inf(1), math.Copysign(0, -1), 1, math.SmallestNonzeroFloat64, 1 << 63}
	if i := g.IntN(2 * len(odd)); i < len(odd) {
		return odd[i]
	}
	return math.Float64frombits(g.Uint64())
}

// key is hashable, and likely to be nearly another.
func (g *oddValues) key() Value {
	switch g.IntN(9) {
	case 0:
		return Int(int64(g.IntN(3)))
	case 1:
		return Bool(g.IntN(2) == 0)
	case 2:
		return Float(g.float())
	case 3:
		return NewTuple([]Value{Float(g.float()), Int(1)})
	case 4:
		return NewMethod("def f(self):\n    return 1\n", map[string]string{"n": g.text(3)})
	case 5:
		return NewBlob([32]byte{byte(g.IntN(2))}, int64(g.IntN(5)-1))
	case 6:
		return g.h.NewObject().Value()
	case 7:
		return NewBig(new(big.Int).Lsh(big.NewInt(1), uint(60+g.IntN(8))))
	}
	return NewStr(g.bytes(3))
}

func (g *oddValues) value(depth int) Value {
	kinds := 20
	if depth > 4 {
		kinds = 11
	}
	switch g.IntN(kinds) {
	case 0:
		return None()
	case 1:
		return g.known[g.IntN(len(g.known))]
	case 2:
		return Int(int64(g.Uint64()) >> g.IntN(64))
	case 3:
		n := new(big.Int).SetBytes([]byte(g.bytes(3000)))
		if g.IntN(2) == 0 {
			n.Neg(n)
		}
		return NewBig(n)
	case 4:
		return Float(g.float())
	case 5:
		return NewStr(g.text(50))
	case 6:
		return NewStr(g.bytes(4))
	case 7:
		return NewBytes(g.bytes(300))
	case 8:
		return NewMethod("def f(self):\n    return '"+g.bytes(2)+"'\n", map[string]string{"author": g.bytes(2), g.text(4): ""})
	case 9:
		return g.key()
	case 10:
		return NewTuple(nil)
	case 11:
		return deepTuple(maxNesting - 2 + g.IntN(4))
	case 12:
		return doublingTuple(g.IntN(10))
	case 13, 14:
		items := make([]Value, g.IntN(4))
		for i := range items {
			items[i] = g.value(depth + 1)
		}
		return NewTuple(items)
	case 15:
		items := make([]Value, [...]int{2, 3, chunkRows, 2*chunkRows + 1}[g.IntN(4)])
		for i := range items {
			items[i] = Int(int64(i))
		}
		items[g.IntN(len(items))] = g.value(depth + 1)
		l := g.h.NewList(items)
		items[g.IntN(len(items))] = l.Value() // within itself
		return l.Value()
	case 16, 17:
		d := g.h.NewDict()
		for range [...]int{0, 5, 30, 2 * chunkRows}[g.IntN(4)] {
			ok(g.t, d.Set(g.key(), Int(1)))
		}
		ok(g.t, d.Set(NewStr("me"), d.Value()))
		return d.Value()
	case 18:
		s := g.h.NewSet()
		for range g.IntN(30) {
			ok(g.t, s.Add(g.key()))
		}
		return s.Value()
	}
	s := g.h.NewFrozenSet()
	for range g.IntN(10) {
		ok(g.t, s.Add(g.key()))
	}
	return s.Value()
}

// The longest text that a record takes, and the first that it does not.
func TestTextsUpToTheRecordLimitLoadAgain(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	most := 0
	for _, n := range []int{maxRecord - 64, maxRecord - 9, maxRecord - 8, maxRecord} {
		begin(t, h)
		o := newRoot(t, h, "r")
		set(t, h, o, "v", NewStr(strings.Repeat("x", n)))
		if _, err := h.Commit(CommitRequest{}); err == nil {
			most = n
		}
	}
	if most < maxRecord-64 {
		t.Fatal("none was accepted")
	}
	other := w.heap()
	begin(t, other)
	if v := get(t, other, root(t, other, "r"), "v"); len(v.Str()) != most {
		t.Errorf("a text of %d bytes became one of %d", most, len(v.Str()))
	}
}

func TestBadSlotNamesAreRefused(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	begin(t, h)
	o := newRoot(t, h, "r")
	for _, name := range []string{"", strings.Repeat("n", maxName+1), "\xff", strings.Repeat("n", maxName) + "*", "\xff*"} {
		if err := h.SetSlot(o, Intern(name), h.NewObject().Value()); !errors.Is(err, ErrBadName) || !utf8.ValidString(err.Error()) || len(err.Error()) > 300 {
			t.Errorf("%.10q: %v", name, err)
		}
	}
	for _, name := range []string{"*", ".", " ", "日本", strings.Repeat("n", maxName)} {
		ok(t, h.SetSlot(o, Intern(name), h.NewObject().Value()))
	}
	commit(t, h)
}

// Images of before names were checked may hold a slot without a name: its
// object loads, and the slot can be written and removed.
func TestSlotWithoutANameLoads(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	do(t, h, func() {
		o := newRoot(t, h, "r")
		ok(t, h.reshape(o, []Symbol{Intern("a"), Intern("")}, []Value{Int(1), Int(2)}))
	})
	other := w.heap()
	do(t, other, func() {
		o := root(t, other, "r")
		if v := get(t, other, o, ""); v.AsInt() != 2 {
			t.Errorf("the slot holds %d", v.AsInt())
		}
		set(t, other, o, "", Int(3))
	})
	do(t, other, func() { ok(t, other.RemoveSlot(root(t, other, "r"), Intern(""))) })
	begin(t, h)
	if o := root(t, h, "r"); get(t, h, o, "a").AsInt() != 1 || o.Shape.Len() != 1 {
		t.Errorf("slots %v", o.Shape.Names())
	}
}
