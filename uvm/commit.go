package uvm

import (
	"errors"

	"batos/image"
	"batos/store"
)

// commit ends the run of a message. What was read only needs no commit, but its
// reply waits until what it read is durable.
func (w *worker) commit(msg *message, o outcome, c *contention) (outcome, error) {
	m := w.m
	later := w.run.later
	if msg.oid == 0 && len(later) == 0 && !w.heap.Changed() {
		o.tid = w.heap.Snapshot()
		_, err := w.heap.Commit(image.CommitRequest{})
		return o, err
	}
	c.enter()
	defer c.leave()
	var index []store.IndexWrite
	for _, l := range later {
		r, err := l.record()
		if err != nil {
			w.heap.Abort()
			return o, err
		}
		index = append(index, r)
	}
	p := store.Provenance{Time: w.clock(), Author: msg.author, Cause: msg.cause, Parent: msg.parentTID, Why: msg.String(), More: w.run.kept}
	if msg.oid != 0 {
		p.Cause = msg.oid
	}
	if msg.client != "" && msg.id != "" {
		entry, err := m.once.entry(msg, o.reply, p.Time)
		if err != nil {
			w.heap.Abort()
			return o, err
		}
		index = append(index, entry)
	}
	if msg.oid != 0 {
		return w.commitRecorded(msg, o, p, index)
	}
	tid, err := w.heap.Commit(image.CommitRequest{Provenance: p, Index: index, Architect: msg.architect})
	if err != nil {
		return o, err
	}
	w.committed(msg, &o, tid)
	return o, nil
}

// commitRecorded also removes the message's record and hands its value to the
// messages that wait for it, in the same transaction.
func (w *worker) commitRecorded(msg *message, o outcome, p store.Provenance, index []store.IndexWrite) (outcome, error) {
	m := w.m
	m.mu.Lock()
	defer m.mu.Unlock()
	if msg.state == stateDone { // dismissed while it ran
		w.heap.Abort()
		return o, &Error{Code: CodeCancelled, Message: "the message was dismissed while it ran"}
	}
	value := o.reply.Value
	if w.run.given != nil {
		value = w.run.given
	}
	entries, undo, err := m.answerAskers(msg, value)
	if err == nil {
		index = append(append(index, entries...), msg.forget())
		var tid store.TID
		if tid, err = w.heap.Commit(image.CommitRequest{Provenance: p, Index: index, Architect: msg.architect}); err == nil {
			w.committed(msg, &o, tid)
			m.unlist(msg)
			m.resumeAskers(msg, tid)
			return o, nil
		}
	} else {
		w.heap.Abort()
	}
	undo()
	return o, err
}

// committed tells the watchers, and sends what was to be sent later.
func (w *worker) committed(msg *message, o *outcome, tid store.TID) {
	o.tid, o.change = tid, true
	w.m.feed.committed(tid, w.delta(tid))
	if later := w.run.later; len(later) > 0 {
		locked := msg.oid != 0
		if !locked {
			w.m.mu.Lock()
		}
		for _, l := range later {
			l.parentTID = tid
			w.m.messages[l.oid] = l
			w.m.schedule(l)
		}
		if !locked {
			w.m.mu.Unlock()
		}
	}
}

// answerAskers writes a value into the journals of the messages that wait for
// msg; undo takes it back. Machine.mu is held.
func (m *Machine) answerAskers(msg *message, value any) (entries []store.IndexWrite, undo func(), err error) {
	var done []asker
	undo = func() {
		for _, a := range done {
			a.msg.journal = a.msg.journal[:len(a.msg.journal)-1]
			a.msg.state, a.msg.waitsFor = stateWaiting, msg.oid
		}
	}
	for _, a := range msg.askers {
		if a.msg == nil || a.msg.state != stateWaiting || a.msg.waitsFor != msg.oid {
			continue
		}
		a.msg.journal = append(a.msg.journal, answer{a.key, a.n, value})
		a.msg.state, a.msg.waitsFor = stateRunning, 0
		done = append(done, a)
		r, err := a.msg.record()
		if err != nil {
			return nil, undo, err
		}
		entries = append(entries, r)
	}
	return entries, undo, nil
}

// resumeAskers lets the messages run again whose journals answerAskers filled.
func (m *Machine) resumeAskers(msg *message, tid store.TID) {
	for _, a := range msg.askers {
		if a.msg != nil && a.msg.state == stateRunning && a.msg.waitsFor == 0 {
			a.msg.parentTID = max(a.msg.parentTID, tid)
			m.enqueue(a.msg)
		}
	}
	msg.askers = nil
}

// unlist takes a message that is over out of the tables. Machine.mu is held.
func (m *Machine) unlist(msg *message) {
	delete(m.messages, msg.oid)
	if msg.about != nil && msg.about.receiver != 0 {
		key := reflectionKey{msg.about.receiver, msg.about.selector}
		if m.reflections[key] == msg {
			delete(m.reflections, key)
		}
	}
	msg.state = stateDone
	if msg.timer != nil {
		msg.timer.Stop()
	}
	if msg.stop != nil {
		msg.stop()
	}
}

// succeed answers a message that has committed, once that is durable.
func (m *Machine) succeed(msg *message, o outcome) {
	m.counts.messages.Add(1)
	o.reply.TID = o.tid
	if a := msg.answering; a != nil {
		a.tell(nil)
	}
	m.whenDurable(o.tid, func(err error) {
		if err != nil {
			o.reply = Reply{Status: StatusError, Err: m.errorOf(nil, err)}
		}
		m.once.settle(msg, o.reply)
		msg.finish(o.reply, true)
	})
}

