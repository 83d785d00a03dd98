package syntax

import (
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/runenames"
)

// literal is one string token taken apart.
type literal struct {
	tok           token
	raw, bytes, f bool
	body          string
	bodyOff       int // byte offset of the body in the text
}

func takeApart(t token) literal {
	l := literal{tok: t}
	i := strings.IndexAny(t.text, `"'`)
	for _, c := range strings.ToLower(t.text[:i]) {
		switch c {
		case 'r':
			l.raw = true
		case 'b':
			l.bytes = true
		case 'f':
			l.f = true
		}
	}
	quote := 1
	if len(t.text)-i >= 6 && t.text[i+1] == t.text[i] && t.text[i+2] == t.text[i] {
		quote = 3
	}
	l.body = t.text[i+quote : len(t.text)-quote]
	l.bodyOff = int(t.off) + i + quote
	return l
}

// strings reads adjacent string literals into one node.
func (p *parser) strings() Expr {
	first := p.tok()
	bytes := takeApart(first).bytes
	var b strings.Builder
	var f *fstring // once there is an f-string among them
	for p.tok().kind == tString {
		l := takeApart(p.next())
		if l.bytes != bytes {
			p.failSpan(p.from(first.start), "cannot mix bytes and nonbytes literals")
		}
		at := Span{l.tok.start, l.tok.end}
		if l.f && f == nil {
			f = &fstring{p: p}
			f.text(Span{first.start, at.Start}, b.String())
		}
		switch {
		case l.bytes:
			b.WriteString(p.bytesBody(l))
		case l.f:
			f.literal(l)
		case f != nil:
			f.text(at, p.decode(l, l.body))
		default:
			b.WriteString(p.decode(l, l.body))
		}
	}
	span := p.from(first.start)
	switch {
	case bytes:
		return &BytesLit{span, b.String()}
	case f != nil:
		return &FString{span, f.take()}
	}
	return &StrLit{span, b.String()}
}

// bytesBody is the value of a bytes literal.
func (p *parser) bytesBody(l literal) string {
	for i := 0; i < len(l.body); i++ {
		if l.body[i] >= utf8.RuneSelf {
			p.failTok(l.tok, "bytes can only contain ASCII literal characters")
		}
	}
	if l.raw || strings.IndexByte(l.body, '\\') < 0 {
		return l.body
	}
	b := make([]byte, 0, len(l.body))
	for s := l.body; s != ""; {
		if s[0] != '\\' {
			b = append(b, s[0])
			s = s[1:]
			continue
		}
		c, n := simpleEscape(s)
		switch {
		case n > 0 && c >= 0:
			b = append(b, byte(c))
		case n > 0: // a joined line
		case s[1] == 'x':
			v, k := hex(s[2:], 2)
			if k < 2 {
				p.failTok(l.tok, "(value error) invalid \\x escape at position %d", len(l.body)-len(s))
			}
			b = append(b, byte(v))
			n = 4
		default: // an unknown escape stays as it is
			b = append(b, s[0], s[1])
			n = 2
		}
		s = s[n:]
	}
	return string(b)
}

// simpleEscape reads the escapes that str and bytes share at the start of s:
// the character, -1 for none, and how long the escape is, 0 for another escape.
func simpleEscape(s string) (c rune, n int) {
	switch s[1] {
	case '\n':
		return -1, 2
	case '\\', '\'', '"':
		return rune(s[1]), 2
	case 'a':
		return 7, 2
	case 'b':
		return 8, 2
	case 'f':
		return 12, 2
	case 'n':
		return 10, 2
	case 'r':
		return 13, 2
	case 't':
		return 9, 2
	case 'v':
		return 11, 2
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n = 1
		for n < 4 && n < len(s) && '0' <= s[n] && s[n] <= '7' {
			c = c<<3 | rune(s[n]-'0')
			n++
		}
		return c, n
	}
	return 0, 0
}

