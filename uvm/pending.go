package uvm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"batos/image"
	"batos/store"
)

// load reads the messages with a record, puts them into the tables, and gives
// those that go on.
func (m *Machine) load() ([]*message, error) {
	var bad error
	err := m.store.IndexScan(messagePrefix, func(key string, value []byte) bool {
		var oid uint64
		if _, err := fmt.Sscanf(strings.TrimPrefix(key, messagePrefix), "%x", &oid); err != nil {
			bad = fmt.Errorf("message key %q: %w", key, err)
			return false
		}
		msg, err := readRecord(store.OID(oid), append([]byte(nil), value...))
		if err != nil {
			bad = fmt.Errorf("message %v: %w", store.OID(oid), err)
			return false
		}
		m.messages[msg.oid] = msg
		return true
	})
	if err == nil {
		err = bad
	}
	if err != nil {
		return nil, err
	}
	var resumed []*message
	for _, msg := range m.messages {
		for i := range msg.askers {
			msg.askers[i].msg = m.messages[msg.askers[i].oid]
		}
		if msg.about != nil && msg.about.receiver != 0 && msg.selector == reflectSelector && msg.state != stateFailed {
			m.reflections[reflectionKey{msg.about.receiver, msg.about.selector}] = msg
		}
		if msg.state != stateFailed {
			m.once.fly(msg)
		}
		switch msg.state {
		case stateFailed:
			m.failed = append(m.failed, msg.oid)
		case stateWaiting:
			if m.messages[msg.waitsFor] == nil { // for a person: asked again
				msg.state = stateRunning
				resumed = append(resumed, msg)
			}
		default:
			resumed = append(resumed, msg)
		}
		if msg.state == stateRunning {
			msg.asked = make(chan struct{})
		}
	}
	slices.Sort(m.failed)
	slices.SortFunc(resumed, func(a, b *message) int { return cmp.Compare(a.oid, b.oid) })
	return resumed, nil
}

// Pending lists the messages that wait, are on their way with a record, or have
// failed, oldest first.
func (m *Machine) Pending(ctx context.Context) ([]Pending, error) {
	m.mu.Lock()
	var list []Pending
	for _, msg := range m.messages {
		if msg.internal && len(msg.askers) > 0 {
			continue // shown with those that ask
		}
		list = append(list, m.pending(msg))
	}
	m.mu.Unlock()
	slices.SortFunc(list, func(a, b Pending) int { return cmp.Compare(a.Message, b.Message) })
	names := map[store.OID]string{}
	if err := m.read(ctx, 0, func(h *image.Heap) (err error) {
		names, err = rootNames(h)
		return err
	}); err != nil {
		return nil, err
	}
	for i := range list {
		if oid, ok := oidIn(list[i].Receiver); ok && names[store.OID(oid)] != "" {
			list[i].Receiver += " " + names[store.OID(oid)]
		}
		if missing := list[i].Missing; missing != nil {
			if oid, ok := oidIn(missing.Receiver); ok && names[store.OID(oid)] != "" {
				missing.Receiver += " " + names[store.OID(oid)]
			}
		}
	}
	return list, nil
}

// pending describes a message. Machine.mu is held.
func (m *Machine) pending(msg *message) Pending {
	p := Pending{
		Message: image.Ref(msg.oid), State: string(msg.state), Receiver: targetText(msg.target), Selector: msg.selector,
		Arguments: shownArguments(msg.args), Author: msg.author, Since: msg.since,
	}
	if msg.code != "" {
		p.Selector = "eval"
	}
	asks := m.asks(msg)
	switch msg.state {
	case stateWaiting:
		p.Why = m.whyWaiting(msg).why
	case stateRunning:
		if len(msg.journal) > 0 || msg.stop != nil {
			p.Why = "a mind is being asked"
		}
	case stateLater:
		p.Why = "is sent at " + msg.due.UTC().Format(time.RFC3339)
	case stateFailed:
		if msg.failure != nil {
			p.Why, p.Code, p.Traceback = msg.failure.Error(), msg.failure.Code, msg.failure.Traceback
		}
	}
	if asks != nil {
		p.Attempts = asks.attempts
		if asks.question != nil {
			p.Question = asks.question.prompt
			p.Missing = asks.question.about.missing()
		}
	}
	return p
}

