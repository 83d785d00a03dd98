package lang

import (
	"math"
	"math/big"

	"batos/image"
	"batos/lang/syntax"
)

func init() {
	constants := map[string]Value{
		"pi": image.Float(math.Pi), "e": image.Float(math.E), "tau": image.Float(2 * math.Pi),
		"inf": image.Float(math.Inf(1)), "nan": image.Float(math.NaN()),
	}
	functions := methodTable{
		"floor": one(floorCeil("floor", math.Floor)), "ceil": one(floorCeil("ceil", math.Ceil)), "trunc": one(floorCeil("trunc", math.Trunc)),
		"fabs": one(realFunction(math.Abs)), "sqrt": one(realFunction(math.Sqrt)), "cbrt": one(realFunction(math.Cbrt)),
		"exp": one(realFunction(exactExp)), "expm1": one(realFunction(exactExpm1)), "log1p": one(realFunction(exactLog1p)),
		"exp2": one(realFunction(func(x float64) float64 { return exactPow(2, x) })),
		"sin":  one(realFunction(exactSin)), "cos": one(realFunction(exactCos)), "tan": one(realFunction(exactTan)),
		"asin": one(realFunction(exactAsin)), "acos": one(realFunction(exactAcos)), "atan": one(realFunction(exactAtan)),
		"sinh": one(realFunction(exactSinh)), "cosh": one(realFunction(exactCosh)), "tanh": one(realFunction(exactTanh)),
		"asinh": one(realFunction(math.Asinh)), "acosh": one(realFunction(math.Acosh)), "atanh": one(realFunction(math.Atanh)),
		"degrees": one(realFunction(func(x float64) float64 { return x * (180 / math.Pi) })),
		"radians": one(realFunction(func(x float64) float64 { return x * (math.Pi / 180) })),
		"erf":     one(realFunction(math.Erf)), "erfc": one(realFunction(math.Erfc)),
		"gamma": one(realFunction(gamma)), "lgamma": one(realFunction(logGamma)),
		"log": positional(1, 2, mathLog), "log2": one(logarithm(exactLog2, 1)), "log10": one(logarithm(exactLog10, 0.30102999566398120)),
		"pow": positional(2, 2, mathPow), "fmod": positional(2, 2, mathFmod),
		"atan2":     positional(2, 2, twoReals(exactAtan2)),
		"copysign":  positional(2, 2, twoReals(math.Copysign)),
		"remainder": positional(2, 2, twoReals(math.Remainder)),
		"nextafter": positional(2, 2, twoReals(math.Nextafter)),
		"hypot":     positional(0, -1, mathHypot), "dist": positional(2, 2, mathDist).walks(0, 1),
		"isnan":    one(floatTest(math.IsNaN)),
		"isinf":    one(floatTest(func(x float64) bool { return math.IsInf(x, 0) })),
		"isfinite": one(floatTest(func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) })),
		"isclose":  keywords("a b *rel_tol *abs_tol", 2, mathIsClose),
		"gcd":      positional(0, -1, mathGCD), "lcm": positional(0, -1, mathLCM),
		"factorial": one(mathFactorial), "comb": positional(2, 2, mathComb), "perm": positional(1, 2, mathPerm), "isqrt": one(mathIsqrt),
		"prod": keywords("/iterable *start", 1, mathProd).walks(0), "fsum": one(mathFsum).walks(0),
		"frexp": one(mathFrexp), "ldexp": positional(2, 2, mathLdexp), "modf": one(mathModf),
		"ulp": one(realFunction(func(x float64) float64 { x = math.Abs(x); return math.Nextafter(x, math.Inf(1)) - x })),
	}
	modules["math"] = module("math", constants, functions)
}

// realArg reads a real number.
func realArg(v Value) (float64, error) {
	if v.Kind() == KindExtra {
		if f := extraOf(v).Type.Binary; f != nil {
			if r, ok, err := f(nil, "float", v, v); ok || err != nil {
				return r.AsFloat(), err
			}
		}
	}
	if !numeric(v.Kind()) {
		return 0, raise(TypeError, "must be real number, not %s", typeName(v))
	}
	return toFloat(v)
}

// realResult is CPython's rule: not a number from a number is a domain error,
// an infinity from a finite number is out of range.
func realResult(r float64, args ...float64) (Value, error) {
	finite, nan := true, false
	for _, x := range args {
		finite = finite && !math.IsInf(x, 0) && !math.IsNaN(x)
		nan = nan || math.IsNaN(x)
	}
	if math.IsNaN(r) && !nan {
		return Value{}, raiseText(ValueError, "math domain error")
	}
	if math.IsInf(r, 0) && finite {
		return Value{}, raiseText(OverflowError, "math range error")
	}
	return image.Float(r), nil
}

