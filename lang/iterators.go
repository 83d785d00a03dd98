package lang

import (
	"unicode/utf8"

	"batos/image"
)

// The iterators over native values are plain data: a position and what is
// walked over. A step costs the loop that takes it, so they charge nothing but
// what they allocate.

// NativeIter gives an iterator over v; ok is false when v is not iterable
// without running the language.
func (m *Machine) NativeIter(v Value) (Iter, bool, error) {
	switch v.Kind() {
	case image.KindList:
		return &listIter{list: v.List()}, true, nil
	case image.KindTuple:
		return &itemsIter{items: v.Tuple()}, true, nil
	case image.KindStr:
		return &strIter{s: v.Str()}, true, nil
	case image.KindBytes:
		return &bytesIter{b: v.Bytes()}, true, nil
	case image.KindDict:
		return m.dictIter(v.Dict(), 'k')
	case KindView:
		return m.dictIter(viewOf(v).Dict, viewOf(v).What)
	case image.KindSet, image.KindFrozenSet:
		s := v.Set()
		if err := m.readSet(s); err != nil {
			return nil, false, err
		}
		return &setIter{set: s, size: s.Len(), rebuilt: s.Rebuilt()}, true, nil
	case KindRange:
		r := rangeOf(v)
		return &rangeIter{next: r.Start, step: r.Step, left: r.Len()}, true, nil
	case KindIter:
		return iteratorOf(v).It, true, nil
	case KindExtra:
		x := extraOf(v)
		if f := x.Type.Iter; f != nil {
			it, err := f(m, x)
			return it, err == nil, err
		}
	}
	return nil, false, nil
}

func notIterable(v Value) error {
	return raise(TypeError, "'%s' object is not iterable", typeName(v))
}

// iterator is NativeIter, or the error that v is not iterable.
func (m *Machine) iterator(v Value) (Iter, error) {
	it, ok, err := m.NativeIter(v)
	if err == nil && !ok {
		err = notIterable(v)
	}
	return it, err
}

// newIterator makes the value iter(v) gives.
func (m *Machine) newIterator(v Value, it Iter) (Value, error) {
	if v.Kind() == KindIter {
		return v, nil
	}
	return m.named(iteratorName(v), it)
}

func (m *Machine) named(name string, it Iter) (Value, error) {
	if err := m.Charge(iteratorSize); err != nil {
		return Value{}, err
	}
	return (&Iterator{Header: image.NewHeader(KindIter), Name: name, It: it}).Value(), nil
}

func iteratorName(v Value) string {
	switch v.Kind() {
	case image.KindList:
		return "list_iterator"
	case image.KindTuple:
		return "tuple_iterator"
	case image.KindStr:
		if v.StrValue().ASCII() {
			return "str_ascii_iterator"
		}
		return "str_iterator"
	case image.KindBytes:
		return "bytes_iterator"
	case image.KindDict:
		return "dict_keyiterator"
	case image.KindSet, image.KindFrozenSet:
		return "set_iterator"
	case KindRange:
		return "range_iterator"
	case KindView:
		switch viewOf(v).What {
		case 'k':
			return "dict_keyiterator"
		case 'v':
			return "dict_valueiterator"
		}
		return "dict_itemiterator"
	}
	return "iterator"
}

// listIter follows the list as it changes, as CPython's does.
type listIter struct {
	list *image.List
	next int
}

func (it *listIter) Next(m *Machine) (Value, bool, error) {
	if it.list == nil {
		return Value{}, false, nil
	}
	if err := m.Heap.Read(&it.list.Entity); err != nil {
		return Value{}, false, err
	}
	if it.next < len(it.list.Items) {
		it.next++
		return it.list.Items[it.next-1], true, nil
	}
	it.list = nil
	return Value{}, false, nil
}

// itemsIter walks over values that do not change.
type itemsIter struct {
	items []Value
	next  int
}

func (it *itemsIter) Next(*Machine) (Value, bool, error) {
	if it.next < len(it.items) {
		it.next++
		return it.items[it.next-1], true, nil
	}
	return Value{}, false, nil
}

