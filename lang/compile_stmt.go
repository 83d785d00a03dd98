package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

// block is a statement that control may leave by return, break or continue.
// exit lays out what must happen then. gaps are the instructions of such exits
// within the block: they stand outside of its protection.
type block struct {
	loop      bool
	brk, cont *label
	contBack  bool // continue jumps backwards, to cont's place
	atBreak   locals
	exit      func()
	start     int32
	gaps      [][2]int32
}

func (c *compiler) push(b *block) *block {
	b.start = c.pc()
	c.blocks = append(c.blocks, b)
	return b
}

func (c *compiler) pop() { c.blocks = c.blocks[:len(c.blocks)-1] }

// protect adds handlers for the instructions of b up to here, but its gaps.
func (c *compiler) protect(b *block, target int32, reg int, cleanup bool) {
	c.protectUntil(b, c.pc(), target, reg, cleanup)
}

func (c *compiler) protectUntil(b *block, end, target int32, reg int, cleanup bool) {
	add := func(from, to int32) {
		if from < to {
			c.code.handlers = append(c.code.handlers, handler{from, to, target, uint8(reg), cleanup})
		}
	}
	from := b.start
	for _, g := range b.gaps {
		add(from, g[0])
		from = g[1]
	}
	add(from, end)
}

// leave lays out the exits of the blocks from the innermost down to depth, then
// last, which jumps away. None of it is protected by the blocks that are left.
func (c *compiler) leave(depth int, last func()) {
	all := c.blocks
	starts := make([]int32, len(all))
	for i := len(all) - 1; i >= depth; i-- {
		c.blocks = all[:i:i] // what exit pushes must not overwrite all
		starts[i] = c.pc()
		if all[i].exit != nil {
			all[i].exit()
		}
	}
	last()
	for i := depth; i < len(all); i++ {
		all[i].gaps = append(all[i].gaps, [2]int32{starts[i], c.pc()})
	}
	c.blocks = all
}

func (c *compiler) exits(depth int) bool {
	for _, b := range c.blocks[depth:] {
		if b.exit != nil {
			return true
		}
	}
	return false
}

func (c *compiler) stmts(list []syntax.Stmt) {
	for _, s := range list {
		c.stmt(s)
	}
}

func (c *compiler) stmt(s syntax.Stmt) {
	defer c.nest(s)()
	mark := c.top
	c.at(s)
	switch s := s.(type) {
	case *syntax.ExprStmt:
		c.effect(s.X)
	case *syntax.Assign:
		c.assignStmt(s)
	case *syntax.AugAssign:
		c.augAssign(s)
	case *syntax.AnnAssign:
		if s.Value != nil {
			c.store(s.Target, c.operand(s.Value))
		}
	case *syntax.Delete:
		for _, t := range s.Targets {
			c.deleteTarget(t)
		}
	case *syntax.Return:
		c.returnStmt(s)
	case *syntax.Raise:
		c.raiseStmt(s)
	case *syntax.Assert:
		c.assertStmt(s)
	case *syntax.Pass, *syntax.Nonlocal:
	case *syntax.Break:
		c.breakStmt(s, false)
	case *syntax.Continue:
		c.breakStmt(s, true)
	case *syntax.If:
		c.ifStmt(s)
	case *syntax.While:
		c.whileStmt(s)
	case *syntax.For:
		c.forStmt(s)
	case *syntax.Try:
		c.tryStmt(s)
	case *syntax.With:
		c.withStmt(s, 0)
	case *syntax.Match:
		c.matchStmt(s)
	case *syntax.FunctionDef:
		r := c.temp()
		c.function(s.Name, s.Doc, &s.Params, s.Scope, r, func(n *compiler) { n.body(s.Body) })
		c.at(s)
		c.storeRef(s.Name, s.Ref, r)
	case *syntax.Import:
		c.importStmt(s)
	case *syntax.ImportFrom:
		c.importFrom(s)
	default:
		c.fail(s.At(), "this statement cannot be used in a method")
	}
	c.top = mark
}

// effect evaluates an expression for what it does.
func (c *compiler) effect(e syntax.Expr) {
	switch e.(type) {
	case *syntax.StrLit, *syntax.NoneLit, *syntax.Ellipsis, *syntax.IntLit:
		return
	}
	c.expr(e, c.temp())
}

func (c *compiler) assignStmt(s *syntax.Assign) {
	if len(s.Targets) == 1 {
		if n, ok := s.Targets[0].(*syntax.Name); ok && n.Ref.Place == syntax.InLocal && writesLast(s.Value) {
			c.expr(s.Value, n.Ref.Index)
			c.bind(n.Ref.Index)
			return
		}
		if c.assignItems(s.Targets[0], s.Value) {
			return
		}
	}
	v := c.operand(s.Value)
	for _, t := range s.Targets {
		c.store(t, v)
	}
}

