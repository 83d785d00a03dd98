package lang

import (
	"strings"
	"unicode/utf8"

	"batos/image"
)

// splitArgs reads sep and maxsplit; ok is false for splitting at white space.
func (a *Args) splitArgs() (sep string, limit int64, ok bool, err error) {
	if limit, err = a.indexAt(1, -1); err != nil {
		return
	}
	if limit < 0 {
		limit = 1 << 62
	}
	switch v := a.at(0); v.Kind() {
	case image.KindAbsent, image.KindNone:
		return "", limit, false, nil
	case image.KindStr:
		if sep = v.Str(); sep == "" {
			err = raiseText(ValueError, "empty separator")
		}
		return sep, limit, true, err
	default:
		return "", 0, false, raise(TypeError, "must be str or None, not %s", typeName(v))
	}
}

// parts collects pieces of a text as a list.
type parts struct {
	m     *Machine
	items []Value
}

func (p *parts) add(s string) error {
	v, err := p.m.NewStr(s)
	if err != nil {
		return err
	}
	p.items = append(p.items, v)
	return p.m.Charge(valueSize)
}

func (p *parts) list() (Value, error) { return p.m.listOf(p.items) }

func strSplit(m *Machine, a *Args) (Value, error) {
	sep, limit, by, err := a.splitArgs()
	if err != nil {
		return Value{}, err
	}
	s := a.Self.Str()
	if err := m.Work(int64(len(s)>>3) + 1); err != nil {
		return Value{}, err
	}
	p := parts{m: m}
	if by {
		p.items = make([]Value, 0, min(max(len(s)/8, 4), 1024))
		for ; limit > 0; limit-- {
			at := strings.Index(s, sep)
			if at < 0 {
				break
			}
			if err := p.add(s[:at]); err != nil {
				return Value{}, err
			}
			s = s[at+len(sep):]
		}
		if err := p.add(s); err != nil {
			return Value{}, err
		}
		return p.list()
	}
	for s = trimLeftSpace(s); s != ""; s = trimLeftSpace(s) {
		if limit == 0 {
			if err := p.add(s); err != nil {
				return Value{}, err
			}
			break
		}
		limit--
		end := indexSpace(s)
		if err := p.add(s[:end]); err != nil {
			return Value{}, err
		}
		s = s[end:]
	}
	return p.list()
}

func trimLeftSpace(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return strings.TrimLeftFunc(s[i:], isSpace)
		}
		if !isSpace(rune(s[i])) {
			return s[i:]
		}
	}
	return ""
}

func indexSpace(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			if j := strings.IndexFunc(s[i:], isSpace); j >= 0 {
				return i + j
			}
			return len(s)
		}
		if isSpace(rune(s[i])) {
			return i
		}
	}
	return len(s)
}

func strRSplit(m *Machine, a *Args) (Value, error) {
	sep, limit, by, err := a.splitArgs()
	if err != nil {
		return Value{}, err
	}
	s := a.Self.Str()
	if err := m.Work(int64(len(s)>>3) + 1); err != nil {
		return Value{}, err
	}
	p := parts{m: m}
	if by {
		for ; limit > 0; limit-- {
			at := strings.LastIndex(s, sep)
			if at < 0 {
				break
			}
			if err := p.add(s[at+len(sep):]); err != nil {
				return Value{}, err
			}
			s = s[:at]
		}
		if err := p.add(s); err != nil {
			return Value{}, err
		}
	} else {
		for s = strings.TrimRightFunc(s, isSpace); s != ""; s = strings.TrimRightFunc(s, isSpace) {
			if limit == 0 {
				if err := p.add(s); err != nil {
					return Value{}, err
				}
				break
			}
			limit--
			start := strings.LastIndexFunc(s, isSpace)
			if start >= 0 {
				_, size := utf8.DecodeRuneInString(s[start:])
				start += size
			} else {
				start = 0
			}
			if err := p.add(s[start:]); err != nil {
				return Value{}, err
			}
			s = s[:start]
		}
	}
	for i, j := 0, len(p.items)-1; i < j; i, j = i+1, j-1 {
		p.items[i], p.items[j] = p.items[j], p.items[i]
	}
	return p.list()
}

// lineBreak gives the size of the line break at the start of s, or 0.
func lineBreak(s string) int {
	switch s[0] {
	case '\r':
		if len(s) > 1 && s[1] == '\n' {
			return 2
		}
		return 1
	case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e:
		return 1
	}
	if s[0] >= utf8.RuneSelf {
		switch r, size := utf8.DecodeRuneInString(s); r {
		case 0x85, 0x2028, 0x2029:
			return size
		}
	}
	return 0
}

