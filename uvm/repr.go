package uvm

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"batos/image"
	"batos/store"
)

// maxRepr bounds the text form of a large reply's value, in bytes.
const maxRepr = 10_000

// replyRepr is the value as the language's own repr prints it; a very large one,
// or one for which the message's limits are too narrow, is shown in part.
func (w *worker) replyRepr(v image.Value) string {
	if n, err := elements(w.heap, v); err == nil && n <= maxShown {
		if text, err := w.lang.Repr(v); err == nil {
			return text
		}
	}
	return w.repr(v, maxRepr)
}

// repr is shortRepr in the worker's transaction; what cannot be read is shown
// as such.
func (w *worker) repr(v image.Value, limit int) string {
	text, err := shortRepr(w.heap, v, limit)
	if err != nil {
		return fmt.Sprintf("<%v that cannot be read: %v>", v.Kind(), err)
	}
	return text
}

// shortRepr writes a value for people, nearly as the language's repr does, in
// about limit bytes. It sends nothing. Objects are shown as
// <UvmObject @42 slots=['a', 'b']>.
func shortRepr(h *image.Heap, v image.Value, limit int) (string, error) {
	p := printer{heap: h, limit: limit}
	err := p.value(v, 0)
	return p.b.String(), err
}

type printer struct {
	heap  *image.Heap
	b     strings.Builder
	limit int
}

const maxReprDepth = 12

func (p *printer) full() bool { return p.b.Len() >= p.limit }

func (p *printer) value(v image.Value, depth int) error {
	if depth > maxReprDepth {
		p.b.WriteString("...")
		return nil
	}
	switch v.Kind() {
	case image.KindNone, image.KindAbsent:
		p.b.WriteString("None")
	case image.KindBool:
		p.b.WriteString(map[bool]string{true: "True", false: "False"}[v.AsBool()])
	case image.KindInt:
		p.b.WriteString(strconv.FormatInt(v.AsInt(), 10))
	case image.KindBig:
		if v.Big().BitLen() > 4*p.limit+64 {
			fmt.Fprintf(&p.b, "<int of %d bits>", v.Big().BitLen())
		} else {
			p.b.WriteString(v.Big().String())
		}
	case image.KindFloat:
		p.b.WriteString(floatText(v.AsFloat()))
	case image.KindStr:
		p.quoted(v.Str(), quote)
	case image.KindBytes:
		p.quoted(v.Bytes(), quoteBytes)
	case image.KindTuple:
		p.b.WriteByte('(')
		if err := p.items(v.Tuple(), depth); err != nil {
			return err
		}
		if len(v.Tuple()) == 1 {
			p.b.WriteByte(',')
		}
		p.b.WriteByte(')')
	case image.KindList:
		if err := p.heap.Read(v.Entity()); err != nil {
			return err
		}
		p.b.WriteByte('[')
		if err := p.items(v.List().Items, depth); err != nil {
			return err
		}
		p.b.WriteByte(']')
	case image.KindDict:
		return p.dict(v.Dict(), depth)
	case image.KindSet, image.KindFrozenSet:
		return p.set(v.Set(), depth)
	case image.KindMethod:
		p.b.WriteString("<method " + signature(v.Method().Source) + ">")
	case image.KindBlob:
		fmt.Fprintf(&p.b, "<blob %s of %d bytes>", hex.EncodeToString(v.Blob().Hash[:6]), v.Blob().Size)
	case image.KindObject:
		return p.object(v.Object())
	default:
		fmt.Fprintf(&p.b, "<%v>", v.Kind())
	}
	return nil
}

func (p *printer) quoted(s string, write func(*strings.Builder, string)) {
	if room := p.limit - p.b.Len(); len(s) > room && room >= 0 {
		cut := max(0, room)
		for cut > 0 && cut < len(s) && s[cut]&0xc0 == 0x80 {
			cut--
		}
		write(&p.b, s[:cut])
		p.b.WriteString("...")
		return
	}
	write(&p.b, s)
}

