package image

import (
	"slices"
	"strconv"
	"strings"
)

// Shape is the hidden class of objects with the same slots in the same order
// and the same parents: Self's map (Chambers, Ungar and Lee, "An Efficient
// Implementation of SELF", 1989). It is immutable, shared by all objects of a
// heap that have it, and so is a key for inline caches: while no prototype
// changes, one shape has one answer to each look-up.
//
// Shapes form a tree, an edge a slot. Objects of more than manySlots slots are
// used as tables are: their shapes hang in no tree, are shared by clones only,
// and go with the objects.
type Shape struct {
	names   []Symbol
	index   map[Symbol]int32 // nil for few slots; see extend
	parents []*Object        // what the parent slots hold, in slot order
	hopName Symbol           // the first slot that was ever added after these, and
	hop     *Shape           // what it led to; clone families seldom know another
	next    map[Symbol]*Shape
	nextPar map[string]*Shape // after a parent slot: keyed by the slot and its parents
	from    *Shape            // nearest in the tree
	made    *int              // counts the shapes of the heap's tree
	used    uint64            // number of the last sweep that found it in use
}

const (
	fewSlots  = 6   // up to which names are searched in order
	manySlots = 128 // from which shapes are not shared
)

// Len is the number of slots; Name names one of them.
func (s *Shape) Len() int          { return len(s.names) }
func (s *Shape) Name(i int) Symbol { return s.names[i] }

// Names are the slot names in order; they must not be changed.
func (s *Shape) Names() []Symbol { return s.names }

// Parents are the objects delegated to, in order; they must not be changed.
func (s *Shape) Parents() []*Object { return s.parents }

// Find gives the index of a slot, or -1.
func (s *Shape) Find(name Symbol) int {
	if s.index == nil {
		for i, n := range s.names {
			if n == name {
				return i
			}
		}
		return -1
	}
	if i, ok := s.index[name]; ok && int(i) < len(s.names) {
		return int(i)
	}
	return -1
}

// extend gives t the names of s and one more. Where t is the first to extend s
// the two share the array of names, and an index of which each sees the
// positions below its own length; so a row of n shapes costs n, not n squared.
func (s *Shape) extend(t *Shape, name Symbol) {
	n := len(s.names)
	switch {
	case n < fewSlots:
		t.names = append(s.names[:n:n], name)
	case s.index != nil && len(s.index) == n:
		t.names, t.index = append(s.names, name), s.index
		t.index[name] = int32(n)
	default:
		t.names = append(append(make([]Symbol, 0, n+n/4+2), s.names...), name)
		t.index = make(map[Symbol]int32, n+1)
		for i, name := range t.names {
			t.index[name] = int32(i)
		}
	}
}

// child gives the shape with one more ordinary slot, nil when there is none yet.
func (s *Shape) child(name Symbol) *Shape {
	if s.hopName == name {
		return s.hop
	}
	return s.next[name]
}

// with gives the shape that has one more slot. parents are what the new slot
// delegates to, nil for an ordinary slot.
func (s *Shape) with(name Symbol, parents []*Object) *Shape {
	shared := len(s.names) < manySlots
	key := ""
	if shared && parents == nil {
		if t := s.child(name); t != nil {
			return t
		}
	} else if shared {
		key = parentKey(name, parents)
		if t := s.nextPar[key]; t != nil {
			return t
		}
	}
	t := &Shape{parents: s.parents, from: s, made: s.made}
	s.extend(t, name)
	if parents != nil {
		t.parents = append(s.parents[:len(s.parents):len(s.parents)], parents...)
	}
	switch {
	case !shared:
		if len(s.names) > manySlots {
			t.from = s.from
		}
		return t
	case parents != nil:
		if s.nextPar == nil {
			s.nextPar = map[string]*Shape{}
		}
		s.nextPar[key] = t
	case s.hop == nil:
		s.hopName, s.hop = name, t
	default:
		if s.next == nil {
			s.next = map[Symbol]*Shape{}
		}
		s.next[name] = t
	}
	*s.made++
	return t
}

// same says whether two shapes are of the same structure.
func (s *Shape) same(t *Shape) bool {
	return s == t || len(s.names) > manySlots && slices.Equal(s.names, t.names) && slices.Equal(s.parents, t.parents)
}

// parentKey tells parents apart by the address of their entity, which is the
// object's identity within one heap; the shape keeps them alive.
func parentKey(name Symbol, parents []*Object) string {
	var b strings.Builder
	b.WriteString(strconv.FormatUint(uint64(name), 36))
	for _, p := range parents {
		b.WriteByte(' ')
		b.WriteString(strconv.FormatUint(uint64(p.address()), 36))
	}
	return b.String()
}

// markUsed marks a shape and those it is reached through.
func (s *Shape) markUsed(sweep uint64) {
	for ; s != nil && s.used != sweep; s = s.from {
		s.used = sweep
	}
}

// prune drops the shapes below s that were not marked, and counts the others.
func (s *Shape) prune(sweep uint64) int {
	n := 0
	if s.hop != nil {
		if s.hop.used != sweep {
			s.hopName, s.hop = 0, nil
		} else {
			n += 1 + s.hop.prune(sweep)
		}
	}
	for name, t := range s.next {
		if t.used != sweep {
			delete(s.next, name)
		} else {
			n += 1 + t.prune(sweep)
		}
	}
	for key, t := range s.nextPar {
		if t.used != sweep {
			delete(s.nextPar, key)
		} else {
			n += 1 + t.prune(sweep)
		}
	}
	return n
}
