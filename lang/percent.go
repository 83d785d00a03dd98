package lang

import (
	"math"
	"strings"
	"unicode/utf8"

	"batos/image"
)

// percentSpec is one conversion of a % format.
type percentSpec struct {
	left, plus, space, alternate, zero bool
	width, precision                   int // precision -1 for none
	kind                               rune
	at                                 int // of the conversion character, in code points
}

// percentArgs hands out the right side of %.
type percentArgs struct {
	tuple   []Value
	single  Value
	used    int
	mapping Value
	mapped  bool
}

func (p *percentArgs) next() (Value, error) {
	if p.single.Absent() {
		if p.used < len(p.tuple) {
			p.used++
			return p.tuple[p.used-1], nil
		}
	} else if p.used == 0 {
		p.used = 1
		return p.single, nil
	}
	return Value{}, raiseText(TypeError, "not enough arguments for format string")
}

func (m *Machine) percent(format string, right Value) (Value, error) {
	s, err := m.percentText(format, right, false)
	if err != nil {
		return Value{}, err
	}
	return m.NewStr(s)
}

func (m *Machine) percentBytes(format string, right Value) (Value, error) {
	s, err := m.percentText(format, right, true)
	if err != nil {
		return Value{}, err
	}
	return m.NewBytes(s)
}

// percentText is format % right, as CPython's unicode_format.
func (m *Machine) percentText(format string, right Value, bytes bool) (string, error) {
	args := percentArgs{single: right}
	if right.Kind() == image.KindTuple {
		args.single, args.tuple = Value{}, right.Tuple()
	}
	switch right.Kind() {
	case image.KindDict, image.KindList, KindExtra, image.KindObject:
		args.mapping = right
	}
	var b []byte
	if err := m.room(int64(len(format))); err != nil {
		return "", err
	}
	for i := 0; i < len(format); {
		j := strings.IndexByte(format[i:], '%')
		if j < 0 {
			b = append(b, format[i:]...)
			break
		}
		b = append(b, format[i:i+j]...)
		i += j + 1
		spec, next, err := m.percentSpec(format, i, &args)
		if err != nil {
			return "", err
		}
		i = next
		if spec.kind == '%' {
			b = append(b, '%')
			continue
		}
		v, err := args.next()
		if err != nil {
			return "", err
		}
		text, err := m.convert(&spec, v, bytes)
		if err != nil {
			return "", err
		}
		if err := m.room(int64(len(text))); err != nil {
			return "", err
		}
		b = append(b, text...)
	}
	if !args.mapped && args.mapping.Absent() {
		if args.single.Absent() && args.used < len(args.tuple) || !args.single.Absent() && args.used == 0 {
			if bytes {
				return "", raiseText(TypeError, "not all arguments converted during bytes formatting")
			}
			return "", raiseText(TypeError, "not all arguments converted during string formatting")
		}
	}
	return string(b), nil
}

