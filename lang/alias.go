package lang

import "batos/image"

// aliasType is the type of list[int]: a type that remembers what it was
// subscripted with. It is called as its type is, and shows itself as written;
// nothing checks the parameters.
var aliasType = &ExtraType{Type: builtinType("types.GenericAlias")}

type alias struct {
	origin *Type
	params []Value
}

func newAlias(m *Machine, origin *Type, params Value) (Value, error) {
	a := &alias{origin, []Value{params}}
	if params.Kind() == image.KindTuple {
		a.params = params.Tuple()
	}
	if err := m.Charge(boundBytes); err != nil {
		return Value{}, err
	}
	return newExtra(aliasType, a).Value(), nil
}

// aliasOf gives the alias that v is, nil for another value.
func aliasOf(v Value) *alias {
	if v.Kind() != KindExtra {
		return nil
	}
	a, _ := extraOf(v).Data.(*alias)
	return a
}

func init() {
	aliasType.Repr = func(p *printer, x *Extra) error {
		a := x.Data.(*alias)
		p.text(qualifiedName(a.origin) + "[")
		for i, v := range a.params {
			if i > 0 {
				p.text(", ")
			}
			switch {
			case v.Kind() == KindType:
				p.text(qualifiedName(typeValueOf(v)))
			case v.Kind() == KindEllipsis && !v.Same(notImplemented):
				p.text("...")
			default:
				if err := p.repr(v); err != nil {
					return err
				}
			}
		}
		if len(a.params) == 0 {
			p.text("()")
		}
		p.text("]")
		return nil
	}
	aliasType.Equal = func(_ *Machine, x, y *Extra) (bool, error) { // dicts have no machine
		a, b := x.Data.(*alias), y.Data.(*alias)
		if a.origin != b.origin {
			return false, nil
		}
		return image.Equal(image.NewTuple(a.params), image.NewTuple(b.params))
	}
	aliasType.Hash = func(x *Extra) (uint64, error) {
		return image.Hash(image.NewTuple(x.Data.(*alias).params))
	}
	aliasType.Attribute = func(_ *Machine, x *Extra, name string) (Value, bool, error) {
		return typeAttribute(x.Data.(*alias).origin, name)
	}
}
