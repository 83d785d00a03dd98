package lang

import (
	"fmt"

	"batos/image"
	"batos/lang/syntax"
)

// Bounds of one compiled text: they keep the compiler's stack and the code's
// size finite whatever the text is (a finally is laid out once for each way out
// of its try, so nested ones grow fast).
const (
	maxNesting      = 500
	maxInstructions = 100_000
)

// compiler makes the code of one function. Registers below len(scope.Locals)
// are the locals, those above are temporaries with stack discipline: top is the
// first free one.
//
// A local that is surely bound is read in place. bound is what is known at the
// point that is being compiled; fickle locals (ones that a del or the end of an
// except clause unbinds) are never trusted.
type compiler struct {
	code    *Code
	scope   *syntax.Scope
	top     int
	span    syntax.Span
	bound   locals
	fickle  locals
	walrus  locals // assigned inside expressions, so operands copy them
	blocks  []*block
	prelude string // the module of the prelude that is compiled, "" for none
	depth   *int
	total   *int // instructions of the whole text
	eval    bool
	consts  map[constKey]int32
}

// locals is a set of locals.
type locals [windowSize / 64]uint64

func (l *locals) add(i int)      { l[i/64] |= 1 << (i % 64) }
func (l *locals) has(i int) bool { return l[i/64]&(1<<(i%64)) != 0 }

// both is what is in both sets, as where two ways meet.
func (l locals) both(m locals) locals {
	for i := range l {
		l[i] &= m[i]
	}
	return l
}

