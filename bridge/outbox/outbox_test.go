package outbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"
)

func pair(t *testing.T, timeout time.Duration, high int) (*Box, net.Conn) {
	here, there := net.Pipe()
	b := New(here, timeout, high)
	t.Cleanup(func() {
		b.Abort()
		<-b.Done()
		there.Close()
	})
	return b, there
}

func put(b *Box, bytes ...byte) error { return b.End(append(b.Begin(), bytes...)) }

// Bytes of each writer leave in order and whole, whoever else writes.
func TestOrder(t *testing.T) {
	b, peer := pair(t, time.Minute, 1<<20)
	const writers, each = 8, 500
	var running sync.WaitGroup
	for w := range writers {
		running.Go(func() {
			for i := range each {
				if err := put(b, byte(w), byte(i>>8), byte(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	next := make([]int, writers)
	record := make([]byte, 3)
	for range writers * each {
		if _, err := io.ReadFull(peer, record); err != nil {
			t.Fatal(err)
		}
		if i := int(binary.BigEndian.Uint16(record[1:])); i != next[record[0]] {
			t.Fatalf("writer %d: got %d; want %d", record[0], i, next[record[0]])
		}
		next[record[0]]++
	}
	running.Wait()
	if err := b.Wait(); err != nil {
		t.Error(err)
	}
}

func TestCloseLetsWhatIsQueuedOut(t *testing.T) {
	b, peer := pair(t, time.Minute, 1<<20)
	message := bytes.Repeat([]byte{7}, 3*chunk+5)
	if err := put(b, message...); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if err := put(b, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("putting into a closed box: %v", err)
	}
	if err := b.Wait(); !errors.Is(err, ErrClosed) {
		t.Errorf("waiting for a closed box: %v", err)
	}
	if got, err := io.ReadAll(peer); err != nil || !bytes.Equal(got, message) {
		t.Errorf("got %d bytes, %v; want %d", len(got), err, len(message))
	}
	<-b.Done()
	if n := b.Queued(); n != 0 {
		t.Errorf("%d bytes are queued", n)
	}
}

func TestAbortSendsNoMore(t *testing.T) {
	b, peer := pair(t, time.Minute, 1<<20)
	put(b, make([]byte, 2*chunk)...)
	if _, err := io.ReadFull(peer, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	b.Abort()
	<-b.Done()
	if got, err := io.ReadAll(peer); err != nil || len(got) >= 2*chunk-10 {
		t.Errorf("got %d bytes after the abort, %v", len(got), err)
	}
	if err := put(b, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("putting: %v", err)
	}
}

func TestPeerThatReadsNothingIsCut(t *testing.T) {
	b, _ := pair(t, 50*time.Millisecond, 1<<20)
	put(b, 1)
	<-b.Done()
	if err := b.Wait(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// Wait waits at the high mark, not below, and goes on when the peer reads.
func TestWait(t *testing.T) {
	b, peer := pair(t, time.Minute, 100)
	put(b, make([]byte, 99)...)
	if err := b.Wait(); err != nil {
		t.Fatal(err)
	}
	put(b, 1)
	waited := make(chan error)
	go func() { waited <- b.Wait() }()
	if n := b.Queued(); n != 100 {
		t.Errorf("%d bytes are queued", n)
	}
	for range 100 {
		select {
		case <-waited:
			t.Fatal("did not wait")
		default:
		}
		if b.Queued() < 100 {
			break // the writer has given some to the pipe, which this test reads only now
		}
	}
	if _, err := io.ReadFull(peer, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

func TestWaitEndsWithTheBox(t *testing.T) {
	b, _ := pair(t, time.Minute, 1)
	put(b, 1)
	waited := make(chan error)
	go func() { waited <- b.Wait() }()
	b.Abort()
	if err := <-waited; !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}
