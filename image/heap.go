package image

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"batos/store"
)

// Heap is one worker's view of the image: the objects it has loaded, at one
// snapshot, with the changes of the transaction that is running. A heap is
// used by one goroutine at a time and shares nothing with other heaps.
//
// Between transactions nothing but the heap's own table refers to entities, so
// it may turn any of them into ghosts. Within one, entities stay where they are.
type Heap struct {
	img   *Image // nil for a heap without a store, as tests of the language use
	seq   uint64 // number of the transaction that runs; entities compare theirs
	stamp uint64 // moves with every transaction and every structural change; inline caches compare theirs
	epoch uint64 // moves with structural changes only

	root  *Shape
	tx    transaction
	cache cache
	enc   encoder
	names symbolMap

	methods map[string]*Method // by their stored form; see decoder.method

	seen []*Object // by the look-up that runs

	// The snapshot that is held, and what to make ghosts of at the next Begin:
	// see settle.
	held    bool
	snap    store.TID
	at      store.TID // what loads read at
	own     store.TID // the heap's own last commit
	changed []store.OID
	alone   bool // no other commit came between own and snap
	last    []ChangedObject

	nextOID, endOID store.OID // reserved for this heap
}

// Seq is the number of the running transaction.
func (h *Heap) Seq() uint64 { return h.seq }

// Stamp is what an inline cache remembers: while it has not moved, a look-up
// from the same shape has the same answer and its read set is recorded.
func (h *Heap) Stamp() uint64 { return h.stamp }

// Epoch moves when the structure of an object that others delegate to changes,
// or a method in it. While only Stamp has moved, a cached look-up is still
// right and only its read set must be recorded again (RecordReads).
func (h *Heap) Epoch() uint64 { return h.epoch }

// Readable says that e's content may be read. Heap.Fetch makes it so.
func (h *Heap) Readable(e *Entity) bool { return e.read == h.seq }

// Writable says that e's content may be changed. Heap.Own makes it so.
func (h *Heap) Writable(e *Entity) bool { return e.write == h.seq }

// Read makes e readable: it loads a ghost and puts e into the read set.
func (h *Heap) Read(e *Entity) error {
	if e.read == h.seq {
		return nil
	}
	return h.Fetch(e)
}

// Change makes e readable and writable: it also keeps a before-image.
func (h *Heap) Change(e *Entity) error {
	if e.write == h.seq {
		return nil
	}
	return h.Own(e)
}

func (h *Heap) born(k Kind) Entity {
	return Entity{Header: Header{kind: k}, read: h.seq, write: h.seq}
}

// NewList makes a list that owns items.
func (h *Heap) NewList(items []Value) *List {
	return &List{Entity: h.born(KindList), Items: items}
}

// NewDict makes an empty dict; NewSet and NewFrozenSet make empty sets (a
// frozenset is filled by its maker before anyone else sees it).
func (h *Heap) NewDict() *Dict { return &Dict{Entity: h.born(KindDict)} }
func (h *Heap) NewSet() *Set   { return &Set{Entity: h.born(KindSet)} }
func (h *Heap) NewFrozenSet() *Set {
	s := &Set{Entity: h.born(KindFrozenSet)}
	s.flags |= flagFrozen
	return s
}

// NewObject makes an object without slots.
func (h *Heap) NewObject() *Object {
	return &Object{Entity: h.born(KindObject), Shape: h.root}
}

// Clone copies the slots of o, shallowly; the copy shares o's shape. It
// allocates the object and its slots.
func (h *Heap) Clone(o *Object) (*Object, error) {
	if err := h.Read(&o.Entity); err != nil {
		return nil, err
	}
	slots := make([]Value, len(o.Slots), len(o.Slots)+1)
	copy(slots, o.Slots)
	return &Object{Entity: h.born(KindObject), Shape: o.Shape, Slots: slots}, nil
}

// Hit is where a look-up found a slot.
type Hit struct {
	Holder *Object
	Index  int
	Value  Value
}

