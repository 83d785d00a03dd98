package uvm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"batos/image"
	"batos/lang"
	"batos/mind"
	"batos/store"
)

// effect is something that a message asks for and that cannot be part of its
// transaction: it takes long, or must happen once. The run that asks is dropped
// (lang.Suspended), the effect is performed, its answer goes into the message's
// journal, and the message runs again from its start.
type effect struct {
	kind string // "outside", "infer", "trial"
	key  string // names it in the journal, as the n-th of its key
	n    int

	about *notUnderstood // what infer and trial are about; for outside, the message object that is passed on

	receiver image.Ref // of outside
	selector string
	args     []any
	kwargs   *image.Map

	engine, system, prompt string // of infer

	source string // of trial
}

// The kinds of effects.
const (
	effectOutside = "outside"
	effectInfer   = "infer"
	effectTrial   = "trial"
)

// ask gives the journaled answer to an effect, or the error that suspends the
// run until there is one.
func (w *worker) ask(e *effect, request any) (any, error) {
	key, err := effectKey(e.kind, request)
	if err != nil {
		return nil, err
	}
	if w.run.counts == nil {
		w.run.counts = map[string]int{}
	}
	e.key, e.n = key, w.run.counts[key]
	w.run.counts[key]++
	if value, ok := w.run.msg.answered(e.key, e.n); ok {
		return value, nil
	}
	return nil, &lang.Suspended{Kind: e.kind, Request: e}
}

// maxEffects bounds the journal of one message.
const maxEffects = 200

// suspend performs the effect that ended a run, or has it performed; again says
// that the message can run again at once, on this worker.
func (w *worker) suspend(msg *message, s *lang.Suspended) (again bool, err error) {
	e, ok := s.Request.(*effect)
	if !ok || msg.native != nil {
		return false, fmt.Errorf("an effect of kind %s cannot be performed here", s.Kind)
	}
	if len(msg.journal) >= maxEffects {
		return false, &Error{Code: CodeBudget, Message: fmt.Sprintf("the message has asked for more than %d effects", maxEffects)}
	}
	notes := w.run.notes
	switch e.kind {
	case effectTrial:
		// A trial can be had again, so its answer is written down with the next
		// record only.
		v := w.trial(e.source, e.about)
		w.m.mu.Lock()
		msg.journal = append(msg.journal, answer{e.key, e.n, v.plain()})
		w.m.mu.Unlock()
		return true, nil
	case effectInfer:
		return false, w.m.infer(msg, e, notes)
	case effectOutside:
		return false, w.m.outside(msg, e)
	}
	return false, fmt.Errorf("no effect is of kind %s", e.kind)
}

// reflectionKey names a question: who lacks which method.
type reflectionKey struct {
	receiver image.Ref
	selector string
}

// outside sends an effect's message as one of its own; msg waits for it. Who
// lacks the same method of the same receiver shares one.
func (m *Machine) outside(msg *message, e *effect) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if msg.state == stateDone {
		return errDismissed
	}
	m.enroll(msg)
	var child *message
	var key reflectionKey
	if e.about != nil && e.about.receiver != 0 && e.selector == reflectSelector {
		key = reflectionKey{e.about.receiver, e.about.selector}
		child = m.reflections[key]
	}
	fresh := child == nil
	if fresh {
		child = &message{
			target: e.receiver, selector: e.selector, args: e.args, kwargs: e.kwargs, about: e.about,
			author: msg.author, sender: msg.sender, architect: msg.architect, internal: true, state: stateRunning,
			now: m.options.Now().Round(0), cause: msg.oid, parentTID: m.feed.last(), asked: make(chan struct{}),
		}
		m.enroll(child)
		child.seed = seedOf(child.oid.String())
		if key.receiver != 0 {
			m.reflections[key] = child
		}
	}
	child.askers = append(child.askers, asker{msg, msg.oid, e.key, e.n})
	msg.state, msg.waitsFor = stateWaiting, child.oid
	mine, err := msg.record()
	if err != nil {
		return err
	}
	its, err := child.record()
	if err != nil {
		return err
	}
	why := m.whyWaiting(msg)
	tid, err := m.submit(store.Provenance{Time: m.options.Now(), Author: msg.author, Cause: msg.oid, Why: why.why}, mine, its)
	if err != nil {
		return err
	}
	child.parentTID = max(child.parentTID, tid)
	if fresh {
		m.enqueue(child)
	}
	m.afterDurable(tid, func() { msg.tellWaiting(tid, why) })
	return nil
}

