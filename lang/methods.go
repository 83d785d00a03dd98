package lang

import "batos/image"

// methodTables has the methods of the builtin types by kind.
var methodTables = [256]map[image.Symbol]*NativeFunction{
	image.KindInt: intMethods, image.KindBig: intMethods, image.KindBool: intMethods,
	image.KindFloat: floatMethods, image.KindStr: strMethods, image.KindBytes: bytesMethods,
	image.KindList: listMethods, image.KindTuple: tupleMethods, image.KindDict: dictMethods,
	image.KindSet: setMethods, image.KindFrozenSet: frozenSetMethods,
	KindException: exceptionMethods, KindRange: rangeMethods, KindSlice: sliceMethods, KindView: viewMethods,
}

// methodOf finds a method of a value that is no image object; a.Self gets the
// value when it is called.
func methodOf(v Value, name image.Symbol) (*NativeFunction, bool) {
	if v.Kind() == KindExtra {
		f, ok := extraOf(v).Type.Methods[name]
		return f, ok
	}
	f, ok := methodTables[v.Kind()][name]
	return f, ok
}

// attributeOf reads an attribute of a value that is no image object, methods
// bound to it included.
func attributeOf(v Value, n string) (Value, bool, error) {
	switch n {
	case "__class__":
		return typeOf(v).Value(), true, nil
	case "__doc__":
		return image.None(), true, nil
	}
	switch v.Kind() {
	case KindException:
		if x, ok, err := exceptionAttribute(exceptionOf(v), n); ok || err != nil {
			return x, ok, err
		}
	case KindType:
		return typeAttribute(typeValueOf(v), n)
	case KindModule:
		x, ok := moduleOf(v).Members[n]
		if !ok && n == "__name__" {
			return image.NewStr(moduleOf(v).Name), true, nil
		}
		return x, ok, nil
	case KindNative:
		if n == "__name__" || n == "__qualname__" {
			return image.NewStr(nativeOf(v).Name), true, nil
		}
	case KindExtra:
		x := extraOf(v)
		if f := x.Type.Attribute; f != nil {
			if y, ok, err := f(nil, x, n); ok || err != nil {
				return y, ok, err
			}
		}
	case image.KindInt, image.KindBig, image.KindBool, image.KindFloat:
		switch n {
		case "real":
			if v.IsBool() {
				return image.Int(v.AsInt()), true, nil
			}
			return v, true, nil
		case "imag":
			if v.IsFloat() {
				return image.Float(0), true, nil
			}
			return image.Int(0), true, nil
		case "numerator":
			if !v.IsFloat() {
				return v, true, nil
			}
		case "denominator":
			if !v.IsFloat() {
				return image.Int(1), true, nil
			}
		}
	case KindRange:
		r := rangeOf(v)
		switch n {
		case "start":
			return image.Int(r.Start), true, nil
		case "stop":
			return image.Int(r.Stop), true, nil
		case "step":
			return image.Int(r.Step), true, nil
		}
	case KindSlice:
		s := sliceOf(v)
		switch n {
		case "start":
			return s.Start, true, nil
		case "stop":
			return s.Stop, true, nil
		case "step":
			return s.Step, true, nil
		}
	}
	name, _ := image.Interned(n) // every method's name is interned
	f, ok := methodOf(v, name)
	if !ok {
		return Value{}, false, nil
	}
	bound := *f
	bound.Self = v
	return bound.Value(), true, nil
}

// typeKind finds the method table of a type: list.append, str.upper.
func typeKind(t *Type) map[image.Symbol]*NativeFunction {
	if t.Exception {
		return exceptionMethods
	}
	if len(t.Kinds) == 0 {
		return nil
	}
	return methodTables[t.Kinds[0]]
}

// alternates are methods that need no receiver: dict.fromkeys, int.from_bytes.
var alternates = map[string]bool{"fromkeys": true, "from_bytes": true, "fromhex": true, "maketrans": true}

func typeAttribute(t *Type, n string) (Value, bool, error) {
	switch n {
	case "__name__", "__qualname__":
		return image.NewStr(t.Name), true, nil
	case "__module__":
		if mod := typeModules[t]; mod != "" {
			return image.NewStr(mod), true, nil
		}
		return image.NewStr("builtins"), true, nil
	case "__bases__", "__base__", "__mro__":
		base := t.Base
		if base == nil {
			base = ObjectType
		}
		if t == BoolType {
			base = IntType
		}
		if n == "__base__" {
			return base.Value(), true, nil
		}
		if n == "__bases__" {
			return image.NewTuple([]Value{base.Value()}), true, nil
		}
		items := []Value{t.Value()}
		for x := t.Base; x != nil; x = x.Base {
			items = append(items, x.Value())
		}
		return image.NewTuple(append(items, ObjectType.Value())), true, nil
	}
	if v, ok := t.members[n]; ok {
		return v, true, nil
	}
	name, _ := image.Interned(n)
	f, ok := typeKind(t)[name]
	if !ok {
		return Value{}, false, nil
	}
	if alternates[n] {
		return f.Value(), true, nil
	}
	return unbound(t, f).Value(), true, nil
}

// unbound is a method as a function that takes its receiver first: str.upper.
func unbound(t *Type, f *NativeFunction) *NativeFunction {
	u := *f
	u.Collect = f.Collect << 1
	u.Fn = func(m *Machine, a *Args) (Value, error) {
		if len(a.Pos) == 0 {
			return Value{}, raise(TypeError, "unbound method %s.%s() needs an argument", t.Name, f.Name)
		}
		if !t.IsInstance(a.Pos[0]) {
			return Value{}, raise(TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", f.Name, t.Name, typeName(a.Pos[0]))
		}
		b := *a
		b.Self, b.Pos = a.Pos[0], a.Pos[1:]
		return f.Fn(m, &b)
	}
	u.Params = nil
	return &u
}

var rangeMethods = map[image.Symbol]*NativeFunction{}
var sliceMethods = map[image.Symbol]*NativeFunction{}

func init() {
	addMethods(rangeMethods, "range", methodTable{
		"index": one(func(m *Machine, a *Args) (Value, error) {
			r := rangeOf(a.Self)
			if !r.contains(a.Pos[0]) {
				text, err := m.Repr(a.Pos[0])
				if err != nil {
					return Value{}, err
				}
				return Value{}, raise(ValueError, "%s is not in range", text)
			}
			x := a.Pos[0].AsInt()
			if a.Pos[0].IsFloat() {
				x = int64(a.Pos[0].AsFloat())
			}
			return image.Int((x - r.Start) / r.Step), nil
		}),
		"count": one(func(m *Machine, a *Args) (Value, error) {
			if rangeOf(a.Self).contains(a.Pos[0]) {
				return image.Int(1), nil
			}
			return image.Int(0), nil
		}),
	})
	addMethods(sliceMethods, "slice", methodTable{
		"indices": one(func(m *Machine, a *Args) (Value, error) {
			n, err := indexOf(a.Pos[0])
			if err != nil {
				return Value{}, err
			}
			if n < 0 {
				return Value{}, raiseText(ValueError, "length should not be negative")
			}
			start, stop, step, _, err := sliceOf(a.Self).resolve(n)
			if err != nil {
				return Value{}, err
			}
			return m.NewTuple([]Value{image.Int(start), image.Int(stop), image.Int(step)})
		}),
	})
}
