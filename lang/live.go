package lang

import (
	"math"
	"reflect"
	"unsafe"

	"batos/image"
)

// Memory is charged when it is allocated and given back here: when a run has
// charged half of what is left, the values that it can still reach are counted,
// and what was charged beyond them is garbage. The count starts at the registers,
// the activations and the entities that the transaction has changed. It does
// not go into entities that the transaction has not changed: what they hold was
// there before. It is deterministic, as the points in a run where it is made are.
//
// It must not be made while a native runs, since Go's locals are not seen:
// Charge only notes that it is due (owed), and the loop makes it.

// look is what happens every so often at a safe point of the loop: are fuel,
// memory and time used up, does someone want the run to stop?
func (m *Machine) look() error {
	if m.owed {
		m.owed = false
		m.recount()
	}
	return m.glance()
}

// recount sets the memory that is left from what is alive.
func (m *Machine) recount() {
	used := m.limits.Memory - m.memory
	m.height = max(m.height, used)
	c := counter{heap: m.Heap, seen: map[unsafe.Pointer]bool{}}
	c.total = int64(m.charged-firstStack) * slotBytes
	top := &m.frames[m.depth]
	c.values(m.stack[:min(len(m.stack), top.base+top.code.registers+2)])
	for d := 1; d <= m.depth; d++ {
		f := &m.frames[d]
		if f.fn != nil {
			c.value(f.fn.Value())
		}
		if f.handling != nil {
			c.value(f.handling.Value())
		}
		if f.flags&frameGenerator != 0 {
			c.value(f.gen.Value())
		}
	}
	for _, v := range m.modules {
		c.value(v)
	}
	m.Heap.Written(func(e *image.Entity) bool {
		c.value(image.FromHeader(&e.Header))
		return true
	})
	c.run()
	m.fuel -= c.visits / 8
	if c.total < used {
		m.memory = m.limits.Memory - c.total
	}
	m.recountAt = m.memory / 2
}

// counter walks values breadth first: values may be nested without bound.
type counter struct {
	heap   *image.Heap
	seen   map[unsafe.Pointer]bool
	queue  []Value
	goData []reflect.Value // behind pointers and interfaces, met but not walked yet
	total  int64
	visits int64
}

func (c *counter) values(list []Value) {
	for _, v := range list {
		c.value(v)
	}
}

// value puts a value that is met into the queue, once.
func (c *counter) value(v Value) {
	switch v.Kind() {
	case image.KindAbsent, image.KindNone, image.KindBool, image.KindInt, image.KindFloat,
		KindType, KindEllipsis, image.KindBlob:
		return
	case KindNative:
		if nativeOf(v).Self.Absent() {
			return
		}
	case image.KindStr:
		if len(v.Str()) <= 1 {
			return
		}
	}
	if !c.seen[v.Pointer()] {
		c.seen[v.Pointer()] = true
		c.queue = append(c.queue, v)
	}
}

func (c *counter) run() {
	for len(c.queue)+len(c.goData) > 0 {
		c.visits++
		if n := len(c.queue); n > 0 {
			v := c.queue[n-1]
			c.queue = c.queue[:n-1]
			c.visit(v)
			continue
		}
		n := len(c.goData)
		v := c.goData[n-1]
		c.goData = c.goData[:n-1]
		c.data(v)
	}
}

func (c *counter) visit(v Value) {
	switch v.Kind() {
	case image.KindStr:
		c.total += strSize + int64(len(v.Str()))
	case image.KindBytes:
		c.total += strSize + int64(len(v.Bytes()))
	case image.KindBig:
		c.total += bigSize + int64(v.Big().BitLen()/8)
	case image.KindTuple:
		c.total += strSize + valueSize*int64(len(v.Tuple()))
		c.values(v.Tuple())
	case image.KindMethod:
		c.total += 16 * int64(len(v.Method().Source))
	case image.KindList:
		if l := v.List(); c.heap.Writable(&l.Entity) {
			c.total += listSize + valueSize*int64(cap(l.Items))
			c.values(l.Items)
		}
	case image.KindDict:
		if d := v.Dict(); c.heap.Writable(&d.Entity) {
			c.total += dictSize + entrySize*int64(d.Positions())
			for k, x, at, ok := d.Next(0); ok; k, x, at, ok = d.Next(at + 1) {
				c.value(k)
				c.value(x)
			}
		}
	case image.KindSet, image.KindFrozenSet:
		if s := v.Set(); c.heap.Writable(&s.Entity) || v.Kind() == image.KindFrozenSet {
			c.total += dictSize
			for k, at, ok := s.Next(0); ok; k, at, ok = s.Next(at + 1) {
				c.total += entrySize
				c.value(k)
			}
		}
	case image.KindObject:
		if o := v.Object(); c.heap.Writable(&o.Entity) {
			c.total += objectBytes + slotBytes*int64(len(o.Slots))
			c.values(o.Slots)
		}
	case KindFunction:
		f := functionOf(v)
		c.total += functionBytes + slotBytes*int64(len(f.defaults))
		for _, cell := range f.free {
			c.value(cell.value())
		}
		c.values(f.defaults)
		c.value(f.receiver)
	case KindBound:
		c.total += boundBytes
		c.value(boundMethodOf(v).Self)
	case KindNative:
		c.total += boundBytes
		c.value(nativeOf(v).Self)
	case KindCell:
		c.total += cellBytes
		c.value(cellOf(v).v)
	case KindGenerator:
		g := generatorOf(v)
		c.total += generatorBytes + slotBytes*int64(len(g.regs))
		c.values(g.regs)
		c.value(g.fallback)
		if g.fn != nil {
			c.value(g.fn.Value())
		}
	case KindException:
		e := exceptionOf(v)
		c.total += exceptionBytes + int64(len(e.trace))*traceBytes
		for i := range e.trace {
			c.total += slotBytes * int64(len(e.trace[i].locals))
			c.values(e.trace[i].locals)
		}
		c.values(e.Args)
		c.value(e.Cause)
		if e.Context != nil {
			c.value(e.Context.Value())
		}
		for _, x := range e.Attrs {
			c.value(x)
		}
	default:
		c.opaque(v)
	}
}