func (m *Machine) percentSpec(format string, i int, args *percentArgs) (percentSpec, int, error) {
	spec := percentSpec{precision: -1}
	incomplete := raiseText(ValueError, "incomplete format")
	if i < len(format) && format[i] == '(' {
		depth, j := 1, i+1
		for ; j < len(format) && depth > 0; j++ {
			switch format[j] {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		if depth > 0 {
			return spec, 0, raiseText(ValueError, "incomplete format key")
		}
		if args.mapping.Absent() {
			return spec, 0, raiseText(TypeError, "format requires a mapping")
		}
		key, err := m.NewStr(format[i+1 : j-1])
		if err != nil {
			return spec, 0, err
		}
		v, err := m.GetItem(args.mapping, key)
		if err != nil {
			return spec, 0, err
		}
		args.single, args.used, args.mapped = v, 0, true
		i = j
	}
flags:
	for ; i < len(format); i++ {
		switch format[i] {
		case '-':
			spec.left = true
		case '+':
			spec.plus = true
		case ' ':
			spec.space = true
		case '#':
			spec.alternate = true
		case '0':
			spec.zero = true
		default:
			break flags
		}
	}
	number := func(star string) (int, error) {
		if i < len(format) && format[i] == '*' {
			i++
			v, err := args.next()
			if err != nil {
				return 0, err
			}
			if !isInteger(v) {
				return 0, raiseText(TypeError, "* wants int")
			}
			n, err := indexOf(v)
			if err != nil || n > math.MaxInt32 || n < -math.MaxInt32 {
				return 0, raise(OverflowError, "Python int too large to convert to C %s", star)
			}
			return int(n), nil
		}
		n := 0
		for ; i < len(format) && isDigit(format[i]); i++ {
			n = n*10 + int(format[i]-'0')
			if n > math.MaxInt64/20 {
				return 0, raise(ValueError, "%s too big", map[string]string{"int": "precision", "ssize_t": "width"}[star])
			}
		}
		return n, nil
	}
	var err error
	if spec.width, err = number("ssize_t"); err != nil {
		return spec, 0, err
	}
	if spec.width < 0 {
		spec.left, spec.width = true, -spec.width
	}
	if i < len(format) && format[i] == '.' {
		i++
		if spec.precision, err = number("int"); err != nil {
			return spec, 0, err
		}
		spec.precision = max(spec.precision, 0)
	}
	if i < len(format) && (format[i] == 'h' || format[i] == 'l' || format[i] == 'L') {
		i++
	}
	if i >= len(format) {
		return spec, 0, incomplete
	}
	kind, size := utf8.DecodeRuneInString(format[i:])
	spec.kind, spec.at = kind, utf8.RuneCountInString(format[:i])
	return spec, i + size, nil
}

// convert formats one value.
func (m *Machine) convert(spec *percentSpec, v Value, bytes bool) (string, error) {
	f := formatSpec{fill: ' ', width: spec.width, precision: -1}
	if spec.left {
		f.align = '<'
	}
	switch spec.kind {
	case 's', 'r', 'a', 'b':
		if spec.kind == 'b' && !bytes {
			break
		}
		conversion := byte(spec.kind)
		var s string
		var err error
		if bytes && (spec.kind == 's' || spec.kind == 'b') {
			if v.Kind() != image.KindBytes {
				return "", raise(TypeError, "%%b requires a bytes-like object, or an object that implements __bytes__, not '%s'", typeName(v))
			}
			s = v.Bytes()
		} else {
			s, err = m.Format(v, conversion, "")
		}
		if err != nil {
			return "", err
		}
		if spec.precision >= 0 && spec.precision < utf8.RuneCountInString(s) {
			s = s[:runeOffset(s, spec.precision)]
		}
		return m.pad(s, 0, &f, '>')
	case 'c':
		var s string
		switch {
		case v.Kind() == image.KindStr && v.StrValue().Len() == 1:
			s = v.Str()
		case isInteger(v):
			if v.Kind() == image.KindBig || v.AsInt() < 0 || v.AsInt() > utf8.MaxRune {
				return "", raiseText(OverflowError, "%c arg not in range(0x110000)")
			}
			s = string(rune(v.AsInt()))
		default:
			return "", raiseText(TypeError, "%c requires int or char")
		}
		return m.pad(s, 0, &f, '>')
	case 'd', 'i', 'u', 'o', 'x', 'X':
		return m.convertInt(spec, v, &f)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		if !numeric(v.Kind()) {
			return "", raise(TypeError, "must be real number, not %s", typeName(v))
		}
		x, err := toFloat(v)
		if err != nil {
			return "", err
		}
		if spec.precision > math.MaxInt32 {
			return "", raiseText(ValueError, "precision too big")
		}
		if err := m.room(int64(max(spec.precision, 0)) + 320); err != nil {
			return "", err
		}
		body := floatDigits(x, byte(spec.kind), defaultPrecision(spec.precision), spec.alternate)
		return m.signed(spec, body, math.Signbit(x) && !math.IsNaN(x), "", &f)
	}
	return "", raise(ValueError, "unsupported format character '%s' (0x%x) at index %d", printableOr(spec.kind), spec.kind, spec.at)
}

func printableOr(r rune) string {
	if r > 31 && r < 127 {
		return string(r)
	}
	return "?"
}

func (m *Machine) convertInt(spec *percentSpec, v Value, f *formatSpec) (string, error) {
	switch v.Kind() {
	case image.KindInt, image.KindBig, image.KindBool:
	case image.KindFloat:
		if spec.kind == 'x' || spec.kind == 'X' || spec.kind == 'o' {
			return "", raise(TypeError, "%%%c format: an integer is required, not float", spec.kind)
		}
		n, err := floatToInt(v.AsFloat())
		if err != nil {
			return "", err
		}
		v = n
	default:
		if spec.kind == 'x' || spec.kind == 'X' || spec.kind == 'o' {
			return "", raise(TypeError, "%%%c format: an integer is required, not %s", spec.kind, typeName(v))
		}
		return "", raise(TypeError, "%%%c format: a real number is required, not %s", spec.kind, typeName(v))
	}
	base, prefix := 10, ""
	switch spec.kind {
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
	if spec.kind == 'X' {
		digits = strings.ToUpper(digits)
	}
	if missing := spec.precision - len(digits); missing > 0 {
		if err := m.room(int64(missing)); err != nil {
			return "", err
		}
		digits = repeatText("0", missing) + digits
	}
	if !spec.alternate {
		prefix = ""
	}
	return m.signed(spec, digits, negative, prefix, f)
}

func (m *Machine) signed(spec *percentSpec, body string, negative bool, prefix string, f *formatSpec) (string, error) {
	sign := ""
	switch {
	case negative:
		sign = "-"
	case spec.plus:
		sign = "+"
	case spec.space:
		sign = " "
	}
	sign += prefix
	if spec.zero && !spec.left {
		f.fill, f.align = '0', '='
	}
	return m.pad(sign+body, len(sign), f, '>')
}
