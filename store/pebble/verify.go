package pebble

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
)

var (
	_ store.Verifier  = (*Store)(nil)
	_ store.Backuper  = (*Store)(nil)
	_ store.Referrers = (*Store)(nil)
)

// Verify checks what is in Pebble and in the blob files, as of one moment,
// while the store goes on:
//
//   - Pebble's levels and the checksum of every block;
//   - the sum and form of every record, and that each names the one before it;
//   - that the transactions are dense, and the chain of hashes over them and
//     over every record they name, so that none was changed or swapped;
//   - that no version exists which no transaction names;
//   - references: none from a current version into nothing, and the r keys as
//     they follow from the records;
//   - that every blob a version names is there and is what its name says.
func (s *Store) Verify(ctx context.Context, report func(store.Problem)) (store.Verified, error) {
	if err := s.enter(); err != nil {
		return store.Verified{}, err
	}
	defer s.leave()
	v := verification{s: s, ctx: ctx, report: report, at: s.db.NewSnapshot()}
	defer v.at.Close()
	if err := s.db.CheckLevels(nil); err != nil {
		v.problem(0, 0, "the levels of the store: %v", err)
	}
	for _, step := range []func() error{v.versions, v.transactions, v.referrers, v.blobs} {
		if err := step(); err != nil {
			return v.done, fmt.Errorf("verifying: %w", err)
		}
	}
	return v.done, nil
}

type verification struct {
	s      *Store
	ctx    context.Context
	report func(store.Problem)
	at     *lsm.Snapshot
	done   store.Verified

	changes int64 // that the transactions name
	expect  int64 // r keys that follow from the records
}

func (v *verification) problem(oid store.OID, tid store.TID, format string, args ...any) {
	v.done.Problems++
	v.report(store.Problem{OID: oid, TID: tid, What: fmt.Sprintf(format, args...)})
}

// scan calls each with every key of a kind. A block that cannot be read ends
// the scan, as a problem.
func (v *verification) scan(kind byte, each func(key, value []byte) error) error {
	it, err := v.at.NewIter(&lsm.IterOptions{LowerBound: []byte{kind}, UpperBound: []byte{kind + 1}})
	if err != nil {
		return err
	}
	defer it.Close()
	n := 0
	for ok := it.First(); ok; ok = it.Next() {
		if n++; n%1024 == 0 && v.ctx.Err() != nil {
			return context.Cause(v.ctx)
		}
		value, err := it.ValueAndErr()
		if err != nil {
			v.problem(0, 0, "the value of key %x: %v", it.Key(), err)
			continue
		}
		if err := each(it.Key(), value); err != nil {
			return err
		}
	}
	if err := it.Error(); err != nil {
		v.problem(0, 0, "keys %q after the %dth: %v", kind, n, err)
	}
	return nil
}

// versions checks the records, object by object, newest version first.
func (v *verification) versions() error {
	var newer struct { // the version read before, of the same object
		oid  store.OID
		tid  store.TID
		prev store.TID
		refs []store.OID
	}
	began := func(refs []store.OID) error { // newer is complete: refs is what was before it
		if newer.oid == 0 {
			return nil
		}
		b, c := difference(refs, newer.refs)
		v.expect += int64(len(b) + len(c))
		for sign, targets := range map[byte][]store.OID{'+': b, '-': c} {
			for _, t := range targets {
				value, closer, err := v.at.Get(appendReferrerKey(nil, t, newer.oid, newer.tid))
				if errors.Is(err, lsm.ErrNotFound) {
					v.problem(newer.oid, newer.tid, "its reference to %v is not in the table of referrers", t)
					continue
				}
				if err != nil {
					return err
				}
				if string(value) != string(sign) {
					v.problem(newer.oid, newer.tid, "the table of referrers has %q for %v, want %q", value, t, sign)
				}
				closer.Close()
			}
		}
		return nil
	}
	var top store.OID
	err := v.scan(kindVersion, func(key, value []byte) error {
		if len(key) != splitLen+8 {
			v.problem(0, 0, "a key that is none: %x", key)
			return nil
		}
		oid, tid := store.OID(binary.BigEndian.Uint64(key[1:])), versionTID(key)
		v.done.Versions++
		v.done.Bytes += int64(len(value))
		r, err := readRecord(key, value)
		if err != nil {
			v.problem(oid, tid, "%v", err)
			return nil
		}
		current := oid != newer.oid
		switch {
		case current:
			if newer.prev != 0 {
				v.problem(newer.oid, newer.tid, "the version before it, tid %d, is missing", newer.prev)
			}
			if err := began(nil); err != nil {
				return err
			}
		case newer.prev != tid:
			v.problem(oid, newer.tid, "says that tid %d is the version before it, but %d is", newer.prev, tid)
			fallthrough
		default:
			if err := began(r.refs); err != nil {
				return err
			}
		}
		if current && !r.deleted() {
			v.done.Objects++
			v.done.References += int64(len(r.refs))
			if err := v.dangling(oid, tid, r.refs); err != nil {
				return err
			}
		}
		for _, h := range r.blobs {
			if err := v.present(appendBlobUseKey(nil, h, oid, tid)); err != nil {
				v.problem(oid, tid, "its blob %x is not in the table: %v", h, err)
			}
		}
		top = oid
		newer.oid, newer.tid, newer.prev, newer.refs = oid, tid, r.prev, r.refs
		return nil
	})
	if err != nil {
		return err
	}
	if newer.prev != 0 {
		v.problem(newer.oid, newer.tid, "the version before it, tid %d, is missing", newer.prev)
	}
	if top >= store.OID(v.s.nextOID.Load()) {
		v.problem(top, 0, "exists, and is among the oids to be handed out")
	}
	return began(nil)
}

