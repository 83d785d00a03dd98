package syntax

// Targets of assignments are read as expressions and checked afterwards.

// exprName is what CPython calls an expression in "cannot assign to %s".
func exprName(x Expr) string {
	switch x := x.(type) {
	case *Name:
		return "name"
	case *NoneLit:
		return "None"
	case *BoolLit:
		if x.Value {
			return "True"
		}
		return "False"
	case *Ellipsis:
		return "ellipsis"
	case *IntLit, *FloatLit, *StrLit, *BytesLit:
		return "literal"
	case *FString:
		return "f-string expression"
	case *Tuple:
		return "tuple"
	case *List:
		return "list"
	case *Set:
		return "set display"
	case *Dict:
		return "dict literal"
	case *Unary, *Binary, *BoolOp:
		return "expression"
	case *Compare:
		return "comparison"
	case *Conditional:
		return "conditional expression"
	case *Walrus:
		return "named expression"
	case *Lambda:
		return "lambda"
	case *Call:
		return "function call"
	case *Attribute:
		return "attribute"
	case *Subscript:
		return "subscript"
	case *Starred:
		return "starred"
	case *Comprehension:
		return [...]string{"list comprehension", "set comprehension", "dict comprehension", "generator expression"}[x.Kind]
	case *Yield, *YieldFrom:
		return "yield expression"
	}
	return "expression"
}

func (p *parser) failTarget(x Expr, format string) {
	p.failSpan(x.At(), format, exprName(x))
}

// badTarget is the first part of x that cannot be assigned to (deleted, when
// del), nil for none.
func badTarget(x Expr, del bool) Expr {
	switch x := x.(type) {
	case *Name, *Attribute, *Subscript:
		return nil
	case *Starred:
		if del {
			return x
		}
		return badTarget(x.X, false)
	case *Tuple:
		return badOf(x.Items, del)
	case *List:
		return badOf(x.Items, del)
	}
	return x
}

func badOf(items []Expr, del bool) Expr {
	for _, x := range items {
		if bad := badTarget(x, del); bad != nil {
			return bad
		}
	}
	return nil
}

// checkTarget refuses what cannot be assigned to, in a for, with or del.
func (p *parser) checkTarget(x Expr, verb string) {
	if bad := badTarget(x, verb == "delete"); bad != nil {
		if c, ok := bad.(*Compare); ok && c.Ops[0] == In && p.is("in") {
			if bad = badTarget(c.First, false); bad == nil {
				p.unexpected()
			}
		}
		p.failTarget(bad, "cannot "+verb+" %s")
	}
	p.checkStars(x, true)
}

// checkStars refuses stars where no list is unpacked, more than one of them,
// and the name __debug__.
func (p *parser) checkStars(x Expr, top bool) {
	var items []Expr
	switch x := x.(type) {
	case *Name:
		p.checkDebug(x)
	case *Starred:
		if top {
			p.failSpan(x.Span, "starred assignment target must be in a list or tuple")
		}
		p.checkStars(x.X, false)
	case *Tuple:
		items = x.Items
	case *List:
		items = x.Items
	}
	stars := 0
	for _, y := range items {
		if _, ok := y.(*Starred); ok {
			if stars++; stars > 1 {
				p.failSpan(x.At(), "multiple starred expressions in assignment")
			}
		}
		p.checkStars(y, false)
	}
}

// noStar refuses a star alone where a value stands.
func (p *parser) noStar(x Expr) {
	if s, ok := x.(*Starred); ok {
		if p.tok().kind != tNewline && !p.isAny(";", ":", ")") {
			p.unexpected()
		}
		p.failSpan(s.Span, "can't use starred expression here")
	}
}

func (p *parser) checkDebug(n *Name) {
	if n.ID == "__debug__" {
		p.failSpan(n.Span, "cannot assign to __debug__")
	}
}

// targets reads the targets of a for.
func (p *parser) targets() Expr {
	start := p.tok().start
	one := func() Expr {
		if p.is("*") {
			return p.starred()
		}
		return p.bitOr()
	}
	x := one()
	if p.is(",") {
		items := []Expr{x}
		for p.accept(",") && !p.is("in") {
			items = append(items, one())
		}
		x = &Tuple{p.from(start), items, false}
	}
	p.checkTarget(x, "assign to")
	return x
}

// withTarget reads what stands behind the as of a with.
func (p *parser) withTarget() Expr {
	var x Expr
	if p.is("*") {
		x = p.starred()
	} else {
		x = p.bitOr()
	}
	p.checkTarget(x, "assign to")
	return x
}
