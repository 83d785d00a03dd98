package bridge_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"batos"
	"batos/bridge"
	"batos/bridge/client"
	"batos/bridge/contract"
	"batos/image"
)

// living is a real image, served over ZeroMQ.
type living struct {
	t      *testing.T
	image  *batos.Image
	server *bridge.Server
	addr   string
}

func awaken(t *testing.T, dir string) *living {
	t.Helper()
	img, err := batos.Open(dir, batos.Options{Create: true, Workers: 2, Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	l := &living{t: t, image: img, server: bridge.New(img.Machine(), bridge.Options{Image: img.ID(), Version: "test", Logf: t.Logf})}
	if l.addr, err = l.server.ListenZMQ("tcp://127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *living) sleep() {
	l.t.Helper()
	if err := l.server.Drain(context.Background()); err != nil {
		l.t.Error(err)
	}
	if err := l.image.Close(context.Background()); err != nil {
		l.t.Error(err)
	}
}

func (l *living) connect(o client.Options) *client.Client {
	l.t.Helper()
	c, err := client.Dial(l.t.Context(), l.addr, o)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { c.Close() })
	return c
}

// The whole way from a libzmq client in Python to the image and back.
func TestPythonReachesALivingImage(t *testing.T) {
	l := awaken(t, t.TempDir())
	defer l.sleep()
	c := l.connect(client.Options{Client: "author"})
	for name, code := range map[string]string{
		"echo":      "def echo(self, *args):\n    return list(args)\n",
		"increment": "def increment(self):\n    self.n = self.n + 1\n    return self.n\n",
		"fail":      "def fail(self):\n    x = 1\n    return x / 0\n",
	} {
		ask(t, c, "create_method", &contract.CreateMethod{Object: genesis, Name: name, Code: code}, nil)
	}
	ask(t, c, "set_slot", &contract.SetSlot{Object: genesis, Slot: "n", Value: int64(0)}, nil)
	golden(t, "testdata/dealer.txt", python(t, "dealer.py", l.addr, "50"))
}

// Increments with idempotency keys, each sent twice at the same time, by clients
// that share one counter: none is lost, none counted twice, also after a restart.
func TestIncrementsCountOnce(t *testing.T) {
	dir := t.TempDir()
	l := awaken(t, dir)
	setup := l.connect(client.Options{Client: "author"})
	ask(t, setup, "create_method", &contract.CreateMethod{Object: genesis, Name: "increment", Code: "def increment(self):\n    self.n = self.n + 1\n    return self.n\n"}, nil)
	ask(t, setup, "set_slot", &contract.SetSlot{Object: genesis, Slot: "n", Value: int64(0)}, nil)
	const clients, each = 4, 10
	send := &contract.Send{Object: genesis, Selector: "increment"}
	var running sync.WaitGroup
	for n := range clients {
		name := fmt.Sprint("client ", n)
		one, two := l.connect(client.Options{Client: name}), l.connect(client.Options{Client: name})
		running.Go(func() {
			for i := range each {
				var first, second any
				var both sync.WaitGroup
				both.Go(func() {
					if _, err := two.AskID(t.Context(), fmt.Sprint(i), "send", send, &second); err != nil {
						t.Error(err)
					}
				})
				if _, err := one.AskID(t.Context(), fmt.Sprint(i), "send", send, &first); err != nil {
					t.Error(err)
				}
				both.Wait()
				if first != second {
					t.Errorf("%s, %d: got %v and %v", name, i, first, second)
				}
			}
		})
	}
	running.Wait()
	l.sleep()

	l = awaken(t, dir)
	defer l.sleep()
	again := l.connect(client.Options{Client: "client 0"})
	if _, err := again.AskID(t.Context(), "0", "send", send, nil); err != nil {
		t.Error(err)
	}
	var shown contract.Inspection
	ask(t, again, "inspect", &contract.Inspect{Object: genesis}, &shown)
	for _, slot := range shown.Slots {
		if slot.Name == "n" && slot.Value != int64(clients*each) {
			t.Errorf("counted %v; want %d", slot.Value, clients*each)
		}
	}
}

// A message that nobody understands waits for a person; the answer runs it on,
// and its sender gets the value.
func TestAnswerOverTheBridge(t *testing.T) {
	l := awaken(t, t.TempDir())
	defer l.sleep()
	waiting := make(chan *contract.Event, 10)
	sender := l.connect(client.Options{Client: "sender", OnEvent: func(e *contract.Event) { waiting <- e }})
	person := l.connect(client.Options{Client: "person"})
	ask(t, person, "mind", &contract.Mind{Action: "use", Spec: "human"}, nil)
	got := make(chan any, 1)
	go func() {
		var value any
		minute := contract.Seconds(60) // only a person can answer, so without a time the reply would be WAITING
		send := &contract.Send{Object: genesis, Selector: "double_", Args: []any{int64(21)}, Running: contract.Running{Wait: &minute}}
		if _, err := sender.Ask(t.Context(), "send", send, &value); err != nil {
			t.Error(err)
		}
		got <- value
	}()
	e := <-waiting
	if why, _ := e.Fields.Get("why"); e.Event != contract.EventMessageWaiting || why == "" {
		t.Errorf("got %s", plainOf(t, e.Fields))
	}
	var pending contract.PendingResult
	for len(pending.Messages) == 0 || pending.Messages[0].Question == "" {
		ask(t, person, "pending", nil, &pending)
	}
	asked := pending.Messages[0]
	if !strings.Contains(asked.Question, "double_") {
		t.Errorf("the question is %q", asked.Question)
	}
	ask(t, person, "answer", &contract.Answer{Message: contract.At(image.Ref(asked.Message)), Source: "def double_(self, n):\n    return n * 2\n"}, nil)
	if value := <-got; value != int64(42) {
		t.Errorf("the sender got %v", value)
	}
}
