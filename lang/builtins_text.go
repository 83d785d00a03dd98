package lang

import (
	"batos/image"
)

func builtinRepr(m *Machine, a *Args) (Value, error) {
	s, err := m.Repr(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	return m.NewStr(s)
}

// builtinASCII is repr with everything beyond ASCII escaped.
func builtinASCII(m *Machine, a *Args) (Value, error) {
	s, err := m.Format(a.Pos[0], 'a', "")
	if err != nil {
		return Value{}, err
	}
	return m.NewStr(s)
}

func builtinFormat(m *Machine, a *Args) (Value, error) {
	spec := ""
	if len(a.Pos) > 1 {
		if a.Pos[1].Kind() != image.KindStr {
			return Value{}, raise(TypeError, "format() argument 2 must be str, not %s", typeName(a.Pos[1]))
		}
		spec = a.Pos[1].Str()
	}
	s, err := m.Format(a.Pos[0], 0, spec)
	if err != nil {
		return Value{}, err
	}
	return m.NewStr(s)
}

// newStr is str(object) and str(bytes, encoding).
func newStr(m *Machine, a *Args) (Value, error) {
	v := a.at(0)
	if a.at(1).Absent() && a.at(2).Absent() {
		if v.Absent() {
			return emptyStr, nil
		}
		return m.strValue(v)
	}
	encoding, errors, err := encodingArgs("str", a, 1)
	if err != nil {
		return Value{}, err
	}
	switch v.Kind() {
	case image.KindAbsent:
		return emptyStr, nil
	case image.KindBytes:
		return m.decode(v.Bytes(), encoding, errors)
	case image.KindStr:
		return Value{}, raiseText(TypeError, "decoding str is not supported")
	}
	return Value{}, raise(TypeError, "decoding to str: need a bytes-like object, %s found", typeName(v))
}
