package uvm

import (
	"batos/image"
	"batos/store"
)

// delta tells watchers what the worker's last commit changed. It reads the
// heap's entities as of that commit, before the next transaction begins.
func (w *worker) delta(tid store.TID) *Change {
	if w.m.feed.watched.Load() == 0 {
		return nil
	}
	change := &Change{TID: tid}
	for _, c := range w.heap.LastCommit() {
		o, err := w.heap.Object(c.OID)
		if err != nil {
			continue // the roots, which are no object that people see
		}
		if err := w.heap.Read(&o.Entity); err != nil {
			w.m.options.Log("telling watchers of %v in tid %d: %v", c.OID, tid, err)
			continue
		}
		d := ObjectDelta{OID: image.Ref(c.OID)}
		for _, name := range c.Slots {
			i := o.Shape.Find(name)
			if i < 0 {
				continue
			}
			s, _, err := describeSlot(w.heap, o, i, shownInPage)
			if err != nil {
				w.m.options.Log("telling watchers of %v.%v in tid %d: %v", c.OID, name, tid, err)
				continue
			}
			d.Slots = append(d.Slots, SlotDelta{Name: s.Name, Slot: s})
		}
		for _, name := range c.Removed {
			d.Slots = append(d.Slots, SlotDelta{Name: name.String(), Removed: true})
		}
		change.Objects = append(change.Objects, d)
	}
	return change
}
