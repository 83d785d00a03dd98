package syntax

// Expressions, by falling precedence as in the grammar of CPython 3.11, whose
// names the functions bear.

// expression: disjunction ['if' disjunction 'else' expression] | lambda
func (p *parser) expression() Expr {
	p.enter()
	defer p.leave()
	if p.is("lambda") {
		return p.lambda()
	}
	start := p.tok().start
	x := p.disjunction()
	if !p.is("if") {
		return x
	}
	p.next()
	test := p.disjunction()
	if !p.is("else") {
		if p.is(":") {
			p.unexpected()
		}
		p.soften()
		p.failSpan(Span{start, p.prevEnd()}, "expected 'else' after 'if' expression")
	}
	p.next()
	other := p.expression()
	return &Conditional{p.from(start), test, x, other}
}

// named: NAME ':=' expression | expression
func (p *parser) named() Expr {
	start := p.tok().start
	if p.tok().kind == tName && p.peek(1).is(":=") {
		n := p.name()
		p.checkDebug(n)
		p.next()
		v := p.expression()
		return &Walrus{p.from(start), n, v}
	}
	from := p.i
	x := p.expression()
	if p.is(":=") {
		p.failTarget(x, "cannot use assignment expressions with %s")
	}
	if p.is("=") && !p.quiet {
		p.guessEqual(from, x)
	}
	return x
}

