// Package outbox writes to a connection from many goroutines without making
// any of them wait for the peer: what is put in is written by one goroutine,
// and what gathers while a write is under way goes out with the next one.
//
// What must hold: bytes leave in the order in which they were put in; a peer
// that reads nothing for the write timeout is cut; nobody but the box's own
// goroutine ever waits for the peer, except in Wait, which is for readers that
// must not take more work while the peer does not take its answers.
//
// Trap: a box does not bound what is put into it. Its user does, with Queued
// and Wait.
package outbox

import (
	"errors"
	"io"
	"sync"
	"syscall"
	"time"
)

// ErrClosed is what putting into a closed box gives.
var ErrClosed = errors.New("the connection is closed")

const (
	chunk = 256 << 10 // bytes a write, each of which gets the timeout
	keep  = 1 << 20   // a larger buffer is let go after use

	atOnce = 64 << 10 // bytes up to which a write is tried without the goroutine
)

// Conn is what a box writes to. Close must end a Write that waits.
type Conn interface {
	io.WriteCloser
	SetWriteDeadline(time.Time) error
}

// Box is the outgoing side of a connection. All methods are safe for
// concurrent use.
type Box struct {
	conn    Conn
	direct  syscall.RawConn // of a socket: takes what fits without waiting; else nil
	timeout time.Duration
	high    int

	mu      sync.Mutex
	filled  sync.Cond // there is something to write, or the box closes
	drained sync.Cond // something was written, or the box failed
	buf     []byte    // not yet given to the connection
	writing int       // bytes that are being written
	closing bool
	err     error
	done    chan struct{}
}

// New starts the goroutine that writes to conn. It ends, and closes conn, when
// Close or Abort is called or a write fails. timeout bounds each write that
// makes no progress; high is where Wait begins to wait, in bytes.
func New(conn Conn, timeout time.Duration, high int) *Box {
	b := &Box{conn: conn, timeout: timeout, high: high, done: make(chan struct{})}
	b.filled.L, b.drained.L = &b.mu, &b.mu
	if socket, ok := conn.(syscall.Conn); ok {
		if direct, err := socket.SyscallConn(); err == nil {
			b.direct = direct
		}
	}
	go b.run()
	return b
}

// Begin locks the box and gives the buffer to append to; End unlocks it. What
// is between the two must be short and must not fail.
func (b *Box) Begin() []byte {
	b.mu.Lock()
	return b.buf
}

// End takes the buffer back.
func (b *Box) End(buf []byte) error {
	defer b.mu.Unlock()
	if b.closing || b.err != nil {
		return b.failure()
	}
	b.buf = buf
	if b.writing == 0 && b.direct != nil && len(buf) <= atOnce {
		b.writeAtOnce()
	}
	if len(b.buf) > 0 {
		b.filled.Signal()
	}
	return nil
}

// writeAtOnce gives the socket what it takes without waiting, which is nearly
// always all: that spares waking the box's goroutine for every answer. What is
// left, and every error, is the goroutine's. The lock is held, and nothing is
// being written.
func (b *Box) writeAtOnce() {
	n := 0
	err := b.direct.Write(func(fd uintptr) bool {
		n, _ = syscall.Write(int(fd), b.buf)
		return true // whatever came of it: never wait here
	})
	if err == nil && n > 0 {
		b.buf = b.buf[:copy(b.buf, b.buf[n:])]
	}
}

func (b *Box) failure() error {
	if b.err != nil {
		return b.err
	}
	return ErrClosed
}

// Queued tells how many bytes the connection has not taken yet.
func (b *Box) Queued() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.buf) + b.writing
}

// Wait returns when less than the high mark is queued, or with an error when
// the box closes.
func (b *Box) Wait() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.buf)+b.writing >= b.high && b.err == nil && !b.closing {
		b.drained.Wait()
	}
	if b.closing || b.err != nil {
		return b.failure()
	}
	return nil
}

// Close lets what is queued go out, within the timeout, then closes the
// connection. It returns at once; Done tells when that has happened.
func (b *Box) Close() {
	b.mu.Lock()
	b.closing = true
	b.filled.Signal()
	b.drained.Broadcast()
	b.mu.Unlock()
}

// Abort closes the connection without sending what is queued.
func (b *Box) Abort() {
	b.mu.Lock()
	if b.err == nil {
		b.err = ErrClosed
	}
	b.buf = nil
	b.mu.Unlock()
	b.Close()
	b.conn.Close()
}

// Done is closed when the connection is.
func (b *Box) Done() <-chan struct{} { return b.done }

func (b *Box) run() {
	defer close(b.done)
	defer b.conn.Close()
	var spare []byte
	for {
		b.mu.Lock()
		for len(b.buf) == 0 && !b.closing {
			b.filled.Wait()
		}
		if len(b.buf) == 0 || b.err != nil {
			b.mu.Unlock()
			return
		}
		out := b.buf
		b.buf, b.writing = spare[:0], len(out)
		b.mu.Unlock()
		err := b.write(out)
		if spare = out; cap(spare) > keep {
			spare = nil
		}
		b.mu.Lock()
		b.writing = 0
		if err != nil && b.err == nil {
			b.err = err
		}
		b.drained.Broadcast()
		failed := b.err != nil
		b.mu.Unlock()
		if failed {
			return
		}
	}
}

func (b *Box) write(out []byte) error {
	for len(out) > 0 {
		part := out[:min(len(out), chunk)]
		if err := b.conn.SetWriteDeadline(time.Now().Add(b.timeout)); err != nil {
			return err
		}
		if _, err := b.conn.Write(part); err != nil {
			return err
		}
		out = out[len(part):]
		b.mu.Lock()
		b.writing = len(out)
		b.mu.Unlock()
	}
	return nil
}
