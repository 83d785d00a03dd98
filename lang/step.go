package lang

import (
	"errors"
	"strconv"
	"unsafe"

	"batos/image"
	"batos/lang/syntax"
)

// errCollect says that an operand is an iterator of the language, which only
// activations can walk.
var errCollect = errors.New("an iterator must be collected first")

// step does an instruction that the loop left: it sets the result and moves on,
// or pushes the activation whose value is the result.
func (m *Machine) step(f *activation, in instr) error {
	R := m.stack[f.base : f.base+windowSize]
	switch in.op() {
	case opMakeCell, opNewCell:
		if err := m.Charge(cellBytes); err != nil {
			return err
		}
		v := R[in.a()]
		if in.op() == opNewCell {
			v = Value{}
		}
		R[in.a()] = newCell(v).value()
	case opDelCell:
		c := cellOf(R[in.a()])
		if c.v.Absent() {
			return m.unbound(f.code.locals[in.a()].Name)
		}
		c.v = Value{}
	case opDelFree:
		c := f.fn.free[in.d()]
		if c.v.Absent() {
			if _, err := m.unboundFree(f, int(in.d())); err != nil {
				return err
			}
			return Raise(NameError, "name '%s' is not defined", f.code.free[in.d()])
		}
		c.v = Value{}
	case opClearCell:
		if in.c() == 1 {
			f.fn.free[in.a()].v = Value{}
		} else {
			cellOf(R[in.a()]).v = Value{}
		}
	case opGlobal:
		v, err := m.global(f, f.code.consts[in.d()].Str())
		if err != nil {
			return err
		}
		R[in.a()] = v

	case opAdd: // of a list and an iterator
		return m.callWritten("extend", R[in.b()], R[in.c()])
	case opInplace:
		v, err := m.operate(syntax.BinaryOp(in.d()), R[in.b()], R[in.c()], true)
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opCompare:
		return m.containsStep(in, R)

	case opList:
		v, err := m.NewList(append([]Value(nil), R[in.b():int(in.b())+int(in.c())]...))
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opTuple:
		v, err := m.NewTuple(append([]Value(nil), R[in.b():int(in.b())+int(in.c())]...))
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opSet:
		v, err := m.NewSet()
		if err != nil {
			return err
		}
		for _, item := range R[in.b() : int(in.b())+int(in.c())] {
			if err := m.setAdd(v.Set(), item); err != nil {
				return err
			}
		}
		R[in.a()] = v
	case opDict:
		v, err := m.NewDict()
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opDictSet:
		if err := m.dictDisplay(f, in, R); err != nil {
			return err
		}
	case opDictMerge:
		var fn Value
		if in.c() == 1 {
			fn = R[in.a()-2]
		}
		if err := m.mergeInto(R[in.a()], R[in.b()], fn); err != nil {
			return err
		}
	case opSetAdd:
		if err := m.setAdd(R[in.a()].Set(), R[in.b()]); err != nil {
			return err
		}
	case opListTuple:
		v, err := m.NewTuple(append([]Value(nil), R[in.b()].List().Items...))
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opListExtend:
		return m.extendList(f, in, R[in.b()])
	case opSetExtend:
		return m.extendSet(f, in, R[in.b()])
	case opSlice:
		if err := m.Charge(64); err != nil {
			return err
		}
		s := &Slice{Header: image.NewHeader(KindSlice), Start: R[in.b()], Stop: R[in.b()+1], Step: R[in.b()+2]}
		R[in.a()] = image.FromHeader(&s.Header)
	case opString:
		v, err := m.join(R[in.b() : int(in.b())+int(in.c())])
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opFormat:
		if k := R[in.b()].Kind(); in.c() == 0 && in.d() == 0 && (k == image.KindInt || k == image.KindStr) {
			R[in.a()] = R[in.b()] // opString knows their texts
			break
		}
		spec := ""
		if in.d() == 1 {
			spec = R[in.b()+1].Str()
		}
		s, err := m.Format(R[in.b()], in.c(), spec)
		if err != nil {
			return err
		}
		v, err := m.NewStr(s)
		if err != nil {
			return err
		}
		R[in.a()] = v

	case opGetItem:
		if !R[in.b()].IsObject() {
			return m.callWritten("missing", R[in.b()], R[in.c()])
		}
		v, err := m.getSlotItem(R[in.b()].Object(), R[in.c()])
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opSetItem:
		var err error
		if x := R[in.a()]; x.IsObject() {
			err = m.setSlotItem(x.Object(), R[in.b()], R[in.c()])
		} else {
			if g := R[in.c()]; R[in.b()].Kind() == KindSlice && isLanguageIterator(g) {
				return m.callWritten("set_slice", x, R[in.b()], g)
			}
			err = m.SetItem(x, R[in.b()], R[in.c()])
		}
		if err != nil {
			return err
		}
	case opDelItem:
		var err error
		if x := R[in.a()]; x.IsObject() {
			err = m.delSlotItem(x.Object(), R[in.b()])
		} else {
			err = m.DelItem(x, R[in.b()])
		}
		if err != nil {
			return err
		}
	case opGetAttr:
		v, err := m.getAttr(R[in.b()], &f.code.sites[in.d()])
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opSetAttr:
		if err := m.setAttr(R[in.a()], &f.code.sites[in.d()], R[in.b()]); err != nil {
			return err
		}
	case opDelAttr:
		if err := m.delAttr(R[in.a()], f.code.sites[in.d()].name); err != nil {
			return err
		}
	case opIncConst:
		return m.incAttr(f, in, image.Int(int64(int8(in.b()))))
	case opIncAttr:
		return m.incAttr(f, in, R[in.b()])
	case opSuperGet:
		v, err := m.superGet(f, &f.code.sites[in.d()])
		if err != nil {
			return err
		}
		R[in.a()] = v

	case opSend:
		return m.send(f, in)
	case opSuperSend:
		return m.superSend(f, in)
	case opCall:
		s := &f.code.sites[in.d()]
		at := f.base + int(in.b()) + 1
		n, names, err := m.spread(s, at)
		if err != nil {
			return err
		}
		return m.call(m.stack[at-1], at, n, names)
	case opFunction:
		if err := m.makeFunction(f, in); err != nil {
			return err
		}
	case opForPrep:
		return m.loopOver(f, in, R[in.b()], true)
	case opForNext:
		return m.loopNext(f, in, R[in.b()])
	case opForPair:
		return m.loopPair(f, in, R[in.b()])
	case opIter:
		return m.iter(f, in, R[in.b()])
	case opYield:
		return m.yield(f, R[in.b()])
	case opYieldFrom:
		return m.yieldFrom(f, in)

	case opRaise:
		return m.raiseOp(f, in, R)
	case opReraise:
		m.raising = true
		return &Raised{exceptionOf(R[in.a()])}
	case opPushExc:
		R[in.a()+1] = image.None()
		if f.handling != nil {
			R[in.a()+1] = f.handling.Value()
		}
		f.handling = exceptionOf(R[in.a()])
	case opPopExc:
		f.handling = nil
		if R[in.a()+1].Kind() == KindException {
			f.handling = exceptionOf(R[in.a()+1])
		}
	case opExcClass:
		R[in.a()] = exceptionOf(R[in.b()]).Class.Value()
	case opNoMatch:
		caught, err := catches(R[in.b()], exceptionOf(R[in.a()]))
		if err != nil {
			return err
		}
		if !caught {
			f.pc = int(in.d())
			return nil
		}
	case opImport:
		v, err := m.importModule(f.code.consts[in.d()].Str())
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opImportFrom:
		v, err := m.importName(R[in.b()], f.code.consts[in.d()].Str())
		if err != nil {
			return err
		}
		R[in.a()] = v
	case opWithCheck:
		if err := m.checkContextManager(R[in.a()]); err != nil {
			return err
		}
	case opUnpack, opUnpackRest:
		return m.unpack(f, in, R[in.b()])
	default:
		return m.matchStep(f, in, R)
	}
	f.pc++
	return nil
}

