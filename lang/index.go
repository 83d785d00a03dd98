package lang

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"

	"batos/image"
)

// GetItem is c[k]. Image objects are the machine's.
func (m *Machine) GetItem(c, k Value) (Value, error) {
	switch c.Kind() {
	case image.KindList:
		l := c.List()
		if err := m.Heap.Read(&l.Entity); err != nil {
			return Value{}, err
		}
		if k.IsInt() {
			i := k.AsInt()
			if i < 0 {
				i += int64(len(l.Items))
			}
			if uint64(i) >= uint64(len(l.Items)) {
				return Value{}, raiseText(IndexError, "list index out of range")
			}
			return l.Items[i], nil
		}
		if k.Kind() == KindSlice {
			items, err := m.sliceItems(l.Items, sliceOf(k))
			if err != nil {
				return Value{}, err
			}
			return m.listOf(items)
		}
		i, err := sequenceIndex(k, len(l.Items), "list")
		if err != nil {
			return Value{}, err
		}
		return l.Items[i], nil
	case image.KindDict:
		v, ok, err := m.dictGet(c.Dict(), k)
		if err == nil && !ok {
			err = raiseValue(KeyError, k)
		}
		return v, err
	case image.KindTuple:
		items := c.Tuple()
		if k.Kind() == KindSlice {
			items, err := m.sliceItems(items, sliceOf(k))
			if err != nil {
				return Value{}, err
			}
			return image.NewTuple(items), nil
		}
		i, err := sequenceIndex(k, len(items), "tuple")
		if err != nil {
			return Value{}, err
		}
		return items[i], nil
	case image.KindStr:
		return m.strItem(c.StrValue(), k)
	case image.KindBytes:
		b := c.Bytes()
		if k.Kind() == KindSlice {
			return m.sliceBytes(b, sliceOf(k))
		}
		i, err := sequenceIndex(k, len(b), "byte")
		if err != nil {
			return Value{}, err
		}
		return image.Int(int64(b[i])), nil
	case KindRange:
		return m.rangeItem(rangeOf(c), k)
	case KindType:
		switch c {
		case ListType.Value(), DictType.Value(), TupleType.Value(), SetType.Value(), FrozenSetType.Value(), TypeType.Value():
			return newAlias(m, typeValueOf(c), k)
		}
		return Value{}, raise(TypeError, "type '%s' is not subscriptable", typeValueOf(c).Name)
	case KindExtra:
		x := extraOf(c)
		if f := x.Type.GetItem; f != nil {
			return f(m, x, k)
		}
	}
	return Value{}, raise(TypeError, "'%s' object is not subscriptable", typeName(c))
}

// SetItem is c[k] = v.
func (m *Machine) SetItem(c, k, v Value) error {
	switch c.Kind() {
	case image.KindList:
		l := c.List()
		if err := m.Heap.Change(&l.Entity); err != nil {
			return err
		}
		if k.Kind() == KindSlice {
			return m.assignSlice(l, sliceOf(k), v)
		}
		i, err := sequenceIndex(k, len(l.Items), "list assignment")
		if err != nil {
			return err
		}
		l.Items[i] = v
		return nil
	case image.KindDict:
		return m.dictSet(c.Dict(), k, v)
	case KindExtra:
		x := extraOf(c)
		if f := x.Type.SetItem; f != nil {
			return f(m, x, k, v)
		}
	}
	return raise(TypeError, "'%s' object does not support item assignment", typeName(c))
}

// DelItem is del c[k].
func (m *Machine) DelItem(c, k Value) error {
	switch c.Kind() {
	case image.KindList:
		l := c.List()
		if err := m.Heap.Change(&l.Entity); err != nil {
			return err
		}
		if k.Kind() == KindSlice {
			return m.deleteSlice(l, sliceOf(k))
		}
		i, err := sequenceIndex(k, len(l.Items), "list assignment")
		if err != nil {
			return err
		}
		return m.listRemoveAt(l, i)
	case image.KindDict:
		_, ok, err := m.dictDelete(c.Dict(), k)
		if err == nil && !ok {
			err = raiseValue(KeyError, k)
		}
		return err
	case KindExtra:
		x := extraOf(c)
		if f := x.Type.DelItem; f != nil {
			return f(m, x, k)
		}
	}
	return raise(TypeError, "'%s' object doesn't support item deletion", typeName(c))
}

