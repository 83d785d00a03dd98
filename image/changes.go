package image

import (
	"slices"
	"strconv"

	"batos/store"
)

// change is an entity that a commit writes, with what differs from before.
type change struct {
	e       *Entity
	b       *before
	set     []Symbol // slots of an object that were added or have another value
	removed []Symbol
}

func (c *change) slotNames() []string {
	if len(c.set)+len(c.removed) == 0 {
		return nil
	}
	names := make([]string, 0, len(c.set)+len(c.removed))
	for _, s := range c.set {
		names = append(names, s.String())
	}
	for _, s := range c.removed {
		names = append(names, s.String())
	}
	return names
}

// changes finds the persistent entities whose content is not what it was. A
// slot that was written with the value it had is no change.
func (h *Heap) changes() []change {
	var list []change
	for i := range h.tx.before {
		b := &h.tx.before[i]
		if b.e.oid == 0 || b.e.isNew() && b.e.oid != RootsOID || !b.differs() {
			continue
		}
		c := change{e: b.e, b: b}
		if b.e.kind == KindObject {
			c.set, c.removed = b.slotChanges(b.e.value().Object())
		}
		list = append(list, c)
	}
	return list
}

func (b *before) differs() bool {
	switch v := b.e.value(); b.e.kind {
	case KindObject:
		return !b.shape.same(v.Object().Shape) || !sameValues(b.values, v.Object().Slots)
	case KindList:
		return !sameValues(b.values, v.List().Items)
	case KindDict:
		return !v.Dict().t.sameAs(b.entries, b.live)
	default:
		return !v.Set().t.sameAs(b.entries, b.live)
	}
}

func (b *before) slotChanges(o *Object) (set, removed []Symbol) {
	for i, name := range o.Shape.names {
		at := i
		if b.shape != o.Shape {
			at = b.shape.Find(name)
		}
		if at < 0 || !sameStored(b.values[at], o.Slots[i]) {
			set = append(set, name)
		}
	}
	if b.shape != o.Shape {
		for _, name := range b.shape.names {
			if o.Shape.Find(name) < 0 {
				removed = append(removed, name)
			}
		}
	}
	return set, removed
}

func sameValues(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameStored(a[i], b[i]) {
			return false
		}
	}
	return true
}

// sameAs compares with earlier entries, in order.
func (t *table) sameAs(entries []entry, live int) bool {
	if t.live != live {
		return false
	}
	j := 0
	for i := range t.entries {
		e := &t.entries[i]
		if e.key.Absent() {
			continue
		}
		for entries[j].key.Absent() {
			j++
		}
		if !sameStored(e.key, entries[j].key) || !sameStored(e.val, entries[j].val) {
			return false
		}
		j++
	}
	return true
}

// sameStored says that two values would be stored alike. It may say false of
// equal frozensets and large tuples, which it does not walk.
func sameStored(a, b Value) bool {
	if a.Same(b) {
		return true
	}
	k := a.Kind()
	if k != b.Kind() {
		return false
	}
	switch k {
	case KindStr:
		return a.Str() == b.Str()
	case KindBytes:
		return a.Bytes() == b.Bytes()
	case KindBig:
		return a.Big().Cmp(b.Big()) == 0
	case KindBlob:
		return a.Blob().Hash == b.Blob().Hash && a.Blob().Size == b.Blob().Size
	case KindMethod:
		return a.Method().sameAs(b.Method())
	case KindTuple:
		look := 100
		return sameTuples(a.Tuple(), b.Tuple(), &look)
	}
	return false
}

// sameTuples looks at a bounded number of items, since tuples that share
// tuples can have very many.
func sameTuples(a, b []Value, look *int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if *look--; *look < 0 {
			return false
		}
		if a[i].Kind() == KindTuple && b[i].Kind() == KindTuple {
			if !a[i].Same(b[i]) && !sameTuples(a[i].Tuple(), b[i].Tuple(), look) {
				return false
			}
		} else if !sameStored(a[i], b[i]) {
			return false
		}
	}
	return true
}

func (m *Method) sameAs(other *Method) bool {
	if m.Source != other.Source || len(m.Facts) != len(other.Facts) {
		return false
	}
	for key, fact := range m.Facts {
		if f, ok := other.Facts[key]; !ok || f != fact {
			return false
		}
	}
	return true
}

// ChangedObject tells what a commit did to an object, for those who watch it.
type ChangedObject struct {
	OID     store.OID
	Created bool     // all slots are new
	Slots   []Symbol // set, or holding a container that changed in place
	Removed []Symbol
}

// LastCommit tells what the last Commit changed, in oid order; it is valid
// until the next Begin. A list, dict or set that changed in place counts as a
// change of the slots that own it, as far as the transaction has seen them: it
// looks at what was read, and at the slot that the container was last loaded
// from or stored into.
func (h *Heap) LastCommit() []ChangedObject { return h.last }

