package pebble

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Options of Open. Zero fields take the defaults.
type Options struct {
	// FS is the file system; the operating system's by default. Tests give one
	// that crashes or fails.
	FS vfs.FS

	// MustExist refuses to make an image where there is none.
	MustExist bool

	// MemTableBytes is how much Pebble collects before it writes a table;
	// 16 MiB. An open after a crash replays up to that much log, and up to
	// four times as much when the crash came during a bulk load.
	MemTableBytes int64

	// CacheBytes is Pebble's block cache; 32 MiB.
	CacheBytes int64

	// RecentBytes bounds the memory that conflict checks keep for snapshots
	// that are held long; 16 MiB. Older ones are then answered from disk.
	RecentBytes int64

	// Heads is how many objects' newest tids are kept in memory, at most
	// twice; 65,536.
	Heads int

	// Reserve is the free space in bytes below which Submit and PutBlob give
	// ErrFull; 128 MiB with the default of MemTableBytes, see space.go.
	Reserve int64

	// Log takes Pebble's messages; none by default.
	Log *slog.Logger
}

func (o *Options) defaults() {
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.MemTableBytes == 0 {
		o.MemTableBytes = 16 << 20
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 32 << 20
	}
	if o.RecentBytes == 0 {
		o.RecentBytes = 16 << 20
	}
	if o.Heads == 0 {
		o.Heads = 1 << 16
	}
	if o.Reserve == 0 {
		o.Reserve = memTables*o.MemTableBytes + 2*targetFileSize
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Format is the version of the directory's layout and of all that is in it.
const Format = 1

// Manifest is what MANIFEST.json says.
type Manifest struct {
	Format  int       `json:"format"`
	Image   string    `json:"image"` // 32 hexadecimal digits, for ever
	Created time.Time `json:"created"`
}

const manifestName = "MANIFEST.json"

// ReadManifest reads the manifest of the image in dir without opening it. It
// gives fs.ErrNotExist when there is no image.
func ReadManifest(fsys vfs.FS, dir string) (Manifest, error) {
	var m Manifest
	f, err := fsys.Open(fsys.PathJoin(dir, manifestName))
	if err != nil {
		return m, fmt.Errorf("reading the manifest of %s: %w", dir, err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err == nil && m.Format < 1 {
		err = errors.New("it names no format")
	}
	if err != nil {
		return m, fmt.Errorf("reading the manifest of %s: %w", dir, err)
	}
	if m.Format > Format {
		return m, fmt.Errorf("%s has format %d, this program knows %d: %w", dir, m.Format, Format, store.ErrFormat)
	}
	return m, nil
}

// Open opens the image in dir, making one if there is none. Errors: ErrLocked,
// ErrFormat, fs.ErrNotExist with MustExist.
func Open(dir string, o Options) (*Store, error) {
	o.defaults()
	m, err := ReadManifest(o.FS, dir)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && (!missing || o.MustExist) {
		return nil, err
	}
	for _, sub := range []string{"store", "blobs", "log", "updates"} {
		if err := makeDir(o.FS, o.FS.PathJoin(dir, sub)); err != nil {
			return nil, fmt.Errorf("making the image directory: %w", err)
		}
	}
	lock, err := lockImage(o.FS, dir)
	if err != nil {
		return nil, err
	}
	s, err := open(dir, o, m, missing)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s.lock = lock
	return s, nil
}

func lockImage(fsys vfs.FS, dir string) (io.Closer, error) {
	lock, err := fsys.Lock(fsys.PathJoin(dir, "LOCK"))
	var path *fs.PathError
	switch {
	case err == nil:
		return lock, nil
	case errors.As(err, &path): // the file itself could not be made
		return nil, fmt.Errorf("locking the image: %w", err)
	}
	return nil, fmt.Errorf("%s: %w", dir, store.ErrLocked)
}

// open does the rest of Open under the lock.
func open(dir string, o Options, m Manifest, missing bool) (*Store, error) {
	if missing {
		// Another process may have made it before we got the lock.
		found, err := ReadManifest(o.FS, dir)
		switch {
		case err == nil:
			m = found
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		default:
			if m, err = makeManifest(o.FS, dir); err != nil {
				return nil, err
			}
		}
	}
	s := &Store{
		dir:      dir,
		fs:       o.FS,
		opts:     o,
		manifest: m,
		fresh:    map[string]*freshEntry{},
		next:     newGroup(),
		heads:    newHeads(o.Heads),
		wake:     make(chan struct{}, 1),
		closed:   make(chan struct{}),
		finished: make(chan struct{}),
		failed:   make(chan struct{}),
	}
	s.calls.idle = make(chan struct{}, 1)
	s.notify.some.L = &s.notify.mu
	path := o.FS.PathJoin(dir, "store")
	onDisk := &guard{FS: o.FS, dir: path, fail: s.fail, dead: func() bool { return s.failure.Load() != nil }}
	db, err := lsm.Open(path, settings(o, onDisk, s.fail))
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	s.db = db
	err = s.recoverHeads()
	if e := s.failure.Load(); e != nil {
		err = *e
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.checkSpace()
	go func() {
		defer close(s.finished)
		told := make(chan struct{})
		go func() {
			defer close(told)
			s.notify.run()
		}()
		s.commitLoop()
		<-told
	}()
	return s, nil
}

func makeManifest(fsys vfs.FS, dir string) (Manifest, error) {
	var id [16]byte
	rand.Read(id[:]) // never fails, see crypto/rand
	m := Manifest{Format: Format, Image: hex.EncodeToString(id[:]), Created: time.Now().UTC().Truncate(time.Second)}
	b, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = writeFile(fsys, fsys.PathJoin(dir, manifestName), append(b, '\n'))
	}
	if err != nil {
		return m, fmt.Errorf("writing the manifest: %w", err)
	}
	return m, nil
}

// settings are Pebble's.
func settings(o Options, fs vfs.FS, fail func(error)) *lsm.Options {
	opts := &lsm.Options{
		FS:                          fs,
		Comparer:                    comparer,
		FormatMajorVersion:          lsm.FormatTableFormatV6,
		CacheSize:                   o.CacheBytes,
		MemTableSize:                uint64(o.MemTableBytes),
		MemTableStopWritesThreshold: memTables,
		// Versions in level 0 are found by their bloom filters, so a deep
		// level 0 costs reads little, and stopping writers costs much.
		L0CompactionThreshold:      4,
		L0StopWritesThreshold:      24,
		LBaseMaxBytes:              64 << 20,
		MaxOpenFiles:               512,
		CompactionConcurrencyRange: func() (int, int) { return 1, 2 },
		Logger:                     logger{log: o.Log, fail: fail},
	}
	// A table being written keeps each of its value blocks, of some kilobytes,
	// in a buffer of 32 until it is finished: of a table of old versions that
	// is eight times its size in memory, and a tenth of a commit's time.
	opts.Experimental.SpanPolicyFunc = func([]byte) (lsm.SpanPolicy, []byte, error) {
		return lsm.SpanPolicy{DisableValueSeparationBySuffix: true}, nil, nil
	}
	for i := range opts.Levels {
		opts.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
		opts.TargetFileSizes[i] = targetFileSize
	}
	return opts
}

// recoverHeads finds the newest transaction and the oid head: the last t key,
// and one m key.
func (s *Store) recoverHeads() error {
	it, err := s.db.NewIter(&lsm.IterOptions{
		LowerBound: []byte{kindTransaction},
		UpperBound: []byte{kindTransaction + 1},
	})
	if err != nil {
		return fmt.Errorf("finding the newest transaction: %w", err)
	}
	defer it.Close()
	var last store.TID
	if it.Last() {
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("finding the newest transaction: %w", err)
		}
		c, ch, err := decodeTransaction(it.Key(), value)
		if err != nil {
			return err
		}
		last, s.chain = c.TID, ch
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("finding the newest transaction: %w", err)
	}
	s.last.Store(uint64(last))
	s.applied.Store(uint64(last))
	s.recent = newRecent(last, s.opts.RecentBytes)

	s.ceiling = 1
	value, closer, err := s.db.Get(headOID)
	switch {
	case err == nil:
		if len(value) == 8 {
			s.ceiling = store.OID(binary.BigEndian.Uint64(value))
		}
		closer.Close()
	case !errors.Is(err, lsm.ErrNotFound):
		return fmt.Errorf("reading the oid head: %w", err)
	}
	s.firstOID = s.ceiling
	s.nextOID.Store(uint64(s.ceiling))
	return s.symbols.load(s.db)
}
