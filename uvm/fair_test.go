package uvm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"batos/uvm"
)

// One client that runs for long leaves a worker to the others.
func TestOneClientStarvesNobody(t *testing.T) {
	w := awake(t)
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan uvm.Reply, 12)
	for range 12 { // more than there are workers
		w.m.Post(ctx, uvm.Request{Caller: uvm.Caller{Client: "hog"}, Code: "while True:\n    pass\n", Fuel: uvm.MaxFuel, Deadline: uvm.MaxDeadline},
			func(r uvm.Reply) { over <- r })
	}
	for _, c := range []uvm.Caller{{Client: "ada"}, {Session: "s1"}, {}} {
		within, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		if r := w.m.Send(within, uvm.Request{Caller: c, Code: "1 + 1"}); r.Value != int64(2) {
			t.Errorf("%+v got %v, error %v", c, r.Value, r.Err)
		}
		cancel()
	}
	if busy := w.m.Stats().Busy; busy > 3 {
		t.Errorf("%d are busy", busy)
	}
	stop()
	for range 12 {
		w.fails(uvm.CodeCancelled, <-over)
	}
}

func TestCaps(t *testing.T) {
	w := awake(t)
	for says, r := range map[string]uvm.Request{
		"fuel is at most 20000000000":    {Fuel: uvm.MaxFuel + 1},
		"memory is at most 1073741824":   {Memory: uvm.MaxMemory + 1},
		"deadline is at most 60 seconds": {Deadline: uvm.MaxDeadline + 1},
	} {
		r.Code = "1"
		if e := w.fails(uvm.CodeBadField, w.m.Send(context.Background(), r)); !strings.Contains(e.Message, says) {
			t.Errorf("%q, want %q", e.Message, says)
		}
	}
}
