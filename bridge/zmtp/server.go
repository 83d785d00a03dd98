package zmtp

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// Server is a bound ROUTER.
type Server struct {
	listener net.Listener
	options  Options

	mu         sync.Mutex
	identities map[string]bool
	sockets    map[net.Conn]bool // all, also those in the handshake
	made       uint32            // identities made so far
	running    sync.WaitGroup
}

// Listen binds addr: "tcp://127.0.0.1:5555" (port 0 for any free one) or
// "ipc:///path/to/socket". It does not judge whether addr is safe to bind.
func Listen(addr string, o Options) (*Server, error) {
	network, address, err := splitAddr(addr)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	return &Server{
		listener:   l,
		options:    o.withDefaults(),
		identities: map[string]bool{},
		sockets:    map[net.Conn]bool{},
	}, nil
}

func splitAddr(addr string) (network, address string, err error) {
	scheme, address, ok := strings.Cut(addr, "://")
	switch {
	case ok && scheme == "tcp":
		return "tcp", address, nil
	case ok && scheme == "ipc":
		return "unix", address, nil
	}
	return "", "", fmt.Errorf("%q is no address; write tcp://127.0.0.1:5555 or ipc:///path", addr)
}

// Addr is the bound address in the form that Dial takes.
func (s *Server) Addr() string {
	if s.listener.Addr().Network() == "unix" {
		return "ipc://" + s.listener.Addr().String()
	}
	return "tcp://" + s.listener.Addr().String()
}

// Serve runs serve on its own goroutine for each connection that completed the
// handshake, and closes the connection, letting what was sent go out, when
// serve returns. It ends when ctx does: connections are then cut, and it
// returns nil after every serve has. Another error means that no connection
// can be accepted any more.
func (s *Server) Serve(ctx context.Context, serve func(*Conn)) error {
	stop := context.AfterFunc(ctx, func() {
		s.listener.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		for socket := range s.sockets {
			socket.Close()
		}
	})
	defer s.running.Wait()
	defer stop()
	for {
		socket, err := s.listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				socket.Close()
			}
			return nil
		case err == nil:
			s.start(ctx, socket, serve)
		case errors.Is(err, net.ErrClosed):
			return err
		default:
			// Out of file descriptors, or the peer left already: others may
			// get in a little later.
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
}

func (s *Server) start(ctx context.Context, socket net.Conn, serve func(*Conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sockets) >= s.options.MaxConns || ctx.Err() != nil {
		socket.Close()
		return
	}
	s.sockets[socket] = true
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		s.connection(socket, serve)
		s.mu.Lock()
		delete(s.sockets, socket)
		s.mu.Unlock()
	}()
}

func (s *Server) connection(socket net.Conn, serve func(*Conn)) {
	c := newConn(socket, s.options)
	err := c.handshake(s.options, "ROUTER", "", func(p peer) error {
		switch p.socket {
		case "DEALER", "REQ", "ROUTER":
		default:
			return ErrSocket
		}
		var err error
		c.identity, err = s.claim(p.identity)
		return err
	})
	if err != nil {
		s.release(c.identity)
		socket.Close()
		return
	}
	serve(c)
	c.Close()
	<-c.Done()
	s.release(c.identity)
}

// claim reserves an identity, or makes one.
func (s *Server) claim(identity string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if identity == "" {
		s.made++
		identity = "\x00" + string(binary.BigEndian.AppendUint32(nil, s.made))
	}
	if s.identities[identity] {
		return "", ErrIdentity
	}
	s.identities[identity] = true
	return identity, nil
}

func (s *Server) release(identity string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.identities, identity)
}

// Close stops listening. Connections go on until Serve's context ends.
func (s *Server) Close() error { return s.listener.Close() }

// Dial connects as a DEALER. Its Receive never waits for the peer to take what
// was sent, since two sides that both did could wait for each other for ever.
func Dial(ctx context.Context, addr string, o Options) (*Conn, error) {
	network, address, err := splitAddr(addr)
	if err != nil {
		return nil, err
	}
	socket, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { socket.Close() })
	o.HighWater = math.MaxInt
	o = o.withDefaults()
	c := newConn(socket, o)
	err = c.handshake(o, "DEALER", o.Identity, func(p peer) error {
		if p.socket != "ROUTER" && p.socket != "DEALER" && p.socket != "REP" {
			return ErrSocket
		}
		return nil
	})
	if !stop() && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		socket.Close()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = fmt.Errorf("nothing that speaks ZMTP answers at %s: %w", addr, err)
		}
		return nil, err
	}
	return c, nil
}
