package uvm

import (
	"sync"
	"sync/atomic"

	"batos/store"
)

// feed tells watchers of commits: each once, in the order of tids, and only
// when it is durable. Tids are dense and the machine alone submits, so the next
// one to tell is always known.
type feed struct {
	store store.Store

	newest  atomic.Uint64 // submitted
	stable  atomic.Uint64 // known to be durable
	watched atomic.Int32  // number of watchers

	mu       sync.Mutex
	next     store.TID // to be told
	waiting  map[store.TID]*Change
	watchers map[int]func(Change)
	serial   int

	telling sync.Mutex // held while watchers are called, so that calls keep their order
}

func newFeed(s store.Store) *feed {
	f := &feed{store: s, waiting: map[store.TID]*Change{}, watchers: map[int]func(Change){}}
	stats := s.Stats()
	f.newest.Store(uint64(stats.Last))
	f.stable.Store(uint64(stats.Durable))
	f.next = stats.Last + 1
	return f
}

// last is the newest transaction submitted, durable the newest known durable.
func (f *feed) last() store.TID    { return store.TID(f.newest.Load()) }
func (f *feed) durable() store.TID { return store.TID(f.stable.Load()) }

func raise(to *atomic.Uint64, tid store.TID) {
	for {
		old := to.Load()
		if uint64(tid) <= old || to.CompareAndSwap(old, uint64(tid)) {
			return
		}
	}
}

// committed takes a transaction in; change is nil when it has nothing to show.
func (f *feed) committed(tid store.TID, change *Change) {
	raise(&f.newest, tid)
	f.mu.Lock()
	f.waiting[tid] = change
	ask := f.watched.Load() > 0 || len(f.waiting)%64 == 0
	f.mu.Unlock()
	if ask {
		f.store.OnDurable(tid, func(err error) {
			if err == nil {
				f.settled(tid)
			}
		})
	}
}

// settled notes that tid, and so all before it, is durable.
func (f *feed) settled(tid store.TID) {
	raise(&f.stable, tid)
	f.telling.Lock()
	defer f.telling.Unlock()
	f.mu.Lock()
	var tell []Change
	for f.next <= f.durable() {
		change, ok := f.waiting[f.next]
		if !ok {
			break // submitted, but its worker has not come here yet: it asks itself
		}
		delete(f.waiting, f.next)
		f.next++
		if change != nil {
			tell = append(tell, *change)
		}
	}
	watchers := make([]func(Change), 0, len(f.watchers))
	for _, w := range f.watchers {
		watchers = append(watchers, w)
	}
	f.mu.Unlock()
	for _, change := range tell {
		for _, w := range watchers {
			w(change)
		}
	}
}

func (f *feed) close() { f.settled(f.last()) }

// watch adds a watcher.
func (f *feed) watch(changed func(Change)) (cancel func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serial++
	n := f.serial
	f.watchers[n] = changed
	f.watched.Add(1)
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if _, ok := f.watchers[n]; ok {
			delete(f.watchers, n)
			f.watched.Add(-1)
		}
	}
}

// Watch calls changed after each durable commit, in order, until cancel.
// changed must not block.
func (m *Machine) Watch(changed func(Change)) (cancel func()) { return m.feed.watch(changed) }
