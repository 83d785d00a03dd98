package image

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"unicode/utf8"

	"batos/store"
)

// ErrCorrupt is given for a record that cannot have been written by a commit.
var ErrCorrupt = errors.New("the record is damaged; the other objects are unharmed, and a copy of the image made earlier has this one")

// decoder reads one record into an entity. Whatever the bytes, it neither
// panics nor takes memory out of proportion to their number.
type decoder struct {
	h      *Heap
	data   []byte
	at     int
	left   int // elements that the rest can hold, whatever their nesting
	holder store.OID
	slot   Symbol
}

// content is what a record holds: slots with their shape, items, or a table.
type content struct {
	shape  *Shape
	values []Value
	table  table
	chunks []chunk
}

// fill decodes a record into the ghost e.
func (h *Heap) fill(e *Entity, rec store.Record) error {
	c, err := h.decode(e, rec, h.at)
	if err != nil {
		return err
	}
	if e.kind != KindObject {
		*e.chunks() = c.chunks
	}
	switch v := e.value(); e.kind {
	case KindList:
		v.List().Items = c.values
	case KindDict:
		v.Dict().t.replace(&c.table)
	case KindSet:
		v.Set().t.replace(&c.table)
	}
	h.filled(e, rec, c.shape, c.values)
	return nil
}

// replace gives t the entries of another table. Iterators see that it did.
func (t *table) replace(other *table) {
	other.rebuilt = t.rebuilt + 1
	*t = *other
}

// decode reads a record of e's kind, which was current at a tid.
func (h *Heap) decode(e *Entity, rec store.Record, at store.TID) (content, error) {
	d := decoder{h: h, data: rec.Data, left: len(rec.Data), holder: e.oid}
	c, err := d.record(e.kind, at)
	if err != nil {
		return c, fmt.Errorf("load %v, version %d, byte %d: %w", e.oid, rec.TID, d.at, err)
	}
	return c, nil
}

// errChunk says that an oid is no entity's.
var errChunk = fmt.Errorf("it is a part of a list, dict or set: %w", store.ErrNotFound)

// recordKind reads the kind of the entity that a record holds.
func recordKind(data []byte) (Kind, error) {
	if len(data) < 2 {
		return 0, ErrCorrupt
	}
	if data[0] != recordVersion {
		return 0, store.ErrFormat
	}
	switch data[1] {
	case wireObject:
		return KindObject, nil
	case wireList, wireList | wireChunked:
		return KindList, nil
	case wireDict, wireDict | wireChunked:
		return KindDict, nil
	case wireSet, wireSet | wireChunked:
		return KindSet, nil
	case wireChunk:
		return 0, errChunk
	}
	return 0, ErrCorrupt
}

func (d *decoder) record(want Kind, at store.TID) (c content, err error) {
	k, err := recordKind(d.data)
	if err != nil {
		return c, err
	}
	if k != want {
		return c, fmt.Errorf("it holds a %s, not a %s: %w", k, want, ErrCorrupt)
	}
	d.at = 2
	if d.data[1]&wireChunked != 0 {
		if err = d.gather(k, at, &c); err == nil && d.at != len(d.data) {
			err = ErrCorrupt
		}
		return c, err
	}
	least := 1 // bytes of an element
	if k == KindObject || k == KindDict {
		least = 2
	}
	n, err := d.count(least)
	if err != nil {
		return c, err
	}
	switch k {
	case KindObject:
		c.shape, c.values, err = d.slots(n)
	case KindList:
		c.values, err = d.values(n, 0)
	default:
		err = d.table(&c.table, n, k == KindDict, 0)
	}
	if err == nil && d.at != len(d.data) {
		err = ErrCorrupt
	}
	return c, err
}

