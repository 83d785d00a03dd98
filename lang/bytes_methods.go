package lang

import (
	"encoding/hex"
	"strings"

	"batos/image"
)

var bytesMethods = map[image.Symbol]*NativeFunction{}

func init() {
	addMethods(bytesMethods, "bytes", methodTable{
		"decode":     keywords("encoding errors", 0, bytesDecode),
		"hex":        keywords("sep bytes_per_sep", 0, bytesHex),
		"fromhex":    one(bytesFromHex),
		"join":       one(bytesJoin).walks(0),
		"split":      keywords("sep maxsplit", 0, bytesSplit),
		"replace":    positional(2, 3, bytesReplace),
		"find":       positional(1, 3, bytesSearch(false, false)),
		"rfind":      positional(1, 3, bytesSearch(true, false)),
		"index":      positional(1, 3, bytesSearch(false, true)),
		"rindex":     positional(1, 3, bytesSearch(true, true)),
		"count":      positional(1, 3, bytesCount),
		"startswith": positional(1, 3, bytesAffix("startswith", true)),
		"endswith":   positional(1, 3, bytesAffix("endswith", false)),
		"strip":      positional(0, 1, bytesStrip(true, true)),
		"lstrip":     positional(0, 1, bytesStrip(true, false)),
		"rstrip":     positional(0, 1, bytesStrip(false, true)),
		"upper":      none(mappedBytes('a', 'z')),
		"lower":      none(mappedBytes('A', 'Z')),
		"partition":  one(bytesPartition),
		"isdigit":    none(allBytes(isDigit)),
		"isalpha":    none(allBytes(func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' })),
		"isspace":    none(allBytes(func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' })),
		"isalnum":    none(allBytes(func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' })),
	})
}

func byteOf(v Value) (byte, error) {
	if !isInteger(v) {
		return 0, raise(TypeError, "'%s' object cannot be interpreted as an integer", typeName(v))
	}
	if v.Kind() == image.KindBig || v.AsInt() < 0 || v.AsInt() > 255 {
		return 0, raiseText(ValueError, "byte must be in range(0, 256)")
	}
	return byte(v.AsInt()), nil
}

func newBytes(m *Machine, a *Args) (Value, error) {
	v, encoding := a.at(0), a.at(1)
	if v.Absent() {
		return emptyBytes, nil
	}
	if v.Kind() == image.KindStr {
		if encoding.Absent() {
			return Value{}, raiseText(TypeError, "string argument without an encoding")
		}
		name, errors, err := encodingArgs("bytes", a, 1)
		if err != nil {
			return Value{}, err
		}
		return m.encode(v.StrValue(), name, errors)
	}
	if !encoding.Absent() {
		return Value{}, raiseText(TypeError, "encoding without a string argument")
	}
	switch {
	case v.Kind() == image.KindBytes:
		return v, nil
	case isInteger(v):
		n, err := indexOf(v)
		if err != nil {
			return Value{}, err
		}
		if n < 0 {
			return Value{}, raiseText(ValueError, "negative count")
		}
		if err := m.room(n); err != nil {
			return Value{}, err
		}
		return image.NewBytes(repeatText("\x00", int(n))), nil
	}
	it, ok, err := m.NativeIter(v)
	if err != nil {
		return Value{}, err
	}
	if !ok {
		return Value{}, raise(TypeError, "cannot convert '%s' object to bytes", typeName(v))
	}
	var b []byte
	for {
		x, ok, err := it.Next(m)
		if err != nil {
			return Value{}, err
		}
		if !ok {
			return m.NewBytes(string(b))
		}
		if err := m.Work(1); err != nil {
			return Value{}, err
		}
		if err := m.Charge(2); err != nil {
			return Value{}, err
		}
		c, err := byteOf(x)
		if err != nil {
			if isInteger(x) {
				err = raiseText(ValueError, "bytes must be in range(0, 256)")
			}
			return Value{}, err
		}
		b = append(b, c)
	}
}

func bytesDecode(m *Machine, a *Args) (Value, error) {
	encoding, errors, err := encodingArgs("decode", a, 0)
	if err != nil {
		return Value{}, err
	}
	return m.decode(a.Self.Bytes(), encoding, errors)
}

func bytesHex(m *Machine, a *Args) (Value, error) {
	b := a.Self.Bytes()
	if err := m.room(int64(len(b)) * 3); err != nil {
		return Value{}, err
	}
	text := hex.EncodeToString([]byte(b))
	sep := a.at(0)
	if sep.Absent() {
		return m.freeStr(text)
	}
	if k := sep.Kind(); k != image.KindStr && k != image.KindBytes || len(textOrBytes(sep)) != 1 {
		return Value{}, raiseText(ValueError, "sep must be length 1.")
	}
	per, err := a.indexAt(1, 1)
	if err != nil {
		return Value{}, err
	}
	if per == 0 || per > int64(len(b)) || -per > int64(len(b)) {
		return m.freeStr(text)
	}
	var out strings.Builder
	for i := range len(b) {
		if i > 0 && (per > 0 && (int64(len(b)-i))%per == 0 || per < 0 && int64(i)%-per == 0) {
			out.WriteString(textOrBytes(sep))
		}
		out.WriteString(text[2*i : 2*i+2])
	}
	return m.freeStr(out.String())
}

func bytesFromHex(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	if v.Kind() != image.KindStr {
		return Value{}, raise(TypeError, "fromhex() argument must be str, not %s", typeName(v))
	}
	s := v.Str()
	if err := m.room(int64(len(s) / 2)); err != nil {
		return Value{}, err
	}
	var b []byte
	for i := 0; i < len(s); {
		if isSpace(rune(s[i])) {
			i++
			continue
		}
		for j := i; j < i+2; j++ {
			if j >= len(s) || !strings.ContainsRune("0123456789abcdefABCDEF", rune(s[j])) {
				return Value{}, raise(ValueError, "non-hexadecimal number found in fromhex() arg at position %d", j)
			}
		}
		c, err := hex.DecodeString(s[i : i+2])
		if err != nil {
			return Value{}, err
		}
		b = append(b, c[0])
		i += 2
	}
	return m.NewBytes(string(b))
}

// needBytes reads an argument that must be bytes.
func needBytes(v Value) (string, error) {
	if v.Kind() != image.KindBytes {
		return "", raise(TypeError, "a bytes-like object is required, not '%s'", typeName(v))
	}
	return v.Bytes(), nil
}

func bytesJoin(m *Machine, a *Args) (Value, error) {
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
	texts := make([]string, 0, min(len(items), 64))
	for i, v := range items {
		if v.Kind() != image.KindBytes {
			return Value{}, raise(TypeError, "sequence item %d: expected a bytes-like object, %s found", i, typeName(v))
		}
		total += int64(len(v.Bytes())+len(a.Self.Bytes())) + 16
		texts = append(texts, v.Bytes())
	}
	if err := m.room(total); err != nil {
		return Value{}, err
	}
	return image.NewBytes(strings.Join(texts, a.Self.Bytes())), nil
}

func bytesSplit(m *Machine, a *Args) (Value, error) {
	limit, err := a.indexAt(1, -1)
	if err != nil {
		return Value{}, err
	}
	if limit < 0 || limit > 1<<30 {
		limit = 1 << 30
	}
	b := a.Self.Bytes()
	if err := m.room(int64(len(b)) * 2); err != nil {
		return Value{}, err
	}
	var pieces []string
	if v := a.at(0); v.Absent() || v.IsNone() {
		rest := b
		for rest = strings.TrimLeft(rest, " \t\n\r\v\f"); rest != ""; rest = strings.TrimLeft(rest, " \t\n\r\v\f") {
			end := strings.IndexAny(rest, " \t\n\r\v\f")
			if end < 0 {
				end = len(rest)
			}
			if limit == 0 {
				pieces = append(pieces, strings.TrimRight(rest, " \t\n\r\v\f"))
				break
			}
			limit--
			pieces = append(pieces, rest[:end])
			rest = rest[end:]
		}
	} else {
		sep, err := needBytes(v)
		if err != nil {
			return Value{}, err
		}
		if sep == "" {
			return Value{}, raiseText(ValueError, "empty separator")
		}
		pieces = strings.SplitN(b, sep, int(limit)+1)
	}
	items, err := m.newItems(int64(len(pieces)))
	if err != nil {
		return Value{}, err
	}
	for i, s := range pieces {
		if items[i], err = m.NewBytes(s); err != nil {
			return Value{}, err
		}
	}
	return m.listOf(items)
}

func bytesReplace(m *Machine, a *Args) (Value, error) {
	b := a.Self.Bytes()
	old, err := needBytes(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	with, err := needBytes(a.Pos[1])
	if err != nil {
		return Value{}, err
	}
	limit, err := a.indexAt(2, -1)
	if err != nil {
		return Value{}, err
	}
	// Between the bytes, an empty old is found as in ASCII text.
	n := int64(len(b) + 1)
	if old != "" {
		n = int64(strings.Count(b, old))
	}
	if limit >= 0 {
		n = min(n, limit)
	}
	if err := m.room(int64(len(b)) + repeated(max(len(with)-len(old), 0), n)); err != nil {
		return Value{}, err
	}
	if old != "" {
		return image.NewBytes(strings.Replace(b, old, with, int(n))), nil
	}
	var out strings.Builder
	for i := 0; i <= len(b); i++ {
		if int64(i) < n {
			out.WriteString(with)
		}
		if i < len(b) {
			out.WriteByte(b[i])
		}
	}
	return image.NewBytes(out.String()), nil
}

// needle reads what is searched for: bytes, or one byte.
func needle(v Value) (string, error) {
	switch {
	case v.Kind() == image.KindBytes:
		return v.Bytes(), nil
	case isInteger(v):
		c, err := byteOf(v)
		return string([]byte{c}), err
	}
	return "", raise(TypeError, "argument should be integer or bytes-like object, not '%s'", typeName(v))
}

func bytesSearch(last, must bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		b := a.Self.Bytes()
		sub, err := needle(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		from, to, err := a.bounds(1, len(b))
		if err != nil {
			return Value{}, err
		}
		if err := m.Work(int64(len(b) >> 3)); err != nil {
			return Value{}, err
		}
		at := -1
		if from <= to {
			if last {
				at = strings.LastIndex(b[from:to], sub)
			} else {
				at = strings.Index(b[from:to], sub)
			}
			if at >= 0 {
				at += from
			}
		}
		if at < 0 && must {
			return Value{}, raiseText(ValueError, "subsection not found")
		}
		return image.Int(int64(at)), nil
	}
}

func bytesCount(m *Machine, a *Args) (Value, error) {
	b := a.Self.Bytes()
	sub, err := needle(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	from, to, err := a.bounds(1, len(b))
	if err != nil || from > to {
		return image.Int(0), err
	}
	if sub == "" {
		return image.Int(int64(to - from + 1)), nil
	}
	return image.Int(int64(strings.Count(b[from:to], sub))), m.Work(int64(len(b) >> 3))
}

func bytesAffix(name string, start bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		b := a.Self.Bytes()
		from, to, err := a.bounds(1, len(b))
		if err != nil || from > to {
			return image.Bool(false), err
		}
		has := strings.HasSuffix
		if start {
			has = strings.HasPrefix
		}
		options := []Value{a.Pos[0]}
		if a.Pos[0].Kind() == image.KindTuple {
			options = a.Pos[0].Tuple()
		}
		for _, v := range options {
			if v.Kind() != image.KindBytes {
				return Value{}, raise(TypeError, "%s first arg must be bytes or a tuple of bytes, not %s", name, typeName(v))
			}
			if has(b[from:to], v.Bytes()) {
				return image.Bool(true), nil
			}
		}
		return image.Bool(false), m.Work(int64(len(options)))
	}
}

func bytesStrip(left, right bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		b := a.Self.Bytes()
		set := " \t\n\r\v\f"
		if v := a.at(0); !v.Absent() && !v.IsNone() {
			var err error
			if set, err = needBytes(v); err != nil {
				return Value{}, err
			}
		}
		i, j := 0, len(b)
		for left && i < j && strings.IndexByte(set, b[i]) >= 0 {
			i++
		}
		for right && i < j && strings.IndexByte(set, b[j-1]) >= 0 {
			j--
		}
		if err := m.Work(int64(len(b)-(j-i)) * int64(1+len(set)>>3)); err != nil {
			return Value{}, err
		}
		return m.NewBytes(b[i:j])
	}
}

func mappedBytes(low, high byte) Native {
	return func(m *Machine, a *Args) (Value, error) {
		if err := m.room(int64(len(a.Self.Bytes()))); err != nil {
			return Value{}, err
		}
		b := []byte(a.Self.Bytes())
		for i, c := range b {
			if c >= low && c <= high {
				b[i] = c ^ 0x20
			}
		}
		return image.NewBytes(string(b)), nil
	}
}

func allBytes(is func(byte) bool) Native {
	return func(m *Machine, a *Args) (Value, error) {
		b := a.Self.Bytes()
		for i := 0; i < len(b); i++ {
			if !is(b[i]) {
				return image.Bool(false), nil
			}
		}
		return image.Bool(len(b) > 0), m.Work(int64(len(b) >> 3))
	}
}

func bytesPartition(m *Machine, a *Args) (Value, error) {
	sep, err := needBytes(a.Pos[0])
	if err != nil {
		return Value{}, err
	}
	if sep == "" {
		return Value{}, raiseText(ValueError, "empty separator")
	}
	b := a.Self.Bytes()
	if err := m.room(int64(len(b)) + 64); err != nil {
		return Value{}, err
	}
	at := strings.Index(b, sep)
	if at < 0 {
		return m.NewTuple([]Value{a.Self, emptyBytes, emptyBytes})
	}
	return m.NewTuple([]Value{image.NewBytes(b[:at]), a.Pos[0], image.NewBytes(b[at+len(sep):])})
}
