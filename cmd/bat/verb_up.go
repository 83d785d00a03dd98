package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"batos"
	"batos/bridge"
	"batos/bridge/contract"
	"batos/store"
	"batos/world"
)

// drainTime is how long running messages may take when the image closes.
const drainTime = 10 * time.Second

// upFlags are what `bat up` can be told.
type upFlags struct {
	zmq, http, mind string
	workers         int
	noOpen          bool
}

func upVerb() *verb {
	f := &upFlags{zmq: "tcp://127.0.0.1:5555", http: "127.0.0.1:5550"}
	return &verb{
		name: "up", args: "", short: "open (at first: awaken) the image, and serve it and its page",
		long: `
The first time, the primordial objects wake and genesis_obj holds the First
Conversation: it does not understand display_yourself, so it asks its mind to
write the method. Without a mind it waits for you: see ` + "`bat pending`" + ` and
` + "`bat answer`" + `, or answer on the page. Ctrl-C closes the image in order; nothing
that was acknowledged is lost if it is killed instead.

    bat up
    bat up --mind ollama:qwen3:8b
    bat up --mind http://127.0.0.1:8080/v1#my-model --http 127.0.0.1:0 --no-open`,
		flags: func(fs *flag.FlagSet) {
			fs.StringVar(&f.zmq, "zmq", f.zmq, "`address` for ZeroMQ clients (port 0: any free one)")
			fs.StringVar(&f.http, "http", f.http, "`address` of the page (port 0: any free one)")
			fs.StringVar(&f.mind, "mind", f.mind, "`SPEC` of the mind to put at the top of the ladder (see `bat mind --help`)")
			fs.IntVar(&f.workers, "workers", f.workers, "`number` of messages that run at once (0: one a core and one more)")
			fs.BoolVar(&f.noOpen, "no-open", f.noOpen, "do not open a browser")
		},
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) > 0 {
				return &usageError{"no arguments are taken"}
			}
			return up(ctx, e, f)
		},
	}
}

// serving is an image with its doors open.
type serving struct {
	img    *batos.Image
	bridge *bridge.Server
	web    *http.Server
	zmq    string // as READY tells it
	url    string
	failed chan error // a door that fell shut
}

func up(ctx context.Context, e *env, f *upFlags) error {
	e.say("BAT OS %s", versionText())
	img, err := batos.Open(e.image, batos.Options{Version: versionText(), Workers: f.workers, Create: true})
	if errors.Is(err, store.ErrFull) {
		return &unreachableError{fmt.Errorf("opening the image %s: its disk has too little free space: the store keeps some 150 MB in reserve, so that what it has begun can be written whole; free some, or choose another disk with --image", e.image)}
	}
	if err != nil {
		return &unreachableError{fmt.Errorf("opening the image %s: %w", e.image, err)}
	}
	s := &serving{img: img, failed: make(chan error, 1)}
	err = s.open(ctx, e, f)
	if err == nil {
		err = s.live(ctx, e, f)
	}
	if closing := s.close(e); err == nil {
		err = closing
	}
	return err
}

