package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

// Binary computes a op b.
func (m *Machine) Binary(op syntax.BinaryOp, a, b Value) (Value, error) {
	return m.binary(op, a, b, false)
}

// Inplace computes a op= b: lists, sets and dicts change in place.
func (m *Machine) Inplace(op syntax.BinaryOp, a, b Value) (Value, error) {
	switch a.Kind() {
	case image.KindList:
		switch op {
		case syntax.Add:
			return a, m.listExtend(a.List(), b)
		case syntax.Mul:
			if isInteger(b) {
				return a, m.listRepeat(a.List(), b)
			}
		}
	case image.KindDict:
		if op == syntax.BitOr {
			return a, m.dictUpdate(a.Dict(), b)
		}
	case image.KindSet:
		if isSetKind(b.Kind()) || b.Kind() == KindView {
			switch op {
			case syntax.BitOr:
				return a, m.setUpdate(a.Set(), b)
			case syntax.BitAnd:
				return a, m.setKeep(a.Set(), b)
			case syntax.Sub:
				return a, m.setRemove(a.Set(), b)
			case syntax.BitXor:
				return a, m.setToggle(a.Set(), b)
			}
		}
	}
	return m.binary(op, a, b, true)
}

func (m *Machine) binary(op syntax.BinaryOp, a, b Value, inplace bool) (Value, error) {
	ka, kb := a.Kind(), b.Kind()
	if numeric(ka) && numeric(kb) {
		return m.arithmetic(op, a, b, inplace)
	}
	if ka == KindExtra || kb == KindExtra {
		if v, ok, err := m.extraBinary(op, a, b); ok || err != nil {
			return v, err
		}
	}
	switch op {
	case syntax.Add:
		if v, ok, err := m.concat(ka, kb, a, b); ok || err != nil {
			return v, err
		}
	case syntax.Mul:
		if isSequence(ka) {
			if isInteger(b) {
				return m.repeat(a, b)
			}
			return Value{}, raise(TypeError, "can't multiply sequence by non-int of type '%s'", typeName(b))
		}
		if isSequence(kb) {
			if isInteger(a) {
				return m.repeat(b, a)
			}
			return Value{}, raise(TypeError, "can't multiply sequence by non-int of type '%s'", typeName(a))
		}
	case syntax.Mod:
		switch ka {
		case image.KindStr:
			return m.percent(a.Str(), b)
		case image.KindBytes:
			return m.percentBytes(a.Bytes(), b)
		}
	case syntax.BitOr, syntax.BitAnd, syntax.BitXor, syntax.Sub:
		if op == syntax.BitOr && ka == image.KindDict && kb == image.KindDict {
			return m.dictMerge(a.Dict(), b.Dict())
		}
		if op == syntax.BitOr {
			if u, ok := unionTypes(a, b); ok {
				return u, nil
			}
		}
		if isSetKind(ka) && isSetKind(kb) || isSetLike(a) && ka == KindView || isSetLike(b) && kb == KindView {
			return m.setBinary(op, a, b)
		}
	}
	return Value{}, unsupported(op, a, b, inplace)
}

func unsupported(op syntax.BinaryOp, a, b Value, inplace bool) error {
	text := op.String()
	switch {
	case op == syntax.Pow && inplace:
		text = "** or pow()"
		text = "**="
	case op == syntax.Pow:
		text = "** or pow()"
	case inplace:
		text += "="
	}
	return raise(TypeError, "unsupported operand type(s) for %s: '%s' and '%s'", text, typeName(a), typeName(b))
}

func (m *Machine) extraBinary(op syntax.BinaryOp, a, b Value) (Value, bool, error) {
	for _, v := range [2]Value{a, b} {
		if v.Kind() == KindExtra {
			if f := extraOf(v).Type.Binary; f != nil {
				if r, ok, err := f(m, op.String(), a, b); ok || err != nil {
					return r, ok, err
				}
			}
		}
	}
	return Value{}, false, nil
}

func isSequence(k image.Kind) bool {
	return k == image.KindStr || k == image.KindList || k == image.KindTuple || k == image.KindBytes
}

func isSetKind(k image.Kind) bool { return k == image.KindSet || k == image.KindFrozenSet }

