package lang

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"batos/image"
)

// formatSpec is a parsed specifier of the format mini-language:
// [[fill]align][sign][z][#][0][width][grouping][.precision][type].
type formatSpec struct {
	fill      rune
	align     byte // '<', '>', '^', '=' or 0
	sign      byte // '+', '-', ' ' or 0
	noNegZero bool // z
	alternate bool // #
	zero      bool // 0
	width     int
	grouping  byte // ',', '_' or 0
	precision int  // -1 for none
	kind      rune // 0 for none
}

// Format is format(v, spec) after a conversion: 'r', 's', 'a' or 0.
func (m *Machine) Format(v Value, conversion byte, spec string) (string, error) {
	switch conversion {
	case 'r', 'a':
		s, err := m.Repr(v)
		if err != nil {
			return "", err
		}
		if conversion == 'a' {
			s = string(appendASCII(nil, s))
		}
		if spec == "" {
			return s, nil
		}
		return m.formatText(s, spec)
	case 's':
		s, err := m.Str(v)
		if err != nil {
			return "", err
		}
		if spec == "" {
			return s, nil
		}
		return m.formatText(s, spec)
	}
	if spec == "" {
		return m.Str(v)
	}
	switch v.Kind() {
	case image.KindStr:
		return m.formatText(v.Str(), spec)
	case image.KindInt, image.KindBig, image.KindBool:
		return m.formatInt(v, spec)
	case image.KindFloat:
		return m.formatFloat(v, spec)
	case KindExtra:
		x := extraOf(v)
		if f := x.Type.Format; f != nil {
			return f(m, x, spec)
		}
	}
	return "", raise(TypeError, "unsupported format string passed to %s.__format__", typeName(v))
}

func parseSpec(spec, typeName string) (formatSpec, error) {
	f := formatSpec{fill: ' ', precision: -1}
	s := spec
	if s != "" {
		first, size := utf8.DecodeRuneInString(s)
		switch {
		case len(s) > size && strings.IndexByte("<>=^", s[size]) >= 0:
			f.fill, f.align, s = first, s[size], s[size+1:]
		case strings.IndexByte("<>=^", s[0]) >= 0:
			f.align, s = s[0], s[1:]
		}
	}
	filled := f.align != 0 && len(spec)-len(s) > 1
	if s != "" && strings.IndexByte("+- ", s[0]) >= 0 {
		f.sign, s = s[0], s[1:]
	}
	if s != "" && s[0] == 'z' {
		f.noNegZero, s = true, s[1:]
	}
	if s != "" && s[0] == '#' {
		f.alternate, s = true, s[1:]
	}
	if s != "" && s[0] == '0' {
		if !filled {
			f.fill = '0'
			if f.align == 0 {
				f.align, f.zero = '=', true
			}
		}
		s = s[1:]
	}
	var err error
	if f.width, s, err = specNumber(s, 0); err != nil {
		return f, err
	}
	if s != "" && (s[0] == ',' || s[0] == '_') {
		f.grouping, s = s[0], s[1:]
		if s != "" && (s[0] == ',' || s[0] == '_') {
			if s[0] == f.grouping {
				return f, raise(ValueError, "Cannot specify '%c' with '%c'.", f.grouping, s[0])
			}
			return f, raiseText(ValueError, "Cannot specify both ',' and '_'.")
		}
	}
	if s != "" && s[0] == '.' {
		rest := s[1:]
		if f.precision, s, err = specNumber(rest, -1); err != nil {
			return f, err
		}
		if f.precision < 0 {
			return f, raiseText(ValueError, "Format specifier missing precision")
		}
	}
	if s != "" {
		kind, size := utf8.DecodeRuneInString(s)
		if len(s) > size {
			return f, raise(ValueError, "Invalid format specifier '%s' for object of type '%s'", spec, typeName)
		}
		f.kind = kind
	}
	if f.grouping != 0 {
		switch f.kind {
		case 0, 'd', 'e', 'f', 'g', 'E', 'G', '%', 'F':
		case 'b', 'o', 'x', 'X':
			if f.grouping == '_' {
				break
			}
			fallthrough
		default:
			return f, raise(ValueError, "Cannot specify '%c' with '%c'.", f.grouping, f.kind)
		}
	}
	return f, nil
}

