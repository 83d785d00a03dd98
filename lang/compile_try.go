package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

func (c *compiler) raiseStmt(s *syntax.Raise) {
	if s.Exc == nil {
		c.emit(opRaise, 0, 0, 2, 0)
		c.bound = unreachable
		return
	}
	exc := c.operand(s.Exc)
	if s.Cause == nil {
		c.at(s)
		c.emit(opRaise, exc, 0, 0, 0)
	} else {
		cause := c.operand(s.Cause)
		c.at(s)
		c.emit(opRaise, exc, cause, 1, 0)
	}
	c.bound = unreachable
}

func (c *compiler) assertStmt(s *syntax.Assert) {
	var ok label
	c.cond(s.Test, true, &ok)
	before := c.bound
	w := c.temps(2)
	c.at(s)
	c.emit(opConst, w, 0, 0, c.constIndex(AssertionError.Value()))
	if s.Msg != nil {
		c.expr(s.Msg, w+1)
		c.at(s)
		c.emit(opCall, w, w, 0, c.callSite(1))
	}
	c.span = s.Test.At()
	c.emit(opRaise, w, 0, 0, 0)
	c.place(&ok)
	c.bound = before
}

// tryStmt lays out try, handlers and else within the protection of finally.
func (c *compiler) tryStmt(s *syntax.Try) {
	if len(s.Finally) == 0 {
		c.tryExcept(s)
		return
	}
	exc := c.temps(2)
	b := c.push(&block{exit: func() {
		before := c.bound
		mark := c.top
		c.stmts(s.Finally)
		c.top = mark
		c.bound = before
	}})
	before := c.bound
	if len(s.Handlers) == 0 {
		c.stmts(s.Body)
		c.stmts(s.Else)
	} else {
		c.tryExcept(s)
	}
	c.pop()
	end := c.pc()
	var done label
	after := c.bound
	if after != unreachable {
		c.stmts(s.Finally)
		after = c.bound
		if after != unreachable {
			c.jump(opJump, 0, 0, 0, &done)
		}
	}
	c.protect(b, end, c.pc(), exc, true)
	c.bound = before
	c.span = s.At()
	c.handling(exc, func() { c.stmts(s.Finally) }, func() {
		c.emit(opPopExc, exc, 0, 0, 0)
		c.emit(opReraise, exc, 0, 0, 0)
	})
	c.place(&done)
	c.bound = after
}

// handling lays out the body of a handler whose exception is in exc, then last;
// an exception that leaves the body stops handling the first.
func (c *compiler) handling(exc int, body, last func()) {
	c.emit(opPushExc, exc, 0, 0, 0)
	second := c.temp()
	b := c.push(&block{exit: func() { c.emit(opPopExc, exc, 0, 0, 0) }})
	body()
	c.pop()
	end := c.pc()
	last()
	c.protect(b, end, c.pc(), second, true)
	c.emit(opPopExc, exc, 0, 0, 0)
	c.emit(opReraise, second, 0, 0, 0)
}

func (c *compiler) tryExcept(s *syntax.Try) {
	exc := c.temps(2)
	var done label
	before := c.bound
	b := c.push(&block{})
	c.stmts(s.Body)
	c.pop()
	end := c.pc()
	if c.bound != unreachable {
		c.stmts(s.Else)
	}
	after := c.bound
	if after != unreachable {
		c.jump(opJump, 0, 0, 0, &done)
	}
	c.protect(b, end, c.pc(), exc, false)
	c.bound = before
	c.handling(exc, func() {
		for i := range s.Handlers {
			c.bound = before
			c.exceptClause(&s.Handlers[i], exc, &done)
			after = after.both(c.bound)
		}
	}, func() {
		c.emit(opPopExc, exc, 0, 0, 0)
		c.emit(opReraise, exc, 0, 0, 0)
	})
	c.place(&done)
	c.bound = after
}

