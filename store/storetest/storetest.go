// Package storetest is the conformance suite of package store: what every
// driver must do, run against a driver by handing in how to open it. A driver's
// own test is one line:
//
//	func TestConformance(t *testing.T) { storetest.Run(t, open) }
//
// What it does not cover, because it needs the driver's own means: power cuts,
// failing and full disks, corrupted files. For those, Witness makes a load and
// holds what is left against what was acknowledged.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"batos/store"
)

// Open opens the store in dir, which exists and is empty at first; opening it
// again after Close gives the same store.
type Open func(dir string) (store.Store, error)

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	tests := []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"empty", testEmpty},
		{"versions", testVersions},
		{"reads at any tid", testSnapshots},
		{"deleted", testDeleted},
		{"history", testHistory},
		{"log", testLog},
		{"transactions refused", testRefused},
		{"stale base", testStaleBase},
		{"lost update", testLostUpdate},
		{"write skew", testWriteSkew},
		{"long fork", testLongFork},
		{"read only with index", testIndexOnly},
		{"dense tids", testDenseTIDs},
		{"refresh", testRefresh},
		{"index", testIndex},
		{"index drop", testIndexDrop},
		{"symbols", testSymbols},
		{"blobs", testBlobs},
		{"oids", testOIDs},
		{"durability order", testDurabilityOrder},
		{"reopen", testReopen},
		{"closed", testClosed},
		{"counters", testCounters},
		{"bank", testBank},
		{"readers and writers", testReadersAndWriters},
		{"model", testModel},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &fixture{T: t, dir: t.TempDir(), open: open}
			f.reopen()
			t.Cleanup(func() {
				if f.Store != nil {
					f.Store.Close()
				}
			})
			tt.run(t, f)
		})
	}
}

// fixture is an open store with steps that fail the test.
type fixture struct {
	*testing.T
	store.Store
	dir  string
	open Open
}

func (f *fixture) reopen() {
	f.Helper()
	if f.Store != nil {
		if err := f.Store.Close(); err != nil {
			f.Fatalf("Close: %v", err)
		}
		f.Store = nil
	}
	s, err := f.open(f.dir)
	if err != nil {
		f.Fatalf("Open: %v", err)
	}
	f.Store = s
}

// last is the newest tid.
func (f *fixture) last() store.TID { return f.Stats().Last }

// put writes objects in one transaction, on the newest state, and waits.
func (f *fixture) put(ws ...store.Write) store.TID {
	f.Helper()
	tid, err := f.Submit(&store.Transaction{Snapshot: f.last(), Writes: ws})
	if err != nil {
		f.Fatalf("Submit: %v", err)
	}
	f.durable(tid)
	return tid
}

func (f *fixture) durable(tid store.TID) {
	f.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := f.WaitDurable(ctx, tid); err != nil {
		f.Fatalf("WaitDurable(%d): %v", tid, err)
	}
}

// expect reads oid at a tid and compares; want "" means not found.
func (f *fixture) expect(oid store.OID, at store.TID, want string) {
	f.Helper()
	r, err := f.Get(oid, at)
	switch {
	case want == "" && errors.Is(err, store.ErrNotFound):
	case err != nil:
		f.Errorf("Get(%v, %d): %v, want %q", oid, at, err, want)
	case string(r.Data) != want:
		f.Errorf("Get(%v, %d) = %q, want %q", oid, at, r.Data, want)
	}
}

func created(oid store.OID, data string, refs ...store.OID) store.Write {
	return store.Write{OID: oid, Change: store.Created, Data: []byte(data), Refs: refs}
}

func changed(oid store.OID, data string, refs ...store.OID) store.Write {
	return store.Write{OID: oid, Change: store.Changed, Data: []byte(data), Refs: refs}
}

func deleted(oid store.OID) store.Write { return store.Write{OID: oid, Change: store.Deleted} }

func testEmpty(t *testing.T, f *fixture) {
	if got := f.Snapshot(); got != 0 {
		t.Errorf("Snapshot of an empty store = %d, want 0", got)
	}
	f.Release(0)
	f.expect(1, store.Latest, "")
	f.expect(1, 0, "")
	if _, err := f.Transaction(1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Transaction(1) = %v, want ErrNotFound", err)
	}
	if err := f.Log(store.Latest, func(store.Committed) bool { t.Error("an entry in an empty log"); return true }); err != nil {
		t.Error(err)
	}
	if err := f.WaitDurable(context.Background(), 0); err != nil {
		t.Errorf("the empty state is durable, but WaitDurable(0) = %v", err)
	}
}

