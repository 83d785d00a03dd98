package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

// maxFixed is the number of arguments that are laid out in registers; longer
// calls and displays go through lists.
const maxFixed = 40

// sequence makes a tuple, list or set display.
func (c *compiler) sequence(e syntax.Expr, items []syntax.Expr, dst int, op opcode) {
	starred := false
	for _, item := range items {
		starred = starred || isStarred(item)
	}
	if !starred && len(items) <= maxFixed {
		first := c.temps(max(len(items), 1))
		for i, item := range items {
			c.expr(item, first+i)
		}
		c.at(e)
		c.emit(op, dst, first, len(items), 0)
		return
	}
	r := c.temp()
	add, extend, make := opListAppend, opListExtend, opList
	if op == opSet {
		add, extend, make = opSetAdd, opSetExtend, opSet
	}
	c.at(e)
	c.emit(make, r, r, 0, 0)
	for _, item := range items {
		mark := c.top
		if s, ok := item.(*syntax.Starred); ok {
			x := c.operand(s.X)
			c.at(s)
			c.emit(extend, r, x, 0, 0)
		} else {
			x := c.operand(item)
			c.at(item)
			c.emit(add, r, x, 0, 0)
		}
		c.top = mark
	}
	c.at(e)
	if op == opTuple {
		c.emit(opListTuple, dst, r, 0, 0)
	} else {
		c.emit(opMove, dst, r, 0, 0)
	}
}

func (c *compiler) dict(e *syntax.Dict, dst int) {
	r := c.temp()
	c.at(e)
	c.emit(opDict, r, 0, 0, 0)
	for i, key := range e.Keys {
		mark := c.top
		if key == nil {
			x := c.operand(e.Values[i])
			c.span = e.Values[i].At()
			c.emit(opDictMerge, r, x, 0, 0)
		} else {
			k := c.operand(key)
			v := c.operand(e.Values[i])
			c.span = e.Values[i].At()
			c.emit(opDictSet, r, k, v, 0)
		}
		c.top = mark
	}
	c.at(e)
	c.emit(opMove, dst, r, 0, 0)
}

// comprehension: all but generator expressions are loops in place.
func (c *compiler) comprehension(e *syntax.Comprehension, dst int) {
	if e.Kind == syntax.GeneratorExp {
		c.generatorExp(e, dst)
		return
	}
	r := c.temp()
	c.at(e)
	make, add := opList, opListAppend
	switch e.Kind {
	case syntax.SetComp:
		make, add = opSet, opSetAdd
	case syntax.DictComp:
		make = opDict
	}
	c.emit(make, r, r, 0, 0)
	before := c.bound
	for i := range e.Clauses {
		c.freshCells(e.Clauses[i].Target)
	}
	c.clauses(e.Clauses, -1, func() {
		if e.Kind == syntax.DictComp {
			k := c.operand(e.X)
			v := c.operand(e.Value)
			c.at(e.X)
			c.emit(opDictSet, r, k, v, 0)
			return
		}
		x := c.operand(e.X)
		c.at(e.X)
		c.emit(add, r, x, 0, 0)
	})
	c.bound = before
	c.at(e)
	c.emit(opMove, dst, r, 0, 0)
}

// freshCells gives captured targets of a comprehension cells of their own.
func (c *compiler) freshCells(target syntax.Expr) {
	syntax.Inspect(target, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Name); ok && n.Ref.Place == syntax.InCell {
			c.emit(opNewCell, n.Ref.Index, 0, 0, 0)
		}
		return true
	})
}

// clauses nests the loops; iterator >= 0 is the register that holds what the
// first one walks over.
func (c *compiler) clauses(list []syntax.Clause, iterator int, body func()) {
	if len(list) == 0 {
		mark := c.top
		body()
		c.top = mark
		return
	}
	defer c.nest(list[0])()
	cl := &list[0]
	mark := c.top
	state := c.temps(2)
	if iterator >= 0 {
		c.span = cl.Iter.At()
		c.emit(opForPrep, state, iterator, 0, 0)
	} else {
		c.forPrep(cl.Iter, state)
	}
	var end label
	head := label{pc: c.pc()}
	c.forNext(cl.Iter, cl.Target, state, &end)
	var skip label
	for _, test := range cl.Ifs {
		c.cond(test, false, &skip)
	}
	c.clauses(list[1:], -1, body)
	c.span = cl.At()
	c.place(&skip)
	c.emit(opLoop, 0, 0, 0, int(head.pc))
	c.place(&end)
	c.top = mark
}

