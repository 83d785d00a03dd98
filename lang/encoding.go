package lang

import (
	"strings"
	"unicode/utf8"

	"batos/image"
)

// codec names the encodings that there are.
func codec(name string) (string, error) {
	switch strings.ReplaceAll(strings.ToLower(name), "_", "-") {
	case "utf-8", "utf8", "u8":
		return "utf-8", nil
	case "ascii", "us-ascii", "646":
		return "ascii", nil
	case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1":
		return "latin-1", nil
	}
	return "", raise(LookupError, "unknown encoding: %s", name)
}

func encodingArgs(name string, a *Args, at int) (encoding, errors string, err error) {
	encoding, errors = "utf-8", "strict"
	for i, to := range []*string{&encoding, &errors} {
		v := a.at(at + i)
		if v.Absent() {
			continue
		}
		if v.Kind() != image.KindStr {
			return "", "", raise(TypeError, "%s() argument '%s' must be str, not %s", name, []string{"encoding", "errors"}[i], typeName(v))
		}
		*to = v.Str()
	}
	encoding, err = codec(encoding)
	return
}

func strEncode(m *Machine, a *Args) (Value, error) {
	encoding, errors, err := encodingArgs("encode", a, 0)
	if err != nil {
		return Value{}, err
	}
	return m.encode(a.Self.StrValue(), encoding, errors)
}

func (m *Machine) encode(s *image.Str, encoding, errors string) (Value, error) {
	if err := m.room(int64(len(s.S))); err != nil {
		return Value{}, err
	}
	if encoding == "utf-8" || s.ASCII() {
		return image.NewBytes(s.S), nil
	}
	limit := rune(0x80)
	if encoding == "latin-1" {
		limit = 0x100
	}
	if err := m.room(int64(len(s.S)) * 5); err != nil {
		return Value{}, err
	}
	b := make([]byte, 0, len(s.S))
	at := 0
	for i, r := range s.S {
		if r < limit {
			b = append(b, byte(r))
			at++
			continue
		}
		switch errors {
		case "strict":
			end := at
			for _, r := range s.S[i:] {
				if r < limit {
					break
				}
				end++
			}
			return Value{}, raiseCodec(UnicodeEncodeError, encoding, image.NewStr(s.S), at, end, "ordinal not in range("+intText(int64(limit))+")")
		case "ignore":
		case "replace":
			b = append(b, '?')
		case "backslashreplace":
			b = appendRuneEscape(b, r)
		case "xmlcharrefreplace":
			b = append(append(append(b, "&#"...), intText(int64(r))...), ';')
		default:
			return Value{}, raise(LookupError, "unknown error handler name '%s'", errors)
		}
		at++
	}
	return image.NewBytes(string(b)), nil
}

func (m *Machine) decode(b, encoding, errors string) (Value, error) {
	if err := m.room(int64(len(b)) * 2); err != nil {
		return Value{}, err
	}
	if encoding == "utf-8" && utf8.ValidString(b) {
		return m.freeStr(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			out = append(out, c)
			i++
			continue
		}
		size, why := 1, "ordinal not in range(128)"
		switch encoding {
		case "latin-1":
			out = utf8.AppendRune(out, rune(c))
			i++
			continue
		case "utf-8":
			if r, n := utf8.DecodeRuneInString(b[i:]); r != utf8.RuneError || n == 3 {
				out = append(out, b[i:i+n]...)
				i += n
				continue
			}
			size, why = badUTF8(b[i:])
		}
		switch errors {
		case "strict":
			return Value{}, raiseCodec(UnicodeDecodeError, encoding, image.NewBytes(b), i, i+size, why)
		case "ignore":
		case "replace":
			out = utf8.AppendRune(out, utf8.RuneError)
		case "backslashreplace":
			for _, c := range []byte(b[i : i+size]) {
				out = append(out, '\\', 'x', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
			}
		default:
			return Value{}, raise(LookupError, "unknown error handler name '%s'", errors)
		}
		i += size
	}
	return m.freeStr(string(out))
}

// badUTF8 says how many bytes of a bad sequence CPython takes together, and why
// they are bad.
func badUTF8(b string) (int, string) {
	need := 0
	low, high := byte(0x80), byte(0xbf)
	switch c := b[0]; {
	case c >= 0xc2 && c <= 0xdf:
		need = 1
	case c >= 0xe0 && c <= 0xef:
		need = 2
		if c == 0xe0 {
			low = 0xa0
		} else if c == 0xed {
			high = 0x9f
		}
	case c >= 0xf0 && c <= 0xf4:
		need = 3
		if c == 0xf0 {
			low = 0x90
		} else if c == 0xf4 {
			high = 0x8f
		}
	default:
		return 1, "invalid start byte"
	}
	for i := 1; i <= need; i++ {
		if i >= len(b) {
			return len(b), "unexpected end of data"
		}
		if b[i] < low || b[i] > high {
			return i, "invalid continuation byte"
		}
		low, high = 0x80, 0xbf
	}
	return 1, "invalid start byte"
}