func specNumber(s string, otherwise int) (int, string, error) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i == 0 {
		return otherwise, s, nil
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil {
		return 0, s, raiseText(ValueError, "Too many decimal digits in format string")
	}
	return n, s[i:], nil
}

func unknownCode(kind rune, typeName string) error {
	if kind > 32 && kind < 128 {
		return raise(ValueError, "Unknown format code '%c' for object of type '%s'", kind, typeName)
	}
	return raise(ValueError, "Unknown format code '\\x%x' for object of type '%s'", kind, typeName)
}

// pad aligns s, whose first sign runes are a sign or prefix that '=' keeps in
// front of the filling. It charges for what it builds.
func (m *Machine) pad(s string, sign int, f *formatSpec, otherwise byte) (string, error) {
	n := utf8.RuneCountInString(s)
	if f.width <= n {
		return s, nil
	}
	gap := f.width - n
	align := f.align
	if align == 0 {
		align = otherwise
	}
	if err := m.room(int64(len(s)) + int64(gap)*int64(utf8.RuneLen(f.fill))); err != nil {
		return "", err
	}
	left, right := 0, 0
	switch align {
	case '<':
		right = gap
	case '>':
		left = gap
	case '^':
		left = gap / 2
		right = gap - left
	default:
		fill := repeatText(string(f.fill), gap)
		return s[:sign] + fill + s[sign:], nil
	}
	fill := string(f.fill)
	return repeatText(fill, left) + s + repeatText(fill, right), nil
}

// repeatText is strings.Repeat; the caller has charged for it.
func repeatText(s string, n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(s, n)
}

func (m *Machine) formatText(s, spec string) (string, error) {
	f, err := parseSpec(spec, "str")
	if err != nil {
		return "", err
	}
	if f.kind != 0 && f.kind != 's' {
		return "", unknownCode(f.kind, "str")
	}
	switch {
	case f.sign == ' ':
		return "", raiseText(ValueError, "Space not allowed in string format specifier")
	case f.sign != 0:
		return "", raiseText(ValueError, "Sign not allowed in string format specifier")
	case f.noNegZero:
		return "", raiseText(ValueError, "Negative zero coercion (z) not allowed in string format specifier")
	case f.alternate:
		return "", raiseText(ValueError, "Alternate form (#) not allowed in string format specifier")
	case f.grouping != 0:
		return "", raise(ValueError, "Cannot specify '%c' with 's'.", f.grouping)
	case f.align == '=' && !f.zero:
		return "", raiseText(ValueError, "'=' alignment not allowed in string format specifier")
	}
	if f.zero {
		f.align = '<'
	}
	if f.precision >= 0 && f.precision < len(s) {
		if n := utf8.RuneCountInString(s); f.precision < n {
			s = s[:runeOffset(s, f.precision)]
		}
	}
	return m.pad(s, 0, &f, '<')
}

