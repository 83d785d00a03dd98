package bridge_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"batos/bridge"
	"batos/bridge/client"
	"batos/bridge/contract"
	"batos/image"
)

// raw is a peer that writes frames by hand.
type raw struct {
	t    *testing.T
	conn net.Conn
}

func rawPeer(t *testing.T, server *bridge.Server) raw {
	here, there := net.Pipe()
	go server.ServeConn(t.Context(), there) // ends with the connection
	t.Cleanup(func() { here.Close() })
	return raw{t, here}
}

// send writes the frame of a request in JSON form.
func (r raw) send(text string) {
	r.t.Helper()
	v, err := contract.DecodeJSON([]byte(text))
	if err != nil {
		r.t.Fatal(err)
	}
	frame, err := contract.AppendValue(nil, v)
	if err != nil {
		r.t.Fatal(err)
	}
	r.frame(frame)
}

func (r raw) frame(frame []byte) {
	r.t.Helper()
	if _, err := r.conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(frame))), frame...)); err != nil {
		r.t.Fatal(err)
	}
}

func (r raw) receive() contract.Frame {
	r.t.Helper()
	var length [4]byte
	if _, err := io.ReadFull(r.conn, length[:]); err != nil {
		r.t.Fatal(err)
	}
	body := make([]byte, binary.BigEndian.Uint32(length[:]))
	if _, err := io.ReadFull(r.conn, body); err != nil {
		r.t.Fatal(err)
	}
	frame, bad := contract.DecodeFrame(body)
	if bad != nil {
		r.t.Fatal(bad)
	}
	return frame
}

// answer sends a request and prints the reply.
func (r raw) answer(text string) string {
	r.t.Helper()
	r.send(text)
	reply := r.receive().Reply
	if reply.Error != nil {
		return fmt.Sprintf("%d %q %v", reply.Seq, reply.ID, reply.Error)
	}
	return fmt.Sprintf("%d %q %s", reply.Seq, reply.ID, reply.Status)
}

func TestFramesOnUnixSockets(t *testing.T) {
	p := rawPeer(t, serve(t, newFake(), bridge.Options{}))
	for _, step := range []struct{ send, want string }{
		{`{"v":1,"id":"a","command":"ping"}`, `0 "a" unauthorized: the session is not open; send hello first`},
		{`{"id":"a","command":"hello","client":"me"}`, `0 "a" bad_version: v: the field is missing; this image speaks version 1`},
		{`{"v":1,"command":"hello","client":"me"}`, `0 "" bad_field: id: the field is missing; want 1 to 64 characters`},
		{`7`, `0 "" bad_frame: want one map, got an integer`},
		{`{"v":1,"id":"h","command":"hello","client":"me"}`, `1 "h" OK`},
		{`{"v":1,"id":"b","command":"ping"}`, `2 "b" OK`},
		{`{"v":2,"id":"b","command":"ping"}`, `3 "b" bad_version: v: this image speaks version 1, not 2`},
		{`{"v":1,"id":"c","command":"ping","colour":1}`, `4 "c" bad_field: colour: there is no such field here`},
		{`{"v":1,"id":"h","command":"hello","client":"me"}`, `5 "h" OK`},
		{`{"v":1,"id":"h","command":"hello","client":"you"}`, `1 "h" OK`},
	} {
		if got := p.answer(step.send); got != step.want {
			t.Errorf("%s\n got %s\nwant %s", step.send, got, step.want)
		}
	}
	p.frame([]byte{0xc1})
	if got := p.receive().Reply.Error.Code; got != contract.CodeBadFrame {
		t.Errorf("got %s", got)
	}
}

