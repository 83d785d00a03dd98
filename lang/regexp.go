package lang

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// Flags of the re module, with CPython's numbers.
const (
	reIgnoreCase = 2
	reLocale     = 4
	reMultiline  = 8
	reDotAll     = 16
	reUnicode    = 32
	reVerbose    = 64
	reASCII      = 256
)

// reError is re.error.
var reError = exceptionType("error", ExceptionClass)

// pattern is a compiled regular expression. It runs on Go's engine (RE2's
// automata, linear in the text), so what needs backtracking is refused:
// references to groups and look-around.
type pattern struct {
	source string
	flags  int64
	search *regexp.Regexp // anywhere
	match  *regexp.Regexp // at the start
	full   *regexp.Regexp // the whole text
	// after searches behind the first character of its text, for patterns that
	// look at what stands before a match; nil for others.
	after *regexp.Regexp
	names map[string]int
	order []string // names in the order of their groups
	cost  int64    // of a byte searched, in fuel
}

func (p *pattern) groups() int { return p.search.NumSubexp() }

// reTranslator writes a Python pattern in RE2's syntax.
type reTranslator struct {
	src   string
	i     int
	out   strings.Builder
	flags int64
	looks bool  // has assertions that look behind
	open  []int // where the groups that are open begin
}

func (t *reTranslator) fail(at int, format string, a ...any) error {
	return raise(reError, "%s at position %d", fmt.Sprintf(format, a...), utf8.RuneCountInString(t.src[:at]))
}

const (
	reSpaces = `\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`
	reWords  = `\p{L}\p{N}_`
	reDigits = `\p{Nd}`
)

// class gives the set of \d, \w or \s, and whether it is the complement.
func (t *reTranslator) class(c byte) (set string, not bool) {
	ascii := t.flags&reASCII != 0
	switch c | 0x20 {
	case 'd':
		set = reDigits
		if ascii {
			set = `0-9`
		}
	case 'w':
		set = reWords
		if ascii {
			set = `0-9A-Za-z_`
		}
	default:
		set = reSpaces
		if ascii {
			set = `\s\x0b`
		}
	}
	return set, c < 'a'
}

func (t *reTranslator) run() error {
	for t.i < len(t.src) {
		c := t.src[t.i]
		switch {
		case t.flags&reVerbose != 0 && isSpace(rune(c)):
			t.i++
		case t.flags&reVerbose != 0 && c == '#':
			for t.i < len(t.src) && t.src[t.i] != '\n' {
				t.i++
			}
		case c == '\\':
			if err := t.escape(); err != nil {
				return err
			}
		case c == '[':
			if err := t.set(); err != nil {
				return err
			}
		case c == '(':
			if err := t.group(); err != nil {
				return err
			}
		case c == ')':
			if len(t.open) == 0 {
				return t.fail(t.i, "unbalanced parenthesis")
			}
			t.open = t.open[:len(t.open)-1]
			t.out.WriteByte(c)
			t.i++
		case c == '^':
			t.looks = true
			t.out.WriteByte(c)
			t.i++
		case c == '$':
			if t.flags&reMultiline != 0 {
				t.out.WriteByte('$')
			} else {
				t.out.WriteString(`\z`)
			}
			t.i++
		case c == '{':
			t.braces()
		default:
			t.out.WriteByte(c)
			t.i++
		}
	}
	if n := len(t.open); n > 0 {
		return t.fail(t.open[n-1], "missing ), unterminated subpattern")
	}
	return nil
}

// braces writes {m,n}, or a literal brace where it is no repetition.
func (t *reTranslator) braces() {
	end := strings.IndexByte(t.src[t.i:], '}')
	if end > 0 {
		low, high, comma := strings.Cut(t.src[t.i+1:t.i+end], ",")
		digits := strings.Trim(low+high, "0123456789") == ""
		if digits && (low != "" || comma && high != "") {
			if low == "" {
				low = "0"
			}
			t.out.WriteString("{" + low)
			if comma {
				t.out.WriteString("," + high)
			}
			t.out.WriteByte('}')
			t.i += end + 1
			return
		}
	}
	t.out.WriteString(`\{`)
	t.i++
}

