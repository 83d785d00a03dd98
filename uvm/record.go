package uvm

import (
	"fmt"
	"time"

	"batos/image"
	"batos/lang"
	"batos/store"
)

// messagePrefix begins the index keys of message records.
const messagePrefix = "message/"

func messageKey(oid store.OID) string { return fmt.Sprintf("%s%016x", messagePrefix, uint64(oid)) }

// fields builds a map of plain values in order; empty ones are left out.
type fields struct{ image.Map }

func (f *fields) put(name string, v any) {
	switch x := v.(type) {
	case nil:
		return
	case string:
		if x == "" {
			return
		}
	case int64:
		if x == 0 {
			return
		}
	case bool:
		if !x {
			return
		}
	case time.Time:
		if x.IsZero() {
			return
		}
	case []any:
		if len(x) == 0 {
			return
		}
	case *image.Map:
		if x == nil {
			return
		}
	}
	f.Entries = append(f.Entries, image.MapEntry{Key: name, Value: v})
}

// record is the durable form of a message with an oid. Machine.mu is held.
func (msg *message) record() (store.IndexWrite, error) {
	var f fields
	f.put("state", string(msg.state))
	f.put("target", msg.target)
	f.put("selector", msg.selector)
	f.put("args", msg.args)
	f.put("kwargs", msg.kwargs)
	f.put("code", msg.code)
	f.put("fuel", msg.limits.Fuel)
	f.put("memory", msg.limits.Memory)
	f.put("deadline", int64(msg.limits.Deadline))
	f.put("sender", msg.sender)
	f.put("client", msg.client)
	f.put("id", msg.id)
	f.put("author", msg.author)
	f.put("architect", msg.architect)
	f.put("seed", int64(msg.seed))
	f.put("now", msg.now)
	f.put("cause", int64(msg.cause))
	f.put("parent", int64(msg.parentTID))
	f.put("internal", msg.internal)
	f.put("due", msg.due)
	f.put("since", msg.since)
	f.put("waitsFor", int64(msg.waitsFor))
	if msg.about != nil {
		f.put("about", msg.about.plain())
	}
	var journal, askers, attempts []any
	for _, a := range msg.journal {
		journal = append(journal, []any{a.key, int64(a.n), a.value})
	}
	for _, a := range msg.askers {
		askers = append(askers, []any{int64(a.oid), a.key, int64(a.n)})
	}
	for _, a := range msg.attempts {
		attempts = append(attempts, []any{a.Mind, a.Source, a.Reason})
	}
	f.put("journal", journal)
	f.put("askers", askers)
	f.put("attempts", attempts)
	if msg.failure != nil {
		f.put("failure", plainError(msg.failure))
	}
	value, err := appendPlain(nil, &f.Map)
	if err != nil {
		return store.IndexWrite{}, fmt.Errorf("writing message %v: %w", msg.oid, err)
	}
	return store.IndexWrite{Key: messageKey(msg.oid), Value: value}, nil
}

// forget removes the record.
func (msg *message) forget() store.IndexWrite {
	return store.IndexWrite{Key: messageKey(msg.oid), Delete: true}
}

// readRecord reads what record wrote. The askers know only their oids yet.
func readRecord(oid store.OID, data []byte) (*message, error) {
	v, err := decodePlain(data)
	if err != nil {
		return nil, err
	}
	m, ok := v.(*image.Map)
	if !ok {
		return nil, errDamaged
	}
	msg := &message{oid: oid}
	msg.state = state(textOf(m, "state"))
	msg.target, _ = m.Get("target")
	msg.selector = textOf(m, "selector")
	msg.args = listOf(m, "args")
	msg.kwargs = mapOf(m, "kwargs")
	msg.code = textOf(m, "code")
	msg.limits = lang.Limits{Fuel: min(intOf(m, "fuel"), MaxFuel), Memory: min(intOf(m, "memory"), MaxMemory),
		Deadline: min(time.Duration(intOf(m, "deadline")), MaxDeadline)}
	msg.sender = textOf(m, "sender")
	msg.client, msg.id, msg.author = textOf(m, "client"), textOf(m, "id"), textOf(m, "author")
	msg.architect = boolOf(m, "architect")
	msg.seed = uint64(intOf(m, "seed"))
	msg.now, msg.due, msg.since = timeOf(m, "now"), timeOf(m, "due"), timeOf(m, "since")
	msg.cause, msg.parentTID = store.OID(intOf(m, "cause")), store.TID(intOf(m, "parent"))
	msg.internal = boolOf(m, "internal")
	msg.waitsFor = store.OID(intOf(m, "waitsFor"))
	if about := mapOf(m, "about"); about != nil {
		msg.about = readNotUnderstood(about)
	}
	for _, item := range listOf(m, "journal") {
		if parts, ok := item.([]any); ok && len(parts) == 3 {
			key, _ := parts[0].(string)
			n, _ := parts[1].(int64)
			msg.journal = append(msg.journal, answer{key, int(n), parts[2]})
		}
	}
	for _, item := range listOf(m, "askers") {
		if parts, ok := item.([]any); ok && len(parts) == 3 {
			oid, _ := parts[0].(int64)
			key, _ := parts[1].(string)
			n, _ := parts[2].(int64)
			msg.askers = append(msg.askers, asker{oid: store.OID(oid), key: key, n: int(n)})
		}
	}
	for _, item := range listOf(m, "attempts") {
		if parts, ok := item.([]any); ok && len(parts) == 3 {
			a := Attempt{}
			a.Mind, _ = parts[0].(string)
			a.Source, _ = parts[1].(string)
			a.Reason, _ = parts[2].(string)
			msg.attempts = append(msg.attempts, a)
		}
	}
	if f := mapOf(m, "failure"); f != nil {
		msg.failure = readError(f)
	}
	return msg, nil
}

