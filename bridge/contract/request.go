package contract

import (
	"reflect"
	"unicode/utf8"

	"github.com/tinylib/msgp/msgp"

	"batos/image"
)

// Request is one decoded request. Fields points to the command's own struct,
// as Commands names it (*Send for "send").
type Request struct {
	V       int // 0 when the frame had none
	ID      string
	Command *Command
	Fields  any
}

// DecodeRequest reads a frame. It does not keep the frame. With an error it
// gives as much as it understood, so that the refusal can name the id.
func DecodeRequest(frame []byte) (Request, *Error) {
	var r Request
	if len(frame) > MaxFrame {
		return r, Errorf(CodeTooLarge, "the frame has %d bytes; the limit is %d", len(frame), MaxFrame)
	}
	v, err := DecodeValue(frame)
	if err != nil {
		r.salvage(frame)
		return r, err.(*Error)
	}
	m, ok := v.(*image.Map)
	if !ok {
		return r, Errorf(CodeBadFrame, "want one map, got %s", kindName(v))
	}
	bad := r.Bind(m)
	return r, bad
}

// salvage finds the id and the command in a frame that does not decode, as far
// as it can be read: what is wrong may be one value of many.
func (r *Request) salvage(frame []byte) {
	n, b, err := msgp.ReadMapHeaderBytes(frame)
	for ; n > 0 && err == nil; n-- {
		var key, value []byte
		key, b, err = skipValue(b)
		if err == nil {
			value, b, err = skipValue(b)
		}
		if err != nil {
			return
		}
		name, _, _ := msgp.ReadStringZC(key)
		switch text, _, bad := msgp.ReadStringZC(value); {
		case bad != nil || !validText(text):
		case string(name) == "id":
			if n := utf8.RuneCount(text); n > 0 && n <= MaxID {
				r.ID = string(text)
			}
		case string(name) == "command":
			r.Command = commandByName[string(text)]
		}
	}
}

// skipValue cuts one value off the front of b, of any depth and with
// extensions of any type.
func skipValue(b []byte) (value, rest []byte, err error) {
	rest = b
	for left := uint64(1); left > 0; left-- {
		if len(rest) == 0 {
			return nil, nil, msgp.ErrShortBytes
		}
		inside := uint32(0)
		switch lead := rest[0]; {
		case lead >= 0x80 && lead <= 0x8f || lead == 0xde || lead == 0xdf:
			inside, rest, err = msgp.ReadMapHeaderBytes(rest)
			left += uint64(inside) // values, on top of the keys
		case lead >= 0x90 && lead <= 0x9f || lead == 0xdc || lead == 0xdd:
			inside, rest, err = msgp.ReadArrayHeaderBytes(rest)
		default:
			rest, err = msgp.Skip(rest)
		}
		if err != nil {
			return nil, nil, err
		}
		left += uint64(inside)
	}
	return b[:len(b)-len(rest)], rest, nil
}

// Bind reads a request from a map: the plain form of a frame.
func (r *Request) Bind(m *image.Map) *Error {
	id, _ := m.Get("id")
	switch id := id.(type) {
	case nil:
	case string:
		if n := utf8.RuneCountInString(id); n == 0 || n > MaxID {
			return Errorf(CodeBadField, "id: want 1 to %d characters, got %d", MaxID, n)
		}
		r.ID = id
	default:
		return wrongType("id", "text", id)
	}
	switch v, _ := m.Get("v"); v {
	case nil:
	case int64(Version):
		r.V = Version
	default:
		if _, ok := v.(int64); !ok {
			return Errorf(CodeBadVersion, "v: want the number %d, got %s", Version, kindName(v))
		}
		return Errorf(CodeBadVersion, "v: this image speaks version %d, not %d", Version, v)
	}
	command, ok := m.Get("command")
	name, text := command.(string)
	switch {
	case !ok:
		return Errorf(CodeBadField, "command: the field is missing")
	case !text:
		return wrongType("command", "text", command)
	}
	if r.Command = commandByName[name]; r.Command == nil {
		return Errorf(CodeUnknownCommand, "there is no command %.64q; did you mean %s?", name, Nearest(name, commandNames))
	}
	fields := reflect.New(r.Command.Fields)
	if err := recordOf(r.Command.Fields).bindEntries(m.Entries, fields.Elem(), "", true, enveloped); err != nil {
		return err
	}
	r.Fields = fields.Interface()
	return check(r.Fields)
}

// enveloped tells the names that every request has.
func enveloped(name string) bool { return name == "v" || name == "id" || name == "command" }

// AppendRequest appends the frame of a request. fields is the command's
// struct, a pointer to it, an *image.Map, or nil.
func AppendRequest(b []byte, id, command string, fields any) ([]byte, error) {
	head := func(n int) {
		b = msgp.AppendMapHeader(b, uint32(3+n))
		b = msgp.AppendInt64(append(b, "\xa1v"...), Version)
		b = msgp.AppendString(append(b, "\xa2id"...), id)
		b = msgp.AppendString(append(b, "\xa7command"...), command)
	}
	if m, ok := fields.(*image.Map); ok || fields == nil {
		if m == nil {
			head(0)
			return b, nil
		}
		head(len(m.Entries))
		var err error
		for _, e := range m.Entries {
			if b, err = appendValue(b, e.Key, 1); err != nil {
				return b, err
			}
			if b, err = appendValue(b, e.Value, 1); err != nil {
				return b, err
			}
		}
		return b, nil
	}
	v := reflect.Indirect(reflect.ValueOf(fields))
	if v.Kind() != reflect.Struct {
		return b, Errorf(CodeInternal, "the fields of a request are a struct or a map, not %v", v.Type())
	}
	r := recordOf(v.Type())
	n, skip := r.present(v)
	head(n)
	return r.appendFields(b, v, 1, skip)
}
