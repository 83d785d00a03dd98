package syntax

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// scopeText writes a scope as "params | locals, captured ones starred | free".
func scopeText(s *Scope) string {
	var locals []string
	for i, l := range s.Locals {
		name := l.Name
		if l.Captured {
			name += "*"
		}
		if i == s.Params {
			locals = append(locals, "|")
		}
		locals = append(locals, name)
	}
	if s.Params == len(s.Locals) {
		locals = append(locals, "|")
	}
	text := strings.Join(locals, " ") + " |"
	for i, f := range s.Free {
		text += fmt.Sprintf(" %s<%s%d", f, [...]string{"?", "local", "cell", "free", "global"}[s.FreeFrom[i].Place], s.FreeFrom[i].Index)
	}
	if s.Generator {
		text += " generator"
	}
	if s.Super {
		text += " super"
	}
	return text
}

func TestScopes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a name bound anywhere is local everywhere",
			"def f(self, n):\n    print(x)\n    x = n\n",
			"f: self n | x |"},
		{"parameters come in the order of All",
			"def f(a, /, b, *args, c, **kw): d = 1\n",
			"f: a b c args kw | d |"},
		{"closure over a closure",
			"def f(n):\n    def g():\n        return lambda: n\n    return g\n",
			"f: n* | g |\ng: | | n<cell0\nlambda: | | n<free0"},
		{"nonlocal",
			"def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    g()\n",
			"f: | n* g |\ng: | | n<cell0"},
		{"a comprehension runs in the function, under names of its own",
			"def f(xs, x):\n    return [x for x in xs if x] + [x for x in xs]\n",
			"f: xs x | .0.x .1.x |"},
		{"the first iterable is outside, the others inside",
			"def f(x):\n    return [y for x in x for y in x]\n",
			"f: x | .0.x .0.y |"},
		{"a lambda in a comprehension sees its targets",
			"def f(xs):\n    return [lambda: x for x in xs]\n",
			"f: xs | .0.x* |\nlambda: | | x<cell1"},
		{"a generator expression is a function of the first iterable",
			"def f(xs, k):\n    return (x + k for x in xs for y in x)\n",
			"f: xs k* |  |\ngenexpr: .0 | x y | k<cell1 generator"},
		{":= in a comprehension binds around it",
			"def f(xs):\n    return [y := x for x in xs], (z := x for x in xs)\n",
			"f: xs | y z* .0.x |\ngenexpr: .0 | x | z<cell2 generator"},
		{"super in a nested function is seen outside too",
			"def f(self):\n    return [super().f() for _ in self], lambda: super().g()\n",
			"f: self | .0._ | super\nlambda: | | super"},
		{"all that binds",
			"def f(s):\n    import a.b, c as d\n    from e import g as h\n    for i, (j, *k) in s: pass\n    with s as l: pass\n    try: pass\n    except E as m: pass\n    match s:\n        case [n, *o] | {'x': n, **o} as p: pass\n    def q(): pass\n    r: int\n    del t\n    s.u = s[v] = w = 1\n",
			"f: s | a d h i j k l m n o p q r t w |\nq: | |"},
		{"a generator", "def f():\n    x = yield\n", "f: | x | generator"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := ParseMethod(c.text)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			Inspect(f, func(n Node) bool {
				switch n := n.(type) {
				case *FunctionDef:
					lines = append(lines, n.Name+": "+scopeText(n.Scope))
				case *Lambda:
					lines = append(lines, "lambda: "+scopeText(n.Scope))
				case *Comprehension:
					if n.Scope != nil {
						lines = append(lines, "genexpr: "+scopeText(n.Scope))
					}
				}
				return true
			})
			got := strings.Join(strings.Fields(strings.Join(lines, "\n")), " ")
			if want := strings.Join(strings.Fields(c.want), " "); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestBodyScope(t *testing.T) {
	b, err := ParseBody("x = 1\ndef f():\n    return x + account.balance\nf()\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := scopeText(b.Scope); got != "| x* f |" {
		t.Errorf("body: %s", got)
	}
	if !b.Scope.Body {
		t.Error("the scope of a body does not say so")
	}
	f := b.Stmts[1].(*FunctionDef)
	if got := scopeText(f.Scope); got != "| | x<cell0" {
		t.Errorf("f: %s", got)
	}
	sum := f.Body[0].(*Return).Value.(*Binary)
	if r := sum.X.(*Name).Ref; r != (Ref{InFree, 0}) {
		t.Errorf("x is at %v", r)
	}
	if r := sum.Y.(*Attribute).X.(*Name).Ref; r.Place != InGlobal {
		t.Errorf("account is at %v", r)
	}
}

func TestMethodDefaults(t *testing.T) {
	f, err := ParseMethod("def f(self, a=[i for i in (1, 2)], b=lambda: 1): pass")
	if err != nil {
		t.Fatal(err)
	}
	if f.Outer == nil || scopeText(f.Outer) != "| .0.i |" {
		t.Errorf("the comprehension of a default has no scope: %v", f.Outer)
	}
	if f, err = ParseMethod("def f(self, a=1): pass"); err != nil || f.Outer != nil {
		t.Errorf("%v, outer scope %v", err, f.Outer)
	}
}

func TestParseMethodRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "exactly one function, and there is nothing here"},
		{"x = 1", "exactly one function: def"},
		{"def f(): pass\ndef g(): pass", "exactly one function, and there is more"},
		{"lambda self: 1", "exactly one function: def"},
	} {
		f, err := ParseMethod(c.text)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Msg, c.want) || f != nil {
			t.Errorf("%q: %v, %v; want %s", c.text, f, err, c.want)
		}
	}
}

