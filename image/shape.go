package image

import (
	"strconv"
	"strings"
)

// Shape is the hidden class of objects with the same slots in the same order
// and the same parents: Self's map (Chambers, Ungar and Lee, "An Efficient
// Implementation of SELF", 1989). It is immutable, shared by all objects of a
// heap that have it, and so is a key for inline caches: while no prototype
// changes, one shape has one answer to each look-up.
type Shape struct {
	names   []Symbol
	index   map[Symbol]int32 // nil for few slots
	parents []*Object        // what the parent slots hold, in slot order
	next    map[Symbol]*Shape
	nextPar map[string]*Shape // after a parent slot: keyed by the slot and its parents
	from    *Shape
	made    *int   // counts the shapes of the heap
	used    uint64 // number of the last sweep that found it in use
}

// fewSlots is the number of slots up to which names are searched in order.
const fewSlots = 6

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
	if i, ok := s.index[name]; ok {
		return int(i)
	}
	return -1
}

// with gives the shape that has one more slot. parents are what the new slot
// delegates to, nil for an ordinary slot.
func (s *Shape) with(name Symbol, parents []*Object) *Shape {
	key := ""
	if parents == nil {
		if t := s.next[name]; t != nil {
			return t
		}
	} else {
		key = parentKey(name, parents)
		if t := s.nextPar[key]; t != nil {
			return t
		}
	}
	t := &Shape{names: append(s.names[:len(s.names):len(s.names)], name), parents: s.parents, from: s, made: s.made}
	*s.made++
	if len(t.names) > fewSlots {
		t.index = make(map[Symbol]int32, len(t.names))
		for i, n := range t.names {
			t.index[n] = int32(i)
		}
	}
	if parents != nil {
		t.parents = append(s.parents[:len(s.parents):len(s.parents)], parents...)
		if s.nextPar == nil {
			s.nextPar = map[string]*Shape{}
		}
		s.nextPar[key] = t
		return t
	}
	if s.next == nil {
		s.next = map[Symbol]*Shape{}
	}
	s.next[name] = t
	return t
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

// eachParent calls visit with the parents of s and of all shapes below it.
func (s *Shape) eachParent(visit func(*Object)) {
	for _, t := range s.next {
		t.eachParent(visit)
	}
	for _, t := range s.nextPar {
		for _, p := range t.parents {
			visit(p)
		}
		t.eachParent(visit)
	}
}
