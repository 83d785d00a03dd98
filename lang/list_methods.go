package lang

import "batos/image"

var listMethods = map[image.Symbol]*NativeFunction{}
var tupleMethods = map[image.Symbol]*NativeFunction{}

func init() {
	addMethods(listMethods, "list", methodTable{
		"append":  one(func(m *Machine, a *Args) (Value, error) { return image.None(), m.listAppend(a.Self.List(), a.Pos[0]) }),
		"extend":  one(func(m *Machine, a *Args) (Value, error) { return image.None(), m.listExtend(a.Self.List(), a.Pos[0]) }).walks(0),
		"insert":  positional(2, 2, listInsert),
		"pop":     positional(0, 1, listPop),
		"remove":  one(listRemove),
		"clear":   none(listClear),
		"index":   positional(1, 3, listIndex),
		"count":   one(listCount),
		"reverse": none(listReverse),
		"copy":    none(listCopy),
		"sort":    keywords("*key *reverse", 0, listSort),
	})
	addMethods(tupleMethods, "tuple", methodTable{
		"index": positional(1, 3, tupleIndex),
		"count": one(func(m *Machine, a *Args) (Value, error) { return m.count(a.Self.Tuple(), a.Pos[0]) }),
	})
}

// readable and changeable give the receiver of a list's method.
func readable(m *Machine, a *Args) (*image.List, error) {
	l := a.Self.List()
	return l, m.Heap.Read(&l.Entity)
}

func changeable(m *Machine, a *Args) (*image.List, error) {
	l := a.Self.List()
	return l, m.Heap.Change(&l.Entity)
}

// listExtend is l.extend(v) and l += v.
func (m *Machine) listExtend(l *image.List, v Value) error {
	if err := m.Heap.Change(&l.Entity); err != nil {
		return err
	}
	switch v.Kind() {
	case image.KindList, image.KindTuple:
		items, err := m.itemsOf(v)
		if err != nil {
			return err
		}
		if err := m.Charge(valueSize * int64(len(items))); err != nil {
			return err
		}
		l.Items = append(l.Items, items...)
		return m.Work(int64(len(items)) >> 2)
	}
	it, err := m.iterator(v)
	if err != nil {
		return err
	}
	for {
		x, ok, err := it.Next(m)
		if err != nil || !ok {
			return err
		}
		if err := m.Work(1); err != nil {
			return err
		}
		if err := m.Charge(valueSize); err != nil {
			return err
		}
		l.Items = append(l.Items, x)
	}
}

func listInsert(m *Machine, a *Args) (Value, error) {
	i, err := indexOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	l, err := changeable(m, a)
	if err != nil {
		return Value{}, err
	}
	at := clip(i, len(l.Items))
	if err := m.Charge(valueSize); err != nil {
		return Value{}, err
	}
	if err := m.Work(int64(len(l.Items)-at) >> 3); err != nil {
		return Value{}, err
	}
	l.Items = append(l.Items, Value{})
	copy(l.Items[at+1:], l.Items[at:])
	l.Items[at] = a.Pos[1]
	return image.None(), nil
}

func listPop(m *Machine, a *Args) (Value, error) {
	i, err := a.indexAt(0, -1)
	if err != nil {
		return Value{}, err
	}
	l, err := changeable(m, a)
	if err != nil {
		return Value{}, err
	}
	n := int64(len(l.Items))
	if n == 0 {
		return Value{}, raiseText(IndexError, "pop from empty list")
	}
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return Value{}, raiseText(IndexError, "pop index out of range")
	}
	v := l.Items[i]
	return v, m.listRemoveAt(l, int(i))
}

func listRemove(m *Machine, a *Args) (Value, error) {
	l, err := changeable(m, a)
	if err != nil {
		return Value{}, err
	}
	i, err := m.find(l.Items, a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if i < 0 {
		return Value{}, raiseText(ValueError, "list.remove(x): x not in list")
	}
	return image.None(), m.listRemoveAt(l, i)
}

func listClear(m *Machine, a *Args) (Value, error) {
	l, err := changeable(m, a)
	if err == nil {
		l.Items = nil
	}
	return image.None(), err
}

func listIndex(m *Machine, a *Args) (Value, error) {
	l, err := readable(m, a)
	if err != nil {
		return Value{}, err
	}
	i, err := m.indexIn(l.Items, a)
	if err != nil {
		return Value{}, err
	}
	if i < 0 {
		text, err := m.Repr(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		return Value{}, raise(ValueError, "%s is not in list", text)
	}
	return image.Int(int64(i)), nil
}

func tupleIndex(m *Machine, a *Args) (Value, error) {
	i, err := m.indexIn(a.Self.Tuple(), a)
	if err == nil && i < 0 {
		err = raiseText(ValueError, "tuple.index(x): x not in tuple")
	}
	return image.Int(int64(i)), err
}

func (m *Machine) indexIn(items []Value, a *Args) (int, error) {
	for i := 1; i < len(a.Pos); i++ {
		if !isInteger(a.Pos[i]) {
			return 0, raiseText(TypeError, "slice indices must be integers or have an __index__ method")
		}
	}
	from, to, err := a.bounds(1, len(items))
	if err != nil || from >= to {
		return -1, err
	}
	i, err := m.find(items[from:to], a.Pos[0])
	if i >= 0 {
		i += from
	}
	return i, err
}

func listCount(m *Machine, a *Args) (Value, error) {
	l, err := readable(m, a)
	if err != nil {
		return Value{}, err
	}
	return m.count(l.Items, a.Pos[0])
}

func (m *Machine) count(items []Value, v Value) (Value, error) {
	n := 0
	for _, x := range items {
		if err := m.Work(1); err != nil {
			return Value{}, err
		}
		same, err := m.same(x, v)
		if err != nil {
			return Value{}, err
		}
		if same {
			n++
		}
	}
	return image.Int(int64(n)), nil
}

func listReverse(m *Machine, a *Args) (Value, error) {
	l, err := changeable(m, a)
	if err != nil {
		return Value{}, err
	}
	for i, j := 0, len(l.Items)-1; i < j; i, j = i+1, j-1 {
		l.Items[i], l.Items[j] = l.Items[j], l.Items[i]
	}
	return image.None(), m.Work(int64(len(l.Items)) >> 3)
}

func listCopy(m *Machine, a *Args) (Value, error) {
	items, err := m.collect(a.Self)
	if err != nil {
		return Value{}, err
	}
	return m.listOf(items)
}

func listSort(m *Machine, a *Args) (Value, error) {
	if v := a.at(0); !v.Absent() && !v.IsNone() {
		return Value{}, raise(TypeError, "'%s' object is not callable", typeName(v))
	}
	reverse, err := a.indexAt(1, 0)
	if err != nil {
		return Value{}, err
	}
	l, err := changeable(m, a)
	if err != nil {
		return Value{}, err
	}
	return image.None(), m.sortItems(l.Items, l.Items, reverse != 0)
}
