package lang

import "batos/image"

// checkCaches makes each hit of an inline cache be compared with a full
// look-up; tests turn it on.
var checkCaches = false

func (m *Machine) checkCache(o *image.Object, s *site) {
	hit, ok, err := m.Heap.Lookup(o, s.name, nil)
	holder := s.holder
	if holder == nil {
		holder = o
	}
	if err != nil || !ok || hit.Holder != holder || hit.Index != int(s.index) {
		panic("inline cache of ." + s.name.String() + " is wrong")
	}
	if s.code != nil && hit.Value.Kind() == image.KindMethod && hit.Value.Method() != s.method {
		panic("inline cache of ." + s.name.String() + " has another method")
	}
}

// lookup finds the slot that a site names, from o on, by its cache or in full.
func (m *Machine) lookup(s *site, o *image.Object) (holder *image.Object, index int, ok bool, err error) {
	h := m.Heap
	if err := h.Read(&o.Entity); err != nil {
		return nil, 0, false, err
	}
	if s.shape == o.Shape {
		if s.holder == nil {
			return o, int(s.index), true, nil
		}
		if s.stamp == h.Stamp() {
			return s.holder, int(s.index), true, nil
		}
		if s.epoch == h.Epoch() {
			same, err := h.RecordReads(s.walked)
			if err != nil {
				return nil, 0, false, err
			}
			if same {
				s.stamp = h.Stamp()
				return s.holder, int(s.index), true, nil
			}
		}
	}
	*s = site{name: s.name, mode: s.mode, nargs: s.nargs, names: s.names, walked: s.walked[:0]}
	// A miss costs no fuel, since an earlier run may have filled the cache.
	hit, ok, err := h.Lookup(o, s.name, &s.walked)
	if err != nil || !ok {
		return nil, 0, false, slotError(err)
	}
	s.shape, s.index = o.Shape, int32(hit.Index)
	if hit.Holder != o {
		s.holder, s.stamp, s.epoch = hit.Holder, h.Stamp(), h.Epoch()
	}
	return hit.Holder, hit.Index, true, nil
}

// send does opSend off the fast path.
func (m *Machine) send(f *activation, in instr) error {
	s := &f.code.sites[in.d()]
	receiver := m.stack[f.base+int(in.c())]
	at := f.base + int(in.b()) + 1
	n, names, err := m.spread(s, at)
	if err != nil {
		return err
	}
	m.stack[at-1] = receiver
	return m.sendTo(s, s.name, receiver, at, n, names)
}

// sendTo sends a message whose arguments lie from at on. s is nil for a send
// without a site.
func (m *Machine) sendTo(s *site, name image.Symbol, receiver Value, at, n int, names []string) error {
	if receiver.IsObject() {
		return m.sendObject(s, name, receiver.Object(), at, n, names)
	}
	if s == nil {
		s = &site{name: name}
	}
	return m.sendValue(s, receiver, at, n, names)
}

func (m *Machine) sendObject(s *site, name image.Symbol, o *image.Object, at, n int, names []string) error {
	if s == nil {
		s = &site{name: name, mode: argsSpread}
	}
	holder, index, ok, err := m.lookup(s, o)
	if err != nil {
		return err
	}
	if !ok {
		return m.notUnderstood(o, name, at, n, names)
	}
	v := holder.Slots[index]
	if v.Kind() != image.KindMethod {
		if err := m.checkSlotCallable(o, name, v); err != nil {
			return err
		}
		return m.call(v, at, n, names)
	}
	code, err := m.codeOf(v.Method())
	if err != nil {
		return err
	}
	if s.mode == argsFixed && code.simple && n+1 <= code.pos && n+1 >= code.filled {
		s.code, s.method = code, v.Method()
	} else {
		s.code = nil
	}
	m.stack[at-1] = o.Value()
	return m.activate(code, at-1, n+1, names, nil, holder)
}

func (m *Machine) checkSlotCallable(o *image.Object, name image.Symbol, v Value) error {
	if m.callable(v) {
		return nil
	}
	return Raise(TypeError, "'%s' object is not callable: slot '%s' of %s holds data", typeName(v), name, m.describe(o))
}

// notUnderstood sends doesNotUnderstand_ with a message object in place of a
// send that found no slot.
func (m *Machine) notUnderstood(o *image.Object, name image.Symbol, at, n int, names []string) error {
	if err := refusedName(name.String()); err != nil {
		return err
	}
	if name == symDoesNotUnderstand || m.Host.NewMessage == nil {
		return Raise(NotUnderstood, "%s does not understand '%s'", m.describe(o), name)
	}
	hook := site{name: symDoesNotUnderstand}
	if _, _, ok, err := m.lookup(&hook, o); err != nil || !ok {
		if err != nil {
			return err
		}
		return Raise(NotUnderstood, "%s does not understand '%s', nor doesNotUnderstand_", m.describe(o), name)
	}
	a := Args{Name: name.String(), Self: o.Value(), Pos: append([]Value(nil), m.stack[at:at+n]...), Names: names,
		Kw: append([]Value(nil), m.stack[at+n:at+n+len(names)]...)}
	msg, err := m.Host.NewMessage(o, name, &a)
	if err != nil {
		return err
	}
	m.stack[at] = msg
	return m.sendObject(nil, symDoesNotUnderstand, o, at, 1, nil)
}

