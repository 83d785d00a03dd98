package contract

import (
	"encoding/binary"
	"math"
	"math/big"
	"time"
	"unicode/utf8"

	"github.com/tinylib/msgp/msgp"

	"batos/image"
)

// Extension types of the contract.
const (
	extRef  = 1  // 8 bytes, big-endian: an oid
	extBig  = 2  // decimal digits in ASCII, with a minus where negative
	extSet  = 3  // a MessagePack array
	extBlob = 4  // 32 bytes of SHA-256, then 8 bytes big-endian: the size
	extMap  = 5  // a MessagePack array of arrays of two: keys and values of a map
	extTime = -1 // MessagePack's own timestamp: 4, 8 or 12 bytes
)

const blobBytes = 40

var validText = utf8.Valid

func appendExtension(b []byte, typ int8, n int) []byte {
	switch {
	case n == 1:
		return append(b, 0xd4, byte(typ))
	case n == 2:
		return append(b, 0xd5, byte(typ))
	case n == 4:
		return append(b, 0xd6, byte(typ))
	case n == 8:
		return append(b, 0xd7, byte(typ))
	case n == 16:
		return append(b, 0xd8, byte(typ))
	case n <= math.MaxUint8:
		return append(b, 0xc7, byte(n), byte(typ))
	case n <= math.MaxUint16:
		return append(b, 0xc8, byte(n>>8), byte(n), byte(typ))
	default:
		return append(b, 0xc9, byte(n>>24), byte(n>>16), byte(n>>8), byte(n), byte(typ))
	}
}

func appendRef(b []byte, r image.Ref) []byte {
	return binary.BigEndian.AppendUint64(appendExtension(b, extRef, 8), uint64(r))
}

// appendBig writes an integer; one that fits 64 bits is a plain integer, so
// that a number has one form.
func appendBig(b []byte, n *big.Int) []byte {
	if n == nil {
		return msgp.AppendNil(b)
	}
	if n.IsInt64() {
		return msgp.AppendInt64(b, n.Int64())
	}
	digits := n.Append(nil, 10)
	return append(appendExtension(b, extBig, len(digits)), digits...)
}

func appendBlob(b []byte, blob image.PlainBlob) []byte {
	b = appendExtension(b, extBlob, blobBytes)
	b = append(b, blob.Hash[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(blob.Size))
}

func appendTime(b []byte, t time.Time) []byte {
	sec, nano := t.Unix(), uint32(t.Nanosecond())
	switch {
	case sec>>34 != 0:
		b = appendExtension(b, extTime, 12)
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, nano), uint64(sec))
	case nano != 0 || sec > math.MaxUint32:
		b = appendExtension(b, extTime, 8)
		return binary.BigEndian.AppendUint64(b, uint64(nano)<<34|uint64(sec))
	default:
		return binary.BigEndian.AppendUint32(appendExtension(b, extTime, 4), uint32(sec))
	}
}

func appendSet(b []byte, set image.PlainSet, depth int) ([]byte, error) {
	if depth++; depth > MaxDepth {
		return b, errTooDeep
	}
	body, err := appendItems(msgp.AppendArrayHeader(nil, uint32(len(set))), set, depth)
	if err != nil {
		return b, err
	}
	return append(appendExtension(b, extSet, len(body)), body...), nil
}

// needsPairs tells whether m has a key that the maps of most MessagePack
// decoders cannot hold, such as a list.
func needsPairs(m *image.Map) bool {
	for i := range m.Entries {
		switch m.Entries[i].Key.(type) {
		case nil, bool, int64, int, float64, string, []byte, image.Ref, *big.Int:
		default:
			return true
		}
	}
	return false
}

// appendPairs writes a map as an extension. Its pairs are no containers of
// their own when depth is counted.
func appendPairs(b []byte, m *image.Map, depth int) ([]byte, error) {
	body := msgp.AppendArrayHeader(nil, uint32(len(m.Entries)))
	var err error
	for i := range m.Entries {
		body = msgp.AppendArrayHeader(body, 2)
		if body, err = appendValue(body, m.Entries[i].Key, depth); err != nil {
			return b, err
		}
		if body, err = appendValue(body, m.Entries[i].Value, depth); err != nil {
			return b, err
		}
	}
	return append(appendExtension(b, extMap, len(body)), body...), nil
}

