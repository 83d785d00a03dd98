package lang

import (
	"embed"
	"fmt"
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// The prelude is the part of the runtime that is written in the language
// itself: everything that calls back. A NativeFunction refers to a function of
// it by name (written); each machine compiles its own copy when it first needs
// it, because inline caches are not shared.

//go:embed prelude/*.py
var preludeFiles embed.FS

// intrinsic is a function of the runtime that works on the machine's own
// activations: it delivers a value or pushes an activation.
type intrinsic func(m *Machine, self Value, at, n int, names []string) error

// need says when a builtin is done by its written form.
type need uint8

const (
	needNever need = iota
	needAlways
	needCalls // when it is given a key function, or something that only activations can walk over
)

// writtenBuiltins are the builtins of prelude/builtins.py.
var writtenBuiltins = map[string]need{
	"map": needAlways, "filter": needAlways,
	"enumerate": needCalls, "zip": needCalls, "any": needCalls, "all": needCalls, "sum": needCalls,
	"min": needCalls, "max": needCalls, "sorted": needCalls,
}

// writtenTypes names the types of the generators that stand for builtins.
var writtenTypes = map[string]string{
	"_map": "map", "_map_many": "map", "_filter": "filter", "_enumerate": "enumerate", "_zip": "zip",
	"_iter_until":     "callable_iterator",
	"itertools.count": "itertools.count", "itertools.cycle": "itertools.cycle", "itertools.repeat": "itertools.repeat",
	"itertools.accumulate": "itertools.accumulate", "itertools.chain": "itertools.chain",
	"itertools.islice": "itertools.islice", "itertools.groupby": "itertools.groupby",
	"itertools.product": "itertools.product", "itertools.permutations": "itertools.permutations",
	"itertools.combinations": "itertools.combinations", "itertools.takewhile": "itertools.takewhile",
	"itertools.dropwhile": "itertools.dropwhile", "itertools.starmap": "itertools.starmap",
}

// preludeText has the text of each def of the prelude. Those of builtins.py go by
// their name, those of a module as module.name; preludeModules lists the latter.
var (
	preludeText    = map[string]string{}
	preludeModules = map[string][]string{}
)

func init() {
	files, err := preludeFiles.ReadDir("prelude")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		text, err := preludeFiles.ReadFile("prelude/" + file.Name())
		if err != nil {
			panic(err)
		}
		module := strings.TrimSuffix(file.Name(), ".py")
		for _, part := range strings.Split("\n"+string(text), "\ndef ")[1:] {
			name, _, _ := strings.Cut(part, "(")
			if module == "builtins" {
				preludeText[name] = "def " + part
				continue
			}
			preludeText[module+"."+name] = "def " + part
			if !strings.HasPrefix(name, "_") {
				preludeModules[module] = append(preludeModules[module], name)
			}
		}
	}
}

// preludeFunction gives a function of the prelude, compiled for this machine.
func (m *Machine) preludeFunction(name string) *Function {
	if f, ok := m.prelude[name]; ok {
		return f
	}
	text, ok := preludeText[name]
	if !ok {
		panic("the prelude has no " + name)
	}
	def, err := syntax.ParseMethod(text)
	var code *Code
	if err == nil {
		module, _, in := strings.Cut(name, ".")
		if !in {
			module = "builtins"
		}
		code, err = compilePrelude(def, text, module)
	}
	if err != nil {
		panic(fmt.Sprintf("prelude: %s: %v", name, err))
	}
	if t, ok := writtenTypes[name]; ok {
		code.typeName = t
	}
	f := &Function{Header: image.NewHeader(KindFunction), Code: code}
	m.prelude[name] = f
	return f
}

// preludeName is what a name means in a module of the prelude before the
// builtins: another function of the module, or an intrinsic of the prelude.
func preludeName(module, name string) (Value, bool) {
	if fn, ok := preludeIntrinsics[name]; ok {
		return fn.Value(), true
	}
	if module != "builtins" {
		if _, ok := preludeText[module+"."+name]; ok {
			return writtenFunction(module + "." + name).Value(), true
		}
	}
	if _, ok := preludeText[name]; ok && strings.HasPrefix(name, "_") {
		return writtenFunction(name).Value(), true
	}
	return Value{}, false
}

func writtenFunction(name string) *NativeFunction {
	short := name[strings.LastIndexByte(name, '.')+1:]
	return &NativeFunction{Header: image.NewHeader(KindNative), Name: short, written: name, need: needAlways}
}

