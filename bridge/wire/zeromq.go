package wire

import (
	"errors"
	"sync/atomic"

	"batos/bridge/contract"
	"batos/bridge/zmtp"
)

// ZeroMQ carries each frame as a message of one part. An empty part before it
// (a REQ socket sends one) is accepted, and what is sent afterwards has one too.
type ZeroMQ struct {
	*zmtp.Conn
	delimited atomic.Bool
}

// OverZeroMQ carries frames over a ZeroMQ connection.
func OverZeroMQ(c *zmtp.Conn) *ZeroMQ { return &ZeroMQ{Conn: c} }

// Strict says whether the peer counts replies: a REQ socket takes whatever
// comes first for the reply to its request, so that it must never get an event.
func (z *ZeroMQ) Strict() bool { return z.PeerType() == "REQ" }

// Receive implements Conn.
func (z *ZeroMQ) Receive() ([]byte, error) {
	parts, err := z.Conn.Receive()
	if err != nil {
		var large *zmtp.TooLargeError
		if errors.As(err, &large) {
			return nil, tooLarge(large.Size)
		}
		return nil, err
	}
	switch {
	case len(parts) == 1:
		z.delimited.Store(false)
		return parts[0], nil
	case len(parts) == 2 && len(parts[0]) == 0:
		z.delimited.Store(true)
		return parts[1], nil
	}
	return nil, contract.Errorf(contract.CodeBadFrame, "the message has %d parts; want one, or an empty one and one", len(parts))
}

// Send implements Conn.
func (z *ZeroMQ) Send(head, tail []byte) error {
	return z.SendEnveloped(z.delimited.Load(), head, tail)
}
