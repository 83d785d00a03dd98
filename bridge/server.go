package bridge

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"batos/bridge/contract"
	"batos/bridge/wire"
	"batos/uvm"
)

// Options of New.
type Options struct {
	Image   string               // the image's id, as hello tells it
	Version string               // the program's version, as hello tells it
	Token   string               // what hello must give on a connection that has no rights of its own; "" for none
	Logf    func(string, ...any) // where faults of the program go; nil for nowhere
}

// Server serves the contract. All methods are safe for concurrent use.
type Server struct {
	service uvm.Service
	options Options
	ctx     context.Context // of everything the server runs
	cancel  context.CancelFunc
	waits   context.Context // of messages that wait for a mind and are on record
	settle  context.CancelFunc
	hub     *hub
	once    once

	gate     sync.RWMutex // held to read draining together with adding to requests
	draining bool
	requests sync.WaitGroup // that run
	running  sync.WaitGroup // listeners, connections, watches
	received atomic.Int64

	mu          sync.Mutex
	listeners   []io.Closer
	connections map[*connection]struct{}
	sessions    map[string]*session
}

// New makes a server. It listens nowhere yet.
func New(s uvm.Service, o Options) *Server {
	server := &Server{
		service:     s,
		options:     o,
		connections: map[*connection]struct{}{},
		sessions:    map[string]*session{},
	}
	if o.Logf == nil {
		server.options.Logf = func(string, ...any) {}
	}
	server.ctx, server.cancel = context.WithCancel(context.Background())
	server.waits, server.settle = context.WithCancel(server.ctx)
	server.hub = newHub(s)
	server.once.flights = map[requestKey]*flight{}
	return server
}

// ServeConn serves one connection that has four bytes of length before each
// frame, with all rights. It returns when the connection ends or ctx does.
func (s *Server) ServeConn(ctx context.Context, c net.Conn) {
	s.serve(ctx, &connection{wire: wire.Stream(c, wire.Image), rights: contract.AllRights})
}

// ServeWebSocket serves a WebSocket client with the given rights until it
// leaves. The caller has checked who asks and from which page (Origin); a
// client without rights can get all of them with the token in hello.
func (s *Server) ServeWebSocket(w http.ResponseWriter, r *http.Request, rights contract.Rights) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // of the Origin, which the caller has checked
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return // Accept has answered
	}
	s.serve(context.Background(), &connection{wire: wire.WebSocket(ws, wire.Image), rights: rights, paced: true})
}

// serve runs a connection to its end.
func (s *Server) serve(ctx context.Context, c *connection) {
	c.server = s
	s.gate.RLock()
	if s.draining {
		s.gate.RUnlock()
		c.wire.Abort()
		<-c.wire.Done()
		return
	}
	s.running.Add(1)
	s.gate.RUnlock()
	defer s.running.Done()

	s.mu.Lock()
	s.connections[c] = struct{}{}
	s.mu.Unlock()
	stop := context.AfterFunc(ctx, c.wire.Abort)
	c.read()
	stop()
	c.wire.Close()
	<-c.wire.Done()
	if c.session != nil {
		c.session.detach(c)
	}
	s.mu.Lock()
	delete(s.connections, c) // last, so that who counts none knows that all is left behind
	s.mu.Unlock()
}

// begin counts a request in; it tells whether requests are still taken.
func (s *Server) begin() bool {
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.draining {
		return false
	}
	s.requests.Add(1)
	return true
}

// Drain stops taking connections and requests (they are answered with
// shutting_down), waits until the running ones are answered (those that wait for
// a mind, at once: they are on record and go on at the next start), and closes the
// connections once their answers have gone out. When ctx ends first, what still
// runs is cancelled, and the connections are cut; Drain then gives ctx's error.
func (s *Server) Drain(ctx context.Context) error {
	s.gate.Lock()
	s.draining = true
	s.gate.Unlock()
	s.settle()
	s.mu.Lock()
	for _, l := range s.listeners {
		l.Close()
	}
	s.listeners = nil
	s.mu.Unlock()

	err := wait(ctx, &s.requests)
	if err != nil {
		s.cancel() // what runs; it is answered with cancelled
	}
	for _, c := range s.open() {
		c.wire.Close()
	}
	for _, c := range s.open() {
		select {
		case <-c.wire.Done():
		case <-ctx.Done():
			err = ctx.Err()
			c.wire.Abort()
		}
	}
	s.cancel()
	s.hub.close()
	s.requests.Wait()
	s.running.Wait()
	s.mu.Lock()
	sessions := s.sessions
	s.sessions = map[string]*session{}
	s.mu.Unlock()
	for _, session := range sessions {
		session.end()
	}
	return err
}

// wait waits for a group, but not longer than ctx lasts.
func wait(ctx context.Context, group *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() { // ends with the group, which its owner waits for in any case
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Server) open() []*connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*connection, 0, len(s.connections))
	for c := range s.connections {
		all = append(all, c)
	}
	return all
}

// Stats counts the sessions, also those that wait for their client to come
// back, the connections, and the requests received since the start.
func (s *Server) Stats() (sessions, connections int, requests int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions), len(s.connections), s.received.Load()
}

var errDraining = errors.New("the server is closing")
