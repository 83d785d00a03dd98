package lang

import (
	"strings"
	"unicode/utf8"

	"batos/image"
)

var (
	patternType = &ExtraType{Type: &Type{Header: image.NewHeader(KindType), Name: "Pattern"}, dotted: true, Methods: map[image.Symbol]*NativeFunction{}}
	matchType   = &ExtraType{Type: &Type{Header: image.NewHeader(KindType), Name: "Match"}, dotted: true, Methods: map[image.Symbol]*NativeFunction{}}
)

// match is the content of a Match: where groups stand, in bytes of the text.
type match struct {
	p   *pattern
	s   *image.Str
	loc []int
}

func matchOf(v Value) *match     { return extraOf(v).Data.(*match) }
func patternOf(v Value) *pattern { return extraOf(v).Data.(*pattern) }

// position counts the code points before a byte.
func (x *match) position(at int) int64 {
	if at < 0 {
		return -1
	}
	if x.s.ASCII() {
		return int64(at)
	}
	return int64(utf8.RuneCountInString(x.s.S[:at]))
}

// group gives the text of a group, or otherwise when it took no part.
func (x *match) group(m *Machine, i int, otherwise Value) (Value, error) {
	if x.loc[2*i] < 0 {
		return otherwise, nil
	}
	return m.NewStr(x.s.S[x.loc[2*i]:x.loc[2*i+1]])
}

// index finds a group by number or name.
func (x *match) index(v Value) (int, error) {
	switch {
	case v.Kind() == image.KindStr:
		if i, ok := x.p.names[v.Str()]; ok {
			return i, nil
		}
	case v.IsInt() || v.IsBool():
		if n := v.AsInt(); n >= 0 && n <= int64(x.p.groups()) {
			return int(n), nil
		}
	}
	return 0, raiseText(IndexError, "no such group")
}

func (m *Machine) newMatch(p *pattern, s *image.Str, loc []int) (Value, error) {
	if err := m.Charge(iteratorSize + 8*int64(len(loc))); err != nil {
		return Value{}, err
	}
	return newExtra(matchType, &match{p, s, loc}).Value(), nil
}

// patternArg takes a pattern or its text.
func (m *Machine) patternArg(v, flags Value) (*pattern, error) {
	f := int64(0)
	if !flags.Absent() {
		var err error
		if f, err = indexOf(flags); err != nil {
			return nil, err
		}
	}
	switch {
	case v.Kind() == image.KindStr:
		return m.compilePattern(v.Str(), f)
	case v.Kind() == KindExtra && extraOf(v).Type == patternType:
		if f != 0 {
			return nil, raiseText(ValueError, "cannot process flags argument with a compiled pattern")
		}
		return patternOf(v), nil
	case v.Kind() == image.KindBytes:
		return nil, raiseText(TypeError, "patterns match texts only here; decode the bytes first")
	}
	return nil, raiseText(TypeError, "first argument must be string or compiled pattern")
}

func subject(v Value) (*image.Str, error) {
	if v.Kind() != image.KindStr {
		return nil, raise(TypeError, "expected string or bytes-like object, got '%s'", typeName(v))
	}
	return v.StrValue(), nil
}

// how a text is looked at.
const (
	reSearch = iota
	reMatch
	reFull
)

func (m *Machine) lookFor(p *pattern, how int, s *image.Str, pos int) (Value, error) {
	var loc []int
	var err error
	if how == reSearch {
		loc, err = p.find(m, s.S, pos)
	} else {
		re := p.match
		if how == reFull {
			re = p.full
		}
		if loc = re.FindStringSubmatchIndex(s.S[pos:]); loc != nil {
			for i := range loc {
				if loc[i] >= 0 {
					loc[i] += pos
				}
			}
		}
		err = m.Work(int64(len(s.S)-pos)*p.cost/8 + 8)
	}
	if err != nil || loc == nil {
		return image.None(), err
	}
	return m.newMatch(p, s, loc)
}