// missing describes the method that n lacks; nil for nil.
func (n *notUnderstood) missing() *Missing {
	if n == nil {
		return nil
	}
	m := &Missing{Receiver: n.who(), Selector: n.selector}
	for i := range n.args {
		m.Parameters = append(m.Parameters, fmt.Sprintf("a%d", i+1))
	}
	if n.kwargs != nil {
		for _, e := range n.kwargs.Entries {
			if name, ok := e.Key.(string); ok {
				m.Parameters = append(m.Parameters, name)
			}
		}
	}
	return m
}

// asks follows a message to the one that asks a mind on its behalf.
func (m *Machine) asks(msg *message) *message {
	for range 64 {
		child := m.messages[msg.waitsFor]
		if child == nil {
			return msg
		}
		msg = child
	}
	return msg
}

// find finds a message by a reference, "@42", or the object and selector it is
// about ("genesis_obj.greet").
func (m *Machine) find(ctx context.Context, message any) (*message, *Error) {
	target, bad := normalTarget(message)
	if bad != nil {
		return nil, bad
	}
	if ref, ok := target.(image.Ref); ok {
		m.mu.Lock()
		defer m.mu.Unlock()
		if msg := m.messages[store.OID(ref)]; msg != nil {
			return msg, nil
		}
		return nil, &Error{Code: CodeNoSuchObject, Target: store.OID(ref).String(), Message: fmt.Sprintf("no message %v waits or has failed; `bat pending` lists them", store.OID(ref))}
	}
	path := target.(string)
	if dot := strings.LastIndexByte(path, '.'); dot > 0 {
		if ref, err := m.Resolve(ctx, path[:dot]); err == nil {
			m.mu.Lock()
			defer m.mu.Unlock()
			if msg := m.reflections[reflectionKey{ref, path[dot+1:]}]; msg != nil {
				return msg, nil
			}
		}
	}
	return nil, &Error{Code: CodeNoSuchObject, Target: path, Message: "no message is called " + path + "; `bat pending` lists them as @42"}
}

// answering is somebody who has answered a question and waits for what comes of
// it.
type answering struct{ came chan error }

func (a *answering) tell(err error) {
	select {
	case a.came <- err:
	default:
	}
}

