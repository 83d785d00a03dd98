package pebble

import (
	"testing"

	"batos/store"
	"batos/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(dir string) (store.Store, error) { return Open(dir, Options{Reserve: 1 << 20}) })
}

// TestConformanceSmallTables runs the suite with tables so small that every
// answer that memory gives comes from disk as well.
func TestConformanceSmallTables(t *testing.T) {
	storetest.Run(t, func(dir string) (store.Store, error) {
		return Open(dir, Options{Reserve: 1 << 20, RecentBytes: 1, Heads: 1})
	})
}
