package uvm

import "sync"

// queue hands messages to workers: those of one sender in the order in which
// they came, and the senders in turn. No sender has more than a limit of
// messages on workers at once, so one that sends what runs for long leaves a
// worker to the others. The queue has no bound itself: what comes from outside
// is bounded before (Machine.room), and what the machine queues itself must
// never block.
type queue struct {
	limit int // messages of one lane that run at once

	mu     sync.Mutex
	ready  sync.Cond
	lanes  map[string]*lane // those with a message queued or running
	spare  *lane            // one to use again
	first  *lane            // of those whose turn comes, a list by lane.next
	last   *lane
	length int // messages queued
	closed bool
	nudges uint64 // counts nudge
}

// lane is the queue of one sender.
type lane struct {
	sender  string
	items   []*message // from head on
	head    int
	running int
	listed  bool // its turn comes
	next    *lane
}

// newQueue makes a queue for so many workers.
func newQueue(workers int) *queue {
	q := &queue{limit: max(1, workers-1), lanes: map[string]*lane{}}
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
	l := q.lanes[msg.sender]
	if l == nil {
		if l = q.spare; l == nil {
			l = &lane{}
		}
		q.spare = nil
		l.sender = msg.sender
		q.lanes[msg.sender] = l
	}
	if l.head > 64 && 2*l.head > len(l.items) {
		n := copy(l.items, l.items[l.head:])
		clear(l.items[n:])
		l.items, l.head = l.items[:n], 0
	}
	l.items = append(l.items, msg)
	q.length++
	q.list(l)
	if q.first != nil {
		q.ready.Signal()
	}
	return true
}

// list gives a lane its turn when it has a message that may run.
func (q *queue) list(l *lane) {
	if l.listed || l.head == len(l.items) || l.running >= q.limit {
		return
	}
	l.listed = true
	if q.last == nil {
		q.first = l
	} else {
		q.last.next = l
	}
	q.last = l
}

// take waits for a message and gives the lane that it came from, which the
// worker passes to its next take, when the message has left it; ok is false
// once the queue is closed and empty. It gives none when there is none and a
// nudge came that the worker has not seen.
func (q *queue) take(seen *uint64, done *lane) (msg *message, from *lane, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if done != nil {
		done.running--
		q.list(done)
		if done.running == 0 && !done.listed {
			delete(q.lanes, done.sender)
			q.spare = done
		}
	}
	for q.first == nil {
		switch {
		case q.closed:
			return nil, nil, false
		case q.nudges != *seen:
			*seen = q.nudges
			return nil, nil, true
		}
		q.ready.Wait()
	}
	l := q.first
	if q.first = l.next; q.first == nil {
		q.last = nil
	}
	l.next, l.listed = nil, false
	msg = l.items[l.head]
	l.items[l.head] = nil
	if l.head++; l.head == len(l.items) {
		l.items, l.head = l.items[:0], 0
	}
	l.running++
	q.length--
	q.list(l)
	if q.first != nil {
		q.ready.Signal()
	}
	return msg, l, true
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
	for _, l := range q.lanes {
		left = append(left, l.items[l.head:]...)
		l.items, l.head, l.listed, l.next = nil, 0, false, nil
	}
	q.first, q.last, q.length = nil, nil, 0
	q.ready.Broadcast()
	return left
}