// open opens the doors: Unix socket, ZeroMQ, the page.
func (s *serving) open(ctx context.Context, e *env, f *upFlags) error {
	if f.mind != "" {
		if _, err := s.img.Machine().UseMind(ctx, architect(), f.mind); err != nil {
			return err
		}
	}
	token := world.NewToken()
	s.bridge = bridge.New(s.img.Machine(), bridge.Options{Image: s.img.ID(), Version: versionText(), Token: token})
	if err := s.bridge.ListenUnix(socketPath(e.image)); err != nil {
		return &unreachableError{fmt.Errorf("opening the socket of %s: %w", e.image, err)}
	}
	var err error
	if s.zmq, err = s.bridge.ListenZMQ(f.zmq); err != nil {
		return &unreachableError{fmt.Errorf("--zmq %s: %w; --zmq tcp://127.0.0.1:0 takes a free port", f.zmq, err)}
	}
	if err := onLoopback(f.http); err != nil {
		return &usageError{"--http " + f.http + ": " + err.Error()}
	}
	listener, err := net.Listen("tcp", f.http)
	if err != nil {
		return &unreachableError{fmt.Errorf("--http %s: %w; --http 127.0.0.1:0 takes a free port", f.http, err)}
	}
	s.url = "http://" + listener.Addr().String() + "/"
	e.say("the page, with the token that programs give over WebSocket: %s?token=%s", s.url, token)
	s.web = &http.Server{
		Handler: world.Handler(world.Options{
			Bridge: s.bridge, Schema: contract.Schema, Addr: listener.Addr().String(), Token: token, Metrics: s.metrics,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	go func() {
		if err := s.web.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			select {
			case s.failed <- err:
			default:
			}
		}
	}()
	return nil
}

// onLoopback refuses addresses that others could reach: HTTP beyond loopback
// needs TLS and a token, which this version does not have.
func onLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return errors.New("is not on loopback; beyond it TLS and a token are needed (--tls-cert, --token), which this version does not have. Use 127.0.0.1, and a tunnel such as ssh -L from elsewhere")
	}
	return nil
}

// live tells the phases, says READY and waits for the end.
func (s *serving) live(ctx context.Context, e *env, f *upFlags) error {
	talk := &conversation{e: e, machine: s.img.Machine()}
	talk.awakening(s.img)
	done, err := talk.begin(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if err := s.startHeartbeat(ctx, e); err != nil {
		return err
	}
	image := e.image
	if full, err := filepath.Abs(e.image); err == nil {
		image = full
	}
	fmt.Fprintf(e.out, "READY image=%s http=%s zmq=%s pid=%d\n", image, s.url, s.zmq, os.Getpid())
	if !f.noOpen {
		openBrowser(ctx, s.url)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-s.failed:
			return &unreachableError{fmt.Errorf("serving the page: %w", err)}
		case finish := <-done:
			done = nil
			finish()
		}
	}
}

// startHeartbeat sets the image's own clock going.
func (s *serving) startHeartbeat(ctx context.Context, e *env) error {
	r := s.img.Machine().Send(ctx, heartbeatRequest())
	if r.Err != nil {
		e.say("Autotelic Heartbeat not started: %v", r.Err)
		return nil
	}
	e.say("Autotelic Heartbeat started")
	return nil
}

// close lets running messages finish and makes everything durable.
func (s *serving) close(e *env) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	e.say("closing: running messages get %v to finish", drainTime)
	if s.bridge != nil {
		if err := s.bridge.Drain(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			e.say("closing the bridge: %v", err)
		}
	}
	if s.web != nil {
		if err := s.web.Shutdown(ctx); err != nil {
			s.web.Close()
		}
	}
	if err := s.img.Close(ctx); err != nil {
		return fmt.Errorf("closing the image: %w", err)
	}
	os.Remove(filepath.Join(e.image, "bridge.sock")) // ListenUnix would replace a stale one anyway
	e.say("the image sleeps; everything is kept")
	return nil
}

// say tells a person what goes on; -q keeps quiet.
func (e *env) say(format string, a ...any) {
	if !e.quiet {
		fmt.Fprintf(e.out, format+"\n", a...)
	}
}

// openBrowser shows the page when there is a display; it is a courtesy, so
// that it fails in silence.
func openBrowser(ctx context.Context, url string) {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return
	}
	if program, err := exec.LookPath("xdg-open"); err == nil {
		cmd := exec.CommandContext(ctx, program, url)
		if cmd.Start() == nil {
			go func() { _ = cmd.Wait() }() // reaps it
		}
	}
}

// metrics are the figures of /metrics.
func (s *serving) metrics() []world.Metric {
	return world.StatsMetrics(s.img.Machine().Stats())
}
