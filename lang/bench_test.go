package lang

import (
	"os"
	"strings"
	"testing"

	"batos/image"
	"batos/lang/syntax"
)

// BenchmarkPrograms runs small programs, 20,000 turns each. ns/turn is to be
// compared with CPython's on the same machine.
func BenchmarkPrograms(b *testing.B) {
	const turns = 20_000
	defer func(old bool) { checkCaches = old }(checkCaches)
	checkCaches = false
	text, err := os.ReadFile("testdata/bench/programs.py")
	if err != nil {
		b.Fatal(err)
	}
	for _, part := range strings.Split("\n"+string(text), "\ndef ")[1:] {
		name, _, _ := strings.Cut(part, "(")
		body, err := syntax.ParseBody("def " + part + "\n" + name + "(20000)")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			m := NewMachine(image.NewHeap(), nil)
			b.ReportAllocs()
			for b.Loop() {
				m.Begin(Limits{Fuel: 1 << 60})
				if _, err := m.Eval(body, image.None()); err != nil {
					b.Fatal(describe(err))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/turns, "ns/turn")
		})
	}
}
