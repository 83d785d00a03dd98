package image

import (
	"errors"

	"batos/store"
)

// Options of Open. Zero fields take the defaults.
type Options struct {
	CacheObjects int         // entities a heap keeps loaded between transactions; 100,000
	Invariants   []Invariant // the organisation, checked at commits that touch it
	Architect    func(store.Provenance) bool
}

// Invariant is one line of the organisation: Root exists, understands Selectors
// by delegation, and, when Frozen, does not change unless the Architect commits.
type Invariant struct {
	Root      string
	Selectors []string
	Frozen    bool
}

// OrganizationError says which invariant a commit would have broken.
type OrganizationError struct {
	Root string
	Why  string
}

func (e *OrganizationError) Error() string { return "organization: " + e.Root + ": " + e.Why }

// CommitRequest says how a transaction ends.
type CommitRequest struct {
	Provenance store.Provenance
	Index      []store.IndexWrite
	Architect  bool // may break Frozen invariants
}

// UnstorableError names the object and slot that hold a value which cannot be
// stored: a closure, an open iterator, a module.
type UnstorableError struct {
	Object store.OID // 0 when it is new
	Slot   string    // with [..] steps into containers
	Type   string
}

func (e *UnstorableError) Error() string {
	return "slot " + e.Slot + " of " + e.Object.String() + " holds a " + e.Type + ", which cannot be stored; keep data in slots, and methods as method(\"def ...\")"
}

var errNotBuilt = errors.New("not built")

// Open gives the image in a store. It writes nothing; the roots object (@1) is
// made by the first commit.
func Open(s store.Store, o Options) (*Image, error) { return nil, errNotBuilt }

// NewHeap makes a heap for one worker.
func (img *Image) NewHeap() *Heap { return nil }

// Store is the store beneath.
func (img *Image) Store() store.Store { return img.store }

// Begin starts a transaction at the newest snapshot; what others changed since
// the heap's last one becomes ghosts. BeginAt starts one at a past tid, in
// which every write is refused with ErrReadOnly.
func (h *Heap) Begin() error                { return errNotBuilt }
func (h *Heap) BeginAt(tid store.TID) error { return errNotBuilt }

// Commit submits what changed, everything newly reachable included, and ends
// the transaction. tid is the commit's, or the snapshot when nothing changed
// and no index entry was asked for. It is visible to other heaps at once and
// durable later (store.WaitDurable). Errors: *store.ConflictError,
// *UnstorableError, *OrganizationError, errors of the store; the transaction is
// then dropped whole.
func (h *Heap) Commit(r CommitRequest) (tid store.TID, err error) { return 0, errNotBuilt }

// Abort drops the transaction; the heap's objects are as before it.
func (h *Heap) Abort() {}

// Snapshot is the tid that the transaction reads at.
func (h *Heap) Snapshot() store.TID { return 0 }

// Changed says whether the transaction has written anything that would be
// stored: a write to a persistent entity, or to the roots.
func (h *Heap) Changed() bool { return false }

// Root finds a named root; SetRoot binds one (nil removes); Roots lists them
// in name order.
func (h *Heap) Root(name string) (*Object, bool, error) { return nil, false, errNotBuilt }
func (h *Heap) SetRoot(name string, o *Object) error    { return errNotBuilt }
func (h *Heap) Roots() (names []string, objects []*Object, err error) {
	return nil, nil, errNotBuilt
}

// Object finds an object by oid; store.ErrNotFound when there is none at the
// snapshot, or what is there is a list, dict or set.
func (h *Heap) Object(oid store.OID) (*Object, error) { return nil, errNotBuilt }

// Import makes a heap value of a plain one; a Ref must name an object that
// exists. Export goes the other way: objects become Refs (a new one has its oid
// reserved by the call), containers are copied, at most depth levels (64 when
// 0) and a container within itself is an error; kinds with no plain form (a
// closure, a method) become their repr-like text in a *Map {"$repr": ...}.
func (h *Heap) Import(plain any) (Value, error)        { return Value{}, errNotBuilt }
func (h *Heap) Export(v Value, depth int) (any, error) { return nil, errNotBuilt }

// Reachable walks entities from starts in breadth-first order, each once, and
// calls yield with objects only, depth counted in objects; 0 for no bound.
func (h *Heap) Reachable(starts []*Object, depth int, yield func(*Object) bool) error {
	return errNotBuilt
}
