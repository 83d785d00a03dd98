package lang

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"unicode/utf8"

	"batos/image"
	"batos/lang/syntax"
)

// inBase is bin, oct or hex.
func inBase(prefix string, base int) Native {
	return func(m *Machine, a *Args) (Value, error) {
		v := a.Pos[0]
		switch v.Kind() {
		case image.KindInt, image.KindBool:
			n := v.AsInt()
			if n < 0 {
				return m.NewStr("-" + prefix + strconv.FormatUint(-uint64(n), base))
			}
			return m.NewStr(prefix + strconv.FormatInt(n, base))
		case image.KindBig:
			if err := m.room(int64(v.Big().BitLen())); err != nil {
				return Value{}, err
			}
			sign := ""
			if v.Big().Sign() < 0 {
				sign = "-"
			}
			return m.NewStr(sign + prefix + new(big.Int).Abs(v.Big()).Text(base))
		}
		return Value{}, raise(TypeError, "'%s' object cannot be interpreted as an integer", typeName(v))
	}
}

func builtinChr(m *Machine, a *Args) (Value, error) {
	n, err := indexOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if n < 0 || n > utf8.MaxRune {
		return Value{}, raiseText(ValueError, "chr() arg not in range(0x110000)")
	}
	if n >= 0xd800 && n < 0xe000 {
		return Value{}, raiseText(ValueError, "chr() arg is a surrogate, and texts here hold code points only")
	}
	return m.NewStr(string(rune(n)))
}

func builtinOrd(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	n := 0
	switch v.Kind() {
	case image.KindStr:
		if n = v.StrValue().Len(); n == 1 {
			r, _ := utf8.DecodeRuneInString(v.Str())
			return image.Int(int64(r)), nil
		}
	case image.KindBytes:
		if n = len(v.Bytes()); n == 1 {
			return image.Int(int64(v.Bytes()[0])), nil
		}
	default:
		return Value{}, raise(TypeError, "ord() expected string of length 1, but %s found", typeName(v))
	}
	return Value{}, raise(TypeError, "ord() expected a character, but string of length %d found", n)
}

func builtinDivmod(m *Machine, a *Args) (Value, error) {
	x, y := a.Pos[0], a.Pos[1]
	if !numeric(x.Kind()) || !numeric(y.Kind()) {
		return Value{}, raise(TypeError, "unsupported operand type(s) for divmod(): '%s' and '%s'", typeName(x), typeName(y))
	}
	if x.IsFloat() || y.IsFloat() {
		f, err := toFloat(x)
		if err != nil {
			return Value{}, err
		}
		g, err := toFloat(y)
		if err != nil {
			return Value{}, err
		}
		if g == 0 {
			return Value{}, raiseText(ZeroDivisionError, "float divmod()")
		}
		q, r := floatDivmod(f, g)
		return m.NewTuple([]Value{image.Float(q), image.Float(r)})
	}
	q, err := m.Binary(syntax.FloorDiv, x, y)
	if err != nil {
		return Value{}, err
	}
	r, err := m.Binary(syntax.Mod, x, y)
	if err != nil {
		return Value{}, err
	}
	return m.NewTuple([]Value{q, r})
}

func builtinPow(m *Machine, a *Args) (Value, error) {
	mod := a.at(2)
	if mod.Absent() || mod.IsNone() {
		return m.Binary(syntax.Pow, a.Pos[0], a.Pos[1])
	}
	for _, v := range a.Pos[:3] {
		if !isInteger(v) {
			if v.IsFloat() {
				return Value{}, raiseText(TypeError, "pow() 3rd argument not allowed unless all arguments are integers")
			}
			return Value{}, raise(TypeError, "unsupported operand type(s) for ** or pow(): '%s', '%s', '%s'",
				typeName(a.Pos[0]), typeName(a.Pos[1]), typeName(mod))
		}
	}
	base, exp, n := image.BigOf(a.Pos[0]), image.BigOf(a.Pos[1]), image.BigOf(mod)
	if n.Sign() == 0 {
		return Value{}, raiseText(ValueError, "pow() 3rd argument cannot be 0")
	}
	size := words(n)
	if err := m.chargeBig(int64(size) * 8); err != nil {
		return Value{}, err
	}
	if err := m.Work(int64(exp.BitLen()+1) * mulWork(size, size)); err != nil {
		return Value{}, err
	}
	abs := new(big.Int).Abs(n)
	base = new(big.Int).Mod(base, abs)
	if exp.Sign() < 0 {
		if base = new(big.Int).ModInverse(base, abs); base == nil {
			return Value{}, raiseText(ValueError, "base is not invertible for the given modulus")
		}
		exp = new(big.Int).Neg(exp)
	}
	r := new(big.Int).Exp(base, exp, abs)
	r.Mod(r, abs)
	if n.Sign() < 0 && r.Sign() > 0 {
		r.Add(r, n)
	}
	return image.NewBig(r), nil
}

