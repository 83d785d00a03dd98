package lang

import (
	"crypto/sha512"
	"math"
	"math/big"

	"batos/image"
)

// twister is MT19937 (Matsumoto and Nishimura, 1998) seeded and read as
// CPython's random module does, so that a seed gives the same numbers.
type twister struct {
	state [624]uint32
	next  int
	gauss float64
	spare bool
}

func (t *twister) seedKey(key []uint32) {
	s := &t.state
	s[0] = 19650218
	for i := 1; i < len(s); i++ {
		s[i] = 1812433253*(s[i-1]^s[i-1]>>30) + uint32(i)
	}
	i, j := 1, 0
	for range max(len(s), len(key)) {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1664525) + key[j] + uint32(j)
		if i++; i >= len(s) {
			s[0], i = s[len(s)-1], 1
		}
		if j++; j >= len(key) {
			j = 0
		}
	}
	for range len(s) - 1 {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1566083941) - uint32(i)
		if i++; i >= len(s) {
			s[0], i = s[len(s)-1], 1
		}
	}
	s[0] = 0x80000000
	t.next, t.spare = len(s), false
}

func (t *twister) uint32() uint32 {
	s := &t.state
	if t.next >= len(s) {
		for i := range s {
			y := s[i]&0x80000000 | s[(i+1)%624]&0x7fffffff
			s[i] = s[(i+397)%624] ^ y>>1 ^ y&1*0x9908b0df
		}
		t.next = 0
	}
	y := s[t.next]
	t.next++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (t *twister) float() float64 {
	a, b := t.uint32()>>5, t.uint32()>>6
	return (float64(a)*67108864 + float64(b)) / 9007199254740992
}

// below gives a number under n by as many bits as n has, tried again.
func (t *twister) below(n uint64) uint64 {
	bits := 64
	for bits > 0 && n>>(bits-1) == 0 {
		bits--
	}
	for {
		var r uint64
		if bits <= 32 {
			r = uint64(t.uint32() >> (32 - bits))
		} else {
			r = uint64(t.uint32())
			r |= uint64(t.uint32()>>(64-bits)) << 32
		}
		if r < n {
			return r
		}
	}
}

// seed sets the state from a value as random.seed does.
func (m *Machine) seed(t *twister, v Value) error {
	var n *big.Int
	switch v.Kind() {
	case image.KindInt, image.KindBig, image.KindBool:
		n = new(big.Int).Abs(image.BigOf(v))
	case image.KindFloat:
		n = new(big.Int).SetUint64(uint64(hashFloat(v.AsFloat())))
	case image.KindStr, image.KindBytes:
		text := textOrBytes(v)
		sum := sha512.Sum512([]byte(text))
		n = new(big.Int).SetBytes(append([]byte(text), sum[:]...))
	default:
		return raiseText(TypeError, "The only supported seed types are: None,\nint, float, str, bytes, and bytearray.")
	}
	if err := m.Work(int64(words(n)) * 4); err != nil {
		return err
	}
	key := []uint32{}
	for _, w := range n.Bits() {
		key = append(key, uint32(w), uint32(uint64(w)>>32))
	}
	for len(key) > 1 && key[len(key)-1] == 0 {
		key = key[:len(key)-1]
	}
	if len(key) == 0 {
		key = []uint32{0}
	}
	t.seedKey(key)
	return nil
}

// rng is the generator of a call: of a Random, or the run's own, which starts
// from the message's seed.
func (m *Machine) rng(a *Args) *twister {
	if a.Self.Kind() == KindExtra {
		if t, ok := extraOf(a.Self).Data.(*twister); ok {
			return t
		}
	}
	if m.values.random == nil {
		m.values.random = &twister{}
		m.values.random.seedKey([]uint32{uint32(m.Host.Seed), uint32(m.Host.Seed >> 32)})
	}
	return m.values.random
}

var randomType = &ExtraType{Type: &Type{Header: image.NewHeader(KindType), Name: "Random"}, Methods: map[image.Symbol]*NativeFunction{}}

func init() {
	functions := methodTable{
		"seed": positional(0, 2, func(m *Machine, a *Args) (Value, error) {
			if v := a.at(0); !v.Absent() && !v.IsNone() {
				return image.None(), m.seed(m.rng(a), v)
			}
			t := m.rng(a)
			t.seedKey([]uint32{t.uint32(), t.uint32(), uint32(m.Host.Seed)})
			return image.None(), nil
		}),
		"random":      none(func(m *Machine, a *Args) (Value, error) { return image.Float(m.rng(a).float()), nil }),
		"randint":     positional(2, 2, randomInt),
		"randrange":   positional(1, 3, randomRange),
		"getrandbits": one(randomBits),
		"choice":      one(randomChoice),
		"choices":     keywords("population weights *cum_weights *k", 1, randomChoices),
		"shuffle":     one(randomShuffle),
		"sample":      keywords("population k *counts", 2, randomSample),
		"uniform": positional(2, 2, func(m *Machine, a *Args) (Value, error) {
			x, err := realArg(a.Pos[0])
			if err != nil {
				return Value{}, err
			}
			y, err := realArg(a.Pos[1])
			return image.Float(x + (y-x)*m.rng(a).float()), err
		}),
		"gauss": keywords("mu sigma", 0, randomGauss), "normalvariate": keywords("mu sigma", 0, randomNormal),
		"expovariate": one(func(m *Machine, a *Args) (Value, error) {
			l, err := realArg(a.Pos[0])
			if err == nil && l == 0 {
				err = raiseText(ZeroDivisionError, "float division by zero")
			}
			return image.Float(-exactLog(1-m.rng(a).float()) / l), err
		}),
		"triangular": keywords("low high mode", 0, randomTriangular),
		"randbytes": one(func(m *Machine, a *Args) (Value, error) {
			n, err := countArg(a.Pos[0], "n")
			if err != nil {
				return Value{}, err
			}
			v, err := m.randomBig(m.rng(a), n*8)
			if err != nil {
				return Value{}, err
			}
			b := v.FillBytes(make([]byte, n))
			reverseBytes(b)
			return m.NewBytes(string(b))
		}),
	}
	typeModules[randomType.Type] = "random"
	addMethods(randomType.Methods, "Random", functions)
	randomType.Type.New = positional(0, 1, func(m *Machine, a *Args) (Value, error) {
		if err := m.Charge(2560); err != nil {
			return Value{}, err
		}
		t := &twister{}
		if v := a.at(0); !v.Absent() && !v.IsNone() {
			return newExtra(randomType, t).Value(), m.seed(t, v)
		}
		own := m.rng(a)
		t.seedKey([]uint32{own.uint32(), own.uint32()})
		return newExtra(randomType, t).Value(), nil
	}).native("", "Random")
	modules["random"] = module("random", map[string]Value{"Random": randomType.Type.Value()}, functions)
}

func randomInt(m *Machine, a *Args) (Value, error) {
	low, err := bigArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	high, err := bigArg(a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	width := new(big.Int).Sub(high, low)
	width.Add(width, big.NewInt(1))
	if width.Sign() <= 0 {
		return Value{}, raise(ValueError, "empty range for randrange() (%s, %s, %s)", low, new(big.Int).Add(high, big.NewInt(1)), width)
	}
	n, err := m.randomBelow(m.rng(a), width)
	if err != nil {
		return Value{}, err
	}
	return image.NewBig(n.Add(n, low)), nil
}

func (m *Machine) randomBelow(t *twister, n *big.Int) (*big.Int, error) {
	if n.IsUint64() {
		return new(big.Int).SetUint64(t.below(n.Uint64())), nil
	}
	for {
		r, err := m.randomBig(t, int64(n.BitLen()))
		if err != nil || r.Cmp(n) < 0 {
			return r, err
		}
	}
}

// randomBig reads k random bits, lowest words first.
func (m *Machine) randomBig(t *twister, k int64) (*big.Int, error) {
	if k < 0 || k > 1<<40 {
		k = 1 << 40
	}
	if err := m.chargeBig(k / 32); err != nil {
		return nil, err
	}
	if err := m.Work(k/32 + 1); err != nil {
		return nil, err
	}
	b := make([]byte, (k+31)/32*4)
	for i := len(b); i > 0; i -= 4 {
		r := t.uint32()
		if k < 32 {
			r >>= 32 - k
		}
		k -= 32
		b[i-1], b[i-2], b[i-3], b[i-4] = byte(r), byte(r>>8), byte(r>>16), byte(r>>24)
	}
	return new(big.Int).SetBytes(b), nil
}

func randomBits(m *Machine, a *Args) (Value, error) {
	k, err := indexOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if k < 0 {
		return Value{}, raiseText(ValueError, "number of bits must be non-negative")
	}
	if k == 0 {
		return image.Int(0), nil
	}
	n, err := m.randomBig(m.rng(a), k)
	if err != nil {
		return Value{}, err
	}
	return image.NewBig(n), nil
}

func randomRange(m *Machine, a *Args) (Value, error) {
	var n [3]int64
	n[2] = 1
	for i, v := range a.Pos {
		var err error
		if n[i], err = indexOf(v); err != nil {
			return Value{}, err
		}
	}
	if len(a.Pos) == 1 {
		n[0], n[1] = 0, n[0]
	}
	if n[2] == 0 {
		return Value{}, raiseText(ValueError, "zero step for randrange()")
	}
	r := Range{Start: n[0], Stop: n[1], Step: n[2]}
	if r.Len() <= 0 {
		if len(a.Pos) == 1 {
			return Value{}, raiseText(ValueError, "empty range for randrange()")
		}
		if len(a.Pos) == 3 {
			return Value{}, raise(ValueError, "empty range in randrange(%d, %d, %d)", n[0], n[1], n[2])
		}
		return Value{}, raise(ValueError, "empty range for randrange() (%d, %d, %d)", n[0], n[1], n[1]-n[0])
	}
	return image.Int(n[0] + int64(m.rng(a).below(uint64(r.Len())))*n[2]), nil
}

func randomChoice(m *Machine, a *Args) (Value, error) {
	n, err := m.length(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if n == 0 {
		return Value{}, raiseText(IndexError, "Cannot choose from an empty sequence")
	}
	return m.GetItem(a.Pos[0], image.Int(int64(m.rng(a).below(uint64(n)))))
}

func randomChoices(m *Machine, a *Args) (Value, error) {
	items, err := m.itemsOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	k := int64(1)
	if v := a.at(3); !v.Absent() {
		if k, err = indexOf(v); err != nil {
			return Value{}, err
		}
	}
	out, err := m.newItems(max(k, 0))
	if err != nil {
		return Value{}, err
	}
	if len(items) == 0 {
		return Value{}, raiseText(IndexError, "list index out of range")
	}
	t := m.rng(a)
	weights, summed := a.at(1), false
	if v := a.at(2); !v.Absent() && !v.IsNone() {
		weights, summed = v, true
	}
	if weights.Absent() || weights.IsNone() {
		for i := range out {
			out[i] = items[int(t.float()*float64(len(items)))]
		}
		return m.listOf(out)
	}
	given, err := m.itemsOf(weights)
	if err != nil {
		return Value{}, err
	}
	if len(given) != len(items) {
		return Value{}, raiseText(ValueError, "The number of weights does not match the population")
	}
	if err := m.Charge(int64(8 * len(given))); err != nil {
		return Value{}, err
	}
	sums := make([]float64, len(given))
	total := 0.0
	for i, w := range given {
		x, err := realArg(w)
		if err != nil {
			return Value{}, err
		}
		if total += x; summed {
			total = x
		}
		sums[i] = total
	}
	if total <= 0 {
		return Value{}, raiseText(ValueError, "Total of weights must be greater than zero")
	}
	for i := range out {
		x := t.float() * total
		low, high := 0, len(sums)-1
		for low < high {
			if mid := (low + high) / 2; x < sums[mid] {
				high = mid
			} else {
				low = mid + 1
			}
		}
		out[i] = items[low]
	}
	return m.listOf(out)
}

func randomShuffle(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	if v.Kind() != image.KindList {
		return Value{}, raise(TypeError, "'%s' object does not support item assignment", typeName(v))
	}
	l := v.List()
	if err := m.Heap.Change(&l.Entity); err != nil {
		return Value{}, err
	}
	t := m.rng(a)
	for i := len(l.Items) - 1; i > 0; i-- {
		j := t.below(uint64(i) + 1)
		l.Items[i], l.Items[j] = l.Items[j], l.Items[i]
	}
	return image.None(), m.Work(int64(len(l.Items)))
}

func randomSample(m *Machine, a *Args) (Value, error) {
	if v := a.at(2); !v.Absent() && !v.IsNone() {
		return Value{}, raiseText(TypeError, "sample() takes no counts here; repeat the elements instead")
	}
	if k := a.Pos[0].Kind(); isSetKind(k) || k == image.KindDict {
		return Value{}, raiseText(TypeError, "Population must be a sequence.  For dicts or sets, use sorted(d).")
	}
	pool, err := m.collect(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	k, err := indexOf(a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	n := int64(len(pool))
	if k < 0 || k > n {
		return Value{}, raiseText(ValueError, "Sample larger than population or is negative")
	}
	out, err := m.newItems(k)
	if err != nil {
		return Value{}, err
	}
	t := m.rng(a)
	setSize := 21.0
	if k > 5 {
		setSize += math.Pow(4, math.Ceil(math.Log(float64(k*3))/math.Log(4)))
	}
	if float64(n) <= setSize {
		for i := int64(0); i < k; i++ {
			j := t.below(uint64(n - i))
			out[i] = pool[j]
			pool[j] = pool[n-i-1]
		}
	} else {
		taken := make(map[uint64]bool, k)
		for i := range out {
			j := t.below(uint64(n))
			for taken[j] {
				j = t.below(uint64(n))
			}
			taken[j] = true
			out[i] = pool[j]
		}
	}
	return m.listOf(out)
}

// realOr reads an optional number.
func realOr(v Value, otherwise float64) (float64, error) {
	if v.Absent() {
		return otherwise, nil
	}
	return realArg(v)
}

func randomGauss(m *Machine, a *Args) (Value, error) {
	mu, err := realOr(a.at(0), 0)
	if err != nil {
		return Value{}, err
	}
	sigma, err := realOr(a.at(1), 1)
	if err != nil {
		return Value{}, err
	}
	t := m.rng(a)
	z := t.gauss
	if t.spare = !t.spare; t.spare {
		angle := t.float() * 2 * math.Pi
		radius := math.Sqrt(-2 * exactLog(1-t.float()))
		z = exactCos(angle) * radius
		t.gauss = exactSin(angle) * radius
	}
	return image.Float(mu + z*sigma), nil
}

// randomNormal is by the ratio of uniform deviates (Kinderman and Monahan).
func randomNormal(m *Machine, a *Args) (Value, error) {
	mu, err := realOr(a.at(0), 0)
	if err != nil {
		return Value{}, err
	}
	sigma, err := realOr(a.at(1), 1)
	if err != nil {
		return Value{}, err
	}
	t := m.rng(a)
	magic := 4 * math.Exp(-0.5) / math.Sqrt2
	for {
		u1 := t.float()
		u2 := 1 - t.float()
		z := magic * (u1 - 0.5) / u2
		if z*z/4 <= -exactLog(u2) {
			return image.Float(mu + z*sigma), nil
		}
	}
}

func randomTriangular(m *Machine, a *Args) (Value, error) {
	low, err := realOr(a.at(0), 0)
	if err != nil {
		return Value{}, err
	}
	high, err := realOr(a.at(1), 1)
	if err != nil {
		return Value{}, err
	}
	u := m.rng(a).float()
	c := 0.5
	if v := a.at(2); !v.Absent() && !v.IsNone() {
		mode, err := realArg(v)
		if err != nil {
			return Value{}, err
		}
		if high == low {
			return image.Float(low), nil
		}
		c = (mode - low) / (high - low)
	}
	if u > c {
		u, c = 1-u, 1-c
		low, high = high, low
	}
	return image.Float(low + (high-low)*math.Sqrt(u*c)), nil
}
