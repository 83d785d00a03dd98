package zmtp

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// echo serves a ROUTER that gives each message back.
func echo(t *testing.T, o Options) *Server {
	t.Helper()
	return serve(t, o, func(c *Conn) {
		for {
			parts, err := c.Receive()
			var large *TooLargeError
			switch {
			case errors.As(err, &large):
				c.Send([]byte("too large"))
			case err != nil:
				return
			default:
				c.Send(parts...)
			}
		}
	})
}

func serve(t *testing.T, o Options, connection func(*Conn)) *Server {
	t.Helper()
	s, err := Listen("tcp://127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, connection) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	return s
}

func connect(t *testing.T, s *Server, identity string) *Conn {
	t.Helper()
	c, err := Dial(t.Context(), s.Addr(), Options{Identity: identity})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Abort()
		<-c.Done()
	})
	return c
}

// exchange sends a message and wants it back.
func exchange(t *testing.T, c *Conn, parts ...[]byte) {
	t.Helper()
	if err := c.Send(parts...); err != nil {
		t.Fatal(err)
	}
	got, err := c.Receive()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(parts) {
		t.Fatalf("got %d parts; want %d", len(got), len(parts))
	}
	for i := range got {
		if !bytes.Equal(got[i], parts[i]) {
			t.Fatalf("part %d: got %d bytes; want %d", i, len(got[i]), len(parts[i]))
		}
	}
}

func TestMessages(t *testing.T) {
	c := connect(t, echo(t, Options{}), "me")
	exchange(t, c, []byte("hello"))
	exchange(t, c, nil, []byte("after an empty part"))
	for _, size := range []int{0, 1, 255, 256, 65_536, 3 << 20, 16 << 20} {
		exchange(t, c, bytes.Repeat([]byte{byte(size)}, size))
	}
	exchange(t, c, bytes.Split([]byte("a b c d e f g h i j k l m n o p"), []byte(" "))...)
}

// dial opens a bare socket to the server, with the greetings exchanged when
// greet is set, and READY too when ready is.
func dial(t *testing.T, s *Server, greet, ready bool) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if greet {
		write(conn, greeting())
		read(t, conn, greetingBytes)
		size := len(readyCommand("ROUTER", ""))
		read(t, conn, 2+size)
	}
	if ready {
		write(conn, command(readyCommand("DEALER", "")))
	}
	return conn
}

// write writes what the server may refuse to read on.
func write(conn net.Conn, b []byte) { conn.Write(b) }

func read(t *testing.T, conn net.Conn, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(conn, b); err != nil {
		t.Fatal(err)
	}
	return b
}

func command(body []byte) []byte {
	return append(appendFrame(nil, flagCommand, len(body)), body...)
}

func long(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | flagLong}, size)
}

// Whatever a stranger sends, its connection ends and others are served.
func TestHostilePeers(t *testing.T) {
	s := echo(t, Options{})
	witness := connect(t, s, "")
	connect(t, s, "taken")
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(rand.Uint32())
	}
	badMechanism := greeting()
	copy(badMechanism[12:32], "CURVE\x00")
	old := greeting()
	old[10] = 2
	before := memory()
	for name, peer := range map[string]struct {
		greet, ready bool
		send         []byte
		refusal      string // what an ERROR command says
	}{
		"HTTP":                      {send: []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")},
		"TLS hello":                 {send: []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")},
		"random":                    {send: random},
		"random after the greeting": {greet: true, send: random},
		"zeros":                     {send: make([]byte, 100)},
		"another mechanism":         {send: badMechanism},
		"an old version":            {send: old},
		"a message before READY":    {greet: true, send: []byte{0, 1, 'x'}},
		"no READY but PING":         {greet: true, send: command([]byte("\x04PING\x00\x00"))},
		"a huge READY":              {greet: true, send: long(flagCommand, 1<<62)},
		"a READY of 9 kB":           {greet: true, send: append(long(flagCommand, 9<<10), make([]byte, 9<<10)...)},
		"metadata cut short":        {greet: true, send: command([]byte("\x05READY\x0bSocket-Type\x00\x00\x00\xffDEALER")), refusal: "metadata"},
		"a property without a name": {greet: true, send: command([]byte("\x05READY\xff")), refusal: "metadata"},
		"a PUB socket":              {greet: true, send: command(readyCommand("PUB", "")), refusal: "socket type"},
		"an identity of 400 bytes":  {greet: true, send: command(readyCommand("DEALER", strings.Repeat("x", 400))), refusal: "identity"},
		"an identity with a zero":   {greet: true, send: command(readyCommand("DEALER", "\x00x")), refusal: "identity"},
		"an identity in use":        {greet: true, send: command(readyCommand("DEALER", "taken")), refusal: "in use"},
		"a frame of 2^62 bytes":     {greet: true, ready: true, send: append(long(0, 1<<62), 'x'), refusal: "too large"},
		"a frame of 2^63 bytes":     {greet: true, ready: true, send: long(0, 1<<63), refusal: "too large"},
		"reserved flags":            {greet: true, ready: true, send: []byte{0x80, 1, 'x'}},
		"a command with more":       {greet: true, ready: true, send: []byte{flagCommand | flagMore, 1, 'x'}},
		"a large command":           {greet: true, ready: true, send: long(flagCommand, 1<<20)},
		"an empty command":          {greet: true, ready: true, send: []byte{flagCommand, 0}},
		"a PING cut short":          {greet: true, ready: true, send: command([]byte("\x04PING\x00"))},
		"200,000 parts":             {greet: true, ready: true, send: bytes.Repeat([]byte{flagMore, 0}, 200_000)},
	} {
		conn := dial(t, s, peer.greet, peer.ready)
		conn.SetDeadline(time.Now().Add(20 * time.Second))
		go write(conn, peer.send) // ends with the connection
		got, err := io.ReadAll(conn)
		if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: the connection stays", name)
		}
		if !strings.Contains(string(got), peer.refusal) {
			t.Errorf("%s: got %q; want a refusal about %q", name, got, peer.refusal)
		}
		exchange(t, witness, []byte(name))
	}
	if grown := memory() - before; grown > 64<<20 {
		t.Errorf("%d MiB were allocated", grown>>20)
	}
}

