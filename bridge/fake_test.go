package bridge_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"batos/image"
	"batos/store"
	"batos/uvm"
)

// fakeImage is a uvm.Service in memory: objects with slots of plain values, and
// some selectors that do what tests need. Its transactions are the calls.
type fakeImage struct {
	mu      sync.Mutex
	tid     store.TID
	next    image.Ref
	objects map[image.Ref]*fakeObject
	roots   map[string]image.Ref
	watches map[int]func(uvm.Change)
	watched int
	runs    map[string]int // messages run, by selector
	entered chan string    // what a blocking message sends when it runs
	release chan struct{}  // what it waits for
	history []uvm.LogEntry
}

type fakeObject struct {
	names  []string
	slots  map[string]uvm.Slot
	parent image.Ref
}

const fakeStart = 5 // the tid that the fake begins with

func newFake() *fakeImage {
	f := &fakeImage{
		next:    1,
		objects: map[image.Ref]*fakeObject{},
		roots:   map[string]image.Ref{},
		watches: map[int]func(uvm.Change){},
		runs:    map[string]int{},
		entered: make(chan string, 100),
		release: make(chan struct{}),
		tid:     fakeStart,
	}
	f.roots["traits_obj"] = f.make(0)
	f.roots["genesis_obj"] = f.make(f.roots["traits_obj"])
	return f
}

func (f *fakeImage) make(parent image.Ref) image.Ref {
	oid := f.next
	f.next++
	f.objects[oid] = &fakeObject{slots: map[string]uvm.Slot{}, parent: parent}
	return oid
}

func failed(code uvm.Code, format string, a ...any) *uvm.Error {
	return &uvm.Error{Code: code, Message: fmt.Sprintf(format, a...)}
}

func (f *fakeImage) find(target any) (image.Ref, error) {
	switch t := target.(type) {
	case image.Ref:
		if f.objects[t] != nil {
			return t, nil
		}
		return 0, failed(uvm.CodeNoSuchObject, "there is no object @%d", uint64(t))
	case string:
		root, path, deep := strings.Cut(t, ".")
		if oid, ok := f.roots[root]; ok {
			if !deep {
				return oid, nil
			}
			if ref, ok := f.objects[oid].slots[path].Value.(image.Ref); ok {
				return ref, nil
			}
		}
	}
	return 0, failed(uvm.CodeNoSuchObject, "there is no object named %v", target)
}

func (f *fakeImage) Resolve(_ context.Context, target any) (image.Ref, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.find(target)
}

// commit sets slots in one transaction and tells the watchers.
func (f *fakeImage) commit(c uvm.Caller, oid image.Ref, deltas ...uvm.SlotDelta) store.TID {
	f.tid++
	o := f.objects[oid]
	var names []string
	for i, d := range deltas {
		names = append(names, d.Name)
		if d.Removed {
			delete(o.slots, d.Name)
			o.names = slices.DeleteFunc(o.names, func(name string) bool { return name == d.Name })
			continue
		}
		deltas[i].Slot.Name, deltas[i].Slot.Changed = d.Name, f.tid
		if _, ok := o.slots[d.Name]; !ok {
			o.names = append(o.names, d.Name)
		}
		o.slots[d.Name] = deltas[i].Slot
	}
	f.history = append(f.history, uvm.LogEntry{TID: f.tid, Time: time.Unix(int64(f.tid), 0).UTC(), Author: cmp.Or(c.Author, c.Client), Why: "a test",
		Changes: []uvm.LogChange{{OID: oid, Change: "changed", Slots: names}}})
	for _, changed := range f.watches {
		changed(uvm.Change{TID: f.tid, Objects: []uvm.ObjectDelta{{OID: oid, Slots: deltas}}})
	}
	return f.tid
}

func value(v any) uvm.Slot {
	s := uvm.Slot{Kind: "value", Type: fmt.Sprintf("%T", v), Value: v, Repr: fmt.Sprint(v)}
	if _, ok := v.(image.Ref); ok {
		s.Kind, s.Type = "object", "UvmObject"
	}
	return s
}