func (n *notUnderstood) plain() *image.Map {
	var f fields
	f.put("receiver", n.receiver)
	f.put("fresh", n.fresh)
	f.put("selector", n.selector)
	f.put("args", n.args)
	f.put("kwargs", n.kwargs)
	return &f.Map
}

func readNotUnderstood(m *image.Map) *notUnderstood {
	receiver, _ := m.Get("receiver")
	ref, _ := receiver.(image.Ref)
	return &notUnderstood{ref, mapOf(m, "fresh"), textOf(m, "selector"), listOf(m, "args"), mapOf(m, "kwargs")}
}

// plainError and readError are the durable form of a failure.
func plainError(e *Error) *image.Map {
	var f fields
	f.put("code", string(e.Code))
	f.put("message", e.Message)
	f.put("target", e.Target)
	f.put("selector", e.Selector)
	f.put("slot", e.Slot)
	f.put("failed", int64(e.Failed))
	f.put("line", int64(e.Line))
	f.put("col", int64(e.Col))
	var lines []any
	for _, t := range e.Traceback {
		var l fields
		l.put("receiver", t.Receiver)
		l.put("selector", t.Selector)
		l.put("line", int64(t.Line))
		l.put("source", t.Source)
		l.put("caret", t.Caret)
		locals := &image.Map{}
		for _, name := range sortedKeys(t.Locals) {
			locals.Put(name, t.Locals[name])
		}
		l.put("locals", locals)
		lines = append(lines, &l.Map)
	}
	f.put("traceback", lines)
	return &f.Map
}

func readError(m *image.Map) *Error {
	e := &Error{
		Code: Code(textOf(m, "code")), Message: textOf(m, "message"), Target: textOf(m, "target"),
		Selector: textOf(m, "selector"), Slot: textOf(m, "slot"), Failed: image.Ref(intOf(m, "failed")),
		Line: int(intOf(m, "line")), Col: int(intOf(m, "col")),
	}
	for _, item := range listOf(m, "traceback") {
		if l, ok := item.(*image.Map); ok {
			t := TraceLine{Receiver: textOf(l, "receiver"), Selector: textOf(l, "selector"), Line: int(intOf(l, "line")),
				Source: textOf(l, "source"), Caret: textOf(l, "caret"), Locals: map[string]string{}}
			if locals := mapOf(l, "locals"); locals != nil {
				for _, entry := range locals.Entries {
					name, _ := entry.Key.(string)
					t.Locals[name], _ = entry.Value.(string)
				}
			}
			e.Traceback = append(e.Traceback, t)
		}
	}
	return e
}

func textOf(m *image.Map, name string) string {
	v, _ := m.Get(name)
	s, _ := v.(string)
	return s
}

func intOf(m *image.Map, name string) int64 {
	v, _ := m.Get(name)
	n, _ := v.(int64)
	return n
}

func boolOf(m *image.Map, name string) bool {
	v, _ := m.Get(name)
	b, _ := v.(bool)
	return b
}

func timeOf(m *image.Map, name string) time.Time {
	v, _ := m.Get(name)
	t, _ := v.(time.Time)
	return t
}

func listOf(m *image.Map, name string) []any {
	v, _ := m.Get(name)
	l, _ := v.([]any)
	return l
}

func mapOf(m *image.Map, name string) *image.Map {
	v, _ := m.Get(name)
	l, _ := v.(*image.Map)
	return l
}
