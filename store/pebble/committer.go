package pebble

import (
	"context"
	"encoding/binary"
	"fmt"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
)

// group is what one sync makes durable.
type group struct {
	txs       []*pending
	last      store.TID // the newest transaction in it, 0 when it has none
	bytes     int
	done      chan struct{} // closed when it is durable, or the store failed
	callbacks []callback
}

type callback struct {
	tid  store.TID
	done func(error)
	err  error
}

// maxGroupBytes bounds how much waits for the committer. Submit holds back
// above it: a writer that never waits for durability would fill the memory.
const maxGroupBytes = 16 << 20

func newGroup() *group { return &group{done: make(chan struct{})} }

func (g *group) add(p *pending) {
	g.txs = append(g.txs, p)
	g.bytes += p.bytes
	if p.tid != 0 {
		g.last = p.tid
	}
}

func (s *Store) backpressure(bytes int) error {
	for {
		s.mu.RLock()
		wait := s.flying != nil && s.next != nil && s.next.bytes > 0 && s.next.bytes+bytes > maxGroupBytes
		flying := s.flying
		s.mu.RUnlock()
		if !wait {
			return nil
		}
		select {
		case <-flying.done:
		case <-s.failed:
			return *s.failure.Load()
		}
	}
}

// commitLoop is the committer. It ends when the store failed, or was closed and
// nothing waits any more.
func (s *Store) commitLoop() {
	defer s.notify.close()
	closing := false
	for {
		s.mu.Lock()
		g := s.next
		if s.failure.Load() == nil && len(g.txs) > 0 {
			s.flying, s.next = g, newGroup()
			s.mu.Unlock()
			s.write(g)
			continue
		}
		s.mu.Unlock()
		if closing || s.failure.Load() != nil {
			s.dismissWaiting()
			if s.failure.Load() != nil {
				s.abandon()
			}
			return
		}
		select {
		case <-s.wake:
		case <-s.failed:
		case <-s.closed:
			closing = true
		}
	}
}

// write makes a group durable and publishes it.
func (s *Store) write(g *group) {
	s.checkSpace()
	if err := s.apply(g); err != nil {
		s.fail(err)
	}
	if s.failure.Load() != nil {
		return
	}
	s.groups.Add(1)
	s.mu.Lock()
	for _, p := range g.txs {
		if p.drop != nil {
			continue
		}
		s.recent.settle(p)
		for i := range p.index {
			s.settleEntry(p.tid, p.index[i].Key)
		}
	}
	if g.last != 0 {
		s.applied.Store(uint64(g.last))
	}
	s.recent.advance(s.appliedTID())
	s.flying = nil
	s.mu.Unlock()
	close(g.done)
	s.notify.add(g.callbacks)
}

// dismissWaiting tells everyone who still waits that nothing more comes. What
// was submitted and not written is so only when the store failed.
func (s *Store) dismissWaiting() {
	s.mu.Lock()
	var err error
	if e := s.failure.Load(); e != nil {
		err = *e
	}
	var waiting []callback
	for _, g := range []*group{s.flying, s.next} {
		if g != nil {
			waiting = append(waiting, g.callbacks...)
			g.callbacks = nil
			close(g.done)
		}
	}
	s.flying, s.next = nil, nil
	s.ended = true
	s.mu.Unlock()
	for i := range waiting {
		waiting[i].err = err
	}
	s.notify.add(waiting)
}

// apply encodes a group as one batch and commits it with one sync.
func (s *Store) apply(g *group) error {
	b := s.db.NewBatchWithSize(g.bytes + 256)
	defer b.Close()
	if err := s.build(b, g); err != nil {
		return fmt.Errorf("building a batch: %w", err)
	}
	return b.Commit(lsm.Sync)
}

