package lang

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"batos/image"
)

// printer writes str and repr of values. With a machine it charges what it
// writes; without one (m is nil) it stops at limit and looks into nothing that
// may have to be loaded.
type printer struct {
	m     *Machine
	b     []byte
	limit int
	open  []Value // the containers being shown, outermost first
	paid  int
}

// errCut ends a printer without a machine at its limit.
var errCut = raiseText(ValueError, "text cut")

func (p *printer) text(s string) { p.b = append(p.b, s...) }

// pay charges for what has been written since the last time.
func (p *printer) pay() error {
	n := len(p.b) - p.paid
	if n < 256 {
		return nil
	}
	p.paid = len(p.b)
	if p.m == nil {
		if len(p.b) > p.limit {
			return errCut
		}
		return nil
	}
	return p.m.room(int64(n))
}

// Str is str(v).
func (m *Machine) Str(v Value) (string, error) {
	switch v.Kind() {
	case image.KindStr:
		return v.Str(), nil
	case image.KindInt:
		return intText(v.AsInt()), nil
	}
	p := &printer{m: m}
	err := p.str(v)
	return string(p.b), err
}

// Repr is repr(v).
func (m *Machine) Repr(v Value) (string, error) {
	p := &printer{m: m}
	if v.Kind() == image.KindStr {
		if err := m.room(int64(len(v.Str()))); err != nil {
			return "", err
		}
		p.b = make([]byte, 0, len(v.Str())+2)
	}
	err := p.repr(v)
	return string(p.b), err
}

// strValue is Str as a value, which small integers and texts share.
func (m *Machine) strValue(v Value) (Value, error) {
	switch v.Kind() {
	case image.KindStr:
		return v, nil
	case image.KindInt:
		n := v.AsInt()
		if uint64(n) < uint64(len(intStrs)) {
			return intStrs[n], nil
		}
		return m.NewStr(strconv.FormatInt(n, 10))
	}
	s, err := m.Str(v)
	if err != nil {
		return Value{}, err
	}
	return m.NewStr(s)
}

func (p *printer) str(v Value) error {
	switch v.Kind() {
	case image.KindStr:
		p.text(v.Str())
		return p.pay()
	case KindException:
		return p.exceptionText(exceptionOf(v))
	case KindExtra:
		x := extraOf(v)
		if f := x.Type.Str; f != nil && p.m != nil {
			s, err := f(p.m, x)
			p.text(s)
			return err
		}
	}
	return p.repr(v)
}

func (p *printer) repr(v Value) error {
	if err := p.pay(); err != nil {
		return err
	}
	switch v.Kind() {
	case image.KindNone:
		p.text("None")
	case image.KindBool:
		if v.AsBool() {
			p.text("True")
		} else {
			p.text("False")
		}
	case image.KindInt:
		p.b = strconv.AppendInt(p.b, v.AsInt(), 10)
	case image.KindBig:
		s, err := p.m.bigText(v.Big())
		if err != nil {
			return err
		}
		p.text(s)
	case image.KindFloat:
		p.b = appendFloat(p.b, v.AsFloat())
	case image.KindStr:
		p.b = appendQuoted(p.b, v.Str())
	case image.KindBytes:
		p.b = appendQuotedBytes(p.b, v.Bytes())
	case image.KindTuple:
		items := v.Tuple()
		if len(items) == 1 {
			return p.items("(", items, ",)", v, "(...)")
		}
		return p.items("(", items, ")", v, "(...)")
	case image.KindList:
		l := v.List()
		if ok, err := p.read(&l.Entity, "[...]"); !ok {
			return err
		}
		return p.items("[", l.Items, "]", v, "[...]")
	case image.KindDict:
		return p.dict(v)
	case image.KindSet:
		s := v.Set()
		if ok, err := p.read(&s.Entity, "{...}"); !ok {
			return err
		}
		if s.Len() == 0 {
			p.text("set()")
			return nil
		}
		return p.items("{", setItems(s), "}", v, "set(...)")
	case image.KindFrozenSet:
		if v.Set().Len() == 0 {
			p.text("frozenset()")
			return nil
		}
		return p.items("frozenset({", setItems(v.Set()), "})", v, "frozenset(...)")
	case image.KindObject:
		return p.object(v.Object())
	default:
		return p.foreign(v)
	}
	return nil
}

// read makes a container's content readable; without a machine it is shown as
// cut instead.
func (p *printer) read(e *image.Entity, cut string) (bool, error) {
	if p.m == nil {
		if e.OID() != 0 {
			p.text(cut)
			return false, nil
		}
		return true, nil
	}
	return true, p.m.Heap.Read(e)
}

