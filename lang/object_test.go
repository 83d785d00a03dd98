package lang

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"batos/image"
	"batos/lang/syntax"
)

// newTestMachine has what the uvm gives a machine, in the smallest form:
// new(**slots) makes an object, copy(obj) a clone of it.
func newTestMachine(h *image.Heap, out *strings.Builder) *Machine {
	host := &Host{
		Print: func(s string) { out.WriteString(s) },
		Natives: map[string]Native{
			"new": func(m *Machine, a *Args) (Value, error) {
				o := m.Heap.NewObject()
				for i, name := range a.Names {
					if err := m.Heap.SetSlot(o, image.Intern(name), a.Kw[i]); err != nil {
						return Value{}, err
					}
				}
				return o.Value(), nil
			},
			"copy": func(m *Machine, a *Args) (Value, error) {
				o, err := m.Heap.Clone(a.Pos[0].Object())
				if err != nil {
					return Value{}, err
				}
				return o.Value(), nil
			},
		},
	}
	host.NewMessage = func(receiver *image.Object, selector image.Symbol, a *Args) (Value, error) {
		o := h.NewObject()
		for name, v := range map[string]Value{
			"selector": image.NewStr(selector.String()), "arguments": h.NewList(a.Pos).Value(), "receiver": receiver.Value(),
		} {
			if err := h.SetSlot(o, image.Intern(name), v); err != nil {
				return Value{}, err
			}
		}
		return o.Value(), nil
	}
	return NewMachine(h, host)
}

// TestObjects runs the scripts about objects. The lines that begin with "#> "
// are what a chunk prints; `### "regexp"` marks where it fails.
func TestObjects(t *testing.T) {
	files, err := filepath.Glob("testdata/object/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		for _, c := range chunksOf(t, file) {
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(file), c.line), func(t *testing.T) {
				var out, want strings.Builder
				for _, l := range strings.Split(c.text, "\n") {
					if text, ok := strings.CutPrefix(strings.TrimSpace(l), "#> "); ok {
						want.WriteString(text + "\n")
					}
				}
				m := newTestMachine(image.NewHeap(), &out)
				body, err := syntax.ParseBody(c.text)
				if err != nil {
					t.Fatal(err)
				}
				_, err = m.Eval(body, image.None())
				switch {
				case err != nil && c.want == nil:
					t.Fatal(describe(err))
				case err == nil && c.want != nil:
					t.Fatalf("does not fail, but should with %s", c.want)
				case err != nil && !c.want.MatchString(errorText(err)):
					t.Fatalf("fails with %q, want %s", errorText(err), c.want)
				}
				if out.String() != want.String() {
					t.Errorf("prints\n%swant\n%s", out.String(), want.String())
				}
			})
		}
	}
}

// program makes the objects that benchmarks send to.
func program(tb testing.TB, text string) (*Machine, Value) {
	tb.Helper()
	var out strings.Builder
	m := newTestMachine(image.NewHeap(), &out)
	body, err := syntax.ParseBody(text)
	if err != nil {
		tb.Fatal(err)
	}
	v, err := m.Eval(body, image.None())
	if err != nil {
		tb.Fatal(describe(err))
	}
	return m, v
}

func benchmarkSend(b *testing.B, text, selector string, per int64) {
	defer func(old bool) { checkCaches = old }(checkCaches)
	checkCaches = false
	m, o := program(b, text)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += int(per) {
		m.Begin(Limits{Fuel: 1 << 60})
		if _, err := m.Send(o, image.Intern(selector), []Value{image.Int(per)}, nil, nil); err != nil {
			b.Fatal(describe(err))
		}
	}
}

const family = `
top = new(count=0)
top.bump = method('''def bump(self):
    self.count += 1
''')
top.set = method('''def set(self):
    self.count = self.count + 1
''')
top.empty = method('''def empty(self):
    pass
''')
top.bumps = method('''def bumps(self, n):
    for i in range(n):
        self.bump()
''')
top.sets = method('''def sets(self, n):
    for i in range(n):
        self.set()
''')
top.empties = method('''def empties(self, n):
    for i in range(n):
        self.empty()
''')
top.reads = method('''def reads(self, n):
    for i in range(n):
        self.count
''')
top.loop = method('''def loop(self, n):
    for i in range(n):
        pass
''')
top.fib = method('''def fib(self, n):
    if n < 2:
        return n
    return self.fib(n - 1) + self.fib(n - 2)
''')
middle = new(y=2)
middle['parent*'] = top
o = new(count=0)
o['parent*'] = middle
o
`

func BenchmarkSend(b *testing.B)       { benchmarkSend(b, family, "bumps", 100000) }
func BenchmarkSendAssign(b *testing.B) { benchmarkSend(b, family, "sets", 100000) }
func BenchmarkSendEmpty(b *testing.B)  { benchmarkSend(b, family, "empties", 100000) }
func BenchmarkSlotRead(b *testing.B)   { benchmarkSend(b, family, "reads", 100000) }
func BenchmarkLoop(b *testing.B)       { benchmarkSend(b, family, "loop", 100000) }

func BenchmarkFib25(b *testing.B) {
	defer func(old bool) { checkCaches = old }(checkCaches)
	checkCaches = false
	m, o := program(b, family)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		m.Begin(Limits{Fuel: 1 << 60})
		if _, err := m.Send(o, image.Intern("fib"), []Value{image.Int(25)}, nil, nil); err != nil {
			b.Fatal(describe(err))
		}
	}
}