// Lookup finds a slot by delegation: own slots, then the parents in slot
// order, depth first, each object once. It records every object it passes in
// the read set, and appends them to walked when that is not nil.
func (h *Heap) Lookup(o *Object, name Symbol, walked *[]*Object) (Hit, bool, error) {
	if err := h.Read(&o.Entity); err != nil {
		return Hit{}, false, err
	}
	if i := o.Shape.Find(name); i >= 0 {
		return Hit{o, i, o.Slots[i]}, true, nil
	}
	return h.LookupAbove(o, name, walked)
}

// LookupAbove starts at the parents of o, as super() does.
func (h *Heap) LookupAbove(o *Object, name Symbol, walked *[]*Object) (Hit, bool, error) {
	if err := h.Read(&o.Entity); err != nil {
		return Hit{}, false, err
	}
	h.seen = h.seen[:0]
	return h.search(o, name, walked)
}

func (h *Heap) search(o *Object, name Symbol, walked *[]*Object) (Hit, bool, error) {
	if len(h.seen) > maxAncestors {
		return Hit{}, false, ErrAncestors
	}
	for _, p := range o.Shape.parents {
		if contains(h.seen, p) {
			continue
		}
		h.seen = append(h.seen, p)
		if err := h.Read(&p.Entity); err != nil {
			return Hit{}, false, err
		}
		if walked != nil {
			*walked = append(*walked, p)
		}
		if i := p.Shape.Find(name); i >= 0 {
			return Hit{p, i, p.Slots[i]}, true, nil
		}
		if hit, ok, err := h.search(p, name, walked); ok || err != nil {
			return hit, ok, err
		}
	}
	return Hit{}, false, nil
}

func contains(list []*Object, o *Object) bool {
	for _, x := range list {
		if x == o {
			return true
		}
	}
	return false
}

// RecordReads puts objects into the read set, as a cached look-up must once a
// transaction; it says false when one of them had to be loaded again, so that
// the cached answer may be stale.
func (h *Heap) RecordReads(walked []*Object) (bool, error) {
	epoch := h.epoch
	for _, o := range walked {
		if err := h.Read(&o.Entity); err != nil {
			return false, err
		}
	}
	return epoch == h.epoch, nil
}

// maxAncestors bounds the objects that one delegates to, directly or not, and
// so the work and the Go stack that a look-up can take.
const maxAncestors = 2000

// ErrCycle and its kin say why a slot could not be written.
var (
	ErrCycle       = errors.New("an object cannot delegate to itself, directly or through its parents")
	ErrNotAParent  = errors.New("a parent slot holds an object or a list of objects")
	ErrAncestors   = errors.New("the object delegates to too many others; put the slots of some into one")
	ErrNoSuchSlot  = errors.New("no such slot")
	ErrReadOnly    = errors.New("the image is open for reading at a past transaction")
	ErrNoSuchValue = errors.New("this kind of value cannot be stored in the image")
	ErrBadName     = errors.New("a slot's name is UTF-8 text of 1 to 200 bytes; keep other keys in a dict")
)

// maxName bounds the name of a slot, in bytes.
const maxName = 200

// checkName refuses names that no new slot may have.
func checkName(name string) error {
	if name == "" || len(name) > maxName || !utf8.ValidString(name) {
		if len(name) > 40 {
			name = strings.ToValidUTF8(name[:40], "") + "..."
		}
		return fmt.Errorf("slot %q: %w", name, ErrBadName)
	}
	return nil
}

// SetSlot writes a local slot, adding it at the end when it is new. Writing a
// parent slot changes the shape; a list given to one is kept as a tuple, so
// that parents change by assignment only. A name that no slot may have is
// ErrBadName, unless the object has such a slot already.
func (h *Heap) SetSlot(o *Object, name Symbol, v Value) error {
	if err := h.Change(&o.Entity); err != nil {
		return err
	}
	if name.IsParent() {
		return h.setParents(o, name, v)
	}
	if i := o.Shape.Find(name); i >= 0 {
		if o.flags&flagParent != 0 && (v.Kind() == KindMethod || o.Slots[i].Kind() == KindMethod) {
			h.Structural()
		}
		o.Slots[i] = v
		return nil
	}
	if err := checkName(name.String()); err != nil {
		return err
	}
	o.Shape = o.Shape.with(name, nil)
	o.Slots = append(o.Slots, v)
	if o.flags&flagParent != 0 {
		h.Structural()
	}
	return nil
}