func realFunction(f func(float64) float64) Native {
	return func(m *Machine, a *Args) (Value, error) {
		x, err := realArg(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		return realResult(f(x), x)
	}
}

func twoReals(f func(x, y float64) float64) Native {
	return func(m *Machine, a *Args) (Value, error) {
		x, err := realArg(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		y, err := realArg(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		return realResult(f(x, y), x, y)
	}
}

func floatTest(f func(float64) bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		x, err := realArg(a.Pos[0])
		return image.Bool(f(x)), err
	}
}

func floorCeil(name string, f func(float64) float64) Native {
	return func(m *Machine, a *Args) (Value, error) {
		v := a.Pos[0]
		switch v.Kind() {
		case image.KindInt, image.KindBig:
			return v, nil
		case image.KindBool:
			return image.Int(v.AsInt()), nil
		case image.KindFloat:
			return floatToInt(f(v.AsFloat()))
		case KindExtra:
			if g := extraOf(v).Type.Binary; g != nil {
				if r, ok, err := g(m, name, v, v); ok || err != nil {
					return r, err
				}
			}
		}
		if name == "trunc" {
			return Value{}, raise(TypeError, "type %s doesn't define __trunc__ method", typeName(v))
		}
		return Value{}, raise(TypeError, "must be real number, not %s", typeName(v))
	}
}

func gamma(x float64) float64 {
	if x == math.Trunc(x) && (x <= 0 || math.IsInf(x, -1)) {
		return math.NaN()
	}
	return math.Gamma(x)
}

func logGamma(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.Inf(1)
	}
	if x <= 0 && x == math.Trunc(x) {
		return math.NaN()
	}
	r, _ := math.Lgamma(x)
	return r
}

// logOf is a logarithm of any number; unit is that of 2, for integers beyond
// floats.
func logOf(v Value, f func(float64) float64, unit float64) (float64, error) {
	domain := raiseText(ValueError, "math domain error")
	if v.Kind() == image.KindBig {
		n := v.Big()
		if n.Sign() <= 0 {
			return 0, domain
		}
		if x, ok := bigFloat(n); ok {
			return f(x), nil
		}
		mant := new(big.Float).SetInt(n)
		exp := mant.MantExp(mant)
		x, _ := mant.Float64()
		return f(x) + unit*float64(exp), nil
	}
	x, err := realArg(v)
	if err != nil {
		return 0, err
	}
	if x <= 0 {
		return 0, domain
	}
	return f(x), nil
}

func logarithm(f func(float64) float64, unit float64) Native {
	return func(m *Machine, a *Args) (Value, error) {
		r, err := logOf(a.Pos[0], f, unit)
		return image.Float(r), err
	}
}

func mathLog(m *Machine, a *Args) (Value, error) {
	r, err := logOf(a.Pos[0], exactLog, math.Ln2)
	if err != nil || len(a.Pos) == 1 {
		return image.Float(r), err
	}
	base, err := logOf(a.Pos[1], exactLog, math.Ln2)
	if err != nil {
		return Value{}, err
	}
	if base == 0 {
		return Value{}, raiseText(ZeroDivisionError, "float division by zero")
	}
	return image.Float(r / base), nil
}

func mathPow(m *Machine, a *Args) (Value, error) {
	x, err := realArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	y, err := realArg(a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	if x == 0 && y < 0 {
		return Value{}, raiseText(ValueError, "math domain error")
	}
	return realResult(exactPow(x, y), x, y)
}

func mathFmod(m *Machine, a *Args) (Value, error) {
	x, err := realArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	y, err := realArg(a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	return realResult(math.Mod(x, y), x, y)
}

// norm is the correctly rounded length of a vector, scaled against overflow.
func norm(xs []float64) float64 {
	largest := 0.0
	nan := false
	for _, x := range xs {
		if math.IsInf(x, 0) {
			return math.Inf(1)
		}
		nan = nan || math.IsNaN(x)
		largest = max(largest, math.Abs(x))
	}
	if nan {
		return math.NaN()
	}
	if largest == 0 {
		return 0
	}
	_, e := math.Frexp(largest)
	sum := dd{}
	for _, x := range xs {
		x = math.Ldexp(x, -e)
		sum = sum.add(twoProduct(x, x))
	}
	r := math.Sqrt(sum.hi)
	r += sum.sub(twoProduct(r, r)).hi / (2 * r)
	return math.Ldexp(r, e)
}

func mathHypot(m *Machine, a *Args) (Value, error) {
	xs := make([]float64, len(a.Pos))
	for i, v := range a.Pos {
		var err error
		if xs[i], err = realArg(v); err != nil {
			return Value{}, err
		}
	}
	return image.Float(norm(xs)), nil
}

func mathDist(m *Machine, a *Args) (Value, error) {
	p, err := m.itemsOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	q, err := m.itemsOf(a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	if len(p) != len(q) {
		return Value{}, raiseText(ValueError, "both points must have the same number of dimensions")
	}
	if err := m.Charge(int64(len(p)) * 8); err != nil {
		return Value{}, err
	}
	xs := make([]float64, len(p))
	for i := range p {
		x, err := realArg(p[i])
		if err != nil {
			return Value{}, err
		}
		y, err := realArg(q[i])
		if err != nil {
			return Value{}, err
		}
		xs[i] = x - y
	}
	return image.Float(norm(xs)), m.Work(int64(len(p)) * 2)
}

func mathIsClose(m *Machine, a *Args) (Value, error) {
	x, err := realArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	y, err := realArg(a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	tolerance := [2]float64{1e-9, 0}
	for i := range tolerance {
		if v := a.at(2 + i); !v.Absent() {
			if tolerance[i], err = realArg(v); err != nil {
				return Value{}, err
			}
			if tolerance[i] < 0 {
				return Value{}, raiseText(ValueError, "tolerances must be non-negative")
			}
		}
	}
	if x == y {
		return image.Bool(true), nil
	}
	if math.IsInf(x, 0) || math.IsInf(y, 0) {
		return image.Bool(false), nil
	}
	d := math.Abs(x - y)
	return image.Bool(d <= math.Abs(tolerance[0]*y) || d <= math.Abs(tolerance[0]*x) || d <= tolerance[1]), nil
}

// bigArg reads an integer of any size.
func bigArg(v Value) (*big.Int, error) {
	if !isInteger(v) {
		return nil, raise(TypeError, "'%s' object cannot be interpreted as an integer", typeName(v))
	}
	return image.BigOf(v), nil
}

func mathGCD(m *Machine, a *Args) (Value, error) {
	g := new(big.Int)
	for _, v := range a.Pos {
		n, err := bigArg(v)
		if err != nil {
			return Value{}, err
		}
		if err := m.Work(1 + int64(words(n))*int64(words(g))/4); err != nil {
			return Value{}, err
		}
		g = new(big.Int).GCD(nil, nil, new(big.Int).Abs(n), g)
	}
	return image.NewBig(g), m.chargeBig(int64(words(g)))
}

func mathLCM(m *Machine, a *Args) (Value, error) {
	l := big.NewInt(1)
	for _, v := range a.Pos {
		n, err := bigArg(v)
		if err != nil {
			return Value{}, err
		}
		if n.Sign() == 0 {
			l = new(big.Int)
			continue
		}
		if err := m.chargeBig(int64(words(n) + words(l))); err != nil {
			return Value{}, err
		}
		if err := m.Work(1 + int64(words(n))*int64(words(l))); err != nil {
			return Value{}, err
		}
		n = new(big.Int).Abs(n)
		if l.Sign() == 0 {
			continue
		}
		g := new(big.Int).GCD(nil, nil, n, l)
		l = new(big.Int).Mul(l, n.Quo(n, g))
	}
	return image.NewBig(l), nil
}

// countArg reads an integer that is not negative and fits 64 bits.
func countArg(v Value, name string) (int64, error) {
	n, err := bigArg(v)
	if err != nil {
		return 0, err
	}
	if n.Sign() < 0 {
		return 0, raise(ValueError, "%s must be a non-negative integer", name)
	}
	if !n.IsInt64() {
		return 0, raise(OverflowError, "%s must not exceed %d", name, int64(math.MaxInt64))
	}
	return n.Int64(), nil
}

// product multiplies from to to, of about bits bits, by halves.
func (m *Machine) product(from, to int64, bits float64) (*big.Int, error) {
	n := int64(min(bits, 1<<45))/64 + 1
	if err := m.chargeBig(2 * n); err != nil {
		return nil, err
	}
	if err := m.Work(mulWork(int(n), int(n)) + max(to-from, 0)); err != nil {
		return nil, err
	}
	return new(big.Int).MulRange(from, to), nil
}

func mathFactorial(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	if !isInteger(v) {
		return Value{}, raise(TypeError, "'%s' object cannot be interpreted as an integer", typeName(v))
	}
	if image.BigOf(v).Sign() < 0 {
		return Value{}, raiseText(ValueError, "factorial() not defined for negative values")
	}
	if v.Kind() == image.KindBig {
		return Value{}, raise(OverflowError, "factorial() argument should not exceed %d", int64(math.MaxInt64))
	}
	n := v.AsInt()
	p, err := m.product(1, n, float64(n)*math.Log2(float64(n)+1))
	if err != nil {
		return Value{}, err
	}
	return image.NewBig(p), nil
}

func mathComb(m *Machine, a *Args) (Value, error) {
	n, err := countArg(a.Pos[0], "n")
	if err != nil {
		return Value{}, err
	}
	k, err := countArg(a.Pos[1], "k")
	if err != nil {
		return Value{}, err
	}
	if k > n {
		return image.Int(0), nil
	}
	k = min(k, n-k)
	bits := float64(k) * math.Log2(float64(n)+1)
	size := int64(min(bits, 1<<45))/64 + 1
	if err := m.chargeBig(4 * size); err != nil {
		return Value{}, err
	}
	if err := m.Work(k + 4*mulWork(int(size), int(size)) + k*size/2); err != nil {
		return Value{}, err
	}
	return image.NewBig(new(big.Int).Binomial(n, k)), nil
}

func mathPerm(m *Machine, a *Args) (Value, error) {
	n, err := countArg(a.Pos[0], "n")
	if err != nil {
		return Value{}, err
	}
	k := n
	if v := a.at(1); !v.Absent() && !v.IsNone() {
		if k, err = countArg(v, "k"); err != nil {
			return Value{}, err
		}
	}
	if k > n {
		return image.Int(0), nil
	}
	p, err := m.product(n-k+1, n, float64(k)*math.Log2(float64(n)+1))
	if err != nil {
		return Value{}, err
	}
	return image.NewBig(p), nil
}

func mathIsqrt(m *Machine, a *Args) (Value, error) {
	n, err := bigArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if n.Sign() < 0 {
		return Value{}, raiseText(ValueError, "isqrt() argument must be nonnegative")
	}
	if err := m.chargeBig(int64(words(n))); err != nil {
		return Value{}, err
	}
	return image.NewBig(new(big.Int).Sqrt(n)), m.Work(8 * mulWork(words(n), words(n)))
}

func mathProd(m *Machine, a *Args) (Value, error) {
	total := a.at(1)
	if total.Absent() {
		total = image.Int(1)
	}
	it, err := m.iterator(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	for {
		v, ok, err := it.Next(m)
		if err != nil || !ok {
			return total, err
		}
		if err := m.Work(1); err != nil {
			return Value{}, err
		}
		if total, err = m.Binary(syntax.Mul, total, v); err != nil {
			return Value{}, err
		}
	}
}

// mathFsum adds without rounding between (Shewchuk's partial sums).
func mathFsum(m *Machine, a *Args) (Value, error) {
	it, err := m.iterator(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	var partials []float64
	special := 0.0
	for {
		v, ok, err := it.Next(m)
		if err != nil {
			return Value{}, err
		}
		if !ok {
			break
		}
		x, err := realArg(v)
		if err != nil {
			return Value{}, err
		}
		if err := m.Work(int64(len(partials)) + 1); err != nil {
			return Value{}, err
		}
		if math.IsInf(x, 0) || math.IsNaN(x) {
			special += x
			if math.IsNaN(special) && math.IsInf(x, 0) {
				return Value{}, raiseText(ValueError, "-inf + inf in fsum")
			}
			continue
		}
		kept := partials[:0]
		for _, p := range partials {
			s := twoSum(x, p)
			if s.lo != 0 {
				kept = append(kept, s.lo)
			}
			x = s.hi
		}
		if math.IsInf(x, 0) {
			return Value{}, raiseText(OverflowError, "intermediate overflow in fsum")
		}
		partials = append(kept, x)
	}
	if special != 0 || math.IsNaN(special) {
		return image.Float(special), nil
	}
	// The partial sums do not overlap, so a big.Float of enough bits adds them
	// exactly and rounds once.
	sum := new(big.Float).SetPrec(2200)
	for _, p := range partials {
		sum.Add(sum, new(big.Float).SetFloat64(p))
	}
	r, _ := sum.Float64()
	return image.Float(r), nil
}

func mathFrexp(m *Machine, a *Args) (Value, error) {
	x, err := realArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	f, e := math.Frexp(x)
	return m.NewTuple([]Value{image.Float(f), image.Int(int64(e))})
}

func mathLdexp(m *Machine, a *Args) (Value, error) {
	x, err := realArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if !isInteger(a.Pos[1]) {
		return Value{}, raiseText(TypeError, "Expected an int as second argument to ldexp.")
	}
	e, _ := boundOf(a.Pos[1], 0)
	return realResult(math.Ldexp(x, int(min(max(e, -5000), 5000))), x)
}

func mathModf(m *Machine, a *Args) (Value, error) {
	x, err := realArg(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	whole, part := math.Modf(x)
	if math.IsInf(x, 0) {
		whole, part = x, math.Copysign(0, x)
	}
	return m.NewTuple([]Value{image.Float(math.Copysign(part, x)), image.Float(whole)})
}
