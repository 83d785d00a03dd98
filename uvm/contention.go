package uvm

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"batos/image"
	"batos/store"
)

// heat keeps messages that want the same object from running against each
// other for ever.
//
// A message that met a conflict first runs again at once. When it meets another
// it queues, with all others in its place, for a lock that belongs to the
// contended object; so of many messages only one that has already lost and
// those that run for the first time compete. When that does not help either, it
// closes the gate: nobody else commits until it has. So a message whose runs are
// short always gets through; one that runs long gives up, and names what it
// could not get.
type heat struct {
	gate  sync.RWMutex    // held for reading around a commit
	locks [256]sync.Mutex // of contended objects, by oid
}

const (
	maxTries  = 12                     // runs of one message
	gateTries = 5                      // conflicts after which the gate is closed
	shortRun  = 250 * time.Millisecond // longest run that may hold others up
)

// contention is one message's way through conflicts. Order of locks: an
// object's lock, the gate, Machine.mu.
type contention struct {
	m      *Machine
	tries  int
	lock   *sync.Mutex
	closed bool // this message holds the gate
	began  time.Time
}

// again prepares the next run after a conflict; it says false when there shall
// be none.
func (c *contention) again(conflict *store.ConflictError) bool {
	long := c.tries > 0 && time.Since(c.began) > shortRun
	c.tries++
	if c.tries >= maxTries {
		return false
	}
	if c.closed {
		c.closed = false
		c.m.heat.gate.Unlock()
	}
	switch {
	case c.tries == 1:
	case long:
		time.Sleep(time.Duration(rand.Int64N(int64(time.Millisecond) << min(c.tries, 6))))
	default:
		want := &c.m.heat.locks[uint64(conflict.OID)%256]
		if c.lock != want {
			if c.lock != nil {
				c.lock.Unlock()
			}
			want.Lock()
			c.lock = want
		}
		if c.tries >= gateTries {
			c.m.heat.gate.Lock()
			c.closed = true
		}
	}
	c.began = time.Now()
	return true
}

// enter and leave stand around a commit.
func (c *contention) enter() {
	if !c.closed {
		c.m.heat.gate.RLock()
	}
}

func (c *contention) leave() {
	if !c.closed {
		c.m.heat.gate.RUnlock()
	}
}

// end lets go of everything.
func (c *contention) end() {
	if c.closed {
		c.closed = false
		c.m.heat.gate.Unlock()
	}
	if c.lock != nil {
		c.lock.Unlock()
		c.lock = nil
	}
}

// conflictError names what a message could not get.
func (m *Machine) conflictError(c *store.ConflictError, tries int) *Error {
	slots, who := "", ""
	if t, err := m.store.Transaction(c.Newer); err == nil {
		who = fmt.Sprintf(" by %q (tid %d)", t.Provenance.Why, t.TID)
		for _, change := range t.Changes {
			if change.OID == c.OID {
				slots = strings.Join(change.Slots, ", ")
			}
		}
	}
	e := &Error{Code: CodeConflict, Slot: slots, Cause: c}
	where := c.OID.String()
	if name := m.nameOf(image.Ref(c.OID)); name != "" {
		where += " " + name
	}
	if slots != "" {
		where += " (slot " + slots + ")"
	}
	e.Message = fmt.Sprintf("%d runs met other messages' changes, the last time %s changed%s; nothing was kept: send it again, or let fewer messages change that slot", tries, where, who)
	return e
}
