package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/coder/websocket"

	"batos/bridge/contract"
	"batos/bridge/outbox"
)

// socket carries each frame as one binary WebSocket message.
type socket struct {
	ws     *websocket.Conn
	ctx    context.Context
	cancel context.CancelFunc
	out    *outbox.Box
	rest   io.Reader // of an oversize message
	buf    []byte
}

// WebSocket carries frames over a WebSocket, which it owns from then on.
func WebSocket(ws *websocket.Conn, side Side) Conn {
	ws.SetReadLimit(-1) // Receive has its own, which lets the connection go on
	s := &socket{ws: ws}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.out = outbox.New(&messageWriter{socket: s}, writeTimeout, side.highWater())
	return s
}

func (s *socket) Receive() ([]byte, error) {
	if s.rest != nil {
		n, err := io.Copy(io.Discard, io.LimitReader(s.rest, maxSkip))
		s.rest = nil
		if err == nil && n == maxSkip {
			err = errors.New("a message goes on for ever")
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.out.Wait(); err != nil {
		return nil, err
	}
	kind, r, err := s.ws.Reader(s.ctx)
	if err != nil {
		if code := websocket.CloseStatus(err); code == websocket.StatusNormalClosure || code == websocket.StatusGoingAway {
			err = io.EOF
		}
		return nil, err
	}
	if kind != websocket.MessageBinary {
		s.rest = r
		return nil, contract.Errorf(contract.CodeBadFrame, "a text message came; frames are binary messages")
	}
	if cap(s.buf) > keepBuffer {
		s.buf = nil
	}
	s.buf = s.buf[:0]
	for {
		if len(s.buf) == cap(s.buf) {
			s.buf = append(s.buf, 0)[:len(s.buf)]
		}
		n, err := r.Read(s.buf[len(s.buf):min(cap(s.buf), contract.MaxFrame+1)])
		s.buf = s.buf[:len(s.buf)+n]
		switch {
		case len(s.buf) > contract.MaxFrame:
			s.rest = r
			return nil, contract.Errorf(contract.CodeTooLarge, "the frame has more than %d bytes", contract.MaxFrame)
		case err == io.EOF:
			return s.buf, nil
		case err != nil:
			return nil, err
		}
	}
}

func (s *socket) Send(head, tail []byte) error {
	b := s.out.Begin()
	b = binary.BigEndian.AppendUint32(b, uint32(len(head)+len(tail)))
	return s.out.End(append(append(b, head...), tail...))
}

func (s *socket) Queued() int           { return s.out.Queued() }
func (s *socket) Close()                { s.out.Close() }
func (s *socket) Done() <-chan struct{} { return s.out.Done() }

func (s *socket) Abort() {
	s.cancel()
	s.out.Abort()
}

// messageWriter makes messages of the stream of frames, each with its length
// before it, that the outbox writes.
type messageWriter struct {
	socket   *socket
	deadline time.Time
	partial  []byte
}

func (w *messageWriter) SetWriteDeadline(t time.Time) error {
	w.deadline = t
	return nil
}

func (w *messageWriter) Write(b []byte) (int, error) {
	ctx, cancel := context.WithDeadline(w.socket.ctx, w.deadline)
	defer cancel()
	n := len(b)
	if len(w.partial) > 0 {
		w.partial = append(w.partial, b...)
		b = w.partial
	}
	for len(b) >= 4 {
		end := 4 + int(binary.BigEndian.Uint32(b))
		if len(b) < end {
			break
		}
		if err := w.socket.ws.Write(ctx, websocket.MessageBinary, b[4:end]); err != nil {
			return 0, err
		}
		b = b[end:]
	}
	w.partial = append(w.partial[:0], b...)
	return n, nil
}

func (w *messageWriter) Close() error {
	defer w.socket.cancel()
	if w.socket.ctx.Err() != nil {
		return w.socket.ws.CloseNow()
	}
	return w.socket.ws.Close(websocket.StatusGoingAway, "")
}
