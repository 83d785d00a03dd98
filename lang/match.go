package lang

import (
	"batos/image"
)

// matchStep does the instructions of match statements.
func (m *Machine) matchStep(f *activation, in instr, R []Value) error {
	matched := true
	switch in.op() {
	case opMatchLen:
		items, ok, err := m.matchItems(R[in.a()])
		if err != nil {
			return err
		}
		matched = ok && (len(items) == int(in.b()) || in.c() == 1 && len(items) >= int(in.b()))
	case opMatchItem:
		items, _, err := m.matchItems(R[in.b()])
		if err != nil {
			return err
		}
		at := int(in.c())
		if in.d() == 1 {
			at = len(items) - at
		}
		R[in.a()] = items[at]
	case opMatchRest:
		items, _, err := m.matchItems(R[in.b()])
		if err != nil {
			return err
		}
		rest := items[in.c() : len(items)-int(in.d())]
		v, err := m.NewList(append([]Value(nil), rest...))
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opMatchMapping:
		if matched = R[in.a()].Kind() == image.KindDict; matched {
			d := R[in.a()].Dict()
			if err := m.Heap.Read(&d.Entity); err != nil {
				return err
			}
			matched = d.Len() >= int(in.b())
		}
	case opMatchKey:
		v, ok, err := m.dictGet(R[in.b()].Dict(), R[in.c()])
		if err != nil {
			return err
		}
		if matched = ok; ok {
			R[in.a()] = v
		}
	case opMatchRemain:
		v, err := m.matchRemain(R[in.b()].Dict(), R[in.c():int(in.c())+int(in.d())])
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opMatchClass:
		ok, err := m.matchClass(R[in.a()], R[in.b()], int(in.c()))
		if err != nil {
			return err
		}
		matched = ok
	case opMatchAttr:
		name := image.Intern(f.code.consts[in.d()].Str())
		v, err := m.getAttr(R[in.b()], &site{name: name})
		switch {
		case isRaised(err, AttributeError):
			v = Value{}
		case err != nil:
			return err
		}
		R[in.a()] = v
	default:
		return Raise(SystemError, "unknown instruction %d", in.op())
	}
	if matched {
		f.pc++
	} else {
		f.pc = int(in.d())
	}
	return nil
}

// matchItems gives the items of what a sequence pattern can match.
func (m *Machine) matchItems(v Value) ([]Value, bool, error) {
	switch v.Kind() {
	case image.KindList, image.KindTuple, KindRange:
		return m.walkedItems(v)
	}
	return nil, false, nil
}

func (m *Machine) matchRemain(d *image.Dict, without []Value) (Value, error) {
	rest, err := m.NewDict()
	if err != nil {
		return rest, err
	}
	for k, v, at, ok := d.Next(0); ok; k, v, at, ok = d.Next(at + 1) {
		if err := m.dictSet(rest.Dict(), k, v); err != nil {
			return rest, err
		}
	}
	for _, key := range without {
		if _, _, err := m.dictDelete(rest.Dict(), key); err != nil {
			return rest, err
		}
	}
	return rest, nil
}

// matchSelf are the types whose one positional pattern matches the value itself.
var matchSelf = map[string]bool{"bool": true, "bytes": true, "dict": true, "float": true, "frozenset": true,
	"int": true, "list": true, "set": true, "str": true, "tuple": true}

func (m *Machine) matchClass(v, class Value, positional int) (bool, error) {
	if class.Kind() != KindType {
		return false, Raise(TypeError, "called match pattern must be a class")
	}
	t := typeValueOf(class)
	if !t.IsInstance(v) {
		return false, nil
	}
	most := 0
	if matchSelf[t.Name] {
		most = 1
	}
	if positional > most {
		s := "s"
		if most == 1 {
			s = ""
		}
		return false, Raise(TypeError, "%s() accepts %d positional sub-pattern%s (%d given)", t.Name, most, s, positional)
	}
	return true, nil
}
