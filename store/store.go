// Package store keeps versions of records. It is the lowest floor: it knows
// object identifiers, transaction identifiers and bytes, and nothing of slots,
// methods or messages.
//
// Kinds. A record is one version of one object, addressed by (OID, TID). A
// transaction is the unit of commit: a set of new record versions, the set of
// oids it read, its provenance, and entries of a small unversioned index. A
// blob is an immutable file named by its SHA-256.
//
// What must hold, for every driver (package storetest checks it):
//
//   - TIDs are dense and ascending in commit order, and start at 1. TID 0 is
//     the state of an empty store.
//   - Submit validates against everything submitted before it. A transaction
//     is refused with a *ConflictError when an oid that it read or wrote has
//     a version newer than its Snapshot (Kung and Robinson, "On Optimistic
//     Methods for Concurrency Control", 1981; serial validation). So accepted
//     histories are serialisable in TID order.
//   - A submitted transaction is visible to Get at once and durable later;
//     WaitDurable tells when. Nothing may be told to the outside before its
//     TID is durable, and since TIDs become durable in order, a reply that
//     depends on a TID covers all that it read. (Early lock release: DeWitt et
//     al., "Implementation Techniques for Main Memory Database Systems", 1984.)
//   - A transaction is durable whole or not at all.
//   - After a failed write or sync the store is dead: every call answers
//     ErrFailed. It never goes on after a failed sync.
//
// Traps: record bytes given to Submit belong to the store afterwards; bytes
// returned by Get must not be changed. Index entries are not versioned and not
// validated: they are for bookkeeping with one writer an entry. A snapshot may
// be held for long or not at all: validation and Refresh stay exact, and cost
// reads from disk instead of memory.
//
// Entry points: Store is what every driver gives, more.go what it may give
// beyond; package pebble is the driver. Not here: what Data means, caching of
// objects, retrying after a conflict.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// OID identifies an object for ever; it is never reused. 0 is no object.
type OID uint64

// String writes an oid as people see it: "@42".
func (o OID) String() string { return fmt.Sprintf("@%d", uint64(o)) }

// TID numbers committed transactions in commit order.
type TID uint64

// Latest, as a snapshot to read at, means the newest submitted transaction.
const Latest = ^TID(0)

// Hash is the SHA-256 of a blob or a record.
type Hash [32]byte

// Change says what a transaction did to an object.
type Change uint8

const (
	Created Change = iota + 1
	Changed
	Deleted
	Undone
)

// Write is one new version of one object.
type Write struct {
	OID    OID
	Change Change
	Data   []byte   // the record's payload; nil when Deleted, or Undone back to nothing
	Refs   []OID    // the objects that Data refers to, for garbage collection and reverse look-up; in any order
	Blobs  []Hash   // the blobs that Data refers to; each must have been put
	Slots  []string // the names of the slots that changed, for the log; nil when unknown
}

// Provenance says who caused a transaction, why and what for.
type Provenance struct {
	Time   time.Time         // wall clock at submission; set by Submit when zero
	Author string            // client, persona or heartbeat, as people name it
	Cause  OID               // the message object that caused it, 0 when none
	Parent TID               // the transaction that led to this one, 0 when none
	Why    string            // one line: "send @42.deposit"
	UndoOf TID               // set when this transaction restores the state before another
	More   map[string]string // further facts: mind, model, prompt, attempts, audit, trial
}

// IndexWrite sets or removes one entry of the unversioned index, in the same
// atomic step as the transaction that carries it.
type IndexWrite struct {
	Key    string
	Value  []byte
	Delete bool
}

// Transaction is what Submit takes.
type Transaction struct {
	Snapshot   TID   // the state it read
	Reads      []OID // what it read and did not write; checked unless Writes is empty
	Writes     []Write
	Index      []IndexWrite
	Provenance Provenance
}

// Committed is the stored form of a transaction's own record.
type Committed struct {
	TID        TID
	Provenance Provenance
	Changes    []ObjectChange // in oid order
}

// ObjectChange is one line of a committed transaction.
type ObjectChange struct {
	OID    OID
	Change Change
	Slots  []string
}

// Record is one stored version.
type Record struct {
	OID  OID
	TID  TID // the transaction that wrote it
	Prev TID // the version before it, 0 when it is the first
	Data []byte
	Refs []OID // ascending, each once
}

