package syntax

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// found is what CPython says of a text.
type found struct {
	Text  string
	Tree  string
	Skip  string
	Error []any // class, message, line, column

	// Of functions of the library without list comprehensions, which are
	// functions in CPython 3.11: name, locals, captured, free, generator.
	Scopes [][]any
}

// oracle asks CPython 3.11 about texts, or with a number for functions of its
// own library.
func oracle(t *testing.T, texts []string, args ...string) []found {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 is needed to compare with")
		}
		t.Skip("no python3 to compare with")
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, append([]string{"testdata/oracle.py"}, args...)...)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.String())
	}
	var all []found
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// firstDifference shows where two dumps part.
func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-60):min(len(s), i+80)] }
	return "got  ..." + around(got) + "\nwant ..." + around(want)
}

// TestLibraryFunctions reads functions of CPython's own library and compares
// the trees, places included.
func TestLibraryFunctions(t *testing.T) {
	n := "1000"
	if s := os.Getenv("SYNTAX_FUNCTIONS"); s != "" {
		n = s
	}
	all := oracle(t, nil, n)
	if len(all) < 900 {
		t.Fatalf("only %d functions found", len(all))
	}
	compared := 0
	for _, want := range all {
		if want.Skip != "" || want.Error != nil {
			t.Fatalf("the oracle could not read its own function: %v %v\n%s", want.Skip, want.Error, want.Text)
		}
		f, err := ParseMethod(want.Text)
		if err != nil {
			t.Errorf("%v\n%s", err, want.Text)
			continue
		}
		if got := dump([]Stmt{f}); got != want.Tree {
			t.Errorf("%s\n%s", firstDifference(got, want.Tree), firstLines(want.Text))
		}
		if want.Scopes != nil {
			compared++
			w, _ := json.Marshal(sortScopes(want.Scopes))
			if g, _ := json.Marshal(sortScopes(scopesOf(f))); string(g) != string(w) {
				t.Errorf("got  %s\nwant %s\n%s", g, w, want.Text)
			}
		}
	}
	if compared < 400 {
		t.Errorf("scopes of only %d functions compared", compared)
	}
}

func firstLines(s string) string {
	lines := strings.SplitAfter(s, "\n")
	return strings.Join(lines[:min(len(lines), 12)], "")
}

// scopesOf lists the functions of a tree as the oracle does.
func scopesOf(f *FunctionDef) (all [][]any) {
	add := func(name string, s *Scope) {
		locals, cells := []string{}, []string{}
		for _, l := range s.Locals {
			locals = append(locals, l.Name)
			if l.Captured {
				cells = append(cells, l.Name)
			}
		}
		free := append([]string{}, s.Free...)
		slices.Sort(locals)
		slices.Sort(cells)
		slices.Sort(free)
		all = append(all, []any{name, locals, cells, free, s.Generator})
	}
	Inspect(f, func(n Node) bool {
		switch n := n.(type) {
		case *FunctionDef:
			add(n.Name, n.Scope)
		case *Lambda:
			add("<lambda>", n.Scope)
		case *Comprehension:
			add("<genexpr>", n.Scope)
		}
		return true
	})
	return all
}

// sortScopes gives them an order that does not depend on who walked the tree.
func sortScopes(all [][]any) []string {
	out := []string{}
	for _, s := range all {
		b, _ := json.Marshal(s)
		out = append(out, string(b))
	}
	slices.Sort(out)
	return out
}