func (t *reTranslator) escape() error {
	at := t.i
	if at+1 >= len(t.src) {
		return t.fail(at, "bad escape (end of pattern)")
	}
	c := t.src[at+1]
	switch {
	case strings.IndexByte("dDwWsS", c) >= 0:
		set, not := t.class(c)
		if not {
			set = "^" + set
		}
		t.out.WriteString("[" + set + "]")
		t.i += 2
	case c == 'b' || c == 'B':
		t.looks = true
		t.out.WriteString(`\` + string(c))
		t.i += 2
	case c == 'A':
		t.looks = true
		t.out.WriteString(`\A`)
		t.i += 2
	case c == 'Z':
		t.out.WriteString(`\z`)
		t.i += 2
	case c >= '1' && c <= '9':
		return t.fail(at, "references to groups (\\%c) need backtracking, which there is not here; compare the groups in code", c)
	default:
		r, err := t.char()
		if err != nil {
			return err
		}
		t.literal(r)
	}
	return nil
}

func (t *reTranslator) literal(r rune) {
	if r < utf8.RuneSelf && r >= ' ' {
		t.out.WriteString(regexp.QuoteMeta(string(r)))
	} else {
		fmt.Fprintf(&t.out, `\x{%x}`, r)
	}
}

// char reads an escaped character.
func (t *reTranslator) char() (rune, error) {
	at := t.i
	c, size := utf8.DecodeRuneInString(t.src[at+1:])
	t.i += 1 + size
	digits := map[rune]int{'x': 2, 'u': 4, 'U': 8}[c]
	switch {
	case digits > 0:
		if t.i+digits > len(t.src) {
			return 0, t.fail(at, "incomplete escape %s", t.src[at:])
		}
		r := rune(0)
		for _, d := range t.src[t.i : t.i+digits] {
			n := strings.IndexRune("0123456789abcdef", d|0x20)
			if n < 0 || d < '0' {
				return 0, t.fail(at, "incomplete escape %s", t.src[at:t.i])
			}
			r = r<<4 + rune(n)
		}
		t.i += digits
		return r, nil
	case c == '0':
		r := rune(0)
		for n := 0; n < 2 && t.i < len(t.src) && t.src[t.i] >= '0' && t.src[t.i] <= '7'; n++ {
			r = r*8 + rune(t.src[t.i]-'0')
			t.i++
		}
		return r, nil
	}
	if i := strings.IndexRune("afnrtv", c); i >= 0 {
		return rune("\a\f\n\r\t\v"[i]), nil
	}
	if c < utf8.RuneSelf && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
		return 0, t.fail(at, "bad escape \\%c", c)
	}
	return c, nil
}

// set reads [...]. Within a set, \W, \D and \S are complements that RE2 can
// only name for ASCII or by property.
func (t *reTranslator) set() error {
	start := t.i
	t.i++
	t.out.WriteByte('[')
	if t.i < len(t.src) && t.src[t.i] == '^' {
		t.out.WriteByte('^')
		t.i++
	}
	for first := true; ; first = false {
		if t.i >= len(t.src) {
			return t.fail(start, "unterminated character set")
		}
		c := t.src[t.i]
		switch {
		case c == ']' && !first:
			t.out.WriteByte(']')
			t.i++
			return nil
		case c == '\\' && t.i+1 < len(t.src) && strings.IndexByte("dws", t.src[t.i+1]) >= 0:
			set, _ := t.class(t.src[t.i+1])
			t.out.WriteString(set)
			t.i += 2
		case c == '\\' && t.i+1 < len(t.src) && strings.IndexByte("DWS", t.src[t.i+1]) >= 0:
			if t.src[t.i+1] == 'D' && t.flags&reASCII == 0 {
				t.out.WriteString(`\P{Nd}`)
			} else {
				t.out.WriteString(t.src[t.i : t.i+2])
			}
			t.i += 2
		case c == '\\' && t.i+1 < len(t.src) && t.src[t.i+1] == 'b':
			t.out.WriteString(`\x08`)
			t.i += 2
		case c == '\\':
			if t.i+1 >= len(t.src) {
				return t.fail(start, "unterminated character set")
			}
			r, err := t.char()
			if err != nil {
				return err
			}
			fmt.Fprintf(&t.out, `\x{%x}`, r)
		case c == '-':
			t.out.WriteByte('-')
			t.i++
		default:
			r, size := utf8.DecodeRuneInString(t.src[t.i:])
			fmt.Fprintf(&t.out, `\x{%x}`, r)
			t.i += size
		}
	}
}

func (t *reTranslator) group() error {
	at := t.i
	t.open = append(t.open, at)
	if !strings.HasPrefix(t.src[t.i:], "(?") {
		t.out.WriteByte('(')
		t.i++
		return nil
	}
	rest := t.src[t.i+2:]
	switch {
	case strings.HasPrefix(rest, ":"):
		t.out.WriteString("(?:")
		t.i += 3
		return nil
	case strings.HasPrefix(rest, "P<"):
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			return t.fail(at+4, "missing >, unterminated name")
		}
		name := rest[2:end]
		if !isIdentifier(name) || !ascii(name) {
			return t.fail(at+4, "bad character in group name '%s'", name)
		}
		t.out.WriteString("(?P<" + name + ">")
		t.i += 2 + end + 1
		return nil
	case strings.HasPrefix(rest, "#"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return t.fail(at, "missing ), unterminated comment")
		}
		t.i += 2 + end + 1
		t.open = t.open[:len(t.open)-1]
		return nil
	case strings.HasPrefix(rest, "P="):
		return t.fail(at, "references to groups need backtracking, which there is not here; compare the groups in code")
	case strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "!") || strings.HasPrefix(rest, "<=") || strings.HasPrefix(rest, "<!"):
		return t.fail(at, "look-around needs backtracking, which there is not here; match the context as well and take a group")
	}
	end := strings.IndexAny(rest, ":)")
	if end < 0 || strings.Trim(rest[:end], "aiLmsux-") != "" || end == 0 {
		return t.fail(at+2, "unknown extension ?%.1s", rest)
	}
	letters, scoped := rest[:end], rest[end] == ':'
	on, off, _ := strings.Cut(letters, "-")
	t.i += 2 + end + 1
	if !scoped {
		if at != 0 {
			return t.fail(at, "global flags not at the start of the expression")
		}
		t.open = t.open[:len(t.open)-1]
		for _, c := range on {
			t.flags |= map[rune]int64{'i': reIgnoreCase, 'm': reMultiline, 's': reDotAll, 'x': reVerbose, 'a': reASCII, 'u': reUnicode}[c]
		}
		return nil
	}
	keep := func(s string) string { return strings.NewReplacer("a", "", "L", "", "u", "", "x", "").Replace(s) }
	t.out.WriteString("(?" + keep(on))
	if off != "" {
		t.out.WriteString("-" + keep(off))
	}
	t.out.WriteByte(':')
	return nil
}

// patternCache keeps what has been compiled; patterns belong to no heap.
var patternCache = struct {
	sync.Mutex
	all map[string]*pattern
}{all: map[string]*pattern{}}

func (m *Machine) compilePattern(source string, flags int64) (*pattern, error) {
	key := intText(flags) + " " + source
	patternCache.Lock()
	p := patternCache.all[key]
	patternCache.Unlock()
	if err := m.Work(int64(len(source)) * 8); err != nil {
		return nil, err
	}
	if p != nil {
		return p, nil
	}
	t := &reTranslator{src: source, flags: flags}
	if err := t.run(); err != nil {
		return nil, err
	}
	letters := ""
	for _, f := range []struct {
		flag   int64
		letter string
	}{{reIgnoreCase, "i"}, {reMultiline, "m"}, {reDotAll, "s"}} {
		if t.flags&f.flag != 0 {
			letters += f.letter
		}
	}
	body := "(?" + letters + ":" + t.out.String() + ")"
	p = &pattern{source: source, flags: t.flags | reUnicode, names: map[string]int{}}
	var err error
	for _, form := range []struct {
		to   **regexp.Regexp
		text string
	}{{&p.search, body}, {&p.match, `\A` + body}, {&p.full, `\A` + body + `\z`}, {&p.after, `\A(?s:.)(?s:.*?)(` + body + `)`}} {
		if form.to == &p.after && !t.looks {
			continue
		}
		if *form.to, err = regexp.Compile(form.text); err != nil {
			if e, ok := err.(*syntax.Error); ok {
				return nil, raise(reError, "%s: %s (RE2 runs it here)", e.Code, e.Expr)
			}
			return nil, raiseText(reError, err.Error())
		}
	}
	for i, name := range p.search.SubexpNames() {
		if name != "" {
			p.names[name] = i
			p.order = append(p.order, name)
		}
	}
	p.cost = int64(2 + len(source)/16)
	patternCache.Lock()
	defer patternCache.Unlock()
	if len(patternCache.all) >= 256 {
		clear(patternCache.all)
	}
	if len(source) < 4096 {
		patternCache.all[key] = p
	}
	return p, nil
}

// find searches s from byte pos on; the result has byte offsets of the match
// and its groups, nil for none.
func (p *pattern) find(m *Machine, s string, pos int) ([]int, error) {
	re, base := p.search, pos
	if pos > 0 && p.after != nil {
		_, size := utf8.DecodeLastRuneInString(s[:pos])
		re, base = p.after, pos-size
	}
	loc := re.FindStringSubmatchIndex(s[base:])
	if loc == nil {
		return nil, m.Work(int64(len(s)-pos)*p.cost/4 + 8)
	}
	if re == p.after {
		loc = loc[2:] // the match proper is a group there
	}
	for i := range loc {
		if loc[i] >= 0 {
			loc[i] += base
		}
	}
	return loc, m.Work(int64(loc[1]-pos)*p.cost/4 + 8)
}

// all calls yield with each match in turn, as re.finditer finds them: an empty
// match may follow another match but not an empty one at the same place.
func (p *pattern) all(m *Machine, s string, limit int64, yield func(loc []int) error) error {
	pos := 0
	for n := int64(0); limit <= 0 || n < limit; n++ {
		loc, err := p.find(m, s, pos)
		if err != nil || loc == nil {
			return err
		}
		if err := yield(loc); err != nil {
			return err
		}
		pos = loc[1]
		if loc[0] == loc[1] {
			if pos >= len(s) {
				return nil
			}
			_, size := utf8.DecodeRuneInString(s[pos:])
			pos += size
		}
	}
	return nil
}
