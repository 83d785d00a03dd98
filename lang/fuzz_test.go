package lang_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"batos/image"
	"batos/lang"
	"batos/lang/syntax"
)

// corpus is every chunk of testdata/diff.
func corpus(t testing.TB) (all []string) {
	files, err := filepath.Glob("testdata/diff/*.py")
	if err != nil || len(files) == 0 {
		t.Fatal("no chunks", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Split(string(text), "\n---\n")...)
	}
	return all
}

// runSmall runs a text under small limits and says what is wrong with how it
// went: a panic, a limit not kept, an error of no known kind.
func runSmall(text string) (wrong string) {
	defer func() {
		if p := recover(); p != nil {
			wrong = fmt.Sprintf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	body, err := syntax.ParseBody(text)
	if err != nil {
		return ""
	}
	const memory = 4 << 20
	printed := 0
	m := lang.NewMachine(image.NewHeap(), &lang.Host{Print: func(s string) { printed += len(s) }})
	m.Begin(lang.Limits{Fuel: 100_000, Memory: memory, Depth: 60, Deadline: 2 * time.Second})
	start := time.Now()
	_, err = m.Eval(body, image.None())
	if d := time.Since(start); d > 20*time.Second {
		return fmt.Sprintf("ran for %v with fuel for a few milliseconds", d)
	}
	var (
		raised    *lang.Raised
		exhausted *lang.Exhausted
		broken    *syntax.Error
	)
	switch {
	case err == nil, errors.As(err, &exhausted), errors.As(err, &broken):
	case errors.As(err, &raised):
		if raised.Error() == "" {
			return "an exception without a text"
		}
	default:
		return fmt.Sprintf("an error of no known kind: %T %v", err, err)
	}
	if used := m.Used(); used.Memory > memory || used.Fuel > 100_000+50_000 {
		return fmt.Sprintf("used %+v", used)
	}
	if printed > 16<<20 {
		return fmt.Sprintf("printed %d bytes", printed)
	}
	return ""
}

var words = regexp.MustCompile(`\w+|[^\w\s]|\s+`)

// mix puts words of one program into another.
func mix(r *rand.Rand, a, b string) string {
	x, y := words.FindAllString(a, -1), words.FindAllString(b, -1)
	if len(x) == 0 || len(y) == 0 {
		return a
	}
	for range 1 + r.IntN(3) {
		at, from := r.IntN(len(x)), r.IntN(len(y))
		switch r.IntN(3) {
		case 0:
			x[at] = y[from]
		case 1:
			n := min(1+r.IntN(6), len(y)-from)
			x[at] += strings.Join(y[from:from+n], "")
		default:
			x[at] = x[r.IntN(len(x))]
		}
	}
	return strings.Join(x, "")
}

// TestMixedPrograms runs programs made of pieces of others, most of them wrong
// in one way or another.
func TestMixedPrograms(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	all := corpus(t)
	ran := 0
	for range 30_000 {
		text := mix(r, all[r.IntN(len(all))], all[r.IntN(len(all))]) + "\n"
		if _, err := syntax.ParseBody(text); err != nil {
			continue
		}
		ran++
		if wrong := runSmall(text); wrong != "" {
			t.Errorf("%s\n%s", wrong, text)
		}
	}
	if ran < 2000 {
		t.Errorf("only %d of the programs parse", ran)
	}
}

// FuzzRun wants no text to break the machine or its limits.
func FuzzRun(f *testing.F) {
	for _, c := range corpus(f) {
		f.Add(c + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if wrong := runSmall(text); wrong != "" {
			t.Error(wrong)
		}
	})
}