func (f *fakeImage) Send(ctx context.Context, r uvm.Request) uvm.Reply {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.runs[r.Selector]++
	refuse := func(e *uvm.Error) uvm.Reply { return uvm.Reply{Status: uvm.StatusError, TID: f.tid, Err: e} }
	oid, err := f.find(r.Target)
	if err != nil {
		return refuse(err.(*uvm.Error))
	}
	ok := func(v any) uvm.Reply {
		return uvm.Reply{Status: uvm.StatusOK, Value: v, Repr: fmt.Sprint(v), TID: f.tid}
	}
	if r.Code != "" {
		return uvm.Reply{Status: uvm.StatusOK, Value: r.Code, Repr: "'" + r.Code + "'", Printed: "ran\n", TID: f.tid}
	}
	switch r.Selector {
	case "display_yourself":
		return ok("I am @" + fmt.Sprint(uint64(oid)))
	case "echo":
		return uvm.Reply{Status: uvm.StatusOK, Value: r.Args, TID: f.tid} // without repr, which takes long for large ones
	case "kwargs":
		return ok(r.Kwargs)
	case "caller":
		return ok([]any{r.Client, r.ID, r.Author, r.Architect})
	case "bounds":
		return ok([]any{r.Wait.Seconds(), r.Fuel, r.Memory, r.Deadline.Seconds()})
	case "clone":
		return ok(f.make(oid))
	case "increment":
		n, _ := f.objects[oid].slots["n"].Value.(int64)
		f.commit(r.Caller, oid, uvm.SlotDelta{Name: "n", Slot: value(n + 1)})
		return ok(n + 1)
	case "big":
		return ok(make([]byte, 17<<20))
	case "deep":
		var v any
		for range 100 {
			v = []any{v}
		}
		return ok(v)
	case "panic":
		panic("the fake broke")
	case "fail":
		return uvm.Reply{Status: uvm.StatusError, TID: f.tid, Message: 99, Err: &uvm.Error{
			Code: uvm.CodeMethodError, Message: "ZeroDivisionError: division by zero", Target: "@2", Selector: "fail", Slot: "n", Failed: 99,
			Traceback: []uvm.TraceLine{{Receiver: "@2", Selector: "fail", Line: 3, Source: "1 / 0", Caret: "^^^^^", Locals: map[string]string{"x": "1"}}}}}
	case "think":
		f.mu.Unlock()
		if r.OnWaiting != nil {
			r.OnWaiting(77, "a mind")
		}
		if r.OnToken != nil {
			r.OnToken("def ")
			r.OnToken("think")
		}
		f.mu.Lock()
		if r.Wait == time.Hour {
			f.mu.Unlock()
			f.entered <- r.ID
			<-ctx.Done()
			f.mu.Lock()
			return refuse(failed(uvm.CodeCancelled, "the sender cancelled the message"))
		}
		if r.Wait == 0 {
			return uvm.Reply{Status: uvm.StatusWaiting, Message: 77, TID: f.tid}
		}
		return ok("thought")
	case "block":
		f.mu.Unlock()
		defer f.mu.Lock()
		f.entered <- r.ID
		select {
		case <-f.release:
			return ok("released")
		case <-ctx.Done():
			return refuse(failed(uvm.CodeCancelled, "the message was cancelled"))
		}
	}
	return refuse(&uvm.Error{Code: uvm.CodeNotUnderstood, Message: "nobody understands " + r.Selector, Selector: r.Selector})
}

func (f *fakeImage) ran(selector string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.runs[selector]
}

func (f *fakeImage) CreateMethod(_ context.Context, c uvm.Caller, target any, selector, source string) (image.Ref, store.TID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	oid, err := f.find(target)
	if err != nil {
		return 0, 0, err
	}
	if !strings.HasPrefix(source, "def ") {
		return 0, 0, &uvm.Error{Code: uvm.CodeSyntaxError, Message: "want def", Line: 1, Col: 1}
	}
	return oid, f.commit(c, oid, uvm.SlotDelta{Name: selector, Slot: uvm.Slot{Kind: "method", Type: "method", Source: source}}), nil
}

func (f *fakeImage) MethodSource(_ context.Context, target any, selector string) (uvm.Slot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	oid, err := f.find(target)
	if err != nil {
		return uvm.Slot{}, err
	}
	s, ok := f.objects[oid].slots[selector]
	if !ok {
		return s, failed(uvm.CodeSlotError, "no method %s", selector)
	}
	return s, nil
}

func (f *fakeImage) SetSlot(_ context.Context, c uvm.Caller, target any, slot string, v any, expect store.TID) (store.TID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	oid, err := f.find(target)
	if err != nil {
		return 0, err
	}
	if expect != 0 && f.objects[oid].slots[slot].Changed > expect {
		return 0, failed(uvm.CodeConflict, "the object has changed since %d", expect)
	}
	return f.commit(c, oid, uvm.SlotDelta{Name: slot, Slot: value(v)}), nil
}

func (f *fakeImage) RemoveSlot(_ context.Context, c uvm.Caller, target any, slot string, _ store.TID) (store.TID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	oid, err := f.find(target)
	if err != nil {
		return 0, err
	}
	return f.commit(c, oid, uvm.SlotDelta{Name: slot, Removed: true}), nil
}

func (f *fakeImage) state(oid image.Ref) uvm.ObjectState {
	o := f.objects[oid]
	s := uvm.ObjectState{OID: oid}
	for _, name := range o.names {
		s.Slots = append(s.Slots, o.slots[name])
	}
	if o.parent != 0 {
		s.Parents = []image.Ref{o.parent}
	}
	return s
}

func (f *fakeImage) Inspect(_ context.Context, target any, at store.TID) (uvm.Inspection, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	oid, err := f.find(target)
	if err != nil {
		return uvm.Inspection{}, err
	}
	s := f.state(oid)
	return uvm.Inspection{OID: oid, TID: cmp.Or(at, f.tid), Slots: s.Slots, Parents: s.Parents, Author: "someone", Why: "a test"}, nil
}

