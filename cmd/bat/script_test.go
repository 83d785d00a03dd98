package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bat": main})
}

// TestScript runs the stories in testdata/script. Besides the usual commands a
// story has
//
//	up [ARG...]       starts `bat up` and waits for READY; $HTTP and $ZMQ are its addresses
//	told REGEXP       waits until the running `bat up` has printed it
//	down              stops it in order and wants exit code 0
//	kill9             kills it
//	mind SELECTOR=FILE...   serves a scripted mind; $MIND is its spec
//	asked REGEXP      wants the last prompt of the mind to match
//	get PATH REGEXP   wants the page at PATH to match
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			world := &story{}
			env.Values[storyKey{}] = world
			env.Defer(func() { world.end() })
			env.Setenv("BAT_IMAGE", "")
			env.Setenv("OLLAMA_HOST", "127.0.0.1:1")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"up": cmdUp, "told": cmdTold, "down": cmdDown, "kill9": cmdKill,
			"mind": cmdMind, "asked": cmdAsked, "get": cmdGet,
		},
	})
}

type storyKey struct{}

// story is what runs beside a script.
type story struct {
	up   *process
	mind *scriptedMind
}

func (s *story) end() {
	if s.up != nil {
		s.up.kill()
	}
	if s.mind != nil {
		s.mind.Close()
	}
}

func storyOf(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }

// process is a `bat up` whose output can be waited for.
type process struct {
	cmd    *exec.Cmd
	mu     sync.Mutex
	more   *sync.Cond
	out    bytes.Buffer
	exited bool
	err    error
	done   chan struct{}
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.Write(b)
	p.more.Broadcast()
	return len(b), nil
}

func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	p.more = sync.NewCond(&p.mu)
	cmd.Stdout, cmd.Stderr = p, p
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		err := cmd.Wait()
		p.mu.Lock()
		p.exited, p.err = true, err
		p.more.Broadcast()
		p.mu.Unlock()
		close(p.done)
	}()
	return p, nil
}

// wait gives the match of a pattern in the output, once it is there.
func (p *process) wait(pattern string, limit time.Duration) ([]string, error) {
	re, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return nil, err
	}
	late := false
	timer := time.AfterFunc(limit, func() {
		p.mu.Lock()
		late = true
		p.more.Broadcast()
		p.mu.Unlock()
	})
	defer timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if m := re.FindStringSubmatch(p.out.String()); m != nil {
			return m, nil
		}
		if p.exited || late {
			return nil, fmt.Errorf("no %q (ended: %v, %v) in:\n%s", pattern, p.exited, p.err, p.out.String())
		}
		p.more.Wait()
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// stop ends it in order and gives its error.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-p.done:
		return p.err
	case <-time.After(30 * time.Second):
		p.kill()
		return errors.New("did not end within 30 s of SIGTERM")
	}
}

func cmdUp(ts *testscript.TestScript, neg bool, args []string) {
	s := storyOf(ts)
	if s.up != nil {
		ts.Fatalf("an image is up already")
	}
	program, err := exec.LookPath("bat")
	ts.Check(err)
	cmd := exec.Command(program, append([]string{"up", "--no-open", "--http", "127.0.0.1:0", "--zmq", "tcp://127.0.0.1:0"}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "BAT_IMAGE", "OLLAMA_HOST"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	up, err := startProcess(cmd)
	ts.Check(err)
	m, err := up.wait(`^READY image=\S+ http=(http://\S+) zmq=(tcp://\S+) pid=\d+$`, time.Minute)
	if neg {
		if err == nil {
			up.kill()
			ts.Fatalf("bat up did not fail")
		}
		up.kill()
		return
	}
	if err != nil {
		up.kill()
		ts.Fatalf("%v", err)
	}
	s.up = up
	ts.Setenv("HTTP", m[1])
	ts.Setenv("ZMQ", m[2])
}

func upOf(ts *testscript.TestScript) *process {
	s := storyOf(ts)
	if s.up == nil {
		ts.Fatalf("no image is up")
	}
	return s.up
}

func cmdTold(ts *testscript.TestScript, neg bool, args []string) {
	p := upOf(ts)
	if neg {
		p.mu.Lock()
		defer p.mu.Unlock()
		if regexp.MustCompile("(?m)" + args[0]).MatchString(p.out.String()) {
			ts.Fatalf("%q was printed:\n%s", args[0], p.out.String())
		}
		return
	}
	_, err := p.wait(args[0], 30*time.Second)
	ts.Check(err)
}

func cmdDown(ts *testscript.TestScript, neg bool, args []string) {
	p := upOf(ts)
	err := p.stop()
	storyOf(ts).up = nil
	if err != nil {
		ts.Fatalf("bat up ended with %v:\n%s", err, p.out.String())
	}
}

func cmdKill(ts *testscript.TestScript, neg bool, args []string) {
	upOf(ts).kill()
	storyOf(ts).up = nil
}

func cmdMind(ts *testscript.TestScript, neg bool, args []string) {
	s := storyOf(ts)
	answers := map[string][]string{}
	for _, a := range args {
		selector, file, ok := strings.Cut(a, "=")
		if !ok {
			ts.Fatalf("usage: mind SELECTOR=FILE...")
		}
		answers[selector] = append(answers[selector], ts.ReadFile(file))
	}
	if s.mind != nil {
		s.mind.Close()
	}
	s.mind = serveMind(answers)
	ts.Setenv("MIND", s.mind.spec())
}

func cmdAsked(ts *testscript.TestScript, neg bool, args []string) {
	s := storyOf(ts)
	s.mind.mu.Lock()
	defer s.mind.mu.Unlock()
	last := ""
	if n := len(s.mind.prompts); n > 0 {
		last = s.mind.prompts[n-1]
	}
	if regexp.MustCompile(args[0]).MatchString(last) == neg {
		ts.Fatalf("the last prompt:\n%s", last)
	}
}

func cmdGet(ts *testscript.TestScript, neg bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(ts.Getenv("HTTP"), "/")+args[0], nil)
	ts.Check(err)
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer response.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	ts.Check(err)
	if regexp.MustCompile(args[1]).Match(body.Bytes()) == neg {
		ts.Fatalf("%s %s:\n%s", response.Status, args[0], body.String())
	}
}

// tool finds a program that tests need: a missing one skips, but under CI it
// is an error.
func tool(t *testing.T, name string, check ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil && len(check) > 0 {
		err = exec.Command(path, check...).Run()
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is needed: %v", name, err)
		}
		t.Skipf("%s is needed: %v (see CONTRIBUTING.md)", name, err)
	}
	return path
}
