package lang

import (
	"math"
	"strings"

	"batos/image"
)

// form says how a native takes its arguments; CPython words the errors of each
// form differently.
type form uint8

const (
	formNone       form = iota // f()
	formOne                    // f(x)
	formPositional             // f(x, [y]), no keywords
	formKeywords               // f(x, [y]) with names; some may be keyword-only
	formFree                   // checked by the native itself
)

// spec is how a native is declared in a methodTable.
type spec struct {
	fn       Native
	form     form
	min, max int      // of formPositional; max < 0 for no bound
	params   []string // of formKeywords: in order; "/" before a name is positional-only, "*" keyword-only
	collect  uint32
}

type methodTable map[string]spec

func none(fn Native) spec { return spec{fn: fn, form: formNone} }
func one(fn Native) spec  { return spec{fn: fn, form: formOne, min: 1, max: 1} }
func positional(min, max int, fn Native) spec {
	return spec{fn: fn, form: formPositional, min: min, max: max}
}
func free(fn Native) spec { return spec{fn: fn, form: formFree} }

// keywords takes parameters by position or name. The native finds one value a
// parameter in a.Pos, absent where it was left out. min are required; a name
// that starts with "/" cannot be given by keyword, with "*" only so.
func keywords(params string, min int, fn Native) spec {
	return spec{fn: fn, form: formKeywords, params: strings.Fields(params), min: min}
}

// walks marks the arguments that are iterated.
func (s spec) walks(positions ...int) spec {
	for _, p := range positions {
		s.collect |= 1 << p
	}
	return s
}

// walksAll marks all arguments.
func (s spec) walksAll() spec { s.collect = ^uint32(0); return s }

// native makes the function value. owner is the type's name for a method, ""
// for a function.
func (s spec) native(owner, name string) *NativeFunction {
	nf := &NativeFunction{Header: image.NewHeader(KindNative), Name: name, Collect: s.collect}
	qualified := name
	if owner != "" {
		qualified = owner + "." + name
	}
	fn := s.fn
	switch s.form {
	case formNone:
		nf.Fn = func(m *Machine, a *Args) (Value, error) {
			if len(a.Pos)+len(a.Names) > 0 {
				return Value{}, countError(a, qualified, "takes no arguments")
			}
			return fn(m, a)
		}
	case formOne:
		nf.Fn = func(m *Machine, a *Args) (Value, error) {
			if len(a.Pos) != 1 || len(a.Names) > 0 {
				return Value{}, countError(a, qualified, "takes exactly one argument")
			}
			return fn(m, a)
		}
	case formPositional:
		min, max := s.min, s.max
		nf.Fn = func(m *Machine, a *Args) (Value, error) {
			if len(a.Names) > 0 {
				return Value{}, raise(TypeError, "%s() takes no keyword arguments", qualified)
			}
			if n := len(a.Pos); n < min || max >= 0 && n > max {
				return Value{}, rangeError(name, n, min, max)
			}
			return fn(m, a)
		}
	case formKeywords:
		names := make([]string, len(s.params))
		nf.Params = make([]string, len(s.params))
		byPosition := 0
		for i, p := range s.params {
			names[i] = strings.TrimLeft(p, "/*")
			if p[0] != '*' {
				byPosition = i + 1
			}
			if p[0] != '/' {
				nf.Params[i] = names[i]
			}
		}
		min := s.min
		k := keywordForm{name, names, nf.Params, min, byPosition}
		nf.Fn = func(m *Machine, a *Args) (Value, error) {
			laid, err := k.lay(m, a)
			if err != nil {
				return Value{}, err
			}
			a.Pos, a.Names, a.Kw = laid, nil, nil
			v, err := fn(m, a)
			m.laid = laid[:0]
			return v, err
		}
	default:
		nf.Fn = fn
	}
	return nf
}

type keywordForm struct {
	name       string
	names      []string
	byKeyword  []string
	min        int
	byPosition int
}

