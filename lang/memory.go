package lang

import (
	"unicode/utf8"

	"batos/image"
)

// What values cost, in bytes, as the machine accounts for them: Go's size with
// its allocator's rounding, near enough.
const (
	valueSize     = 16
	strSize       = 32
	listSize      = 80
	dictSize      = 112
	entrySize     = 64 // a dict entry with its share of the index
	bigSize       = 48
	exceptionSize = 160
	iteratorSize  = 64
)

// The shared small texts: the empty one, each ASCII character and the decimal
// text of small integers. Their lengths are counted before they are shared.
var (
	emptyStr   = sharedStr("")
	charStrs   [utf8.RuneSelf]Value
	intStrs    [256]Value
	emptyBytes = image.NewBytes("")
	emptyTuple = image.NewTuple(nil)
)

func init() {
	for i := range charStrs {
		charStrs[i] = sharedStr(string(rune(i)))
	}
	for i := range intStrs {
		if i < 10 {
			intStrs[i] = charStrs['0'+i]
			continue
		}
		text := []byte{byte('0' + i/100), byte('0' + i/10%10), byte('0' + i%10)}
		if i < 100 {
			text = text[1:]
		}
		intStrs[i] = sharedStr(string(text))
	}
}

func sharedStr(s string) Value {
	v := image.NewStr(s)
	v.StrValue().Len()
	return v
}

// NewStr makes a text, charging its memory.
func (m *Machine) NewStr(s string) (Value, error) {
	switch {
	case len(s) == 0:
		return emptyStr, nil
	case len(s) == 1 && s[0] < utf8.RuneSelf:
		return charStrs[s[0]], nil
	}
	if err := m.Charge(strSize + int64(len(s))); err != nil {
		return Value{}, err
	}
	return image.NewStr(s), nil
}

// room charges for a text of n bytes before it is built, and the work of
// building it.
func (m *Machine) room(n int64) error {
	if err := m.Charge(strSize + n); err != nil {
		return err
	}
	if n >= 64 {
		return m.Work(n >> 3)
	}
	return nil
}

// NewBytes makes a byte string, charging its memory.
func (m *Machine) NewBytes(s string) (Value, error) {
	if len(s) == 0 {
		return emptyBytes, nil
	}
	if err := m.Charge(strSize + int64(len(s))); err != nil {
		return Value{}, err
	}
	return image.NewBytes(s), nil
}

// NewList makes a list that owns items, charging its memory.
func (m *Machine) NewList(items []Value) (Value, error) {
	if err := m.Charge(listSize + valueSize*int64(len(items))); err != nil {
		return Value{}, err
	}
	return m.Heap.NewList(items).Value(), nil
}

// NewTuple makes a tuple that owns items, charging its memory.
func (m *Machine) NewTuple(items []Value) (Value, error) {
	if len(items) == 0 {
		return emptyTuple, nil
	}
	if err := m.Charge(strSize + valueSize*int64(len(items))); err != nil {
		return Value{}, err
	}
	return image.NewTuple(items), nil
}

// NewDict makes an empty dict, charging its memory.
func (m *Machine) NewDict() (Value, error) {
	if err := m.Charge(dictSize); err != nil {
		return Value{}, err
	}
	return m.Heap.NewDict().Value(), nil
}

// NewSet makes an empty set, charging its memory.
func (m *Machine) NewSet() (Value, error) {
	if err := m.Charge(dictSize); err != nil {
		return Value{}, err
	}
	return m.Heap.NewSet().Value(), nil
}

func (m *Machine) newFrozenSet() (*image.Set, error) {
	if err := m.Charge(dictSize); err != nil {
		return nil, err
	}
	return m.Heap.NewFrozenSet(), nil
}

// newItems charges for n values and their work, then makes room for them.
func (m *Machine) newItems(n int64) ([]Value, error) {
	if n < 0 || n > 1<<40 {
		n = 1 << 40 // more than any limit
	}
	if err := m.Charge(valueSize * n); err != nil {
		return nil, err
	}
	if err := m.Work(n); err != nil {
		return nil, err
	}
	return make([]Value, n), nil
}

// listOf makes a list of items that have been charged already.
func (m *Machine) listOf(items []Value) (Value, error) {
	if err := m.Charge(listSize); err != nil {
		return Value{}, err
	}
	return m.Heap.NewList(items).Value(), nil
}

