package lang

import (
	"math"
	"math/big"
	"math/bits"

	"batos/image"
	"batos/lang/syntax"
)

// arithmetic computes on two numbers: int with int by 64 bits and, where that
// overflows, by big integers; a float makes both floats.
func (m *Machine) arithmetic(op syntax.BinaryOp, a, b Value, inplace bool) (Value, error) {
	ka, kb := a.Kind(), b.Kind()
	if ka == image.KindFloat || kb == image.KindFloat {
		x, err := toFloat(a)
		if err != nil {
			return Value{}, err
		}
		y, err := toFloat(b)
		if err != nil {
			return Value{}, err
		}
		return floatArithmetic(op, x, y, a, b, inplace)
	}
	if ka == image.KindBool && kb == image.KindBool {
		switch op {
		case syntax.BitAnd:
			return image.Bool(a.AsInt()&b.AsInt() != 0), nil
		case syntax.BitOr:
			return image.Bool(a.AsInt()|b.AsInt() != 0), nil
		case syntax.BitXor:
			return image.Bool(a.AsInt() != b.AsInt()), nil
		}
	}
	if ka != image.KindBig && kb != image.KindBig {
		if v, ok, err := smallArithmetic(op, a.AsInt(), b.AsInt()); ok || err != nil {
			return v, err
		}
	}
	return m.bigArithmetic(op, a, b, inplace)
}

// smallArithmetic is ok unless the result does not fit.
func smallArithmetic(op syntax.BinaryOp, x, y int64) (Value, bool, error) {
	switch op {
	case syntax.Add:
		z := x + y
		return image.Int(z), (x^z)&(y^z) >= 0, nil
	case syntax.Sub:
		z := x - y
		return image.Int(z), (x^y)&(x^z) >= 0, nil
	case syntax.Mul:
		hi, lo := bits.Mul64(uint64(x), uint64(y))
		// The signed high word is the unsigned one less what the signs added.
		high := int64(hi) - x>>63&y - y>>63&x
		return image.Int(int64(lo)), high == int64(lo)>>63, nil
	case syntax.Div:
		if y == 0 {
			return Value{}, false, raiseText(ZeroDivisionError, "division by zero")
		}
		const exact = 1 << 53
		if x >= -exact && x <= exact && y >= -exact && y <= exact {
			return image.Float(float64(x) / float64(y)), true, nil
		}
	case syntax.FloorDiv:
		if y == 0 {
			return Value{}, false, raiseText(ZeroDivisionError, "integer division or modulo by zero")
		}
		if y == -1 {
			return image.Int(-x), x != math.MinInt64, nil
		}
		q := x / y
		if x%y != 0 && (x < 0) != (y < 0) {
			q--
		}
		return image.Int(q), true, nil
	case syntax.Mod:
		if y == 0 {
			return Value{}, false, raiseText(ZeroDivisionError, "integer modulo by zero")
		}
		if y == -1 {
			return image.Int(0), true, nil
		}
		r := x % y
		if r != 0 && (r < 0) != (y < 0) {
			r += y
		}
		return image.Int(r), true, nil
	case syntax.Pow:
		return smallPow(x, y)
	case syntax.LShift:
		if y < 0 {
			return Value{}, false, raiseText(ValueError, "negative shift count")
		}
		if x == 0 {
			return image.Int(0), true, nil
		}
		if y < 63 {
			z := x << y
			return image.Int(z), z>>y == x, nil
		}
	case syntax.RShift:
		if y < 0 {
			return Value{}, false, raiseText(ValueError, "negative shift count")
		}
		return image.Int(x >> min(y, 63)), true, nil
	case syntax.BitAnd:
		return image.Int(x & y), true, nil
	case syntax.BitOr:
		return image.Int(x | y), true, nil
	case syntax.BitXor:
		return image.Int(x ^ y), true, nil
	}
	return Value{}, false, nil
}

func smallPow(x, y int64) (Value, bool, error) {
	if y < 0 {
		v, err := floatPow(float64(x), float64(y))
		return v, err == nil, err
	}
	result := int64(1)
	for base := x; ; {
		if y&1 != 0 {
			v, ok, _ := smallArithmetic(syntax.Mul, result, base)
			if !ok {
				return Value{}, false, nil
			}
			result = v.AsInt()
		}
		if y >>= 1; y == 0 {
			return image.Int(result), true, nil
		}
		v, ok, _ := smallArithmetic(syntax.Mul, base, base)
		if !ok {
			return Value{}, false, nil
		}
		base = v.AsInt()
	}
}

func floatArithmetic(op syntax.BinaryOp, x, y float64, a, b Value, inplace bool) (Value, error) {
	switch op {
	case syntax.Add:
		return image.Float(x + y), nil
	case syntax.Sub:
		return image.Float(x - y), nil
	case syntax.Mul:
		return image.Float(x * y), nil
	case syntax.Div:
		if y == 0 {
			return Value{}, raiseText(ZeroDivisionError, "float division by zero")
		}
		return image.Float(x / y), nil
	case syntax.FloorDiv:
		if y == 0 {
			return Value{}, raiseText(ZeroDivisionError, "float floor division by zero")
		}
		q, _ := floatDivmod(x, y)
		return image.Float(q), nil
	case syntax.Mod:
		if y == 0 {
			return Value{}, raiseText(ZeroDivisionError, "float modulo")
		}
		_, r := floatDivmod(x, y)
		return image.Float(r), nil
	case syntax.Pow:
		return floatPow(x, y)
	}
	return Value{}, unsupported(op, a, b, inplace)
}

