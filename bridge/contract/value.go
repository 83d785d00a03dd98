package contract

import (
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/tinylib/msgp/msgp"

	"batos/image"
)

// AppendValue appends the MessagePack form of v: a plain value (see
// image.Map), a Go number, a string-keyed map, a slice, or one of this
// package's structs, which becomes a map of its json names.
func AppendValue(b []byte, v any) ([]byte, error) { return appendValue(b, v, 0) }

func appendValue(b []byte, v any, depth int) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return msgp.AppendNil(b), nil
	case bool:
		return msgp.AppendBool(b, v), nil
	case int64:
		return msgp.AppendInt64(b, v), nil
	case int:
		return msgp.AppendInt64(b, int64(v)), nil
	case float64:
		return msgp.AppendFloat64(b, v), nil
	case string:
		return msgp.AppendString(b, v), nil
	case []byte:
		return msgp.AppendBytes(b, v), nil
	case image.Ref:
		return appendRef(b, v), nil
	case *big.Int:
		return appendBig(b, v), nil
	case time.Time:
		return appendTime(b, v), nil
	case image.PlainBlob:
		return appendBlob(b, v), nil
	case Target:
		return appendValue(b, v.Object, depth)
	case Moment:
		return v.append(b), nil
	case []any:
		if depth++; depth > MaxDepth {
			return b, errTooDeep
		}
		b = msgp.AppendArrayHeader(b, uint32(len(v)))
		return appendItems(b, v, depth)
	case image.PlainSet:
		return appendSet(b, v, depth)
	case *image.Map:
		if v == nil {
			return msgp.AppendNil(b), nil
		}
		if depth++; depth > MaxDepth {
			return b, errTooDeep
		}
		if needsPairs(v) {
			return appendPairs(b, v, depth)
		}
		b = msgp.AppendMapHeader(b, uint32(len(v.Entries)))
		var err error
		for i := range v.Entries {
			if b, err = appendValue(b, v.Entries[i].Key, depth); err != nil {
				return b, err
			}
			if b, err = appendValue(b, v.Entries[i].Value, depth); err != nil {
				return b, err
			}
		}
		return b, nil
	default:
		return appendRecord(b, v, depth)
	}
}

func appendItems(b []byte, items []any, depth int) ([]byte, error) {
	var err error
	for _, item := range items {
		if b, err = appendValue(b, item, depth); err != nil {
			return b, err
		}
	}
	return b, nil
}

var errTooDeep = Errorf(CodeTooLarge, "the value has more than %d containers within containers", MaxDepth)

// DecodeValue reads one plain value that fills b. Strings and bytes are copied,
// so b may be used again. Errors are bad_frame, or too_large for what is too
// deep or has too many values.
func DecodeValue(b []byte) (any, error) {
	d := decoder{b: b, size: len(b)}
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if len(d.b) != 0 {
		return nil, d.fault("%d bytes follow the value", len(d.b))
	}
	return v, nil
}

// decoder reads plain values from the front of b. items counts the values
// read, over all nesting, against MaxItems.
type decoder struct {
	b     []byte
	size  int
	items int
}

func (d *decoder) fault(format string, a ...any) *Error {
	return Errorf(CodeBadFrame, "%s, at byte %d of the frame", fmt.Sprintf(format, a...), d.size-len(d.b))
}

// room checks a container's announced count before anything is allocated for
// it: each value takes at least a byte.
func (d *decoder) room(n uint32, depth int) error {
	if depth > MaxDepth {
		return errTooDeep
	}
	if uint64(n) > uint64(len(d.b)) {
		return d.fault("a container announces %d values in %d bytes", n, len(d.b))
	}
	if d.items += int(n); d.items > MaxItems {
		return Errorf(CodeTooLarge, "the frame has more than %d values", MaxItems)
	}
	return nil
}