// slots reads an object's slots and finds its shape from their names.
func (d *decoder) slots(n int) (*Shape, []Value, error) {
	shape := d.h.root
	slots := make([]Value, n)
	for i := range slots {
		number, err := d.uvarint()
		if err != nil {
			return nil, nil, err
		}
		name, ok := d.h.symbolIn(number)
		if !ok {
			return nil, nil, fmt.Errorf("slot %d has no name: %w", i, ErrCorrupt)
		}
		d.slot = name
		if slots[i], err = d.value(0); err != nil {
			return nil, nil, err
		}
		if !name.IsParent() {
			next := shape.child(name)
			if next == nil {
				if shape.Find(name) >= 0 {
					return nil, nil, fmt.Errorf("slot %s occurs twice: %w", name, ErrCorrupt)
				}
				next = shape.with(name, nil)
			}
			shape = next
			continue
		}
		parents, ok := parentsHeld(slots[i])
		if !ok || shape.Find(name) >= 0 {
			return nil, nil, fmt.Errorf("slot %s: %w", name, ErrCorrupt)
		}
		for _, p := range parents {
			p.flags |= flagParent
		}
		shape = shape.with(name, parents)
	}
	return shape, slots, nil
}

// parentsHeld gives the objects in a parent slot as it is stored.
func parentsHeld(v Value) ([]*Object, bool) {
	switch v.Kind() {
	case KindObject:
		return []*Object{v.Object()}, true
	case KindTuple:
		parents := make([]*Object, len(v.Tuple()))
		for i, item := range v.Tuple() {
			if item.Kind() != KindObject {
				return nil, false
			}
			parents[i] = item.Object()
		}
		return parents, true
	}
	return nil, false
}

