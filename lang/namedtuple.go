package lang

import (
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// tupleLike is the content of a named tuple's value.
type tupleLike struct{ items []Value }

func namedTuple(m *Machine, a *Args) (Value, error) {
	name, err := textArg("namedtuple", 1, a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	var fields []string
	if a.Pos[1].Kind() == image.KindStr {
		fields = strings.Fields(strings.ReplaceAll(a.Pos[1].Str(), ",", " "))
	} else {
		items, err := m.itemsOf(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		for _, v := range items {
			s, err := m.Str(v)
			if err != nil {
				return Value{}, err
			}
			fields = append(fields, s)
		}
	}
	seen := map[string]bool{}
	for _, f := range append([]string{name}, fields...) {
		if !isIdentifier(f) {
			return Value{}, raise(ValueError, "Type names and field names must be valid identifiers: '%s'", f)
		}
	}
	for _, f := range fields {
		if f[0] == '_' {
			return Value{}, raise(ValueError, "Field names cannot start with an underscore: '%s'", f)
		}
		if seen[f] {
			return Value{}, raise(ValueError, "Encountered duplicate field name: '%s'", f)
		}
		seen[f] = true
	}
	var defaults []Value
	if v := a.at(3); !v.Absent() && !v.IsNone() {
		if defaults, err = m.collect(v); err != nil {
			return Value{}, err
		}
		if len(defaults) > len(fields) {
			return Value{}, raiseText(TypeError, "Got more default values than field names")
		}
	}
	if err := m.Charge(int64(512 + 64*len(fields))); err != nil {
		return Value{}, err
	}
	return newTupleType(name, fields, defaults).Type.Value(), nil
}

func newTupleType(name string, fields []string, defaults []Value) *ExtraType {
	t := &ExtraType{Type: &Type{Header: image.NewHeader(KindType), Name: name, Base: TupleType}, Methods: map[image.Symbol]*NativeFunction{}}
	items := func(x *Extra) []Value { return x.Data.(*tupleLike).items }
	names := make([]Value, len(fields))
	for i, f := range fields {
		names[i] = image.NewStr(f)
	}
	make_ := func(m *Machine, values []Value) (Value, error) {
		if err := m.Charge(iteratorSize + valueSize*int64(len(values))); err != nil {
			return Value{}, err
		}
		return newExtra(t, &tupleLike{values}).Value(), nil
	}
	t.Type.New = free(func(m *Machine, a *Args) (Value, error) {
		if len(a.Pos) > len(fields) {
			return Value{}, raise(TypeError, "%s.__new__() takes %d positional arguments but %d were given", name, len(fields)+1, len(a.Pos)+1)
		}
		values := make([]Value, len(fields))
		copy(values, a.Pos)
	next:
		for i, n := range a.Names {
			for j, f := range fields {
				if f == n {
					if !values[j].Absent() {
						return Value{}, raise(TypeError, "%s.__new__() got multiple values for argument '%s'", name, n)
					}
					values[j] = a.Kw[i]
					continue next
				}
			}
			return Value{}, raise(TypeError, "%s.__new__() got an unexpected keyword argument '%s'", name, n)
		}
		var missing []string
		for j := range values {
			if values[j].Absent() {
				if d := j - (len(fields) - len(defaults)); d >= 0 {
					values[j] = defaults[d]
				} else {
					missing = append(missing, "'"+fields[j]+"'")
				}
			}
		}
		if n := len(missing); n > 0 {
			list := strings.Join(missing, ", ")
			if n == 2 {
				list = strings.Join(missing, " and ")
			} else if n > 2 {
				list = strings.Join(missing[:n-1], ", ") + ", and " + missing[n-1]
			}
			return Value{}, raise(TypeError, "%s.__new__() missing %d required positional argument%s: %s", name, n, plural(n), list)
		}
		return make_(m, values)
	}).native("", name)
	t.Attribute = func(_ *Machine, x *Extra, n string) (Value, bool, error) {
		for i, f := range fields {
			if f == n {
				return items(x)[i], true, nil
			}
		}
		if n == "_fields" {
			return image.NewTuple(names), true, nil
		}
		return Value{}, false, nil
	}
	typeMembers := map[string]Value{"_fields": image.NewTuple(names)}
	typeMembers["_make"] = one(func(m *Machine, a *Args) (Value, error) {
		values, err := m.collect(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		if len(values) != len(fields) {
			return Value{}, raise(TypeError, "Expected %d arguments, got %d", len(fields), len(values))
		}
		return make_(m, values)
	}).walks(0).native("", "_make").Value()
	t.Type.members = typeMembers
	t.Repr = func(p *printer, x *Extra) error {
		if ok, err := p.enter(x.Value(), "(...)"); !ok {
			return err
		}
		defer p.leave()
		p.text(qualifiedName(t.Type) + "(")
		for i, f := range fields {
			if i > 0 {
				p.text(", ")
			}
			p.text(f + "=")
			if err := p.repr(items(x)[i]); err != nil {
				return err
			}
		}
		p.text(")")
		return nil
	}
	t.Len = func(_ *Machine, x *Extra) (int, error) { return len(fields), nil }
	t.Iter = func(_ *Machine, x *Extra) (Iter, error) { return &itemsIter{items: items(x)}, nil }
	t.GetItem = func(m *Machine, x *Extra, k Value) (Value, error) { return m.GetItem(image.NewTuple(items(x)), k) }
	t.Equal = func(m *Machine, a, b *Extra) (bool, error) {
		if m == nil {
			return image.Equal(image.NewTuple(items(a)), image.NewTuple(items(b)))
		}
		return m.equalItems(items(a), items(b), 0)
	}
	t.Hash = func(x *Extra) (uint64, error) { return image.Hash(image.NewTuple(items(x))) }
	plain := func(v Value) (Value, bool) {
		if v.Kind() == KindExtra {
			if l, ok := extraOf(v).Data.(*tupleLike); ok {
				return image.NewTuple(l.items), true
			}
		}
		return v, v.Kind() == image.KindTuple
	}
	t.Binary = func(m *Machine, op string, a, b Value) (Value, bool, error) {
		x, ok := plain(a)
		y, ok2 := plain(b)
		switch {
		case ok && ok2 && op == "==":
			same, err := m.equal(x, y, 0)
			return image.Bool(same), true, err
		case ok && ok2 && op == "+":
			v, err := m.Binary(syntax.Add, x, y)
			return v, true, err
		case op == "*" && (ok || ok2):
			v, err := m.Binary(syntax.Mul, x, y)
			return v, true, err
		}
		for _, c := range []syntax.CompareOp{syntax.Less, syntax.LessEq, syntax.Greater, syntax.GreaterEq} {
			if ok && ok2 && op == c.String() {
				r, err := m.order(c, x, y, 0)
				return image.Bool(r), true, err
			}
		}
		return Value{}, false, nil
	}
	for n, f := range tupleMethods {
		g := *f
		g.Fn = func(m *Machine, a *Args) (Value, error) {
			b := *a
			b.Self = image.NewTuple(items(extraOf(a.Self)))
			return f.Fn(m, &b)
		}
		t.Methods[n] = &g
	}
	addMethods(t.Methods, name, methodTable{
		"_asdict": none(func(m *Machine, a *Args) (Value, error) {
			d, err := m.NewDict()
			if err != nil {
				return Value{}, err
			}
			for i, n := range names {
				if err := m.dictSet(d.Dict(), n, items(extraOf(a.Self))[i]); err != nil {
					return Value{}, err
				}
			}
			return d, nil
		}),
		"_replace": free(func(m *Machine, a *Args) (Value, error) {
			values := append([]Value(nil), items(extraOf(a.Self))...)
		next:
			for i, n := range a.Names {
				for j, f := range fields {
					if f == n {
						values[j] = a.Kw[i]
						continue next
					}
				}
				return Value{}, raise(ValueError, "Got unexpected field names: ['%s']", n)
			}
			return make_(m, values)
		}),
	})
	return t
}