// operate is a binary operator off the fast path.
func (m *Machine) operate(op syntax.BinaryOp, x, y Value, inplace bool) (Value, error) {
	if !inplace {
		return m.Binary(op, x, y)
	}
	if op == syntax.Add && x.Kind() == image.KindList && isLanguageIterator(y) {
		return Value{}, errCollect
	}
	return m.Inplace(op, x, y)
}

func (m *Machine) truth(v Value) (bool, error) {
	switch {
	case v.IsBool():
		return v.AsBool(), nil
	case v.IsNone():
		return false, nil
	case v.IsInt():
		return v.AsInt() != 0, nil
	case v.IsObject():
		return true, nil
	}
	return m.Truth(v)
}

// compareTruth is a comparison that is only used for a jump.
func (m *Machine) compareTruth(op syntax.CompareOp, x, y Value) (bool, error) {
	return m.compare(op, x, y)
}

// containsStep does "in" and "not in" where only activations can walk.
func (m *Machine) containsStep(in instr, R []Value) error {
	if syntax.CompareOp(in.d()) == syntax.In {
		return m.callWritten("contains", R[in.c()], R[in.b()])
	}
	return m.callWritten("lacks", R[in.c()], R[in.b()])
}

// dictDisplay adds an entry of a display or of keyword arguments (d = 1), where
// a name may stand once only.
func (m *Machine) dictDisplay(f *activation, in instr, R []Value) error {
	if in.d() == 1 {
		if _, ok, _ := R[in.a()].Dict().Get(R[in.b()]); ok {
			return Raise(TypeError, "%sgot multiple values for keyword argument '%s'", callee(R[in.a()-2]), R[in.b()].Str())
		}
	}
	return m.dictSet(R[in.a()].Dict(), R[in.b()], R[in.c()])
}

