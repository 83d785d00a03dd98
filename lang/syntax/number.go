package syntax

import (
	"strconv"
	"strings"
)

// number reads a numeric literal; the errors are CPython's.
func (s *scanner) number() {
	from := s.off
	start := s.pos(from)
	at := func(i int) byte {
		if i < s.end {
			return s.src[i]
		}
		return 0
	}
	what := "decimal"
	if c := at(from + 1); s.src[from] == '0' && c != 0 && strings.IndexByte("xXoObB", c) >= 0 {
		digits := "01"
		switch c | 0x20 {
		case 'x':
			what, digits = "hexadecimal", "0123456789abcdefABCDEF"
		case 'o':
			what, digits = "octal", "01234567"
		default:
			what = "binary"
		}
		i := from + 2
		for {
			if at(i) == '_' {
				i++
			}
			if d := at(i); d == 0 || strings.IndexByte(digits, d) < 0 {
				if '0' <= d && d <= '9' {
					s.fail(s.pos(i), "invalid digit '%c' in %s literal", d, what)
				}
				s.fail(s.pos(i-1), "invalid %s literal", what)
			}
			for d := at(i); d != 0 && strings.IndexByte(digits, d) >= 0; d = at(i) {
				i++
			}
			if at(i) != '_' {
				break
			}
		}
		if d := at(i); '0' <= d && d <= '9' {
			s.fail(s.pos(i), "invalid digit '%c' in %s literal", d, what)
		}
		s.off = i
	} else {
		i := s.digits(from)
		float := false
		if at(i) == '.' {
			float = true
			i++
			if d := at(i); '0' <= d && d <= '9' {
				i = s.digits(i)
			}
		}
		if at(i)|0x20 == 'e' {
			j := i + 1
			if at(j) == '+' || at(j) == '-' {
				j++
				if d := at(j); d < '0' || '9' < d {
					s.fail(s.pos(j-1), "invalid decimal literal")
				}
			}
			if d := at(j); '0' <= d && d <= '9' {
				float = true
				i = s.digits(j)
			}
		}
		if at(i)|0x20 == 'j' {
			if isNameByte(at(i + 1)) {
				s.fail(s.pos(i), "invalid imaginary literal")
			}
			s.fail(start, "complex numbers are not part of the method language: keep the two parts as floats")
		}
		if !float && s.src[from] == '0' && strings.Trim(s.src[from:i], "0_") != "" {
			s.fail(start, "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers")
		}
		s.off = i
	}
	// A name may not follow directly, but for the keywords of expressions.
	if c := at(s.off); isNameByte(c) {
		j := s.off
		for j < s.end && isNameByte(s.src[j]) {
			j++
		}
		switch word := s.src[s.off:j]; word {
		case "and", "else", "for", "if", "in", "is", "or", "not":
		default:
			ok := false
			for _, w := range [...]string{"and", "else", "for", "if", "in", "is", "or", "not"} {
				ok = ok || strings.HasPrefix(word, w)
			}
			if !ok {
				s.fail(s.pos(s.off-1), "invalid %s literal", what)
			}
		}
	}
	s.emit(tNumber, from, start)
}

// digits skips decimal digits with single underscores between them.
func (s *scanner) digits(i int) int {
	for {
		for i < s.end && '0' <= s.src[i] && s.src[i] <= '9' {
			i++
		}
		if i >= s.end || s.src[i] != '_' {
			return i
		}
		i++
		if i >= s.end || s.src[i] < '0' || '9' < s.src[i] {
			s.fail(s.pos(i-1), "invalid decimal literal")
		}
	}
}

// numberLit makes the literal of a number token.
func (p *parser) numberLit(t token) Expr {
	text := strings.ReplaceAll(t.text, "_", "")
	span := Span{t.start, t.end}
	if len(text) > 1 && text[0] == '0' && strings.IndexByte("xXoObB", text[1]) >= 0 {
		return &IntLit{span, strings.ToLower(text)}
	}
	if strings.ContainsAny(text, ".eE") {
		v, _ := strconv.ParseFloat(text, 64) // out of range gives an infinity, as in Python
		return &FloatLit{span, v}
	}
	if strings.Trim(text, "0") == "" {
		text = "0"
	}
	if len(text) > maxDigits {
		p.failTok(t, "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; write it in hexadecimal", maxDigits, len(text))
	}
	return &IntLit{span, text}
}
