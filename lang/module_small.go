package lang

import (
	"encoding/base64"
	"math"
	"math/big"

	"batos/image"
)

func strConstants(pairs ...string) map[string]Value {
	members := map[string]Value{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i]] = sharedStr(pairs[i+1])
	}
	return members
}

func init() {
	const lower, upper, digits = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
	str := strConstants("ascii_letters", lower+upper, "ascii_lowercase", lower, "ascii_uppercase", upper, "digits", digits,
		"hexdigits", digits+"abcdefABCDEF", "octdigits", "01234567", "punctuation", punctuation, "whitespace", " \t\n\r\v\f",
		"printable", digits+lower+upper+punctuation+" \t\n\r\v\f")
	modules["string"] = module("string", str, nil)

	modules["copy"] = module("copy", nil, methodTable{"copy": one(shallowCopy), "deepcopy": positional(1, 2, deepCopy)})
	typeModules[StatisticsError] = "statistics"
	modules["statistics"] = module("statistics", map[string]Value{
		"StatisticsError": StatisticsError.Value(),
	}, methodTable{
		"mean": one(statisticsMean).walks(0), "fmean": one(statisticsFmean).walks(0),
		"variance": one(spread("variance", 1, false)).walks(0), "pvariance": one(spread("pvariance", 0, false)).walks(0),
		"stdev": one(spread("stdev", 1, true)).walks(0), "pstdev": one(spread("pstdev", 0, true)).walks(0),
	})
	preludeIntrinsics["_statistics_error"] = one(func(m *Machine, a *Args) (Value, error) {
		return Value{}, raiseValue(StatisticsError, a.Pos[0])
	}).native("", "_statistics_error")
	typing := map[string]Value{"Any": ObjectType.Value(), "TYPE_CHECKING": image.Bool(false)}
	for name, t := range map[string]*Type{"List": ListType, "Dict": DictType, "Set": SetType, "Tuple": TupleType, "FrozenSet": FrozenSetType,
		"Type": TypeType, "Callable": ObjectType, "Optional": ObjectType, "Union": ObjectType, "Iterable": ObjectType, "Iterator": ObjectType,
		"Sequence": ObjectType, "Mapping": ObjectType, "Generator": ObjectType, "NamedTuple": ObjectType, "Literal": ObjectType,
		"Final": ObjectType, "ClassVar": ObjectType, "Hashable": ObjectType, "Text": StrType} {
		typing[name] = t.Value()
	}
	modules["typing"] = module("typing", typing, nil)
	modules["base64"] = module("base64", nil, methodTable{
		"b64encode": one(base64Encode(base64.StdEncoding)), "b64decode": one(base64Decode(base64.StdEncoding)),
		"urlsafe_b64encode": one(base64Encode(base64.URLEncoding)), "urlsafe_b64decode": one(base64Decode(base64.URLEncoding)),
	})
}

// StatisticsError is the statistics module's own.
var StatisticsError = exceptionType("StatisticsError", ValueError)

