package syntax

import "strings"

// statements reads up to the end of a block or of the text.
func (p *parser) statements() []Stmt {
	var all []Stmt
	for p.tok().kind != tEOF && p.tok().kind != tDedent {
		all = p.statement(all)
	}
	return all
}

// statement appends one compound statement or a line of simple ones.
func (p *parser) statement(all []Stmt) []Stmt {
	t := p.tok()
	p.lastTo = -1
	if t.kind == tKeyword {
		switch t.text {
		case "if":
			return append(all, p.ifStmt("if"))
		case "while":
			return append(all, p.while())
		case "for":
			return append(all, p.forStmt())
		case "try":
			return append(all, p.try1())
		case "with":
			return append(all, p.with())
		case "def":
			return append(all, p.def())
		case "class", "async":
			p.failTok(t, "%s", refusedWords[t.text])
		}
	}
	if t.is("@") {
		p.failTok(t, "%s", refusedWords["@"])
	}
	if t.kind == tName && t.text == "match" && p.startsMatch() {
		return append(all, p.match())
	}
	for {
		all = append(all, p.simple())
		if p.accept(";") {
			if p.tok().kind == tNewline {
				p.next()
				return all
			}
			continue
		}
		if p.tok().kind != tNewline {
			p.unexpected()
		}
		p.next()
		return all
	}
}

// block reads the body of a compound statement, behind its ':'.
func (p *parser) block(what string, line int32) []Stmt {
	if p.tok().kind != tNewline {
		var all []Stmt
		if t := p.tok(); t.kind == tKeyword && compound[t.text] {
			p.unexpected()
		}
		return p.statement(all)
	}
	p.next()
	if p.tok().kind != tIndent {
		p.soften()
		p.failIndent(p.tok(), "expected an indented block after %s on line %d", what, line)
	}
	p.next()
	all := p.statements()
	if p.tok().kind == tDedent {
		p.next()
	}
	return all
}

var compound = map[string]bool{"if": true, "while": true, "for": true, "try": true, "with": true, "def": true, "class": true, "async": true}

func (p *parser) simple() Stmt {
	t := p.tok()
	p.lastTo = -1
	if t.kind != tKeyword {
		return p.assignment()
	}
	span := Span{t.start, t.end}
	switch t.text {
	case "pass":
		p.next()
		return &Pass{span}
	case "break":
		p.next()
		return &Break{span}
	case "continue":
		p.next()
		return &Continue{span}
	case "return":
		p.next()
		r := &Return{}
		if p.startsExpression(true) {
			r.Value = p.starExpressions()
			p.noStar(r.Value)
		}
		r.Span = p.from(t.start)
		return r
	case "raise":
		p.next()
		r := &Raise{}
		if p.startsExpression(false) {
			r.Exc = p.expression()
			if p.accept("from") {
				r.Cause = p.expression()
			}
		}
		r.Span = p.from(t.start)
		return r
	case "assert":
		p.next()
		a := &Assert{Test: p.expression()}
		if p.accept(",") {
			a.Msg = p.expression()
		}
		a.Span = p.from(t.start)
		return a
	case "del":
		return p.del()
	case "nonlocal":
		p.next()
		n := &Nonlocal{}
		for {
			n.Names = append(n.Names, p.name().ID)
			if !p.accept(",") {
				break
			}
		}
		n.Span = p.from(t.start)
		return n
	case "global":
		p.failTok(t, "%s", refusedWords["global"])
	case "import":
		return p.importStmt()
	case "from":
		return p.importFrom()
	}
	return p.assignment()
}

func (p *parser) del() Stmt {
	start := p.next().start
	d := &Delete{}
	for {
		var x Expr
		if p.is("*") {
			x = p.starred()
		} else {
			x = p.expression()
		}
		d.Targets = append(d.Targets, x)
		if !p.accept(",") || p.isAny(";") || p.tok().kind == tNewline {
			break
		}
	}
	for _, x := range d.Targets {
		p.checkTarget(x, "delete")
	}
	d.Span = p.from(start)
	return d
}

var augmented = map[string]BinaryOp{
	"+=": Add, "-=": Sub, "*=": Mul, "/=": Div, "//=": FloorDiv, "%=": Mod, "**=": Pow,
	"<<=": LShift, ">>=": RShift, "&=": BitAnd, "|=": BitOr, "^=": BitXor, "@=": MatMul,
}

