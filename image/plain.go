package image

import "batos/store"

// A plain value is a Go value that belongs to no heap: what crosses between
// goroutines, the wire and the image. It is one of
//
//	nil, bool, int64, float64, string, []byte, *big.Int, time.Time,
//	[]any (a list; a tuple too, on the way out), *Map, PlainSet, Ref, PlainBlob
//
// Heap.Import makes the heap's values of it, Heap.Export goes back.
type (
	// Ref is a reference to an object.
	Ref store.OID

	// PlainSet is a set.
	PlainSet []any

	// PlainBlob is a reference to a blob.
	PlainBlob struct {
		Hash [32]byte
		Size int64
	}

	// Map is a mapping in insertion order.
	Map struct{ Entries []MapEntry }

	// MapEntry is one entry of a Map.
	MapEntry struct{ Key, Value any }
)

// Get finds a text key.
func (m *Map) Get(key string) (any, bool) {
	if m != nil {
		for i := range m.Entries {
			if k, ok := m.Entries[i].Key.(string); ok && k == key {
				return m.Entries[i].Value, true
			}
		}
	}
	return nil, false
}

// Put sets a text key.
func (m *Map) Put(key string, value any) {
	for i := range m.Entries {
		if k, ok := m.Entries[i].Key.(string); ok && k == key {
			m.Entries[i].Value = value
			return
		}
	}
	m.Entries = append(m.Entries, MapEntry{key, value})
}