// concat adds two sequences; ok is false when the left one is none.
func (m *Machine) concat(ka, kb image.Kind, a, b Value) (Value, bool, error) {
	switch ka {
	case image.KindStr:
		if kb != image.KindStr {
			return Value{}, false, raise(TypeError, `can only concatenate str (not "%s") to str`, typeName(b))
		}
		v, err := m.concatStr(a, b)
		return v, true, err
	case image.KindBytes:
		if kb != image.KindBytes {
			return Value{}, false, raise(TypeError, "can't concat %s to bytes", typeName(b))
		}
		if err := m.room(int64(len(a.Bytes()) + len(b.Bytes()))); err != nil {
			return Value{}, false, err
		}
		return image.NewBytes(a.Bytes() + b.Bytes()), true, nil
	case image.KindList:
		if kb != image.KindList {
			return Value{}, false, raise(TypeError, `can only concatenate list (not "%s") to list`, typeName(b))
		}
		x, y := a.List(), b.List()
		if err := m.Heap.Read(&x.Entity); err != nil {
			return Value{}, false, err
		}
		if err := m.Heap.Read(&y.Entity); err != nil {
			return Value{}, false, err
		}
		items, err := m.newItems(int64(len(x.Items) + len(y.Items)))
		if err != nil {
			return Value{}, false, err
		}
		copy(items[copy(items, x.Items):], y.Items)
		v, err := m.listOf(items)
		return v, true, err
	case image.KindTuple:
		if kb != image.KindTuple {
			return Value{}, false, raise(TypeError, `can only concatenate tuple (not "%s") to tuple`, typeName(b))
		}
		x, y := a.Tuple(), b.Tuple()
		if len(x) == 0 || len(y) == 0 {
			if len(x) == 0 {
				a = b
			}
			return a, true, nil
		}
		items, err := m.newItems(int64(len(x) + len(y)))
		if err != nil {
			return Value{}, false, err
		}
		copy(items[copy(items, x):], y)
		return image.NewTuple(items), true, nil
	}
	return Value{}, false, nil
}

// times reads the count of a repetition, cut to more than memory's own limit.
func times(n Value) (int64, error) {
	if n.Kind() == image.KindBig {
		return 0, raise(OverflowError, "cannot fit 'int' into an index-sized integer")
	}
	return min(max(n.AsInt(), 0), 1<<40), nil
}

// repeat computes seq * n.
func (m *Machine) repeat(seq, n Value) (Value, error) {
	count, err := times(n)
	if err != nil {
		return Value{}, err
	}
	switch seq.Kind() {
	case image.KindStr:
		s := seq.Str()
		if count == 1 {
			return seq, nil
		}
		if len(s) == 0 || count == 0 {
			return emptyStr, nil
		}
		if err := m.room(repeated(len(s), count)); err != nil {
			return Value{}, err
		}
		return image.NewStr(repeatText(s, int(count))), nil
	case image.KindBytes:
		s := seq.Bytes()
		if len(s) == 0 || count == 0 {
			return emptyBytes, nil
		}
		if err := m.room(repeated(len(s), count)); err != nil {
			return Value{}, err
		}
		return image.NewBytes(repeatText(s, int(count))), nil
	case image.KindTuple:
		items, err := m.repeatItems(seq.Tuple(), count)
		if err != nil {
			return Value{}, err
		}
		return image.NewTuple(items), nil
	default:
		l := seq.List()
		if err := m.Heap.Read(&l.Entity); err != nil {
			return Value{}, err
		}
		items, err := m.repeatItems(l.Items, count)
		if err != nil {
			return Value{}, err
		}
		return m.listOf(items)
	}
}

// repeated is the size of count times n, without overflow.
func repeated(n int, count int64) int64 {
	if int64(n) > (1<<50)/max(count, 1) {
		return 1 << 50
	}
	return int64(n) * count
}

func (m *Machine) repeatItems(from []Value, count int64) ([]Value, error) {
	if len(from) == 0 || count == 0 {
		return nil, nil
	}
	items, err := m.newItems(repeated(len(from), count))
	if err != nil {
		return nil, err
	}
	for n := copy(items, from); n < len(items); n *= 2 {
		copy(items[n:], items[:n])
	}
	return items, nil
}

