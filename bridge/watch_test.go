package bridge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"batos/bridge"
	"batos/bridge/client"
	"batos/bridge/contract"
	"batos/image"
	"batos/uvm"
)

// watcher keeps the watched objects as its updates tell them.
type watcher struct {
	t       *testing.T
	c       *client.Client
	events  chan *contract.Event
	objects map[string]map[string]string // oid to slot to repr
	tid     uint64
}

func newWatcher(t *testing.T, server *bridge.Server) *watcher {
	w := &watcher{t: t, events: make(chan *contract.Event, 10_000), objects: map[string]map[string]string{}}
	w.c = pipe(t, server, client.Options{Client: "watcher", OnEvent: func(e *contract.Event) { w.events <- e }})
	return w
}

func (w *watcher) watch(f *contract.Watch) {
	w.t.Helper()
	var state contract.FullState
	ask(w.t, w.c, "watch", f, &state)
	for oid, object := range state.Objects {
		w.objects[oid] = map[string]string{}
		for name, slot := range object.Slots {
			w.objects[oid][name] = slot.Repr
		}
	}
}

// update takes the next event.
func (w *watcher) update() {
	w.t.Helper()
	var u contract.StateUpdate
	var e *contract.Event
	select {
	case e = <-w.events:
	case <-time.After(10 * time.Second):
		w.t.Fatalf("no more updates; have %v", w.objects)
	}
	if err := contract.Bind(e.Fields, &u); err != nil || e.Event != contract.EventStateUpdate {
		w.t.Fatalf("got %s, %v", e.Event, err)
	}
	if uint64(u.TID) < w.tid {
		w.t.Errorf("tid %d after %d", u.TID, w.tid)
	}
	w.tid = uint64(u.TID)
	for oid, slots := range u.State {
		if w.objects[oid] == nil {
			w.objects[oid] = map[string]string{}
		}
		for name, update := range slots {
			if update.Op == "remove" {
				delete(w.objects[oid], name)
				continue
			}
			w.objects[oid][name] = update.Repr
		}
	}
}

// until takes events until the watched objects print as wanted.
func (w *watcher) until(want string) {
	w.t.Helper()
	for fmt.Sprint(w.objects) != want {
		w.update()
	}
}

func TestWatch(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	author := pipe(t, server, client.Options{Client: "author"})
	set := func(target any, slot string, v any) {
		ask(t, author, "set_slot", &contract.SetSlot{Object: contract.Of(target), Slot: slot, Value: v}, nil)
	}
	set("genesis_obj", "x", int64(1))
	w := newWatcher(t, server)
	w.watch(&contract.Watch{Targets: []contract.Target{contract.Named("genesis_obj")}})
	w.until("map[2:map[x:1]]")
	// A reader that keeps up gets each commit.
	for i := range 20 {
		set("genesis_obj", "x", int64(i))
		set("traits_obj", "x", int64(i)) // not watched
		w.update()
		if got := w.objects["2"]["x"]; got != fmt.Sprint(i) {
			t.Fatalf("got %s after setting %d", got, i)
		}
	}
	ask(t, author, "create_method", &contract.CreateMethod{Object: genesis, Name: "f", Code: "def f(self): pass"}, nil)
	e := <-w.events
	if got := plainOf(t, e.Fields); !strings.Contains(got, `{"op":"set","kind":"method","type":"method","value":null,"source":"def f(self): pass"}`) {
		t.Errorf("got %s", got)
	}
	ask(t, author, "remove_slot", &contract.RemoveSlot{Object: genesis, Slot: "x"}, nil)
	w.until("map[2:map[]]")

	ask(t, w.c, "unwatch", nil, nil)
	if n := f.watchers(); n != 0 {
		t.Errorf("the machine still has %d watchers", n)
	}
	set("genesis_obj", "x", int64(7))
	ask(t, w.c, "ping", nil, nil)
	if len(w.events) != 0 {
		t.Error("an update came after unwatch")
	}
	if w.c.LastSeq() < 23 {
		t.Errorf("seq is %d: events are not numbered", w.c.LastSeq())
	}
}

func TestWatchFilters(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	author := pipe(t, server, client.Options{})
	w := newWatcher(t, server)
	w.watch(&contract.Watch{All: true, Slots: []string{"x"}})
	for _, slot := range []string{"y", "x"} {
		for _, target := range []string{"genesis_obj", "traits_obj"} {
			ask(t, author, "set_slot", &contract.SetSlot{Object: contract.Of(target), Slot: slot, Value: slot}, nil)
		}
	}
	w.until("map[1:map[x:x] 2:map[x:x]]")
	refused(t, w.c, contract.CodeNoSuchObject, "watch", &contract.Watch{Targets: []contract.Target{contract.Named("genesis_obj"), contract.Named("nobody")}})
	ask(t, w.c, "unwatch", &contract.Unwatch{All: true}, nil)
	if n := f.watchers(); n != 0 {
		t.Errorf("the machine still has %d watchers", n)
	}
}