type strIter struct {
	s  string
	at int
}

func (it *strIter) Next(m *Machine) (Value, bool, error) {
	if it.at >= len(it.s) {
		return Value{}, false, nil
	}
	if c := it.s[it.at]; c < utf8.RuneSelf {
		it.at++
		return charStrs[c], true, nil
	}
	_, size := utf8.DecodeRuneInString(it.s[it.at:])
	v, err := m.NewStr(it.s[it.at : it.at+size])
	it.at += size
	return v, err == nil, err
}

type bytesIter struct {
	b  string
	at int
}

func (it *bytesIter) Next(*Machine) (Value, bool, error) {
	if it.at >= len(it.b) {
		return Value{}, false, nil
	}
	it.at++
	return image.Int(int64(it.b[it.at-1])), true, nil
}

type rangeIter struct{ next, step, left int64 }

func (it *rangeIter) Next(*Machine) (Value, bool, error) {
	if it.left <= 0 {
		return Value{}, false, nil
	}
	v := it.next
	it.left--
	if it.left > 0 {
		it.next += it.step
	}
	return image.Int(v), true, nil
}

// dictIter ends with an error when the dict has changed its size.
type dictIter struct {
	dict    *image.Dict
	what    byte
	at      int
	size    int
	rebuilt uint32
}

func (m *Machine) dictIter(d *image.Dict, what byte) (Iter, bool, error) {
	if err := m.Heap.Read(&d.Entity); err != nil {
		return nil, false, err
	}
	return &dictIter{dict: d, what: what, size: d.Len(), rebuilt: d.Rebuilt()}, true, nil
}

func (it *dictIter) Next(m *Machine) (Value, bool, error) {
	k, v, ok, err := it.next(m)
	if err != nil || !ok {
		return Value{}, false, err
	}
	return m.entry(it.what, k, v)
}

// next gives the next entry.
func (it *dictIter) next(m *Machine) (k, v Value, ok bool, err error) {
	d := it.dict
	if d == nil {
		return k, v, false, nil
	}
	if err := m.Heap.Read(&d.Entity); err != nil {
		return k, v, false, err
	}
	if d.Len() != it.size {
		return k, v, false, raiseText(RuntimeError, "dictionary changed size during iteration")
	}
	if d.Rebuilt() != it.rebuilt {
		return k, v, false, raiseText(RuntimeError, "dictionary keys changed during iteration")
	}
	k, v, at, ok := d.Next(it.at)
	if !ok {
		it.dict = nil
		return k, v, false, nil
	}
	it.at = at + 1
	return k, v, true, nil
}

// entry gives what a view of the kind shows of an entry.
func (m *Machine) entry(what byte, k, v Value) (Value, bool, error) {
	switch what {
	case 'k':
		return k, true, nil
	case 'v':
		return v, true, nil
	}
	if err := m.Charge(strSize + 2*valueSize); err != nil {
		return Value{}, false, err
	}
	return image.NewPair(k, v), true, nil
}

type dictReverseIter struct {
	dict    *image.Dict
	what    byte
	at      int
	size    int
	rebuilt uint32
}

func (it *dictReverseIter) Next(m *Machine) (Value, bool, error) {
	d := it.dict
	if d == nil {
		return Value{}, false, nil
	}
	if err := m.Heap.Read(&d.Entity); err != nil {
		return Value{}, false, err
	}
	if d.Len() != it.size || d.Rebuilt() != it.rebuilt {
		return Value{}, false, raiseText(RuntimeError, "dictionary changed size during iteration")
	}
	k, v, at, ok := d.Previous(it.at)
	if !ok {
		it.dict = nil
		return Value{}, false, nil
	}
	it.at = at - 1
	return m.entry(it.what, k, v)
}

type setIter struct {
	set     *image.Set
	at      int
	size    int
	rebuilt uint32
}