func (m *Machine) listRepeat(l *image.List, n Value) error {
	if err := m.Heap.Change(&l.Entity); err != nil {
		return err
	}
	count, err := times(n)
	if err != nil {
		return err
	}
	items, err := m.repeatItems(l.Items, count)
	if err != nil {
		return err
	}
	l.Items = items
	return nil
}

// Unary computes op a.
func (m *Machine) Unary(op syntax.UnaryOp, a Value) (Value, error) {
	k := a.Kind()
	switch op {
	case syntax.Not:
		t, err := m.Truth(a)
		return image.Bool(!t), err
	case syntax.Neg:
		switch k {
		case image.KindInt, image.KindBool:
			if n := a.AsInt(); n != -n || n == 0 {
				return image.Int(-n), nil
			}
			return m.negateBig(a)
		case image.KindBig:
			return m.negateBig(a)
		case image.KindFloat:
			return image.Float(-a.AsFloat()), nil
		case KindExtra:
			if f := extraOf(a).Type.Binary; f != nil {
				if v, ok, err := f(m, "neg", a, a); ok || err != nil {
					return v, err
				}
			}
		}
	case syntax.Plus:
		switch k {
		case image.KindInt, image.KindBig, image.KindFloat:
			return a, nil
		case image.KindBool:
			return image.Int(a.AsInt()), nil
		case KindExtra:
			if f := extraOf(a).Type.Binary; f != nil {
				if v, ok, err := f(m, "pos", a, a); ok || err != nil {
					return v, err
				}
			}
		}
	case syntax.Invert:
		switch k {
		case image.KindInt, image.KindBool:
			return image.Int(^a.AsInt()), nil
		case image.KindBig:
			return m.invertBig(a)
		}
	}
	return Value{}, raise(TypeError, "bad operand type for unary %s: '%s'", op, typeName(a))
}

// Truth is bool(v).
func (m *Machine) Truth(v Value) (bool, error) {
	switch v.Kind() {
	case image.KindBool, image.KindInt:
		return v.AsInt() != 0, nil
	case image.KindNone:
		return false, nil
	case image.KindStr:
		return v.Str() != "", nil
	case image.KindFloat:
		return v.AsFloat() != 0, nil
	case image.KindList:
		l := v.List()
		err := m.Heap.Read(&l.Entity)
		return len(l.Items) > 0, err
	case image.KindDict:
		d := v.Dict()
		err := m.Heap.Read(&d.Entity)
		return d.Len() > 0, err
	case image.KindSet:
		s := v.Set()
		err := m.Heap.Read(&s.Entity)
		return s.Len() > 0, err
	case image.KindFrozenSet:
		return v.Set().Len() > 0, nil
	case image.KindTuple:
		return len(v.Tuple()) > 0, nil
	case image.KindBytes:
		return v.Bytes() != "", nil
	case KindRange:
		return rangeOf(v).Len() > 0, nil
	case KindView:
		d := viewOf(v).Dict
		err := m.Heap.Read(&d.Entity)
		return d.Len() > 0, err
	case KindExtra:
		x := extraOf(v)
		if f := x.Type.Truth; f != nil {
			return f(m, x)
		}
		if f := x.Type.Len; f != nil {
			n, err := f(m, x)
			return n > 0, err
		}
	}
	return true, nil
}

// unionTypes makes int | str.
func unionTypes(a, b Value) (Value, bool) {
	var types []*Type
	for _, v := range [2]Value{a, b} {
		switch v.Kind() {
		case KindType:
			types = append(types, typeValueOf(v))
		case KindUnion:
			types = append(types, unionOf(v).Types...)
		case image.KindNone:
			types = append(types, NoneTypeType)
		case KindExtra:
			a := aliasOf(v)
			if a == nil {
				return Value{}, false
			}
			types = append(types, a.origin)
		default:
			return Value{}, false
		}
	}
	if len(types) > 64 || a.IsNone() && b.IsNone() {
		return Value{}, false
	}
	u := &Union{Header: image.NewHeader(KindUnion), Types: types}
	return image.FromHeader(&u.Header), true
}
