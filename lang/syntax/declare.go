package syntax

import "fmt"

// Names are resolved in two passes over each function. The first (here) finds
// what the function binds, since a name bound anywhere in it is local
// everywhere in it; the second (resolve.go) gives each use its place.

// scope is a function while it is being resolved.
type scope struct {
	out    *Scope
	parent *scope
	kind   scopeKind

	locals   map[string]int
	free     map[string]int
	nonlocal map[string]Span
	used     map[string]bool // loaded so far, for the order of nonlocal
	params   map[string]bool
	annots   map[string]bool

	comps   []map[string]int // comprehensions around the place that is resolved
	number  int              // of comprehensions so far
	pending []use
	loops   int
	inIter  bool // in the iterable of a comprehension, where := is refused
}

type scopeKind uint8

const (
	bodyScope scopeKind = iota
	functionScope
	generatorScope
)

// use is a place that refers to a local: whether that is captured is known only
// at the end.
type use struct {
	ref   *Ref
	index int
}

func newScope(parent *scope, kind scopeKind) *scope {
	return &scope{
		out: &Scope{}, parent: parent, kind: kind,
		locals: map[string]int{}, free: map[string]int{}, nonlocal: map[string]Span{},
		used: map[string]bool{}, params: map[string]bool{}, annots: map[string]bool{},
	}
}

func failAt(at Span, format string, a ...any) {
	panic(fatal{&Error{Class: "SyntaxError", Msg: fmt.Sprintf(format, a...), Line: int(at.Start.Line), Col: int(at.Start.Col), EndCol: endCol(at)}})
}

// local makes a new local variable.
func (s *scope) local(name string) int {
	s.out.Locals = append(s.out.Locals, Local{Name: name})
	return len(s.out.Locals) - 1
}

// bind makes a name local, unless it is declared nonlocal.
func (s *scope) bind(name string) {
	if _, ok := s.nonlocal[name]; ok {
		return
	}
	if _, ok := s.locals[name]; !ok {
		s.locals[name] = s.local(name)
	}
}

// bindParams makes the parameters the first locals.
func (s *scope) bindParams(p *Params) {
	for _, q := range p.All() {
		if s.params[q.Name] {
			failAt(q.Span, "duplicate argument '%s' in function definition", q.Name)
		}
		s.params[q.Name] = true
		s.bind(q.Name)
	}
	s.out.Params = len(s.out.Locals)
}

// declare finds what statements bind in a scope.
func (s *scope) declare(body []Stmt) {
	d := declarer{s: s}
	for _, st := range body {
		Inspect(st, d.node)
	}
}

// comprehension is one whose parts are being declared.
type comprehension struct {
	kind    ComprehensionKind
	targets map[string]bool
	walrus  map[string]bool
}

type declarer struct {
	s     *scope
	comps []*comprehension
}

func (d *declarer) expr(x Expr) {
	if x != nil {
		Inspect(x, d.node)
	}
}

func (d *declarer) block(body []Stmt) {
	for _, st := range body {
		Inspect(st, d.node)
	}
}

// node is called by Inspect; nodes that bind something visit their own parts.
func (d *declarer) node(n Node) bool {
	switch n := n.(type) {
	case *Name:
		if len(d.comps) == 0 {
			d.s.used[n.ID] = true
		}
	case *Assign:
		d.targets(n.Targets)
		d.expr(n.Value)
		return false
	case *AugAssign:
		d.target(n.Target)
		d.expr(n.Value)
		return false
	case *AnnAssign:
		if t, ok := n.Target.(*Name); ok {
			if _, ok := d.s.nonlocal[t.ID]; ok {
				failAt(n.Span, "annotated name '%s' can't be nonlocal", t.ID)
			}
			d.s.annots[t.ID] = true
		}
		d.target(n.Target)
		d.expr(n.Value)
		return false
	case *Delete:
		d.targets(n.Targets)
		return false
	case *For:
		d.target(n.Target)
		d.expr(n.Iter)
		d.block(n.Body)
		d.block(n.Else)
		return false
	case *Try:
		d.block(n.Body)
		for _, h := range n.Handlers {
			d.expr(h.Type)
			d.bindName(h.Name)
			d.block(h.Body)
		}
		d.block(n.Else)
		d.block(n.Finally)
		return false
	case *With:
		for _, i := range n.Items {
			d.expr(i.Context)
			d.target(i.Target)
		}
		d.block(n.Body)
		return false
	case *MatchCapture:
		d.bindName(n.Name)
		return false
	case *MatchStar:
		d.bindName(n.Name)
		return false
	case *MatchAs:
		Inspect(n.Pattern, d.node)
		d.bindName(n.Name)
		return false
	case *MatchMapping:
		for i, k := range n.Keys {
			d.expr(k)
			Inspect(n.Patterns[i], d.node)
		}
		d.bindName(n.Rest)
		return false
	case *FunctionDef:
		walker{d.node}.params(&n.Params)
		d.s.bind(n.Name)
		return false
	case *Lambda:
		walker{d.node}.params(&n.Params)
		return false
	case *Import:
		for _, a := range n.Names {
			d.s.bind(a.As)
		}
	case *ImportFrom:
		for _, a := range n.Names {
			d.s.bind(a.As)
		}
	case *Nonlocal:
		d.nonlocal(n)
	case *Walrus:
		d.walrus(n)
		d.expr(n.Value)
		return false
	case *Comprehension:
		d.comprehension(n)
		return false
	case *Yield, *YieldFrom:
		d.yield(n)
	}
	return true
}

