package store

import (
	"context"
	"fmt"
)

// What a driver may offer beyond Store; callers ask with a type assertion.
// The embedded driver has all of it.

// Referrers finds who refers to an object. Referrers calls yield, in oid order,
// with the objects whose version current at a tid refers to target.
type Referrers interface {
	Referrers(target OID, at TID, yield func(source OID) bool) error
}

// Backuper makes a copy of the running store. Backup makes dir, which must not
// exist, an image of its own that holds every transaction durable when it was
// called; commits go on meanwhile.
type Backuper interface {
	Backup(dir string) error
}

// Verifier checks everything that is stored. Verify calls report for each
// thing that is wrong and gives what it looked at; err is set only when it
// could not go on.
type Verifier interface {
	Verify(ctx context.Context, report func(Problem)) (Verified, error)
}

// Problem is one thing that is wrong. It is an error, so that it can be shown
// as one.
type Problem struct {
	OID  OID // 0 when it is not about one object
	TID  TID // 0 when it is not about one version or transaction
	What string
}

func (p Problem) Error() string {
	switch {
	case p.OID != 0 && p.TID != 0:
		return fmt.Sprintf("%v, tid %d: %s", p.OID, p.TID, p.What)
	case p.OID != 0:
		return fmt.Sprintf("%v: %s", p.OID, p.What)
	case p.TID != 0:
		return fmt.Sprintf("tid %d: %s", p.TID, p.What)
	}
	return p.What
}

// Verified counts what Verify looked at.
type Verified struct {
	Transactions int64
	Objects      int64 // that are not deleted
	Versions     int64
	References   int64 // of the current versions
	Blobs        int64
	Bytes        int64 // of records and blobs, uncompressed
	Problems     int64
}
