package pebble

import "sync"

// notifier runs the callbacks of OnDurable on one goroutine of its own, in the
// order they came, so that the committer goes on meanwhile. The queue has no
// bound: it holds what the callers hold anyway.
type notifier struct {
	mu     sync.Mutex
	some   sync.Cond // with mu: queue or closing changed
	queue  []callback
	ending bool
}

func (n *notifier) add(cs []callback) {
	if len(cs) == 0 {
		return
	}
	n.mu.Lock()
	if n.ending {
		n.mu.Unlock()
		// The goroutine has ended with the store; the few who still come ask
		// about a closed one.
		for _, c := range cs {
			go c.done(c.err)
		}
		return
	}
	n.queue = append(n.queue, cs...)
	n.mu.Unlock()
	n.some.Signal()
}

// run calls until close; what was added before is still called.
func (n *notifier) run() {
	for {
		n.mu.Lock()
		for len(n.queue) == 0 && !n.ending {
			n.some.Wait()
		}
		batch := n.queue
		n.queue = nil
		n.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, c := range batch {
			c.done(c.err)
		}
	}
}

func (n *notifier) close() {
	n.mu.Lock()
	n.ending = true
	n.mu.Unlock()
	n.some.Signal()
}
