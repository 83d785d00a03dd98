package image

import (
	"errors"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// Errors of Export.
var (
	ErrContainsItself = errors.New("the value contains itself, so it cannot be written out; ask for its parts")
	ErrTooLarge       = errors.New("the value is too large to be written out; ask for its parts")
)

const (
	exportDepth    = 64      // levels, unless asked otherwise
	exportElements = 1 << 22 // in all, since shared containers are copied each time they occur
)

// Export makes a plain value: objects become Refs (a new one has its oid
// reserved by the call), containers are copied, tuples like lists and
// frozensets like sets. A container within itself is ErrContainsItself. depth
// bounds the levels of containers: deeper ones become their repr-like text; at
// 0 the bound is 64, and going beyond is ErrTooDeep. Kinds with no plain form
// (a closure, a method) become their repr-like text, in a *Map {"$repr": ...}.
func (h *Heap) Export(v Value, depth int) (any, error) {
	x := exporter{h: h, left: exportElements, levels: depth, room: math.MaxInt}
	if depth <= 0 {
		x.levels, x.strict = exportDepth, true
	}
	return x.value(v, 0)
}

// ExportWithin is Export for what people look at: more than so many levels is
// ErrTooDeep, and what would take more than about room bytes when it is sent is
// ErrTooLarge, told before it is copied. size is what it takes.
func (h *Heap) ExportWithin(v Value, levels, room int) (plain any, size int, err error) {
	x := exporter{h: h, left: exportElements, levels: levels, strict: true, room: room}
	plain, err = x.value(v, 0)
	return plain, room - x.room, err
}

// sent is about what a value takes on the wire, without what it contains.
func sent(v Value) int {
	switch v.Kind() {
	case KindInt:
		i := v.AsInt()
		if i < 0 {
			i = ^i
		}
		return 1 + (bits.Len64(uint64(i))+7)/8
	case KindBig:
		return 8 + v.Big().BitLen()/3 // in decimal, as JSON has it
	case KindFloat:
		return 9
	case KindStr:
		return 5 + len(v.Str())
	case KindBytes:
		return 5 + len(v.Bytes())
	case KindObject:
		return 10
	case KindBlob, KindMethod:
		return 48
	case KindTuple, KindFrozenSet, KindList, KindDict, KindSet:
		return 5
	}
	return 1
}

type exporter struct {
	h      *Heap
	left   int
	room   int // bytes
	levels int
	strict bool
	path   []*Entity // containers being written
}

func (x *exporter) value(v Value, depth int) (any, error) {
	if x.left--; x.left < 0 {
		return nil, ErrTooLarge
	}
	if x.room -= sent(v); x.room < 0 {
		return nil, ErrTooLarge
	}
	switch k := v.Kind(); k {
	case KindNone, KindAbsent:
		return nil, nil
	case KindBool:
		return v.AsBool(), nil
	case KindInt:
		return v.AsInt(), nil
	case KindBig:
		return new(big.Int).Set(v.Big()), nil
	case KindFloat:
		return v.AsFloat(), nil
	case KindStr:
		return v.Str(), nil
	case KindBytes:
		return []byte(v.Bytes()), nil
	case KindBlob:
		return PlainBlob{v.Blob().Hash, v.Blob().Size}, nil
	case KindObject:
		return Ref(x.h.Reserve(v.Object())), nil
	case KindMethod:
		return repr("<method " + v.Method().selector() + ">"), nil
	case KindTuple, KindFrozenSet, KindList, KindDict, KindSet:
		if depth >= x.levels {
			if x.strict {
				return nil, ErrTooDeep
			}
			return repr("<" + k.String() + ">"), nil
		}
		return x.container(v, depth)
	default:
		return repr("<" + k.String() + ">"), nil
	}
}

func (x *exporter) container(v Value, depth int) (any, error) {
	switch v.Kind() { // whose contents are there without loading
	case KindTuple:
		return x.items(v.Tuple(), depth)
	case KindFrozenSet:
		return x.members(v.Set(), depth)
	}
	e := v.Entity()
	for _, outer := range x.path {
		if outer == e {
			return nil, ErrContainsItself
		}
	}
	if err := x.h.Read(e); err != nil {
		return nil, err
	}
	x.path = append(x.path, e)
	defer func() { x.path = x.path[:len(x.path)-1] }()
	switch v.Kind() {
	case KindList:
		return x.items(v.List().Items, depth)
	case KindSet:
		return x.members(v.Set(), depth)
	}
	if v.Dict().Len() > x.room {
		return nil, ErrTooLarge
	}
	m := &Map{Entries: make([]MapEntry, 0, v.Dict().Len())}
	for key, val, at, ok := v.Dict().Next(0); ok; key, val, at, ok = v.Dict().Next(at + 1) {
		k, err := x.value(key, depth+1)
		if err != nil {
			return nil, err
		}
		w, err := x.value(val, depth+1)
		if err != nil {
			return nil, err
		}
		m.Entries = append(m.Entries, MapEntry{k, w})
	}
	return m, nil
}

func (x *exporter) items(items []Value, depth int) (any, error) {
	if len(items) > x.room { // each takes a byte at least
		return nil, ErrTooLarge
	}
	out := make([]any, len(items))
	for i := range items {
		var err error
		if out[i], err = x.value(items[i], depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (x *exporter) members(s *Set, depth int) (any, error) {
	if s.Len() > x.room {
		return nil, ErrTooLarge
	}
	out := make(PlainSet, 0, s.Len())
	for key, at, ok := s.Next(0); ok; key, at, ok = s.Next(at + 1) {
		member, err := x.value(key, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, member)
	}
	return out, nil
}

func repr(text string) *Map { return &Map{Entries: []MapEntry{{"$repr", text}}} }

// selector is the name that the source defines.
func (m *Method) selector() string {
	_, rest, _ := strings.Cut(m.Source, "def ")
	name, _, _ := strings.Cut(rest, "(")
	return strings.TrimSpace(name)
}