func (d *decoder) values(n, depth int) ([]Value, error) {
	values := make([]Value, n)
	for i := range values {
		var err error
		if values[i], err = d.value(depth); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// table reads n keys, each with its value when pairs is set.
func (d *decoder) table(t *table, n int, pairs bool, depth int) error {
	t.entries = slices.Grow(t.entries, n)
	for range n {
		key, err := d.value(depth)
		if err != nil {
			return err
		}
		val := None()
		if pairs {
			if val, err = d.value(depth); err != nil {
				return err
			}
		}
		live := t.live
		if err := t.set(key, val); err != nil {
			return fmt.Errorf("a key: %w: %w", err, ErrCorrupt)
		}
		if t.live == live {
			return fmt.Errorf("a key occurs twice: %w", ErrCorrupt)
		}
	}
	return nil
}

func (d *decoder) uvarint() (uint64, error) {
	v, n := binary.Uvarint(d.data[d.at:])
	if n <= 0 {
		return 0, ErrCorrupt
	}
	d.at += n
	return v, nil
}

// count reads a number of elements, each of which takes some bytes at least.
// Those of nested values count together, or each level could claim all there is.
func (d *decoder) count(least int) (int, error) {
	n, err := d.uvarint()
	if err != nil || n > uint64(min(len(d.data)-d.at, d.left)/least) {
		return 0, ErrCorrupt
	}
	d.left -= int(n) * least
	return int(n), nil
}

func (d *decoder) take(n int) ([]byte, error) {
	if n > len(d.data)-d.at {
		return nil, ErrCorrupt
	}
	d.at += n
	return d.data[d.at-n : d.at], nil
}

func (d *decoder) bytes() ([]byte, error) {
	n, err := d.uvarint()
	if err != nil || n > uint64(len(d.data)-d.at) {
		return nil, ErrCorrupt
	}
	return d.take(int(n))
}

func (d *decoder) text() (string, error) {
	b, err := d.bytes()
	if err != nil || !utf8.Valid(b) {
		return "", ErrCorrupt
	}
	return string(b), nil
}

func (d *decoder) value(depth int) (Value, error) {
	if d.at >= len(d.data) {
		return Value{}, ErrCorrupt
	}
	tag := d.data[d.at]
	d.at++
	if tag >= wireSmall {
		return Int(int64(tag) - wireSmall + leastSmall), nil
	}
	switch tag {
	case wireNone:
		return None(), nil
	case wireFalse:
		return Bool(false), nil
	case wireTrue:
		return Bool(true), nil
	case wireInt:
		i, n := binary.Varint(d.data[d.at:])
		if n <= 0 {
			return Value{}, ErrCorrupt
		}
		d.at += n
		return Int(i), nil
	case wireFloat:
		b, err := d.take(8)
		if err != nil {
			return Value{}, err
		}
		return Float(math.Float64frombits(binary.LittleEndian.Uint64(b))), nil
	case wireStr:
		s, err := d.text()
		if err != nil {
			return Value{}, err
		}
		return NewStr(s), nil
	case wireBytes:
		b, err := d.bytes()
		if err != nil {
			return Value{}, err
		}
		return NewBytes(string(b)), nil
	case wireBig:
		return d.big()
	case wireTuple, wireFrozenSet:
		return d.nested(tag, depth)
	case wireMethod:
		return d.method()
	case wireBlob:
		return d.blob()
	case wireObject:
		return d.reference(KindObject)
	case wireList:
		return d.reference(KindList)
	case wireDict:
		return d.reference(KindDict)
	case wireSet:
		return d.reference(KindSet)
	}
	return Value{}, fmt.Errorf("tag %d: %w", tag, ErrCorrupt)
}

func (d *decoder) big() (Value, error) {
	sign, err := d.take(1)
	if err != nil {
		return Value{}, err
	}
	magnitude, err := d.bytes()
	if err != nil {
		return Value{}, err
	}
	i := new(big.Int).SetBytes(magnitude)
	if sign[0] != 0 {
		i.Neg(i)
	}
	return NewBig(i), nil
}

func (d *decoder) nested(tag byte, depth int) (Value, error) {
	if depth >= maxNesting {
		return Value{}, fmt.Errorf("%w: %w", ErrTooDeep, ErrCorrupt)
	}
	n, err := d.count(1)
	if err != nil {
		return Value{}, err
	}
	if tag == wireTuple {
		items, err := d.values(n, depth+1)
		if err != nil {
			return Value{}, err
		}
		return NewTuple(items), nil
	}
	s := d.h.NewFrozenSet()
	if err := d.table(&s.t, n, false, depth+1); err != nil {
		return Value{}, err
	}
	return s.Value(), nil
}

// maxMethods bounds the methods that a heap knows by their stored form.
const maxMethods = 4096

// method reads a method. Clones hold the same methods, and an object that was
// changed elsewhere is loaded again with those it had: they are one value, with
// one compiled code.
func (d *decoder) method() (Value, error) {
	start := d.at
	if _, err := d.bytes(); err != nil {
		return Value{}, err
	}
	n, err := d.count(2)
	if err != nil {
		return Value{}, err
	}
	for range 2 * n {
		if _, err := d.bytes(); err != nil {
			return Value{}, err
		}
	}
	form := d.data[start:d.at]
	if m := d.h.methods[string(form)]; m != nil {
		return FromHeader(&m.Header), nil
	}
	m := &Method{Header: Header{kind: KindMethod}, form: string(form)}
	part := decoder{h: d.h, data: form, left: len(form)}
	if m.Source, err = part.text(); err != nil {
		return Value{}, err
	}
	if n, err = part.count(2); err != nil {
		return Value{}, err
	}
	if n > 0 {
		m.Facts = make(map[string]string, n)
	}
	for range n {
		key, err := part.text()
		if err != nil {
			return Value{}, err
		}
		if m.Facts[key], err = part.text(); err != nil {
			return Value{}, err
		}
	}
	if d.h.methods == nil || len(d.h.methods) >= maxMethods {
		d.h.methods = map[string]*Method{}
	}
	d.h.methods[m.form] = m
	return FromHeader(&m.Header), nil
}

func (d *decoder) blob() (Value, error) {
	b, err := d.take(32)
	if err != nil {
		return Value{}, err
	}
	size, err := d.uvarint()
	if err != nil || size > math.MaxInt64 {
		return Value{}, ErrCorrupt
	}
	return NewBlob([32]byte(b), int64(size)), nil
}

func (d *decoder) reference(k Kind) (Value, error) {
	oid, err := d.uvarint()
	if err != nil || oid == 0 {
		return Value{}, ErrCorrupt
	}
	e, err := d.h.ghost(store.OID(oid), k)
	if err != nil {
		return Value{}, err
	}
	if hint := e.owner(); hint != nil {
		*hint = owner{d.holder, d.slot}
	}
	return e.value(), nil
}
