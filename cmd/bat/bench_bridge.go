package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"batos/bridge/client"
	"batos/bridge/contract"
	"batos/bridge/load"
)

// bridge measures messages over ZeroMQ from this process to a `bat up` in
// another one.
func (b *benchmark) bridge(ctx context.Context) error {
	up, err := startUp(ctx, filepath.Join(b.dir, "image"))
	if err != nil {
		return err
	}
	defer up.kill()
	c, err := client.Dial(ctx, up.zmq, client.Options{Client: "bat bench"})
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Ask(ctx, "create_method", &contract.CreateMethod{Object: contract.Of("genesis_obj"), Name: "increment", Code: counter}, nil); err != nil {
		return err
	}
	for i := range 32 {
		code := fmt.Sprintf("self.counter_%d = self.clone(count=0)", i)
		if _, err := c.Ask(ctx, "eval", &contract.Eval{Code: code}, nil); err != nil {
			return err
		}
	}
	var rows []figure
	for _, clients := range []int{1, 8, 32} {
		f := figure{What: "messages over ZeroMQ", Clients: clients}
		err := b.beside(&f, func() error {
			got, err := load.Run(ctx, up.zmq, clients, 1, b.time, func(client, _ int) (string, any) {
				return "send", &contract.Send{Object: contract.Of(fmt.Sprintf("genesis_obj.counter_%d", client)), Selector: "increment"}
			})
			f.PerSecond, f.P50, f.P99 = got.PerSecond, milliseconds(got.P50), milliseconds(got.P99)
			return err
		})
		if err != nil {
			return err
		}
		rows = append(rows, f)
	}
	b.e.say("durable one-slot messages over ZeroMQ, one open request a client")
	return b.print(rows)
}

// start measures how long an image with many objects takes to READY, and the
// memory it then has.
func (b *benchmark) start(ctx context.Context) error {
	if b.objects == 0 {
		return nil
	}
	dir := filepath.Join(b.dir, "many")
	up, err := startUp(ctx, dir)
	if err != nil {
		return err
	}
	b.e.say("\nbuilding an image with %d objects", b.objects)
	took, err := b.build(ctx, up)
	if err != nil {
		up.kill()
		return err
	}
	b.e.say("built in %.1f s, %.0f objects/s", took.Seconds(), float64(b.objects)/took.Seconds())
	if err := up.stop(); err != nil {
		return err
	}
	var best, resident float64
	for i := range 5 {
		started := time.Now()
		if up, err = startUp(ctx, dir); err != nil {
			return err
		}
		ms := milliseconds(time.Since(started))
		rss, err := residentMB(up.cmd.Process.Pid)
		if err != nil {
			up.kill()
			return err
		}
		if i == 0 || ms < best {
			best = ms
		}
		resident = max(resident, rss)
		if err := up.stop(); err != nil {
			return err
		}
	}
	if b.e.json {
		return b.e.printJSON(map[string]any{"what": "start", "objects": int64(b.objects), "ready_ms": best, "resident_mb": resident})
	}
	_, err = fmt.Fprintf(b.e.out, "start to READY %.0f ms (smallest of 5, process start included), %.0f MB resident (largest)\n", best, resident)
	return err
}

// build makes objects a thousand a message, each thousand held by a slot.
func (b *benchmark) build(ctx context.Context, up *child) (time.Duration, error) {
	c, err := client.Dial(ctx, up.zmq, client.Options{Client: "bat bench"})
	if err != nil {
		return 0, err
	}
	defer c.Close()
	started := time.Now()
	if _, err := c.Ask(ctx, "eval", &contract.Eval{Code: "self.many = self.clone()"}, nil); err != nil {
		return 0, err
	}
	for done := 0; done < b.objects; done += 1000 {
		n := min(1000, b.objects-done)
		code := fmt.Sprintf("self.many.part_%d = [self.clone(number=%d + i, name=f'object {i}') for i in range(%d)]\nNone", done/1000, done, n)
		if _, err := c.Ask(ctx, "eval", &contract.Eval{Code: code}, nil); err != nil {
			return 0, err
		}
	}
	return time.Since(started), nil
}

// child is a `bat up` in a process of its own.
type child struct {
	cmd  *exec.Cmd
	http string
	zmq  string
	out  io.Closer
}

// startUp starts this program's own `bat up` and waits for READY.
func startUp(ctx context.Context, dir string, more ...string) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := append([]string{"up", "-q", "--no-open", "--image", dir, "--http", "127.0.0.1:0", "--zmq", "tcp://127.0.0.1:0"}, more...)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	up := &child{cmd: cmd, out: out}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		rest, ready := strings.CutPrefix(lines.Text(), "READY ")
		if !ready {
			continue
		}
		for _, field := range strings.Fields(rest) {
			name, value, _ := strings.Cut(field, "=")
			switch name {
			case "http":
				up.http = value
			case "zmq":
				up.zmq = value
			}
		}
		go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the child
		return up, nil
	}
	up.kill()
	return nil, fmt.Errorf("`bat up` for %s ended before READY: %v", dir, cmd.ProcessState)
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// stop ends the child in order.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return c.cmd.Wait()
}

// residentMB reads a process's resident memory (Linux).
func residentMB(pid int) (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1000, err
		}
	}
	return 0, fmt.Errorf("no VmRSS for process %d", pid)
}