// Answer gives a person's method to a message that waits for one. It is audited
// and tried; what falls short is refused with the reason and the question stays.
// What passes is kept, all who wait for it go on, and the reply is that of the
// message that was named.
func (m *Machine) Answer(ctx context.Context, c Caller, message any, source string) Reply {
	msg, bad := m.find(ctx, message)
	if bad != nil {
		return Reply{Status: StatusError, Err: bad}
	}
	if m.closing.Load() {
		return Reply{Status: StatusError, Err: errShuttingDown}
	}
	asks, e, state, busy := m.asked(ctx, msg)
	refuse := func(code Code, format string, a ...any) Reply {
		return Reply{Status: StatusError, Message: image.Ref(msg.oid), Err: &Error{Code: code, Message: fmt.Sprintf(format, a...)}}
	}
	switch {
	case e == nil && state == stateFailed:
		return refuse(CodeBadField, "message @%d has failed and asks nothing; mend the method, then `bat retry @%d`", msg.oid, msg.oid)
	case e == nil:
		return refuse(CodeBadField, "message @%d asks nothing now; `bat pending` says what it waits for", msg.oid)
	case busy:
		return refuse(CodeConflict, "somebody else is just answering message @%d", msg.oid)
	}
	if e.about != nil {
		if refused := m.tryAnswer(ctx, c, asks, e, source); refused != nil {
			refused.Target, refused.Selector = e.about.who(), e.about.selector
			return Reply{Status: StatusError, Message: image.Ref(msg.oid), Err: refused, TID: m.feed.last()}
		}
	}
	replies := make(chan Reply, 1)
	l := &listener{done: func(r Reply) { replies <- r }, wait: answerWait}
	hears := msg
	m.mu.Lock()
	if msg == asks && len(asks.askers) > 0 && asks.askers[0].msg != nil {
		hears = asks.askers[0].msg // the one on whose behalf is asked
	}
	if asks.question != e && asks.asking != e || asks.state == stateDone {
		m.mu.Unlock()
		return refuse(CodeConflict, "message @%d was answered meanwhile", msg.oid)
	}
	came := &answering{make(chan error, 1)}
	asks.answering = came
	hears.listen(l)
	if asks.stop != nil {
		asks.stop()
		asks.stop = nil
	}
	err := m.journal(asks, e, inferred{Text: source, Model: "a person", Author: author(c)})
	m.mu.Unlock()
	if err != nil {
		return Reply{Status: StatusError, Err: m.errorOf(nil, err)}
	}
	m.hook(ctx, hears, l)
	select {
	case err = <-came.came:
	case <-ctx.Done():
		err = cancelled(ctx)
	case <-m.life.Done():
		err = errShuttingDown
	}
	m.mu.Lock()
	if asks.answering == came {
		asks.answering = nil
	}
	m.mu.Unlock()
	if err != nil {
		r := Reply{Status: StatusError, Message: image.Ref(msg.oid), Err: m.errorOf(nil, err), TID: m.feed.last()}
		l.answer(r)
		return r
	}
	return <-replies
}

// soon is how long Answer waits for a question that is about to be asked.
const soon = 5 * time.Second

// asked finds the question that stands with a message. One that has just begun
// to wait has none yet: that is waited for.
func (m *Machine) asked(ctx context.Context, msg *message) (asks *message, e *effect, s state, busy bool) {
	timer := time.NewTimer(soon)
	defer timer.Stop()
	for {
		m.mu.Lock()
		asks = m.asks(msg)
		e, s, busy = asks.question, asks.state, asks.answering != nil
		if e == nil {
			e = asks.asking // a mind thinks, but a person is quicker
		}
		wait := asks.asked
		m.mu.Unlock()
		if e != nil || wait == nil || s != stateRunning {
			return asks, e, s, busy
		}
		select {
		case <-wait:
		case <-timer.C:
			return asks, e, s, busy
		case <-ctx.Done():
			return asks, e, s, busy
		}
	}
}

// answerWait is how long Answer waits for the message that goes on, before it
// says that it waits again or still runs.
const answerWait = time.Minute

