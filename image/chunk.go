package image

import (
	"encoding/binary"
	"fmt"
	"slices"

	"batos/store"
)

// A list, dict or set of more rows than Image.chunkRows is stored in chunks,
// each a record of its own, and its own record lists them. So a commit that
// appends to a list of a million writes one chunk and the list of chunks, and
// its history grows by as much.
//
// What must hold: the container's own record is written whenever one of its
// chunks is, so that the container's oid alone stands for all of it in read
// sets and in what a snapshot's move tells; chunks are no entities, and nobody
// but their container refers to them.
type chunk struct {
	oid  store.OID
	rows int
}

// chunkRows is how many rows a chunk holds at most.
const chunkRows = 512

// row widths: a row of a dict is a key and its value.
func rowWidth(k Kind) int {
	if k == KindDict {
		return 2
	}
	return 1
}

// chunks gives where the chunks of a container are kept: how its version that
// is loaded lies in the store.
func (e *Entity) chunks() *[]chunk {
	switch v := e.value(); e.kind {
	case KindList:
		return &v.List().stored
	case KindDict:
		return &v.Dict().stored
	default:
		return &v.Set().stored
	}
}

// rows gives what a container holds, in order. The slice is not to be changed.
func (e *Entity) rows() []Value {
	switch v := e.value(); e.kind {
	case KindList:
		return v.List().Items
	case KindDict:
		return tableRows(v.Dict().t.entries, v.Dict().Len(), 2)
	default:
		return tableRows(v.Set().t.entries, v.Set().Len(), 1)
	}
}

func (b *before) rows() []Value {
	if b.e.kind == KindList {
		return b.values
	}
	return tableRows(b.entries, b.live, rowWidth(b.e.kind))
}

func tableRows(entries []entry, live, width int) []Value {
	rows := make([]Value, 0, live*width)
	for i := range entries {
		if e := &entries[i]; !e.key.Absent() {
			if rows = append(rows, e.key); width == 2 {
				rows = append(rows, e.val)
			}
		}
	}
	return rows
}

// piece is a chunk as a commit will have it: rows from and up to, in a record
// that is kept or written.
type piece struct {
	oid      store.OID // 0 for a new one
	from, to int
	keep     bool
}

// plan divides n rows into chunks of at most size, keeping those of old whose
// rows have not changed. same compares row i of before with row j of now.
func plan(old []chunk, was, n, size int, same func(i, j int) bool) (pieces []piece, dropped []store.OID) {
	if was == n && len(old) > 0 {
		from := 0
		for _, c := range old {
			p := piece{c.oid, from, from + c.rows, true}
			for i := p.from; i < p.to && p.keep; i++ {
				p.keep = same(i, i)
			}
			pieces, from = append(pieces, p), p.to
		}
		return pieces, nil
	}
	shorter := min(was, n)
	head, tail := 0, 0
	for head < shorter && same(head, head) {
		head++
	}
	for tail < shorter-head && same(was-1-tail, n-1-tail) {
		tail++
	}
	// Chunks within the unchanged head and tail stay.
	first, from := 0, 0
	for first < len(old) && from+old[first].rows <= head {
		from += old[first].rows
		first++
	}
	last, to := len(old), n
	for last > first && n-to+old[last-1].rows <= tail {
		last--
		to -= old[last].rows
	}
	// A small rest joins a neighbour: the one before at the end, where appending
	// goes on until a chunk is full, else the one after.
	switch {
	case from == to:
	case last == len(old) && first > 0 && old[first-1].rows < size:
		first--
		from -= old[first].rows
	case last < len(old) && to-from < size/4:
		to += old[last].rows
		last++
	}
	at := 0
	for _, c := range old[:first] {
		pieces = append(pieces, piece{c.oid, at, at + c.rows, true})
		at += c.rows
	}
	free := old[first:last]
	for parts := (to - from + size - 1) / size; parts > 0; parts-- {
		p := piece{from: at, to: at + (to-at+parts-1)/parts}
		if len(free) > 0 {
			p.oid, free = free[0].oid, free[1:]
		}
		pieces, at = append(pieces, p), p.to
	}
	for _, c := range old[last:] {
		pieces = append(pieces, piece{c.oid, at, at + c.rows, true})
		at += c.rows
	}
	for _, c := range free {
		dropped = append(dropped, c.oid)
	}
	return pieces, dropped
}

