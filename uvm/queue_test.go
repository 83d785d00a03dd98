package uvm

import (
	"strings"
	"testing"
)

// The senders take turns, each with at most all workers but one, and the
// messages of one keep their order.
func TestQueueTakesTurns(t *testing.T) {
	q := newQueue(3)
	for _, name := range strings.Fields("a1 a2 a3 a4 b1 c1 b2") {
		q.put(&message{sender: name[:1], id: name})
	}
	var seen uint64
	var order []string
	var held []*lane // of messages that stay on their workers
	next := func(done *lane) *lane {
		t.Helper()
		msg, from, ok := q.take(&seen, done)
		if !ok || msg == nil {
			t.Fatalf("nothing to take after %v", order)
		}
		order = append(order, msg.id)
		return from
	}
	for range 5 {
		held = append(held, next(nil))
	}
	// a has two on workers and must wait until one is done.
	if q.nudge(); q.len() != 2 {
		t.Errorf("%d are queued after %v", q.len(), order)
	}
	if msg, _, _ := q.take(&seen, nil); msg != nil {
		t.Errorf("%s was taken although its sender has two", msg.id)
	}
	l := next(held[0])
	next(l)
	if got := strings.Join(order, " "); got != "a1 b1 c1 a2 b2 a3 a4" {
		t.Errorf("the order was %s", got)
	}
	if q.len() != 0 || len(q.close()) != 0 {
		t.Error("something is left")
	}
}

// A lane that has served is forgotten, so that senders who went cost nothing.
func TestQueueForgetsSenders(t *testing.T) {
	q := newQueue(2)
	var seen uint64
	var done *lane
	for i := range 1000 {
		q.put(&message{sender: strings.Repeat("x", i)})
		_, done, _ = q.take(&seen, done)
	}
	if n := len(q.lanes); n > 2 {
		t.Errorf("%d lanes are kept", n)
	}
}
