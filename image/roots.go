package image

import (
	"errors"
	"fmt"
	"slices"

	"batos/store"
)

// ErrRootName is given for a name that no root can have.
var ErrRootName = errors.New("a root needs a name that does not end in *")

// roots gives the roots object, readable. Before the first commit that binds a
// root it is empty and not stored, and yet in the read set: who reads that a
// root is missing depends on it.
func (h *Heap) roots() (*Object, error) {
	if h.img == nil && h.cache.table[RootsOID] == nil {
		o := h.NewObject()
		o.oid = RootsOID
		h.cache.table[RootsOID] = &o.Entity
	}
	e, err := h.ghost(RootsOID, KindObject)
	if err != nil {
		return nil, err
	}
	if err := h.Read(e); err != nil {
		return nil, err
	}
	return e.value().Object(), nil
}

// Root finds a named root. Only the roots object joins the read set: before the
// root's own content is read it must be made readable, as a ghost it may be.
func (h *Heap) Root(name string) (*Object, bool, error) {
	roots, err := h.roots()
	if err != nil {
		return nil, false, err
	}
	o := rootIn(roots.Shape, roots.Slots, name)
	return o, o != nil, nil
}

func rootIn(shape *Shape, slots []Value, name string) *Object {
	if at := shape.Find(Intern(name)); at >= 0 && slots[at].IsObject() {
		return slots[at].Object()
	}
	return nil
}

// SetRoot binds a named root; nil removes it.
func (h *Heap) SetRoot(name string, o *Object) error {
	symbol := Intern(name)
	if name == "" || symbol.IsParent() {
		return fmt.Errorf("root %q: %w", name, ErrRootName)
	}
	roots, err := h.roots()
	if err != nil {
		return err
	}
	if o != nil {
		return h.SetSlot(roots, symbol, o.Value())
	}
	if err := h.RemoveSlot(roots, symbol); !errors.Is(err, ErrNoSuchSlot) {
		return err
	}
	return nil
}

// Roots lists the named roots in name order.
func (h *Heap) Roots() (names []string, objects []*Object, err error) {
	roots, err := h.roots()
	if err != nil {
		return nil, nil, err
	}
	for i, slot := range roots.Slots {
		if slot.IsObject() {
			names = append(names, roots.Shape.names[i].String())
		}
	}
	slices.Sort(names)
	for _, name := range names {
		objects = append(objects, rootIn(roots.Shape, roots.Slots, name))
	}
	return names, objects, nil
}

// Object finds an object by oid; store.ErrNotFound when there is none at the
// snapshot, or what is there is a list, dict or set.
func (h *Heap) Object(oid store.OID) (*Object, error) {
	if oid == RootsOID {
		return h.roots()
	}
	e, err := h.find(oid)
	if err != nil {
		return nil, err
	}
	if e.kind != KindObject {
		return nil, fmt.Errorf("%v is a %s: %w", oid, e.kind, store.ErrNotFound)
	}
	if err := h.Read(e); err != nil {
		return nil, err
	}
	return e.value().Object(), nil
}

// find gives the entity of an oid, whatever its kind.
func (h *Heap) find(oid store.OID) (*Entity, error) {
	if e := h.cache.table[oid]; e != nil {
		return e, nil
	}
	if h.img == nil || oid == 0 {
		return nil, fmt.Errorf("%v: %w", oid, store.ErrNotFound)
	}
	rec, err := h.img.store.Get(oid, h.at)
	if err != nil {
		if errors.Is(err, store.ErrNotFound) {
			h.tx.absent = append(h.tx.absent, oid)
		}
		return nil, fmt.Errorf("%v: %w", oid, err)
	}
	k, err := recordKind(rec.Data)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", oid, err)
	}
	e, err := h.ghost(oid, k)
	if err != nil {
		return nil, err
	}
	return e, h.fill(e, rec)
}
