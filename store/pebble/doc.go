// Package pebble is the embedded driver of package store, on Pebble, an ordered
// log-structured store (github.com/cockroachdb/pebble). It keeps one image in
// one directory:
//
//	MANIFEST.json   format version and image id; a newer format is refused untouched
//	LOCK            held while a process has the image open
//	store/          Pebble's files
//	blobs/ab/<hash> one immutable file a blob, named by its SHA-256
//	log/ updates/   for the floors above
//
// Keys. All integers are big-endian; ^ is the complement, so that newer sorts
// first.
//
//	v oid8 ^tid8            one version of an object (record.go)
//	t tid8                  one transaction, with its list of changes (transaction.go)
//	r target8 source8 ^tid8 source began (+) or ceased (-) to refer to target
//	i key                   an entry of the unversioned index
//	b sha256                a blob that some version refers to: size, first tid
//	B sha256 oid8 ^tid8     a version that refers to a blob
//	s number4               a name of the symbol table
//	m name                  heads: "oid" is the ceiling of the oids handed out
//
// The comparer splits the keys of v and r after nine bytes, so that bloom
// filters answer for an object, not for one of its versions, and the history of
// an object is one prefix scan. The newest tid and the hash of the chain are
// the last t key: opening reads heads and never scans the image.
//
// The life of a transaction. Submit encodes on the caller's goroutine, takes
// the state lock, validates against the table of recent writes, takes the next
// tid, and leaves: some hundred nanoseconds under the lock. From then on the
// versions are served from memory. One goroutine, the committer, takes all that
// wait (no timer: while one group syncs, the next collects), writes one Pebble
// batch with one sync, and only then moves the durable mark, wakes those who
// wait and lets go of the versions in memory.
//
// What must hold:
//
//   - recent has, for every tid above base, every oid it wrote. base never
//     passes a tid that is not yet in Pebble. A transaction or a Refresh from
//     below base is answered from Pebble, so the table can be bounded.
//   - heads, when it knows an oid, knows its newest submitted version.
//   - A version is in memory (recent) or in Pebble at every moment after its
//     Submit returned; it leaves memory after its batch was applied.
//   - Batches are applied in tid order by one goroutine, so a tid is on disk
//     only if all before it are.
//   - After Pebble reports a failed write or sync nothing is read or written
//     any more; see failure.go.
//
// Traps: Pebble's Fatalf ends the process by default; ours must be given to
// every Open. DeleteRange on the path of a commit makes every later read of the
// memtable re-fragment its range tombstones, so IndexDrop deletes point by
// point while the range is small. An iterator sees the state at its making;
// none is kept.
//
// Entry points: Open, then the methods of store.Store; Verify, Backup and
// Referrers beyond them. Not here: what a record means, caching of objects,
// garbage collection.
package pebble
