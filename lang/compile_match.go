package lang

import "batos/lang/syntax"

// capture is a name that a pattern binds, and the register its value is in
// until the whole pattern has matched.
type capture struct {
	name *syntax.Name
	reg  int
}

// matchCase collects the captures of one case.
type matchCase struct {
	*compiler
	captures []capture
}

func (c *compiler) matchStmt(s *syntax.Match) {
	subject := c.temp()
	c.expr(s.Subject, subject)
	var done label
	after := unreachable
	for i := range s.Cases {
		cs := &s.Cases[i]
		var fail label
		mark := c.top
		before := c.bound
		mc := &matchCase{compiler: c}
		mc.pattern(cs.Pattern, subject, &fail)
		for _, cp := range mc.captures {
			c.at(cp.name)
			c.storeRef(cp.name.ID, cp.name.Ref, cp.reg)
		}
		c.top = mark
		if cs.Guard != nil {
			c.cond(cs.Guard, false, &fail)
		}
		c.stmts(cs.Body)
		if c.bound != unreachable {
			c.jump(opJump, 0, 0, 0, &done)
		}
		after = after.both(c.bound)
		c.place(&fail)
		c.bound = before
	}
	c.place(&done)
	c.bound = c.bound.both(after)
}

// pattern matches register r, or goes to fail. Its temporaries stay taken.
func (c *matchCase) pattern(p syntax.Pattern, r int, fail *label) {
	defer c.nest(p)()
	switch p := p.(type) {
	case *syntax.MatchValue:
		v := c.operand(p.Value)
		t := c.temp()
		c.at(p)
		op := syntax.Eq
		switch p.Value.(type) {
		case *syntax.NoneLit, *syntax.BoolLit:
			op = syntax.Is
		}
		c.emit(opCompare, t, r, v, int(op))
		c.jump(opJumpFalse, t, 0, 0, fail)
	case *syntax.MatchCapture:
		c.capture(p.Name, r)
	case *syntax.MatchAs:
		c.pattern(p.Pattern, r, fail)
		c.capture(p.Name, r)
	case *syntax.MatchOr:
		c.alternatives(p, r, fail)
	case *syntax.MatchSequence:
		c.sequencePattern(p, r, fail)
	case *syntax.MatchMapping:
		c.mappingPattern(p, r, fail)
	case *syntax.MatchClass:
		class := c.operand(p.Class)
		c.at(p)
		c.jump(opMatchClass, r, class, len(p.Positional), fail)
		for _, q := range p.Positional {
			c.pattern(q, r, fail) // of a builtin type the value itself
		}
		for i, q := range p.Named {
			t := c.temp()
			c.at(q)
			c.emit(opMatchAttr, t, r, 0, c.text(p.Names[i]))
			var has label
			c.jump(opJumpBound, t, 0, 0, &has)
			c.jump(opJump, 0, 0, 0, fail)
			c.place(&has)
			c.pattern(q, t, fail)
		}
	default:
		c.fail(p.At(), "this pattern cannot be used here")
	}
}

func (c *matchCase) capture(n *syntax.Name, r int) {
	if n != nil {
		c.captures = append(c.captures, capture{n, r})
	}
}

// alternatives leaves the captures of whichever alternative matches in the
// registers of the first one's.
func (c *matchCase) alternatives(p *syntax.MatchOr, r int, fail *label) {
	var done label
	outer := c.captures
	place := map[string]int{}
	var common []capture
	for i, q := range p.Alternatives {
		var next label
		c.captures = nil
		c.pattern(q, r, &next)
		for _, cp := range c.captures {
			if i == 0 {
				t := c.temp()
				place[cp.name.ID] = t
				common = append(common, capture{cp.name, t})
			}
			c.emit(opMove, place[cp.name.ID], cp.reg, 0, 0)
		}
		c.jump(opJump, 0, 0, 0, &done)
		c.place(&next)
	}
	c.jump(opJump, 0, 0, 0, fail)
	c.place(&done)
	c.captures = append(outer, common...)
}

func (c *matchCase) sequencePattern(p *syntax.MatchSequence, r int, fail *label) {
	star := -1
	for i, q := range p.Items {
		if _, ok := q.(*syntax.MatchStar); ok {
			star = i
		}
	}
	c.at(p)
	if star < 0 {
		c.jump(opMatchLen, r, len(p.Items), 0, fail)
	} else {
		c.jump(opMatchLen, r, len(p.Items)-1, 1, fail)
	}
	for i, q := range p.Items {
		if s, ok := q.(*syntax.MatchStar); ok {
			if s.Name != nil {
				t := c.temp()
				c.at(q)
				c.emit(opMatchRest, t, r, star, len(p.Items)-star-1)
				c.capture(s.Name, t)
			}
			continue
		}
		if w, ok := q.(*syntax.MatchCapture); ok && w.Name == nil {
			continue
		}
		t := c.temp()
		c.at(q)
		if star >= 0 && i > star {
			c.emit(opMatchItem, t, r, len(p.Items)-i, 1)
		} else {
			c.emit(opMatchItem, t, r, i, 0)
		}
		c.pattern(q, t, fail)
	}
}

func (c *matchCase) mappingPattern(p *syntax.MatchMapping, r int, fail *label) {
	c.at(p)
	c.jump(opMatchMapping, r, len(p.Keys), 0, fail)
	keys := c.temps(max(1, len(p.Keys)))
	for i, key := range p.Keys {
		c.expr(key, keys+i)
		t := c.temp()
		c.at(key)
		c.jump(opMatchKey, t, r, keys+i, fail)
		c.pattern(p.Patterns[i], t, fail)
	}
	if p.Rest != nil {
		t := c.temp()
		c.at(p.Rest)
		c.emit(opMatchRemain, t, r, keys, len(p.Keys))
		c.capture(p.Rest, t)
	}
}
