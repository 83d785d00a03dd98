package lang_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// programs makes random programs: small expressions over numbers, texts, lists,
// dicts and calls, mostly of fitting types, each printed or its exception
// named. Nothing in them depends on the order of sets, on hashes or identity,
// and no value grows large.
type programs struct{ *rand.Rand }

func (p programs) pick(all ...string) string { return all[p.IntN(len(all))] }

// kinds of expressions.
const (
	anInt = iota
	aFloat
	aText
	aList
	aDict
	aBool
	kindCount
)

// expr is an expression of a kind, or now and then of another.
func (p programs) expr(kind, depth int) string {
	if p.IntN(25) == 0 {
		kind = p.IntN(kindCount)
	}
	if depth <= 0 {
		return p.leaf(kind)
	}
	e := func(kind int) string { return p.expr(kind, depth-1) }
	f := fmt.Sprintf
	switch kind {
	case anInt:
		switch p.IntN(12) {
		case 0, 1, 2:
			return f("(%s %s %s)", e(anInt), p.pick("+", "-", "*", "//", "%", "&", "|", "^"), e(anInt))
		case 3:
			return f("(%s ** %d)", e(anInt), p.IntN(6))
		case 4:
			return f("(%s %s %d)", e(anInt), p.pick("<<", ">>"), p.IntN(70))
		case 5:
			return p.pick("-", "~", "+") + e(anInt)
		case 6:
			return f("len(%s)", e(p.pickKind(aText, aList, aDict)))
		case 7:
			return f("%s(%s)", p.pick("int", "abs", "round", "int"), e(p.pickKind(anInt, aFloat, aBool)))
		case 8:
			return f("%s(%s, %s)", p.pick("min", "max"), e(anInt), e(anInt))
		case 9:
			return f("%s.%s(%s)", e(aText), p.pick("find", "count", "rfind", "index"), e(aText))
		case 10:
			return f("sum(%s for x in range(%d))", p.pick("x", "x * x", "x % 3", "-x"), p.IntN(12))
		default:
			return f("(%s if %s else %s)", e(anInt), e(aBool), e(anInt))
		}
	case aFloat:
		switch p.IntN(6) {
		case 0, 1, 2:
			return f("(%s %s %s)", e(aFloat), p.pick("+", "-", "*", "/", "//", "%"), e(p.pickKind(aFloat, anInt)))
		case 3:
			return f("round(%s, %d)", e(aFloat), p.IntN(5)-1)
		case 4:
			return f("float(%s)", e(p.pickKind(anInt, aFloat, aText)))
		default:
			return f("(%s / %s)", e(anInt), e(anInt))
		}
	case aText:
		switch p.IntN(14) {
		case 0, 1:
			return f("(%s + %s)", e(aText), e(aText))
		case 2:
			return f("(%s * %d)", e(aText), p.IntN(5)-1)
		case 3:
			return f("%s.%s()", e(aText), p.pick("upper", "lower", "title", "strip", "capitalize", "swapcase", "lstrip", "rstrip", "casefold"))
		case 4:
			return f("%s[%s]", e(aText), p.index())
		case 5:
			return f("%s.replace(%s, %s)", e(aText), e(aText), e(aText))
		case 6:
			return f("%s.join(str(x) for x in %s)", e(aText), e(aList))
		case 7:
			return f("f'{%s:%s}'", p.leaf(anInt), p.pick("5d", "<6", "^7", "+", "x", "08b", ",", "#x", "_", "e", ".2f", "%", "=+9,", "c", "o"))
		case 8:
			return f("f'{%s:%s}'", p.leaf(aFloat), p.pick("5.1f", "<9", "^12.3e", "+g", "%", ",.2f", "010.3f", ".3", "=+12", "G", ".0f", "_.1f"))
		case 9:
			return f("f'{%s:%s}'", strings.ReplaceAll(p.leaf(aText), "'", `"`), p.pick(">8", "*^9", ".2", "<5.1", "s", ""))
		case 10:
			return f("'%s' %% (%s,)", p.pick("%s", "%d", "%5.2f", "%r", "%x", "%-6s|", "%05d", "%+d", "%e", "%g", "%c", "%%%s", "%.3s"), e(p.pickKind(anInt, aFloat, aText)))
		case 11:
			return f("%s(%s)", p.pick("str", "repr", "ascii"), e(p.IntN(kindCount)))
		case 12:
			return f("%s.%s(%d)", e(aText), p.pick("center", "ljust", "rjust", "zfill"), p.IntN(9))
		default:
			return f("'{%s}'.format(%s)", p.pick("", ":>6", "!r", ":^8", "0", "!s:>9"), e(aText))
		}
	case aList:
		switch p.IntN(12) {
		case 0, 1:
			return f("(%s + %s)", e(aList), e(aList))
		case 2:
			return f("(%s * %d)", e(aList), p.IntN(4)-1)
		case 3:
			return f("sorted(%s%s)", e(aList), p.pick("", ", reverse=True", ", key=str", ", key=lambda x: -x"))
		case 4:
			return f("%s[%s:%s]", e(aList), p.bound(), p.bound())
		case 5:
			return f("%s[::%d]", e(aList), p.IntN(5)-2)
		case 6:
			return f("[%s for x in %s%s]", p.pick("x", "x + x", "[x]", "str(x)", "(x, 1)", "x * 2"), e(aList), p.pick("", " if x", " if x != 2", " if isinstance(x, int)"))
		case 7:
			return f("list(%s)", p.pick("range(%d)", "reversed(range(%d))", "enumerate('abc', %d)", "zip('ab', range(%d))", "map(str, range(%d))"))
		case 8:
			return f("%s.split(%s)", e(aText), p.pick("", "' '", "'a'", "None, 1", "'b', 1"))
		case 9:
			return f("list(%s)", e(p.pickKind(aDict, aText, aList)))
		case 10:
			return f("[%s, *%s]", e(p.IntN(kindCount)), e(aList))
		default:
			return f("list(%s.items())", e(aDict))
		}
	case aDict:
		switch p.IntN(5) {
		case 0:
			return f("{**%s, **%s}", e(aDict), e(aDict))
		case 1:
			return f("{x: %s for x in %s}", p.pick("x", "str(x)", "1"), e(aList))
		case 2:
			return f("(%s | %s)", e(aDict), e(aDict))
		case 3:
			return f("dict(zip(%s, %s))", e(aText), e(aList))
		default:
			return f("{%s: %s}", e(p.pickKind(anInt, aText, aBool)), e(p.IntN(kindCount)))
		}
	}
	switch p.IntN(7) {
	case 0, 1, 2:
		k := p.IntN(kindCount)
		return f("(%s %s %s)", e(k), p.pick("==", "!=", "<", "<=", ">", ">="), e(k))
	case 3:
		return f("(%s %s %s)", e(p.IntN(kindCount)), p.pick("in", "not in"), e(p.pickKind(aList, aText, aDict)))
	case 4:
		return f("(%s %s %s)", e(aBool), p.pick("and", "or"), e(p.IntN(kindCount)))
	case 5:
		return "(not " + e(p.IntN(kindCount)) + ")"
	default:
		return f("%s(%s)", p.pick("bool", "any", "all", "callable"), e(p.IntN(kindCount)))
	}
}

