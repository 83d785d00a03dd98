package syntax

import "fmt"

// resolver gives every name its place. Nested functions are resolved where they
// stand, so that the comprehensions around them are known.
type resolver struct {
	all []*scope
}

func (r *resolver) scope(parent *scope, kind scopeKind) *scope {
	s := newScope(parent, kind)
	r.all = append(r.all, s)
	return s
}

func resolveBody(b *Body) {
	r := &resolver{}
	s := r.scope(nil, bodyScope)
	s.out.Body = true
	s.declare(b.Stmts)
	r.block(s, b.Stmts)
	r.finish()
	b.Scope = s.out
}

func resolveMethod(f *FunctionDef) {
	r := &resolver{}
	outer := r.scope(nil, bodyScope)
	outer.out.Body = true
	d := declarer{s: outer}
	walker{d.node}.params(&f.Params)
	r.function(outer, f)
	r.finish()
	if len(outer.out.Locals) > 0 {
		f.Outer = outer.out
	}
}

// finish places the uses of locals, now that it is known which are captured.
func (r *resolver) finish() {
	for _, s := range r.all {
		for _, u := range s.pending {
			*u.ref = Ref{InLocal, u.index}
			if s.out.Locals[u.index].Captured {
				u.ref.Place = InCell
			}
		}
	}
}

// find is where a scope has a name: its own local (not yet told from a cell),
// a free variable, or nowhere.
func (s *scope) find(name string) Ref {
	for i := len(s.comps) - 1; i >= 0; i-- {
		if at, ok := s.comps[i][name]; ok {
			return Ref{InLocal, at}
		}
	}
	return s.findOutside(name)
}

// findOutside is find, but past the comprehensions of the scope.
func (s *scope) findOutside(name string) Ref {
	if at, ok := s.locals[name]; ok {
		return Ref{InLocal, at}
	}
	if at, ok := s.free[name]; ok {
		return Ref{InFree, at}
	}
	if s.parent == nil {
		return Ref{Place: InGlobal}
	}
	from := s.parent.find(name)
	switch from.Place {
	case InGlobal:
		return from
	case InLocal:
		s.parent.out.Locals[from.Index].Captured = true
		from.Place = InCell
	}
	at := len(s.out.Free)
	s.out.Free = append(s.out.Free, name)
	s.out.FreeFrom = append(s.out.FreeFrom, from)
	s.free[name] = at
	return Ref{InFree, at}
}

// refer fills a Ref for a name.
func (s *scope) refer(name string, ref *Ref) {
	found := s.find(name)
	if found.Place == InLocal {
		s.pending = append(s.pending, use{ref, found.Index})
	}
	*ref = found
}

func (s *scope) name(n *Name) {
	if n != nil {
		s.refer(n.ID, &n.Ref)
	}
}

// checkNonlocals refuses declarations of what no function around binds.
func (s *scope) checkNonlocals() {
	for name, at := range s.nonlocal {
		if s.findOutside(name).Place == InGlobal {
			failAt(at, "no binding for nonlocal '%s' found", name)
		}
	}
}

func (r *resolver) function(s *scope, f *FunctionDef) {
	r.defaults(s, &f.Params)
	in := r.scope(s, functionScope)
	in.inIter = s.inIter
	in.bindParams(&f.Params)
	in.declare(f.Body)
	in.checkNonlocals()
	r.block(in, f.Body)
	f.Scope = in.out
}

func (r *resolver) lambda(s *scope, l *Lambda) {
	r.defaults(s, &l.Params)
	in := r.scope(s, functionScope)
	in.inIter = s.inIter
	in.bindParams(&l.Params)
	d := declarer{s: in}
	d.expr(l.Body)
	r.expr(in, l.Body)
	l.Scope = in.out
}

func (r *resolver) defaults(s *scope, p *Params) {
	for _, q := range p.All() {
		r.expr(s, q.Default)
	}
}

func (r *resolver) block(s *scope, body []Stmt) {
	for _, st := range body {
		r.stmt(s, st)
	}
}

func (r *resolver) loop(s *scope, body, orElse []Stmt) {
	s.loops++
	r.block(s, body)
	s.loops--
	r.block(s, orElse)
}

