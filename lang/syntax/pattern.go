package syntax

import (
	"strconv"
	"strings"
)

// startsMatch tells whether the name match here begins a match statement: the
// word is a name elsewhere. No simple statement ends a line with ':'.
func (p *parser) startsMatch() bool {
	t := p.peek(1)
	starts := false
	switch t.kind {
	case tName, tNumber, tString:
		starts = true
	case tKeyword:
		switch t.text {
		case "not":
			starts = !p.peek(2).is("in")
		case "lambda", "None", "True", "False", "await":
			starts = true
		}
	case tOp:
		starts = strings.Contains(" ( [ { - + ~ * ... ", " "+t.text+" ")
	}
	if !starts {
		return false
	}
	level := p.tok().level
	j := p.i + 1
	for j < len(p.toks)-1 && !(p.toks[j].kind == tNewline && p.toks[j].level == level) {
		j++
	}
	if p.toks[j].kind != tNewline {
		return false
	}
	if p.toks[j-1].is(":") {
		return true
	}
	return t.kind == tName || t.kind == tNumber || t.kind == tString
}

func (p *parser) match() Stmt {
	t := p.next()
	start := p.tok().start
	var subject Expr
	if p.is("*") {
		subject = p.starred()
		if !p.is(",") {
			p.unexpected()
		}
	} else {
		subject = p.named()
	}
	if p.is(",") {
		items := []Expr{subject}
		for p.accept(",") && p.startsExpression(true) {
			items = append(items, p.starNamed())
		}
		subject = &Tuple{p.from(start), items, false}
	}
	p.wantColon()
	s := &Match{Subject: subject}
	if p.tok().kind != tNewline {
		p.unexpected()
	}
	p.next()
	if p.tok().kind != tIndent {
		p.soften()
		p.failIndent(p.tok(), "expected an indented block after 'match' statement on line %d", t.start.Line)
	}
	p.next()
	for p.tok().kind == tName && p.tok().text == "case" {
		s.Cases = append(s.Cases, p.caseBlock())
	}
	if len(s.Cases) == 0 || p.tok().kind != tDedent {
		p.unexpected()
	}
	p.next()
	s.Span = p.span(t.start)
	for _, c := range s.Cases[:len(s.Cases)-1] {
		p.checkIrrefutable(c)
	}
	return s
}

func (p *parser) caseBlock() Case {
	t := p.next()
	c := Case{Pattern: p.patterns()}
	if p.accept("if") {
		c.Guard = p.named()
	}
	p.wantColon()
	c.Body = p.block("'case' statement", t.start.Line)
	c.Span = p.span(t.start)
	b := binder{p: p}
	b.bind(c.Pattern)
	return c
}

// patterns: an open sequence or one pattern.
func (p *parser) patterns() Pattern {
	start := p.tok().start
	x := p.maybeStar()
	_, star := x.(*MatchStar)
	if !p.is(",") {
		if star {
			p.unexpected()
		}
		return x
	}
	items := []Pattern{x}
	for p.accept(",") && !p.isAny(":", "if", "=") {
		items = append(items, p.maybeStar())
	}
	return &MatchSequence{p.from(start), items}
}

func (p *parser) maybeStar() Pattern {
	if !p.is("*") {
		return p.pattern()
	}
	start := p.next().start
	n := p.name()
	if n.ID == "_" {
		n = nil
	}
	return &MatchStar{p.from(start), n}
}

func (p *parser) pattern() Pattern {
	p.enter()
	defer p.leave()
	start := p.tok().start
	x := p.orPattern()
	if !p.accept("as") {
		return x
	}
	t := p.tok()
	if t.kind == tName && t.text == "_" {
		p.failTok(t, "cannot use '_' as a target")
	}
	if t.kind != tName {
		if ok, end := p.try(func() { p.expression() }); ok {
			p.failSpan(Span{t.start, p.toks[end-1].end}, "invalid pattern target")
		}
		p.unexpected()
	}
	n := p.name()
	return &MatchAs{p.from(start), x, n}
}

func (p *parser) orPattern() Pattern {
	start := p.tok().start
	x := p.closedPattern()
	if !p.is("|") {
		return x
	}
	all := []Pattern{x}
	for p.accept("|") {
		all = append(all, p.closedPattern())
	}
	return &MatchOr{p.from(start), all}
}

