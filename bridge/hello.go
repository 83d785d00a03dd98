package bridge

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"time"

	"batos/bridge/contract"
)

// newSession opens a session on a connection.
func (s *Server) newSession(client string, c *connection) *session {
	session := &session{
		server:  s,
		id:      rand.Text(), // 130 random bits, so that knowing it is a right to it
		client:  client,
		rights:  c.rights,
		open:    make(chan struct{}, contract.MaxOpen),
		running: map[string]context.CancelFunc{},
		conn:    c,
	}
	session.waits, session.quit = context.WithCancel(s.waits)
	session.watch.session = session
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[session.id] = session
	return session
}

// forgetOldest ends the sessions that have been without a connection longest,
// while there are too many such or they hold too much.
func (s *Server) forgetOldest() {
	for {
		s.mu.Lock()
		var oldest *session
		var since time.Time
		lost, held := 0, 0
		for _, session := range s.sessions {
			session.mu.Lock()
			if session.conn == nil {
				lost++
				held += session.sent.bytes
				if oldest == nil || session.lost.Before(since) {
					oldest, since = session, session.lost
				}
			}
			session.mu.Unlock()
		}
		s.mu.Unlock()
		if lost <= keepLost && held <= keepHeld {
			return
		}
		oldest.end()
	}
}

// hello opens a session or takes one up again.
func (c *connection) hello(id string, f *contract.Hello) {
	if bad := c.authorize(f.Token); bad != nil {
		c.refuse(id, bad)
		return
	}
	result := contract.HelloResult{
		Version: contract.Version,
		Program: c.server.options.Version,
		Image:   c.server.options.Image,
		Roots:   map[string]contract.OID{},
		Limits:  contract.HelloLimits{Frame: contract.MaxFrame, Depth: contract.MaxDepth, Open: contract.MaxOpen},
	}
	roots, tid, err := c.server.service.Roots(c.server.ctx)
	if err != nil {
		c.refuse(id, failure(err))
		return
	}
	result.TID = tid
	for _, root := range roots {
		result.Roots[root.Name] = contract.OID(root.OID)
	}
	c.open(f, &result)
	c.client = f.Client
	result.Session = c.session.id
	c.session.answer(&contract.Reply{ID: id, Status: contract.StatusOK, TID: tid, Result: &result})
	c.session.watch.poke()
}

// authorize checks the token and gives rights to a connection without any.
func (c *connection) authorize(token string) *contract.Error {
	want := c.server.options.Token
	switch {
	case want == "" || token == "":
		if c.rights == 0 {
			return contract.Errorf(contract.CodeUnauthorized, "token: this connection needs the token that was printed at start")
		}
	case subtle.ConstantTimeCompare([]byte(want), []byte(token)) != 1:
		return contract.Errorf(contract.CodeUnauthorized, "token: it is not the one that was printed at start")
	case c.rights == 0:
		c.rights = contract.AllRights
	}
	return nil
}

// open gives the connection the session that hello asks for.
func (c *connection) open(f *contract.Hello, result *contract.HelloResult) {
	if f.Session != "" {
		c.server.mu.Lock()
		known := c.server.sessions[f.Session]
		c.server.mu.Unlock()
		if known != nil && known.isOf(f.Client) && known.rights&^c.rights == 0 {
			c.leave(known)
			c.session = known
			result.Resumed = true
			if !known.attach(c, f.LastSeq) {
				result.Resync = true
				known.watch.stop()
			}
			return
		}
		result.Resync = true
	}
	switch old := c.session; {
	case old == nil:
	case old.isOf(f.Client):
		return // hello twice
	case old.adopt(f.Client):
		return
	default:
		c.leave(nil)
	}
	c.session = c.server.newSession(f.Client, c)
}

// leave ends what the connection had to do with its session, unless it is next.
func (c *connection) leave(next *session) {
	if c.session != nil && c.session != next {
		c.session.detach(c)
	}
}

func (s *session) isOf(client string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client == client
}

// adopt gives an anonymous session its client's name.
func (s *session) adopt(client string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != "" {
		return false
	}
	s.client = client
	return true
}
