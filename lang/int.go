package lang

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"batos/image"
)

// maxDigits is CPython's limit on conversions between decimal text and int,
// which take quadratic time there.
const maxDigits = 4300

// intText is the decimal text of n.
func intText(n int64) string { return strconv.FormatInt(n, 10) }

// bigText is the decimal text of a big integer, refused above maxDigits.
func (m *Machine) bigText(n *big.Int) (string, error) {
	if n.BitLen() > maxDigits*10/3 {
		return "", tooManyDigits()
	}
	if m != nil {
		if err := m.Work(int64(words(n)) * int64(words(n)) / 8); err != nil {
			return "", err
		}
	}
	s := n.String()
	if len(s) > maxDigits+1 || len(s) == maxDigits+1 && s[0] != '-' {
		return "", tooManyDigits()
	}
	return s, nil
}

func tooManyDigits() error {
	return raise(ValueError, "Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", maxDigits)
}

func textOrBytes(v Value) string {
	if v.Kind() == image.KindBytes {
		return v.Bytes()
	}
	return v.Str()
}

// decimalDigit reads any Unicode decimal digit.
func decimalDigit(c rune) (int, bool) {
	if c < utf8.RuneSelf {
		return int(c - '0'), c >= '0' && c <= '9'
	}
	if !unicode.Is(unicode.Nd, c) {
		return 0, false
	}
	// Decimal digits come in runs of ten that start at a multiple of ten from
	// the run's zero, which is the first of its range in the table.
	for _, r := range unicode.Nd.R16 {
		if c >= rune(r.Lo) && c <= rune(r.Hi) {
			return int(c-rune(r.Lo)) % 10, true
		}
	}
	for _, r := range unicode.Nd.R32 {
		if c >= rune(r.Lo) && c <= rune(r.Hi) {
			return int(c-rune(r.Lo)) % 10, true
		}
	}
	return 0, false
}

// parseInt reads what int(text, base) accepts. ok is false for anything else.
func (m *Machine) parseInt(text string, base int) (v Value, ok bool, err error) {
	if err := m.Work(int64(len(text) >> 3)); err != nil {
		return Value{}, false, err
	}
	s := strings.TrimFunc(text, isSpace)
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	prefixed := false
	if len(s) > 1 && s[0] == '0' {
		b := 0
		switch s[1] | 0x20 {
		case 'x':
			b = 16
		case 'o':
			b = 8
		case 'b':
			b = 2
		}
		if b != 0 && (base == 0 || base == b) {
			base, s, prefixed = b, s[2:], true
		}
	}
	zeros := false
	if base == 0 {
		base, zeros = 10, len(s) > 0 && s[0] == '0'
	}
	if s == "" {
		return Value{}, false, nil
	}
	if len(s) <= 18 && base == 10 {
		n := int64(0)
		plain := true
		for i := 0; i < len(s); i++ {
			if !isDigit(s[i]) {
				plain = false
				break
			}
			n = n*10 + int64(s[i]-'0')
		}
		if plain {
			if zeros && n != 0 {
				return Value{}, false, nil
			}
			if negative {
				n = -n
			}
			return image.Int(n), true, nil
		}
	}
	digits := make([]byte, 0, min(len(s), 64))
	after := prefixed // whether an underscore may come
	for _, c := range s {
		if c == '_' {
			if !after {
				return Value{}, false, nil
			}
			after = false
			continue
		}
		d := 99
		switch {
		case c >= 'a' && c <= 'z':
			d = int(c-'a') + 10
		case c >= 'A' && c <= 'Z':
			d = int(c-'A') + 10
		default:
			if x, ok := decimalDigit(c); ok {
				d = x
			}
		}
		if d >= base {
			return Value{}, false, nil
		}
		digits = append(digits, "0123456789abcdefghijklmnopqrstuvwxyz"[d])
		after = true
	}
	if !after {
		return Value{}, false, nil
	}
	if base&(base-1) != 0 && len(digits) > maxDigits {
		return Value{}, false, raise(ValueError, "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", maxDigits, len(digits))
	}
	if err := m.chargeBig(int64(len(digits))); err != nil {
		return Value{}, false, err
	}
	if err := m.Work(int64(len(digits)) * 2); err != nil {
		return Value{}, false, err
	}
	n, good := new(big.Int).SetString(string(digits), base)
	if !good || zeros && n.Sign() != 0 {
		return Value{}, false, nil
	}
	if negative {
		n.Neg(n)
	}
	return image.NewBig(n), true, nil
}

func newInt(m *Machine, a *Args) (Value, error) {
	v, b := a.at(0), a.at(1)
	if v.Absent() {
		if !b.Absent() {
			return Value{}, raiseText(TypeError, "int() missing string argument")
		}
		return image.Int(0), nil
	}
	base := int64(10)
	if !b.Absent() {
		var err error
		if base, err = indexOf(b); err != nil {
			return Value{}, err
		}
		if base != 0 && (base < 2 || base > 36) {
			return Value{}, raiseText(ValueError, "int() base must be >= 2 and <= 36, or 0")
		}
		if k := v.Kind(); k != image.KindStr && k != image.KindBytes {
			return Value{}, raiseText(TypeError, "int() can't convert non-string with explicit base")
		}
	}
	switch v.Kind() {
	case image.KindInt, image.KindBig:
		return v, nil
	case image.KindBool:
		return image.Int(v.AsInt()), nil
	case image.KindFloat:
		return floatToInt(v.AsFloat())
	case image.KindStr, image.KindBytes:
		n, ok, err := m.parseInt(textOrBytes(v), int(base))
		if err != nil {
			return Value{}, err
		}
		if !ok {
			text, err := m.Repr(v)
			if err != nil {
				return Value{}, err
			}
			if r := []rune(text); len(r) > 200 {
				text = string(r[:200])
			}
			return Value{}, raise(ValueError, "invalid literal for int() with base %d: %s", base, text)
		}
		return n, nil
	case KindExtra:
		if f := extraOf(v).Type.Binary; f != nil {
			if r, ok, err := f(m, "int", v, v); ok || err != nil {
				return r, err
			}
		}
	}
	return Value{}, raise(TypeError, "int() argument must be a string, a bytes-like object or a real number, not '%s'", typeName(v))
}

