package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

// objectBuiltins are the builtins that read and write slots, on objects and on
// other values alike. They run no code of the language: a slot that holds a
// method gives a bound method, which is not called.
var objectBuiltins = map[string]Native{
	"getattr": func(m *Machine, a *Args) (Value, error) {
		if err := a.Take(2, 3); err != nil {
			return Value{}, err
		}
		name, err := attributeName(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		v, err := m.getNamed(a.Pos[0], name)
		if len(a.Pos) == 3 && isRaised(err, AttributeError) {
			return a.Pos[2], nil
		}
		return v, err
	},
	"hasattr": func(m *Machine, a *Args) (Value, error) {
		if err := a.Take(2, 2); err != nil {
			return Value{}, err
		}
		name, err := attributeName(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		_, err = m.getNamed(a.Pos[0], name)
		if isRaised(err, AttributeError) {
			return image.Bool(false), nil
		}
		return image.Bool(true), err
	},
	"setattr": func(m *Machine, a *Args) (Value, error) {
		if err := a.Take(3, 3); err != nil {
			return Value{}, err
		}
		name, err := attributeName(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		return image.None(), m.setAttr(a.Pos[0], &site{name: image.Intern(name)}, a.Pos[2])
	},
	"delattr": func(m *Machine, a *Args) (Value, error) {
		if err := a.Take(2, 2); err != nil {
			return Value{}, err
		}
		name, err := attributeName(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		return image.None(), m.delAttr(a.Pos[0], image.Intern(name))
	},
	"callable": func(m *Machine, a *Args) (Value, error) {
		if len(a.Pos) != 1 || len(a.Names) > 0 {
			return Value{}, countError(a, "callable", "takes exactly one argument")
		}
		return image.Bool(m.callable(a.Pos[0])), nil
	},
}

func init() { // not in the table above: the audit reads that
	objectBuiltins["method"] = func(m *Machine, a *Args) (Value, error) {
		if err := a.Take(1, 1); err != nil {
			return Value{}, err
		}
		if a.Pos[0].Kind() != image.KindStr {
			return Value{}, Raise(TypeError, "method() takes the text of a def, not '%s'", typeName(a.Pos[0]))
		}
		return m.newMethod(a.Pos[0].Str())
	}
}

// newMethod audits and compiles a text to a method value, as Audit does for the
// methods that come from outside, with what the host adds as known names. A text
// that is refused raises SyntaxError, which says where and why.
func (m *Machine) newMethod(source string) (Value, error) {
	if err := m.Charge(int64(len(source)) * 16); err != nil {
		return Value{}, err
	}
	if err := m.Work(int64(len(source))); err != nil {
		return Value{}, err
	}
	known := map[string]bool{}
	for name := range m.natives {
		known[name] = true
	}
	code, err := auditedMethod(source, AuditOptions{Args: -1, Known: known})
	switch err.(type) {
	case nil:
	case *syntax.Error, *AuditError:
		return Value{}, Raise(SyntaxError, "%s", err.Error())
	default:
		return Value{}, err
	}
	v := image.NewMethod(source, nil)
	v.Method().Code = code
	return v, nil
}

func attributeName(v Value) (string, error) {
	if v.Kind() != image.KindStr {
		return "", Raise(TypeError, "attribute name must be string, not '%s'", typeName(v))
	}
	return v.Str(), nil
}

// sortBy is _sort_by(items, keys, reverse): it puts the items of a list into
// the order of their keys, stably, and gives the list. keys may be the list.
func sortBy(m *Machine, a *Args) (Value, error) {
	list, keys := a.Pos[0].List(), a.Pos[1].List()
	reverse, err := indexOf(a.Pos[2])
	if err != nil {
		return Value{}, err
	}
	if err := m.Heap.Change(&list.Entity); err != nil {
		return Value{}, err
	}
	if len(keys.Items) != len(list.Items) {
		return Value{}, Raise(ValueError, "list modified during sort")
	}
	return a.Pos[0], m.sortItems(list.Items, keys.Items, reverse != 0)
}

// comparisonKey is what functools.cmp_to_key gives: a function that stands for
// the comparison it was made of. Sorting by it calls the comparison.
func comparisonKey(m *Machine, a *Args) (Value, error) {
	if err := m.Charge(boundBytes); err != nil {
		return Value{}, err
	}
	fn := &NativeFunction{Header: image.NewHeader(KindNative), Name: "K", Self: a.Pos[0],
		Fn: func(*Machine, *Args) (Value, error) {
			return Value{}, Raise(TypeError, "what cmp_to_key gives can only be the key of sorted() or list.sort()")
		}}
	fn.written = cmpKey
	return fn.Value(), nil
}

// cmpKey marks what comparisonKey makes; it names no function of the prelude.
const cmpKey = "functools.K"

// comparisonOf gives the comparison that a key stands for, else None.
func comparisonOf(m *Machine, a *Args) (Value, error) {
	if v := a.Pos[0]; v.Kind() == KindNative && nativeOf(v).written == cmpKey {
		return nativeOf(v).Self, nil
	}
	return image.None(), nil
}
