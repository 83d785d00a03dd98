package syntax

// Atoms: names, literals, and all that stands in brackets.

func (p *parser) atom() Expr {
	t := p.tok()
	span := Span{t.start, t.end}
	switch t.kind {
	case tName:
		p.next()
		return &Name{Span: span, ID: t.text}
	case tNumber:
		p.next()
		return p.numberLit(t)
	case tString:
		return p.strings()
	case tKeyword:
		switch t.text {
		case "None":
			p.next()
			return &NoneLit{span}
		case "True", "False":
			p.next()
			return &BoolLit{span, t.text == "True"}
		}
	case tOp:
		switch t.text {
		case "...":
			p.next()
			return &Ellipsis{span}
		case "(":
			return p.paren()
		case "[":
			return p.list()
		case "{":
			return p.braces()
		}
	}
	p.unexpected()
	return nil
}

// paren: a group, a tuple, a generator expression or a yield.
func (p *parser) paren() Expr {
	p.enter()
	defer p.leave()
	start := p.next().start
	if p.accept(")") {
		return &Tuple{p.from(start), nil, true}
	}
	if p.is("yield") {
		x := p.yield()
		p.want(")")
		return x
	}
	if p.is("**") {
		t := p.next()
		if ok, _ := p.try(func() { p.expression(); p.want(")") }); ok {
			p.failTok(t, "cannot use double starred expression here")
		}
		p.i--
		p.unexpected()
	}
	x := p.starNamed()
	switch {
	case p.is("for") || p.is("async"):
		p.checkElement(x)
		clauses := p.clauses()
		p.want(")")
		return &Comprehension{Span: p.from(start), Kind: GeneratorExp, X: x, Clauses: clauses}
	case p.is(","):
		items := []Expr{x}
		for p.accept(",") && !p.is(")") {
			items = append(items, p.starNamed())
		}
		p.want(")")
		return &Tuple{p.from(start), items, true}
	}
	if s, ok := x.(*Starred); ok {
		if p.is(")") {
			p.failTok(token{start: s.Start, end: Pos{s.Start.Line, s.Start.Col + 1}}, "cannot use starred expression here")
		}
	}
	p.want(")")
	return x
}

// checkElement refuses *x and **x as the element of a comprehension.
func (p *parser) checkElement(x Expr) {
	if s, ok := x.(*Starred); ok {
		p.failSpan(s.Span, "iterable unpacking cannot be used in comprehension")
	}
}

// checkTargetList is CPython's "did you forget parentheses" for [a, b for ...].
func (p *parser) checkTargetList(items []Expr) {
	if p.is("for") && !p.quiet {
		if ok, _ := p.try(func() { p.clauses() }); ok {
			p.failSpan(Span{items[0].At().Start, items[len(items)-1].At().End}, "did you forget parentheses around the comprehension target?")
		}
	}
}

func (p *parser) list() Expr {
	p.enter()
	defer p.leave()
	start := p.next().start
	var items []Expr
	for !p.is("]") {
		items = append(items, p.starNamed())
		if len(items) == 1 && (p.is("for") || p.is("async")) {
			p.checkElement(items[0])
			clauses := p.clauses()
			p.want("]")
			return &Comprehension{Span: p.from(start), Kind: ListComp, X: items[0], Clauses: clauses}
		}
		if !p.accept(",") {
			break
		}
	}
	if len(items) > 1 {
		p.checkTargetList(items)
	}
	p.want("]")
	return &List{p.from(start), items}
}

// braces: a dict, a set or a comprehension of one.
func (p *parser) braces() Expr {
	p.enter()
	defer p.leave()
	start := p.next().start
	if p.accept("}") {
		return &Dict{Span: p.from(start)}
	}
	if p.is("**") {
		return p.dict(start, nil)
	}
	from := p.tok().start
	x := p.starNamed()
	if _, star := x.(*Starred); !star && p.is(":") {
		if w, ok := x.(*Walrus); !ok || w.Start != from { // in parentheses it may be a key
			return p.dict(start, x)
		}
	}
	if p.is("for") || p.is("async") {
		p.checkElement(x)
		clauses := p.clauses()
		p.want("}")
		return &Comprehension{Span: p.from(start), Kind: SetComp, X: x, Clauses: clauses}
	}
	items := []Expr{x}
	for p.accept(",") && !p.is("}") {
		items = append(items, p.starNamed())
	}
	if len(items) > 1 {
		p.checkTargetList(items)
	}
	p.want("}")
	return &Set{p.from(start), items}
}

// dict reads on behind '{' or behind the first key.
func (p *parser) dict(start Pos, key Expr) Expr {
	d := &Dict{}
	for first := true; !p.is("}"); first = false {
		if p.is("**") && key == nil {
			t := p.next()
			v := p.bitOr()
			if first && p.is("for") {
				p.failTok(t, "dict unpacking cannot be used in dict comprehension")
			}
			d.Keys, d.Values = append(d.Keys, nil), append(d.Values, v)
		} else {
			if key == nil {
				key = p.expression()
			}
			if !p.is(":") {
				p.soften()
				p.failTok(p.toks[p.i-1], "':' expected after dictionary key")
			}
			colon := p.next()
			if p.isAny("}", ",") {
				p.failTok(colon, "expression expected after dictionary key and ':'")
			}
			if p.is("*") {
				s := p.tok()
				if ok, _ := p.try(func() { p.next(); p.bitOr() }); ok {
					p.failTok(s, "cannot use a starred expression in a dictionary value")
				}
			}
			v := p.expression()
			if first && (p.is("for") || p.is("async")) {
				clauses := p.clauses()
				p.want("}")
				return &Comprehension{Span: p.from(start), Kind: DictComp, X: key, Value: v, Clauses: clauses}
			}
			d.Keys, d.Values = append(d.Keys, key), append(d.Values, v)
			key = nil
		}
		if !p.accept(",") {
			break
		}
	}
	p.want("}")
	d.Span = p.from(start)
	return d
}

// clauses reads the "for ... in ... if ..." of a comprehension.
func (p *parser) clauses() []Clause {
	var all []Clause
	for {
		if p.is("async") {
			p.failTok(p.tok(), "%s", refusedWords["async"])
		}
		start := p.tok().start
		p.want("for")
		target := p.targets()
		p.want("in")
		c := Clause{Target: target, Iter: p.disjunction()}
		for p.accept("if") {
			c.Ifs = append(c.Ifs, p.disjunction())
		}
		c.Span = p.from(start)
		all = append(all, c)
		if !p.is("for") && !p.is("async") {
			return all
		}
	}
}
