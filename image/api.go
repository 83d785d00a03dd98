package image

import (
	"errors"
	"strings"

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

	// Try does all but submit: what could not be stored is found, and the
	// transaction is dropped. The error is ErrTried when all went well.
	Try bool
}

// ErrTried is what a Commit with Try gives when it could have gone ahead.
var ErrTried = errors.New("the transaction could be committed, and was dropped as asked")

// UnstorableError names the object and slot that hold a value which cannot be
// stored: a closure, an open iterator, a module.
type UnstorableError struct {
	Object store.OID // 0 when it is new
	Slot   string    // with [..] steps into containers
	Type   string    // what it is, without an article: "function", "exception (ValueError)"
}

func (e *UnstorableError) Error() string {
	object := "a new object"
	if e.Object != 0 {
		object = e.Object.String()
	}
	article := "a "
	if e.Type != "" && strings.ContainsRune("aeio", rune(e.Type[0])) {
		article = "an "
	}
	return "slot " + e.Slot + " of " + object + " holds " + article + e.Type + ", which cannot be stored; keep data in slots, and methods as method(\"def ...\")"
}
