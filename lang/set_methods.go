package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

var (
	setMethods       = map[image.Symbol]*NativeFunction{}
	frozenSetMethods = map[image.Symbol]*NativeFunction{}
)

func init() {
	both := methodTable{
		"union":                free(setFold(syntax.BitOr)).walksAll(),
		"intersection":         free(setFold(syntax.BitAnd)).walksAll(),
		"difference":           free(setFold(syntax.Sub)).walksAll(),
		"symmetric_difference": one(setFold(syntax.BitXor)).walks(0),
		"isdisjoint":           one(setIsDisjoint).walks(0),
		"issubset":             one(setIsSubset).walks(0),
		"issuperset":           one(setIsSuperset).walks(0),
		"copy":                 none(setCopy),
	}
	addMethods(frozenSetMethods, "frozenset", both)
	addMethods(setMethods, "set", both)
	addMethods(setMethods, "set", methodTable{
		"add":                         one(setAddMethod),
		"remove":                      one(setRemoveMethod),
		"discard":                     one(setDiscard),
		"pop":                         none(setPop),
		"clear":                       none(setClear),
		"update":                      free(setFoldInPlace((*Machine).setUpdate)).walksAll(),
		"intersection_update":         free(setFoldInPlace((*Machine).setKeep)).walksAll(),
		"difference_update":           free(setFoldInPlace((*Machine).setRemove)).walksAll(),
		"symmetric_difference_update": one(setFoldInPlace((*Machine).setToggle)).walks(0),
	})
}

// asSet gives the members of any native iterable as a set; a set itself is not
// copied and must not be changed.
func (m *Machine) asSet(v Value) (*image.Set, error) {
	if isSetKind(v.Kind()) {
		return v.Set(), m.readSet(v.Set())
	}
	s, err := m.NewSet()
	if err != nil {
		return nil, err
	}
	return s.Set(), m.setUpdate(s.Set(), v)
}

// likeSet makes an empty set of the kind of v: a frozenset's operations give
// frozensets.
func (m *Machine) likeSet(v Value) (*image.Set, error) {
	if v.Kind() == image.KindFrozenSet {
		return m.newFrozenSet()
	}
	s, err := m.NewSet()
	if err != nil {
		return nil, err
	}
	return s.Set(), nil
}

