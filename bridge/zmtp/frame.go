package zmtp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Flags of a frame.
const (
	flagMore    = 1 // more frames of this message follow
	flagLong    = 2 // the size has eight bytes, not one
	flagCommand = 4
)

// ErrMalformed is a frame that breaks the protocol. The connection ends.
var ErrMalformed = errors.New("malformed frame")

// TooLargeError is a message over the limit. Where the peer can be read on, the
// next Receive skips it; the user may answer first.
type TooLargeError struct {
	Size  uint64 // bytes announced
	Limit int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the message announces %d bytes; the limit is %d", e.Size, e.Limit)
}

func appendFrame(b []byte, flags byte, size int) []byte {
	if size <= 255 {
		return append(b, flags, byte(size))
	}
	return binary.BigEndian.AppendUint64(append(b, flags|flagLong), uint64(size))
}

// frameReader reads frames. Its buffer holds one message and is used again for
// the next.
type frameReader struct {
	r        *bufio.Reader
	maxFrame int
	maxParts int
	buf      []byte
	ends     []int // where each part ends in buf
	parts    [][]byte
	skipping bool   // an oversize message is under way
	skip     uint64 // bytes of it still to come in this frame
	more     bool   // and whether frames follow
}

// keepBuffer is how large a message buffer may stay between messages.
const keepBuffer = 64 << 10

// header reads a frame's flags and size.
func (f *frameReader) header() (flags byte, size uint64, err error) {
	if flags, err = f.r.ReadByte(); err != nil {
		return 0, 0, err
	}
	if flags > 7 || flags&flagCommand != 0 && flags&flagMore != 0 {
		return 0, 0, fmt.Errorf("%w: flags 0x%02x", ErrMalformed, flags)
	}
	if flags&flagLong == 0 {
		n, err := f.r.ReadByte()
		return flags, uint64(n), noEOF(err)
	}
	var long [8]byte
	if _, err = io.ReadFull(f.r, long[:]); err != nil {
		return 0, 0, noEOF(err)
	}
	return flags, binary.BigEndian.Uint64(long[:]), nil
}

// noEOF marks an end inside a frame.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// command reads the body of a command frame, of at most limit bytes.
func (f *frameReader) command(size uint64, limit int) ([]byte, error) {
	if size > uint64(limit) {
		return nil, fmt.Errorf("%w: a command of %d bytes", ErrMalformed, size)
	}
	body := make([]byte, size)
	_, err := io.ReadFull(f.r, body)
	return body, noEOF(err)
}

// message reads the next message; commands between messages go to command. The
// parts are valid until the next call.
func (f *frameReader) message(command func(body []byte) error) ([][]byte, error) {
	if err := f.finishSkip(command); err != nil {
		return nil, err
	}
	if cap(f.buf) > keepBuffer {
		f.buf = nil
	}
	f.buf, f.ends = f.buf[:0], f.ends[:0]
	for {
		flags, size, err := f.header()
		if err != nil {
			if len(f.ends) > 0 {
				err = noEOF(err)
			}
			return nil, err
		}
		if flags&flagCommand != 0 {
			body, err := f.command(size, maxCommand)
			if err == nil {
				err = command(body)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		if len(f.ends) == f.maxParts {
			return nil, fmt.Errorf("%w: a message of more than %d parts", ErrMalformed, f.maxParts)
		}
		if size > uint64(f.maxFrame-len(f.buf)) {
			f.skipping, f.skip, f.more = true, size, flags&flagMore != 0
			return nil, &TooLargeError{max(size, size+uint64(len(f.buf))), f.maxFrame}
		}
		if err := f.body(int(size)); err != nil {
			return nil, err
		}
		f.ends = append(f.ends, len(f.buf))
		if flags&flagMore == 0 {
			return f.split(), nil
		}
	}
}

// body appends size bytes to buf, making room as they arrive.
func (f *frameReader) body(size int) error {
	for size > 0 {
		n := min(size, max(keepBuffer, len(f.buf)))
		at := len(f.buf)
		if cap(f.buf)-at < n {
			grown := make([]byte, at, max(2*cap(f.buf), at+n))
			copy(grown, f.buf)
			f.buf = grown
		}
		f.buf = f.buf[:at+n]
		if _, err := io.ReadFull(f.r, f.buf[at:]); err != nil {
			return noEOF(err)
		}
		size -= n
	}
	return nil
}

func (f *frameReader) split() [][]byte {
	f.parts = f.parts[:0]
	at := 0
	for _, end := range f.ends {
		f.parts = append(f.parts, f.buf[at:end:end])
		at = end
	}
	return f.parts
}

// finishSkip reads over what is left of an oversize message.
func (f *frameReader) finishSkip(command func(body []byte) error) error {
	var total uint64
	for f.skipping {
		if total += f.skip; total > maxSkip || f.skip > maxSkip {
			return fmt.Errorf("%w: a message of over %d bytes", ErrMalformed, maxSkip)
		}
		if _, err := io.CopyN(io.Discard, f.r, int64(f.skip)); err != nil {
			return noEOF(err)
		}
		f.skip = 0
		if !f.more {
			f.skipping = false
			return nil
		}
		flags, size, err := f.header()
		if err != nil {
			return noEOF(err)
		}
		if flags&flagCommand != 0 {
			body, err := f.command(size, maxCommand)
			if err == nil {
				err = command(body)
			}
			if err != nil {
				return err
			}
			continue
		}
		f.skip, f.more = size, flags&flagMore != 0
	}
	return nil
}
