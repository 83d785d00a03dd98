package pebble

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// BlobPath is where a blob lies; the file is plain and never changes, so it may
// be memory-mapped.
func (s *Store) BlobPath(h store.Hash) string {
	name := hex.EncodeToString(h[:])
	return s.fs.PathJoin(s.dir, "blobs", name[:2], name)
}

// PutBlob stores data under its hash: a temporary file is written, synced and
// renamed, and the directory synced. A crash leaves at most a temporary file,
// or a blob that no version refers to.
func (s *Store) PutBlob(data []byte) (store.Hash, error) {
	if err := s.enter(); err != nil {
		return store.Hash{}, err
	}
	defer s.leave()
	h := store.Hash(sha256.Sum256(data))
	path := s.BlobPath(h)
	// One writer at a time, so that two with the same data do not write the
	// same temporary file.
	s.blobLock.Lock()
	defer s.blobLock.Unlock()
	if _, err := s.fs.Stat(path); err == nil {
		return h, nil
	}
	if s.spaceBelow(s.opts.Reserve + int64(len(data))) {
		return store.Hash{}, store.ErrFull
	}
	dir := s.fs.PathDir(path)
	err := makeDir(s.fs, dir)
	if err == nil {
		err = writeFile(s.fs, path, data)
	}
	if err != nil {
		return store.Hash{}, fmt.Errorf("storing a blob of %d bytes: %w", len(data), err)
	}
	return h, nil
}

// Blob reads a blob and checks it against its name.
func (s *Store) Blob(h store.Hash) ([]byte, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	f, err := s.fs.Open(s.BlobPath(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("blob %x: %w", h, store.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("opening blob %x: %w", h, err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("reading blob %x: %w", h, err)
	}
	if sha256.Sum256(data) != h {
		return nil, fmt.Errorf("blob %x: %w", h, ErrCorrupt)
	}
	return data, nil
}

// haveBlobs refuses a version that names a blob which is not there.
func (s *Store) haveBlobs(v *version) error {
	for _, h := range v.blobs {
		if _, err := s.fs.Stat(s.BlobPath(h)); err != nil {
			return fmt.Errorf("%v refers to blob %x: %w; put the blob first", v.oid, h, store.ErrNotFound)
		}
	}
	return nil
}

// blobUses writes the b and B keys of a version.
func (s *Store) blobUses(b *lsm.Batch, v *version) error {
	for _, h := range v.blobs {
		key := blobKey(h)
		_, closer, err := s.db.Get(key)
		if err == nil {
			closer.Close()
		} else if !errors.Is(err, lsm.ErrNotFound) {
			return err
		} else {
			info, err := s.fs.Stat(s.BlobPath(h))
			if err != nil {
				return err
			}
			value := binary.AppendUvarint(nil, uint64(info.Size()))
			value = binary.AppendUvarint(value, uint64(v.tid))
			if err := b.Set(key, value, nil); err != nil {
				return err
			}
		}
		if err := b.Set(appendBlobUseKey(nil, h, v.oid, v.tid), nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// makeDir makes a directory and its parents durable.
func makeDir(fsys vfs.FS, dir string) error {
	if _, err := fsys.Stat(dir); err == nil {
		return nil
	}
	parent := fsys.PathDir(dir)
	if parent != dir {
		if err := makeDir(fsys, parent); err != nil {
			return err
		}
	}
	if err := fsys.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return syncDir(fsys, parent)
}

func syncDir(fsys vfs.FS, dir string) error {
	d, err := fsys.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writeFile puts a file in place whole and durably, or not at all.
func writeFile(fsys vfs.FS, path string, data []byte) error {
	temporary := path + ".tmp"
	f, err := fsys.Create(temporary, vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = fsys.Rename(temporary, path)
	}
	if err != nil {
		return errors.Join(err, fsys.Remove(temporary))
	}
	return syncDir(fsys, fsys.PathDir(path))
}
