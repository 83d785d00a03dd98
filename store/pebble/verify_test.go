package pebble

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// verify wants no problems.
func verify(t *testing.T, s *Store) store.Verified {
	t.Helper()
	v, err := s.Verify(context.Background(), func(p store.Problem) { t.Errorf("problem: %v", p) })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sample makes three objects, a blob and five transactions.
func sample(t *testing.T, s *Store) store.Hash {
	t.Helper()
	h, err := s.PutBlob([]byte("weights"))
	if err != nil {
		t.Fatal(err)
	}
	a := s.AllocateOIDs(3)
	put(t, s, write(a, store.Created, "a", a+1), write(a+1, store.Created, "b"))
	put(t, s, write(a, store.Changed, "a2", a, a+1))
	put(t, s, store.Write{OID: a + 2, Change: store.Created, Data: []byte("c"), Blobs: []store.Hash{h}})
	put(t, s, write(a, store.Changed, "a3", a+1))
	put(t, s, store.Write{OID: a + 2, Change: store.Deleted})
	return h
}

func TestVerifyCounts(t *testing.T) {
	s := mustOpen(t, "image", Options{FS: vfs.NewMem()})
	sample(t, s)
	got := verify(t, s)
	got.Bytes = 0
	want := store.Verified{Transactions: 5, Objects: 2, Versions: 6, References: 1, Blobs: 1}
	if got != want {
		t.Errorf("looked at %+v, want %+v", got, want)
	}
}

// TestVerifyFinds damages an image behind the store's back, one fault each, and
// wants each found with its object and transaction.
func TestVerifyFinds(t *testing.T) {
	version := func(oid store.OID, tid store.TID) []byte { return appendVersionKey(nil, oid, tid) }
	set := func(s *Store, key, value []byte) error { return s.db.Set(key, value, lsm.Sync) }
	get := func(s *Store, key []byte) []byte {
		v, c, err := s.db.Get(key)
		if err != nil {
			return nil
		}
		defer c.Close()
		return bytes.Clone(v)
	}
	for name, tt := range map[string]struct {
		damage func(s *Store, h store.Hash) error
		want   string
	}{
		"a changed byte": {func(s *Store, _ store.Hash) error {
			v := get(s, version(1, 2))
			v[5] ^= 1
			return set(s, version(1, 2), v)
		}, "@1, tid 2: corrupt record"},
		"a forged record": {func(s *Store, _ store.Hash) error {
			k := version(1, 2)
			return set(s, k, appendSum(appendRecord(nil, &record{prev: 1, refs: []store.OID{1, 2}, payload: []byte("forged")}), k))
		}, "tid 2: breaks the chain"},
		"a lost version": {func(s *Store, _ store.Hash) error { return s.db.Delete(version(1, 2), lsm.Sync) },
			"@1, tid 2: the version that the transaction names"},
		"a lost first version": {func(s *Store, _ store.Hash) error { return s.db.Delete(version(1, 1), lsm.Sync) },
			"@1, tid 2: the version before it, tid 1, is missing"},
		"a stray version": {func(s *Store, _ store.Hash) error {
			_, v := encoded(&record{prev: 1}, 2, 9)
			return set(s, version(2, 9), v)
		}, "7 versions are stored, the transactions name 6"},
		"a lost transaction": {func(s *Store, _ store.Hash) error { return s.db.Delete(appendTransactionKey(nil, 3), lsm.Sync) },
			"tid 4: follows tid 2"},
		"a changed transaction": {func(s *Store, _ store.Hash) error {
			k := appendTransactionKey(nil, 3)
			v := get(s, k)
			v[2] ^= 1
			return set(s, k, appendSum(v[:len(v)-sumLen], k))
		}, "tid 3: breaks the chain"},
		"a reference into nothing": {func(s *Store, _ store.Hash) error {
			k := version(1, 4)
			return set(s, k, appendSum(appendRecord(nil, &record{prev: 2, refs: []store.OID{2, 77}, payload: []byte("a3")}), k))
		}, "@1, tid 4: refers to @77, which does not exist"},
		"a lost referrer": {func(s *Store, _ store.Hash) error {
			return s.db.Delete(appendReferrerKey(nil, 2, 1, 1), lsm.Sync)
		}, "@1, tid 1: its reference to @2 is not in the table"},
		"a stray referrer": {func(s *Store, _ store.Hash) error {
			return set(s, appendReferrerKey(nil, 2, 3, 3), []byte("+"))
		}, "the table of referrers has 4 entries, want 3"},
		"a lost blob": {func(s *Store, h store.Hash) error { return s.fs.Remove(s.BlobPath(h)) },
			"no such file"},
		"a changed blob": {func(s *Store, h store.Hash) error { return os.WriteFile(s.BlobPath(h), []byte("Weights"), 0o644) },
			"is not what its name says"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t, t.TempDir(), Options{})
			h := sample(t, s)
			if err := tt.damage(s, h); err != nil {
				t.Fatal(err)
			}
			var found []string
			v, err := s.Verify(context.Background(), func(p store.Problem) { found = append(found, p.Error()) })
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(found, "\n"); !strings.Contains(all, tt.want) || v.Problems != int64(len(found)) {
				t.Errorf("found %d:\n%s\nwant %q", v.Problems, all, tt.want)
			}
		})
	}
}

// TestTornTable flips a byte in the middle of each of Pebble's tables: reading
// says so and gives nothing wrong.
func TestTornTable(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	var ws []store.Write
	first := s.AllocateOIDs(200)
	for i := range store.OID(200) {
		ws = append(ws, write(first+i, store.Created, strings.Repeat("x", 400)))
	}
	put(t, s, ws...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	tables := 0
	for _, line := range contents(t, dir) {
		path, data, _ := strings.Cut(line, " ")
		if strings.HasSuffix(path, ".sst") {
			tables++
			b := []byte(data)
			b[len(b)/3] ^= 0x40
			if err := os.WriteFile(path, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if tables == 0 {
		t.Fatal("a clean close left no table")
	}
	s, err := Open(dir, Options{Reserve: 1})
	if err != nil {
		return // refused at once, as well
	}
	defer s.Close()
	faults := 0
	for i := range store.OID(200) {
		r, err := s.Get(first+i, store.Latest)
		if err != nil {
			faults++
		} else if string(r.Data) != strings.Repeat("x", 400) {
			t.Errorf("%v = %q", first+i, r.Data)
		}
	}
	v, err := s.Verify(context.Background(), func(store.Problem) {})
	if faults == 0 && err == nil && v.Problems == 0 {
		t.Error("nothing noticed the flipped byte")
	}
}
