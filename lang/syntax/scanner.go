package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a text. A text over one of them is refused before it costs more.
const (
	maxSource  = 1 << 20 // bytes
	maxTokens  = 200_000
	maxParens  = 200 // as CPython's tokenizer
	maxIndents = 100 // as CPython's tokenizer
	maxDepth   = 401 // nested expressions that need no parentheses, as lambda: lambda: ...
	maxHeight  = 1000
	maxDigits  = 4300 // of a decimal integer, as CPython
)

type kind uint8

const (
	tEOF kind = iota
	tNewline
	tIndent
	tDedent
	tName
	tKeyword
	tNumber
	tString
	tOp
	tError // what the scanner could not read; scanner.soft says why
)

// token is a piece of the text. Level is the number of brackets open behind it.
type token struct {
	kind       kind
	level      uint8
	off        int32 // byte offset in the text
	text       string
	start, end Pos
}

var keywords = map[string]bool{
	"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true,
	"async": true, "await": true, "break": true, "class": true, "continue": true, "def": true,
	"del": true, "elif": true, "else": true, "except": true, "finally": true, "for": true,
	"from": true, "global": true, "if": true, "import": true, "in": true, "is": true,
	"lambda": true, "nonlocal": true, "not": true, "or": true, "pass": true, "raise": true,
	"return": true, "try": true, "while": true, "with": true, "yield": true,
}

// bracket is an open bracket.
type bracket struct {
	char byte
	pos  Pos
}

// scanner cuts a text into tokens, all at once: CPython too lets most errors of
// its tokenizer, wherever they stand, win over one of its parser.
type scanner struct {
	src  string
	off  int // of the next byte
	end  int
	line int32
	// Columns count code points: markCol is that of byte markOff.
	markOff int
	markCol int32

	toks   []token
	open   []bracket
	soft   *Error // of the tError token: counts if the parser gets there
	wins   bool   // and if it finds any error before
	prefix string // "f-string: " inside one
}

// fatal leaves the scanner or the parser; the entry points catch it.
type fatal struct{ err *Error }

func scan(src string) (s *scanner) {
	s = &scanner{src: src, end: len(src), line: 1, markCol: 1}
	s.toks = make([]token, 0, len(src)/4+8)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case fatal:
			s.soft, s.wins = r.err, true
			s.mark(tError, Pos{int32(r.err.Line), int32(r.err.Col)})
		default:
			panic(r)
		}
	}()
	s.lines()
	return s
}

// pos is the place of a byte offset on the current line, not before the last
// one asked for.
func (s *scanner) pos(off int) Pos {
	s.markCol += int32(utf8.RuneCountInString(s.src[s.markOff:off]))
	s.markOff = off
	return Pos{s.line, s.markCol}
}

// newline begins a new line behind the line feed at off.
func (s *scanner) newline(off int) {
	s.line++
	s.markOff, s.markCol = off+1, 1
}

func (s *scanner) fail(p Pos, format string, a ...any) {
	panic(fatal{s.error(p, format, a...)})
}

func (s *scanner) error(p Pos, format string, a ...any) *Error {
	return &Error{Class: "SyntaxError", Msg: s.prefix + fmt.Sprintf(format, a...), Line: int(p.Line), Col: int(p.Col)}
}

func (s *scanner) emit(k kind, from int, start Pos) {
	if len(s.toks) >= maxTokens {
		s.fail(start, "the text is too long: more than %d words and signs; split it into several methods", maxTokens)
	}
	s.toks = append(s.toks, token{kind: k, level: uint8(len(s.open)), off: int32(from), text: s.src[from:s.off], start: start, end: s.pos(s.off)})
}

// mark emits a token without text.
func (s *scanner) mark(k kind, p Pos) {
	s.toks = append(s.toks, token{kind: k, level: uint8(len(s.open)), off: int32(s.off), start: p, end: p})
}

// give ends the tokens with an error that counts only if the parser gets there.
func (s *scanner) give(class string, p Pos, format string, a ...any) {
	s.soft = s.error(p, format, a...)
	s.soft.Class = class
	s.mark(tError, p)
}

// indent is one level of indentation, measured with tabs of eight and of one
// columns; when the two disagree, tabs and spaces are mixed.
type indent struct{ col, alt int }

