package lang

import (
	"strconv"
	"strings"

	"batos/image"
)

// fieldFormatter is the state of one s.format(...) or s.format_map(...).
type fieldFormatter struct {
	m       *Machine
	pos     []Value
	names   []string
	kw      []Value
	mapping Value
	auto    int  // the next automatic number
	manual  bool // numbers have been written
	counted bool // automatic numbers have been used
}

func strFormat(m *Machine, a *Args) (Value, error) {
	f := &fieldFormatter{m: m, pos: a.Pos, names: a.Names, kw: a.Kw}
	return f.run(a.Self.Str())
}

func strFormatMap(m *Machine, a *Args) (Value, error) {
	f := &fieldFormatter{m: m, mapping: a.Pos[0]}
	return f.run(a.Self.Str())
}

func (f *fieldFormatter) run(format string) (Value, error) {
	if err := f.m.room(int64(len(format))); err != nil {
		return Value{}, err
	}
	s, err := f.expand(format, 2)
	if err != nil {
		return Value{}, err
	}
	return f.m.NewStr(s)
}

// expand replaces the fields of a format; depth counts the nesting that is
// still allowed.
func (f *fieldFormatter) expand(format string, depth int) (string, error) {
	if depth <= 0 {
		return "", raiseText(ValueError, "Max string recursion exceeded")
	}
	var b []byte
	for i := 0; i < len(format); {
		c := format[i]
		if c != '{' && c != '}' {
			j := strings.IndexAny(format[i:], "{}")
			if j < 0 {
				j = len(format) - i
			}
			b = append(b, format[i:i+j]...)
			i += j
			continue
		}
		if i+1 < len(format) && format[i+1] == c {
			b = append(b, c)
			i += 2
			continue
		}
		if c == '}' {
			return "", raiseText(ValueError, "Single '}' encountered in format string")
		}
		if i+1 == len(format) {
			return "", raiseText(ValueError, "Single '{' encountered in format string")
		}
		text, next, err := f.field(format, i+1, depth)
		if err != nil {
			return "", err
		}
		if err := f.m.room(int64(len(text))); err != nil {
			return "", err
		}
		b = append(b, text...)
		i = next
	}
	return string(b), nil
}

// field expands the replacement field that starts behind a brace at i.
func (f *fieldFormatter) field(format string, i, depth int) (string, int, error) {
	// Find the end of the name: a colon, an exclamation mark or the brace;
	// brackets hide them.
	j := i
	for ; j < len(format); j++ {
		c := format[j]
		if c == '[' {
			k := strings.IndexByte(format[j:], ']')
			if k < 0 {
				j = len(format)
				break
			}
			j += k
			continue
		}
		if c == '{' {
			return "", 0, raiseText(ValueError, "unexpected '{' in field name")
		}
		if c == '}' || c == ':' || c == '!' {
			break
		}
	}
	if j >= len(format) {
		return "", 0, raiseText(ValueError, "expected '}' before end of string")
	}
	name := format[i:j]
	conversion := byte(0)
	if format[j] == '!' {
		if j+1 >= len(format) {
			return "", 0, raiseText(ValueError, "end of string while looking for conversion specifier")
		}
		conversion = format[j+1]
		if j+2 >= len(format) {
			return "", 0, raiseText(ValueError, "unmatched '{' in format spec")
		}
		j += 2
		if format[j] != ':' && format[j] != '}' {
			return "", 0, raiseText(ValueError, "expected ':' after conversion specifier")
		}
	}
	spec := ""
	if format[j] == ':' {
		start, open := j+1, 1
		for j++; j < len(format); j++ {
			if format[j] == '{' {
				open++
			} else if format[j] == '}' {
				if open--; open == 0 {
					break
				}
			}
		}
		if j >= len(format) {
			return "", 0, raiseText(ValueError, "unmatched '{' in format spec")
		}
		spec = format[start:j]
	}
	v, err := f.lookup(name)
	if err != nil {
		return "", 0, err
	}
	switch conversion {
	case 0, 'r', 's', 'a':
	default:
		return "", 0, raise(ValueError, "Unknown conversion specifier %c", conversion)
	}
	if strings.ContainsAny(spec, "{}") {
		if spec, err = f.expand(spec, depth-1); err != nil {
			return "", 0, err
		}
	}
	text, err := f.m.Format(v, conversion, spec)
	return text, j + 1, err
}

// lookup finds what a field name such as a.b[0] means. An attribute of an image
// object needs the language, so it is refused with the way out.
func (f *fieldFormatter) lookup(name string) (Value, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	v, err := f.first(name[:end])
	if err != nil {
		return Value{}, err
	}
	rest := name[end:]
	for rest != "" {
		if rest[0] == '.' {
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			attr := rest[1 : end+1]
			if attr == "" {
				return Value{}, raiseText(ValueError, "Empty attribute in format string")
			}
			if v, err = f.attribute(v, attr); err != nil {
				return Value{}, err
			}
			rest = rest[end+1:]
			continue
		}
		if rest[0] != '[' {
			return Value{}, raiseText(ValueError, "Only '.' or '[' may follow ']' in format field specifier")
		}
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return Value{}, raiseText(ValueError, "Missing ']' in format string")
		}
		text := rest[1:end]
		if text == "" {
			return Value{}, raiseText(ValueError, "Empty attribute in format string")
		}
		key := Value{}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && isDigit(text[0]) {
			key = image.Int(n)
		} else if key, err = f.m.NewStr(text); err != nil {
			return Value{}, err
		}
		if v.IsObject() {
			if v, err = f.attribute(v, text); err != nil {
				return Value{}, err
			}
		} else if v, err = f.m.GetItem(v, key); err != nil {
			return Value{}, err
		}
		rest = rest[end+1:]
	}
	return v, nil
}

func (f *fieldFormatter) attribute(v Value, name string) (Value, error) {
	return f.m.getNamed(v, name)
}

func (f *fieldFormatter) first(name string) (Value, error) {
	number := -1
	switch {
	case name == "":
		if f.manual {
			return Value{}, raiseText(ValueError, "cannot switch from manual field specification to automatic field numbering")
		}
		f.counted = true
		number = f.auto
		f.auto++
	case isDigit(name[0]):
		n, err := strconv.Atoi(name)
		if err != nil {
			if strings.Trim(name, "0123456789") == "" {
				return Value{}, raiseText(ValueError, "Too many decimal digits in format string")
			}
			break
		}
		if f.counted {
			return Value{}, raiseText(ValueError, "cannot switch from automatic field numbering to manual field specification")
		}
		f.manual = true
		number = n
	}
	if number >= 0 {
		if !f.mapping.Absent() {
			return Value{}, raiseText(ValueError, "Format string contains positional fields")
		}
		if number >= len(f.pos) {
			return Value{}, raise(IndexError, "Replacement index %d out of range for positional args tuple", number)
		}
		return f.pos[number], nil
	}
	if !f.mapping.Absent() {
		key, err := f.m.NewStr(name)
		if err != nil {
			return Value{}, err
		}
		return f.m.GetItem(f.mapping, key)
	}
	for i, n := range f.names {
		if n == name {
			return f.kw[i], nil
		}
	}
	return Value{}, raiseValue(KeyError, image.NewStr(name))
}