// extension reads an extension value whose first byte is lead.
func (d *decoder) extension(lead byte, depth int) (any, error) {
	header, n := 2, 0
	switch lead {
	case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8:
		n = 1 << (lead - 0xd4)
	default:
		wide := 1 << (lead - 0xc7) // bytes of the size: 1, 2 or 4
		header = 2 + wide
		if len(d.b) >= header {
			for _, digit := range d.b[1 : 1+wide] {
				n = n<<8 | int(digit)
			}
		}
	}
	if len(d.b) < header || len(d.b)-header < n {
		return nil, d.fault("an extension value is cut short")
	}
	typ, body := int8(d.b[header-1]), d.b[header:header+n]
	if typ == extSet {
		return d.set(header, n, depth+1)
	}
	if typ == extMap {
		return d.pairs(header, n, depth+1)
	}
	v := readExtension(typ, body)
	if v == nil {
		return nil, d.fault("extension type %d with %d bytes is none of the contract's", typ, n)
	}
	d.b = d.b[header+n:]
	return v, nil
}

// set reads a set, whose array must fill the extension exactly.
func (d *decoder) set(header, n, depth int) (any, error) {
	rest := d.b[header+n:]
	d.b = d.b[header:]
	if n == 0 || d.b[0]&0xf0 != 0x90 && d.b[0] != 0xdc && d.b[0] != 0xdd {
		return nil, d.fault("a set holds no array")
	}
	items, err := d.list(depth)
	if err != nil {
		return nil, err
	}
	if len(d.b) != len(rest) {
		return nil, d.fault("a set's array does not fill its extension")
	}
	return image.PlainSet(items), nil
}

// pairs reads a map that is written as pairs, which must fill the extension
// exactly.
func (d *decoder) pairs(header, size, depth int) (any, error) {
	rest := d.b[header+size:]
	d.b = d.b[header:]
	n, body, err := msgp.ReadArrayHeaderBytes(d.b)
	if size == 0 || err != nil {
		return nil, d.fault("a map of pairs holds no array")
	}
	d.b = body
	if n > math.MaxUint32/2 {
		return nil, d.fault("a map announces %d entries in %d bytes", n, len(d.b))
	}
	if err := d.room(2*n, depth); err != nil {
		return nil, err
	}
	m := &image.Map{Entries: make([]image.MapEntry, n)}
	for i := range m.Entries {
		two, body, err := msgp.ReadArrayHeaderBytes(d.b)
		if err != nil || two != 2 {
			return nil, d.fault("a map of pairs holds something else")
		}
		d.b = body
		if m.Entries[i].Key, err = d.value(depth); err != nil {
			return nil, err
		}
		if m.Entries[i].Value, err = d.value(depth); err != nil {
			return nil, err
		}
	}
	if len(d.b) != len(rest) {
		return nil, d.fault("a map's pairs do not fill their extension")
	}
	return m, nil
}

// readExtension reads the extensions of fixed form; nil when body is not one.
func readExtension(typ int8, body []byte) any {
	switch typ {
	case extRef:
		if len(body) == 8 {
			return image.Ref(binary.BigEndian.Uint64(body))
		}
	case extBig:
		if n, ok := parseBig(string(body)); ok {
			return n
		}
	case extBlob:
		if len(body) == blobBytes {
			size := binary.BigEndian.Uint64(body[32:])
			if size <= math.MaxInt64 {
				return image.PlainBlob{Hash: [32]byte(body[:32]), Size: int64(size)}
			}
		}
	case extTime:
		if t, ok := readTime(body); ok {
			return t
		}
	}
	return nil
}

func readTime(body []byte) (time.Time, bool) {
	var sec int64
	var nano uint64
	switch len(body) {
	case 4:
		sec = int64(binary.BigEndian.Uint32(body))
	case 8:
		n := binary.BigEndian.Uint64(body)
		sec, nano = int64(n&(1<<34-1)), n>>34
	case 12:
		nano, sec = uint64(binary.BigEndian.Uint32(body)), int64(binary.BigEndian.Uint64(body[4:]))
	default:
		return time.Time{}, false
	}
	if nano > 999_999_999 || sec < minTime || sec > maxTime {
		return time.Time{}, false
	}
	return time.Unix(sec, int64(nano)).UTC(), true
}

// Times between the years 1 and 9999, which is what both RFC 3339 and the
// language's datetime can write.
var (
	minTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	maxTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
)

// parseBig reads decimal digits; a number that fits 64 bits comes as int64.
func parseBig(s string) (any, bool) {
	digits := s
	if len(s) > 0 && s[0] == '-' {
		digits = s[1:]
	}
	if len(digits) == 0 || len(digits) > MaxDigits {
		return nil, false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	n, ok := new(big.Int).SetString(s, 10)
	if ok && n.IsInt64() {
		return n.Int64(), true
	}
	return n, ok
}

func otherKindName(v any) string {
	switch v.(type) {
	case *big.Int:
		return "a big integer"
	case time.Time:
		return "a time"
	}
	return "an unknown kind of value"
}