func base64Encode(e *base64.Encoding) Native {
	return func(m *Machine, a *Args) (Value, error) {
		b, err := needBytes(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		if err := m.room(int64(e.EncodedLen(len(b)))); err != nil {
			return Value{}, err
		}
		return image.NewBytes(e.EncodeToString([]byte(b))), nil
	}
}

func base64Decode(e *base64.Encoding) Native {
	return func(m *Machine, a *Args) (Value, error) {
		v := a.Pos[0]
		if k := v.Kind(); k != image.KindStr && k != image.KindBytes {
			return Value{}, raise(TypeError, "argument should be a bytes-like object or ASCII string, not '%s'", typeName(v))
		}
		s := textOrBytes(v)
		if err := m.room(int64(len(s))); err != nil {
			return Value{}, err
		}
		b, err := e.DecodeString(s)
		if err != nil {
			return Value{}, raiseText(ValueError, "Incorrect padding")
		}
		return m.NewBytes(string(b))
	}
}

// shallowCopy is copy.copy.
func shallowCopy(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	switch v.Kind() {
	case image.KindList:
		return listCopy(m, &Args{Self: v})
	case image.KindDict:
		return dictCopy(m, &Args{Self: v})
	case image.KindSet:
		return setCopy(m, &Args{Self: v})
	case KindExtra:
		if f, ok := extraOf(v).Type.Methods[image.Intern("copy")]; ok {
			return f.Fn(m, &Args{Name: "copy", Self: v})
		}
	case image.KindObject:
		return Value{}, raiseText(TypeError, "an object is copied by sending it clone()")
	}
	return v, nil
}

func deepCopy(m *Machine, a *Args) (Value, error) {
	return m.deepCopy(a.Pos[0], map[Value]Value{}, 0)
}

// deepCopy copies containers and what they hold; image objects stay shared,
// since they are copied by clone() only.
func (m *Machine) deepCopy(v Value, done map[Value]Value, depth int) (Value, error) {
	if depth > maxDepth {
		return Value{}, raiseText(RecursionError, "maximum recursion depth exceeded")
	}
	if c, ok := done[v]; ok {
		return c, nil
	}
	if err := m.Work(1); err != nil {
		return Value{}, err
	}
	deep := func(items []Value, to []Value) error {
		for i, x := range items {
			c, err := m.deepCopy(x, done, depth+1)
			if err != nil {
				return err
			}
			to[i] = c
		}
		return nil
	}
	entries := func(from, to *image.Dict) error {
		for k, x, at, ok := from.Next(0); ok; k, x, at, ok = from.Next(at + 1) {
			c, err := m.deepCopy(x, done, depth+1)
			if err != nil {
				return err
			}
			if k, err = m.deepCopy(k, done, depth+1); err != nil {
				return err
			}
			if err := m.dictSet(to, k, c); err != nil {
				return err
			}
		}
		return nil
	}
	switch v.Kind() {
	case image.KindList:
		if err := m.Heap.Read(&v.List().Entity); err != nil {
			return Value{}, err
		}
		items, err := m.newItems(int64(len(v.List().Items)))
		if err != nil {
			return Value{}, err
		}
		c, err := m.listOf(items)
		if err != nil {
			return Value{}, err
		}
		done[v] = c
		return c, deep(v.List().Items, items)
	case image.KindTuple:
		items, err := m.newItems(int64(len(v.Tuple())))
		if err != nil {
			return Value{}, err
		}
		if err := deep(v.Tuple(), items); err != nil {
			return Value{}, err
		}
		if c, ok := done[v]; ok {
			return c, nil // a list within holds the tuple
		}
		c := image.NewTuple(items)
		done[v] = c
		return c, nil
	case image.KindDict:
		if err := m.Heap.Read(&v.Dict().Entity); err != nil {
			return Value{}, err
		}
		c, err := m.NewDict()
		if err != nil {
			return Value{}, err
		}
		done[v] = c
		return c, entries(v.Dict(), c.Dict())
	case image.KindSet:
		c, err := setCopy(m, &Args{Self: v})
		done[v] = c
		return c, err
	case KindExtra:
		switch x := extraOf(v).Data.(type) {
		case *dictLike:
			c, err := m.newDictLike(extraOf(v).Type, x.factory)
			if err != nil {
				return Value{}, err
			}
			done[v] = c.Value()
			return c.Value(), entries(x.d, c.Data.(*dictLike).d)
		case *deque:
			items, err := m.newItems(int64(x.size()))
			if err != nil {
				return Value{}, err
			}
			c := newExtra(dequeType, &deque{items: items, limit: x.limit}).Value()
			done[v] = c
			return c, deep(x.values(), items)
		case *tupleLike:
			items, err := m.newItems(int64(len(x.items)))
			if err != nil {
				return Value{}, err
			}
			return newExtra(extraOf(v).Type, &tupleLike{items}).Value(), deep(x.items, items)
		}
	}
	return v, nil
}

// rationals reads numbers exactly; whole says that all are integers.
func (m *Machine) rationals(v Value, what string, least int) (xs []*big.Rat, whole bool, err error) {
	items, err := m.itemsOf(v)
	if err != nil {
		return nil, false, err
	}
	if len(items) < least {
		if least == 1 {
			return nil, false, raise(StatisticsError, "%s requires at least one data point", what)
		}
		return nil, false, raise(StatisticsError, "%s requires at least two data points", what)
	}
	if err := m.Charge(int64(len(items)) * 160); err != nil {
		return nil, false, err
	}
	if err := m.Work(int64(len(items)) * 16); err != nil {
		return nil, false, err
	}
	whole = true
	for _, x := range items {
		switch {
		case isInteger(x):
			xs = append(xs, new(big.Rat).SetInt(image.BigOf(x)))
		case x.IsFloat():
			whole = false
			r := new(big.Rat).SetFloat64(x.AsFloat())
			if r == nil {
				return nil, false, raiseText(ValueError, "statistics of infinities and nan are not computed here")
			}
			xs = append(xs, r)
		default:
			return nil, false, raise(TypeError, "can't convert type '%s' to numerator/denominator", typeName(x))
		}
	}
	return xs, whole, nil
}

func sumRats(xs []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, x := range xs {
		sum.Add(sum, x)
	}
	return sum
}

// ratValue is an int where all data were and it is one, else a float.
func ratValue(r *big.Rat, whole bool) Value {
	if whole && r.IsInt() {
		return image.NewBig(new(big.Int).Set(r.Num()))
	}
	f, _ := r.Float64()
	return image.Float(f)
}

func statisticsMean(m *Machine, a *Args) (Value, error) {
	xs, whole, err := m.rationals(a.Pos[0], "mean", 1)
	if err != nil {
		return Value{}, err
	}
	sum := sumRats(xs)
	return ratValue(sum.Quo(sum, big.NewRat(int64(len(xs)), 1)), whole), nil
}

func statisticsFmean(m *Machine, a *Args) (Value, error) {
	items, err := m.itemsOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if len(items) == 0 {
		return Value{}, raiseText(StatisticsError, "fmean requires at least one data point")
	}
	sum, err := mathFsum(m, a)
	if err != nil {
		return Value{}, err
	}
	return image.Float(sum.AsFloat() / float64(len(items))), nil
}

// spread is the variance or its root, of a sample when less is 1.
func spread(name string, less int, root bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		xs, whole, err := m.rationals(a.Pos[0], name, less+1)
		if err != nil {
			return Value{}, err
		}
		n := big.NewRat(int64(len(xs)), 1)
		sum := sumRats(xs)
		squares := new(big.Rat)
		for _, x := range xs {
			squares.Add(squares, new(big.Rat).Mul(x, x))
		}
		// The sum of squared deviations is (n sum x² - (sum x)²) / n.
		ss := squares.Mul(squares, n)
		ss.Sub(ss, sum.Mul(sum, sum))
		ss.Quo(ss, n)
		ss.Quo(ss, big.NewRat(int64(len(xs)-less), 1))
		if !root {
			return ratValue(ss, whole), nil
		}
		f := new(big.Float).SetPrec(256).SetRat(ss)
		r, _ := f.Sqrt(f).Float64()
		if math.IsInf(r, 0) {
			return Value{}, raiseText(OverflowError, "integer division result too large for a float")
		}
		return image.Float(r), nil
	}
}