func builtinRound(m *Machine, a *Args) (Value, error) {
	v, digits := a.Pos[0], a.at(1)
	whole := digits.Absent() || digits.IsNone()
	n := int64(0)
	if !whole {
		var err error
		if n, err = indexOf(digits); err != nil {
			return Value{}, err
		}
	}
	switch v.Kind() {
	case image.KindInt, image.KindBool, image.KindBig:
		if whole || n >= 0 {
			if v.IsBool() {
				return image.Int(v.AsInt()), nil
			}
			return v, nil
		}
		return m.roundInt(image.BigOf(v), -n)
	case image.KindFloat:
		f := v.AsFloat()
		if whole {
			return floatToInt(math.RoundToEven(f))
		}
		return roundFloat(f, n)
	}
	return Value{}, raise(TypeError, "type %s doesn't define __round__ method", typeName(v))
}

// roundInt rounds to a multiple of 10**n, half to even.
func (m *Machine) roundInt(x *big.Int, n int64) (Value, error) {
	if n > int64(x.BitLen()) { // 10**n is more than twice x
		return image.Int(0), nil
	}
	if err := m.chargeBig(n / 8); err != nil {
		return Value{}, err
	}
	if err := m.Work(mulWork(int(n/16)+1, int(n/16)+1)); err != nil {
		return Value{}, err
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil)
	q, r := new(big.Int).DivMod(x, unit, new(big.Int))
	twice := new(big.Int).Lsh(r, 1)
	if c := twice.Cmp(unit); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return image.NewBig(q.Mul(q, unit)), nil
}

// roundFloat rounds the exact value of f to n decimals, half to even, as
// CPython does by way of the correctly rounded decimal text.
func roundFloat(f float64, n int64) (Value, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) || f == 0 || n > 323 {
		return image.Float(f), nil
	}
	if n < -308 {
		return image.Float(math.Copysign(0, f)), nil
	}
	if n >= 0 {
		rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', int(n), 64), 64)
		if err != nil {
			return Value{}, raiseText(OverflowError, "rounded value too large to represent")
		}
		return image.Float(rounded), nil
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(-n), nil)
	exact, _ := new(big.Float).SetFloat64(math.Abs(f)).Rat(nil)
	exact.Quo(exact, new(big.Rat).SetInt(unit))
	q, r := new(big.Int).QuoRem(exact.Num(), exact.Denom(), new(big.Int))
	if c := r.Lsh(r, 1).Cmp(exact.Denom()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	rounded, _ := new(big.Float).SetInt(q.Mul(q, unit)).Float64()
	if math.IsInf(rounded, 0) {
		return Value{}, raiseText(OverflowError, "rounded value too large to represent")
	}
	return image.Float(math.Copysign(rounded, f)), nil
}

