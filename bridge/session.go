package bridge

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"batos/bridge/contract"
)

// Bounds of what a session keeps for a client that comes back.
const (
	keepFrames = 4 * contract.MaxOpen
	keepBytes  = 2 << 20          // of the frames, without what a slice costs
	keepFor    = 10 * time.Minute // without a connection
	keepLost   = 1024             // sessions without a connection, over all clients
	keepHeld   = 64 << 20         // bytes of frames that those hold
)

// session is a conversation with one client, over one connection after another.
type session struct {
	server *Server
	id     string
	rights contract.Rights // of the connection that opened it
	open   chan struct{}   // one element for each open request
	watch  watch
	waits  context.Context // of what need not be waited for when the session or the server ends
	quit   context.CancelFunc

	mu      sync.Mutex
	client  string      // "" for an anonymous one
	conn    *connection // nil while the client is away
	seq     int64       // of the newest frame sent
	tail    []byte      // room for a frame's seq
	sent    ring
	running map[string]context.CancelFunc // open requests by id
	lost    time.Time                     // when the connection ended
	expiry  *time.Timer                   // runs while conn is nil
}

// deliver numbers a frame and sends it, or keeps it for when the client is back.
func (s *session) deliver(body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	if s.client != "" {
		s.sent.add(body)
	}
	if s.conn != nil {
		s.tail = contract.AppendSeq(s.tail[:0], s.seq)
		s.conn.wire.Send(body, s.tail) // a failure ends the connection, which its reader sees
	}
}

func (s *session) answer(r *contract.Reply) { s.deliver(encode(r)) }

// event sends one of the contract's events. A client that counts replies gets
// none.
func (s *session) event(e any) {
	if s.mute() {
		return
	}
	body, err := contract.AppendEventBody(nil, e)
	if err != nil || contract.FrameSize(body) > contract.MaxFrame {
		s.server.options.Logf("bridge: an event %s could not be sent: %d bytes, %v", contract.EventName(e), len(body), err)
		return
	}
	s.deliver(body)
}

func (s *session) mute() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn != nil && s.conn.mute
}

// take has one request done: at once when it is about the session itself, else
// on a goroutine of its own. With too many open ones it first waits, and with it
// the connection. The request has been counted in by Server.begin.
func (s *session) take(c *connection, r contract.Request) {
	q := &request{Request: r, session: s, client: c.client, rights: c.rights}
	if bad := q.allowed(); bad != nil {
		s.answer(q.failed(bad))
		s.server.requests.Done()
		return
	}
	if do := immediate[r.Command.Name]; do != nil {
		s.answer(do(q))
		s.server.requests.Done()
		return
	}
	select {
	case s.open <- struct{}{}:
	default:
		select {
		case s.open <- struct{}{}:
		case <-c.wire.Done():
			s.server.requests.Done() // the peer is gone and the request never began
			return
		}
	}
	ctx, cancel := context.WithCancel(s.server.ctx)
	q.cancel = cancel
	if r.ID != "" {
		s.mu.Lock()
		if _, twice := s.running[r.ID]; !twice {
			s.running[r.ID] = cancel
			q.listed = true
		}
		s.mu.Unlock()
	}
	go q.run(ctx)
}

// run does a request and answers it.
func (q *request) run(ctx context.Context) {
	s := q.session
	defer func() {
		if fault := recover(); fault != nil {
			s.server.options.Logf("bridge: %s: %v\n%s", q.Command.Name, fault, debug.Stack())
			s.answer(q.failed(contract.Errorf(contract.CodeInternal, "a fault of the program: %v", fault)))
		}
		if q.listed {
			s.mu.Lock()
			delete(s.running, q.ID)
			s.mu.Unlock()
		}
		q.cancel()
		<-s.open
		s.server.requests.Done()
	}()
	reply := q.do(ctx)
	if q.answered {
		return
	}
	s.answer(reply)
}

// stop cancels a running request.
func (s *session) stop(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	cancel, ok := s.running[id]
	if ok {
		cancel()
	}
	return ok
}

// attach takes the session to a connection and sends what the client has not
// seen after seq. It tells whether all of that was still there.
func (s *session) attach(c *connection, seq int64) (whole bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil && s.conn != c {
		s.conn.wire.Close()
	}
	s.conn = c
	if s.expiry != nil {
		s.expiry.Stop()
		s.expiry = nil
	}
	missed, whole := s.sent.after(seq, s.seq)
	for i, body := range missed {
		s.tail = contract.AppendSeq(s.tail[:0], s.seq-int64(len(missed)-1-i))
		c.wire.Send(body, s.tail)
	}
	return whole
}

// detach tells the session that its connection has ended.
func (s *session) detach(c *connection) {
	s.mu.Lock()
	if s.conn != c {
		s.mu.Unlock()
		return
	}
	s.conn = nil
	s.lost = time.Now()
	kept := s.client != "" && s.waits.Err() == nil
	if kept {
		s.expiry = time.AfterFunc(keepFor, s.expire)
	}
	s.mu.Unlock()
	if !kept {
		s.end()
		return
	}
	s.server.forgetOldest()
}

func (s *session) expire() {
	s.mu.Lock()
	away := s.conn == nil
	s.mu.Unlock()
	if away {
		s.end()
	}
}

// end forgets the session. Its requests run on; their replies have nowhere to
// go.
func (s *session) end() {
	s.server.mu.Lock()
	delete(s.server.sessions, s.id)
	s.server.mu.Unlock()
	s.mu.Lock()
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.sent = ring{}
	s.mu.Unlock()
	s.quit()
	s.watch.stop()
}

// ring keeps the newest frames that were sent.
type ring struct {
	frames [][]byte // of consecutive seqs, up to the session's
	bytes  int
}

func (r *ring) add(body []byte) {
	r.frames = append(r.frames, body)
	r.bytes += len(body)
	for len(r.frames) > 0 && (len(r.frames) > keepFrames || r.bytes > keepBytes) {
		r.bytes -= len(r.frames[0])
		r.frames[0] = nil
		r.frames = r.frames[1:]
	}
}

// after gives the frames after seq up to newest; whole says that none is
// missing.
func (r *ring) after(seq, newest int64) (frames [][]byte, whole bool) {
	n := newest - seq
	if n < 0 || n > int64(len(r.frames)) {
		return nil, false
	}
	return r.frames[int64(len(r.frames))-n:], true
}
