package uvm

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"batos/genesis"
	"batos/lang/syntax"
)

func TestGenesisIsReadable(t *testing.T) {
	files, err := fs.Glob(genesis.Files, "*.py")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(genesis.Order) {
		t.Errorf("%d files, but %d objects in Order", len(files), len(genesis.Order))
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".py")
		if !slices.Contains(genesis.Order, name) {
			t.Errorf("%s is not in Order", name)
		}
		text, err := genesis.Files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body, err := syntax.ParseBody(string(text))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, s := range body.Stmts {
			if def, ok := s.(*syntax.FunctionDef); ok {
				source := methodText(strings.Split(string(text), "\n"), def)
				if err := audit(def.Name, source); err != nil {
					t.Errorf("%s, %s: %v\n%s", file, def.Name, err, source)
				}
			}
		}
	}
}
