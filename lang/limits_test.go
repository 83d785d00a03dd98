package lang

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"batos/image"
	"batos/lang/syntax"
)

// TestLimits runs bombs: each must end at its limit, soon, and nothing in the
// program may catch that.
func TestLimits(t *testing.T) {
	small := Limits{Fuel: 2_000_000, Memory: 4 << 20, Depth: 200}
	for _, test := range []struct{ name, text, class string }{
		{"loop", "while True:\n    pass", "FuelExhausted"},
		{"loop that catches", "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass\n    finally:\n        pass", "FuelExhausted"},
		{"finally that loops", "def f():\n    try:\n        return f()\n    finally:\n        while True: pass\nf()", "DepthExhausted"},
		{"recursion", "def f(n):\n    return f(n + 1)\nf(0)", "DepthExhausted"},
		{"recursion by lambda", "f = lambda: f()\nf()", "DepthExhausted"},
		{"generator within generator", "def f():\n    yield from f()\nlist(f())", "DepthExhausted"},
		{"text", "x = 'x' * 10 ** 12", "MemoryExhausted"},
		{"list", "x = [0] * 10 ** 9", "MemoryExhausted"},
		{"doubling", "x = 'x'\nwhile True:\n    x += x", "MemoryExhausted"},
		{"appending", "x = []\nwhile True:\n    x.append(x)", "MemoryExhausted"},
		{"comprehension", "x = [i for i in range(10 ** 9)]", "MemoryExhausted"},
		{"closures", "x = []\nwhile True:\n    x.append(lambda: x)", "MemoryExhausted"},
		{"endless generator", "def f():\n    while True:\n        yield 1\nlist(f())", "MemoryExhausted"},
		{"endless iteration", "def f():\n    while True:\n        yield 1\nsum(f())", "FuelExhausted"},
		{"exceptions", "while True:\n    try:\n        raise ValueError('x')\n    except ValueError:\n        pass", ""},
		{"spread", "def f(*a):\n    return f(*a, *a, 1)\nf()", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			began := time.Now()
			_, _, err := evaluate(test.text, small)
			var limit *Exhausted
			if !errors.As(err, &limit) {
				t.Fatalf("ends with %v, want a limit", err)
			}
			if test.class != "" && limit.Class != test.class {
				t.Errorf("ends with %v, want %s", limit, test.class)
			}
			if len(limit.Traceback) == 0 {
				t.Error("no traceback")
			}
			if d := time.Since(began); d > 20*time.Second {
				t.Errorf("takes %v", d)
			}
		})
	}
}

// TestNestedIterators: iterators over iterators step in Go, so their number is
// bounded, which a program can catch.
func TestNestedIterators(t *testing.T) {
	for _, wrap := range []string{"enumerate(x)", "zip(x)", "zip([1], x)"} {
		_, _, err := evaluate("x = iter([1])\nfor i in range(100000):\n    x = "+wrap, Limits{})
		if !isRaised(err, RecursionError) {
			t.Errorf("%s ends with %v, want RecursionError", wrap, err)
		}
	}
}

// TestFault: a panic of a native is an error of that run, and the machine goes on.
func TestFault(t *testing.T) {
	m := NewMachine(image.NewHeap(), &Host{Natives: map[string]Native{
		"broken": func(*Machine, *Args) (Value, error) { panic("out of order") },
	}})
	for _, test := range []struct{ text, want string }{{"broken()", "out of order"}, {"1 + 1", ""}} {
		body, err := syntax.ParseBody(test.text)
		if err != nil {
			t.Fatal(err)
		}
		m.Begin(Limits{})
		_, err = m.Eval(body, image.None())
		var fault *Fault
		if errors.As(err, &fault) != (test.want != "") || fault != nil && !strings.Contains(fault.Error(), test.want) {
			t.Errorf("%s ends with %v", test.text, err)
		}
	}
}

func TestDeadlineAndInterrupt(t *testing.T) {
	body, err := syntax.ParseBody("while True:\n    pass")
	if err != nil {
		t.Fatal(err)
	}
	m := NewMachine(image.NewHeap(), nil)
	m.Begin(Limits{Fuel: 1 << 60, Deadline: time.Millisecond})
	_, err = m.Eval(body, image.None())
	var limit *Exhausted
	if !errors.As(err, &limit) || limit.Class != "DeadlineExceeded" {
		t.Errorf("ends with %v, want DeadlineExceeded", err)
	}
	m.Begin(Limits{Fuel: 1 << 60, Deadline: time.Hour})
	done := make(chan error)
	go func() {
		_, err := m.Eval(body, image.None())
		done <- err
	}()
	m.Interrupt()
	// The run may begin after the interrupt, which holds until the next Begin.
	if err := <-done; !errors.Is(err, ErrInterrupted) {
		t.Errorf("ends with %v, want ErrInterrupted", err)
	}
	m.Begin(Limits{})
	one, err := syntax.ParseBody("1 + 1")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := m.Eval(one, image.None()); err != nil || v.AsInt() != 2 {
		t.Errorf("a machine that was interrupted gives %v, %v for 1 + 1", v.AsInt(), err)
	}
}

// TestFuelIsGolden: the same program costs the same, on every machine and in
// every run, whatever the caches hold. -update writes the costs.
func TestFuelIsGolden(t *testing.T) {
	const golden = "testdata/fuel.golden"
	var lines []string
	for _, file := range []string{"control", "exceptions", "generators"} {
		for _, c := range chunksOf(t, "testdata/script/"+file+".txt") {
			_, m, _ := evaluate(c.text, Limits{})
			first := m.Used()
			_, m, _ = evaluate(c.text, Limits{})
			if again := m.Used(); again != first {
				t.Errorf("%s:%d costs %v, then %v", file, c.line, first, again)
			}
			lines = append(lines, file+":"+itoa(c.line)+" "+itoa(int(first.Fuel)))
		}
	}
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("fuel differs from %s (write it anew with -update if that is meant):\n%s", golden, got)
	}
}

// TestFuelOfWarmCode: a run costs the same whether or not an earlier one has
// compiled its methods and filled their caches.
func TestFuelOfWarmCode(t *testing.T) {
	m, o := program(t, family)
	var first Usage
	for i := range 3 {
		m.Begin(Limits{})
		if _, err := m.Send(o, image.Intern("fib"), []Value{image.Int(10)}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Send(o, image.Intern("bumps"), []Value{image.Int(10)}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = m.Used()
		} else if again := m.Used(); again != first {
			t.Errorf("run %d costs %v, the first %v", i, again, first)
		}
	}
}

// TestFuelIsExact: with one unit less than a program needs it does not end.
func TestFuelIsExact(t *testing.T) {
	text := "n = 0\nfor i in range(1000):\n    n += i\nn"
	_, m, err := evaluate(text, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	used := m.Used().Fuel
	if _, _, err := evaluate(text, Limits{Fuel: used}); err != nil {
		t.Errorf("with the %d units it needs: %v", used, err)
	}
	if _, _, err := evaluate(text, Limits{Fuel: used / 2}); err == nil {
		t.Error("with half the units it needs it ends")
	}
}
