package lang

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"batos/image"
	"batos/lang/syntax"
)

func init() { checkCaches = true }

var update = flag.Bool("update", false, "write golden files anew")

// chunk is one program of a script file, with the failure it expects.
type chunk struct {
	line    int
	text    string
	want    *regexp.Regexp // of the error
	errLine int            // within text, from 1
}

// chunksOf reads a script file: programs between lines of "---". A comment
// `### "regexp"` says that the program fails at its line with that error.
func chunksOf(t *testing.T, path string) []chunk {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var chunks []chunk
	line := 1
	for _, text := range strings.Split(string(data), "\n---\n") {
		c := chunk{line: line, text: text}
		for i, l := range strings.Split(text, "\n") {
			if _, mark, ok := strings.Cut(l, `### "`); ok {
				c.want = regexp.MustCompile(strings.TrimSuffix(strings.TrimSpace(mark), `"`))
				c.errLine = i + 1
			}
		}
		chunks = append(chunks, c)
		line += strings.Count(text, "\n") + 2
	}
	return chunks
}

// evaluate runs a program on a machine of its own and gives what it printed.
func evaluate(text string, l Limits) (printed string, m *Machine, err error) {
	var out strings.Builder
	m = NewMachine(image.NewHeap(), &Host{Print: func(s string) { out.WriteString(s) }})
	m.Begin(l)
	body, err := syntax.ParseBody(text)
	if err == nil {
		_, err = m.Eval(body, image.None())
	}
	return out.String(), m, err
}

// TestScripts runs every script. What a chunk prints must be what CPython
// prints for it; a chunk that expects a failure must fail at that line, in
// CPython too.
func TestScripts(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("python3, the oracle, is missing")
	}
	files, err := filepath.Glob("testdata/script/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			chunks := chunksOf(t, file)
			var want []string
			if python != "" {
				want = oracle(t, python, chunks)
			}
			for i, c := range chunks {
				got, _, err := evaluate(c.text, Limits{})
				where := file + ":" + itoa(c.line)
				switch {
				case c.want == nil && err != nil:
					t.Errorf("%s: %v", where, describe(err))
					continue
				case c.want != nil && err == nil:
					t.Errorf("%s: does not fail, but should with %s", where, c.want)
					continue
				case c.want != nil:
					if line := failedAt(err); !c.want.MatchString(errorText(err)) || line != c.errLine {
						t.Errorf("%s: fails at line %d with %q, want line %d and %s", where, line, errorText(err), c.errLine, c.want)
					}
					got += "!" + errorText(err) + "\n"
				}
				if want != nil && got != want[i] {
					t.Errorf("%s: prints\n%swhere CPython prints\n%s", where, got, want[i])
				}
			}
		})
	}
}

// oracle runs chunks under CPython: each in a function of its own name space,
// a failure printed as "!Class: text".
func oracle(t *testing.T, python string, chunks []chunk) []string {
	t.Helper()
	var b strings.Builder
	for i, c := range chunks {
		if i > 0 {
			b.WriteString("\x00")
		}
		b.WriteString(c.text)
	}
	cmd := exec.Command(python, "-c", `
import sys, io, contextlib
for text in sys.stdin.read().split("\0"):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(text, "chunk", "exec"), {"__name__": "chunk"})
        except BaseException as e:
            print("!" + (type(e).__name__ + ": " + str(e) if str(e) else type(e).__name__))
    sys.stdout.write(out.getvalue() + "\0")
`)
	cmd.Stdin = strings.NewReader(b.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func errorText(err error) string {
	var raised *Raised
	if errors.As(err, &raised) {
		text := raised.Error()
		return strings.TrimSuffix(text, ": ")
	}
	return err.Error()
}

func failedAt(err error) int {
	var raised *Raised
	var limit *Exhausted
	var trace []TraceLine
	switch {
	case errors.As(err, &raised):
		trace = raised.Exc.Traceback
	case errors.As(err, &limit):
		trace = limit.Traceback
	}
	if len(trace) == 0 {
		return 0
	}
	return trace[len(trace)-1].Line
}

func describe(err error) string {
	text := errorText(err)
	var raised *Raised
	if errors.As(err, &raised) {
		for _, l := range raised.Exc.Traceback {
			text += "\n\t" + itoa(l.Line) + ": " + l.Selector + ": " + l.Source
		}
	}
	return text
}

func itoa(n int) string { return grouped(int64(n)) }

// TestMachinesAreIndependent runs scripts on several machines at once: what
// they share is never written (go test -race watches).
func TestMachinesAreIndependent(t *testing.T) {
	var texts []string
	files, err := filepath.Glob("testdata/script/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		texts = append(texts, chunksOf(t, file)[0].text)
	}
	run := func() string {
		var all strings.Builder
		for _, text := range texts {
			out, _, err := evaluate(text, Limits{})
			all.WriteString(out)
			if err != nil {
				all.WriteString(errorText(err))
			}
		}
		return all.String()
	}
	want := run()
	results := make(chan string)
	const machines = 4
	for range machines {
		go func() { results <- run() }()
	}
	for range machines {
		if got := <-results; got != want {
			t.Error("a machine gives something else beside others than alone")
		}
	}
}