// generatorExp calls a function of its own with the first iterable's iterator.
func (c *compiler) generatorExp(e *syntax.Comprehension, dst int) {
	w := c.temps(2)
	n := c.child("<genexpr>", e.Scope)
	n.code.params = []string{".0"}
	n.code.pos, n.code.posOnly = 1, 1
	n.code.optional = []bool{false}
	n.code.defaults = make([]Value, 1)
	n.code.generator = true
	n.bound.add(0)
	n.span = e.Span
	// The element stands for the body, to find what needs care.
	n.prepare([]syntax.Stmt{&syntax.ExprStmt{Span: e.Span, X: &syntax.Comprehension{
		Span: e.Span, Kind: syntax.ListComp, X: e.X, Clauses: e.Clauses}}})
	n.clauses(e.Clauses, 0, func() {
		r := n.temp()
		n.expr(e.X, r)
		n.at(e.X)
		n.emit(opYield, r, r, 0, 0)
	})
	n.returnNone()
	c.code.functions = append(c.code.functions, n.finish())
	c.at(e)
	c.emit(opFunction, w, c.top, 0, len(c.code.functions)-1)
	x := c.operand(e.Clauses[0].Iter)
	c.span = e.Clauses[0].Iter.At()
	c.emit(opIter, w+1, x, 0, 0)
	c.at(e)
	c.emit(opCall, dst, w, 0, c.callSite(1))
}

func (c *compiler) callSite(nargs int) int {
	c.code.sites = append(c.code.sites, site{nargs: uint8(nargs)})
	return len(c.code.sites) - 1
}

// call lays out a call or a send.
func (c *compiler) call(e *syntax.Call, dst int) {
	attr, send := e.Fn.(*syntax.Attribute)
	if !send {
		if isSuper(e) {
			c.fail(e.At(), "super() must be sent a message: super().name(...)")
		}
		w := c.temp()
		c.expr(e.Fn, w)
		s := c.arguments(e, w)
		c.at(e)
		c.emit(opCall, dst, w, 0, s)
		return
	}
	w := c.temp()
	if isSuper(attr.X) {
		s := c.arguments(e, w)
		c.code.sites[s].name = image.Intern(attr.Name)
		c.at(e)
		c.emit(opSuperSend, dst, w, 0, s)
		return
	}
	receiver := w
	if n, ok := attr.X.(*syntax.Name); ok && n.Ref.Place == syntax.InLocal && !c.walrus.has(n.Ref.Index) {
		receiver = c.operand(attr.X)
	} else {
		c.expr(attr.X, w)
	}
	s := c.arguments(e, w)
	c.code.sites[s].name = image.Intern(attr.Name)
	c.at(e)
	c.emit(opSend, dst, w, receiver, s)
}

// arguments lays the arguments of a call out behind register w and gives the
// site that tells their form.
func (c *compiler) arguments(e *syntax.Call, w int) int {
	spread := len(e.Args) > maxFixed
	keywords := 0
	for i := range e.Args {
		if e.Args[i].Star > 0 {
			spread = true
		}
		if e.Args[i].Name != "" {
			keywords++
		} else if keywords > 0 && e.Args[i].Star == 1 {
			spread = true
		}
	}
	if spread {
		return c.spreadArguments(e)
	}
	var names []string
	for i := range e.Args {
		a := &e.Args[i]
		if a.Name != "" {
			names = append(names, a.Name)
		}
		c.expr(a.Value, c.temp())
	}
	s := c.callSite(len(e.Args) - len(names))
	if names != nil {
		c.code.sites[s].mode = argsKeywords
		c.code.sites[s].names = names
	}
	return s
}

func (c *compiler) spreadArguments(e *syntax.Call) int {
	list, dict := c.temp(), c.temp()
	c.at(e)
	c.emit(opList, list, list, 0, 0)
	c.constInto(dict, image.None())
	named, positional := false, 0
	for _, a := range e.Args {
		if a.Name == "" && a.Star < 2 {
			positional++
		}
	}
	for i := range e.Args {
		a := &e.Args[i]
		mark := c.top
		switch {
		case a.Star == 1:
			x := c.operand(a.Value)
			c.span = a.Value.At()
			alone := 0 // CPython names the function only then
			if positional == 1 {
				alone = 1
			}
			c.emit(opListExtend, list, x, alone, 0)
		case a.Star == 2 || a.Name != "":
			if !named {
				named = true
				c.emit(opDict, dict, 0, 0, 0)
			}
			if a.Star == 2 {
				x := c.operand(a.Value)
				c.span = a.Value.At()
				c.emit(opDictMerge, dict, x, 1, 0)
			} else {
				k := c.temp()
				c.constInto(k, image.NewStr(a.Name))
				v := c.operand(a.Value)
				c.span = a.Value.At()
				c.emit(opDictSet, dict, k, v, 1)
			}
		default:
			x := c.operand(a.Value)
			c.span = a.Value.At()
			c.emit(opListAppend, list, x, 0, 0)
		}
		c.top = mark
	}
	s := c.callSite(2)
	c.code.sites[s].mode = argsSpread
	return s
}
