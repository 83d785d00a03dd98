package lang

import (
	"math/big"

	"batos/image"
	"batos/lang/syntax"
)

// operand gives a register that holds the value of e: the local itself where
// that is safe, else a new temporary.
func (c *compiler) operand(e syntax.Expr) int {
	if n, ok := e.(*syntax.Name); ok && n.Ref.Place == syntax.InLocal && !c.walrus.has(n.Ref.Index) {
		c.checked(n)
		return n.Ref.Index
	}
	r := c.temp()
	c.expr(e, r)
	return r
}

// checked makes sure that a local is bound before it is read.
func (c *compiler) checked(n *syntax.Name) {
	if i := n.Ref.Index; !c.bound.has(i) || c.fickle.has(i) {
		c.at(n)
		if c.scope.Body {
			// In an eval a name that is not bound yet means what it means outside.
			var bound label
			c.jump(opJumpBound, i, 0, 0, &bound)
			c.emit(opGlobal, i, 0, 0, c.text(n.ID))
			c.place(&bound)
		} else {
			c.emit(opCheck, i, 0, 0, 0)
		}
		c.bind(i)
	}
}

// constant gives the value of a literal that can be shared.
func (c *compiler) constant(e syntax.Expr) (Value, bool) {
	switch e := e.(type) {
	case *syntax.NoneLit:
		return image.None(), true
	case *syntax.BoolLit:
		return image.Bool(e.Value), true
	case *syntax.IntLit:
		n, ok := new(big.Int).SetString(e.Text, 0)
		if !ok {
			c.fail(e.At(), "invalid number %s", e.Text)
		}
		return image.NewBig(n), true
	case *syntax.FloatLit:
		return image.Float(e.Value), true
	case *syntax.StrLit:
		return image.NewStr(e.Value), true
	case *syntax.BytesLit:
		return image.NewBytes(e.Value), true
	case *syntax.Ellipsis:
		return ellipsis, true
	case *syntax.Unary:
		if x, ok := c.constant(e.X); ok && e.Op == syntax.Neg {
			switch {
			case x.IsInt() || x.Kind() == image.KindBig:
				return image.NewBig(new(big.Int).Neg(image.BigOf(x))), true
			case x.IsFloat():
				return image.Float(-x.AsFloat()), true
			}
		}
	case *syntax.Tuple:
		if len(e.Items) > 64 {
			return Value{}, false
		}
		items := make([]Value, len(e.Items))
		for i, item := range e.Items {
			v, ok := c.constant(item)
			if !ok {
				return Value{}, false
			}
			items[i] = v
		}
		return image.NewTuple(items), true
	case *syntax.Name:
		if e.Ref.Place == syntax.InGlobal || e.Ref.Place == syntax.Unresolved {
			if c.prelude != "" {
				if v, ok := preludeName(c.prelude, e.ID); ok {
					return v, true
				}
			}
			if v, ok := builtin(e.ID); ok {
				return v, true
			}
		}
	}
	return Value{}, false
}

// intConstant and smallInt recognise integers that fit an instruction.
func intConstant(e syntax.Expr) (int64, bool) {
	switch e := e.(type) {
	case *syntax.IntLit:
		n, ok := new(big.Int).SetString(e.Text, 0)
		if ok && n.IsInt64() && int64(int32(n.Int64())) == n.Int64() {
			return n.Int64(), true
		}
	case *syntax.Unary:
		if n, ok := intConstant(e.X); ok && e.Op == syntax.Neg && n != 0 {
			return -n, true
		}
	}
	return 0, false
}

func smallInt(e syntax.Expr) (int8, bool) {
	n, ok := intConstant(e)
	if !ok || int64(int8(n)) != n {
		return 0, false
	}
	return int8(n), true
}

// quickBinary gives the instruction that an operator has of its own.
func quickBinary(op syntax.BinaryOp) (opcode, bool) {
	switch op {
	case syntax.Add:
		return opAdd, true
	case syntax.Sub:
		return opSub, true
	case syntax.Mul:
		return opMul, true
	case syntax.FloorDiv:
		return opFloorDiv, true
	case syntax.Mod:
		return opMod, true
	}
	return 0, false
}

