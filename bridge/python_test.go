package bridge_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"

	"batos/bridge"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// python runs a script of testdata against the real libzmq; Debian's
// python3-zmq and python3-msgpack belong to the interpreter in /usr/bin.
func python(t *testing.T, script string, args ...string) string {
	t.Helper()
	const interpreter = "/usr/bin/python3"
	if out, err := exec.CommandContext(t.Context(), interpreter, "-c", "import zmq, msgpack").CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("python3-zmq and python3-msgpack are missing: %v\n%s", err, out)
		}
		t.Skip("python3-zmq and python3-msgpack are missing")
	}
	cmd := exec.CommandContext(t.Context(), interpreter, append([]string{"testdata/" + script}, args...)...)
	var out, faults bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &faults
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", script, err, out.Bytes(), faults.Bytes())
	}
	return out.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

func zmq(t *testing.T) string {
	t.Helper()
	bound, err := serve(t, newFake(), bridge.Options{}).ListenZMQ("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return bound
}

func TestPythonClients(t *testing.T) {
	golden(t, "testdata/dealer.txt", python(t, "dealer.py", zmq(t), "1"))
	golden(t, "testdata/bare.txt", python(t, "bare.py", zmq(t)))
}

func TestNothingIsLost(t *testing.T) {
	const count = "100000"
	if got := strings.TrimSpace(python(t, "flood.py", zmq(t), count)); got != count+" answered" {
		t.Errorf("got %q", got)
	}
}
