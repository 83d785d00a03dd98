package zmtp

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"time"

	"batos/bridge/outbox"
)

// Conn is a connection after its handshake. Receive is for one goroutine; the
// other methods are safe for concurrent use.
type Conn struct {
	socket   net.Conn
	frames   frameReader
	out      *outbox.Box
	identity string
	peer     string // the peer's socket type
}

// readBuffer is small because there may be thousands of connections.
const readBuffer = 16 << 10

func newConn(socket net.Conn, o Options) *Conn {
	return &Conn{socket: socket, frames: frameReader{
		r:        bufio.NewReaderSize(socket, readBuffer),
		maxFrame: o.MaxFrame,
		maxParts: o.MaxParts,
	}}
}

// handshake greets and exchanges READY within the deadline. accept may refuse
// the peer once its metadata are known; the peer is told why.
func (c *Conn) handshake(o Options, socketType, identity string, accept func(peer) error) error {
	if err := c.socket.SetDeadline(time.Now().Add(o.Handshake)); err != nil {
		return err
	}
	if _, err := c.socket.Write(greeting()); err != nil {
		return err
	}
	if err := readGreeting(c.frames.r); err != nil {
		return err
	}
	ready := readyCommand(socketType, identity)
	if _, err := c.socket.Write(append(appendFrame(nil, flagCommand, len(ready)), ready...)); err != nil {
		return err
	}
	flags, size, err := c.frames.header()
	if err != nil {
		return noEOF(err)
	}
	if flags&flagCommand == 0 {
		return fmt.Errorf("%w: a message before READY", ErrMalformed)
	}
	body, err := c.frames.command(size, maxHandshake)
	if err != nil {
		return err
	}
	p, err := parseReady(body)
	if err == nil {
		err = accept(p)
	}
	if err != nil {
		refusal := errorCommand(err.Error())
		c.socket.Write(append(appendFrame(nil, flagCommand, len(refusal)), refusal...)) // the peer may be gone
		return err
	}
	c.peer = p.socket
	if err := c.socket.SetDeadline(time.Time{}); err != nil {
		return err
	}
	c.out = outbox.New(c.socket, o.WriteTimeout, o.HighWater)
	return nil
}

// Receive waits for the next message, whose parts are valid until the next
// call. It first waits until the peer has taken enough of what was sent to it.
// It gives io.EOF when the peer has gone between messages, a *TooLargeError for
// a message over the limit (the next Receive goes on behind it), and any other
// error when the connection is of no more use.
func (c *Conn) Receive() ([][]byte, error) {
	if c.frames.r.Buffered() == 0 || c.out.Queued() > 0 {
		if err := c.out.Wait(); err != nil {
			return nil, err
		}
	}
	return c.frames.message(c.command)
}

// command answers what arrives between messages.
func (c *Conn) command(body []byte) error {
	name, rest, ok := shortText(body)
	switch {
	case !ok:
		return fmt.Errorf("%w: a command without a name", ErrMalformed)
	case name == "PING":
		// Two bytes of time to live, then the context that PONG repeats.
		if len(rest) < 2 || len(rest)-2 > maxContext {
			return fmt.Errorf("%w: a PING of %d bytes", ErrMalformed, len(rest))
		}
		b := appendFrame(c.out.Begin(), flagCommand, len("\x04PONG")+len(rest)-2)
		return c.out.End(append(append(b, "\x04PONG"...), rest[2:]...))
	case name == "ERROR":
		return io.ErrUnexpectedEOF
	}
	return nil // others are not for a ROUTER and harmless
}

// Send queues a message and returns at once. The parts are copied.
func (c *Conn) Send(parts ...[]byte) error {
	b := c.out.Begin()
	for i, part := range parts {
		var flags byte
		if i < len(parts)-1 {
			flags = flagMore
		}
		b = append(appendFrame(b, flags, len(part)), part...)
	}
	return c.out.End(b)
}

// SendEnveloped is Send of an empty part, when delimited, and of one part made
// of head and tail.
func (c *Conn) SendEnveloped(delimited bool, head, tail []byte) error {
	b := c.out.Begin()
	if delimited {
		b = appendFrame(b, flagMore, 0)
	}
	b = append(append(appendFrame(b, 0, len(head)+len(tail)), head...), tail...)
	return c.out.End(b)
}

// Queued tells how many bytes the peer has not taken yet.
func (c *Conn) Queued() int { return c.out.Queued() }

// Identity is the peer's, or one made for it.
func (c *Conn) Identity() string { return c.identity }

// PeerType is the peer's socket type, "DEALER" or "REQ" for a server's.
func (c *Conn) PeerType() string { return c.peer }

// RemoteAddr is where the peer is.
func (c *Conn) RemoteAddr() net.Addr { return c.socket.RemoteAddr() }

// Close lets what was sent go out, then closes. It returns at once.
func (c *Conn) Close() { c.out.Close() }

// Abort closes without sending what is queued; a Receive that waits ends.
func (c *Conn) Abort() { c.out.Abort() }

// Done is closed when the connection is.
func (c *Conn) Done() <-chan struct{} { return c.out.Done() }