// expr puts the value of e into register dst.
func (c *compiler) expr(e syntax.Expr, dst int) {
	defer c.nest(e)()
	mark := c.top
	if v, ok := c.constant(e); ok {
		c.at(e)
		c.constInto(dst, v)
		c.top = mark
		return
	}
	switch e := e.(type) {
	case *syntax.Name:
		c.name(e, dst)
	case *syntax.FString:
		c.fstring(e, dst)
	case *syntax.Tuple:
		c.sequence(e, e.Items, dst, opTuple)
	case *syntax.List:
		c.sequence(e, e.Items, dst, opList)
	case *syntax.Set:
		c.sequence(e, e.Items, dst, opSet)
	case *syntax.Dict:
		c.dict(e, dst)
	case *syntax.Unary:
		x := c.operand(e.X)
		c.at(e)
		c.emit(opUnary, dst, x, 0, int(e.Op))
	case *syntax.Binary:
		c.binary(e, dst)
	case *syntax.BoolOp:
		c.boolOp(e, dst)
	case *syntax.Compare:
		c.compare(e, dst)
	case *syntax.Conditional:
		c.conditional(e, dst)
	case *syntax.Walrus:
		c.expr(e.Value, dst)
		c.at(e)
		c.storeRef(e.Target.ID, e.Target.Ref, dst)
	case *syntax.Lambda:
		c.function("<lambda>", "", &e.Params, e.Scope, dst, func(n *compiler) { n.lambda(e) })
	case *syntax.Call:
		c.call(e, dst)
	case *syntax.Attribute:
		if isSuper(e.X) {
			c.at(e)
			c.emit(opSuperGet, dst, 0, 0, c.site(e.Name))
			break
		}
		x := c.operand(e.X)
		c.at(e)
		c.emit(opGetAttr, dst, x, 0, c.site(e.Name))
	case *syntax.Subscript:
		x := c.operand(e.X)
		key := c.operand(e.Index)
		c.at(e)
		c.emit(opGetItem, dst, x, key, 0)
	case *syntax.Slice:
		c.slice(e, dst)
	case *syntax.Starred:
		c.fail(e.At(), "can't use starred expression here")
	case *syntax.Comprehension:
		c.comprehension(e, dst)
	case *syntax.Yield:
		r := c.temp()
		if e.Value == nil {
			c.constInto(r, image.None())
		} else {
			c.expr(e.Value, r)
		}
		c.at(e)
		c.emit(opYield, dst, r, 0, 0)
	case *syntax.YieldFrom:
		it := c.temps(2)
		x := c.operand(e.X)
		c.at(e)
		c.emit(opIter, it, x, 1, 0)
		c.constInto(it+1, image.None())
		c.at(e)
		c.emit(opYieldFrom, dst, it, it+1, 0)
	default:
		c.fail(e.At(), "this expression cannot be used in a method")
	}
	c.top = mark
}

func (c *compiler) name(e *syntax.Name, dst int) {
	c.at(e)
	switch e.Ref.Place {
	case syntax.InLocal:
		c.checked(e)
		if dst != e.Ref.Index {
			c.emit(opMove, dst, e.Ref.Index, 0, 0)
		}
	case syntax.InCell:
		c.emit(opLoadCell, dst, e.Ref.Index, 0, 0)
	case syntax.InFree:
		c.emit(opLoadFree, dst, 0, 0, e.Ref.Index)
	default:
		if e.ID == "super" {
			c.fail(e.At(), "super() must be sent a message: super().name(...)")
		}
		c.emit(opGlobal, dst, 0, 0, c.text(e.ID))
	}
}

func isSuper(e syntax.Expr) bool {
	call, ok := e.(*syntax.Call)
	if !ok || len(call.Args) > 0 {
		return false
	}
	n, ok := call.Fn.(*syntax.Name)
	return ok && n.ID == "super" && (n.Ref.Place == syntax.InGlobal || n.Ref.Place == syntax.Unresolved)
}

// binary walks a chain that leans to the left, as a + b + c does, in a loop, so
// that a long sum is not deep.
func (c *compiler) binary(e *syntax.Binary, dst int) {
	chain := []*syntax.Binary{e}
	for {
		left, ok := chain[len(chain)-1].X.(*syntax.Binary)
		if !ok {
			break
		}
		chain = append(chain, left)
	}
	x := c.operand(chain[len(chain)-1].X)
	var sum int
	if len(chain) > 1 {
		sum = c.temp()
	}
	for i := len(chain) - 1; i >= 0; i-- {
		mark := c.top
		to := sum
		if i == 0 {
			to = dst
		}
		c.binaryStep(chain[i], to, x)
		x = to
		c.top = mark
	}
}

