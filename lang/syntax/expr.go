package syntax

import "strings"

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
	switch left.(type) {
	case *List, *Tuple:
		return
	case *Comprehension:
		if left.(*Comprehension).Kind == GeneratorExp {
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
	x := p.starNamed()
	if _, star := x.(*Starred); !star && p.is(":") {
		if _, walrus := x.(*Walrus); !walrus {
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
			from := p.i
			var x Expr
			if t.kind == tName && p.peek(1).is(":=") {
				x = p.named()
			} else {
				x = p.expression()
				if p.is("=") {
					p.failSpan(Span{p.toks[from].start, p.tok().end}, "expression cannot contain assignment, perhaps you meant \"==\"?")
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
