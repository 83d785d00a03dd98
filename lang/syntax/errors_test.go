package syntax

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// ownColumn are errors that we place better than CPython 3.11, which stands
// behind the literal, the blanks or the parameters.
var ownColumn = regexp.MustCompile(`f-string|\(unicode error\)|\(value error\)|cannot mix bytes|unexpected indent|inconsistent use of tabs|__debug__|bind different names`)

var oursLine = regexp.MustCompile(`(?m)^# ours: (.*)\n`)

// chunks reads texts separated by lines of three hyphens.
func chunks(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split("\n"+string(b), "\n---\n")
}

// TestTexts reads every text of testdata/errors.txt and compares with CPython:
// the tree and all places of what is accepted; message, line and column of what
// is refused. Where we differ on purpose the text begins with "# ours: " and
// what we say instead, or "accepted".
func TestTexts(t *testing.T) {
	all := chunks(t, "testdata/errors.txt")
	if len(all) < 500 {
		t.Fatalf("only %d texts", len(all))
	}
	texts := make([]string, len(all))
	ours := make([]string, len(all))
	for i, c := range all {
		c = strings.TrimPrefix(c, "\n") + "\n"
		if m := oursLine.FindStringSubmatch(c); m != nil {
			ours[i] = m[1]
			c = strings.Replace(c, m[0], "", 1)
		}
		texts[i] = c
	}
	for i, want := range oracle(t, texts) {
		got, wanted := outcome(texts[i]), theirs(want)
		switch {
		case ours[i] != "":
			if got == wanted {
				t.Errorf("no difference any more: %s\n%s", got, texts[i])
			} else if g, _, _ := strings.Cut(got, "\n"); !strings.Contains(g, ours[i]) && (ours[i] != "accepted" || !strings.HasPrefix(got, "(")) {
				t.Errorf("got %s\nwant ours: %s\n%s", got, ours[i], texts[i])
			}
		case got != wanted:
			t.Errorf("%s\n%s", firstDifference(got, wanted), texts[i])
		}
	}
}

func outcome(text string) string {
	b, err := ParseBody(text)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return "not an *Error: " + err.Error()
		}
		if ownColumn.MatchString(e.Msg) {
			return fmt.Sprintf("%s: %s @%d", e.Class, e.Msg, e.Line)
		}
		return fmt.Sprintf("%s: %s @%d:%d", e.Class, e.Msg, e.Line, e.Col)
	}
	return dump(b.Stmts)
}

func theirs(f found) string {
	if f.Error != nil {
		if ownColumn.MatchString(f.Error[1].(string)) {
			return fmt.Sprintf("%s: %s @%v", f.Error[0], f.Error[1], f.Error[2])
		}
		return fmt.Sprintf("%s: %s @%v:%v", f.Error[0], f.Error[1], f.Error[2], f.Error[3])
	}
	if f.Skip != "" {
		return "the oracle cannot write this tree: " + f.Skip
	}
	return f.Tree
}
