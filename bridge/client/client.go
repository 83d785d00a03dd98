// Package client speaks the contract to an image, over a Unix socket, ZeroMQ or
// WebSocket.
//
// Requests may be sent from many goroutines at once and are answered as they
// finish, in any order. A reply with status ERROR comes as a *contract.Error.
//
// Traps: a client does not reconnect. After ErrClosed, Dial again with the
// Session and LastSeq of the old client, and send what was not answered again
// under its old id (AskID): with the same Client name nothing runs twice.
package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"batos/bridge/contract"
	"batos/bridge/wire"
	"batos/bridge/zmtp"
)

// ErrClosed is what requests get when the connection has ended without their
// reply.
var ErrClosed = errors.New("the connection to the image is closed")

// Options of Dial and Over.
type Options struct {
	Client  string                // who speaks: the name in the log, and the name space of request ids; made up when empty
	Token   string                // for connections that need one
	Session string                // a session to take up again
	LastSeq int64                 // the newest seq that was received in it
	OnEvent func(*contract.Event) // runs on the goroutine that reads: it must not wait for replies
	Header  http.Header           // of a WebSocket's handshake
}

// Client is a session with an image.
type Client struct {
	wire   wire.Conn
	hello  contract.HelloResult
	event  func(*contract.Event)
	prefix string // of the ids that the client makes
	made   atomic.Int64
	seq    atomic.Int64
	open   chan struct{} // one element for each open request
	done   chan struct{} // closed when nothing is read any more

	mu      sync.Mutex
	waiting map[string]chan *contract.Reply
	err     error // why done is closed
}

// Dial connects to "unix:///path", "tcp://host:port" (ZeroMQ), or
// "ws://host:port/bridge", and says hello.
func Dial(ctx context.Context, addr string, o Options) (*Client, error) {
	conn, err := dial(ctx, addr, o)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", addr, err)
	}
	return begin(ctx, conn, o)
}

func dial(ctx context.Context, addr string, o Options) (wire.Conn, error) {
	scheme, rest, _ := strings.Cut(addr, "://")
	switch scheme {
	case "unix":
		conn, err := new(net.Dialer).DialContext(ctx, "unix", rest)
		if err != nil {
			return nil, err
		}
		return wire.Stream(conn, wire.Client), nil
	case "tcp", "ipc":
		conn, err := zmtp.Dial(ctx, addr, zmtp.Options{MaxFrame: contract.MaxFrame})
		if err != nil {
			return nil, err
		}
		return wire.OverZeroMQ(conn), nil
	case "ws", "wss":
		ws, _, err := websocket.Dial(ctx, addr, &websocket.DialOptions{HTTPHeader: o.Header})
		if err != nil {
			return nil, err
		}
		return wire.WebSocket(ws, wire.Client), nil
	}
	return nil, errors.New("want unix:///path, tcp://host:port or ws://host:port/bridge")
}

// Over says hello on a connection that has four bytes of length before each
// frame. The client owns it from then on.
func Over(ctx context.Context, conn net.Conn, o Options) (*Client, error) {
	return begin(ctx, wire.Stream(conn, wire.Client), o)
}

func begin(ctx context.Context, conn wire.Conn, o Options) (*Client, error) {
	c := &Client{
		wire:    conn,
		event:   o.OnEvent,
		prefix:  rand.Text()[:13] + "-",
		open:    make(chan struct{}, contract.MaxOpen),
		done:    make(chan struct{}),
		waiting: map[string]chan *contract.Reply{},
	}
	c.seq.Store(o.LastSeq)
	if o.Client == "" {
		o.Client = "client " + c.prefix[:12]
	}
	go c.read()
	hello := contract.Hello{Client: o.Client, Token: o.Token, Session: o.Session, LastSeq: o.LastSeq}
	if _, err := c.Ask(ctx, "hello", &hello, &c.hello); err != nil {
		c.wire.Abort()
		<-c.done
		return nil, fmt.Errorf("saying hello: %w", err)
	}
	return c, nil
}

// Hello is what the image said when the session began.
func (c *Client) Hello() contract.HelloResult { return c.hello }