// tell fills LastCommit.
func (h *Heap) tell(changes []change, created []*Entity) {
	var touched map[*Entity]bool
	for i := range changes {
		c := &changes[i]
		if c.e.kind == KindObject {
			h.last = append(h.last, ChangedObject{OID: c.e.oid, Slots: c.set, Removed: c.removed})
			continue
		}
		if touched == nil {
			touched = map[*Entity]bool{}
		}
		touched[c.e] = true
	}
	for _, e := range created {
		if e.kind == KindObject {
			h.last = append(h.last, ChangedObject{OID: e.oid, Created: true, Slots: e.value().Object().Shape.names})
		}
	}
	if touched != nil {
		h.tellOwners(touched)
	}
	slices.SortFunc(h.last, func(a, b ChangedObject) int {
		if a.OID < b.OID {
			return -1
		}
		return 1
	})
}

// tellOwners reports the slots that own containers that changed.
func (h *Heap) tellOwners(touched map[*Entity]bool) {
	for e := range touched {
		h.tellHints(e)
	}
	// A container that holds a touched one is touched as well.
	for grew := true; grew; {
		grew = false
		for _, e := range h.tx.reads {
			if e.kind != KindObject && !touched[e] && !e.isGhost() && holds(e, touched) {
				touched[e], grew = true, true
			}
		}
	}
	for _, e := range h.tx.reads {
		if e.kind != KindObject || e.isGhost() {
			continue
		}
		o := e.value().Object()
		for i, slot := range o.Slots {
			if valueHolds(slot, touched) {
				h.tellSlot(o.oid, o.Shape.names[i])
			}
		}
	}
}

func holds(e *Entity, touched map[*Entity]bool) (found bool) {
	eachReference(e, func(r *Entity) { found = found || touched[r] })
	return found
}

func valueHolds(v Value, touched map[*Entity]bool) (found bool) {
	switch v.Kind() {
	case KindList, KindDict, KindSet:
		return touched[v.Entity()]
	case KindTuple:
		referencesIn(v, func(r *Entity) { found = found || touched[r] })
	}
	return found
}

// tellHints follows the hints from a container up to the object that owns it.
func (h *Heap) tellHints(e *Entity) {
	for range 100 {
		hint := e.owner()
		holder := h.cache.table[hint.holder]
		if holder == nil || holder.isNew() {
			return
		}
		one := map[*Entity]bool{e: true}
		if holder.kind != KindObject {
			if !holder.isGhost() && !holds(holder, one) {
				return
			}
			e = holder
			continue
		}
		if o := holder.value().Object(); !o.isGhost() {
			at := o.Shape.Find(hint.slot)
			if at < 0 || !valueHolds(o.Slots[at], one) {
				return
			}
		}
		h.tellSlot(holder.oid, hint.slot)
		return
	}
}

func (h *Heap) tellSlot(oid store.OID, slot Symbol) {
	for i := range h.last {
		c := &h.last[i]
		if c.OID == oid {
			if !c.Created && !slices.Contains(c.Slots, slot) {
				c.Slots = append(c.Slots, slot)
			}
			return
		}
	}
	h.last = append(h.last, ChangedObject{OID: oid, Slots: []Symbol{slot}})
}

// stepTo writes the step from an entity to a value that it holds: a slot's
// name, an index, a key.
func stepTo(e *Entity, v Value) string {
	switch at := e.value(); e.kind {
	case KindObject:
		o := at.Object()
		for i, slot := range o.Slots {
			if step, ok := stepIn(slot, v); ok {
				return o.Shape.names[i].String() + step
			}
		}
	case KindList:
		step, _ := stepIn(NewTuple(at.List().Items), v)
		return step
	case KindDict:
		for _, entry := range at.Dict().t.entries {
			for _, side := range [2]Value{entry.key, entry.val} {
				if step, ok := stepIn(side, v); ok {
					return "[" + keyText(entry.key) + "]" + step
				}
			}
		}
	}
	return "[..]"
}

func stepIn(in, v Value) (string, bool) {
	if in.Same(v) {
		return "", true
	}
	switch in.Kind() {
	case KindTuple:
		for i, item := range in.Tuple() {
			if step, ok := stepIn(item, v); ok {
				return "[" + strconv.Itoa(i) + "]" + step, true
			}
		}
	case KindFrozenSet:
		for _, entry := range in.Set().t.entries {
			if step, ok := stepIn(entry.key, v); ok {
				return "[..]" + step, true
			}
		}
	}
	return "", false
}

func keyText(key Value) string {
	switch key.Kind() {
	case KindStr:
		return strconv.Quote(key.Str())
	case KindInt, KindBig:
		return BigOf(key).Text(10)
	}
	return ".."
}
