package pebble

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Store is an open image. It implements store.Store.
type Store struct {
	dir      string
	fs       vfs.FS
	opts     Options
	manifest Manifest
	lock     io.Closer
	db       *lsm.DB

	firstOID store.OID // oids from here up were handed out since open
	nextOID  atomic.Uint64
	ceiling  store.OID // committer only: the oid head on disk

	last    atomic.Uint64 // newest submitted; written under mu
	applied atomic.Uint64 // newest durable and in Pebble; written under mu

	// mu guards the state of submission: the table of recent writes, the
	// overlay of index entries and the groups. Pebble is never written with
	// it held.
	mu       sync.RWMutex
	recent   recent
	fresh    map[string]*freshEntry // index entries not yet in Pebble
	next     *group                 // collects
	flying   *group                 // is being written; nil when none
	closing  bool                   // Close was called
	ended    bool                   // nothing is accepted any more
	chain    chain                  // committer only
	heads    heads
	symbols  symbols
	blobLock sync.Mutex

	wake     chan struct{} // a token: something waits for the committer
	closed   chan struct{} // closed by Close
	finished chan struct{} // closed when the committer and the notifier ended
	notify   notifier

	calls     calls
	failure   atomic.Pointer[error]
	failed    chan struct{} // closed with the first failure
	full      atomic.Bool
	groups    atomic.Int64
	conflicts atomic.Int64
}

var _ store.Store = (*Store)(nil)

// Manifest gives the format and identity of the image.
func (s *Store) Manifest() Manifest { return s.manifest }

// Snapshot opens the newest submitted state.
func (s *Store) Snapshot() store.TID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holdLast()
}

func (s *Store) holdLast() store.TID {
	tid := store.TID(s.last.Load())
	s.recent.hold(tid)
	return tid
}

// Release lets go of a snapshot.
func (s *Store) Release(tid store.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent.release(tid)
	s.recent.advance(s.appliedTID())
}

// Refresh moves a held snapshot to the newest state.
func (s *Store) Refresh(held store.TID, changed []store.OID) (store.TID, []store.OID) {
	if store.TID(s.last.Load()) == held {
		return held, changed
	}
	s.mu.Lock()
	if held < s.recent.base {
		return s.refreshStored(held, changed)
	}
	changed = s.recent.writtenAfter(held, changed)
	now := s.holdLast()
	s.recent.release(held)
	s.recent.advance(s.appliedTID())
	s.mu.Unlock()
	return now, changed
}

// refreshStored is Refresh for a snapshot older than what memory keeps: the
// transactions in between are read from Pebble. It is called with mu held and
// lets go of it.
func (s *Store) refreshStored(held store.TID, changed []store.OID) (store.TID, []store.OID) {
	middle := s.recent.base
	changed = s.recent.writtenAfter(middle, changed)
	now := s.holdLast()
	s.recent.release(held)
	s.mu.Unlock()
	// A failure here is the store's: every later call says so.
	_ = s.logStored(middle, func(c store.Committed) bool {
		if c.TID <= held {
			return false
		}
		for i := range c.Changes {
			changed = append(changed, c.Changes[i].OID)
		}
		return true
	})
	return now, changed
}

func (s *Store) appliedTID() store.TID { return store.TID(s.applied.Load()) }

// AllocateOIDs reserves n oids. The ceiling on disk runs ahead of them (see
// Store.raiseCeiling), so that after a crash no oid is handed out again that a
// durable transaction, or a reply that waited for one, could have named.
func (s *Store) AllocateOIDs(n int) store.OID {
	if n < 0 {
		n = 0
	}
	return store.OID(s.nextOID.Add(uint64(n)) - uint64(n))
}

// Stats gives figures; DiskBytes leaves out blobs.
func (s *Store) Stats() store.Stats {
	st := store.Stats{
		NextOID:   store.OID(s.nextOID.Load()),
		Groups:    s.groups.Load(),
		Conflicts: s.conflicts.Load(),
	}
	s.mu.RLock()
	st.Last = store.TID(s.last.Load())
	st.Durable = s.appliedTID()
	st.RecentBytes = s.recent.bytes
	s.mu.RUnlock()
	if s.enter() == nil {
		st.DiskBytes = int64(s.db.Metrics().DiskSpaceUsage())
		s.leave()
	}
	return st
}

// calls counts the calls that are inside Pebble, so that Close can wait for
// them: Pebble panics when it is used after its Close.
type calls struct {
	n      atomic.Int64
	closed atomic.Bool
	idle   chan struct{}
}

// enter begins a call that may touch Pebble; leave ends it. A call inside a
// call is allowed, also while Close waits.
func (s *Store) enter() error {
	if e := s.failure.Load(); e != nil {
		return *e
	}
	s.calls.n.Add(1)
	if s.calls.closed.Load() {
		s.leave()
		return s.whyNotDurable()
	}
	return nil
}

func (s *Store) leave() {
	if s.calls.n.Add(-1) == 0 && s.calls.closed.Load() {
		select {
		case s.calls.idle <- struct{}{}:
		default:
		}
	}
}

// drainCalls lets no more calls in and waits for those that are.
func (s *Store) drainCalls() {
	s.calls.closed.Store(true)
	for s.calls.n.Load() != 0 {
		<-s.calls.idle
	}
}

// Close makes everything durable, flushes the memtable so that the next open
// has no log to replay, and lets go of the files. Calls in progress end first.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		<-s.finished
		return nil
	}
	s.closing, s.ended = true, true
	s.mu.Unlock()
	close(s.closed)
	<-s.finished
	if e := s.failure.Load(); e != nil {
		return errors.Join(*e, s.lock.Close())
	}
	s.drainCalls()
	var err error
	next := store.OID(s.nextOID.Load())
	if next != s.ceiling {
		err = s.db.Set(headOID, appendOIDHead(nil, next), lsm.NoSync)
	}
	if err == nil && (next != s.ceiling || s.groups.Load() > 0) {
		err = s.db.Flush()
	}
	err = errors.Join(err, s.db.Close(), s.lock.Close())
	if e := s.failure.Load(); e != nil {
		return *e
	}
	if err != nil {
		return fmt.Errorf("closing the image in %s: %w", s.dir, err)
	}
	return nil
}
