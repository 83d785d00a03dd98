package uvm

import (
	"errors"
	"strings"

	"batos/image"
	"batos/lang"
	"batos/lang/syntax"
	"batos/store"
)

// A mirror shows an object without sending it anything (Bracha and Ungar,
// "Mirrors: Design Principles for Meta-level Facilities of Object-Oriented
// Programming Languages", 2004). It gives no right that a reference to the
// object does not give.
//
//	identity()            "@42 genesis_obj"
//	describe()            the object and its slots as text
//	line(name)            one slot of it or of a parent as a line of text
//	names()               of its own slots
//	slots()               its own slots: name, kind, type, repr, value; signature of a method
//	inherited()           the same of what it reaches through parents, nearest first
//	parents()             the objects it delegates to
//	understands(name)     whether name is a slot of it or of a parent
//	holder(name)          the object that holds the slot, or None
//	value(name)           the slot's value, a method not bound
//	source(name)          a method's text
//	facts(name)           where a method comes from, as a dict; provenance(name)
//	                      is the same
//	references()          the objects that refer to it, as of the message's
//	                      snapshot, at most 1,000; those that hold it in a list,
//	                      dict or set are named by what holds that
//	history()             who changed it when and why, newest first: tid, time,
//	                      author, why, slots
//	setSlot(name, value)  sets one of its own
//	removeSlot(name)      removes one of its own
//	copy()                a shallow copy
func (w *worker) sendMirror(m *lang.Machine, o *image.Object, selector string, a *lang.Args) (image.Value, error) {
	arity := map[string]int{
		"identity": 0, "describe": 0, "names": 0, "slots": 0, "inherited": 0, "parents": 0, "copy": 0, "history": 0, "references": 0,
		"line": 1, "understands": 1, "holder": 1, "value": 1, "source": 1, "facts": 1, "provenance": 1, "removeSlot": 1, "setSlot": 2,
	}
	want, known := arity[selector]
	if !known {
		return image.Value{}, lang.Raise(lang.SlotError, "a mirror does not understand %s; it understands identity, describe, line, names, slots, inherited, parents, understands, holder, value, source, facts, provenance, history, references, setSlot, removeSlot, copy", selector)
	}
	if len(a.Pos) != want || len(a.Names) > 0 {
		return image.Value{}, typeError("%s() of a mirror takes %d arguments", selector, want)
	}
	var name image.Symbol
	if want > 0 {
		if a.Pos[0].Kind() != image.KindStr {
			return image.Value{}, typeError("a slot's name is a str, not %v", a.Pos[0].Kind())
		}
		name = image.Intern(a.Pos[0].Str())
	}
	if err := w.heap.Read(&o.Entity); err != nil {
		return image.Value{}, err
	}
	if err := m.Work(int64(len(o.Slots))); err != nil {
		return image.Value{}, err
	}
	switch selector {
	case "identity":
		return image.NewStr(w.identity(o)), nil
	case "describe":
		return w.describeText(m, o)
	case "names":
		items := make([]image.Value, 0, o.Shape.Len())
		for _, n := range o.Shape.Names() {
			items = append(items, image.NewStr(n.String()))
		}
		return w.newList(m, items)
	case "slots":
		return w.slotList(m, o, nil)
	case "inherited":
		return w.inheritedList(m, o)
	case "parents":
		var items []image.Value
		for _, p := range o.Shape.Parents() {
			items = append(items, p.Value())
		}
		return w.newList(m, items)
	case "history":
		return w.history(m, o)
	case "references":
		return w.references(m, o)
	case "copy":
		if err := m.Charge(int64(96 + 16*len(o.Slots))); err != nil {
			return image.Value{}, err
		}
		c, err := w.heap.Clone(o)
		if err != nil {
			return image.Value{}, err
		}
		return c.Value(), nil
	case "understands":
		_, ok, err := w.heap.Lookup(o, name, nil)
		return image.Bool(ok), err
	case "holder":
		hit, ok, err := w.heap.Lookup(o, name, nil)
		if err != nil || !ok {
			return image.None(), err
		}
		return hit.Holder.Value(), nil
	case "setSlot":
		if err := m.Charge(32); err != nil {
			return image.Value{}, err
		}
		return image.None(), slotTrouble(w.heap.SetSlot(o, name, a.Pos[1]))
	case "removeSlot":
		return image.None(), slotTrouble(w.heap.RemoveSlot(o, name))
	}
	// value, source, facts
	hit, ok, err := w.heap.Lookup(o, name, nil)
	if err != nil {
		return image.Value{}, err
	}
	if !ok {
		return image.Value{}, lang.Raise(lang.SlotError, "%s has no slot '%s'", w.identity(o), name)
	}
	if selector == "line" {
		text, err := slotLine(w.heap, name, hit.Value)
		if err == nil {
			err = m.Charge(int64(len(text)))
		}
		return image.NewStr(text), err
	}
	if selector == "value" {
		return hit.Value, nil
	}
	if hit.Value.Kind() != image.KindMethod {
		return image.Value{}, typeError("slot '%s' of %s holds no method", name, w.identity(o))
	}
	if selector == "source" {
		return image.NewStr(hit.Value.Method().Source), nil
	}
	facts := w.heap.NewDict()
	for _, key := range sortedKeys(hit.Value.Method().Facts) {
		if err := facts.Set(image.NewStr(key), image.NewStr(hit.Value.Method().Facts[key])); err != nil {
			return image.Value{}, err
		}
	}
	return facts.Value(), nil
}

