package lang

import (
	"unsafe"

	"batos/image"
	"batos/lang/syntax"
)

// run is the loop of the machine: the outer one is entered for each activation,
// the inner one for each instruction. In the inner one only pc changes, which
// keeps Go's compiler from spilling the rest at every instruction.
//
// Fuel is one unit an instruction, charged where control leaves a straight line
// (a jump that is taken, a call, a return, a failure): start is where the line
// began. So the count is exact and costs nothing in between. It is looked at
// where a program could go on for ever: backward jumps and calls.
//
// An instruction that needs more than it can do here goes to slow, which
// leaves the rest to Machine.step: that delivers a value or pushes an
// activation, and the loop goes on with whatever activation is on top.
func (m *Machine) run() (Value, error) {
	var (
		err  error
		t    bool
		heap = m.Heap

		// What enter needs.
		callee      *Code
		base, given int
		holder      *image.Object
		closure     *Function
		defaults    []Value
	)
activation:
	for {
		f := &m.frames[m.depth]
		code := f.code
		ins := code.ins
		R := (*[windowSize]Value)(m.stack[f.base : f.base+windowSize])
		pc := f.pc
		start := pc
	next:
		for {
			in := ins[pc]
			switch in.op() {
			case opNop:
			case opMove:
				R[in.a()] = R[in.b()]
			case opConst:
				R[in.a()] = code.consts[in.d()]
			case opInt:
				R[in.a()] = image.Int(int64(in.d()))
			case opCheck:
				if R[in.a()].Absent() {
					err = m.unbound(code.locals[in.a()].Name)
					break next
				}
			case opDelete:
				R[in.a()] = Value{}
			case opLoadCell:
				v := cellOf(R[in.b()]).v
				if v.Absent() {
					if v, err = m.unboundCell(f, code.locals[in.b()].Name); err != nil {
						break next
					}
				}
				R[in.a()] = v
			case opStoreCell:
				cellOf(R[in.a()]).v = R[in.b()]
			case opLoadFree:
				v := f.fn.free[in.d()].v
				if v.Absent() {
					if v, err = m.unboundFree(f, int(in.d())); err != nil {
						break next
					}
				}
				R[in.a()] = v
			case opStoreFree:
				f.fn.free[in.d()].v = R[in.b()]

			case opAdd:
				x, y := R[in.b()], R[in.c()]
				if x.IsInt() && y.IsInt() {
					p, q := x.AsInt(), y.AsInt()
					if n := p + q; (n^p)&(n^q) >= 0 {
						R[in.a()] = image.Int(n)
						break
					}
				} else if x.IsFloat() && y.IsFloat() {
					R[in.a()] = image.Float(x.AsFloat() + y.AsFloat())
					break
				}
				if x, err = m.operate(syntax.Add, x, y, in.d() != 0); err != nil {
					if err == errCollect {
						err = nil
						goto slow
					}
					break next
				}
				R[ins[pc].a()] = x
			case opSub:
				x, y := R[in.b()], R[in.c()]
				if x.IsInt() && y.IsInt() {
					p, q := x.AsInt(), y.AsInt()
					if n := p - q; (p^q)&(n^p) >= 0 {
						R[in.a()] = image.Int(n)
						break
					}
				} else if x.IsFloat() && y.IsFloat() {
					R[in.a()] = image.Float(x.AsFloat() - y.AsFloat())
					break
				}
				if x, err = m.operate(syntax.Sub, x, y, in.d() != 0); err != nil {
					break next
				}
				R[ins[pc].a()] = x
			case opMul:
				x, y := R[in.b()], R[in.c()]
				if x.IsInt() && y.IsInt() {
					p, q := x.AsInt(), y.AsInt()
					if int64(int32(p)) == p && int64(int32(q)) == q {
						R[in.a()] = image.Int(p * q)
						break
					}
				} else if x.IsFloat() && y.IsFloat() {
					R[in.a()] = image.Float(x.AsFloat() * y.AsFloat())
					break
				}
				if x, err = m.operate(syntax.Mul, x, y, in.d() != 0); err != nil {
					break next
				}
				R[ins[pc].a()] = x
			case opFloorDiv:
				x, y := R[in.b()], R[in.c()]
				if x.IsInt() && y.IsInt() {
					// Of operands that are not negative Go's division is Python's.
					if p, q := x.AsInt(), y.AsInt(); p >= 0 && q > 0 {
						R[in.a()] = image.Int(p / q)
						break
					}
				}
				if x, err = m.operate(syntax.FloorDiv, x, y, in.d() != 0); err != nil {
					break next
				}
				R[ins[pc].a()] = x
			case opMod:
				x, y := R[in.b()], R[in.c()]
				if x.IsInt() && y.IsInt() {
					// Of operands that are not negative Go's division is Python's.
					if p, q := x.AsInt(), y.AsInt(); p >= 0 && q > 0 {
						R[in.a()] = image.Int(p % q)
						break
					}
				}
				if x, err = m.operate(syntax.Mod, x, y, in.d() != 0); err != nil {
					break next
				}
				R[ins[pc].a()] = x
			case opAddInt:
				x := R[in.b()]
				if x.IsInt() {
					p, q := x.AsInt(), int64(in.d())
					if n := p + q; (n^p)&(n^q) >= 0 {
						R[in.a()] = image.Int(n)
						break
					}
				}
				if x, err = m.operate(syntax.Add, x, image.Int(int64(in.d())), in.c() != 0); err != nil {
					break next
				}
				R[ins[pc].a()] = x
			case opSubInt:
				x := R[in.b()]
				if x.IsInt() {
					p, q := x.AsInt(), int64(in.d())
					if n := p - q; (p^q)&(n^p) >= 0 {
						R[in.a()] = image.Int(n)
						break
					}
				}
				if x, err = m.operate(syntax.Sub, x, image.Int(int64(in.d())), in.c() != 0); err != nil {
					break next
				}
				R[ins[pc].a()] = x
			case opBinary:
				x, e := m.Binary(syntax.BinaryOp(in.d()), R[in.b()], R[in.c()])
				if e != nil {
					err = e
					break next
				}
				R[ins[pc].a()] = x
			case opUnary:
				x, e := m.Unary(syntax.UnaryOp(in.d()), R[in.b()])
				if e != nil {
					err = e
					break next
				}
				R[ins[pc].a()] = x

			case opCompare:
				x, y := R[in.b()], R[in.c()]
				if op := syntax.CompareOp(in.d()); op == syntax.In || op == syntax.NotIn {
					if y.IsObject() || isLanguageIterator(y) {
						goto slow
					}
				}
				t, err = m.compare(syntax.CompareOp(in.d()), x, y)
				if err != nil {
					break next
				}
				R[ins[pc].a()] = image.Bool(t)

			case opJump:
				goto jump
			case opLoop:
				m.fuel -= int64(pc + 1 - start)
				pc = int(in.d())
				start = pc
				if m.fuel < m.poll {
					if err = m.look(); err != nil {
						break next
					}
				}
				continue next
			case opJumpTrue:
				x := R[in.a()]
				if x.IsBool() {
					t = x.AsBool()
				} else if t, err = m.truth(x); err != nil {
					break next
				}
				if t {
					goto jump
				}
			case opJumpFalse:
				x := R[in.a()]
				if x.IsBool() {
					t = x.AsBool()
				} else if t, err = m.truth(x); err != nil {
					break next
				}
				if !t {
					goto jump
				}
			case opJumpBound:
				if !R[in.a()].Absent() {
					goto jump
				}
			case opJumpLess:
				x, y := R[in.a()], R[in.b()]
				if x.IsInt() && y.IsInt() {
					t = x.AsInt() < y.AsInt()
				} else if x.IsFloat() && y.IsFloat() {
					t = x.AsFloat() < y.AsFloat()
				} else if t, err = m.compareTruth(syntax.Less, x, y); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpLessEq:
				x, y := R[in.a()], R[in.b()]
				if x.IsInt() && y.IsInt() {
					t = x.AsInt() <= y.AsInt()
				} else if x.IsFloat() && y.IsFloat() {
					t = x.AsFloat() <= y.AsFloat()
				} else if t, err = m.compareTruth(syntax.LessEq, x, y); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpGreater:
				x, y := R[in.a()], R[in.b()]
				if x.IsInt() && y.IsInt() {
					t = x.AsInt() > y.AsInt()
				} else if x.IsFloat() && y.IsFloat() {
					t = x.AsFloat() > y.AsFloat()
				} else if t, err = m.compareTruth(syntax.Greater, x, y); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpGreaterEq:
				x, y := R[in.a()], R[in.b()]
				if x.IsInt() && y.IsInt() {
					t = x.AsInt() >= y.AsInt()
				} else if x.IsFloat() && y.IsFloat() {
					t = x.AsFloat() >= y.AsFloat()
				} else if t, err = m.compareTruth(syntax.GreaterEq, x, y); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpEq:
				x, y := R[in.a()], R[in.b()]
				if x.IsInt() && y.IsInt() {
					t = x.AsInt() == y.AsInt()
				} else if x.IsFloat() && y.IsFloat() {
					t = x.AsFloat() == y.AsFloat()
				} else if t, err = m.compareTruth(syntax.Eq, x, y); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpNotEq:
				x, y := R[in.a()], R[in.b()]
				if x.IsInt() && y.IsInt() {
					t = x.AsInt() != y.AsInt()
				} else if x.IsFloat() && y.IsFloat() {
					t = x.AsFloat() != y.AsFloat()
				} else if t, err = m.compareTruth(syntax.NotEq, x, y); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpLessInt:
				x := R[in.a()]
				if x.IsInt() {
					t = x.AsInt() < int64(int8(in.b()))
				} else if t, err = m.compareTruth(syntax.Less, x, image.Int(int64(int8(in.b())))); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpLessEqInt:
				x := R[in.a()]
				if x.IsInt() {
					t = x.AsInt() <= int64(int8(in.b()))
				} else if t, err = m.compareTruth(syntax.LessEq, x, image.Int(int64(int8(in.b())))); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpGreaterInt:
				x := R[in.a()]
				if x.IsInt() {
					t = x.AsInt() > int64(int8(in.b()))
				} else if t, err = m.compareTruth(syntax.Greater, x, image.Int(int64(int8(in.b())))); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpGreaterEqInt:
				x := R[in.a()]
				if x.IsInt() {
					t = x.AsInt() >= int64(int8(in.b()))
				} else if t, err = m.compareTruth(syntax.GreaterEq, x, image.Int(int64(int8(in.b())))); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpEqInt:
				x := R[in.a()]
				if x.IsInt() {
					t = x.AsInt() == int64(int8(in.b()))
				} else if t, err = m.compareTruth(syntax.Eq, x, image.Int(int64(int8(in.b())))); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpNotEqInt:
				x := R[in.a()]
				if x.IsInt() {
					t = x.AsInt() != int64(int8(in.b()))
				} else if t, err = m.compareTruth(syntax.NotEq, x, image.Int(int64(int8(in.b())))); err != nil {
					break next
				}
				if t == (ins[pc].c() != 0) {
					goto jump
				}
			case opJumpNone:
				if R[in.a()].IsNone() == (in.c() != 0) {
					goto jump
				}

			case opGetItem:
				x, k := R[in.b()], R[in.c()]
				if k.IsInt() && x.Kind() == image.KindList {
					l := x.List()
					if i := k.AsInt(); heap.Readable(&l.Entity) && uint64(i) < uint64(len(l.Items)) {
						R[in.a()] = l.Items[i]
						break
					}
				} else if x.IsObject() {
					goto slow
				}
				v, e := m.GetItem(x, k)
				if e != nil {
					if e == errNeedsFactory {
						goto slow
					}
					err = e
					break next
				}
				R[ins[pc].a()] = v
			case opListAppend:
				if err = m.listAppend(R[in.a()].List(), R[in.b()]); err != nil {
					break next
				}

			case opGetAttr:
				x := R[in.b()]
				if !x.IsObject() {
					goto slow
				}
				o, s := x.Object(), &code.sites[in.d()]
				if o.Shape != s.shape || !heap.Readable(&o.Entity) {
					goto slow
				}
				if s.holder != nil {
					if s.stamp != heap.Stamp() {
						goto slow
					}
					o = s.holder
				}
				v := o.Slots[s.index]
				if v.Kind() == image.KindMethod {
					goto slow
				}
				if checkCaches {
					m.checkCache(x.Object(), s)
				}
				R[in.a()] = v
			case opSetAttr:
				x := R[in.a()]
				if !x.IsObject() {
					goto slow
				}
				o, s := x.Object(), &code.sites[in.d()]
				if o.Shape != s.shape || !heap.Writable(&o.Entity) || o.Delegated() {
					goto slow
				}
				o.Slots[s.index] = R[in.b()]
			case opIncConst:
				x := R[in.a()]
				if !x.IsObject() {
					goto slow
				}
				o, s := x.Object(), &code.sites[in.d()]
				if o.Shape != s.shape || s.holder != nil || !heap.Writable(&o.Entity) {
					goto slow
				}
				p := &o.Slots[s.index]
				if !p.IsInt() {
					goto slow
				}
				n, q := p.AsInt(), int64(int8(in.b()))
				if syntax.BinaryOp(in.c()) == syntax.Sub {
					q = -q
				}
				sum := n + q
				if (sum^n)&(sum^q) < 0 {
					goto slow
				}
				*p = image.Int(sum)
			case opIncAttr:
				x := R[in.a()]
				if !x.IsObject() || !R[in.b()].IsInt() || syntax.BinaryOp(in.c()) != syntax.Add {
					goto slow
				}
				o, s := x.Object(), &code.sites[in.d()]
				if o.Shape != s.shape || s.holder != nil || !heap.Writable(&o.Entity) {
					goto slow
				}
				p := &o.Slots[s.index]
				if !p.IsInt() {
					goto slow
				}
				n, q := p.AsInt(), R[in.b()].AsInt()
				sum := n + q
				if (sum^n)&(sum^q) < 0 {
					goto slow
				}
				*p = image.Int(sum)

			case opSend:
				x := R[in.c()]
				s := &code.sites[in.d()]
				if !x.IsObject() {
					if s.native == nil || s.kind != x.Kind() {
						goto slow
					}
					v, e := m.callDirect(s.native, x, f.base+int(in.b())+1, int(s.nargs))
					if e != nil {
						err = e
						break next
					}
					R[ins[pc].a()] = v
					break
				}
				o := x.Object()
				callee = s.code
				if callee == nil || o.Shape != s.shape || !heap.Readable(&o.Entity) {
					goto slow
				}
				holder = s.holder
				if holder == nil {
					// Objects of one shape may hold different methods in one slot.
					if o.Slots[s.index].Pointer() != unsafe.Pointer(s.method) {
						goto slow
					}
					holder = o
				} else if s.stamp != heap.Stamp() {
					goto slow
				}
				if checkCaches {
					m.checkCache(o, s)
				}
				closure, defaults = nil, callee.defaults
				base, given = f.base+int(in.b()), int(s.nargs)+1
				R[in.b()] = x
				goto enter
			case opCall:
				fn := R[in.b()]
				s := &code.sites[in.d()]
				if fn.Kind() != KindFunction {
					native := directly(fn)
					if native == nil || s.mode != argsFixed {
						goto slow
					}
					v, e := m.callDirect(native, native.Self, f.base+int(in.b())+1, int(s.nargs))
					if e != nil {
						err = e
						break next
					}
					R[ins[pc].a()] = v
					break
				}
				closure = functionOf(fn)
				callee = closure.Code
				if !callee.simple || s.mode != argsFixed || int(s.nargs) > callee.pos || int(s.nargs) < callee.least {
					goto slow
				}
				holder, defaults = closure.holder, closure.defaults
				base, given = f.base+int(in.b())+1, int(s.nargs)
				goto enter
			case opReturn, opReturnNone:
				m.fuel -= int64(pc + 1 - start)
				start = pc + 1
				v := image.None()
				if in.op() == opReturn {
					v = R[in.a()]
				}
				if f.flags != 0 {
					if err = m.returned(v); err != nil {
						break next
					}
					continue activation
				}
				m.depth--
				f = &m.frames[m.depth]
				in = f.code.ins[f.pc]
				if in.op() >= opFirstDelivered {
					if err = m.delivered(f, in, v); err != nil {
						// It fails in the caller.
						pc, start = f.pc, f.pc+1
						break next
					}
					continue activation
				}
				m.stack[f.base+int(in.a())] = v
				f.pc++
				continue activation
			case opForNext:
				it := R[in.b()]
				switch it.Kind() {
				case KindRange:
					r := (*Range)(it.Pointer())
					i := R[in.b()+1].AsInt()
					if r.Step > 0 && i >= r.Stop || r.Step < 0 && i <= r.Stop {
						goto jump
					}
					after := i + r.Step
					if (after > i) != (r.Step > 0) {
						after = r.Stop // beyond 64 bits is beyond the end
					}
					R[in.b()+1] = image.Int(after)
					R[in.a()] = image.Int(i)
				case image.KindList:
					items, i := it.List().Items, R[in.b()+1].AsInt()
					if i >= int64(len(items)) {
						R[in.b()+1] = image.Int(1 << 62)
						goto jump
					}
					R[in.b()+1] = image.Int(i + 1)
					R[in.a()] = items[i]
				case image.KindTuple:
					items, i := it.Tuple(), R[in.b()+1].AsInt()
					if i >= int64(len(items)) {
						goto jump
					}
					R[in.b()+1] = image.Int(i + 1)
					R[in.a()] = items[i]
				case KindIter:
					v, ok, e := (*Iterator)(it.Pointer()).It.Next(m)
					if e != nil {
						err = e
						break next
					}
					if !ok {
						goto jump
					}
					R[ins[pc].a()] = v
				default:
					goto slow
				}
			case opForPair:
				it := R[in.b()]
				switch it.Kind() {
				case image.KindList, image.KindTuple:
					items, i := sequenceItems(it), R[in.b()+1].AsInt()
					if i >= int64(len(items)) || items[i].Kind() != image.KindTuple || len(items[i].Tuple()) != 2 {
						goto slow
					}
					pair := items[i].Tuple()
					R[in.b()+1] = image.Int(i + 1)
					R[in.a()], R[in.c()] = pair[0], pair[1]
				case KindIter:
					x, y, ok, known, e := m.nextPair((*Iterator)(it.Pointer()).It)
					if e != nil {
						err = e
						break next
					}
					if !known {
						goto slow
					}
					if !ok {
						goto jump
					}
					in = ins[pc]
					R[in.a()], R[in.c()] = x, y
				default:
					goto slow
				}
			case opHalt:
				return m.stack[0], nil
			default:
				goto slow
			}
			pc++
			continue next

		enter: // callee, whose given arguments lie at base
			if depth := m.depth + 1; base+windowSize > len(m.stack) || depth > m.limits.Depth || depth >= len(m.frames) {
				goto slow
			}
			m.fuel -= int64(pc + 1 - start)
			start = pc + 1
			if m.fuel < m.poll {
				if err = m.look(); err != nil {
					break next
				}
			}
			f.pc = pc
			m.depth++
			f = &m.frames[m.depth]
			f.code, f.pc, f.base, f.holder, f.fn, f.handling, f.flags = callee, 0, base, holder, closure, nil, 0
			for i := given; i < callee.pos; i++ {
				m.stack[base+i] = defaults[i]
			}
			for i := base + callee.pos; i < base+len(callee.locals); i++ {
				m.stack[i] = Value{}
			}
			continue activation

		jump:
			m.fuel -= int64(pc + 1 - start)
			pc = int(ins[pc].d())
			start = pc
			continue next

		slow:
			m.fuel -= int64(pc + 1 - start)
			start = pc + 1
			f.pc = pc
			if err = m.step(f, ins[pc]); err != nil {
				break next
			}
			continue activation
		}

		// Only failures come here. Those of a step that had already left its
		// activation count for the one that is on top.
		m.fuel -= int64(pc + 1 - start)
		if f == &m.frames[m.depth] {
			f.pc = pc
		}
		if err = m.unwind(err); err != nil {
			return Value{}, err
		}
	}
}