// memory tells how many bytes were ever allocated.
func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// Silent and half connections neither keep others out nor stay for ever.
func TestHalfGreetings(t *testing.T) {
	s := echo(t, Options{Handshake: 300 * time.Millisecond})
	var halves []net.Conn
	for i := range 100 {
		conn := dial(t, s, false, false)
		write(conn, greeting()[:i%64])
		halves = append(halves, conn)
	}
	exchange(t, connect(t, s, ""), []byte("others get in"))
	for i, conn := range halves {
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := io.ReadAll(conn); err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("connection %d stays", i)
		}
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	s := echo(t, Options{MaxConns: 3})
	for range 3 {
		exchange(t, connect(t, s, ""), []byte("in"))
	}
	if c, err := Dial(t.Context(), s.Addr(), Options{}); err == nil {
		c.Abort()
		t.Error("a fourth connection was taken")
	}
}

func TestPingIsAnsweredWithItsContext(t *testing.T) {
	conn := dial(t, echo(t, Options{}), true, true)
	for _, context := range []string{"", "sixteen bytes xx"} {
		write(conn, command([]byte("\x04PING\x00\x64"+context)))
		if got := read(t, conn, 7+len(context)); string(got[2:]) != "\x04PONG"+context || got[0] != flagCommand {
			t.Errorf("got %q", got)
		}
	}
	write(conn, append(command([]byte("\x04PING\x00\x00x")), 0, 2, 'h', 'i'))
	if got := read(t, conn, 8+4); string(got) != "\x04\x06\x04PONGx\x00\x02hi" {
		t.Errorf("got %q", got)
	}
}

// A message over the limit is told and read over; commands and messages behind
// it arrive.
func TestOversizeMessage(t *testing.T) {
	c := connect(t, echo(t, Options{MaxFrame: 1000}), "")
	for _, parts := range [][][]byte{
		{make([]byte, 1001)},
		{make([]byte, 600), make([]byte, 600), make([]byte, 600)},
		{make([]byte, 1_000_000), []byte("x")},
	} {
		if err := c.Send(parts...); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Receive(); err != nil || string(got[0]) != "too large" {
			t.Errorf("got %q, %v", got, err)
		}
		exchange(t, c, make([]byte, 1000))
	}
}

// A peer that takes no answers is not read any further, costs bounded memory,
// and keeps nobody waiting; nothing is lost when it reads at last.
func TestSlowReader(t *testing.T) {
	s := echo(t, Options{HighWater: 64 << 10})
	slow, other := connect(t, s, ""), connect(t, s, "")
	const n = 3000
	sent := make(chan error, 1)
	go func() {
		message := make([]byte, 10_000)
		for i := range n {
			binary.BigEndian.PutUint32(message, uint32(i))
			if err := slow.Send(message); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for i := range 200 {
		exchange(t, other, fmt.Appendf(nil, "message %d", i))
	}
	for i := range n {
		got, err := slow.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if at := binary.BigEndian.Uint32(got[0]); int(at) != i || len(got[0]) != 10_000 {
			t.Fatalf("got message %d; want %d", at, i)
		}
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

// A peer that never reads is cut after the write timeout.
func TestPeerThatNeverReads(t *testing.T) {
	ended := make(chan error, 1)
	s := serve(t, Options{WriteTimeout: 100 * time.Millisecond, HighWater: 1}, func(c *Conn) {
		c.Send(make([]byte, 64<<20)) // more than kernels buffer
		_, err := c.Receive()
		ended <- err
	})
	dial(t, s, true, true)
	if err := <-ended; err == nil {
		t.Error("the connection goes on")
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	s, err := Listen("tcp://127.0.0.1:0", Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	inside := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- s.Serve(ctx, func(c *Conn) {
			close(inside)
			for {
				if _, err := c.Receive(); err != nil {
					return
				}
			}
		})
	}()
	connect(t, s, "")
	dial(t, s, false, false)
	<-inside
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := Dial(t.Context(), s.Addr(), Options{}); err == nil {
		t.Error("the address is still bound")
	}
}

func TestDialNotZMTP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err == nil {
			conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			io.Copy(io.Discard, conn)
			conn.Close()
		}
	}()
	if _, err := Dial(t.Context(), "tcp://"+l.Addr().String(), Options{}); !errors.Is(err, ErrNotZMTP) {
		t.Errorf("got %v", err)
	}
	for _, addr := range []string{"127.0.0.1:5555", "udp://127.0.0.1:1", ""} {
		if _, err := Dial(t.Context(), addr, Options{}); err == nil || !strings.Contains(err.Error(), "is no address") {
			t.Errorf("%q: got %v", addr, err)
		}
	}
}