// maxReferences bounds what references tells.
const maxReferences = 1000

// references lists the objects that refer to o, as of the message's snapshot:
// what this message has changed does not count yet.
func (w *worker) references(m *lang.Machine, o *image.Object) (image.Value, error) {
	var items []image.Value
	index, ok := w.m.store.(store.Referrers)
	if !ok {
		return image.Value{}, lang.Raise(lang.RuntimeError, "the store of this image keeps no index of references")
	}
	if isNew(o) {
		return w.newList(m, items)
	}
	seen := map[store.OID]bool{o.OID(): true}
	for queue := []store.OID{o.OID()}; len(queue) > 0 && len(items) < maxReferences; queue = queue[1:] {
		var trouble error
		err := index.Referrers(queue[0], w.heap.Snapshot(), func(source store.OID) bool {
			if seen[source] || source == image.RootsOID {
				return true
			}
			seen[source] = true
			if trouble = m.Work(200); trouble != nil {
				return false
			}
			holder, err := w.heap.Object(source)
			switch {
			case errors.Is(err, store.ErrNotFound): // a list, dict or set: who holds it?
				queue = append(queue, source)
			case err != nil:
				trouble = err
			default:
				items = append(items, holder.Value())
			}
			return trouble == nil && len(items) < maxReferences
		})
		if err == nil {
			err = trouble
		}
		if err != nil {
			return image.Value{}, err
		}
	}
	return w.newList(m, items)
}

// maxHistory bounds what history tells.
const maxHistory = 50

// history tells of the transactions that wrote o, as of the message's snapshot.
func (w *worker) history(m *lang.Machine, o *image.Object) (image.Value, error) {
	var items []image.Value
	if isNew(o) {
		return w.newList(m, items)
	}
	var trouble error
	err := w.m.store.History(o.OID(), func(r store.Record) bool {
		if r.TID > w.heap.Snapshot() {
			return true
		}
		if trouble = m.Work(200); trouble != nil {
			return false
		}
		if trouble = m.Charge(1024); trouble != nil {
			return false
		}
		t, err := w.m.store.Transaction(r.TID)
		if err != nil {
			trouble = err
			return false
		}
		var slots []any
		for _, c := range t.Changes {
			for _, s := range c.Slots {
				if c.OID == o.OID() {
					slots = append(slots, s)
				}
			}
		}
		entry := &image.Map{}
		entry.Put("tid", int64(r.TID))
		entry.Put("time", float64(t.Provenance.Time.UnixNano())/1e9)
		entry.Put("author", t.Provenance.Author)
		entry.Put("why", t.Provenance.Why)
		entry.Put("slots", slots)
		v, err := w.heap.Import(entry)
		trouble = err
		items = append(items, v)
		return err == nil && len(items) < maxHistory
	})
	if err == nil {
		err = trouble
	}
	if err != nil {
		return image.Value{}, err
	}
	return w.newList(m, items)
}

// slotTrouble turns what the image refuses into an exception a program can see.
func slotTrouble(err error) error {
	if err != nil && refusedSlot(err) {
		return lang.Raise(lang.ValueError, "%s", err)
	}
	return err
}

func (w *worker) newList(m *lang.Machine, items []image.Value) (image.Value, error) {
	if err := m.Charge(int64(64 + 16*len(items))); err != nil {
		return image.Value{}, err
	}
	return w.heap.NewList(items).Value(), nil
}

// slotList describes the own slots of o that are not hidden.
func (w *worker) slotList(m *lang.Machine, o *image.Object, hidden map[image.Symbol]bool) (image.Value, error) {
	items, err := w.slotDicts(m, o, hidden)
	if err != nil {
		return image.Value{}, err
	}
	return w.newList(m, items)
}

