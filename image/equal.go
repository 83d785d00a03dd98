package image

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"math/big"
)

// ErrTooDeep is given when comparing or hashing meets values nested deeper than
// maxNesting, a container that holds itself, or more than maxCompared values:
// tuples that share tuples can have very many.
var ErrTooDeep = errors.New("maximum recursion depth exceeded in comparison")

// maxNesting bounds the Go stack that walking nested values can use (about 200
// bytes a level).
const maxNesting = 2000

const maxCompared = 1 << 24

// UnhashableError says which kind of value cannot be a key.
type UnhashableError struct{ Kind Kind }

func (e *UnhashableError) Error() string { return fmt.Sprintf("unhashable type: '%s'", e.Kind) }

// ForeignOps tells how values of a kind that the language adds compare and
// hash; kinds without any compare by identity.
type ForeignOps struct {
	Name  string
	Equal func(a, b Value) (bool, error)
	Hash  func(v Value) (uint64, error)

	// Describe says what v is, as in "an exception (ValueError)" without the
	// article, for kinds of which the name alone does not; nil for the others.
	Describe func(v Value) string
}

// described is what v is, for people.
func described(v Value) string {
	if d := foreign[v.Kind()].Describe; d != nil {
		return d(v)
	}
	return v.Kind().String()
}

var foreign [256]ForeignOps

// RegisterForeign is called by package initialisers of the language.
func RegisterForeign(k Kind, ops ForeignOps) { foreign[k] = ops }

var kindNames = [...]string{
	KindAbsent: "absent", KindNone: "NoneType", KindBool: "bool", KindInt: "int", KindBig: "int",
	KindFloat: "float", KindStr: "str", KindBytes: "bytes", KindTuple: "tuple",
	KindFrozenSet: "frozenset", KindMethod: "method", KindBlob: "blob", KindList: "list",
	KindDict: "dict", KindSet: "set", KindObject: "UvmObject",
}

// String is the name of the type as programs see it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	if n := foreign[k].Name; n != "" {
		return n
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Equal compares as Python's == does: numbers by value across their kinds,
// sequences and mappings by content, objects by identity. Containers must be
// readable; EqualIn fetches them.
func Equal(a, b Value) (bool, error) { return (*Heap)(nil).EqualIn(a, b) }

// EqualIn is Equal for containers that may have to be fetched first.
func (h *Heap) EqualIn(a, b Value) (bool, error) {
	if a.Same(b) {
		return !(a.IsFloat() && math.IsNaN(a.AsFloat())), nil
	}
	c := comparison{h: h, left: maxCompared}
	return c.equal(a, b, 0)
}

// comparison is one that runs.
type comparison struct {
	h    *Heap // fetches containers; nil when they are readable
	left int   // values that may be looked at yet
}

func (c *comparison) equal(a, b Value, depth int) (bool, error) {
	if a.Same(b) {
		return !(a.IsFloat() && math.IsNaN(a.AsFloat())), nil
	}
	if c.left--; depth > maxNesting || c.left < 0 {
		return false, ErrTooDeep
	}
	ka, kb := a.Kind(), b.Kind()
	if isNumber(ka) && isNumber(kb) {
		order, ordered := CompareNumbers(a, b)
		return ordered && order == 0, nil
	}
	if isSet(ka) && isSet(kb) {
		return c.equalSets(a.Set(), b.Set())
	}
	if ka != kb {
		return false, nil
	}
	switch ka {
	case KindStr:
		return a.Str() == b.Str(), nil
	case KindBytes:
		return a.Bytes() == b.Bytes(), nil
	case KindTuple:
		return c.equalItems(a.Tuple(), b.Tuple(), depth)
	case KindList:
		if err := c.fetch(&a.List().Entity, &b.List().Entity); err != nil {
			return false, err
		}
		return c.equalItems(a.List().Items, b.List().Items, depth)
	case KindDict:
		return c.equalDicts(a.Dict(), b.Dict(), depth)
	case KindBlob:
		return a.Blob().Hash == b.Blob().Hash, nil
	case KindMethod:
		return a.Method().Source == b.Method().Source, nil
	}
	if eq := foreign[ka].Equal; eq != nil {
		return eq(a, b)
	}
	return false, nil
}

func (c *comparison) fetch(a, b *Entity) error {
	if c.h == nil {
		return nil
	}
	if err := c.h.Read(a); err != nil {
		return err
	}
	return c.h.Read(b)
}