func (d *declarer) bindName(n *Name) {
	if n != nil {
		d.s.bind(n.ID)
	}
}

func (d *declarer) targets(all []Expr) {
	for _, x := range all {
		d.target(x)
	}
}

func (d *declarer) target(x Expr) {
	switch x := x.(type) {
	case nil:
	case *Name:
		d.s.bind(x.ID)
	case *Tuple:
		d.targets(x.Items)
	case *List:
		d.targets(x.Items)
	case *Starred:
		d.target(x.X)
	default:
		d.expr(x)
	}
}

func (d *declarer) nonlocal(n *Nonlocal) {
	s := d.s
	if s.kind == bodyScope {
		failAt(n.Span, "nonlocal declaration not allowed at module level")
	}
	for _, name := range n.Names {
		switch {
		case s.params[name]:
			failAt(n.Span, "name '%s' is parameter and nonlocal", name)
		case s.used[name]:
			failAt(n.Span, "name '%s' is used prior to nonlocal declaration", name)
		case s.annots[name]:
			failAt(n.Span, "annotated name '%s' can't be nonlocal", name)
		}
		if _, ok := s.locals[name]; ok {
			failAt(n.Span, "name '%s' is assigned to before nonlocal declaration", name)
		}
		if _, ok := s.nonlocal[name]; !ok {
			s.nonlocal[name] = n.Span
		}
	}
}

// walrus binds in the function around all comprehensions.
func (d *declarer) walrus(n *Walrus) {
	name := n.Target.ID
	if d.s.inIter {
		failAt(n.Span, "assignment expression cannot be used in a comprehension iterable expression")
	}
	for i := len(d.comps) - 1; i >= 0; i-- {
		c := d.comps[i]
		if c.targets[name] {
			failAt(n.Span, "assignment expression cannot rebind comprehension iteration variable '%s'", name)
		}
		c.walrus[name] = true
	}
	d.s.bind(name)
}

func (d *declarer) comprehension(n *Comprehension) {
	c := &comprehension{kind: n.Kind, targets: map[string]bool{}, walrus: map[string]bool{}}
	iter := func(x Expr) {
		was := d.s.inIter
		d.s.inIter = true
		d.expr(x)
		d.s.inIter = was
	}
	iter(n.Clauses[0].Iter)
	d.comps = append(d.comps, c)
	for i, cl := range n.Clauses {
		d.compTarget(c, cl.Target)
		if i > 0 {
			iter(cl.Iter)
		}
		for _, x := range cl.Ifs {
			d.expr(x)
		}
	}
	d.expr(n.Value)
	d.expr(n.X)
	d.comps = d.comps[:len(d.comps)-1]
}

func (d *declarer) compTarget(c *comprehension, x Expr) {
	switch x := x.(type) {
	case *Name:
		if c.walrus[x.ID] {
			failAt(x.Span, "comprehension inner loop cannot rebind assignment expression target '%s'", x.ID)
		}
		c.targets[x.ID] = true
	case *Tuple:
		for _, y := range x.Items {
			d.compTarget(c, y)
		}
	case *List:
		for _, y := range x.Items {
			d.compTarget(c, y)
		}
	case *Starred:
		d.compTarget(c, x.X)
	default:
		d.expr(x)
	}
}

func (d *declarer) yield(n Node) {
	if k := len(d.comps); k > 0 {
		kind := [...]string{"list comprehension", "set comprehension", "dict comprehension", "generator expression"}[d.comps[k-1].kind]
		failAt(n.At(), "'yield' inside %s", kind)
	}
	if d.s.kind == bodyScope {
		failAt(n.At(), "'yield' outside function")
	}
	d.s.out.Generator = true
}
