package world

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"batos/bridge/contract"
	"batos/image"
	"batos/store"
)

// fakeImage stands for an image behind a bridge: objects in memory, and just
// enough of the contract for a page. It lets tests make what a real image makes
// seldom, such as a refused move, and see what the page asked for.
type fakeImage struct {
	mu       sync.Mutex
	tid      store.TID
	objects  map[image.Ref]map[string]contract.SlotState
	roots    map[string]contract.OID
	pending  []contract.PendingMessage
	refuse   string // why moves are refused, "" when they are not
	sessions map[*fakeSession]bool
	hellos   chan *contract.Hello
	replied  map[string]bool // ids of requests that were run
	answered chan struct{}   // closed: the message "ponder" gets its value
}

type fakeSession struct {
	conn *websocket.Conn
	mu   sync.Mutex
	seq  int64
	all  bool
}

func (f *fakeImage) ServeWebSocket(w http.ResponseWriter, r *http.Request, rights contract.Rights) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	conn.SetReadLimit(contract.MaxFrame)
	s := &fakeSession{conn: conn}
	f.mu.Lock()
	f.sessions[s] = true
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.sessions, s)
		f.mu.Unlock()
		conn.CloseNow()
	}()
	for {
		_, frame, err := conn.Read(r.Context())
		if err != nil {
			return
		}
		request, refused := contract.DecodeRequest(frame)
		reply := &contract.Reply{ID: request.ID, Status: contract.StatusOK}
		if send, ok := request.Fields.(*contract.Send); ok && refused == nil && send.Selector == "ponder" {
			go f.ponder(s, request.ID)
			continue
		}
		if refused == nil {
			f.mu.Lock()
			reply.TID = f.tid
			reply.Result, refused = f.answer(s, request, reply)
			f.mu.Unlock()
		}
		if refused != nil {
			reply.Status, reply.Error, reply.Details = contract.StatusError, refused, refused.Message
		}
		body, err := reply.AppendBody(nil)
		if err != nil {
			panic(err)
		}
		s.send(body)
	}
}

// ponder is a message that waits for a mind, which writes in two pieces.
func (f *fakeImage) ponder(s *fakeSession, id string) {
	event := func(e any) {
		body, err := contract.AppendEventBody(nil, e)
		if err != nil {
			panic(err)
		}
		s.send(body)
	}
	event(&contract.MessageWaiting{TID: 7, Request: id, Message: 31, Why: "ollama:qwen3 is asked"})
	event(&contract.MindToken{TID: 7, Request: id, Text: "def ponder(self):\n"})
	event(&contract.MindToken{TID: 7, Request: id, Text: "    return 42\n"})
	<-f.answered
	body, err := (&contract.Reply{ID: id, Status: contract.StatusOK, TID: 8, Result: int64(42), Repr: "42", Printed: "thinking\n"}).AppendBody(nil)
	if err != nil {
		panic(err)
	}
	s.send(body)
}

func (s *fakeSession) send(body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	_ = s.conn.Write(context.Background(), websocket.MessageBinary, contract.AppendSeq(body, s.seq))
}

// cut breaks all connections.
func (f *fakeImage) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.sessions {
		s.conn.CloseNow()
	}
}

func (f *fakeImage) set(oid image.Ref, slot string, value any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.setSlot(oid, slot, value)
}

// setSlot commits one slot and tells the watchers. f.mu is held.
func (f *fakeImage) setSlot(oid image.Ref, slot string, value any) {
	state := slotOf(slot, value)
	if f.objects[oid] == nil {
		f.objects[oid] = map[string]contract.SlotState{}
	}
	f.objects[oid][slot] = state
	f.tid++
	update := &contract.StateUpdate{TID: f.tid, State: map[string]map[string]contract.SlotUpdate{
		strconv.FormatUint(uint64(oid), 10): {slot: {Op: "set", Kind: state.Kind, Type: state.Type, Value: state.Value, Repr: state.Repr, Source: state.Source}},
	}}
	body, err := contract.AppendEventBody(nil, update)
	if err != nil {
		panic(err)
	}
	for s := range f.sessions {
		if s.all {
			go s.send(slices.Clone(body))
		}
	}
}

