package syntax

// params reads the parameters of a def or, without annotations, of a lambda, up
// to but without the closing sign.
func (p *parser) params(closing string, annotations bool) Params {
	var ps Params
	what := "Function"
	if !annotations {
		what = "Lambda expression"
	}
	var list []Param // positional so far
	slash, star, defaults := false, false, false
	seen := 0
	for !p.is(closing) {
		if p.tok().kind == tNewline || p.tok().kind == tEOF {
			p.unexpected()
		}
		if ps.Kw != nil {
			t := p.tok()
			if t.kind == tName || p.isAny("*", "**", "/") {
				p.failTok(t, "arguments cannot follow var-keyword argument")
			}
		}
		t := p.tok()
		switch {
		case p.is("/"):
			switch {
			case slash:
				p.failTok(t, "/ may appear only once")
			case star:
				p.failTok(t, "/ must be ahead of *")
			case seen == 0:
				p.failTok(t, "at least one argument must precede /")
			}
			p.next()
			slash = true
			ps.PosOnly, list = list, nil
			if p.is("*") {
				p.failTok(p.tok(), "expected comma between / and *")
			}
		case p.is("*"):
			if star {
				p.failTok(t, "* argument may appear only once")
			}
			p.next()
			star = true
			switch {
			case p.tok().kind == tName:
				q := p.param(annotations, true)
				ps.Star = &q
				if p.is("=") {
					p.failTok(p.tok(), "var-positional argument cannot have default value")
				}
			case p.is(closing), p.is(",") && (p.peek(1).is(closing) || p.peek(1).is("**")):
				if !annotations && p.is(closing) {
					t = p.tok() // as CPython
				}
				p.failTok(t, "named arguments must follow bare *")
			case !p.is(","):
				p.unexpected()
			}
		case p.is("**"):
			p.next()
			q := p.param(annotations, false)
			ps.Kw = &q
			if p.is("=") {
				p.failTok(p.tok(), "var-keyword argument cannot have default value")
			}
		case p.is("("):
			if ok, end := p.try(func() { p.primaryNames() }); ok {
				p.failSpan(Span{t.start, p.toks[end-1].end}, "%s parameters cannot be parenthesized", what)
			}
			p.unexpected()
		default:
			q := p.param(annotations, false)
			if p.is("=") {
				eq := p.next()
				if p.isAny(closing, ",") {
					p.failTok(eq, "expected default value expression")
				}
				q.Default = p.expression()
				q.Span.End = p.prevEnd()
				defaults = true
			} else if defaults && !star {
				p.failSpan(q.Span, "non-default argument follows default argument")
			}
			if star {
				ps.KwOnly = append(ps.KwOnly, q)
			} else {
				list = append(list, q)
			}
		}
		seen++
		if !p.accept(",") {
			break
		}
	}
	ps.Pos = list
	return ps
}

// param reads NAME or NAME: annotation.
func (p *parser) param(annotation, star bool) Param {
	n := p.name()
	p.checkDebug(n)
	q := Param{Span: n.Span, Name: n.ID}
	if annotation && p.accept(":") {
		if star && p.is("*") {
			q.Annotation = p.starred()
		} else {
			q.Annotation = p.expression()
		}
		q.Span.End = p.prevEnd()
	}
	return q
}

// primaryNames reads (a, b), the parameters of Python 2.
func (p *parser) primaryNames() {
	p.want("(")
	for {
		p.name()
		if !p.accept(",") || p.is(")") {
			break
		}
	}
	p.want(")")
}
