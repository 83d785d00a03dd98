package lang

import (
	"batos/image"
)

// methodsByKind are the methods of builtin types.
var methodsByKind [256]map[image.Symbol]*NativeFunction

func init() {
	methodsByKind[image.KindInt] = intMethods
	methodsByKind[image.KindBig] = intMethods
	methodsByKind[image.KindBool] = intMethods
	methodsByKind[image.KindFloat] = floatMethods
	methodsByKind[image.KindStr] = strMethods
	methodsByKind[image.KindList] = listMethods
	methodsByKind[image.KindTuple] = tupleMethods
	methodsByKind[image.KindDict] = dictMethods
	methodsByKind[image.KindSet] = setMethods
	methodsByKind[image.KindFrozenSet] = frozenSetMethods
	methodsByKind[KindView] = viewMethods
}

func methodOf(v Value, name image.Symbol) (*NativeFunction, bool) {
	k := v.Kind()
	if k == KindExtra {
		f, ok := extraOf(v).Type.Methods[name]
		return f, ok
	}
	f, ok := methodsByKind[k][name]
	return f, ok
}
func attributeOf(v Value, name image.Symbol) (Value, bool, error) {
	if v.Kind() == KindException {
		return exceptionAttribute(exceptionOf(v), name.String())
	}
	if v.Kind() == KindType && name.String() == "__name__" {
		x, e := (*Machine)(nil), error(nil)
		_ = x
		return image.NewStr(typeValueOf(v).Name), true, e
	}
	return Value{}, false, nil
}
func newBytes(m *Machine, a *Args) (Value, error) { return Value{}, nil }
func byteOf(v Value) (byte, error)                { return 0, nil }

var modules = map[string]func() *Module{}
