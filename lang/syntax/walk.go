package syntax

// Inspect walks over a tree, a node before its parts, in the order of the text,
// and goes into the parts of a node when f says so. Annotations are left out:
// they are never evaluated. Clauses, handlers, items and arguments are no nodes
// of their own; their parts are visited.
func Inspect(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	w := walker{f}
	switch n := n.(type) {
	case *ExprStmt:
		w.expr(n.X)
	case *Assign:
		w.exprs(n.Targets)
		w.expr(n.Value)
	case *AugAssign:
		w.expr(n.Target)
		w.expr(n.Value)
	case *AnnAssign:
		w.expr(n.Target)
		w.expr(n.Value)
	case *Delete:
		w.exprs(n.Targets)
	case *Return:
		w.expr(n.Value)
	case *Raise:
		w.expr(n.Exc)
		w.expr(n.Cause)
	case *Assert:
		w.expr(n.Test)
		w.expr(n.Msg)
	case *If:
		w.expr(n.Test)
		w.stmts(n.Body)
		w.stmts(n.Else)
	case *While:
		w.expr(n.Test)
		w.stmts(n.Body)
		w.stmts(n.Else)
	case *For:
		w.expr(n.Target)
		w.expr(n.Iter)
		w.stmts(n.Body)
		w.stmts(n.Else)
	case *Try:
		w.stmts(n.Body)
		for _, h := range n.Handlers {
			w.expr(h.Type)
			w.name(h.Name)
			w.stmts(h.Body)
		}
		w.stmts(n.Else)
		w.stmts(n.Finally)
	case *With:
		for _, i := range n.Items {
			w.expr(i.Context)
			w.expr(i.Target)
		}
		w.stmts(n.Body)
	case *Match:
		w.expr(n.Subject)
		for _, c := range n.Cases {
			w.pattern(c.Pattern)
			w.expr(c.Guard)
			w.stmts(c.Body)
		}
	case *FunctionDef:
		w.params(&n.Params)
		w.stmts(n.Body)
	case Expr:
		w.inExpr(n)
	case Pattern:
		w.inPattern(n)
	}
}

type walker struct{ f func(Node) bool }

func (w walker) expr(x Expr) {
	if x != nil {
		Inspect(x, w.f)
	}
}

func (w walker) name(n *Name) {
	if n != nil {
		Inspect(n, w.f)
	}
}

func (w walker) pattern(q Pattern) {
	if q != nil {
		Inspect(q, w.f)
	}
}

func (w walker) exprs(all []Expr) {
	for _, x := range all {
		w.expr(x)
	}
}

func (w walker) patterns(all []Pattern) {
	for _, q := range all {
		w.pattern(q)
	}
}

func (w walker) stmts(all []Stmt) {
	for _, s := range all {
		Inspect(s, w.f)
	}
}

// params visits the defaults, in the order in which they are evaluated.
func (w walker) params(p *Params) {
	for _, q := range p.All() {
		w.expr(q.Default)
	}
}

func (w walker) inExpr(n Expr) {
	switch n := n.(type) {
	case *FString:
		w.exprs(n.Parts)
	case *Replacement:
		w.expr(n.X)
		if n.Spec != nil {
			w.expr(n.Spec)
		}
	case *Tuple:
		w.exprs(n.Items)
	case *List:
		w.exprs(n.Items)
	case *Set:
		w.exprs(n.Items)
	case *Dict:
		for i, k := range n.Keys {
			w.expr(k)
			w.expr(n.Values[i])
		}
	case *Unary:
		w.expr(n.X)
	case *Binary:
		w.expr(n.X)
		w.expr(n.Y)
	case *BoolOp:
		w.exprs(n.Operands)
	case *Compare:
		w.expr(n.First)
		w.exprs(n.Rest)
	case *Conditional:
		w.expr(n.Test)
		w.expr(n.Then)
		w.expr(n.Else)
	case *Walrus:
		w.name(n.Target)
		w.expr(n.Value)
	case *Lambda:
		w.params(&n.Params)
		w.expr(n.Body)
	case *Call:
		w.expr(n.Fn)
		for _, a := range n.Args {
			w.expr(a.Value)
		}
	case *Attribute:
		w.expr(n.X)
	case *Subscript:
		w.expr(n.X)
		w.expr(n.Index)
	case *Slice:
		w.expr(n.Low)
		w.expr(n.High)
		w.expr(n.Step)
	case *Starred:
		w.expr(n.X)
	case *Comprehension:
		w.expr(n.X)
		w.expr(n.Value)
		for _, c := range n.Clauses {
			w.expr(c.Target)
			w.expr(c.Iter)
			w.exprs(c.Ifs)
		}
	case *Yield:
		w.expr(n.Value)
	case *YieldFrom:
		w.expr(n.X)
	}
}

func (w walker) inPattern(q Pattern) {
	switch q := q.(type) {
	case *MatchValue:
		w.expr(q.Value)
	case *MatchCapture:
		w.name(q.Name)
	case *MatchAs:
		w.pattern(q.Pattern)
		w.name(q.Name)
	case *MatchOr:
		w.patterns(q.Alternatives)
	case *MatchSequence:
		w.patterns(q.Items)
	case *MatchStar:
		w.name(q.Name)
	case *MatchMapping:
		for i, k := range q.Keys {
			w.expr(k)
			w.pattern(q.Patterns[i])
		}
		w.name(q.Rest)
	case *MatchClass:
		w.expr(q.Class)
		w.patterns(q.Positional)
		w.patterns(q.Named)
	}
}
