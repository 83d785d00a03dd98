package lang

import (
	"fmt"
	"strings"

	"batos/image"
)

// A call's arguments lie on the stack from at on: the positional ones, then the
// values of the keyword ones. The register below them is free: a receiver goes
// there, so that it becomes the callee's first register.

// spread tells where the arguments of a site are; those of a spread call (a
// list and a dict) are laid out first.
func (m *Machine) spread(s *site, at int) (n int, names []string, err error) {
	if s.mode != argsSpread {
		return int(s.nargs), s.names, nil
	}
	items := m.stack[at].List().Items
	kw := m.stack[at+1]
	total := len(items)
	if !kw.IsNone() {
		total += kw.Dict().Len()
	}
	if err := m.Work(int64(total)); err != nil {
		return 0, nil, err
	}
	if err := m.ensure(at + total + windowSize); err != nil {
		return 0, nil, err
	}
	copy(m.stack[at:], items)
	if !kw.IsNone() {
		d := kw.Dict()
		names = make([]string, 0, d.Len())
		for k, v, pos, ok := d.Next(0); ok; k, v, pos, ok = d.Next(pos + 1) {
			m.stack[at+len(items)+len(names)] = v
			names = append(names, k.Str())
		}
	}
	return len(items), names, nil
}

// call calls any value; it delivers the result or pushes an activation.
func (m *Machine) call(fn Value, at, n int, names []string) error {
	switch fn.Kind() {
	case KindFunction:
		f := functionOf(fn)
		return m.activate(f.Code, at, n, names, f, f.holder)
	case KindBound:
		b := boundMethodOf(fn)
		code, err := m.codeOf(b.Method)
		if err != nil {
			return err
		}
		m.stack[at-1] = b.Self
		return m.activate(code, at-1, n+1, names, nil, b.Holder)
	case image.KindMethod:
		code, err := m.codeOf(fn.Method())
		if err != nil {
			return err
		}
		return m.activate(code, at, n, names, nil, nil)
	case KindNative:
		native := nativeOf(fn)
		return m.callNative(native, native.Self, at, n, names)
	case KindType:
		return m.callType(typeValueOf(fn), at, n, names)
	case KindExtra:
		if a := aliasOf(fn); a != nil {
			return m.callType(a.origin, at, n, names)
		}
	}
	return Raise(TypeError, "'%s' object is not callable", typeName(fn))
}

// callable says whether call can do something with v.
func (m *Machine) callable(v Value) bool {
	switch v.Kind() {
	case KindFunction, KindBound, image.KindMethod, KindNative, KindType:
		return true
	}
	return aliasOf(v) != nil
}

func (m *Machine) callType(t *Type, at, n int, names []string) error {
	if t.New != nil {
		return m.callNative(t.New, Value{}, at, n, names)
	}
	if !t.Exception {
		return Raise(TypeError, "cannot create '%s' instances", t.Name)
	}
	if len(names) > 0 {
		return Raise(TypeError, "%s() takes no keyword arguments", t.Name)
	}
	e, err := m.newException(t, append([]Value(nil), m.stack[at:at+n]...))
	if err != nil {
		return err
	}
	return m.deliver(e.Value())
}

func (m *Machine) newException(t *Type, args []Value) (*Exception, error) {
	if err := m.Charge(exceptionBytes + slotBytes*int64(len(args))); err != nil {
		return nil, err
	}
	e := NewException(t, args...)
	return e, e.construct()
}

