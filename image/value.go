package image

import (
	"math/big"
	"unsafe"
)

// Value is any value of the method language: 16 bytes, a pointer to a typed
// header and a payload. Integers, floats and booleans live in the payload, so
// they never allocate. The zero Value is "absent": no value at all, which no
// program can see.
//
// This file alone knows the layout. A heap kind is a struct whose first field
// is a Header (or an Entity, which begins with one); language floors add kinds
// of their own from KindForeign up with FromHeader and Pointer.
type Value struct {
	p unsafe.Pointer // *Header of a static kind, or of a heap value
	n uint64
}

// Kind tells what a Value holds.
type Kind uint8

// The kinds that an image can store. Kinds from KindForeign up belong to the
// language's runtime and are refused at commit.
const (
	KindAbsent Kind = iota
	KindNone
	KindBool
	KindInt // 64-bit; larger ones are KindBig
	KindBig // never holds what fits KindInt
	KindFloat
	KindStr
	KindBytes
	KindTuple
	KindFrozenSet
	KindMethod
	KindBlob
	KindList
	KindDict
	KindSet
	KindObject

	KindForeign Kind = 64
)

// Header is the first field of every heap value.
type Header struct {
	kind  Kind
	flags uint8
}

// NewHeader makes the header of a value of a foreign kind.
func NewHeader(k Kind) Header { return Header{kind: k} }

// Kind tells the kind.
func (h *Header) Kind() Kind { return h.kind }

var (
	noneHeader  = Header{kind: KindNone}
	boolHeader  = Header{kind: KindBool}
	intHeader   = Header{kind: KindInt}
	floatHeader = Header{kind: KindFloat}
)

// Str is an immutable text of Unicode code points, kept as UTF-8.
type Str struct {
	Header
	runes int32 // number of code points, -1 when not counted yet
	S     string
}

// Bytes is an immutable string of bytes.
type Bytes struct {
	Header
	B string
}

// Big is an immutable integer that does not fit 64 bits.
type Big struct {
	Header
	I *big.Int
}

// Tuple is an immutable sequence. Its items must not be changed.
type Tuple struct {
	Header
	Items []Value
}

// Method is an immutable method: the source text is the truth, Code is a cache
// that the language's runtime keeps for this heap.
type Method struct {
	Header
	Source string
	Facts  map[string]string // provenance: author, mind, model, prompt, attempts, audit, trial
	Code   any

	form string // Source and Facts as a record holds them, once they were
}

// Blob refers to an immutable file beside the image.
type Blob struct {
	Header
	Hash [32]byte
	Size int64
}

// None is the value None.
func None() Value { return Value{p: unsafe.Pointer(&noneHeader)} }

// Bool makes a boolean.
func Bool(b bool) Value {
	if b {
		return Value{p: unsafe.Pointer(&boolHeader), n: 1}
	}
	return Value{p: unsafe.Pointer(&boolHeader)}
}

// Int makes an integer.
func Int(i int64) Value { return Value{p: unsafe.Pointer(&intHeader), n: uint64(i)} }

// Float makes a float.
func Float(f float64) Value {
	return Value{p: unsafe.Pointer(&floatHeader), n: *(*uint64)(unsafe.Pointer(&f))}
}

// NewStr makes a text. s must be valid UTF-8.
func NewStr(s string) Value {
	return FromHeader(&(&Str{Header: Header{kind: KindStr}, runes: -1, S: s}).Header)
}

// NewBytes makes a byte string.
func NewBytes(b string) Value {
	return FromHeader(&(&Bytes{Header: Header{kind: KindBytes}, B: b}).Header)
}

// NewTuple makes a tuple that owns items.
func NewTuple(items []Value) Value {
	return FromHeader(&(&Tuple{Header: Header{kind: KindTuple}, Items: items}).Header)
}

// NewPair makes a tuple of two in one allocation.
func NewPair(a, b Value) Value {
	p := &struct {
		Tuple
		items [2]Value
	}{items: [2]Value{a, b}}
	p.Tuple = Tuple{Header{kind: KindTuple}, p.items[:]}
	return FromHeader(&p.Header)
}

