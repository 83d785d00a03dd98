package uvm

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"batos/image"
	"batos/store"
)

// normalTarget gives a target as a Ref or a non-empty string.
func normalTarget(target any) (any, *Error) {
	switch t := target.(type) {
	case image.Ref:
		if t != 0 {
			return t, nil
		}
	case store.OID:
		if t != 0 {
			return image.Ref(t), nil
		}
	case int64:
		if t > 0 {
			return image.Ref(t), nil
		}
	case int:
		if t > 0 {
			return image.Ref(t), nil
		}
	case uint64:
		if t > 0 {
			return image.Ref(t), nil
		}
	case nil:
		return "genesis_obj", nil
	case string:
		t = strings.TrimSpace(t)
		if t == "" {
			return "genesis_obj", nil
		}
		if oid, ok := oidIn(t); ok {
			return oid, nil
		}
		return t, nil
	}
	return nil, &Error{Code: CodeBadField, Message: fmt.Sprintf("%v is no target: use @42, the name of a root, or a path of slots from one (genesis_obj.ui)", target)}
}

// oidIn reads "@42".
func oidIn(s string) (image.Ref, bool) {
	digits, ok := strings.CutPrefix(s, "@")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return image.Ref(n), err == nil && n > 0
}

func noSuchObject(what string) *Error {
	return &Error{Code: CodeNoSuchObject, Target: what, Message: "there is no " + what + "; `bat roots` lists the names, and a path goes from one of them (genesis_obj.ui)"}
}

// discard lets go of a heap that met a fault, whatever state it is in.
func discard(h *image.Heap) {
	defer func() { _ = recover() }()
	h.Close()
}

// resolve finds a target in the worker's transaction.
func (w *worker) resolve(target any) (*image.Object, error) { return resolveIn(w.heap, target) }

func resolveIn(h *image.Heap, target any) (*image.Object, error) {
	if ref, ok := target.(image.Ref); ok {
		return objectIn(h, ref)
	}
	path, _ := target.(string)
	name, rest, more := strings.Cut(path, ".")
	var o *image.Object
	if ref, ok := oidIn(name); ok {
		var err error
		if o, err = objectIn(h, ref); err != nil {
			return nil, err
		}
	} else {
		root, ok, err := h.Root(name)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, noSuchObject("root named " + strconv.Quote(name))
		}
		o = root
	}
	for more {
		var slot string
		slot, rest, more = strings.Cut(rest, ".")
		hit, ok, err := h.Lookup(o, image.Intern(slot), nil)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, noSuchObject(fmt.Sprintf("slot %s in %v, on the way of %s", slot, o.OID(), path))
		}
		if !hit.Value.IsObject() {
			return nil, noSuchObject(fmt.Sprintf("object in slot %s of %v, on the way of %s: it holds a %v", slot, o.OID(), path, hit.Value.Kind()))
		}
		o = hit.Value.Object()
	}
	return o, nil
}

func objectIn(h *image.Heap, ref image.Ref) (*image.Object, error) {
	o, err := h.Object(store.OID(ref))
	if errors.Is(err, store.ErrNotFound) {
		return nil, noSuchObject("object " + store.OID(ref).String())
	}
	return o, err
}

// Resolve finds the oid of a target.
func (m *Machine) Resolve(ctx context.Context, target any) (image.Ref, error) {
	target, bad := normalTarget(target)
	if bad != nil {
		return 0, bad
	}
	var ref image.Ref
	err := m.read(ctx, 0, func(h *image.Heap) error {
		o, err := resolveIn(h, target)
		if err != nil {
			return err
		}
		ref = image.Ref(o.OID())
		return nil
	})
	return ref, err
}

// readers are heaps for looking at the image without a worker, so that a long
// message holds up nobody who only looks.
type readers struct {
	img  *image.Image
	free chan *image.Heap
}

const maxReaders = 2

func (r *readers) init(img *image.Image) {
	r.img = img
	r.free = make(chan *image.Heap, maxReaders)
	for range maxReaders {
		r.free <- nil // made when it is first needed
	}
}

// close waits for those who look and lets go of the heaps.
func (r *readers) close() {
	for range maxReaders {
		if h := <-r.free; h != nil {
			h.Close()
		}
	}
	close(r.free)
}

// refresh moves the snapshots of the heaps that nobody looks through.
func (r *readers) refresh() {
	for range maxReaders {
		select {
		case h := <-r.free:
			if h != nil {
				refresh(h)
			}
			r.free <- h
		default:
		}
	}
}

// read runs look at a snapshot: the newest, or the past one at.
func (m *Machine) read(ctx context.Context, at store.TID, look func(h *image.Heap) error) (err error) {
	if last := m.feed.last(); at > last {
		return &Error{Code: CodeBadField, Message: fmt.Sprintf("tid %d is not made yet: the newest is %d", at, last)}
	}
	var h *image.Heap
	select {
	case free, open := <-m.readers.free:
		if !open {
			return errShuttingDown
		}
		h = free
	case <-ctx.Done():
		return cancelled(ctx)
	}
	defer func() {
		if fault := recover(); fault != nil {
			m.options.Log("a fault in the machine while it read: %v", fault)
			discard(h)
			h, err = nil, &Error{Code: CodeInternal, Message: fmt.Sprintf("a fault in the machine while it read: %v", fault)}
		}
		m.readers.free <- h
	}()
	if h == nil {
		h = m.img.NewHeap()
	}
	if at == 0 {
		err = h.Begin()
	} else {
		err = h.BeginAt(at)
	}
	if err == nil {
		err = look(h)
		h.Abort()
	}
	if err != nil {
		return m.errorOf(nil, err)
	}
	return nil
}

// nameOf is the name of an object's root, "" when it has none.
func (m *Machine) nameOf(ref image.Ref) string {
	name := ""
	_ = m.read(context.Background(), 0, func(h *image.Heap) error { // a name is a courtesy
		names, err := rootNames(h)
		name = names[store.OID(ref)]
		return err
	})
	return name
}

// rootNames gives the roots' names by oid; of several the first counts.
func rootNames(h *image.Heap) (map[store.OID]string, error) {
	names, objects, err := h.Roots()
	byOID := make(map[store.OID]string, len(names))
	for i := len(names) - 1; i >= 0; i-- {
		byOID[objects[i].OID()] = names[i]
	}
	return byOID, err
}