// reflectSelector is what doesNotUnderstand_ of traits_obj sends.
const reflectSelector = "reflectOn_"

// infer has a mind asked, on a goroutine of its own; a person is waited for.
func (m *Machine) infer(msg *message, e *effect, notes []Attempt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if msg.state == stateDone {
		return errDismissed
	}
	m.enroll(msg)
	msg.attempts = notes
	engine, err := m.minds.engine(e.engine)
	if err != nil {
		return m.journal(msg, e, inferred{Error: err.Error()})
	}
	if engine.Name() == "human" {
		msg.state, msg.question = stateWaiting, e
		if a := msg.answering; a != nil { // the image's own code thought otherwise
			a.tell(m.fellShort(notes))
		}
	} else {
		msg.state = stateRunning
	}
	r, err := msg.record()
	if err != nil {
		return err
	}
	tid, err := m.submit(store.Provenance{Time: m.options.Now(), Author: msg.author, Cause: msg.oid, Why: "asks " + e.engine + " about " + msg.subject()}, r)
	if err != nil {
		return err
	}
	m.tellAskers(msg, tid)
	if msg.asked != nil {
		close(msg.asked)
		msg.asked = nil
	}
	if msg.state == stateWaiting {
		return nil
	}
	ctx, stop := context.WithCancel(m.life)
	msg.stop, msg.asking = stop, e
	m.effects.Add(1)
	go m.think(ctx, msg, e, engine)
	return nil
}

// subject is what a message that asks a mind is about.
func (msg *message) subject() string {
	if msg.about != nil {
		if msg.about.receiver == 0 {
			return msg.about.selector + " of a new object"
		}
		return msg.about.who() + "." + msg.about.selector
	}
	return msg.String()
}

// tellAskers tells the listeners of a message and of those that wait for it
// what is being waited for. Machine.mu is held.
func (m *Machine) tellAskers(msg *message, tid store.TID) {
	waiting := []*message{msg}
	for _, a := range msg.askers {
		if a.msg != nil {
			waiting = append(waiting, a.msg)
		}
	}
	for _, one := range waiting {
		if one.internal {
			continue
		}
		why := m.whyWaiting(one)
		m.afterDurable(tid, func() { one.tellWaiting(tid, why) })
	}
}

// think asks an engine and journals what it says.
func (m *Machine) think(ctx context.Context, msg *message, e *effect, engine mind.Engine) {
	defer m.effects.Done()
	tokens := func(text string) {
		m.mu.Lock()
		hearers := []*message{msg}
		for _, a := range msg.askers {
			if a.msg != nil {
				hearers = append(hearers, a.msg)
			}
		}
		m.mu.Unlock()
		for _, h := range hearers {
			h.token(text)
		}
	}
	var said inferred
	a, err := infer(ctx, engine, mind.Request{System: e.system, Prompt: e.prompt}, tokens)
	switch {
	case err == nil:
		said = inferred{Text: a.Text, Model: a.Model, Tokens: a.Tokens}
	case m.life.Err() != nil:
		return // asked again when the image is opened
	default:
		said.Error = err.Error()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if msg.state == stateDone || msg.asking != e || ctx.Err() != nil {
		return // dismissed, or answered by a person meanwhile
	}
	msg.stop = nil
	if err := m.journal(msg, e, said); err != nil {
		m.options.Log("keeping the answer of %s for %v: %v", e.engine, msg, err)
	}
}

// infer keeps a fault of an engine from ending the process.
func infer(ctx context.Context, engine mind.Engine, r mind.Request, token func(string)) (a mind.Answer, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a fault in the engine %s: %v", engine.Spec(), fault)
		}
	}()
	return engine.Infer(ctx, r, token)
}

