package lang

import (
	"errors"
	"testing"
)

// TestGarbageIsGivenBack: what a run charges over its life may be many times
// its limit, as long as what it can reach stays below; what it keeps counts,
// wherever it hides.
func TestGarbageIsGivenBack(t *testing.T) {
	limits := Limits{Fuel: 40_000_000, Memory: 1 << 20}
	for _, test := range []struct{ name, text string }{
		{"texts", "for i in range(200000):\n    s = 'x' * 100 + str(i)"},
		{"lists", "for i in range(100000):\n    s = [i, i, [i]]"},
		{"dicts", "for i in range(50000):\n    s = {i: i, 'k': [i]}"},
		{"closures", "for i in range(100000):\n    f = lambda: i"},
		{"generators", "for i in range(50000):\n    f = sum(x for x in range(2))"},
		{"exceptions", "for i in range(50000):\n    try:\n        raise ValueError(i)\n    except ValueError:\n        pass"},
		{"natives in between", "for i in range(2000):\n    s = ','.join([str(x) for x in range(200)]).split(',')"},
		{"a cycle", "for i in range(50000):\n    x = []\n    x.append(x)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, m, err := evaluate(test.text, limits)
			if err != nil {
				t.Fatalf("%v, having used %v", err, m.Used())
			}
			if used := m.Used().Memory; used > limits.Memory || used < limits.Memory/8 {
				t.Errorf("the height of its memory is %d", used)
			}
		})
	}
	for _, test := range []struct{ name, text string }{
		{"list", "x = []\nwhile True:\n    x.append([1])"},
		{"dict", "x, i = {}, 0\nwhile True:\n    x[i] = str(i)\n    i += 1"},
		{"iterators", "x = []\nwhile True:\n    x.append(enumerate([1]))"},
		{"chain of closures", "f = None\nwhile True:\n    f = (lambda g: lambda: g)(f)"},
		{"chain of generators", "def g(x):\n    yield x\nx = None\nwhile True:\n    x = g(x)"},
		{"chain of exceptions", "e = None\nwhile True:\n    e = ValueError(e)"},
		{"exceptions of natives", "x = []\nwhile True:\n    try:\n        x[len(x)]\n    except IndexError as e:\n        x.append(e)"},
		{"exceptions that passed a finally", "def f(a, b, c):\n    try:\n        a.b\n    finally:\n        c = b\nx = []\nwhile True:\n    try:\n        f(1, x, 3)\n    except AttributeError as e:\n        x.append(e)"},
		{"default values", "f = None\nwhile True:\n    f = lambda x=f: x"},
		{"slots of a bound builtin", "x = []\nwhile True:\n    x = [x.append]"},
		{"nested tuples", "x = ()\nwhile True:\n    x = (x, x)"},
		{"sets", "x, i = set(), 0\nwhile True:\n    x.add(i)\n    i += 1"},
	} {
		t.Run("kept: "+test.name, func(t *testing.T) {
			_, _, err := evaluate(test.text, limits)
			var limit *Exhausted
			if !errors.As(err, &limit) || limit.Class != "MemoryExhausted" {
				t.Errorf("ends with %v, want MemoryExhausted", err)
			}
		})
	}
}