func (s *Store) build(b *lsm.Batch, g *group) error {
	var key [1 + 8 + 8 + 8]byte
	for _, p := range g.txs {
		if p.drop != nil {
			if err := p.drop.apply(b); err != nil {
				return err
			}
			continue
		}
		for i := range p.writes {
			v := &p.writes[i]
			k := appendVersionKey(key[:0], v.oid, v.tid)
			if err := b.Set(k, appendSum(v.value, k), nil); err != nil {
				return err
			}
			if err := referrers(b, v); err != nil {
				return err
			}
			if err := s.blobUses(b, v); err != nil {
				return err
			}
		}
		for i := range p.index {
			w := &p.index[i]
			var err error
			if w.Delete {
				err = b.Delete(indexKey(w.Key), nil)
			} else {
				err = b.Set(indexKey(w.Key), w.Value, nil)
			}
			if err != nil {
				return err
			}
		}
		s.chain = s.chain.link(p.tid, &p.digest)
		k := appendTransactionKey(key[:0], p.tid)
		if err := b.Set(k, appendSum(append(p.body, s.chain[:]...), k), nil); err != nil {
			return err
		}
	}
	// Taken after the group was closed: a name that one of its transactions
	// uses was made before that transaction was submitted.
	for _, n := range s.symbols.take() {
		if err := b.Set(symbolKey(n.number), []byte(n.name), nil); err != nil {
			return err
		}
	}
	return s.raiseCeiling(b)
}

// ceilingAhead is how many oids the head on disk runs ahead by.
const ceilingAhead = 1024

// raiseCeiling keeps the oid head above every oid handed out so far. It runs
// ahead so that not every group writes it.
func (s *Store) raiseCeiling(b *lsm.Batch) error {
	next := store.OID(s.nextOID.Load())
	if next+ceilingAhead/2 <= s.ceiling {
		return nil
	}
	s.ceiling = next + ceilingAhead
	return b.Set(headOID, appendOIDHead(nil, s.ceiling), nil)
}

func appendOIDHead(b []byte, oid store.OID) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(oid))
}

func referrers(b *lsm.Batch, v *version) error {
	var key [1 + 8 + 8 + 8]byte
	for _, t := range v.began {
		if err := b.Set(appendReferrerKey(key[:0], t, v.oid, v.tid), []byte{'+'}, nil); err != nil {
			return err
		}
	}
	for _, t := range v.ceased {
		if err := b.Set(appendReferrerKey(key[:0], t, v.oid, v.tid), []byte{'-'}, nil); err != nil {
			return err
		}
	}
	return nil
}

// WaitDurable returns when tid is on disk.
func (s *Store) WaitDurable(ctx context.Context, tid store.TID) error {
	if tid <= s.appliedTID() {
		return nil
	}
	s.mu.RLock()
	g, err := s.groupOf(tid)
	s.mu.RUnlock()
	if g == nil {
		return err
	}
	select {
	case <-g.done:
		if tid <= s.appliedTID() {
			return nil
		}
	case <-s.failed:
		if tid <= s.appliedTID() {
			return nil
		}
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return s.whyNotDurable()
}

// OnDurable calls done when tid is on disk.
func (s *Store) OnDurable(tid store.TID, done func(error)) {
	c := callback{tid: tid, done: done}
	s.mu.Lock()
	g, err := s.groupOf(tid)
	if g != nil {
		g.callbacks = append(g.callbacks, c)
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	c.err = err
	s.notify.add([]callback{c})
}

// groupOf finds the group that makes tid durable; nil and no error when it is
// so already. mu is held.
func (s *Store) groupOf(tid store.TID) (*group, error) {
	switch {
	case tid <= s.appliedTID():
		return nil, nil
	case s.failure.Load() != nil:
		return nil, s.whyNotDurable()
	case tid > store.TID(s.last.Load()):
		return nil, fmt.Errorf("tid %d: %w", tid, store.ErrNotFound)
	case s.flying != nil && tid <= s.flying.last:
		return s.flying, nil
	case s.next != nil:
		return s.next, nil
	}
	return nil, s.whyNotDurable()
}

func (s *Store) whyNotDurable() error {
	if e := s.failure.Load(); e != nil {
		return *e
	}
	return store.ErrClosed
}
