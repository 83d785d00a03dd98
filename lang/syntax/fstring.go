package syntax

import (
	"strings"
	"unicode/utf8"
)

// fstring takes the parts of f-strings apart, with the rules of CPython 3.11:
// the literal ends at its quote whatever stands in braces, an expression has no
// backslash and no comment, a format spec has replacements of its own but these
// have no deeper ones.
type fstring struct {
	p     *parser
	lit   literal
	i     int // in lit.body
	out   []Expr
	cur   Pos // of byte curAt of the body
	curAt int
}

// literal adds the parts of an f-string.
func (f *fstring) literal(l literal) {
	f.lit, f.i = l, 0
	head := l.bodyOff - int(l.tok.off)
	f.cur, f.curAt = Pos{l.tok.start.Line, l.tok.start.Col + int32(head)}, 0
	f.parts(0)
	if f.i < len(l.body) { // only a '}' ends parts early
		f.fail("single '}' is not allowed")
	}
}

// pos is the place of byte i of the body, not before the last one asked for.
func (f *fstring) pos(i int) Pos {
	f.cur = advance(f.cur, f.lit.body[f.curAt:i])
	f.curAt = i
	return f.cur
}

func advance(p Pos, text string) Pos {
	for {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			p.Col += int32(utf8.RuneCountInString(text))
			return p
		}
		p = Pos{p.Line + 1, 1}
		text = text[i+1:]
	}
}

// text adds a literal text to the parts.
func (f *fstring) text(at Span, s string) {
	if s == "" {
		return
	}
	if n := len(f.out); n > 0 {
		if last, ok := f.out[n-1].(*StrLit); ok {
			last.Value += s
			last.End = at.End
			return
		}
	}
	f.out = append(f.out, &StrLit{at, s})
}

func (f *fstring) take() []Expr {
	out := f.out
	f.out = nil
	return out
}

func (f *fstring) fail(format string, a ...any) {
	f.p.failTok(f.lit.tok, "f-string: "+format, a...)
}

// parts reads texts and replacements up to the end of the body, or in a format
// spec (level > 0) up to a '}'.
func (f *fstring) parts(level int) {
	body := f.lit.body
	for f.i < len(body) {
		start := f.pos(f.i)
		from, end := f.i, 0
		doubled := false
	text:
		for {
			if f.i >= len(body) {
				end = f.i
				break
			}
			c := body[f.i]
			f.i++
			if c == '\\' && !f.lit.raw && f.i < len(body) {
				c = body[f.i]
				f.i++
				if c == 'N' {
					if f.i < len(body) && body[f.i] == '{' {
						for f.i < len(body) && body[f.i] != '}' {
							f.i++
						}
						f.i = min(f.i+1, len(body))
					}
					continue
				}
			}
			if c != '{' && c != '}' {
				continue
			}
			if level == 0 {
				if f.i < len(body) && body[f.i] == c {
					end = f.i
					f.i++
					doubled = true
					break text
				}
				if c == '}' {
					f.fail("single '}' is not allowed")
				}
			}
			f.i--
			end = f.i
			break
		}
		piece := body[from:end]
		stop := f.pos(f.i)
		f.text(Span{start, stop}, f.p.decode(f.lit, piece))
		if doubled {
			continue
		}
		if f.i >= len(body) || body[f.i] == '}' {
			return
		}
		f.replacement(level)
	}
}

// replacement reads {expression=!c:spec}.
func (f *fstring) replacement(level int) {
	if level >= 2 {
		f.fail("expressions nested too deeply")
	}
	body := f.lit.body
	start := f.pos(f.i)
	f.i++
	from := f.i
	f.expressionEnd()
	x := f.expression(from, f.i)
	r := &Replacement{X: x}
	need := func() {
		if f.i >= len(body) {
			f.fail("expecting '}'")
		}
	}
	need()
	if body[f.i] == '=' {
		f.i++
		for f.i < len(body) && strings.IndexByte(" \t\n\r\f\v", body[f.i]) >= 0 {
			f.i++
		}
		need()
		r.Debug = body[from:f.i]
	}
	if body[f.i] == '!' {
		f.i++
		need()
		r.Conversion = body[f.i]
		_, n := utf8.DecodeRuneInString(body[f.i:])
		if strings.IndexByte("sra", r.Conversion) < 0 {
			f.fail("invalid conversion character: expected 's', 'r', or 'a'")
		}
		f.i += n
		need()
	}
	if body[f.i] == ':' {
		f.i++
		specStart := f.pos(f.i)
		outer := f.take()
		f.parts(level + 1)
		r.Spec = &FString{Span{specStart, f.pos(f.i)}, f.take()}
		f.out = outer
		need()
	}
	if body[f.i] != '}' {
		f.fail("expecting '}'")
	}
	f.i++
	if r.Debug != "" && r.Conversion == 0 && r.Spec == nil {
		r.Conversion = 'r'
	}
	r.Span = Span{start, f.pos(f.i)}
	f.out = append(f.out, r)
}