func (p *parser) closedPattern() Pattern {
	t := p.tok()
	switch t.kind {
	case tNumber:
		return p.valuePattern(p.patternNumber())
	case tString:
		x := p.strings()
		if _, ok := x.(*FString); ok {
			p.failSpan(x.At(), "patterns may only match literals and attribute lookups")
		}
		return p.valuePattern(x)
	case tKeyword:
		switch t.text {
		case "None", "True", "False":
			return p.valuePattern(p.atom())
		}
	case tName:
		if u := p.peek(1); !u.is(".") && !u.is("(") {
			n := p.name()
			if u.is("=") {
				p.unexpected()
			}
			p.checkDebug(n)
			if n.ID == "_" {
				return &MatchCapture{n.Span, nil}
			}
			return &MatchCapture{n.Span, n}
		}
		start := t.start
		var x Expr = p.name()
		for p.is(".") {
			p.next()
			n := p.tok()
			p.name()
			p.link()
			p.checkAttribute(n)
			x = &Attribute{p.from(start), x, n.text, Span{n.start, n.end}}
		}
		p.h = 0
		if p.is("(") {
			return p.classPattern(start, x)
		}
		if p.is("=") {
			p.unexpected()
		}
		return p.valuePattern(x)
	case tOp:
		switch t.text {
		case "-":
			return p.valuePattern(p.patternNumber())
		case "(":
			return p.groupPattern()
		case "[":
			p.next()
			items, _ := p.patternItems("]")
			p.want("]")
			return &MatchSequence{p.from(t.start), items}
		case "{":
			return p.mappingPattern()
		}
	}
	p.unexpected()
	return nil
}

func (p *parser) valuePattern(x Expr) Pattern { return &MatchValue{x.At(), x} }

// patternNumber: a number, negative or not. A complex one has been refused.
func (p *parser) patternNumber() Expr {
	start := p.tok().start
	neg := p.accept("-")
	if p.tok().kind != tNumber {
		p.unexpected()
	}
	x := p.numberLit(p.next())
	if p.isAny("+", "-") && p.peek(1).kind == tNumber {
		p.failTok(p.peek(1), "imaginary number required in complex literal")
	}
	if neg {
		x = &Unary{p.from(start), Neg, x}
	}
	return x
}

func (p *parser) groupPattern() Pattern {
	start := p.next().start
	items, comma := p.patternItems(")")
	p.want(")")
	if len(items) == 1 && !comma {
		if _, star := items[0].(*MatchStar); !star {
			return items[0]
		}
		p.i--
		p.unexpected()
	}
	return &MatchSequence{p.from(start), items}
}

func (p *parser) patternItems(closing string) (items []Pattern, comma bool) {
	for !p.is(closing) {
		items = append(items, p.maybeStar())
		if !p.accept(",") {
			return items, false
		}
	}
	return items, len(items) > 0
}

func (p *parser) mappingPattern() Pattern {
	start := p.next().start
	m := &MatchMapping{}
	for !p.is("}") {
		if m.Rest != nil {
			p.unexpected()
		}
		if p.accept("**") {
			m.Rest = p.name()
			if m.Rest.ID == "_" {
				p.i--
				p.unexpected()
			}
		} else {
			t := p.tok()
			var key Expr
			switch q := p.keyPattern().(type) {
			case *MatchValue:
				key = q.Value
			default:
				p.failTok(t, "invalid syntax")
			}
			p.want(":")
			m.Keys = append(m.Keys, key)
			m.Patterns = append(m.Patterns, p.pattern())
		}
		if !p.accept(",") {
			break
		}
	}
	p.want("}")
	m.Span = p.from(start)
	seen := map[string]bool{}
	for _, k := range m.Keys {
		if text := keyText(k); text != "" {
			if seen[text] {
				p.failSpan(m.Span, "mapping pattern checks duplicate key (%s)", text)
			}
			seen[text] = true
		}
	}
	return m
}

// keyText tells literal keys apart; "" for what is known only when it runs.
func keyText(x Expr) string {
	switch x := x.(type) {
	case *NoneLit:
		return "None"
	case *BoolLit:
		return exprName(x)
	case *IntLit:
		return x.Text
	case *StrLit:
		if strings.ContainsAny(x.Value, "'\\\n\r\t") {
			return strconv.Quote(x.Value)
		}
		return "'" + x.Value + "'"
	}
	return ""
}

func (p *parser) keyPattern() Pattern {
	if t := p.tok(); t.kind == tName && !p.peek(1).is(".") {
		p.next()
		p.unexpected()
	}
	if p.isAny("(", "[", "{") {
		p.unexpected()
	}
	return p.closedPattern()
}

func (p *parser) classPattern(start Pos, class Expr) Pattern {
	p.next()
	c := &MatchClass{Class: class}
	seen := map[string]bool{}
	for !p.is(")") {
		if t := p.tok(); t.kind == tName && p.peek(1).is("=") {
			p.next()
			p.next()
			p.checkAttribute(t)
			q := p.pattern()
			if seen[t.text] {
				p.failSpan(q.At(), "attribute name repeated in class pattern: %s", t.text)
			}
			seen[t.text] = true
			c.Names = append(c.Names, t.text)
			c.Named = append(c.Named, q)
		} else {
			from := p.tok()
			q := p.pattern()
			if len(c.Names) > 0 {
				p.failSpan(Span{from.start, q.At().End}, "positional patterns follow keyword patterns")
			}
			c.Positional = append(c.Positional, q)
		}
		if !p.accept(",") {
			break
		}
	}
	p.want(")")
	c.Span = p.from(start)
	return c
}
