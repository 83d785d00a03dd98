package uvm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"batos/image"
	"batos/uvm"
)

// A mind that fails is told of: in what waits, among the attempts, and to the
// sender when the wait turns to a person.
func TestFailedMindIsToldOf(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.fail = errors.New("HTTP 401 Unauthorized")
	whys := make(chan string, 10)
	replies := make(chan uvm.Reply, 1)
	refs := make(chan image.Ref, 10)
	go func() {
		replies <- w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Selector: "greet", Wait: time.Minute,
			OnWaiting: func(ref image.Ref, why string) { refs <- ref; whys <- why }})
	}()
	first, second := <-whys, <-whys
	if !strings.HasPrefix(first, "a mind writes the method ") {
		t.Errorf("first told %q", first)
	}
	const says = "the mind scripted:1 failed: HTTP 401 Unauthorized; a person has to write the method @4.greet"
	if second != says {
		t.Errorf("then told %q, want %q", second, says)
	}
	ref := <-refs
	check := func() {
		t.Helper()
		p := w.question(ref)
		if p.Why != says {
			t.Errorf("pending says %q", p.Why)
		}
		if len(p.Attempts) != 1 || p.Attempts[0] != (uvm.Attempt{Mind: "scripted:1", Reason: "HTTP 401 Unauthorized"}) {
			t.Errorf("attempts %+v", p.Attempts)
		}
	}
	check()
	// An answer that falls short is a person's by name, and the failure stays.
	w.fails(uvm.CodeAuditRefused, w.m.Answer(context.Background(), uvm.Caller{Author: "ada"}, ref, "def greet(self):\n    return 1 / 0\n"))
	if a := w.question(ref).Attempts; len(a) != 2 || a[1].Mind != "ada" || a[1].Source == "" {
		t.Errorf("attempts %+v", a)
	}
	r := w.m.Answer(context.Background(), uvm.Caller{Author: "ada"}, ref, "def greet(self):\n    return 'hi'\n")
	if r.Value != "hi" {
		t.Fatalf("%+v %v", r, r.Err)
	}
	if r := <-replies; r.Value != "hi" {
		t.Errorf("%+v %v", r, r.Err)
	}
	slot, err := w.m.MethodSource(context.Background(), "genesis_obj", "greet")
	if err != nil || slot.Facts["attempts"] != "1" {
		t.Errorf("facts %v, error %v", slot.Facts, err)
	}
	log, err := w.m.Log(context.Background(), uvm.LogQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range log {
		if e.Author != "" && strings.HasPrefix(e.Why, e.Author) {
			t.Errorf("the log names %s twice: %q", e.Author, e.Why)
		}
	}
}