// put adds a member to a set that is being made, frozen or not.
func (m *Machine) put(s *image.Set, key Value) error {
	if s.Kind() == image.KindSet {
		return m.setAdd(s, key)
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

// members calls yield with each member.
func (m *Machine) members(s *image.Set, yield func(Value) error) error {
	if err := m.readSet(s); err != nil {
		return err
	}
	if err := m.Work(int64(s.Len())); err != nil {
		return err
	}
	for key, at, ok := s.Next(0); ok; key, at, ok = s.Next(at + 1) {
		if err := yield(key); err != nil {
			return err
		}
	}
	return nil
}

// setBinary is a op b for sets and dict views; the kind of the result is that
// of a, a set for a view.
func (m *Machine) setBinary(op syntax.BinaryOp, a, b Value) (Value, error) {
	x, err := m.asSet(a)
	if err != nil {
		return Value{}, err
	}
	y, err := m.asSet(b)
	if err != nil {
		return Value{}, err
	}
	result, err := m.likeSet(a)
	if err != nil {
		return Value{}, err
	}
	add := func(key Value) error { return m.put(result, key) }
	in := func(s *image.Set, want bool) func(Value) error {
		return func(key Value) error {
			if has, err := m.setHas(s, key); err != nil || has != want {
				return err
			}
			return add(key)
		}
	}
	switch op {
	case syntax.BitOr:
		if err = m.members(x, add); err == nil {
			err = m.members(y, add)
		}
	case syntax.BitAnd:
		err = m.members(x, in(y, true))
	case syntax.Sub:
		err = m.members(x, in(y, false))
	case syntax.BitXor:
		if err = m.members(x, in(y, false)); err == nil {
			err = m.members(y, in(x, false))
		}
	}
	return result.Value(), err
}

// setFold applies an operator with each argument in turn.
func setFold(op syntax.BinaryOp) Native {
	return func(m *Machine, a *Args) (Value, error) {
		if len(a.Names) > 0 {
			return Value{}, raise(TypeError, "%s.%s() takes no keyword arguments", typeName(a.Self), a.Name)
		}
		if len(a.Pos) == 0 {
			return setCopy(m, a)
		}
		result := a.Self
		for _, other := range a.Pos {
			var err error
			if result, err = m.setBinary(op, result, other); err != nil {
				return Value{}, err
			}
		}
		return result, nil
	}
}

func setFoldInPlace(fold func(*Machine, *image.Set, Value) error) Native {
	return func(m *Machine, a *Args) (Value, error) {
		if len(a.Names) > 0 {
			return Value{}, raise(TypeError, "set.%s() takes no keyword arguments", a.Name)
		}
		for _, other := range a.Pos {
			if err := fold(m, a.Self.Set(), other); err != nil {
				return Value{}, err
			}
		}
		return image.None(), nil
	}
}

// setUpdate adds the members of a native iterable.
func (m *Machine) setUpdate(s *image.Set, v Value) error {
	if isSetKind(v.Kind()) {
		if v.Set() == s {
			return nil
		}
		return m.members(v.Set(), func(key Value) error { return m.setAdd(s, key) })
	}
	it, err := m.iterator(v)
	if err != nil {
		return err
	}
	for {
		key, ok, err := it.Next(m)
		if err != nil || !ok {
			return err
		}
		if err := m.Work(1); err != nil {
			return err
		}
		if err := m.setAdd(s, key); err != nil {
			return err
		}
	}
}

// setKeep removes what is not in a native iterable.
func (m *Machine) setKeep(s *image.Set, v Value) error {
	other, err := m.asSet(v)
	if err != nil {
		return err
	}
	return m.setRemoveWhere(s, func(key Value) (bool, error) {
		has, err := m.setHas(other, key)
		return !has, err
	})
}

// setRemove removes the members of a native iterable.
func (m *Machine) setRemove(s *image.Set, v Value) error {
	other, err := m.asSet(v)
	if err != nil {
		return err
	}
	return m.setRemoveWhere(s, func(key Value) (bool, error) { return m.setHas(other, key) })
}

func (m *Machine) setRemoveWhere(s *image.Set, gone func(Value) (bool, error)) error {
	var remove []Value
	err := m.members(s, func(key Value) error {
		yes, err := gone(key)
		if yes {
			remove = append(remove, key)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := m.Charge(valueSize * int64(len(remove))); err != nil {
		return err
	}
	for _, key := range remove {
		if _, err := m.setDelete(s, key); err != nil {
			return err
		}
	}
	return nil
}

// setToggle removes what both have and adds what only the other has.
func (m *Machine) setToggle(s *image.Set, v Value) error {
	result, err := m.setBinary(syntax.BitXor, s.Value(), v)
	if err != nil {
		return err
	}
	if err := m.Heap.Change(&s.Entity); err != nil {
		return err
	}
	s.Clear()
	return m.setUpdate(s, result)
}

func setIsDisjoint(m *Machine, a *Args) (Value, error) {
	other, err := m.asSet(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	common, err := m.setBinary(syntax.BitAnd, a.Self, other.Value())
	if err != nil {
		return Value{}, err
	}
	return image.Bool(common.Set().Len() == 0), nil
}

func setIsSubset(m *Machine, a *Args) (Value, error) {
	other, err := m.asSet(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if err := m.readSet(a.Self.Set()); err != nil {
		return Value{}, err
	}
	yes, err := m.subset(a.Self.Set(), other)
	return image.Bool(yes), err
}

func setIsSuperset(m *Machine, a *Args) (Value, error) {
	other, err := m.asSet(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if err := m.readSet(a.Self.Set()); err != nil {
		return Value{}, err
	}
	yes, err := m.subset(other, a.Self.Set())
	return image.Bool(yes), err
}

func setCopy(m *Machine, a *Args) (Value, error) {
	if a.Self.Kind() == image.KindFrozenSet {
		return a.Self, nil
	}
	s, err := m.NewSet()
	if err != nil {
		return Value{}, err
	}
	return s, m.setUpdate(s.Set(), a.Self)
}

// frozenCopy makes a frozenset of a set's members.
func (m *Machine) frozenCopy(from *image.Set) (Value, error) {
	s, err := m.newFrozenSet()
	if err != nil {
		return Value{}, err
	}
	return s.Value(), m.members(from, func(key Value) error { return m.put(s, key) })
}

func setAddMethod(m *Machine, a *Args) (Value, error) {
	return image.None(), m.setAdd(a.Self.Set(), a.Pos[0])
}

func setRemoveMethod(m *Machine, a *Args) (Value, error) {
	had, err := m.setDelete(a.Self.Set(), a.Pos[0])
	if err == nil && !had {
		err = raiseValue(KeyError, a.Pos[0])
	}
	return image.None(), err
}

func setDiscard(m *Machine, a *Args) (Value, error) {
	_, err := m.setDelete(a.Self.Set(), a.Pos[0])
	return image.None(), err
}

func setPop(m *Machine, a *Args) (Value, error) {
	s := a.Self.Set()
	if err := m.Heap.Change(&s.Entity); err != nil {
		return Value{}, err
	}
	key, _, ok := s.Next(0)
	if !ok {
		return Value{}, raiseText(KeyError, "pop from an empty set")
	}
	_, err := m.setDelete(s, key)
	return key, err
}

func setClear(m *Machine, a *Args) (Value, error) {
	s := a.Self.Set()
	if err := m.Heap.Change(&s.Entity); err != nil {
		return Value{}, err
	}
	s.Clear()
	return image.None(), nil
}

func newSet(m *Machine, a *Args) (Value, error) {
	s, err := m.NewSet()
	if err != nil || len(a.Pos) == 0 {
		return s, err
	}
	return s, m.setUpdate(s.Set(), a.Pos[0])
}

func newFrozenSetValue(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) == 1 && a.Pos[0].Kind() == image.KindFrozenSet {
		return a.Pos[0], nil
	}
	s, err := m.newFrozenSet()
	if err != nil || len(a.Pos) == 0 {
		return s.Value(), err
	}
	it, err := m.iterator(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	for {
		key, ok, err := it.Next(m)
		if err != nil || !ok {
			return s.Value(), err
		}
		if err := m.Work(1); err != nil {
			return Value{}, err
		}
		if err := m.put(s, key); err != nil {
			return Value{}, err
		}
	}
}