// LastSeq is the seq of the newest frame received.
func (c *Client) LastSeq() int64 { return c.seq.Load() }

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// Close ends the connection. Requests without a reply get ErrClosed.
func (c *Client) Close() error {
	c.wire.Close()
	<-c.wire.Done()
	<-c.done
	return nil
}

// Ask sends a request and waits for its reply. fields is the command's struct
// of package contract, an *image.Map or nil. The result goes into into: a
// pointer to a result's struct, to any, or nil. When ctx ends first the image is
// asked to cancel the request.
func (c *Client) Ask(ctx context.Context, command string, fields, into any) (*contract.Reply, error) {
	return c.AskID(ctx, c.prefix+strconv.FormatInt(c.made.Add(1), 36), command, fields, into)
}

// AskID is Ask with an id of the caller's: the image runs a request once for
// each id and Client name. No two requests of one id may be open at a time.
func (c *Client) AskID(ctx context.Context, id, command string, fields, into any) (*contract.Reply, error) {
	select {
	case c.open <- struct{}{}:
		defer func() { <-c.open }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	frame, err := contract.AppendRequest(nil, id, command, fields)
	if err != nil {
		return nil, err
	}
	if len(frame) > contract.MaxFrame {
		return nil, contract.Errorf(contract.CodeTooLarge, "the frame has %d bytes; the limit is %d", len(frame), contract.MaxFrame)
	}
	reply := make(chan *contract.Reply, 1)
	if err := c.wait(id, reply); err != nil {
		return nil, err
	}
	defer c.forget(id)
	if err := c.wire.Send(frame, nil); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrClosed, err)
	}
	select {
	case r := <-reply:
		return r, take(r, into)
	case <-ctx.Done():
		c.cancel(id)
		return nil, ctx.Err()
	case <-c.done:
		select {
		case r := <-reply:
			return r, take(r, into)
		default:
			return nil, c.failure()
		}
	}
}

// take gives a reply's error or result.
func take(r *contract.Reply, into any) error {
	if r.Error != nil {
		return r.Error
	}
	switch into := into.(type) {
	case nil:
		return nil
	case *any:
		*into = r.Result
		return nil
	}
	if r.Result == nil && r.Status != contract.StatusOK {
		return nil // it waits and has no result yet
	}
	if kind := reflect.TypeOf(into); kind.Kind() != reflect.Pointer || kind.Elem().Kind() != reflect.Struct {
		return contract.Errorf(contract.CodeInternal, "a result goes into a pointer to a struct or to any, not into a %T", into)
	}
	reflect.ValueOf(into).Elem().SetZero() // a nil leaves a field as it was
	return contract.Bind(r.Result, into)
}

func (c *Client) wait(id string, reply chan *contract.Reply) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	if c.waiting[id] != nil {
		return fmt.Errorf("a request with the id %q is open already", id)
	}
	c.waiting[id] = reply
	return nil
}

func (c *Client) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, id)
}

func (c *Client) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// cancel asks for a request to be stopped and does not wait for the answer.
func (c *Client) cancel(id string) {
	frame, err := contract.AppendRequest(nil, c.prefix+"c"+strconv.FormatInt(c.made.Add(1), 36), "cancel", &contract.Cancel{Request: id})
	if err == nil {
		c.wire.Send(frame, nil) // the connection may have ended, and with it the need
	}
}

// read hands out replies and events until the connection ends.
func (c *Client) read() {
	err := c.readAll()
	c.mu.Lock()
	if c.err = ErrClosed; err != io.EOF {
		c.err = fmt.Errorf("%w: %w", ErrClosed, err)
	}
	c.mu.Unlock()
	close(c.done)
	c.wire.Abort()
}

func (c *Client) readAll() error {
	for {
		body, err := c.wire.Receive()
		if err != nil {
			return err
		}
		frame, bad := contract.DecodeFrame(body)
		if bad != nil {
			return bad
		}
		if event := frame.Event; event != nil {
			c.seq.Store(event.Seq)
			if c.event != nil {
				c.event(event)
			}
			continue
		}
		reply := frame.Reply
		if reply.Seq > 0 {
			c.seq.Store(reply.Seq)
		}
		c.mu.Lock()
		waiting := c.waiting[reply.ID]
		delete(c.waiting, reply.ID)
		c.mu.Unlock()
		if waiting != nil { // else nobody wants it any more
			waiting <- reply
		}
	}
}