func builtinSum(m *Machine, a *Args) (Value, error) {
	total := a.at(1)
	if total.Absent() {
		total = image.Int(0)
	}
	switch total.Kind() {
	case image.KindStr:
		return Value{}, raiseText(TypeError, "sum() can't sum strings [use ''.join(seq) instead]")
	case image.KindBytes:
		return Value{}, raiseText(TypeError, "sum() can't sum bytes [use b''.join(seq) instead]")
	}
	it, err := m.iterator(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	for {
		v, ok, err := it.Next(m)
		if err != nil {
			return Value{}, err
		}
		if !ok {
			return total, nil
		}
		if err := m.Work(1); err != nil {
			return Value{}, err
		}
		if total.IsInt() && v.IsInt() {
			x, y := total.AsInt(), v.AsInt()
			if s := x + y; (x^s)&(y^s) >= 0 { // no overflow
				total = image.Int(s)
				continue
			}
		} else if total.IsFloat() && v.IsFloat() {
			total = image.Float(total.AsFloat() + v.AsFloat())
			continue
		}
		if total, err = m.Binary(syntax.Add, total, v); err != nil {
			return Value{}, err
		}
	}
}

// hashPrime is the modulus of CPython's numeric hashes.
const hashPrime = 1<<61 - 1

// builtinHash is hash(): numbers as CPython's, texts by a fixed function, so
// that a message which runs again gets the same.
func builtinHash(m *Machine, a *Args) (Value, error) {
	n, err := m.hash(a.Pos[0], 0)
	return image.Int(n), err
}

func (m *Machine) hash(v Value, depth int) (int64, error) {
	if depth > maxDepth {
		return 0, tooDeep()
	}
	if err := m.hashable(v); err != nil {
		return 0, err
	}
	switch v.Kind() {
	case image.KindInt, image.KindBool, image.KindBig:
		return hashInteger(image.BigOf(v)), nil
	case image.KindFloat:
		return hashFloat(v.AsFloat()), nil
	case image.KindStr:
		return hashText(v.Str()), nil
	case image.KindBytes:
		return hashText(v.Bytes()), nil
	case image.KindNone:
		return 0xfca86420, nil
	case image.KindTuple:
		return m.hashTuple(v.Tuple(), depth)
	case image.KindFrozenSet:
		sum := int64(v.Set().Len())
		err := m.members(v.Set(), func(key Value) error {
			n, err := m.hash(key, depth+1)
			sum += n ^ n>>17*89869747
			return err
		})
		return notMinusOne(sum), err
	case image.KindObject:
		return notMinusOne(int64(v.Object().OID())*0x9e3779b1 + 1), nil
	case image.KindList, image.KindDict, image.KindSet:
		return 0, raise(TypeError, "unhashable type: '%s'", typeName(v))
	}
	if _, err := image.Hash(v); err != nil {
		return 0, languageError(err)
	}
	return hashText(typeName(v)), nil
}

func hashInteger(n *big.Int) int64 {
	r := new(big.Int).Rem(n, big.NewInt(hashPrime)).Int64()
	return notMinusOne(r)
}

func notMinusOne(n int64) int64 {
	if n == -1 {
		return -2
	}
	return n
}

// hashFloat is CPython's _Py_HashDouble: the value modulo 2**61-1.
func hashFloat(f float64) int64 {
	switch {
	case math.IsInf(f, 1):
		return 314159
	case math.IsInf(f, -1):
		return -314159
	case math.IsNaN(f):
		return 0
	}
	m, e := math.Frexp(f)
	sign := int64(1)
	if m < 0 {
		sign, m = -1, -m
	}
	x := uint64(0)
	for m != 0 {
		x = x<<28&hashPrime | x>>(61-28)
		m *= 1 << 28
		e -= 28
		y := uint64(m)
		m -= float64(y)
		if x += y; x >= hashPrime {
			x -= hashPrime
		}
	}
	if e >= 0 {
		e %= 61
	} else {
		e = 61 - 1 - (-1-e)%61
	}
	x = x<<e&hashPrime | x>>(61-e)
	return notMinusOne(int64(x) * sign)
}

// hashText is FNV-1a, 64 bits.
func hashText(s string) int64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return notMinusOne(int64(h))
}

// hashTuple is CPython's tuple hash (xxHash's rounds).
func (m *Machine) hashTuple(items []Value, depth int) (int64, error) {
	const p1, p2, p5 = 11400714785074694791, 14029467366897019727, 2870177450012600261
	acc := uint64(p5)
	for _, item := range items {
		n, err := m.hash(item, depth+1)
		if err != nil {
			return 0, err
		}
		acc = bits.RotateLeft64(acc+uint64(n)*p2, 31) * p1
	}
	acc += uint64(len(items)) ^ (p5 ^ 3527539)
	if int64(acc) == -1 {
		return 1546275796, nil
	}
	return int64(acc), nil
}