// assignment: an assignment of any kind, or an expression.
func (p *parser) assignment() Stmt {
	start := p.tok().start
	from := p.i
	x := p.yieldOrStars()
	t := p.tok()
	if t.kind != tOp {
		p.legacyPrint(x)
		p.noStar(x)
		return &ExprStmt{p.from(start), x}
	}
	if t.text == ":" {
		return p.annotated(start, from, x)
	}
	if op, ok := augmented[t.text]; ok {
		switch x.(type) {
		case *Name, *Attribute, *Subscript:
		default:
			p.failTarget(x, "'%s' is an illegal expression for augmented assignment")
		}
		p.checkStars(x, true)
		p.next()
		v := p.yieldOrStars()
		p.noStar(v)
		return &AugAssign{p.from(start), x, op, v}
	}
	if t.text != "=" {
		p.legacyPrint(x)
		p.noStar(x)
		return &ExprStmt{p.from(start), x}
	}
	a := &Assign{}
	for p.is("=") {
		p.checkAssigned(from, x, len(a.Targets) == 0)
		a.Targets = append(a.Targets, x)
		p.next()
		from = p.i
		x = p.yieldOrStars()
	}
	a.Value = x
	p.noStar(x)
	a.Span = p.from(start)
	for _, x := range a.Targets {
		p.checkStars(x, true)
	}
	return a
}

func (p *parser) checkAssigned(from int, x Expr, first bool) {
	switch x.(type) {
	case *Yield, *YieldFrom:
		if p.toks[from].text == "yield" {
			p.failSpan(x.At(), "assignment to yield expression not possible")
		}
	}
	bad := badTarget(x, false)
	if bad == nil {
		return
	}
	if !p.quiet {
		if first {
			p.guessEqual(from, x)
		}
	}
	p.failTarget(bad, "cannot assign to %s")
}

// annotated reads on behind the target of x: T = v.
func (p *parser) annotated(start Pos, from int, x Expr) Stmt {
	switch x.(type) {
	case *Name, *Attribute, *Subscript:
	case *List, *Tuple:
		p.failTarget(x, "only single target (not %s) can be annotated")
	default:
		if ok, _ := p.try(func() { p.next(); p.expression() }); ok {
			p.failSpan(x.At(), "illegal target for annotation")
		}
		p.unexpected()
	}
	p.checkStars(x, true)
	p.next()
	a := &AnnAssign{Target: x, Annotation: p.expression()}
	if p.accept("=") {
		a.Value = p.yieldOrStars()
		p.noStar(a.Value)
	}
	a.Span = p.from(start)
	return a
}

// legacyPrint finds the print statement of Python 2.
func (p *parser) legacyPrint(x Expr) {
	n, ok := x.(*Name)
	if !ok || n.ID != "print" && n.ID != "exec" || p.toks[p.i-1].text != n.ID || p.tok().kind == tNewline || p.quiet {
		return
	}
	p.legacy(p.toks[p.i-1])
}

func (p *parser) importStmt() Stmt {
	start := p.next().start
	s := &Import{}
	for {
		from := p.tok().start
		a := Alias{Name: p.dotted()}
		a.As, _, _ = strings.Cut(a.Name, ".")
		if p.accept("as") {
			a.As = p.name().ID
		}
		a.Span = p.from(from)
		s.Names = append(s.Names, a)
		if !p.accept(",") {
			break
		}
	}
	s.Span = p.from(start)
	return s
}

func (p *parser) dotted() string {
	name := p.name().ID
	for p.is(".") {
		p.next()
		name += "." + p.name().ID
	}
	return name
}

func (p *parser) importFrom() Stmt {
	start := p.next().start
	if p.isAny(".", "...") {
		p.failTok(p.tok(), "%s", refusedWords["relative"])
	}
	s := &ImportFrom{Module: p.dotted()}
	p.want("import")
	if p.is("*") {
		p.failTok(p.tok(), "%s", refusedWords["*"])
	}
	paren := p.accept("(")
	for {
		from := p.tok().start
		a := Alias{Name: p.name().ID}
		a.As = a.Name
		if p.accept("as") {
			a.As = p.name().ID
		}
		a.Span = p.from(from)
		s.Names = append(s.Names, a)
		if !p.accept(",") || paren && p.is(")") {
			break
		}
		if !paren && p.tok().kind == tNewline {
			p.failTok(p.tok(), "trailing comma not allowed without surrounding parentheses")
		}
	}
	if paren {
		p.want(")")
	}
	s.Span = p.from(start)
	return s
}