// floatDivmod is CPython's float_divmod.
func floatDivmod(x, y float64) (q, r float64) {
	r = math.Mod(x, y)
	div := (x - r) / y
	if r != 0 {
		if (y < 0) != (r < 0) {
			r += y
			div--
		}
	} else {
		r = math.Copysign(0, y)
	}
	if div != 0 {
		q = math.Floor(div)
		if div-q > 0.5 {
			q++
		}
	} else {
		q = math.Copysign(0, x/y)
	}
	return q, r
}

func floatPow(x, y float64) (Value, error) {
	if x == 0 && y < 0 {
		return Value{}, raiseText(ZeroDivisionError, "0.0 cannot be raised to a negative power")
	}
	z := exactPow(x, y)
	if math.IsNaN(z) && !math.IsNaN(x) && !math.IsNaN(y) {
		return Value{}, raiseText(ValueError, "a negative number to a fractional power is a complex number, which this language does not have; use abs(x) ** y")
	}
	if math.IsInf(z, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return Value{}, &Raised{NewException(OverflowError, image.Int(34), image.NewStr("Numerical result out of range"))}
	}
	return image.Float(z), nil
}

// toFloat converts a number; an integer too large is an OverflowError.
func toFloat(v Value) (float64, error) {
	switch v.Kind() {
	case image.KindFloat:
		return v.AsFloat(), nil
	case image.KindBig:
		f, ok := bigFloat(v.Big())
		if !ok {
			return 0, raiseText(OverflowError, "int too large to convert to float")
		}
		return f, nil
	}
	return float64(v.AsInt()), nil
}

// bigFloat rounds to nearest even; ok is false when it does not fit.
func bigFloat(n *big.Int) (float64, bool) {
	f, _ := n.Float64()
	return f, !math.IsInf(f, 0)
}

// mulWork is the fuel of multiplying numbers of x and y words, by Karatsuba's
// count above math/big's threshold of 40 words.
func mulWork(x, y int) int64 {
	small, large := min(x, y), max(x, y)
	if small <= 40 {
		return int64(small)*int64(large)/4 + 1
	}
	per := math.Pow(float64(small), 0.585)
	return int64(per*float64(large)) + 1
}

func words(n *big.Int) int { return len(n.Bits()) }

// chargeBig takes the memory of an integer of n words before it is made.
func (m *Machine) chargeBig(n int64) error { return m.Charge(bigSize + 8*n) }

func (m *Machine) bigArithmetic(op syntax.BinaryOp, a, b Value, inplace bool) (Value, error) {
	x, y := image.BigOf(a), image.BigOf(b)
	wx, wy := words(x), words(y)
	switch op {
	case syntax.Add, syntax.Sub, syntax.BitAnd, syntax.BitOr, syntax.BitXor:
		n := int64(max(wx, wy) + 1)
		if err := m.chargeBig(n); err != nil {
			return Value{}, err
		}
		if err := m.Work(n); err != nil {
			return Value{}, err
		}
		z := new(big.Int)
		switch op {
		case syntax.Add:
			z.Add(x, y)
		case syntax.Sub:
			z.Sub(x, y)
		case syntax.BitAnd:
			z.And(x, y)
		case syntax.BitOr:
			z.Or(x, y)
		case syntax.BitXor:
			z.Xor(x, y)
		}
		return image.NewBig(z), nil
	case syntax.Mul:
		if err := m.chargeBig(int64(wx + wy)); err != nil {
			return Value{}, err
		}
		if err := m.Work(mulWork(wx, wy)); err != nil {
			return Value{}, err
		}
		return image.NewBig(new(big.Int).Mul(x, y)), nil
	case syntax.FloorDiv, syntax.Mod:
		if y.Sign() == 0 {
			if op == syntax.Mod {
				return Value{}, raiseText(ZeroDivisionError, "integer modulo by zero")
			}
			return Value{}, raiseText(ZeroDivisionError, "integer division or modulo by zero")
		}
		q, r, err := m.bigDivmod(x, y)
		if err != nil {
			return Value{}, err
		}
		if op == syntax.Mod {
			return image.NewBig(r), nil
		}
		return image.NewBig(q), nil
	case syntax.Div:
		return m.trueDivide(x, y)
	case syntax.Pow:
		return m.bigPow(x, y)
	case syntax.LShift, syntax.RShift:
		return m.shift(op, x, y)
	}
	return Value{}, unsupported(op, a, b, inplace)
}

