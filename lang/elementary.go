package lang

import (
	"math"
	"math/big"
)

// The elementary functions are computed with about 100 bits and rounded once.
// Go's own are a few units off in the last place and differ between
// processors; CPython's, from the C library, are correctly rounded but for very
// few arguments, and these agree with them.

// dd is an unevaluated sum of two floats, the second at most half a unit of the
// first (Dekker, "A floating-point technique for extending the available
// precision", 1971).
type dd struct{ hi, lo float64 }

func quickSum(a, b float64) dd {
	s := a + b
	return dd{s, b - (s - a)}
}

func twoSum(a, b float64) dd {
	s := a + b
	t := s - a
	return dd{s, (a - (s - t)) + (b - t)}
}

func twoProduct(a, b float64) dd {
	p := a * b
	return dd{p, math.FMA(a, b, -p)}
}

func (x dd) add(y dd) dd {
	s, t := twoSum(x.hi, y.hi), twoSum(x.lo, y.lo)
	s = quickSum(s.hi, s.lo+t.hi)
	return quickSum(s.hi, s.lo+t.lo)
}

func (x dd) neg() dd     { return dd{-x.hi, -x.lo} }
func (x dd) sub(y dd) dd { return x.add(y.neg()) }

func (x dd) mul(y dd) dd {
	p := twoProduct(x.hi, y.hi)
	return quickSum(p.hi, p.lo+(x.hi*y.lo+x.lo*y.hi))
}

func (x dd) scale(f float64) dd { return dd{x.hi * f, x.lo * f} } // f a power of two

func (x dd) div(y dd) dd {
	q1 := x.hi / y.hi
	r := x.sub(y.mul(dd{q1, 0}))
	q2 := r.hi / y.hi
	r = r.sub(y.mul(dd{q2, 0}))
	q3 := r.hi / y.hi
	return quickSum(q1, q2).add(dd{q3, 0})
}

func (x dd) float() float64 { return x.hi + x.lo }

var (
	ddLn2  = dd{0.6931471805599453, 2.3190468138462996e-17}
	ddHalf = dd{1.5707963267948966, 6.123233995736766e-17} // pi/2
	pi3    = [3]float64{1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33}
	ddOne  = dd{1, 0}
	// inverse factorials, from 1/2! on
	ddInverse = inverseFactorials(28)
)

func inverseFactorials(n int) []dd {
	inv := make([]dd, n)
	f := ddOne
	for i := range inv {
		f = f.div(dd{float64(i + 2), 0})
		inv[i] = f
	}
	return inv
}

// expm1Small is e**r - 1 for |r| below about 0.0014.
func expm1Small(r dd) dd {
	sum := dd{}
	for i := 7; i >= 0; i-- {
		sum = sum.mul(r).add(ddInverse[i])
	}
	return sum.mul(r).mul(r).add(r)
}

// ddExp gives e**x as m * 2**k with m near 1; x must be between -800 and 800.
func ddExp(x dd) (m dd, k int) {
	k = int(math.RoundToEven(x.hi / ddLn2.hi))
	r := x.sub(ddLn2.mul(dd{float64(k), 0})).scale(1.0 / 256)
	e := expm1Small(r)
	for range 8 { // e**2r - 1 = 2(e**r - 1) + (e**r - 1)**2
		e = e.scale(2).add(e.mul(e))
	}
	return e.add(ddOne), k
}

// ddLog is the natural logarithm by one Newton step from the float's.
func ddLog(x float64) dd {
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = m*2, k-1
	}
	return ddLogMantissa(dd{m, 0}).add(ddLn2.mul(dd{float64(k), 0}))
}

func ddLogMantissa(m dd) dd {
	l := math.Log(m.hi)
	e, k := ddExp(dd{-l, 0})
	// log m = l + log(m e**-l), and the argument is 1 + d with d tiny.
	d := m.mul(e.scale(math.Ldexp(1, k))).sub(ddOne)
	return dd{l, 0}.add(d).sub(d.mul(d).scale(0.5))
}

func exactExp(x float64) float64 {
	switch {
	case math.IsNaN(x), math.IsInf(x, 0), x == 0, x > 709.8, x < -745.2:
		return math.Exp(x)
	}
	m, k := ddExp(dd{x, 0})
	return ldexpRounded(m, k)
}

// ldexpRounded rounds m * 2**k once, also where the result is denormal.
func ldexpRounded(m dd, k int) float64 {
	if k > -1000 {
		return math.Ldexp(m.float(), k)
	}
	// Add and take away a number whose last place is that of the denormals.
	unit := math.Ldexp(1, -1074-k+52)
	s := twoSum(unit, m.hi)
	return math.Ldexp(s.hi+(s.lo+m.lo)-unit, k)
}

func exactExpm1(x float64) float64 {
	if math.Abs(x) > 30 || x == 0 || math.IsNaN(x) {
		if x > 30 {
			return exactExp(x) // 1 is far below the last place
		}
		return math.Expm1(x)
	}
	if math.Abs(x) < 1e-3 {
		return expm1Small(dd{x, 0}).float()
	}
	m, k := ddExp(dd{x, 0})
	return m.scale(math.Ldexp(1, k)).sub(ddOne).float()
}

