package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// step is one command of a console block with what it should print.
type step struct {
	command string
	output  string
}

// TestReadme runs the tour of README.md, as a newcomer would type it.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, ok := strings.Cut(string(text), "## A tour of five minutes\n")
	if !ok {
		t.Fatal("README.md has no tour")
	}
	tour, _, _ = strings.Cut(tour, "\n## ")
	dir := t.TempDir()
	var up *process
	defer func() {
		if up != nil {
			up.kill()
		}
	}()
	steps := 0
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(tour, -1) {
		for _, s := range consoleSteps(block[1]) {
			steps++
			if s.command == "bat up" {
				up = tourUp(t, dir)
				if _, err := up.wait(wildcard(s.output), time.Minute); err != nil {
					t.Fatal(err)
				}
				continue
			}
			cmd := exec.Command("sh", "-c", s.command)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			t.Logf("$ %s\n%s", s.command, out)
			if strings.Contains("\n"+s.output, "\nerror: ") == (err == nil) {
				t.Errorf("$ %s: %v", s.command, err)
			}
			if !regexp.MustCompile(`\A` + wildcard(s.output) + `\z`).Match(bytes.TrimRight(out, "\n")) {
				t.Errorf("$ %s\nprints\n%s\nand README.md says\n%s", s.command, out, s.output)
			}
		}
	}
	if steps < 10 {
		t.Fatalf("the tour has only %d steps: the blocks were not understood", steps)
	}
	if _, err := up.wait(`Phase 4: Functional Validation`, time.Minute); err != nil {
		t.Error(err)
	}
	if err := up.stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func tourUp(t *testing.T, dir string) *process {
	program, err := exec.LookPath("bat")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "up", "--no-open", "--http", "127.0.0.1:0", "--zmq", "tcp://127.0.0.1:0")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "OLLAMA_HOST=127.0.0.1:1")
	up, err := startProcess(cmd)
	if err != nil {
		t.Fatal(err)
	}
	return up
}

// consoleSteps takes a block apart: "$ " begins a command, "> " goes on with it.
func consoleSteps(block string) []step {
	var steps []step
	for line := range strings.Lines(block) {
		line = strings.TrimRight(line, "\n")
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			steps = append(steps, step{command: command})
			continue
		}
		s := &steps[len(steps)-1]
		if more, ok := strings.CutPrefix(line, ">"); ok && s.output == "" && strings.Contains(s.command, "<<") {
			s.command += "\n" + strings.TrimPrefix(more, " ")
			continue
		}
		if s.output != "" {
			s.output += "\n"
		}
		s.output += line
	}
	return steps
}

// wildcard makes a pattern of what README.md shows: "..." matches anything,
// also nothing.
func wildcard(shown string) string {
	return "(?s:" + strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(shown), "\n"+regexp.QuoteMeta("..."), "(?:\n.*)?"), regexp.QuoteMeta("..."), ".*") + ")"
}

// TestReadmeCommands checks that the two commands stand where others look for
// them.
func TestReadmeCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"(?m)^<!-- run --> `go run ./cmd/bat up`$", "(?m)^<!-- test --> `go test ./...`$"} {
		if !regexp.MustCompile(pattern).Match(text) {
			t.Errorf("README.md lacks %s", pattern)
		}
	}
}
