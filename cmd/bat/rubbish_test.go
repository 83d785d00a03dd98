package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"batos/bridge/client"
	"batos/bridge/contract"
)

// TestRubbish gives a running image everything that it should refuse, while
// another client checks that it is served meanwhile.
func TestRubbish(t *testing.T) {
	up := startImage(t, filepath.Join(t.TempDir(), "image"))
	defer up.kill()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := client.Dial(ctx, up.zmq, client.Options{Client: "rubbish"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	bystander, err := client.Dial(ctx, up.zmq, client.Options{Client: "bystander"})
	if err != nil {
		t.Fatal(err)
	}
	defer bystander.Close()
	served := func() {
		t.Helper()
		short, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		if reply, err := bystander.Ask(short, "eval", &contract.Eval{Code: "6 * 7"}, nil); err != nil || reply.Result != int64(42) {
			t.Fatalf("another client is not served: %v, %v", reply, err)
		}
	}
	address := strings.TrimPrefix(up.zmq, "tcp://")

	t.Run("bytes", func(t *testing.T) {
		greeting := append([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1}, append([]byte("NULL"), make([]byte, 48)...)...)
		huge := append([]byte{0x02}, binary.BigEndian.AppendUint64(nil, 1<<62)...)
		for name, rubbish := range map[string][]byte{
			"http":                  []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
			"zeros":                 make([]byte, 4096),
			"random":                bytes.Repeat([]byte{0x9c, 0x01, 0xfe, 0x33}, 500),
			"a frame of 2^62 bytes": append(append([]byte{}, greeting...), huge...),
		} {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			defer conn.Close()
			if _, err := conn.Write(rubbish); err != nil {
				t.Logf("%s: %v", name, err) // cut before it was all written
			}
			if err := conn.SetReadDeadline(time.Now().Add(15 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: the connection was not cut", name)
			}
			served()
		}
		half, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer half.Close()
		if _, err := half.Write(greeting[:20]); err != nil {
			t.Fatal(err)
		}
		served()
	})

	send := func(selector, code string) (string, any) {
		if _, err := c.Ask(ctx, "create_method", &contract.CreateMethod{Object: contract.Of("genesis_obj"), Name: selector, Code: code}, nil); err != nil {
			t.Fatalf("%s: %v", selector, err)
		}
		return "send", &contract.Send{Object: contract.Of("genesis_obj"), Selector: selector, Running: contract.Running{Deadline: 2}}
	}
	for _, row := range []struct {
		name  string
		ask   func() (string, any)
		code  contract.Code
		words string // in the sentence
	}{
		{"unknown command", func() (string, any) { return "dance", &contract.Nothing{} }, contract.CodeUnknownCommand, "dance"},
		{"code that does not parse", func() (string, any) {
			return "create_method", &contract.CreateMethod{Object: contract.Of("genesis_obj"), Name: "f", Code: "def f(self:\n  pass"}
		}, contract.CodeSyntaxError, ""},
		{"a method of another name", func() (string, any) {
			return "create_method", &contract.CreateMethod{Object: contract.Of("genesis_obj"), Name: "f", Code: "def g(self):\n  pass"}
		}, contract.CodeAuditRefused, "f"},
		{"no such object", func() (string, any) {
			return "send", &contract.Send{Object: contract.Of("nobody"), Selector: "x"}
		}, contract.CodeNoSuchObject, "nobody"},
		{"a loop for ever", func() (string, any) { return send("loop", "def loop(self):\n    while True:\n        pass") }, contract.CodeFuel, ""},
		{"a text of 10**12", func() (string, any) { return send("grow", "def grow(self):\n    return 'x' * 10**12") }, contract.CodeMemory, ""},
		{"recursion", func() (string, any) { return send("deep", "def deep(self):\n    return self.deep()") }, contract.CodeDepth, ""},
		{"a cycle of parents", func() (string, any) {
			return send("turn", "def turn(self):\n    child = self.clone()\n    child['parent*'] = self\n    self['parent*'] = child")
		}, contract.CodeSlotError, "delegate"},
		{"a closure in a slot", func() (string, any) {
			return send("keep", "def keep(self):\n    self.kept = lambda: 1")
		}, contract.CodeSlotError, "kept"},
		{"breaking the organisation", func() (string, any) {
			return "eval", &contract.Eval{Code: "self['parent*'] = []"}
		}, contract.CodeOrganization, ""},
		{"rewriting the codex", func() (string, any) {
			return "eval", &contract.Eval{Code: "codex.first = 'nothing'"}
		}, contract.CodeOrganization, "codex"},
		{"a network", func() (string, any) { return "eval", &contract.Eval{Code: "import socket"} }, contract.CodeMethodError, "socket"},
		{"a file", func() (string, any) { return "eval", &contract.Eval{Code: "open('/etc/passwd')"} }, contract.CodeMethodError, "open"},
	} {
		t.Run(row.name, func(t *testing.T) {
			command, fields := row.ask()
			_, err := c.Ask(ctx, command, fields, nil)
			var refused *contract.Error
			if !errors.As(err, &refused) {
				t.Fatalf("got %v", err)
			}
			if refused.Code != row.code || !strings.Contains(refused.Message, row.words) {
				t.Errorf("got %v", refused)
			}
			t.Log(refused)
			served()
		})
	}
	// A loop ends by fuel or by the deadline, whichever comes first.
	reply, err := c.Ask(ctx, "send", &contract.Send{Object: contract.Of("genesis_obj"), Selector: "loop", Running: contract.Running{Fuel: 10_000}}, nil)
	var refused *contract.Error
	if !errors.As(err, &refused) || refused.Code != contract.CodeFuel {
		t.Errorf("a loop with little fuel: %v, %v", reply, err)
	}
	served()
}
