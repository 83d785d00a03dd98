package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDealer talks to a running image as a Python programmer would: with
// pyzmq and msgpack and nothing of ours.
func TestDealer(t *testing.T) {
	python := tool(t, "/usr/bin/python3", "-c", "import zmq, msgpack")
	up := startImage(t, filepath.Join(t.TempDir(), "image"))
	defer up.kill()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, python, "testdata/dealer.py", up.zmq).CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "all well") {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
