package lang

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"batos/image"
	"batos/lang/syntax"
)

// expressionOracle prints, for each line of its input, the repr of the expression or the
// exception that it raises.
const expressionOracle = `
import sys, warnings
warnings.simplefilter("ignore")
import math, json, re, string, itertools, functools, collections, operator, statistics, textwrap, copy, heapq, bisect, datetime, random, base64, hashlib, decimal, fractions
for line in sys.stdin.buffer.read().decode().split("\n"):
    line = line.strip()
    if not line or line.startswith("#"):
        continue
    try:
        out = repr(eval(line))
    except Exception as e:
        out = type(e).__name__ + (": " + str(e) if str(e) else "")
    sys.stdout.buffer.write((out.replace("\\", "\\\\").replace("\n", "\\n") + "\n").encode())
`

// TestExpressions evaluates each line of the files in testdata/expression: the
// repr of its value, or the exception with its text, must be CPython's.
func TestExpressions(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3, the oracle, is missing")
		}
		t.Skip("python3 is missing")
	}
	files, err := filepath.Glob("testdata/expression/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no expressions: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(python, "-c", expressionOracle)
			cmd.Stdin = bytes.NewReader(data)
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("python3: %v", err)
			}
			want := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
			n := 0
			for i, line := range strings.Split(string(data), "\n") {
				line = strings.TrimSpace(line)
				if line == "" || line[0] == '#' {
					continue
				}
				if n >= len(want) {
					t.Fatal("python3 printed too little")
				}
				if got := outcome(line); got != want[n] {
					t.Errorf("%s:%d: %s\n got %s\nwant %s", file, i+1, line, got, want[n])
				}
				n++
			}
		})
	}
}

// imported are the modules that a line may use.
var imported = []string{"math", "json", "re", "string", "itertools", "functools", "collections", "operator",
	"statistics", "textwrap", "copy", "heapq", "bisect", "datetime", "random", "base64", "hashlib", "decimal", "fractions"}

func outcome(expression string) string {
	m := NewMachine(image.NewHeap(), nil)
	text := ""
	for _, name := range imported {
		if strings.Contains(expression, name+".") {
			text += "import " + name + "\n"
		}
	}
	body, err := syntax.ParseBody(text + "repr((" + expression + "\n))")
	if err != nil {
		return err.Error()
	}
	v, err := m.Eval(body, image.None())
	var raised *Raised
	switch {
	case errors.As(err, &raised):
		text = raised.Error()
	case err != nil:
		text = err.Error()
	default:
		text = v.Str()
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\\", "\\\\"), "\n", "\\n")
}
