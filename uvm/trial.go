package uvm

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"batos/image"
	"batos/lang"
)

// verdict is what came of trying a method.
type verdict struct {
	Reason string // why it will not do, "" when it passed
	Line   int
	Col    int
	Result string // repr
	Type   string
	Slots  []string // names of the result's own slots, when it is an object
	Audit  bool     // it did not get as far as being run
}

func (v verdict) plain() *image.Map {
	m := &image.Map{}
	m.Put("reason", v.Reason)
	m.Put("result", v.Result)
	m.Put("type", v.Type)
	slots := []any{}
	for _, s := range v.Slots {
		slots = append(slots, s)
	}
	m.Put("slots", slots)
	return m
}

// trialLimits bound a trial; a method that needs more is no first answer.
var trialLimits = lang.Limits{Fuel: 5_000_000, Memory: 64 << 20, Depth: 400, Deadline: 3 * time.Second}

// trial audits a method and runs it, on the arguments of the very message that
// was not understood, in a transaction that is thrown away.
func (w *worker) trial(source string, n *notUnderstood) (v verdict) {
	refuse := func(err error) verdict {
		e := w.m.errorOf(w, err)
		return verdict{Reason: e.Message, Line: e.Line, Col: e.Col, Audit: true}
	}
	if err := auditWritten(n, source); err != nil {
		return refuse(err)
	}
	before := w.run
	defer func() { w.run = before }()
	w.run = run{msg: &message{now: time.Now()}, trial: true}
	if before.msg != nil {
		w.run.msg = before.msg
	}
	if err := w.heap.Begin(); err != nil {
		return refuse(err)
	}
	defer w.heap.Abort()
	receiver, err := w.receiver(n)
	if err != nil {
		return refuse(err)
	}
	pos, names, kw, err := w.importArguments(n.args, n.kwargs)
	if err != nil {
		return refuse(err)
	}
	selector := image.Intern(n.selector)
	if err := w.heap.SetSlot(receiver, selector, image.NewMethod(source, nil)); err != nil {
		return refuse(err)
	}
	w.host.Now, w.host.Seed = w.clock(), seedOf(n.selector)
	w.lang.Begin(trialLimits)
	value, err := w.lang.Send(receiver.Value(), selector, pos, names, kw)
	if err != nil {
		return w.judge(err, n)
	}
	v.Result, v.Type = w.repr(value, 400), value.Kind().String()
	if value.IsObject() {
		if err := w.heap.Read(value.Entity()); err != nil {
			return refuse(err)
		}
		for _, name := range value.Object().Shape.Names() {
			v.Slots = append(v.Slots, name.String())
		}
	}
	// The return value's objects count as kept, as in a reply.
	if _, err := w.heap.Export(value, 0); err != nil {
		return verdict{Reason: "what it returns cannot leave the message: " + err.Error()}
	}
	if _, err := w.heap.Commit(image.CommitRequest{Try: true}); !errors.Is(err, image.ErrTried) {
		return verdict{Reason: "it ran, but what it did cannot be kept: " + w.m.errorOf(w, err).Message}
	}
	return v
}

// judge says what an error in a trial means. An exception that the method itself
// raises is its answer to arguments that make no sense; any other is a fault.
func (w *worker) judge(err error, n *notUnderstood) verdict {
	var raised *lang.Raised
	var suspended *lang.Suspended
	switch {
	case errors.As(err, &suspended):
		e, _ := suspended.Request.(*effect)
		if e != nil && e.kind == effectOutside && e.about != nil {
			return verdict{Reason: fmt.Sprintf("it sends %s(%s) to %s, which does not understand it; use methods that exist",
				e.about.selector, argumentText(e.about.args, e.about.kwargs), e.about.who())}
		}
		return verdict{Reason: "it asks for " + suspended.Kind + ", which a method on trial may not"}
	case errors.As(err, &raised):
		text := raised.Error()
		trace := raised.Exc.Traceback
		if len(trace) > 0 {
			last := trace[len(trace)-1]
			line := strings.TrimSpace(last.Source)
			if last.Selector == n.selector && (raises(last) || raised.Exc.Class == lang.AssertionError) {
				return verdict{Result: text, Type: raised.Exc.Class.Name}
			}
			return verdict{Reason: fmt.Sprintf("it raised %s, in line %d of %s: %s", text, last.Line, last.Selector, line), Line: last.Line, Col: last.Col}
		}
		return verdict{Reason: "it raised " + text}
	}
	return verdict{Reason: "it failed: " + w.m.errorOf(w, err).Message}
}

// raises says that a traceback's line points at a raise statement. (An assert
// points at its condition; what it raises tells it.)
func raises(l lang.TraceLine) bool {
	text := []rune(l.Source)
	if l.Col < 1 || l.Col > len(text) {
		return false
	}
	word, _, _ := strings.Cut(string(text[l.Col-1:]), " ")
	return word == "raise"
}
