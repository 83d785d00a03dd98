package lang

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"batos/image"
	"batos/lang/syntax"
)

// shown writes a traceback as a test compares it.
func shown(lines []TraceLine) string {
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%s.%s line %d, %d to %d: %s", l.Receiver, l.Selector, l.Line, l.Col, l.EndCol, strings.TrimSpace(l.Source))
		names := make([]string, 0, len(l.Locals))
		for name := range l.Locals {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if name != "self" && l.Selector != "<eval>" {
				fmt.Fprintf(&b, " | %s=%s", name, l.Locals[name])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestTraceback(t *testing.T) {
	var out strings.Builder
	m := newTestMachine(image.NewHeap(), &out)
	for _, test := range []struct{ text, want string }{
		{`
account = new(balance=0)
account.deposit = method('''def deposit(self, amount):
    fee = 1
    if amount < 0:
        raise ValueError('no')
    self.balance += amount''')
account.deposit_all = method('''def deposit_all(self, amounts):
    for a in amounts:
        self.deposit(a)''')
account.deposit_all([1, -2])`, `.<eval> line 11, 1 to 29: account.deposit_all([1, -2])
@new.deposit_all line 3, 9 to 24: self.deposit(a) | a=-2 | amounts=[1, -2]
@new.deposit line 4, 9 to 31: raise ValueError('no') | amount=-2 | fee=1
`},
		// A handler that raises again keeps the whole way; a finally too.
		{`
def inner(x):
    return [1, 2][x]
def outer():
    try:
        inner(5)
    except KeyError:
        pass
    finally:
        done = True
outer()`, `.<eval> line 11, 1 to 8: outer()
.outer line 6, 9 to 17: inner(5) | done=True
.inner line 3, 12 to 21: return [1, 2][x] | x=5
`},
		// What the prelude does is not shown, as builtins are not in Python.
		{`
def key(x):
    return x / 0
sorted([1], key=key)`, `.<eval> line 4, 1 to 21: sorted([1], key=key)
.key line 3, 12 to 17: return x / 0 | x=1
`},
		{`
def g():
    yield 1
    x = {}['k']
for i in g():
    pass`, `.<eval> line 5, 10 to 13: for i in g():
.g line 4, 9 to 16: x = {}['k']
`},
	} {
		body, err := syntax.ParseBody(test.text)
		if err != nil {
			t.Fatal(err)
		}
		m.Begin(Limits{})
		_, err = m.Eval(body, image.None())
		var raised *Raised
		if !errors.As(err, &raised) {
			t.Fatalf("ends with %v", err)
		}
		if got := shown(raised.Exc.Traceback); got != test.want {
			t.Errorf("%s\ngives\n%swant\n%s", test.text, got, test.want)
		}
	}
}
