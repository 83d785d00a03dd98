package lang

import (
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// maxDepth bounds the nesting that comparing and showing values walk down.
const maxDepth = 1000

// Compare computes a op b.
func (m *Machine) Compare(op syntax.CompareOp, a, b Value) (Value, error) {
	ok, err := m.compare(op, a, b)
	return image.Bool(ok), err
}

func (m *Machine) compare(op syntax.CompareOp, a, b Value) (bool, error) {
	switch op {
	case syntax.Is:
		return identical(a, b), nil
	case syntax.IsNot:
		return !identical(a, b), nil
	case syntax.In:
		return m.contains(b, a)
	case syntax.NotIn:
		ok, err := m.contains(b, a)
		return !ok, err
	case syntax.Eq:
		return m.equal(a, b, 0)
	case syntax.NotEq:
		ok, err := m.equal(a, b, 0)
		return !ok, err
	}
	return m.order(op, a, b, 0)
}

// identical is "is". Equal texts of one character and empty tuples are the same
// value in CPython too; other equal immutable values may or may not be.
func identical(a, b Value) bool {
	if a.Same(b) {
		return true
	}
	if a.Kind() == image.KindStr && b.Kind() == image.KindStr {
		return a.Str() == b.Str()
	}
	return a.Kind() == image.KindTuple && b.Kind() == image.KindTuple && len(a.Tuple()) == 0 && len(b.Tuple()) == 0
}

// Equal is a == b.
func (m *Machine) Equal(a, b Value) (bool, error) { return m.equal(a, b, 0) }

// same is identity or equality, as containers compare what they hold.
func (m *Machine) same(a, b Value) (bool, error) {
	if a.Same(b) {
		return true, nil
	}
	return m.equal(a, b, 0)
}

// equal walks containers itself, so that what it costs is charged: two lists
// that hold themselves many times over would else run for ever.
func (m *Machine) equal(a, b Value, depth int) (bool, error) {
	ka, kb := a.Kind(), b.Kind()
	switch {
	case ka == image.KindInt && kb == image.KindInt:
		return a.AsInt() == b.AsInt(), nil
	case ka == image.KindFloat && kb == image.KindFloat:
		return a.AsFloat() == b.AsFloat(), nil
	case ka == image.KindStr && kb == image.KindStr:
		x, y := a.Str(), b.Str()
		if len(x) != len(y) {
			return false, nil
		}
		if len(x) > 64 {
			if err := m.Work(int64(len(x) >> 3)); err != nil {
				return false, err
			}
		}
		return x == y, nil
	case ka == image.KindTuple && kb == image.KindTuple:
		if a.Same(b) {
			return true, nil
		}
		return m.equalItems(a.Tuple(), b.Tuple(), depth)
	case ka == image.KindList && kb == image.KindList:
		if a.Same(b) {
			return true, nil
		}
		x, y := a.List(), b.List()
		if err := m.Heap.Read(&x.Entity); err != nil {
			return false, err
		}
		if err := m.Heap.Read(&y.Entity); err != nil {
			return false, err
		}
		return m.equalItems(x.Items, y.Items, depth)
	case ka == image.KindDict && kb == image.KindDict:
		if a.Same(b) {
			return true, nil
		}
		return m.equalDicts(a.Dict(), b.Dict(), depth)
	case isSetKind(ka) && isSetKind(kb):
		return m.equalSets(a.Set(), b.Set())
	case ka == KindView && viewOf(a).What != 'v', kb == KindView && viewOf(b).What != 'v':
		return m.equalViews(a, b)
	case ka == KindSlice && kb == KindSlice:
		x, y := sliceOf(a), sliceOf(b)
		return m.equalItems([]Value{x.Start, x.Stop, x.Step}, []Value{y.Start, y.Stop, y.Step}, depth)
	case ka == KindExtra && kb == KindExtra:
		x, y := extraOf(a), extraOf(b)
		if x.Type == y.Type && x.Type.Equal != nil {
			return x.Type.Equal(m, x, y)
		}
		return x == y, nil
	case ka == KindExtra || kb == KindExtra:
		return m.equalExtra(a, b)
	}
	ok, err := image.Equal(a, b)
	return ok, languageError(err)
}

// equalExtra asks the type of a module whether one of its values equals
// another type's (a Fraction an int, a Counter a dict).
func (m *Machine) equalExtra(a, b Value) (bool, error) {
	for _, p := range [2][2]Value{{a, b}, {b, a}} {
		if p[0].Kind() == KindExtra {
			if f := extraOf(p[0]).Type.Binary; f != nil {
				if v, ok, err := f(m, "==", p[0], p[1]); ok || err != nil {
					return err == nil && v.AsBool(), err
				}
			}
		}
	}
	return false, nil
}

func tooDeep() error {
	return raiseText(RecursionError, "maximum recursion depth exceeded in comparison")
}

func (m *Machine) equalItems(x, y []Value, depth int) (bool, error) {
	if len(x) != len(y) {
		return false, nil
	}
	if depth > maxDepth {
		return false, tooDeep()
	}
	for i := range x {
		if x[i].Same(y[i]) {
			continue
		}
		if err := m.Work(1); err != nil {
			return false, err
		}
		if ok, err := m.equal(x[i], y[i], depth+1); err != nil || !ok {
			return false, err
		}
	}
	return true, m.Work(int64(len(x) >> 3))
}

func (m *Machine) equalDicts(x, y *image.Dict, depth int) (bool, error) {
	if err := m.Heap.Read(&x.Entity); err != nil {
		return false, err
	}
	if err := m.Heap.Read(&y.Entity); err != nil {
		return false, err
	}
	if x.Len() != y.Len() {
		return false, nil
	}
	if depth > maxDepth {
		return false, tooDeep()
	}
	for k, v, at, ok := x.Next(0); ok; k, v, at, ok = x.Next(at + 1) {
		if err := m.Work(2); err != nil {
			return false, err
		}
		w, found, err := m.dictGet(y, k)
		if err != nil || !found {
			return false, err
		}
		if v.Same(w) {
			continue
		}
		if same, err := m.equal(v, w, depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func (m *Machine) equalSets(x, y *image.Set) (bool, error) {
	if err := m.readSet(x); err != nil {
		return false, err
	}
	if err := m.readSet(y); err != nil {
		return false, err
	}
	if x.Len() != y.Len() {
		return false, nil
	}
	return m.subset(x, y)
}

// subset says whether all members of x are in y.
func (m *Machine) subset(x, y *image.Set) (bool, error) {
	for k, at, ok := x.Next(0); ok; k, at, ok = x.Next(at + 1) {
		if err := m.Work(2); err != nil {
			return false, err
		}
		if has, err := m.setHas(y, k); err != nil || !has {
			return false, err
		}
	}
	return true, nil
}

func (m *Machine) equalViews(a, b Value) (bool, error) {
	if a.Same(b) {
		return true, nil
	}
	for _, v := range [2]Value{a, b} {
		if k := v.Kind(); !isSetKind(k) && !(k == KindView && viewOf(v).What != 'v') {
			return false, nil
		}
	}
	x, err := m.asSet(a)
	if err != nil {
		return false, err
	}
	y, err := m.asSet(b)
	if err != nil {
		return false, err
	}
	return m.equalSets(x, y)
}

func (m *Machine) order(op syntax.CompareOp, a, b Value, depth int) (bool, error) {
	ka, kb := a.Kind(), b.Kind()
	switch {
	case ka == image.KindInt && kb == image.KindInt:
		return ordered(op, compareInts(a.AsInt(), b.AsInt())), nil
	case numeric(ka) && numeric(kb):
		c, ok := image.CompareNumbers(a, b)
		return ok && ordered(op, c), nil
	case ka == image.KindStr && kb == image.KindStr:
		x, y := a.Str(), b.Str()
		if n := min(len(x), len(y)); n > 64 {
			if err := m.Work(int64(n >> 3)); err != nil {
				return false, err
			}
		}
		// The order of UTF-8 is that of code points.
		return ordered(op, strings.Compare(x, y)), nil
	case ka == image.KindBytes && kb == image.KindBytes:
		return ordered(op, strings.Compare(a.Bytes(), b.Bytes())), m.Work(int64(min(len(a.Bytes()), len(b.Bytes())) >> 3))
	case ka == image.KindTuple && kb == image.KindTuple:
		return m.orderItems(op, a.Tuple(), b.Tuple(), depth)
	case ka == image.KindList && kb == image.KindList:
		x, y := a.List(), b.List()
		if err := m.Heap.Read(&x.Entity); err != nil {
			return false, err
		}
		if err := m.Heap.Read(&y.Entity); err != nil {
			return false, err
		}
		return m.orderItems(op, x.Items, y.Items, depth)
	case isSetLike(a) && isSetLike(b):
		return m.orderSets(op, a, b)
	case ka == KindExtra || kb == KindExtra:
		if ka == KindExtra && kb == KindExtra && extraOf(a).Type == extraOf(b).Type && extraOf(a).Type.Less != nil {
			c, ok, err := extraOf(a).Type.Less(m, extraOf(a), extraOf(b))
			if ok || err != nil {
				return err == nil && ordered(op, c), err
			}
		}
		for _, v := range [2]Value{a, b} {
			if v.Kind() == KindExtra {
				if f := extraOf(v).Type.Binary; f != nil {
					if r, ok, err := f(m, op.String(), a, b); ok || err != nil {
						return err == nil && r.AsBool(), err
					}
				}
			}
		}
	}
	return false, raise(TypeError, "'%s' not supported between instances of '%s' and '%s'", op, typeName(a), typeName(b))
}

func isSetLike(v Value) bool {
	k := v.Kind()
	return isSetKind(k) || k == KindView && viewOf(v).What != 'v'
}

func compareInts(x, y int64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func ordered(op syntax.CompareOp, c int) bool {
	switch op {
	case syntax.Less:
		return c < 0
	case syntax.LessEq:
		return c <= 0
	case syntax.Greater:
		return c > 0
	default:
		return c >= 0
	}
}

// orderItems compares sequences by the first items that differ.
func (m *Machine) orderItems(op syntax.CompareOp, x, y []Value, depth int) (bool, error) {
	if depth > maxDepth {
		return false, tooDeep()
	}
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i].Same(y[i]) {
			continue
		}
		if err := m.Work(1); err != nil {
			return false, err
		}
		same, err := m.equal(x[i], y[i], depth+1)
		if err != nil {
			return false, err
		}
		if !same {
			return m.order(op, x[i], y[i], depth+1)
		}
	}
	return ordered(op, compareInts(int64(len(x)), int64(len(y)))), nil
}

func (m *Machine) orderSets(op syntax.CompareOp, a, b Value) (bool, error) {
	x, err := m.asSet(a)
	if err != nil {
		return false, err
	}
	y, err := m.asSet(b)
	if err != nil {
		return false, err
	}
	if op == syntax.Greater || op == syntax.GreaterEq {
		x, y = y, x
	}
	if x.Len() > y.Len() || x.Len() == y.Len() && (op == syntax.Less || op == syntax.Greater) {
		return false, nil
	}
	return m.subset(x, y)
}

// contains is "v in c".
func (m *Machine) contains(c, v Value) (bool, error) {
	switch c.Kind() {
	case image.KindStr:
		if v.Kind() != image.KindStr {
			return false, raise(TypeError, "'in <string>' requires string as left operand, not %s", typeName(v))
		}
		if err := m.Work(int64(len(c.Str()) >> 3)); err != nil {
			return false, err
		}
		return strings.Contains(c.Str(), v.Str()), nil
	case image.KindDict:
		_, ok, err := m.dictGet(c.Dict(), v)
		return ok, err
	case image.KindSet, image.KindFrozenSet:
		if v.Kind() == image.KindSet {
			// A set is looked for by its frozen copy.
			f, err := m.frozenCopy(v.Set())
			if err != nil {
				return false, err
			}
			v = f
		}
		return m.setHas(c.Set(), v)
	case image.KindList:
		l := c.List()
		if err := m.Heap.Read(&l.Entity); err != nil {
			return false, err
		}
		i, err := m.find(l.Items, v)
		return i >= 0, err
	case image.KindTuple:
		i, err := m.find(c.Tuple(), v)
		return i >= 0, err
	case image.KindBytes:
		if v.Kind() == image.KindBytes {
			return strings.Contains(c.Bytes(), v.Bytes()), m.Work(int64(len(c.Bytes()) >> 3))
		}
		b, err := byteOf(v)
		if err != nil {
			if !isInteger(v) {
				return false, raise(TypeError, "a bytes-like object is required, not '%s'", typeName(v))
			}
			return false, err
		}
		return strings.IndexByte(c.Bytes(), b) >= 0, m.Work(int64(len(c.Bytes()) >> 3))
	case KindRange:
		return rangeOf(c).contains(v), nil
	case KindView:
		return m.viewContains(viewOf(c), v)
	case KindExtra:
		x := extraOf(c)
		if f := x.Type.Contains; f != nil {
			return f(m, x, v)
		}
	}
	it, ok, err := m.NativeIter(c)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, raise(TypeError, "argument of type '%s' is not iterable", typeName(c))
	}
	for {
		x, ok, err := it.Next(m)
		if err != nil || !ok {
			return false, err
		}
		if err := m.Work(1); err != nil {
			return false, err
		}
		if same, err := m.same(x, v); same || err != nil {
			return same, err
		}
	}
}

// find gives the index of the first item that is or equals v, or -1.
func (m *Machine) find(items []Value, v Value) (int, error) {
	simple := v.Kind() == image.KindInt || v.Kind() == image.KindStr
	for i, x := range items {
		if x.Same(v) {
			return i, m.Work(int64(i))
		}
		if simple && x.Kind() == v.Kind() {
			if v.Kind() == image.KindInt || x.Str() != v.Str() {
				continue
			}
			return i, m.Work(int64(i))
		}
		if ok, err := m.equal(x, v, 0); err != nil {
			return -1, err
		} else if ok {
			return i, m.Work(int64(i))
		}
	}
	return -1, m.Work(int64(len(items)))
}

func (m *Machine) viewContains(w *View, v Value) (bool, error) {
	switch w.What {
	case 'k':
		_, ok, err := m.dictGet(w.Dict, v)
		return ok, err
	case 'i':
		if v.Kind() != image.KindTuple || len(v.Tuple()) != 2 {
			return false, nil
		}
		x, ok, err := m.dictGet(w.Dict, v.Tuple()[0])
		if err != nil || !ok {
			return false, err
		}
		return m.same(x, v.Tuple()[1])
	}
	if err := m.Heap.Read(&w.Dict.Entity); err != nil {
		return false, err
	}
	for _, x, at, ok := w.Dict.Next(0); ok; _, x, at, ok = w.Dict.Next(at + 1) {
		if err := m.Work(1); err != nil {
			return false, err
		}
		if same, err := m.same(x, v); same || err != nil {
			return same, err
		}
	}
	return false, nil
}