// onText makes re.search(pattern, string, flags) and its kin.
func onText(f func(m *Machine, p *pattern, s *image.Str, rest []Value) (Value, error), params string) spec {
	return keywords("pattern string "+params+"flags", 2, func(m *Machine, a *Args) (Value, error) {
		p, err := m.patternArg(a.Pos[0], a.Pos[len(a.Pos)-1])
		if err != nil {
			return Value{}, err
		}
		s, err := subject(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		return f(m, p, s, a.Pos[2:len(a.Pos)-1])
	})
}

// onPattern makes the method of a compiled pattern.
func onPattern(f func(m *Machine, p *pattern, s *image.Str, rest []Value) (Value, error), params string) spec {
	return keywords("string "+params, 1, func(m *Machine, a *Args) (Value, error) {
		s, err := subject(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		return f(m, patternOf(a.Self), s, a.Pos[1:])
	})
}

func looking(how int) func(m *Machine, p *pattern, s *image.Str, rest []Value) (Value, error) {
	return func(m *Machine, p *pattern, s *image.Str, rest []Value) (Value, error) {
		pos := 0
		if len(rest) > 0 && !rest[0].Absent() {
			n, err := indexOf(rest[0])
			if err != nil {
				return Value{}, err
			}
			pos = clip(max(n, 0), s.Len())
			if !s.ASCII() {
				pos = runeOffset(s.S, pos)
			}
		}
		if len(rest) > 1 && !rest[1].Absent() {
			n, err := indexOf(rest[1])
			if err != nil {
				return Value{}, err
			}
			cut, err := m.NewStr(runeSlice(s, 0, clip(max(n, 0), s.Len())))
			if err != nil {
				return Value{}, err
			}
			s = cut.StrValue()
			pos = min(pos, len(s.S))
		}
		return m.lookFor(p, how, s, pos)
	}
}

func (m *Machine) reFindAll(p *pattern, s *image.Str, _ []Value) (Value, error) {
	out := parts{m: m}
	err := p.all(m, s.S, 0, func(loc []int) error {
		switch n := p.groups(); n {
		case 0:
			return out.add(s.S[loc[0]:loc[1]])
		case 1:
			return out.add(span(s.S, loc, 1))
		default:
			items, err := m.newItems(int64(n))
			if err != nil {
				return err
			}
			for i := range items {
				if items[i], err = m.NewStr(span(s.S, loc, i+1)); err != nil {
					return err
				}
			}
			out.items = append(out.items, image.NewTuple(items))
			return m.Charge(valueSize + strSize)
		}
	})
	if err != nil {
		return Value{}, err
	}
	return out.list()
}

func span(s string, loc []int, group int) string {
	if loc[2*group] < 0 {
		return ""
	}
	return s[loc[2*group]:loc[2*group+1]]
}

func (m *Machine) reMatches(p *pattern, s *image.Str, limit int64) ([]Value, error) {
	var items []Value
	err := p.all(m, s.S, limit, func(loc []int) error {
		v, err := m.newMatch(p, s, loc)
		items = append(items, v)
		return err
	})
	return items, err
}

func (m *Machine) reFindIter(p *pattern, s *image.Str, _ []Value) (Value, error) {
	items, err := m.reMatches(p, s, 0)
	if err != nil {
		return Value{}, err
	}
	return m.named("callable_iterator", &itemsIter{items: items})
}

func optionalCount(rest []Value) (int64, error) {
	if len(rest) == 0 || rest[0].Absent() {
		return 0, nil
	}
	return indexOf(rest[0])
}

func (m *Machine) reSplit(p *pattern, s *image.Str, rest []Value) (Value, error) {
	limit, err := optionalCount(rest)
	if err != nil {
		return Value{}, err
	}
	out := parts{m: m}
	at := 0
	if limit >= 0 {
		err = p.all(m, s.S, limit, func(loc []int) error {
			if err := out.add(s.S[at:loc[0]]); err != nil {
				return err
			}
			at = loc[1]
			for i := 1; i <= p.groups(); i++ {
				if loc[2*i] < 0 {
					out.items = append(out.items, image.None())
				} else if err := out.add(s.S[loc[2*i]:loc[2*i+1]]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return Value{}, err
	}
	if err := out.add(s.S[at:]); err != nil {
		return Value{}, err
	}
	return out.list()
}

// piece is a part of a replacement: a literal, or a group.
type piece struct {
	text  string
	group int // -1 for a literal
}

// template reads a replacement such as r'\1-\g<name>'.
func (p *pattern) template(repl string) ([]piece, error) {
	var pieces []piece
	var lit strings.Builder
	group := func(n, at int) error {
		if n > p.groups() {
			return raise(reError, "invalid group reference %d at position %d", n, at)
		}
		pieces = append(pieces, piece{lit.String(), -1}, piece{"", n})
		lit.Reset()
		return nil
	}
	for i := 0; i < len(repl); i++ {
		c := repl[i]
		if c != '\\' {
			lit.WriteByte(c)
			continue
		}
		i++
		if i >= len(repl) {
			return nil, raise(reError, "bad escape (end of pattern) at position %d", i-1)
		}
		switch c = repl[i]; {
		case c == 'g':
			end := strings.IndexByte(repl[i:], '>')
			if i+1 >= len(repl) || repl[i+1] != '<' {
				return nil, raise(reError, "missing < at position %d", i+1)
			}
			if end < 0 {
				return nil, raise(reError, "missing >, unterminated name at position %d", i+2)
			}
			name := repl[i+2 : i+end]
			n, ok := p.names[name]
			if !ok {
				if strings.Trim(name, "0123456789") != "" || name == "" || len(name) > 4 {
					if isIdentifier(name) {
						return nil, &Raised{NewException(IndexError, image.NewStr("unknown group name '"+name+"'"))}
					}
					return nil, raise(reError, "bad character in group name '%s' at position %d", name, i+2)
				}
				for _, d := range name {
					n = n*10 + int(d-'0')
				}
			}
			if err := group(n, i+2); err != nil {
				return nil, err
			}
			i += end
		case c >= '1' && c <= '9':
			n, at := int(c-'0'), i
			if i+1 < len(repl) && isDigit(repl[i+1]) {
				i++
				n = n*10 + int(repl[i]-'0')
			}
			if err := group(n, at); err != nil {
				return nil, err
			}
		case c == '0':
			lit.WriteByte(0)
		case strings.IndexByte("abfnrtv", c) >= 0:
			lit.WriteByte("\a\b\f\n\r\t\v"[strings.IndexByte("abfnrtv", c)])
		case c == '\\':
			lit.WriteByte('\\')
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			return nil, raise(reError, "bad escape \\%c at position %d", c, i-1)
		default:
			lit.WriteByte('\\')
			lit.WriteByte(c)
		}
	}
	return append(pieces, piece{lit.String(), -1}), nil
}

func (m *Machine) expand(b []byte, pieces []piece, s string, loc []int) ([]byte, error) {
	before := len(b)
	for _, p := range pieces {
		if p.group < 0 {
			b = append(b, p.text...)
		} else {
			b = append(b, span(s, loc, p.group)...)
		}
	}
	return b, m.room(int64(len(b) - before))
}

// reReplace is _re_replace(pattern, repl, string, count): the new text and how
// often.
func reReplace(m *Machine, a *Args) (Value, error) {
	p := patternOf(a.Pos[0])
	if a.Pos[1].Kind() != image.KindStr {
		return Value{}, raise(TypeError, "decoding to str: need a bytes-like object, %s found", typeName(a.Pos[1]))
	}
	s, err := subject(a.Pos[2])
	if err != nil {
		return Value{}, err
	}
	limit, err := indexOf(a.Pos[3])
	if err != nil {
		return Value{}, err
	}
	pieces, err := p.template(a.Pos[1].Str())
	if err != nil {
		return Value{}, err
	}
	var b []byte
	at, n := 0, int64(0)
	if limit >= 0 {
		err = p.all(m, s.S, limit, func(loc []int) error {
			n++
			if err := m.room(int64(loc[0] - at)); err != nil {
				return err
			}
			b = append(b, s.S[at:loc[0]]...)
			at = loc[1]
			var err error
			b, err = m.expand(b, pieces, s.S, loc)
			return err
		})
	}
	if err != nil {
		return Value{}, err
	}
	text := a.Pos[2]
	if n > 0 {
		if text, err = m.NewStr(string(b) + s.S[at:]); err != nil {
			return Value{}, err
		}
	}
	return m.NewTuple([]Value{text, image.Int(n)})
}

func init() {
	typeModules[patternType.Type], typeModules[matchType.Type], typeModules[reError] = "re", "re", "re"
	preludeIntrinsics["_re_replace"] = positional(4, 4, reReplace).native("", "_re_replace")
	preludeIntrinsics["_re_matches"] = positional(3, 3, func(m *Machine, a *Args) (Value, error) {
		s, err := subject(a.Pos[1])
		if err != nil {
			return Value{}, err
		}
		limit, err := indexOf(a.Pos[2])
		if err != nil {
			return Value{}, err
		}
		var items []Value
		if limit >= 0 {
			if items, err = m.reMatches(patternOf(a.Pos[0]), s, limit); err != nil {
				return Value{}, err
			}
		}
		return m.NewList(items)
	}).native("", "_re_matches")
	constants := map[string]Value{"error": reError.Value(), "Pattern": patternType.Type.Value(), "Match": matchType.Type.Value()}
	for name, f := range map[string]int64{"I": reIgnoreCase, "IGNORECASE": reIgnoreCase, "M": reMultiline, "MULTILINE": reMultiline,
		"S": reDotAll, "DOTALL": reDotAll, "X": reVerbose, "VERBOSE": reVerbose, "A": reASCII, "ASCII": reASCII, "U": reUnicode, "UNICODE": reUnicode} {
		constants[name] = image.Int(f)
	}
	functions := methodTable{
		"compile": keywords("pattern flags", 1, func(m *Machine, a *Args) (Value, error) {
			p, err := m.patternArg(a.Pos[0], a.Pos[1])
			if err != nil {
				return Value{}, err
			}
			return newExtra(patternType, p).Value(), m.Charge(iteratorSize)
		}),
		"escape": one(reEscape),
		"purge":  none(func(m *Machine, a *Args) (Value, error) { return image.None(), nil }),
	}
	preludeIntrinsics["_re_compile"] = functions["compile"].native("", "compile")
	methods := methodTable{}
	for name, how := range map[string]int{"search": reSearch, "match": reMatch, "fullmatch": reFull} {
		functions[name] = onText(looking(how), "")
		methods[name] = onPattern(looking(how), "pos endpos")
	}
	functions["findall"], methods["findall"] = onText((*Machine).reFindAll, ""), onPattern((*Machine).reFindAll, "")
	functions["finditer"], methods["finditer"] = onText((*Machine).reFindIter, ""), onPattern((*Machine).reFindIter, "")
	functions["split"], methods["split"] = onText((*Machine).reSplit, "maxsplit "), onPattern((*Machine).reSplit, "maxsplit")
	modules["re"] = module("re", constants, functions)
	addMethods(patternType.Methods, "re.Pattern", methods)
	for _, name := range []string{"sub", "subn"} {
		patternType.Methods[image.Intern(name)] = &NativeFunction{Header: image.NewHeader(KindNative), Name: name, written: "re._pattern_" + name, need: needAlways}
	}
	patternType.Repr = func(p *printer, x *Extra) error {
		p.text("re.compile(")
		p.b = appendQuoted(p.b, x.Data.(*pattern).source)
		flags := ""
		for _, f := range []struct {
			flag int64
			name string
		}{{reIgnoreCase, "re.IGNORECASE"}, {reMultiline, "re.MULTILINE"}, {reDotAll, "re.DOTALL"}, {reVerbose, "re.VERBOSE"}, {reASCII, "re.ASCII"}} {
			if x.Data.(*pattern).flags&f.flag != 0 {
				flags += "|" + f.name
			}
		}
		if flags != "" {
			p.text(", " + flags[1:])
		}
		p.text(")")
		return nil
	}
	patternType.Attribute = func(_ *Machine, x *Extra, name string) (Value, bool, error) {
		p := x.Data.(*pattern)
		switch name {
		case "pattern":
			return image.NewStr(p.source), true, nil
		case "flags":
			return image.Int(p.flags), true, nil
		case "groups":
			return image.Int(int64(p.groups())), true, nil
		}
		return Value{}, false, nil
	}
	patternType.Equal = func(_ *Machine, a, b *Extra) (bool, error) {
		return a.Data.(*pattern).source == b.Data.(*pattern).source && a.Data.(*pattern).flags == b.Data.(*pattern).flags, nil
	}
	patternType.Hash = func(x *Extra) (uint64, error) { return image.Hash(image.NewStr(x.Data.(*pattern).source)) }
	initMatch()
}

func initMatch() {
	position := func(end int) spec {
		return positional(0, 1, func(m *Machine, a *Args) (Value, error) {
			x, i := matchOf(a.Self), 0
			if len(a.Pos) > 0 {
				var err error
				if i, err = x.index(a.Pos[0]); err != nil {
					return Value{}, err
				}
			}
			if end < 2 {
				return image.Int(x.position(x.loc[2*i+end])), nil
			}
			return m.NewTuple([]Value{image.Int(x.position(x.loc[2*i])), image.Int(x.position(x.loc[2*i+1]))})
		})
	}
	addMethods(matchType.Methods, "re.Match", methodTable{
		"start": position(0), "end": position(1), "span": position(2),
		"group": positional(0, -1, func(m *Machine, a *Args) (Value, error) {
			x := matchOf(a.Self)
			if len(a.Pos) == 0 {
				return x.group(m, 0, image.None())
			}
			items := make([]Value, len(a.Pos))
			for i, v := range a.Pos {
				n, err := x.index(v)
				if err != nil {
					return Value{}, err
				}
				if items[i], err = x.group(m, n, image.None()); err != nil {
					return Value{}, err
				}
			}
			if len(items) == 1 {
				return items[0], nil
			}
			return m.NewTuple(items)
		}),
		"groups": keywords("default", 0, func(m *Machine, a *Args) (Value, error) {
			x := matchOf(a.Self)
			items, err := m.newItems(int64(x.p.groups()))
			if err != nil {
				return Value{}, err
			}
			for i := range items {
				if items[i], err = x.group(m, i+1, a.otherwise(0)); err != nil {
					return Value{}, err
				}
			}
			return image.NewTuple(items), nil
		}),
		"groupdict": keywords("default", 0, func(m *Machine, a *Args) (Value, error) {
			x := matchOf(a.Self)
			d, err := m.NewDict()
			if err != nil {
				return Value{}, err
			}
			for _, name := range x.p.order {
				v, err := x.group(m, x.p.names[name], a.otherwise(0))
				if err != nil {
					return Value{}, err
				}
				if err := m.dictSet(d.Dict(), image.NewStr(name), v); err != nil {
					return Value{}, err
				}
			}
			return d, nil
		}),
		"expand": one(func(m *Machine, a *Args) (Value, error) {
			x := matchOf(a.Self)
			s, err := subject(a.Pos[0])
			if err != nil {
				return Value{}, err
			}
			pieces, err := x.p.template(s.S)
			if err != nil {
				return Value{}, err
			}
			b, err := m.expand(nil, pieces, x.s.S, x.loc)
			if err != nil {
				return Value{}, err
			}
			return m.NewStr(string(b))
		}),
	})
	matchType.GetItem = func(m *Machine, x *Extra, k Value) (Value, error) {
		i, err := x.Data.(*match).index(k)
		if err != nil {
			return Value{}, err
		}
		return x.Data.(*match).group(m, i, image.None())
	}
	matchType.Repr = func(p *printer, x *Extra) error {
		r := x.Data.(*match)
		p.text("<re.Match object; span=(" + intText(r.position(r.loc[0])) + ", " + intText(r.position(r.loc[1])) + "), match=")
		p.b = appendQuoted(p.b, r.s.S[r.loc[0]:r.loc[1]])
		p.text(">")
		return nil
	}
	matchType.Attribute = func(_ *Machine, x *Extra, name string) (Value, bool, error) {
		r := x.Data.(*match)
		// The last group to close: of two that end together, the outer one.
		last := 0
		for i := 1; i <= r.p.groups(); i++ {
			if r.loc[2*i] >= 0 && (last == 0 || r.loc[2*i+1] > r.loc[2*last+1] || r.loc[2*i] >= r.loc[2*last+1]) {
				last = i
			}
		}
		switch name {
		case "string":
			return image.FromHeader(&r.s.Header), true, nil
		case "re":
			return newExtra(patternType, r.p).Value(), true, nil
		case "pos":
			return image.Int(0), true, nil
		case "endpos":
			return image.Int(int64(r.s.Len())), true, nil
		case "lastindex":
			if last == 0 {
				return image.None(), true, nil
			}
			return image.Int(int64(last)), true, nil
		case "lastgroup":
			if last == 0 || r.p.search.SubexpNames()[last] == "" {
				return image.None(), true, nil
			}
			return image.NewStr(r.p.search.SubexpNames()[last]), true, nil
		}
		return Value{}, false, nil
	}
}

// reEscape puts a backslash before what a pattern would not take as itself.
func reEscape(m *Machine, a *Args) (Value, error) {
	s, err := subject(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if err := m.room(int64(2 * len(s.S))); err != nil {
		return Value{}, err
	}
	var b []byte
	for i := 0; i < len(s.S); i++ {
		if strings.IndexByte("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", s.S[i]) >= 0 {
			b = append(b, '\\')
		}
		b = append(b, s.S[i])
	}
	return m.freeStr(string(b))
}
