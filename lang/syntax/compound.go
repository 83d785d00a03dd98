package syntax

// Compound statements: those with a block of their own.

func (p *parser) ifStmt(word string) Stmt {
	t := p.next()
	s := &If{Test: p.named()}
	p.wantColon()
	s.Body = p.block("'"+word+"' statement", t.start.Line)
	p.elses(s, t.start)
	return s
}

// elses reads the elif and else parts of an if. Each elif is one level of the
// tree.
func (p *parser) elses(s *If, start Pos) {
	all := []*If{s}
	starts := []Pos{start}
	for p.is("elif") {
		t := p.next()
		if len(all) >= maxHeight {
			p.failTok(t, "more than %d branches in one if: use a dict", maxHeight)
		}
		e := &If{Test: p.named()}
		p.wantColon()
		e.Body = p.block("'elif' statement", t.start.Line)
		all[len(all)-1].Else = []Stmt{e}
		all, starts = append(all, e), append(starts, t.start)
	}
	all[len(all)-1].Else = p.elseBlock()
	for i, e := range all {
		e.Span = Span{starts[i], p.lastEnd()}
	}
}

// lastEnd is where the last statement ended: NEWLINE and DEDENT tokens are no
// part of it.
func (p *parser) lastEnd() Pos {
	for i := p.i - 1; i >= 0; i-- {
		switch p.toks[i].kind {
		case tNewline, tDedent, tIndent:
			continue
		}
		return p.toks[i].end
	}
	return Pos{1, 1}
}

// span is that of a compound statement.
func (p *parser) span(start Pos) Span { return Span{start, p.lastEnd()} }

func (p *parser) elseBlock() []Stmt {
	if !p.is("else") {
		return nil
	}
	t := p.next()
	p.wantForced(":")
	return p.block("'else' statement", t.start.Line)
}

func (p *parser) while() Stmt {
	t := p.next()
	s := &While{Test: p.named()}
	p.wantColon()
	s.Body = p.block("'while' statement", t.start.Line)
	s.Else = p.elseBlock()
	s.Span = p.span(t.start)
	return s
}

func (p *parser) forStmt() Stmt {
	t := p.next()
	s := &For{Target: p.targets()}
	p.want("in")
	s.Iter = p.starExpressions()
	p.noStar(s.Iter)
	if p.tok().kind == tNewline {
		p.wantForced(":")
	}
	p.want(":")
	s.Body = p.block("'for' statement", t.start.Line)
	s.Else = p.elseBlock()
	s.Span = p.span(t.start)
	return s
}

func (p *parser) try1() Stmt {
	t := p.next()
	p.wantForced(":")
	s := &Try{Body: p.block("'try' statement", t.start.Line)}
	bare := Span{}
	for p.is("except") {
		e := p.next()
		if p.is("*") {
			p.failTok(p.tok(), "except* and exception groups are not part of the method language: use except")
		}
		if bare != (Span{}) {
			p.failSpan(bare, "default 'except:' must be last")
		}
		h := Handler{}
		if p.is(":") || p.tok().kind == tNewline {
			bare = Span{e.start, e.end}
			p.wantColon()
		} else {
			h.Type = p.expression()
			if p.is(",") {
				if ok, _ := p.try(func() {
					p.next()
					p.starExpressions()
					if p.accept("as") {
						p.name()
					}
					p.want(":")
				}); ok {
					p.failSpan(h.Type.At(), "multiple exception types must be parenthesized")
				}
			}
			if p.accept("as") {
				h.Name = p.name()
				p.checkDebug(h.Name)
			}
			p.wantColon()
		}
		h.Body = p.block("'except' statement", e.start.Line)
		h.Span = p.span(e.start)
		if bare != (Span{}) {
			bare = h.Span
		}
		s.Handlers = append(s.Handlers, h)
	}
	if len(s.Handlers) > 0 {
		s.Else = p.elseBlock()
	}
	if p.is("finally") {
		f := p.next()
		p.wantForced(":")
		s.Finally = p.block("'finally' statement", f.start.Line)
	} else if len(s.Handlers) == 0 {
		p.soften()
		p.preferScanner()
		at := p.stand(p.tok()).Start
		e := &Error{Class: "SyntaxError", Msg: "expected 'except' or 'finally' block", Line: int(at.Line), Col: int(at.Col), Incomplete: p.tok().kind == tEOF}
		panic(fatal{e})
	}
	s.Span = p.span(t.start)
	return s
}

func (p *parser) with() Stmt {
	t := p.next()
	s := &With{}
	if items, ok := p.parenItems(); ok {
		s.Items = items
	} else {
		for {
			s.Items = append(s.Items, p.withItem())
			if !p.accept(",") {
				break
			}
		}
	}
	p.wantColon()
	s.Body = p.block("'with' statement", t.start.Line)
	s.Span = p.span(t.start)
	return s
}

func (p *parser) withItem() WithItem {
	start := p.tok().start
	i := WithItem{Context: p.expression()}
	if p.accept("as") {
		i.Target = p.withTarget()
	}
	i.Span = p.from(start)
	return i
}

// parenItems reads (a as b, c as d), if that and not an expression stands there.
func (p *parser) parenItems() ([]WithItem, bool) {
	if !p.is("(") {
		return nil, false
	}
	// Only the form whose closing parenthesis is followed by ':' can be meant.
	level := p.tok().level
	j := p.i + 1
	for j < len(p.toks)-1 && p.toks[j].level >= level {
		j++
	}
	if j >= len(p.toks)-1 || !p.toks[j+1].is(":") && p.toks[j+1].kind != tNewline || j == p.i+1 {
		return nil, false
	}
	from, h := p.i, p.h
	p.next()
	var items []WithItem
	for p.i < j {
		if p.isAny("*", "yield") {
			break
		}
		if len(items) > 0 && p.tok().kind == tName && p.peek(1).is(":=") {
			break
		}
		item := p.withItemQuiet()
		if item.Context == nil {
			break
		}
		items = append(items, item)
		if !p.accept(",") {
			break
		}
	}
	if p.i == j && len(items) > 0 {
		p.next()
		return items, true
	}
	p.i, p.h = from, h
	return nil, false
}

// withItemQuiet is withItem, with a nil Context where none stands: the text may
// be an expression.
func (p *parser) withItemQuiet() (i WithItem) {
	if ok, _ := p.try(func() { p.expression() }); !ok {
		return i
	}
	return p.withItem()
}

func (p *parser) def() Stmt {
	t := p.next()
	n := p.tok()
	if n.kind != tName {
		p.unexpected()
	}
	p.next()
	f := &FunctionDef{Name: n.text, NamePos: Span{n.start, n.end}}
	p.checkDebug(&Name{Span: f.NamePos, ID: f.Name})
	if !p.is("(") {
		p.soften()
		p.failTok(p.tok(), "expected '('")
	}
	p.next()
	f.Params = p.params(")", true)
	p.want(")")
	if p.is("->") {
		if p.peek(1).is(":") {
			p.failTok(p.tok(), "expected ':'")
		}
		p.next()
		f.Returns = p.expression()
	}
	p.wantForced(":")
	f.Body = p.block("function definition", t.start.Line)
	f.Doc = docstring(f.Body)
	f.Span = p.span(t.start)
	return f
}

func docstring(body []Stmt) string {
	if len(body) > 0 {
		if e, ok := body[0].(*ExprStmt); ok {
			if s, ok := e.X.(*StrLit); ok {
				return s.Value
			}
		}
	}
	return ""
}
