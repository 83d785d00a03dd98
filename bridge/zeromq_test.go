package bridge_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"batos/bridge"
	"batos/bridge/contract"
	"batos/bridge/zmtp"
)

// bare is a DEALER that writes frames by hand.
type bare struct {
	t    *testing.T
	conn *zmtp.Conn
}

func dealer(t *testing.T, addr string) bare {
	t.Helper()
	conn, err := zmtp.Dial(t.Context(), addr, zmtp.Options{MaxFrame: contract.MaxFrame})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Abort)
	return bare{t, conn}
}

func (b bare) frame(frame []byte) *contract.Reply {
	b.t.Helper()
	if err := b.conn.Send(frame); err != nil {
		b.t.Fatal(err)
	}
	parts, err := b.conn.Receive()
	if err != nil {
		b.t.Fatal(err)
	}
	got, bad := contract.DecodeFrame(parts[0])
	if bad != nil {
		b.t.Fatal(bad)
	}
	return got.Reply
}

func (b bare) ask(id, command string, fields any) *contract.Reply {
	b.t.Helper()
	frame, err := contract.AppendRequest(nil, id, command, fields)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.frame(frame)
}

// The session that comes without hello has ids of its own, and hello names it
// without a break.
func TestAnonymousSession(t *testing.T) {
	bound := zmq(t)
	b := dealer(t, bound)
	send := &contract.Send{Object: genesis, Selector: "caller"}
	first := plainOf(t, b.ask("a", "send", send).Result)
	if !strings.HasPrefix(first, `["session `) || !strings.HasSuffix(first, `","a","anonymous",true]`) {
		t.Errorf("got %s", first)
	}
	if other := plainOf(t, dealer(t, bound).ask("a", "send", send).Result); other == first {
		t.Errorf("two anonymous sessions share their ids: %s", other)
	}
	if reply := b.ask("h", "hello", &contract.Hello{Client: "me"}); reply.Seq != 2 || reply.Error != nil {
		t.Errorf("got %+v", reply)
	}
	reply := b.ask("b", "send", send)
	if got := plainOf(t, reply.Result); got != `["me","b","me",true]` || reply.Seq != 3 {
		t.Errorf("got %s, seq %d", got, reply.Seq)
	}
}

// Whatever is in a frame, it gets a reply, and the session goes on.
func TestRubbishFrames(t *testing.T) {
	b := dealer(t, zmq(t))
	valid, err := contract.AppendRequest(nil, "id", "send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{int64(1), "text", []byte("bytes")}})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		frame := append([]byte(nil), valid...)
		for range 1 + random.IntN(4) {
			frame[random.IntN(len(frame))] = byte(random.Uint32())
		}
		frame = frame[:random.IntN(len(frame)+1)]
		if reply := b.frame(frame); reply.Error == nil && reply.Status != contract.StatusOK {
			t.Fatalf("frame %d, %x: got %+v", i, frame, reply)
		}
	}
	if e := b.frame(make([]byte, contract.MaxFrame+1)).Error; e == nil || e.Code != contract.CodeTooLarge {
		t.Errorf("got %v", e)
	}
	if reply := b.ask("p", "ping", nil); reply.Error != nil || reply.ID != "p" {
		t.Errorf("got %+v", reply)
	}
}

// A client that takes none of its answers is served no further, and others are.
func TestClientThatNeverReads(t *testing.T) {
	f := newFake()
	server := serve(t, f, bridge.Options{})
	bound, err := server.ListenZMQ("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	never, other := dealer(t, bound), dealer(t, bound)
	const n, size = 200, 1 << 20
	frame, err := contract.AppendRequest(nil, "x", "send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{make([]byte, size)}})
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		if err := never.conn.Send(frame); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1000 {
		if reply := other.ask(fmt.Sprint(i), "ping", nil); reply.ID != fmt.Sprint(i) {
			t.Fatalf("got %+v", reply)
		}
	}
	if ran := f.ran("echo"); ran >= n {
		t.Errorf("all %d requests ran though no answer was read", ran)
	}
	for range n { // and none is lost
		parts, err := never.conn.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if got, bad := contract.DecodeFrame(parts[0]); bad != nil || len(got.Reply.Result.([]any)[0].([]byte)) != size {
			t.Fatalf("got %+v, %v", got.Reply, bad)
		}
	}
}