func (m *Machine) formatInt(v Value, spec string) (string, error) {
	name := typeName(v)
	f, err := parseSpec(spec, name)
	if err != nil {
		return "", err
	}
	switch f.kind {
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		x, err := toFloat(v)
		if err != nil {
			return "", err
		}
		return m.floatText(x, &f)
	case 0, 'd', 'n', 'b', 'o', 'x', 'X', 'c':
	default:
		return "", unknownCode(f.kind, name)
	}
	if f.precision >= 0 {
		return "", raiseText(ValueError, "Precision not allowed in integer format specifier")
	}
	if f.noNegZero {
		return "", raiseText(ValueError, "Negative zero coercion (z) not allowed in integer format specifier")
	}
	if f.kind == 'c' {
		if f.sign != 0 {
			return "", raiseText(ValueError, "Sign not allowed with integer format specifier 'c'")
		}
		if f.alternate {
			return "", raiseText(ValueError, "Alternate form (#) not allowed with integer format specifier 'c'")
		}
		if v.Kind() == image.KindBig {
			return "", raiseText(OverflowError, "Python int too large to convert to C long")
		}
		if v.AsInt() < 0 || v.AsInt() > utf8.MaxRune {
			return "", raiseText(OverflowError, "%c arg not in range(0x110000)")
		}
		return m.pad(string(rune(v.AsInt())), 0, &f, '<')
	}
	base, prefix := 10, ""
	switch f.kind {
	case 'b':
		base, prefix = 2, "0b"
	case 'o':
		base, prefix = 8, "0o"
	case 'x':
		base, prefix = 16, "0x"
	case 'X':
		base, prefix = 16, "0X"
	}
	digits, negative, err := m.digits(v, base)
	if err != nil {
		return "", err
	}
	if f.kind == 'X' {
		digits = strings.ToUpper(digits)
	}
	if !f.alternate {
		prefix = ""
	}
	return m.number(digits, "", negative, prefix, &f)
}

// digits writes the magnitude of an integer in a base.
func (m *Machine) digits(v Value, base int) (string, bool, error) {
	if v.Kind() != image.KindBig {
		n := v.AsInt()
		if n < 0 {
			return strconv.FormatUint(-uint64(n), base), true, nil
		}
		return strconv.FormatInt(n, base), false, nil
	}
	n := v.Big()
	negative := n.Sign() < 0
	if base == 10 {
		s, err := m.bigText(n)
		return strings.TrimPrefix(s, "-"), negative, err
	}
	if err := m.room(int64(n.BitLen())); err != nil {
		return "", false, err
	}
	return new(big.Int).Abs(n).Text(base), negative, nil
}

// number puts together a sign, a prefix, grouped digits and what follows them,
// and pads.
func (m *Machine) number(digits, rest string, negative bool, prefix string, f *formatSpec) (string, error) {
	sign := ""
	switch {
	case negative:
		sign = "-"
	case f.sign == '+', f.sign == ' ':
		sign = string(f.sign)
	}
	sign += prefix
	if f.grouping != 0 {
		size := 3
		if f.kind == 'b' || f.kind == 'o' || f.kind == 'x' || f.kind == 'X' {
			size = 4
		}
		width := 0
		if f.fill == '0' && f.align == '=' {
			width = f.width - len(sign) - len(rest)
			if err := m.room(int64(max(width, 0))); err != nil {
				return "", err
			}
		}
		digits = group(digits, size, f.grouping, width)
	}
	return m.pad(sign+digits+rest, len(sign), f, '>')
}

// group puts separators between digits, and zeros in front until there are at
// least width characters.
func group(digits string, size int, separator byte, width int) string {
	for {
		n := len(digits)
		if n+(n-1)/size >= width {
			break
		}
		missing := width - n - (n-1)/size
		add := max(1, missing*size/(size+1))
		digits = strings.Repeat("0", add) + digits
	}
	n := len(digits)
	b := make([]byte, 0, n+n/size)
	for i := 0; i < n; i++ {
		if i > 0 && (n-i)%size == 0 {
			b = append(b, separator)
		}
		b = append(b, digits[i])
	}
	return string(b)
}

func (m *Machine) formatFloat(v Value, spec string) (string, error) {
	f, err := parseSpec(spec, "float")
	if err != nil {
		return "", err
	}
	switch f.kind {
	case 0, 'e', 'E', 'f', 'F', 'g', 'G', 'n', '%':
	default:
		return "", unknownCode(f.kind, "float")
	}
	return m.floatText(v.AsFloat(), &f)
}

