// Package image is the persistent, transactional graph of objects: slots,
// delegation, snapshots, conflicts, reachability, roots, the organisation.
//
// Kinds. An Image is an opened store. A Heap is one worker's view of it: the
// entities that it has loaded, at one snapshot, with the changes of the
// transaction that runs. An Entity has identity and can change: *Object, *List,
// *Dict, *Set. A Value is anything a slot can hold. A Shape is the hidden class
// that objects with the same slots and parents share.
//
// A transaction goes so: Begin; Root or Object to get hold of something; Read
// before an entity's content is read, Change before it is changed (SetSlot,
// Lookup and their kin do it themselves); Commit or Abort.
//
// What must hold:
//
//   - An oid has at most one entity in a heap, so identity is the address.
//   - An entity whose read number is the heap's is loaded and in the read set;
//     one whose write number is the heap's has a before-image, or is new.
//   - What others commit is not seen until the next Begin, which makes ghosts of
//     it. A ghost has its oid and kind, and is loaded by Read.
//   - A commit writes what differs from its before-image, the new objects whose
//     oids were given out (Reserve, Export), and every new entity that these
//     refer to, directly or not. Nothing else is ever stored.
//   - While Heap.Epoch has not moved, a look-up that began at an object of some
//     shape would find the same slot again, once Heap.RecordReads agrees.
//
// Traps. Entities belong to their heap and to the transaction in which they were
// found: whoever keeps one over Begin may hold one that the heap has dropped.
// Keep oids instead. Heap.Root gives a ghost as it is. An inline cache must hold
// shapes and what delegation reached from them, and check Stamp or Epoch.
//
// It knows no language and no files: see the packages lang and store.
package image
