package lang

import (
	"cmp"
	"math"
	"slices"

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
	if err := m.Charge(int64(n) * 2 * valueSize); err != nil {
		return err
	}
	switch sameKind(keys) {
	case image.KindInt:
		sortRanked(items, keys, Value.AsInt, reverse)
		return nil
	case image.KindFloat:
		sortRanked(items, keys, Value.AsFloat, reverse)
		return nil
	case image.KindStr:
		sortRanked(items, keys, Value.Str, reverse)
		return nil
	}
	if &items[0] == &keys[0] {
		return sortByOrder(m, items, func(v Value) Value { return v }, reverse)
	}
	pairs := make([]keyed, n)
	for i := range pairs {
		pairs[i] = keyed{keys[i], items[i]}
	}
	err := sortByOrder(m, pairs, func(p keyed) Value { return p.key }, reverse)
	for i := range pairs {
		items[i] = pairs[i].item
	}
	return err
}

// keyed is an item with the key that it is sorted by.
type keyed struct{ key, item Value }

func sortWork(n int) int64 {
	return int64(float64(n)*math.Log2(float64(n))) + int64(n)
}

// sameKind is the kind that all keys have when they compare directly, else
// KindAbsent.
func sameKind(keys []Value) image.Kind {
	kind := keys[0].Kind()
	for _, k := range keys {
		if k.Kind() != kind || k.IsFloat() && math.IsNaN(k.AsFloat()) {
			return image.KindAbsent
		}
	}
	return kind
}

// ranked is a key taken out of its value, and where its item stood, which
// orders equal keys and so makes any sort stable.
type ranked[K cmp.Ordered] struct {
	key K
	at  int32
}

func sortRanked[K cmp.Ordered](items, keys []Value, keyOf func(Value) K, reverse bool) {
	order := make([]ranked[K], len(keys))
	inOrder := true
	for i, k := range keys {
		order[i] = ranked[K]{keyOf(k), int32(i)}
		if i > 0 && inOrder {
			c := cmp.Compare(order[i-1].key, order[i].key)
			inOrder = c == 0 || (c > 0) == reverse
		}
	}
	if inOrder {
		return
	}
	if reverse {
		slices.SortFunc(order, func(a, b ranked[K]) int {
			switch {
			case a.key > b.key:
				return -1
			case a.key < b.key:
				return 1
			}
			return int(a.at) - int(b.at)
		})
	} else {
		slices.SortFunc(order, func(a, b ranked[K]) int {
			switch {
			case a.key < b.key:
				return -1
			case a.key > b.key:
				return 1
			}
			return int(a.at) - int(b.at)
		})
	}
	sorted := make([]Value, len(items))
	for i := range order {
		sorted[i] = items[order[i].at]
	}
	copy(items, sorted)
}

// sortByOrder sorts by asking only whether one key is less than another, which
// may fail. Up to 63 items are compared in the very order of CPython's
// listsort, so that messages name the same two types, and keys without a total
// order (nan, sets) end up in the same places.
func sortByOrder[T any](m *Machine, items []T, key func(T) Value, reverse bool) error {
	less := func(a, b T) (bool, error) { return m.order(syntax.Less, key(a), key(b), 0) }
	if reverse { // equal items keep their order
		slices.Reverse(items)
		defer slices.Reverse(items)
	}
	if len(items) < 64 {
		return insertInOrder(items, less)
	}
	return mergeInOrder(items, make([]T, len(items)), less)
}

// mergeInOrder sorts halves and merges them; spare is as long as items.
func mergeInOrder[T any](items, spare []T, less func(a, b T) (bool, error)) error {
	if len(items) <= 32 {
		return insertInOrder(items, less)
	}
	half := len(items) / 2
	if err := mergeInOrder(items[:half], spare[:half], less); err != nil {
		return err
	}
	if err := mergeInOrder(items[half:], spare[half:], less); err != nil {
		return err
	}
	copy(spare, items)
	left, right := spare[:half], spare[half:]
	for at := range items {
		right1 := len(left) == 0
		if len(left) > 0 && len(right) > 0 {
			var err error
			if right1, err = less(right[0], left[0]); err != nil {
				copy(items[at:], left)
				copy(items[at+len(left):], right)
				return err
			}
		}
		if right1 {
			items[at], right = right[0], right[1:]
		} else {
			items[at], left = left[0], left[1:]
		}
	}
	return nil
}

// insertInOrder finds the run that the items begin with and inserts the others
// by binary search, as CPython's count_run and binarysort.
func insertInOrder[T any](items []T, less func(a, b T) (bool, error)) error {
	if len(items) < 2 {
		return nil
	}
	falling, err := less(items[1], items[0])
	if err != nil {
		return err
	}
	run := 2
	for ; run < len(items); run++ {
		is, err := less(items[run], items[run-1])
		if err != nil {
			return err
		}
		if is != falling {
			break
		}
	}
	if falling {
		slices.Reverse(items[:run])
	}
	for ; run < len(items); run++ {
		pivot := items[run]
		low, high := 0, run
		for low < high {
			middle := low + (high-low)/2
			is, err := less(pivot, items[middle])
			if err != nil {
				return err
			}
			if is {
				high = middle
			} else {
				low = middle + 1
			}
		}
		copy(items[low+1:run+1], items[low:run])
		items[low] = pivot
	}
	return nil
}
