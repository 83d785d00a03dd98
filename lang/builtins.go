package lang

import (
	"slices"

	"batos/image"
)

// builtins are the names that every method knows: functions, types and
// exception classes. The prelude adds what calls back into the language.
var builtins = map[string]Value{}

func init() {
	for name, s := range map[string]spec{
		"abs":        one(builtinAbs),
		"all":        one(builtinAll),
		"any":        one(builtinAny),
		"ascii":      one(builtinASCII),
		"bin":        one(inBase("0b", 2)),
		"chr":        one(builtinChr),
		"divmod":     positional(2, 2, builtinDivmod),
		"format":     positional(1, 2, builtinFormat),
		"hash":       one(builtinHash),
		"hex":        one(inBase("0x", 16)),
		"id":         one(builtinID),
		"isinstance": positional(2, 2, builtinIsInstance),
		"issubclass": positional(2, 2, builtinIsSubclass),
		"len":        one(builtinLen),
		"max":        free(extreme("max")),
		"min":        free(extreme("min")),
		"oct":        one(inBase("0o", 8)),
		"ord":        one(builtinOrd),
		"pow":        keywords("base exp mod", 2, builtinPow),
		"print":      free(builtinPrint),
		"repr":       one(builtinRepr),
		"round":      keywords("number ndigits", 1, builtinRound),
		"sorted":     free(builtinSorted),
		"sum":        keywords("/iterable start", 1, builtinSum),
	} {
		builtins[name] = s.native("", name).Value()
	}
	for t, s := range map[*Type]spec{
		BoolType:      positional(0, 1, newBool),
		BytesType:     keywords("source encoding errors", 0, newBytes).walks(0),
		DictType:      free(newDict).walks(0),
		enumerateType: keywords("iterable start", 0, newEnumerate),
		FloatType:     positional(0, 1, newFloat),
		FrozenSetType: positional(0, 1, newFrozenSetValue).walks(0),
		IntType:       keywords("/x base", 0, newInt),
		ListType:      positional(0, 1, newList).walks(0),
		ObjectType:    free(newPlainObject),
		RangeType:     positional(1, 3, newRangeValue),
		reversedType:  positional(1, 1, newReversed),
		SetType:       positional(0, 1, newSet).walks(0),
		SliceType:     positional(1, 3, newSlice),
		StrType:       keywords("object encoding errors", 0, newStr),
		TupleType:     positional(0, 1, newTuple).walks(0),
		TypeType:      free(newType),
		zipType:       free(newZip),
	} {
		t.New = s.native("", t.Name)
		builtins[t.Name] = t.Value()
	}
	for _, t := range []*Type{mapType, filterType} {
		builtins[t.Name] = t.Value()
	}
	for _, t := range exceptionClasses {
		builtins[t.Name] = t.Value()
	}
	builtins["EnvironmentError"], builtins["IOError"] = OSError.Value(), OSError.Value()
	builtins["NotImplemented"] = notImplemented
	builtins["Ellipsis"] = ellipsis
}

func builtinAbs(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	switch v.Kind() {
	case image.KindFloat:
		if f := v.AsFloat(); f < 0 || f == 0 {
			return image.Float(0 - f), nil
		}
		return v, nil
	case image.KindInt, image.KindBool:
		if n := v.AsInt(); n >= 0 {
			return image.Int(n), nil
		}
		return m.negateBig(v)
	case image.KindBig:
		if v.Big().Sign() >= 0 {
			return v, nil
		}
		return m.negateBig(v)
	case KindExtra:
		if f := extraOf(v).Type.Binary; f != nil {
			if r, ok, err := f(m, "abs", v, v); ok || err != nil {
				return r, err
			}
		}
	}
	return Value{}, raise(TypeError, "bad operand type for abs(): '%s'", typeName(v))
}

var plainObjectType = &ExtraType{Type: ObjectType}

// newPlainObject is object(): something that is only itself.
func newPlainObject(m *Machine, a *Args) (Value, error) {
	if len(a.Pos)+len(a.Names) > 0 {
		return Value{}, raiseText(TypeError, "object() takes no arguments")
	}
	if err := m.Charge(iteratorSize); err != nil {
		return Value{}, err
	}
	return newExtra(plainObjectType, nil).Value(), nil
}

func builtinAll(m *Machine, a *Args) (Value, error) { return m.anyTruth(a.Pos[0], false) }
func builtinAny(m *Machine, a *Args) (Value, error) { return m.anyTruth(a.Pos[0], true) }

// anyTruth walks until an item's truth is want: any() for true, all() for false.
func (m *Machine) anyTruth(v Value, want bool) (Value, error) {
	it, err := m.iterator(v)
	if err != nil {
		return Value{}, err
	}
	for {
		x, ok, err := it.Next(m)
		if err != nil {
			return Value{}, err
		}
		if !ok {
			return image.Bool(!want), nil
		}
		if err := m.Work(1); err != nil {
			return Value{}, err
		}
		truth, err := m.Truth(x)
		if err != nil {
			return Value{}, err
		}
		if truth == want {
			return image.Bool(want), nil
		}
	}
}

func builtinLen(m *Machine, a *Args) (Value, error) {
	n, err := m.length(a.Pos[0])
	return image.Int(int64(n)), err
}

