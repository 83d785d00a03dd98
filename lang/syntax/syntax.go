// Package syntax reads the text of methods: scanner, recursive-descent parser,
// tree and resolver of the method language, which is a subset of Python 3.11.
//
// A text goes through three stages: scan cuts it into tokens, the parser builds
// the tree (tree.go), the resolver gives every name its place. ParseMethod and
// ParseBody run all three; nothing else leaves the package.
//
// What must hold:
//   - A text that is accepted means in CPython 3.11 what the tree says, spans
//     included. What CPython refuses is refused, with its message where the
//     tests claim so; what is refused beyond that says what to do instead.
//   - No text, however large or nested, makes it panic, recurse without bound or
//     take more than time proportional to its length: see the bounds in
//     scanner.go. The height of the tree is bounded too, so that compilers may
//     recurse over it.
//
// Traps: columns count code points, not bytes. Annotations are parsed but not
// resolved: they are never evaluated. CPython finds errors in an order of its
// own (those of its tokenizer first, wherever they stand); the scanner reads the
// whole text before the parser begins so that the order is the same.
//
// It is not a compiler and knows no values.
package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says where and why a text does not parse.
type Error struct {
	Class      string // SyntaxError, IndentationError or TabError
	Msg        string // as CPython says it where it has the same error; ends in the way out where there is one
	Line, Col  int    // from 1
	EndCol     int    // just behind, 0 when unknown
	Source     string // the line
	Incomplete bool   // more input could make the text whole (for a repl)
}

func (e *Error) Error() string { return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Col, e.Msg) }

// ParseMethod reads a text that is exactly one def, and resolves its names.
func ParseMethod(source string) (f *FunctionDef, err error) {
	src := normalize(source)
	defer func() {
		if err != nil {
			f = nil
		}
	}()
	defer catch(src, &err)
	body := parse(src)
	if len(body.Stmts) != 1 {
		at, what := Span{Pos{1, 1}, Pos{1, 1}}, "nothing"
		if len(body.Stmts) > 1 {
			at, what = body.Stmts[1].At(), "more"
		}
		panic(fatal{&Error{Class: "SyntaxError", Msg: "a method is the text of exactly one function, and there is " + what + " here: def selector(self): ...", Line: int(at.Start.Line), Col: int(at.Start.Col)}})
	}
	f, ok := body.Stmts[0].(*FunctionDef)
	if !ok {
		at := body.Stmts[0].At()
		panic(fatal{&Error{Class: "SyntaxError", Msg: "a method is the text of exactly one function: def selector(self): ...", Line: int(at.Start.Line), Col: int(at.Start.Col), EndCol: endCol(at)}})
	}
	resolveMethod(f)
	return f, nil
}

// ParseBody reads statements, as an eval or a repl runs them, and resolves
// their names.
func ParseBody(source string) (b *Body, err error) {
	src := normalize(source)
	defer func() {
		if err != nil {
			b = nil
		}
	}()
	defer catch(src, &err)
	b = parse(src)
	b.Source = source
	resolveBody(b)
	return b, nil
}

// normalize makes every line end in a single line feed, as CPython does.
func normalize(source string) string {
	if strings.IndexByte(source, '\r') < 0 {
		return source
	}
	return strings.ReplaceAll(strings.ReplaceAll(source, "\r\n", "\n"), "\r", "\n")
}

// catch turns a fatal into the error that leaves the package.
func catch(src string, err *error) {
	switch r := recover().(type) {
	case nil:
	case fatal:
		e := *r.err
		lines := strings.SplitN(src, "\n", e.Line+1)
		if e.Line >= 1 && e.Line <= len(lines) {
			e.Source = lines[e.Line-1]
		}
		*err = &e
	default:
		panic(r)
	}
}

func parse(src string) *Body {
	refuse := func(line int, msg string) {
		panic(fatal{&Error{Class: "SyntaxError", Msg: msg, Line: line, Col: 1}})
	}
	if len(src) > maxSource {
		refuse(1, fmt.Sprintf("the text is too long: %d bytes, at most %d; split it into several methods", len(src), maxSource))
	}
	if i := strings.IndexByte(src, 0); i >= 0 {
		refuse(1+strings.Count(src[:i], "\n"), "source code string cannot contain null bytes")
	}
	if !utf8.ValidString(src) {
		i := 0
		for r, n := utf8.DecodeRuneInString(src); r != utf8.RuneError || n > 1; r, n = utf8.DecodeRuneInString(src[i:]) {
			i += n
		}
		refuse(1+strings.Count(src[:i], "\n"), "the text is not valid UTF-8: save it as UTF-8")
	}
	s := scan(src)
	p := &parser{src: src, toks: s.toks, soft: s.soft, wins: s.wins, count: len(s.toks), lastTo: -1}
	b := &Body{Source: src}
	b.Stmts = p.statements()
	if p.tok().kind != tEOF {
		p.unexpected()
	}
	b.Span = Span{Pos{1, 1}, p.lastEnd()}
	return b
}

// Doc is the docstring of a method's text, "" for none or a text that does not
// parse.
func Doc(source string) string {
	f, err := ParseMethod(source)
	if err != nil {
		return ""
	}
	return f.Doc
}

// Signature gives the selector and the parameters of a method's text as
// written, without annotations of its result: "deposit", "self, amount=1".
func Signature(source string) (name, params string, err error) {
	f, err := ParseMethod(source)
	if err != nil {
		return "", "", err
	}
	all := f.Params.All()
	if len(all) == 0 {
		return f.Name, "", nil
	}
	// Between the name's parenthesis and its partner, as the scanner sees them.
	s := scan(normalize(source))
	i := 0
	for s.toks[i].start != f.NamePos.Start {
		i++
	}
	open := s.toks[i+1]
	j := i + 2
	for s.toks[j].level >= open.level {
		j++
	}
	return f.Name, strings.TrimSpace(normalize(source)[int(open.off)+1 : s.toks[j].off]), nil
}
