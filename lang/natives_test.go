package lang

import (
	"fmt"
	"math/rand"
	"sort"
	"testing"
	"time"

	"batos/image"
	"batos/lang/syntax"
)

// strangers are values that a native may be given.
var strangers = []string{
	"None", "True", "0", "1", "-1", "3", "2**63-1", "-2**63", "2**64", "-2**200", "0.0", "-0.0", "1.5", "float('inf')", "float('nan')", "1e300",
	"''", "'a'", "'héllo'", "'a,b'", "'%d'", "'{}'", "'(a)'", "'\\x00'", "b''", "b'ab\\xff'", "()", "(1,)", "(1, 'a')", "[]", "[1, 2, 3]", "['b', 'a']",
	"[[1, 2]]", "[1, 'a', None]", "{}", "{'a': 1}", "{1: 2, 2: 3}", "set()", "{1, 2}", "frozenset([1])", "range(3)", "range(5, 0, -2)", "range(2**62)",
	"slice(1, 2)", "slice(None, None, -1)", "{1: 2}.keys()", "{1: 2}.items()", "{1: 2}.values()", "iter([1, 2])", "int", "list", "ValueError", "ValueError('x')",
	"KeyError(1, 2)", "len", "[].append", "lambda x: x", "...", "enumerate([1])", "zip([1], 'a')", "object()", "int | None",
	"collections.Counter('aab')", "collections.defaultdict(list, a=[1])", "collections.OrderedDict(a=1)", "collections.deque([1, 2], 3)",
	"collections.namedtuple('P', 'x y')(1, 2)", "re.compile('(a)|b')", "re.match('a(b)?', 'abc')", "random.Random(1)", "datetime.date(2024, 2, 29)",
	"datetime.datetime(2024, 5, 6, 7, 8, 9, 10, datetime.timezone.utc)", "datetime.timedelta(days=1, seconds=2)", "datetime.time(1, 2)", "datetime.timezone.utc",
	"hashlib.md5(b'a')", "json", "math",
}

// TestNativesNeverPanic calls every function, type and method of the runtime
// with values of every kind. What comes of it may be an error, never a panic.
func TestNativesNeverPanic(t *testing.T) {
	m := NewMachine(image.NewHeap(), &Host{Print: func(string) {}})
	text := "import collections, re, random, datetime, hashlib, json, math\n"
	values := func() []Value {
		var all []Value
		for _, s := range strangers {
			body, err := syntax.ParseBody(text + "(" + s + ")")
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			m.Begin(Limits{})
			v, err := m.Eval(body, image.None())
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			all = append(all, v)
		}
		return all
	}
	functions := map[string]*NativeFunction{}
	note := func(name string, v Value) {
		switch v.Kind() {
		case KindNative:
			functions[name] = nativeOf(v)
		case KindType:
			if f := typeValueOf(v).New; f != nil {
				functions[name] = f
			}
			for n, x := range typeValueOf(v).members {
				if x.Kind() == KindNative {
					functions[name+"."+n] = nativeOf(x)
				}
			}
		}
	}
	for name, v := range builtins {
		note(name, v)
	}
	for name, make := range modules {
		for n, v := range make().Members {
			note(name+"."+n, v)
		}
	}
	names := []string{}
	for name, f := range functions {
		if f.Fn != nil {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	t.Logf("%d functions and types", len(names))
	r := rand.New(rand.NewSource(1))
	all := values()
	try := func(name string, f func() error) {
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("%s: panic: %v", name, p)
			}
		}()
		m.Begin(Limits{Fuel: 100_000, Memory: 1 << 20, Deadline: time.Minute})
		_ = f()
	}
	call := func(name string, fn *NativeFunction, self Value) {
		for n := range 40 {
			a := &Args{Name: fn.Name, Self: self}
			what := name + "("
			for range min(n%5, 4) {
				i := r.Intn(len(all))
				a.Pos = append(a.Pos, all[i])
				what += strangers[i] + ", "
			}
			if n%8 == 7 && len(fn.Params) > 0 {
				i, p := r.Intn(len(all)), fn.Params[r.Intn(len(fn.Params))]
				a.Names, a.Kw = []string{p}, []Value{all[i]}
				what += p + "=" + strangers[i]
			}
			try(what+")", func() error { _, err := fn.Fn(m, a); return err })
		}
	}
	for _, name := range names {
		call(name, functions[name], Value{})
	}
	for i := range strangers {
		v := all[i]
		table := methodTables[v.Kind()]
		if v.Kind() == KindExtra {
			table = extraOf(v).Type.Methods
		}
		var methods []string
		for name := range table {
			methods = append(methods, name.String())
		}
		sort.Strings(methods)
		for _, name := range methods {
			fn := table[image.Intern(name)]
			if fn.Fn == nil {
				continue
			}
			call(fmt.Sprintf("(%s).%s", strangers[i], name), fn, values()[i])
		}
		for j := range strangers {
			w := all[j]
			what := strangers[i] + " with " + strangers[j]
			for op := syntax.Add; op <= syntax.MatMul; op++ {
				try(what, func() error { _, err := m.Binary(op, v, w); return err })
			}
			for op := syntax.Eq; op <= syntax.NotIn; op++ {
				try(what, func() error { _, err := m.Compare(op, v, w); return err })
			}
			try(what, func() error { _, err := m.GetItem(v, w); return err })
			try(what, func() error {
				s, err := m.Str(w)
				if err == nil {
					_, err = m.Format(v, 0, s)
				}
				return err
			})
		}
		try(strangers[i], func() error { _, err := m.Repr(v); return err })
		for op := syntax.Neg; op <= syntax.Not; op++ {
			try(strangers[i], func() error { _, err := m.Unary(op, v); return err })
		}
	}
}
