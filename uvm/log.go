package uvm

import (
	"context"
	"errors"
	"slices"

	"batos/image"
	"batos/store"
)

// Log tells what was committed, newest first: the narrative of the image.
func (m *Machine) Log(ctx context.Context, q LogQuery) ([]LogEntry, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	var oid store.OID
	if q.Target != nil {
		ref, err := m.Resolve(ctx, q.Target)
		if err != nil {
			return nil, err
		}
		oid = store.OID(ref)
	}
	var names map[store.OID]string
	var owned map[store.OID]image.Symbol // lists and the like in the target's slots
	if err := m.read(ctx, 0, func(h *image.Heap) (err error) {
		if names, err = rootNames(h); err != nil || oid == 0 {
			return err
		}
		o, err := h.Object(oid)
		if errors.Is(err, store.ErrNotFound) { // a message, which has no slots
			return nil
		}
		if err == nil {
			owned, err = h.Owned(o)
		}
		return err
	}); err != nil {
		return nil, err
	}
	from := store.Latest
	if q.Before != 0 {
		from = q.Before
	}
	var entries []LogEntry
	err := m.store.Log(from, func(c store.Committed) bool {
		if !q.Since.IsZero() && c.Provenance.Time.Before(q.Since) {
			return false
		}
		if !q.Until.IsZero() && c.Provenance.Time.After(q.Until) || !concerns(c, oid, q.Slot, owned) {
			return ctx.Err() == nil
		}
		e := LogEntry{TID: c.TID, Time: c.Provenance.Time, Author: c.Provenance.Author, Why: c.Provenance.Why,
			Cause: image.Ref(c.Provenance.Cause), More: c.Provenance.More}
		for _, change := range c.Changes {
			slots := change.Slots
			if slot, ok := owned[change.OID]; ok && slots == nil {
				slots = []string{slot.String()} // as if it were the target's own
			}
			e.Changes = append(e.Changes, LogChange{image.Ref(change.OID), names[change.OID], changeText(change.Change), slots})
		}
		entries = append(entries, e)
		return len(entries) < limit && ctx.Err() == nil
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, m.errorOf(nil, err)
	}
	return entries, nil
}

// concerns says whether a transaction changed an object, or a slot of it, itself
// or within a container that the slot owns.
func concerns(c store.Committed, oid store.OID, slot string, owned map[store.OID]image.Symbol) bool {
	if oid == 0 && slot == "" {
		return true
	}
	if oid != 0 && slot == "" && c.Provenance.Cause == oid {
		return true
	}
	for _, change := range c.Changes {
		if (oid == 0 || change.OID == oid) && (slot == "" || slices.Contains(change.Slots, slot)) {
			return true
		}
		if in, ok := owned[change.OID]; ok && (slot == "" || slot == in.String()) {
			return true
		}
	}
	return false
}

func changeText(c store.Change) string {
	switch c {
	case store.Created:
		return "created"
	case store.Deleted:
		return "deleted"
	case store.Undone:
		return "undone"
	}
	return "changed"
}
