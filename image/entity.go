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
)

// OID is the entity's identifier, 0 while it is not persistent.
func (e *Entity) OID() store.OID { return e.oid }

// TID is the transaction that wrote the version that is loaded, 0 when new.
func (e *Entity) TID() store.TID { return e.tid }

// List is a mutable sequence with identity.
type List struct {
	Entity
	Items []Value
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