// callNative calls a function of the runtime. What cannot be done without
// calling back goes to the prelude or waits for an iterator to be collected.
func (m *Machine) callNative(fn *NativeFunction, self Value, at, n int, names []string) error {
	if fn.intrinsic != nil {
		return fn.intrinsic(m, self, at, n, names)
	}
	if fn.need != needNever && m.needsWritten(fn, at, n, names) {
		written := m.preludeFunction(fn.written)
		if !self.Absent() {
			m.stack[at-1] = self
			return m.activate(written.Code, at-1, n+1, names, written, nil)
		}
		return m.activate(written.Code, at, n, names, written, nil)
	}
	if fn.Collect != 0 {
		for i := 0; i < n && i < 32; i++ {
			if v := m.stack[at+i]; fn.Collect&(1<<i) != 0 && m.walksByActivation(v) {
				return m.callCollected(fn, self, at, n, names)
			}
		}
	}
	if m.fuel < m.poll && !m.owed {
		if err := m.glance(); err != nil {
			return err
		}
	}
	a := &m.args
	*a = Args{Name: fn.Name, Self: self, Pos: m.stack[at : at+n : at+n], Names: names}
	if len(names) > 0 {
		a.Kw = m.stack[at+n : at+n+len(names) : at+n+len(names)]
	}
	v, err := fn.Fn(m, a)
	if err != nil {
		return err
	}
	return m.deliver(v)
}

// directly gives the function of the runtime that a callable stands for, when it
// needs nothing of the machine but its arguments.
func directly(fn Value) *NativeFunction {
	switch fn.Kind() {
	case KindNative:
		if n := nativeOf(fn); n.direct() {
			return n
		}
	case KindType:
		if n := typeValueOf(fn).New; n != nil && n.direct() {
			return n
		}
	}
	return nil
}

func (fn *NativeFunction) direct() bool {
	return fn.intrinsic == nil && fn.need == needNever && fn.Collect == 0
}

// callDirect calls such a function with n positional arguments.
func (m *Machine) callDirect(fn *NativeFunction, self Value, at, n int) (Value, error) {
	a := &m.args
	a.Name, a.Self, a.Pos, a.Names, a.Kw = fn.Name, self, m.stack[at:at+n:at+n], nil, nil
	return fn.Fn(m, a)
}

// activate binds arguments to parameters and pushes the activation; base is
// where the first argument lies, the receiver included.
func (m *Machine) activate(code *Code, base, given int, names []string, fn *Function, holder *image.Object) error {
	if !code.simple || given != code.pos || len(names) > 0 {
		if err := m.bind(code, base, given, names, fn); err != nil {
			return err
		}
		if code.generator {
			return m.makeGenerator(code, base, fn, holder)
		}
	}
	return m.enter(code, base, fn, holder)
}

// bind puts the arguments where the parameters of code are expected.
func (m *Machine) bind(code *Code, base, given int, names []string, fn *Function) error {
	if err := m.ensure(base + given + len(names) + windowSize); err != nil {
		return err
	}
	R := m.stack[base:]
	kw := append(m.spare[:0], R[given:given+len(names)]...)
	m.spare = kw
	defaults := code.defaults
	if fn != nil && fn.defaults != nil {
		defaults = fn.defaults
	}
	var extra []Value
	if given > code.pos && code.star {
		extra = append(extra, R[code.pos:given]...)
	}
	named := code.pos + code.kwOnly
	bound := min(given, code.pos)
	clear(R[bound : len(code.params)+1])
	var dict Value
	if code.kw {
		d, err := m.NewDict()
		if err != nil {
			return err
		}
		dict = d
	}
	for i, name := range names {
		at := -1
		for p := code.posOnly; p < named; p++ {
			if code.params[p] == name {
				at = p
				break
			}
		}
		switch {
		case at >= 0 && !R[at].Absent():
			return Raise(TypeError, "%s() got multiple values for argument '%s'", code.qualified, name)
		case at >= 0:
			R[at] = kw[i]
		case code.kw:
			if err := m.dictSet(dict.Dict(), image.NewStr(name), kw[i]); err != nil {
				return err
			}
		default:
			return m.unexpected(code, name)
		}
	}
	if given > code.pos && !code.star {
		return m.tooMany(code, given, names)
	}
	missing := false
	for p := bound; p < named; p++ {
		if !R[p].Absent() {
			continue
		}
		if !code.optional[p] {
			missing = true
			continue
		}
		R[p] = defaults[p]
	}
	if missing {
		if code.hidden {
			return builtinCount(code, given)
		}
		return m.missing(code, R)
	}
	next := named
	if code.star {
		v, err := m.NewTuple(extra)
		if err != nil {
			return err
		}
		R[next] = v
		next++
	}
	if code.kw {
		R[next] = dict
	}
	clear(kw)
	return nil
}