// Structural tells inline caches that look-ups may have other answers.
func (h *Heap) Structural() {
	h.epoch++
	h.stamp++
}

func (h *Heap) setParents(o *Object, name Symbol, v Value) error {
	v, parents, err := h.parentsIn(v)
	if err != nil {
		return fmt.Errorf("slot %s: %w", name, err)
	}
	for _, p := range parents {
		reaches, err := h.delegatesTo(p, o)
		if err != nil {
			return err
		}
		if reaches {
			return fmt.Errorf("slot %s: %w", name, ErrCycle)
		}
	}
	slots := append([]Value(nil), o.Slots...)
	at := o.Shape.Find(name)
	if at < 0 {
		if err := checkName(name.String()); err != nil {
			return err
		}
		at, slots = len(slots), append(slots, v)
	} else {
		slots[at] = v
	}
	names := o.Shape.names
	if at == len(names) {
		names = append(names[:at:at], name)
	}
	return h.reshape(o, names, slots)
}

// parentsIn checks what is to go into a parent slot.
func (h *Heap) parentsIn(v Value) (Value, []*Object, error) {
	var items []Value
	switch v.Kind() {
	case KindObject:
		return v, []*Object{v.Object()}, nil
	case KindList:
		if err := h.Read(&v.List().Entity); err != nil {
			return v, nil, err
		}
		items = append(items, v.List().Items...)
		v = NewTuple(items)
	case KindTuple:
		items = v.Tuple()
	default:
		return v, nil, fmt.Errorf("%w, not %s", ErrNotAParent, v.Kind())
	}
	parents := make([]*Object, 0, len(items))
	for _, item := range items {
		if item.Kind() != KindObject {
			return v, nil, fmt.Errorf("%w, not a list with a %s", ErrNotAParent, item.Kind())
		}
		parents = append(parents, item.Object())
	}
	return v, parents, nil
}

func (h *Heap) delegatesTo(from, to *Object) (bool, error) {
	seen := []*Object{from}
	for i := 0; i < len(seen); i++ {
		if i > maxAncestors {
			return false, ErrAncestors
		}
		o := seen[i]
		if o == to {
			return true, nil
		}
		if err := h.Read(&o.Entity); err != nil {
			return false, err
		}
		for _, p := range o.Shape.parents {
			if !contains(seen, p) {
				seen = append(seen, p)
			}
		}
	}
	return false, nil
}

// reshape gives o the slots in names with the values in slots. It walks the
// shape tree from the root, so that equal structures share a shape.
func (h *Heap) reshape(o *Object, names []Symbol, slots []Value) error {
	shape, err := h.shapeOf(names, slots)
	if err != nil {
		return err
	}
	o.Shape, o.Slots = shape, slots
	if o.flags&flagParent != 0 {
		h.Structural()
	}
	return nil
}

func (h *Heap) shapeOf(names []Symbol, slots []Value) (*Shape, error) {
	shape := h.root
	for i, name := range names {
		if !name.IsParent() {
			shape = shape.with(name, nil)
			continue
		}
		_, parents, err := h.parentsIn(slots[i])
		if err != nil {
			return nil, fmt.Errorf("slot %s: %w", name, err)
		}
		if parents == nil {
			parents = []*Object{}
		}
		for _, p := range parents {
			p.flags |= flagParent
		}
		shape = shape.with(name, parents)
	}
	return shape, nil
}

// RemoveSlot removes a local slot; ErrNoSuchSlot when there is none.
func (h *Heap) RemoveSlot(o *Object, name Symbol) error {
	if err := h.Change(&o.Entity); err != nil {
		return err
	}
	at := o.Shape.Find(name)
	if at < 0 {
		return ErrNoSuchSlot
	}
	names := append(append([]Symbol(nil), o.Shape.names[:at]...), o.Shape.names[at+1:]...)
	slots := append(append([]Value(nil), o.Slots[:at]...), o.Slots[at+1:]...)
	return h.reshape(o, names, slots)
}

// Delegated says whether other objects delegate to o, so that changing its
// structure is seen by them.
func (o *Object) Delegated() bool { return o.flags&flagParent != 0 }
