package zmtp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A greeting is 64 bytes: a signature of ten (0xFF, eight of any value, 0x7F),
// the version's two numbers, the mechanism's name in twenty, a flag, and 31
// zeros. Both sides send theirs without waiting.
const greetingBytes = 64

// Faults of a handshake.
var (
	ErrNotZMTP   = errors.New("the peer does not speak ZMTP 3")
	ErrMechanism = errors.New("the peer wants another security mechanism than NULL")
	ErrSocket    = errors.New("the peer's socket type does not fit; use a DEALER or REQ socket")
	ErrIdentity  = errors.New("the identity is too long, begins with a zero byte, or is in use")
)

func greeting() []byte {
	g := make([]byte, greetingBytes)
	g[0], g[8], g[9] = 0xff, 1, 0x7f
	g[10], g[11] = 3, 1
	copy(g[12:], "NULL")
	return g
}

// readGreeting checks each part as soon as it is there, so that a peer of
// another protocol is recognised by its first byte.
func readGreeting(r io.Reader) error {
	var g [greetingBytes]byte
	if _, err := io.ReadFull(r, g[:1]); err != nil {
		return err
	}
	if g[0] != 0xff {
		return ErrNotZMTP
	}
	if _, err := io.ReadFull(r, g[1:11]); err != nil {
		return err
	}
	if g[9] != 0x7f || g[10] < 3 {
		return ErrNotZMTP
	}
	if _, err := io.ReadFull(r, g[11:]); err != nil {
		return err
	}
	if strings.TrimRight(string(g[12:32]), "\x00") != "NULL" {
		return ErrMechanism
	}
	return nil
}

// peer is what a READY command tells.
type peer struct {
	socket   string // "DEALER"
	identity string
}

func readyCommand(socket, identity string) []byte {
	b := append([]byte{}, "\x05READY"...)
	property := func(name, value string) {
		b = append(append(b, byte(len(name))), name...)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
	}
	property("Socket-Type", socket)
	property("Identity", identity)
	return b
}

// parseReady reads the body of a READY command; names compare without case.
func parseReady(body []byte) (peer, error) {
	var p peer
	name, rest, ok := shortText(body)
	if ok && name == "ERROR" {
		reason, _, _ := shortText(rest)
		return p, fmt.Errorf("the peer refused the handshake: %.64q", reason)
	}
	if !ok || name != "READY" {
		return p, errors.New("the handshake does not go on with READY")
	}
	for n := 0; len(rest) > 0; n++ {
		if name, rest, ok = shortText(rest); !ok || n == maxProperties || len(rest) < 4 {
			return p, errors.New("the metadata of READY are malformed")
		}
		size := binary.BigEndian.Uint32(rest)
		if rest = rest[4:]; uint64(size) > uint64(len(rest)) {
			return p, errors.New("the metadata of READY are malformed")
		}
		value := string(rest[:size])
		rest = rest[size:]
		switch strings.ToLower(name) {
		case "socket-type":
			p.socket = value
		case "identity":
			p.identity = value
		}
	}
	if len(p.identity) > maxIdentity || strings.HasPrefix(p.identity, "\x00") {
		return p, ErrIdentity
	}
	return p, nil
}

// shortText takes text with its length in one byte off the front of b.
func shortText(b []byte) (text string, rest []byte, ok bool) {
	if len(b) == 0 || int(b[0]) >= len(b) {
		return "", nil, len(b) == 1 && b[0] == 0
	}
	n := 1 + int(b[0])
	return string(b[1:n]), b[n:], true
}

func errorCommand(reason string) []byte {
	b := append([]byte{}, "\x05ERROR"...)
	return append(append(b, byte(len(reason))), reason...)
}