// assignItems does a, b = x, y without making the tuple.
func (c *compiler) assignItems(target, value syntax.Expr) bool {
	v, ok := value.(*syntax.Tuple)
	if !ok {
		return false
	}
	t, ok := sequenceTarget(target)
	if !ok || len(t) != len(v.Items) || len(t) > 8 {
		return false
	}
	for i := range t {
		if isStarred(t[i]) || isStarred(v.Items[i]) {
			return false
		}
	}
	first := c.temps(len(t))
	for i, item := range v.Items {
		c.expr(item, first+i)
	}
	for i := range t {
		c.store(t[i], first+i)
	}
	return true
}

func sequenceTarget(e syntax.Expr) ([]syntax.Expr, bool) {
	switch e := e.(type) {
	case *syntax.Tuple:
		return e.Items, true
	case *syntax.List:
		return e.Items, true
	}
	return nil, false
}

func isStarred(e syntax.Expr) bool { _, ok := e.(*syntax.Starred); return ok }

// writesLast says whether the code of e writes its result with its last
// instruction only, so that a local which e itself may read can be the target.
func writesLast(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Name, *syntax.NoneLit, *syntax.BoolLit, *syntax.IntLit, *syntax.FloatLit, *syntax.StrLit,
		*syntax.BytesLit, *syntax.Binary, *syntax.Call, *syntax.Attribute, *syntax.Subscript, *syntax.Lambda, *syntax.FString:
		return true
	case *syntax.Unary:
		return e.Op != syntax.Not
	}
	return false
}

func (c *compiler) bind(local int) { c.bound.add(local) }

// store puts register r into a target.
func (c *compiler) store(target syntax.Expr, r int) {
	mark := c.top
	switch t := target.(type) {
	case *syntax.Name:
		c.at(t)
		c.storeRef(t.ID, t.Ref, r)
	case *syntax.Attribute:
		obj := c.operand(t.X)
		c.at(t)
		c.emit(opSetAttr, obj, r, 0, c.site(t.Name))
	case *syntax.Subscript:
		obj := c.operand(t.X)
		key := c.operand(t.Index)
		c.at(t)
		c.emit(opSetItem, obj, key, r, 0)
	case *syntax.Tuple:
		c.unpack(t, t.Items, r)
	case *syntax.List:
		c.unpack(t, t.Items, r)
	case *syntax.Starred:
		c.store(t.X, r)
	default:
		c.fail(target.At(), "cannot assign to this expression")
	}
	c.top = mark
}

func (c *compiler) storeRef(name string, ref syntax.Ref, r int) {
	switch ref.Place {
	case syntax.InLocal:
		if ref.Index != r {
			c.emit(opMove, ref.Index, r, 0, 0)
		}
		c.bind(ref.Index)
	case syntax.InCell:
		c.emit(opStoreCell, ref.Index, r, 0, 0)
	case syntax.InFree:
		c.emit(opStoreFree, 0, r, 0, ref.Index)
	default:
		c.fail(c.span, "cannot assign to '%s' here; keep what must last in a slot of self", name)
	}
}

func (c *compiler) unpack(at syntax.Node, items []syntax.Expr, r int) {
	star := -1
	for i, t := range items {
		if isStarred(t) {
			if star >= 0 {
				c.fail(t.At(), "multiple starred expressions in assignment")
			}
			star = i
		}
	}
	first := c.temps(max(len(items), 1))
	c.at(at)
	if star < 0 {
		c.emit(opUnpack, first, r, len(items), 0)
	} else {
		c.emit(opUnpackRest, first, r, star, len(items)-star-1)
	}
	for i, t := range items {
		c.store(t, first+i)
	}
}

