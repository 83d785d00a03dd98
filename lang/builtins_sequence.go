package lang

import (
	"slices"

	"batos/image"
	"batos/lang/syntax"
)

func newList(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) == 0 {
		return m.NewList(nil)
	}
	items, err := m.collect(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	return m.listOf(items)
}

func newTuple(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) == 0 {
		return emptyTuple, nil
	}
	if a.Pos[0].Kind() == image.KindTuple {
		return a.Pos[0], nil
	}
	items, err := m.collect(a.Pos[0])
	if err != nil || len(items) == 0 {
		return emptyTuple, err
	}
	if err := m.Charge(strSize); err != nil {
		return Value{}, err
	}
	return image.NewTuple(items), nil
}

func newRangeValue(m *Machine, a *Args) (Value, error) {
	parts := [3]int64{0, 0, 1}
	for i, v := range a.Pos {
		n, err := indexOf(v)
		if isRaised(err, OverflowError) {
			err = raiseText(OverflowError, "Python int too large: a range is bounded by 64 bits here")
		}
		if err != nil {
			return Value{}, err
		}
		parts[i] = n
	}
	if len(a.Pos) == 1 {
		parts[0], parts[1] = 0, parts[0]
	}
	if parts[2] == 0 {
		return Value{}, raiseText(ValueError, "range() arg 3 must not be zero")
	}
	if err := m.Charge(iteratorSize); err != nil {
		return Value{}, err
	}
	return newRange(parts[0], parts[1], parts[2]), nil
}

func newSlice(m *Machine, a *Args) (Value, error) {
	s := &Slice{Header: image.NewHeader(KindSlice), Start: image.None(), Stop: a.Pos[0], Step: image.None()}
	if len(a.Pos) > 1 {
		s.Start, s.Stop = a.Pos[0], a.Pos[1]
	}
	if len(a.Pos) > 2 {
		s.Step = a.Pos[2]
	}
	return s.Value(), m.Charge(iteratorSize)
}

func newEnumerate(m *Machine, a *Args) (Value, error) {
	if a.at(0).Absent() {
		return Value{}, raiseText(TypeError, "enumerate() missing required argument 'iterable'")
	}
	it, err := m.iterator(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	start := a.at(1)
	if start.Absent() {
		start = image.Int(0)
	}
	if !isInteger(start) {
		return Value{}, raise(TypeError, "'%s' object cannot be interpreted as an integer", typeName(start))
	}
	deep, err := nested(it)
	if err != nil {
		return Value{}, err
	}
	return m.named("enumerate", &enumerateIter{it: it, count: start, deep: deep})
}

func newZip(m *Machine, a *Args) (Value, error) {
	z := &zipIter{}
	for i, name := range a.Names {
		if name != "strict" {
			return Value{}, raise(TypeError, "'%s' is an invalid keyword argument for zip()", name)
		}
		strict, err := m.Truth(a.Kw[i])
		if err != nil {
			return Value{}, err
		}
		z.strict = strict
	}
	for _, v := range a.Pos {
		it, err := m.iterator(v)
		if err != nil {
			return Value{}, err
		}
		z.its = append(z.its, it)
	}
	deep, err := nested(z.its...)
	if err != nil {
		return Value{}, err
	}
	z.deep = deep
	return m.named("zip", z)
}

func newReversed(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	switch v.Kind() {
	case image.KindList:
		l := v.List()
		if err := m.Heap.Read(&l.Entity); err != nil {
			return Value{}, err
		}
		return m.named("list_reverseiterator", &listReverseIter{list: l, next: len(l.Items) - 1})
	case image.KindTuple:
		return m.named("reversed", &itemsReverseIter{items: v.Tuple()})
	case image.KindStr, image.KindBytes:
		items, err := m.collect(v)
		if err != nil {
			return Value{}, err
		}
		return m.named("reversed", &itemsReverseIter{items: items})
	case KindRange:
		r := rangeOf(v)
		n := r.Len()
		return m.named("range_iterator", &rangeIter{next: r.Start + (n-1)*r.Step, step: -r.Step, left: n})
	case image.KindDict:
		return m.reversedDict("dict_reversekeyiterator", v.Dict(), 'k')
	case KindView:
		w := viewOf(v)
		name := map[byte]string{'k': "dict_reversekeyiterator", 'v': "dict_reversevalueiterator", 'i': "dict_reverseitemiterator"}[w.What]
		return m.reversedDict(name, w.Dict, w.What)
	case KindExtra:
		items, err := m.collect(v)
		if err != nil {
			return Value{}, err
		}
		return m.named("reversed", &itemsReverseIter{items: items})
	}
	return Value{}, raise(TypeError, "'%s' object is not reversible", typeName(v))
}

func (m *Machine) reversedDict(name string, d *image.Dict, what byte) (Value, error) {
	if err := m.Heap.Read(&d.Entity); err != nil {
		return Value{}, err
	}
	return m.named(name, &dictReverseIter{dict: d, what: what, at: d.Positions() - 1, size: d.Len(), rebuilt: d.Rebuilt()})
}

// builtinSorted is sorted without a key function; with one the prelude does it.
func builtinSorted(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) != 1 {
		return Value{}, rangeError("sorted", len(a.Pos), 1, 1)
	}
	reverse := false
	for i, word := range a.Names {
		switch word {
		case "reverse":
			n, err := indexOf(a.Kw[i])
			if err != nil {
				return Value{}, err
			}
			reverse = n != 0
		case "key":
			if !a.Kw[i].IsNone() {
				return Value{}, raiseText(TypeError, "sorted() takes a key function in the language only")
			}
		default:
			return Value{}, raise(TypeError, "'%s' is an invalid keyword argument for sort()", word)
		}
	}
	items, err := m.collect(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if err := m.sortItems(items, items, reverse); err != nil {
		return Value{}, err
	}
	return m.listOf(items)
}

// extreme is min or max without a key function; with one the prelude does it.
func extreme(name string) Native {
	op := syntax.Less
	if name == "max" {
		op = syntax.Greater
	}
	return func(m *Machine, a *Args) (Value, error) {
		var otherwise Value
		for i, word := range a.Names {
			switch word {
			case "default":
				otherwise = a.Kw[i]
			case "key":
				if !a.Kw[i].IsNone() {
					return Value{}, raise(TypeError, "%s() takes a key function in the language only", name)
				}
			default:
				return Value{}, raise(TypeError, "'%s' is an invalid keyword argument for %s()", word, name)
			}
		}
		var it Iter
		switch len(a.Pos) {
		case 0:
			return Value{}, raise(TypeError, "%s expected at least 1 argument, got 0", name)
		case 1:
			var err error
			if it, err = m.iterator(a.Pos[0]); err != nil {
				return Value{}, err
			}
		default:
			if !otherwise.Absent() {
				return Value{}, raise(TypeError, "Cannot specify a default for %s() with multiple positional arguments", name)
			}
			it = &itemsIter{items: slices.Clone(a.Pos)}
		}
		var best Value
		for {
			v, ok, err := it.Next(m)
			if err != nil {
				return Value{}, err
			}
			if !ok {
				break
			}
			if err := m.Work(1); err != nil {
				return Value{}, err
			}
			if best.Absent() {
				best = v
				continue
			}
			better, err := m.compare(op, v, best)
			if err != nil {
				return Value{}, err
			}
			if better {
				best = v
			}
		}
		switch {
		case !best.Absent():
			return best, nil
		case !otherwise.Absent():
			return otherwise, nil
		}
		return Value{}, raise(ValueError, "%s() arg is an empty sequence", name)
	}
}
