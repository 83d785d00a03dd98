package lang

import "batos/image"

// deque is the content of collections.deque: values in items[head:].
type deque struct {
	items  []Value
	head   int
	limit  int // maxlen; -1 for none
	change int // counts changes of the length
}

var dequeType = &ExtraType{Type: &Type{Header: image.NewHeader(KindType), Name: "deque"}, dotted: true, Methods: map[image.Symbol]*NativeFunction{}}

func dequeOf(v Value) *deque     { return extraOf(v).Data.(*deque) }
func (q *deque) values() []Value { return q.items[q.head:] }
func (q *deque) size() int       { return len(q.items) - q.head }

func (m *Machine) dequeAppend(q *deque, v Value) error {
	if q.limit == 0 {
		return nil
	}
	if err := m.Charge(valueSize); err != nil {
		return err
	}
	if q.limit > 0 && q.size() == q.limit {
		q.popLeft()
	}
	q.items = append(q.items, v)
	q.change++
	return nil
}

func (m *Machine) dequeAppendLeft(q *deque, v Value) error {
	if q.limit == 0 {
		return nil
	}
	if err := m.Charge(valueSize); err != nil {
		return err
	}
	if q.limit > 0 && q.size() == q.limit {
		q.pop()
	}
	if q.head == 0 {
		room := max(8, len(q.items))
		if err := m.Work(int64(room) >> 3); err != nil {
			return err
		}
		items := make([]Value, room+len(q.items))
		copy(items[room:], q.items)
		q.items, q.head = items, room
	}
	q.head--
	q.items[q.head] = v
	q.change++
	return nil
}

func (q *deque) pop() Value {
	v := q.items[len(q.items)-1]
	q.items[len(q.items)-1] = Value{}
	q.items = q.items[:len(q.items)-1]
	q.change++
	return v
}

func (q *deque) popLeft() Value {
	v := q.items[q.head]
	q.items[q.head] = Value{}
	q.head++
	q.change++
	if q.head > 32 && q.head > len(q.items)*3/4 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	return v
}

type dequeIter struct {
	q          *deque
	at, change int
}

func (it *dequeIter) Next(*Machine) (Value, bool, error) {
	if it.q.change != it.change {
		return Value{}, false, raiseText(RuntimeError, "deque mutated during iteration")
	}
	if it.at >= it.q.size() {
		return Value{}, false, nil
	}
	it.at++
	return it.q.values()[it.at-1], true, nil
}

func newDeque(m *Machine, a *Args) (Value, error) {
	q := &deque{limit: -1}
	if v := a.at(1); !v.Absent() && !v.IsNone() {
		n, err := indexOf(v)
		if err != nil {
			return Value{}, raiseText(TypeError, "an integer is required")
		}
		if n < 0 {
			return Value{}, raiseText(ValueError, "maxlen must be non-negative")
		}
		q.limit = int(n)
	}
	if err := m.Charge(iteratorSize * 2); err != nil {
		return Value{}, err
	}
	if !a.at(0).Absent() {
		if err := m.dequeExtend(q, a.Pos[0], m.dequeAppend); err != nil {
			return Value{}, err
		}
	}
	return newExtra(dequeType, q).Value(), nil
}

func (m *Machine) dequeExtend(q *deque, v Value, add func(*deque, Value) error) error {
	items, err := m.collect(v)
	if err != nil {
		return err
	}
	for _, x := range items {
		if err := add(q, x); err != nil {
			return err
		}
	}
	return nil
}

func (m *Machine) dequeIndex(q *deque, k Value) (int, error) {
	if !isInteger(k) {
		return 0, raise(TypeError, "sequence index must be integer, not '%s'", typeName(k))
	}
	i, _ := boundOf(k, 0)
	if i < 0 {
		i += int64(q.size())
	}
	if i < 0 || i >= int64(q.size()) {
		return 0, raiseText(IndexError, "deque index out of range")
	}
	return int(i), nil
}