// lines reads the whole text.
func (s *scanner) lines() {
	indents := []indent{{}}
	for s.off < s.end {
		in, from := s.indentation()
		if s.off >= s.end {
			break
		}
		switch c := s.src[s.off]; c {
		case '#', '\n':
			s.comment()
			if s.off < s.end {
				s.newline(s.off)
				s.off++
			}
			continue
		}
		top := indents[len(indents)-1]
		switch {
		case in.col == top.col:
			if in.alt != top.alt {
				s.tabError()
				return
			}
		case in.col > top.col:
			if in.alt <= top.alt {
				s.tabError()
				return
			}
			if len(indents) >= maxIndents {
				s.give("IndentationError", s.pos(s.off), "too many levels of indentation")
				return
			}
			indents = append(indents, in)
			s.emit(tIndent, from, Pos{s.line, 1})
		default:
			n := len(indents)
			for in.col < indents[n-1].col {
				n--
			}
			top = indents[n-1]
			if in.col != top.col {
				// CPython stands behind the line's end.
				end := s.off
				for end < s.end && s.src[end] != '\n' {
					end++
				}
				s.give("IndentationError", s.pos(end), "unindent does not match any outer indentation level")
				return
			}
			if in.alt != top.alt {
				s.tabError()
				return
			}
			for range indents[n:] {
				s.mark(tDedent, s.pos(s.off))
			}
			indents = indents[:n]
		}
		if !s.logical() {
			return
		}
	}
	p := s.pos(s.off)
	if p.Col != 1 {
		p = Pos{p.Line + 1, 1}
	}
	for range indents[1:] {
		s.mark(tDedent, p)
	}
	s.mark(tEOF, p)
}

func (s *scanner) tabError() {
	s.give("TabError", s.pos(s.off), "inconsistent use of tabs and spaces in indentation")
}

// indentation skips the blanks at the start of a line.
func (s *scanner) indentation() (in indent, from int) {
	from = s.off
	for ; s.off < s.end; s.off++ {
		switch s.src[s.off] {
		case ' ':
			in.col++
			in.alt++
		case '\t':
			in.col = (in.col/8 + 1) * 8
			in.alt++
		case '\f':
			in = indent{}
		case '\\': // a joined line keeps the indentation of its first part
			if s.off+1 < s.end && s.src[s.off+1] == '\n' && s.off+2 < s.end {
				s.newline(s.off + 1)
				s.off++
				if in.col == 0 {
					from = s.off + 1
					continue
				}
				for s.off+1 < s.end && strings.IndexByte(" \t\f", s.src[s.off+1]) >= 0 {
					s.off++
				}
				from = s.off + 1
				continue
			}
			return in, from
		default:
			return in, from
		}
	}
	return in, from
}

func (s *scanner) comment() {
	for s.off < s.end && s.src[s.off] != '\n' {
		s.off++
	}
}

// logical reads one logical line and its NEWLINE; false when the text cannot
// be read further.
func (s *scanner) logical() bool {
	for {
		for s.off < s.end && (s.src[s.off] == ' ' || s.src[s.off] == '\t' || s.src[s.off] == '\f') {
			s.off++
		}
		if s.off < s.end && s.src[s.off] == '#' {
			s.comment()
		}
		if s.off >= s.end {
			if len(s.open) > 0 {
				b := s.open[len(s.open)-1]
				s.soft = s.error(b.pos, "'%c' was never closed", b.char)
				s.soft.Incomplete = true
				p := s.pos(s.off)
				if s.off > 0 && s.src[s.off-1] != '\n' { // the tokenizer stands on the next line
					p = Pos{p.Line + 1, 1}
				}
				s.mark(tError, p)
				return false
			}
			s.emit(tNewline, s.off, s.pos(s.off))
			return true
		}
		from := s.off
		switch c := s.src[s.off]; {
		case c == '\n':
			if len(s.open) > 0 {
				s.newline(s.off)
				s.off++
				continue
			}
			start := s.pos(from)
			s.off++
			s.toks = append(s.toks, token{kind: tNewline, off: int32(from), text: "\n", start: start, end: Pos{start.Line, start.Col + 1}})
			s.newline(from)
			return true
		case c == '\\':
			if s.off+1 >= s.end || s.src[s.off+1] == '\n' && s.off+2 >= s.end {
				s.give("SyntaxError", s.pos(from+1), "unexpected EOF while parsing")
				s.soft.Incomplete = true
				return false
			}
			if s.src[s.off+1] != '\n' {
				s.give("SyntaxError", s.pos(from+1), "unexpected character after line continuation character")
				return false
			}
			s.newline(s.off + 1)
			s.off += 2
		default:
			s.token()
		}
	}
}

// token reads one name, number, string or operator.
func (s *scanner) token() {
	from := s.off
	c := s.src[from]
	switch {
	case c >= utf8.RuneSelf || c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z':
		s.name()
	case '0' <= c && c <= '9', c == '.' && from+1 < s.end && '0' <= s.src[from+1] && s.src[from+1] <= '9':
		s.number()
	case c == '"' || c == '\'':
		s.str(from)
	default:
		s.operator()
	}
}

