package syntax

import (
	"fmt"
	"strings"
)

// parser is a recursive-descent parser over all tokens of a text. It fails by
// panic(fatal), which the entry points catch.
type parser struct {
	src    string
	toks   []token
	i      int    // of the next token
	soft   *Error // of the scanner
	wins   bool
	prefix string // "f-string: " inside one
	count  int    // tokens, those inside f-strings included

	depth int  // of nested expressions
	h     int  // height of the tallest left-leaning chain parsed so far
	quiet bool // trying something out to find a better error: no suggestions

	// Where the last disjunction began and ended, for "forgot a comma".
	lastFrom, lastTo int
}

func (p *parser) tok() token { return p.toks[p.i] }

func (p *parser) peek(n int) token {
	if p.i+n < len(p.toks) {
		return p.toks[p.i+n]
	}
	return p.toks[len(p.toks)-1]
}

func (p *parser) next() token {
	t := p.toks[p.i]
	if p.i < len(p.toks)-1 {
		p.i++
	}
	return t
}

func (p *parser) prevEnd() Pos {
	if p.i == 0 {
		return p.toks[0].start
	}
	return p.toks[p.i-1].end
}

// from is the span from a start to the end of the last token.
func (p *parser) from(start Pos) Span { return Span{start, p.prevEnd()} }

// is tells whether the next token is that keyword or operator.
func (p *parser) is(text string) bool { return p.tok().is(text) }

func (t token) is(text string) bool {
	return t.text == text && (t.kind == tOp || t.kind == tKeyword)
}

func (p *parser) isAny(texts ...string) bool {
	t := p.tok()
	if t.kind != tOp && t.kind != tKeyword {
		return false
	}
	for _, s := range texts {
		if t.text == s {
			return true
		}
	}
	return false
}

// accept takes the next token if it is that keyword or operator.
func (p *parser) accept(text string) bool {
	if p.is(text) {
		p.next()
		return true
	}
	return false
}

// want takes that keyword or operator, or says "invalid syntax".
func (p *parser) want(text string) token {
	if !p.is(text) {
		p.unexpected()
	}
	return p.next()
}

// wantForced takes that operator, or says that it was expected.
func (p *parser) wantForced(text string) {
	if !p.is(text) {
		p.soften()
		p.failTok(p.tok(), "expected '%s'", text)
	}
	p.next()
}

// wantColon takes the ':' of a compound statement; CPython says that one was
// expected only where the line ends.
func (p *parser) wantColon() {
	if p.tok().kind == tNewline {
		p.failTok(p.tok(), "expected ':'")
	}
	p.want(":")
}

func (p *parser) name() *Name {
	t := p.tok()
	if t.kind != tName {
		p.unexpected()
	}
	p.next()
	return &Name{Span: Span{t.start, t.end}, ID: t.text}
}

// enter counts nested expressions; leave ends one.
func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.failTok(p.tok(), "too many nested expressions: give parts of it names")
	}
}

func (p *parser) leave() { p.depth-- }

// link counts one more link of a left-leaning chain, as a + b + c or a.b.c,
// whose tree is as high as the chain is long.
func (p *parser) link() {
	if p.h++; p.h > maxHeight {
		p.failTok(p.tok(), "the expression is a chain of more than %d operations: give parts of it names", maxHeight)
	}
}

// soften fails with what the scanner could not read, if that comes next.
func (p *parser) soften() {
	if p.tok().kind == tError && p.soft != nil {
		panic(fatal{p.soft})
	}
}

func (p *parser) failSpan(at Span, format string, a ...any) {
	p.preferScanner()
	panic(fatal{&Error{
		Class: "SyntaxError", Msg: p.prefix + fmt.Sprintf(format, a...),
		Line: int(at.Start.Line), Col: int(at.Start.Col), EndCol: endCol(at),
	}})
}

func endCol(at Span) int {
	if at.End.Line != at.Start.Line {
		return 0
	}
	return int(at.End.Col)
}

func (p *parser) failTok(t token, format string, a ...any) {
	p.failSpan(Span{t.start, t.end}, format, a...)
}