type method string

func slotOf(name string, value any) contract.SlotState {
	switch v := value.(type) {
	case method:
		return contract.SlotState{Kind: "method", Type: "method", Source: string(v)}
	case image.Ref:
		return contract.SlotState{Kind: "object", Type: "UvmObject", Value: v}
	case []any:
		if strings.HasSuffix(name, "*") {
			return contract.SlotState{Kind: "parent", Type: "list", Value: v}
		}
	}
	return contract.SlotState{Kind: "value", Type: fmt.Sprintf("%T", value), Value: value}
}

func (f *fakeImage) find(o contract.Object) (image.Ref, *contract.Error) {
	switch v := o.Any().(type) {
	case image.Ref:
		if f.objects[v] != nil {
			return v, nil
		}
	case string:
		if oid := f.roots[v]; oid != 0 {
			return image.Ref(oid), nil
		}
	}
	return 0, contract.Errorf(contract.CodeNoSuchObject, "there is no object %v; bat roots lists the names", o.Any())
}

func (f *fakeImage) lookup(oid image.Ref, slot string) (contract.SlotState, bool) {
	if s, ok := f.objects[oid][slot]; ok {
		return s, true
	}
	if parents, ok := f.objects[oid]["parent*"]; ok {
		for _, p := range parents.Value.([]any) {
			if s, ok := f.lookup(p.(image.Ref), slot); ok {
				return s, true
			}
		}
	}
	return contract.SlotState{}, false
}

func (f *fakeImage) state() contract.FullState {
	out := contract.FullState{TID: f.tid, Objects: map[string]contract.ObjectState{}}
	for oid, slots := range f.objects {
		out.Objects[strconv.FormatUint(uint64(oid), 10)] = contract.ObjectState{Slots: maps.Clone(slots)}
	}
	return out
}

func (f *fakeImage) answer(s *fakeSession, r contract.Request, reply *contract.Reply) (any, *contract.Error) {
	if r.Command.Runs {
		if f.replied[r.ID] {
			return nil, contract.Errorf(contract.CodeInternal, "request %s ran twice", r.ID)
		}
		f.replied[r.ID] = true
	}
	switch c := r.Fields.(type) {
	case *contract.Hello:
		f.hellos <- c
		return contract.HelloResult{Session: "s", Version: contract.Version, Image: "fake", TID: f.tid, Roots: f.roots}, nil
	case *contract.Watch:
		s.all = true
		return f.state(), nil
	case *contract.Roots:
		return contract.RootsResult{Roots: f.roots, TID: f.tid}, nil
	case *contract.Nothing:
		if r.Command.Name == "pending" {
			return contract.PendingResult{Messages: f.pending}, nil
		}
	case *contract.Inspect:
		oid, err := f.find(c.Object)
		if err != nil {
			return nil, err
		}
		out := contract.Inspection{OID: contract.OID(oid), TID: f.tid}
		for _, name := range slices.Sorted(maps.Keys(f.objects[oid])) {
			out.Slots = append(out.Slots, contract.NamedSlot{Name: name, SlotState: f.objects[oid][name]})
		}
		return out, nil
	case *contract.SetSlot:
		oid, err := f.find(c.Object)
		if err != nil {
			return nil, err
		}
		f.setSlot(oid, c.Slot, c.Value)
		reply.TID = f.tid
		return contract.SlotResult{TID: f.tid}, nil
	case *contract.CreateMethod:
		oid, err := f.find(c.Object)
		if err != nil {
			return nil, err
		}
		if strings.Contains(c.Code, "return return") {
			e := contract.Errorf(contract.CodeSyntaxError, "an expression is expected here")
			e.Line, e.Col = 2, 12
			return nil, e
		}
		f.setSlot(oid, c.Name, method(c.Code))
		reply.TID = f.tid
		return contract.CreateMethodResult{OID: contract.OID(oid), Selector: c.Name, TID: f.tid}, nil
	case *contract.Answer:
		if !strings.Contains(c.Source, "return") {
			e := contract.Errorf(contract.CodeAuditRefused, "the method returns nothing")
			e.Line, e.Col = 1, 5
			return nil, e
		}
		f.pending = nil
		f.setSlot(3, "display_yourself", method(c.Source))
		reply.TID = f.tid
		return image.Ref(20), nil
	case *contract.Retry:
		for i := range f.pending {
			if image.Ref(f.pending[i].Message) == c.Message.Object && f.pending[i].Why != "still zero" {
				f.pending[i].Why = "still zero"
				return nil, contract.Errorf(contract.CodeMethodError, "still zero")
			}
		}
		f.pending = nil
		return int64(6), nil
	case *contract.Dismiss:
		f.pending = slices.DeleteFunc(f.pending, func(p contract.PendingMessage) bool { return image.Ref(p.Message) == c.Message.Object })
		return nil, nil
	case *contract.Send:
		return f.sent(c, reply)
	}
	return nil, contract.Errorf(contract.CodeUnknownCommand, "the fake image has no %s", r.Command.Name)
}

