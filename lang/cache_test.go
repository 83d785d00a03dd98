package lang

import (
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"batos/image"
)

// TestCachesFollowChanges changes prototypes, parents, slots and methods at
// random between sends from sites that are warm, and compares what the sends
// and reads give with a full look-up.
func TestCachesFollowChanges(t *testing.T) {
	for seed := range int64(8) {
		r := rand.New(rand.NewSource(seed))
		h := image.NewHeap()
		var out strings.Builder
		m := newTestMachine(h, &out)
		names := []image.Symbol{image.Intern("a"), image.Intern("b"), image.Intern("c")}
		parents := []image.Symbol{image.Intern("p*"), image.Intern("q*")}
		objects := make([]*image.Object, 7)
		for i := range objects {
			objects[i] = h.NewObject()
		}
		// One reader and one sender for each name: their sites see all objects.
		reader, sender := map[image.Symbol]Value{}, map[image.Symbol]Value{}
		for _, n := range names {
			reader[n] = image.NewMethod(fmt.Sprintf("def read(o):\n    return o.%s", n), nil)
			sender[n] = image.NewMethod(fmt.Sprintf("def send(o):\n    return o.%s()", n), nil)
		}
		for step := range 3000 {
			o := objects[r.Intn(len(objects))]
			name := names[r.Intn(len(names))]
			switch r.Intn(8) {
			case 0:
				if err := h.SetSlot(o, name, image.Int(int64(step))); err != nil {
					t.Fatal(err)
				}
			case 1:
				source := fmt.Sprintf("def m(self):\n    return %d", -step)
				if err := h.SetSlot(o, name, image.NewMethod(source, nil)); err != nil {
					t.Fatal(err)
				}
			case 2:
				if err := h.RemoveSlot(o, name); err != nil && !errors.Is(err, image.ErrNoSuchSlot) {
					t.Fatal(err)
				}
			case 3:
				p := objects[r.Intn(len(objects))]
				if err := h.SetSlot(o, parents[r.Intn(2)], p.Value()); err != nil && !errors.Is(err, image.ErrCycle) {
					t.Fatal(err)
				}
			case 4:
				if r.Intn(4) == 0 {
					clone, err := h.Clone(o)
					if err != nil {
						t.Fatal(err)
					}
					objects[r.Intn(len(objects))] = clone
				}
			}
			for range 3 {
				o, name := objects[r.Intn(len(objects))], names[r.Intn(len(names))]
				hit, ok, err := h.Lookup(o, name, nil)
				if err != nil {
					t.Fatal(err)
				}
				m.Begin(Limits{})
				got, err := m.Call(reader[name], []Value{o.Value()})
				switch {
				case !ok && !isRaised(err, SlotError):
					t.Fatalf("seed %d, step %d: reading .%s gives %v, %v where there is no slot", seed, step, name, got.Kind(), err)
				case ok && err != nil:
					t.Fatalf("seed %d, step %d: reading .%s: %v", seed, step, name, err)
				case ok && hit.Value.Kind() == image.KindMethod:
					if got.Kind() != KindBound || boundMethodOf(got).Method != hit.Value.Method() {
						t.Fatalf("seed %d, step %d: .%s is another method", seed, step, name)
					}
				case ok && !got.Same(hit.Value):
					t.Fatalf("seed %d, step %d: .%s is another value", seed, step, name)
				}
				m.Begin(Limits{})
				got, err = m.Call(sender[name], []Value{o.Value()})
				switch {
				case !ok && !isRaised(err, NotUnderstood):
					t.Fatalf("seed %d, step %d: sending .%s() gives %v where there is no slot", seed, step, name, err)
				case ok && hit.Value.Kind() != image.KindMethod && !isRaised(err, TypeError):
					t.Fatalf("seed %d, step %d: calling the data in .%s gives %v", seed, step, name, err)
				case ok && hit.Value.Kind() == image.KindMethod:
					want := hit.Value.Method().Source
					if err != nil || !strings.HasSuffix(want, fmt.Sprintf("return %d", got.AsInt())) {
						t.Fatalf("seed %d, step %d: .%s() gives %v, %v, want what %q returns", seed, step, name, got.AsInt(), err, want)
					}
				}
			}
		}
	}
}