func (c *compiler) deleteTarget(target syntax.Expr) {
	mark := c.top
	switch t := target.(type) {
	case *syntax.Name:
		c.at(t)
		switch t.Ref.Place {
		case syntax.InLocal:
			c.emit(opCheck, t.Ref.Index, 0, 0, 0)
			c.emit(opDelete, t.Ref.Index, 0, 0, 0)
		case syntax.InCell:
			c.emit(opDelCell, t.Ref.Index, 0, 0, 0)
		case syntax.InFree:
			c.emit(opDelFree, 0, 0, 0, t.Ref.Index)
		default:
			c.fail(t.At(), "cannot delete '%s' here", t.ID)
		}
	case *syntax.Attribute:
		obj := c.operand(t.X)
		c.at(t)
		c.emit(opDelAttr, obj, 0, 0, c.site(t.Name))
	case *syntax.Subscript:
		obj := c.operand(t.X)
		key := c.operand(t.Index)
		c.at(t)
		c.emit(opDelItem, obj, key, 0, 0)
	case *syntax.Tuple:
		for _, item := range t.Items {
			c.deleteTarget(item)
		}
	case *syntax.List:
		for _, item := range t.Items {
			c.deleteTarget(item)
		}
	default:
		c.fail(target.At(), "cannot delete this expression")
	}
	c.top = mark
}

func (c *compiler) augAssign(s *syntax.AugAssign) {
	switch t := s.Target.(type) {
	case *syntax.Name:
		if t.Ref.Place == syntax.InLocal && !c.walrus.has(t.Ref.Index) {
			c.checked(t)
			c.augInto(s, t.Ref.Index, t.Ref.Index)
			return
		}
		r := c.temp()
		c.expr(t, r)
		c.augInto(s, r, r)
		c.storeRef(t.ID, t.Ref, r)
	case *syntax.Attribute:
		obj := c.operand(t.X)
		site := c.site(t.Name)
		if n, ok := smallInt(s.Value); ok && (s.Op == syntax.Add || s.Op == syntax.Sub) {
			c.at(s)
			c.emit(opIncConst, obj, int(uint8(n)), int(s.Op), site)
			return
		}
		if harmless(s.Value) {
			v := c.operand(s.Value)
			c.at(s)
			c.emit(opIncAttr, obj, v, int(s.Op), site)
			return
		}
		r := c.temp()
		c.at(t)
		c.emit(opGetAttr, r, obj, 0, site)
		c.augInto(s, r, r)
		c.emit(opSetAttr, obj, r, 0, c.site(t.Name))
	case *syntax.Subscript:
		obj := c.operand(t.X)
		key := c.operand(t.Index)
		r := c.temp()
		c.at(t)
		c.emit(opGetItem, r, obj, key, 0)
		c.augInto(s, r, r)
		c.emit(opSetItem, obj, key, r, 0)
	default:
		c.fail(s.At(), "illegal target for augmented assignment")
	}
}

// harmless says that evaluating e changes nothing, so that it may come before
// the target is read.
func harmless(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.NoneLit, *syntax.BoolLit, *syntax.IntLit, *syntax.FloatLit, *syntax.StrLit:
		return true
	case *syntax.Name:
		return e.Ref.Place == syntax.InLocal
	}
	return false
}

func (c *compiler) augInto(s *syntax.AugAssign, dst, x int) {
	if n, ok := intConstant(s.Value); ok && (s.Op == syntax.Add || s.Op == syntax.Sub) {
		c.at(s)
		op := opAddInt
		if s.Op == syntax.Sub {
			op = opSubInt
		}
		c.emit(op, dst, x, 1, int(n))
		return
	}
	y := c.operand(s.Value)
	c.at(s)
	if op, ok := quickBinary(s.Op); ok {
		c.emit(op, dst, x, y, 1)
		return
	}
	c.emit(opInplace, dst, x, y, int(s.Op))
}

func (c *compiler) returnStmt(s *syntax.Return) {
	if !c.exits(0) {
		if s.Value == nil {
			c.returnNone()
		} else {
			r := c.operand(s.Value)
			c.at(s)
			c.emit(opReturn, r, 0, 0, 0)
		}
		c.bound = unreachable
		return
	}
	r := c.temp() // exits must not see it free
	if s.Value == nil {
		c.constInto(r, image.None())
	} else {
		c.expr(s.Value, r)
	}
	c.leave(0, func() {
		c.at(s)
		c.emit(opReturn, r, 0, 0, 0)
	})
	c.bound = unreachable
}

func (c *compiler) breakStmt(s syntax.Stmt, cont bool) {
	for i := len(c.blocks) - 1; i >= 0; i-- {
		b := c.blocks[i]
		if !b.loop {
			continue
		}
		c.leave(i+1, func() {
			c.at(s)
			switch {
			case !cont:
				c.jump(opJump, 0, 0, 0, b.brk)
			default:
				c.emit(opLoop, 0, 0, 0, int(b.cont.pc))
			}
		})
		if !cont {
			b.atBreak = b.atBreak.both(c.bound)
		}
		c.bound = unreachable
		return
	}
	c.fail(s.At(), "'break' or 'continue' outside loop")
}