func (p *parser) failIndent(t token, format string, a ...any) {
	at := p.stand(t)
	e := &Error{Class: "IndentationError", Msg: fmt.Sprintf(format, a...), Line: int(at.Start.Line), Col: int(at.Start.Col), EndCol: endCol(at)}
	e.Incomplete = t.kind == tEOF || t.kind == tDedent && p.toks[len(p.toks)-1].start == t.start
	panic(fatal{e})
}

// try tells whether f succeeds, and leaves the parser where it was.
func (p *parser) try(f func()) (ok bool, end int) {
	i, depth, h, quiet, from, to := p.i, p.depth, p.h, p.quiet, p.lastFrom, p.lastTo
	p.quiet = true
	defer func() {
		end = p.i
		p.i, p.depth, p.h, p.quiet, p.lastFrom, p.lastTo = i, depth, h, quiet, from, to
		if r := recover(); r != nil {
			if _, isFatal := r.(fatal); !isFatal {
				panic(r)
			}
			ok = false
		}
	}()
	f()
	return true, 0
}

// unexpected fails at the next token, with CPython's guess at what was meant
// where it has one.
func (p *parser) unexpected() {
	t := p.tok()
	p.soften()
	switch t.kind {
	case tIndent:
		p.failIndent(t, "unexpected indent")
	case tDedent:
		p.failIndent(t, "unexpected unindent")
	}
	if p.quiet {
		p.failTok(t, "invalid syntax")
	}
	if p.lastTo == p.i && p.i > 0 {
		p.guess()
	}
	p.preferScanner()
	if t.is("not") && p.lastTo == p.i { // CPython has looked for an in behind it
		t = p.peek(1)
	}
	e := &Error{Class: "SyntaxError", Msg: p.prefix + "invalid syntax", Line: int(t.start.Line), Col: int(t.start.Col), EndCol: endCol(Span{t.start, t.end}), Incomplete: t.kind == tEOF}
	panic(fatal{e})
}

// preferScanner fails with the scanner's error where CPython prefers it to one of
// its parser: most of them, and "never closed" when that bracket was opened on
// a line before the next token.
func (p *parser) preferScanner() {
	if p.wins && !p.quiet {
		panic(fatal{p.soft})
	}
	if p.soft != nil && !p.quiet && strings.HasSuffix(p.soft.Msg, "was never closed") && int(p.tok().start.Line) > p.soft.Line {
		panic(fatal{p.soft})
	}
}

// stand is where an error at a token is: at the end of the text CPython stands
// behind the last line.
func (p *parser) stand(t token) Span {
	if t.kind == tEOF || t.kind == tDedent && p.toks[len(p.toks)-1].start == t.start {
		at := advance(Pos{1, 1}, strings.TrimSuffix(p.src, "\n"))
		return Span{at, at}
	}
	return Span{t.start, t.end}
}

// legacy is CPython's word for the print statement of Python 2; word is print or
// exec, just behind.
func (p *parser) legacy(word token) {
	if ok, end := p.try(func() { p.starExpressions() }); ok {
		p.failSpan(Span{word.start, p.toks[end-1].end}, "Missing parentheses in call to '%s'. Did you mean %s(...)?", word.text, word.text)
	}
}

// guess is CPython's invalid_expression: it looks at the disjunction that ended
// before the next token.
func (p *parser) guess() {
	first := p.toks[p.lastFrom]
	if first.kind == tName {
		if p.lastTo == p.lastFrom+1 && (first.text == "print" || first.text == "exec") {
			p.legacy(first)
			return
		}
		if p.toks[p.lastFrom+1].kind == tString || first.text == "match" || first.text == "case" || first.text == "_" {
			return
		}
	}
	ok, end := p.try(func() { p.expression() })
	if !ok {
		return
	}
	if p.toks[end-1].level == 0 {
		return
	}
	p.failSpan(Span{first.start, p.toks[end-1].end}, "invalid syntax. Perhaps you forgot a comma?")
}