// expressionEnd moves to the sign that ends the expression.
func (f *fstring) expressionEnd() {
	body := f.lit.body
	var open []byte
	quote, triple := byte(0), false
loop:
	for ; f.i < len(body); f.i++ {
		c := body[f.i]
		if c == '\\' {
			f.p.failTok(f.lit.tok, "f-string expression part cannot include a backslash")
		}
		same3 := f.i+2 < len(body) && body[f.i+1] == c && body[f.i+2] == c
		if quote != 0 {
			if c == quote && (!triple || same3) {
				if triple {
					f.i += 2
				}
				quote = 0
			}
			continue
		}
		switch c {
		case '\'', '"':
			quote, triple = c, same3
			if triple {
				f.i += 2
			}
		case '(', '[', '{':
			if len(open) >= maxParens {
				f.fail("too many nested parenthesis")
			}
			open = append(open, c)
		case '#':
			f.p.failTok(f.lit.tok, "f-string expression part cannot include '#'")
		case ')', ']', '}':
			if len(open) == 0 {
				if c == '}' {
					break loop
				}
				f.fail("unmatched '%c'", c)
			}
			o := open[len(open)-1]
			open = open[:len(open)-1]
			if o == '(' && c != ')' || o == '[' && c != ']' || o == '{' && c != '}' {
				f.fail("closing parenthesis '%c' does not match opening parenthesis '%c'", c, o)
			}
		case '!', ':', '=', '<', '>':
			if len(open) > 0 {
				continue
			}
			if f.i+1 < len(body) && body[f.i+1] == '=' && c != ':' {
				f.i++
				continue
			}
			if c == '<' || c == '>' {
				continue
			}
			break loop
		}
	}
	hint := ""
	if f.i >= len(body) && f.touches() {
		hint = "; inside the braces use the other kind of quotes"
	}
	if quote != 0 {
		f.fail("unterminated string%s", hint)
	}
	if len(open) > 0 {
		f.fail("unmatched '%c'%s", open[len(open)-1], hint)
	}
	if f.i >= len(body) {
		f.fail("expecting '}'%s", hint)
	}
}

// touches tells whether a word or a string follows the literal without a blank,
// as in f"{a["b"]}": the quotes inside the braces have ended it.
func (f *fstring) touches() bool {
	end := int(f.lit.tok.off) + len(f.lit.tok.text)
	return end < len(f.p.src) && (isNameByte(f.p.src[end]) || strings.IndexByte("'\"", f.p.src[end]) >= 0)
}

// expression reads the text between from and to as if in parentheses.
func (f *fstring) expression(from, to int) Expr {
	text := f.lit.body[from:to]
	if strings.Trim(text, " \t\n\r\f\v") == "" {
		if c := f.lit.body[to]; c == '!' || c == ':' || c == '=' {
			f.fail("expression required before '%c'", c)
		}
		f.fail("empty expression not allowed")
	}
	p := f.p
	start := f.pos(from)
	off := f.lit.bodyOff + from
	s := &scanner{src: p.src, off: off, end: off + len(text), line: start.Line, markOff: off, markCol: start.Col, prefix: "f-string: "}
	s.open = append(s.open, bracket{'(', start})
	s.toks = append(s.toks, token{kind: tOp, level: 1, off: int32(off), text: "(", start: start, end: start})
	for {
		for s.off < s.end && strings.IndexByte(" \t\f\n", s.src[s.off]) >= 0 {
			if s.src[s.off] == '\n' {
				s.newline(s.off)
			}
			s.off++
		}
		if s.off >= s.end {
			break
		}
		s.token()
		p.count++
		if p.count > maxTokens {
			f.fail("the text is too long")
		}
	}
	end := s.pos(s.off)
	s.toks = append(s.toks, token{kind: tOp, off: int32(s.off), text: ")", start: end, end: end}, token{kind: tEOF, start: end, end: end})
	sub := &parser{src: p.src, toks: s.toks, prefix: "f-string: ", depth: p.depth, count: p.count, quiet: p.quiet}
	sub.enter()
	x := sub.starExpressions()
	p.count = sub.count
	if sub.tok().kind != tEOF {
		sub.unexpected()
	}
	p.h = max(p.h, sub.h)
	if t, ok := x.(*Tuple); ok && t.Paren && len(sub.toks) > 0 && t.Start == start {
		t.Paren = false
	}
	return x
}
