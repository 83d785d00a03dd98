package pebble

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"batos/store"
)

func encoded(r *record, oid store.OID, tid store.TID) (key, value []byte) {
	key = appendVersionKey(nil, oid, tid)
	return key, appendSum(appendRecord(nil, r), key)
}

var records = []record{
	{},
	{payload: []byte("x")},
	{flags: flagDeleted, prev: 7},
	{flags: flagUndone, prev: 1 << 40, refs: []store.OID{1, 2, 300, 1 << 60}, payload: bytes.Repeat([]byte("ab"), 500)},
	{flags: flagBlobs, refs: []store.OID{9}, blobs: []store.Hash{{1}, {2}}, payload: []byte{}},
}

func TestRecordRoundTrip(t *testing.T) {
	for i, want := range records {
		key, value := encoded(&want, 42, 7)
		got, err := readRecord(key, value)
		if err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
		if len(got.payload) == 0 && len(want.payload) == 0 {
			got.payload, want.payload = nil, nil
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("record %d: %+v, want %+v", i, got, want)
		}
	}
}

// TestRecordCorrupted damages a record in every way that one fault can and
// wants each noticed.
func TestRecordCorrupted(t *testing.T) {
	key, value := encoded(&records[3], 42, 7)
	damages := map[string][2][]byte{
		"empty":             {key, nil},
		"only a sum":        {key, value[len(value)-sumLen:]},
		"cut by one":        {key, value[:len(value)-1]},
		"cut in half":       {key, value[:len(value)/2]},
		"longer":            {key, append(bytes.Clone(value), 0)},
		"another object's":  {appendVersionKey(nil, 43, 7), value},
		"another version's": {appendVersionKey(nil, 42, 8), value},
		"zeroed":            {key, make([]byte, len(value))},
	}
	for i := range value {
		b := bytes.Clone(value)
		b[i] ^= 1 << (i % 8)
		damages[fmt.Sprintf("bit %d of byte %d", i%8, i)] = [2][]byte{key, b}
	}
	for name, d := range damages {
		if r, err := readRecord(d[0], d[1]); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %+v, %v; want ErrCorrupt", name, r, err)
		}
	}
}

// TestRecordMalformed has the right sum and the wrong form.
func TestRecordMalformed(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":              {},
		"no flags":             {recordFormat},
		"unknown format":       {99, 0, 0, 0},
		"endless prev":         {recordFormat, 0, 0x80, 0x80, 0x80},
		"more refs than bytes": {recordFormat, 0, 0, 200, 1},
		"huge count":           {recordFormat, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		"refs that repeat":     {recordFormat, 0, 0, 2, 5, 0},
		"refs that overflow":   {recordFormat, 0, 0, 2, 5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1},
		"ref to nothing":       {recordFormat, 0, 0, 1, 0},
		"blobs cut off":        {recordFormat, flagBlobs, 0, 0, 1, 1, 2, 3},
	} {
		if r, err := decodeRecord(b); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %+v, %v; want ErrCorrupt", name, r, err)
		}
	}
}

func body(c *store.Committed) []byte {
	b := appendProvenance(nil, &c.Provenance)
	b = appendChangeCount(b, len(c.Changes))
	var last store.OID
	for _, ch := range c.Changes {
		b = appendChange(b, last, ch.OID, ch.Change, ch.Slots)
		last = ch.OID
	}
	return b
}

var committed = store.Committed{
	TID: 12,
	Provenance: store.Provenance{
		Time: time.Unix(1795557600, 5).UTC(), Author: "cli", Cause: 1 << 50, Parent: 11, Why: "send @42.deposit", UndoOf: 3,
		More: map[string]string{"mind": "seed", "": "empty key"},
	},
	Changes: []store.ObjectChange{
		{OID: 1, Change: store.Created, Slots: []string{"a", "größe", ""}},
		{OID: 1 << 60, Change: store.Deleted},
	},
}

func TestTransactionRoundTrip(t *testing.T) {
	key := appendTransactionKey(nil, committed.TID)
	link := chain{1, 2, 3}
	value := appendSum(append(body(&committed), link[:]...), key)
	got, gotLink, err := decodeTransaction(key, value)
	if err != nil || gotLink != link || !reflect.DeepEqual(got, committed) {
		t.Errorf("got %+v, %x, %v\nwant %+v", got, gotLink, err, committed)
	}
	for i := range value {
		b := bytes.Clone(value)
		b[i] ^= 1 << (i % 8)
		if _, _, err := decodeTransaction(key, b); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("bit %d of byte %d: %v, want ErrCorrupt", i%8, i, err)
		}
	}
	for n := range value {
		if _, _, err := decodeTransaction(key, appendSum(bytes.Clone(value[:n]), key)); n != len(value)-sumLen && !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut to %d bytes with a right sum: %v, want ErrCorrupt", n, err)
		}
	}
}

// FuzzRecord: no bytes make decoding panic, and what decodes encodes again to
// something that decodes the same.
func FuzzRecord(f *testing.F) {
	for i := range records {
		f.Add(appendRecord(nil, &records[i]))
	}
	f.Add([]byte{recordFormat, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRecord(b)
		if err != nil {
			return
		}
		if len(r.blobs) == 0 {
			r.flags, r.blobs = r.flags&^flagBlobs, nil
		}
		again, err := decodeRecord(appendRecord(nil, &r))
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("%x: %+v, again %+v, %v", b, r, again, err)
		}
	})
}

func FuzzTransaction(f *testing.F) {
	f.Add(body(&committed))
	f.Add(body(&store.Committed{}))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, rest, err := decodeBody(12, b)
		if err != nil {
			return
		}
		again, left, err := decodeBody(12, append(body(&c), rest...))
		if err != nil || !reflect.DeepEqual(again, c) || !bytes.Equal(left, rest) {
			t.Errorf("%x: %+v, again %+v, %v", b, c, again, err)
		}
	})
}

func TestDifference(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	set := func() []store.OID {
		var oids []store.OID
		for o := store.OID(1); o < 12; o++ {
			if rnd.IntN(2) == 0 {
				oids = append(oids, o)
			}
		}
		return oids
	}
	for range 1000 {
		before, now := set(), set()
		began, ceased := difference(before, now)
		m := map[store.OID]int{}
		for _, o := range before {
			m[o]++
		}
		for _, o := range began {
			m[o] += 2
		}
		for _, o := range ceased {
			m[o] -= 1
		}
		for _, o := range now {
			if m[o] != 1 && m[o] != 2 {
				t.Fatalf("from %v to %v: began %v, ceased %v", before, now, began, ceased)
			}
			delete(m, o)
		}
		for o, n := range m {
			if n != 0 {
				t.Fatalf("from %v to %v: began %v, ceased %v (%v)", before, now, began, ceased, o)
			}
		}
	}
}