func (w *worker) inheritedList(m *lang.Machine, o *image.Object) (image.Value, error) {
	hidden := map[image.Symbol]bool{}
	for _, n := range o.Shape.Names() {
		hidden[n] = true
	}
	var items []image.Value
	err := ancestors(w.heap, o, func(p *image.Object) error {
		more, err := w.slotDicts(m, p, hidden)
		items = append(items, more...)
		for _, n := range p.Shape.Names() {
			hidden[n] = true
		}
		return err
	})
	if err != nil {
		return image.Value{}, err
	}
	return w.newList(m, items)
}

// ancestors walks what o delegates to in the order of look-ups, each once.
func ancestors(h *image.Heap, o *image.Object, visit func(*image.Object) error) error {
	seen := map[*image.Object]bool{o: true}
	var walk func(*image.Object) error
	walk = func(o *image.Object) error {
		for _, p := range o.Shape.Parents() {
			if seen[p] {
				continue
			}
			seen[p] = true
			if err := h.Read(&p.Entity); err != nil {
				return err
			}
			if err := visit(p); err != nil {
				return err
			}
			if err := walk(p); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(o)
}

func (w *worker) slotDicts(m *lang.Machine, o *image.Object, hidden map[image.Symbol]bool) ([]image.Value, error) {
	var items []image.Value
	for i, name := range o.Shape.Names() {
		if hidden[name] {
			continue
		}
		v := o.Slots[i]
		d := w.heap.NewDict()
		text := w.repr(v, 120)
		kind := slotKind(name, v)
		if err := m.Charge(int64(512 + len(text))); err != nil {
			return nil, err
		}
		if err := m.Work(20); err != nil {
			return nil, err
		}
		put := func(key string, v image.Value) { _ = d.Set(image.NewStr(key), v) } // a text key never fails
		put("name", image.NewStr(name.String()))
		put("kind", image.NewStr(kind))
		put("type", image.NewStr(v.Kind().String()))
		put("repr", image.NewStr(text))
		put("value", v)
		if kind == "method" {
			put("signature", image.NewStr(signature(v.Method().Source)))
		}
		items = append(items, d.Value())
	}
	return items, nil
}

// slotKind is the kind of a slot as people see it.
func slotKind(name image.Symbol, v image.Value) string {
	switch {
	case name.IsParent():
		return "parent"
	case v.Kind() == image.KindMethod:
		return "method"
	case v.IsObject():
		return "object"
	}
	return "value"
}

// signature is a method's first line without def: "deposit(self, amount)".
func signature(source string) string {
	name, params, err := syntax.Signature(source)
	if err != nil {
		return "?"
	}
	return name + "(" + params + ")"
}

// identity is "@42", with the name of its root if it has one.
func (w *worker) identity(o *image.Object) string { return identityIn(w.heap, o) }

func identityIn(h *image.Heap, o *image.Object) string {
	if o.OID() == 0 {
		return "a new object"
	}
	text := o.OID().String()
	if names, err := rootNames(h); err == nil && names[o.OID()] != "" {
		text += " " + names[o.OID()]
	}
	return text
}

func (w *worker) describeText(m *lang.Machine, o *image.Object) (image.Value, error) {
	text := w.identity(o)
	for i, name := range o.Shape.Names() {
		line, err := slotLine(w.heap, name, o.Slots[i])
		if err != nil {
			return image.Value{}, err
		}
		text += "\n  " + line
		if err := m.Charge(int64(len(text))); err != nil {
			return image.Value{}, err
		}
	}
	return image.NewStr(text), nil
}

// slotLine shows a slot on one line: a method by its signature, an object by who
// it is and what its comment begins with, another value by its repr.
func slotLine(h *image.Heap, name image.Symbol, v image.Value) (string, error) {
	switch {
	case v.Kind() == image.KindMethod:
		return signature(v.Method().Source), nil
	case v.IsObject():
		who, err := acquaint(h, v.Object())
		return name.String() + " = " + who, err
	case name.IsParent() && v.Kind() == image.KindTuple:
		var parents []string
		for _, p := range v.Tuple() {
			parents = append(parents, identityIn(h, p.Object()))
		}
		return name.String() + " = [" + strings.Join(parents, ", ") + "]", nil
	}
	text, err := shortRepr(h, v, 120)
	return name.String() + " = " + text, err
}

// acquaint is an object's identity and the first sentence of its comment.
func acquaint(h *image.Heap, o *image.Object) (string, error) {
	who := identityIn(h, o)
	hit, ok, err := h.Lookup(o, image.Intern("comment"), nil)
	if err != nil || !ok || hit.Holder != o || hit.Value.Kind() != image.KindStr {
		return who, err
	}
	comment, _, _ := strings.Cut(hit.Value.Str(), ". ")
	if len(comment) > 160 {
		comment = strings.ToValidUTF8(comment[:160], "") + "..."
	}
	return who + ": " + strings.TrimSuffix(comment, "."), nil
}
