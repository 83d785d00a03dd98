package image

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"batos/store"
)

// ErrPlain is given for a Go value that has no meaning in the image.
var ErrPlain = errors.New("this is no plain value")

// Import makes a heap value of a plain one; a Ref must name an object that
// exists. A time becomes text in RFC 3339 form, and text that is not UTF-8 has
// what is wrong replaced. The error is ErrPlain, ErrTooDeep, *UnhashableError,
// or that of Object.
func (h *Heap) Import(plain any) (Value, error) { return h.importAt(plain, 0) }

// maxPlain bounds the nesting of plain values on the way in.
const maxPlain = 1000

func (h *Heap) importAt(plain any, depth int) (Value, error) {
	if depth > maxPlain {
		return Value{}, ErrTooDeep
	}
	switch p := plain.(type) {
	case nil:
		return None(), nil
	case bool:
		return Bool(p), nil
	case int64:
		return Int(p), nil
	case int:
		return Int(int64(p)), nil
	case float64:
		return Float(p), nil
	case string:
		return NewStr(strings.ToValidUTF8(p, "\uFFFD")), nil
	case []byte:
		return NewBytes(string(p)), nil
	case *big.Int:
		return NewBig(new(big.Int).Set(p)), nil
	case time.Time:
		return NewStr(p.UTC().Format(time.RFC3339Nano)), nil
	case PlainBlob:
		return NewBlob(p.Hash, p.Size), nil
	case Ref:
		o, err := h.Object(store.OID(p))
		if err != nil {
			return Value{}, err
		}
		return o.Value(), nil
	case []any:
		items := make([]Value, len(p))
		for i := range p {
			var err error
			if items[i], err = h.importAt(p[i], depth+1); err != nil {
				return Value{}, err
			}
		}
		return h.NewList(items).Value(), nil
	case PlainSet:
		s := h.NewSet()
		for _, item := range p {
			v, err := h.importAt(item, depth+1)
			if err != nil {
				return Value{}, err
			}
			if err := s.Add(v); err != nil {
				return Value{}, err
			}
		}
		return s.Value(), nil
	case *Map:
		return h.importMap(p, depth)
	}
	return Value{}, fmt.Errorf("%T: %w", plain, ErrPlain)
}

func (h *Heap) importMap(m *Map, depth int) (Value, error) {
	d := h.NewDict()
	if m == nil {
		return d.Value(), nil
	}
	for _, entry := range m.Entries {
		key, err := h.importAt(entry.Key, depth+1)
		if err != nil {
			return Value{}, err
		}
		val, err := h.importAt(entry.Value, depth+1)
		if err != nil {
			return Value{}, err
		}
		if err := d.Set(key, val); err != nil {
			return Value{}, err
		}
	}
	return d.Value(), nil
}
