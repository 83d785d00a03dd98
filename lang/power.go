package lang

import "math"

// Powers of floats. Go's math.Pow may be off by a unit in the last place where
// the C library that CPython stands on is not, and programs print the
// difference. So powers are computed with twice the precision and rounded once.
// Algorithms: T. J. Dekker, A floating-point technique for extending the
// available precision, 1971.

// double is the sum of two floats, of which low is at most half a unit in the
// last place of high.
type double struct{ high, low float64 }

func quickSum(a, b float64) double {
	s := a + b
	return double{s, b - (s - a)}
}

func (x double) add(y double) double {
	s := x.high + y.high
	v := s - x.high
	e := (x.high - (s - v)) + (y.high - v)
	return quickSum(s, e+x.low+y.low)
}

func (x double) mul(y double) double {
	p := x.high * y.high
	e := math.FMA(x.high, y.high, -p)
	return quickSum(p, e+x.high*y.low+x.low*y.high)
}

func (x double) scale(f float64) double { return double{x.high * f, x.low * f} }

func (x double) inverse() double {
	q := 1 / x.high
	r := math.FMA(-q, x.high, 1) - q*x.low
	return quickSum(q, q*r)
}

// pow is x ** y, correctly rounded but for ties that no one meets.
func pow(x, y float64) float64 {
	z := math.Pow(x, y)
	if z == 0 || math.IsInf(z, 0) || math.IsNaN(z) || math.Abs(z) < 0x1p-1021 || math.IsInf(y, 0) || x == 1 || y == 0 {
		return z
	}
	var exact double
	if n := math.Trunc(y); n == y && math.Abs(n) < 1<<20 {
		exact = powInt(x, int64(math.Abs(n)))
		if y < 0 {
			exact = exact.inverse()
		}
	} else {
		exact = exp(logarithm(math.Abs(x)).mul(double{y, 0}))
		if z < 0 {
			exact = exact.scale(-1)
		}
	}
	r := exact.high + exact.low
	if math.IsInf(r, 0) || math.IsNaN(r) { // a partial product was out of range
		return z
	}
	return r
}

func powInt(x float64, n int64) double {
	r, b := double{1, 0}, double{x, 0}
	for {
		if n&1 != 0 {
			r = r.mul(b)
		}
		if n >>= 1; n == 0 {
			return r
		}
		b = b.mul(b)
	}
}

// logarithm corrects math.Log by one step of Newton's method.
func logarithm(x float64) double {
	l := math.Log(x)
	r := exp(double{-l, 0}).mul(double{x, 0}).add(double{-1, 0})
	return double{l, 0}.add(r).add(r.mul(r).scale(-0.5))
}

// inverses of 2 to 9.
var inverses = func() (all [8]double) {
	for i := range all {
		all[i] = double{float64(i + 2), 0}.inverse()
	}
	return all
}()

// exp is e to a: the argument is reduced by multiples of ln 2 and by 2 to the
// 9th, and what is left goes through a series.
func exp(a double) double {
	const halvings = 9
	ln2 := double{0.6931471805599453, 2.3190468138462996e-17}
	k := math.Round(a.high / ln2.high)
	r := a.add(ln2.mul(double{-k, 0})).scale(1.0 / (1 << halvings))
	t, term := r, r // e to r, less one
	for _, inverse := range inverses {
		term = term.mul(r).mul(inverse)
		t = t.add(term)
	}
	for range halvings {
		t = t.scale(2).add(t.mul(t))
	}
	t = t.add(double{1, 0})
	return double{math.Ldexp(t.high, int(k)), math.Ldexp(t.low, int(k))}
}