func (f *fakeImage) sent(c *contract.Send, reply *contract.Reply) (any, *contract.Error) {
	oid, err := f.find(c.Object)
	if err != nil {
		return nil, err
	}
	if s, ok := f.lookup(oid, c.Selector); !ok || s.Kind != "method" {
		return nil, contract.Errorf(contract.CodeNotUnderstood, "@%d does not understand %s", oid, c.Selector)
	}
	switch c.Selector {
	case "move_to_", "resize_to_":
		if f.refuse != "" {
			return nil, contract.Errorf(contract.CodeMethodError, "%s", f.refuse)
		}
		f.setSlot(oid, map[string]string{"move_to_": "position", "resize_to_": "size"}[c.Selector], c.Args)
		reply.TID = f.tid
		return oid, nil
	case "slotNames":
		names := []any{}
		for _, name := range slices.Sorted(maps.Keys(f.objects[oid])) {
			names = append(names, name)
		}
		reply.Repr = fmt.Sprint(names)
		return names, nil
	case "divide_by_":
		e := contract.Errorf(contract.CodeMethodError, "ZeroDivisionError: division by zero")
		e.Target, e.Selector, e.Failed = "@3", "divide_by_", 41
		e.Traceback = []contract.TraceLine{
			{Receiver: "@3", Selector: "divide_by_", Line: 2, Source: "    return self.total / n", Caret: "           ~~~~~~~~~~~^~~", Locals: map[string]string{"n": "0", "self": "<UvmObject @3 genesis_obj>"}},
		}
		return nil, e
	case "remove_":
		left := slices.DeleteFunc(slices.Clone(f.objects[oid]["submorphs"].Value.([]any)), func(m any) bool { return m == c.Args[0] })
		f.setSlot(oid, "submorphs", left)
		reply.TID = f.tid
	}
	return nil, nil
}

const displayYourself = `def display_yourself(self):
    """Show me and what I hold as a world of morphs."""
    world = self.world_morph.open_on_(self)
    self.ui = world
    return world
`