// listRemoveAt removes one item; l has been made changeable.
func (m *Machine) listRemoveAt(l *image.List, i int) error {
	copy(l.Items[i:], l.Items[i+1:])
	l.Items[len(l.Items)-1] = Value{}
	l.Items = l.Items[:len(l.Items)-1]
	return m.Work(int64(len(l.Items)-i) >> 3)
}

// sequenceIndex reads an index into n items; what names the sequence in
// messages.
func sequenceIndex(k Value, n int, what string) (int, error) {
	var i int64
	switch k.Kind() {
	case image.KindInt, image.KindBool:
		i = k.AsInt()
	case image.KindBig:
		return 0, raise(IndexError, "cannot fit 'int' into an index-sized integer")
	default:
		name, _, _ := strings.Cut(what, " ")
		return 0, raise(TypeError, "%s indices must be integers or slices, not %s", name, typeName(k))
	}
	if i < 0 {
		i += int64(n)
	}
	if i < 0 || i >= int64(n) {
		if what == "byte" {
			return 0, raiseText(IndexError, "index out of range")
		}
		return 0, raise(IndexError, "%s index out of range", what)
	}
	return int(i), nil
}

func (m *Machine) strItem(s *image.Str, k Value) (Value, error) {
	if k.Kind() == KindSlice {
		return m.sliceStr(s, sliceOf(k))
	}
	n := s.Len()
	var i int64
	switch k.Kind() {
	case image.KindInt, image.KindBool:
		i = k.AsInt()
	case image.KindBig:
		return Value{}, raise(IndexError, "cannot fit 'int' into an index-sized integer")
	default:
		return Value{}, raise(TypeError, "string indices must be integers, not '%s'", typeName(k))
	}
	if i < 0 {
		i += int64(n)
	}
	if i < 0 || i >= int64(n) {
		return Value{}, raiseText(IndexError, "string index out of range")
	}
	if n == len(s.S) {
		return charStrs[s.S[i]], nil
	}
	at := runeOffset(s.S, int(i))
	if err := m.Work(int64(at >> 3)); err != nil {
		return Value{}, err
	}
	_, size := utf8.DecodeRuneInString(s.S[at:])
	return m.NewStr(s.S[at : at+size])
}

