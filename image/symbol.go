package image

import (
	"sync"
	"sync/atomic"
)

// Symbol is an interned slot name or selector. Symbols are numbered for the
// life of the process; what is stored goes through the store's own numbering.
type Symbol uint32

type symbolTable struct {
	mu     sync.Mutex
	number sync.Map // string -> Symbol
	names  atomic.Pointer[[]string]
}

var symbols symbolTable

// Intern gives the symbol of a name. Safe for concurrent use.
func Intern(name string) Symbol {
	if n, ok := symbols.number.Load(name); ok {
		return n.(Symbol)
	}
	symbols.mu.Lock()
	defer symbols.mu.Unlock()
	if n, ok := symbols.number.Load(name); ok {
		return n.(Symbol)
	}
	var names []string
	if p := symbols.names.Load(); p != nil {
		names = *p
	} else {
		names = []string{""} // symbol 0 is no symbol
	}
	n := Symbol(len(names))
	// Appending never changes what readers of the old slice can see.
	names = append(names, name)
	symbols.names.Store(&names)
	symbols.number.Store(name, n)
	return n
}

// String is the name.
func (s Symbol) String() string {
	names := symbols.names.Load()
	if names == nil || int(s) >= len(*names) {
		return ""
	}
	return (*names)[s]
}

// IsParent says whether a slot of this name delegates: its name ends in '*'.
func (s Symbol) IsParent() bool {
	name := s.String()
	return len(name) > 0 && name[len(name)-1] == '*'
}

// Interned finds the symbol of a name that has one. Names that programs compute
// are looked up so where no slot is written: they would stay for ever.
func Interned(name string) (Symbol, bool) {
	n, ok := symbols.number.Load(name)
	if !ok {
		return 0, false
	}
	return n.(Symbol), true
}
