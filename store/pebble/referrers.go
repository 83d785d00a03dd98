package pebble

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
)

// Referrers calls yield with the objects that refer to target at a tid. For
// each source the newest entry not newer than the tid decides. What is on its
// way to Pebble is read from memory.
func (s *Store) Referrers(target store.OID, at store.TID, yield func(store.OID) bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if last := store.TID(s.last.Load()); at > last {
		at = last
	}
	// What memory says overrides what Pebble says.
	fresh := map[store.OID]bool{}
	s.mu.RLock()
	for t := s.appliedTID() + 1; t <= at; t++ {
		tx := s.recent.at(t).tx
		for i := range tx.writes {
			v := &tx.writes[i]
			if slices.Contains(v.began, target) {
				fresh[v.oid] = true
			} else if slices.Contains(v.ceased, target) {
				fresh[v.oid] = false
			}
		}
	}
	s.mu.RUnlock()

	sources := map[store.OID]bool{}
	prefix := appendReferrerKey(nil, target, 0, 0)[:splitLen]
	it, err := s.db.NewIter(&lsm.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return fmt.Errorf("finding who refers to %v: %w", target, err)
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		source := store.OID(binary.BigEndian.Uint64(it.Key()[splitLen:]))
		if _, decided := sources[source]; decided || versionTID(it.Key()) > at {
			continue
		}
		sign, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("finding who refers to %v: %w", target, err)
		}
		sources[source] = string(sign) == "+"
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("finding who refers to %v: %w", target, err)
	}
	maps.Copy(sources, fresh)
	for _, o := range slices.Sorted(maps.Keys(sources)) {
		if sources[o] && !yield(o) {
			return nil
		}
	}
	return nil
}
