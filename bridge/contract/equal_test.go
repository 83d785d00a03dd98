package contract

import (
	"bytes"
	"math"
	"math/big"
	"time"

	"batos/image"
)

// equal tells whether two plain values are the same on the wire: maps by their
// entries in order, big integers by value, NaN equal to itself.
func equal(a, b any) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || math.IsNaN(a) && math.IsNaN(b))
	case *big.Int:
		b, ok := b.(*big.Int)
		return ok && a.Cmp(b) == 0
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Equal(b)
	case []any:
		b, ok := b.([]any)
		return ok && equalLists(a, b)
	case image.PlainSet:
		b, ok := b.(image.PlainSet)
		return ok && equalLists(a, b)
	case *image.Map:
		b, ok := b.(*image.Map)
		if !ok || len(a.Entries) != len(b.Entries) {
			return false
		}
		for i := range a.Entries {
			if !equal(a.Entries[i].Key, b.Entries[i].Key) || !equal(a.Entries[i].Value, b.Entries[i].Value) {
				return false
			}
		}
		return true
	}
	return a == b
}

func equalLists(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
