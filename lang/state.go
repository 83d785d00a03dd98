package lang

import (
	"unsafe"

	"batos/image"
)

// valueState is what the builtins remember during a run, so that running a
// message again gives the same.
type valueState struct {
	ids    map[unsafe.Pointer]int64 // what id() has given
	random *twister                 // of the random module, once it is used
}

// firstID is above all numbers that a program would take for an oid.
const firstID = 1 << 48

// builtinID is id(): the oid of what is stored, a number by value for immutable
// values, else the next free number. Addresses would differ between runs.
func builtinID(m *Machine, a *Args) (Value, error) {
	v := a.Pos[0]
	switch v.Kind() {
	case image.KindInt, image.KindFloat, image.KindBool, image.KindNone, image.KindStr, image.KindTuple, image.KindBig:
		if n, err := m.hash(v, 0); err == nil {
			return image.Int(int64(uint64(n) >> 1)), nil
		}
	case image.KindList, image.KindDict, image.KindSet, image.KindObject:
		if oid := v.Entity().OID(); oid != 0 {
			return image.Int(int64(oid)), nil
		}
	}
	n, ok := m.values.ids[v.Pointer()]
	if !ok {
		if err := m.Charge(entrySize); err != nil {
			return Value{}, err
		}
		if m.values.ids == nil {
			m.values.ids = map[unsafe.Pointer]int64{}
		}
		n = firstID + 16*int64(len(m.values.ids))
		m.values.ids[v.Pointer()] = n
	}
	return image.Int(n), nil
}