func ordinary(x float64) bool { return x > 0 && !math.IsInf(x, 1) && !math.IsNaN(x) }

func exactLog(x float64) float64 {
	if !ordinary(x) || x == 1 {
		return math.Log(x)
	}
	return ddLog(x).float()
}

func exactLog1p(x float64) float64 {
	if !ordinary(1+x) || math.Abs(x) < 1e-300 {
		return math.Log1p(x)
	}
	s := twoSum(1, x)
	m, k := math.Frexp(s.hi)
	if m < math.Sqrt2/2 {
		m, k = m*2, k-1
	}
	if k == 0 && math.Abs(x) < 1e-8 {
		// The sum would lose what counts: use the series.
		y := dd{x, 0}
		return y.sub(y.mul(y).scale(0.5)).add(y.mul(y).mul(y).div(dd{3, 0})).float()
	}
	return ddLogMantissa(dd{m, math.Ldexp(s.lo, -k)}).add(ddLn2.mul(dd{float64(k), 0})).float()
}

func exactLog2(x float64) float64 {
	if !ordinary(x) {
		return math.Log2(x)
	}
	if m, k := math.Frexp(x); m == 0.5 {
		return float64(k - 1)
	}
	return ddLog(x).div(ddLn2).float()
}

// exactLog10 is fdlibm's e_log10, which the C library has.
func exactLog10(x float64) float64 {
	if !ordinary(x) {
		return math.Log10(x)
	}
	m, k := math.Frexp(x) // m in [0.5, 1)
	if k--; k >= 0 {
		m *= 2
	} else {
		k++
	}
	y := float64(k)
	return (y*3.69423907715893078616e-13 + 4.34294481903251816668e-01*exactLog(m)) + y*3.01029995663611771306e-01
}

// exactPow is x**y.
func exactPow(x, y float64) float64 {
	switch {
	case y == 2:
		return x * x
	case y == 1 || x == 1 || y == 0 || x == 0 || math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0):
		return math.Pow(x, y)
	}
	sign := 1.0
	if x < 0 {
		if y != math.Trunc(y) {
			return math.NaN()
		}
		if math.Mod(y, 2) != 0 {
			sign = -1
		}
		x = -x
	}
	if x == 1 {
		return sign
	}
	if rough := math.Log(x) * y; rough > 710 || rough < -746 {
		return sign * math.Pow(x, y)
	}
	if n := math.Abs(y); n == math.Trunc(n) && n <= 64 && x > 1e-4 && x < 1e4 {
		// Multiplied out, powers that fit two floats are exact, ties included.
		p := ddPower(dd{x, 0}, int(n))
		if y < 0 {
			p = ddOne.div(p)
		}
		return sign * p.float()
	}
	l := ddLog(x).mul(dd{y, 0})
	m, k := ddExp(l)
	return sign * ldexpRounded(m, k)
}

func ddPower(b dd, n int) dd {
	r := ddOne
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			r = r.mul(b)
		}
		b = b.mul(b)
	}
	return r
}

// ddSinCos gives sin and cos of r, |r| at most pi/4.
func ddSinCos(r dd) (sin, cos dd) {
	r2 := r.mul(r)
	s, c := dd{}, dd{}
	for i := 25; i >= 1; i -= 2 { // 1/(i+2)! : i = 1 is 1/3!
		s = ddInverse[i].sub(s.mul(r2))
		c = ddInverse[i-1].sub(c.mul(r2))
	}
	return r.sub(s.mul(r2).mul(r)), ddOne.sub(c.mul(r2))
}

// reduce gives x less the nearest multiple of pi/2, and which.
func reduce(x float64) (dd, int) {
	if math.Abs(x) < 1e5 {
		n := math.RoundToEven(x / ddHalf.hi)
		r := dd{x, 0}
		for _, part := range pi3 {
			r = r.sub(twoProduct(n, part))
		}
		return r, int(math.Mod(n, 4)+4) % 4
	}
	const precision = 1300
	half := new(big.Float).SetPrec(precision).Quo(bigPi(), big.NewFloat(2).SetPrec(precision))
	bx := new(big.Float).SetPrec(precision).SetFloat64(x)
	q := new(big.Float).SetPrec(precision).Quo(bx, half)
	q.Add(q, new(big.Float).SetFloat64(math.Copysign(0.5, x)))
	n, _ := q.Int(nil)
	rest := new(big.Float).SetPrec(precision).SetInt(n)
	bx.Sub(bx, rest.Mul(rest, half))
	hi, _ := bx.Float64()
	lo, _ := bx.Sub(bx, new(big.Float).SetFloat64(hi)).Float64()
	return dd{hi, lo}, int(new(big.Int).And(n, big.NewInt(3)).Int64())
}