// runeOffset is the byte offset of code point i.
func runeOffset(s string, i int) int {
	at := 0
	for ; i > 0; i-- {
		if s[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// indices resolves a slice over n items: count items from start by step.
func (s *Slice) indices(n int64) (start, step, count int64, err error) {
	start, _, step, count, err = s.resolve(n)
	return
}

// resolve is slice.indices, with the number of items as well.
func (s *Slice) resolve(n int64) (start, stop, step, count int64, err error) {
	step = 1
	if !s.Step.IsNone() {
		if step, err = sliceBound(s.Step); err != nil {
			return
		}
		if step == 0 {
			err = raiseText(ValueError, "slice step cannot be zero")
			return
		}
		step = max(step, -math.MaxInt64)
	}
	low, high := int64(0), n
	if step < 0 {
		low, high = -1, n-1
	}
	bound := func(v Value, otherwise int64) (int64, error) {
		if v.IsNone() {
			return otherwise, nil
		}
		i, err := sliceBound(v)
		if err != nil {
			return 0, err
		}
		if i < 0 {
			i = max(i+n, low)
		}
		return min(i, high), nil
	}
	first, last := low, high
	if step < 0 {
		first, last = high, low
	}
	if start, err = bound(s.Start, first); err != nil {
		return
	}
	if stop, err = bound(s.Stop, last); err != nil {
		return
	}
	switch {
	case step > 0 && start < stop:
		count = (stop-start-1)/step + 1
	case step < 0 && stop < start:
		count = (start-stop-1)/-step + 1
	}
	return
}

func sliceBound(v Value) (int64, error) {
	switch v.Kind() {
	case image.KindInt, image.KindBool:
		return v.AsInt(), nil
	case image.KindBig:
		if v.Big().Sign() < 0 {
			return math.MinInt64, nil
		}
		return math.MaxInt64, nil
	}
	return 0, raiseText(TypeError, "slice indices must be integers or None or have an __index__ method")
}

func (m *Machine) sliceItems(items []Value, s *Slice) ([]Value, error) {
	start, step, count, err := s.indices(int64(len(items)))
	if err != nil {
		return nil, err
	}
	if err := m.Charge(valueSize*count + 32); err != nil {
		return nil, err
	}
	if err := m.Work(count >> 2); err != nil {
		return nil, err
	}
	if count == 0 {
		return nil, nil
	}
	part := make([]Value, count)
	if step == 1 {
		copy(part, items[start:])
		return part, nil
	}
	for i, at := 0, start; i < len(part); i, at = i+1, at+step {
		part[i] = items[at]
	}
	return part, nil
}

func (m *Machine) sliceBytes(b string, s *Slice) (Value, error) {
	start, step, count, err := s.indices(int64(len(b)))
	if err != nil {
		return Value{}, err
	}
	if step == 1 {
		return m.NewBytes(b[start : start+count])
	}
	if err := m.room(count); err != nil {
		return Value{}, err
	}
	part := make([]byte, count)
	for i, at := 0, start; i < len(part); i, at = i+1, at+step {
		part[i] = b[at]
	}
	return image.NewBytes(string(part)), nil
}

func (m *Machine) sliceStr(s *image.Str, k *Slice) (Value, error) {
	n := s.Len()
	start, step, count, err := k.indices(int64(n))
	if err != nil {
		return Value{}, err
	}
	if count == 0 {
		return emptyStr, nil
	}
	if n == len(s.S) {
		if step == 1 {
			return m.NewStr(s.S[start : start+count])
		}
		if err := m.room(count); err != nil {
			return Value{}, err
		}
		part := make([]byte, count)
		for i, at := 0, start; i < len(part); i, at = i+1, at+step {
			part[i] = s.S[at]
		}
		return m.NewStr(string(part))
	}
	if err := m.Work(int64(len(s.S) >> 3)); err != nil {
		return Value{}, err
	}
	if step == 1 {
		from := runeOffset(s.S, int(start))
		to := from + runeOffset(s.S[from:], int(count))
		return m.NewStr(s.S[from:to])
	}
	if err := m.Charge(int64(4*n) + 4*count); err != nil {
		return Value{}, err
	}
	runes := []rune(s.S)
	part := make([]rune, count)
	for i, at := 0, start; i < len(part); i, at = i+1, at+step {
		part[i] = runes[at]
	}
	return m.NewStr(string(part))
}

// itemsOf gives the items of any native iterable; a list's and tuple's are not
// copied and must not be changed.
func (m *Machine) itemsOf(v Value) ([]Value, error) {
	switch v.Kind() {
	case image.KindTuple:
		return v.Tuple(), nil
	case image.KindList:
		l := v.List()
		return l.Items, m.Heap.Read(&l.Entity)
	}
	return m.collect(v)
}

// collect copies the items of a native iterable.
func (m *Machine) collect(v Value) ([]Value, error) {
	switch v.Kind() {
	case image.KindTuple, image.KindList:
		from, err := m.itemsOf(v)
		if err != nil {
			return nil, err
		}
		items, err := m.newItems(int64(len(from)))
		if err != nil {
			return nil, err
		}
		copy(items, from)
		return items, nil
	case KindRange:
		r := rangeOf(v)
		items, err := m.newItems(r.Len())
		if err != nil {
			return nil, err
		}
		for i, x := 0, r.Start; i < len(items); i, x = i+1, x+r.Step {
			items[i] = image.Int(x)
		}
		return items, nil
	case image.KindStr:
		s := v.StrValue()
		items, err := m.newItems(int64(s.Len()))
		if err != nil {
			return nil, err
		}
		it := strIter{s: s.S}
		for i := range items {
			if items[i], _, err = it.Next(m); err != nil {
				return nil, err
			}
		}
		return items, nil
	}
	it, ok, err := m.NativeIter(v)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, notIterable(v)
	}
	var items []Value
	if n := m.lengthHint(v); n > 0 {
		if err := m.Charge(valueSize * int64(n)); err != nil {
			return nil, err
		}
		items = make([]Value, 0, n)
	}
	for {
		x, ok, err := it.Next(m)
		if err != nil {
			return nil, err
		}
		if !ok {
			return items, nil
		}
		if err := m.Work(1); err != nil {
			return nil, err
		}
		if len(items) == cap(items) {
			if err := m.Charge(valueSize * int64(max(4, len(items)))); err != nil {
				return nil, err
			}
			grown := make([]Value, len(items), max(4, 2*len(items)))
			copy(grown, items)
			items = grown
		}
		items = append(items, x)
	}
}

// lengthHint is the number of items of a dict, set or view, else 0.
func (m *Machine) lengthHint(v Value) int {
	switch v.Kind() {
	case image.KindDict:
		return v.Dict().Len()
	case image.KindSet, image.KindFrozenSet:
		return v.Set().Len()
	case KindView:
		return viewOf(v).Dict.Len()
	}
	return 0
}

func (m *Machine) assignSlice(l *image.List, k *Slice, v Value) error {
	if it, ok, err := m.NativeIter(v); err != nil {
		return err
	} else if !ok || it == nil {
		if !k.Step.IsNone() && !(k.Step.IsInt() && k.Step.AsInt() == 1) {
			return raiseText(TypeError, "must assign iterable to extended slice")
		}
		return raiseText(TypeError, "can only assign an iterable")
	}
	start, step, count, err := k.indices(int64(len(l.Items)))
	if err != nil {
		return err
	}
	items, err := m.collect(v)
	if err != nil {
		return err
	}
	if step != 1 {
		if int64(len(items)) != count {
			return raise(ValueError, "attempt to assign sequence of size %d to extended slice of size %d", len(items), count)
		}
		for i, at := 0, start; i < len(items); i, at = i+1, at+step {
			l.Items[at] = items[i]
		}
		return nil
	}
	rest := l.Items[start+count:]
	n := int(start) + len(items) + len(rest)
	if err := m.Charge(valueSize * int64(max(n-len(l.Items), 0))); err != nil {
		return err
	}
	if err := m.Work(int64(n-int(start)) >> 3); err != nil {
		return err
	}
	if len(items) <= int(count) {
		copy(l.Items[start:], items)
		copy(l.Items[int(start)+len(items):], rest)
		clear(l.Items[n:])
		l.Items = l.Items[:n]
		return nil
	}
	old := l.Items
	if n <= cap(old) {
		l.Items = old[:n]
	} else {
		l.Items = make([]Value, n, n+n/8)
		copy(l.Items, old[:start])
	}
	copy(l.Items[int(start)+len(items):], rest)
	copy(l.Items[start:], items)
	return nil
}

func (m *Machine) deleteSlice(l *image.List, k *Slice) error {
	start, step, count, err := k.indices(int64(len(l.Items)))
	if err != nil || count == 0 {
		return err
	}
	if err := m.Work(int64(len(l.Items)) >> 3); err != nil {
		return err
	}
	if step < 0 {
		start, step = start+step*(count-1), -step
	}
	kept := l.Items[:start]
	next := start
	for i := start; i < int64(len(l.Items)); i++ {
		if count > 0 && i == next {
			next += step
			count--
			continue
		}
		kept = append(kept, l.Items[i])
	}
	clear(l.Items[len(kept):])
	l.Items = kept
	return nil
}

// Len is the number of items of the range.
func (r *Range) Len() int64 {
	switch {
	case r.Step > 0 && r.Start < r.Stop:
		return int64((uint64(r.Stop)-uint64(r.Start)-1)/uint64(r.Step)) + 1
	case r.Step < 0 && r.Start > r.Stop:
		return int64((uint64(r.Start)-uint64(r.Stop)-1)/-uint64(r.Step)) + 1
	}
	return 0
}

func (r *Range) contains(v Value) bool {
	var x int64
	switch v.Kind() {
	case image.KindInt, image.KindBool:
		x = v.AsInt()
	case image.KindFloat:
		f := v.AsFloat()
		if f != math.Trunc(f) || f < -9e18 || f > 9e18 {
			return false
		}
		x = int64(f)
	default:
		return false
	}
	if r.Step > 0 && (x < r.Start || x >= r.Stop) || r.Step < 0 && (x > r.Start || x <= r.Stop) {
		return false
	}
	d := new(big.Int).Sub(big.NewInt(x), big.NewInt(r.Start))
	return d.Rem(d, big.NewInt(r.Step)).Sign() == 0
}

func (m *Machine) rangeItem(r *Range, k Value) (Value, error) {
	n := r.Len()
	if k.Kind() == KindSlice {
		start, stop, step, _, err := sliceOf(k).resolve(n)
		if err != nil {
			return Value{}, err
		}
		if err := m.Charge(48); err != nil {
			return Value{}, err
		}
		return newRange(r.Start+start*r.Step, r.Start+stop*r.Step, step*r.Step), nil
	}
	if !isInteger(k) {
		return Value{}, raise(TypeError, "range indices must be integers or slices, not %s", typeName(k))
	}
	i := int64(-1)
	if k.Kind() != image.KindBig {
		if i = k.AsInt(); i < 0 {
			i += n
		}
	}
	if i < 0 || i >= n {
		return Value{}, raiseText(IndexError, "range object index out of range")
	}
	return image.Int(r.Start + i*r.Step), nil
}

func newRange(start, stop, step int64) Value {
	r := &Range{Header: image.NewHeader(KindRange), Start: start, Stop: stop, Step: step}
	return r.Value()
}
