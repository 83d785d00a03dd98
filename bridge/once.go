package bridge

import (
	"context"
	"sync"

	"batos/bridge/contract"
)

// once lets a request that may change the image run only once at a time,
// whichever session sends it. What has run is the machine's to remember.
type once struct {
	mu      sync.Mutex
	flights map[requestKey]*flight
}

type requestKey struct{ client, id string }

// flight is a request that runs.
type flight struct {
	done  chan struct{}
	reply *contract.Reply // when done is closed
}

// do runs a request, or waits for the one of the same key that runs already.
func (o *once) do(ctx context.Context, key requestKey, run func() *contract.Reply) *contract.Reply {
	o.mu.Lock()
	if f, ok := o.flights[key]; ok {
		o.mu.Unlock()
		select {
		case <-f.done:
			reply := *f.reply
			reply.ID = key.id
			return &reply
		case <-ctx.Done():
			return nil
		}
	}
	f := &flight{done: make(chan struct{})}
	o.flights[key] = f
	o.mu.Unlock()
	defer func() {
		if f.reply == nil { // run panicked; whoever waits must go on
			f.reply = &contract.Reply{ID: key.id, Status: contract.StatusError,
				Error: contract.Errorf(contract.CodeInternal, "a fault of the program")}
		}
		o.mu.Lock()
		delete(o.flights, key)
		o.mu.Unlock()
		close(f.done)
	}()
	f.reply = run()
	return f.reply
}
