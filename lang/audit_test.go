package lang

import (
	"errors"
	"strings"
	"testing"

	"batos/lang/syntax"
)

func TestAudit(t *testing.T) {
	asked := AuditOptions{Selector: "add", Args: 2, Names: []string{"note"}, Known: map[string]bool{"mirror": true},
		Protected: map[string]bool{"codex": true, "*": true}, Refused: map[string]bool{"primitive": true}}
	for _, test := range []struct{ source, reason string }{
		{"def add(self, a, b, note=''):\n    return a + b", ""},
		{"def add(self, *args, **kw):\n    return mirror(self)", ""},
		{"def add(self, a, b, *, note):\n    x = len(note)\n    return [y for y in range(x)]", ""},
		{"def add(self, a, b, note):\n    try:\n        return super().add(a, b)\n    except (ValueError, SlotError) as e:\n        return e", ""},
		{"def sub(self, a, b, note):\n    pass", "1:5: the method is called sub, but add is asked for"},
		{"def add(this, a, b, note):\n    pass", "1:5: a method's first parameter is self"},
		{"def add(self, a):\n    pass", "1:5: the message has 2 arguments, but the method takes 1 besides self"},
		{"def add(self, a, note):\n    pass", "1:18: the message gives the parameter note twice, as argument 2 and by name"},
		{"def add(self, a, b, c, note):\n    pass", "1:21: the message gives no value for the parameter c"},
		{"def add(self, a, b):\n    pass", "1:5: the message has the keyword argument note, which the method does not take"},
		{"def add(self, a, b, note):\n    return accounts", "2:12: the name accounts means nothing here"},
		{"def add(self, a, b, note):\n    return primitive('x')", "2:12: primitive is not for methods like this one"},
		{"def add(self, a, b, note):\n    self.codex = 1", "2:10: the slot 'codex' is protected"},
		{"def add(self, a, b, note):\n    self.setSlot_value_('codex', 1)", "2:5: the slot 'codex' is protected"},
		{"def add(self, a, b, note):\n    setattr(self, 'codex', 1)", "2:5: the slot 'codex' is protected"},
		{"def add(self, a, b, note):\n    x, self['parent*'] = 1, 2", "2:8: the parents in 'parent*' are not for methods like this one to change"},
		{"def add(self, a, b, note):\n    return self.codex", ""},
		{"def add(self, a, b, note):\n    import os", "2:12: there is no module os; a method can import base64, bisect, "},
		{"def add(self, a, b, note):\n    import math, os.path as p", "2:18: there is no module os.path; a method can import "},
		{"def add(self, a, b, note):\n    from subprocess import run", "2:5: there is no module subprocess; a method can import "},
		{"def add(self, a, b, note):\n    from math import pi, nothing", "2:26: the module math has no nothing; it has acos, "},
		{"def add(self, a, b, note):\n    import functools, math as m\n    from itertools import chain, groupby as g\n    return m.pi", ""},
		{"def add(self):\n    pass\nx = 1", "syntax"},
		{"def add(self, a, b, note):\n    x = '" + strings.Repeat("x", maxAudited) + "'", "0:0: the method has"},
	} {
		err := Audit(test.source, asked)
		var refused *AuditError
		var wrong *syntax.Error
		switch {
		case test.reason == "" && err != nil:
			t.Errorf("%s\nis refused: %v", test.source, err)
		case test.reason == "":
		case test.reason == "syntax":
			if !errors.As(err, &wrong) {
				t.Errorf("%s\ngives %v, want a syntax error", test.source, err)
			}
		case !errors.As(err, &refused):
			t.Errorf("%s\ngives %v, want %s", test.source, err, test.reason)
		default:
			if got := itoa(refused.Line) + ":" + itoa(refused.Col) + ": " + refused.Reason; !strings.HasPrefix(got, test.reason) {
				t.Errorf("%s\ngives %q, want %q", test.source, got, test.reason)
			}
		}
	}
	if err := Audit("def f(self, a):\n    pass", AuditOptions{Args: -1}); err != nil {
		t.Errorf("with no message to fit: %v", err)
	}
}

// TestAuditRefusesWithHints: each name of Python that methods do not have is
// refused with what to do instead, unless the method defines it itself.
func TestAuditRefusesWithHints(t *testing.T) {
	for name, instead := range syntax.Refused {
		err := Audit("def f(self):\n    return "+name+"(1)", AuditOptions{Args: -1})
		if want := "line 2, column 12: " + name + " is not part of the method language: " + instead; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		if err := Audit("def f(self, "+name+"):\n    return "+name+"(1)", AuditOptions{Args: -1}); err != nil {
			t.Errorf("%s as a parameter: %v", name, err)
		}
	}
}

// TestAuditKnowsAllImports: what import finds the audit lets through.
func TestAuditKnowsAllImports(t *testing.T) {
	for _, module := range moduleNames() {
		for member := range modules[module]().Members {
			if err := Audit("def f(self):\n    from "+module+" import "+member+" as x\n    return x", AuditOptions{Args: -1}); err != nil {
				t.Errorf("%s.%s: %v", module, member, err)
			}
		}
	}
}

// TestCompilerIsBounded: deep and large texts are compiled or refused, soon.
func TestCompilerIsBounded(t *testing.T) {
	nested := "def f(self):\n"
	for i := range 60 {
		pad := strings.Repeat(" ", 1+i)
		nested += pad + "try:\n" + pad + " return 1\n" + pad + "finally:\n"
	}
	nested += strings.Repeat(" ", 61) + "pass\n"
	for name, source := range map[string]string{
		"nested finally": nested,
		"long sum":       "def f(self):\n    return " + strings.Repeat("1 + ", 20_000) + "1",
		"long list":      "def f(self):\n    return [" + strings.Repeat("1, ", 20_000) + "]",
		"long chain":     "def f(self):\n    return self" + strings.Repeat(".a", 2_000),
		"many locals": "def f(self):\n" + func() (s string) {
			for i := range 300 {
				s += "    x" + itoa(i) + " = 1\n"
			}
			return
		}(),
		"elif":        "def f(self, x):\n    if x == 0:\n        return 0\n" + strings.Repeat("    elif x == 1:\n        return 1\n", 3_000),
		"parentheses": "def f(self):\n    return " + strings.Repeat("(", 500) + "1" + strings.Repeat(")", 500),
	} {
		_, err := CompileMethod(source)
		var wrong *syntax.Error
		if err != nil && !errors.As(err, &wrong) {
			t.Errorf("%s: %v is no syntax error", name, err)
		}
		t.Logf("%s: %v", name, err)
	}
}