// floatToInt drops the fraction.
func floatToInt(f float64) (Value, error) {
	switch {
	case math.IsNaN(f):
		return Value{}, raiseText(ValueError, "cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return Value{}, raiseText(OverflowError, "cannot convert float infinity to integer")
	case math.Abs(f) < 1<<62:
		return image.Int(int64(f)), nil
	}
	n, _ := new(big.Float).SetFloat64(f).Int(nil)
	return image.NewBig(n), nil
}

func ratOf(f float64) *big.Rat { return new(big.Rat).SetFloat64(f) }

var intMethods = map[image.Symbol]*NativeFunction{}

func init() {
	addMethods(intMethods, "int", methodTable{
		"bit_length": none(func(m *Machine, a *Args) (Value, error) {
			return image.Int(int64(image.BigOf(a.Self).BitLen())), nil
		}),
		"bit_count": none(func(m *Machine, a *Args) (Value, error) {
			n := 0
			for _, w := range image.BigOf(a.Self).Bits() {
				for ; w != 0; w &= w - 1 {
					n++
				}
			}
			return image.Int(int64(n)), nil
		}),
		"conjugate": none(selfInt),
		"as_integer_ratio": none(func(m *Machine, a *Args) (Value, error) {
			v, _ := selfInt(m, a)
			return m.NewTuple([]Value{v, image.Int(1)})
		}),
		"to_bytes":   keywords("length byteorder *signed", 0, intToBytes),
		"from_bytes": keywords("bytes byteorder *signed", 1, intFromBytes).walks(0),
		"is_integer": none(func(m *Machine, a *Args) (Value, error) { return image.Bool(true), nil }),
	})
	delete(intMethods, image.Intern("is_integer")) // CPython 3.12
}

func selfInt(m *Machine, a *Args) (Value, error) {
	if a.Self.IsBool() {
		return image.Int(a.Self.AsInt()), nil
	}
	return a.Self, nil
}

func byteOrder(v Value) (little bool, err error) {
	if v.Absent() {
		return false, nil
	}
	if v.Kind() == image.KindStr {
		switch v.Str() {
		case "little":
			return true, nil
		case "big":
			return false, nil
		}
		return false, raiseText(ValueError, "byteorder must be either 'little' or 'big'")
	}
	return false, raise(TypeError, "byteorder must be str, not %s", typeName(v))
}

func (m *Machine) flag(v Value) (bool, error) {
	if v.Absent() {
		return false, nil
	}
	return m.Truth(v)
}

func intToBytes(m *Machine, a *Args) (Value, error) {
	length, err := a.indexAt(0, 1)
	if err != nil {
		return Value{}, err
	}
	little, err := byteOrder(a.at(1))
	if err != nil {
		return Value{}, err
	}
	signed, err := m.flag(a.at(2))
	if err != nil {
		return Value{}, err
	}
	if length < 0 {
		return Value{}, raiseText(ValueError, "length argument must be non-negative")
	}
	n := image.BigOf(a.Self)
	if n.Sign() < 0 && !signed {
		return Value{}, raiseText(OverflowError, "can't convert negative int to unsigned")
	}
	if err := m.room(length); err != nil {
		return Value{}, err
	}
	bits := n.BitLen()
	if signed {
		if n.Sign() < 0 {
			bits = new(big.Int).Not(n).BitLen()
		}
		bits++
	}
	if int64(bits) > length*8 && !(bits == 1 && n.Sign() == 0 && length == 0) {
		return Value{}, raiseText(OverflowError, "int too big to convert")
	}
	b := make([]byte, length)
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*length)))
	}
	n.FillBytes(b)
	if little {
		reverseBytes(b)
	}
	return image.NewBytes(string(b)), nil
}

func reverseBytes(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

func intFromBytes(m *Machine, a *Args) (Value, error) {
	var b []byte
	if a.Pos[0].Kind() == image.KindBytes {
		b = []byte(a.Pos[0].Bytes())
	} else {
		if a.Pos[0].Kind() == image.KindStr || isInteger(a.Pos[0]) {
			return Value{}, raise(TypeError, "cannot convert '%s' object to bytes", typeName(a.Pos[0]))
		}
		v, err := newBytes(m, &Args{Pos: []Value{a.Pos[0], {}, {}}})
		if err != nil {
			return Value{}, err
		}
		b = []byte(v.Bytes())
	}
	little, err := byteOrder(a.at(1))
	if err != nil {
		return Value{}, err
	}
	signed, err := m.flag(a.at(2))
	if err != nil {
		return Value{}, err
	}
	if err := m.chargeBig(int64(len(b) >> 3)); err != nil {
		return Value{}, err
	}
	if little {
		reverseBytes(b)
	}
	n := new(big.Int).SetBytes(b)
	if signed && len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return image.NewBig(n), nil
}