func (r *resolver) stmt(s *scope, st Stmt) {
	switch st := st.(type) {
	case *ExprStmt:
		r.expr(s, st.X)
	case *Assign:
		r.expr(s, st.Value)
		r.exprs(s, st.Targets)
	case *AugAssign:
		r.expr(s, st.Target)
		r.expr(s, st.Value)
	case *AnnAssign:
		r.expr(s, st.Value)
		r.expr(s, st.Target)
	case *Delete:
		r.exprs(s, st.Targets)
	case *Return:
		if s.kind == bodyScope {
			failAt(st.Span, "'return' outside function")
		}
		r.expr(s, st.Value)
	case *Raise:
		r.expr(s, st.Exc)
		r.expr(s, st.Cause)
	case *Assert:
		r.expr(s, st.Test)
		r.expr(s, st.Msg)
	case *Break:
		if s.loops == 0 {
			failAt(st.Span, "'break' outside loop")
		}
	case *Continue:
		if s.loops == 0 {
			failAt(st.Span, "'continue' not properly in loop")
		}
	case *If:
		r.expr(s, st.Test)
		r.block(s, st.Body)
		r.block(s, st.Else)
	case *While:
		r.expr(s, st.Test)
		r.loop(s, st.Body, st.Else)
	case *For:
		r.expr(s, st.Iter)
		r.expr(s, st.Target)
		r.loop(s, st.Body, st.Else)
	case *Try:
		r.block(s, st.Body)
		for i := range st.Handlers {
			h := &st.Handlers[i]
			r.expr(s, h.Type)
			s.name(h.Name)
			r.block(s, h.Body)
		}
		r.block(s, st.Else)
		r.block(s, st.Finally)
	case *With:
		for _, i := range st.Items {
			r.expr(s, i.Context)
			r.expr(s, i.Target)
		}
		r.block(s, st.Body)
	case *Match:
		r.expr(s, st.Subject)
		for _, c := range st.Cases {
			r.pattern(s, c.Pattern)
			r.expr(s, c.Guard)
			r.block(s, c.Body)
		}
	case *FunctionDef:
		r.function(s, st)
		s.refer(st.Name, &st.Ref)
	case *Import:
		for i := range st.Names {
			s.refer(st.Names[i].As, &st.Names[i].Ref)
		}
	case *ImportFrom:
		for i := range st.Names {
			s.refer(st.Names[i].As, &st.Names[i].Ref)
		}
	}
}

func (r *resolver) pattern(s *scope, q Pattern) {
	Inspect(q, func(n Node) bool {
		if x, ok := n.(Expr); ok {
			r.expr(s, x)
			return false
		}
		return true
	})
}

func (r *resolver) exprs(s *scope, all []Expr) {
	for _, x := range all {
		r.expr(s, x)
	}
}

// expr resolves an expression; functions inside it open their own scopes.
func (r *resolver) expr(s *scope, x Expr) {
	if x == nil {
		return
	}
	Inspect(x, func(n Node) bool {
		switch n := n.(type) {
		case *Name:
			s.name(n)
		case *Lambda:
			r.lambda(s, n)
			return false
		case *Comprehension:
			if n.Kind == GeneratorExp {
				r.generator(s, n)
			} else {
				r.comprehension(s, n)
			}
			return false
		case *Call:
			r.call(s, n)
		}
		return true
	})
}

func (r *resolver) call(s *scope, n *Call) {
	if f, ok := n.Fn.(*Name); ok && f.ID == "super" && len(n.Args) == 0 {
		for in := s; in != nil; in = in.parent {
			in.out.Super = true
		}
	}
	seen := map[string]bool{}
	for _, a := range n.Args {
		if a.Name != "" && seen[a.Name] {
			failAt(a.Span, "keyword argument repeated: %s", a.Name)
		}
		seen[a.Name] = true
	}
}

// comprehension resolves one that runs in the function around it: its targets
// are locals of their own.
func (r *resolver) comprehension(s *scope, n *Comprehension) {
	r.iterable(s, n.Clauses[0].Iter)
	frame := map[string]int{}
	for _, c := range n.Clauses {
		targetNames(c.Target, func(name string) {
			if _, ok := frame[name]; !ok {
				frame[name] = s.local(fmt.Sprintf(".%d.%s", s.number, name))
			}
		})
	}
	s.number++
	s.comps = append(s.comps, frame)
	r.clauses(s, n)
	s.comps = s.comps[:len(s.comps)-1]
}

// iterable resolves what a comprehension runs over; := is refused in functions
// inside it too.
func (r *resolver) iterable(s *scope, x Expr) {
	was := s.inIter
	s.inIter = true
	r.expr(s, x)
	s.inIter = was
}

// generator resolves a generator expression, a function whose parameter is the
// first iterable.
func (r *resolver) generator(s *scope, n *Comprehension) {
	r.iterable(s, n.Clauses[0].Iter)
	in := r.scope(s, generatorScope)
	in.inIter = s.inIter
	in.out.Generator = true
	in.local(".0")
	in.out.Params = 1
	for _, c := range n.Clauses {
		targetNames(c.Target, in.bind)
	}
	r.clauses(in, n)
	n.Scope = in.out
}

// clauses resolves all parts of a comprehension but the first iterable.
func (r *resolver) clauses(s *scope, n *Comprehension) {
	for i, c := range n.Clauses {
		if i > 0 {
			r.iterable(s, c.Iter)
		}
		r.expr(s, c.Target)
		r.exprs(s, c.Ifs)
	}
	r.expr(s, n.X)
	r.expr(s, n.Value)
}

// targetNames calls f for each name that a target binds.
func targetNames(x Expr, f func(string)) {
	switch x := x.(type) {
	case *Name:
		f(x.ID)
	case *Tuple:
		for _, y := range x.Items {
			targetNames(y, f)
		}
	case *List:
		for _, y := range x.Items {
			targetNames(y, f)
		}
	case *Starred:
		targetNames(x.X, f)
	}
}
