package lang

import (
	"batos/image"
	"batos/lang/syntax"
)

// written makes a function of a module that the prelude does, because it calls
// back.
func written(name, def string) Value {
	return (&NativeFunction{Header: image.NewHeader(KindNative), Name: name, written: def, need: needAlways}).Value()
}

func init() {
	modules["itertools"] = module("itertools", map[string]Value{
		"chain":       chainFunction(),
		"count":       written("count", "_itertools_count"),
		"cycle":       written("cycle", "_itertools_cycle"),
		"repeat":      written("repeat", "_itertools_repeat"),
		"accumulate":  written("accumulate", "_itertools_accumulate"),
		"compress":    written("compress", "_itertools_compress"),
		"dropwhile":   written("dropwhile", "_itertools_dropwhile"),
		"takewhile":   written("takewhile", "_itertools_takewhile"),
		"filterfalse": written("filterfalse", "_itertools_filterfalse"),
		"groupby":     written("groupby", "_itertools_groupby"),
		"islice":      written("islice", "_itertools_islice"),
		"starmap":     written("starmap", "_itertools_starmap"),
		"pairwise":    written("pairwise", "_itertools_pairwise"),
		"zip_longest": written("zip_longest", "_itertools_zip_longest"),
		"tee":         written("tee", "_itertools_tee"),
	}, methodTable{
		"product":                       free(itertoolsProduct).walksAll(),
		"permutations":                  keywords("iterable r", 1, choose("permutations")).walks(0),
		"combinations":                  keywords("iterable r", 2, choose("combinations")).walks(0),
		"combinations_with_replacement": keywords("iterable r", 2, choose("combinations_with_replacement")).walks(0),
	})
	modules["functools"] = module("functools", map[string]Value{
		"reduce":     written("reduce", "_functools_reduce"),
		"partial":    written("partial", "_functools_partial"),
		"cmp_to_key": written("cmp_to_key", "_functools_cmp_to_key"),
	}, nil)
}

// chainFunction is itertools.chain with its from_iterable.
func chainFunction() Value {
	t := &Type{Header: image.NewHeader(KindType), Name: "chain", New: nativeOf(written("chain", "_itertools_chain"))}
	typeModules[t] = "itertools"
	t.members = map[string]Value{"from_iterable": written("from_iterable", "_itertools_chain_from")}
	return t.Value()
}

// productIter walks over the pools as an odometer.
type productIter struct {
	pools [][]Value
	at    []int
	done  bool
}

func (it *productIter) Next(m *Machine) (Value, bool, error) {
	if it.done {
		return Value{}, false, nil
	}
	items, err := m.newItems(int64(len(it.pools)))
	if err != nil {
		return Value{}, false, err
	}
	for i, p := range it.pools {
		if len(p) == 0 {
			it.done = true
			return Value{}, false, nil
		}
		items[i] = p[it.at[i]]
	}
	it.done = true
	for i := len(it.pools) - 1; i >= 0; i-- {
		if it.at[i]++; it.at[i] < len(it.pools[i]) {
			it.done = false
			break
		}
		it.at[i] = 0
	}
	return image.NewTuple(items), true, m.Charge(strSize)
}

func itertoolsProduct(m *Machine, a *Args) (Value, error) {
	repeat := int64(1)
	for i, name := range a.Names {
		if name != "repeat" {
			return Value{}, raise(TypeError, "'%s' is an invalid keyword argument for product()", name)
		}
		var err error
		if repeat, err = indexOf(a.Kw[i]); err != nil {
			return Value{}, err
		}
		if repeat < 0 {
			return Value{}, raiseText(ValueError, "repeat argument cannot be negative")
		}
	}
	if err := m.Charge(repeated(32*len(a.Pos), repeat)); err != nil {
		return Value{}, err
	}
	var pools [][]Value
	for _, v := range a.Pos {
		items, err := m.collect(v)
		if err != nil {
			return Value{}, err
		}
		pools = append(pools, items)
	}
	once := pools
	for i := int64(1); i < repeat; i++ {
		pools = append(pools, once...)
	}
	if repeat == 0 {
		pools = nil
	}
	return m.named("product", &productIter{pools: pools, at: make([]int, len(pools))})
}

// chooseIter walks over permutations or combinations in lexicographic order of
// positions.
type chooseIter struct {
	kind    string
	pool    []Value
	at      []int
	started bool
	done    bool
}

func (it *chooseIter) Next(m *Machine) (Value, bool, error) {
	if it.done {
		return Value{}, false, nil
	}
	if it.started {
		it.advance()
		if it.done {
			return Value{}, false, nil
		}
	}
	it.started = true
	items, err := m.newItems(int64(len(it.at)))
	if err != nil {
		return Value{}, false, err
	}
	for i, p := range it.at {
		items[i] = it.pool[p]
	}
	if err := m.Work(int64(len(it.at))); err != nil {
		return Value{}, false, err
	}
	return image.NewTuple(items), true, m.Charge(strSize)
}

