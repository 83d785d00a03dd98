package uvm_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batos/uvm"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// The power goes at random moments while clients send messages that send others
// later. What was acknowledged is there, nothing is there twice, and each later
// message happened exactly once, whatever was lost.
func TestPowerCuts(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def step(self, name):\n    self.steps.append(name)\n    later(self).echo(name)\n    return len(self.steps)\n")
	w.method("genesis_obj", "def echo(self, name):\n    self.echoes.append(name)\n")
	w.eval("self.steps = []\nself.echoes = []")
	random := rand.New(rand.NewPCG(1, 2))
	acknowledged := map[string]bool{}
	for round := range 8 {
		var mu sync.Mutex
		var senders sync.WaitGroup
		var stop atomic.Bool
		sent := make(chan struct{}, 1000)
		m := w.m
		for c := range 4 {
			senders.Add(1)
			go func() {
				defer senders.Done()
				for n := 0; !stop.Load() && n < 100; n++ {
					name := fmt.Sprintf("%d.%d.%d", round, c, n)
					r := m.Send(context.Background(), uvm.Request{Caller: uvm.Caller{Client: "client", ID: name}, Target: "genesis_obj", Selector: "step", Args: []any{name}})
					if r.Err == nil {
						mu.Lock()
						if !stop.Load() {
							acknowledged[name] = true
						}
						mu.Unlock()
					}
					sent <- struct{}{}
				}
			}()
		}
		for range 5 + random.IntN(40) {
			<-sent
		}
		// What was acknowledged before this moment must be there after it.
		mu.Lock()
		stop.Store(true)
		mu.Unlock()
		after := w.fs.(*vfs.MemFS).CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: random.IntN(101), RNG: random})
		senders.Wait()
		w.close()
		w.fs = after
		w.open()
	}
	deadline := time.Now().Add(20 * time.Second)
	for len(w.pending()) > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("still pending: %+v", w.pending())
		}
		time.Sleep(time.Millisecond)
	}
	r := w.eval("[self.steps, self.echoes]")
	lists := r.Value.([]any)
	steps, echoes := map[string]int{}, map[string]int{}
	for _, s := range lists[0].([]any) {
		steps[s.(string)]++
	}
	for _, s := range lists[1].([]any) {
		echoes[s.(string)]++
	}
	for name := range acknowledged {
		if steps[name] == 0 {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	for name, n := range steps {
		if n != 1 || echoes[name] != 1 {
			t.Errorf("%s happened %d times, its echo %d times", name, n, echoes[name])
		}
		// Asked again, it does not run again.
		if again := w.m.Send(context.Background(), uvm.Request{Caller: uvm.Caller{Client: "client", ID: name}, Target: "genesis_obj", Selector: "step", Args: []any{name}}); again.Err != nil {
			t.Errorf("%s: %v", name, again.Err)
		}
	}
	if n := w.eval("len(self.steps)").Value; n != int64(len(steps)) {
		t.Errorf("asking again made %v steps of %d", n, len(steps))
	}
	if len(echoes) != len(steps) || len(acknowledged) < 40 {
		t.Errorf("%d steps, %d echoes, %d acknowledged", len(steps), len(echoes), len(acknowledged))
	}
}
