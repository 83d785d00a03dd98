package syntax

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// dumper writes a tree as an S-expression that testdata/oracle.py writes too,
// from the tree of CPython: names of nodes are ours, columns count from 0.
type dumper struct {
	b      strings.Builder
	inF    int  // inside f-strings CPython 3.11 has no exact places
	places bool // write names with what the resolver found
}

func dump(stmts []Stmt) string {
	var d dumper
	for _, s := range stmts {
		d.node(s)
		d.b.WriteByte('\n')
	}
	return d.b.String()
}

func (d *dumper) head(n Node) {
	name := strings.TrimPrefix(fmt.Sprintf("%T", n), "*syntax.")
	d.b.WriteString("(" + name)
	if d.inF == 0 {
		s := n.At()
		fmt.Fprintf(&d.b, "@%d:%d-%d:%d", s.Start.Line, s.Start.Col-1, s.End.Line, s.End.Col-1)
	}
}

func (d *dumper) str(format string, a ...any) { fmt.Fprintf(&d.b, " "+format, a...) }

func (d *dumper) name(n *Name) {
	if n == nil {
		d.str("-")
	} else {
		d.str("%s", n.ID)
	}
}

func (d *dumper) expr(x Expr) {
	if x == nil {
		d.str("-")
		return
	}
	d.b.WriteByte(' ')
	d.node(x)
}

func (d *dumper) exprs(all []Expr) {
	d.str("[")
	for _, x := range all {
		d.expr(x)
	}
	d.str("]")
}

func (d *dumper) block(all []Stmt) {
	d.str("{")
	for _, s := range all {
		d.b.WriteByte(' ')
		d.node(s)
	}
	d.str("}")
}

func (d *dumper) patterns(all []Pattern) {
	d.str("[")
	for _, q := range all {
		d.b.WriteByte(' ')
		d.node(q)
	}
	d.str("]")
}

func (d *dumper) param(kind string, q *Param) {
	if q == nil {
		return
	}
	d.str("(%s %s", kind, q.Name)
	d.expr(q.Annotation)
	d.expr(q.Default)
	d.b.WriteByte(')')
}

func (d *dumper) params(p *Params) {
	for i := range p.PosOnly {
		d.param("posonly", &p.PosOnly[i])
	}
	for i := range p.Pos {
		d.param("pos", &p.Pos[i])
	}
	d.param("star", p.Star)
	for i := range p.KwOnly {
		d.param("kwonly", &p.KwOnly[i])
	}
	d.param("kw", p.Kw)
}

func (d *dumper) node(n Node) {
	d.head(n)
	switch n := n.(type) {
	case *ExprStmt:
		d.expr(n.X)
	case *Assign:
		d.exprs(n.Targets)
		d.expr(n.Value)
	case *AugAssign:
		d.str("%s", n.Op)
		d.expr(n.Target)
		d.expr(n.Value)
	case *AnnAssign:
		d.expr(n.Target)
		d.expr(n.Annotation)
		d.expr(n.Value)
	case *Delete:
		d.exprs(n.Targets)
	case *Return:
		d.expr(n.Value)
	case *Raise:
		d.expr(n.Exc)
		d.expr(n.Cause)
	case *Assert:
		d.expr(n.Test)
		d.expr(n.Msg)
	case *If:
		d.expr(n.Test)
		d.block(n.Body)
		d.block(n.Else)
	case *While:
		d.expr(n.Test)
		d.block(n.Body)
		d.block(n.Else)
	case *For:
		d.expr(n.Target)
		d.expr(n.Iter)
		d.block(n.Body)
		d.block(n.Else)
	case *Try:
		d.block(n.Body)
		for _, h := range n.Handlers {
			d.str("(except@%d:%d-%d:%d", h.Start.Line, h.Start.Col-1, h.End.Line, h.End.Col-1)
			d.expr(h.Type)
			d.name(h.Name)
			d.block(h.Body)
			d.b.WriteByte(')')
		}
		d.block(n.Else)
		d.block(n.Finally)
	case *With:
		for _, i := range n.Items {
			d.str("(item")
			d.expr(i.Context)
			d.expr(i.Target)
			d.b.WriteByte(')')
		}
		d.block(n.Body)
	case *Match:
		d.expr(n.Subject)
		for _, c := range n.Cases {
			d.str("(case ")
			d.node(c.Pattern)
			d.expr(c.Guard)
			d.block(c.Body)
			d.b.WriteByte(')')
		}
	case *FunctionDef:
		d.str("%s", n.Name)
		d.params(&n.Params)
		d.expr(n.Returns)
		d.block(n.Body)
		d.str("%s", hexOf(n.Doc))
	case *Nonlocal:
		d.str("%s", strings.Join(n.Names, " "))
	case *Import:
		for _, a := range n.Names {
			d.str("%s:%s", a.Name, a.As)
		}
	case *ImportFrom:
		d.str("%s", n.Module)
		for _, a := range n.Names {
			d.str("%s:%s", a.Name, a.As)
		}
	case Expr:
		d.inExpr(n)
	case Pattern:
		d.inPattern(n)
	}
	d.b.WriteByte(')')
}