func init() {
	t := dequeType
	typeModules[t.Type] = "collections"
	t.Type.New = keywords("iterable maxlen", 0, newDeque).walks(0).native("", "deque")
	of := func(x *Extra) *deque { return x.Data.(*deque) }
	t.Len = func(_ *Machine, x *Extra) (int, error) { return of(x).size(), nil }
	t.Iter = func(_ *Machine, x *Extra) (Iter, error) { return &dequeIter{q: of(x), change: of(x).change}, nil }
	t.Contains = func(m *Machine, x *Extra, v Value) (bool, error) {
		i, err := m.find(of(x).values(), v)
		return i >= 0, err
	}
	t.GetItem = func(m *Machine, x *Extra, k Value) (Value, error) {
		i, err := m.dequeIndex(of(x), k)
		if err != nil {
			return Value{}, err
		}
		return of(x).values()[i], nil
	}
	t.SetItem = func(m *Machine, x *Extra, k, v Value) error {
		i, err := m.dequeIndex(of(x), k)
		if err == nil {
			of(x).values()[i] = v
		}
		return err
	}
	t.DelItem = func(m *Machine, x *Extra, k Value) error {
		i, err := m.dequeIndex(of(x), k)
		if err == nil {
			q := of(x)
			copy(q.items[q.head+i:], q.items[q.head+i+1:])
			q.pop()
			err = m.Work(int64(q.size()-i) >> 3)
		}
		return err
	}
	t.Equal = func(m *Machine, a, b *Extra) (bool, error) {
		if m == nil {
			return a == b, nil
		}
		return m.equalItems(of(a).values(), of(b).values(), 0)
	}
	t.Repr = func(p *printer, x *Extra) error {
		end := "])"
		if n := of(x).limit; n >= 0 {
			end = "], maxlen=" + intText(int64(n)) + ")"
		}
		return p.items("deque([", of(x).values(), end, x.Value(), "[...]")
	}
	t.Attribute = func(_ *Machine, x *Extra, name string) (Value, bool, error) {
		if name != "maxlen" {
			return Value{}, false, nil
		}
		if of(x).limit < 0 {
			return image.None(), true, nil
		}
		return image.Int(int64(of(x).limit)), true, nil
	}
	addMethods(t.Methods, "deque", methodTable{
		"append": one(func(m *Machine, a *Args) (Value, error) {
			return image.None(), m.dequeAppend(dequeOf(a.Self), a.Pos[0])
		}),
		"appendleft": one(func(m *Machine, a *Args) (Value, error) {
			return image.None(), m.dequeAppendLeft(dequeOf(a.Self), a.Pos[0])
		}),
		"extend": one(func(m *Machine, a *Args) (Value, error) {
			return image.None(), m.dequeExtend(dequeOf(a.Self), a.Pos[0], m.dequeAppend)
		}).walks(0),
		"extendleft": one(func(m *Machine, a *Args) (Value, error) {
			return image.None(), m.dequeExtend(dequeOf(a.Self), a.Pos[0], m.dequeAppendLeft)
		}).walks(0),
		"pop":     none(dequePop((*deque).pop)),
		"popleft": none(dequePop((*deque).popLeft)),
		"clear": none(func(m *Machine, a *Args) (Value, error) {
			q := dequeOf(a.Self)
			q.items, q.head, q.change = nil, 0, q.change+1
			return image.None(), nil
		}),
		"copy": none(func(m *Machine, a *Args) (Value, error) {
			q := dequeOf(a.Self)
			c := &deque{limit: q.limit}
			return newExtra(dequeType, c).Value(), m.dequeExtend(c, a.Self, m.dequeAppend)
		}),
		"count": one(func(m *Machine, a *Args) (Value, error) { return m.count(dequeOf(a.Self).values(), a.Pos[0]) }),
		"index": positional(1, 3, func(m *Machine, a *Args) (Value, error) {
			i, err := m.indexIn(dequeOf(a.Self).values(), a)
			if err == nil && i < 0 {
				text, err := m.Repr(a.Pos[0])
				if err != nil {
					return Value{}, err
				}
				return Value{}, raise(ValueError, "%s is not in deque", text)
			}
			return image.Int(int64(i)), err
		}),
		"remove": one(func(m *Machine, a *Args) (Value, error) {
			q := dequeOf(a.Self)
			i, err := m.find(q.values(), a.Pos[0])
			if err == nil && i < 0 {
				err = raiseText(ValueError, "deque.remove(x): x not in deque")
			}
			if err != nil {
				return Value{}, err
			}
			return image.None(), dequeType.DelItem(m, extraOf(a.Self), image.Int(int64(i)))
		}),
		"insert": positional(2, 2, func(m *Machine, a *Args) (Value, error) {
			q := dequeOf(a.Self)
			i, err := indexOf(a.Pos[0])
			if err != nil {
				return Value{}, err
			}
			if q.limit >= 0 && q.size() >= q.limit {
				return Value{}, raiseText(IndexError, "deque already at its maximum size")
			}
			at := clip(i, q.size())
			if err := m.dequeAppend(q, Value{}); err != nil {
				return Value{}, err
			}
			copy(q.values()[at+1:], q.values()[at:])
			q.values()[at] = a.Pos[1]
			return image.None(), m.Work(int64(q.size()-at) >> 3)
		}),
		"reverse": none(func(m *Machine, a *Args) (Value, error) {
			v := dequeOf(a.Self).values()
			for i, j := 0, len(v)-1; i < j; i, j = i+1, j-1 {
				v[i], v[j] = v[j], v[i]
			}
			return image.None(), m.Work(int64(len(v)) >> 3)
		}),
		"rotate": positional(0, 1, func(m *Machine, a *Args) (Value, error) {
			n, err := a.indexAt(0, 1)
			if err != nil {
				return Value{}, err
			}
			q := dequeOf(a.Self)
			size := int64(q.size())
			if size < 2 {
				return image.None(), nil
			}
			if n = n % size; n < 0 {
				n += size
			}
			if err := m.Charge(valueSize * size); err != nil {
				return Value{}, err
			}
			v := q.values()
			turned := append(append(make([]Value, 0, size), v[size-n:]...), v[:size-n]...)
			q.items, q.head, q.change = turned, 0, q.change+1
			return image.None(), m.Work(size >> 3)
		}),
	})
}

func dequePop(pop func(*deque) Value) Native {
	return func(m *Machine, a *Args) (Value, error) {
		q := dequeOf(a.Self)
		if q.size() == 0 {
			return Value{}, raiseText(IndexError, "pop from an empty deque")
		}
		return pop(q), nil
	}
}