func setItems(s *image.Set) []Value {
	items := make([]Value, 0, s.Len())
	for k, at, ok := s.Next(0); ok; k, at, ok = s.Next(at + 1) {
		items = append(items, k)
	}
	return items
}

// enter notes that v is being shown; false when it is already, so that cut
// stands for it.
func (p *printer) enter(v Value, cut string) (bool, error) {
	for _, o := range p.open {
		if o.Same(v) {
			p.text(cut)
			return false, nil
		}
	}
	if len(p.open) >= maxDepth/4 {
		return false, raiseText(RecursionError, "maximum recursion depth exceeded while getting the repr of an object")
	}
	p.open = append(p.open, v)
	return true, nil
}

func (p *printer) leave() { p.open = p.open[:len(p.open)-1] }

func (p *printer) items(open string, items []Value, end string, v Value, cut string) error {
	if ok, err := p.enter(v, cut); !ok {
		return err
	}
	p.text(open)
	for i, x := range items {
		if i > 0 {
			p.text(", ")
		}
		if err := p.repr(x); err != nil {
			return err
		}
	}
	p.text(end)
	p.leave()
	if p.m != nil {
		return p.m.Work(int64(len(items)))
	}
	return nil
}

func (p *printer) dict(v Value) error {
	d := v.Dict()
	if ok, err := p.read(&d.Entity, "{...}"); !ok || err != nil {
		return err
	}
	if ok, err := p.enter(v, "{...}"); !ok {
		return err
	}
	p.text("{")
	first := true
	for k, x, at, ok := d.Next(0); ok; k, x, at, ok = d.Next(at + 1) {
		if !first {
			p.text(", ")
		}
		first = false
		if err := p.repr(k); err != nil {
			return err
		}
		p.text(": ")
		if err := p.repr(x); err != nil {
			return err
		}
	}
	p.text("}")
	p.leave()
	if p.m != nil {
		return p.m.Work(int64(2 * d.Len()))
	}
	return nil
}

// object shows an image object: <UvmObject @42 name slots=['a', 'b']>.
func (p *printer) object(o *image.Object) error {
	p.text("<UvmObject ")
	if o.OID() == 0 {
		p.text("new")
	} else {
		p.text(o.OID().String())
	}
	if p.m == nil {
		p.text(">")
		return nil
	}
	if f := p.m.Host.NameOf; f != nil {
		if name := f(o); name != "" {
			p.text(" ")
			p.text(name)
		}
	}
	if err := p.m.Heap.Read(&o.Entity); err != nil {
		return err
	}
	p.text(" slots=[")
	for i, name := range o.Shape.Names() {
		if i > 0 {
			p.text(", ")
		}
		p.b = appendQuoted(p.b, name.String())
	}
	p.text("]>")
	return nil
}

func (p *printer) foreign(v Value) error {
	switch v.Kind() {
	case KindType:
		p.text("<class '" + qualifiedName(typeValueOf(v)) + "'>")
	case KindUnion:
		for i, t := range unionOf(v).Types {
			if i > 0 {
				p.text(" | ")
			}
			if t == NoneTypeType {
				p.text("None")
			} else {
				p.text(t.Name)
			}
		}
	case KindException:
		e := exceptionOf(v)
		p.text(e.Class.Name)
		return p.items("(", e.Args, ")", v, e.Class.Name+"(...)")
	case KindRange:
		r := rangeOf(v)
		p.text("range(" + intText(r.Start) + ", " + intText(r.Stop))
		if r.Step != 1 {
			p.text(", " + intText(r.Step))
		}
		p.text(")")
	case KindSlice:
		s := sliceOf(v)
		return p.items("slice(", []Value{s.Start, s.Stop, s.Step}, ")", v, "slice(...)")
	case KindEllipsis:
		if v.Same(notImplemented) {
			p.text("NotImplemented")
		} else {
			p.text("Ellipsis")
		}
	case KindView:
		return p.view(v)
	case KindNative:
		nf := nativeOf(v)
		if nf.Self.Absent() {
			p.text("<built-in function " + nf.Name + ">")
		} else {
			p.text("<built-in method " + nf.Name + " of " + typeName(nf.Self) + " object>")
		}
	case KindModule:
		p.text("<module '" + moduleOf(v).Name + "'>")
	case KindExtra:
		x := extraOf(v)
		if f := x.Type.Repr; f != nil {
			return f(p, x)
		}
		p.text("<" + qualifiedName(x.Type.Type) + " object>")
	case image.KindMethod:
		p.text("<method " + methodSelector(v.Method().Source) + ">")
	case image.KindBlob:
		p.text("<blob ")
		const hex = "0123456789abcdef"
		hash := v.Blob().Hash
		for _, c := range hash[:8] {
			p.b = append(p.b, hex[c>>4], hex[c&15])
		}
		p.text(" of " + intText(v.Blob().Size) + " bytes>")
	case image.KindAbsent:
		p.text("<absent>")
	default:
		return p.code(v)
	}
	return nil
}

