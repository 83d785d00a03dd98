package pebble

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"

	"batos/store"
)

// A transaction's value under its t key:
//
//	body:  format u8, time varint (Unix nanoseconds),
//	       author, cause uvarint, parent uvarint, why, undo-of uvarint,
//	       more: count, (key, value)s in key order,
//	       changes: count, (oid uvarint as difference, change u8, slots: count, names)
//	chain: 32 bytes
//	crc32c u32 little-endian, over body, chain and key
//
// Strings are a uvarint length and the bytes. The chain is
//
//	digest = SHA-256(body, for each change in order: SHA-256(its record))
//	chain  = SHA-256(chain of the transaction before, tid, digest)
//
// over records without their sums, so who holds the last chain can prove the
// whole history. The list of changes is kept here and not as a key a change:
// for a commit of a thousand objects that would double the keys of the batch.
const transactionFormat = 1

type chain [sha256.Size]byte

// link gives the chain after a transaction.
func (c chain) link(tid store.TID, digest *chain) chain {
	var b [2*sha256.Size + 8]byte
	copy(b[:], c[:])
	binary.BigEndian.PutUint64(b[sha256.Size:], uint64(tid))
	copy(b[sha256.Size+8:], digest[:])
	return sha256.Sum256(b[:])
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// appendProvenance appends a body up to the changes.
func appendProvenance(b []byte, p *store.Provenance) []byte {
	b = append(b, transactionFormat)
	b = binary.AppendVarint(b, p.Time.UnixNano())
	b = appendString(b, p.Author)
	b = binary.AppendUvarint(b, uint64(p.Cause))
	b = binary.AppendUvarint(b, uint64(p.Parent))
	b = appendString(b, p.Why)
	b = binary.AppendUvarint(b, uint64(p.UndoOf))
	b = binary.AppendUvarint(b, uint64(len(p.More)))
	if len(p.More) > 0 {
		for _, k := range slices.Sorted(maps.Keys(p.More)) {
			b = appendString(b, k)
			b = appendString(b, p.More[k])
		}
	}
	return b
}

func appendChangeCount(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

func appendChange(b []byte, last, oid store.OID, change store.Change, slots []string) []byte {
	b = binary.AppendUvarint(b, uint64(oid-last))
	b = append(b, byte(change))
	b = binary.AppendUvarint(b, uint64(len(slots)))
	for _, s := range slots {
		b = appendString(b, s)
	}
	return b
}

// bodySize bounds what the body of a transaction with n changes needs
// beyond the names of slots.
func bodySize(tx *store.Transaction) int {
	n := 96 + len(tx.Provenance.Author) + len(tx.Provenance.Why)
	for k, v := range tx.Provenance.More {
		n += 20 + len(k) + len(v)
	}
	for i := range tx.Writes {
		n += 21
		for _, s := range tx.Writes[i].Slots {
			n += 10 + len(s)
		}
	}
	return n + sha256.Size + sumLen
}

// decodeBody reads a body; what follows it is left in rest.
func decodeBody(tid store.TID, b []byte) (c store.Committed, rest []byte, err error) {
	d := decoder{b: b}
	if f := d.byte(); f != transactionFormat && d.err == nil {
		return c, nil, fmt.Errorf("%w: transaction format %d", ErrCorrupt, f)
	}
	c.TID = tid
	p := &c.Provenance
	p.Time = time.Unix(0, d.varint()).UTC()
	p.Author = d.string()
	p.Cause = store.OID(d.uvarint())
	p.Parent = store.TID(d.uvarint())
	p.Why = d.string()
	p.UndoOf = store.TID(d.uvarint())
	if n := d.count(2); n > 0 {
		p.More = make(map[string]string, n)
		for range n {
			k := d.string()
			p.More[k] = d.string()
		}
	}
	if n := d.count(3); n > 0 {
		c.Changes = make([]store.ObjectChange, n)
		var last store.OID
		for i := range c.Changes {
			ch := &c.Changes[i]
			ch.OID = last + store.OID(d.uvarint())
			if ch.OID <= last && d.err == nil {
				d.err = fmt.Errorf("%w: changes do not ascend", ErrCorrupt)
			}
			last = ch.OID
			ch.Change = store.Change(d.byte())
			if m := d.count(1); m > 0 {
				ch.Slots = make([]string, m)
				for j := range ch.Slots {
					ch.Slots[j] = d.string()
				}
			}
			if d.err != nil {
				break
			}
		}
	}
	if d.err != nil {
		return store.Committed{}, nil, d.err
	}
	return c, d.b, nil
}

// decodeTransaction reads a t value.
func decodeTransaction(key, value []byte) (store.Committed, chain, error) {
	var ch chain
	b, err := checkSum(value, key)
	if err != nil {
		return store.Committed{}, ch, err
	}
	tid := transactionTID(key)
	c, rest, err := decodeBody(tid, b)
	if err != nil {
		return store.Committed{}, ch, err
	}
	if len(rest) != len(ch) {
		return store.Committed{}, ch, fmt.Errorf("%w: transaction %d has no chain", ErrCorrupt, tid)
	}
	copy(ch[:], rest)
	return c, ch, nil
}