// Objects that come within reach are told whole, and their changes follow.
func TestWatchFollowsReferences(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	author := pipe(t, server, client.Options{})
	set := func(target any, slot string, v any) {
		ask(t, author, "set_slot", &contract.SetSlot{Object: contract.Of(target), Slot: slot, Value: v}, nil)
	}
	made := func() image.Ref {
		var ref any
		ask(t, author, "send", &contract.Send{Object: genesis, Selector: "clone"}, &ref)
		return ref.(image.Ref)
	}
	near, far, out := made(), made(), made()
	set(near, "n", int64(1))
	w := newWatcher(t, server)
	w.watch(&contract.Watch{Targets: []contract.Target{contract.Named("genesis_obj")}, Depth: 2})
	w.until("map[2:map[]]")
	set(far, "n", int64(2))
	set(out, "n", int64(3))
	set(near, "next", []any{far})
	set("genesis_obj", "near", near)
	w.until("map[2:map[near:3] 3:map[n:1 next:[4]] 4:map[n:2]]")
	set(far, "next", out) // three references away
	set(out, "n", int64(4))
	set(far, "n", int64(5))
	w.until("map[2:map[near:3] 3:map[n:1 next:[4]] 4:map[n:5 next:5]]")
}

// A thousand commits while references change: the watcher ends with what there
// is, whatever was merged and walked.
func TestWatchConverges(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	author := pipe(t, server, client.Options{})
	w := newWatcher(t, server)
	w.watch(&contract.Watch{Targets: []contract.Target{contract.Named("genesis_obj")}, Depth: 5})
	var last image.Ref = 2
	for i := range 300 {
		var ref any
		ask(t, author, "send", &contract.Send{Object: genesis, Selector: "clone"}, &ref)
		if i%60 == 59 {
			ask(t, author, "set_slot", &contract.SetSlot{Object: contract.Of(last), Slot: "next", Value: ref}, nil)
			last = ref.(image.Ref)
		} else {
			ask(t, author, "set_slot", &contract.SetSlot{Object: genesis, Slot: "ref", Value: ref}, nil)
		}
		ask(t, author, "set_slot", &contract.SetSlot{Object: contract.Of(ref), Slot: "n", Value: int64(i)}, nil)
	}
	f.mu.Lock()
	want := map[string]string{}
	for _, oid := range []image.Ref{2, last} {
		for name, slot := range f.objects[oid].slots {
			want[fmt.Sprint(uint64(oid), ".", name)] = slot.Repr
		}
	}
	f.mu.Unlock()
	for {
		got := map[string]string{}
		for _, oid := range []image.Ref{2, last} {
			for name, repr := range w.objects[fmt.Sprint(uint64(oid))] {
				got[fmt.Sprint(uint64(oid), ".", name)] = repr
			}
		}
		if fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		w.update()
	}
}

// What changes while the client is away comes merged when it is back.
func TestWatchOutlivesTheConnection(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	author := pipe(t, server, client.Options{})
	w, stays := newWatcher(t, server), newWatcher(t, server)
	w.watch(&contract.Watch{Targets: []contract.Target{contract.Named("genesis_obj")}})
	stays.watch(&contract.Watch{Targets: []contract.Target{contract.Named("genesis_obj")}})
	old := w.c
	old.Close()
	for _, connections, _ := server.Stats(); connections > 2; _, connections, _ = server.Stats() {
		f.idle()
	}
	for i := range 100 {
		ask(t, author, "set_slot", &contract.SetSlot{Object: genesis, Slot: "x", Value: int64(i)}, nil)
	}
	stays.until("map[2:map[x:99]]") // so that the other watch has all but the last, at least
	w.c = pipe(t, server, client.Options{
		Client: "watcher", Session: old.Hello().Session, LastSeq: old.LastSeq(),
		OnEvent: func(e *contract.Event) { w.events <- e },
	})
	if !w.c.Hello().Resumed || w.c.Hello().Resync {
		t.Errorf("got %+v", w.c.Hello())
	}
	w.until("map[2:map[x:99]]")
	if n := w.c.LastSeq() - old.LastSeq(); n > 3 {
		t.Errorf("%d frames came; want hello's reply and one update or two", n)
	}
}

