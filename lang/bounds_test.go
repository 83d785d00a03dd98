package lang

import (
	"os"
	"strings"
	"testing"
)

// TestBoundsOfTexts: each bound that docs/language.md names lets through a text
// that is as large, and refuses one that is larger by one with an error that
// names the bound or says what is too much.
func TestBoundsOfTexts(t *testing.T) {
	page, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(page), "## How large a text may be\n")
	list = strings.Join(strings.Fields(list), " ")
	lines := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	for _, test := range []struct {
		phrase string // of the page
		most   int
		text   func(n int) string
		says   string
	}{
		{"64 KiB in a method", 64 << 10, func(n int) string {
			const head, tail = "def f(self):\n    return '", "'"
			return head + strings.Repeat("x", n-len(head)-len(tail)) + tail
		}, "more than 65536; split it"},
		{"200 open brackets", 200, func(n int) string {
			return "def f(self):\n    return " + strings.Repeat("[", n) + strings.Repeat("]", n)
		}, "too many nested parentheses"},
		{"99 levels of indentation", 99, func(n int) string {
			return "def f(self):\n" + lines(n-1, func(i int) string { return strings.Repeat(" ", i+1) + "if 1:\n" }) + strings.Repeat(" ", n) + "pass\n"
		}, "too many levels of indentation"},
		{"chains of 1,000 operations", 1000, func(n int) string {
			return "def f(self, a):\n    return a" + strings.Repeat(" + a", n)
		}, "a chain of more than 1000 operations"},
		{"400 expressions nested without brackets", 400, func(n int) string {
			return "def f(self):\n    return " + strings.Repeat("lambda: ", n) + "1"
		}, "too many nested expressions"},
		{"254 registers", 125, func(n int) string { // 2 a call
			return "def f(self):\n    return " + strings.Repeat("abs(", n) + "1" + strings.Repeat(")", n)
		}, "too complex: it needs more than 254 registers"},
		{"1,000 branches in one `if`", 1000, func(n int) string {
			return "def f(self, a):\n    if a:\n        pass\n" + strings.Repeat("    elif a:\n        pass\n", n-1)
		}, "more than 1000 branches in one if"},
		{"200 local variables in a function", 200, func(n int) string {
			return "def f(self):\n" + lines(n-1, func(i int) string { return "    x" + itoa(i) + " = 1\n" })
		}, "at most 200; split the function"},
		{"4,300 digits in a decimal integer", 4300, func(n int) string {
			return "def f(self):\n    return " + strings.Repeat("1", n)
		}, "4300 digits"},
	} {
		if !strings.Contains(list, test.phrase) {
			t.Errorf("the page does not say: %s", test.phrase)
		}
		if err := Audit(test.text(test.most), AuditOptions{Args: -1}); err != nil {
			t.Errorf("%s: %d are refused: %v", test.phrase, test.most, err)
		}
		if err := Audit(test.text(test.most+1), AuditOptions{Args: -1}); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %d give %v, want %q", test.phrase, test.most+1, err, test.says)
		}
	}
}
