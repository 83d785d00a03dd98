package uvm

import "hash/maphash"

// sieve says whether a name may have been added: never no for one that was, and
// yes for about one in a hundred that were not (Bloom, "Space/Time Trade-offs in
// Hash Coding with Allowable Errors", 1970). It grows by parts, each twice as
// large as the one before (Almeida et al., "Scalable Bloom Filters", 2007), so a
// few names cost little memory and millions stay answerable.
type sieve struct {
	parts []sievePart
}

type sievePart struct {
	bits []uint64
	room int // names that may still be added
}

const (
	firstSieve = 1 << 16 // bits
	largeSieve = 1 << 30
	perName    = 10 // bits; with 7 probes about 1 % say yes wrongly
	probes     = 7
)

var sieveSeed = maphash.MakeSeed()

func (s *sieve) add(name string) {
	last := len(s.parts) - 1
	if last < 0 || s.parts[last].room == 0 {
		bits := firstSieve
		if last >= 0 {
			bits = min(2*64*len(s.parts[last].bits), largeSieve)
		}
		s.parts = append(s.parts, sievePart{make([]uint64, bits/64), bits / perName})
		last++
	}
	p := &s.parts[last]
	p.room--
	h := maphash.String(sieveSeed, name)
	for range probes {
		at := h % uint64(64*len(p.bits))
		p.bits[at/64] |= 1 << (at % 64)
		h = step(h)
	}
}

func (s *sieve) has(name string) bool {
	if len(s.parts) == 0 {
		return false
	}
	first := maphash.String(sieveSeed, name)
next:
	for i := range s.parts {
		p := &s.parts[i]
		h := first
		for range probes {
			at := h % uint64(64*len(p.bits))
			if p.bits[at/64]&(1<<(at%64)) == 0 {
				continue next
			}
			h = step(h)
		}
		return true
	}
	return false
}

// step gives the next probe (the finaliser of SplitMix64).
func step(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