func (d *dumper) inExpr(n Expr) {
	switch n := n.(type) {
	case *Name:
		d.str("%s", n.ID)
		if d.places {
			d.str("%s%d", [...]string{"?", "local", "cell", "free", "global"}[n.Ref.Place], n.Ref.Index)
		}
	case *BoolLit:
		d.str("%t", n.Value)
	case *IntLit:
		d.str("%s", decimal(n.Text))
	case *FloatLit:
		d.str("%s", pyHex(n.Value))
	case *StrLit:
		d.str("%s", hexOf(n.Value))
	case *BytesLit:
		d.str("%s", hexOf(n.Value))
	case *FString:
		d.inF++
		d.exprs(mergeDebug(n.Parts))
		d.inF--
	case *Replacement:
		d.expr(n.X)
		d.str("%d", n.Conversion)
		if n.Spec != nil {
			d.exprs(mergeDebug(n.Spec.Parts))
		} else {
			d.str("-")
		}
	case *Tuple:
		d.exprs(n.Items)
	case *List:
		d.exprs(n.Items)
	case *Set:
		d.exprs(n.Items)
	case *Dict:
		d.exprs(n.Keys)
		d.exprs(n.Values)
	case *Unary:
		d.str("%s", n.Op)
		d.expr(n.X)
	case *Binary:
		d.str("%s", n.Op)
		d.expr(n.X)
		d.expr(n.Y)
	case *BoolOp:
		d.str("%t", n.Or)
		d.exprs(n.Operands)
	case *Compare:
		d.expr(n.First)
		for i, op := range n.Ops {
			d.str("%s", op)
			d.expr(n.Rest[i])
		}
	case *Conditional:
		d.expr(n.Test)
		d.expr(n.Then)
		d.expr(n.Else)
	case *Walrus:
		d.expr(n.Target)
		d.expr(n.Value)
	case *Lambda:
		d.params(&n.Params)
		d.expr(n.Body)
	case *Call:
		d.expr(n.Fn)
		// CPython keeps keywords apart.
		for _, a := range n.Args {
			if a.Name == "" && a.Star < 2 {
				d.str("(arg%d", a.Star)
				d.expr(a.Value)
				d.b.WriteByte(')')
			}
		}
		for _, a := range n.Args {
			if a.Name != "" || a.Star == 2 {
				d.str("(kw %s", a.Name)
				d.expr(a.Value)
				d.b.WriteByte(')')
			}
		}
	case *Attribute:
		d.expr(n.X)
		d.str("%s", n.Name)
	case *Subscript:
		d.expr(n.X)
		d.expr(n.Index)
	case *Slice:
		d.expr(n.Low)
		d.expr(n.High)
		d.expr(n.Step)
	case *Starred:
		d.expr(n.X)
	case *Comprehension:
		d.str("%d", n.Kind)
		d.expr(n.X)
		d.expr(n.Value)
		for _, c := range n.Clauses {
			d.str("(for")
			d.expr(c.Target)
			d.expr(c.Iter)
			d.exprs(c.Ifs)
			d.b.WriteByte(')')
		}
	case *Yield:
		d.expr(n.Value)
	case *YieldFrom:
		d.expr(n.X)
	}
}

func (d *dumper) inPattern(q Pattern) {
	switch q := q.(type) {
	case *MatchValue:
		d.expr(q.Value)
	case *MatchCapture:
		d.name(q.Name)
	case *MatchAs:
		d.b.WriteByte(' ')
		d.node(q.Pattern)
		d.name(q.Name)
	case *MatchOr:
		d.patterns(q.Alternatives)
	case *MatchSequence:
		d.patterns(q.Items)
	case *MatchStar:
		d.name(q.Name)
	case *MatchMapping:
		d.exprs(q.Keys)
		d.patterns(q.Patterns)
		d.name(q.Rest)
	case *MatchClass:
		d.expr(q.Class)
		d.patterns(q.Positional)
		d.str("%s", strings.Join(q.Names, " "))
		d.patterns(q.Named)
	}
}

func hexOf(s string) string {
	if s == "" {
		return "-"
	}
	return fmt.Sprintf("%x", s)
}

// mergeDebug puts the texts of {x=} where CPython has them: into the literal
// before.
func mergeDebug(parts []Expr) (out []Expr) {
	text := func(s string) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 {
			if last, ok := out[n-1].(*StrLit); ok {
				out[n-1] = &StrLit{Value: last.Value + s}
				return
			}
		}
		out = append(out, &StrLit{Value: s})
	}
	for _, x := range parts {
		switch x := x.(type) {
		case *StrLit:
			text(x.Value)
		case *Replacement:
			text(x.Debug)
			out = append(out, x)
		}
	}
	return out
}

// decimal writes an integer literal as CPython's tree has it.
func decimal(text string) string {
	v, ok := new(big.Int).SetString(text, 0)
	if !ok {
		return text
	}
	return v.String()
}

// pyHex is float.hex().
func pyHex(v float64) string {
	if math.IsInf(v, 0) {
		return "inf"
	}
	if v == 0 {
		return "0x0.0p+0"
	}
	bits := math.Float64bits(v)
	exp, frac := int(bits>>52&0x7ff), bits&(1<<52-1)
	lead := 1
	if exp == 0 {
		lead, exp = 0, 1
	}
	return fmt.Sprintf("0x%d.%013xp%+d", lead, frac, exp-1023)
}
