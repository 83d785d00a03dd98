package lang

import (
	"math"
	"strconv"
	"strings"

	"batos/image"
)

// appendFloat writes repr(f): the shortest digits that read back as f, with an
// exponent when it is below -4 or at least 16, as CPython does.
func appendFloat(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "nan"...)
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	start := len(b)
	b = strconv.AppendFloat(b, f, 'f', -1, 64)
	for _, c := range b[start:] {
		if c == '.' {
			return b
		}
	}
	return append(b, ".0"...)
}

// parseFloat reads what float(text) accepts.
func parseFloat(text string) (float64, bool) {
	s := strings.TrimFunc(text, isSpace)
	if s == "" {
		return 0, false
	}
	body := strings.TrimLeft(s, "+-")
	if len(s)-len(body) > 1 {
		return 0, false
	}
	switch strings.ToLower(body) {
	case "inf", "infinity":
		return math.Inf(map[bool]int{true: -1, false: 1}[s[0] == '-']), true
	case "nan":
		return math.NaN(), true
	}
	var b strings.Builder
	for i, c := range s {
		switch {
		case c == '_':
			// An underscore stands between two digits only.
			if i == 0 || i+1 >= len(s) || !isDigit(s[i-1]) || !isDigit(s[i+1]) {
				return 0, false
			}
			continue
		case c < 0x80:
			if !isDigit(byte(c)) && !strings.ContainsRune("+-.eE", c) {
				return 0, false
			}
			b.WriteByte(byte(c))
		default:
			d, ok := decimalDigit(c)
			if !ok {
				return 0, false
			}
			b.WriteByte(byte('0' + d))
		}
	}
	f, err := strconv.ParseFloat(b.String(), 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func newFloat(m *Machine, a *Args) (Value, error) {
	v := a.at(0)
	switch v.Kind() {
	case image.KindAbsent:
		return image.Float(0), nil
	case image.KindFloat:
		return v, nil
	case image.KindStr, image.KindBytes:
		s := textOrBytes(v)
		if err := m.Work(int64(len(s) >> 3)); err != nil {
			return Value{}, err
		}
		f, ok := parseFloat(s)
		if !ok {
			text, err := m.Repr(v)
			if err != nil {
				return Value{}, err
			}
			return Value{}, raise(ValueError, "could not convert string to float: %s", text)
		}
		return image.Float(f), nil
	case KindExtra:
		if f := extraOf(v).Type.Binary; f != nil {
			if r, ok, err := f(m, "float", v, v); ok || err != nil {
				return r, err
			}
		}
	}
	if !numeric(v.Kind()) {
		return Value{}, raise(TypeError, "float() argument must be a string or a real number, not '%s'", typeName(v))
	}
	f, err := toFloat(v)
	return image.Float(f), err
}

var floatMethods = map[image.Symbol]*NativeFunction{}

func init() {
	addMethods(floatMethods, "float", methodTable{
		"is_integer": none(func(m *Machine, a *Args) (Value, error) {
			f := a.Self.AsFloat()
			return image.Bool(f == math.Trunc(f) && !math.IsInf(f, 0)), nil
		}),
		"conjugate":        none(func(m *Machine, a *Args) (Value, error) { return a.Self, nil }),
		"as_integer_ratio": none(floatRatio),
		"hex":              none(floatHex),
		"fromhex":          one(floatFromHex),
	})
}

func floatRatio(m *Machine, a *Args) (Value, error) {
	f := a.Self.AsFloat()
	switch {
	case math.IsNaN(f):
		return Value{}, raiseText(ValueError, "cannot convert NaN to integer ratio")
	case math.IsInf(f, 0):
		return Value{}, raiseText(OverflowError, "cannot convert Infinity to integer ratio")
	}
	r := ratOf(f)
	return m.NewTuple([]Value{image.NewBig(r.Num()), image.NewBig(r.Denom())})
}

func floatHex(m *Machine, a *Args) (Value, error) {
	f := a.Self.AsFloat()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return m.NewStr(string(appendFloat(nil, f)))
	}
	sign := ""
	if math.Signbit(f) {
		sign = "-"
		f = -f
	}
	if f == 0 {
		return m.NewStr(sign + "0x0.0p+0")
	}
	bits := math.Float64bits(f)
	exp, mant, lead := int(bits>>52), bits&(1<<52-1), "1"
	if exp == 0 {
		exp, lead = 1, "0"
	}
	digits := strconv.FormatUint(mant|1<<52, 16)[1:]
	e := strconv.Itoa(exp - 1023)
	if exp >= 1023 {
		e = "+" + e
	}
	return m.NewStr(sign + "0x" + lead + "." + digits + "p" + e)
}

func floatFromHex(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	if v.Kind() != image.KindStr {
		return Value{}, raise(TypeError, "fromhex() argument must be str, not %s", typeName(v))
	}
	s := strings.ToLower(strings.TrimFunc(v.Str(), isSpace))
	bad := raiseText(ValueError, "invalid hexadecimal floating-point string")
	if len(s) > 4096 {
		return Value{}, bad
	}
	body := strings.TrimLeft(s, "+-")
	switch body {
	case "inf", "infinity", "nan":
		f, _ := parseFloat(s)
		return image.Float(f), nil
	}
	if strings.Contains(s, "_") || len(s)-len(body) > 1 {
		return Value{}, bad
	}
	if !strings.HasPrefix(body, "0x") {
		body = "0x" + body
	}
	if !strings.Contains(body, "p") {
		body += "p0"
	}
	f, err := strconv.ParseFloat(body, 64)
	if err != nil {
		if math.IsInf(f, 0) {
			return Value{}, raiseText(OverflowError, "hexadecimal value too large to represent as a float")
		}
		return Value{}, bad
	}
	if s[0] == '-' {
		f = -f
	}
	return image.Float(f), nil
}
