package image

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func power(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

// Classes of values: those of one class are equal and hash alike, those of two
// differ. Every pair is tried.
func TestEqualAndHash(t *testing.T) {
	h := NewHeap()
	set := func(frozen bool, items ...Value) Value {
		s := h.NewSet()
		if frozen {
			s = h.NewFrozenSet()
		}
		for _, item := range items {
			ok(t, s.Add(item))
		}
		return s.Value()
	}
	dict := func(items ...Value) Value {
		d := h.NewDict()
		for i := 0; i < len(items); i += 2 {
			ok(t, d.Set(items[i], items[i+1]))
		}
		return d.Value()
	}
	list := func(items ...Value) Value { return h.NewList(items).Value() }
	tuple := func(items ...Value) Value { return NewTuple(items) }
	blob := func(b byte) Value { return NewBlob([32]byte{b}, 1) }
	o := h.NewObject()
	classes := [][]Value{
		{None()},
		{Int(1), Bool(true), Float(1)},
		{Int(0), Bool(false), Float(0), Float(math.Copysign(0, -1))},
		{Float(0.5)},
		{Float(math.Inf(1))},
		{Float(math.Inf(-1))},
		{Int(1 << 53), Float(1 << 53)},
		{Int(1<<53 + 1)},
		{Int(math.MaxInt64)},
		{Int(math.MinInt64), Float(math.MinInt64)},
		{Int(9_210_000_000_000_000_000), Float(9.21e18)},
		{NewBig(power(63)), Float(1 << 63)},
		{NewBig(power(200)), Float(math.Ldexp(1, 200))},
		{NewBig(new(big.Int).Neg(power(200)))},
		{NewBig(new(big.Int).Add(power(200), big.NewInt(1)))},
		{NewStr("a"), NewStr("a")},
		{NewStr("")},
		{NewBytes("a"), NewBytes("a")},
		{tuple(Int(1), NewStr("a")), tuple(Float(1), NewStr("a"))},
		{tuple(Int(1))},
		{tuple()},
		{list(Int(1), list()), list(Bool(true), list())},
		{list()},
		{dict(Int(1), NewStr("a"), NewStr("k"), None()), dict(NewStr("k"), None(), Float(1), NewStr("a"))},
		{dict(Int(1), NewStr("b"), NewStr("k"), None())},
		{dict()},
		{set(false, Int(1), Int(2)), set(true, Int(2), Float(1))},
		{set(true, Int(1), Int(3))},
		{set(false), set(true)},
		{o.Value()},
		{h.NewObject().Value()},
		{method("def f(self): pass"), method("def f(self): pass")},
		{blob(1), blob(1)},
		{blob(2)},
	}
	for i, class := range classes {
		for j, other := range classes {
			for _, a := range class {
				for _, b := range other {
					same, err := Equal(a, b)
					if err != nil || same != (i == j) {
						t.Errorf("classes %d and %d: a %s equals a %s: %v, %v", i, j, a.Kind(), b.Kind(), same, err)
					}
					ha, erra := Hash(a)
					hb, errb := Hash(b)
					if same && erra == nil && errb == nil && ha != hb {
						t.Errorf("class %d: an equal %s and %s hash apart", i, a.Kind(), b.Kind())
					}
				}
			}
		}
	}
	nan := Float(math.NaN())
	if same, _ := Equal(nan, nan); same {
		t.Error("nan equals itself")
	}
	if same, _ := Equal(list(nan), list(nan)); !same {
		t.Error("a list with the same nan differs, but identity comes first")
	}
	for _, v := range []Value{list(), dict(), set(false), tuple(list())} {
		var u *UnhashableError
		if _, err := Hash(v); !errors.As(err, &u) {
			t.Errorf("a %s hashes", v.Kind())
		}
	}
	self := h.NewList(nil)
	self.Items = []Value{list(self.Value())}
	twin := h.NewList(nil)
	twin.Items = []Value{list(twin.Value())}
	if _, err := Equal(self.Value(), twin.Value()); !errors.Is(err, ErrTooDeep) {
		t.Errorf("two lists that hold themselves: %v", err)
	}
}

func TestCompareNumbers(t *testing.T) {
	rising := []Value{
		Float(math.Inf(-1)), NewBig(new(big.Int).Neg(power(100))), Float(-1e19), Int(math.MinInt64), Int(-1), Float(-0.5),
		Int(0), Float(0.25), Bool(true), Float(1.5), Int(2), Int(1 << 53), Int(1<<53 + 1), Float(1<<53 + 2),
		Int(math.MaxInt64), Float(1 << 63), NewBig(new(big.Int).Add(power(63), big.NewInt(1))), NewBig(power(100)), Float(math.Inf(1)),
	}
	for i, a := range rising {
		for j, b := range rising {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if c, ordered := CompareNumbers(a, b); c != want || !ordered {
				t.Errorf("%d against %d: %d, %v", i, j, c, ordered)
			}
		}
		for _, pair := range [][2]Value{{a, Float(math.NaN())}, {Float(math.NaN()), a}} {
			if _, ordered := CompareNumbers(pair[0], pair[1]); ordered {
				t.Errorf("%d is ordered with nan", i)
			}
		}
	}
}

// TestTableAgainstModel does random things to a dict and to a Go map with a
// list of keys in order.
func TestTableAgainstModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	h := NewHeap()
	for range 60 {
		d := h.NewDict()
		model := map[int64]int64{}
		var order []int64
		span := int64(1 + rng.IntN(300))
		for range 2000 {
			k, v := rng.Int64N(span), rng.Int64()
			switch rng.IntN(5) {
			case 0, 1:
				if _, known := model[k]; !known {
					order = append(order, k)
				}
				model[k] = v
				ok(t, d.Set(Int(k), Int(v)))
			case 2:
				got, found, err := d.Delete(Int(k))
				want, known := model[k]
				if err != nil || found != known || found && got.AsInt() != want {
					t.Fatalf("delete %d: %v, %v", k, found, err)
				}
				delete(model, k)
				for i := range order {
					if order[i] == k {
						order = append(order[:i], order[i+1:]...)
						break
					}
				}
			case 3:
				got, found, err := d.Get(Float(float64(k)))
				if want, known := model[k]; err != nil || found != known || found && got.AsInt() != want {
					t.Fatalf("get %d: %v, %v", k, found, err)
				}
			case 4: // the first, as a queue takes it
				if key, _, _, any := d.Next(0); any && rng.IntN(3) == 0 {
					_, _, err := d.Delete(key)
					ok(t, err)
					delete(model, order[0])
					order = order[1:]
				}
			}
			if d.Len() != len(model) || d.Positions() > 2*d.Len()+2*smallTable+16 && d.Positions() > 3*d.Len() {
				t.Fatalf("%d entries at %d positions, want %d", d.Len(), d.Positions(), len(model))
			}
		}
		i := 0
		for k, v, at, more := d.Next(0); more; k, v, at, more = d.Next(at + 1) {
			if i >= len(order) || k.AsInt() != order[i] || v.AsInt() != model[order[i]] {
				t.Fatalf("entry %d out of order", i)
			}
			i++
		}
		for k, _, at, more := d.Previous(d.Positions() - 1); more; k, _, at, more = d.Previous(at - 1) {
			if i--; k.AsInt() != order[i] {
				t.Fatalf("entry %d out of order backwards", i)
			}
		}
		if i != 0 {
			t.Fatalf("%d entries are missing", i)
		}
	}
}