// guessEqual is CPython's invalid_named_expression: '=' where a value stands.
func (p *parser) guessEqual(from int, x Expr) {
	var left Expr
	eq := 0
	ok, end := p.try(func() {
		p.i = from
		left = p.bitOr()
		eq = p.i
		p.want("=")
		p.bitOr()
		if p.isAny("=", ":=") {
			p.unexpected()
		}
	})
	if !ok || eq != p.i {
		return
	}
	if n, isName := left.(*Name); isName && eq == from+1 {
		p.failSpan(Span{n.Start, p.toks[end-1].end}, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
	}
	switch p.toks[from].text {
	case "True", "False", "None":
		return
	}
	switch left := left.(type) {
	case *List, *Tuple:
		return
	case *Comprehension:
		if left.Kind == GeneratorExp {
			return
		}
	}
	p.failSpan(left.At(), "cannot assign to %s here. Maybe you meant '==' instead of '='?", exprName(left))
}

// starNamed: '*' bitwise_or | named
func (p *parser) starNamed() Expr {
	if p.is("*") {
		return p.starred()
	}
	return p.named()
}

func (p *parser) starred() Expr {
	start := p.next().start
	p.enter()
	defer p.leave()
	x := p.bitOr()
	return &Starred{p.from(start), x}
}

func (p *parser) starExpression() Expr {
	if p.is("*") {
		return p.starred()
	}
	return p.expression()
}

// starExpressions: one, or a tuple without parentheses.
func (p *parser) starExpressions() Expr {
	start := p.tok().start
	x := p.starExpression()
	if !p.is(",") {
		return x
	}
	items := []Expr{x}
	for p.accept(",") && p.startsExpression(true) {
		items = append(items, p.starExpression())
	}
	return &Tuple{p.from(start), items, false}
}

// startsExpression tells whether the next token can begin an expression.
func (p *parser) startsExpression(star bool) bool {
	t := p.tok()
	switch t.kind {
	case tName, tNumber, tString:
		return true
	case tOp:
		switch t.text {
		case "(", "[", "{", "-", "+", "~", "...":
			return true
		case "*":
			return star
		}
	case tKeyword:
		switch t.text {
		case "not", "lambda", "None", "True", "False", "await":
			return true
		}
	}
	return t.kind == tError // so that its error is found
}

func (p *parser) disjunction() Expr {
	from := p.i
	x := p.boolOp(true)
	p.lastFrom, p.lastTo = from, p.i
	return x
}

func (p *parser) boolOp(or bool) Expr {
	start := p.tok().start
	word := "and"
	operand := p.inversion
	if or {
		word, operand = "or", func() Expr { return p.boolOp(false) }
	}
	x := operand()
	if !p.is(word) {
		return x
	}
	all := []Expr{x}
	for p.accept(word) {
		all = append(all, operand())
	}
	return &BoolOp{p.from(start), or, all}
}

func (p *parser) inversion() Expr {
	if !p.is("not") {
		return p.comparison()
	}
	p.enter()
	defer p.leave()
	start := p.next().start
	x := p.inversion()
	return &Unary{p.from(start), Not, x}
}

func (p *parser) comparison() Expr {
	start := p.tok().start
	x := p.bitOr()
	var c *Compare
	for {
		op, n := p.compareOp()
		if n == 0 {
			break
		}
		for range n {
			p.next()
		}
		if c == nil {
			c = &Compare{First: x}
		}
		c.Ops = append(c.Ops, op)
		c.Rest = append(c.Rest, p.bitOr())
	}
	if c == nil {
		return x
	}
	c.Span = p.from(start)
	return c
}

// compareOp is the comparison that comes next, and of how many tokens.
func (p *parser) compareOp() (CompareOp, int) {
	t := p.tok()
	if t.kind == tOp {
		switch t.text {
		case "==":
			return Eq, 1
		case "!=":
			return NotEq, 1
		case "<":
			return Less, 1
		case "<=":
			return LessEq, 1
		case ">":
			return Greater, 1
		case ">=":
			return GreaterEq, 1
		}
		return 0, 0
	}
	switch {
	case t.is("in"):
		return In, 1
	case t.is("not") && p.peek(1).is("in"):
		return NotIn, 2
	case t.is("is") && p.peek(1).is("not"):
		return IsNot, 2
	case t.is("is"):
		return Is, 1
	}
	return 0, 0
}

// binary operators by precedence, weakest first.
var precedence = map[string]struct {
	level int
	op    BinaryOp
}{
	"|": {1, BitOr}, "^": {2, BitXor}, "&": {3, BitAnd}, "<<": {4, LShift}, ">>": {4, RShift},
	"+": {5, Add}, "-": {5, Sub}, "*": {6, Mul}, "/": {6, Div}, "//": {6, FloorDiv}, "%": {6, Mod}, "@": {6, MatMul},
}

func (p *parser) bitOr() Expr { return p.binary(1) }

func (p *parser) binary(level int) Expr {
	outer := p.h
	p.h = 0
	start := p.tok().start
	x := p.factor()
	for {
		t := p.tok()
		if t.kind != tOp {
			break
		}
		op, ok := precedence[t.text]
		if !ok || op.level < level {
			break
		}
		p.next()
		y := p.binary(op.level + 1)
		p.link()
		x = &Binary{p.from(start), op.op, x, y}
	}
	p.h = max(p.h, outer)
	return x
}

func (p *parser) factor() Expr {
	t := p.tok()
	if t.kind == tOp {
		op := Neg
		switch t.text {
		case "-":
		case "+":
			op = Plus
		case "~":
			op = Invert
		default:
			return p.power()
		}
		p.enter()
		defer p.leave()
		p.next()
		x := p.factor()
		return &Unary{p.from(t.start), op, x}
	}
	return p.power()
}

func (p *parser) power() Expr {
	start := p.tok().start
	if p.is("await") {
		p.failTok(p.tok(), "%s", refusedWords["await"])
	}
	x := p.primary()
	if !p.is("**") {
		return x
	}
	p.enter()
	defer p.leave()
	p.next()
	y := p.factor()
	return &Binary{p.from(start), Pow, x, y}
}

func (p *parser) primary() Expr {
	outer := p.h
	p.h = 0
	start := p.tok().start
	x := p.atom()
	for {
		t := p.tok()
		if t.kind != tOp {
			break
		}
		switch t.text {
		case ".":
			p.next()
			n := p.tok()
			if n.kind != tName {
				p.unexpected()
			}
			p.next()
			p.link()
			p.checkAttribute(n)
			x = &Attribute{p.from(start), x, n.text, Span{n.start, n.end}}
			continue
		case "(":
			args := p.call()
			p.link()
			x = &Call{p.from(start), x, args}
			continue
		case "[":
			p.next()
			index := p.slices()
			p.want("]")
			p.link()
			x = &Subscript{p.from(start), x, index}
			continue
		}
		break
	}
	p.h = max(p.h, outer)
	return x
}

func (p *parser) slices() Expr {
	start := p.tok().start
	x := p.slice()
	_, isStar := x.(*Starred)
	if !p.is(",") && !isStar {
		return x
	}
	items := []Expr{x}
	for p.accept(",") && !p.is("]") {
		items = append(items, p.slice())
	}
	return &Tuple{p.from(start), items, false}
}

func (p *parser) slice() Expr {
	start := p.tok().start
	if p.is("*") {
		return p.starred()
	}
	s := &Slice{}
	if !p.is(":") {
		x := p.named()
		if !p.is(":") {
			return x
		}
		if w, ok := x.(*Walrus); ok && w.Start == start {
			p.unexpected()
		}
		s.Low = x
	}
	p.want(":")
	if !p.isAny(":", "]", ",") {
		s.High = p.expression()
	}
	if p.accept(":") && !p.isAny("]", ",") {
		s.Step = p.expression()
	}
	s.Span = p.from(start)
	return s
}

func (p *parser) yield() Expr {
	start := p.next().start
	if p.accept("from") {
		x := p.expression()
		return &YieldFrom{p.from(start), x}
	}
	y := &Yield{}
	if p.startsExpression(true) {
		y.Value = p.starExpressions()
		p.noStar(y.Value)
	}
	y.Span = p.from(start)
	return y
}

// yieldOrStars: the right side of an assignment.
func (p *parser) yieldOrStars() Expr {
	if p.is("yield") {
		return p.yield()
	}
	return p.starExpressions()
}

func (p *parser) lambda() Expr {
	start := p.next().start
	params := p.params(":", false)
	p.want(":")
	body := p.expression()
	return &Lambda{Span: p.from(start), Params: params, Body: body}
}
