package lang_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"batos/image"
	"batos/lang"
	"batos/lang/syntax"
)

// result is what a chunk printed, and the last line of the traceback it ended
// with.
type result struct {
	Out   string `json:"out"`
	Error string `json:"error"`
}

// TestDifferential runs every chunk of testdata/diff, programs as models write
// them, here and under CPython 3.11, and wants the same output and the same
// last error line. A chunk whose first line is "# differs: why" must differ.
func TestDifferential(t *testing.T) {
	files, err := filepath.Glob("testdata/diff/*.py")
	if err != nil || len(files) == 0 {
		t.Fatal("no chunks", err)
	}
	wanted := underPython(t, files)
	total := 0
	for i, file := range files {
		total += len(wanted[i])
		t.Run(strings.TrimSuffix(filepath.Base(file), ".py"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			chunks := strings.Split(string(text), "\n---\n")
			if len(chunks) != len(wanted[i]) {
				t.Fatalf("%d chunks, but CPython ran %d", len(chunks), len(wanted[i]))
			}
			line := 1
			for k, chunk := range chunks {
				compare(t, fmt.Sprintf("%s:%d", file, line), chunk+"\n", wanted[i][k])
				line += strings.Count(chunk, "\n") + 2
			}
		})
	}
	if total < 400 {
		t.Errorf("only %d chunks", total)
	}
}

func compare(t *testing.T, where, chunk string, want result) {
	t.Helper()
	got := here(chunk)
	if why, ok := strings.CutPrefix(chunk, "# differs: "); ok {
		why, _, _ = strings.Cut(why, "\n")
		if got == want {
			t.Errorf("%s: no difference any more: %s", where, why)
		} else {
			t.Logf("%s differs: %s", where, why)
		}
		return
	}
	if got != want {
		t.Errorf("%s:\n%s--- here\n%s%s\n--- CPython\n%s%s\n", where, chunk, got.Out, got.Error, want.Out, want.Error)
	}
}

// here runs a chunk on a machine of its own.
func here(chunk string) (r result) {
	var out strings.Builder
	m := lang.NewMachine(image.NewHeap(), &lang.Host{Print: func(s string) { out.WriteString(s) }})
	defer func() {
		if p := recover(); p != nil {
			r = result{out.String(), fmt.Sprintf("panic: %v", p)}
		}
	}()
	body, err := syntax.ParseBody(chunk)
	if err == nil {
		m.Begin(lang.Limits{})
		_, err = m.Eval(body, image.None())
	}
	return result{out.String(), lastLine(err)}
}

func lastLine(err error) string {
	var broken *syntax.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &broken):
		return broken.Class + ": " + broken.Msg
	}
	return err.Error()
}

// underPython runs all files under one CPython each.
func underPython(t *testing.T, files []string) [][]result {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 is needed to compare with")
		}
		t.Skip("no python3 to compare with")
	}
	cmd := exec.Command(python, append([]string{"testdata/run_diff.py"}, files...)...)
	cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8", "PYTHONHASHSEED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.String())
	}
	var all [][]result
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRefusedNames wants each name that methods do not have to say what to do
// instead.
func TestRefusedNames(t *testing.T) {
	for name, instead := range syntax.Refused {
		r := here("print('before')\n" + name + "\n")
		if want := "NameError: name '" + name + "' is not defined here: " + instead; r != (result{"before\n", want}) {
			t.Errorf("%s: %s", name, r.Error)
		}
		if own := here(name + " = 5\nprint(" + name + ")\n"); own.Out != "5\n" {
			t.Errorf("%s cannot be a name of one's own: %v", name, own)
		}
	}
}

// TestDifferencesAreDocumented wants the page for users to list every
// difference that the corpus shows, and to list nothing that it does not.
func TestDifferencesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, ok := strings.Cut(string(page), "## Where a program prints something else\n")
	if !ok {
		t.Fatal("the page has no list of differences")
	}
	list, _, _ = strings.Cut(list, "\n## ")
	shown := map[string]bool{}
	for _, c := range corpus(t) {
		if why, ok := strings.CutPrefix(c, "# differs: "); ok {
			why, _, _ = strings.Cut(why, "\n")
			shown[why] = true
			if !strings.Contains(list, "- "+why+"\n") {
				t.Errorf("not on the page: %s", why)
			}
		}
	}
	for _, line := range strings.Split(list, "\n") {
		if why, ok := strings.CutPrefix(line, "- "); ok && !shown[why] {
			t.Errorf("no program shows it: %s", why)
		}
	}
}