func (it *setIter) Next(m *Machine) (Value, bool, error) {
	s := it.set
	if s == nil {
		return Value{}, false, nil
	}
	if err := m.readSet(s); err != nil {
		return Value{}, false, err
	}
	if s.Len() != it.size || s.Rebuilt() != it.rebuilt {
		return Value{}, false, raiseText(RuntimeError, "Set changed size during iteration")
	}
	k, at, ok := s.Next(it.at)
	if !ok {
		it.set = nil
		return Value{}, false, nil
	}
	it.at = at + 1
	return k, true, nil
}

// listReverseIter walks backwards from where the list ended.
type listReverseIter struct {
	list *image.List
	next int
}

func (it *listReverseIter) Next(m *Machine) (Value, bool, error) {
	if it.list == nil || it.next < 0 {
		return Value{}, false, nil
	}
	if err := m.Heap.Read(&it.list.Entity); err != nil {
		return Value{}, false, err
	}
	if it.next >= len(it.list.Items) {
		it.list = nil
		return Value{}, false, nil
	}
	it.next--
	return it.list.Items[it.next+1], true, nil
}

type itemsReverseIter struct{ items []Value }

func (it *itemsReverseIter) Next(*Machine) (Value, bool, error) {
	n := len(it.items)
	if n == 0 {
		return Value{}, false, nil
	}
	v := it.items[n-1]
	it.items = it.items[:n-1]
	return v, true, nil
}

// nesting is how deep an iterator walks over others. Each level takes a frame of
// the Go stack, so nested bounds it.
type nesting int

const maxNestedIterators = 1000

// nested gives the nesting of an iterator that walks over others.
func nested(its ...Iter) (nesting, error) {
	most := nesting(0)
	for _, it := range its {
		if n, ok := it.(interface{ levels() nesting }); ok {
			most = max(most, n.levels())
		}
	}
	if most >= maxNestedIterators {
		return 0, raise(RecursionError, "more than %d iterators one over the other", maxNestedIterators)
	}
	return most + 1, nil
}

type enumerateIter struct {
	it    Iter
	count Value
	deep  nesting
}

func (it *enumerateIter) levels() nesting { return it.deep }

func (it *enumerateIter) Next(m *Machine) (Value, bool, error) {
	v, ok, err := it.it.Next(m)
	if err != nil || !ok {
		return Value{}, false, err
	}
	if err := m.Charge(strSize + 2*valueSize); err != nil {
		return Value{}, false, err
	}
	pair := image.NewPair(it.count, v)
	if it.count.IsInt() && it.count.AsInt() < 1<<62 {
		it.count = image.Int(it.count.AsInt() + 1)
	} else if it.count, err = m.Binary(0, it.count, image.Int(1)); err != nil {
		return Value{}, false, err
	}
	return pair, true, nil
}

type zipIter struct {
	deep   nesting
	its    []Iter
	strict bool
	done   bool
}

func (it *zipIter) levels() nesting { return it.deep }

func (it *zipIter) Next(m *Machine) (Value, bool, error) {
	if it.done || len(it.its) == 0 {
		return Value{}, false, nil
	}
	if err := m.Charge(strSize + valueSize*int64(len(it.its))); err != nil {
		return Value{}, false, err
	}
	items := make([]Value, len(it.its))
	for i, x := range it.its {
		v, ok, err := x.Next(m)
		if err != nil {
			return Value{}, false, err
		}
		if !ok {
			it.done = true
			return Value{}, false, it.uneven(m, i)
		}
		items[i] = v
	}
	return image.NewTuple(items), true, nil
}

// uneven checks, when strict, that all iterators end together; the one at
// ended has.
func (it *zipIter) uneven(m *Machine, ended int) error {
	if !it.strict {
		return nil
	}
	if ended > 0 {
		return raise(ValueError, "zip() argument %d is shorter than argument%s", ended+1, upTo(ended))
	}
	for i := 1; i < len(it.its); i++ {
		_, ok, err := it.its[i].Next(m)
		if err != nil {
			return err
		}
		if ok {
			return raise(ValueError, "zip() argument %d is longer than argument%s", i+1, upTo(i))
		}
	}
	return nil
}

func upTo(n int) string {
	if n == 1 {
		return " 1"
	}
	return "s 1-" + intText(int64(n))
}