// bigDivmod divides with the quotient rounded down.
func (m *Machine) bigDivmod(x, y *big.Int) (q, r *big.Int, err error) {
	wx, wy := words(x), words(y)
	if err := m.chargeBig(int64(wx + wy)); err != nil {
		return nil, nil, err
	}
	if err := m.Work(mulWork(max(wx-wy, 0)+1, wy)); err != nil {
		return nil, nil, err
	}
	q, r = new(big.Int).QuoRem(x, y, new(big.Int))
	if r.Sign() != 0 && (r.Sign() < 0) != (y.Sign() < 0) {
		q.Sub(q, big.NewInt(1))
		r.Add(r, y)
	}
	return q, r, nil
}

// trueDivide rounds the exact quotient once, to nearest even.
func (m *Machine) trueDivide(x, y *big.Int) (Value, error) {
	if y.Sign() == 0 {
		return Value{}, raiseText(ZeroDivisionError, "division by zero")
	}
	if x.Sign() == 0 {
		return image.Float(math.Copysign(0, float64(y.Sign()))), nil
	}
	if err := m.Work(int64(words(x)+words(y)) * 4); err != nil {
		return Value{}, err
	}
	// Scale so that the quotient has 66 bits or more, with a sticky last bit:
	// enough for one correct rounding, also of denormals.
	shift := 66 - (x.BitLen() - y.BitLen())
	if shift > 1200 {
		shift = 1200 // the quotient is below the smallest float or a denormal
	}
	p, d := new(big.Int).Abs(x), new(big.Int).Abs(y)
	if shift > 0 {
		p.Lsh(p, uint(shift))
	} else {
		d.Lsh(d, uint(-shift))
	}
	q, r := new(big.Int).QuoRem(p, d, new(big.Int))
	f := new(big.Float).SetPrec(uint(max(q.BitLen(), 64)) + 2).SetInt(q)
	if r.Sign() != 0 {
		f.SetPrec(f.Prec() + 2)
		f.Add(f, big.NewFloat(0.5))
	}
	f.SetMantExp(f, -shift)
	v, _ := f.Float64()
	if math.IsInf(v, 0) {
		return Value{}, raiseText(OverflowError, "integer division result too large for a float")
	}
	if (x.Sign() < 0) != (y.Sign() < 0) {
		v = -v
	}
	return image.Float(v), nil
}

func (m *Machine) bigPow(x, y *big.Int) (Value, error) {
	if y.Sign() < 0 {
		f, ok := bigFloat(x)
		if !ok {
			return Value{}, raiseText(OverflowError, "int too large to convert to float")
		}
		g, ok := bigFloat(y)
		if !ok {
			return Value{}, raiseText(OverflowError, "int too large to convert to float")
		}
		return floatPow(f, g)
	}
	if x.BitLen() <= 1 {
		// 0, 1 and -1 stay small whatever the exponent.
		switch {
		case y.Sign() == 0, x.Sign() > 0, x.Sign() < 0 && y.Bit(0) == 0:
			return image.Int(1), nil
		}
		return image.Int(int64(x.Sign())), nil
	}
	bits := float64(x.BitLen()) * 1e18
	if y.IsInt64() {
		bits = float64(x.BitLen()) * float64(y.Int64())
	}
	if bits > 1<<45 {
		bits = 1 << 45 // more than any limit
	}
	n := int64(bits)/64 + 1
	if err := m.chargeBig(n); err != nil {
		return Value{}, err
	}
	if err := m.Work(2 * mulWork(int(n), int(n))); err != nil {
		return Value{}, err
	}
	return image.NewBig(new(big.Int).Exp(x, y, nil)), nil
}

func (m *Machine) shift(op syntax.BinaryOp, x, y *big.Int) (Value, error) {
	if y.Sign() < 0 {
		return Value{}, raiseText(ValueError, "negative shift count")
	}
	if x.Sign() == 0 {
		return image.Int(0), nil
	}
	if op == syntax.RShift {
		if !y.IsInt64() || y.Int64() >= int64(x.BitLen()) {
			if x.Sign() < 0 {
				return image.Int(-1), nil
			}
			return image.Int(0), nil
		}
		if err := m.chargeBig(int64(words(x))); err != nil {
			return Value{}, err
		}
		if err := m.Work(int64(words(x))); err != nil {
			return Value{}, err
		}
		return image.NewBig(new(big.Int).Rsh(x, uint(y.Int64()))), nil
	}
	n := int64(1 << 40)
	if y.IsInt64() {
		n = min(y.Int64()/64, n)
	}
	n += int64(words(x)) + 1
	if err := m.chargeBig(n); err != nil {
		return Value{}, err
	}
	if err := m.Work(n); err != nil {
		return Value{}, err
	}
	return image.NewBig(new(big.Int).Lsh(x, uint(y.Int64()))), nil
}

func (m *Machine) negateBig(a Value) (Value, error) {
	x := image.BigOf(a)
	if err := m.chargeBig(int64(words(x))); err != nil {
		return Value{}, err
	}
	return image.NewBig(new(big.Int).Neg(x)), m.Work(int64(words(x)))
}

func (m *Machine) invertBig(a Value) (Value, error) {
	x := image.BigOf(a)
	if err := m.chargeBig(int64(words(x)) + 1); err != nil {
		return Value{}, err
	}
	return image.NewBig(new(big.Int).Not(x)), m.Work(int64(words(x)))
}
