// Package zmtp speaks the ZeroMQ Message Transport Protocol, version 3.1, over
// TCP and Unix sockets: the ROUTER side of a server, and a DEALER side for our
// own programs. Peers of version 3.0 are served too; older ones are refused.
// The security mechanism is NULL, so a server belongs on loopback.
// (rfc.zeromq.org/spec/37)
//
// Entry points: Listen and Server.Serve, which runs a function for each
// connection; Dial; and on both sides Conn.Receive and Conn.Send.
//
// What must hold, whatever a peer sends or does not send:
//
//   - No peer can keep others from connecting, being read or being answered:
//     the handshake runs outside the accept loop and has a deadline.
//   - Memory follows the bytes that arrived, not the sizes that were announced.
//   - Nothing is dropped. When a peer does not take its answers, its connection
//     is not read any further, and TCP carries the pressure back.
//   - A PING is answered with its context, and never reaches the user.
//
// Traps: the parts of a received message are valid until the next Receive.
// Messages are routed by connection; the identity that a peer claims is only a
// name, which no two connections of a server have at one time.
package zmtp

import "time"

// Options bound a server or a connection. Zero fields take the defaults.
type Options struct {
	MaxFrame     int           // bytes of one message, all parts together; 16 MiB
	MaxParts     int           // frames of one message; 16
	MaxConns     int           // connections of a server; 4,096
	Handshake    time.Duration // from connecting to READY; 5 s
	WriteTimeout time.Duration // without progress of a write; 1 min
	HighWater    int           // bytes that wait for a peer before it is read no further; 1 MiB
	Identity     string        // of the dialling side; "" for none
}

const (
	maxIdentity   = 255
	maxHandshake  = 8 << 10 // bytes of a command during the handshake
	maxCommand    = 1 << 10 // bytes of a command afterwards
	maxProperties = 32
	maxContext    = 16      // bytes of a PING's context
	maxSkip       = 1 << 30 // an oversize message of more than this ends the connection
)

func (o Options) withDefaults() Options {
	set := func(p *int, n int) {
		if *p == 0 {
			*p = n
		}
	}
	set(&o.MaxFrame, 16<<20)
	set(&o.MaxParts, 16)
	set(&o.MaxConns, 4096)
	set(&o.HighWater, 1<<20)
	if o.Handshake == 0 {
		o.Handshake = 5 * time.Second
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = time.Minute
	}
	return o
}
