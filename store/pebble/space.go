package pebble

// Pebble cannot go on after a full disk, so the disk is never let become full:
// below a reserve Submit refuses with ErrFull, and what was accepted before
// still fits. The reserve covers four memtables, their logs and one compaction.
const (
	memTables      = 4
	targetFileSize = 32 << 20
)

// largeBytes is the size from which a transaction is itself measured against
// the free space.
const largeBytes = 1 << 20

// checkSpace looks at the free space before a group.
func (s *Store) checkSpace() { s.full.Store(s.spaceBelow(s.opts.Reserve)) }

// diskFull looks again after checkSpace found the disk full: no group may come
// any more that would.
func (s *Store) diskFull() bool {
	s.checkSpace()
	return s.full.Load()
}

func (s *Store) spaceBelow(reserve int64) bool {
	usage, err := s.fs.GetDiskUsage(s.dir)
	return err == nil && usage.AvailBytes < uint64(reserve)
}
