package lang

import "batos/image"

// Walking over values. The state of a loop is two registers: what is walked
// over, and for ranges, lists and tuples the position. Native iterators step in
// Go; a generator steps as an activation, an object by a send of __next__.

// isLanguageIterator says whether only activations can walk over v.
func isLanguageIterator(v Value) bool { return v.Kind() == KindGenerator }

func isIterator(v Value) bool {
	k := v.Kind()
	return k == KindGenerator || k == KindIter || k == image.KindObject
}

// walksByActivation says whether a native cannot walk over v. An object counts
// when it has __iter__.
func (m *Machine) walksByActivation(v Value) bool {
	if v.Kind() == KindGenerator {
		return true
	}
	if !v.IsObject() {
		return false
	}
	_, ok, err := m.Heap.Lookup(v.Object(), symIter, nil)
	if !ok && err == nil {
		_, ok, err = m.Heap.Lookup(v.Object(), symNext, nil)
	}
	return ok && err == nil
}

// loopOver does opForPrep on v. iterable says that v is what the program wrote,
// else it is what its __iter__ gave.
func (m *Machine) loopOver(f *activation, in instr, v Value, iterable bool) error {
	R := m.stack[f.base:]
	switch v.Kind() {
	case KindRange:
		R[in.a()], R[in.a()+1] = v, image.Int(rangeOf(v).Start)
	case image.KindList:
		if err := m.Heap.Read(&v.List().Entity); err != nil {
			return err
		}
		R[in.a()], R[in.a()+1] = v, image.Int(0)
	case image.KindTuple:
		R[in.a()], R[in.a()+1] = v, image.Int(0)
	case KindGenerator, KindIter:
		R[in.a()] = v
	case image.KindObject:
		if iterable {
			sent, err := m.iterOf(v)
			if sent || err != nil {
				return err
			}
		} else if err := m.checkSlot(v, symNext, "iter() returned non-iterator of type '%s'"); err != nil {
			return err
		}
		R[in.a()] = v
	default:
		it, err := m.nativeIterator(v)
		if err != nil {
			return err
		}
		R[in.a()] = it
	}
	f.pc++
	return nil
}

// iterOf sends __iter__ to an object when it has one (the iterator is then
// delivered); an object with __next__ alone is its own iterator.
func (m *Machine) iterOf(v Value) (sent bool, err error) {
	hook := site{name: symIter}
	_, _, ok, err := m.lookup(&hook, v.Object())
	if err != nil {
		return false, err
	}
	if ok {
		return true, m.sendIterator(v, symIter)
	}
	return false, m.checkSlot(v, symNext, "'%s' object is not iterable; give it __iter__ or __next__ slots")
}

func (m *Machine) checkSlot(v Value, name image.Symbol, format string) error {
	if v.IsObject() {
		hook := site{name: name}
		_, _, ok, err := m.lookup(&hook, v.Object())
		if ok || err != nil {
			return err
		}
	}
	return Raise(TypeError, format, typeName(v))
}

// sendIterator sends a message without arguments on behalf of the instruction
// that waits; the arguments' place is behind all registers.
func (m *Machine) sendIterator(v Value, name image.Symbol) error {
	f := &m.frames[m.depth]
	at := f.base + f.code.registers + 1
	if err := m.ensure(at + windowSize); err != nil {
		return err
	}
	m.stack[at-1] = v
	return m.sendTo(nil, name, v, at, 0, nil)
}

// loopNext does opForNext where activations are needed.
func (m *Machine) loopNext(f *activation, in instr, it Value) error {
	switch it.Kind() {
	case KindGenerator:
		return m.resume(generatorOf(it), resumeLoop, image.None(), nil)
	case KindIter:
		return Raise(SystemError, "a native iterator must step in the loop")
	}
	return m.sendIterator(it, symNext)
}

// nativeIterator makes an iterator value over a native iterable.
func (m *Machine) nativeIterator(v Value) (Value, error) {
	it, ok, err := m.NativeIter(v)
	if err != nil {
		return Value{}, err
	}
	if !ok {
		return Value{}, Raise(TypeError, "'%s' object is not iterable", typeName(v))
	}
	return m.newIterator(v, it)
}

// iter does opIter: iter(v), and what a yield from walks over.
func (m *Machine) iter(f *activation, in instr, v Value) error {
	R := m.stack[f.base:]
	switch v.Kind() {
	case KindGenerator, KindIter:
		R[in.a()] = v
	case image.KindObject:
		sent, err := m.iterOf(v)
		if sent || err != nil {
			return err
		}
		R[in.a()] = v
	default:
		it, err := m.nativeIterator(v)
		if err != nil {
			return err
		}
		R[in.a()] = it
	}
	f.pc++
	return nil
}

// The builtins iter and next: their work may need activations, so they are not
// Natives.

func iterIntrinsic(m *Machine, _ Value, at, n int, names []string) error {
	if n != 1 || len(names) > 0 {
		if n == 2 {
			return m.callWritten("iter_until", m.stack[at], m.stack[at+1])
		}
		return Raise(TypeError, "iter expected at least 1 argument, got %d", n)
	}
	v := m.stack[at]
	switch v.Kind() {
	case KindGenerator, KindIter:
		return m.deliver(v)
	case image.KindObject:
		sent, err := m.iterOf(v)
		if sent || err != nil {
			return err
		}
		return m.deliver(v)
	}
	it, err := m.nativeIterator(v)
	if err != nil {
		return err
	}
	return m.deliver(it)
}

func nextIntrinsic(m *Machine, _ Value, at, n int, names []string) error {
	if n < 1 || n > 2 || len(names) > 0 {
		if n > 2 {
			return Raise(TypeError, "next expected at most 2 arguments, got %d", n)
		}
		return Raise(TypeError, "next expected at least 1 argument, got %d", n)
	}
	v := m.stack[at]
	var fallback Value
	if n == 2 {
		fallback = m.stack[at+1]
	}
	switch v.Kind() {
	case KindGenerator:
		g := generatorOf(v)
		if g.state != generatorRunning {
			g.fallback = fallback
		}
		return m.resume(g, resumeNext, image.None(), nil)
	case KindIter:
		x, ok, err := iteratorOf(v).It.Next(m)
		if err != nil {
			return err
		}
		switch {
		case ok:
			return m.deliver(x)
		case !fallback.Absent():
			return m.deliver(fallback)
		}
		return stopIteration(image.None())
	case image.KindObject:
		if err := m.checkSlot(v, symNext, "'%s' object is not an iterator"); err != nil {
			return err
		}
		if !fallback.Absent() {
			return m.callWritten("next_or", v, fallback)
		}
		return m.sendTo(nil, symNext, v, at, 0, nil)
	}
	return Raise(TypeError, "'%s' object is not an iterator", typeName(v))
}
