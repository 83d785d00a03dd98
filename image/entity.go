package image

import "batos/store"

// Entity is the head of everything that has identity and can change: objects,
// lists, dicts and sets. An entity belongs to one Heap.
//
// What must hold: before a transaction reads an entity's content, Heap.Readable
// is true or Heap.Fetch has succeeded; before it changes the content,
// Heap.Writable is true or Heap.Own has succeeded. Entities born in a
// transaction are both from the start. One comparison thus serves as the ghost
// check, the read set and the write barrier.
type Entity struct {
	Header
	oid   store.OID // 0 until a commit makes it persistent
	read  uint64    // number of the last transaction that has it in its read set
	write uint64    // number of the last transaction that keeps its before-image
	tid   store.TID // the version that is loaded
}

const (
	flagGhost  uint8 = 1 << iota // content not loaded
	flagParent                   // some shape delegates to it
	flagFrozen                   // may not change: a frozenset
	flagQueued                   // new, and to be stored by the commit that runs
	flagDirty                    // changed, as the commit that runs has found
	flagMarked                   // referred to, as the sweep that runs has found
)

// OID is the entity's identifier, 0 while it is not persistent.
func (e *Entity) OID() store.OID { return e.oid }

// TID is the transaction that wrote the version that is loaded, 0 when new.
func (e *Entity) TID() store.TID { return e.tid }

// owner is where a container was last seen: a slot of an object, or (slot 0) an
// item of another container. It is a hint for telling watchers what changed: it
// may be out of date, and names one holder of many.
type owner struct {
	holder store.OID
	slot   Symbol
}

// List is a mutable sequence with identity.
type List struct {
	Entity
	owner
	stored []chunk
	Items  []Value
}

// Object is a bag of slots. Slots[i] is the value of the slot Shape.Name(i).
type Object struct {
	Entity
	Shape *Shape
	Slots []Value
}

// Value makes the value that refers to the object.
func (o *Object) Value() Value { return FromHeader(&o.Header) }

// Value makes the value that refers to the list.
func (l *List) Value() Value { return FromHeader(&l.Header) }

// Value makes the value that refers to the dict.
func (d *Dict) Value() Value { return FromHeader(&d.Header) }

// Value makes the value that refers to the set.
func (s *Set) Value() Value { return FromHeader(&s.Header) }

func (e *Entity) value() Value { return FromHeader(&e.Header) }

func (e *Entity) isGhost() bool { return e.flags&flagGhost != 0 }

// isNew says that no commit has stored e yet. The roots object is known before
// it is stored, so it may be new and persistent at once.
func (e *Entity) isNew() bool { return e.tid == 0 && !e.isGhost() }

// owner gives the hint of a container, nil for an object.
func (e *Entity) owner() *owner {
	switch v := e.value(); e.kind {
	case KindList:
		return &v.List().owner
	case KindDict:
		return &v.Dict().owner
	case KindSet:
		return &v.Set().owner
	}
	return nil
}