func (it *chooseIter) advance() {
	n, r := len(it.pool), len(it.at)
	switch it.kind {
	case "combinations":
		for i := r - 1; i >= 0; i-- {
			if it.at[i] < n-r+i {
				it.at[i]++
				for j := i + 1; j < r; j++ {
					it.at[j] = it.at[j-1] + 1
				}
				return
			}
		}
	case "combinations_with_replacement":
		for i := r - 1; i >= 0; i-- {
			if it.at[i] < n-1 {
				next := it.at[i] + 1
				for j := i; j < r; j++ {
					it.at[j] = next
				}
				return
			}
		}
	default:
		used := make([]bool, n)
		for _, p := range it.at {
			used[p] = true
		}
		for i := r - 1; i >= 0; i-- {
			used[it.at[i]] = false
			for p := it.at[i] + 1; p < n; p++ {
				if used[p] {
					continue
				}
				it.at[i] = p
				used[p] = true
				q := 0
				for j := i + 1; j < r; j++ {
					for used[q] {
						q++
					}
					it.at[j] = q
					used[q] = true
				}
				return
			}
		}
	}
	it.done = true
}

func choose(kind string) Native {
	return func(m *Machine, a *Args) (Value, error) {
		pool, err := m.collect(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		r := int64(len(pool))
		if v := a.at(1); !v.Absent() && !v.IsNone() {
			if r, err = indexOf(v); err != nil {
				return Value{}, err
			}
			if r < 0 {
				return Value{}, raiseText(ValueError, "r must be non-negative")
			}
		}
		it := &chooseIter{kind: kind, pool: pool}
		switch {
		case kind != "combinations_with_replacement" && r > int64(len(pool)), kind == "combinations_with_replacement" && r > 0 && len(pool) == 0:
			it.done = true
		default:
			if err := m.Charge(8 * r); err != nil {
				return Value{}, err
			}
			it.at = make([]int, r)
			for i := range it.at {
				if kind != "combinations_with_replacement" {
					it.at[i] = i
				}
			}
		}
		return m.named(kind, it)
	}
}

func init() {
	modules["operator"] = module("operator", map[string]Value{
		"itemgetter": written("itemgetter", "_operator_itemgetter"), "attrgetter": written("attrgetter", "_operator_attrgetter"),
		"methodcaller": written("methodcaller", "_operator_methodcaller"),
	}, operatorFunctions())
}

func operatorFunctions() methodTable {
	t := methodTable{}
	for name, op := range map[string]syntax.BinaryOp{
		"add": syntax.Add, "sub": syntax.Sub, "mul": syntax.Mul, "truediv": syntax.Div, "floordiv": syntax.FloorDiv, "mod": syntax.Mod,
		"pow": syntax.Pow, "lshift": syntax.LShift, "rshift": syntax.RShift, "and_": syntax.BitAnd, "or_": syntax.BitOr, "xor": syntax.BitXor, "concat": syntax.Add,
	} {
		t[name] = positional(2, 2, func(m *Machine, a *Args) (Value, error) { return m.Binary(op, a.Pos[0], a.Pos[1]) })
	}
	for name, op := range map[string]syntax.CompareOp{
		"eq": syntax.Eq, "ne": syntax.NotEq, "lt": syntax.Less, "le": syntax.LessEq, "gt": syntax.Greater, "ge": syntax.GreaterEq, "is_": syntax.Is, "is_not": syntax.IsNot,
	} {
		t[name] = positional(2, 2, func(m *Machine, a *Args) (Value, error) { return m.Compare(op, a.Pos[0], a.Pos[1]) })
	}
	for name, op := range map[string]syntax.UnaryOp{"neg": syntax.Neg, "pos": syntax.Plus, "invert": syntax.Invert, "not_": syntax.Not} {
		t[name] = one(func(m *Machine, a *Args) (Value, error) { return m.Unary(op, a.Pos[0]) })
	}
	t["truth"] = one(func(m *Machine, a *Args) (Value, error) { b, err := m.Truth(a.Pos[0]); return image.Bool(b), err })
	t["abs"] = one(builtinAbs)
	t["contains"] = positional(2, 2, func(m *Machine, a *Args) (Value, error) {
		ok, err := m.contains(a.Pos[0], a.Pos[1])
		return image.Bool(ok), err
	})
	t["getitem"] = positional(2, 2, func(m *Machine, a *Args) (Value, error) { return m.GetItem(a.Pos[0], a.Pos[1]) })
	t["setitem"] = positional(3, 3, func(m *Machine, a *Args) (Value, error) {
		return image.None(), m.SetItem(a.Pos[0], a.Pos[1], a.Pos[2])
	})
	t["delitem"] = positional(2, 2, func(m *Machine, a *Args) (Value, error) { return image.None(), m.DelItem(a.Pos[0], a.Pos[1]) })
	return t
}
