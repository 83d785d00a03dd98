package lang

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"batos/image"
)

// JSONDecodeError is json's own subclass of ValueError.
var JSONDecodeError = exceptionType("JSONDecodeError", ValueError)

func init() {
	typeModules[JSONDecodeError] = "json.decoder"
	modules["json"] = module("json", map[string]Value{"JSONDecodeError": JSONDecodeError.Value()}, methodTable{
		"dumps": keywords("obj *skipkeys *ensure_ascii *check_circular *allow_nan *cls *indent *separators *default *sort_keys", 1, jsonDumps),
		"loads": keywords("s *cls *object_hook *parse_float *parse_int *parse_constant *object_pairs_hook", 1, jsonLoads),
	})
}

// jsonWriter writes one value as json.dumps does.
type jsonWriter struct {
	*printer
	m           *Machine
	indent      string
	indented    bool
	item, colon string
	ascii, nan  bool
	sort, skip  bool
}

func jsonDumps(m *Machine, a *Args) (Value, error) {
	w := &jsonWriter{printer: &printer{m: m}, m: m, item: ", ", colon: ": ", ascii: true, nan: true}
	for i, flag := range map[int]*bool{1: &w.skip, 2: &w.ascii, 4: &w.nan, 9: &w.sort} {
		if v := a.at(i); !v.Absent() {
			var err error
			if *flag, err = m.Truth(v); err != nil {
				return Value{}, err
			}
		}
	}
	for i, name := range map[int]string{5: "cls", 8: "default"} {
		if v := a.at(i); !v.Absent() && !v.IsNone() {
			return Value{}, raise(TypeError, "json.dumps() takes no %s here; make plain values first", name)
		}
	}
	switch v := a.at(6); v.Kind() {
	case image.KindAbsent, image.KindNone:
	case image.KindStr:
		w.indent, w.indented, w.item = v.Str(), true, ","
	default:
		n, err := indexOf(v)
		if err != nil {
			return Value{}, err
		}
		if err := m.room(max(n, 0)); err != nil {
			return Value{}, err
		}
		w.indent, w.indented, w.item = repeatText(" ", int(n)), true, ","
	}
	if v := a.at(7); !v.Absent() && !v.IsNone() {
		items, err := m.itemsOf(v)
		if err != nil {
			return Value{}, err
		}
		if len(items) != 2 || items[0].Kind() != image.KindStr || items[1].Kind() != image.KindStr {
			return Value{}, raiseText(TypeError, "separators must be two strings")
		}
		w.item, w.colon = items[0].Str(), items[1].Str()
	}
	if err := w.value(a.Pos[0]); err != nil {
		return Value{}, err
	}
	return m.NewStr(string(w.b))
}

func (w *jsonWriter) value(v Value) error {
	if err := w.pay(); err != nil {
		return err
	}
	switch v.Kind() {
	case image.KindNone:
		w.text("null")
	case image.KindBool:
		w.text(map[bool]string{true: "true", false: "false"}[v.AsBool()])
	case image.KindInt, image.KindBig:
		return w.repr(v)
	case image.KindFloat:
		return w.float(v.AsFloat())
	case image.KindStr:
		w.quote(v.Str())
	case image.KindList, image.KindTuple:
		items, err := w.m.itemsOf(v)
		if err != nil {
			return err
		}
		return w.array(v, items)
	default:
		if d, ok := w.m.mapping(v); ok {
			return w.object(v, d)
		}
		return raise(TypeError, "Object of type %s is not JSON serializable", typeName(v))
	}
	return nil
}

func (w *jsonWriter) float(f float64) error {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		if !w.nan {
			return raise(ValueError, "Out of range float values are not JSON compliant")
		}
		switch {
		case math.IsNaN(f):
			w.text("NaN")
		case f > 0:
			w.text("Infinity")
		default:
			w.text("-Infinity")
		}
	default:
		w.b = appendFloat(w.b, f)
	}
	return nil
}

func (w *jsonWriter) begin(v Value) error {
	for _, o := range w.open {
		if o.Same(v) {
			return raiseText(ValueError, "Circular reference detected")
		}
	}
	if len(w.open) >= maxDepth/4 {
		return raiseText(RecursionError, "maximum recursion depth exceeded while encoding a JSON object")
	}
	w.open = append(w.open, v)
	return nil
}

