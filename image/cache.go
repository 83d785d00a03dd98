package image

import (
	"errors"
	"fmt"
	"slices"

	"batos/store"
)

// cache is the heap's table of persistent entities, loaded ones and ghosts.
//
// What must hold: an entity that anything may still refer to (a loaded entity,
// a shape that is in use) is in the table, so that an oid has one entity in a
// heap. Entities are dropped between transactions only.
type cache struct {
	table   map[store.OID]*Entity
	loaded  int // entities in table that are not ghosts
	limit   int // of loaded
	sweepAt int // size of table at which ghosts that nothing refers to are dropped

	// stale is what delegated-to objects held before others changed them, to
	// find out when they are loaded again whether cached look-ups still hold.
	stale      map[*Object]before
	ghostShape *Shape

	ages []uint64 // scratch of evict
}

// Loaded counts the cached entities whose content is loaded.
func (h *Heap) Loaded() int { return h.cache.loaded }

func (c *cache) forget() {
	clear(c.table)
	clear(c.stale)
	c.loaded = 0
}

// ghost gives the entity of an oid, made as a ghost when it is not known.
func (h *Heap) ghost(oid store.OID, k Kind) (*Entity, error) {
	if e := h.cache.table[oid]; e != nil {
		if e.kind != k {
			return nil, fmt.Errorf("%v is a %s and is referred to as a %s: %w", oid, e.kind, k, ErrCorrupt)
		}
		return e, nil
	}
	var e *Entity
	switch k {
	case KindObject:
		e = &(&Object{Shape: h.cache.ghostShape}).Entity
	case KindList:
		e = &(&List{}).Entity
	case KindDict:
		e = &(&Dict{}).Entity
	case KindSet:
		e = &(&Set{}).Entity
	default:
		return nil, fmt.Errorf("%v has kind %d: %w", oid, k, ErrCorrupt)
	}
	e.kind, e.flags, e.oid = k, flagGhost, oid
	h.cache.table[oid] = e
	return e, nil
}

// load reads the content of a ghost.
func (h *Heap) load(e *Entity) error {
	if h.img == nil {
		return fmt.Errorf("load %v: %w", e.oid, store.ErrNotFound)
	}
	rec, err := h.img.store.Get(e.oid, h.at)
	if err != nil {
		if e.oid == RootsOID && errors.Is(err, store.ErrNotFound) {
			h.filled(e, store.Record{}, h.root, nil)
			return nil
		}
		return fmt.Errorf("load %v: %w", e.oid, err)
	}
	return h.fill(e, rec)
}

// filled makes a ghost a loaded entity. shape and slots are an object's.
func (h *Heap) filled(e *Entity, rec store.Record, shape *Shape, slots []Value) {
	if e.kind == KindObject {
		o := e.value().Object()
		if o.flags&flagParent != 0 && e.tid != 0 && e.tid != rec.TID {
			old, kept := h.cache.stale[o]
			if !kept || !old.shape.same(shape) || methodsDiffer(old.values, slots) {
				h.Structural()
			} else {
				// Methods keep the code that was compiled for them.
				for i, v := range slots {
					if v.Kind() == KindMethod {
						slots[i] = old.values[i]
					}
				}
			}
		}
		delete(h.cache.stale, o)
		o.Shape, o.Slots = shape, slots
	}
	e.tid = rec.TID
	e.flags &^= flagGhost
	h.cache.loaded++
	if h.tx.past && h.at < h.snap {
		h.tx.loaded = append(h.tx.loaded, e)
	}
}

// makeGhost drops the content of a loaded entity.
func (h *Heap) makeGhost(e *Entity) {
	if e.isGhost() || e.isNew() && e.oid != RootsOID {
		return
	}
	switch v := e.value(); e.kind {
	case KindObject:
		o := v.Object()
		if o.flags&flagParent != 0 && e.tid != 0 {
			h.cache.stale[o] = before{shape: o.Shape, values: o.Slots}
		}
		o.Shape, o.Slots = h.cache.ghostShape, nil
	case KindList:
		v.List().Items = nil
	case KindDict:
		t := &v.Dict().t
		*t = table{rebuilt: t.rebuilt + 1}
	case KindSet:
		t := &v.Set().t
		*t = table{rebuilt: t.rebuilt + 1}
	}
	if e.kind != KindObject {
		*e.chunks() = nil
	}
	e.flags |= flagGhost
	e.read, e.write = 0, 0
	h.cache.loaded--
}

// manyShapes is the number of shapes made at which unused ones are dropped.
const manyShapes = 1 << 15

// evict keeps the cache within its limit: the entities that were not read for
// the longest become ghosts, until a quarter is free.
func (h *Heap) evict() {
	c := &h.cache
	if c.loaded > c.limit {
		keep := c.limit * 3 / 4
		c.ages = c.ages[:0]
		for _, e := range c.table {
			if !e.isGhost() {
				c.ages = append(c.ages, e.read)
			}
		}
		slices.Sort(c.ages)
		surplus := len(c.ages) - keep
		cut := c.ages[surplus-1]
		for _, older := range [2]bool{true, false} {
			for _, e := range c.table {
				if surplus > 0 && !e.isGhost() && (e.read < cut || !older && e.read == cut) {
					h.makeGhost(e)
					surplus--
				}
			}
		}
		clear(c.stale) // loading one of them again moves the epoch
		h.sweep()
	} else if len(c.table) > c.sweepAt || *h.root.made > manyShapes {
		h.sweep()
	}
}

// sweep drops the ghosts that nothing refers to, and the shapes that no loaded
// object has. Dropped entities may be in inline caches, so the epoch moves.
func (h *Heap) sweep() {
	c := &h.cache
	mark := func(e *Entity) { e.flags |= flagMarked }
	for _, e := range c.table {
		e.flags &^= flagParent
	}
	for _, e := range c.table {
		if e.isGhost() {
			continue
		}
		eachReference(e, mark)
		if e.kind == KindObject {
			shape := e.value().Object().Shape
			shape.markUsed(h.seq)
			for _, p := range shape.parents {
				p.flags |= flagParent
			}
		}
	}
	*h.root.made = h.root.prune(h.seq)
	for oid, e := range c.table {
		if e.isGhost() && e.flags&flagMarked == 0 {
			delete(c.table, oid)
			if e.kind == KindObject {
				delete(c.stale, e.value().Object())
			}
		}
		e.flags &^= flagMarked
	}
	c.sweepAt = 2*len(c.table) + c.limit + 1024
	h.Structural()
}

// eachReference calls visit with every entity that a loaded one refers to,
// those in tuples and frozensets included, as often as they occur.
func eachReference(e *Entity, visit func(*Entity)) {
	switch v := e.value(); e.kind {
	case KindObject:
		for _, slot := range v.Object().Slots {
			referencesIn(slot, visit)
		}
	case KindList:
		for _, item := range v.List().Items {
			referencesIn(item, visit)
		}
	case KindDict:
		v.Dict().t.eachReference(visit)
	case KindSet, KindFrozenSet:
		v.Set().t.eachReference(visit)
	}
}

func (t *table) eachReference(visit func(*Entity)) {
	for i := range t.entries {
		referencesIn(t.entries[i].key, visit)
		referencesIn(t.entries[i].val, visit)
	}
}

func referencesIn(v Value, visit func(*Entity)) {
	switch v.Kind() {
	case KindObject, KindList, KindDict, KindSet:
		visit(v.Entity())
	case KindTuple:
		for _, item := range v.Tuple() {
			referencesIn(item, visit)
		}
	case KindFrozenSet:
		v.Set().t.eachReference(visit)
	}
}
