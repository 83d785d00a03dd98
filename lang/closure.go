package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

// Function is a closure: what def within a method, lambda and the prelude give.
type Function struct {
	image.Header
	Code     *Code
	free     []*Cell
	defaults []Value       // of the parameters that may be left out, parallel to Code.optional
	receiver Value         // self of the method around, for super(); of an eval, its self
	holder   *image.Object // of the method around, for super()
}

// Value makes the value that refers to the function.
func (f *Function) Value() Value { return image.FromHeader(&f.Header) }

// Bound is a method together with its receiver.
type Bound struct {
	image.Header
	Self   Value
	Method *image.Method
	Holder *image.Object // where the method was found
	Name   image.Symbol  // the slot's name
}

// Value makes the value that refers to the bound method.
func (b *Bound) Value() Value { return image.FromHeader(&b.Header) }

// Cell holds a variable that a nested function captures. Its value is absent
// while the variable is unbound.
type Cell struct {
	image.Header
	v Value
}

func newCell(v Value) *Cell { return &Cell{image.NewHeader(KindCell), v} }

func (c *Cell) value() Value { return image.FromHeader(&c.Header) }

func cellOf(v Value) *Cell { return (*Cell)(v.Pointer()) }

// The conversions below need the kind to have been checked.
func functionOf(v Value) *Function   { return (*Function)(v.Pointer()) }
func boundMethodOf(v Value) *Bound   { return (*Bound)(v.Pointer()) }
func generatorOf(v Value) *Generator { return (*Generator)(v.Pointer()) }

// Memory that values of the runtime take, in bytes.
const (
	functionBytes  = 96
	boundBytes     = 48
	cellBytes      = 32
	generatorBytes = 144
	exceptionBytes = 160
	slotBytes      = 16
)

// codeOf gives a method's code. It is compiled once for each heap, whose
// objects its inline caches may then remember. Compiling costs no fuel, so that
// a run costs the same whether or not an earlier one has compiled.
func (m *Machine) codeOf(method *image.Method) (*Code, error) {
	if c, ok := method.Code.(*Code); ok {
		return c, nil
	}
	if c := m.codes[method.Source]; c != nil {
		method.Code = c
		return c, nil
	}
	c, err := CompileMethod(method.Source)
	if err != nil {
		if e, ok := err.(*syntax.Error); ok {
			return nil, Raise(SyntaxError, "%s", e.Error())
		}
		return nil, err
	}
	if m.codes == nil || len(m.codes) >= maxCodes {
		m.codes = map[string]*Code{}
	}
	m.codes[method.Source] = c
	method.Code = c
	return c, nil
}

// maxCodes bounds the compiled methods that a machine keeps by source: an object
// that another worker has changed is loaded anew with its methods, and its
// clones hold the same ones.
const maxCodes = 4096

// makeFunction does opFunction.
func (m *Machine) makeFunction(f *activation, in instr) error {
	code := f.code.functions[in.d()]
	if err := m.Charge(functionBytes + int64(len(code.optional))*slotBytes); err != nil {
		return err
	}
	fn := &Function{Header: image.NewHeader(KindFunction), Code: code}
	R := m.stack[f.base:]
	if len(code.freeFrom) > 0 {
		fn.free = make([]*Cell, len(code.freeFrom))
		for i, ref := range code.freeFrom {
			if ref.Place == syntax.InFree {
				fn.free[i] = f.fn.free[ref.Index]
			} else {
				fn.free[i] = cellOf(R[ref.Index])
			}
		}
	}
	at := int(in.b())
	for i, optional := range code.optional {
		if optional {
			if fn.defaults == nil {
				fn.defaults = make([]Value, len(code.optional))
			}
			fn.defaults[i] = R[at]
			at++
		}
	}
	if f.fn != nil {
		fn.receiver, fn.holder = f.fn.receiver, f.fn.holder
	} else if len(f.code.params) > 0 {
		fn.receiver, fn.holder = m.selfOf(f), f.holder
	}
	R[in.a()] = fn.Value()
	return nil
}

// selfOf gives the receiver of a method's activation: its first parameter,
// which may have gone into a cell.
func (m *Machine) selfOf(f *activation) Value {
	if f.fn != nil {
		return f.fn.receiver
	}
	if len(f.code.params) == 0 {
		return Value{}
	}
	v := m.stack[f.base]
	if v.Kind() == KindCell {
		return cellOf(v).v
	}
	return v
}