// An update that does not fit a frame comes in parts, and a value that fits none
// as text.
func TestWatchOfLargeValues(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	w := newWatcher(t, server)
	w.watch(&contract.Watch{All: true})
	large := uvm.SlotDelta{Name: "a", Slot: uvm.Slot{Kind: "value", Value: make([]byte, 12<<20), Repr: "12 MiB"}}
	other := large
	other.Name = "b"
	huge := uvm.SlotDelta{Name: "c", Slot: uvm.Slot{Kind: "value", Value: make([]byte, 17<<20), Repr: "17 MiB"}}
	f.mu.Lock()
	f.commit(uvm.Caller{}, 2, large, other, huge)
	f.mu.Unlock()
	w.until("map[1:map[] 2:map[a:12 MiB b:12 MiB c:a value too large or too deep to send; inspect the object for a part of it]]")
}

// Unwatching some targets leaves the others.
func TestUnwatchOne(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	author := pipe(t, server, client.Options{})
	w := newWatcher(t, server)
	w.watch(&contract.Watch{Targets: []contract.Target{contract.Named("genesis_obj"), contract.At(1)}})
	refused(t, w.c, contract.CodeNoSuchObject, "unwatch", &contract.Unwatch{Targets: []contract.Target{contract.Named("nobody")}})
	ask(t, w.c, "unwatch", &contract.Unwatch{Targets: []contract.Target{contract.Named("genesis_obj")}}, nil)
	for _, target := range []string{"genesis_obj", "traits_obj"} {
		ask(t, author, "set_slot", &contract.SetSlot{Object: contract.Of(target), Slot: "x", Value: int64(1)}, nil)
	}
	w.until("map[1:map[x:1] 2:map[]]")
	// Watching again replaces, so that each change is told once.
	w.watch(&contract.Watch{Targets: []contract.Target{contract.At(1)}, Slots: []string{"y"}})
	for _, slot := range []string{"x", "y"} {
		ask(t, author, "set_slot", &contract.SetSlot{Object: contract.Of("traits_obj"), Slot: slot, Value: int64(2)}, nil)
	}
	w.until("map[1:map[y:2] 2:map[]]")
}

// A watcher that reads nothing makes nobody wait, and is told the latest values
// when it reads, not each of them.
func TestSlowWatcher(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	author := pipe(t, server, client.Options{})
	p := rawPeer(t, server)
	p.answer(`{"v":1,"id":"h","command":"hello","client":"me"}`)
	p.answer(`{"v":1,"id":"w","command":"watch","all":true}`)
	const commits = 500
	for i := range commits {
		ask(t, author, "set_slot", &contract.SetSlot{Object: genesis, Slot: "x", Value: []any{int64(i), make([]byte, 1000)}}, nil)
	}
	events, seq := 0, int64(2)
	for latest := int64(-1); latest != commits-1; events++ {
		e := p.receive().Event
		if seq++; e.Seq != seq {
			t.Fatalf("got seq %d; want %d", e.Seq, seq)
		}
		var u contract.StateUpdate
		if err := contract.Bind(e.Fields, &u); err != nil {
			t.Fatal(err)
		}
		n := u.State["2"]["x"].Value.([]any)[0].(int64)
		if n <= latest {
			t.Fatalf("got %d after %d", n, latest)
		}
		latest = n
	}
	if events > commits/2 {
		t.Errorf("%d updates for %d commits", events, commits)
	}
}

// A client that stays away while a great deal changes has to begin anew.
func TestTooMuchChangesWhileAway(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	w := newWatcher(t, server)
	w.watch(&contract.Watch{All: true})
	w.c.Close()
	var deltas []uvm.SlotDelta
	for i := range 1<<16 + 1 {
		deltas = append(deltas, uvm.SlotDelta{Name: fmt.Sprint("slot", i), Slot: value(int64(i))})
	}
	for _, connections, _ := server.Stats(); connections > 0; _, connections, _ = server.Stats() {
		f.idle()
	}
	f.mu.Lock()
	f.commit(uvm.Caller{}, 2, deltas...)
	f.mu.Unlock()
	for sessions, _, _ := server.Stats(); sessions > 0; sessions, _, _ = server.Stats() {
		f.idle()
	}
	for f.watchers() > 0 {
		f.idle()
	}
	again := pipe(t, server, client.Options{Client: "watcher", Session: w.c.Hello().Session})
	if hello := again.Hello(); hello.Resumed || !hello.Resync {
		t.Errorf("got %+v", hello)
	}
}
