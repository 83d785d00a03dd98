package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"

	"batos"
	"batos/bridge"
	"batos/bridge/client"
	"batos/bridge/contract"
	"batos/store"
)

// conn is a session with the image: the one that runs, or one that was opened
// for this command alone.
type conn struct {
	client  *client.Client
	onEvent func(*contract.Event)
	end     func()
}

// ask sends one command and waits for its reply. into, when not nil, gets the
// result. The error is a *contract.Error when the image said no.
func (c *conn) ask(ctx context.Context, command string, fields, into any) (*contract.Reply, error) {
	reply, err := c.client.Ask(ctx, command, fields, into)
	var refused *contract.Error
	if err != nil && !errors.As(err, &refused) && ctx.Err() == nil {
		return reply, &unreachableError{err}
	}
	return reply, err
}

func (c *conn) close() {
	c.client.Close()
	if c.end != nil {
		c.end()
	}
}

// connect opens a session: over the image's socket when it runs, else with an
// image opened here, which is closed with the session.
func (e *env) connect(ctx context.Context) (*conn, error) {
	c := &conn{}
	options := client.Options{Client: author(), OnEvent: func(event *contract.Event) {
		if c.onEvent != nil {
			c.onEvent(event)
		}
	}}
	var err error
	if c.client, err = client.Dial(ctx, "unix://"+socketPath(e.image), options); err == nil {
		return c, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if _, missing := os.Stat(filepath.Join(e.image, "MANIFEST.json")); errors.Is(missing, fs.ErrNotExist) {
		return nil, &unreachableError{fmt.Errorf("there is no image in %s; `bat up` makes one, --image names another directory", e.image)}
	}
	img, opened := batos.Open(e.image, batos.Options{Version: versionText()})
	if errors.Is(opened, store.ErrLocked) {
		return nil, &unreachableError{fmt.Errorf("%w (%s), but it does not answer on its socket: %w", store.ErrLocked, e.image, err)}
	}
	if opened != nil {
		return nil, &unreachableError{opened}
	}
	here, there := net.Pipe()
	server := bridge.New(img.Machine(), bridge.Options{Image: img.ID(), Version: versionText()})
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan struct{})
	go func() {
		defer close(served)
		server.ServeConn(serving, there)
	}()
	c.end = func() {
		stop()
		<-served
		if err := img.Close(context.WithoutCancel(ctx)); err != nil {
			fmt.Fprintf(e.errout, "error: closing %s: %v\n", e.image, err)
		}
	}
	if c.client, err = client.Over(ctx, here, options); err != nil {
		c.end()
		return nil, &unreachableError{err}
	}
	return c, nil
}

// author is how the log names who speaks.
func author() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "bat:" + u.Username
	}
	return "bat"
}

// maxSocketPath is what fits into a Unix socket's address.
const maxSocketPath = 100

// socketPath is the image's socket in a form that the kernel takes: a Unix
// socket's address holds 108 bytes, and images may lie deep.
func socketPath(imageDir string) string {
	path := filepath.Join(imageDir, "bridge.sock")
	if len(path) <= maxSocketPath {
		return path
	}
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, full); err == nil && len(rel) <= maxSocketPath {
		return rel
	}
	// Linux only: the directory by an open descriptor, kept for the process.
	dir, err := os.Open(filepath.Dir(full))
	if err != nil {
		return path
	}
	heldDirs = append(heldDirs, dir)
	return fmt.Sprintf("/proc/self/fd/%d/bridge.sock", dir.Fd())
}

// heldDirs keeps directories open that socket paths name by descriptor.
var heldDirs []*os.File