// ifStmt walks a chain of elif in a loop, so that a long one is not deep.
func (c *compiler) ifStmt(s *syntax.If) {
	var done label
	after := unreachable
	for {
		var other label
		c.cond(s.Test, false, &other)
		before := c.bound
		c.stmts(s.Body)
		after = after.both(c.bound)
		if len(s.Else) > 0 && c.bound != unreachable {
			c.jump(opJump, 0, 0, 0, &done)
		}
		c.place(&other)
		c.bound = before
		if len(s.Else) == 1 {
			if next, ok := s.Else[0].(*syntax.If); ok {
				s = next
				c.at(s)
				continue
			}
		}
		c.stmts(s.Else)
		break
	}
	c.place(&done)
	c.bound = c.bound.both(after)
}

func (c *compiler) whileStmt(s *syntax.While) {
	var brk, end label
	head := label{pc: c.pc()}
	forever := false
	if b, ok := s.Test.(*syntax.BoolLit); ok && b.Value {
		forever = true
	} else {
		c.cond(s.Test, false, &end)
	}
	after := c.bound
	b := c.push(&block{loop: true, brk: &brk, cont: &head, atBreak: unreachable})
	c.stmts(s.Body)
	c.pop()
	c.at(s)
	if c.bound != unreachable {
		c.emit(opLoop, 0, 0, 0, int(head.pc))
	}
	c.place(&end)
	c.bound = after
	if forever {
		c.bound = unreachable
	} else {
		c.stmts(s.Else)
	}
	c.place(&brk)
	c.bound = c.bound.both(b.atBreak)
}

func (c *compiler) forStmt(s *syntax.For) {
	var brk, end label
	state := c.temps(2)
	c.forPrep(s.Iter, state)
	before := c.bound
	head := label{pc: c.pc()}
	c.forNext(s.Iter, s.Target, state, &end)
	b := c.push(&block{loop: true, brk: &brk, cont: &head, atBreak: unreachable})
	c.stmts(s.Body)
	c.pop()
	c.at(s)
	if c.bound != unreachable {
		c.emit(opLoop, 0, 0, 0, int(head.pc))
	}
	c.place(&end)
	c.bound = before
	c.stmts(s.Else)
	c.place(&brk)
	c.bound = c.bound.both(b.atBreak)
}

// forPrep makes the state of a loop over an expression.
func (c *compiler) forPrep(iter syntax.Expr, state int) {
	mark := c.top
	x := c.operand(iter)
	c.at(iter)
	c.emit(opForPrep, state, x, 0, 0)
	c.top = mark
}

// forNext gets the next item into target, or goes to end.
func (c *compiler) forNext(at syntax.Node, target syntax.Expr, state int, end *label) {
	c.span = at.At()
	if n, ok := target.(*syntax.Name); ok && n.Ref.Place == syntax.InLocal {
		c.jump(opForNext, n.Ref.Index, state, 0, end)
		c.bind(n.Ref.Index)
		return
	}
	if a, b, ok := pairOfLocals(target); ok {
		c.jump(opForPair, a, state, b, end)
		c.bind(a)
		c.bind(b)
		return
	}
	mark := c.top
	r := c.temp()
	c.jump(opForNext, r, state, 0, end)
	c.store(target, r)
	c.top = mark
}

// pairOfLocals recognises a target like "key, value", which is filled without
// making the pair where the iterator can.
func pairOfLocals(target syntax.Expr) (a, b int, ok bool) {
	items, ok := sequenceTarget(target)
	if !ok || len(items) != 2 {
		return 0, 0, false
	}
	x, okX := items[0].(*syntax.Name)
	y, okY := items[1].(*syntax.Name)
	if !okX || !okY || x.Ref.Place != syntax.InLocal || y.Ref.Place != syntax.InLocal || x.Ref.Index == y.Ref.Index {
		return 0, 0, false
	}
	return x.Ref.Index, y.Ref.Index, true
}

func (c *compiler) importStmt(s *syntax.Import) {
	for _, alias := range s.Names {
		r := c.temp()
		c.span = alias.Span
		c.emit(opImport, r, 0, 0, c.text(alias.Name))
		c.storeRef(alias.As, alias.Ref, r)
	}
}

func (c *compiler) importFrom(s *syntax.ImportFrom) {
	mod := c.temp()
	c.at(s)
	c.emit(opImport, mod, 0, 0, c.text(s.Module))
	for _, alias := range s.Names {
		r := c.temp()
		c.span = alias.Span
		c.emit(opImportFrom, r, mod, 0, c.text(alias.Name))
		c.storeRef(alias.As, alias.Ref, r)
	}
}
