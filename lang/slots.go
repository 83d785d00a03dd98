package lang

import (
	"errors"
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// The slots of objects, as reads, writes and names see them, and the attributes of
// all other values.

var (
	symNothing           = image.Intern("\x00")
	symDoesNotUnderstand = image.Intern("doesNotUnderstand_")
	symChanged           = image.Intern("_p_changed")
	symOID               = image.Intern("_p_oid")
	symIter              = image.Intern("__iter__")
	symNext              = image.Intern("__next__")
	symEnter             = image.Intern("__enter__")
)

// getAttr reads an attribute of any value.
func (m *Machine) getAttr(x Value, s *site) (Value, error) {
	if x.IsObject() {
		o := x.Object()
		holder, index, ok, err := m.lookup(s, o)
		if err != nil {
			return Value{}, err
		}
		if !ok {
			return m.pseudoSlot(o, s.name)
		}
		return m.slotValue(x, holder.Slots[index], holder, s.name)
	}
	if x.Kind() >= KindHost {
		return Value{}, Raise(AttributeError, "'%s' has no slots to read; send it a message: .%s(...)", typeName(x), s.name)
	}
	if v, ok := functionAttribute(x, s.name); ok {
		return v, nil
	}
	if x.Kind() == KindNative {
		if name, ok := writtenAttributes[nativeOf(x).written][s.name.String()]; ok {
			return writtenFunction(name).Value(), nil
		}
	}
	if v, ok, err := attributeOf(x, s.name.String()); ok || err != nil {
		return v, err
	}
	if native, ok := m.method(x, s.name); ok {
		if err := m.Charge(boundBytes); err != nil {
			return Value{}, err
		}
		bound := *native
		bound.Self = x
		return bound.Value(), nil
	}
	return Value{}, m.noAttribute(x, s.name.String())
}

func init() { // the names that functionAttribute and writtenAttributes know
	image.Intern("__name__")
	image.Intern("__doc__")
	for _, names := range writtenAttributes {
		for name := range names {
			image.Intern(name)
		}
	}
}

func (m *Machine) noAttribute(x Value, name string) error {
	switch x.Kind() {
	case KindType:
		return Raise(AttributeError, "type object '%s' has no attribute '%s'", typeValueOf(x).Name, name)
	case KindModule:
		return Raise(AttributeError, "module '%s' has no attribute '%s'", (*Module)(x.Pointer()).Name, name)
	}
	return Raise(AttributeError, "'%s' object has no attribute '%s'", typeName(x), name)
}

// slotValue is what reading a slot gives: a method comes with its receiver.
func (m *Machine) slotValue(self, v Value, holder *image.Object, name image.Symbol) (Value, error) {
	if v.Kind() != image.KindMethod {
		return v, nil
	}
	if err := m.Charge(boundBytes); err != nil {
		return Value{}, err
	}
	b := &Bound{Header: image.NewHeader(KindBound), Self: self, Method: v.Method(), Holder: holder, Name: name}
	return b.Value(), nil
}

// pseudoSlot gives the few names that every object answers without a slot.
func (m *Machine) pseudoSlot(o *image.Object, name image.Symbol) (Value, error) {
	switch name {
	case symChanged:
		return image.Bool(false), nil
	case symOID:
		if o.OID() == 0 {
			return image.None(), nil
		}
		return image.Int(int64(o.OID())), nil
	}
	if err := refusedName(name.String()); err != nil {
		return Value{}, err
	}
	return Value{}, m.noSlot(o, name.String())
}

// protocols are the names with two underscores that slots may have, because
// for and with send them.
var protocols = map[string]bool{"__iter__": true, "__next__": true, "__enter__": true, "__exit__": true}

// refusedName says why a name that looks like Python's machinery means nothing
// here.
func refusedName(s string) error {
	if strings.HasPrefix(s, "_p_") {
		return Raise(AttributeError, "'%s' is not available: of the names that begin with _p_ only _p_changed and _p_oid are", s)
	}
	if strings.HasPrefix(s, "__") && strings.HasSuffix(s, "__") && len(s) > 4 && !protocols[s] {
		return Raise(AttributeError, "'%s' is not available on objects: state and behaviour are slots; see mirror(obj)", s)
	}
	return nil
}

// setAttr writes an attribute.
func (m *Machine) setAttr(x Value, s *site, v Value) error {
	if !x.IsObject() {
		return setAttributeOf(x, s.name, v)
	}
	o := x.Object()
	if s.name == symChanged {
		return nil
	}
	if err := refusedName(s.name.String()); err != nil {
		return err
	}
	if err := m.setSlot(o, s.name, v); err != nil {
		return err
	}
	if i := o.Shape.Find(s.name); i >= 0 && !s.name.IsParent() && s.holder == nil {
		s.shape, s.index = o.Shape, int32(i)
	}
	return nil
}

func (m *Machine) setSlot(o *image.Object, name image.Symbol, v Value) error {
	if err := m.Heap.Read(&o.Entity); err != nil {
		return err
	}
	// Only a new slot costs memory: a cached write charges nothing either.
	if o.Shape.Find(name) < 0 {
		if err := m.Charge(slotBytes); err != nil {
			return err
		}
	}
	return slotError(m.Heap.SetSlot(o, name, v))
}

// slotError is languageError for writes to slots: what a slot cannot hold is a
// SlotError.
func slotError(err error) error {
	for _, e := range []error{image.ErrCycle, image.ErrNotAParent, image.ErrAncestors} {
		if errors.Is(err, e) {
			return Raise(SlotError, "%s", err.Error())
		}
	}
	return languageError(err)
}

func (m *Machine) delAttr(x Value, name image.Symbol) error {
	if !x.IsObject() {
		return m.noAttribute(x, name.String())
	}
	if err := refusedName(name.String()); err != nil {
		return err
	}
	return m.removeSlot(x.Object(), name)
}

func (m *Machine) removeSlot(o *image.Object, name image.Symbol) error {
	if err := m.Heap.Read(&o.Entity); err != nil {
		return err
	}
	if o.Shape.Find(name) < 0 {
		return m.noSlot(o, name.String())
	}
	return slotError(m.Heap.RemoveSlot(o, name))
}

// incAttr does obj.name op= y off the fast path.
func (m *Machine) incAttr(f *activation, in instr, y Value) error {
	s := &f.code.sites[in.d()]
	obj := m.stack[f.base+int(in.a())]
	var x Value
	var err error
	if obj.IsObject() {
		// The write below may give the object the slot itself, so the cache is
		// kept for own slots only, which the fast path then uses.
		x, err = m.getAttr(obj, s)
		if s.holder != nil {
			s.shape, s.holder = nil, nil
		}
	} else {
		x, err = m.getAttr(obj, &site{name: s.name})
	}
	if err != nil {
		return err
	}
	v, err := m.operate(syntax.BinaryOp(in.c()), x, y, true)
	if err == errCollect {
		return m.callWritten("extend", x, y)
	}
	if err != nil {
		return err
	}
	if err := m.setAttr(obj, s, v); err != nil {
		return err
	}
	f.pc++
	return nil
}

// The slots of an object by name, for names that are no identifiers.

func slotKey(key Value) (string, error) {
	if key.Kind() != image.KindStr {
		return "", Raise(TypeError, "slots are named by text, not '%s'", typeName(key))
	}
	if key.Str() == "" {
		return "", Raise(ValueError, "a slot's name cannot be empty")
	}
	return key.Str(), nil
}

// getNamed is getAttr for a name that the program has computed.
func (m *Machine) getNamed(x Value, name string) (Value, error) {
	if sym, ok := image.Interned(name); ok {
		return m.getAttr(x, &site{name: sym})
	}
	if !x.IsObject() {
		// It may be an attribute still, such as real of an int: only what is
		// found by symbol is interned from the start. Interning name would keep
		// for ever what a program makes up.
		if x.Kind() < KindHost {
			if v, ok, err := attributeOf(x, name); ok || err != nil {
				return v, err
			}
		}
		return Value{}, m.noAttribute(x, name)
	}
	if err := refusedName(name); err != nil {
		return Value{}, err
	}
	// Nothing anywhere has a slot of this name. Looking for one that nothing has
	// either records what was read.
	if _, _, err := m.Heap.Lookup(x.Object(), symNothing, nil); err != nil {
		return Value{}, slotError(err)
	}
	return Value{}, m.noSlot(x.Object(), name)
}

func (m *Machine) getSlotItem(o *image.Object, key Value) (Value, error) {
	name, err := slotKey(key)
	if err != nil {
		return Value{}, err
	}
	return m.getNamed(o.Value(), name)
}

func (m *Machine) setSlotItem(o *image.Object, key, v Value) error {
	name, err := slotKey(key)
	if err != nil {
		return err
	}
	return m.setAttr(o.Value(), &site{name: image.Intern(name)}, v)
}

func (m *Machine) delSlotItem(o *image.Object, key Value) error {
	name, err := slotKey(key)
	if err != nil {
		return err
	}
	return m.delAttr(o.Value(), image.Intern(name))
}

// noSlot says that a slot is missing, and which name may have been meant.
func (m *Machine) noSlot(o *image.Object, name string) error {
	hint := ""
	if near := m.nearestSlot(o, name); near != "" {
		hint = "; did you mean '" + near + "'?"
	}
	return Raise(SlotError, "%s has no slot '%s'%s", m.describe(o), name, hint)
}

// describe names an object in messages.
func (m *Machine) describe(o *image.Object) string {
	if o.OID() == 0 {
		return "a new UvmObject"
	}
	return "UvmObject " + o.OID().String()
}

// nearestSlot finds the slot whose name is the fewest edits away, at most two
// and less than half the name.
func (m *Machine) nearestSlot(o *image.Object, name string) string {
	best, bestAt := "", min(3, (len(name)+1)/2)
	seen := map[*image.Object]bool{}
	var visit func(o *image.Object)
	visit = func(o *image.Object) {
		if seen[o] || len(seen) > 64 || m.Heap.Read(&o.Entity) != nil {
			return
		}
		seen[o] = true
		for _, s := range o.Shape.Names() {
			if d := editDistance(name, s.String(), bestAt); d < bestAt {
				best, bestAt = s.String(), d
			}
		}
		for _, p := range o.Shape.Parents() {
			visit(p)
		}
	}
	visit(o)
	return best
}

// editDistance is Levenshtein's, given up from limit on.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 64 || len(b) > 64 {
		return limit
	}
	var row [65]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

func siteOf(name string) site { return site{name: image.Intern(name)} }