// inferred is the journaled answer of an engine.
type inferred struct {
	Engine string
	Prompt string
	Text   string
	Model  string
	Error  string
	Author string // the person, when it was one
	Tokens int
}

func (i inferred) plain() *image.Map {
	m := &image.Map{}
	m.Put("engine", i.Engine)
	m.Put("prompt", i.Prompt)
	m.Put("text", i.Text)
	m.Put("model", i.Model)
	m.Put("error", i.Error)
	if i.Author != "" {
		m.Put("author", i.Author)
	}
	m.Put("tokens", int64(i.Tokens))
	return m
}

// journal keeps an engine's answer durably and lets the message run again.
// Machine.mu is held.
func (m *Machine) journal(msg *message, e *effect, said inferred) error {
	said.Engine, said.Prompt = e.engine, e.prompt
	if said.Author != "" {
		said.Engine = "human"
	}
	msg.journal = append(msg.journal, answer{e.key, e.n, said.plain()})
	msg.state, msg.question, msg.asking = stateRunning, nil, nil
	r, err := msg.record()
	if err != nil {
		return err
	}
	who := e.engine
	if said.Author != "" {
		who = said.Author
	}
	why := "answers about " + msg.subject() // the author is named beside it
	if said.Error != "" {
		why = "gave no answer about " + msg.subject() + ": " + said.Error
	}
	tid, err := m.submit(store.Provenance{Time: m.options.Now(), Author: who, Cause: msg.oid, Why: why}, r)
	if err != nil {
		return err
	}
	msg.parentTID = tid
	m.enqueue(msg)
	return nil
}

// fellShort is what an answer is refused with after the image's own code has
// refused it.
func (m *Machine) fellShort(notes []Attempt) error {
	if len(notes) == 0 {
		return &Error{Code: CodeAuditRefused, Message: "the method was not kept; the question is asked again"}
	}
	return &Error{Code: CodeAuditRefused, Message: notes[len(notes)-1].Reason}
}

// whyWaiting says what a message waits for. Machine.mu is held.
func (m *Machine) whyWaiting(msg *message) waitsFor {
	child := m.messages[msg.waitsFor]
	if child == nil {
		child = msg
	}
	switch {
	case child.question != nil && child.about == nil:
		return waitsFor{failedMinds(child.attempts) + "a person has to answer " + child.subject(), true}
	case child.question != nil:
		return waitsFor{failedMinds(child.attempts) + "a person has to write the method " + child.subject(), true}
	case child.waitsFor != 0:
		return waitsFor{"another message has to be answered before " + child.subject(), false}
	case child.about == nil:
		return waitsFor{"a mind answers " + child.subject(), false}
	}
	return waitsFor{"a mind writes the method " + child.subject(), false}
}

// failedMinds tells which minds gave no answer, and why, each once.
func failedMinds(attempts []Attempt) string {
	var text string
	var told []string
	for _, a := range attempts {
		if a.Source != "" || slices.Contains(told, a.Mind) {
			continue
		}
		told = append(told, a.Mind)
		reason := strings.Join(strings.Fields(a.Reason), " ")
		if r := []rune(reason); len(r) > maxReason {
			reason = string(r[:maxReason]) + "..."
		}
		text += "the mind " + a.Mind + " failed: " + reason + "; "
	}
	return text
}

// maxReason is how much of an engine's error a sentence holds, in characters;
// the attempt has all of it.
const maxReason = 300