func TestErrorShowsItsLine(t *testing.T) {
	_, err := ParseMethod("def f(self):\n    x = 'é' $ 2\n")
	var e *Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := Error{Class: "SyntaxError", Msg: "invalid syntax", Line: 2, Col: 13, EndCol: 14, Source: "    x = 'é' $ 2"}
	if *e != want {
		t.Errorf("got %+v\nwant %+v", *e, want)
	}
}

func TestIncomplete(t *testing.T) {
	for text, want := range map[string]bool{
		"if x:": true, "if x:\n": true, "x = (1,": true, "'''abc": true, "x = 1 + \\": true, "try:\n    x\n": true,
		"def f():\n": true, "for x in y:\n    if z:\n": true, "match x:\n": true,
		"x = 'abc": false, "x = )": false, "x y": false, "1 = 2": false, "x = 1 +": false, "if x:\npass": false,
	} {
		_, err := ParseBody(text)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", text, err)
		} else if e.Incomplete != want {
			t.Errorf("%q: incomplete is %t: %v", text, e.Incomplete, err)
		}
	}
}

func TestDocAndSignature(t *testing.T) {
	text := "# about money\ndef deposit(self, amount: int = (1), *,\n            note='a)') -> int:\n    '''Adds.'''\n    return 1\n"
	if got := Doc(text); got != "Adds." {
		t.Errorf("doc %q", got)
	}
	name, params, err := Signature(text)
	if err != nil || name != "deposit" || params != "self, amount: int = (1), *,\n            note='a)'" {
		t.Errorf("%q %q %v", name, params, err)
	}
	if name, params, err = Signature("def f(): pass"); err != nil || name != "f" || params != "" {
		t.Errorf("%q %q %v", name, params, err)
	}
	if _, _, err = Signature("def f(: pass"); err == nil {
		t.Error("no error")
	}
	if Doc("def f(") != "" {
		t.Error("a doc of what does not parse")
	}
}

// TestPlacesInFStrings checks the places that CPython 3.11 does not have.
func TestPlacesInFStrings(t *testing.T) {
	text := "x = 'é' f'a{bb!r:>{w}} {{}} {c[\"k\"]}'\ny = f'''\n  {\n  dd + ee}'''\n"
	b, err := ParseBody(text)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text, "\n")
	found := map[string]string{}
	for _, s := range b.Stmts {
		Inspect(s, func(n Node) bool {
			at := n.At()
			var name string
			switch n := n.(type) {
			case *Name:
				name = n.ID
			case *Replacement:
				name = "{" + fmt.Sprint(at.Start)
			default:
				return true
			}
			if at.Start.Line == at.End.Line {
				found[name] = string([]rune(lines[at.Start.Line-1])[at.Start.Col-1 : at.End.Col-1])
			}
			return true
		})
	}
	for name, text := range map[string]string{
		"x": "x", "bb": "bb", "w": "w", "c": "c", "y": "y", "dd": "dd", "ee": "ee",
		"{{1 12}": "{bb!r:>{w}}", "{{1 19}": "{w}", "{{1 29}": `{c["k"]}`,
	} {
		if found[name] != text {
			t.Errorf("%s stands where the text is %q, want %q", name, found[name], text)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := "def deposit(self, amount, note=None):\n    \"\"\"Adds to the balance.\"\"\"\n    if amount <= 0:\n        raise ValueError(f'amount must be positive, not {amount!r}')\n    self.balance = self.balance + amount\n    self.history.append({'kind': 'deposit', 'amount': amount, 'note': note})\n    return [h['amount'] for h in self.history if h['amount'] > 10]\n"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseMethod(text); err != nil {
			b.Fatal(err)
		}
	}
}