func (c *compiler) exceptClause(h *syntax.Handler, exc int, done *label) {
	var next label
	mark := c.top
	if h.Type != nil {
		t := c.operand(h.Type)
		c.span = h.Type.At()
		c.jump(opNoMatch, exc, t, 0, &next)
		c.top = mark
	}
	leave := func() {
		c.emit(opPopExc, exc, 0, 0, 0)
		if c.bound != unreachable {
			c.jump(opJump, 0, 0, 0, done)
		}
	}
	if h.Name == nil {
		c.stmts(h.Body)
		leave()
	} else {
		c.storeRef(h.Name.ID, h.Name.Ref, exc)
		second := c.temp()
		b := c.push(&block{exit: func() { c.unbind(h.Name) }})
		c.stmts(h.Body)
		c.pop()
		end := c.pc()
		c.unbind(h.Name)
		leave()
		c.protect(b, end, c.pc(), second, true)
		c.unbind(h.Name)
		c.emit(opReraise, second, 0, 0, 0) // into the protection of the whole handler
	}
	c.top = mark
	c.place(&next)
}

// unbind makes the name of an except clause unbound, whether it is bound or not.
func (c *compiler) unbind(n *syntax.Name) {
	switch n.Ref.Place {
	case syntax.InLocal:
		c.emit(opDelete, n.Ref.Index, 0, 0, 0)
	case syntax.InCell:
		c.emit(opClearCell, n.Ref.Index, 0, 0, 0)
	case syntax.InFree:
		c.emit(opClearCell, n.Ref.Index, 0, 1, 0)
	}
}

// withStmt does the items from i on.
func (c *compiler) withStmt(s *syntax.With, i int) {
	if i == len(s.Items) {
		c.stmts(s.Body)
		return
	}
	defer c.nest(s)()
	item := &s.Items[i]
	ctx := c.temp()
	c.expr(item.Context, ctx)
	c.span = item.Context.At()
	c.emit(opWithCheck, ctx, 0, 0, 0)
	entered := c.temp()
	c.sendNamed(entered, ctx, "__enter__", 0)
	exc := c.temps(2)
	exit := func() {
		mark := c.top
		w := c.temps(4)
		for k := 1; k <= 3; k++ {
			c.constInto(w+k, image.None())
		}
		c.span = item.Context.At()
		c.sendAt(w, w, ctx, "__exit__", 3)
		c.top = mark
	}
	b := c.push(&block{exit: exit})
	if item.Target != nil {
		c.store(item.Target, entered)
	}
	before := c.bound
	c.withStmt(s, i+1)
	c.pop()
	end := c.pc()
	after := c.bound
	var done label
	if after != unreachable {
		exit()
		c.jump(opJump, 0, 0, 0, &done)
	}
	c.protect(b, end, c.pc(), exc, true)
	c.bound = before
	var swallowed label
	c.span = item.Context.At()
	c.handling(exc, func() {
		mark := c.top
		w := c.temps(4)
		c.emit(opExcClass, w+1, exc, 0, 0)
		c.emit(opMove, w+2, exc, 0, 0)
		c.constInto(w+3, image.None())
		c.sendAt(w, w, ctx, "__exit__", 3)
		c.jump(opJumpTrue, w, 0, 0, &swallowed)
		c.top = mark
	}, func() {
		c.emit(opPopExc, exc, 0, 0, 0)
		c.emit(opReraise, exc, 0, 0, 0)
	})
	c.place(&swallowed)
	c.emit(opPopExc, exc, 0, 0, 0)
	c.place(&done)
	c.bound = after.both(before)
}

// sendNamed sends name with n arguments that follow a window's first register;
// it takes the window itself.
func (c *compiler) sendNamed(dst, receiver int, name string, n int) {
	mark := c.top
	w := c.temps(n + 1)
	c.sendAt(dst, w, receiver, name, n)
	c.top = mark
}

func (c *compiler) sendAt(dst, window, receiver int, name string, n int) {
	site := c.site(name)
	c.code.sites[site].nargs = uint8(n)
	c.emit(opSend, dst, window, receiver, site)
}