// layout is how a container will lie in the store once the commit has passed.
type layout struct {
	e      *Entity
	chunks []chunk
}

// container writes a list, dict or set, b being its before-image, nil when new.
func (c *encoder) container(e *Entity, b *before, change store.Change) error {
	tag, width, size := entityTags[e.kind], rowWidth(e.kind), c.h.img.chunkRows
	rows := e.rows()
	n, old := len(rows)/width, *e.chunks()
	if n <= size && (len(old) == 0 || n <= size/4) {
		c.start(tag, n)
		if err := c.values(rows, 0); err != nil {
			return err
		}
		if err := c.write(e.oid, change); err != nil {
			return err
		}
		if len(old) > 0 {
			for _, part := range old {
				c.writes = append(c.writes, store.Write{OID: part.oid, Change: store.Deleted})
			}
			c.layouts = append(c.layouts, layout{e, nil})
		}
		return nil
	}
	var was []Value
	if b != nil {
		was = b.rows()
	}
	pieces, dropped := plan(old, len(was)/width, n, size, func(i, j int) bool {
		return sameValues(was[i*width:(i+1)*width], rows[j*width:(j+1)*width])
	})
	chunks := make([]chunk, len(pieces))
	for i, p := range pieces {
		done := change
		if p.oid == 0 {
			p.oid, done = c.h.newOID(), store.Created
		}
		chunks[i] = chunk{p.oid, p.to - p.from}
		if p.keep {
			continue
		}
		c.start(wireChunk, int(e.oid))
		c.buf = binary.AppendUvarint(append(c.buf, tag), uint64(p.to-p.from))
		if err := c.values(rows[p.from*width:p.to*width], 0); err != nil {
			return err
		}
		if err := c.write(p.oid, done); err != nil {
			return err
		}
	}
	for _, oid := range dropped {
		c.writes = append(c.writes, store.Write{OID: oid, Change: store.Deleted})
	}
	c.layouts = append(c.layouts, layout{e, chunks})
	c.start(tag|wireChunked, len(chunks))
	for _, part := range chunks {
		c.buf = binary.AppendUvarint(binary.AppendUvarint(c.buf, uint64(part.oid)), uint64(part.rows))
		c.refs = append(c.refs, part.oid)
	}
	return c.write(e.oid, change)
}

// gather reads the rows of all chunks that the record of a container lists.
func (d *decoder) gather(k Kind, at store.TID, c *content) error {
	n, err := d.count(2)
	if err != nil {
		return err
	}
	seen := make(map[uint64]bool, n)
	for range n {
		oid, err := d.uvarint()
		if err != nil {
			return err
		}
		rows, err := d.uvarint()
		if err != nil || oid == 0 || seen[oid] {
			return ErrCorrupt
		}
		seen[oid] = true
		rec, err := d.h.img.store.Get(store.OID(oid), at)
		if err != nil {
			return fmt.Errorf("chunk @%d: %w: %w", oid, err, ErrCorrupt)
		}
		part := decoder{h: d.h, data: rec.Data, left: len(rec.Data), holder: d.holder}
		if err := part.chunk(k, rows, c); err != nil {
			return fmt.Errorf("chunk @%d, version %d, byte %d: %w", oid, rec.TID, part.at, err)
		}
		c.chunks = append(c.chunks, chunk{store.OID(oid), int(rows)})
	}
	return nil
}

func (d *decoder) chunk(k Kind, rows uint64, c *content) error {
	head, err := d.take(2)
	if err != nil || head[0] != recordVersion || head[1] != wireChunk {
		return ErrCorrupt
	}
	owner, err := d.uvarint()
	if err != nil || store.OID(owner) != d.holder {
		return ErrCorrupt
	}
	tag, err := d.take(1)
	if err != nil || tag[0] != entityTags[k] {
		return ErrCorrupt
	}
	n, err := d.count(rowWidth(k))
	if err != nil || uint64(n) != rows {
		return ErrCorrupt
	}
	if k == KindList {
		var items []Value
		if items, err = d.values(n, 0); err == nil {
			c.values = append(slices.Grow(c.values, len(items)), items...)
		}
	} else {
		err = d.table(&c.table, n, k == KindDict, 0)
	}
	if err == nil && d.at != len(d.data) {
		err = ErrCorrupt
	}
	return err
}
