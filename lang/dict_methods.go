package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

var (
	dictMethods = map[image.Symbol]*NativeFunction{}
	viewMethods = map[image.Symbol]*NativeFunction{}
)

func init() {
	addMethods(dictMethods, "dict", methodTable{
		"get":        positional(1, 2, dictGetMethod),
		"setdefault": positional(1, 2, dictSetDefault),
		"pop":        positional(1, 2, dictPop),
		"popitem":    none(dictPopItem),
		"keys":       none(dictView('k')),
		"values":     none(dictView('v')),
		"items":      none(dictView('i')),
		"update":     free(dictUpdateMethod).walks(0),
		"clear":      none(dictClear),
		"copy":       none(dictCopy),
		"fromkeys":   positional(1, 2, dictFromKeys).walks(0),
	})
	addMethods(viewMethods, "dict_keys", methodTable{
		"isdisjoint": one(viewIsDisjoint).walks(0),
	})
	linkCollections()
}

func dictGetMethod(m *Machine, a *Args) (Value, error) {
	v, ok, err := m.dictGet(a.Self.Dict(), a.Pos[0])
	if err != nil || ok {
		return v, err
	}
	return a.otherwise(1), nil
}

// otherwise is argument i, or None.
func (a *Args) otherwise(i int) Value {
	if v := a.at(i); !v.Absent() {
		return v
	}
	return image.None()
}

func dictSetDefault(m *Machine, a *Args) (Value, error) {
	d := a.Self.Dict()
	v, ok, err := m.dictGet(d, a.Pos[0])
	if err != nil || ok {
		return v, err
	}
	v = a.otherwise(1)
	return v, m.dictSet(d, a.Pos[0], v)
}

func dictPop(m *Machine, a *Args) (Value, error) {
	v, ok, err := m.dictDelete(a.Self.Dict(), a.Pos[0])
	if err != nil || ok {
		return v, err
	}
	if v = a.at(1); !v.Absent() {
		return v, nil
	}
	return Value{}, raiseValue(KeyError, a.Pos[0])
}

func dictPopItem(m *Machine, a *Args) (Value, error) {
	d := a.Self.Dict()
	if err := m.Heap.Change(&d.Entity); err != nil {
		return Value{}, err
	}
	k, v, _, ok := d.Previous(d.Positions() - 1)
	if !ok {
		return Value{}, raiseText(KeyError, "popitem(): dictionary is empty")
	}
	if _, _, err := d.Delete(k); err != nil {
		return Value{}, languageError(err)
	}
	pair, _, err := m.entry('i', k, v)
	return pair, err
}

func dictView(what byte) Native {
	return func(m *Machine, a *Args) (Value, error) {
		if err := m.Charge(iteratorSize); err != nil {
			return Value{}, err
		}
		return newView(a.Self.Dict(), what), nil
	}
}

func newView(d *image.Dict, what byte) Value {
	return image.FromHeader(&(&View{Header: image.NewHeader(KindView), Dict: d, What: what}).Header)
}

func dictUpdateMethod(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) > 1 {
		return Value{}, raise(TypeError, "update expected at most 1 argument, got %d", len(a.Pos))
	}
	d := a.Self.Dict()
	if len(a.Pos) == 1 {
		if err := m.dictUpdate(d, a.Pos[0]); err != nil {
			return Value{}, err
		}
	}
	return image.None(), m.dictSetNamed(d, a)
}

// dictSetNamed adds keyword arguments.
func (m *Machine) dictSetNamed(d *image.Dict, a *Args) error {
	for i, name := range a.Names {
		key, err := m.NewStr(name)
		if err != nil {
			return err
		}
		if err := m.dictSet(d, key, a.Kw[i]); err != nil {
			return err
		}
	}
	return nil
}

// dictUpdate adds the entries of a mapping, or of pairs.
func (m *Machine) dictUpdate(d *image.Dict, v Value) error {
	if from, ok := m.mapping(v); ok {
		if err := m.Heap.Read(&from.Entity); err != nil {
			return err
		}
		if err := m.Work(int64(from.Len())); err != nil {
			return err
		}
		if from == d {
			return nil
		}
		for key, val, at, ok := from.Next(0); ok; key, val, at, ok = from.Next(at + 1) {
			if err := m.dictSet(d, key, val); err != nil {
				return err
			}
		}
		return nil
	}
	it, err := m.iterator(v)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		pair, ok, err := it.Next(m)
		if err != nil || !ok {
			return err
		}
		if err := m.Work(1); err != nil {
			return err
		}
		items, err := m.itemsOf(pair)
		if isRaised(err, TypeError) {
			return raise(TypeError, "cannot convert dictionary update sequence element #%d to a sequence", n)
		}
		if err != nil {
			return err
		}
		if len(items) != 2 {
			return raise(ValueError, "dictionary update sequence element #%d has length %d; 2 is required", n, len(items))
		}
		if err := m.dictSet(d, items[0], items[1]); err != nil {
			return err
		}
	}
}

// mapping gives the dict in v, or in a value of a type that holds one.
func (m *Machine) mapping(v Value) (*image.Dict, bool) {
	switch v.Kind() {
	case image.KindDict:
		return v.Dict(), true
	case KindExtra:
		if l, ok := extraOf(v).Data.(*dictLike); ok {
			return l.d, true
		}
	}
	return nil, false
}

// dictMerge is a | b.
func (m *Machine) dictMerge(a, b *image.Dict) (Value, error) {
	v, err := m.NewDict()
	if err != nil {
		return Value{}, err
	}
	for _, from := range []*image.Dict{a, b} {
		if err := m.dictUpdate(v.Dict(), from.Value()); err != nil {
			return Value{}, err
		}
	}
	return v, nil
}

func dictClear(m *Machine, a *Args) (Value, error) {
	d := a.Self.Dict()
	if err := m.Heap.Change(&d.Entity); err != nil {
		return Value{}, err
	}
	d.Clear()
	return image.None(), nil
}

func dictCopy(m *Machine, a *Args) (Value, error) {
	v, err := m.NewDict()
	if err != nil {
		return Value{}, err
	}
	return v, m.dictUpdate(v.Dict(), a.Self)
}

func dictFromKeys(m *Machine, a *Args) (Value, error) {
	v, err := m.NewDict()
	if err != nil {
		return Value{}, err
	}
	it, err := m.iterator(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	for {
		key, ok, err := it.Next(m)
		if err != nil || !ok {
			return v, err
		}
		if err := m.Work(1); err != nil {
			return Value{}, err
		}
		if err := m.dictSet(v.Dict(), key, a.otherwise(1)); err != nil {
			return Value{}, err
		}
	}
}

func newDict(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) > 1 {
		return Value{}, raise(TypeError, "dict expected at most 1 argument, got %d", len(a.Pos))
	}
	v, err := m.NewDict()
	if err != nil {
		return Value{}, err
	}
	if len(a.Pos) == 1 {
		if err := m.dictUpdate(v.Dict(), a.Pos[0]); err != nil {
			return Value{}, err
		}
	}
	return v, m.dictSetNamed(v.Dict(), a)
}

func viewIsDisjoint(m *Machine, a *Args) (Value, error) {
	if viewOf(a.Self).What == 'v' {
		return Value{}, raiseText(AttributeError, "'dict_values' object has no attribute 'isdisjoint'")
	}
	common, err := m.setBinary(syntax.BitAnd, a.Self, a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	return image.Bool(common.Set().Len() == 0), nil
}
