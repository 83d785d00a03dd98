package uvm_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"batos/image"
	"batos/mind"
	"batos/store"
	"batos/store/pebble"
	"batos/uvm"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// scripted is an engine that gives its answers in order; an answer for a
// selector is chosen by the first line of the prompt.
type scripted struct {
	mu      sync.Mutex
	answers map[string][]string // by selector
	prompts []string
	fail    error
	hold    chan struct{} // when not nil, answers wait for it to be closed
	asked   chan string   // gets each prompt as it comes
}

func (s *scripted) Spec() string { return "scripted:1" }
func (s *scripted) Name() string { return "scripted" }
func (s *scripted) Probe(context.Context) mind.Status {
	return mind.Status{Ready: true, Model: "one", Detail: "answers from a table"}
}

func (s *scripted) Infer(ctx context.Context, r mind.Request, token func(string)) (mind.Answer, error) {
	s.mu.Lock()
	s.prompts = append(s.prompts, r.Prompt)
	hold, fail := s.hold, s.fail
	first, _, _ := strings.Cut(r.Prompt, "\n")
	selector := strings.TrimSuffix(strings.TrimPrefix(first, "Write the method "), ".")
	text := "I do not know."
	if list := s.answers[selector]; len(list) > 0 {
		text = list[0]
		if len(list) > 1 {
			s.answers[selector] = list[1:]
		}
	}
	s.mu.Unlock()
	if s.asked != nil {
		s.asked <- r.Prompt
	}
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return mind.Answer{}, ctx.Err()
		}
	}
	if fail != nil {
		return mind.Answer{}, fail
	}
	if token != nil {
		token(text)
	}
	return mind.Answer{Text: text, Model: "one"}, nil
}

func (s *scripted) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.prompts)
}

// world is an image on a file system in memory, which can be closed, killed and
// opened again.
type world struct {
	t      testing.TB
	fs     vfs.FS
	store  store.Store
	m      *uvm.Machine
	engine *scripted
	now    func() time.Time
}

func awake(t testing.TB) *world {
	w := &world{t: t, fs: vfs.NewCrashableMem(), engine: &scripted{answers: map[string][]string{}}}
	w.open()
	t.Cleanup(w.close)
	if _, err := w.m.Awaken(context.Background()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) open() {
	w.t.Helper()
	s, err := pebble.Open("live_image", pebble.Options{FS: w.fs})
	if err != nil {
		w.t.Fatal(err)
	}
	w.store = s
	w.m, err = uvm.Open(s, uvm.Options{Workers: 3, Log: w.t.Logf, Now: w.now, OpenMind: func(spec string) (mind.Engine, error) {
		if spec == "scripted:1" {
			return w.engine, nil
		}
		return mind.Open(spec)
	}})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	if w.m == nil {
		return
	}
	if err := w.m.Close(context.Background()); err != nil {
		w.t.Error(err)
	}
	if err := w.store.Close(); err != nil {
		w.t.Error(err)
	}
	w.m = nil
}

func (w *world) reopen() {
	w.t.Helper()
	w.close()
	w.open()
}

// kill goes on with what was synced, as after a power cut.
func (w *world) kill() {
	w.t.Helper()
	after := w.fs.(*vfs.MemFS).CrashClone(vfs.CrashCloneCfg{})
	w.close()
	w.fs = after
	w.open()
}

func (w *world) useScripted() {
	w.t.Helper()
	if _, err := w.m.UseMind(context.Background(), uvm.Caller{Author: "tester"}, "scripted:1"); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) send(target, selector string, args ...any) uvm.Reply {
	w.t.Helper()
	return w.m.Send(context.Background(), uvm.Request{Target: target, Selector: selector, Args: args, Wait: time.Minute})
}

// want sends and wants a value.
func (w *world) want(want any, target, selector string, args ...any) uvm.Reply {
	w.t.Helper()
	r := w.send(target, selector, args...)
	if r.Status != uvm.StatusOK || r.Value != want {
		w.t.Fatalf("%s.%s gave %s %v (%v), want %v", target, selector, r.Status, r.Value, r.Err, want)
	}
	return r
}

// eval runs statements and wants them to go well.
func (w *world) eval(code string) uvm.Reply {
	w.t.Helper()
	r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Code: code, Caller: uvm.Caller{Author: "tester"}, Wait: time.Minute})
	if r.Err != nil {
		w.t.Fatalf("eval %q: %v\n%s", code, r.Err, trace(r.Err))
	}
	return r
}

func trace(e *uvm.Error) string {
	var b strings.Builder
	for _, l := range e.Traceback {
		b.WriteString(l.Receiver + "." + l.Selector + ": " + l.Source + "\n")
	}
	return b.String()
}

// method installs one.
func (w *world) method(target, source string) {
	w.t.Helper()
	name, _, _ := strings.Cut(strings.TrimPrefix(source, "def "), "(")
	if _, _, err := w.m.CreateMethod(context.Background(), uvm.Caller{Author: "tester"}, target, name, source); err != nil {
		w.t.Fatalf("method %s: %v", name, err)
	}
}

// fails wants an error of a code.
func (w *world) fails(code uvm.Code, r uvm.Reply) *uvm.Error {
	w.t.Helper()
	if r.Err == nil || r.Err.Code != code {
		w.t.Fatalf("gave %s %v, error %v, want %s", r.Status, r.Value, r.Err, code)
	}
	return r.Err
}

func codeOf(err error) uvm.Code {
	var e *uvm.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// waiting sends a message that nobody can answer and gives its reference.
func (w *world) waiting(target, selector string, args ...any) image.Ref {
	w.t.Helper()
	r := w.m.Send(context.Background(), uvm.Request{Target: target, Selector: selector, Args: args})
	if r.Status != uvm.StatusWaiting || r.Message == 0 {
		w.t.Fatalf("gave %s %v (%v), want WAITING", r.Status, r.Value, r.Err)
	}
	return r.Message
}

func (w *world) pending() []uvm.Pending {
	w.t.Helper()
	p, err := w.m.Pending(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// question waits until a question stands with the message.
func (w *world) question(ref image.Ref) uvm.Pending {
	w.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		for _, p := range w.pending() {
			if p.Message == ref && p.Question != "" {
				return p
			}
		}
		time.Sleep(time.Millisecond) // the machine has no event for "a question stands" but OnWaiting's
	}
	w.t.Fatalf("no question stands with @%d: %+v", ref, w.pending())
	return uvm.Pending{}
}
