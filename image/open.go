package image

import "batos/store"

// Image is an opened store with what all its heaps share. It is safe for
// concurrent use; each of its heaps belongs to one goroutine at a time.
type Image struct {
	store     store.Store
	options   Options
	selectors map[Symbol]bool // that some invariant asks for
	frozen    bool            // some invariant is Frozen
	chunkRows int             // of a chunk, at most
}

// RootsOID is the object that holds the named roots in its slots.
const RootsOID store.OID = 1

const defaultCacheObjects = 100_000

// Open gives the image in a store. It reads and writes nothing, whatever the
// size of the image; the roots object is made by the first commit that binds a
// root. The store stays the caller's to close, after the heaps.
func Open(s store.Store, o Options) (*Image, error) {
	if o.CacheObjects == 0 {
		o.CacheObjects = defaultCacheObjects
	}
	img := &Image{store: s, options: o, selectors: map[Symbol]bool{}, chunkRows: chunkRows}
	for _, inv := range o.Invariants {
		for _, name := range inv.Selectors {
			img.selectors[Intern(name)] = true
		}
		img.frozen = img.frozen || inv.Frozen
	}
	// A store hands out every oid; the first is spoken for.
	if s.Stats().NextOID <= RootsOID {
		s.AllocateOIDs(1)
	}
	return img, nil
}

// Store is the store beneath.
func (img *Image) Store() store.Store { return img.store }

// NewHeap makes a heap for one worker. Close lets go of its snapshot.
func (img *Image) NewHeap() *Heap {
	h := newHeap()
	h.img = img
	h.cache.limit = img.options.CacheObjects
	h.cache.sweepAt = 4*h.cache.limit + 1024
	return h
}

// NewHeap makes a heap without a store, in an endless transaction: everything
// in it is transient. Image gives heaps that see the stored world.
func NewHeap() *Heap {
	h := newHeap()
	h.nextOID = RootsOID + 1
	h.endOID = ^store.OID(0)
	h.tx.open = true
	return h
}

func newHeap() *Heap {
	root := &Shape{made: new(int)}
	return &Heap{
		seq: 1, stamp: 1, epoch: 1,
		root:  root,
		cache: cache{table: map[store.OID]*Entity{}, ghostShape: &Shape{made: new(int)}, stale: map[*Object]before{}},
	}
}

// Close drops a running transaction and lets go of the snapshot that the heap
// holds between transactions. A heap that rests for long should be closed, or
// begin and abort now and then: what it holds keeps the store remembering all
// later changes.
func (h *Heap) Close() {
	h.Abort()
	if h.held {
		h.img.store.Release(h.snap)
		h.held = false
	}
	h.cache.forget()
}