// callee names a function for a message about its arguments: "f() ".
func callee(fn Value) string {
	switch fn.Kind() {
	case KindFunction:
		return functionOf(fn).Code.qualified + "() "
	case KindNative:
		return nativeOf(fn).Name + "() "
	case KindType:
		return typeValueOf(fn).Name + "() "
	}
	return ""
}

// mergeInto does opDictMerge; fn is the function that is called, absent in a
// display.
func (m *Machine) mergeInto(dict, from, fn Value) error {
	call := !fn.Absent()
	if from.Kind() != image.KindDict {
		if call {
			return Raise(TypeError, "%sargument after ** must be a mapping, not %s", callee(fn), typeName(from))
		}
		return Raise(TypeError, "'%s' object is not a mapping", typeName(from))
	}
	src := from.Dict()
	if err := m.Heap.Read(&src.Entity); err != nil {
		return err
	}
	for k, v, at, ok := src.Next(0); ok; k, v, at, ok = src.Next(at + 1) {
		if call {
			if k.Kind() != image.KindStr {
				return Raise(TypeError, "keywords must be strings")
			}
			if _, double, _ := dict.Dict().Get(k); double {
				return Raise(TypeError, "%sgot multiple values for keyword argument '%s'", callee(fn), k.Str())
			}
		}
		if err := m.dictSet(dict.Dict(), k, v); err != nil {
			return err
		}
	}
	return m.Work(int64(src.Len()))
}

// extendList does opListExtend with the items of v; c = 1 says that they are
// all positional arguments of the call of the function in the register before.
func (m *Machine) extendList(f *activation, in instr, v Value) error {
	items, ok, err := m.walkedItems(v)
	if err != nil {
		return err
	}
	if !ok {
		if !isLanguageIterator(v) && !v.IsObject() {
			if in.c() == 1 {
				if name := callee(m.stack[f.base+int(in.a())-1]); name != "" {
					return Raise(TypeError, "%sargument after * must be an iterable, not %s", name, typeName(v))
				}
			}
			return Raise(TypeError, "Value after * must be an iterable, not %s", typeName(v))
		}
		return m.callWritten("collect", v)
	}
	if err := m.Charge(slotBytes * int64(len(items))); err != nil {
		return err
	}
	l := m.stack[f.base+int(in.a())].List()
	l.Items = append(l.Items, items...)
	f.pc++
	return nil
}

func (m *Machine) extendSet(f *activation, in instr, v Value) error {
	items, ok, err := m.walkedItems(v)
	if err != nil {
		return err
	}
	if !ok {
		if !isLanguageIterator(v) && !v.IsObject() {
			return Raise(TypeError, "'%s' object is not iterable", typeName(v))
		}
		return m.callWritten("collect", v)
	}
	for _, item := range items {
		if err := m.setAdd(m.stack[f.base+int(in.a())].Set(), item); err != nil {
			return err
		}
	}
	f.pc++
	return nil
}