func testVersions(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(2)
	b := a + 1
	t1 := f.put(created(a, "a1", b), created(b, ""))
	t2 := f.put(changed(a, "a2"))
	if t1 != 1 || t2 != 2 {
		t.Fatalf("tids %d, %d, want 1, 2", t1, t2)
	}
	r, err := f.Get(a, t1)
	if err != nil {
		t.Fatal(err)
	}
	if r.OID != a || r.TID != t1 || r.Prev != 0 || !slices.Equal(r.Refs, []store.OID{b}) {
		t.Errorf("first version = %+v", r)
	}
	r, err = f.Get(a, store.Latest)
	if err != nil {
		t.Fatal(err)
	}
	if r.TID != t2 || r.Prev != t1 || len(r.Refs) != 0 {
		t.Errorf("second version = %+v", r)
	}
	r, err = f.Get(b, store.Latest)
	if err != nil || r.Data == nil || len(r.Data) != 0 {
		t.Errorf("an object of no bytes = %+v, %v; want empty data, not nil", r, err)
	}
	f.put(changed(a, "a3", b, a, b)) // in any order, more than once
	r, err = f.Get(a, store.Latest)
	if err != nil || !slices.Equal(r.Refs, []store.OID{a, b}) {
		t.Errorf("refs = %v, %v; want each once, ascending", r.Refs, err)
	}
}

func testSnapshots(t *testing.T, f *fixture) {
	const objects, rounds = 5, 40
	first := f.AllocateOIDs(objects)
	var model [rounds + 1][objects]string
	for round := 1; round <= rounds; round++ {
		model[round] = model[round-1]
		i := round * 7 % objects
		oid := first + store.OID(i)
		text := fmt.Sprintf("%d in %d", i, round)
		w := changed(oid, text)
		if model[round][i] == "" {
			w.Change = store.Created
		}
		model[round][i] = text
		// Not waited for: reads must be right in memory and on disk.
		if _, err := f.Submit(&store.Transaction{Snapshot: f.last(), Writes: []store.Write{w}}); err != nil {
			t.Fatal(err)
		}
	}
	for pass := range 3 {
		for round := 0; round <= rounds; round++ {
			for i := range objects {
				f.expect(first+store.OID(i), store.TID(round), model[round][i])
			}
		}
		switch pass {
		case 0:
			f.durable(rounds)
		case 1:
			f.reopen()
		}
	}
}

func testDeleted(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(1)
	f.put(created(a, "one"))
	gone := f.put(deleted(a))
	for range 2 {
		f.expect(a, gone-1, "one")
		f.expect(a, gone, "")
		f.expect(a, store.Latest, "")
		f.reopen()
	}
	back := f.put(store.Write{OID: a, Change: store.Undone, Data: []byte("one")})
	r, err := f.Get(a, back)
	if err != nil || r.Prev != gone {
		t.Errorf("restored version = %+v, %v; want prev %d", r, err, gone)
	}
	f.put(store.Write{OID: a, Change: store.Undone}) // undoing that again deletes
	f.expect(a, store.Latest, "")
}

func testHistory(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(2)
	f.put(created(a, "1"), created(a+1, "other"))
	f.put(changed(a, "2"))
	f.put(deleted(a))
	f.put(changed(a+1, "other"))
	// The last is still in memory, perhaps.
	if _, err := f.Submit(&store.Transaction{Snapshot: f.last(), Writes: []store.Write{changed(a, "3")}}); err != nil {
		t.Fatal(err)
	}
	want := []struct {
		tid, prev store.TID
		data      []byte
	}{{5, 3, []byte("3")}, {3, 2, nil}, {2, 1, []byte("2")}, {1, 0, []byte("1")}}
	check := func() {
		t.Helper()
		var got []store.Record
		if err := f.History(a, func(r store.Record) bool { got = append(got, r); return true }); err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("%d versions, want %d: %+v", len(got), len(want), got)
		}
		for i, w := range want {
			g := got[i]
			if g.OID != a || g.TID != w.tid || g.Prev != w.prev || !bytes.Equal(g.Data, w.data) || (g.Data == nil) != (w.data == nil) {
				t.Errorf("version %d = %+v, want %+v", i, g, w)
			}
		}
	}
	check()
	f.durable(5)
	check()
	f.reopen()
	check()
	n := 0
	if err := f.History(a, func(store.Record) bool { n++; return n < 2 }); err != nil || n != 2 {
		t.Errorf("stopped after %d, %v; want 2", n, err)
	}
}

