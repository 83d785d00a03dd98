package uvm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"batos/image"
	"batos/lang"
	"batos/lang/syntax"
	"batos/store"
)

// Send takes one message and gives its reply.
func (m *Machine) Send(ctx context.Context, r Request) Reply {
	replies := make(chan Reply, 1)
	m.Post(ctx, r, func(reply Reply) { replies <- reply })
	return <-replies
}

// Post is Send without a goroutine that waits: done gets the reply, on a
// goroutine of the machine or the store, and must not block. When ctx ends
// before the message is committed the message is dropped and the reply says
// cancelled; one that waits durably goes on without its sender. Post itself
// waits only while too many messages are queued.
func (m *Machine) Post(ctx context.Context, r Request, done func(Reply)) {
	msg, err := m.newMessage(r)
	if err != nil {
		done(Reply{Status: StatusError, Err: err})
		return
	}
	l := &listener{done: done, onWaiting: r.OnWaiting, onToken: r.OnToken, wait: r.Wait, mindsOnly: r.MindsOnly}
	msg.listeners = []*listener{l}
	if msg.client != "" && msg.id != "" {
		first, reply := m.once.claim(msg, l)
		switch {
		case reply != nil:
			l.answer(*reply)
			return
		case first != nil: // the same message is on its way, or waits
			m.hook(ctx, first, l)
			m.rejoin(first, l)
			return
		}
	}
	m.post(ctx, msg, l)
}

func (m *Machine) post(ctx context.Context, msg *message, l *listener) {
	if m.closing.Load() {
		m.drop(msg)
		m.once.release(msg)
		return
	}
	select {
	case m.roomOf(msg) <- struct{}{}:
	case <-ctx.Done():
		m.once.release(msg)
		l.answer(Reply{Status: StatusError, Err: cancelled(ctx)})
		return
	case <-m.life.Done():
		m.once.release(msg)
		l.answer(Reply{Status: StatusError, Err: errShuttingDown})
		return
	}
	m.hook(ctx, msg, l)
	m.enqueue(msg)
}

// hook makes the end of ctx end the listener, and the message if nobody else
// listens to it and it has no record.
func (m *Machine) hook(ctx context.Context, msg *message, l *listener) {
	if ctx.Done() == nil {
		return
	}
	unhook := context.AfterFunc(ctx, func() {
		reason := cancelled(ctx)
		msg.mu.Lock()
		alone := len(msg.listeners) == 1 && msg.oid == 0
		w, oid := msg.worker, msg.oid
		if alone && msg.cancelled == nil {
			msg.cancelled = reason
		}
		msg.mu.Unlock()
		switch {
		case !alone:
			l.answer(Reply{Status: StatusError, Err: left(ctx, oid), Message: image.Ref(oid)})
		case w != nil:
			w.interrupt(msg, reason)
		}
	})
	l.mu.Lock()
	l.unhook = unhook
	gone := l.answered
	l.mu.Unlock()
	if gone {
		unhook()
	}
}

func cancelled(ctx context.Context) *Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Error{Code: CodeCancelled, Message: "the sender's time was up before the message was done; nothing of it was kept", Cause: ctx.Err()}
	}
	return &Error{Code: CodeCancelled, Message: "the sender cancelled the message; nothing of it was kept", Cause: ctx.Err()}
}

// left is what a sender is told who gave up waiting for a message that goes on.
func left(ctx context.Context, oid store.OID) *Error {
	if oid == 0 {
		return &Error{Code: CodeCancelled, Message: "this sender no longer waits; others do, and the message goes on", Cause: ctx.Err()}
	}
	return &Error{Code: CodeCancelled, Message: fmt.Sprintf("this sender no longer waits; message %v is on record and goes on by itself (`bat dismiss %v` gives it up)", oid, oid), Cause: ctx.Err()}
}

// newMessage checks a request.
func (m *Machine) newMessage(r Request) (*message, *Error) {
	msg := &message{
		target: r.Target, selector: r.Selector, args: r.Args, kwargs: r.Kwargs, code: r.Code,
		limits: lang.Limits{Fuel: r.Fuel, Memory: r.Memory, Deadline: r.Deadline},
		// Not architect, whoever sends: a message runs any method that it comes
		// by, generated ones too. The Architect amends the codex by changing
		// slots and methods directly.
		sender: r.sender(), client: r.Client, id: r.ID, author: r.Author,
		state: stateFresh, now: m.options.Now().Round(0),
	}
	if msg.author == "" {
		msg.author = r.Client
	}
	switch {
	case r.Fuel < 0 || r.Memory < 0 || r.Deadline < 0:
		return nil, &Error{Code: CodeBadField, Message: "fuel, memory and deadline cannot be negative; leave them out for the defaults"}
	case r.Fuel > MaxFuel:
		return nil, &Error{Code: CodeBadField, Message: fmt.Sprintf("fuel is at most %d instructions; split the work over several messages", MaxFuel)}
	case r.Memory > MaxMemory:
		return nil, &Error{Code: CodeBadField, Message: fmt.Sprintf("memory is at most %d bytes; split the work over several messages", MaxMemory)}
	case r.Deadline > MaxDeadline:
		return nil, &Error{Code: CodeBadField, Message: fmt.Sprintf("deadline is at most %.0f seconds of running time; split the work over several messages", MaxDeadline.Seconds())}
	}
	msg.seed = seedOf(msg.client, msg.id, msg.now.Format(time.RFC3339Nano), msg.selector)
	if target, err := normalTarget(r.Target); err != nil {
		return nil, err
	} else {
		msg.target = target
	}
	if (r.Code == "") == (r.Selector == "") {
		return nil, &Error{Code: CodeBadField, Message: "a message has either a selector or code, and neither is empty"}
	}
	if r.Code == "" {
		if err := badSelector(r.Selector); err != nil {
			return nil, err
		}
	}
	if r.Code != "" {
		body, err := syntax.ParseBody(r.Code)
		if err != nil {
			return nil, m.errorOf(nil, err)
		}
		msg.body = body
	}
	return msg, nil
}

// do runs a function of the machine itself as a transaction, as a message runs:
// with retries, and answered when it is durable.
func (m *Machine) do(ctx context.Context, c Caller, why string, native func(w *worker) (any, error)) Reply {
	msg := &message{
		native: native, why: why, author: c.Author, sender: c.sender(), client: c.Client, id: c.ID, architect: c.Architect,
		state: stateFresh, now: m.options.Now().Round(0), target: image.Ref(0),
	}
	if msg.author == "" {
		msg.author = c.Client
	}
	replies := make(chan Reply, 1)
	l := &listener{done: func(r Reply) { replies <- r }}
	msg.listeners = []*listener{l}
	if msg.client != "" && msg.id != "" {
		first, reply := m.once.claim(msg, l)
		switch {
		case reply != nil:
			return *reply
		case first != nil:
			m.hook(ctx, first, l)
			return <-replies
		}
	}
	m.post(ctx, msg, l)
	return <-replies
}

// rejoin tells a listener who came later what the others have been told.
func (m *Machine) rejoin(msg *message, l *listener) {
	m.mu.Lock()
	waits := msg.oid != 0 && (msg.state == stateWaiting || len(msg.journal) > 0)
	var why waitsFor
	if waits {
		why = m.whyWaiting(msg)
	}
	m.mu.Unlock()
	if waits {
		tid := m.feed.last()
		m.afterDurable(tid, func() { l.waiting(image.Ref(msg.oid), tid, why) })
	}
}