func (p *printer) view(v Value) error {
	w := viewOf(v)
	if ok, err := p.read(&w.Dict.Entity, "dict_view([...])"); !ok || err != nil {
		return err
	}
	var items []Value
	if p.m != nil {
		if err := p.m.Charge(int64(w.Dict.Len()) * 3 * valueSize); err != nil {
			return err
		}
	}
	for k, x, at, ok := w.Dict.Next(0); ok; k, x, at, ok = w.Dict.Next(at + 1) {
		switch w.What {
		case 'k':
			items = append(items, k)
		case 'v':
			items = append(items, x)
		default:
			items = append(items, image.NewPair(k, x))
		}
	}
	return p.items(typeName(v)+"([", items, "])", v, "...")
}

// code shows what the machine runs: functions, bound methods, generators.
func (p *printer) code(v Value) error {
	switch v.Kind() {
	case KindFunction:
		p.text("<function " + functionOf(v).Code.Name() + ">")
	case KindGenerator:
		p.text("<" + typeName(v) + " object " + generatorOf(v).code.Name() + ">")
	case KindBound:
		b := boundMethodOf(v)
		p.text("<bound method " + b.Name.String() + " of ")
		if err := p.repr(b.Self); err != nil {
			return err
		}
		p.text(">")
	default:
		p.text("<" + typeName(v) + " object>")
	}
	return nil
}

// typeModules names the module of types that are not builtin.
var typeModules = map[*Type]string{}

func qualifiedName(t *Type) string {
	if mod := typeModules[t]; mod != "" {
		return mod + "." + t.Name
	}
	return t.Name
}

// methodSelector finds the name in "def name(".
func methodSelector(source string) string {
	for i := 0; i+4 < len(source); i++ {
		if source[i:i+4] == "def " {
			j := i + 4
			for j < len(source) && source[j] != '(' && source[j] != ' ' {
				j++
			}
			return source[i+4 : j]
		}
	}
	return "?"
}

// appendQuoted writes repr(s).
func appendQuoted(b []byte, s string) []byte {
	quote := byte('\'')
	double := false
	for i := 0; i < len(s); i++ {
		if s[i] == '\'' {
			quote = '"'
		} else if s[i] == '"' {
			double = true
		}
	}
	if double && quote == '"' {
		quote = '\''
	}
	b = append(b, quote)
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != quote && c != '\\' && c != 0x7f {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			b = appendEscape(b, c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if printable(r) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = appendRuneEscape(b, r)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, quote)
}

func appendEscape(b []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	case '\\', '\'', '"':
		return append(b, '\\', c)
	}
	return append(b, '\\', 'x', hex[c>>4], hex[c&15])
}

func appendRuneEscape(b []byte, r rune) []byte {
	digits, mark := 8, byte('U')
	switch {
	case r < 0x100:
		digits, mark = 2, 'x'
	case r < 0x10000:
		digits, mark = 4, 'u'
	}
	b = append(b, '\\', mark)
	for i := digits - 1; i >= 0; i-- {
		b = append(b, "0123456789abcdef"[r>>(4*i)&15])
	}
	return b
}

// printable is str.isprintable for one code point outside ASCII.
func printable(r rune) bool {
	return unicode.IsPrint(r)
}

// appendASCII writes what ascii() makes of a repr: everything outside ASCII
// escaped.
func appendASCII(b []byte, s string) []byte {
	for _, r := range s {
		if r < utf8.RuneSelf {
			b = append(b, byte(r))
		} else {
			b = appendRuneEscape(b, r)
		}
	}
	return b
}

func appendQuotedBytes(b []byte, s string) []byte {
	quote := byte('\'')
	double := false
	for i := 0; i < len(s); i++ {
		if s[i] == '\'' {
			quote = '"'
		} else if s[i] == '"' {
			double = true
		}
	}
	if double && quote == '"' {
		quote = '\''
	}
	b = append(b, 'b', quote)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != quote && c != '\\' {
			b = append(b, c)
		} else {
			b = appendEscape(b, c)
		}
	}
	return append(b, quote)
}
