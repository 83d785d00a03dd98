package pebble

import (
	"errors"
	"fmt"
	"io/fs"

	lsm "github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Backup makes dir an image with every transaction that was durable at the
// call, by hard links: Pebble's tables and the blobs never change. On another
// disk the files are copied. The manifest is written last, so a backup that
// was cut off is no image.
func (s *Store) Backup(dir string) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if _, err := s.fs.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backing up into %s: %w", dir, fs.ErrExist)
	}
	err := makeDir(s.fs, dir)
	for _, sub := range []string{"blobs", "log", "updates"} {
		err = errors.Join(err, makeDir(s.fs, s.fs.PathJoin(dir, sub)))
	}
	if err == nil {
		err = s.db.Checkpoint(s.fs.PathJoin(dir, "store"), lsm.WithFlushedWAL())
	}
	// After the checkpoint: it names no blob that is not there by now.
	if err == nil {
		err = s.backupBlobs(dir)
	}
	if err == nil {
		err = s.linkOrCopy(manifestName, dir)
	}
	if err != nil {
		return fmt.Errorf("backing up into %s: %w", dir, err)
	}
	return nil
}

func (s *Store) backupBlobs(dir string) error {
	subs, err := s.fs.List(s.fs.PathJoin(s.dir, "blobs"))
	if err != nil {
		return err
	}
	for _, sub := range subs {
		from := s.fs.PathJoin("blobs", sub)
		names, err := s.fs.List(s.fs.PathJoin(s.dir, from))
		if err != nil {
			return err
		}
		if err := makeDir(s.fs, s.fs.PathJoin(dir, from)); err != nil {
			return err
		}
		for _, name := range names {
			if len(name) != 64 {
				continue // a temporary file
			}
			if err := s.linkOrCopy(s.fs.PathJoin(from, name), dir); err != nil {
				return err
			}
		}
		if err := syncDir(s.fs, s.fs.PathJoin(dir, from)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) linkOrCopy(name, dir string) error {
	to := s.fs.PathJoin(dir, name)
	if err := vfs.LinkOrCopy(s.fs, s.fs.PathJoin(s.dir, name), to); err != nil {
		return err
	}
	return syncDir(s.fs, s.fs.PathDir(to))
}
