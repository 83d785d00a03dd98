package pebble

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"batos/store"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func mustOpen(t *testing.T, dir string, o Options) *Store {
	t.Helper()
	if o.Reserve == 0 {
		o.Reserve = 1 << 20
	}
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// put commits one version of each object and waits.
func put(t *testing.T, s *Store, ws ...store.Write) store.TID {
	t.Helper()
	tid, err := s.Submit(&store.Transaction{Snapshot: s.Stats().Last, Writes: ws})
	if err == nil {
		err = s.WaitDurable(context.Background(), tid)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tid
}

func write(oid store.OID, change store.Change, data string, refs ...store.OID) store.Write {
	return store.Write{OID: oid, Change: change, Data: []byte(data), Refs: refs}
}

// contents is every file below dir with its size, and nothing else changes
// when an image is left alone.
func contents(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		line := path
		if !d.IsDir() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += " " + string(b)
		}
		out = append(out, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLayout(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "live_image")
	if _, err := Open(dir, Options{MustExist: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("no image, MustExist: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("MustExist made something")
	}
	s := mustOpen(t, dir, Options{})
	id := s.Manifest().Image
	h, err := s.PutBlob([]byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"MANIFEST.json", "LOCK", "store", "blobs", "log", "updates", "blobs/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if b, err := os.ReadFile(s.BlobPath(h)); err != nil || string(b) != "hello" {
		t.Errorf("a blob is its plain bytes: %q, %v", b, err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("a second Open = %v, want ErrLocked", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := mustOpen(t, dir, Options{MustExist: true}).Manifest(); got.Image != id || len(id) != 32 || got.Format != Format {
		t.Errorf("after reopening: %+v, want image %s", got, id)
	}
}

// TestManifestRefused: what this program does not understand it leaves as it is.
func TestManifestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		manifest string
		want     error
	}{
		"newer":                    {`{"format": 2, "image": "00"}`, store.ErrFormat},
		"much newer, other fields": {`{"format": 900, "shape": {"new": [1]}}`, store.ErrFormat},
		"no format":                {`{"image": "00"}`, nil},
		"cut off":                  {`{"format": 1, "ima`, nil},
		"empty":                    {``, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "MANIFEST.json"), []byte(tt.manifest), 0o644); err != nil {
				t.Fatal(err)
			}
			before := contents(t, dir)
			_, err := Open(dir, Options{})
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("Open = %v, want %v", err, tt.want)
			}
			if !slices.Equal(contents(t, dir), before) {
				t.Error("the directory was touched")
			}
		})
	}
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, filepath.Join(dir, "image"), Options{})
	oid := s.AllocateOIDs(1)
	h, err := s.PutBlob([]byte("weights"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, store.Write{OID: oid, Change: store.Created, Data: []byte("one"), Blobs: []store.Hash{h}})
	to := filepath.Join(dir, "backup")
	if err := s.Backup(to); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a backup over a backup = %v, want ErrExist", err)
	}
	put(t, s, write(oid, store.Changed, "two"))

	b := mustOpen(t, to, Options{MustExist: true})
	if r, err := b.Get(oid, store.Latest); err != nil || string(r.Data) != "one" {
		t.Errorf("in the backup: %q, %v", r.Data, err)
	}
	if d, err := b.Blob(h); err != nil || string(d) != "weights" {
		t.Errorf("its blob: %q, %v", d, err)
	}
	put(t, b, write(oid, store.Changed, "another life"))
	if r, err := s.Get(oid, store.Latest); err != nil || string(r.Data) != "two" {
		t.Errorf("in the original: %q, %v", r.Data, err)
	}
	for _, s := range []*Store{s, b} {
		verify(t, s)
	}
}

