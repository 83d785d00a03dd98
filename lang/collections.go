package lang

import (
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// dictLike is the content of Counter, defaultdict and OrderedDict: a dict, and
// what makes a value for a missing key.
type dictLike struct {
	d       *image.Dict
	factory Value // of a defaultdict; absent for none
}

var (
	counterType     = dictLikeType("Counter")
	defaultDictType = dictLikeType("defaultdict")
	orderedDictType = dictLikeType("OrderedDict")
)

func dictLikeType(name string) *ExtraType {
	t := &Type{Header: image.NewHeader(KindType), Name: name, Base: DictType}
	typeModules[t] = "collections"
	return &ExtraType{Type: t, dotted: name != "Counter", Methods: map[image.Symbol]*NativeFunction{}}
}

func dictLikeOf(v Value) *dictLike { return extraOf(v).Data.(*dictLike) }

// onDict makes a method of dict one of a dictLike.
func onDict(f *NativeFunction) *NativeFunction {
	g := *f
	g.Fn = func(m *Machine, a *Args) (Value, error) {
		b := *a
		b.Self = dictLikeOf(a.Self).d.Value()
		return f.Fn(m, &b)
	}
	return &g
}

// linkCollections gives the types on dicts the methods of dict, once those are
// known.
func linkCollections() {
	for _, t := range []*ExtraType{counterType, defaultDictType, orderedDictType} {
		for name, f := range dictMethods {
			t.Methods[name] = onDict(f)
		}
		delete(t.Methods, image.Intern("fromkeys"))
		addMethods(t.Methods, t.Type.Name, methodTable{"copy": none(dictLikeCopy)})
		t.Len = func(m *Machine, x *Extra) (int, error) { return x.Data.(*dictLike).d.Len(), nil }
		t.Iter = func(m *Machine, x *Extra) (Iter, error) {
			it, _, err := m.dictIter(x.Data.(*dictLike).d, 'k')
			return it, err
		}
		t.Contains = func(m *Machine, x *Extra, v Value) (bool, error) {
			_, ok, err := m.dictGet(x.Data.(*dictLike).d, v)
			return ok, err
		}
		t.SetItem = func(m *Machine, x *Extra, k, v Value) error { return m.dictSet(x.Data.(*dictLike).d, k, v) }
		t.DelItem = func(m *Machine, x *Extra, k Value) error {
			_, ok, err := m.dictDelete(x.Data.(*dictLike).d, k)
			if err == nil && !ok && x.Type != counterType {
				err = raiseValue(KeyError, k)
			}
			return err
		}
		t.GetItem = dictLikeGet
		t.Repr = dictLikeRepr
		t.Binary = dictLikeBinary
		t.Attribute = func(m *Machine, x *Extra, name string) (Value, bool, error) {
			if name == "default_factory" && x.Type == defaultDictType {
				if f := x.Data.(*dictLike).factory; !f.Absent() {
					return f, true, nil
				}
				return image.None(), true, nil
			}
			return Value{}, false, nil
		}
		t.Equal = func(m *Machine, a, b *Extra) (bool, error) {
			x, y := a.Data.(*dictLike).d, b.Data.(*dictLike).d
			if m == nil {
				return x == y, nil
			}
			if same, err := m.equal(x.Value(), y.Value(), 0); err != nil || !same || a.Type != orderedDictType {
				return same, err
			}
			i, j := 0, 0
			for {
				k, _, at, ok := x.Next(i)
				l, _, to, _ := y.Next(j)
				if !ok {
					return true, nil
				}
				if same, err := m.equal(k, l, 0); err != nil || !same {
					return false, err
				}
				i, j = at+1, to+1
			}
		}
	}
	counterType.Type.New = free(newCounter).walks(0).native("", "Counter")
	defaultDictType.Type.New = free(newDefaultDict).walks(1).native("", "defaultdict")
	orderedDictType.Type.New = free(newOrderedDict).walks(0).native("", "OrderedDict")
	addMethods(counterType.Methods, "Counter", methodTable{
		"most_common": keywords("n", 0, counterMostCommon),
		"elements":    none(counterElements),
		"total":       none(counterTotal),
		"update":      free(counterAdd(syntax.Add)).walks(0),
		"subtract":    free(counterAdd(syntax.Sub)).walks(0),
	})
	addMethods(orderedDictType.Methods, "OrderedDict", methodTable{
		"move_to_end": keywords("key last", 1, orderedMove),
		"popitem":     keywords("last", 0, orderedPop),
	})
	modules["collections"] = module("collections", map[string]Value{
		"Counter": counterType.Type.Value(), "defaultdict": defaultDictType.Type.Value(),
		"OrderedDict": orderedDictType.Type.Value(), "deque": dequeType.Type.Value(),
	}, methodTable{"namedtuple": keywords("typename field_names *rename *defaults *module", 2, namedTuple).walks(1)})
}

func (m *Machine) newDictLike(t *ExtraType, factory Value) (*Extra, error) {
	d, err := m.NewDict()
	if err != nil {
		return nil, err
	}
	return newExtra(t, &dictLike{d.Dict(), factory}), m.Charge(iteratorSize)
}

func dictLikeCopy(m *Machine, a *Args) (Value, error) {
	x := extraOf(a.Self)
	c, err := m.newDictLike(x.Type, x.Data.(*dictLike).factory)
	if err != nil {
		return Value{}, err
	}
	return c.Value(), m.dictUpdate(c.Data.(*dictLike).d, a.Self)
}

// needsFactory says that a defaultdict has to call its factory, which only the
// machine can do.
type needsFactory struct{}

func (needsFactory) Error() string { return "a factory must be called" }

var errNeedsFactory error = needsFactory{}

func dictLikeGet(m *Machine, x *Extra, k Value) (Value, error) {
	l := x.Data.(*dictLike)
	v, ok, err := m.dictGet(l.d, k)
	if err != nil || ok {
		return v, err
	}
	switch {
	case x.Type == counterType:
		return image.Int(0), nil
	case l.factory.Absent() || l.factory.IsNone():
		return Value{}, raiseValue(KeyError, k)
	case l.factory.Kind() == KindType && len(typeValueOf(l.factory).Kinds) > 0 && typeValueOf(l.factory).New != nil:
		if v, err = typeValueOf(l.factory).New.Fn(m, &Args{Name: typeValueOf(l.factory).Name}); err != nil {
			return Value{}, err
		}
		return v, m.dictSet(l.d, k, v)
	}
	return Value{}, errNeedsFactory
}

func dictLikeRepr(p *printer, x *Extra) error {
	l := x.Data.(*dictLike)
	p.text(x.Type.Type.Name + "(")
	switch x.Type {
	case counterType:
		if l.d.Len() > 0 {
			if p.m == nil {
				p.text("...")
				break
			}
			items, err := p.m.mostCommon(l.d)
			if err != nil {
				return err
			}
			p.text("{")
			for i, pair := range items {
				if i > 0 {
					p.text(", ")
				}
				if err := p.repr(pair.Tuple()[0]); err != nil {
					return err
				}
				p.text(": ")
				if err := p.repr(pair.Tuple()[1]); err != nil {
					return err
				}
			}
			p.text("}")
		}
	case defaultDictType:
		f := l.factory
		if f.Absent() {
			f = image.None()
		}
		if err := p.repr(f); err != nil {
			return err
		}
		p.text(", ")
		if err := p.dict(l.d.Value()); err != nil {
			return err
		}
	default:
		if l.d.Len() > 0 {
			items := make([]Value, 0, l.d.Len())
			for k, v, at, ok := l.d.Next(0); ok; k, v, at, ok = l.d.Next(at + 1) {
				items = append(items, image.NewPair(k, v))
			}
			if err := p.items("[", items, "]", x.Value(), "[...]"); err != nil {
				return err
			}
		}
	}
	p.text(")")
	return nil
}

func dictLikeBinary(m *Machine, op string, a, b Value) (Value, bool, error) {
	x, ok := m.mapping(a)
	y, ok2 := m.mapping(b)
	if !ok || !ok2 {
		return Value{}, false, nil
	}
	counters := a.Kind() == KindExtra && extraOf(a).Type == counterType && b.Kind() == KindExtra && extraOf(b).Type == counterType
	switch {
	case op == "==":
		same, err := m.equal(x.Value(), y.Value(), 0)
		return image.Bool(same), true, err
	case counters && len(op) == 1 && strings.Contains("+-&|", op):
		v, err := m.combineCounters(op, x, y)
		return v, true, err
	case op == "|":
		t, factory := counterType, Value{}
		for _, v := range [2]Value{b, a} {
			if v.Kind() == KindExtra {
				t, factory = extraOf(v).Type, dictLikeOf(v).factory
			}
		}
		c, err := m.newDictLike(t, factory)
		if err != nil {
			return Value{}, false, err
		}
		for _, v := range [2]Value{a, b} {
			if err := m.dictUpdate(c.Data.(*dictLike).d, v); err != nil {
				return Value{}, false, err
			}
		}
		return c.Value(), true, nil
	}
	return Value{}, false, nil
}

// combineCounters keeps positive counts only.
func (m *Machine) combineCounters(op string, x, y *image.Dict) (Value, error) {
	c, err := m.newDictLike(counterType, Value{})
	if err != nil {
		return Value{}, err
	}
	d := c.Data.(*dictLike).d
	put := func(k, v Value) error {
		if positive, err := m.order(syntax.Greater, v, image.Int(0), 0); err != nil || !positive {
			return err
		}
		return m.dictSet(d, k, v)
	}
	count := func(from *image.Dict, k Value) (Value, error) {
		v, ok, err := m.dictGet(from, k)
		if !ok {
			v = image.Int(0)
		}
		return v, err
	}
	for k, v, at, ok := x.Next(0); ok; k, v, at, ok = x.Next(at + 1) {
		w, err := count(y, k)
		if err != nil {
			return Value{}, err
		}
		less, err := m.order(syntax.Less, v, w, 0)
		if err != nil {
			return Value{}, err
		}
		switch op {
		case "+":
			v, err = m.Binary(syntax.Add, v, w)
		case "-":
			v, err = m.Binary(syntax.Sub, v, w)
		case "&":
			if !less {
				v = w
			}
		default:
			if less {
				v = w
			}
		}
		if err != nil {
			return Value{}, err
		}
		if err := put(k, v); err != nil {
			return Value{}, err
		}
	}
	if op == "&" {
		return c.Value(), nil
	}
	for k, v, at, ok := y.Next(0); ok; k, v, at, ok = y.Next(at + 1) {
		if _, had, err := m.dictGet(x, k); err != nil || had {
			if err != nil {
				return Value{}, err
			}
			continue
		}
		if op == "-" {
			if v, err = m.Binary(syntax.Sub, image.Int(0), v); err != nil {
				return Value{}, err
			}
		}
		if err := put(k, v); err != nil {
			return Value{}, err
		}
	}
	return c.Value(), m.Work(int64(2 * (x.Len() + y.Len())))
}

func newCounter(m *Machine, a *Args) (Value, error) {
	c, err := m.newDictLike(counterType, Value{})
	if err != nil {
		return Value{}, err
	}
	b := *a
	b.Self, b.Name = c.Value(), "Counter"
	if _, err := counterAdd(syntax.Add)(m, &b); err != nil {
		return Value{}, err
	}
	return c.Value(), nil
}

// counterAdd is update and subtract.
func counterAdd(op syntax.BinaryOp) Native {
	return func(m *Machine, a *Args) (Value, error) {
		if len(a.Pos) > 1 {
			return Value{}, rangeError(a.Name, len(a.Pos), 0, 1)
		}
		d := dictLikeOf(a.Self).d
		add := func(k, n Value) error {
			v, ok, err := m.dictGet(d, k)
			if err != nil {
				return err
			}
			if !ok {
				v = image.Int(0)
			}
			if v, err = m.Binary(op, v, n); err != nil {
				return err
			}
			return m.dictSet(d, k, v)
		}
		if len(a.Pos) == 1 && !a.Pos[0].IsNone() {
			if from, ok := m.mapping(a.Pos[0]); ok {
				if err := m.Heap.Read(&from.Entity); err != nil {
					return Value{}, err
				}
				for k, v, at, ok := from.Next(0); ok; k, v, at, ok = from.Next(at + 1) {
					if err := m.Work(2); err != nil {
						return Value{}, err
					}
					if err := add(k, v); err != nil {
						return Value{}, err
					}
				}
			} else {
				it, err := m.iterator(a.Pos[0])
				if err != nil {
					return Value{}, err
				}
				for {
					k, ok, err := it.Next(m)
					if err != nil {
						return Value{}, err
					}
					if !ok {
						break
					}
					if err := m.Work(2); err != nil {
						return Value{}, err
					}
					if err := add(k, image.Int(1)); err != nil {
						return Value{}, err
					}
				}
			}
		}
		for i, name := range a.Names {
			k, err := m.NewStr(name)
			if err != nil {
				return Value{}, err
			}
			if err := add(k, a.Kw[i]); err != nil {
				return Value{}, err
			}
		}
		return image.None(), nil
	}
}

// mostCommon lists the entries, largest counts first, equal ones in order.
func (m *Machine) mostCommon(d *image.Dict) ([]Value, error) {
	if err := m.Charge(int64(d.Len()) * (4*valueSize + strSize)); err != nil {
		return nil, err
	}
	items, counts := make([]Value, 0, d.Len()), make([]Value, 0, d.Len())
	for k, v, at, ok := d.Next(0); ok; k, v, at, ok = d.Next(at + 1) {
		items, counts = append(items, image.NewPair(k, v)), append(counts, v)
	}
	return items, m.sortItems(items, counts, true)
}

func counterMostCommon(m *Machine, a *Args) (Value, error) {
	items, err := m.mostCommon(dictLikeOf(a.Self).d)
	if err != nil {
		return Value{}, err
	}
	if v := a.at(0); !v.Absent() && !v.IsNone() {
		n, err := indexOf(v)
		if err != nil {
			return Value{}, err
		}
		items = items[:min(max(n, 0), int64(len(items)))]
	}
	return m.listOf(items)
}

// elementsIter repeats each key by its count.
type elementsIter struct {
	d    *image.Dict
	at   int
	key  Value
	left int64
}

func (it *elementsIter) Next(m *Machine) (Value, bool, error) {
	for it.left <= 0 {
		k, v, at, ok := it.d.Next(it.at)
		if !ok {
			return Value{}, false, nil
		}
		n, err := indexOf(v)
		if err != nil {
			return Value{}, false, err
		}
		it.key, it.left, it.at = k, n, at+1
	}
	it.left--
	return it.key, true, nil
}

func counterElements(m *Machine, a *Args) (Value, error) {
	return m.named("chain", &elementsIter{d: dictLikeOf(a.Self).d})
}

func counterTotal(m *Machine, a *Args) (Value, error) {
	total := image.Int(0)
	d := dictLikeOf(a.Self).d
	for _, v, at, ok := d.Next(0); ok; _, v, at, ok = d.Next(at + 1) {
		var err error
		if total, err = m.Binary(syntax.Add, total, v); err != nil {
			return Value{}, err
		}
	}
	return total, m.Work(int64(d.Len()))
}

func newDefaultDict(m *Machine, a *Args) (Value, error) {
	factory := Value{}
	rest := *a
	if len(a.Pos) > 0 {
		factory, rest.Pos = a.Pos[0], a.Pos[1:]
		if !factory.IsNone() && !m.callable(factory) {
			return Value{}, raiseText(TypeError, "first argument must be callable or None")
		}
	}
	return m.fillDictLike(defaultDictType, factory, &rest)
}

func newOrderedDict(m *Machine, a *Args) (Value, error) {
	return m.fillDictLike(orderedDictType, Value{}, a)
}

func (m *Machine) fillDictLike(t *ExtraType, factory Value, a *Args) (Value, error) {
	c, err := m.newDictLike(t, factory)
	if err != nil {
		return Value{}, err
	}
	if len(a.Pos) > 1 {
		return Value{}, rangeError(t.Type.Name, len(a.Pos), 0, 1)
	}
	d := c.Data.(*dictLike).d
	if len(a.Pos) == 1 {
		if err := m.dictUpdate(d, a.Pos[0]); err != nil {
			return Value{}, err
		}
	}
	return c.Value(), m.dictSetNamed(d, a)
}

func orderedMove(m *Machine, a *Args) (Value, error) {
	last := true
	if v := a.at(1); !v.Absent() {
		var err error
		if last, err = m.Truth(v); err != nil {
			return Value{}, err
		}
	}
	l := dictLikeOf(a.Self)
	v, ok, err := m.dictDelete(l.d, a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if !ok {
		return Value{}, raiseValue(KeyError, a.Pos[0])
	}
	if last {
		return image.None(), l.d.Set(a.Pos[0], v)
	}
	d, err := m.NewDict()
	if err != nil {
		return Value{}, err
	}
	if err := m.dictSet(d.Dict(), a.Pos[0], v); err != nil {
		return Value{}, err
	}
	if err := m.dictUpdate(d.Dict(), l.d.Value()); err != nil {
		return Value{}, err
	}
	l.d = d.Dict()
	return image.None(), nil
}

func orderedPop(m *Machine, a *Args) (Value, error) {
	d := dictLikeOf(a.Self).d
	last := true
	if v := a.at(0); !v.Absent() {
		var err error
		if last, err = m.Truth(v); err != nil {
			return Value{}, err
		}
	}
	k, v, _, ok := d.Next(0)
	if last {
		k, v, _, ok = d.Previous(d.Positions() - 1)
	}
	if !ok {
		return Value{}, raiseText(KeyError, "dictionary is empty")
	}
	if _, _, err := m.dictDelete(d, k); err != nil {
		return Value{}, err
	}
	return m.NewTuple([]Value{k, v})
}
