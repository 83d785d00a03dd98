package uvm

import (
	"errors"
	"fmt"

	"batos/image"
	"batos/lang"
	"batos/store"
)

// The host's own kinds of values. None of them can be stored.
const (
	kindMirror  = lang.KindHost + iota // mirror(obj)
	kindLater                          // later(obj, seconds=n)
	kindOutside                        // outside(obj)
)

// proxy stands for an object in a way of its own: what is sent to it the host
// deals with (sendProxy).
type proxy struct {
	image.Header
	object *image.Object
	delay  float64 // seconds, of later
}

func newProxy(kind image.Kind, o *image.Object) *proxy {
	return &proxy{Header: image.NewHeader(kind), object: o}
}

func (p *proxy) value() image.Value { return image.FromHeader(&p.Header) }

func proxyOf(v image.Value) *proxy { return (*proxy)(v.Pointer()) }

func init() {
	for kind, name := range map[image.Kind]string{kindMirror: "mirror", kindLater: "later", kindOutside: "outside"} {
		image.RegisterForeign(kind, image.ForeignOps{
			Name:  name,
			Equal: func(a, b image.Value) (bool, error) { return proxyOf(a).object == proxyOf(b).object, nil },
			Hash:  func(v image.Value) (uint64, error) { return image.Hash(proxyOf(v).object.Value()) },
		})
	}
}

// natives are the builtins that need the machine.
func (w *worker) natives() map[string]lang.Native {
	return map[string]lang.Native{
		"mirror":    w.nativeMirror,
		"later":     w.nativeLater,
		"outside":   w.nativeOutside,
		"primitive": w.nativePrimitive,
	}
}

// argument checks that a native got exactly one object.
func oneObject(a *lang.Args) (*image.Object, error) {
	if len(a.Pos) != 1 || !a.Pos[0].IsObject() {
		return nil, typeError("%s() takes one object", a.Name)
	}
	return a.Pos[0].Object(), nil
}

func (w *worker) nativeMirror(_ *lang.Machine, a *lang.Args) (image.Value, error) {
	if len(a.Names) > 0 {
		return image.Value{}, typeError("mirror() takes no keyword arguments")
	}
	o, err := oneObject(a)
	if err != nil {
		return image.Value{}, err
	}
	return newProxy(kindMirror, o).value(), nil
}

func (w *worker) nativeOutside(_ *lang.Machine, a *lang.Args) (image.Value, error) {
	if len(a.Names) > 0 {
		return image.Value{}, typeError("outside() takes no keyword arguments")
	}
	o, err := oneObject(a)
	if err != nil {
		return image.Value{}, err
	}
	return newProxy(kindOutside, o).value(), nil
}

// sendProxy deals with sends to the host's own kinds of values.
func (w *worker) sendProxy(m *lang.Machine, receiver image.Value, selector image.Symbol, a *lang.Args) (image.Value, error) {
	p := proxyOf(receiver)
	if a == nil { // a slot is read
		return image.Value{}, lang.Raise(lang.SlotError, "a %v has no slots; send it a message", receiver.Kind())
	}
	switch receiver.Kind() {
	case kindMirror:
		return w.sendMirror(m, p.object, selector.String(), a)
	case kindLater:
		return w.sendLater(p, selector, a)
	case kindOutside:
		return w.sendOutside(p, selector, a)
	}
	return image.Value{}, typeError("a %v understands nothing", receiver.Kind())
}

// newMessage makes the object that doesNotUnderstand_ receives.
func (w *worker) newMessage(receiver *image.Object, selector image.Symbol, a *lang.Args) (image.Value, error) {
	s := &sent{receiver, selector, append([]image.Value(nil), a.Pos...), append([]string(nil), a.Names...), append([]image.Value(nil), a.Kw...)}
	return w.makeMessage(s)
}

