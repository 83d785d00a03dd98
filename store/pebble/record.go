package pebble

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"batos/store"
)

// A record's value under its v key:
//
//	format u8, flags u8, prev uvarint,
//	count uvarint, oids uvarint (ascending; the first whole, then differences),
//	[count uvarint, hashes of 32 bytes]   with flagBlobs
//	payload, crc32c u32 little-endian
//
// The sum covers everything before it and then the key, so that a value under
// a wrong key is noticed. References stand before the payload: what collects
// garbage never decodes an object.
const (
	recordFormat = 1

	flagDeleted = 1 << 0
	flagBlobs   = 1 << 1
	flagUndone  = 1 << 2

	sumLen = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrCorrupt is in the chain of every error that says stored bytes are not
// what was written.
var ErrCorrupt = errors.New("corrupt record: the disk gave back other bytes than were written; restore the image directory from a backup")

type record struct {
	flags   byte
	prev    store.TID
	refs    []store.OID
	blobs   []store.Hash
	payload []byte
}

func (r *record) deleted() bool { return r.flags&flagDeleted != 0 }

// appendRecord appends r without the sum; refs must ascend strictly.
func appendRecord(b []byte, r *record) []byte {
	flags := r.flags &^ flagBlobs
	if len(r.blobs) > 0 {
		flags |= flagBlobs
	}
	b = append(b, recordFormat, flags)
	b = binary.AppendUvarint(b, uint64(r.prev))
	b = appendOIDs(b, r.refs)
	if len(r.blobs) > 0 {
		b = binary.AppendUvarint(b, uint64(len(r.blobs)))
		for i := range r.blobs {
			b = append(b, r.blobs[i][:]...)
		}
	}
	return append(b, r.payload...)
}

// recordSize bounds what appendRecord and appendSum need.
func recordSize(w *store.Write) int {
	return 2 + 10 + 10 + 10*len(w.Refs) + 10 + 32*len(w.Blobs) + len(w.Data) + sumLen
}

func appendOIDs(b []byte, oids []store.OID) []byte {
	b = binary.AppendUvarint(b, uint64(len(oids)))
	var last store.OID
	for _, o := range oids {
		b = binary.AppendUvarint(b, uint64(o-last))
		last = o
	}
	return b
}

// appendSum closes a value with the sum over it and its key.
func appendSum(value, key []byte) []byte {
	sum := crc32.Update(crc32.Checksum(value, castagnoli), castagnoli, key)
	return binary.LittleEndian.AppendUint32(value, sum)
}

// checkSum gives the value without its sum, if the sum is right.
func checkSum(value, key []byte) ([]byte, error) {
	n := len(value) - sumLen
	if n < 0 {
		return nil, fmt.Errorf("%w: %d bytes under key %x", ErrCorrupt, len(value), key)
	}
	sum := crc32.Update(crc32.Checksum(value[:n], castagnoli), castagnoli, key)
	if sum != binary.LittleEndian.Uint32(value[n:]) {
		return nil, fmt.Errorf("%w: wrong checksum under key %x", ErrCorrupt, key)
	}
	return value[:n:n], nil
}

// decodeRecord reads a value whose sum was checked and taken off. The payload
// shares memory with b.
func decodeRecord(b []byte) (record, error) {
	d := decoder{b: b}
	var r record
	if f := d.byte(); f != recordFormat && d.err == nil {
		return r, fmt.Errorf("%w: record format %d", ErrCorrupt, f)
	}
	r.flags = d.byte()
	r.prev = store.TID(d.uvarint())
	r.refs = d.oids()
	if r.flags&flagBlobs != 0 {
		n := d.count(32)
		r.blobs = make([]store.Hash, n)
		for i := range r.blobs {
			copy(r.blobs[i][:], d.bytes(32))
		}
	}
	r.payload = d.b
	return r, d.err
}

// decoder reads a value from the front; after the first fault err is set and
// everything reads as zero.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail() {
	if d.err == nil {
		d.err = fmt.Errorf("%w: truncated", ErrCorrupt)
	}
	d.b = nil
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.fail()
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) bytes(n int) []byte {
	if n > len(d.b) {
		d.fail()
		return nil
	}
	b := d.b[:n:n]
	d.b = d.b[n:]
	return b
}

// count reads how many items of at least size bytes follow; a count that the
// rest cannot hold is a fault, so that corrupt counts allocate nothing.
func (d *decoder) count(size int) int {
	n := d.uvarint()
	if n > uint64(len(d.b)/size) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) string() string { return string(d.bytes(d.count(1))) }

func (d *decoder) oids() []store.OID {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	oids := make([]store.OID, n)
	var last store.OID
	for i := range oids {
		next := last + store.OID(d.uvarint())
		if next <= last && d.err == nil {
			d.err = fmt.Errorf("%w: references do not ascend", ErrCorrupt)
		}
		oids[i], last = next, next
	}
	if d.err != nil {
		return nil
	}
	return oids
}

// ascending gives oids sorted, each once, without 0. It changes oids in place
// unless they are so already.
func ascending(oids []store.OID) []store.OID {
	var last store.OID
	for _, o := range oids {
		if o <= last {
			slices.Sort(oids)
			oids = slices.Compact(oids)
			if len(oids) > 0 && oids[0] == 0 {
				oids = oids[1:]
			}
			return oids
		}
		last = o
	}
	return oids
}
