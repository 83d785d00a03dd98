package image

import (
	"bytes"
	"errors"
	"runtime"
	"testing"

	"batos/store"
)

// FuzzDecode loads arbitrary bytes as a record. What is accepted must encode to
// something that decodes to the same again.
func FuzzDecode(f *testing.F) {
	w := newWorld(f, Options{})
	h := w.heap()
	do(f, h, func() {
		o := newRoot(f, h, "r")
		set(f, h, o, "p*", h.NewList([]Value{h.NewObject().Value()}).Value())
		set(f, h, o, "m", NewMethod("def m(self): pass", map[string]string{"a": "b"}))
		set(f, h, o, "t", NewTuple([]Value{Int(1), Float(2), NewStr("x"), NewBytes("y"), deepTuple(5), NewBlob([32]byte{}, 4)}))
		d := h.NewDict()
		ok(f, d.Set(NewStr("k"), h.NewSet().Value()))
		set(f, h, o, "d", d.Value())
	})
	for _, versions := range w.store.version {
		f.Add(versions[0].Data)
	}
	f.Add([]byte{recordVersion, wireList, 200, 1, wireTuple, 190, 1, wireTuple, 180, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		w := newWorld(t, Options{})
		for _, name := range []string{"r", "p*", "m", "t", "d"} {
			w.store.Symbol(name)
		}
		const oid = 7
		put := func(data []byte) {
			w.store.version[oid] = []store.Record{{OID: oid, TID: 1, Data: data}}
			w.store.log = make([]store.Committed, 1)
		}
		load := func(data []byte) (*Heap, *Entity, error) {
			put(data)
			h := w.heap()
			begin(t, h)
			k, err := recordKind(data)
			if err != nil {
				return h, nil, err
			}
			e, err := h.ghost(oid, k)
			if err != nil {
				return h, nil, err
			}
			return h, e, h.Read(e)
		}
		h, e, err := load(data)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, store.ErrFormat) && !errors.Is(err, errChunk) {
				t.Fatal(err)
			}
			return
		}
		encode := func(h *Heap, e *Entity) []byte {
			h.enc.h = h
			ok(t, h.enc.entity(e, nil, store.Changed, nil))
			return h.enc.writes[len(h.enc.writes)-1].Data
		}
		once := encode(h, e)
		h, e, err = load(once)
		ok(t, err)
		if again := encode(h, e); !bytes.Equal(once, again) {
			t.Errorf("%x became %x", once, again)
		}
	})
}

func TestDamagedRecordsAreErrors(t *testing.T) {
	w := newWorld(t, Options{})
	h := w.heap()
	var oid store.OID
	do(t, h, func() {
		r := newRoot(t, h, "r")
		set(t, h, r, "a", NewStr("text"))
		set(t, h, r, "b", NewTuple([]Value{Int(1000), h.NewList(nil).Value()}))
		ok(t, h.SetRoot("s", r))
	})
	begin(t, h)
	oid = root(t, h, "r").OID()
	good := w.store.version[oid][0].Data
	for n := range good {
		w.store.version[oid][0].Data = good[:n]
		h := w.heap()
		begin(t, h)
		if _, err := h.Object(oid); !errors.Is(err, ErrCorrupt) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	w.store.version[oid][0].Data = append([]byte{recordVersion + 1}, good[1:]...)
	other := w.heap()
	begin(t, other)
	if _, err := other.Object(oid); !errors.Is(err, store.ErrFormat) {
		t.Errorf("a newer format: %v", err)
	}
}

// Nested tuples that each announce all the bytes that follow must not be
// believed.
func TestDecodingTakesMemoryInProportion(t *testing.T) {
	w := newWorld(t, Options{})
	data := []byte{recordVersion, wireList, 1}
	for range 1500 {
		data = append(data, wireTuple, 0x80, 0x80, 4) // 65,536 items
	}
	data = append(data, make([]byte, 70_000)...)
	w.store.version[7] = []store.Record{{OID: 7, TID: 1, Data: data}}
	w.store.log = make([]store.Committed, 1)
	h := w.heap()
	begin(t, h)
	e, err := h.ghost(7, KindList)
	ok(t, err)
	var was, is runtime.MemStats
	runtime.ReadMemStats(&was)
	if err := h.Read(e); !errors.Is(err, ErrCorrupt) {
		t.Error(err)
	}
	runtime.ReadMemStats(&is)
	allocated := is.TotalAlloc - was.TotalAlloc
	if allocated > 4<<20 {
		t.Errorf("%d bytes allocated for %d", allocated, len(data))
	}
}
