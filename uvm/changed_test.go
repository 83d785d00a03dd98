package uvm_test

import (
	"context"
	"testing"

	"batos/uvm"
)

// A question stays the same question when its receiver changes while it is
// asked: the answer is taken, and nobody is asked again.
func TestReceiverChangesWhileAPersonIsAsked(t *testing.T) {
	w := awake(t)
	ref := w.waiting("genesis_obj", "double", int64(4))
	w.question(ref)
	w.eval("self.brand_new = 'a slot that the question did not show'")
	w.method("genesis_obj", "def other(self):\n    return 1\n")
	r := w.m.Answer(context.Background(), uvm.Caller{Author: "Ada"}, ref, "def double(self, n):\n    return n * 2\n")
	if r.Err != nil || r.Value != int64(8) {
		t.Errorf("got %+v, %v", r, r.Err)
	}
}

func TestReceiverChangesWhileAMindThinks(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.hold, w.engine.asked = make(chan struct{}), make(chan string, 10)
	w.engine.answers["double"] = []string{"```python\ndef double(self, n):\n    return n * 2\n```"}
	ref := w.waiting("genesis_obj", "double", int64(4))
	<-w.engine.asked
	w.eval("self.brand_new = 'a slot that the question did not show'")
	close(w.engine.hold)
	if r := w.send("genesis_obj", "double", int64(5)); r.Err != nil || r.Value != int64(10) {
		t.Errorf("got %+v, %v", r, r.Err)
	}
	if n := w.engine.count(); n != 1 {
		t.Errorf("the mind was asked %d times about @%d", n, ref)
	}
}