func (c *comparison) equalItems(a, b []Value, depth int) (bool, error) {
	if len(a) != len(b) {
		return false, nil
	}
	for i := range a {
		// As in Python, identity comes before equality for what containers hold.
		if a[i].Same(b[i]) {
			continue
		}
		if same, err := c.equal(a[i], b[i], depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func (c *comparison) equalDicts(a, b *Dict, depth int) (bool, error) {
	if err := c.fetch(&a.Entity, &b.Entity); err != nil {
		return false, err
	}
	if a.Len() != b.Len() {
		return false, nil
	}
	for key, val, at, ok := a.Next(0); ok; key, val, at, ok = a.Next(at + 1) {
		other, found, err := b.Get(key)
		if err != nil || !found {
			return false, err
		}
		if val.Same(other) {
			continue
		}
		if same, err := c.equal(val, other, depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func (c *comparison) equalSets(a, b *Set) (bool, error) {
	if err := c.fetch(&a.Entity, &b.Entity); err != nil {
		return false, err
	}
	if a.Len() != b.Len() {
		return false, nil
	}
	for key, at, ok := a.Next(0); ok; key, at, ok = a.Next(at + 1) {
		if has, err := b.Has(key); err != nil || !has {
			return false, err
		}
	}
	return true, nil
}

func isNumber(k Kind) bool {
	return k == KindInt || k == KindFloat || k == KindBool || k == KindBig
}

func isSet(k Kind) bool { return k == KindSet || k == KindFrozenSet }

// CompareNumbers orders two numbers of any kind exactly; ordered is false when
// one is not a number (NaN).
func CompareNumbers(a, b Value) (c int, ordered bool) {
	ka, kb := a.Kind(), b.Kind()
	small := func(k Kind) bool { return k == KindInt || k == KindBool }
	switch {
	case small(ka) && small(kb):
		x, y := a.AsInt(), b.AsInt()
		switch {
		case x < y:
			return -1, true
		case x > y:
			return 1, true
		}
		return 0, true
	case ka == KindFloat && kb == KindFloat:
		x, y := a.AsFloat(), b.AsFloat()
		switch {
		case x < y:
			return -1, true
		case x > y:
			return 1, true
		}
		return 0, x == y
	case ka == KindFloat:
		c, ordered = compareIntFloat(b, a.AsFloat())
		return -c, ordered
	case kb == KindFloat:
		return compareIntFloat(a, b.AsFloat())
	}
	return BigOf(a).Cmp(BigOf(b)), true
}

func compareIntFloat(i Value, f float64) (int, bool) {
	switch {
	case math.IsNaN(f):
		return 0, false
	case math.IsInf(f, 1):
		return -1, true
	case math.IsInf(f, -1):
		return 1, true
	}
	whole := math.Floor(f)
	n, _ := new(big.Float).SetFloat64(whole).Int(nil)
	c := BigOf(i).Cmp(n)
	if c == 0 && whole != f {
		return -1, true
	}
	return c, true
}

// BigOf gives an int, bool or big value as a big.Int, which must not be changed.
func BigOf(v Value) *big.Int {
	if v.Kind() == KindBig {
		return v.Big()
	}
	return big.NewInt(v.AsInt())
}

var hashSeed = maphash.MakeSeed()

// Hash gives equal values equal hashes, for the life of the process only. It
// is seeded, so that keys that all collide cannot be made on purpose.
func Hash(v Value) (uint64, error) { return hash(v, 0, nil) }

// hash counts in left the values that it may look at yet, from the first tuple
// on.
func hash(v Value, depth int, left *int) (uint64, error) {
	if depth > maxNesting {
		return 0, ErrTooDeep
	}
	switch k := v.Kind(); k {
	case KindInt, KindBool:
		return mix(v.n), nil
	case KindFloat:
		f := v.AsFloat()
		if f >= -1<<63 && f < 1<<63 && f == math.Trunc(f) {
			return mix(uint64(int64(f))), nil
		}
		if f == math.Trunc(f) && !math.IsInf(f, 0) {
			n, _ := new(big.Float).SetFloat64(f).Int(nil)
			return hashBig(n), nil
		}
		return mix(math.Float64bits(f)), nil
	case KindBig:
		return hashBig(v.Big()), nil
	case KindStr:
		return maphash.String(hashSeed, v.Str()), nil
	case KindBytes:
		return maphash.String(hashSeed, v.Bytes()) + 1, nil
	case KindNone:
		return mix(0x6e6f6e65), nil
	case KindTuple:
		if left == nil {
			left = new(int)
			*left = maxCompared
		}
		if *left -= len(v.Tuple()); *left < 0 {
			return 0, ErrTooDeep
		}
		sum := uint64(len(v.Tuple())) + 0x9e3779b97f4a7c15
		for _, item := range v.Tuple() {
			h, err := hash(item, depth+1, left)
			if err != nil {
				return 0, err
			}
			sum = mix(sum ^ h)
		}
		return sum, nil
	case KindFrozenSet:
		s := v.Set()
		sum := uint64(s.Len())
		for i := range s.t.entries {
			if !s.t.entries[i].key.Absent() {
				sum += mix(s.t.entries[i].hash)
			}
		}
		return mix(sum), nil
	case KindBlob:
		return maphash.Bytes(hashSeed, v.Blob().Hash[:]), nil
	case KindMethod:
		return maphash.String(hashSeed, v.Method().Source), nil
	case KindList, KindDict, KindSet:
		return 0, &UnhashableError{k}
	default:
		if hf := foreign[k].Hash; hf != nil {
			return hf(v)
		}
		return mix(uint64(uintptr(v.p)) ^ v.n), nil
	}
}

var mixSeed = maphash.Comparable(hashSeed, 42) | 1

// mix spreads a number over 64 bits under the process's seed (the finaliser of
// SplitMix64, Steele et al. 2014).
func mix(x uint64) uint64 {
	x ^= mixSeed
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func hashBig(n *big.Int) uint64 {
	h := mix(uint64(n.Sign()))
	for _, w := range n.Bits() {
		h = mix(h ^ uint64(w))
	}
	return h
}
