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

// protect adds handlers for the instructions of b up to end, but its gaps.
func (c *compiler) protect(b *block, end, target int32, reg int, cleanup bool) {
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