// FullState counts depth as the machine does: 1 is the target alone.
func (f *fakeImage) FullState(_ context.Context, q uvm.StateQuery) (uvm.FullState, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	reached := map[image.Ref]bool{}
	level := []image.Ref{}
	if q.Target == nil {
		for _, oid := range f.roots {
			level = append(level, oid)
		}
	} else {
		oid, err := f.find(q.Target)
		if err != nil {
			return uvm.FullState{}, err
		}
		level = append(level, oid)
	}
	for depth := 1; len(level) > 0 && (q.Depth == 0 || depth <= q.Depth); depth++ {
		var below []image.Ref
		for _, oid := range level {
			if reached[oid] {
				continue
			}
			reached[oid] = true
			for _, slot := range f.objects[oid].slots {
				items, ok := slot.Value.([]any)
				if !ok {
					items = []any{slot.Value}
				}
				for _, item := range items {
					if ref, ok := item.(image.Ref); ok {
						below = append(below, ref)
					}
				}
			}
		}
		level = below
	}
	oids := []image.Ref{}
	for oid := range reached {
		if oid > q.After {
			oids = append(oids, oid)
		}
	}
	slices.Sort(oids)
	state := uvm.FullState{TID: f.tid}
	if q.At != 0 {
		state.TID = q.At
	}
	limit := cmp.Or(q.Limit, 1000)
	for _, oid := range oids {
		if len(state.Objects) == limit {
			state.Next = state.Objects[limit-1].OID
			break
		}
		state.Objects = append(state.Objects, f.state(oid))
	}
	return state, nil
}

func (f *fakeImage) Roots(context.Context) ([]uvm.Root, store.TID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var roots []uvm.Root
	for name, oid := range f.roots {
		roots = append(roots, uvm.Root{Name: name, OID: oid})
	}
	slices.SortFunc(roots, func(a, b uvm.Root) int { return strings.Compare(a.Name, b.Name) })
	return roots, f.tid, nil
}

func (f *fakeImage) BindRoot(_ context.Context, _ uvm.Caller, name string, target any) (store.TID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if target == nil {
		delete(f.roots, name)
	} else {
		oid, err := f.find(target)
		if err != nil {
			return 0, err
		}
		f.roots[name] = oid
	}
	f.tid++
	return f.tid, nil
}

func (f *fakeImage) Pending(context.Context) ([]uvm.Pending, error) {
	return []uvm.Pending{{Message: 77, State: "waiting", Receiver: "@2 genesis_obj", Selector: "think", Arguments: []any{int64(1)}, Question: "how?",
		Since: time.Unix(7, 0).UTC(), Attempts: []uvm.Attempt{{Mind: "m", Source: "s", Reason: "r"}}}}, nil
}

func (f *fakeImage) Answer(_ context.Context, _ uvm.Caller, message any, source string) uvm.Reply {
	return uvm.Reply{Status: uvm.StatusOK, Value: []any{message, source}}
}

// Retry blocks for message @78 and fails for @79.
func (f *fakeImage) Retry(_ context.Context, _ uvm.Caller, message any) uvm.Reply {
	f.mu.Lock()
	f.runs["retry"]++
	f.mu.Unlock()
	switch message {
	case image.Ref(78):
		f.entered <- "retry"
		<-f.release
	case image.Ref(79):
		return uvm.Reply{Status: uvm.StatusError, Err: failed(uvm.CodeBadField, "it has not failed")}
	}
	return uvm.Reply{Status: uvm.StatusOK, Value: message}
}

func (f *fakeImage) Dismiss(_ context.Context, _ uvm.Caller, message any) error {
	if message != image.Ref(77) {
		return failed(uvm.CodeNoSuchObject, "there is no message %v", message)
	}
	return nil
}

func (f *fakeImage) Log(_ context.Context, q uvm.LogQuery) ([]uvm.LogEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var entries []uvm.LogEntry
	for _, e := range slices.Backward(f.history) {
		if q.Before != 0 && e.TID > q.Before || !q.Until.IsZero() && e.Time.After(q.Until) || q.Limit > 0 && len(entries) == q.Limit {
			continue
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func (f *fakeImage) Minds(context.Context) ([]uvm.MindStatus, error) {
	return []uvm.MindStatus{{Spec: "human", Engine: "human", Ready: true, Default: true}}, nil
}

func (f *fakeImage) UseMind(_ context.Context, _ uvm.Caller, spec string) ([]uvm.MindStatus, error) {
	return []uvm.MindStatus{{Spec: spec, Engine: "remote"}}, nil
}

func (f *fakeImage) Stats() uvm.Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	return uvm.Stats{Store: store.Stats{Last: f.tid, Durable: f.tid}, Workers: 2, Version: "test", Image: "fake"}
}

func (f *fakeImage) Watch(changed func(uvm.Change)) (cancel func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watched++
	n := f.watched
	f.watches[n] = changed
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watches, n)
	}
}

func (f *fakeImage) watchers() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.watches)
}