func (k *keywordForm) lay(m *Machine, a *Args) ([]Value, error) {
	given := len(a.Pos) + len(a.Names)
	if len(a.Pos) > k.byPosition || given > len(k.names) {
		n, word := k.byPosition, "at most"
		if k.min == k.byPosition {
			word = "exactly"
		}
		if given > len(k.names) {
			n = len(k.names)
		} else {
			given = len(a.Pos)
		}
		if n == 0 {
			return nil, raise(TypeError, "%s() takes no positional arguments", k.name)
		}
		kind := ""
		if k.byPosition < len(k.names) {
			kind = "positional "
		}
		return nil, raise(TypeError, "%s() takes %s %d %sargument%s (%d given)", k.name, word, n, kind, plural(n), given)
	}
	laid := append(m.laid[:0], a.Pos...)
	m.laid = nil // a native that calls another must not share it
	for len(laid) < len(k.names) {
		laid = append(laid, Value{})
	}
next:
	for i, name := range a.Names {
		for j, p := range k.byKeyword {
			if p == name && p != "" {
				if !laid[j].Absent() {
					return nil, raise(TypeError, "argument for %s() given by name ('%s') and position (%d)", k.name, name, j+1)
				}
				laid[j] = a.Kw[i]
				continue next
			}
		}
		return nil, raise(TypeError, "'%s' is an invalid keyword argument for %s()", name, k.name)
	}
	for i := 0; i < k.min; i++ {
		if laid[i].Absent() {
			if k.byKeyword[i] == "" {
				word := "at least"
				if k.min == len(k.names) {
					word = "exactly"
				}
				return nil, raise(TypeError, "%s() takes %s %d positional argument%s (%d given)", k.name, word, k.min, plural(k.min), len(a.Pos))
			}
			return nil, raise(TypeError, "%s() missing required argument '%s' (pos %d)", k.name, k.names[i], i+1)
		}
	}
	return laid, nil
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func countError(a *Args, name, what string) error {
	if len(a.Names) > 0 {
		return raise(TypeError, "%s() takes no keyword arguments", name)
	}
	return raise(TypeError, "%s() %s (%d given)", name, what, len(a.Pos))
}

func rangeError(name string, n, min, max int) error {
	switch {
	case min == max:
		return raise(TypeError, "%s expected %d argument%s, got %d", name, min, plural(min), n)
	case n < min:
		return raise(TypeError, "%s expected at least %d argument%s, got %d", name, min, plural(min), n)
	}
	return raise(TypeError, "%s expected at most %d argument%s, got %d", name, max, plural(max), n)
}

func addMethods(to map[image.Symbol]*NativeFunction, owner string, table methodTable) {
	for name, s := range table {
		to[image.Intern(name)] = s.native(owner, name)
	}
}

// Take checks that a native of the host got between min and max positional
// arguments and no keywords; max < 0 for no bound.
func (a *Args) Take(min, max int) error {
	if len(a.Names) > 0 {
		return raise(TypeError, "%s() takes no keyword arguments", a.Name)
	}
	if n := len(a.Pos); n < min || max >= 0 && n > max {
		return rangeError(a.Name, n, min, max)
	}
	return nil
}

// at gives argument i, absent when it was not given.
func (a *Args) at(i int) Value {
	if i < len(a.Pos) {
		return a.Pos[i]
	}
	return Value{}
}

// indexOf reads an integer that must fit 64 bits, as an index or a count. An
// integer too large raises OverflowError.
func indexOf(v Value) (int64, error) {
	switch v.Kind() {
	case image.KindInt, image.KindBool:
		return v.AsInt(), nil
	case image.KindBig:
		return 0, raiseText(OverflowError, "Python int too large to convert to C ssize_t")
	}
	return 0, raise(TypeError, "'%s' object cannot be interpreted as an integer", typeName(v))
}

// indexAt is indexOf for an optional argument.
func (a *Args) indexAt(i int, otherwise int64) (int64, error) {
	if v := a.at(i); !v.Absent() {
		return indexOf(v)
	}
	return otherwise, nil
}

// boundOf reads a bound of a search, as in s.find(x, start, end): None for the
// default, large integers clipped.
func boundOf(v Value, otherwise int64) (int64, error) {
	switch v.Kind() {
	case image.KindAbsent, image.KindNone:
		return otherwise, nil
	case image.KindInt, image.KindBool:
		return v.AsInt(), nil
	case image.KindBig:
		if v.Big().Sign() < 0 {
			return math.MinInt64, nil
		}
		return math.MaxInt64, nil
	}
	return 0, raiseText(TypeError, "slice indices must be integers or None or have an __index__ method")
}

// bounds reads start and end as s.find, s.count and l.index do, clipped to
// 0..n.
func (a *Args) bounds(i int, n int) (int, int, error) {
	start, err := boundOf(a.at(i), 0)
	if err != nil {
		return 0, 0, err
	}
	end, err := boundOf(a.at(i+1), int64(n))
	if err != nil {
		return 0, 0, err
	}
	s, e := clip(start, n), clip(end, n)
	if start > int64(n) {
		s = n + 1 // an empty text is not found behind the end
	}
	return s, e, nil
}

func clip(i int64, n int) int {
	if i < 0 {
		if i += int64(n); i < 0 {
			return 0
		}
	}
	if i > int64(n) {
		return n
	}
	return int(i)
}

// isInteger says whether v is an int of any size or a bool.
func isInteger(v Value) bool {
	switch v.Kind() {
	case image.KindInt, image.KindBool, image.KindBig:
		return true
	}
	return false
}

// numeric says whether v is a number.
func numeric(k image.Kind) bool {
	return k == image.KindInt || k == image.KindFloat || k == image.KindBool || k == image.KindBig
}