func (w *worker) makeMessage(s *sent) (image.Value, error) {
	o := w.heap.NewObject()
	if prototype, ok, err := w.heap.Root("message"); err != nil {
		return image.Value{}, err
	} else if ok {
		if o, err = w.heap.Clone(prototype); err != nil {
			return image.Value{}, err
		}
	}
	kwargs := w.heap.NewDict()
	for i, name := range s.names {
		if err := kwargs.Set(image.NewStr(name), s.kw[i]); err != nil {
			return image.Value{}, err
		}
	}
	for _, slot := range []struct {
		name  string
		value image.Value
	}{
		{"selector", image.NewStr(s.selector.String())},
		{"arguments", w.heap.NewList(append([]image.Value(nil), s.pos...)).Value()},
		{"kwargs", kwargs.Value()},
		{"receiver", s.receiver.Value()},
	} {
		if err := w.heap.SetSlot(o, image.Intern(slot.name), slot.value); err != nil {
			return image.Value{}, err
		}
	}
	if w.run.about == nil {
		w.run.about = map[*image.Object]*sent{}
	}
	w.run.about[o] = s
	return o.Value(), nil
}

// messageObject makes the object of a message that was not understood in
// another run, and its receiver.
func (w *worker) messageObject(n *notUnderstood) (message image.Value, receiver *image.Object, err error) {
	if receiver, err = w.receiver(n); err != nil {
		return message, nil, err
	}
	pos, names, kw, err := w.importArguments(n.args, n.kwargs)
	if err != nil {
		return message, nil, err
	}
	message, err = w.makeMessage(&sent{receiver, image.Intern(n.selector), pos, names, kw})
	return message, receiver, err
}

