package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"batos/image"
)

var strMethods = map[image.Symbol]*NativeFunction{}

func init() {
	addMethods(strMethods, "str", methodTable{
		"upper":        none(mapped(upperText)),
		"lower":        none(mapped(lowerText)),
		"casefold":     none(mapped(foldText)),
		"title":        none(mapped(titleText)),
		"capitalize":   none(mapped(capitalText)),
		"swapcase":     none(mapped(swapText)),
		"strip":        positional(0, 1, strip("strip", true, true)),
		"lstrip":       positional(0, 1, strip("lstrip", true, false)),
		"rstrip":       positional(0, 1, strip("rstrip", false, true)),
		"split":        keywords("sep maxsplit", 0, strSplit),
		"rsplit":       keywords("sep maxsplit", 0, strRSplit),
		"splitlines":   keywords("keepends", 0, strSplitLines),
		"join":         one(strJoin).walks(0),
		"replace":      positional(2, 3, strReplace),
		"startswith":   positional(1, 3, affix("startswith", true)),
		"endswith":     positional(1, 3, affix("endswith", false)),
		"find":         positional(1, 3, search("find", false, false)),
		"rfind":        positional(1, 3, search("rfind", true, false)),
		"index":        positional(1, 3, search("index", false, true)),
		"rindex":       positional(1, 3, search("rindex", true, true)),
		"count":        free(strCount),
		"format":       free(strFormat),
		"format_map":   one(strFormatMap),
		"encode":       keywords("encoding errors", 0, strEncode),
		"center":       positional(1, 2, justify("center", '^')),
		"ljust":        positional(1, 2, justify("ljust", '<')),
		"rjust":        positional(1, 2, justify("rjust", '>')),
		"zfill":        one(strZfill),
		"expandtabs":   keywords("tabsize", 0, strExpandTabs),
		"partition":    one(partition(false)),
		"rpartition":   one(partition(true)),
		"removeprefix": one(removeAffix("removeprefix", true)),
		"removesuffix": one(removeAffix("removesuffix", false)),
		"translate":    one(strTranslate),
		"maketrans":    positional(1, 3, strMakeTrans),
		"isalpha":      none(all(isAlpha)),
		"isdigit":      none(all(isDigitRune)),
		"isnumeric":    none(all(isNumeric)),
		"isdecimal":    none(all(func(r rune) bool { _, ok := decimalDigit(r); return ok })),
		"isalnum":      none(all(isAlnum)),
		"isspace":      none(all(isSpace)),
		"isupper":      none(strIsUpper),
		"islower":      none(strIsLower),
		"istitle":      none(strIsTitle),
		"isidentifier": none(strIsIdentifier),
		"isprintable":  none(strIsPrintable),
		"isascii":      none(func(m *Machine, a *Args) (Value, error) { return image.Bool(a.Self.StrValue().ASCII()), nil }),
	})
}

// isSpace is str.isspace for one code point.
func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f
	}
	return unicode.IsSpace(r)
}

func isAlpha(r rune) bool { return unicode.IsLetter(r) }
func isDigitRune(r rune) bool {
	if _, ok := decimalDigit(r); ok {
		return true
	}
	// Superscripts and circled digits have a digit value though no decimal one.
	return r == 0xb2 || r == 0xb3 || r == 0xb9 || r == 0x2070 || r >= 0x2074 && r <= 0x2079 || r >= 0x2080 && r <= 0x2089 ||
		r >= 0x2460 && r <= 0x2468 || r >= 0x2474 && r <= 0x247c || r >= 0x2488 && r <= 0x2490 || r >= 0x24f5 && r <= 0x24fd ||
		r == 0x24ea || r == 0x24ff || r >= 0x2776 && r <= 0x277e || r >= 0x2780 && r <= 0x2788 || r >= 0x278a && r <= 0x2792
}
func isNumeric(r rune) bool { return unicode.IsNumber(r) || isHanNumber(r) }
func isHanNumber(r rune) bool {
	return strings.ContainsRune("一二三四五六七八九十百千万零〇億兆", r)
}
func isAlnum(r rune) bool { return isAlpha(r) || isDigitRune(r) || isNumeric(r) }