// hex reads up to n hexadecimal digits.
func hex(s string, n int) (v rune, k int) {
	for k < n && k < len(s) {
		c := s[k]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return v, k
		}
		v = v<<4 | rune(c)
		k++
	}
	return v, k
}

// decode gives the text of a piece of a str literal.
func (p *parser) decode(l literal, body string) string {
	if l.raw || strings.IndexByte(body, '\\') < 0 {
		return body
	}
	var b strings.Builder
	b.Grow(len(body))
	bad := func(s string, n int, what string) {
		// CPython decodes a text in which a character above ASCII takes ten bytes.
		from := 0
		for _, r := range body[:len(body)-len(s)] {
			if from++; r >= utf8.RuneSelf {
				from += 9
			}
		}
		at := fmt.Sprintf("bytes in position %d-%d", from, from+n-1)
		if n == 1 {
			at = fmt.Sprintf("byte 0x5c in position %d", from)
		}
		p.failTok(l.tok, "(unicode error) 'unicodeescape' codec can't decode %s: %s", at, what)
	}
	for s := body; s != ""; {
		if i := strings.IndexByte(s, '\\'); i != 0 {
			if i < 0 {
				i = len(s)
			}
			b.WriteString(s[:i])
			s = s[i:]
			continue
		}
		if len(s) == 1 { // in a piece of an f-string: \ before a brace
			b.WriteByte('\\')
			break
		}
		c, n := simpleEscape(s)
		if n > 0 {
			if c >= 0 {
				b.WriteRune(c)
			}
			s = s[n:]
			continue
		}
		want, form := 0, ""
		switch s[1] {
		case 'x':
			want, form = 2, `\xXX`
		case 'u':
			want, form = 4, `\uXXXX`
		case 'U':
			want, form = 8, `\UXXXXXXXX`
		case 'N':
			end := strings.IndexByte(s, '}')
			if len(s) < 3 || s[2] != '{' || end < 4 {
				n := min(len(s), 2)
				if len(s) > 2 && s[2] == '{' {
					n = 3
					if end < 0 {
						n = len(s)
					}
				}
				bad(s, n, `malformed \N character escape`)
			}
			r, ok := runeNamed(s[3:end])
			if !ok {
				bad(s, end+1, "unknown Unicode character name")
			}
			b.WriteRune(r)
			s = s[end+1:]
			continue
		default:
			b.WriteByte('\\')
			s = s[1:]
			continue
		}
		r, k := hex(s[2:], want)
		if k < want {
			bad(s, 2+k, "truncated "+form+" escape")
		}
		if uint32(r) > utf8.MaxRune {
			bad(s, 2+want, "illegal Unicode character")
		}
		if 0xD800 <= r && r < 0xE000 {
			p.failTok(l.tok, "half of a surrogate pair (%s) is no character: write the character itself or its \\U escape", s[:2+want])
		}
		b.WriteRune(r)
		s = s[2+want:]
	}
	return b.String()
}

var runesByName = sync.OnceValue(func() map[string]rune {
	m := make(map[string]rune, 40_000)
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if 0x3400 <= r && r < 0xA000 || 0xAC00 <= r && r < 0xF900 || 0x17000 <= r && r < 0x18D00 || 0x20000 <= r && r < 0xE0000 || r >= 0xF0000 {
			continue // ideographs, syllables, private use: names by rule or none
		}
		if n := runenames.Name(r); n != "" && n[0] != '<' {
			m[n] = r
		}
	}
	return m
})

// runeNamed is the character of a \N{...} escape. Aliases and Hangul syllables
// are not known.
func runeNamed(name string) (rune, bool) {
	if digits, ok := strings.CutPrefix(name, "CJK UNIFIED IDEOGRAPH-"); ok {
		r, k := hex(digits, 5)
		return r, k == len(digits) && k >= 4 && strings.HasPrefix(runenames.Name(r), "<CJK Ideograph")
	}
	r, ok := runesByName()[strings.ToUpper(name)]
	return r, ok
}
