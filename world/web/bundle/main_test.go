package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The bundle that is checked in is what the sources give.
func TestBundleIsCurrent(t *testing.T) {
	files, err := build("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "dist", name))
		if err != nil {
			t.Errorf("%v; run go generate ./world", err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("dist/%s is not what src gives (%d bytes, want %d); run go generate ./world", name, len(got), len(want))
		}
	}
	entries, err := os.ReadDir(filepath.Join("..", "dist"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if files[e.Name()] == nil {
			t.Errorf("dist/%s comes from no source; remove it", e.Name())
		}
	}
}