func isNameByte(c byte) bool {
	return c >= utf8.RuneSelf || c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

func (s *scanner) name() {
	from := s.off
	ascii := true
	for s.off < s.end && isNameByte(s.src[s.off]) {
		ascii = ascii && s.src[s.off] < utf8.RuneSelf
		s.off++
	}
	text := s.src[from:s.off]
	if s.off < s.end && (s.src[s.off] == '"' || s.src[s.off] == '\'') && isPrefix(text) {
		s.str(from)
		return
	}
	start := s.pos(from)
	if !ascii {
		s.checkName(text, from)
	}
	k := tName
	if keywords[text] {
		k = tKeyword
	}
	s.emit(k, from, start)
	if !ascii {
		s.toks[len(s.toks)-1].text = norm.NFKC.String(text)
	}
}

// checkName refuses characters that no name has.
func (s *scanner) checkName(text string, from int) {
	for i, r := range text {
		if r == '_' || unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) {
			continue
		}
		if i > 0 && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue) {
			continue
		}
		if !unicode.IsPrint(r) {
			s.fail(s.pos(from+i), "invalid non-printable character U+%04X", r)
		}
		s.fail(s.pos(from+i), "invalid character '%c' (U+%04X)", r, r)
	}
}

func isPrefix(s string) bool {
	if len(s) > 2 {
		return false
	}
	switch strings.ToLower(s) {
	case "r", "b", "u", "f", "br", "rb", "fr", "rf":
		return true
	}
	return false
}

// str reads a string literal whose prefix begins at from.
func (s *scanner) str(from int) {
	start := s.pos(from)
	q := s.src[s.off]
	triple := func() bool {
		return s.off+2 < s.end && s.src[s.off] == q && s.src[s.off+1] == q && s.src[s.off+2] == q
	}
	if triple() {
		s.off += 3
		for {
			if s.off >= s.end {
				line := int(s.line)
				if s.src[s.end-1] == '\n' {
					line--
				}
				e := s.error(start, "unterminated triple-quoted string literal (detected at line %d)", line)
				e.Incomplete = true
				panic(fatal{e})
			}
			switch c := s.src[s.off]; {
			case c == '\\' && s.off+1 < s.end:
				if s.src[s.off+1] == '\n' {
					s.newline(s.off + 1)
				}
				s.off += 2
				continue
			case c == '\n':
				s.newline(s.off)
			case triple():
				s.off += 3
				s.emit(tString, from, start)
				return
			}
			s.off++
		}
	}
	s.off++
	for {
		if s.off >= s.end || s.src[s.off] == '\n' {
			s.fail(start, "unterminated string literal (detected at line %d)", s.line)
		}
		switch c := s.src[s.off]; {
		case c == '\\' && s.off+1 < s.end:
			if s.src[s.off+1] == '\n' {
				s.newline(s.off + 1)
			}
			s.off++
		case c == q:
			s.off++
			s.emit(tString, from, start)
			return
		}
		s.off++
	}
}

var operators = [...]string{
	"**=", "//=", ">>=", "<<=", "...",
	"**", "//", ">>", "<<", "<=", ">=", "==", "!=", "<>", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=",
}

func (s *scanner) operator() {
	from := s.off
	start := s.pos(from)
	rest := s.src[from:s.end]
	if len(rest) > 1 && strings.IndexByte("*/><.=-:", rest[1]) >= 0 { // the second signs there are
		for _, op := range operators {
			if strings.HasPrefix(rest, op) {
				s.off += len(op)
				s.emit(tOp, from, start)
				return
			}
		}
	}
	c := rest[0]
	switch c {
	case '(', '[', '{':
		if len(s.open) >= maxParens {
			s.fail(start, "too many nested parentheses")
		}
		s.open = append(s.open, bracket{c, start})
	case ')', ']', '}':
		if len(s.open) == 0 {
			s.fail(start, "unmatched '%c'", c)
		}
		b := s.open[len(s.open)-1]
		if b.char == '(' && c != ')' || b.char == '[' && c != ']' || b.char == '{' && c != '}' {
			if b.pos.Line != start.Line {
				s.fail(start, "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c, b.char, b.pos.Line)
			}
			s.fail(start, "closing parenthesis '%c' does not match opening parenthesis '%c'", c, b.char)
		}
		s.open = s.open[:len(s.open)-1]
	case '+', '-', '*', '/', '%', '@', '&', '|', '^', '~', '<', '>', ',', ':', '.', ';', '=', '!', '?', '$', '`':
	default:
		s.fail(start, "invalid non-printable character U+%04X", c)
	}
	s.off++
	s.emit(tOp, from, start)
}
