package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"batos/store"
)

func (f *fixture) index(ws ...store.IndexWrite) store.TID {
	f.Helper()
	tid, err := f.Submit(&store.Transaction{Snapshot: f.last(), Index: ws})
	if err != nil {
		f.Fatalf("Submit: %v", err)
	}
	return tid
}

func set(key, value string) store.IndexWrite {
	return store.IndexWrite{Key: key, Value: []byte(value)}
}

// entries is IndexScan as text.
func (f *fixture) entries(prefix string) string {
	f.Helper()
	var out []string
	err := f.IndexScan(prefix, func(k string, v []byte) bool {
		out = append(out, k+"="+string(v))
		return true
	})
	if err != nil {
		f.Fatal(err)
	}
	return strings.Join(out, " ")
}

func testIndex(t *testing.T, f *fixture) {
	f.durable(f.index(set("a/1", "x"), set("a/3", "x"), set("b", "x"), set("a\xff", "x"), set("\xff\xff", "top")))
	f.durable(f.index(store.IndexWrite{Key: "a/3", Delete: true}, set("a/1", "y")))
	f.index(set("a/2", "z"), set("a/0", ""))
	f.index(set("a/2", "zz"), store.IndexWrite{Key: "b", Delete: true})
	check := func() {
		t.Helper()
		for prefix, want := range map[string]string{
			"a/":  "a/0= a/1=y a/2=zz",
			"a":   "a/0= a/1=y a/2=zz a\xff=x",
			"b":   "",
			"":    "a/0= a/1=y a/2=zz a\xff=x \xff\xff=top",
			"a/1": "a/1=y",
		} {
			if got := f.entries(prefix); got != want {
				t.Errorf("scan of %q = %q, want %q", prefix, got, want)
			}
		}
		if v, err := f.IndexGet("a/2"); err != nil || string(v) != "zz" {
			t.Errorf("IndexGet = %q, %v", v, err)
		}
		for _, k := range []string{"b", "a/3", "a", "never"} {
			if v, err := f.IndexGet(k); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("IndexGet(%q) = %q, %v; want ErrNotFound", k, v, err)
			}
		}
		n := 0
		if err := f.IndexScan("", func(string, []byte) bool { n++; return n < 3 }); err != nil || n != 3 {
			t.Errorf("a scan stopped after %d, %v; want 3", n, err)
		}
	}
	check()
	f.durable(f.last())
	check()
	f.reopen()
	check()
}

func testIndexDrop(t *testing.T, f *fixture) {
	for _, n := range []int{10, 10_000} { // few and many
		var ws []store.IndexWrite
		for i := range n {
			ws = append(ws, set(fmt.Sprintf("m%06d", i), "x"))
		}
		f.durable(f.index(ws...))
		f.index(set("m000001x", "not yet on disk"), set("k", "below"), set("n", "above"))
		if err := f.IndexDrop("m", "n"); err != nil {
			t.Fatal(err)
		}
		f.index(set("m000002", "again"))
		for range 2 {
			if got := f.entries(""); got != "k=below m000002=again n=above" {
				if len(got) > 200 {
					got = got[:200]
				}
				t.Errorf("%d entries dropped, left: %q", n, got)
			}
			f.reopen()
		}
		if err := f.IndexDrop("m", "m"); err != nil {
			t.Error(err)
		}
		if err := f.IndexDrop("x", "y"); err != nil {
			t.Error(err)
		}
		if err := f.IndexDrop("", "z"); err != nil {
			t.Error(err)
		}
	}
}

func testSymbols(t *testing.T, f *fixture) {
	var wg sync.WaitGroup
	numbers := make([][]uint32, 8)
	name := func(i int) string { return fmt.Sprintf("slot_%d", i) }
	for w := range numbers {
		wg.Go(func() {
			for i := range 500 {
				numbers[w] = append(numbers[w], f.Symbol(name(i)))
			}
		})
	}
	wg.Wait()
	for _, n := range numbers[1:] {
		if !slices.Equal(n, numbers[0]) {
			t.Fatal("one name got two numbers")
		}
	}
	f.put(created(f.AllocateOIDs(1), "x"))
	f.reopen()
	for i := range 500 {
		if n, ok := f.SymbolName(numbers[0][i]); !ok || n != name(i) {
			t.Fatalf("number %d is %q after reopening, want %q", numbers[0][i], n, name(i))
		}
	}
	if _, ok := f.SymbolName(0); ok {
		t.Error("number 0 has a name")
	}
	if _, ok := f.SymbolName(501); ok {
		t.Error("a number that was never given has a name")
	}
	if n := f.Symbol("new"); n != 501 {
		t.Errorf("the next name is %d, want 501", n)
	}
}