const (
	objectBytes = 96
	traceBytes  = 96
)

// opaque counts a value whose content is Go data of its own kind: iterators,
// types of modules, views, slices.
func (c *counter) opaque(v Value) {
	c.total += iteratorSize
	switch v.Kind() {
	case KindIter:
		c.data(reflect.ValueOf(&iteratorOf(v).It).Elem())
	case KindExtra:
		c.data(reflect.ValueOf(&extraOf(v).Data).Elem())
	case KindView:
		c.value(viewOf(v).Dict.Value())
	case KindModule:
		for _, x := range moduleOf(v).Members {
			c.value(x)
		}
	case KindSlice:
		s := sliceOf(v)
		c.values([]Value{s.Start, s.Stop, s.Step})
	}
}

var (
	valueType  = reflect.TypeFor[Value]()
	entityKind = map[reflect.Type]bool{reflect.TypeFor[*image.List](): true, reflect.TypeFor[*image.Dict](): true,
		reflect.TypeFor[*image.Set](): true, reflect.TypeFor[*image.Object](): true, reflect.TypeFor[*Extra](): true,
		reflect.TypeFor[*Iterator](): true, reflect.TypeFor[*image.Str](): true, reflect.TypeFor[*image.Tuple](): true}
	elsewhere = map[reflect.Type]bool{reflect.TypeFor[*Machine](): true, reflect.TypeFor[*image.Heap](): true,
		reflect.TypeFor[*Type](): true, reflect.TypeFor[*ExtraType](): true, reflect.TypeFor[*NativeFunction](): true,
		reflect.TypeFor[*Host](): true}
)

// data walks Go data by reflection, up to the next pointers; v's own storage has
// been counted.
func (c *counter) data(v reflect.Value) {
	if !v.IsValid() {
		return
	}
	t := v.Type()
	switch {
	case t == valueType:
		// The layout of Value: a pointer to a header, and a payload.
		if p := v.Field(0).UnsafePointer(); p != nil {
			c.value(image.FromHeaderWith((*image.Header)(p), v.Field(1).Uint()))
		}
		return
	case elsewhere[t]:
		return
	case entityKind[t]:
		if p := v.UnsafePointer(); p != nil {
			c.value(image.FromHeader((*image.Header)(p)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if c.first(v.UnsafePointer()) {
			c.total += int64(t.Elem().Size())
			c.goData = append(c.goData, v.Elem())
		}
	case reflect.Interface:
		// A pointer is its own identity; what is boxed has that of its box, behind
		// the second word.
		if v.Elem().Kind() == reflect.Pointer || !v.CanAddr() || c.first((*[2]unsafe.Pointer)(unsafe.Pointer(v.UnsafeAddr()))[1]) {
			c.goData = append(c.goData, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			c.data(v.Field(i))
		}
	case reflect.String:
		c.total += int64(v.Len())
	case reflect.Slice:
		if c.first(v.UnsafePointer()) {
			c.total += int64(v.Cap()) * int64(t.Elem().Size())
			c.elements(v)
		}
	case reflect.Array:
		c.elements(v)
	case reflect.Map:
		if c.first(v.UnsafePointer()) {
			c.total += 2 * int64(v.Len()) * int64(t.Key().Size()+t.Elem().Size())
			for it := v.MapRange(); it.Next(); {
				c.data(it.Key())
				c.data(it.Value())
			}
		}
	}
}

// first says whether a pointer is met for the first time.
func (c *counter) first(p unsafe.Pointer) bool {
	if p == nil || c.seen[p] {
		return false
	}
	c.seen[p] = true
	return true
}

func (c *counter) elements(v reflect.Value) {
	switch v.Type().Elem().Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
		reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64:
		return
	}
	for i := range v.Len() {
		c.data(v.Index(i))
	}
}

// never is a poll that every safe point reaches.
const never = math.MaxInt64
