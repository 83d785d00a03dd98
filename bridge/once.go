package bridge

import (
	"context"
	"sync"
	"time"

	"batos/bridge/contract"
)

// once makes a request of one client and id run once where the machine does not
// see to it itself: answers, retries and dismissals of messages, which are about
// a message that exists. Who asks while it runs waits for its reply, and who
// asks within keepReplies gets that again. A refusal changed nothing and is not
// kept. After a restart the machine refuses what it has done already.
type once struct {
	mu      sync.Mutex
	flights map[requestKey]*flight
	order   []requestKey // of flights with a reply, oldest first
}

// Bounds of what is kept.
const (
	keepReplies = time.Hour
	mostReplies = 4096
)

type requestKey struct{ client, id string }

// flight is a request that runs or has run.
type flight struct {
	done  chan struct{}
	reply *contract.Reply // when done is closed; nil when it was refused
	at    time.Time       // when it was done
}

// do runs a request unless one of the same key has run. It gives nil when ctx
// ends while the other one runs.
func (o *once) do(ctx context.Context, key requestKey, run func() *contract.Reply) *contract.Reply {
	for {
		o.mu.Lock()
		f, ok := o.flights[key]
		if !ok {
			f = &flight{done: make(chan struct{})}
			o.flights[key] = f
			o.mu.Unlock()
			return o.fly(key, f, run)
		}
		o.mu.Unlock()
		select {
		case <-f.done:
			if f.reply != nil {
				return f.reply
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func (o *once) fly(key requestKey, f *flight, run func() *contract.Reply) *contract.Reply {
	defer func() { // also when run panics
		o.mu.Lock()
		defer o.mu.Unlock()
		if f.reply == nil {
			delete(o.flights, key)
		} else {
			f.at = time.Now()
			o.order = append(o.order, key)
		}
		for len(o.order) > 0 && (len(o.order) > mostReplies || time.Since(o.flights[o.order[0]].at) > keepReplies) {
			delete(o.flights, o.order[0])
			o.order = o.order[1:]
		}
		close(f.done)
	}()
	reply := run()
	if reply.Status != contract.StatusError {
		f.reply = reply
	}
	return reply
}