// newFake makes an image that has held its First Conversation, or has not.
func newFake(conversed bool) *fakeImage {
	f := &fakeImage{
		tid: 7, objects: map[image.Ref]map[string]contract.SlotState{}, roots: map[string]contract.OID{},
		sessions: map[*fakeSession]bool{}, replied: map[string]bool{}, answered: make(chan struct{}),
		hellos: make(chan *contract.Hello, 100),
	}
	object := func(oid image.Ref, root string, slots map[string]any) {
		if root != "" {
			f.roots[root] = contract.OID(oid)
		}
		f.objects[oid] = map[string]contract.SlotState{}
		for name, v := range slots {
			f.objects[oid][name] = slotOf(name, v)
		}
	}
	list := func(v ...any) []any { return v }
	object(1, "traits_obj", map[string]any{
		"slotNames": method("def slotNames(self):\n    \"\"\"The names of self's own slots, in order.\"\"\"\n    return mirror(self).names()\n"),
		"clone":     method("def clone(self, **slots):\n    copy = mirror(self).copy()\n    for name, value in slots.items():\n        copy[name] = value\n    return copy\n"),
		"comment":   "What every object can do.",
	})
	object(2, "pLLM_obj", map[string]any{"parent*": list(image.Ref(1)), "engines": list("human"), "attempts": int64(3), "covenant": "You write one method for an object of a living image."})
	object(3, "genesis_obj", map[string]any{
		"parent*": list(image.Ref(1), image.Ref(2)), "state": "awake", "codex": image.Ref(4), "morph": image.Ref(5), "total": 12.5,
		"divide_by_": method("def divide_by_(self, n):\n    return self.total / n\n"),
		"open_world": method("def open_world(self):\n    \"\"\"Opens a world of morphs on me.\"\"\"\n    self.ui = self.world_morph.open_on_(self)\n    return self.ui\n"),
	})
	object(4, "codex", map[string]any{"parent*": list(image.Ref(1)), "laws": list("Nothing acknowledged is lost.", "Organisation is invariant, structure is free.")})
	object(5, "morph", map[string]any{
		"parent*": list(image.Ref(1), image.Ref(2)), "position": list(int64(0), int64(0)), "size": list(int64(160), int64(80)),
		"color": "#ffffff", "text": "", "submorphs": list(), "target": nil, "aspect": nil, "shape": "box",
		"move_to_":   method("def move_to_(self, x, y):\n    self.position = (x, y)\n    return self\n"),
		"resize_to_": method("def resize_to_(self, width, height):\n    self.size = (max(8, width), max(8, height))\n    return self\n"),
		"remove_":    method("def remove_(self, morph):\n    self.submorphs = [m for m in self.submorphs if m is not morph]\n    return morph\n"),
	})
	if !conversed {
		f.pending = []contract.PendingMessage{{
			Message: 30, State: "waiting", Receiver: "@3 genesis_obj", Selector: "display_yourself", Author: "bat up",
			Since: time.Date(2026, 11, 24, 21, 0, 0, 0, time.UTC), Why: "no mind is attached; a person can answer",
			Question: "Write the method display_yourself.\n\nThe receiver:\n@3 genesis_obj\n  state = 'awake'",
			Missing:  &contract.Missing{Receiver: "@3 genesis_obj", Selector: "display_yourself"},
			Attempts: []contract.Attempt{{Mind: "ollama:small", Source: "def display_yourself(self):\n    return None\n", Reason: "display_yourself must return a world"}},
		}}
		return f
	}
	display := slotOf("display_yourself", method(displayYourself))
	display.Facts = map[string]string{"mind": "ollama:qwen3", "model": "qwen3:8b", "attempts": "2"}
	f.objects[3]["display_yourself"] = display
	object(20, "world", map[string]any{"parent*": list(image.Ref(5)), "size": list(int64(1600), int64(1000)), "color": "#f4f6f8", "shape": "world", "target": image.Ref(3),
		"submorphs": list(image.Ref(21), image.Ref(22), image.Ref(23), image.Ref(24), image.Ref(25), image.Ref(26))})
	object(21, "", map[string]any{"parent*": list(image.Ref(5)), "shape": "text", "color": "transparent", "text": "@3 genesis_obj", "target": image.Ref(3), "aspect": "state", "position": list(int64(40), int64(16)), "size": list(int64(240), int64(28))})
	for i, target := range []image.Ref{3, 4, 5, 1} {
		object(image.Ref(22+i), "", map[string]any{"parent*": list(image.Ref(5)), "shape": "proto", "color": "#fdf6e3", "target": target,
			"size": list(int64(240), int64(180)), "position": list(int64(40+280*i), int64(64)), "submorphs": list()})
	}
	object(26, "", map[string]any{"parent*": list(image.Ref(5)), "text": "I am awake.", "color": "#e8f0ff", "position": list(40.0, 280.0), "size": list(int64(320), int64(60)), "submorphs": list()})
	return f
}
