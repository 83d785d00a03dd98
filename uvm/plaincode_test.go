package uvm

import (
	"math"
	"math/big"
	"reflect"
	"testing"
	"time"

	"batos/image"
)

func TestPlainRoundTrip(t *testing.T) {
	huge, _ := new(big.Int).SetString("-123456789012345678901234567890", 10)
	values := []any{
		nil, true, false, int64(0), int64(-1), int64(math.MaxInt64), int64(math.MinInt64), 1.5, math.Inf(-1),
		"", "grüß\x00dich", []byte{}, []byte{0, 255}, huge, big.NewInt(0), time.Unix(1, 999).UTC(), time.Date(1, 2, 3, 4, 5, 6, 7, time.UTC),
		[]any{}, []any{int64(1), []any{"x", nil}}, image.PlainSet{"a", int64(2)}, image.Ref(42),
		image.PlainBlob{Hash: [32]byte{1, 31: 9}, Size: 77},
		&image.Map{Entries: []image.MapEntry{{Key: "k", Value: []any{true}}, {Key: int64(3), Value: &image.Map{Entries: []image.MapEntry{}}}}},
	}
	for _, v := range append(values, []any(values)) {
		data, err := appendPlain(nil, v)
		if err != nil {
			t.Errorf("%v: %v", v, err)
			continue
		}
		back, err := decodePlain(data)
		if err != nil || !reflect.DeepEqual(v, back) {
			t.Errorf("%#v came back as %#v, error %v", v, back, err)
		}
	}
	if _, err := appendPlain(nil, struct{}{}); err == nil {
		t.Error("a struct was taken for a plain value")
	}
}

func FuzzDecodePlain(f *testing.F) {
	data, err := appendPlain(nil, []any{int64(1), "x", &image.Map{Entries: []image.MapEntry{{Key: "k", Value: 1.5}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte{tagList, 255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := decodePlain(data)
		if err != nil {
			return
		}
		again, err := appendPlain(nil, v)
		if err != nil {
			t.Fatalf("%#v was read but cannot be written: %v", v, err)
		}
		if _, err := decodePlain(again); err != nil {
			t.Fatalf("%#v cannot be read again: %v", v, err)
		}
	})
}

func TestRecordRoundTrip(t *testing.T) {
	msg := &message{
		oid: 77, target: image.Ref(3), selector: "greet_", args: []any{int64(1), "x"},
		kwargs: &image.Map{Entries: []image.MapEntry{{Key: "loud", Value: true}}}, client: "c", id: "i", author: "a",
		architect: true, seed: 1 << 63, now: time.Unix(5, 6).UTC(), cause: 12, parentTID: 13, internal: true, state: stateWaiting,
		due: time.Unix(50, 0).UTC(), since: time.Unix(7, 0).UTC(), waitsFor: 78,
		about:    &notUnderstood{image.Ref(3), &image.Map{Entries: []image.MapEntry{{Key: "a", Value: int64(1)}}}, "greet_", []any{int64(1)}, nil},
		journal:  []answer{{"infer:\x00\xff", 2, &image.Map{Entries: []image.MapEntry{{Key: "text", Value: "def"}}}}},
		attempts: []Attempt{{"m", "s", "r"}},
		failure: &Error{Code: CodeFuel, Message: "m", Target: "t", Selector: "s", Slot: "l", Failed: 77, Line: 1, Col: 2,
			Traceback: []TraceLine{{"@3", "greet_", 4, "x = 1", "^", map[string]string{"x": "1"}}}},
	}
	msg.limits.Fuel, msg.limits.Memory, msg.limits.Deadline = 1, 2, time.Second
	w, err := msg.record()
	if err != nil {
		t.Fatal(err)
	}
	back, err := readRecord(77, w.Value)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(msg, back) {
		t.Errorf("came back as\n%+v\nwant\n%+v", back, msg)
	}
}

func TestQueueKeepsOrder(t *testing.T) {
	q := newQueue(2)
	var seen uint64
	var from *lane
	q.nudge()
	if got, _, ok := q.take(&seen, nil); !ok || got != nil {
		t.Error("a nudge did not wake")
	}
	var put []*message
	for i := range 1000 { // more than the ring holds at first, from the middle on
		msg := &message{}
		put = append(put, msg)
		q.put(msg)
		if i%3 == 0 {
			var got *message
			var ok bool
			if got, from, ok = q.take(&seen, from); !ok || got != put[0] {
				t.Fatal("out of order")
			}
			put = put[1:]
		}
	}
	left := q.close()
	if !reflect.DeepEqual(left, put) || len(left) == 0 {
		t.Errorf("%d were left, want %d in order", len(left), len(put))
	}
	if _, _, ok := q.take(&seen, from); ok || q.put(&message{}) {
		t.Error("a closed queue still works")
	}
}
