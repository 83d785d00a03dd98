package lang

import (
	"math"
	"math/big"
	"testing"
)

// TestPowRoundsOnce compares powers with exact ones.
func TestPowRoundsOnce(t *testing.T) {
	for _, x := range []float64{1.05, 0.1, 3, 10, 1e16, 123.456, -1.5, 0.999999, 7e-5} {
		for n := 1; n < 60; n++ {
			exact := new(big.Float).SetPrec(4000).SetInt64(1)
			for range n {
				exact.Mul(exact, big.NewFloat(x))
			}
			want, _ := exact.Float64()
			if math.IsInf(want, 0) || math.Abs(want) < 0x1p-1021 {
				continue
			}
			if got := exactPow(x, float64(n)); got != want {
				t.Errorf("%v ** %d = %v, want %v", x, n, got, want)
			}
			if x > 0 {
				root := exactPow(want, 1/float64(n))
				if math.Abs(root-x) > x*1e-13 {
					t.Errorf("%v ** (1/%d) = %v, want about %v", want, n, root, x)
				}
			}
		}
	}
	for _, c := range [][3]float64{
		{2, 0.5, 1.4142135623730951}, {10, -5, 1e-05}, {2, 0.1, 1.0717734625362931}, {1e200, 2, math.Inf(1)}, {1e-200, 2, 0},
		{0, 0, 1}, {-2, 3, -8}, {-8, -1, -0.125}, {math.Inf(-1), 3, math.Inf(-1)}, {5, 0, 1}, {2, -1074, 5e-324}, {1.5, 1000, 1.2338405969061735e+176},
	} {
		if got := exactPow(c[0], c[1]); got != c[2] {
			t.Errorf("%v ** %v = %v, want %v", c[0], c[1], got, c[2])
		}
	}
}