func (p programs) pickKind(kinds ...int) int { return kinds[p.IntN(len(kinds))] }

func (p programs) index() string { return strconv.Itoa(p.IntN(7) - 3) }

func (p programs) bound() string {
	if p.IntN(4) == 0 {
		return ""
	}
	return p.index()
}

func (p programs) leaf(kind int) string {
	switch kind {
	case anInt:
		return p.pick("0", "1", "2", "3", "-1", "-7", "10", "255", "1000", "2147483648", "9223372036854775807", "(-9223372036854775808)", "12345678901234567890123", "True", "i", "j")
	case aFloat:
		return p.pick("0.0", "1.0", "-0.5", "3.14159", "2.5", "1e10", "1e-5", "-2.675", "1e300", "123456.789", "x0", "1e16")
	case aText:
		return p.pick("''", "'a'", "'abc'", "'Hello World'", "' pad '", "'12'", "'3.5'", "'é☃'", "'a\\nb'", "'banana'", "'-7'", "s", "t")
	case aList:
		return p.pick("[]", "[1, 2, 3]", "[3, 1, 2]", "['b', 'a']", "[1, 'a', None]", "[[1], [2]]", "[0.5, 2]", "l", "list('abc')", "[True, 0]", "[(1, 'x'), (0, 'y')]")
	case aDict:
		return p.pick("{}", "{'a': 1}", "{1: 'x', 2: 'y'}", "{'k': [1, 2]}", "d", "{None: True, 'z': ()}")
	}
	return p.pick("True", "False", "i > 2", "s == t", "l == []")
}

