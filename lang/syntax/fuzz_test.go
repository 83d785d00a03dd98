package syntax

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// bombs are texts that would cost a careless parser its stack or its time.
func bombs() map[string]string {
	rep := strings.Repeat
	deep := ""
	for i := range 300 {
		deep += rep(" ", i) + "if x:\n"
	}
	elifs := "if x: pass\n" + rep("elif x: pass\n", 50_000)
	return map[string]string{
		"parentheses":        rep("(", 100_000),
		"closed parentheses": rep("(", 300) + rep(")", 300),
		"brackets":           "x = " + rep("[", 500_000),
		"braces":             "x = " + rep("{1:", 200_000),
		"unary":              "x = " + rep("-", 900_000) + "1",
		"not":                "x = " + rep("not ", 200_000) + "1",
		"power":              "x = " + rep("2**", 150_000) + "1",
		"sum":                "x = " + rep("a+", 500_000) + "a",
		"small sum":          "x = " + rep("a+", 90_000) + "a",
		"attributes":         "x = a" + rep(".a", 90_000),
		"calls":              "x = a" + rep("()", 60_000),
		"lambdas":            "x = " + rep("lambda:", 90_000) + "1",
		"conditionals":       "x = " + rep("a if b else ", 50_000) + "1",
		"nested attributes":  "x = " + rep("a.b(", 190) + rep(")", 190),
		"indentation":        deep,
		"elifs":              elifs,
		"tokens":             rep("a;", 500_000),
		"size":               rep("a", 2<<20),
		"name":               rep("a", 1<<20),
		"string":             "x = '" + rep("\\x41", 250_000) + "'",
		"f-string":           "x = f'" + rep("{a}", 300_000) + "'",
		"f-string spec":      "x = f'{a:" + rep("{a}", 300_000) + "}'",
		"digits":             "x = " + rep("9", 1_000_000),
		"hex digits":         "x = 0x" + rep("9", 1_000_000),
		"patterns":           "match x:\n case " + rep("[", 190) + rep("]", 190) + ": pass\n",
		"or patterns":        "match x:\n case " + rep("1|", 90_000) + "1: pass\n",
		"with":               "with " + rep("(", 199) + "a" + rep(")", 199) + ": pass\n",
		"commas forgotten":   "x = " + rep("(a ", 180) + "b" + rep(")", 180),
		"equals":             "x = " + rep("(a = ", 180) + "b" + rep(")", 180),
		"prints":             rep("print ", 100_000),
		"stars":              "x = " + rep("*", 900_000),
		"comprehensions":     "x = " + rep("[a for a in ", 190) + "b" + rep("]", 190),
		"comprehension line": "x = [a " + rep("for a in b ", 40_000) + "]",
		"closures":           "x = " + rep("lambda a: (", 90) + "a" + rep(")", 90),
		"lines":              rep("\n", 1<<20),
		"joined lines":       "x = 1" + rep("\\\n", 500_000),
		"targets":            rep("x = ", 60_000) + "1",
		"bytes":              "\xff\xfe",
		"nul":                "x = \x00",
	}
}

// TestBombs wants each bomb read or refused soon: the bound is generous, a
// parser that is exponential or quadratic in these does not keep it.
func TestBombs(t *testing.T) {
	for name, text := range bombs() {
		t.Run(name, func(t *testing.T) {
			done := make(chan error, 1)
			go func() {
				_, err := ParseBody(text)
				done <- err
			}()
			select {
			case err := <-done:
				var e *Error
				if err != nil && !errors.As(err, &e) {
					t.Errorf("not an *Error: %v", err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("still reading after 20 s")
			}
		})
	}
}

// FuzzParse wants every text either read or refused with an *Error that stands
// within the text.
func FuzzParse(f *testing.F) {
	b, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range strings.Split(string(b), "\n---\n") {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body, err := ParseBody(text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("not an *Error: %v", err)
			}
			if lines := strings.Count(normalize(text), "\n") + 1; e.Line < 1 || e.Line > lines+1 || e.Col < 1 {
				t.Fatalf("%v, but the text has %d lines", e, lines)
			}
			return
		}
		for _, s := range body.Stmts {
			Inspect(s, func(n Node) bool {
				if at := n.At(); at.Start.Line < 1 || at.End.Line < at.Start.Line || at.End.Line == at.Start.Line && at.End.Col < at.Start.Col {
					t.Fatalf("%T stands at %v", n, at)
				}
				if x, ok := n.(*Name); ok && x.Ref.Place == Unresolved {
					t.Fatalf("%s is not resolved", x.ID)
				}
				return true
			})
		}
	})
}
