package lang

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"batos/image"
	"batos/lang/syntax"
)

// bombs are programs that would take all memory or time if a builtin did its
// work before it is paid for. Each must end with *Exhausted, soon and small.
var bombs = []string{
	"'x' * 10**12",
	"b'x' * 10**12",
	"[0] * 10**9",
	"(0,) * 10**9",
	"10**10**8",
	"3**3**20",
	"1 << 10**12",
	"1 << 2**70",
	"(1 << 10**8) * (1 << 10**8)",
	"x = 7**100000\nwhile True: x = x * x",
	"'%999999999d' % 1",
	"'%.999999999f' % 1.0",
	"'%*d' % (10**9, 1)",
	"'{:999999999}'.format(1)",
	"'{:999999999}'.format('')",
	"'{:.999999999f}'.format(1.0)",
	"'{:0999999999,}'.format(1)",
	"f'{1:999999999}'",
	"format(1, '999999999')",
	"list(range(10**12))",
	"tuple(range(10**12))",
	"set(range(10**12))",
	"sorted(range(10**12))",
	"sum(range(10**12))",
	"max(range(10**12))",
	"all(range(1, 10**12))",
	"10**12 in iter(range(10**13))",
	"l = []\nl[0:0] = range(10**12)",
	"l = []\nl.extend(range(10**12))",
	"l = []\nl += range(10**12)",
	"[*range(10**12)]",
	"dict.fromkeys(range(10**12))",
	"{x: x for x in range(10**12)}",
	"l = [0]\nwhile True: l += l",
	"s = 'ab'\nwhile True: s += s",
	"s = 'ab' * 1000\nwhile True: s = s.replace('a', s)",
	"s = 'a' * 10**6\nwhile True: s = s.join([s, s])",
	"('a' * 10**4).replace('', 'b' * 10**6)",
	"','.join(['x' * 10**6] * 10**6)",
	"'a'.ljust(10**12)",
	"'a'.center(10**12)",
	"'a'.zfill(10**12)",
	"('\\t' * 1000).expandtabs(10**9)",
	"bytes(10**12)",
	"(5).to_bytes(10**12, 'big')",
	"('a' * 10**8).encode('utf-16') if False else ('é' * 10**8).encode('ascii', 'xmlcharrefreplace')",
	"l = []\nfor i in range(60): l = [l, l]\nrepr(l)",
	"l = []\nfor i in range(60): l = [l, l]\nm = []\nfor i in range(60): m = [m, m]\nl == m",
	"l = []\nfor i in range(60): l = [l, l]\nm = []\nfor i in range(60): m = [m, m]\nl < m",
	"t = ()\nfor i in range(60): t = (t, t)\nhash(t)",
	"t = ()\nfor i in range(60): t = (t, t)\n{t: 1}",
	"t = ()\nfor i in range(60): t = (t, t)\nt in {1}",
	"t = ()\nfor i in range(60): t = (t, t)\nset([t])",
	"pow(3**100000, 7**100000, 10**100000)",
	"d = {}\nwhile True: d[len(d)] = 1",
	"s = set()\nwhile True: s.add(len(s))",
	"l = [1]\nfor x in l: l.append(x)",
	"list(zip(*[range(10**9)] * 100))",
	"'x'.translate({120: 'y' * 10**7}) * 100",
	"('x' * 10**6).translate({120: 'y' * 10**6})",
	"print('x' * 10**6, *['y' * 10**6] * 10**6)",
	"range(10**15).index(10**14) and list(enumerate(range(10**12)))",
	"'{0}{0}{0}{0}{0}{0}{0}{0}'.format('x' * 10**8)",
	"'%s%s%s%s' % (('x' * 10**8,) * 4)",
	"[0, 1] * 10**8 == 1 or sorted([1, 0] * 10**9)",
	"reversed('x' * 10**8) and list('x' * 10**8)",
	"('x ' * 10**8).split()",
}

func TestBombs(t *testing.T) {
	for _, program := range bombs {
		body, err := syntax.ParseBody(program)
		if err != nil {
			t.Fatalf("%s: %v", program, err)
		}
		m := NewMachine(image.NewHeap(), &Host{Print: func(string) {}})
		m.Begin(Limits{Fuel: 5_000_000, Memory: 16 << 20, Deadline: 20 * time.Second})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = m.Eval(body, image.None())
		runtime.ReadMemStats(&after)
		var exhausted *Exhausted
		if !errors.As(err, &exhausted) || exhausted.Class == "DeadlineExceeded" {
			t.Errorf("%s: %v", program, err)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
			t.Errorf("%s: %d MB were allocated", program, n>>20)
		}
	}
}