// writtenAttributes are the functions that are attributes of functions.
var writtenAttributes = map[string]map[string]string{
	"itertools.chain": {"from_iterable": "itertools._chain_from_iterable"},
}

// needsWritten says whether this call must be done by the written form.
func (m *Machine) needsWritten(fn *NativeFunction, at, n int, names []string) bool {
	if fn.need == needAlways {
		return true
	}
	for i := 0; i < n; i++ {
		if m.walksByActivation(m.stack[at+i]) {
			return true
		}
	}
	for i, name := range names {
		v := m.stack[at+n+i]
		if name == "key" && !v.IsNone() || m.walksByActivation(v) {
			return true
		}
	}
	return false
}

// callWritten calls a function of the prelude on behalf of the instruction that
// waits. name is without its underscore.
func (m *Machine) callWritten(name string, args ...Value) error {
	f := &m.frames[m.depth]
	at := f.base + max(f.code.registers, 8) + 1
	if err := m.ensure(at + windowSize); err != nil {
		return err
	}
	copy(m.stack[at:], args)
	fn := m.preludeFunction("_" + name)
	return m.activate(fn.Code, at, len(args), nil, fn, nil)
}

// callCollected calls a native after the iterators among its arguments have
// been collected into lists.
func (m *Machine) callCollected(fn *NativeFunction, self Value, at, n int, names []string) error {
	if err := m.Charge(boundBytes + slotBytes*int64(2*n+4*len(names))); err != nil {
		return err
	}
	bound := *fn
	bound.Self = self
	marks := make([]Value, n)
	for i := range marks {
		marks[i] = image.Bool(i < 32 && fn.Collect&(1<<i) != 0 && m.walksByActivation(m.stack[at+i]))
	}
	kw := m.Heap.NewDict()
	for i, name := range names {
		if err := kw.Set(image.NewStr(name), m.stack[at+n+i]); err != nil {
			return err
		}
	}
	args := image.NewTuple(append([]Value(nil), m.stack[at:at+n]...))
	return m.callWritten("collected", bound.Value(), image.NewTuple(marks), args, kw.Value())
}

// preludeIntrinsics are what only the prelude can call.
var preludeIntrinsics = map[string]*NativeFunction{}

func init() {
	for name, fn := range map[string]Native{"_sort_by": sortBy, "_comparison": comparisonOf, "_comparison_key": comparisonKey} {
		preludeIntrinsics[name] = &NativeFunction{Header: image.NewHeader(KindNative), Name: name, Fn: fn}
	}
}

// linkBuiltins gives the builtins that need it their written forms, and adds
// those that work on activations. It runs when all tables are filled.
func linkBuiltins() {
	for name, need := range writtenBuiltins {
		switch v := builtins[name]; v.Kind() {
		case KindNative:
			nativeOf(v).written, nativeOf(v).need = name, need
		case KindType:
			t := typeValueOf(v)
			if t.New == nil {
				t.New = writtenFunction(name)
				t.New.need = needAlways
			} else {
				t.New.written, t.New.need = name, need
			}
		default:
			builtins[name] = writtenFunction(name).Value()
		}
	}
	builtins["iter"] = intrinsicFunction("iter", iterIntrinsic).Value()
	builtins["next"] = intrinsicFunction("next", nextIntrinsic).Value()
	for name, fn := range objectBuiltins {
		builtins[name] = (&NativeFunction{Header: image.NewHeader(KindNative), Name: name, Fn: fn}).Value()
	}
	if sort, ok := methodOf(image.NewHeap().NewList(nil).Value(), image.Intern("sort")); ok {
		sort.written, sort.need = "_list_sort", needCalls
	}
	for name, functions := range preludeModules {
		modules[name] = withWritten(name, modules[name], functions)
	}
}

// withWritten adds functions of the prelude to a module, which may have none but
// these.
func withWritten(name string, make func() *Module, functions []string) func() *Module {
	return func() *Module {
		mod := &Module{Header: image.NewHeader(KindModule), Name: name, Members: map[string]Value{}}
		if make != nil {
			mod = make()
		}
		for _, f := range functions {
			if _, ok := mod.Members[f]; !ok {
				mod.Members[f] = writtenFunction(name + "." + f).Value()
			}
		}
		return mod
	}
}
