package syntax

import "strings"

// call reads the arguments of a call, parentheses included.
func (p *parser) call() []Arg {
	p.enter()
	defer p.leave()
	open := p.next()
	var args []Arg
	keyword, unpacked := false, false
	for !p.is(")") {
		start := p.tok().start
		t := p.tok()
		var a Arg
		switch {
		case p.is("**"):
			p.next()
			a = Arg{Star: 2, Value: p.expression()}
			keyword, unpacked = true, true
		case p.is("*"):
			p.next()
			a = Arg{Star: 1, Value: p.expression()}
			if unpacked {
				p.failSpan(Span{start, a.Value.At().End}, "iterable argument unpacking follows keyword argument unpacking")
			}
		case t.kind == tName && p.peek(1).is("="):
			p.next()
			p.next()
			if t.text == "__debug__" {
				p.failTok(t, "cannot assign to __debug__")
			}
			if p.isAny(")", ",") {
				p.unexpected()
			}
			a = Arg{Name: t.text, Value: p.expression()}
			if p.is("for") && !p.quiet {
				if ok, _ := p.try(func() { p.clauses() }); ok {
					p.failSpan(Span{t.start, p.toks[p.i-1].end}, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
				}
			}
			keyword = true
		case t.kind == tKeyword && (t.text == "True" || t.text == "False" || t.text == "None") && p.peek(1).is("="):
			p.failSpan(Span{t.start, p.peek(1).end}, "cannot assign to %s", t.text)
		default:
			var x Expr
			if t.kind == tName && p.peek(1).is(":=") {
				x = p.named()
			} else {
				x = p.expression()
				if p.is("=") {
					p.failSpan(Span{x.At().Start, p.tok().end}, "expression cannot contain assignment, perhaps you meant \"==\"?")
				}
			}
			if p.is("for") || p.is("async") {
				clauses := p.clauses()
				gen := &Comprehension{Span: p.from(start), Kind: GeneratorExp, X: x, Clauses: clauses}
				if len(args) > 0 || !p.is(")") {
					if len(args) > 0 || p.is(",") && !p.peek(1).is(")") || p.is(",") {
						p.failSpan(gen.Span, "Generator expression must be parenthesized")
					}
					p.unexpected()
				}
				close := p.next()
				gen.Span = Span{open.start, close.end}
				return []Arg{{Span: gen.Span, Value: gen}}
			}
			if keyword && !p.quiet {
				what := "positional argument follows keyword argument"
				if unpacked {
					what += " unpacking"
				}
				if p.isAny(",", ")") {
					p.failKeywordOrder(what)
				}
			}
			a = Arg{Value: x}
		}
		a.Span = p.from(start)
		args = append(args, a)
		if !p.accept(",") {
			break
		}
	}
	p.want(")")
	return args
}

// failKeywordOrder stands at the call's closing parenthesis, as CPython does.
func (p *parser) failKeywordOrder(what string) {
	ok, end := p.try(func() {
		for p.accept(",") && !p.is(")") {
			if p.isAny("*", "**") {
				p.next()
			} else if p.tok().kind == tName && p.peek(1).is("=") {
				p.next()
				p.next()
			}
			p.named()
		}
		p.want(")")
	})
	if ok {
		p.failTok(p.toks[end-1], "%s", what)
	}
	p.failTok(p.toks[p.i-1], "%s", what)
}

// checkAttribute refuses the names by which a method would get at the machine.
func (p *parser) checkAttribute(n token) {
	switch n.text {
	case "__name__", "__cause__", "__context__", "__doc__", "_p_oid", "_p_changed":
		return
	}
	if strings.HasPrefix(n.text, "__") && strings.HasSuffix(n.text, "__") && len(n.text) > 4 {
		hint := ""
		if n.text == "__class__" {
			hint = "; write type(x)"
		}
		p.failTok(n, "dunder names are not reached from methods (%s)%s", n.text, hint)
	}
	if strings.HasPrefix(n.text, "_p_") {
		p.failTok(n, "names that begin with _p_ belong to the image (%s): the rest is automatic; only _p_oid and _p_changed can be reached", n.text)
	}
}