// receiver finds the receiver of a message that was not understood, or makes
// one like the new object that it was.
func (w *worker) receiver(n *notUnderstood) (*image.Object, error) {
	if n.receiver != 0 {
		return objectIn(w.heap, n.receiver)
	}
	o := w.heap.NewObject()
	for _, slot := range n.fresh.Entries {
		name, _ := slot.Key.(string)
		var v image.Value
		if source, ok := methodIn(slot.Value); ok {
			v = image.NewMethod(source, nil)
		} else {
			var err error
			if v, err = w.heap.Import(slot.Value); err != nil {
				return nil, err
			}
		}
		if err := w.heap.SetSlot(o, image.Intern(name), v); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// methodIn reads the plain form of a method.
func methodIn(v any) (source string, ok bool) {
	m, isMap := v.(*image.Map)
	if !isMap || len(m.Entries) == 0 || m.Entries[0].Key != methodMark {
		return "", false
	}
	source, ok = m.Entries[0].Value.(string)
	return source, ok
}

// describeFresh writes down the slots of an object that this run has made.
func (w *worker) describeFresh(o *image.Object) (*image.Map, error) {
	if err := w.heap.Read(&o.Entity); err != nil {
		return nil, err
	}
	fresh := &image.Map{}
	for i, name := range o.Shape.Names() {
		v := o.Slots[i]
		if v.Kind() == image.KindMethod {
			mark := &image.Map{}
			mark.Put(methodMark, v.Method().Source)
			fresh.Put(name.String(), mark)
			continue
		}
		if err := w.allKept(v, 0); err != nil {
			return nil, err
		}
		plain, err := w.heap.Export(v, 0)
		if err != nil {
			return nil, err
		}
		fresh.Put(name.String(), plain)
	}
	return fresh, nil
}

// plainMessage gives the content of a message object that was made in this run;
// nil when v is none.
func (w *worker) plainMessage(v image.Value) (*notUnderstood, error) {
	if !v.IsObject() {
		return nil, nil
	}
	s := w.run.about[v.Object()]
	if s == nil {
		return nil, nil
	}
	n := &notUnderstood{selector: s.selector.String()}
	var err error
	if isNew(s.receiver) {
		if n.fresh, err = w.describeFresh(s.receiver); err != nil {
			return nil, raiseCode(CodeNotUnderstood, lang.NotUnderstood,
				"a new object, which holds others, does not understand %s; keep it in a slot first, and send this in a message after that one: then its mind can be asked", s.selector)
		}
	} else {
		n.receiver = image.Ref(s.receiver.OID())
	}
	n.args, n.kwargs, err = w.exportArguments(n.selector, s.pos, s.names, s.kw, true)
	return n, err
}

// isNew says that no transaction has kept the object yet.
func isNew(o *image.Object) bool { return o.TID() == 0 }

// exportArguments makes plain values of arguments that shall outlive the run.
// When the run is dropped, objects that it made are refused; else they are
// there if the run's own transaction keeps them.
func (w *worker) exportArguments(selector string, pos []image.Value, names []string, kw []image.Value, dropped bool) (args []any, kwargs *image.Map, err error) {
	export := func(v image.Value) (any, error) {
		if dropped {
			if err := w.allKept(v, 0); err != nil {
				return nil, err
			}
		}
		return w.heap.Export(v, 0)
	}
	for n, v := range pos {
		plain, err := export(v)
		if err != nil {
			return nil, nil, wrapArgument(fmt.Sprint(n+1), selector, err)
		}
		args = append(args, plain)
	}
	for i, v := range kw {
		plain, err := export(v)
		if err != nil {
			return nil, nil, wrapArgument(names[i], selector, err)
		}
		if kwargs == nil {
			kwargs = &image.Map{}
		}
		kwargs.Put(names[i], plain)
	}
	return args, kwargs, nil
}

// allKept refuses a value with an object that this run has made.
func (w *worker) allKept(v image.Value, depth int) error {
	if depth > 64 {
		return nil // Export refuses it
	}
	switch v.Kind() {
	case image.KindObject:
		if isNew(v.Object()) {
			return raiseCode(CodeMethodError, lang.ValueError, "a new object cannot go with a message that leaves this one; keep it in a slot first, in a message before")
		}
	case image.KindTuple:
		for _, item := range v.Tuple() {
			if err := w.allKept(item, depth+1); err != nil {
				return err
			}
		}
	case image.KindList:
		if err := w.heap.Read(v.Entity()); err != nil {
			return err
		}
		for _, item := range v.List().Items {
			if err := w.allKept(item, depth+1); err != nil {
				return err
			}
		}
	case image.KindDict:
		if err := w.heap.Read(v.Entity()); err != nil {
			return err
		}
		d := v.Dict()
		for _, val, at, ok := d.Next(0); ok; _, val, at, ok = d.Next(at + 1) {
			if err := w.allKept(val, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// sendOutside sends a message outside of this transaction; its value comes from
// the journal.
func (w *worker) sendOutside(p *proxy, selector image.Symbol, a *lang.Args) (image.Value, error) {
	e := &effect{kind: effectOutside, selector: selector.String()}
	if len(a.Pos) == 1 && len(a.Names) == 0 {
		about, err := w.plainMessage(a.Pos[0])
		if err != nil {
			return image.Value{}, err
		}
		e.about = about
	}
	switch {
	case !isNew(p.object):
		e.receiver = image.Ref(p.object.OID())
	case e.about == nil || w.run.about[a.Pos[0].Object()].receiver != p.object:
		return image.Value{}, raiseCode(CodeMethodError, lang.ValueError, "outside() takes an object that a message before this one has kept")
	}
	request := []any{e.receiver, e.selector}
	if e.about != nil {
		request = append(request, e.about.plain())
	} else {
		var err error
		if e.args, e.kwargs, err = w.exportArguments(e.selector, a.Pos, a.Names, a.Kw, true); err != nil {
			return image.Value{}, err
		}
		request = append(request, e.args, e.kwargs)
	}
	if w.run.trial {
		what := e.selector
		if e.about != nil {
			what = e.about.selector
		}
		return image.Value{}, &lang.Suspended{Kind: effectOutside, Request: &effect{kind: effectOutside, selector: what, about: e.about}}
	}
	value, err := w.ask(e, request)
	if err != nil {
		return image.Value{}, err
	}
	if failure := failureIn(value); failure != nil {
		return image.Value{}, raiseCode(failure.Code, lang.RuntimeError, "%s", failure.Message)
	}
	if source, ok := methodIn(value); ok && e.about != nil {
		// Written for an object that each run makes anew: given to this one.
		facts := map[string]string{}
		for _, f := range value.(*image.Map).Entries[1:] {
			name, _ := f.Key.(string)
			facts[name], _ = f.Value.(string)
		}
		return image.None(), w.heap.SetSlot(p.object, image.Intern(e.about.selector), image.NewMethod(source, facts))
	}
	v, err := w.heap.Import(value)
	if errors.Is(err, store.ErrNotFound) {
		return image.None(), nil
	}
	return v, err
}

// wrapArgument says which argument cannot go along; an exception stays one.
func wrapArgument(which, selector string, err error) error {
	var raised *lang.Raised
	if errors.As(err, &raised) {
		return raised
	}
	return fmt.Errorf("argument %s of %s: %w", which, selector, err)
}
