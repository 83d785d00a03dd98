package uvm

import (
	"context"
	"strings"
	"testing"

	"batos/image"
	"batos/store/pebble"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A fault in the machine ends the message that met it, and nothing else.
func TestFaultEndsOnlyItsMessage(t *testing.T) {
	s, err := pebble.Open("live_image", pebble.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var logged []string
	m, err := Open(s, Options{Workers: 1, Log: func(format string, a ...any) { logged = append(logged, format) }})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(context.Background())
	if _, err := m.Awaken(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := m.do(context.Background(), Caller{}, "fault", func(w *worker) (any, error) {
		o, err := w.resolve("genesis_obj")
		if err != nil {
			return nil, err
		}
		if err := w.heap.SetSlot(o, image.Intern("spoiled"), image.Int(1)); err != nil {
			return nil, err
		}
		var none *image.Object
		return none.Slots[0], nil
	})
	if r.Err == nil || r.Err.Code != CodeInternal || len(logged) != 1 {
		t.Fatalf("%+v, %d lines logged", r, len(logged))
	}
	again := m.Send(context.Background(), Request{Code: "mirror(self).understands('spoiled')"})
	if again.Value != false {
		t.Errorf("%+v %v", again, again.Err)
	}
	err = m.read(context.Background(), 0, func(*image.Heap) error { panic("looked too closely") })
	if err == nil || !strings.Contains(err.Error(), "looked too closely") {
		t.Errorf("error %v", err)
	}
	if _, _, err := m.Roots(context.Background()); err != nil {
		t.Error(err)
	}
}
