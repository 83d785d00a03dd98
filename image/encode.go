package image

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"batos/store"
)

// A record is the stored content of one entity:
//
//	record  = version kind body         kind is the tag of a reference to it
//	object  = n (symbol value)*n        symbols are numbers of the store
//	list    = n value*n
//	dict    = n (key value)*n           in insertion order
//	set     = n value*n                 in insertion order
//	chunked = n (oid rows)*n            kind with wireChunked set; see chunk.go
//	chunk   = owner tag n row*n         kind wireChunk
//	value   = tag payload               tag wireSmall and up: a small integer
//
// n, symbols, oids and lengths are unsigned varints, integers zigzag varints,
// floats 8 bytes little-endian, big integers a sign byte and the magnitude
// big-endian. Tuples, frozensets, methods and blob references are values;
// entities are referred to by oid, with their kind in the tag, so that a ghost
// of the right type can be made without loading. Numbers are fixed for ever.
const recordVersion = 1

const (
	wireNone = iota
	wireFalse
	wireTrue
	wireInt
	wireBig
	wireFloat
	wireStr
	wireBytes
	wireTuple
	wireFrozenSet
	wireMethod
	wireBlob
	wireObject // 12; with the next three also the kind of a record
	wireList
	wireDict
	wireSet

	wireSmall  = 0x40 // stands for leastSmall, and so on up to 0xff
	leastSmall = -16
	mostSmall  = leastSmall + 0xff - wireSmall

	wireChunked = 0x20 // with the tag of a container: its record lists chunks
	wireChunk   = 0x30 // kind of a chunk's record

	maxRecord = 64 << 20  // bytes
	maxCommit = 512 << 20 // bytes of all records of one
)

var entityTags = [...]byte{KindList: wireList, KindDict: wireDict, KindSet: wireSet, KindObject: wireObject}

// encoder writes records. Its buffers are reused; it belongs to a heap.
type encoder struct {
	h     *Heap
	buf   []byte
	refs  []store.OID
	blobs []store.Hash
	queue []*Entity // new entities that were reached

	writes  []store.Write // given away with the transaction
	total   int           // bytes in them
	layouts []layout

	holder store.OID // what is being written, for the hints of containers
	slot   Symbol
}

// symbolMap translates between the process's symbols and the store's.
type symbolMap struct {
	out []uint32 // number+1 by symbol
	in  []Symbol // by number
}

func (h *Heap) symbolOut(s Symbol) uint32 {
	m := &h.names
	if int(s) < len(m.out) && m.out[s] != 0 {
		return m.out[s] - 1
	}
	n := h.img.store.Symbol(s.String())
	for int(s) >= len(m.out) {
		m.out = append(m.out, make([]uint32, int(s)+1-len(m.out))...)
	}
	m.out[s] = n + 1
	return n
}

// maxKeptSymbol bounds the table of the store's symbols that a heap keeps.
const maxKeptSymbol = 1 << 20

func (h *Heap) symbolIn(n uint64) (Symbol, bool) {
	m := &h.names
	if n < uint64(len(m.in)) && m.in[n] != 0 {
		return m.in[n], true
	}
	if n > math.MaxUint32 {
		return 0, false
	}
	name, ok := h.img.store.SymbolName(uint32(n))
	if !ok {
		return 0, false
	}
	// Once slots could be made whose name is empty: their objects must load.
	s := Intern(name)
	if n < maxKeptSymbol {
		if n >= uint64(len(m.in)) {
			m.in = append(m.in, make([]Symbol, n+1-uint64(len(m.in)))...)
		}
		m.in[n] = s
	}
	return s, true
}

// entity encodes an entity into one write or more. New entities that it refers
// to are given oids and queued. b is its before-image, nil when it is new.
func (c *encoder) entity(e *Entity, b *before, change store.Change, slots []string) error {
	c.holder, c.slot = e.oid, 0
	if e.kind != KindObject {
		return c.container(e, b, change)
	}
	o := e.value().Object()
	c.start(wireObject, len(o.Slots))
	for i, slot := range o.Slots {
		c.slot = o.Shape.names[i]
		c.buf = binary.AppendUvarint(c.buf, uint64(c.h.symbolOut(c.slot)))
		if err := c.value(slot, 0); err != nil {
			return err
		}
	}
	if err := c.write(e.oid, change); err != nil {
		return err
	}
	c.writes[len(c.writes)-1].Slots = slots
	return nil
}

// start begins a record.
func (c *encoder) start(kind byte, n int) {
	c.buf, c.refs, c.blobs = append(c.buf[:0], recordVersion, kind), c.refs[:0], c.blobs[:0]
	c.buf = binary.AppendUvarint(c.buf, uint64(n))
}

// write ends a record. What goes to the store is its own.
func (c *encoder) write(oid store.OID, change store.Change) error {
	if err := c.fits(Value{}); err != nil {
		return err
	}
	c.total += len(c.buf)
	slices.Sort(c.refs)
	c.writes = append(c.writes, store.Write{
		OID:    oid,
		Change: change,
		Data:   slices.Clone(c.buf),
		Refs:   slices.Clone(slices.Compact(c.refs)),
		Blobs:  slices.Clone(c.blobs),
	})
	return nil
}

