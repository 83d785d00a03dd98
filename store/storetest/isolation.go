package storetest

import (
	"errors"
	"fmt"
	"testing"

	"batos/store"
)

// submit is one attempt on a given snapshot.
func (f *fixture) submit(at store.TID, reads []store.OID, ws ...store.Write) error {
	_, err := f.Submit(&store.Transaction{Snapshot: at, Reads: reads, Writes: ws})
	return err
}

func (f *fixture) conflict(err error, oid store.OID, newer store.TID, wrote bool) {
	f.Helper()
	var c *store.ConflictError
	if !errors.As(err, &c) {
		f.Fatalf("got %v, want a conflict", err)
	}
	if c.OID != oid || c.Newer != newer || c.Wrote != wrote {
		f.Errorf("conflict = %+v, want oid %v, newer %d, wrote %v", *c, oid, newer, wrote)
	}
}

// testStaleBase writes on bases that memory still knows, that it has let go
// of, and that are from before the store was opened.
func testStaleBase(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(3)
	b, c := a+1, a+2
	f.put(created(a, "1"), created(b, "1"), created(c, "1"))
	base := f.Snapshot()
	newer := f.put(changed(a, "2"))
	held := f.submit(base, nil, changed(a, "x"))
	f.Release(base)
	check := func(err error) {
		t.Helper()
		f.conflict(err, a, newer, true)
		f.conflict(f.submit(base, []store.OID{b, a}, changed(b, "x")), a, newer, false)
	}
	check(held)
	for range 100 { // nobody holds base any more
		f.put(changed(c, "more"))
	}
	check(f.submit(base, nil, changed(a, "x")))
	f.reopen()
	check(f.submit(base, nil, changed(a, "x")))
	// A stale base is no fault by itself: b is as it was.
	if err := f.submit(base, nil, changed(b, "2")); err != nil {
		t.Errorf("an old snapshot whose reads still hold was refused: %v", err)
	}
	if got := f.Stats().Conflicts; got < 2 {
		t.Errorf("%d conflicts counted since the reopen", got)
	}
}

// testLostUpdate: two increments of one counter from one base.
func testLostUpdate(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(1)
	f.put(created(a, "0"))
	base := f.Snapshot()
	defer f.Release(base)
	if err := f.submit(base, []store.OID{a}, changed(a, "1")); err != nil {
		t.Fatal(err)
	}
	f.conflict(f.submit(base, []store.OID{a}, changed(a, "1")), a, base+1, true)
}

// testWriteSkew: each reads both and writes one; only one may pass. (Berenson
// et al., "A Critique of ANSI SQL Isolation Levels", 1995, A5B.)
func testWriteSkew(t *testing.T, f *fixture) {
	x := f.AllocateOIDs(2)
	y := x + 1
	f.put(created(x, "50"), created(y, "50"))
	base := f.Snapshot()
	defer f.Release(base)
	both := []store.OID{x, y}
	if err := f.submit(base, both, changed(x, "-40")); err != nil {
		t.Fatal(err)
	}
	f.conflict(f.submit(base, both, changed(y, "-40")), x, base+1, false)
}

// testLongFork: two writers of different objects, two readers must not see
// them in opposite orders. Every snapshot is a prefix of the tids.
func testLongFork(t *testing.T, f *fixture) {
	x := f.AllocateOIDs(2)
	y := x + 1
	f.put(created(x, "0"), created(y, "0"))
	base := f.Snapshot()
	defer f.Release(base)
	if err := f.submit(base, nil, changed(x, "1")); err != nil {
		t.Fatal(err)
	}
	one := f.Snapshot()
	defer f.Release(one)
	if err := f.submit(base, nil, changed(y, "1")); err != nil {
		t.Fatalf("writes of different objects on one base do not conflict: %v", err)
	}
	two := f.Snapshot()
	defer f.Release(two)
	for at, want := range map[store.TID][2]string{base: {"0", "0"}, one: {"1", "0"}, two: {"1", "1"}} {
		f.expect(x, at, want[0])
		f.expect(y, at, want[1])
	}
	// And what read the fork's other branch cannot commit.
	f.conflict(f.submit(one, []store.OID{x, y}, changed(x, "2")), y, two, false)
}

// testIndexOnly: a transaction that writes no object is not validated.
func testIndexOnly(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(1)
	f.put(created(a, "0"))
	base := f.Snapshot()
	defer f.Release(base)
	f.put(changed(a, "1"))
	tid, err := f.Submit(&store.Transaction{
		Snapshot: base,
		Reads:    []store.OID{a},
		Index:    []store.IndexWrite{{Key: "reply", Value: []byte("0")}},
	})
	if err != nil {
		t.Fatalf("a reader was refused: %v", err)
	}
	if tid != base+2 {
		t.Errorf("tid %d, want %d", tid, base+2)
	}
	if v, err := f.IndexGet("reply"); err != nil || string(v) != "0" {
		t.Errorf("IndexGet = %q, %v", v, err)
	}
}

func testDenseTIDs(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(1)
	f.put(created(a, "0"))
	for i := range 50 {
		at := f.last()
		if err := f.submit(at, nil, changed(a, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
		if err := f.submit(at, nil, changed(a, "refused")); err == nil {
			t.Fatal("a lost update")
		}
	}
	if got := f.last(); got != 51 {
		t.Errorf("last tid %d after 51 accepted transactions", got)
	}
	f.reopen()
	if got := f.put(changed(a, "x")); got != 52 {
		t.Errorf("tid %d after reopening, want 52", got)
	}
}

func testRefresh(t *testing.T, f *fixture) {
	const n = 200
	first := f.AllocateOIDs(n)
	f.put(created(first, "0"))
	held := f.Snapshot()
	if now, oids := f.Refresh(held, nil); now != held || len(oids) != 0 {
		t.Errorf("nothing changed, but Refresh = %d, %v", now, oids)
	}
	early := f.Snapshot()
	for i := store.OID(1); i < n; i++ {
		f.put(created(first+i, "x"), changed(first, "y"))
	}
	for _, from := range []store.TID{held, early} {
		now, oids := f.Refresh(from, []store.OID{7777})
		if now != f.last() || len(oids) == 0 || oids[0] != 7777 {
			t.Fatalf("Refresh = %d, %d oids; want %d, appended to what was given", now, len(oids), f.last())
		}
		seen := map[store.OID]bool{}
		for _, o := range oids {
			seen[o] = true
		}
		for i := range store.OID(n) {
			if !seen[first+i] {
				t.Errorf("%v changed and is not told", first+i)
			}
		}
		f.Release(now)
	}
}