// all makes a predicate that holds for every code point of a text that is not
// empty.
func all(is func(rune) bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		s := a.Self.Str()
		if err := m.Work(int64(len(s) >> 3)); err != nil {
			return Value{}, err
		}
		for _, r := range s {
			if !is(r) {
				return image.Bool(false), nil
			}
		}
		return image.Bool(s != ""), nil
	}
}

func mapped(f func(string) string) Native {
	return func(m *Machine, a *Args) (Value, error) {
		s := a.Self.Str()
		if err := m.room(int64(len(s)) * 2); err != nil {
			return Value{}, err
		}
		t := f(s)
		if t == s {
			return a.Self, nil
		}
		return m.NewStr(t)
	}
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// special has the full case mappings of more than one code point that are met
// in practice (Unicode's SpecialCasing).
var specialUpper = map[rune]string{
	'ß': "SS", 'ŉ': "ʼN", 'ǰ': "J̌", 'ΐ': "Ϊ́", 'ΰ': "Ϋ́", 'և': "ԵՒ", 'ẖ': "H̱", 'ẗ': "T̈", 'ẘ': "W̊", 'ẙ': "Y̊", 'ẚ': "Aʾ",
	'ﬀ': "FF", 'ﬁ': "FI", 'ﬂ': "FL", 'ﬃ': "FFI", 'ﬄ': "FFL", 'ﬅ': "ST", 'ﬆ': "ST",
}

func upperText(s string) string {
	if ascii(s) {
		return strings.ToUpper(s)
	}
	var b strings.Builder
	for _, r := range s {
		if t, ok := specialUpper[r]; ok {
			b.WriteString(t)
		} else {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

func lowerText(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for i, r := range s {
		switch r {
		case 'Σ':
			if finalSigma(s, i) {
				b.WriteRune('ς')
			} else {
				b.WriteRune('σ')
			}
		case 'İ':
			b.WriteString("i̇")
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// finalSigma says whether the capital sigma at byte i ends a word.
func finalSigma(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+len("Σ"):])
	return unicode.IsLetter(before) && !unicode.IsLetter(after)
}

func foldText(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == 'ς':
			b.WriteRune('σ')
		case r == 'ẞ':
			b.WriteString("ss")
		case r == 'µ':
			b.WriteRune('μ')
		case r == 'ſ':
			b.WriteRune('s')
		case specialUpper[r] != "":
			b.WriteString(strings.ToLower(specialUpper[r]))
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isCased(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r) }

func titleRune(b *strings.Builder, r rune) {
	if r == 'ŉ' {
		b.WriteString("ʼN")
	} else if t, ok := specialUpper[r]; ok {
		first, size := utf8.DecodeRuneInString(t)
		b.WriteRune(first)
		b.WriteString(strings.ToLower(t[size:]))
	} else {
		b.WriteRune(unicode.ToTitle(r))
	}
}

func titleText(s string) string {
	var b strings.Builder
	inside := false
	for i, r := range s {
		switch {
		case !inside:
			titleRune(&b, r)
		case r == 'Σ' && finalSigma(s, i):
			b.WriteRune('ς')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		inside = isCased(r)
	}
	return b.String()
}

func capitalText(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	var b strings.Builder
	titleRune(&b, first)
	if rest := s[size:]; ascii(rest) {
		b.WriteString(strings.ToLower(rest))
	} else {
		for i, r := range rest {
			if r == 'Σ' && finalSigma(s, size+i) {
				b.WriteRune('ς')
			} else {
				b.WriteRune(unicode.ToLower(r))
			}
		}
	}
	return b.String()
}

func swapText(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == 'Σ' && finalSigma(s, i):
			b.WriteRune('ς')
		case unicode.IsTitle(r):
			b.WriteRune(r)
		case unicode.IsUpper(r):
			b.WriteRune(unicode.ToLower(r))
		case specialUpper[r] != "":
			b.WriteString(specialUpper[r])
		default:
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

func strIsUpper(m *Machine, a *Args) (Value, error) {
	return cased(m, a, func(r rune) bool { return unicode.IsLower(r) || unicode.IsTitle(r) })
}

func strIsLower(m *Machine, a *Args) (Value, error) {
	return cased(m, a, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) })
}

// cased says whether s has a cased character and none that is wrong.
func cased(m *Machine, a *Args, wrong func(rune) bool) (Value, error) {
	s := a.Self.Str()
	if err := m.Work(int64(len(s) >> 3)); err != nil {
		return Value{}, err
	}
	found := false
	for _, r := range s {
		if wrong(r) {
			return image.Bool(false), nil
		}
		found = found || isCased(r)
	}
	return image.Bool(found), nil
}

func strIsTitle(m *Machine, a *Args) (Value, error) {
	s := a.Self.Str()
	if err := m.Work(int64(len(s) >> 3)); err != nil {
		return Value{}, err
	}
	inside, found := false, false
	for _, r := range s {
		switch {
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			if inside {
				return image.Bool(false), nil
			}
			inside, found = true, true
		case unicode.IsLower(r):
			if !inside {
				return image.Bool(false), nil
			}
			found = true
		default:
			inside = false
		}
	}
	return image.Bool(found), nil
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) {
			continue
		}
		if i == 0 || !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r) && !unicode.Is(unicode.Pc, r) {
			return false
		}
	}
	return s != ""
}

func strIsIdentifier(m *Machine, a *Args) (Value, error) {
	return image.Bool(isIdentifier(a.Self.Str())), m.Work(int64(len(a.Self.Str()) >> 3))
}

func strIsPrintable(m *Machine, a *Args) (Value, error) {
	for _, r := range a.Self.Str() {
		if r < ' ' || r == 0x7f || r >= utf8.RuneSelf && !printable(r) {
			return image.Bool(false), nil
		}
	}
	return image.Bool(true), m.Work(int64(len(a.Self.Str()) >> 3))
}

func strip(name string, left, right bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		s := a.Self.Str()
		in := isSpace
		if v := a.at(0); !v.Absent() && !v.IsNone() {
			if v.Kind() != image.KindStr {
				return Value{}, raise(TypeError, "%s arg must be None or str", name)
			}
			set := v.Str()
			if len(set) > 64 {
				if err := m.Work(int64(len(set)) * int64(len(s)) >> 3); err != nil {
					return Value{}, err
				}
			}
			in = func(r rune) bool { return strings.ContainsRune(set, r) }
		}
		t := s
		if left {
			t = strings.TrimLeftFunc(t, in)
		}
		if right {
			t = strings.TrimRightFunc(t, in)
		}
		if len(t) == len(s) {
			return a.Self, nil
		}
		if err := m.Work(int64(len(s)-len(t)) >> 2); err != nil {
			return Value{}, err
		}
		return m.NewStr(t)
	}
}

// textArg reads an argument that must be a text.
func textArg(name string, i int, v Value) (string, error) {
	if v.Kind() != image.KindStr {
		return "", raise(TypeError, "%s() argument %d must be str, not %s", name, i, typeName(v))
	}
	return v.Str(), nil
}

func strReplace(m *Machine, a *Args) (Value, error) {
	s := a.Self.Str()
	old, err := textArg("replace", 1, a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	with, err := textArg("replace", 2, a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	limit, err := a.indexAt(2, -1)
	if err != nil {
		return Value{}, err
	}
	if err := m.Work(int64(len(s)>>3) + 1); err != nil {
		return Value{}, err
	}
	n := int64(strings.Count(s, old))
	if limit >= 0 {
		n = min(n, limit)
	}
	if n == 0 {
		return a.Self, nil
	}
	if err := m.room(int64(len(s)) + repeated(max(len(with)-len(old), 0), n)); err != nil {
		return Value{}, err
	}
	return m.freeStr(strings.Replace(s, old, with, int(n)))
}

// freeStr makes a text that has been charged for already.
func (m *Machine) freeStr(s string) (Value, error) {
	if len(s) < 2 {
		return m.NewStr(s)
	}
	return image.NewStr(s), nil
}

func affix(name string, start bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		s := a.Self.StrValue()
		text := s.S
		if len(a.Pos) > 1 {
			from, to, err := a.bounds(1, s.Len())
			if err != nil {
				return Value{}, err
			}
			if from > to {
				return image.Bool(false), nil
			}
			text = runeSlice(s, from, to)
		}
		has := strings.HasSuffix
		if start {
			has = strings.HasPrefix
		}
		switch v := a.Pos[0]; v.Kind() {
		case image.KindStr:
			return image.Bool(has(text, v.Str())), nil
		case image.KindTuple:
			for _, x := range v.Tuple() {
				if x.Kind() != image.KindStr {
					return Value{}, raise(TypeError, "tuple for %s must only contain str, not %s", name, typeName(x))
				}
				if err := m.Work(1); err != nil {
					return Value{}, err
				}
				if has(text, x.Str()) {
					return image.Bool(true), nil
				}
			}
			return image.Bool(false), nil
		default:
			return Value{}, raise(TypeError, "%s first arg must be str or a tuple of str, not %s", name, typeName(v))
		}
	}
}

// runeSlice is s[from:to] in code points.
func runeSlice(s *image.Str, from, to int) string {
	if s.ASCII() {
		return s.S[from:to]
	}
	i := runeOffset(s.S, from)
	return s.S[i : i+runeOffset(s.S[i:], to-from)]
}

func search(name string, last, must bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		s := a.Self.StrValue()
		v := a.Pos[0]
		if v.Kind() != image.KindStr {
			return Value{}, raise(TypeError, "must be str, not %s", typeName(v))
		}
		from, to := 0, s.Len()
		if len(a.Pos) > 1 {
			var err error
			if from, to, err = a.bounds(1, s.Len()); err != nil {
				return Value{}, err
			}
		}
		if err := m.Work(int64(len(s.S) >> 3)); err != nil {
			return Value{}, err
		}
		at := -1
		if from <= to {
			part := runeSlice(s, from, to)
			if last {
				at = strings.LastIndex(part, v.Str())
			} else {
				at = strings.Index(part, v.Str())
			}
			if at >= 0 {
				if !s.ASCII() {
					at = utf8.RuneCountInString(part[:at])
				}
				at += from
			}
		}
		if at < 0 && must {
			return Value{}, raiseText(ValueError, "substring not found")
		}
		return image.Int(int64(at)), nil
	}
}

func strCount(m *Machine, a *Args) (Value, error) {
	switch n := len(a.Pos); {
	case len(a.Names) > 0:
		return Value{}, raiseText(TypeError, "str.count() takes no keyword arguments")
	case n == 0:
		return Value{}, raiseText(TypeError, "count() takes at least 1 argument (0 given)")
	case n > 3:
		return Value{}, raise(TypeError, "count() takes at most 3 arguments (%d given)", n)
	}
	s := a.Self.StrValue()
	v := a.Pos[0]
	if v.Kind() != image.KindStr {
		return Value{}, raise(TypeError, "must be str, not %s", typeName(v))
	}
	from, to, err := a.bounds(1, s.Len())
	if err != nil {
		return Value{}, err
	}
	if err := m.Work(int64(len(s.S) >> 3)); err != nil {
		return Value{}, err
	}
	if from > to {
		return image.Int(0), nil
	}
	return image.Int(int64(strings.Count(runeSlice(s, from, to), v.Str()))), nil
}

func justify(name string, align byte) Native {
	return func(m *Machine, a *Args) (Value, error) {
		width, err := indexOf(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		fill := ' '
		if v := a.at(1); !v.Absent() {
			if v.Kind() != image.KindStr {
				return Value{}, raise(TypeError, "The fill character must be a unicode character, not %s", typeName(v))
			}
			if v.StrValue().Len() != 1 {
				return Value{}, raiseText(TypeError, "The fill character must be exactly one character long")
			}
			fill, _ = utf8.DecodeRuneInString(v.Str())
		}
		s := a.Self.StrValue()
		n := s.Len()
		if width <= int64(n) {
			return a.Self, nil
		}
		gap := int(width) - n
		if err := m.room(int64(len(s.S)) + int64(gap)*int64(utf8.RuneLen(fill))); err != nil {
			return Value{}, err
		}
		left, right := 0, gap
		switch align {
		case '>':
			left, right = gap, 0
		case '^':
			// CPython puts the odd blank left when the width is odd.
			left = gap/2 + gap&int(width)&1
			right = gap - left
		}
		return m.freeStr(repeatText(string(fill), left) + s.S + repeatText(string(fill), right))
	}
}

func strZfill(m *Machine, a *Args) (Value, error) {
	width, err := indexOf(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	s := a.Self.StrValue()
	n := int64(s.Len())
	if width <= n {
		return a.Self, nil
	}
	if err := m.room(width + int64(len(s.S))); err != nil {
		return Value{}, err
	}
	sign := 0
	if s.S != "" && (s.S[0] == '+' || s.S[0] == '-') {
		sign = 1
	}
	return m.freeStr(s.S[:sign] + repeatText("0", int(width-n)) + s.S[sign:])
}

func strExpandTabs(m *Machine, a *Args) (Value, error) {
	size, err := a.tabSize()
	if err != nil {
		return Value{}, err
	}
	s := a.Self.Str()
	if err := m.room(int64(len(s)) + repeated(max(size, 0), int64(strings.Count(s, "\t")))); err != nil {
		return Value{}, err
	}
	return m.freeStr(expandTabs(s, size))
}

func (a *Args) tabSize() (int, error) {
	if a.at(0).Absent() {
		return 8, nil
	}
	n, err := indexOf(a.at(0))
	if err == nil && (n > 1<<31-1 || n < -1<<31) {
		err = raiseText(OverflowError, "Python int too large to convert to C int")
	}
	return int(n), err
}

func expandTabs(s string, size int) string {
	var b strings.Builder
	column := 0
	for _, r := range s {
		switch r {
		case '\t':
			if size > 0 {
				n := size - column%size
				b.WriteString(repeatText(" ", n))
				column += n
			}
		case '\n', '\r':
			b.WriteRune(r)
			column = 0
		default:
			b.WriteRune(r)
			column++
		}
	}
	return b.String()
}

func partition(last bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		v := a.Pos[0]
		if v.Kind() != image.KindStr {
			return Value{}, raise(TypeError, "must be str, not %s", typeName(v))
		}
		sep := v.Str()
		if sep == "" {
			return Value{}, raiseText(ValueError, "empty separator")
		}
		s := a.Self.Str()
		if err := m.room(int64(len(s))); err != nil {
			return Value{}, err
		}
		at := strings.Index(s, sep)
		if last {
			at = strings.LastIndex(s, sep)
		}
		parts := []Value{a.Self, emptyStr, emptyStr}
		if at < 0 {
			if last {
				parts[0], parts[2] = parts[2], parts[0]
			}
			return m.NewTuple(parts)
		}
		var err error
		if parts[0], err = m.NewStr(s[:at]); err != nil {
			return Value{}, err
		}
		parts[1] = v
		if parts[2], err = m.NewStr(s[at+len(sep):]); err != nil {
			return Value{}, err
		}
		return m.NewTuple(parts)
	}
}

func removeAffix(name string, prefix bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		v := a.Pos[0]
		if v.Kind() != image.KindStr {
			return Value{}, raise(TypeError, "%s() argument must be str, not %s", name, typeName(v))
		}
		s := a.Self.Str()
		t := strings.TrimSuffix(s, v.Str())
		if prefix {
			t = strings.TrimPrefix(s, v.Str())
		}
		if len(t) == len(s) {
			return a.Self, nil
		}
		return m.NewStr(t)
	}
}
