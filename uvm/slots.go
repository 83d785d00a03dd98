package uvm

import (
	"context"
	"errors"
	"fmt"
	"math"

	"batos/image"
	"batos/store"
)

// CreateMethod puts a method into a slot of target, after the audit.
func (m *Machine) CreateMethod(ctx context.Context, c Caller, target any, selector, source string) (image.Ref, store.TID, error) {
	target, bad := normalTarget(target)
	if bad != nil {
		return 0, 0, bad
	}
	if err := badSelector(selector); err != nil {
		return 0, 0, err
	}
	if err := audit(selector, source); err != nil {
		return 0, 0, m.errorOf(nil, err)
	}
	facts := map[string]string{"author": author(c), "audit": "passed", "written": m.options.Now().UTC().Format("2006-01-02T15:04:05Z")}
	r := m.do(ctx, c, "method "+targetText(target)+"."+selector, func(w *worker) (any, error) {
		o, err := w.resolve(target)
		if err != nil {
			return nil, err
		}
		return image.Ref(o.OID()), w.heap.SetSlot(o, image.Intern(selector), image.NewMethod(source, facts))
	})
	if r.Err != nil {
		return 0, 0, r.Err
	}
	ref, _ := r.Value.(image.Ref)
	return ref, r.TID, nil
}

func author(c Caller) string {
	if c.Author != "" {
		return c.Author
	}
	return c.Client
}

// SetSlot sets a slot of target. expect, when not 0, is the transaction that
// the caller has seen as the object's last.
func (m *Machine) SetSlot(ctx context.Context, c Caller, target any, slot string, value any, expect store.TID) (store.TID, error) {
	return m.changeSlot(ctx, c, "set", target, slot, expect, func(w *worker, o *image.Object, name image.Symbol) error {
		v, err := w.heap.Import(value)
		if err != nil {
			return badArgument("value", err)
		}
		return w.heap.SetSlot(o, name, v)
	})
}

// RemoveSlot removes one of target's own slots.
func (m *Machine) RemoveSlot(ctx context.Context, c Caller, target any, slot string, expect store.TID) (store.TID, error) {
	return m.changeSlot(ctx, c, "remove", target, slot, expect, func(w *worker, o *image.Object, name image.Symbol) error {
		return w.heap.RemoveSlot(o, name)
	})
}

func (m *Machine) changeSlot(ctx context.Context, c Caller, verb string, target any, slot string, expect store.TID, change func(*worker, *image.Object, image.Symbol) error) (store.TID, error) {
	target, bad := normalTarget(target)
	if bad != nil {
		return 0, bad
	}
	if slot == "" {
		return 0, &Error{Code: CodeBadField, Message: "the slot has no name"}
	}
	if len([]rune(slot)) > maxName {
		return 0, &Error{Code: CodeBadField, Message: fmt.Sprintf("a slot's name has at most %d characters", maxName)}
	}
	r := m.do(ctx, c, verb+" "+targetText(target)+"."+slot, func(w *worker) (any, error) {
		o, err := w.resolve(target)
		if err != nil {
			return nil, err
		}
		if err := w.heap.Read(&o.Entity); err != nil {
			return nil, err
		}
		if expect != 0 && o.TID() != expect {
			return nil, &Error{Code: CodeConflict, Slot: slot, Target: o.OID().String(), Message: fmt.Sprintf("%v was changed by tid %d, after tid %d; look at it again", o.OID(), o.TID(), expect)}
		}
		err = change(w, o, image.Intern(slot))
		if err != nil && refusedSlot(err) {
			return nil, &Error{Code: CodeSlotError, Slot: slot, Target: o.OID().String(), Message: err.Error(), Cause: err}
		}
		return nil, err
	})
	if r.Err != nil {
		return 0, r.Err
	}
	return r.TID, nil
}

// refusedSlot says that the image refused a write as such.
func refusedSlot(err error) bool {
	for _, known := range []error{image.ErrCycle, image.ErrNotAParent, image.ErrNoSuchSlot, image.ErrNoSuchValue, image.ErrBadName} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// MethodSource finds a method as a send would.
func (m *Machine) MethodSource(ctx context.Context, target any, selector string) (Slot, error) {
	target, bad := normalTarget(target)
	if bad != nil {
		return Slot{}, bad
	}
	var slot Slot
	err := m.read(ctx, 0, func(h *image.Heap) error {
		o, err := resolveIn(h, target)
		if err != nil {
			return err
		}
		hit, ok, err := h.Lookup(o, image.Intern(selector), nil)
		if err != nil {
			return err
		}
		if !ok || hit.Value.Kind() != image.KindMethod {
			return &Error{Code: CodeSlotError, Slot: selector, Target: o.OID().String(), Message: fmt.Sprintf("%v has no method %s", o.OID(), selector)}
		}
		slot, _, err = describeSlot(h, hit.Holder, hit.Index, math.MaxInt)
		slot.Holder = image.Ref(hit.Holder.OID())
		return err
	})
	return slot, err
}

// Roots lists the named entry points, by name.
func (m *Machine) Roots(ctx context.Context) (roots []Root, tid store.TID, err error) {
	err = m.read(ctx, 0, func(h *image.Heap) error {
		names, objects, err := h.Roots()
		for i := range names {
			roots = append(roots, Root{names[i], image.Ref(objects[i].OID())})
		}
		tid = h.Snapshot()
		return err
	})
	return roots, tid, err
}

// BindRoot names an object; a nil target takes the name away.
func (m *Machine) BindRoot(ctx context.Context, c Caller, name string, target any) (store.TID, error) {
	if name == "" || len(name) > 200 {
		return 0, &Error{Code: CodeBadField, Message: "a root's name has 1 to 200 bytes"}
	}
	for _, r := range name {
		if r == '.' || r == '@' || r <= ' ' {
			return 0, &Error{Code: CodeBadField, Message: "a root's name has no dots, @ or spaces"}
		}
	}
	why := "unbind root " + name
	if target != nil {
		t, bad := normalTarget(target)
		if bad != nil {
			return 0, bad
		}
		target, why = t, "bind root "+name+" to "+targetText(t)
	}
	r := m.do(ctx, c, why, func(w *worker) (any, error) {
		if target == nil {
			if _, ok, err := w.heap.Root(name); err != nil || !ok {
				if err == nil {
					err = noSuchObject("root named " + name)
				}
				return nil, err
			}
			return nil, w.heap.SetRoot(name, nil)
		}
		o, err := w.resolve(target)
		if err != nil {
			return nil, err
		}
		return nil, w.heap.SetRoot(name, o)
	})
	if r.Err != nil {
		return 0, r.Err
	}
	return r.TID, nil
}
