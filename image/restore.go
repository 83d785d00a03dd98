package image

import (
	"errors"
	"fmt"

	"batos/store"
)

// Restore gives an object, list, dict or set the content that it had at an
// earlier tid, as a write of the running transaction; so undoing is a
// transaction like any other, checked for conflicts and itself to be undone.
// What the content refers to is as it is now. The parts in which a large
// container is stored need not be restored, it brings them: they are passed over. Errors: store.ErrNotFound when it
// did not exist then or does not now, ErrCycle when its parents of then delegate
// to it now, those of Change.
func (h *Heap) Restore(oid store.OID, at store.TID) error {
	e, err := h.find(oid)
	if err != nil {
		if errors.Is(err, errChunk) || h.wasChunk(oid, at) {
			return nil
		}
		return err
	}
	if err := h.Change(e); err != nil {
		return err
	}
	if h.img == nil {
		return fmt.Errorf("restore %v: %w", oid, store.ErrNotFound)
	}
	rec, err := h.img.store.Get(oid, at)
	if err != nil {
		return fmt.Errorf("restore %v to tid %d: %w", oid, at, err)
	}
	c, err := h.decode(e, rec, at)
	if err != nil {
		return err
	}
	switch v := e.value(); e.kind {
	case KindObject:
		o := v.Object()
		for _, p := range c.shape.parents {
			if cycle, err := h.delegatesTo(p, o); err != nil {
				return err
			} else if cycle {
				return fmt.Errorf("restore %v to tid %d: %w", oid, at, ErrCycle)
			}
		}
		o.Shape, o.Slots = c.shape, c.values
		if o.flags&flagParent != 0 {
			h.Structural()
		}
	case KindList:
		v.List().Items = c.values
	case KindDict:
		v.Dict().t.replace(&c.table)
	case KindSet:
		v.Set().t.replace(&c.table)
	}
	return nil
}

// wasChunk says whether an oid that is no entity's now was a chunk's at a tid.
func (h *Heap) wasChunk(oid store.OID, at store.TID) bool {
	if h.img == nil {
		return false
	}
	rec, err := h.img.store.Get(oid, at)
	if err == nil {
		_, err = recordKind(rec.Data)
	}
	return errors.Is(err, errChunk)
}
