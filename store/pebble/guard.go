package pebble

import (
	"path/filepath"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// guard is the file system that Pebble gets. Pebble answers some failed writes
// with a panic that holds its locks, which no one can recover from, and others
// by going on. With guard it never sees one: the first write, sync, create or
// rename that fails in its directory marks the store failed and is answered
// with success, and from then on nothing reaches the disk any more. What is
// created afterwards lives in memory, until Pebble is closed. So for the disk
// the moment of the failure is a power cut, the one fault that Pebble is made
// for; and because the committer looks at the mark after each commit, nothing
// that was answered so is ever acknowledged.
//
// Reads, and files outside the directory (a backup on another disk), pass.
type guard struct {
	vfs.FS
	dir  string
	fail func(error)
	dead func() bool

	once   sync.Once
	shadow *vfs.MemFS
}

func (g *guard) covers(name string) bool {
	return name == g.dir || g.FS.PathDir(name) == g.dir
}

// frozen gives the memory that stands for the disk after the failure.
func (g *guard) frozen() *vfs.MemFS {
	g.once.Do(func() {
		g.shadow = vfs.NewMem()
		// Within memory only, where making a directory cannot fail.
		_ = g.shadow.MkdirAll(filepath.ToSlash(g.dir), 0o755)
	})
	return g.shadow
}

func (g *guard) Unwrap() vfs.FS { return g.FS }

func (g *guard) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return g.create(name, c, func() (vfs.File, error) { return g.FS.Create(name, c) })
}

func (g *guard) ReuseForWrite(old, name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return g.create(name, c, func() (vfs.File, error) { return g.FS.ReuseForWrite(old, name, c) })
}

func (g *guard) create(name string, c vfs.DiskWriteCategory, onDisk func() (vfs.File, error)) (vfs.File, error) {
	if !g.covers(name) {
		return onDisk()
	}
	if !g.dead() {
		f, err := onDisk()
		if err == nil {
			return guardedFile{f, g}, nil
		}
		g.fail(err)
	}
	return g.frozen().Create(name, c)
}

func (g *guard) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	if g.covers(name) && g.dead() {
		if f, err := g.frozen().Open(name, opts...); err == nil {
			return f, nil
		}
	}
	return g.FS.Open(name, opts...)
}

func (g *guard) OpenDir(name string) (vfs.File, error) {
	f, err := g.FS.OpenDir(name)
	if err != nil || !g.covers(name) {
		return f, err
	}
	return guardedFile{f, g}, nil
}

func (g *guard) Rename(old, name string) error {
	if !g.covers(name) {
		return g.FS.Rename(old, name)
	}
	if !g.dead() {
		err := g.FS.Rename(old, name)
		if err == nil {
			return nil
		}
		g.fail(err)
	}
	// What it renames may be on the disk, where it stays as it is.
	_ = g.frozen().Rename(old, name)
	return nil
}

// Remove and Link may fail without harm: what should have gone stays, and links
// are made only for backups.
func (g *guard) Remove(name string) error {
	if g.covers(name) && g.dead() {
		_ = g.frozen().Remove(name)
		return nil
	}
	return g.FS.Remove(name)
}

func (g *guard) RemoveAll(name string) error {
	if g.covers(name) && g.dead() {
		return nil
	}
	return g.FS.RemoveAll(name)
}

// guardedFile is a file on the disk.
type guardedFile struct {
	vfs.File
	g *guard
}

// do runs a write unless the disk is dead, and hides its failure.
func (f guardedFile) do(write func() error) error {
	if !f.g.dead() {
		if err := write(); err != nil {
			f.g.fail(err)
		}
	}
	return nil
}

func (f guardedFile) Write(p []byte) (int, error) {
	return len(p), f.do(func() error { _, err := f.File.Write(p); return err })
}

func (f guardedFile) WriteAt(p []byte, off int64) (int, error) {
	return len(p), f.do(func() error { _, err := f.File.WriteAt(p, off); return err })
}

func (f guardedFile) Sync() error { return f.do(f.File.Sync) }

func (f guardedFile) SyncData() error { return f.do(f.File.SyncData) }

func (f guardedFile) SyncTo(length int64) (full bool, err error) {
	err = f.do(func() error { full, err = f.File.SyncTo(length); return err })
	return full, err
}

// Preallocate is only a hint, and some file systems do not know it.
func (f guardedFile) Preallocate(off, length int64) error {
	if f.g.dead() {
		return nil
	}
	return f.File.Preallocate(off, length)
}

// Close always lets go of the descriptor.
func (f guardedFile) Close() error {
	err := f.File.Close()
	return f.do(func() error { return err })
}
