package bridge

import (
	"errors"

	"batos/bridge/contract"
	"batos/bridge/wire"
)

// connection is one transport connection. Its fields belong to the goroutine
// that reads it, and those that say what it is do not change.
type connection struct {
	server  *Server
	wire    wire.Conn
	rights  contract.Rights
	lenient bool // requests without v, id and hello are accepted: loopback ZeroMQ
	mute    bool // it must get replies only, no events: a REQ socket
	paced   bool // it shows changes to eyes, so 60 events a second are enough
	session *session
	client  string // as hello named it
}

// read takes requests until the peer leaves or the connection is closed.
func (c *connection) read() {
	for {
		frame, err := c.wire.Receive()
		var bad *contract.Error
		switch {
		case err == nil:
			c.server.received.Add(1)
			c.take(frame)
		case errors.As(err, &bad):
			c.server.received.Add(1)
			c.refuse("", bad)
		default:
			return
		}
	}
}

// take checks a request and has it done.
func (c *connection) take(frame []byte) {
	r, bad := contract.DecodeRequest(frame)
	if bad == nil {
		bad = c.complete(&r)
	}
	if bad == nil && !c.server.begin() {
		bad = contract.Errorf(contract.CodeShuttingDown, "the image is closing; send the request again when it is back")
	}
	if bad != nil {
		c.refuse(r.ID, bad)
		return
	}
	if hello, ok := r.Fields.(*contract.Hello); ok {
		c.hello(r.ID, hello)
		c.server.requests.Done()
		return
	}
	if c.session == nil {
		if c.lenient {
			c.session = c.server.newSession("", c)
		} else {
			c.server.requests.Done()
			c.refuse(r.ID, contract.Errorf(contract.CodeUnauthorized, "the session is not open; send hello first"))
			return
		}
	}
	c.session.take(c, r)
}

// complete checks what a frame must have beside its command's fields.
func (c *connection) complete(r *contract.Request) *contract.Error {
	switch {
	case c.lenient:
		return nil
	case r.V == 0:
		return contract.Errorf(contract.CodeBadVersion, "v: the field is missing; this image speaks version %d", contract.Version)
	case r.ID == "":
		return contract.Errorf(contract.CodeBadField, "id: the field is missing; want 1 to %d characters", contract.MaxID)
	}
	return nil
}

// refuse answers what did not become a request of a session.
func (c *connection) refuse(id string, why *contract.Error) {
	reply := &contract.Reply{ID: id, Status: contract.StatusError, Details: why.Message, Error: why}
	if c.session != nil {
		c.session.answer(reply)
		return
	}
	c.wire.Send(encode(reply), contract.AppendSeq(nil, 0)) // a failure is the reader's to see
}

// encode gives a reply's frame without its seq. What cannot be sent is replaced
// by the reason; what the request has done is still told by tid.
func encode(r *contract.Reply) []byte {
	body, err := r.AppendBody(nil)
	if err == nil {
		size := contract.FrameSize(body)
		if size <= contract.MaxFrame {
			return body
		}
		err = contract.Errorf(contract.CodeTooLarge, "the answer has %d bytes; the limit of a frame is %d; ask for less at a time", size, contract.MaxFrame)
	}
	var bad *contract.Error
	if !errors.As(err, &bad) {
		bad = contract.Errorf(contract.CodeInternal, "the answer cannot be written: %v", err)
	}
	short := &contract.Reply{ID: r.ID, Status: contract.StatusError, Details: bad.Message, TID: r.TID, Message: r.Message, Error: bad}
	if body, err = short.AppendBody(body[:0]); err != nil {
		panic(err) // text and numbers alone can always be written
	}
	return body
}