func (c *compiler) binaryStep(e *syntax.Binary, dst, x int) {
	if n, ok := intConstant(e.Y); ok && (e.Op == syntax.Add || e.Op == syntax.Sub) {
		c.at(e)
		op := opAddInt
		if e.Op == syntax.Sub {
			op = opSubInt
		}
		c.emit(op, dst, x, 0, int(n))
		return
	}
	y := c.operand(e.Y)
	c.at(e)
	if op, ok := quickBinary(e.Op); ok {
		c.emit(op, dst, x, y, 0)
		return
	}
	c.emit(opBinary, dst, x, y, int(e.Op))
}

func (c *compiler) boolOp(e *syntax.BoolOp, dst int) {
	var done label
	op := opJumpFalse
	if e.Or {
		op = opJumpTrue
	}
	r := dst
	if dst < len(c.scope.Locals) {
		r = c.temp()
	}
	c.expr(e.Operands[0], r)
	first := c.bound
	for _, x := range e.Operands[1:] {
		c.at(e)
		c.jump(op, r, 0, 0, &done)
		c.expr(x, r)
	}
	c.bound = first
	c.place(&done)
	c.moved(dst, r)
}

func (c *compiler) moved(dst, r int) {
	if dst != r {
		c.emit(opMove, dst, r, 0, 0)
	}
}

func (c *compiler) conditional(e *syntax.Conditional, dst int) {
	var other, done label
	c.cond(e.Test, false, &other)
	before := c.bound
	c.expr(e.Then, dst)
	then := c.bound
	c.jump(opJump, 0, 0, 0, &done)
	c.place(&other)
	c.bound = before
	c.expr(e.Else, dst)
	c.place(&done)
	c.bound = c.bound.both(then)
}

func (c *compiler) compare(e *syntax.Compare, dst int) {
	if len(e.Ops) == 1 {
		x := c.operand(e.First)
		y := c.operand(e.Rest[0])
		c.at(e)
		c.emit(opCompare, dst, x, y, int(e.Ops[0]))
		return
	}
	var done label
	r := dst
	if dst < len(c.scope.Locals) {
		r = c.temp()
	}
	x := c.operand(e.First)
	bound := c.bound
	for i, op := range e.Ops {
		y := c.operand(e.Rest[i])
		if i == 0 {
			bound = c.bound
		}
		c.at(e)
		c.emit(opCompare, r, x, y, int(op))
		if i < len(e.Ops)-1 {
			c.jump(opJumpFalse, r, 0, 0, &done)
		}
		x = y
	}
	c.bound = bound
	c.place(&done)
	c.moved(dst, r)
}

// cond jumps to to when e is as when says, and falls through otherwise.
func (c *compiler) cond(e syntax.Expr, when bool, to *label) {
	defer c.nest(e)()
	mark := c.top
	defer func() { c.top = mark }()
	switch e := e.(type) {
	case *syntax.BoolLit:
		if e.Value == when {
			c.jump(opJump, 0, 0, 0, to)
		}
		return
	case *syntax.Unary:
		if e.Op == syntax.Not {
			c.cond(e.X, !when, to)
			return
		}
	case *syntax.BoolOp:
		c.condBoolOp(e, when, to)
		return
	case *syntax.Compare:
		if len(e.Ops) == 1 && c.condCompare(e, when, to) {
			return
		}
	}
	r := c.operand(e)
	c.at(e)
	if when {
		c.jump(opJumpTrue, r, 0, 0, to)
	} else {
		c.jump(opJumpFalse, r, 0, 0, to)
	}
}

func (c *compiler) condBoolOp(e *syntax.BoolOp, when bool, to *label) {
	// "or" jumping when true, or "and" jumping when false: each operand may jump.
	last := len(e.Operands) - 1
	var first locals
	if e.Or == when {
		for i, x := range e.Operands {
			c.cond(x, when, to)
			if i == 0 {
				first = c.bound
			}
		}
	} else {
		var skip label
		for i, x := range e.Operands[:last] {
			c.cond(x, !when, &skip)
			if i == 0 {
				first = c.bound
			}
		}
		c.cond(e.Operands[last], when, to)
		c.place(&skip)
	}
	c.bound = first
}

