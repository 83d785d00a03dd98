package uvm

import (
	"math"
	"time"

	"batos/image"
	"batos/lang"
)

// maxLater bounds the messages that one message may send later.
const maxLater = 1000

// maxDelay is the longest delay, in seconds: a hundred years.
const maxDelay = 100 * 365.25 * 86400

func (w *worker) nativeLater(_ *lang.Machine, a *lang.Args) (image.Value, error) {
	delay := 0.0
	var given image.Value
	switch {
	case len(a.Pos) == 2 && len(a.Names) == 0:
		given = a.Pos[1]
	case len(a.Pos) == 1 && len(a.Names) == 1 && a.Names[0] == "seconds":
		given = a.Kw[0]
	case len(a.Names) > 0 || len(a.Pos) != 1:
		return image.Value{}, typeError("later() takes an object and seconds=n")
	}
	if !a.Pos[0].IsObject() {
		return image.Value{}, typeError("later() takes an object, not %v", a.Pos[0].Kind())
	}
	switch given.Kind() {
	case image.KindAbsent:
	case image.KindInt, image.KindBool:
		delay = float64(given.AsInt())
	case image.KindFloat:
		delay = given.AsFloat()
	default:
		return image.Value{}, typeError("seconds is a number, not %v", given.Kind())
	}
	if math.IsNaN(delay) || delay < 0 || delay > maxDelay {
		return image.Value{}, valueError("seconds is not negative and at most a hundred years")
	}
	p := newProxy(kindLater, a.Pos[0].Object())
	p.delay = delay
	return p.value(), nil
}

// sendLater notes a message that is sent when this one has committed. Its
// record goes into the same commit, and leaves with the commit of its own
// effects: so it is sent exactly once.
func (w *worker) sendLater(p *proxy, selector image.Symbol, a *lang.Args) (image.Value, error) {
	if len(w.run.later) >= maxLater {
		return image.Value{}, valueError("a message sends at most %d others later", maxLater)
	}
	now := w.host.Now
	delay := time.Duration(math.Min(p.delay*float64(time.Second), math.MaxInt64/2))
	if !w.run.trial {
		args, kwargs, err := w.exportArguments(selector.String(), a.Pos, a.Names, a.Kw, false)
		if err != nil {
			return image.Value{}, err
		}
		// A new receiver is kept by this very transaction, or the send fails
		// with no_such_object.
		target, err := w.heap.Export(p.object.Value(), 0)
		if err != nil {
			return image.Value{}, err
		}
		parent := w.run.msg
		msg := &message{
			target: target, selector: selector.String(), args: args, kwargs: kwargs,
			author: parent.author, sender: parent.sender, state: stateLater, cause: parent.oid,
			limits: parent.limits, due: w.clock().Round(0).Add(delay), since: w.clock().Round(0),
			oid: w.m.store.AllocateOIDs(1),
		}
		msg.seed = seedOf(msg.oid.String())
		w.run.later = append(w.run.later, msg)
	}
	v, err := w.makeMessage(&sent{p.object, selector, a.Pos, a.Names, a.Kw})
	if err != nil {
		return v, err
	}
	delete(w.run.about, v.Object()) // it is no message that was not understood
	due := image.Float(float64(now.Add(delay).UnixNano()) / 1e9)
	return v, w.heap.SetSlot(v.Object(), image.Intern("due"), due)
}

// schedule queues a message with a record that may run, now or at its time.
func (m *Machine) schedule(msg *message) {
	delay := time.Duration(0)
	if msg.state == stateLater {
		delay = msg.due.Sub(m.options.Now())
	}
	if delay <= 0 {
		m.begin(msg)
		return
	}
	// A timer of Go's runs for at most 292 years, a machine for less.
	msg.timer = time.AfterFunc(delay, func() {
		m.mu.Lock()
		due := msg.state == stateLater && !m.closing.Load()
		m.mu.Unlock()
		if due {
			m.begin(msg)
		}
	})
}

// begin queues a message whose time has come. Its clock is that of its first
// run; a run after a restart begins anew, since nothing has come of the first.
func (m *Machine) begin(msg *message) {
	if msg.now.IsZero() {
		msg.now = m.options.Now().Round(0)
	}
	m.enqueue(msg)
}

// stopTimers keeps what is due from being queued any more.
func (m *Machine) stopTimers() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, msg := range m.messages {
		if msg.timer != nil {
			msg.timer.Stop()
		}
	}
}