// Stats are figures of a running store.
type Stats struct {
	Last        TID   // newest submitted
	Durable     TID   // newest durable
	NextOID     OID   // what AllocateOIDs hands out next
	DiskBytes   int64 // bytes on disk, without blobs
	Groups      int64 // fsyncs made for commits since open
	Conflicts   int64 // transactions refused since open
	RecentBytes int64 // bytes held in memory for conflict checks and fresh reads
}

// Store is what every driver gives. All methods are safe for concurrent use.
type Store interface {
	// Snapshot opens the newest submitted state for reading and pins what
	// conflict checks need of it. Release lets go; every Snapshot needs one.
	Snapshot() TID
	Release(TID)

	// Refresh moves a held snapshot to the newest submitted state in one step
	// and appends to changed the oids that any transaction in between wrote
	// (each at least once). It is how a cache learns what went stale.
	Refresh(held TID, changed []OID) (TID, []OID)

	// Get reads the version of oid that was current at tid (Latest for the
	// newest). It gives ErrNotFound when there was none, or it was deleted.
	Get(oid OID, at TID) (Record, error)

	// History calls yield with the versions of oid, newest first, until it
	// says false. A deleted version has nil Data.
	History(oid OID, yield func(Record) bool) error

	// AllocateOIDs reserves n new oids and returns the first. Reserved oids
	// that are never written are lost, not reused. Writing an oid that was
	// never reserved (an import) reserves all up to it.
	AllocateOIDs(n int) OID

	// Submit validates and accepts tx, and returns its TID. A transaction
	// with neither Writes nor Index is refused as a programming error.
	// The group committer makes it durable soon after; see WaitDurable.
	// Submit waits only when much more is submitted than the disk takes.
	// Errors: *ConflictError, ErrFull, ErrFailed, ErrClosed, ErrNotFound for
	// a blob.
	Submit(tx *Transaction) (TID, error)

	// WaitDurable returns when tid and all before it are on disk.
	WaitDurable(ctx context.Context, tid TID) error

	// OnDurable calls done once, on a goroutine of the store, when tid is
	// durable (nil) or the store failed. done must not block.
	OnDurable(tid TID, done func(error))

	// Transaction reads one transaction record; Log calls yield with the
	// transactions from (inclusive) downwards, newest first.
	Transaction(tid TID) (Committed, error)
	Log(from TID, yield func(Committed) bool) error

	// IndexGet reads one entry (ErrNotFound); IndexScan calls yield in key
	// order for the keys with a prefix; IndexDrop removes all keys in
	// [from, to) durably, outside any transaction.
	IndexGet(key string) ([]byte, error)
	IndexScan(prefix string, yield func(key string, value []byte) bool) error
	IndexDrop(from, to string) error

	// Symbol gives the stable number of a name, making one if needed: it is
	// durable no later than the first transaction submitted afterwards.
	// SymbolName is the way back.
	Symbol(name string) uint32
	SymbolName(n uint32) (string, bool)

	// PutBlob stores data durably before it returns; Blob opens one.
	PutBlob(data []byte) (Hash, error)
	Blob(h Hash) ([]byte, error)

	Stats() Stats

	// Close makes everything durable and lets go of the files.
	Close() error
}

// Errors that callers test for.
var (
	ErrNotFound = errors.New("no such record")
	ErrClosed   = errors.New("the store is closed")
	ErrFailed   = errors.New("the store stopped after a failed write; restart to go on from the last durable transaction")
	ErrFull     = errors.New("the disk is nearly full; free some space and send again")
	ErrLocked   = errors.New("another process has the image open")
	ErrFormat   = errors.New("the image's format is newer than this program; use a newer bat")
)

// ConflictError tells which object made a transaction fail validation.
type ConflictError struct {
	OID      OID
	Snapshot TID  // what the transaction had read
	Newer    TID  // the transaction that got in first
	Wrote    bool // the refused transaction wrote OID too, so it is no mere stale read
}

func (e *ConflictError) Error() string {
	what := "read"
	if e.Wrote {
		what = "wrote"
	}
	return fmt.Sprintf("%v, which this transaction %s as of tid %d, was changed by tid %d", e.OID, what, e.Snapshot, e.Newer)
}
