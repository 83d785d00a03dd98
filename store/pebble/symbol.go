package pebble

import (
	"encoding/binary"
	"fmt"
	"sync"

	lsm "github.com/cockroachdb/pebble/v2"
)

// symbols is the table of names, all in memory: an image has some thousands.
// Number 0 is no name.
type symbols struct {
	mu      sync.RWMutex
	numbers map[string]uint32
	names   []string // names[n-1] is the name of n
	stored  int      // names up to here are in Pebble or on the way
}

type symbol struct {
	number uint32
	name   string
}

// Symbol gives the number of a name. A new one is written with the next group.
func (s *Store) Symbol(name string) uint32 { return s.symbols.number(name) }

// SymbolName gives the name of a number.
func (s *Store) SymbolName(n uint32) (string, bool) {
	t := &s.symbols
	t.mu.RLock()
	defer t.mu.RUnlock()
	if n == 0 || int(n) > len(t.names) {
		return "", false
	}
	return t.names[n-1], true
}

func (t *symbols) number(name string) uint32 {
	t.mu.RLock()
	n := t.numbers[name]
	t.mu.RUnlock()
	if n != 0 {
		return n
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := t.numbers[name]; n != 0 {
		return n
	}
	t.names = append(t.names, name)
	n = uint32(len(t.names))
	t.numbers[name] = n
	return n
}

// take gives the names that were not written yet.
func (t *symbols) take() []symbol {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []symbol
	for ; t.stored < len(t.names); t.stored++ {
		out = append(out, symbol{uint32(t.stored + 1), t.names[t.stored]})
	}
	return out
}

// load reads the table at open.
func (t *symbols) load(db *lsm.DB) error {
	t.numbers = map[string]uint32{}
	it, err := db.NewIter(&lsm.IterOptions{LowerBound: []byte{kindSymbol}, UpperBound: []byte{kindSymbol + 1}})
	if err != nil {
		return fmt.Errorf("reading the symbols: %w", err)
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		n := binary.BigEndian.Uint32(it.Key()[1:])
		if int(n) != len(t.names)+1 {
			return fmt.Errorf("%w: symbol %d is missing", ErrCorrupt, len(t.names)+1)
		}
		name, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("reading the symbols: %w", err)
		}
		t.names = append(t.names, string(name))
		t.numbers[string(name)] = n
	}
	t.stored = len(t.names)
	if err := it.Error(); err != nil {
		return fmt.Errorf("reading the symbols: %w", err)
	}
	return nil
}