// The texts below are CPython's.

// builtinCount says that a builtin that is written in the language got the
// wrong number of arguments.
func builtinCount(code *Code, given int) error {
	least := 0
	for least < code.pos && !code.optional[least] {
		least++
	}
	switch {
	case code.star:
		return Raise(TypeError, "%s() must have at least two arguments.", code.name)
	case code.posOnly < code.pos && given < least:
		return Raise(TypeError, "%s() takes at least %d positional argument (%d given)", code.name, least, given)
	case code.posOnly < code.pos:
		return Raise(TypeError, "%s() takes at most %d arguments (%d given)", code.name, code.pos, given)
	case code.pos == 1 && code.kwOnly == 0:
		return Raise(TypeError, "%s() takes exactly one argument (%d given)", code.name, given)
	}
	s := "s"
	if code.pos == 1 {
		s = ""
	}
	return Raise(TypeError, "%s expected %d argument%s, got %d", code.name, code.pos, s, given)
}

func (m *Machine) unexpected(code *Code, name string) error {
	for p := 0; p < code.posOnly; p++ {
		if code.params[p] == name {
			return Raise(TypeError, "%s() got some positional-only arguments passed as keyword arguments: '%s'", code.qualified, name)
		}
	}
	return Raise(TypeError, "%s() got an unexpected keyword argument '%s'", code.qualified, name)
}

func (m *Machine) tooMany(code *Code, given int, names []string) error {
	if code.hidden {
		return builtinCount(code, given)
	}
	least := 0
	for i := 0; i < code.pos; i++ {
		if !code.optional[i] {
			least++
		}
	}
	takes, plural := fmt.Sprint(code.pos), code.pos != 1
	if least < code.pos {
		takes, plural = fmt.Sprintf("from %d to %d", least, code.pos), true
	}
	kwOnly := 0
	for _, name := range names {
		for p := code.pos; p < code.pos+code.kwOnly; p++ {
			if code.params[p] == name {
				kwOnly++
			}
		}
	}
	was := fmt.Sprintf("%d", given)
	verb := "were"
	if kwOnly > 0 {
		s := "s"
		if given == 1 {
			s = ""
		}
		k := "s"
		if kwOnly == 1 {
			k = ""
		}
		was = fmt.Sprintf("%d positional argument%s (and %d keyword-only argument%s)", given, s, kwOnly, k)
	} else if given == 1 {
		verb = "was"
	}
	s := ""
	if plural {
		s = "s"
	}
	return Raise(TypeError, "%s() takes %s positional argument%s but %s %s given", code.qualified, takes, s, was, verb)
}

func (m *Machine) missing(code *Code, R []Value) error {
	list := func(from, to int) []string {
		var names []string
		for p := from; p < to; p++ {
			if R[p].Absent() && !code.optional[p] {
				names = append(names, "'"+code.params[p]+"'")
			}
		}
		return names
	}
	kind, names := "positional", list(0, code.pos)
	if len(names) == 0 {
		kind, names = "keyword-only", list(code.pos, code.pos+code.kwOnly)
	}
	s := "s"
	if len(names) == 1 {
		s = ""
	}
	return Raise(TypeError, "%s() missing %d required %s argument%s: %s", code.qualified, len(names), kind, s, enumerated(names))
}

// enumerated joins names as English does: 'a', 'b', and 'c'.
func enumerated(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	default:
		return strings.Join(names[:n-1], ", ") + ", and " + names[n-1]
	}
}