// unreachable is the state behind a jump: whatever meets it decides.
var unreachable = locals{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

type constKey struct {
	kind image.Kind
	n    uint64
	s    string
}

// label is a place to jump to.
type label struct {
	pc   int32
	refs []int
}

// compileError carries a *syntax.Error out of the compiler's recursion.
type compileError struct{ err *syntax.Error }

func (c *compiler) fail(at syntax.Span, format string, a ...any) {
	panic(compileError{&syntax.Error{
		Class: "SyntaxError", Msg: fmt.Sprintf(format, a...), Line: int(at.Start.Line), Col: int(at.Start.Col),
		EndCol: int(at.End.Col), Source: c.code.text.line(int(at.Start.Line)),
	}})
}

func catchCompileError(err *error) {
	if p := recover(); p != nil {
		e, ok := p.(compileError)
		if !ok {
			panic(p)
		}
		*err = e.err
	}
}

func compileMethod(def *syntax.FunctionDef, source string) (*Code, error) {
	return compileDef(def, source, "")
}

// compilePrelude compiles a function of the prelude: it is not seen in
// tracebacks, and may call other functions of the prelude.
func compilePrelude(def *syntax.FunctionDef, source, module string) (*Code, error) {
	return compileDef(def, source, module)
}

func compileDef(def *syntax.FunctionDef, source, prelude string) (code *Code, err error) {
	defer catchCompileError(&err)
	depth, total := 0, 0
	c := newCompiler(def.Name, def.Scope, &sourceText{text: source}, &depth, &total)
	c.prelude, c.code.hidden = prelude, prelude != ""
	c.code.doc = def.Doc
	c.params(&def.Params)
	c.methodDefaults(def)
	c.body(def.Body)
	return c.finish(), nil
}

// compileBody makes the code of an eval: its one register before the locals'
// own is none; self comes from the closure it runs as.
func compileBody(body *syntax.Body) (code *Code, err error) {
	defer catchCompileError(&err)
	depth, total := 0, 0
	c := newCompiler("<eval>", body.Scope, &sourceText{text: body.Source}, &depth, &total)
	c.eval, c.code.eval = true, true
	c.prepare(body.Stmts)
	for i, s := range body.Stmts {
		if x, ok := s.(*syntax.ExprStmt); ok && i == len(body.Stmts)-1 {
			r := c.temp()
			c.expr(x.X, r)
			c.at(x)
			c.emit(opReturn, r, 0, 0, 0)
			return c.finish(), nil
		}
		c.stmt(s)
	}
	c.returnNone()
	return c.finish(), nil
}

func newCompiler(name string, scope *syntax.Scope, text *sourceText, depth, total *int) *compiler {
	code := &Code{
		name: name, qualified: name, text: text, locals: scope.Locals, free: scope.Free, freeFrom: scope.FreeFrom,
		generator: scope.Generator, super: scope.Super, typeName: "generator",
	}
	c := &compiler{code: code, scope: scope, top: len(scope.Locals), depth: depth, total: total,
		consts: map[constKey]int32{}}
	if c.top > 200 {
		c.fail(syntax.Span{Start: syntax.Pos{Line: 1, Col: 1}}, "too many local variables in %s: %d, at most 200; split the function", name, c.top)
	}
	code.registers = c.top
	return c
}

// child makes the compiler of a nested function.
func (c *compiler) child(name string, scope *syntax.Scope) *compiler {
	n := newCompiler(name, scope, c.code.text, c.depth, c.total)
	n.prelude, n.code.hidden = c.prelude, c.code.hidden
	if !c.eval {
		n.code.qualified = c.code.qualified + ".<locals>." + name
	}
	n.code.evalFree = make([]bool, len(scope.FreeFrom))
	for i, from := range scope.FreeFrom {
		if from.Place == syntax.InFree {
			n.code.evalFree[i] = c.code.evalFree[from.Index]
		} else {
			n.code.evalFree[i] = c.eval
		}
	}
	return n
}

// params takes in the parameters: their names and counts, which are bound on
// entry.
func (c *compiler) params(p *syntax.Params) {
	code := c.code
	code.posOnly = len(p.PosOnly)
	code.pos = len(p.PosOnly) + len(p.Pos)
	code.kwOnly = len(p.KwOnly)
	code.star, code.kw = p.Star != nil, p.Kw != nil
	for i, q := range p.All() {
		code.params = append(code.params, q.Name)
		if i < code.pos+code.kwOnly {
			code.optional = append(code.optional, q.Default != nil)
		}
		c.bound.add(i)
	}
	code.defaults = make([]Value, code.pos+code.kwOnly)
	code.simple = !code.star && !code.kw && code.kwOnly == 0 && !code.generator
}

// methodDefaults lets constants stand in the code and evaluates other defaults
// on entry, when the argument is missing.
func (c *compiler) methodDefaults(def *syntax.FunctionDef) {
	for i, q := range def.Params.All() {
		if q.Default == nil {
			continue
		}
		if v, ok := c.constant(q.Default); ok {
			c.code.defaults[i] = v
			continue
		}
		var done label
		c.at(q)
		c.jump(opJumpBound, i, 0, 0, &done)
		if def.Outer != nil {
			// Its own variables, as a comprehension has, are not the method's.
			c.inScope(q.Default, def.Outer, i)
		} else {
			c.expr(q.Default, i)
		}
		c.place(&done)
	}
}

// inScope evaluates an expression as a function of its own.
func (c *compiler) inScope(e syntax.Expr, scope *syntax.Scope, dst int) {
	n := c.child("<default>", scope)
	n.prepare([]syntax.Stmt{&syntax.ExprStmt{Span: e.At(), X: e}})
	r := n.operand(e)
	n.at(e)
	n.emit(opReturn, r, 0, 0, 0)
	n.code.simple = true
	c.code.functions = append(c.code.functions, n.finish())
	mark := c.top
	w := c.temp()
	c.emit(opFunction, w, w, 0, len(c.code.functions)-1)
	c.emit(opCall, dst, w, 0, c.callSite(0))
	c.top = mark
}

// body compiles the statements of a def.
func (c *compiler) body(stmts []syntax.Stmt) {
	c.prepare(stmts)
	c.stmts(stmts)
	c.returnNone()
}

func (c *compiler) returnNone() {
	c.emit(opReturnNone, 0, 0, 0, 0)
}

// prepare finds the locals that need care and gives captured ones their cells.
func (c *compiler) prepare(stmts []syntax.Stmt) {
	unbinds := func(n *syntax.Name) {
		if n != nil && n.Ref.Place == syntax.InLocal {
			c.fickle.add(n.Ref.Index)
		}
	}
	visit := func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FunctionDef, *syntax.Lambda:
			return false
		case *syntax.Comprehension:
			return n.Kind != syntax.GeneratorExp
		case *syntax.Walrus:
			if n.Target.Ref.Place == syntax.InLocal {
				c.walrus.add(n.Target.Ref.Index)
			}
		case *syntax.Delete:
			for _, t := range n.Targets {
				c.deleted(t, unbinds)
			}
		case *syntax.Try:
			for i := range n.Handlers {
				unbinds(n.Handlers[i].Name)
			}
		}
		return true
	}
	for _, s := range stmts {
		syntax.Inspect(s, visit)
	}
	c.cells()
}

