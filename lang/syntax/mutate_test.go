package syntax

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// mutate breaks a text at one or two of its tokens.
func mutate(r *rand.Rand, text string) string {
	signs := []string{"(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "==", "+", "-", "*", "**", ":=", "->", ";", "\n", "    ", "\n    ",
		" if ", " else ", " for ", " in ", " not ", " lambda ", " as ", " is ", "x", "1", "'s'", "f'{x}'", " and ", " yield ", " return ", " def ", " None ", " import ", " from ", " del ", " pass ", "\\", "#", "'", "/", "%", " match ", " case ", "_", "...", " with ", " while "}
	for range 1 + r.IntN(2) {
		s := tokensOf(text)
		if len(s) == 0 {
			return text
		}
		t := s[r.IntN(len(s))]
		from, to := int(t.off), int(t.off)+len(t.text)
		switch r.IntN(4) {
		case 0: // leave it out
			text = text[:from] + text[to:]
		case 1: // twice
			text = text[:to] + " " + text[from:]
		case 2: // another instead
			text = text[:from] + signs[r.IntN(len(signs))] + text[to:]
		default: // something before it
			text = text[:from] + signs[r.IntN(len(signs))] + text[from:]
		}
	}
	return text
}

// tokensOf are the tokens of a text as far as it can be scanned.
func tokensOf(text string) (toks []token) {
	for _, t := range scan(text).toks {
		if t.text != "" {
			toks = append(toks, t)
		}
	}
	return toks
}

// refusedBeyond are refusals that CPython does not have, and those of texts that
// it refuses at another place for a reason of its own.
var refusedBeyond = []string{"not part of the method language", "dunder names", "names that begin with _p_", "nonlocal"}

// TestMutations breaks texts at random and wants CPython and us to agree on
// which are still whole. The messages must agree for most; SYNTAX_MUTATIONS is
// how many texts, SYNTAX_SEED the seed.
func TestMutations(t *testing.T) {
	n, seed := 2500, uint64(1)
	if s := os.Getenv("SYNTAX_MUTATIONS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	if s := os.Getenv("SYNTAX_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	r := rand.New(rand.NewPCG(seed, 0))
	whole := []string{}
	for _, c := range chunks(t, "testdata/errors.txt") {
		if strings.Contains(c, "# ours: ") {
			continue
		}
		c = strings.TrimPrefix(c, "\n") + "\n"
		if _, err := ParseBody(c); err == nil {
			whole = append(whole, c)
		}
	}
	for _, f := range oracle(t, nil, "400") {
		if strings.Count(f.Text, "\n") < 12 {
			whole = append(whole, f.Text)
		}
	}
	texts := make([]string, n)
	for i := range texts {
		texts[i] = mutate(r, whole[r.IntN(len(whole))])
	}
	disagree, other, refused := 0, 0, 0
	for i, want := range oracle(t, texts) {
		if want.Skip != "" {
			continue
		}
		got := outcome(texts[i])
		ours := !strings.HasPrefix(got, "(") && got != ""
		for _, beyond := range refusedBeyond {
			if ours && strings.Contains(got, beyond) {
				got = ""
			}
		}
		if ours && got == "" {
			continue
		}
		theirs := theirs(want)
		if want.Error != nil {
			refused++
		}
		if ours != (want.Error != nil) || !ours && got != theirs {
			if disagree++; disagree <= 15 {
				t.Errorf("%s\nseed %d:\n%s", firstDifference(got, theirs), seed, texts[i])
			}
			continue
		}
		if g, w := message(got), message(theirs); g != w {
			if other++; testing.Verbose() && other <= 40 {
				t.Logf("%s, CPython: %s\n%s", g, w, texts[i])
			}
		}
	}
	t.Logf("%d of %d refused, %d with another sentence or line", refused, n, other)
	if other*33 > refused {
		t.Errorf("another sentence or line than CPython's for %d of %d", other, refused)
	}
}

// message is an outcome without its column.
func message(outcome string) string {
	if i := strings.LastIndexByte(outcome, '@'); i > 0 {
		if j := strings.IndexByte(outcome[i:], ':'); j > 0 {
			return outcome[:i+j]
		}
	}
	return outcome
}
