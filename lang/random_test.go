package lang

import (
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

var programs = flag.Int("programs", 200, "random programs to compare with CPython")

// writer makes random programs of control flow: what it prints on the way tells
// how control went.
type writer struct {
	r       *rand.Rand
	b       strings.Builder
	indent  int
	budget  int
	loops   int
	inDef   bool
	gen     bool
	handler bool
	calls   []string // functions that can be called
	gens    []string
	n       int
}

func (w *writer) line(format string, a ...any) {
	w.b.WriteString(strings.Repeat("    ", w.indent))
	fmt.Fprintf(&w.b, format, a...)
	w.b.WriteByte('\n')
}

func (w *writer) block(depth int) {
	w.indent++
	for range 1 + w.r.Intn(3) {
		w.stmt(depth)
	}
	w.indent--
}

var someNames = []string{"a", "b", "c", "d"}
var someErrors = []string{"ValueError", "KeyError", "TypeError", "ZeroDivisionError", "IndexError"}

func (w *writer) name() string { return someNames[w.r.Intn(len(someNames))] }

func (w *writer) expr(depth int) string {
	if depth <= 0 {
		switch w.r.Intn(3) {
		case 0:
			return fmt.Sprint(w.r.Intn(7) - 2)
		default:
			return w.name()
		}
	}
	x, y := w.expr(depth-1), w.expr(depth-1)
	switch w.r.Intn(14) {
	case 0:
		return fmt.Sprintf("(%s + %s)", x, y)
	case 1:
		return fmt.Sprintf("(%s - %s)", x, y)
	case 2:
		return fmt.Sprintf("(%s * %s %% 1000)", x, y)
	case 3:
		return fmt.Sprintf("(%s // %s)", x, y)
	case 4:
		return fmt.Sprintf("(%s if %s else %s)", x, w.cond(depth-1), y)
	case 5:
		return fmt.Sprintf("(%s and %s)", x, y)
	case 6:
		return fmt.Sprintf("(%s or %s)", x, y)
	case 7:
		return fmt.Sprintf("(%s := %s)", w.name(), x)
	case 8:
		return fmt.Sprintf("[%s, %s, 3][%s]", x, y, w.expr(0))
	case 9:
		return fmt.Sprintf("sum([%s + i for i in range(3) if i != %s])", w.expr(0), w.expr(0))
	case 10:
		if len(w.calls) > 0 {
			return fmt.Sprintf("%s(%s)", w.calls[w.r.Intn(len(w.calls))], x)
		}
	case 11:
		if len(w.gens) > 0 {
			return fmt.Sprintf("sum(v for v in %s(%s) if v)", w.gens[w.r.Intn(len(w.gens))], x)
		}
	case 12:
		return fmt.Sprintf("(lambda z: z + %s)(%s)", w.name(), y)
	}
	return fmt.Sprintf("(not %s) + %s", x, y)
}

func (w *writer) cond(depth int) string {
	x, y := w.expr(depth), w.expr(depth)
	switch w.r.Intn(6) {
	case 0:
		return fmt.Sprintf("%s < %s <= %s", x, y, w.expr(0))
	case 1:
		return fmt.Sprintf("%s in (%s, 1)", x, y)
	case 2:
		return fmt.Sprintf("not (%s == %s or %s)", x, y, w.expr(0))
	case 3:
		return fmt.Sprintf("%s > 0 and %s != 2", x, y)
	}
	return fmt.Sprintf("%s %s %s", x, []string{"<", "<=", ">", ">=", "==", "!="}[w.r.Intn(6)], y)
}

func (w *writer) stmt(depth int) {
	if w.budget--; w.budget < 0 || depth <= 0 {
		w.n++
		w.line("print(%d, %s)", w.n, w.name())
		return
	}
	switch w.r.Intn(22) {
	case 0, 1:
		w.line("%s = %s", w.name(), w.expr(2))
	case 2:
		w.line("%s += %s", w.name(), w.expr(1))
	case 3:
		w.line("%s, %s = %s, %s", w.name(), w.name(), w.expr(1), w.expr(1))
	case 4, 5:
		w.line("if %s:", w.cond(1))
		w.block(depth - 1)
		if w.r.Intn(2) == 0 {
			w.line("elif %s:", w.cond(1))
			w.block(depth - 1)
		}
		if w.r.Intn(2) == 0 {
			w.line("else:")
			w.block(depth - 1)
		}
	case 6, 7:
		w.line("for %s in %s:", w.name(), []string{"range(3)", "[5, 6]", "(1, 0)", "(x for x in range(2))"}[w.r.Intn(4)])
		w.loop(depth)
	case 8:
		w.n++
		w.line("w%d = 0", w.n)
		n := w.n
		w.line("while w%d < 3:", n)
		w.indent++
		w.line("w%d += 1", n)
		w.indent--
		w.loop(depth)
	case 9, 10, 11:
		w.try(depth)
	case 12:
		if w.loops > 0 {
			w.line("%s", []string{"break", "continue"}[w.r.Intn(2)])
			return
		}
		w.line("pass")
	case 13:
		if w.inDef {
			w.line("return %s", w.expr(1))
			return
		}
		w.line("print(%s)", w.expr(2))
	case 14:
		w.line("raise %s(%s)", someErrors[w.r.Intn(len(someErrors))], w.expr(0))
	case 15:
		if w.handler {
			w.line("raise")
			return
		}
		w.line("assert %s, %s", w.cond(1), w.expr(0))
	case 16:
		if w.gen {
			w.line("%s = yield %s", w.name(), w.expr(1))
			w.line("%s = 1", w.name())
			return
		}
		w.line("print(%s)", w.expr(2))
	case 17:
		if w.gen && len(w.gens) > 0 {
			w.line("%s = (yield from %s(%s)) or 0", w.name(), w.gens[0], w.expr(0))
			return
		}
		w.line("print([%s for i in range(3) for j in range(i) if %s])", w.expr(1), w.cond(0))
	case 18:
		w.line("del %s", w.name())
	default:
		w.n++
		w.line("print(%d, %s)", w.n, w.expr(2))
	}
}

func (w *writer) loop(depth int) {
	handler := w.handler
	w.loops++
	w.block(depth - 1)
	w.loops--
	w.handler = handler
	if w.r.Intn(3) == 0 {
		w.line("else:")
		w.block(depth - 1)
	}
}

func (w *writer) try(depth int) {
	w.line("try:")
	w.block(depth - 1)
	handlers := w.r.Intn(3)
	for i := range handlers {
		e := someErrors[w.r.Intn(len(someErrors))]
		switch w.r.Intn(4) {
		case 0:
			w.line("except (%s, %s) as e:", e, someErrors[w.r.Intn(len(someErrors))])
			w.indent++
			w.line("print(repr(e), repr(e.__context__))")
			w.indent--
		case 1:
			w.line("except %s:", e)
		case 2:
			w.line("except Exception as e:")
			w.indent++
			w.line("print(type(e).__name__, e)")
			w.indent--
		default:
			if i < handlers-1 {
				w.line("except NameError:")
				break
			}
			w.line("except:")
		}
		was := w.handler
		w.handler = true
		w.block(depth - 1)
		w.handler = was
	}
	if handlers > 0 && w.r.Intn(3) == 0 {
		w.line("else:")
		w.block(depth - 1)
	}
	if handlers == 0 || w.r.Intn(2) == 0 {
		w.line("finally:")
		w.block(depth - 1)
	}
}

// randomProgram defines some functions and generators and calls them.
func randomProgram(seed int64) string {
	w := &writer{r: rand.New(rand.NewSource(seed))}
	defs := 1 + w.r.Intn(3)
	for i := range defs {
		w.gen = w.r.Intn(3) == 0
		name := fmt.Sprintf("f%d", i)
		w.line("def %s(a, b=2):", name)
		w.indent++
		w.line("c = 3")
		if w.r.Intn(3) == 0 {
			w.line("d = lambda: (a, b, c)")
			w.line("d = d()[1]")
		}
		w.indent--
		w.inDef, w.budget = true, 25
		w.block(4)
		if w.gen {
			w.indent++
			w.line("yield a")
			w.indent--
			w.gens = append(w.gens, name)
		} else {
			w.calls = append(w.calls, name)
		}
	}
	w.inDef, w.gen = false, false
	for _, name := range w.calls {
		for _, arg := range []string{"0", "1", "-3"} {
			w.line("try:\n    print('->', %s(%s))\nexcept Exception as e:\n    print('!', type(e).__name__, e, repr(e.__context__))", name, arg)
		}
	}
	for _, name := range w.gens {
		w.line("try:\n    g = %s(1)\n    print(next(g), g.send(2), list(g))\nexcept Exception as e:\n    print('!', type(e).__name__, e)", name)
		w.line("g = %s(2)\ntry:\n    for v in g:\n        print('got', v)\n        print(g.throw(KeyError('thrown')))\nexcept Exception as e:\n    print('!', type(e).__name__, e)", name)
	}
	return w.b.String()
}

// TestRandomPrograms compares random programs with CPython. A program that
// differs is printed; -programs sets how many are tried.
func TestRandomPrograms(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3, the oracle, is missing")
		}
		t.Skip("python3 is missing")
	}
	const batch = 100
	for from := 0; from < *programs; from += batch {
		var chunks []chunk
		for i := range batch {
			chunks = append(chunks, chunk{text: randomProgram(int64(from + i))})
		}
		want := oracle(t, python, chunks)
		for i, c := range chunks {
			got, _, err := evaluate(c.text, Limits{})
			if strings.HasPrefix(want[i], "!SyntaxError") && err != nil {
				continue
			}
			if err != nil {
				got += "!" + errorText(err) + "\n"
			}
			if unboundAlike(got) != unboundAlike(want[i]) {
				t.Fatalf("program %d\n%s\nprints\n%swhere CPython prints\n%s", from+i, numbered(c.text), got, want[i])
			}
		}
	}
}

// unboundAlike removes the one difference that is meant: comprehensions are
// loops in place here, as in CPython 3.12, and functions of their own in 3.11,
// so an unbound variable read in one is called a free variable there.
func unboundAlike(s string) string {
	s = regexp.MustCompile(`cannot access (local|free) variable ('\w+') where it is not associated with a value( in enclosing scope)?`).
		ReplaceAllString(s, "$2 is unbound")
	return strings.ReplaceAll(s, "UnboundLocalError", "NameError")
}

func numbered(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = fmt.Sprintf("%3d %s", i+1, lines[i])
	}
	return strings.Join(lines, "\n")
}