func (c *compiler) deleted(t syntax.Expr, unbinds func(*syntax.Name)) {
	switch t := t.(type) {
	case *syntax.Name:
		unbinds(t)
	case *syntax.Tuple:
		for _, item := range t.Items {
			c.deleted(item, unbinds)
		}
	case *syntax.List:
		for _, item := range t.Items {
			c.deleted(item, unbinds)
		}
	}
}

// cells puts captured locals into cells, parameters with their values.
func (c *compiler) cells() {
	for i, l := range c.scope.Locals {
		switch {
		case !l.Captured:
		case i < len(c.code.params):
			c.emit(opMakeCell, i, 0, 0, 0)
		default:
			c.emit(opNewCell, i, 0, 0, 0)
		}
	}
}

func (c *compiler) finish() *Code {
	code := c.code
	code.least = code.pos
	for code.least > 0 && code.optional[code.least-1] {
		code.least--
	}
	code.filled = code.pos
	for code.filled > 0 && !code.defaults[code.filled-1].Absent() {
		code.filled--
	}
	if len(code.sites) > 0 {
		code.sites = code.sites[:len(code.sites):len(code.sites)]
	}
	return code
}

// at says which node the next instructions are for.
func (c *compiler) at(n syntax.Node) { c.span = n.At() }

func (c *compiler) emit(op opcode, a, b, cc int, d int) int {
	if *c.total++; *c.total > maxInstructions {
		c.fail(c.span, "the function is too large: more than %d instructions; split it", maxInstructions)
	}
	c.code.ins = append(c.code.ins, newInstr(op, uint8(a), uint8(b), uint8(cc), int32(d)))
	c.code.spans = append(c.code.spans, c.span)
	return len(c.code.ins) - 1
}

func (c *compiler) pc() int32 { return int32(len(c.code.ins)) }

// jump emits a jump to a label that may not have a place yet.
func (c *compiler) jump(op opcode, a, b, cc int, to *label) {
	to.refs = append(to.refs, c.emit(op, a, b, cc, 0))
}

// place gives a label its place: here.
func (c *compiler) place(l *label) {
	l.pc = c.pc()
	for _, ref := range l.refs {
		c.code.ins[ref] = c.code.ins[ref].to(l.pc)
	}
}

// temp takes a register.
func (c *compiler) temp() int { return c.temps(1) }

// temps takes n registers in a row and gives the first.
func (c *compiler) temps(n int) int {
	r := c.top
	c.top += n
	if c.top >= windowSize-2 {
		c.fail(c.span, "the expression is too complex: it needs more than %d registers; split it", windowSize-2)
	}
	if c.top > c.code.registers {
		c.code.registers = c.top
	}
	return r
}

// nest bounds the recursion over the tree.
func (c *compiler) nest(n syntax.Node) func() {
	if *c.depth++; *c.depth > maxNesting {
		c.fail(n.At(), "nested more than %d levels deep; split the function", maxNesting)
	}
	return c.unnest
}

func (c *compiler) unnest() { *c.depth-- }

// constKeyOf gives the key that equal constants share; floats compare by bits.
func constKeyOf(v Value) (constKey, bool) {
	switch v.Kind() {
	case image.KindStr:
		return constKey{kind: image.KindStr, s: v.Str()}, true
	case image.KindBytes:
		return constKey{kind: image.KindBytes, s: v.Bytes()}, true
	case image.KindNone, image.KindBool, image.KindInt, image.KindFloat:
		return constKey{kind: v.Kind(), n: v.Payload()}, true
	}
	return constKey{}, false
}

func (c *compiler) constIndex(v Value) int {
	key, ok := constKeyOf(v)
	if ok {
		if i, ok := c.consts[key]; ok {
			return int(i)
		}
		c.consts[key] = int32(len(c.code.consts))
	}
	c.code.consts = append(c.code.consts, v)
	return len(c.code.consts) - 1
}

func (c *compiler) text(s string) int { return c.constIndex(image.NewStr(s)) }

func (c *compiler) constInto(r int, v Value) {
	if v.IsInt() && int64(int32(v.AsInt())) == v.AsInt() {
		c.emit(opInt, r, 0, 0, int(v.AsInt()))
		return
	}
	c.emit(opConst, r, 0, 0, c.constIndex(v))
}

// site makes a site for a slot's name.
func (c *compiler) site(name string) int {
	c.code.sites = append(c.code.sites, site{name: image.Intern(name)})
	return len(c.code.sites) - 1
}