// NewBig makes an integer of any size; one that fits 64 bits becomes KindInt.
// i must not be changed afterwards.
func NewBig(i *big.Int) Value {
	if i.IsInt64() {
		return Int(i.Int64())
	}
	return FromHeader(&(&Big{Header: Header{kind: KindBig}, I: i}).Header)
}

// NewMethod makes a method value. facts must not be changed afterwards.
func NewMethod(source string, facts map[string]string) Value {
	return FromHeader(&(&Method{Header: Header{kind: KindMethod}, Source: source, Facts: facts}).Header)
}

// NewBlob makes a reference to a blob.
func NewBlob(hash [32]byte, size int64) Value {
	return FromHeader(&(&Blob{Header: Header{kind: KindBlob}, Hash: hash, Size: size}).Header)
}

// FromHeader makes a Value of a heap value from the header it begins with.
func FromHeader(h *Header) Value { return Value{p: unsafe.Pointer(h)} }

// FromHeaderWith also sets the payload, which the kind may use as it likes.
func FromHeaderWith(h *Header, n uint64) Value { return Value{p: unsafe.Pointer(h), n: n} }

// Pointer is the address of the header, for floors that add kinds.
func (v Value) Pointer() unsafe.Pointer { return v.p }

// Payload is the 64-bit payload.
func (v Value) Payload() uint64 { return v.n }

// Kind tells what v holds.
func (v Value) Kind() Kind {
	if v.p == nil {
		return KindAbsent
	}
	return (*Header)(v.p).kind
}

// Absent says whether v is no value at all.
func (v Value) Absent() bool { return v.p == nil }

// IsNone, IsBool, IsInt and IsFloat test for the kinds that live in the payload.
func (v Value) IsNone() bool  { return v.p == unsafe.Pointer(&noneHeader) }
func (v Value) IsBool() bool  { return v.p == unsafe.Pointer(&boolHeader) }
func (v Value) IsInt() bool   { return v.p == unsafe.Pointer(&intHeader) }
func (v Value) IsFloat() bool { return v.p == unsafe.Pointer(&floatHeader) }

// AsBool, AsInt and AsFloat read the payload; the kind must have been checked.
func (v Value) AsBool() bool     { return v.n != 0 }
func (v Value) AsInt() int64     { return int64(v.n) }
func (v Value) AsFloat() float64 { return *(*float64)(unsafe.Pointer(&v.n)) }

// The conversions below need the kind to have been checked.
func (v Value) Str() string       { return (*Str)(v.p).S }
func (v Value) StrValue() *Str    { return (*Str)(v.p) }
func (v Value) Bytes() string     { return (*Bytes)(v.p).B }
func (v Value) Big() *big.Int     { return (*Big)(v.p).I }
func (v Value) Tuple() []Value    { return (*Tuple)(v.p).Items }
func (v Value) Method() *Method   { return (*Method)(v.p) }
func (v Value) Blob() *Blob       { return (*Blob)(v.p) }
func (v Value) List() *List       { return (*List)(v.p) }
func (v Value) Dict() *Dict       { return (*Dict)(v.p) }
func (v Value) Set() *Set         { return (*Set)(v.p) } // KindSet or KindFrozenSet
func (v Value) Object() *Object   { return (*Object)(v.p) }
func (v Value) Entity() *Entity   { return (*Entity)(v.p) } // KindList, KindDict, KindSet or KindObject
func (v Value) IsObject() bool    { return v.Kind() == KindObject }
func (v Value) Same(w Value) bool { return v.p == w.p && v.n == w.n } // identity; equal small values are the same

// Len counts the code points of s.
func (s *Str) Len() int {
	if s.runes < 0 {
		n := int32(0)
		for range s.S {
			n++
		}
		s.runes = n
	}
	return int(s.runes)
}

// ASCII says whether every code point of s is one byte, so that indexes are
// byte offsets.
func (s *Str) ASCII() bool { return s.Len() == len(s.S) }

// address is the object's identity within its heap.
func (o *Object) address() uintptr { return uintptr(unsafe.Pointer(o)) }