func testBlobs(t *testing.T, f *fixture) {
	data := bytes.Repeat([]byte("weights"), 100_000)
	h, err := f.PutBlob(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.PutBlob(bytes.Clone(data))
	if err != nil || again != h {
		t.Errorf("the same data again = %x, %v, want %x", again, err, h)
	}
	empty, err := f.PutBlob(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := f.AllocateOIDs(1)
	f.put(store.Write{OID: a, Change: store.Created, Data: []byte("m"), Blobs: []store.Hash{h, empty}})
	for range 2 {
		got, err := f.Blob(h)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("Blob = %d bytes, %v", len(got), err)
		}
		if got, err := f.Blob(empty); err != nil || len(got) != 0 {
			t.Errorf("the empty blob = %d bytes, %v", len(got), err)
		}
		f.expect(a, store.Latest, "m")
		f.reopen()
	}
	if _, err := f.Blob(store.Hash{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a blob that is not there: %v, want ErrNotFound", err)
	}
}

func testOIDs(t *testing.T, f *fixture) {
	if got := f.AllocateOIDs(1); got != 1 {
		t.Errorf("the first oid is %v, want @1", got)
	}
	seen := map[store.OID]bool{1: true}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				first := f.AllocateOIDs(3)
				mu.Lock()
				for o := first; o < first+3; o++ {
					if seen[o] || o == 0 {
						t.Errorf("%v was given twice", o)
					}
					seen[o] = true
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	f.put(created(2, "x"))
	f.reopen()
	if next := f.AllocateOIDs(1); seen[next] {
		t.Errorf("%v was given again after reopening", next)
	}
	f.put(created(1_000_000, "an import brings its oids along"))
	if next := f.AllocateOIDs(1); next <= 1_000_000 {
		t.Errorf("%v is given out below an object that exists", next)
	}
}

func testDurabilityOrder(t *testing.T, f *fixture) {
	const n = 300
	a := f.AllocateOIDs(1)
	f.put(created(a, "0"))
	got := make(chan store.TID, n)
	for i := range n {
		tid, err := f.Submit(&store.Transaction{Snapshot: f.last(), Writes: []store.Write{changed(a, fmt.Sprint(i))}})
		if err != nil {
			t.Fatal(err)
		}
		f.OnDurable(tid, func(err error) {
			if err != nil {
				t.Errorf("tid %d: %v", tid, err)
			}
			if d := f.Stats().Durable; d < tid {
				t.Errorf("tid %d is called durable, Stats say %d", tid, d)
			}
			got <- tid
		})
	}
	before := store.TID(1)
	for range n {
		tid := <-got
		if tid != before+1 {
			t.Fatalf("tid %d became durable after %d", tid, before)
		}
		before = tid
	}
	done := make(chan error, 2)
	f.OnDurable(before, func(err error) { done <- err }) // long since
	if err := <-done; err != nil {
		t.Error(err)
	}
	f.OnDurable(before+1000, func(err error) { done <- err })
	if err := <-done; err == nil {
		t.Error("a tid that was never submitted is durable")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	tid, err := f.Submit(&store.Transaction{Snapshot: before, Writes: []store.Write{changed(a, "last")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.WaitDurable(ctx, tid); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("WaitDurable with a cancelled context = %v", err)
	}
	f.durable(tid)
}

func testReopen(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(1)
	f.put(created(a, "0"))
	for i := range 5 {
		// Submitted and not waited for: Close makes it durable.
		if _, err := f.Submit(&store.Transaction{Snapshot: f.last(), Writes: []store.Write{changed(a, fmt.Sprint(i))}}); err != nil {
			t.Fatal(err)
		}
		f.reopen()
		f.expect(a, store.Latest, fmt.Sprint(i))
		if st := f.Stats(); st.Last != store.TID(i+2) || st.Durable != st.Last {
			t.Errorf("after reopening: %+v", st)
		}
	}
}

func testClosed(t *testing.T, f *fixture) {
	a := f.AllocateOIDs(1)
	tid := f.put(created(a, "0"))
	s := f.Store
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f.Store = nil
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for name, call := range map[string]func() error{
		"Get":     func() error { _, err := s.Get(a, store.Latest); return err },
		"History": func() error { return s.History(a, func(store.Record) bool { return true }) },
		"Submit": func() error {
			_, err := s.Submit(&store.Transaction{Writes: []store.Write{changed(a, "x")}})
			return err
		},
		"Transaction": func() error { _, err := s.Transaction(tid); return err },
		"Log":         func() error { return s.Log(tid, func(store.Committed) bool { return true }) },
		"IndexGet":    func() error { _, err := s.IndexGet("k"); return err },
		"IndexScan":   func() error { return s.IndexScan("", func(string, []byte) bool { return true }) },
		"IndexDrop":   func() error { return s.IndexDrop("a", "b") },
		"PutBlob":     func() error { _, err := s.PutBlob(nil); return err },
		"Blob":        func() error { _, err := s.Blob(store.Hash{}); return err },
	} {
		if err := call(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s after Close = %v, want ErrClosed", name, err)
		}
	}
	if err := s.WaitDurable(ctx, tid); err != nil {
		t.Errorf("what was durable stays so: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second Close = %v", err)
	}
}
