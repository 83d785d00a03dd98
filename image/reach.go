package image

import "batos/store"

// Reachable walks entities from starts in breadth-first order, each once, and
// calls yield with objects only, until it says false. depth counts objects on
// the way: 1 for the starts alone, 2 also what their slots and containers hold,
// 0 for no bound. It loads what it walks and puts it into the read set.
func (h *Heap) Reachable(starts []*Object, depth int, yield func(*Object) bool) error {
	seen := make(map[*Entity]bool, len(starts))
	var level, next []*Object
	for _, o := range starts {
		if !seen[&o.Entity] {
			seen[&o.Entity] = true
			level = append(level, o)
		}
	}
	for at := 1; len(level) > 0; at++ {
		for _, o := range level {
			if err := h.Read(&o.Entity); err != nil {
				return err
			}
			if !yield(o) {
				return nil
			}
			if at == depth {
				continue
			}
			// Containers within containers are walked in order, without recursion.
			within := []*Entity{&o.Entity}
			for i := 0; i < len(within); i++ {
				if err := h.Read(within[i]); err != nil {
					return err
				}
				eachReference(within[i], func(e *Entity) {
					switch {
					case seen[e]:
						return
					case e.kind == KindObject:
						next = append(next, e.value().Object())
					default:
						within = append(within, e)
					}
					seen[e] = true
				})
			}
		}
		level, next = next, level[:0]
	}
	return nil
}

// Owned gives the records that an object's slots own, each with a slot that it
// is reached from: the lists, dicts and sets that are in the slots, in tuples or
// in one another, and the chunks of large ones. A change to one of them is a
// change to the slot, though the object's own record stays as it was. It loads
// the containers and puts them into the read set.
func (h *Heap) Owned(o *Object) (map[store.OID]Symbol, error) {
	if err := h.Read(&o.Entity); err != nil {
		return nil, err
	}
	owned := map[store.OID]Symbol{}
	for i, slot := range o.Slots {
		name := o.Shape.Name(i)
		var within []*Entity
		enter := func(e *Entity) {
			if _, seen := owned[e.oid]; !seen && e.oid != 0 {
				owned[e.oid] = name
				within = append(within, e)
			}
		}
		eachContainer(slot, enter)
		for len(within) > 0 {
			e := within[len(within)-1]
			within = within[:len(within)-1]
			if err := h.Read(e); err != nil {
				return nil, err
			}
			for _, part := range *e.chunks() {
				owned[part.oid] = name
			}
			eachReference(e, func(r *Entity) {
				if r.kind != KindObject {
					enter(r)
				}
			})
		}
	}
	return owned, nil
}
