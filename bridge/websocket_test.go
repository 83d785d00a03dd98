package bridge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"batos/bridge"
	"batos/bridge/client"
	"batos/bridge/contract"
)

func webServer(t *testing.T, server *bridge.Server) (addr string) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeWebSocket(w, r, contract.AllRights)
	}))
	t.Cleanup(web.Close)
	return "ws" + strings.TrimPrefix(web.URL, "http") + "/bridge"
}

func TestWebSocket(t *testing.T) {
	server := serve(t, newFake(), bridge.Options{})
	events := make(chan *contract.Event, 1000)
	c, err := client.Dial(t.Context(), webServer(t, server), client.Options{Client: "page", OnEvent: func(e *contract.Event) { events <- e }})
	if err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 3<<20) // more than the outbox writes at once
	large[len(large)-1] = 7
	var back any
	ask(t, c, "send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{large}}, &back)
	if got := back.([]any)[0].([]byte); len(got) != len(large) || got[len(got)-1] != 7 {
		t.Errorf("got %d bytes", len(got))
	}
	// Eyes see 60 changes a second at most; the last one always comes.
	ask(t, c, "watch", &contract.Watch{All: true}, nil)
	for i := range 1000 {
		ask(t, c, "set_slot", &contract.SetSlot{Object: genesis, Slot: "x", Value: int64(i)}, nil)
	}
	n := 0
	for last := ""; !strings.Contains(last, `"value":999`); n++ {
		last = plainOf(t, (<-events).Fields)
	}
	if n > 500 {
		t.Errorf("%d updates came", n)
	}
	c.Close()
	for _, connections, _ := server.Stats(); connections > 0; _, connections, _ = server.Stats() {
	}
}

// What is no frame is refused and read over.
func TestWebSocketMessagesThatAreNoFrames(t *testing.T) {
	ws, _, err := websocket.Dial(t.Context(), webServer(t, serve(t, newFake(), bridge.Options{})), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	for _, step := range []struct {
		kind    websocket.MessageType
		message []byte
		want    contract.Code
	}{
		{websocket.MessageText, []byte(`{"command": "ping"}`), contract.CodeBadFrame},
		{websocket.MessageBinary, make([]byte, contract.MaxFrame+1), contract.CodeTooLarge},
		{websocket.MessageBinary, nil, contract.CodeBadFrame},
		{websocket.MessageBinary, []byte{0x80}, contract.CodeBadField},
	} {
		if err := ws.Write(t.Context(), step.kind, step.message); err != nil {
			t.Fatal(err)
		}
		_, body, err := ws.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		frame, bad := contract.DecodeFrame(body)
		if bad != nil || frame.Reply.Error.Code != step.want {
			t.Errorf("%d bytes: got %+v, %v; want %s", len(step.message), frame.Reply, bad, step.want)
		}
	}
}
