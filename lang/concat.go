package lang

import (
	"unsafe"

	"batos/image"
)

// roomyFrom is the length from which a text that is extended gets room to grow.
const roomyFrom = 64

// concatStr computes a + b for texts. A loop that appends to a text would copy it
// at each turn; so the machine remembers the bytes behind the text it made last
// (tail), which have room for more, and appends in place when that text is
// extended again. Texts that were made before see the bytes up to their own
// length only, and these never change.
func (m *Machine) concatStr(a, b Value) (Value, error) {
	x, y := a.Str(), b.Str()
	switch {
	case len(x) == 0:
		return b, nil
	case len(y) == 0:
		return a, nil
	}
	n := len(x) + len(y)
	last := len(x) == len(m.tail) && unsafe.StringData(x) == unsafe.SliceData(m.tail)
	switch {
	case last && n <= cap(m.tail):
		if err := m.Charge(strSize); err != nil {
			return Value{}, err
		}
		if err := m.Work(int64(len(y) >> 3)); err != nil {
			return Value{}, err
		}
		m.tail = append(m.tail, y...)
	case len(x) < roomyFrom:
		if err := m.room(int64(n)); err != nil {
			return Value{}, err
		}
		return image.NewStr(x + y), nil
	default:
		size := n
		if last {
			size += n // it grows for the second time, so it may go on
		} else {
			size += n / 4
		}
		if err := m.room(int64(size)); err != nil {
			return Value{}, err
		}
		m.tail = append(append(make([]byte, 0, size), x...), y...)
	}
	return image.NewStr(unsafe.String(unsafe.SliceData(m.tail), n)), nil
}
