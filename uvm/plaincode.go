package uvm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"time"

	"batos/image"
)

// The machine's own records (messages, first replies) are plain values in a
// small binary form: a tag byte, then what the tag says. Lengths and counts are
// unsigned varints.
const (
	tagNil byte = iota
	tagFalse
	tagTrue
	tagInt   // zigzag varint
	tagFloat // 8 bytes, big-endian
	tagStr
	tagBytes
	tagBig  // sign byte, then magnitude bytes
	tagTime // zigzag seconds, varint nanoseconds
	tagList
	tagMap
	tagSet
	tagRef
	tagBlob
)

// maxPlainDepth bounds the nesting that decodePlain accepts; it reads only what
// appendPlain wrote, so this guards against a damaged record.
const maxPlainDepth = 512

var errDamaged = errors.New("a record of the machine is damaged")

// appendPlain appends the form of a plain value (see image.Map) to b.
func appendPlain(b []byte, v any) ([]byte, error) {
	var err error
	switch v := v.(type) {
	case nil:
		return append(b, tagNil), nil
	case bool:
		if v {
			return append(b, tagTrue), nil
		}
		return append(b, tagFalse), nil
	case int:
		return binary.AppendVarint(append(b, tagInt), int64(v)), nil
	case int64:
		return binary.AppendVarint(append(b, tagInt), v), nil
	case float64:
		return binary.BigEndian.AppendUint64(append(b, tagFloat), math.Float64bits(v)), nil
	case string:
		return append(binary.AppendUvarint(append(b, tagStr), uint64(len(v))), v...), nil
	case []byte:
		return append(binary.AppendUvarint(append(b, tagBytes), uint64(len(v))), v...), nil
	case *big.Int:
		magnitude := v.Bytes()
		b = append(b, tagBig, byte(v.Sign()+1))
		return append(binary.AppendUvarint(b, uint64(len(magnitude))), magnitude...), nil
	case time.Time:
		b = binary.AppendVarint(append(b, tagTime), v.Unix())
		return binary.AppendUvarint(b, uint64(v.Nanosecond())), nil
	case []any:
		b = binary.AppendUvarint(append(b, tagList), uint64(len(v)))
		for _, item := range v {
			if b, err = appendPlain(b, item); err != nil {
				return b, err
			}
		}
		return b, nil
	case image.PlainSet:
		b = binary.AppendUvarint(append(b, tagSet), uint64(len(v)))
		for _, item := range v {
			if b, err = appendPlain(b, item); err != nil {
				return b, err
			}
		}
		return b, nil
	case *image.Map:
		if v == nil {
			return append(b, tagNil), nil
		}
		b = binary.AppendUvarint(append(b, tagMap), uint64(len(v.Entries)))
		for _, e := range v.Entries {
			if b, err = appendPlain(b, e.Key); err != nil {
				return b, err
			}
			if b, err = appendPlain(b, e.Value); err != nil {
				return b, err
			}
		}
		return b, nil
	case image.Ref:
		return binary.AppendUvarint(append(b, tagRef), uint64(v)), nil
	case image.PlainBlob:
		b = append(append(b, tagBlob), v.Hash[:]...)
		return binary.AppendVarint(b, v.Size), nil
	}
	return b, fmt.Errorf("a %T is no plain value", v)
}

// appendInt, appendText and appendList are appendPlain for a known type, without
// the detour over an interface.
func appendInt(b []byte, n int64) []byte { return binary.AppendVarint(append(b, tagInt), n) }

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(append(b, tagStr), uint64(len(s))), s...)
}

// appendList begins a list of n items, which are appended next.
func appendList(b []byte, n int) []byte { return binary.AppendUvarint(append(b, tagList), uint64(n)) }

// decodePlain reads one value that fills data.
func decodePlain(data []byte) (any, error) {
	d := plainReader{data}
	v, err := d.value(0)
	if err == nil && len(d.rest) > 0 {
		err = errDamaged
	}
	return v, err
}

type plainReader struct{ rest []byte }

func (d *plainReader) take(n uint64) ([]byte, error) {
	if n > uint64(len(d.rest)) {
		return nil, errDamaged
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b, nil
}

func (d *plainReader) uvarint() (uint64, error) {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		return 0, errDamaged
	}
	d.rest = d.rest[size:]
	return n, nil
}

func (d *plainReader) varint() (int64, error) {
	n, size := binary.Varint(d.rest)
	if size <= 0 {
		return 0, errDamaged
	}
	d.rest = d.rest[size:]
	return n, nil
}

func (d *plainReader) sized() ([]byte, error) {
	n, err := d.uvarint()
	if err != nil {
		return nil, err
	}
	return d.take(n)
}

func (d *plainReader) value(depth int) (any, error) {
	if depth > maxPlainDepth {
		return nil, errDamaged
	}
	tag, err := d.take(1)
	if err != nil {
		return nil, err
	}
	switch tag[0] {
	case tagNil:
		return nil, nil
	case tagFalse:
		return false, nil
	case tagTrue:
		return true, nil
	case tagInt:
		return d.varint()
	case tagFloat:
		b, err := d.take(8)
		if err != nil {
			return nil, err
		}
		return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
	case tagStr:
		b, err := d.sized()
		return string(b), err
	case tagBytes:
		b, err := d.sized()
		return append([]byte{}, b...), err
	case tagBig:
		sign, err := d.take(1)
		if err != nil {
			return nil, err
		}
		b, err := d.sized()
		if err != nil {
			return nil, err
		}
		n := new(big.Int).SetBytes(b)
		if sign[0] == 0 {
			n.Neg(n)
		}
		return n, nil
	case tagTime:
		seconds, err := d.varint()
		if err != nil {
			return nil, err
		}
		nanos, err := d.uvarint()
		return time.Unix(seconds, int64(nanos)).UTC(), err
	case tagList, tagSet:
		n, err := d.count()
		if err != nil {
			return nil, err
		}
		items := make([]any, 0, n)
		for range n {
			item, err := d.value(depth + 1)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		if tag[0] == tagSet {
			return image.PlainSet(items), nil
		}
		return items, nil
	case tagMap:
		n, err := d.count()
		if err != nil {
			return nil, err
		}
		m := &image.Map{Entries: make([]image.MapEntry, 0, n)}
		for range n {
			key, err := d.value(depth + 1)
			if err != nil {
				return nil, err
			}
			val, err := d.value(depth + 1)
			if err != nil {
				return nil, err
			}
			m.Entries = append(m.Entries, image.MapEntry{Key: key, Value: val})
		}
		return m, nil
	case tagRef:
		n, err := d.uvarint()
		return image.Ref(n), err
	case tagBlob:
		var blob image.PlainBlob
		b, err := d.take(32)
		if err != nil {
			return nil, err
		}
		copy(blob.Hash[:], b)
		blob.Size, err = d.varint()
		return blob, err
	}
	return nil, errDamaged
}

// count reads a number of items, each of which takes at least a byte.
func (d *plainReader) count() (int, error) {
	n, err := d.uvarint()
	if err == nil && n > uint64(len(d.rest)) {
		err = errDamaged
	}
	return int(n), err
}
