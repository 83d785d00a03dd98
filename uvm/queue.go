package uvm

import "sync"

// queue hands messages to workers in the order in which they came. It has no
// bound itself: what comes from outside is bounded before (Machine.room), and
// what the machine queues itself must never block.
type queue struct {
	mu     sync.Mutex
	ready  sync.Cond
	items  []*message // a ring: length items from head on
	head   int
	length int
	closed bool
	nudges uint64 // counts nudge
}

func newQueue() *queue {
	q := &queue{items: make([]*message, 256)}
	q.ready.L = &q.mu
	return q
}

// put adds a message; it says false when the queue is closed.
func (q *queue) put(msg *message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	if q.length == len(q.items) {
		grown := make([]*message, 2*len(q.items))
		n := copy(grown, q.items[q.head:])
		copy(grown[n:], q.items[:q.head])
		q.items, q.head = grown, 0
	}
	q.items[(q.head+q.length)%len(q.items)] = msg
	q.length++
	q.ready.Signal()
	return true
}

// take waits for a message; ok is false once the queue is closed and empty. It
// gives none when there is none and a nudge came that the worker has not seen.
func (q *queue) take(seen *uint64) (msg *message, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.length == 0 {
		switch {
		case q.closed:
			return nil, false
		case q.nudges != *seen:
			*seen = q.nudges
			return nil, true
		}
		q.ready.Wait()
	}
	msg = q.items[q.head]
	q.items[q.head] = nil
	q.head = (q.head + 1) % len(q.items)
	q.length--
	return msg, true
}

// nudge makes every worker that waits return from take once.
func (q *queue) nudge() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.nudges++
	q.ready.Broadcast()
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.length
}

// close lets take end, and gives what was still in the queue.
func (q *queue) close() []*message {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	var left []*message
	for ; q.length > 0; q.length-- {
		left = append(left, q.items[q.head])
		q.items[q.head] = nil
		q.head = (q.head + 1) % len(q.items)
	}
	q.ready.Broadcast()
	return left
}