func (m *Machine) length(v Value) (int, error) {
	switch v.Kind() {
	case image.KindStr:
		return v.StrValue().Len(), nil
	case image.KindBytes:
		return len(v.Bytes()), nil
	case image.KindTuple:
		return len(v.Tuple()), nil
	case image.KindList:
		l := v.List()
		err := m.Heap.Read(&l.Entity)
		return len(l.Items), err
	case image.KindDict:
		d := v.Dict()
		err := m.Heap.Read(&d.Entity)
		return d.Len(), err
	case image.KindSet, image.KindFrozenSet:
		err := m.readSet(v.Set())
		return v.Set().Len(), err
	case KindView:
		d := viewOf(v).Dict
		err := m.Heap.Read(&d.Entity)
		return d.Len(), err
	case KindRange:
		n := rangeOf(v).Len()
		return int(n), nil
	case KindExtra:
		x := extraOf(v)
		if x.Type.Len != nil {
			return x.Type.Len(m, x)
		}
	}
	return 0, raise(TypeError, "object of type '%s' has no len()", typeName(v))
}

func builtinIsInstance(m *Machine, a *Args) (Value, error) {
	yes, err := m.isInstance(a.Pos[0], a.Pos[1])
	return image.Bool(yes), err
}

// isInstance takes a type, a union, or tuples of them.
func (m *Machine) isInstance(v, class Value) (bool, error) {
	return m.someType(class, 0, func(t *Type) bool { return t.IsInstance(v) }, func(class Value) error {
		switch {
		case class.Kind() == image.KindObject:
			return raiseText(TypeError, "isinstance() arg 2 is an object, and there are no classes: ask obj.hasSlot_('name') or look at obj['parent*']")
		case aliasOf(class) != nil:
			return raiseText(TypeError, "isinstance() argument 2 cannot be a parameterized generic")
		}
		return raiseText(TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union")
	})
}

// isSubclass takes the same.
func (m *Machine) isSubclass(t *Type, class Value) (bool, error) {
	return m.someType(class, 0, t.SubclassOf, func(Value) error {
		return raiseText(TypeError, "issubclass() arg 2 must be a class, a tuple of classes, or a union")
	})
}

// someType says whether holds is true of a type, of one of a union's, or of one
// in tuples of them, which may nest; refuse gives the error for anything else.
func (m *Machine) someType(class Value, depth int, holds func(*Type) bool, refuse func(Value) error) (bool, error) {
	switch class.Kind() {
	case KindType:
		return holds(typeValueOf(class)), nil
	case KindUnion:
		return slices.ContainsFunc(unionOf(class).Types, holds), nil
	case image.KindTuple:
		if depth > maxDepth {
			return false, tooDeep()
		}
		for _, c := range class.Tuple() {
			if err := m.Work(1); err != nil {
				return false, err
			}
			if yes, err := m.someType(c, depth+1, holds, refuse); yes || err != nil {
				return yes, err
			}
		}
		return false, nil
	}
	return false, refuse(class)
}

func builtinIsSubclass(m *Machine, a *Args) (Value, error) {
	if a.Pos[0].Kind() != KindType {
		return Value{}, raiseText(TypeError, "issubclass() arg 1 must be a class")
	}
	yes, err := m.isSubclass(typeValueOf(a.Pos[0]), a.Pos[1])
	return image.Bool(yes), err
}

func newBool(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) == 0 {
		return image.Bool(false), nil
	}
	truth, err := m.Truth(a.Pos[0])
	return image.Bool(truth), err
}

func newType(m *Machine, a *Args) (Value, error) {
	if len(a.Pos) == 3 {
		return Value{}, raiseText(TypeError, "there are no classes to make; clone a prototype instead: thing.clone(x=1)")
	}
	if len(a.Pos) != 1 || len(a.Names) > 0 {
		return Value{}, raiseText(TypeError, "type() takes 1 or 3 arguments")
	}
	return typeOf(a.Pos[0]).Value(), nil
}

// builtinPrint writes to the message's output.
func builtinPrint(m *Machine, a *Args) (Value, error) {
	sep, end := " ", "\n"
	for i, name := range a.Names {
		v := a.Kw[i]
		switch name {
		case "sep", "end":
			if v.IsNone() {
				continue
			}
			if v.Kind() != image.KindStr {
				return Value{}, raise(TypeError, "%s must be None or a string, not %s", name, typeName(v))
			}
			if name == "sep" {
				sep = v.Str()
			} else {
				end = v.Str()
			}
		case "flush":
		case "file":
			if !v.IsNone() {
				return Value{}, raiseText(TypeError, "print() writes to the transcript only; file must be None")
			}
		default:
			return Value{}, raise(TypeError, "'%s' is an invalid keyword argument for print()", name)
		}
	}
	var text []byte
	for i, v := range a.Pos {
		if i > 0 {
			text = append(text, sep...)
		}
		s, err := m.Str(v)
		if err != nil {
			return Value{}, err
		}
		if err := m.room(int64(len(s) + len(sep))); err != nil {
			return Value{}, err
		}
		text = append(text, s...)
	}
	text = append(text, end...)
	if m.Host != nil && m.Host.Print != nil {
		m.Host.Print(string(text))
	}
	return image.None(), nil
}
