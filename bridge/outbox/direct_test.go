package outbox

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"
)

// What is written to a socket at once and what its goroutine writes keep their
// order, also when the socket takes a part only.
func TestOrderOverASocket(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	peer, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	b := New(conn, time.Minute, 1<<20)
	if b.direct == nil {
		t.Fatal("a TCP socket is not written to at once")
	}
	const rows, size = 20_000, 1 << 10 // far more than a socket holds
	next := uint32(0)
	put := func(n int) {
		for range n {
			row := make([]byte, size)
			binary.BigEndian.PutUint32(row, next)
			next++
			if err := b.End(append(b.Begin(), row...)); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(rows / 2) // nobody reads: the socket fills, the rest is queued
	if b.Queued() == 0 {
		t.Fatal("a socket that nobody reads took everything: the test tries nothing")
	}
	want := uint32(0)
	row := make([]byte, size)
	read := func(n int) {
		for range n {
			if _, err := io.ReadFull(peer, row); err != nil {
				t.Fatal(err)
			}
			if got := binary.BigEndian.Uint32(row); got != want {
				t.Fatalf("row %d came when %d was to", got, want)
			}
			want++
		}
	}
	read(rows / 2)
	for range rows / 2 { // one by one: each is written at once
		put(1)
		read(1)
	}
	b.Close()
	<-b.Done()
}