var condOps = map[syntax.CompareOp][2]opcode{
	syntax.Less: {opJumpLess, opJumpLessInt}, syntax.LessEq: {opJumpLessEq, opJumpLessEqInt},
	syntax.Greater: {opJumpGreater, opJumpGreaterInt}, syntax.GreaterEq: {opJumpGreaterEq, opJumpGreaterEqInt},
	syntax.Eq: {opJumpEq, opJumpEqInt}, syntax.NotEq: {opJumpNotEq, opJumpNotEqInt},
}

// condCompare fuses a comparison with the jump.
func (c *compiler) condCompare(e *syntax.Compare, when bool, to *label) bool {
	op, y := e.Ops[0], e.Rest[0]
	polarity := 0
	if when {
		polarity = 1
	}
	if _, none := y.(*syntax.NoneLit); none && (op == syntax.Is || op == syntax.IsNot) {
		if op == syntax.IsNot {
			polarity = 1 - polarity
		}
		x := c.operand(e.First)
		c.at(e)
		c.jump(opJumpNone, x, 0, polarity, to)
		return true
	}
	ops, ok := condOps[op]
	if !ok {
		return false
	}
	x := c.operand(e.First)
	if n, ok := smallInt(y); ok {
		c.at(e)
		c.jump(ops[1], x, int(uint8(n)), polarity, to)
		return true
	}
	r := c.operand(y)
	c.at(e)
	c.jump(ops[0], x, r, polarity, to)
	return true
}

func (c *compiler) slice(e *syntax.Slice, dst int) {
	first := c.temps(3)
	for i, part := range []syntax.Expr{e.Low, e.High, e.Step} {
		if part == nil {
			c.constInto(first+i, image.None())
		} else {
			c.expr(part, first+i)
		}
	}
	c.at(e)
	c.emit(opSlice, dst, first, 0, 0)
}

func (c *compiler) fstring(e *syntax.FString, dst int) {
	const chunk = 16 // parts in registers at a time
	first := c.temps(max(1, min(len(e.Parts), chunk)))
	used := 0
	for _, part := range e.Parts {
		if used == chunk {
			c.at(e)
			c.emit(opString, first, first, used, 0)
			used = 1
		}
		c.fstringPart(part, first+used)
		used++
	}
	c.at(e)
	c.emit(opString, dst, first, used, 0)
}

func (c *compiler) fstringPart(part syntax.Expr, dst int) {
	r, ok := part.(*syntax.Replacement)
	if !ok {
		c.expr(part, dst)
		return
	}
	mark := c.top
	w := c.temps(2)
	c.expr(r.X, w)
	spec := 0
	if r.Spec != nil {
		spec = 1
		c.fstring(r.Spec, w+1)
	}
	conversion := r.Conversion
	if r.Debug != "" && conversion == 0 && r.Spec == nil {
		conversion = 'r'
	}
	c.at(r)
	c.emit(opFormat, dst, w, int(conversion), spec)
	if r.Debug != "" {
		c.constInto(w, image.NewStr(r.Debug))
		c.emit(opMove, w+1, dst, 0, 0)
		c.emit(opString, dst, w, 2, 0)
	}
	c.top = mark
}

func (c *compiler) lambda(e *syntax.Lambda) {
	c.prepare([]syntax.Stmt{&syntax.ExprStmt{Span: e.Body.At(), X: e.Body}})
	r := c.operand(e.Body)
	c.at(e.Body)
	c.emit(opReturn, r, 0, 0, 0)
}

// function makes a closure. Defaults are evaluated here, as in Python.
func (c *compiler) function(name, doc string, p *syntax.Params, scope *syntax.Scope, dst int, body func(*compiler)) {
	span := c.span
	mark := c.top
	n := c.child(name, scope)
	n.code.doc = doc
	n.params(p)
	first := c.top
	for _, q := range p.All() {
		if q.Default != nil {
			c.expr(q.Default, c.temp())
		}
	}
	body(n)
	code := n.finish()
	c.code.functions = append(c.code.functions, code)
	c.span = span
	c.emit(opFunction, dst, first, 0, len(c.code.functions)-1)
	c.top = mark
}