func (w *jsonWriter) line() error {
	if !w.indented {
		return nil
	}
	w.text("\n")
	for range w.open {
		w.text(w.indent)
		if err := w.pay(); err != nil {
			return err
		}
	}
	return nil
}

func (w *jsonWriter) array(v Value, items []Value) error {
	if len(items) == 0 {
		w.text("[]")
		return nil
	}
	if err := w.begin(v); err != nil {
		return err
	}
	w.text("[")
	for i, x := range items {
		if i > 0 {
			w.text(w.item)
		}
		if err := w.line(); err != nil {
			return err
		}
		if err := w.value(x); err != nil {
			return err
		}
	}
	w.leave()
	if err := w.line(); err != nil {
		return err
	}
	w.text("]")
	return w.m.Work(int64(len(items)))
}

func (w *jsonWriter) object(v Value, d *image.Dict) error {
	if err := w.m.Heap.Read(&d.Entity); err != nil {
		return err
	}
	if d.Len() == 0 {
		w.text("{}")
		return nil
	}
	if err := w.begin(v); err != nil {
		return err
	}
	if err := w.m.Charge(int64(d.Len()) * 4 * valueSize); err != nil {
		return err
	}
	keys, values := make([]Value, 0, d.Len()), make([]Value, 0, d.Len())
	for k, x, at, ok := d.Next(0); ok; k, x, at, ok = d.Next(at + 1) {
		keys, values = append(keys, k), append(values, x)
	}
	if w.sort {
		if err := w.m.sortItems(values, append([]Value(nil), keys...), false); err != nil {
			return err
		}
		if err := w.m.sortItems(keys, keys, false); err != nil {
			return err
		}
	}
	w.text("{")
	first := true
	for i, k := range keys {
		mark := len(w.b)
		if !first {
			w.text(w.item)
		}
		if err := w.line(); err != nil {
			return err
		}
		switch k.Kind() {
		case image.KindStr:
			w.quote(k.Str())
		case image.KindNone, image.KindBool, image.KindInt, image.KindBig, image.KindFloat:
			w.text(`"`)
			if err := w.value(k); err != nil {
				return err
			}
			w.text(`"`)
		default:
			if w.skip {
				w.b = w.b[:mark]
				continue
			}
			return raise(TypeError, "keys must be str, int, float, bool or None, not %s", typeName(k))
		}
		first = false
		w.text(w.colon)
		if err := w.value(values[i]); err != nil {
			return err
		}
	}
	w.leave()
	if err := w.line(); err != nil {
		return err
	}
	w.text("}")
	return w.m.Work(int64(2 * len(keys)))
}