func strSplitLines(m *Machine, a *Args) (Value, error) {
	keepEnds, err := a.indexAt(0, 0)
	if err != nil {
		return Value{}, err
	}
	s, keep := a.Self.Str(), keepEnds != 0
	if err := m.Work(int64(len(s)>>3) + 1); err != nil {
		return Value{}, err
	}
	p := parts{m: m}
	start := 0
	for i := 0; i < len(s); {
		n := lineBreak(s[i:])
		if n == 0 {
			i++
			continue
		}
		end := i
		if keep {
			end += n
		}
		if err := p.add(s[start:end]); err != nil {
			return Value{}, err
		}
		i += n
		start = i
	}
	if start < len(s) {
		if err := p.add(s[start:]); err != nil {
			return Value{}, err
		}
	}
	return p.list()
}

func strJoin(m *Machine, a *Args) (Value, error) {
	sep := a.Self.Str()
	if _, ok, err := m.NativeIter(a.Pos[0]); err != nil {
		return Value{}, err
	} else if !ok {
		return Value{}, raiseText(TypeError, "can only join an iterable")
	}
	items, err := m.itemsOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	total := int64(0)
	for i, v := range items {
		if v.Kind() != image.KindStr {
			return Value{}, raise(TypeError, "sequence item %d: expected str instance, %s found", i, typeName(v))
		}
		total += int64(len(v.Str()) + len(sep))
	}
	switch len(items) {
	case 0:
		return emptyStr, nil
	case 1:
		return items[0], nil
	}
	total -= int64(len(sep))
	if err := m.room(total); err != nil {
		return Value{}, err
	}
	if err := m.Work(int64(len(items))); err != nil {
		return Value{}, err
	}
	var b strings.Builder
	b.Grow(int(total))
	for i, v := range items {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(v.Str())
	}
	return m.freeStr(b.String())
}

// strTranslate maps code points by a table of ordinals.
func strTranslate(m *Machine, a *Args) (Value, error) {
	s := a.Self.Str()
	if err := m.Work(int64(len(s))); err != nil {
		return Value{}, err
	}
	table := a.Pos[0]
	var b []byte
	if err := m.room(int64(len(s))); err != nil {
		return Value{}, err
	}
	paid := len(s)
	for _, r := range s {
		v, err := m.GetItem(table, image.Int(int64(r)))
		if err != nil {
			if !isRaised(err, LookupError) {
				return Value{}, err
			}
			b = utf8.AppendRune(b, r)
			continue
		}
		switch v.Kind() {
		case image.KindNone:
		case image.KindStr:
			b = append(b, v.Str()...)
		case image.KindInt:
			if v.AsInt() < 0 || v.AsInt() > utf8.MaxRune {
				return Value{}, raiseText(ValueError, "character mapping must be in range(0x110000)")
			}
			b = utf8.AppendRune(b, rune(v.AsInt()))
		default:
			return Value{}, raiseText(TypeError, "character mapping must return integer, None or str")
		}
		if n := len(b) - paid; n > 0 {
			if err := m.room(int64(n)); err != nil {
				return Value{}, err
			}
			paid = len(b)
		}
	}
	return m.freeStr(string(b))
}

func strMakeTrans(m *Machine, a *Args) (Value, error) {
	d, err := m.NewDict()
	if err != nil {
		return Value{}, err
	}
	if len(a.Pos) == 1 {
		if a.Pos[0].Kind() != image.KindDict {
			return Value{}, raiseText(TypeError, "if you give only one argument to maketrans it must be a dict")
		}
		from := a.Pos[0].Dict()
		if err := m.Heap.Read(&from.Entity); err != nil {
			return Value{}, err
		}
		for k, v, at, ok := from.Next(0); ok; k, v, at, ok = from.Next(at + 1) {
			switch {
			case k.Kind() == image.KindStr && k.StrValue().Len() == 1:
				r, _ := utf8.DecodeRuneInString(k.Str())
				k = image.Int(int64(r))
			case k.Kind() == image.KindStr:
				return Value{}, raiseText(ValueError, "string keys in translate table must be of length 1")
			case !isInteger(k):
				return Value{}, raiseText(TypeError, "keys in translate table must be strings or integers")
			}
			if err := m.dictSet(d.Dict(), k, v); err != nil {
				return Value{}, err
			}
		}
		return d, nil
	}
	texts := make([][]rune, len(a.Pos))
	for i, v := range a.Pos {
		if v.Kind() != image.KindStr {
			if i == 0 {
				return Value{}, raiseText(TypeError, "first maketrans argument must be a string if there is a second argument")
			}
			return Value{}, raise(TypeError, "maketrans() argument %d must be str, not %s", i+1, typeName(v))
		}
		if err := m.room(int64(4 * len(v.Str()))); err != nil {
			return Value{}, err
		}
		texts[i] = []rune(v.Str())
	}
	if len(texts[0]) != len(texts[1]) {
		return Value{}, raiseText(ValueError, "the first two maketrans arguments must have equal length")
	}
	for i, r := range texts[0] {
		if err := m.dictSet(d.Dict(), image.Int(int64(r)), image.Int(int64(texts[1][i]))); err != nil {
			return Value{}, err
		}
	}
	if len(texts) > 2 {
		for _, r := range texts[2] {
			if err := m.dictSet(d.Dict(), image.Int(int64(r)), image.None()); err != nil {
				return Value{}, err
			}
		}
	}
	return d, nil
}