func (m *Machine) floatText(x float64, f *formatSpec) (string, error) {
	if f.precision > 1<<31-1 {
		return "", raiseText(ValueError, "precision too big")
	}
	if err := m.room(int64(max(f.precision, 0)) + 320); err != nil {
		return "", err
	}
	kind := byte(f.kind)
	body := floatDigits(x, kind, f.precision, f.alternate)
	if f.noNegZero && math.Signbit(x) {
		zero := true
		for i := 0; i < len(body) && body[i] != 'e' && body[i] != 'E'; i++ {
			if body[i] >= '1' && body[i] <= '9' || body[i] == 'i' || body[i] == 'n' {
				zero = false
			}
		}
		if zero {
			x = 0
		}
	}
	digits := body
	rest := ""
	for i := 0; i < len(body); i++ {
		if !isDigit(body[i]) {
			digits, rest = body[:i], body[i:]
			break
		}
	}
	if digits == "" {
		// inf and nan: no grouping.
		g := *f
		g.grouping = 0
		f = &g
	}
	return m.number(digits, rest, math.Signbit(x) && !math.IsNaN(x), "", f)
}

// floatDigits writes |x| as a presentation type does; kind 0 is like repr but
// with at least one digit behind the point, or like 'g' with a precision.
func floatDigits(x float64, kind byte, precision int, alternate bool) string {
	x = math.Abs(x)
	upper := kind >= 'A' && kind <= 'Z'
	percent := kind == '%'
	if math.IsInf(x, 0) || math.IsNaN(x) {
		s := "inf"
		if math.IsNaN(x) {
			s = "nan"
		}
		if upper {
			s = strings.ToUpper(s)
		}
		if percent {
			s += "%"
		}
		return s
	}
	if kind == 'n' {
		kind = 'g'
	}
	var s string
	switch kind {
	case '%':
		x *= 100
		if math.IsInf(x, 0) {
			return "inf%"
		}
		s = fixed(x, defaultPrecision(precision), alternate) + "%"
	case 'f', 'F':
		s = fixed(x, defaultPrecision(precision), alternate)
	case 'e', 'E':
		s = strconv.FormatFloat(x, 'e', defaultPrecision(precision), 64)
		if alternate && !strings.Contains(s, ".") {
			s = strings.Replace(s, "e", ".e", 1)
		}
	case 'g', 'G':
		s = general(x, defaultPrecision(precision), alternate, false)
	default:
		if precision < 0 {
			s = string(appendFloat(nil, x))
			if alternate && !strings.Contains(s, ".") {
				s = strings.Replace(s, "e", ".e", 1)
			}
			return s
		}
		s = general(x, precision, alternate, true)
	}
	if upper {
		s = strings.ToUpper(s)
	}
	return s
}

func defaultPrecision(p int) int {
	if p < 0 {
		return 6
	}
	return p
}

func fixed(x float64, precision int, alternate bool) string {
	s := strconv.FormatFloat(x, 'f', precision, 64)
	if alternate && precision == 0 {
		s += "."
	}
	return s
}

// general is the 'g' form: precision significant digits, an exponent when it is
// below -4 or not below the precision. As for no type at all (point), there is
// at least one digit behind the point and the exponent comes one digit sooner.
func general(x float64, precision int, alternate, point bool) string {
	if precision == 0 {
		precision = 1
	}
	s := strconv.FormatFloat(x, 'e', precision-1, 64)
	at := strings.IndexByte(s, 'e')
	exp, _ := strconv.Atoi(s[at+1:])
	limit := precision
	if point {
		limit--
	}
	if exp < -4 || exp >= limit {
		mantissa := s[:at]
		if !alternate {
			mantissa = trimZeros(mantissa)
		} else if !strings.Contains(mantissa, ".") {
			mantissa += "."
		}
		return mantissa + s[at:]
	}
	t := strconv.FormatFloat(x, 'f', max(precision-1-exp, 0), 64)
	if !alternate {
		t = trimZeros(t)
	} else if !strings.Contains(t, ".") {
		t += "."
	}
	if point && !strings.Contains(t, ".") {
		t += ".0"
	}
	return t
}

func trimZeros(s string) string {
	if strings.IndexByte(s, '.') < 0 {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
