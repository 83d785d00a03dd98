package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batos/bridge/client"
	"batos/bridge/contract"
)

var crashes = flag.Int("crashes", 12, "how many times TestKill kills the image")

// livingImage is a `bat up` in a directory, for tests that start it many times.
type livingImage struct {
	t   testing.TB
	dir string
	*process
	zmq, http string
}

// startImage starts `bat up` and waits for READY.
func startImage(t testing.TB, dir string, args ...string) *livingImage {
	t.Helper()
	program, err := exec.LookPath("bat") // testscript puts this test binary there
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"up", "--no-open", "--image", dir, "--http", "127.0.0.1:0", "--zmq", "tcp://127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), "OLLAMA_HOST=127.0.0.1:1")
	p, err := startProcess(cmd)
	if err != nil {
		t.Fatal(err)
	}
	m, err := p.wait(`^READY image=\S+ http=(http://\S+) zmq=(tcp://\S+) pid=\d+$`, time.Minute)
	if err != nil {
		p.kill()
		t.Fatal(err)
	}
	return &livingImage{t: t, dir: dir, process: p, http: m[1], zmq: m[2]}
}

// TestKill kills the image at random moments while eight clients increment
// their own and one shared counter, each increment under its own idempotency
// key that is sent again until it is acknowledged. At the end each counter has
// every acknowledged increment, once.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	const clients = 8
	dir := filepath.Join(t.TempDir(), "image")
	up := startImage(t, dir)
	c, err := client.Dial(context.Background(), up.zmq, client.Options{Client: "setup"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(command string, fields any) *contract.Reply {
		t.Helper()
		reply, err := c.Ask(context.Background(), command, fields, nil)
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		return reply
	}
	ask("create_method", &contract.CreateMethod{Object: contract.Of("genesis_obj"), Name: "increment", Code: counter})
	ask("eval", &contract.Eval{Code: "self.shared = self.clone(count=0)"})
	for i := range clients {
		ask("eval", &contract.Eval{Code: fmt.Sprintf("self.own_%d = self.clone(count=0)", i)})
	}
	waiting, err := c.Ask(context.Background(), "send", &contract.Send{
		Object: contract.Of("genesis_obj"), Selector: "sing_a_song", Running: contract.Running{Wait: new(contract.Seconds)}}, nil)
	if err != nil || waiting.Status != contract.StatusWaiting {
		t.Fatalf("a message that needs a mind: %v, %v", waiting, err)
	}
	c.Close()

	// The address of the image that runs now, or a channel to wait for one.
	var address atomic.Pointer[string]
	address.Store(&up.zmq)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var acked [clients]atomic.Int64
	var all sync.WaitGroup
	failed := make(chan error, clients)
	for i := range clients {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := increments(ctx, i, &address, &acked[i]); err != nil {
				failed <- err
			}
		}()
	}
	random := rand.New(rand.NewPCG(1, uint64(*crashes)))
	for n := range *crashes {
		// How long it lives is the point of the test: a random moment.
		select {
		case <-time.After(time.Duration(20+random.IntN(180)) * time.Millisecond):
		case err := <-failed:
			up.kill()
			t.Fatal(err)
		}
		up.kill()
		up = startImage(t, dir)
		address.Store(&up.zmq)
		if n%10 == 9 {
			t.Logf("%d kills", n+1)
		}
	}
	stop()
	all.Wait()
	close(failed)
	for err := range failed {
		t.Fatal(err)
	}

	if c, err = client.Dial(context.Background(), up.zmq, client.Options{Client: "check"}); err != nil {
		t.Fatal(err)
	}
	defer up.kill()
	defer c.Close()
	total := int64(0)
	for i := range clients {
		count := ask("eval", &contract.Eval{Code: fmt.Sprintf("self.own_%d.count", i)}).Result
		if count != acked[i].Load() {
			t.Errorf("client %d: %v acknowledged, the counter says %v", i, acked[i].Load(), count)
		}
		total += acked[i].Load()
	}
	if count := ask("eval", &contract.Eval{Code: "self.shared.count"}).Result; count != total {
		t.Errorf("%v acknowledged by all, the shared counter says %v", total, count)
	}
	if total < int64(*crashes) {
		t.Errorf("only %d increments were acknowledged over %d kills", total, *crashes)
	}
	t.Logf("%d kills, %d acknowledged increments of each kind", *crashes, total)
	var pending contract.PendingResult
	if _, err := c.Ask(context.Background(), "pending", nil, &pending); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, m := range pending.Messages {
		found = found || m.Selector == "sing_a_song" && m.State == "waiting"
	}
	if !found {
		t.Errorf("the message that waited for a mind is gone: %+v", pending.Messages)
	}
	var log contract.LogResult
	if _, err := c.Ask(context.Background(), "log", &contract.Log{Object: contract.Of("genesis_obj.shared"), Limit: 5}, &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Entries) != 5 || !strings.Contains(log.Entries[0].Why, "increment") || !strings.HasPrefix(log.Entries[0].Author, "client-") {
		t.Errorf("the log does not tell who incremented: %+v", log.Entries)
	}
}

// increments sends increments until ctx ends, own and shared in turn, each
// until it is acknowledged, over as many connections as that takes. It counts
// pairs of which both are acknowledged.
func increments(ctx context.Context, i int, address *atomic.Pointer[string], acked *atomic.Int64) error {
	name := fmt.Sprintf("client-%d", i)
	var c *client.Client
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	for n := 0; ctx.Err() == nil; n++ {
		for _, target := range []string{fmt.Sprintf("genesis_obj.own_%d", i), "genesis_obj.shared"} {
			id := fmt.Sprintf("%s-%d", target, n)
			for {
				// What was begun is ended, also when the test stops meanwhile.
				attempt, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
				err := func() (err error) {
					if c == nil {
						if c, err = client.Dial(attempt, *address.Load(), client.Options{Client: name}); err != nil {
							return err
						}
					}
					_, err = c.AskID(attempt, id, "send", &contract.Send{Object: contract.Of(target), Selector: "increment"}, nil)
					return err
				}()
				cancel()
				if err == nil {
					break
				}
				var refused *contract.Error
				if errors.As(err, &refused) && refused.Code != contract.CodeShuttingDown {
					return fmt.Errorf("%s: %w", id, err)
				}
				if c != nil {
					c.Close()
					c = nil
				}
				// The next image is on its way; a short pause keeps this loop
				// from eating the machine that has to start it.
				time.Sleep(5 * time.Millisecond)
			}
		}
		acked.Add(1)
	}
	return nil
}
