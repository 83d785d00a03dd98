package pebble

import (
	"fmt"
	"log/slog"

	"batos/store"
)

// A failed write or sync leaves it open what is on the disk, and asking again
// is known to answer "done" for what is lost (the kernel drops the pages). So
// the first failure ends the store: nothing more is acknowledged, every call
// gives ErrFailed, and the next open goes on from the last durable transaction.
//
// Such failures are seen by guard.go, which keeps them from Pebble, and by
// Pebble's own checks, which it reports by Logger.Fatalf and expects not to
// come back. Both mark the failure and go on; from the mark on the disk is left
// as it is, and the committer looks at the mark before it publishes anything.

// fail marks the store failed. It may be called by any goroutine, with any of
// Pebble's locks held.
func (s *Store) fail(cause error) {
	err := fmt.Errorf("%w (%v)", store.ErrFailed, cause)
	if s.failure.CompareAndSwap(nil, &err) {
		close(s.failed)
	}
}

// abandon closes Pebble after a failure, once no call is inside it. Nothing of
// that reaches the disk.
func (s *Store) abandon() {
	s.drainCalls()
	defer func() {
		if r := recover(); r != nil {
			s.opts.Log.Error("closing the failed store", "panic", r)
		}
	}()
	if err := s.db.Close(); err != nil {
		s.opts.Log.Error("closing the failed store", "err", err)
	}
}

// logger gives Pebble's messages to slog, and its fatal ones to fail.
type logger struct {
	log  *slog.Logger
	fail func(error)
}

func (l logger) Infof(format string, args ...any) { l.log.Debug(fmt.Sprintf(format, args...)) }

func (l logger) Errorf(format string, args ...any) { l.log.Error(fmt.Sprintf(format, args...)) }

func (l logger) Fatalf(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	l.log.Error("the store failed", "cause", err)
	l.fail(err)
}