// listAppend appends one value, as l.append does.
func (m *Machine) listAppend(l *image.List, v Value) error {
	if err := m.Heap.Change(&l.Entity); err != nil {
		return err
	}
	if err := m.Charge(valueSize); err != nil {
		return err
	}
	l.Items = append(l.Items, v)
	return nil
}

// hashable charges the work of hashing a key that is more than a few steps, so
// that a tuple which holds itself many times over cannot run for ever.
func (m *Machine) hashable(key Value) error {
	switch key.Kind() {
	case KindView:
		if viewOf(key).What != 'v' {
			return raise(TypeError, "unhashable type: '%s'", typeName(key))
		}
	case image.KindTuple:
		return m.hashWork(key.Tuple(), 0)
	case image.KindStr:
		if n := len(key.Str()); n > 64 {
			return m.Work(int64(n >> 3))
		}
	case image.KindBytes:
		if n := len(key.Bytes()); n > 64 {
			return m.Work(int64(n >> 3))
		}
	}
	return nil
}

func (m *Machine) hashWork(items []Value, depth int) error {
	if depth > maxDepth {
		return raiseText(RecursionError, "maximum recursion depth exceeded")
	}
	if err := m.Work(int64(len(items)) + 1); err != nil {
		return err
	}
	for _, v := range items {
		if v.Kind() == image.KindTuple {
			if err := m.hashWork(v.Tuple(), depth+1); err != nil {
				return err
			}
		} else if err := m.hashable(v); err != nil {
			return err
		}
	}
	return nil
}

// dictGet finds a key.
func (m *Machine) dictGet(d *image.Dict, key Value) (Value, bool, error) {
	if err := m.Heap.Read(&d.Entity); err != nil {
		return Value{}, false, err
	}
	if err := m.hashable(key); err != nil {
		return Value{}, false, err
	}
	v, ok, err := d.Get(key)
	if err != nil {
		err = languageError(err)
	}
	return v, ok, err
}

// dictSet adds or replaces an entry.
func (m *Machine) dictSet(d *image.Dict, key, v Value) error {
	if err := m.Heap.Change(&d.Entity); err != nil {
		return err
	}
	if err := m.hashable(key); err != nil {
		return err
	}
	before := d.Len()
	if err := d.Set(key, v); err != nil {
		return languageError(err)
	}
	if d.Len() > before {
		return m.Charge(entrySize)
	}
	return nil
}

// dictDelete removes an entry.
func (m *Machine) dictDelete(d *image.Dict, key Value) (Value, bool, error) {
	if err := m.Heap.Change(&d.Entity); err != nil {
		return Value{}, false, err
	}
	if err := m.hashable(key); err != nil {
		return Value{}, false, err
	}
	v, ok, err := d.Delete(key)
	return v, ok, languageError(err)
}

// setAdd adds a member.
func (m *Machine) setAdd(s *image.Set, key Value) error {
	if err := m.Heap.Change(&s.Entity); err != nil {
		return err
	}
	if err := m.hashable(key); err != nil {
		return err
	}
	before := s.Len()
	if err := s.Add(key); err != nil {
		return languageError(err)
	}
	if s.Len() > before {
		return m.Charge(entrySize)
	}
	return nil
}

// setHas says whether key is a member.
func (m *Machine) setHas(s *image.Set, key Value) (bool, error) {
	if err := m.readSet(s); err != nil {
		return false, err
	}
	if err := m.hashable(key); err != nil {
		return false, err
	}
	ok, err := s.Has(key)
	return ok, languageError(err)
}

// setDelete removes a member.
func (m *Machine) setDelete(s *image.Set, key Value) (bool, error) {
	if err := m.Heap.Change(&s.Entity); err != nil {
		return false, err
	}
	if err := m.hashable(key); err != nil {
		return false, err
	}
	ok, err := s.Delete(key)
	return ok, languageError(err)
}

// validText makes valid UTF-8 of s.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// readSet makes a set's members readable; a frozenset's always are.
func (m *Machine) readSet(s *image.Set) error {
	if s.Kind() == image.KindFrozenSet {
		return nil
	}
	return m.Heap.Read(&s.Entity)
}
