package lang

import (
	"math"
	"slices"
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// sortItems sorts items stably by keys, which may be the items themselves. As
// in CPython, reverse keeps equal items in their order. An error of a
// comparison leaves items in some order.
func (m *Machine) sortItems(items, keys []Value, reverse bool) error {
	n := len(items)
	if n < 2 {
		return nil
	}
	if err := m.Work(sortWork(n)); err != nil {
		return err
	}
	if &items[0] == &keys[0] {
		return m.sortPlain(items, reverse)
	}
	type pair struct{ key, item Value }
	if err := m.Charge(int64(n) * 2 * valueSize); err != nil {
		return err
	}
	pairs := make([]pair, n)
	for i := range pairs {
		pairs[i] = pair{keys[i], items[i]}
	}
	var err error
	less, quick := m.comparison(keys, &err)
	sign := 1
	if reverse {
		sign = -1
	}
	compare := func(a, b pair) int { return sign * less(a.key, b.key) }
	if !quick {
		compare = func(a, b pair) int {
			if reverse {
				a, b = b, a
			}
			return less(a.key, b.key)
		}
	}
	slices.SortStableFunc(pairs, compare)
	for i := range pairs {
		items[i] = pairs[i].item
	}
	return err
}

func (m *Machine) sortPlain(items []Value, reverse bool) error {
	var err error
	less, _ := m.comparison(items, &err)
	// A list in order, or in the opposite order, is common.
	sorted := true
	for i := 1; i < len(items) && sorted; i++ {
		c := less(items[i-1], items[i])
		sorted = reverse && c >= 0 || !reverse && c <= 0
	}
	if err != nil || sorted {
		return err
	}
	if reverse {
		slices.SortStableFunc(items, func(a, b Value) int { return less(b, a) })
	} else {
		slices.SortStableFunc(items, less)
	}
	return err
}

func sortWork(n int) int64 {
	return int64(float64(n)*math.Log2(float64(n))) + int64(n)
}

// comparison chooses how keys compare: directly when all are integers, floats
// or texts. The first error is kept in *err.
func (m *Machine) comparison(keys []Value, err *error) (compare func(a, b Value) int, quick bool) {
	kind := keys[0].Kind()
	for _, k := range keys {
		if k.Kind() != kind || k.IsFloat() && math.IsNaN(k.AsFloat()) {
			kind = image.KindAbsent
			break
		}
	}
	switch kind {
	case image.KindInt:
		return func(a, b Value) int { return compareInts(a.AsInt(), b.AsInt()) }, true
	case image.KindFloat:
		return func(a, b Value) int {
			switch x, y := a.AsFloat(), b.AsFloat(); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		}, true
	case image.KindStr:
		return func(a, b Value) int { return strings.Compare(a.Str(), b.Str()) }, true
	}
	return func(a, b Value) int {
		if *err != nil {
			return 0
		}
		// The later item is asked whether it is less, as CPython's sort does, so
		// that messages name the types in its order.
		less, e := m.order(syntax.Less, b, a, 0)
		if e != nil {
			*err = e
			return 0
		}
		if less {
			return 1
		}
		less, e = m.order(syntax.Less, a, b, 0)
		if e != nil {
			*err = e
			return 0
		}
		if less {
			return -1
		}
		return 0
	}, false
}