// walkedItems gives the items of a native iterable; ok is false when only
// activations can walk over it, or nothing can. The slice must not be kept.
func (m *Machine) walkedItems(v Value) (items []Value, ok bool, err error) {
	switch v.Kind() {
	case image.KindList:
		if err := m.Heap.Read(&v.List().Entity); err != nil {
			return nil, false, err
		}
		items = v.List().Items
		return items, true, m.Work(int64(len(items)))
	case image.KindTuple:
		items = v.Tuple()
		return items, true, m.Work(int64(len(items)))
	}
	it, ok, err := m.NativeIter(v)
	if !ok || err != nil {
		return nil, false, err
	}
	for {
		x, more, err := it.Next(m)
		if err != nil || !more {
			return items, err == nil, err
		}
		if len(items) == cap(items) {
			if err := m.Charge(slotBytes * int64(max(8, len(items)))); err != nil {
				return nil, false, err
			}
		}
		if err := m.Work(1); err != nil {
			return nil, false, err
		}
		items = append(items, x)
	}
}

// unpack does opUnpack, opUnpackRest and opForPair on v.
func (m *Machine) unpack(f *activation, in instr, v Value) error {
	var items []Value
	if v.Kind() == image.KindTuple {
		items = v.Tuple()
	} else {
		var ok bool
		var err error
		if items, ok, err = m.walkedItems(v); err != nil {
			return err
		}
		if !ok {
			if !isLanguageIterator(v) && !v.IsObject() {
				return Raise(TypeError, "cannot unpack non-iterable %s object", typeName(v))
			}
			if in.op() != opUnpackRest {
				// One more than fits is enough to know; a generator may be endless.
				return m.callWritten("collect_some", v, image.Int(int64(unpacked(in))+1))
			}
			return m.callWritten("collect", v)
		}
	}
	R := m.stack[f.base+int(in.a()):]
	n := unpacked(in)
	if in.op() != opUnpackRest {
		if len(items) < n {
			return Raise(ValueError, "not enough values to unpack (expected %d, got %d)", n, len(items))
		}
		if len(items) > n {
			return Raise(ValueError, "too many values to unpack (expected %d)", n)
		}
		if in.op() == opForPair {
			R[0], m.stack[f.base+int(in.c())] = items[0], items[1]
		} else {
			copy(R, items)
		}
		f.pc++
		return nil
	}
	after := int(in.d())
	if len(items) < n+after {
		return Raise(ValueError, "not enough values to unpack (expected at least %d, got %d)", n+after, len(items))
	}
	rest, err := m.NewList(append([]Value(nil), items[n:len(items)-after]...))
	if err != nil {
		return err
	}
	copy(R, items[:n])
	R[n] = rest
	copy(R[n+1:], items[len(items)-after:])
	f.pc++
	return nil
}

// unpacked is the number of items that an unpacking needs.
func unpacked(in instr) int {
	if in.op() == opForPair {
		return 2
	}
	return int(in.c())
}

// join makes one text of the parts of an f-string: texts, and small integers
// that opFormat has left to it.
func (m *Machine) join(parts []Value) (Value, error) {
	if len(parts) == 1 && parts[0].Kind() == image.KindStr {
		return parts[0], m.Work(int64(len(parts[0].Str()) / 8))
	}
	n := 0
	for _, p := range parts {
		if p.Kind() == image.KindInt {
			n += maxIntText
		} else {
			n += len(p.Str())
		}
	}
	if err := m.Charge(strSize + int64(n)); err != nil {
		return Value{}, err
	}
	var short [64]byte
	b := short[:0]
	if n > len(short) {
		b = make([]byte, 0, n)
	}
	for _, p := range parts {
		if p.Kind() == image.KindInt {
			b = strconv.AppendInt(b, p.AsInt(), 10)
		} else {
			b = append(b, p.Str()...)
		}
	}
	if err := m.Work(int64(len(b) / 8)); err != nil {
		return Value{}, err
	}
	if n > len(short) {
		return image.NewStr(unsafe.String(unsafe.SliceData(b), len(b))), nil // b is not written again
	}
	return image.NewStr(string(b)), nil
}

// maxIntText is the longest text of an int64, in bytes.
const maxIntText = 20