func (v *verification) present(key []byte) error {
	_, closer, err := v.at.Get(key)
	if err == nil {
		closer.Close()
	}
	return err
}

// dangling looks for references into nothing.
func (v *verification) dangling(oid store.OID, tid store.TID, refs []store.OID) error {
	if len(refs) == 0 {
		return nil
	}
	it, err := v.at.NewIter(nil)
	if err != nil {
		return err
	}
	defer it.Close()
	for _, t := range refs {
		if !it.SeekPrefixGE(appendVersionKey(nil, t, store.Latest)) {
			if err := it.Error(); err != nil {
				return err
			}
			v.problem(oid, tid, "refers to %v, which does not exist", t)
			continue
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return err
		}
		if len(value) > 1 && value[1]&flagDeleted != 0 {
			v.problem(oid, tid, "refers to %v, which is deleted", t)
		}
	}
	return nil
}

// transactions checks the log and the chain over it.
func (v *verification) transactions() error {
	var last store.TID
	var prev chain
	err := v.scan(kindTransaction, func(key, value []byte) error {
		v.done.Transactions++
		v.done.Bytes += int64(len(value))
		tid := transactionTID(key)
		if tid != last+1 {
			v.problem(0, tid, "follows tid %d", last)
		}
		last = tid
		c, got, err := decodeTransaction(key, value)
		if err != nil {
			v.problem(0, tid, "%v", err)
			return nil
		}
		v.changes += int64(len(c.Changes))
		h := sha256.New()
		h.Write(value[:len(value)-sumLen-len(got)])
		complete := true
		for _, ch := range c.Changes {
			record, closer, err := v.at.Get(appendVersionKey(nil, ch.OID, tid))
			if err != nil {
				v.problem(ch.OID, tid, "the version that the transaction names: %v", err)
				complete = false
				continue
			}
			one := sha256.Sum256(record[:max(0, len(record)-sumLen)])
			h.Write(one[:])
			closer.Close()
		}
		var d chain
		h.Sum(d[:0])
		if complete && prev.link(tid, &d) != got {
			v.problem(0, tid, "breaks the chain of hashes: it, the one before it or one of its records was changed")
		}
		prev = got
		return nil
	})
	if err == nil && v.changes != v.done.Versions {
		v.problem(0, 0, "%d versions are stored, the transactions name %d", v.done.Versions, v.changes)
	}
	return err
}

// referrers counts the r keys: each that follows from the records was found, so
// one more is wrong.
func (v *verification) referrers() error {
	var n int64
	err := v.scan(kindReferrer, func(_, _ []byte) error { n++; return nil })
	if err == nil && n != v.expect {
		v.problem(0, 0, "the table of referrers has %d entries, want %d", n, v.expect)
	}
	return err
}

func (v *verification) blobs() error {
	return v.scan(kindBlob, func(key, _ []byte) error {
		v.done.Blobs++
		var h store.Hash
		copy(h[:], key[1:])
		f, err := v.s.fs.Open(v.s.BlobPath(h))
		if err != nil {
			v.problem(0, 0, "blob %x: %v", h, err)
			return nil
		}
		defer f.Close()
		sum := sha256.New()
		n, err := io.Copy(sum, f)
		v.done.Bytes += n
		if err != nil {
			v.problem(0, 0, "blob %x: %v", h, err)
		} else if !bytes.Equal(sum.Sum(nil), h[:]) {
			v.problem(0, 0, "blob %x is not what its name says", h)
		}
		return nil
	})
}