func (p programs) program() string {
	var b strings.Builder
	b.WriteString("i, j, x0, s, t, l, d = 7, -3, 0.25, 'spam', 'eggs and', [4, 5, 6], {'one': 1, 'two': [2]}\n")
	for range 6 {
		x := strings.ReplaceAll(p.expr(p.IntN(kindCount), 1+p.IntN(3)), "%d)", strconv.Itoa(p.IntN(5))+")")
		fmt.Fprintf(&b, "try:\n    print(repr(%s))\nexcept Exception as e:\n    print(type(e).__name__, e)\n", x)
	}
	return b.String()
}

// TestRandomExpressions compares random programs with CPython. LANG_RANDOM is how
// many, LANG_SEED the seed; both are printed when one differs.
func TestRandomExpressions(t *testing.T) {
	n, seed := 400, uint64(1)
	if s := os.Getenv("LANG_RANDOM"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	if s := os.Getenv("LANG_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	p := programs{rand.New(rand.NewPCG(seed, 0))}
	chunks := make([]string, n)
	for i := range chunks {
		chunks[i] = p.program()
	}
	file := filepath.Join(t.TempDir(), "random.py")
	if err := os.WriteFile(file, []byte(strings.Join(chunks, "\n---\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	differing := 0
	for i, want := range underPython(t, []string{file})[0] {
		got := here(chunks[i] + "\n")
		if agree(got, want) {
			continue
		}
		if differing++; differing > 20 {
			t.Fatalf("more than 20 of %d programs differ, seed %d", n, seed)
		}
		t.Errorf("program %d of seed %d:\n%s", i, seed, firstDifferingLine(chunks[i], got, want))
	}
}

// agree compares two results but for two differences that are meant: a send
// looks its method up after its arguments, which may fail first; and what would
// be too large ends the run.
func agree(got, want result) bool {
	if strings.HasPrefix(got.Error, "MemoryExhausted") {
		return strings.HasPrefix(want.Out, got.Out)
	}
	g, w := strings.Split(got.Out, "\n"), strings.Split(want.Out, "\n")
	if len(g) != len(w) || got.Error != want.Error {
		return false
	}
	for i := range g {
		if g[i] != w[i] && !(strings.HasPrefix(w[i], "AttributeError ") && strings.Contains(g[i], "Error ")) {
			return false
		}
	}
	return true
}

// firstDifferingLine names the statement at which a program parts ways.
func firstDifferingLine(program string, got, want result) string {
	g := strings.Split(got.Out+got.Error, "\n")
	w := strings.Split(want.Out+want.Error, "\n")
	var prints []string
	for _, line := range strings.Split(program, "\n") {
		if strings.HasPrefix(line, "    print(repr(") {
			prints = append(prints, strings.TrimSpace(line))
		}
	}
	for i := range max(len(g), len(w)) {
		a, b := "", ""
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			at := "at its end"
			if i < len(prints) {
				at = prints[i]
			}
			return fmt.Sprintf("%s\n  here    %s\n  CPython %s", at, a, b)
		}
	}
	return "the same lines"
}