func (p *printer) items(items []image.Value, depth int) error {
	for i, item := range items {
		if i > 0 {
			p.b.WriteString(", ")
		}
		if p.full() {
			fmt.Fprintf(&p.b, "... %d more", len(items)-i)
			return nil
		}
		if err := p.value(item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (p *printer) dict(d *image.Dict, depth int) error {
	if err := p.heap.Read(&d.Entity); err != nil {
		return err
	}
	p.b.WriteByte('{')
	n := 0
	for key, val, at, ok := d.Next(0); ok; key, val, at, ok = d.Next(at + 1) {
		if n > 0 {
			p.b.WriteString(", ")
		}
		if p.full() {
			fmt.Fprintf(&p.b, "... %d more", d.Len()-n)
			break
		}
		n++
		if err := p.value(key, depth+1); err != nil {
			return err
		}
		p.b.WriteString(": ")
		if err := p.value(val, depth+1); err != nil {
			return err
		}
	}
	p.b.WriteByte('}')
	return nil
}

func (p *printer) set(s *image.Set, depth int) error {
	if err := p.heap.Read(&s.Entity); err != nil {
		return err
	}
	frozen := s.Kind() == image.KindFrozenSet
	if s.Len() == 0 {
		p.b.WriteString(map[bool]string{true: "frozenset()", false: "set()"}[frozen])
		return nil
	}
	if frozen {
		p.b.WriteString("frozenset(")
	}
	p.b.WriteByte('{')
	n := 0
	for key, at, ok := s.Next(0); ok; key, at, ok = s.Next(at + 1) {
		if n > 0 {
			p.b.WriteString(", ")
		}
		if p.full() {
			fmt.Fprintf(&p.b, "... %d more", s.Len()-n)
			break
		}
		n++
		if err := p.value(key, depth+1); err != nil {
			return err
		}
	}
	p.b.WriteByte('}')
	if frozen {
		p.b.WriteByte(')')
	}
	return nil
}

func (p *printer) object(o *image.Object) error {
	if err := p.heap.Read(&o.Entity); err != nil {
		return err
	}
	who := "new"
	if o.OID() != 0 {
		who = o.OID().String()
	}
	p.b.WriteString("<UvmObject " + who + " slots=[")
	for i, name := range o.Shape.Names() {
		if i > 0 {
			p.b.WriteString(", ")
		}
		if p.full() {
			fmt.Fprintf(&p.b, "... %d more", o.Shape.Len()-i)
			break
		}
		quote(&p.b, name.String())
	}
	p.b.WriteString("]>")
	return nil
}

// floatText is the shortest text that reads back as f, in Python's form.
func floatText(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	switch s {
	case "NaN":
		return "nan"
	case "+Inf":
		return "inf"
	case "-Inf":
		return "-inf"
	}
	mantissa, exponent, scientific := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if n, err := strconv.Atoi(exponent); scientific && err == nil && (n < -4 || n >= 16) {
		return mantissa + "e" + exponent
	}
	s = strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// quote writes a text as a literal of the language.
func quote(b *strings.Builder, s string) {
	q := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	b.WriteByte(q)
	for _, r := range s {
		switch {
		case r == rune(q) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			fmt.Fprintf(b, `\U%08x`, r)
		}
	}
	b.WriteByte(q)
}

func quoteBytes(b *strings.Builder, s string) {
	b.WriteString("b'")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= 0x20 && c < 0x7f:
			b.WriteByte(c)
		default:
			fmt.Fprintf(b, `\x%02x`, c)
		}
	}
	b.WriteByte('\'')
}

// plainText writes a plain value for people.
func plainText(v any) string {
	var b strings.Builder
	writePlain(&b, v, 0)
	return b.String()
}

func writePlain(b *strings.Builder, v any, depth int) {
	if depth > maxReprDepth || b.Len() > 2000 {
		b.WriteString("...")
		return
	}
	list := func(open, end string, items []any) {
		b.WriteString(open)
		for i, item := range items {
			if i > 0 {
				b.WriteString(", ")
			}
			writePlain(b, item, depth+1)
		}
		b.WriteString(end)
	}
	switch v := v.(type) {
	case nil:
		b.WriteString("None")
	case bool:
		b.WriteString(map[bool]string{true: "True", false: "False"}[v])
	case float64:
		b.WriteString(floatText(v))
	case string:
		if len(v) > 500 {
			v = strings.ToValidUTF8(v[:500], "") + "..."
		}
		quote(b, v)
	case []byte:
		quoteBytes(b, string(v[:min(len(v), 200)]))
	case []any:
		list("[", "]", v)
	case image.PlainSet:
		list("{", "}", v)
	case *image.Map:
		b.WriteByte('{')
		if v != nil {
			for i, e := range v.Entries {
				if i > 0 {
					b.WriteString(", ")
				}
				writePlain(b, e.Key, depth+1)
				b.WriteString(": ")
				writePlain(b, e.Value, depth+1)
			}
		}
		b.WriteByte('}')
	case image.Ref:
		b.WriteString(store.OID(v).String())
	default:
		fmt.Fprint(b, v)
	}
}

// plainType names a plain value's type as the language does.
func plainType(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case int64, *big.Int:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case []byte:
		return "bytes"
	case []any:
		return "list"
	case image.PlainSet:
		return "set"
	case *image.Map:
		return "dict"
	case image.Ref:
		return "UvmObject"
	case image.PlainBlob:
		return "blob"
	case time.Time:
		return "datetime"
	}
	return "object"
}