func (d *decoder) value(depth int) (any, error) {
	if len(d.b) == 0 {
		return nil, d.fault("the frame ends where a value should begin")
	}
	lead := d.b[0]
	switch {
	case lead <= 0x7f || lead >= 0xe0 || lead >= 0xcc && lead <= 0xd3:
		return d.integer(lead)
	case lead >= 0x80 && lead <= 0x8f || lead == 0xde || lead == 0xdf:
		return d.mapping(depth + 1)
	case lead >= 0x90 && lead <= 0x9f || lead == 0xdc || lead == 0xdd:
		return d.list(depth + 1)
	case lead >= 0xa0 && lead <= 0xbf || lead >= 0xd9 && lead <= 0xdb:
		s, err := d.text()
		if err != nil {
			return nil, err
		}
		return s, nil
	case lead >= 0xc7 && lead <= 0xc9 || lead >= 0xd4 && lead <= 0xd8:
		return d.extension(lead, depth)
	}
	switch lead {
	case 0xc0:
		d.b = d.b[1:]
		return nil, nil
	case 0xc2, 0xc3:
		d.b = d.b[1:]
		return lead == 0xc3, nil
	case 0xc4, 0xc5, 0xc6:
		v, rest, err := msgp.ReadBytesBytes(d.b, nil)
		if err != nil {
			return nil, d.fault("bytes are cut short")
		}
		d.b = rest
		return v, nil
	case 0xca:
		v, rest, err := msgp.ReadFloat32Bytes(d.b)
		if err != nil {
			return nil, d.fault("a float is cut short")
		}
		d.b = rest
		return float64(v), nil
	case 0xcb:
		v, rest, err := msgp.ReadFloat64Bytes(d.b)
		if err != nil {
			return nil, d.fault("a float is cut short")
		}
		d.b = rest
		return v, nil
	}
	return nil, d.fault("0x%02x begins no MessagePack value", lead)
}

func (d *decoder) integer(lead byte) (any, error) {
	if lead == 0xcf {
		v, rest, err := msgp.ReadUint64Bytes(d.b)
		if err != nil {
			return nil, d.fault("an integer is cut short")
		}
		d.b = rest
		if v > math.MaxInt64 {
			return new(big.Int).SetUint64(v), nil
		}
		return int64(v), nil
	}
	v, rest, err := msgp.ReadInt64Bytes(d.b)
	if err != nil {
		return nil, d.fault("an integer is cut short")
	}
	d.b = rest
	return v, nil
}

func (d *decoder) text() (string, error) {
	s, rest, err := msgp.ReadStringZC(d.b)
	if err != nil {
		return "", d.fault("text is cut short")
	}
	if !validText(s) {
		return "", d.fault("text is not UTF-8")
	}
	d.b = rest
	return string(s), nil
}

func (d *decoder) list(depth int) ([]any, error) {
	n, rest, err := msgp.ReadArrayHeaderBytes(d.b)
	if err != nil {
		return nil, d.fault("a list is cut short")
	}
	d.b = rest
	if err := d.room(n, depth); err != nil {
		return nil, err
	}
	items := make([]any, n)
	for i := range items {
		if items[i], err = d.value(depth); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (d *decoder) mapping(depth int) (*image.Map, error) {
	n, rest, err := msgp.ReadMapHeaderBytes(d.b)
	if err != nil {
		return nil, d.fault("a map is cut short")
	}
	d.b = rest
	if n > math.MaxUint32/2 {
		return nil, d.fault("a map announces %d entries in %d bytes", n, len(d.b))
	}
	if err := d.room(2*n, depth); err != nil {
		return nil, err
	}
	m := &image.Map{Entries: make([]image.MapEntry, n)}
	for i := range m.Entries {
		if m.Entries[i].Key, err = d.value(depth); err != nil {
			return nil, err
		}
		if m.Entries[i].Value, err = d.value(depth); err != nil {
			return nil, err
		}
	}
	return m, nil
}