// Each limit has its own error, and the connection goes on.
func TestLimitsOfAFrame(t *testing.T) {
	p := rawPeer(t, serve(t, newFake(), bridge.Options{}))
	p.answer(`{"v":1,"id":"h","command":"hello","client":"me"}`)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.frame(make([]byte, contract.MaxFrame+1))
	}()
	if e := p.receive().Reply.Error; e.Code != contract.CodeTooLarge || !strings.Contains(e.Message, "16777217 bytes; the limit is 16777216") {
		t.Errorf("got %v", e)
	}
	<-done
	p.frame(append(bytes.Repeat([]byte{0x91}, 70), 0xc0))
	if e := p.receive().Reply.Error; e.Code != contract.CodeTooLarge || !strings.Contains(e.Message, "more than 64 containers") {
		t.Errorf("got %v", e)
	}
	p.frame(append([]byte("\x83\xa1v\x01\xa2id\xa1d\xa4args"), append(bytes.Repeat([]byte{0x91}, 70), 0xc0)...))
	if r := p.receive().Reply; r.ID != "d" || r.Error.Code != contract.CodeTooLarge {
		t.Errorf("got %q, %v", r.ID, r.Error)
	}
	if got := p.answer(`{"v":1,"id":"p","command":"ping"}`); got != `5 "p" OK` {
		t.Errorf("got %s", got)
	}
}

// A length that no frame can have is answered too, and ends the connection: what
// follows it is no frame.
func TestLengthBeyondReason(t *testing.T) {
	p := rawPeer(t, serve(t, newFake(), bridge.Options{}))
	if _, err := p.conn.Write([]byte("\xff\xff\xff\xff")); err != nil {
		t.Fatal(err)
	}
	if r := p.receive().Reply; r.ID != "" || r.Error.Code != contract.CodeTooLarge {
		t.Errorf("got %q, %v", r.ID, r.Error)
	}
	if n, err := p.conn.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("read %d bytes more, %v; want the end", n, err)
	}
}

// A session with 1,000 open requests is read no further, until one is answered;
// others do not notice.
func TestLimitOfOpenRequests(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	p, other := rawPeer(t, server), pipe(t, server, client.Options{})
	p.answer(`{"v":1,"id":"h","command":"hello","client":"me"}`)
	blocked := func(id string) string {
		return `{"v":1,"id":"` + id + `","command":"send","target":"genesis_obj","selector":"block"}`
	}
	for i := range contract.MaxOpen {
		p.send(blocked(fmt.Sprint(i)))
		<-f.entered
	}
	p.send(blocked("over")) // is read, and waits
	wrote := make(chan struct{})
	go func() {
		defer close(wrote)
		p.send(`{"v":1,"id":"last","command":"ping"}`)
	}()
	const taken = 2 + contract.MaxOpen + 1 // two hellos, and all but the last
	for _, _, requests := server.Stats(); requests < taken; _, _, requests = server.Stats() {
		f.idle()
	}
	for range 10 {
		ask(t, other, "ping", nil, nil)
	}
	if _, _, requests := server.Stats(); requests != taken+10 {
		t.Errorf("%d requests were taken; want %d", requests, taken+10)
	}
	close(f.release)
	got := map[string]bool{}
	for range contract.MaxOpen + 2 {
		reply := p.receive().Reply
		if got[reply.ID] || reply.Error != nil {
			t.Fatalf("got %q again, or failed: %v", reply.ID, reply.Error)
		}
		got[reply.ID] = true
	}
	<-wrote
}

