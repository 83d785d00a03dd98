package wire

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"

	"batos/bridge/contract"
	"batos/bridge/outbox"
)

// stream has four bytes of length, big-endian, before each frame.
type stream struct {
	r    *bufio.Reader
	out  *outbox.Box
	buf  []byte
	skip int64 // bytes of an oversize frame that are still to be read over
}

// Stream carries frames over a byte stream, which it owns from then on.
func Stream(conn net.Conn, side Side) Conn {
	return &stream{
		r:   bufio.NewReaderSize(conn, 16<<10),
		out: outbox.New(conn, writeTimeout, side.highWater()),
	}
}

func (s *stream) Receive() ([]byte, error) {
	if s.skip > maxSkip {
		return nil, fmt.Errorf("a frame of %d bytes was announced; each frame has four bytes of length before it", s.skip)
	}
	if s.skip > 0 {
		n := s.skip
		s.skip = 0
		if _, err := io.CopyN(io.Discard, s.r, n); err != nil {
			return nil, noEOF(err)
		}
	}
	if s.r.Buffered() == 0 || s.out.Queued() > 0 {
		if err := s.out.Wait(); err != nil {
			return nil, err
		}
	}
	var length [4]byte
	if _, err := io.ReadFull(s.r, length[:]); err != nil {
		return nil, err
	}
	size := int64(binary.BigEndian.Uint32(length[:]))
	if size > contract.MaxFrame {
		s.skip = size
		return nil, tooLarge(uint64(size))
	}
	var err error
	s.buf, err = readInto(s.r, s.buf, int(size))
	return s.buf, err
}

// readInto reads size bytes into buf, making room as they arrive, so that what
// is announced and does not come costs nothing.
func readInto(r io.Reader, buf []byte, size int) ([]byte, error) {
	if cap(buf) > keepBuffer {
		buf = nil
	}
	buf = buf[:0]
	for len(buf) < size {
		at := len(buf)
		n := min(size-at, max(keepBuffer, at))
		if cap(buf)-at < n {
			grown := make([]byte, at, at+n)
			copy(grown, buf)
			buf = grown
		}
		buf = buf[:at+n]
		if _, err := io.ReadFull(r, buf[at:]); err != nil {
			return buf[:0], noEOF(err)
		}
	}
	return buf, nil
}

func tooLarge(size uint64) *contract.Error {
	return contract.Errorf(contract.CodeTooLarge, "the frame has %d bytes; the limit is %d", size, contract.MaxFrame)
}

// noEOF marks an end inside a frame.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (s *stream) Send(head, tail []byte) error {
	b := s.out.Begin()
	b = binary.BigEndian.AppendUint32(b, uint32(len(head)+len(tail)))
	return s.out.End(append(append(b, head...), tail...))
}

func (s *stream) Queued() int           { return s.out.Queued() }
func (s *stream) Close()                { s.out.Close() }
func (s *stream) Abort()                { s.out.Abort() }
func (s *stream) Done() <-chan struct{} { return s.out.Done() }