func (c *encoder) values(items []Value, depth int) error {
	for i := range items {
		if err := c.value(items[i], depth); err != nil {
			return err
		}
	}
	return nil
}

func (c *encoder) keys(t *table, depth int) error {
	for i := range t.entries {
		if key := t.entries[i].key; !key.Absent() {
			if err := c.value(key, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *encoder) text(tag byte, s string) {
	c.buf = append(c.buf, tag)
	c.string(s)
}

// method writes a method's source and facts, the latter in order of their names.
func (c *encoder) method(v Value) error {
	m := v.Method()
	c.buf = append(c.buf, wireMethod)
	if m.form != "" {
		c.buf = append(c.buf, m.form...)
		return nil
	}
	valid := utf8.ValidString(m.Source)
	for key, fact := range m.Facts {
		valid = valid && utf8.ValidString(key) && utf8.ValidString(fact)
	}
	if !valid {
		return &unstorable{v, notText}
	}
	start := len(c.buf)
	c.string(m.Source)
	c.buf = binary.AppendUvarint(c.buf, uint64(len(m.Facts)))
	for _, key := range slices.Sorted(maps.Keys(m.Facts)) {
		c.string(key)
		c.string(m.Facts[key])
	}
	m.form = string(c.buf[start:])
	return nil
}

// notText is what decoding would refuse.
const notText = "text that is not UTF-8"

func (c *encoder) string(s string) {
	c.buf = binary.AppendUvarint(c.buf, uint64(len(s)))
	c.buf = append(c.buf, s...)
}

// fits refuses what has become too large, at v. Tuples that share tuples are
// written out each time, so little memory can hold much to store.
func (c *encoder) fits(v Value) error {
	switch {
	case len(c.buf) > maxRecord:
		return &unstorable{v, "value of more than 64 MiB"}
	case c.total+len(c.buf) > maxCommit:
		return &unstorable{v, "value that makes the transaction larger than 512 MiB"}
	}
	return nil
}

// unstorable is an UnstorableError on its way out, before it has its path.
type unstorable struct {
	value Value
	what  string
}

func (u *unstorable) Error() string { return u.what + " cannot be stored" }

func (c *encoder) value(v Value, depth int) error {
	if err := c.fits(v); err != nil {
		return err
	}
	switch k := v.Kind(); k {
	case KindNone:
		c.buf = append(c.buf, wireNone)
	case KindBool:
		if v.AsBool() {
			c.buf = append(c.buf, wireTrue)
		} else {
			c.buf = append(c.buf, wireFalse)
		}
	case KindInt:
		if i := v.AsInt(); i >= leastSmall && i <= mostSmall {
			c.buf = append(c.buf, byte(i-leastSmall+wireSmall))
		} else {
			c.buf = binary.AppendVarint(append(c.buf, wireInt), i)
		}
	case KindBig:
		sign := byte(0)
		if v.Big().Sign() < 0 {
			sign = 1
		}
		c.buf = append(c.buf, wireBig, sign)
		magnitude := v.Big().Bytes()
		c.buf = binary.AppendUvarint(c.buf, uint64(len(magnitude)))
		c.buf = append(c.buf, magnitude...)
	case KindFloat:
		c.buf = binary.LittleEndian.AppendUint64(append(c.buf, wireFloat), math.Float64bits(v.AsFloat()))
	case KindStr:
		if !utf8.ValidString(v.Str()) {
			return &unstorable{v, notText}
		}
		c.text(wireStr, v.Str())
	case KindBytes:
		c.text(wireBytes, v.Bytes())
	case KindTuple, KindFrozenSet:
		if depth >= maxNesting {
			return &unstorable{v, k.String() + " nested deeper than " + strconv.Itoa(maxNesting) + " levels"}
		}
		if k == KindTuple {
			c.buf = binary.AppendUvarint(append(c.buf, wireTuple), uint64(len(v.Tuple())))
			return c.values(v.Tuple(), depth+1)
		}
		c.buf = binary.AppendUvarint(append(c.buf, wireFrozenSet), uint64(v.Set().Len()))
		return c.keys(&v.Set().t, depth+1)
	case KindMethod:
		return c.method(v)
	case KindBlob:
		b := v.Blob()
		if b.Size < 0 {
			return &unstorable{v, "blob of a negative size"}
		}
		c.buf = append(append(c.buf, wireBlob), b.Hash[:]...)
		c.buf = binary.AppendUvarint(c.buf, uint64(b.Size))
		c.blobs = append(c.blobs, b.Hash)
	case KindObject, KindList, KindDict, KindSet:
		e := v.Entity()
		if e.isNew() && e.flags&flagQueued == 0 {
			c.h.assign(e)
			e.flags |= flagQueued
			c.queue = append(c.queue, e)
		}
		if hint := e.owner(); hint != nil {
			*hint = owner{c.holder, c.slot}
		}
		c.buf = binary.AppendUvarint(append(c.buf, entityTags[k]), uint64(e.oid))
		c.refs = append(c.refs, e.oid)
	default:
		return &unstorable{v, described(v)}
	}
	return nil
}
