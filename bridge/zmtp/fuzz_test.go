package zmtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"
)

// Whatever arrives, reading ends with messages within the limits or an error.
func FuzzFrames(f *testing.F) {
	f.Add([]byte{0, 2, 'h', 'i'})
	f.Add([]byte{flagMore, 0, 0, 1, 'x', flagCommand, 5, 4, 'P', 'I', 'N', 'G'})
	f.Add(long(flagMore, 5000))
	f.Add(append(long(flagMore, 1001), make([]byte, 1100)...))
	f.Add(bytes.Repeat([]byte{flagMore, 0}, 20))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := frameReader{r: bufio.NewReader(bytes.NewReader(in)), maxFrame: 1000, maxParts: 4}
		for range len(in) + 2 {
			parts, err := r.message(func(body []byte) error {
				if len(body) > maxCommand {
					t.Errorf("a command of %d bytes", len(body))
				}
				return nil
			})
			var large *TooLargeError
			if errors.As(err, &large) {
				if large.Size <= 1000 {
					t.Errorf("refused %d bytes", large.Size)
				}
				continue
			}
			if err != nil {
				return
			}
			total := 0
			for _, part := range parts {
				total += len(part)
			}
			if total > 1000 || len(parts) == 0 || len(parts) > 4 || total > len(in) {
				t.Errorf("a message of %d parts, %d bytes", len(parts), total)
			}
		}
		t.Error("more messages than bytes")
	})
}

func FuzzGreeting(f *testing.F) {
	f.Add(greeting(), readyCommand("DEALER", "me"))
	f.Add([]byte("GET / HTTP/1.1\r\n"), []byte("\x05ERROR\x03bad"))
	f.Fuzz(func(t *testing.T, greet, ready []byte) {
		r := bytes.NewReader(greet)
		if err := readGreeting(r); err == nil && (len(greet) < greetingBytes || greet[0] != 0xff || greet[10] < 3) {
			t.Errorf("%q passed for a greeting", greet)
		} else if err == io.EOF && len(greet) > greetingBytes {
			t.Errorf("%q: %v", greet, err)
		}
		if p, err := parseReady(ready); err == nil && (len(p.identity) > maxIdentity || len(p.socket)+len(p.identity) > len(ready)) {
			t.Errorf("%q gave %+v", ready, p)
		}
	})
}
