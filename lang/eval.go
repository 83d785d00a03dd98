package lang

import (
	"sort"
	"strings"

	"batos/lang/syntax"
)

// dynamicNames are looked up when the code runs, though they are builtins: the
// host may have its own.
var dynamicNames = map[string]bool{"method": true}

// builtin gives what a name means everywhere, so that the compiler can put it
// into the code.
func builtin(name string) (Value, bool) {
	if dynamicNames[name] {
		return Value{}, false
	}
	v, ok := builtins[name]
	return v, ok
}

// global does opGlobal: a name that is neither local nor an ordinary builtin.
func (m *Machine) global(f *activation, name string) (Value, error) {
	if name == "self" && f.fn != nil && !f.fn.receiver.Absent() {
		return f.fn.receiver, nil
	}
	if v, ok := m.natives[name]; ok {
		return v, nil
	}
	if v, ok := builtins[name]; ok {
		return v, nil
	}
	if m.Host.Global != nil {
		if v, ok := m.Host.Global(name); ok {
			return v, nil
		}
	}
	if instead := syntax.Refused[name]; instead != "" {
		return Value{}, Raise(NameError, "name '%s' is not defined here: %s", name, instead)
	}
	return Value{}, Raise(NameError, "name '%s' is not defined", name)
}

// importModule finds a module of the allow-list. Each machine sees the same
// module value again.
func (m *Machine) importModule(name string) (Value, error) {
	if v, ok := m.modules[name]; ok {
		return v, nil
	}
	make, ok := modules[name]
	if !ok {
		return Value{}, Raise(ModuleNotFoundError, "No module named '%s'; a method can import %s", name, strings.Join(moduleNames(), ", "))
	}
	mod := make()
	v := mod.Value()
	m.modules[name] = v
	return v, nil
}

func moduleNames() []string {
	names := []string{}
	for name := range modules {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (m *Machine) importName(mod Value, name string) (Value, error) {
	if v, ok := moduleOf(mod).Members[name]; ok {
		return v, nil
	}
	return Value{}, Raise(ImportError, "cannot import name '%s' from '%s' (unknown location)", name, moduleOf(mod).Name)
}

// checkContextManager does opWithCheck.
func (m *Machine) checkContextManager(v Value) error {
	if v.IsObject() {
		for _, name := range []struct {
			slot  string
			lacks string
		}{{"__enter__", ""}, {"__exit__", " (missed __exit__ method)"}} {
			hook := siteOf(name.slot)
			_, _, ok, err := m.lookup(&hook, v.Object())
			if err != nil {
				return err
			}
			if !ok {
				return Raise(TypeError, "'%s' object does not support the context manager protocol%s", typeName(v), name.lacks)
			}
		}
		return nil
	}
	if _, ok := m.method(v, symEnter); ok {
		return nil
	}
	return Raise(TypeError, "'%s' object does not support the context manager protocol", typeName(v))
}