func TestReferrers(t *testing.T) {
	s := mustOpen(t, "image", Options{FS: vfs.NewMem()})
	a := s.AllocateOIDs(4)
	b, c, d := a+1, a+2, a+3
	put(t, s, write(a, store.Created, "", b, c), write(b, store.Created, ""), write(c, store.Created, "", b))
	put(t, s, write(a, store.Changed, "", c), write(d, store.Created, "", b, d))
	put(t, s, store.Write{OID: c, Change: store.Deleted})
	put(t, s, write(a, store.Changed, "", b))
	for _, tt := range []struct {
		target store.OID
		at     store.TID
		want   []store.OID
	}{
		{b, 0, nil},
		{b, 1, []store.OID{a, c}},
		{b, 2, []store.OID{c, d}},
		{b, 3, []store.OID{d}},
		{b, 4, []store.OID{a, d}},
		{b, store.Latest, []store.OID{a, d}},
		{c, 1, []store.OID{a}},
		{c, 3, []store.OID{a}},
		{c, 4, nil},
		{d, 4, []store.OID{d}},
		{a, 4, nil},
	} {
		var got []store.OID
		if err := s.Referrers(tt.target, tt.at, func(o store.OID) bool { got = append(got, o); return true }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("who refers to %v at tid %d: %v, want %v", tt.target, tt.at, got, tt.want)
		}
	}
	// What is on its way to Pebble counts too.
	tid, err := s.Submit(&store.Transaction{Snapshot: 4, Writes: []store.Write{write(a, store.Changed, "", d)}})
	if err != nil {
		t.Fatal(err)
	}
	var got []store.OID
	if err := s.Referrers(d, tid, func(o store.OID) bool { got = append(got, o); return true }); err != nil || !slices.Equal(got, []store.OID{a, d}) {
		t.Errorf("with a fresh reference: %v, %v", got, err)
	}
}

// TestSnapshotHeldLong: a snapshot that is held through more writes than memory
// keeps is still refreshed and validated exactly.
func TestSnapshotHeldLong(t *testing.T) {
	s := mustOpen(t, "image", Options{FS: vfs.NewMem(), RecentBytes: 10_000})
	const n = 50
	first := s.AllocateOIDs(n + 1)
	quiet := first + n
	put(t, s, write(quiet, store.Created, "q"))
	held, again := s.Snapshot(), s.Snapshot()
	want := map[store.OID]bool{}
	for i := range store.OID(n) {
		put(t, s, write(first+i, store.Created, strings.Repeat("x", 1000)))
		want[first+i] = true
	}
	if got := s.Stats().RecentBytes; got > 20_000 {
		t.Errorf("%d bytes kept for a snapshot, the limit is 10,000", got)
	}
	var c *store.ConflictError
	_, err := s.Submit(&store.Transaction{Snapshot: held, Reads: []store.OID{first + 3}, Writes: []store.Write{write(quiet, store.Changed, "r")}})
	if !errors.As(err, &c) || c.OID != first+3 || c.Newer != 5 {
		t.Errorf("a stale read = %v, want a conflict on %v", err, first+3)
	}
	if _, err := s.Submit(&store.Transaction{Snapshot: held, Reads: []store.OID{quiet}, Writes: []store.Write{write(quiet, store.Changed, "r")}}); err != nil {
		t.Errorf("a read that still holds = %v", err)
	}
	now, oids := s.Refresh(held, nil)
	for _, o := range oids {
		delete(want, o)
	}
	if now != n+2 || len(want) != 0 {
		t.Errorf("Refresh = %d, missing %v", now, want)
	}
	s.Release(now)
	s.Release(again)
	if len(s.recent.spilled) != 0 {
		t.Errorf("left behind: %v", s.recent.spilled)
	}
}

// TestRecentLetsGo: with no snapshot held, memory keeps nothing of what is
// durable.
func TestRecentLetsGo(t *testing.T) {
	s := mustOpen(t, "image", Options{FS: vfs.NewMem()})
	oid := s.AllocateOIDs(1)
	for range 3000 { // more than the ring holds at first
		at := s.Snapshot()
		if _, err := s.Submit(&store.Transaction{Snapshot: at, Writes: []store.Write{write(oid, store.Created, "x")},
			Index: []store.IndexWrite{{Key: "k", Value: []byte("v")}}}); err != nil {
			t.Fatal(err)
		}
		s.Release(at)
	}
	if err := s.WaitDurable(context.Background(), 3000); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.recent.writes) != 0 || s.recent.bytes != 0 || len(s.fresh) != 0 || s.recent.base != 3000 {
		t.Errorf("kept: %d writes, %d bytes, %d entries, base %d", len(s.recent.writes), s.recent.bytes, len(s.fresh), s.recent.base)
	}
}
