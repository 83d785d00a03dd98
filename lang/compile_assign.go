package lang

import (
	"batos/lang/syntax"
)

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