func testLog(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(3)
	when := time.Date(2026, 11, 24, 21, 15, 0, 12345, time.UTC)
	txs := []store.Transaction{
		{Writes: []store.Write{created(a+2, "c"), created(a, "a")}},
		{
			Writes: []store.Write{
				{OID: a, Change: store.Changed, Data: []byte("a2"), Slots: []string{"balance", "größe"}},
				{OID: a + 2, Change: store.Deleted},
			},
			Provenance: store.Provenance{
				Time: when, Author: "cli", Cause: a + 1, Parent: 1, Why: "send @42.deposit", UndoOf: 1,
				More: map[string]string{"mind": "seed", "attempts": "2"},
			},
		},
		{Index: []store.IndexWrite{{Key: "k", Value: []byte("v")}}, Provenance: store.Provenance{Time: when, Why: "index only"}},
	}
	for i := range txs {
		txs[i].Snapshot = f.last()
		if _, err := f.Submit(&txs[i]); err != nil {
			t.Fatal(err)
		}
	}
	want := [][]store.ObjectChange{
		{{OID: a, Change: store.Created}, {OID: a + 2, Change: store.Created}},
		{{OID: a, Change: store.Changed, Slots: []string{"balance", "größe"}}, {OID: a + 2, Change: store.Deleted}},
		nil,
	}
	same := func(x, y store.ObjectChange) bool {
		return x.OID == y.OID && x.Change == y.Change && slices.Equal(x.Slots, y.Slots)
	}
	check := func() {
		t.Helper()
		next := store.TID(3)
		err := f.Log(store.Latest, func(c store.Committed) bool {
			if c.TID != next {
				t.Fatalf("tid %d in the log, want %d", c.TID, next)
			}
			one, err := f.Transaction(c.TID)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(c.Changes, want[c.TID-1], same) || !slices.EqualFunc(one.Changes, c.Changes, same) {
				t.Errorf("changes of %d = %+v (log), %+v, want %+v", c.TID, c.Changes, one.Changes, want[c.TID-1])
			}
			next--
			return true
		})
		if err != nil || next != 0 {
			t.Fatalf("the log ended above %d: %v", next, err)
		}
		c, err := f.Transaction(2)
		if err != nil {
			t.Fatal(err)
		}
		p, w := c.Provenance, txs[1].Provenance
		if !p.Time.Equal(when) || p.Author != w.Author || p.Cause != w.Cause || p.Parent != w.Parent || p.Why != w.Why || p.UndoOf != w.UndoOf {
			t.Errorf("provenance = %+v, want %+v", p, w)
		}
		if fmt.Sprint(p.More) != fmt.Sprint(w.More) {
			t.Errorf("more = %v, want %v", p.More, w.More)
		}
		if c, err := f.Transaction(1); err != nil || c.Provenance.Time.IsZero() {
			t.Errorf("Transaction(1) = %+v, %v; want the time of submission", c, err)
		}
	}
	check()
	f.durable(3)
	check()
	f.reopen()
	check()
	var from []store.TID
	if err := f.Log(2, func(c store.Committed) bool { from = append(from, c.TID); return false }); err != nil || !slices.Equal(from, []store.TID{2}) {
		t.Errorf("Log(2) stopped after the first = %v, %v", from, err)
	}
}

func testRefused(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(1)
	for name, tx := range map[string]store.Transaction{
		"nothing":        {},
		"only reads":     {Reads: []store.OID{a}},
		"twice":          {Writes: []store.Write{created(a, "x"), changed(a, "y")}},
		"no object":      {Writes: []store.Write{created(0, "x")}},
		"no change":      {Writes: []store.Write{{OID: a, Data: []byte("x")}}},
		"future":         {Snapshot: 1000, Writes: []store.Write{created(a, "x")}},
		"a missing blob": {Writes: []store.Write{{OID: a, Change: store.Created, Blobs: []store.Hash{{1}}}}},
	} {
		if tid, err := f.Submit(&tx); err == nil {
			t.Errorf("%s: accepted as %d", name, tid)
		}
	}
	if got := f.last(); got != 0 {
		t.Errorf("refused transactions took tids: last is %d", got)
	}
	if err := f.WaitDurable(context.Background(), 1); err == nil {
		t.Error("WaitDurable of a tid that was never submitted gives no error")
	}
}
