// Package floor is the yardstick of the benchmarks: how many durable appends a
// second this machine's disk gives to a plain log, with nothing above it. A
// figure of the store means something only as a ratio to it, taken in the same
// run. It is no part of an image.
//
// The log is one file. Writers hand their record to one goroutine, which takes
// all that wait, writes them with one write and one fdatasync, and wakes them:
// the same grouping as the store's committer, so that what the ratio shows is
// the cost of versions, conflict checks and an ordered index, and not of
// syncing more often.
package floor

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Appends runs writers for d, each appending records of recordBytes and
// waiting until each is durable, to a new file in dir, which it removes
// afterwards. It gives how many were durable a second.
func Appends(dir string, writers int, recordBytes int, d time.Duration) (perSecond float64, err error) {
	path := filepath.Join(dir, "floor.log")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, fmt.Errorf("making the raw log: %w", err)
	}
	defer func() {
		f.Close()
		os.Remove(path)
	}()
	l := &log{f: f, next: newGroup(), wake: make(chan struct{}, 1)}
	var committer, ws sync.WaitGroup
	committer.Go(l.run)

	var count atomic.Int64
	var stop atomic.Bool
	timer := time.AfterFunc(d, func() { stop.Store(true) })
	defer timer.Stop()
	start := time.Now()
	for range writers {
		ws.Go(func() {
			record := make([]byte, recordBytes)
			for i := range record {
				record[i] = byte(i * 7)
			}
			for !stop.Load() && l.append(record) == nil {
				count.Add(1)
			}
		})
	}
	ws.Wait()
	elapsed := time.Since(start)
	l.close()
	committer.Wait()
	if l.err != nil {
		return 0, fmt.Errorf("appending to the raw log: %w", l.err)
	}
	return float64(count.Load()) / elapsed.Seconds(), nil
}

type log struct {
	f    *os.File
	wake chan struct{}

	mu     sync.Mutex
	next   *group
	closed bool
	err    error
}

type group struct {
	bytes []byte
	done  chan struct{}
}

func newGroup() *group { return &group{done: make(chan struct{})} }

// append returns when the record is durable.
func (l *log) append(record []byte) error {
	l.mu.Lock()
	g := l.next
	g.bytes = append(g.bytes, record...)
	l.mu.Unlock()
	l.signal()
	<-g.done
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *log) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *log) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.signal()
}

func (l *log) run() {
	for range l.wake {
		for {
			l.mu.Lock()
			g := l.next
			if len(g.bytes) == 0 {
				closed := l.closed
				l.mu.Unlock()
				if closed {
					return
				}
				break
			}
			l.next = newGroup()
			l.mu.Unlock()
			_, err := l.f.Write(g.bytes)
			if err == nil {
				err = datasync(l.f)
			}
			if err != nil {
				l.mu.Lock()
				l.err = err
				l.mu.Unlock()
			}
			close(g.done)
		}
	}
}
