// Package wire carries the contract's frames over the transports that the
// bridge has: a byte stream with a length before each frame (Unix sockets, and
// net.Pipe within a program), ZeroMQ, and WebSocket. Both ends use it.
//
// What must hold:
//
//   - Send never waits for the peer; it queues (see package outbox). On the
//     image's side Receive waits instead, until the peer has taken enough of
//     what was queued for it.
//   - A frame over contract.MaxFrame costs no memory: it is told at once, and
//     then read over, so that the connection can go on; one that announces more
//     than a gibibyte ends it.
//
// Trap: what Receive gives is valid until the next Receive.
package wire

import (
	"math"
	"time"
)

// Conn carries frames. Receive is for one goroutine; the other methods are safe
// for concurrent use.
type Conn interface {
	// Receive waits for the next frame. A *contract.Error is about one frame
	// that cannot be taken: the next Receive goes on behind it. io.EOF says
	// that the peer left between frames; after any other error the connection
	// is of no more use.
	Receive() ([]byte, error)

	// Send queues one frame made of head and tail, which it copies.
	Send(head, tail []byte) error

	// Queued tells how many bytes the peer has not taken yet.
	Queued() int

	// Close lets what was sent go out, then closes; it returns at once. Abort
	// closes without. Done is closed when the connection is.
	Close()
	Abort()
	Done() <-chan struct{}
}

// A Side is the end of a connection that this program is.
type Side int

// The sides. The image stops reading from a peer that does not take its
// answers. A client reads on, since two sides that both stopped could wait for
// each other for ever, and bounds what it sends by its open requests.
const (
	Image Side = iota
	Client
)

func (s Side) highWater() int {
	if s == Client {
		return math.MaxInt
	}
	return 1 << 20
}

const (
	writeTimeout = time.Minute // of a write that makes no progress
	keepBuffer   = 64 << 10    // how large a receive buffer stays between frames
	maxSkip      = 1 << 30     // an oversize frame of more than this ends the connection
)