// What was sent while the client was away comes when it is back, in order,
// under the old numbers.
func TestResume(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	first := rawPeer(t, server)
	first.send(`{"v":1,"id":"h","command":"hello","client":"me"}`)
	var hello contract.HelloResult
	if err := contract.Bind(first.receive().Reply.Result, &hello); err != nil {
		t.Fatal(err)
	}
	first.answer(`{"v":1,"id":"a","command":"ping"}`)
	first.send(`{"v":1,"id":"b","command":"send","target":"genesis_obj","selector":"block"}`)
	<-f.entered
	first.conn.Close()
	for _, connections, _ := server.Stats(); connections > 0; _, connections, _ = server.Stats() {
		f.idle()
	}
	f.release <- struct{}{}

	second := rawPeer(t, server)
	second.send(`{"v":1,"id":"h2","command":"hello","client":"me","session":"` + hello.Session + `","last_seq":1}`)
	got := map[string]bool{}
	for seq := range 3 { // b may also have been answered a little later than that
		reply := second.receive().Reply
		got[reply.ID] = true
		if reply.Seq != int64(seq+2) {
			t.Errorf("got seq %d; want %d", reply.Seq, seq+2)
		}
		if reply.ID == "h2" {
			contract.Bind(reply.Result, &hello)
		}
	}
	if !got["a"] || !got["b"] || !hello.Resumed || hello.Resync {
		t.Errorf("got %v, %+v", got, hello)
	}

	// While the old connection is still there, the new one takes the session.
	third := rawPeer(t, server)
	third.send(`{"v":1,"id":"h3","command":"hello","client":"me","session":"` + hello.Session + `","last_seq":4}`)
	if reply := third.receive().Reply; reply.Seq != 5 {
		t.Errorf("got seq %d", reply.Seq)
	}
	if _, err := second.conn.Read(make([]byte, 1)); err == nil {
		t.Error("the old connection goes on")
	}

	for _, hello := range []string{
		`"client":"me","session":"gone"`,
		`"client":"other","session":"` + hello.Session + `"`,
	} {
		p := rawPeer(t, server)
		p.send(`{"v":1,"id":"h","command":"hello",` + hello + `}`)
		reply := p.receive().Reply
		var result contract.HelloResult
		if err := contract.Bind(reply.Result, &result); err != nil || !result.Resync || result.Resumed || reply.Seq != 1 {
			t.Errorf("%s: got %+v, %v", hello, result, err)
		}
	}
}

// idle lets others run.
func (f *fakeImage) idle() { f.ran("") }

// When too much was missed, the session goes on and says so.
func TestResumeWithoutTheGap(t *testing.T) {
	server := serve(t, newFake(), bridge.Options{})
	c := pipe(t, server, client.Options{Client: "me"})
	for range 3 {
		ask(t, c, "send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{make([]byte, 1<<20)}}, nil)
	}
	for last, resync := range map[int64]bool{1: true, c.LastSeq(): false, 1000: true} {
		again := pipe(t, server, client.Options{Client: "me", Session: c.Hello().Session, LastSeq: last})
		if hello := again.Hello(); !hello.Resumed || hello.Resync != resync {
			t.Errorf("after %d: %+v", last, hello)
		}
		if resync {
			continue
		}
		c = again
	}
}

// What is kept for clients that are away is bounded: the session that has been
// away longest goes first.
func TestLostSessionsAreBounded(t *testing.T) {
	server := serve(t, newFake(), bridge.Options{})
	var ids []string
	for range 40 {
		c := pipe(t, server, client.Options{Client: "me"})
		ask(t, c, "send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{make([]byte, 2<<20-1000)}}, nil)
		ids = append(ids, c.Hello().Session)
		c.Close()
		for _, connections, _ := server.Stats(); connections > 0; _, connections, _ = server.Stats() {
		}
	}
	for i, want := range map[int]bool{0: false, 39: true} {
		if c := pipe(t, server, client.Options{Client: "me", Session: ids[i]}); c.Hello().Resumed != want {
			t.Errorf("session %d: resumed %v", i, c.Hello().Resumed)
		}
	}
}

func TestValuesCrossWhole(t *testing.T) {
	c := pipe(t, serve(t, newFake(), bridge.Options{}), client.Options{})
	const all = `[null,true,1,1.5,"a",{"$bytes":"AAE="},{"$int":"123456789012345678901234567890"},{"$set":[1]},{"$ref":2},{"$time":"2026-01-02T03:04:05Z"},{"k":[1]}]`
	args, err := contract.DecodeJSON([]byte(all))
	if err != nil {
		t.Fatal(err)
	}
	var back any
	ask(t, c, "send", &contract.Send{Object: genesis, Selector: "echo", Args: args.([]any)}, &back)
	if got := plainOf(t, back); got != all {
		t.Errorf("got %s; want %s", got, all)
	}
	kwargs := &image.Map{}
	kwargs.Put("x", int64(1))
	ask(t, c, "send", &contract.Send{Object: genesis, Selector: "kwargs", Kwargs: kwargs}, &back)
	if got := plainOf(t, back); got != `{"x":1}` {
		t.Errorf("got %s", got)
	}
}