// superSend does opSuperSend: the look-up starts at the parents of the object
// that holds the running method; self stays the receiver.
func (m *Machine) superSend(f *activation, in instr) error {
	s := &f.code.sites[in.d()]
	at := f.base + int(in.b()) + 1
	n, names, err := m.spread(s, at)
	if err != nil {
		return err
	}
	self, v, holder, err := m.lookupAbove(f, s)
	if err != nil {
		return err
	}
	m.stack[at-1] = self
	if v.Absent() {
		// Not a question for a mind: a method written for self would not be
		// where super() looks, and so be asked for again for ever.
		return Raise(NotUnderstood, "super().%s(): no parent of the object that holds this method understands %s; send it to self, or write it in a parent", s.name, s.name)
	}
	if v.Kind() != image.KindMethod {
		if err := m.checkSlotCallable(self.Object(), s.name, v); err != nil {
			return err
		}
		return m.call(v, at, n, names)
	}
	code, err := m.codeOf(v.Method())
	if err != nil {
		return err
	}
	return m.activate(code, at-1, n+1, names, nil, holder)
}

// lookupAbove finds what super() means at a site; v is absent when there is
// nothing.
func (m *Machine) lookupAbove(f *activation, s *site) (self, v Value, holder *image.Object, err error) {
	origin := f.holder
	self = m.selfOf(f)
	if origin == nil || !self.IsObject() {
		return self, v, nil, Raise(RuntimeError, "super(): this code is not running as a method of an object")
	}
	h := m.Heap
	if s.origin == origin && s.shape == origin.Shape && s.stamp == h.Stamp() && h.Readable(&origin.Entity) {
		return self, s.holder.Slots[s.index], s.holder, nil
	}
	hit, ok, err := h.LookupAbove(origin, s.name, nil)
	if err != nil || !ok {
		s.origin = nil
		return self, Value{}, nil, slotError(err)
	}
	s.origin, s.shape, s.stamp = origin, origin.Shape, h.Stamp()
	s.holder, s.index = hit.Holder, int32(hit.Index)
	return self, hit.Value, hit.Holder, nil
}

func (m *Machine) superGet(f *activation, s *site) (Value, error) {
	self, v, holder, err := m.lookupAbove(f, s)
	if err != nil {
		return v, err
	}
	if v.Absent() {
		return v, m.noSlot(self.Object(), s.name.String())
	}
	return m.slotValue(self, v, holder, s.name)
}

// sendValue sends to a value that is no object of the image.
func (m *Machine) sendValue(s *site, receiver Value, at, n int, names []string) error {
	k := receiver.Kind()
	if k >= KindHost {
		if m.Host.SendProxy == nil {
			return Raise(TypeError, "'%s' object understands no messages", typeName(receiver))
		}
		a := Args{Name: s.name.String(), Self: receiver, Pos: m.stack[at : at+n], Names: names,
			Kw: m.stack[at+n : at+n+len(names)]}
		v, err := m.Host.SendProxy(m, receiver, s.name, &a)
		if err != nil {
			return err
		}
		return m.deliver(v)
	}
	if native, ok := m.method(receiver, s.name); ok {
		// Values of these kinds differ in their methods.
		if k != KindModule && k != KindType && k != KindExtra && k != KindIter && s.mode == argsFixed && native.direct() {
			s.kind, s.native = k, native
		}
		return m.callNative(native, receiver, at, n, names)
	}
	v, err := m.getAttr(receiver, &site{name: s.name})
	if err != nil {
		return err
	}
	return m.call(v, at, n, names)
}

// method finds a method of a builtin type.
func (m *Machine) method(v Value, name image.Symbol) (*NativeFunction, bool) {
	if v.Kind() == KindGenerator {
		fn, ok := generatorMethods[name]
		return fn, ok
	}
	return methodOf(v, name)
}

// functionAttribute reads an attribute of a function of the language.
func functionAttribute(x Value, name image.Symbol) (Value, bool) {
	if x.Kind() != KindFunction {
		return Value{}, false
	}
	code := functionOf(x).Code
	switch name.String() {
	case "__name__":
		return image.NewStr(code.name), true
	case "__doc__":
		if code.doc == "" {
			return image.None(), true
		}
		return image.NewStr(code.doc), true
	}
	return Value{}, false
}