// keptFailures bounds the failed messages that are kept; the oldest go first.
const keptFailures = 1000

// fail ends a message with an error. Nothing of its run was kept; the message
// itself is, unless running it again makes no sense.
func (m *Machine) fail(msg *message, e *Error, w *worker) {
	m.counts.failed.Add(1)
	if e.Target == "" && msg.native == nil {
		e.Target, e.Selector = targetText(msg.target), msg.selector
	}
	reply := Reply{Status: StatusError, Err: e}
	if w != nil { // it has run, and may tell of what it read
		reply.TID, reply.Printed = w.heap.Snapshot(), w.run.printed.String()
	}
	if a := msg.answering; a != nil {
		a.tell(e)
	}
	if e.Code == CodeShuttingDown || e.Code == CodeStorage {
		// With a record it runs when the image is opened again.
		m.once.release(msg)
		msg.finish(reply, msg.oid == 0)
		return
	}
	m.mu.Lock()
	entries, keep, err := m.recordFailure(msg, e)
	if err == nil && len(entries) == 0 {
		m.mu.Unlock()
		m.whenDurable(reply.TID, func(err error) {
			if err != nil {
				reply = Reply{Status: StatusError, Err: m.errorOf(nil, err)}
			}
			m.once.settle(msg, reply)
			msg.finish(reply, true)
		})
		return
	}
	var tid store.TID
	at := m.options.Now()
	if err == nil {
		reply.Message = image.Ref(msg.oid)
		if !keep {
			reply.Message = 0
		}
		if msg.client != "" && msg.id != "" {
			var entry store.IndexWrite
			if entry, err = m.once.entry(msg, reply, at); err == nil {
				entries = append(entries, entry)
			}
		}
	}
	if err == nil {
		tid, err = m.submit(store.Provenance{Time: at, Author: msg.author, Cause: msg.oid,
			Why: "failed: " + msg.String() + ": " + e.Error()}, entries...)
	}
	m.mu.Unlock()
	if err != nil {
		m.options.Log("keeping the failed message %v: %v", msg, err)
		m.once.release(msg)
		msg.finish(reply, true)
		return
	}
	reply.TID = tid
	m.whenDurable(tid, func(err error) {
		if err != nil {
			reply = Reply{Status: StatusError, Err: m.errorOf(nil, err)}
		}
		m.once.settle(msg, reply)
		msg.finish(reply, !keep)
	})
}

// recordFailure gives the index entries that keep a failed message, none when
// it leaves no trace. Machine.mu is held.
func (m *Machine) recordFailure(msg *message, e *Error) (entries []store.IndexWrite, keep bool, err error) {
	switch e.Code {
	case CodeMethodError, CodeSlotError, CodeNotUnderstood, CodeFuel, CodeMemory, CodeDepth, CodeDeadline,
		CodeOrganization, CodeConflict, CodeMindUnavailable, CodeBudget:
		keep = msg.selector != "" && msg.native == nil && !msg.internal
	}
	if msg.state == stateDone {
		return nil, false, nil
	}
	if msg.oid != 0 && !keep {
		// Whoever waits for it is told; the record goes.
		askers, _, err := m.answerAskers(msg, &image.Map{Entries: []image.MapEntry{{Key: failureMark, Value: plainError(e)}}})
		if err != nil {
			return nil, false, err
		}
		entries = append(askers, msg.forget())
		m.unlist(msg)
		m.resumeAskers(msg, m.feed.last())
		return entries, false, nil
	}
	if !keep {
		return nil, false, nil
	}
	m.enroll(msg)
	msg.state, msg.failure, msg.waitsFor = stateFailed, e, 0
	e.Failed = image.Ref(msg.oid)
	m.failed = append(m.failed, msg.oid)
	r, err := msg.record()
	if err != nil {
		return nil, false, err
	}
	entries = append(entries, r)
	for len(m.failed) > keptFailures {
		if old := m.messages[m.failed[0]]; old != nil && old.state == stateFailed {
			m.options.Log("letting go of the failed message %v (%v): only the newest %d are kept", old.oid, old, keptFailures)
			entries = append(entries, old.forget())
			m.unlist(old)
		}
		m.failed = m.failed[1:]
	}
	return entries, true, nil
}

// enroll gives a message an oid and a place in the table. Machine.mu is held.
func (m *Machine) enroll(msg *message) {
	if msg.oid == 0 {
		oid := m.store.AllocateOIDs(1)
		msg.mu.Lock()
		msg.oid = oid
		msg.mu.Unlock()
		msg.since = m.options.Now().Round(0)
	}
	m.messages[msg.oid] = msg
}

// failureMark is the key of a journaled answer that is a failure.
const failureMark = "$failure"

// failureIn gives the failure that a journaled answer holds.
func failureIn(value any) *Error {
	m, ok := value.(*image.Map)
	if !ok || len(m.Entries) != 1 || m.Entries[0].Key != failureMark {
		return nil
	}
	if f, ok := m.Entries[0].Value.(*image.Map); ok {
		return readError(f)
	}
	return nil
}

// parse makes the tree of an eval's code, which a record keeps as text.
func (msg *message) parse() error {
	body, err := parseBody(msg.code)
	if err != nil {
		return err
	}
	msg.body = body
	return nil
}

var errDismissed = errors.New("dismissed")
