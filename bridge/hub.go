package bridge

import (
	"sync"

	"batos/uvm"
)

// hub hands each commit to the sessions that watch, in order, on its own
// goroutine, so that the machine never waits for them. It asks the machine for
// commits only while somebody watches.
type hub struct {
	service uvm.Service
	done    chan struct{}

	mu       sync.Mutex
	filled   sync.Cond
	queue    []uvm.Change
	watches  map[*watch]struct{}
	cancel   func() // ends the subscription; nil while there is none
	closed   bool
	starting sync.Mutex // held while a subscription begins or ends
}

func newHub(s uvm.Service) *hub {
	h := &hub{service: s, done: make(chan struct{}), watches: map[*watch]struct{}{}}
	h.filled.L = &h.mu
	go h.run()
	return h
}

// add has w fed from now on. When it returns, no later commit will be missed.
func (h *hub) add(w *watch) {
	h.starting.Lock()
	defer h.starting.Unlock()
	h.mu.Lock()
	h.watches[w] = struct{}{}
	first := h.cancel == nil && !h.closed
	h.mu.Unlock()
	if first {
		cancel := h.service.Watch(h.put)
		h.mu.Lock()
		h.cancel = cancel
		h.mu.Unlock()
	}
}

func (h *hub) remove(w *watch) {
	h.starting.Lock()
	defer h.starting.Unlock()
	h.mu.Lock()
	delete(h.watches, w)
	var cancel func()
	if len(h.watches) == 0 {
		cancel, h.cancel = h.cancel, nil
	}
	h.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

func (h *hub) put(c uvm.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.watches) > 0 {
		h.queue = append(h.queue, c)
		h.filled.Signal()
	}
}

func (h *hub) run() {
	defer close(h.done)
	for {
		h.mu.Lock()
		for len(h.queue) == 0 && !h.closed {
			h.filled.Wait()
		}
		if h.closed {
			h.mu.Unlock()
			return
		}
		queue := h.queue
		h.queue = nil
		watches := make([]*watch, 0, len(h.watches))
		for w := range h.watches {
			watches = append(watches, w)
		}
		h.mu.Unlock()
		for i := range queue {
			for _, w := range watches {
				w.feed(&queue[i])
			}
		}
	}
}

// close ends the hub's goroutine and subscription.
func (h *hub) close() {
	h.starting.Lock()
	h.mu.Lock()
	cancel := h.cancel
	h.cancel, h.closed = nil, true
	h.filled.Signal()
	h.mu.Unlock()
	h.starting.Unlock()
	if cancel != nil {
		cancel()
	}
	<-h.done
}
