package lang

import "batos/image"

// nextPair gives the next two values of an iterator that makes pairs, without
// making the tuple; known is false for other iterators, which have not moved.
func (m *Machine) nextPair(it Iter) (a, b Value, ok, known bool, err error) {
	switch it := it.(type) {
	case *enumerateIter:
		if !it.count.IsInt() || it.count.AsInt() >= 1<<62 {
			return a, b, false, false, nil
		}
		if b, ok, err = it.it.Next(m); err != nil || !ok {
			return a, b, false, true, err
		}
		a = it.count
		it.count = image.Int(a.AsInt() + 1)
		return a, b, true, true, nil
	case *dictIter:
		if it.what != 'i' {
			return a, b, false, false, nil
		}
		a, b, ok, err = it.next(m)
		return a, b, ok, true, err
	case *zipIter:
		if len(it.its) != 2 || it.done {
			return a, b, false, false, nil
		}
		if a, ok, err = it.its[0].Next(m); err == nil && ok {
			if b, ok, err = it.its[1].Next(m); err == nil && !ok {
				it.done = true
				err = it.uneven(m, 1)
			}
		} else if err == nil {
			it.done = true
			err = it.uneven(m, 0)
		}
		return a, b, ok && err == nil, true, err
	}
	return a, b, false, false, nil
}

// loopPair does opForPair off the fast path.
func (m *Machine) loopPair(f *activation, in instr, it Value) error {
	state := m.stack[f.base+int(in.b()) : f.base+int(in.b())+2]
	v, ok := Value{}, false
	switch it.Kind() {
	case KindRange:
		r, i := rangeOf(it), state[1].AsInt()
		v, ok = image.Int(i), r.Step > 0 && i < r.Stop || r.Step < 0 && i > r.Stop
	case image.KindList, image.KindTuple:
		all, i := sequenceItems(it), state[1].AsInt()
		if ok = i < int64(len(all)); ok {
			v, state[1] = all[i], image.Int(i+1)
		} else {
			state[1] = image.Int(1 << 62)
		}
	case KindIter:
		var err error
		if v, ok, err = iteratorOf(it).It.Next(m); err != nil {
			return err
		}
	default:
		return m.loopNext(f, in, it)
	}
	if !ok {
		f.pc = int(in.d())
		return nil
	}
	return m.unpack(f, in, v)
}

// sequenceItems gives the items of a list, which is readable, or a tuple.
func sequenceItems(v Value) []Value {
	if v.Kind() == image.KindList {
		return v.List().Items
	}
	return v.Tuple()
}