// bigPi is pi to 1,300 bits by Machin's formula.
func bigPi() *big.Float {
	const bits = 1400
	arctan := func(n int64) *big.Int {
		term := new(big.Int).Lsh(big.NewInt(1), bits)
		term.Quo(term, big.NewInt(n))
		sum, square := new(big.Int).Set(term), big.NewInt(n*n)
		for k := int64(3); term.Sign() != 0; k += 2 {
			term.Quo(term, square)
			part := new(big.Int).Quo(term, big.NewInt(k))
			if k%4 == 3 {
				sum.Sub(sum, part)
			} else {
				sum.Add(sum, part)
			}
		}
		return sum
	}
	pi := new(big.Int).Mul(arctan(5), big.NewInt(16))
	pi.Sub(pi, new(big.Int).Mul(arctan(239), big.NewInt(4)))
	f := new(big.Float).SetPrec(1300).SetInt(pi)
	return f.SetMantExp(f, -bits)
}

func sinCos(x float64) (sin, cos dd) {
	r, quadrant := reduce(x)
	s, c := ddSinCos(r)
	switch quadrant {
	case 1:
		s, c = c, s.neg()
	case 2:
		s, c = s.neg(), c.neg()
	case 3:
		s, c = c.neg(), s
	}
	return s, c
}

func exactSin(x float64) float64 {
	if math.Abs(x) < 1e-150 || math.IsNaN(x) || math.IsInf(x, 0) {
		return math.Sin(x)
	}
	s, _ := sinCos(x)
	return s.float()
}

func exactCos(x float64) float64 {
	if math.Abs(x) < 1e-150 || math.IsNaN(x) || math.IsInf(x, 0) {
		return math.Cos(x)
	}
	_, c := sinCos(x)
	return c.float()
}

func exactTan(x float64) float64 {
	if math.Abs(x) < 1e-150 || math.IsNaN(x) || math.IsInf(x, 0) {
		return math.Tan(x)
	}
	s, c := sinCos(x)
	return s.div(c).float()
}

// ddAtan2 is the angle of the point (x, y), by one Newton step from the
// float's.
func ddAtan2(y, x dd) dd {
	a := math.Atan2(y.hi, x.hi)
	s, c := sinCos(a)
	// The tangent of what is missing.
	d := y.mul(c).sub(x.mul(s)).div(x.mul(c).add(y.mul(s)))
	return dd{a, 0}.add(d)
}

func exactAtan2(y, x float64) float64 {
	if !finiteNonzero(x) || !finiteNonzero(y) || math.Abs(math.Log2(math.Abs(x))-math.Log2(math.Abs(y))) > 900 || math.Abs(x) > 1e290 || math.Abs(y) > 1e290 || math.Abs(x) < 1e-290 || math.Abs(y) < 1e-290 {
		return math.Atan2(y, x)
	}
	return ddAtan2(dd{y, 0}, dd{x, 0}).float()
}

func finiteNonzero(x float64) bool { return x != 0 && !math.IsInf(x, 0) && !math.IsNaN(x) }

func exactAtan(x float64) float64 { return exactAtan2(x, 1) }

func exactAsin(x float64) float64 {
	if math.IsNaN(x) || math.Abs(x) >= 1 || math.Abs(x) < 1e-150 {
		return math.Asin(x)
	}
	return ddAtan2(dd{x, 0}, complement(x)).float()
}

func exactAcos(x float64) float64 {
	if math.IsNaN(x) || math.Abs(x) >= 1 || x == 0 {
		return math.Acos(x)
	}
	return ddAtan2(complement(x), dd{x, 0}).float()
}

// complement is sqrt(1 - x*x).
func complement(x float64) dd {
	y := ddOne.sub(dd{x, 0}).mul(ddOne.add(dd{x, 0}))
	r := math.Sqrt(y.hi)
	return dd{r, 0}.add(y.sub(twoProduct(r, r)).div(dd{2 * r, 0}))
}

// hyperbolic gives sinh and cosh of x, |x| below 700.
func hyperbolic(x float64) (sinh, cosh dd) {
	m, k := ddExp(dd{x, 0})
	e := m.scale(math.Ldexp(1, k))
	i := ddOne.div(e)
	if math.Abs(x) < 0.3 {
		// e**x - e**-x would cancel: use the series.
		r := dd{x, 0}
		r2 := r.mul(r)
		s := dd{}
		for i := 25; i >= 1; i -= 2 {
			s = ddInverse[i].add(s.mul(r2))
		}
		return r.add(s.mul(r2).mul(r)), e.add(i).scale(0.5)
	}
	return e.sub(i).scale(0.5), e.add(i).scale(0.5)
}

func exactSinh(x float64) float64 {
	if math.Abs(x) > 690 || math.Abs(x) < 1e-150 || math.IsNaN(x) {
		return math.Sinh(x)
	}
	s, _ := hyperbolic(x)
	return s.float()
}

func exactCosh(x float64) float64 {
	if math.Abs(x) > 690 || math.IsNaN(x) {
		return math.Cosh(x)
	}
	_, c := hyperbolic(x)
	return c.float()
}

func exactTanh(x float64) float64 {
	if math.Abs(x) > 40 || math.Abs(x) < 1e-150 || math.IsNaN(x) {
		return math.Tanh(x)
	}
	s, c := hyperbolic(x)
	return s.div(c).float()
}