// tryAnswer audits and tries a person's method before it is taken for an answer.
func (m *Machine) tryAnswer(ctx context.Context, c Caller, asks *message, e *effect, source string) *Error {
	var v verdict
	r := m.do(ctx, Caller{Author: author(c)}, "try "+asks.subject(), func(w *worker) (any, error) {
		// The trial has a transaction of its own; this one has seen nothing yet.
		w.heap.Abort()
		v = w.trial(source, e.about)
		return nil, w.heap.Begin()
	})
	if r.Err != nil {
		return r.Err
	}
	if v.Reason == "" {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	asks.attempts = append(asks.attempts, Attempt{Mind: author(c), Source: source, Reason: v.Reason})
	if len(asks.attempts) > 20 {
		asks.attempts = asks.attempts[len(asks.attempts)-20:]
	}
	if rec, err := asks.record(); err == nil && asks.state != stateDone {
		if _, err := m.submit(store.Provenance{Time: m.options.Now(), Author: author(c), Cause: asks.oid,
			Why: "an answer about " + asks.subject() + " fell short: " + v.Reason}, rec); err != nil {
			return m.errorOf(nil, err)
		}
	}
	return &Error{Code: CodeAuditRefused, Line: v.Line, Col: v.Col, Message: v.Reason}
}

// Retry lets a failed message run again from its start: what its effects came to
// is kept, but for failures.
func (m *Machine) Retry(ctx context.Context, c Caller, message any) Reply {
	msg, bad := m.find(ctx, message)
	if bad != nil {
		return Reply{Status: StatusError, Err: bad}
	}
	replies := make(chan Reply, 1)
	l := &listener{done: func(r Reply) { replies <- r }, wait: answerWait}
	m.mu.Lock()
	if msg.state != stateFailed {
		m.mu.Unlock()
		return Reply{Status: StatusError, Message: image.Ref(msg.oid), Err: &Error{Code: CodeBadField, Message: fmt.Sprintf("message @%d has not failed: it is %s", msg.oid, msg.state)}}
	}
	msg.journal = slices.DeleteFunc(msg.journal, func(a answer) bool { return failureIn(a.value) != nil })
	msg.state, msg.failure = stateRunning, nil
	m.failed = slices.DeleteFunc(m.failed, func(oid store.OID) bool { return oid == msg.oid })
	r, err := msg.record()
	if err == nil {
		_, err = m.submit(store.Provenance{Time: m.options.Now(), Author: author(c), Cause: msg.oid, Why: "retry " + msg.String()}, r)
	}
	if err != nil {
		msg.state = stateFailed
		m.failed = append(m.failed, msg.oid)
		m.mu.Unlock()
		return Reply{Status: StatusError, Err: m.errorOf(nil, err)}
	}
	m.once.fly(msg)
	msg.listen(l)
	m.mu.Unlock()
	m.hook(ctx, msg, l)
	m.enqueue(msg)
	return <-replies
}

// Dismiss lets go of a message that waits, is to be sent later or has failed.
func (m *Machine) Dismiss(ctx context.Context, c Caller, message any) error {
	msg, bad := m.find(ctx, message)
	if bad != nil {
		return bad
	}
	m.mu.Lock()
	doomed := m.doomed(msg, nil)
	var entries []store.IndexWrite
	for _, d := range doomed {
		entries = append(entries, d.forget())
	}
	tid, err := m.submit(store.Provenance{Time: m.options.Now(), Author: author(c), Cause: msg.oid, Why: "dismiss " + msg.String()}, entries...)
	if err == nil {
		for _, d := range doomed {
			m.unlist(d)
			m.failed = slices.DeleteFunc(m.failed, func(oid store.OID) bool { return oid == d.oid })
		}
	}
	m.mu.Unlock()
	if err != nil {
		return m.errorOf(nil, err)
	}
	for _, d := range doomed {
		m.once.release(d)
		d.finish(Reply{Status: StatusError, TID: tid, Message: image.Ref(d.oid), Err: m.errorOf(nil, errDismissed)}, true)
	}
	if err := m.store.WaitDurable(ctx, tid); err != nil {
		return m.errorOf(nil, err)
	}
	return nil
}

// doomed lists the messages that go with msg: those that wait for it, and what
// it waits for when nobody else does. Machine.mu is held.
func (m *Machine) doomed(msg *message, list []*message) []*message {
	if slices.Contains(list, msg) {
		return list
	}
	list = append(list, msg)
	for _, a := range msg.askers {
		if a.msg != nil && a.msg.waitsFor == msg.oid {
			list = m.doomed(a.msg, list)
		}
	}
	child := m.messages[msg.waitsFor]
	if child == nil {
		return list
	}
	for _, a := range child.askers {
		if a.msg != nil && a.msg.waitsFor == child.oid && !slices.Contains(list, a.msg) {
			return list
		}
	}
	return m.doomed(child, list)
}
