package main

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"batos/image"
)

// show writes a plain value as people read it: a text as it is, anything else
// as the language's repr would print it.
func show(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	var b strings.Builder
	repr(&b, v)
	return b.String()
}

func repr(b *strings.Builder, v any) {
	switch x := v.(type) {
	case nil:
		b.WriteString("None")
	case bool:
		if x {
			b.WriteString("True")
		} else {
			b.WriteString("False")
		}
	case int64:
		b.WriteString(strconv.FormatInt(x, 10))
	case *big.Int:
		b.WriteString(x.String())
	case float64:
		b.WriteString(floatRepr(x))
	case string:
		b.WriteString(quote(x))
	case []byte:
		fmt.Fprintf(b, "b%s", strconv.Quote(string(x)))
	case image.Ref:
		fmt.Fprintf(b, "@%d", uint64(x))
	case image.PlainBlob:
		fmt.Fprintf(b, "blob(%x, size=%d)", x.Hash, x.Size)
	case time.Time:
		b.WriteString(x.UTC().Format(time.RFC3339Nano))
	case image.PlainSet:
		if len(x) == 0 {
			b.WriteString("set()")
			return
		}
		reprItems(b, "{", x, "}")
	case []any:
		reprItems(b, "[", x, "]")
	case *image.Map:
		b.WriteByte('{')
		for i, e := range x.Entries {
			if i > 0 {
				b.WriteString(", ")
			}
			repr(b, e.Key)
			b.WriteString(": ")
			repr(b, e.Value)
		}
		b.WriteByte('}')
	default:
		fmt.Fprint(b, x)
	}
}

func reprItems(b *strings.Builder, open string, items []any, end string) {
	b.WriteString(open)
	for i, item := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		repr(b, item)
	}
	b.WriteString(end)
}

// floatRepr is the shortest text that reads back as f, in Python's form.
func floatRepr(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	abs := math.Abs(f)
	if abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// quote writes a text as Python's repr does, for the printable part of it.
func quote(s string) string {
	mark := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		mark = '"'
	}
	var b strings.Builder
	b.WriteByte(mark)
	for _, r := range s {
		switch {
		case r == rune(mark) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte(mark)
	return b.String()
}
