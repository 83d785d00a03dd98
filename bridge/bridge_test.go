package bridge_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"batos/bridge"
	"batos/bridge/client"
	"batos/bridge/contract"
	"batos/image"
	"batos/uvm"
)

// serve starts a server over a service and drains it when the test ends.
func serve(t testing.TB, s uvm.Service, o bridge.Options) *bridge.Server {
	t.Helper()
	if o.Logf == nil {
		o.Logf = t.Logf
	}
	server := bridge.New(s, o)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Drain(ctx); err != nil {
			t.Errorf("draining: %v", err)
		}
	})
	return server
}

// pipe opens a session over a connection within the program.
func pipe(t testing.TB, server *bridge.Server, o client.Options) *client.Client {
	t.Helper()
	here, there := net.Pipe()
	go server.ServeConn(t.Context(), there) // ends with the connection
	c, err := client.Over(t.Context(), here, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func ask(t testing.TB, c *client.Client, command string, fields, into any) *contract.Reply {
	t.Helper()
	reply, err := c.Ask(t.Context(), command, fields, into)
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return reply
}

// refused asks for what must fail with a code.
func refused(t testing.TB, c *client.Client, code contract.Code, command string, fields any) *contract.Error {
	t.Helper()
	_, err := c.Ask(t.Context(), command, fields, nil)
	var e *contract.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("%s: got %v; want %s", command, err, code)
	}
	return e
}

var genesis = contract.Of("genesis_obj")

// plainOf writes a value as JSON, for comparing.
func plainOf(t testing.TB, v any) string {
	t.Helper()
	b, err := contract.AppendJSON(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every command, as a program sends it and what it gets.
func TestCommands(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{Image: "fake", Version: "test"})
	c := pipe(t, server, client.Options{Client: "tester"})
	if got := plainOf(t, c.Hello().Roots); got != `{"genesis_obj":2,"traits_obj":1}` || c.Hello().Image != "fake" || c.Hello().Limits.Open != 1000 {
		t.Errorf("hello gave %+v", c.Hello())
	}
	zero := contract.Seconds(0)
	asked := map[string]bool{"hello": true, "watch": true, "unwatch": true, "cancel": true} // these have tests of their own
	for _, step := range []struct {
		command string
		fields  any
		want    string // what the result's JSON has
	}{
		{"send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{int64(1), "a", image.Ref(2)}}, `[1,"a",{"$ref":2}]`},
		{"send", &contract.Send{Object: contract.Of(contract.OID(2)), Selector: "increment"}, `1`},
		{"display_yourself", nil, `"I am @2"`},
		{"eval", &contract.Eval{Code: "self.x", Running: contract.Running{Wait: &zero}}, `"self.x"`},
		{"create_method", &contract.CreateMethod{Object: genesis, Name: "f", Code: "def f(self):\n  return 1"}, `"oid":2,"selector":"f"`},
		{"method", &contract.Method{Object: genesis, Selector: "f"}, `"source":"def f(self):\n  return 1"`},
		{"set_slot", &contract.SetSlot{Object: genesis, Slot: "x", Value: []any{int64(1), image.Ref(1)}}, `"tid":`},
		{"inspect", &contract.Inspect{Object: genesis}, `{"name":"x","kind":"value"`},
		{"inspect", &contract.Inspect{Object: genesis, At: contract.Moment{TID: 3}}, `"tid":3`},
		{"inspect", &contract.Inspect{Object: genesis, At: contract.Moment{Time: time.Unix(fakeStart+1, 5).UTC()}}, `"tid":6`},
		{"remove_slot", &contract.RemoveSlot{Object: genesis, Slot: "x"}, `"tid":`},
		{"get_full_state", nil, `{"2":`},
		{"get_full_state", &contract.GetFullState{Limit: 1}, `"next":"`},
		{"log", &contract.Log{Limit: 1}, `"author":"tester"`},
		{"history", &contract.Log{Limit: 1}, `"slots":["x"]`},
		{"pending", nil, `"question":"how?"`},
		{"answer", &contract.Answer{Message: contract.At(77), Source: "def f(self): pass"}, `[{"$ref":77},"def f(self): pass"]`},
		{"retry", &contract.Retry{Message: contract.At(77)}, `{"$ref":77}`},
		{"dismiss", &contract.Dismiss{Message: contract.At(77)}, `{}`},
		{"roots", &contract.Roots{Name: "here", Object: genesis}, `"here":2`},
		{"roots", &contract.Roots{Name: "here", Remove: true}, `{"genesis_obj":2,"traits_obj":1}`},
		{"roots", nil, `"genesis_obj":2`},
		{"mind", nil, `"spec":"human"`},
		{"mind", &contract.Mind{Action: "use", Spec: "URL#MODEL"}, `"spec":"URL#MODEL"`},
		{"stats", nil, `"sessions":1,"connections":1`},
		{"ping", nil, `"time":{"$time":`},
	} {
		asked[step.command] = true
		var result any
		reply := ask(t, c, step.command, step.fields, &result)
		got := plainOf(t, result)
		if reply.Status != contract.StatusOK || !strings.Contains(got, strings.TrimSuffix(strings.TrimPrefix(step.want, "{\"2\":"), "")) {
			t.Errorf("%s %+v: got %s; want %s", step.command, step.fields, got, step.want)
		}
	}
	for _, command := range contract.Commands {
		if !asked[command.Name] {
			t.Errorf("%s is not tested here", command.Name)
		}
	}
}

func TestMessageDetails(t *testing.T) {
	f := newFake()
	c := pipe(t, serve(t, f, bridge.Options{}), client.Options{Client: "tester"})
	var result any
	reply := ask(t, c, "eval", &contract.Eval{Code: "1", Running: contract.Running{Repr: true}}, &result)
	if reply.Repr != "'1'" || reply.Printed != "ran\n" || reply.TID != fakeStart {
		t.Errorf("got %+v", reply)
	}
	three := contract.Seconds(3)
	ask(t, c, "send", &contract.Send{Object: genesis, Selector: "bounds", Running: contract.Running{Wait: &three, Fuel: 4, Memory: 5, Deadline: 6}}, &result)
	if got := plainOf(t, result); got != `[3.0,4,5,6.0]` {
		t.Errorf("got bounds %s", got)
	}
	ask(t, c, "send", &contract.Send{Object: genesis, Selector: "bounds"}, &result)
	if got := plainOf(t, result); got != `[60.0,0,0,0.0]` {
		t.Errorf("got default bounds %s", got)
	}
	if _, err := c.AskID(t.Context(), "key", "send", &contract.Send{Object: genesis, Selector: "caller"}, &result); err != nil {
		t.Fatal(err)
	}
	if got := plainOf(t, result); got != `["tester","key","tester",true]` {
		t.Errorf("the machine was told of the caller %s", got)
	}
}

func TestFailures(t *testing.T) {
	f := newFake()
	c := pipe(t, serve(t, f, bridge.Options{Logf: func(string, ...any) {}}), client.Options{})
	send := func(selector string) *contract.Send { return &contract.Send{Object: genesis, Selector: selector} }
	e := refused(t, c, contract.CodeMethodError, "send", send("fail"))
	want := &contract.Error{Code: "method_error", Message: "ZeroDivisionError: division by zero", Target: "@2", Selector: "fail", Slot: "n", Failed: 99,
		Traceback: []contract.TraceLine{{Receiver: "@2", Selector: "fail", Line: 3, Source: "1 / 0", Caret: "^^^^^", Locals: map[string]string{"x": "1"}}}}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("got %+v; want %+v", e, want)
	}
	refused(t, c, contract.CodeNotUnderstood, "send", send("nonsense"))
	refused(t, c, contract.CodeNoSuchObject, "inspect", &contract.Inspect{Object: contract.Of("nobody")})
	refused(t, c, contract.CodeBadField, "send", send(""))
	if e := refused(t, c, contract.CodeTooLarge, "send", send("big")); !strings.Contains(e.Message, "ask for less") {
		t.Errorf("got %v", e)
	}
	refused(t, c, contract.CodeTooLarge, "send", send("deep"))
	refused(t, c, contract.CodeInternal, "send", send("panic"))
	e = refused(t, c, contract.CodeSyntaxError, "create_method", &contract.CreateMethod{Object: genesis, Name: "f", Code: "deff"})
	if e.Line != 1 || e.Col != 1 {
		t.Errorf("got %+v", e)
	}
	if got := refused(t, c, contract.CodeUnknownCommand, "sned", nil).Message; !strings.Contains(got, "did you mean send?") {
		t.Errorf("got %s", got)
	}
	ask(t, c, "ping", nil, nil) // and the session goes on
}

func TestWaitingMessageTellsItsSender(t *testing.T) {
	f := newFake()
	events := make(chan *contract.Event, 10)
	c := pipe(t, serve(t, f, bridge.Options{}), client.Options{OnEvent: func(e *contract.Event) { events <- e }})
	if _, err := c.AskID(t.Context(), "q", "send", &contract.Send{Object: genesis, Selector: "think", Running: contract.Running{Stream: true}}, nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 3 {
		e := <-events
		text, _ := e.Fields.Get("text")
		request, _ := e.Fields.Get("request")
		got = append(got, e.Event+" "+plainOf(t, text)+plainOf(t, request))
	}
	if want := []string{`message_waiting null"q"`, `mind_token "def ""q"`, `mind_token "think""q"`}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q; want %q", got, want)
	}
	zero := contract.Seconds(0)
	reply := ask(t, c, "send", &contract.Send{Object: genesis, Selector: "think", Running: contract.Running{Wait: &zero}}, nil)
	if reply.Status != contract.StatusWaiting || reply.Message != 77 || !strings.Contains(reply.Details, "@77") {
		t.Errorf("got %+v", reply)
	}
}

func TestCancel(t *testing.T) {
	f := newFake()
	c := pipe(t, serve(t, f, bridge.Options{}), client.Options{})
	failed := make(chan error, 1)
	go func() {
		_, err := c.AskID(t.Context(), "long", "send", &contract.Send{Object: genesis, Selector: "block"}, nil)
		failed <- err
	}()
	<-f.entered
	var result contract.CancelResult
	ask(t, c, "cancel", &contract.Cancel{Request: "long"}, &result)
	if !result.Cancelled {
		t.Error("the running request was not found")
	}
	var e *contract.Error
	if err := <-failed; !errors.As(err, &e) || e.Code != contract.CodeCancelled {
		t.Errorf("got %v", err)
	}
	ask(t, c, "cancel", &contract.Cancel{Request: "long"}, &result)
	if result.Cancelled {
		t.Error("a request that is over was cancelled")
	}
	// A client that gives up cancels, too.
	ctx, giveUp := context.WithCancel(t.Context())
	go func() { <-f.entered; giveUp() }()
	if _, err := c.Ask(ctx, "send", &contract.Send{Object: genesis, Selector: "block"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	ask(t, c, "ping", nil, nil) // behind which the cancel has arrived
}

// The same id of the same client runs once, also when both are open together in
// two sessions, and gets the first reply again; another client's id is another.
func TestSameRequestTwice(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	one, two := pipe(t, server, client.Options{Client: "me"}), pipe(t, server, client.Options{Client: "me"})
	other := pipe(t, server, client.Options{Client: "other"})
	var running sync.WaitGroup
	retry := func(c *client.Client) {
		var result any
		if _, err := c.AskID(t.Context(), "same", "retry", &contract.Retry{Message: contract.At(78)}, &result); err != nil || result != image.Ref(78) {
			t.Errorf("got %v, %v", result, err)
		}
	}
	for _, c := range []*client.Client{one, two, other} {
		running.Go(func() { retry(c) })
	}
	<-f.entered
	<-f.entered // other's, whose ids are its own
	close(f.release)
	running.Wait()
	retry(two)
	if n := f.ran("retry"); n != 2 {
		t.Errorf("ran %d times; want 2", n)
	}
	// What was refused has not run.
	for range 2 {
		if _, err := one.AskID(t.Context(), "refused", "retry", &contract.Retry{Message: contract.At(79)}, nil); err == nil {
			t.Error("was not refused")
		}
	}
	if n := f.ran("retry"); n != 4 {
		t.Errorf("ran %d times; want 4", n)
	}
}

func TestRights(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{Token: "secret"})
	var rights contract.Rights
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { server.ServeWebSocket(w, r, rights) }))
	defer web.Close()
	addr := "ws" + strings.TrimPrefix(web.URL, "http") + "/bridge"
	open := func(r contract.Rights, token string) *client.Client {
		t.Helper()
		rights = r
		c, err := client.Dial(t.Context(), addr, client.Options{Token: token})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	watcher := open(contract.RightWatch, "")
	defer watcher.Close()
	ask(t, watcher, "inspect", &contract.Inspect{Object: genesis}, nil)
	ask(t, watcher, "roots", nil, nil)
	e := refused(t, watcher, contract.CodeUnauthorized, "send", &contract.Send{Object: genesis, Selector: "echo"})
	if e.Message != "send needs the right to send; this session has watch" {
		t.Errorf("got %q", e.Message)
	}
	refused(t, watcher, contract.CodeUnauthorized, "roots", &contract.Roots{Name: "x", Object: genesis})
	refused(t, watcher, contract.CodeUnauthorized, "mind", &contract.Mind{Action: "use", Spec: "x"})

	author := open(contract.RightWatch|contract.RightSend|contract.RightAuthor, "secret")
	defer author.Close()
	ask(t, author, "set_slot", &contract.SetSlot{Object: genesis, Slot: "x", Value: int64(1)}, nil)
	var caller any
	ask(t, author, "send", &contract.Send{Object: genesis, Selector: "caller"}, &caller)
	if caller.([]any)[3] != false {
		t.Error("an author passes for the architect")
	}
	refused(t, author, contract.CodeUnauthorized, "mind", &contract.Mind{Action: "use", Spec: "x"})

	owner := open(0, "secret")
	defer owner.Close()
	ask(t, owner, "mind", &contract.Mind{Action: "use", Spec: "x"}, nil)
	for _, token := range []string{"", "wrong"} {
		rights = 0
		if _, err := client.Dial(t.Context(), addr, client.Options{Token: token}); err == nil || !strings.Contains(err.Error(), "unauthorized: token: ") {
			t.Errorf("token %q: got %v", token, err)
		}
	}
}

func TestUnixSocket(t *testing.T) {
	server := serve(t, newFake(), bridge.Options{})
	path := filepath.Join(t.TempDir(), "bridge.sock")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // stands for what a killed program leaves
		t.Fatal(err)
	}
	if err := server.ListenUnix(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	c, err := client.Dial(t.Context(), "unix://"+path, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ask(t, c, "display_yourself", nil, nil)
	if err := server.ListenUnix(path); err == nil || !strings.Contains(err.Error(), "another program serves it") {
		t.Errorf("a socket in use was taken away: %v", err)
	}
	if err := server.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestZeroMQStaysOnLoopback(t *testing.T) {
	server := serve(t, newFake(), bridge.Options{})
	for _, addr := range []string{"tcp://0.0.0.0:0", "tcp://*:5555", "tcp://192.0.2.1:5555", "tcp://[::]:0", "ipc:///tmp/x", "5555"} {
		if bound, err := server.ListenZMQ(addr); err == nil {
			t.Errorf("bound %s", bound)
		}
	}
	bound, err := server.ListenZMQ("tcp://127.0.0.1:0")
	if err != nil || strings.HasSuffix(bound, ":0") {
		t.Errorf("got %q, %v", bound, err)
	}
}

func TestDrain(t *testing.T) {
	f := newFake()
	server := bridge.New(f, bridge.Options{Logf: t.Logf})
	c := pipe(t, server, client.Options{})
	answered := make(chan error, 1)
	go func() {
		_, err := c.Ask(t.Context(), "send", &contract.Send{Object: genesis, Selector: "block"}, nil)
		answered <- err
	}()
	<-f.entered
	drained := make(chan error, 1)
	go func() { drained <- server.Drain(t.Context()) }()
	for { // until the drain has begun
		_, err := c.Ask(t.Context(), "ping", nil, nil)
		var e *contract.Error
		if errors.As(err, &e) && e.Code == contract.CodeShuttingDown {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	close(f.release)
	if err := <-answered; err != nil {
		t.Errorf("the running request got %v", err)
	}
	if err := <-drained; err != nil {
		t.Errorf("draining: %v", err)
	}
	<-c.Done()
	if sessions, connections, _ := server.Stats(); sessions != 0 || connections != 0 {
		t.Errorf("left %d sessions, %d connections", sessions, connections)
	}
}

func TestDrainGivesUp(t *testing.T) {
	f := newFake()
	server := bridge.New(f, bridge.Options{Logf: t.Logf})
	c := pipe(t, server, client.Options{})
	answered := make(chan error, 1)
	go func() {
		_, err := c.Ask(t.Context(), "send", &contract.Send{Object: genesis, Selector: "block"}, nil)
		answered <- err
	}()
	<-f.entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := server.Drain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("draining: %v", err)
	}
	if err := <-answered; err == nil {
		t.Error("the message that was cut passed for done")
	}
}

// A message that waits for a mind holds nothing up: its sender is told that it
// waits.
func TestDrainDoesNotWaitForMinds(t *testing.T) {
	f := newFake()
	server := bridge.New(f, bridge.Options{Logf: t.Logf})
	c := pipe(t, server, client.Options{})
	hour := contract.Seconds(3600)
	type answer struct {
		reply *contract.Reply
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		reply, err := c.Ask(t.Context(), "send", &contract.Send{Object: genesis, Selector: "think", Running: contract.Running{Wait: &hour}}, nil)
		answered <- answer{reply, err}
	}()
	<-f.entered
	if err := server.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if a := <-answered; a.err != nil || a.reply.Status != contract.StatusWaiting || a.reply.Message != 77 {
		t.Errorf("got %+v, %v", a.reply, a.err)
	}
}
