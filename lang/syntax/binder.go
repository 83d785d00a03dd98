package syntax

// binder checks the names that a pattern binds.
type binder struct {
	p     *parser
	names []string
}

func (b *binder) add(n *Name) {
	if n == nil {
		return
	}
	for _, m := range b.names {
		if m == n.ID {
			b.p.failSpan(n.Span, "multiple assignments to name '%s' in pattern", n.ID)
		}
	}
	b.p.checkDebug(n)
	b.names = append(b.names, n.ID)
}

func (b *binder) bind(q Pattern) {
	switch q := q.(type) {
	case *MatchCapture:
		b.add(q.Name)
	case *MatchAs:
		b.bind(q.Pattern)
		b.add(q.Name)
	case *MatchStar:
		b.add(q.Name)
	case *MatchSequence:
		stars := 0
		for _, x := range q.Items {
			if _, ok := x.(*MatchStar); ok {
				if stars++; stars > 1 {
					b.p.failSpan(q.Span, "multiple starred names in sequence pattern")
				}
			}
			b.bind(x)
		}
	case *MatchMapping:
		for _, x := range q.Patterns {
			b.bind(x)
		}
		b.add(q.Rest)
	case *MatchClass:
		for _, x := range q.Positional {
			b.bind(x)
		}
		for _, x := range q.Named {
			b.bind(x)
		}
	case *MatchOr:
		b.bindOr(q)
	}
}

// bindOr binds alternatives: all bind the same names, and only the last may
// match everything.
func (b *binder) bindOr(q *MatchOr) {
	before := len(b.names)
	var first map[string]bool
	for i, x := range q.Alternatives {
		if i < len(q.Alternatives)-1 {
			if n, at := irrefutable(x); at != nil {
				b.p.failUnreachable(n, at)
			}
		}
		b.names = b.names[:before:before]
		b.bind(x)
		mine := map[string]bool{}
		for _, n := range b.names[before:] {
			mine[n] = true
		}
		if first == nil {
			first = mine
			continue
		}
		same := len(first) == len(mine)
		for n := range mine {
			same = same && first[n]
		}
		if !same {
			b.p.failSpan(x.At(), "alternative patterns bind different names")
		}
	}
}

// checkIrrefutable refuses a case, not the last, that matches everything.
func (p *parser) checkIrrefutable(c Case) {
	if c.Guard != nil {
		return
	}
	if n, at := irrefutable(c.Pattern); at != nil {
		p.failUnreachable(n, at)
	}
}

func (p *parser) failUnreachable(name string, at Pattern) {
	if name == "" {
		p.failSpan(at.At(), "wildcard makes remaining patterns unreachable")
	}
	p.failSpan(at.At(), "name capture '%s' makes remaining patterns unreachable", name)
}

// irrefutable finds the capture that makes a pattern match everything.
func irrefutable(q Pattern) (name string, at Pattern) {
	switch q := q.(type) {
	case *MatchCapture:
		if q.Name != nil {
			return q.Name.ID, q
		}
		return "", q
	case *MatchAs:
		if n, at := irrefutable(q.Pattern); at != nil {
			return n, at
		}
	case *MatchOr:
		return irrefutable(q.Alternatives[len(q.Alternatives)-1])
	}
	return "", nil
}