func (w *jsonWriter) quote(s string) {
	const hex = "0123456789abcdef"
	w.b = append(w.b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.b = append(w.b, '\\', byte(r))
		case r == '\n':
			w.b = append(w.b, '\\', 'n')
		case r == '\r':
			w.b = append(w.b, '\\', 'r')
		case r == '\t':
			w.b = append(w.b, '\\', 't')
		case r == '\b':
			w.b = append(w.b, '\\', 'b')
		case r == '\f':
			w.b = append(w.b, '\\', 'f')
		case r < ' ':
			w.b = append(w.b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		case r < 0x7f || r == 0x7f && !w.ascii:
			w.b = append(w.b, byte(r))
		case !w.ascii:
			w.b = utf8.AppendRune(w.b, r)
		case r > 0xffff:
			r -= 0x10000
			for _, u := range [2]rune{0xd800 + r>>10, 0xdc00 + r&0x3ff} {
				w.b = append(w.b, '\\', 'u', hex[u>>12&15], hex[u>>8&15], hex[u>>4&15], hex[u&15])
			}
		default:
			w.b = append(w.b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		}
	}
	w.b = append(w.b, '"')
}

// jsonReader reads one text as json.loads does.
type jsonReader struct {
	m     *Machine
	s     string
	i     int
	depth int
}

func jsonLoads(m *Machine, a *Args) (Value, error) {
	for i := 1; i < 7; i++ {
		if v := a.at(i); !v.Absent() && !v.IsNone() {
			return Value{}, raiseText(TypeError, "json.loads() takes no hooks here; change the result instead")
		}
	}
	v := a.Pos[0]
	if k := v.Kind(); k != image.KindStr && k != image.KindBytes {
		return Value{}, raise(TypeError, "the JSON object must be str, bytes or bytearray, not %s", typeName(v))
	}
	text := textOrBytes(v)
	if v.Kind() == image.KindBytes {
		t, err := m.decode(text, "utf-8", "strict")
		if err != nil {
			return Value{}, err
		}
		text = t.Str()
	}
	if err := m.Work(int64(len(text)) / 4); err != nil {
		return Value{}, err
	}
	r := &jsonReader{m: m, s: text}
	if strings.HasPrefix(text, "\ufeff") {
		return Value{}, r.fail("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0)
	}
	r.space()
	x, err := r.value()
	if err != nil {
		return Value{}, err
	}
	r.space()
	if r.i < len(r.s) {
		return Value{}, r.fail("Extra data", r.i)
	}
	return x, nil
}

// fail raises JSONDecodeError at a byte offset.
func (r *jsonReader) fail(msg string, at int) error {
	return &Raised{jsonDecodeError(msg, r.s, at)}
}

func (r *jsonReader) space() {
	for r.i < len(r.s) && strings.IndexByte(" \t\n\r", r.s[r.i]) >= 0 {
		r.i++
	}
}

func (r *jsonReader) value() (Value, error) {
	if r.i >= len(r.s) {
		return Value{}, r.fail("Expecting value", r.i)
	}
	switch c := r.s[r.i]; {
	case c == '"':
		s, err := r.str()
		if err != nil {
			return Value{}, err
		}
		return r.m.NewStr(s)
	case c == '{':
		return r.nested(r.object)
	case c == '[':
		return r.nested(r.array)
	case c == '-' || isDigit(c):
		if v, ok, err := r.number(); ok || err != nil {
			return v, err
		}
	}
	for _, word := range jsonWords {
		if strings.HasPrefix(r.s[r.i:], word.text) {
			r.i += len(word.text)
			return word.value, nil
		}
	}
	return Value{}, r.fail("Expecting value", r.i)
}

var jsonWords = []struct {
	text  string
	value Value
}{
	{"null", image.None()}, {"true", image.Bool(true)}, {"false", image.Bool(false)},
	{"NaN", image.Float(math.NaN())}, {"Infinity", image.Float(math.Inf(1))}, {"-Infinity", image.Float(math.Inf(-1))},
}

func (r *jsonReader) nested(read func() (Value, error)) (Value, error) {
	if r.depth++; r.depth > maxDepth {
		return Value{}, raiseText(RecursionError, "maximum recursion depth exceeded while decoding a JSON document")
	}
	v, err := read()
	r.depth--
	return v, err
}

func (r *jsonReader) number() (Value, bool, error) {
	i := r.i
	if r.s[i] == '-' {
		i++
	}
	start := i
	for i < len(r.s) && isDigit(r.s[i]) {
		i++
	}
	if i == start {
		return Value{}, false, nil
	}
	if r.s[start] == '0' {
		i = start + 1
	}
	whole := true
	if i+1 < len(r.s) && r.s[i] == '.' && isDigit(r.s[i+1]) {
		whole = false
		for i++; i < len(r.s) && isDigit(r.s[i]); i++ {
		}
	}
	if i < len(r.s) && r.s[i]|0x20 == 'e' {
		j := i + 1
		if j < len(r.s) && (r.s[j] == '+' || r.s[j] == '-') {
			j++
		}
		if j < len(r.s) && isDigit(r.s[j]) {
			whole = false
			for i = j; i < len(r.s) && isDigit(r.s[i]); i++ {
			}
		}
	}
	text := r.s[r.i:i]
	r.i = i
	if whole {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return image.Int(n), true, nil
		}
		v, ok, err := r.m.parseInt(text, 10)
		return v, ok, err
	}
	f, _ := strconv.ParseFloat(text, 64)
	return image.Float(f), true, nil
}

// str reads a text that starts at a quote.
func (r *jsonReader) str() (string, error) {
	begin := r.i
	r.i++
	start := r.i
	var b []byte
	for {
		if r.i >= len(r.s) {
			return "", r.fail("Unterminated string starting at", begin)
		}
		c := r.s[r.i]
		switch {
		case c == '"':
			text := r.s[start:r.i]
			r.i++
			if b == nil {
				return text, nil
			}
			return string(append(b, text...)), nil
		case c < ' ':
			return "", r.fail("Invalid control character at", r.i)
		case c != '\\':
			r.i++
			continue
		}
		b = append(b, r.s[start:r.i]...)
		if b == nil {
			b = []byte{}
		}
		r.i++
		if r.i >= len(r.s) {
			return "", r.fail("Unterminated string starting at", begin)
		}
		c = r.s[r.i]
		if at := strings.IndexByte(`"\/bfnrt`, c); at >= 0 {
			b = append(b, "\"\\/\b\f\n\r\t"[at])
			r.i++
		} else if c == 'u' {
			u, ok := r.hex4(r.i + 1)
			if !ok {
				return "", r.fail("Invalid \\uXXXX escape", r.i)
			}
			r.i += 5
			if u >= 0xd800 && u < 0xdc00 && strings.HasPrefix(r.s[r.i:], `\u`) {
				if low, ok := r.hex4(r.i + 2); ok && low >= 0xdc00 && low < 0xe000 {
					u = 0x10000 + (u-0xd800)<<10 + (low - 0xdc00)
					r.i += 6
				}
			}
			b = utf8.AppendRune(b, u)
		} else {
			return "", r.fail("Invalid \\escape", r.i-1)
		}
		start = r.i
	}
}

func (r *jsonReader) hex4(at int) (rune, bool) {
	if at+4 > len(r.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(r.s[at:at+4], 16, 32)
	return rune(n), err == nil
}

func (r *jsonReader) array() (Value, error) {
	r.i++
	var items []Value
	r.space()
	if r.i < len(r.s) && r.s[r.i] == ']' {
		r.i++
		return r.m.NewList(nil)
	}
	for {
		v, err := r.value()
		if err != nil {
			return Value{}, err
		}
		if err := r.m.Charge(valueSize); err != nil {
			return Value{}, err
		}
		items = append(items, v)
		r.space()
		if r.i >= len(r.s) {
			return Value{}, r.fail("Expecting ',' delimiter", r.i)
		}
		switch r.s[r.i] {
		case ']':
			r.i++
			return r.m.listOf(items)
		case ',':
			r.i++
			r.space()
		default:
			return Value{}, r.fail("Expecting ',' delimiter", r.i)
		}
	}
}

func (r *jsonReader) object() (Value, error) {
	r.i++
	d, err := r.m.NewDict()
	if err != nil {
		return Value{}, err
	}
	r.space()
	if r.i < len(r.s) && r.s[r.i] == '}' {
		r.i++
		return d, nil
	}
	for {
		if r.i >= len(r.s) || r.s[r.i] != '"' {
			return Value{}, r.fail("Expecting property name enclosed in double quotes", r.i)
		}
		s, err := r.str()
		if err != nil {
			return Value{}, err
		}
		key, err := r.m.NewStr(s)
		if err != nil {
			return Value{}, err
		}
		r.space()
		if r.i >= len(r.s) || r.s[r.i] != ':' {
			return Value{}, r.fail("Expecting ':' delimiter", r.i)
		}
		r.i++
		r.space()
		v, err := r.value()
		if err != nil {
			return Value{}, err
		}
		if err := r.m.dictSet(d.Dict(), key, v); err != nil {
			return Value{}, err
		}
		r.space()
		if r.i >= len(r.s) {
			return Value{}, r.fail("Expecting ',' delimiter", r.i)
		}
		switch r.s[r.i] {
		case '}':
			r.i++
			return d, nil
		case ',':
			r.i++
			r.space()
		default:
			return Value{}, r.fail("Expecting ',' delimiter", r.i)
		}
	}
}
