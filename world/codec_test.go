package world

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"batos/bridge/contract"
	"batos/image"
)

// modules loads modules of the page's sources into a tab, as globals of "bat".
func modules(t *testing.T, names ...string) *window {
	t.Helper()
	src, err := filepath.Abs("web/src")
	if err != nil {
		t.Fatal(err)
	}
	var entry strings.Builder
	for _, name := range names {
		fmt.Fprintf(&entry, "export * from './%s';\n", name)
	}
	result := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: entry.String(), ResolveDir: src, Loader: api.LoaderTS},
		Bundle: true, Format: api.FormatIIFE, GlobalName: "bat", LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		t.Fatalf("%v", result.Errors)
	}
	w := newWindow(t)
	w.eval(string(result.OutputFiles[0].Contents) + `
		globalThis.bytes = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
		globalThis.base64 = (b) => btoa(Array.from(b, (c) => String.fromCharCode(c)).join(""));
		globalThis.bat = bat;
		true`)
	return w
}

// turned gives what the page's codec makes of frames: the frame that it writes
// for what it read, or "" where it refuses.
func turned(t *testing.T, w *window, frames [][]byte) [][]byte {
	t.Helper()
	in := make([]string, len(frames))
	for i, f := range frames {
		in[i] = base64.StdEncoding.EncodeToString(f)
	}
	list, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	got := w.eval(fmt.Sprintf(`%s.map((s) => { try { return base64(bat.encode(bat.decode(bytes(s)))); } catch (e) {
		if (!(e instanceof bat.BadFrame)) throw e;
		return "";
	} })`, list))
	for _, s := range got.([]any) {
		out = append(out, s.(string))
	}
	back := make([][]byte, len(out))
	for i, s := range out {
		if back[i], err = base64.StdEncoding.DecodeString(s); err != nil {
			t.Fatal(err)
		}
	}
	return back
}

func bigInt(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		panic(s)
	}
	return n
}

// plainValues are values of every kind, at the borders of their encodings.
func plainValues() []any {
	values := []any{nil, true, false, "", "text", "ünïcode ✓ 𝄞", "\ufeffmark", strings.Repeat("x", 31), strings.Repeat("x", 32), strings.Repeat("x", 255),
		strings.Repeat("x", 256), strings.Repeat("y", 70_000), []byte{}, []byte{0, 255}, make([]byte, 300), make([]byte, 70_000),
		0.0, math.Copysign(0, -1), 1.0, -1.5, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1),
		bigInt("9223372036854775808"), bigInt("-9223372036854775809"), bigInt("123456789012345678901234567890123456789012345678901234567890"),
		image.Ref(1), image.Ref(math.MaxUint64), image.PlainSet{}, image.PlainSet{int64(1), "two", image.PlainSet{int64(3)}},
		image.PlainBlob{Hash: [32]byte{1, 31: 9}, Size: 1 << 40},
		time.Unix(0, 0).UTC(), time.Unix(1_700_000_000, 0).UTC(), time.Unix(1_700_000_000, 123_456_789).UTC(), time.Unix(-1, 5).UTC(), time.Unix(1<<35, 1).UTC(),
		[]any{}, []any{int64(1), []any{"a", nil}}, &image.Map{}, &image.Map{Entries: []image.MapEntry{{Key: "a", Value: int64(1)}, {Key: int64(2), Value: 2.0}, {Key: nil, Value: image.Ref(3)}}},
		&image.Map{Entries: []image.MapEntry{{Key: []any{int64(1), "a"}, Value: int64(1)}, {Key: image.PlainSet{int64(2)}, Value: nil}, {Key: time.Unix(1, 0).UTC(), Value: "t"}, {Key: "a", Value: []any{}}}},
		&image.Map{Entries: []image.MapEntry{{Key: image.Ref(1), Value: int64(1)}, {Key: bigInt("9223372036854775808"), Value: []byte{1}}, {Key: []byte{1}, Value: 1.5}, {Key: 0.5, Value: true}}},
	}
	for _, n := range []int64{0, 1, 31, 32, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 1 << 31, 1 << 32, 1<<53 - 1, 1 << 53, 1<<53 + 1, math.MaxInt64} {
		values = append(values, n, -n, -n-1)
	}
	for _, n := range []int{15, 16, 40, 70_000} {
		list := make([]any, n)
		m := &image.Map{}
		for i := range list {
			list[i] = int64(i)
			if n < 1000 {
				m.Entries = append(m.Entries, image.MapEntry{Key: fmt.Sprint(i), Value: int64(i)})
			}
		}
		values = append(values, list, m)
	}
	var deep any = "bottom"
	for range contract.MaxDepth {
		deep = []any{deep}
	}
	return append(values, deep)
}

// The page's codec reads what the contract's writes, and the other way round.
func TestCodecKeepsValues(t *testing.T) {
	values := plainValues()
	frames := make([][]byte, len(values))
	for i, v := range values {
		var err error
		if frames[i], err = contract.AppendValue(nil, v); err != nil {
			t.Fatal(err)
		}
	}
	for i, back := range turned(t, modules(t, "msgpack"), frames) {
		got, err := contract.DecodeValue(back)
		if err != nil || flat(got) != flat(values[i]) {
			t.Errorf("%.80v came back as %.80v (%v)", values[i], got, err)
		}
	}
}

// The page's codec refuses what the contract's refuses, and nothing else.
func TestCodecIsAsStrict(t *testing.T) {
	var frames [][]byte
	for _, h := range []string{
		"", "c1", "91", "81", "81a161", "a2c3", "d9", "d9ff", "dbffffffff", "c4", "c5ff", "c6ffffffff00", "ca00", "cb00000000000000",
		"cc", "cdff", "ce000000", "cf00000000000000", "d3ff", "0000", "9000", "ddffffffff", "dfffffffff", "dc0001", "de0001",
		"d701", "d40100", "d7010000000000000001", "d60100000001", "c7080100000000000000ff", "c70002", "c7010241", "c701022d", "c7020231302f", "c702022d35", "c7030230303",
		"c70003", "c70105", "d40501", "d5059101", "d5059001", "d40590", "c705059193010203", "c7040591920102", "c7030591920102", "c70505ddffffffff", "c70605919292010203", "c7010390", "c701039001", "c70203900", "c7020391c0", "c701030a", "c7040391a16100", "c70403dc000101", "c70504", "d405ff", "c70005", "d4ff00", "d6ff00000000",
		"d7ffee6b280000000000", "d7ffee6b27ff00000000", "c70cff3b9aca000000000000000000", "c70cff3b9ac9ff0000000000000000", "c70cff00000000ffffffffffffffff",
		"c70cff000000007fffffffffffffff", "c728" + "04" + strings.Repeat("00", 39), "c728" + "04" + strings.Repeat("00", 40), "c728" + "04" + strings.Repeat("00", 32) + "ffffffffffffffff",
		"a3eda080", "a2c080", "a4f4908080", "a3efbbbf",
	} {
		if len(h)%2 == 1 {
			h += "0"
		}
		b, err := hex.DecodeString(h)
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, b)
	}
	for _, depth := range []int{contract.MaxDepth - 1, contract.MaxDepth, contract.MaxDepth + 1, 100_000} {
		frames = append(frames, append([]byte(strings.Repeat("\x91", depth)), 0xc0))
		frames = append(frames, append([]byte(strings.Repeat("\x81\x00", depth)), 0xc0))
	}
	nested := []byte{0x90}
	for range 70 {
		nested = append([]byte{0xc8, byte((len(nested) + 1) >> 8), byte(len(nested) + 1), 3, 0x91}, nested...)
		frames = append(frames, nested)
	}
	// Whole frames with one byte changed, cut or added. Fixed seeds: a failure is the same again.
	r := rand.New(rand.NewPCG(1, 2))
	for _, v := range plainValues() {
		whole, err := contract.AppendValue(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		if len(whole) > 400 {
			continue
		}
		for range 12 {
			b := append([]byte(nil), whole...)
			switch r.IntN(3) {
			case 0:
				b[r.IntN(len(b))] = byte(r.Uint32())
			case 1:
				b = b[:r.IntN(len(b))]
			default:
				b = append(b, byte(r.Uint32()))
			}
			frames = append(frames, b)
		}
	}
	refused := 0
	for i, back := range turned(t, modules(t, "msgpack"), frames) {
		want, err := contract.DecodeValue(frames[i])
		if err != nil {
			refused++
		}
		if (err != nil) != (len(back) == 0) {
			t.Errorf("%.60x: the image says %v, the page %x", frames[i], err, back)
			continue
		}
		if err != nil || hasRepeatedKeys(want) {
			continue
		}
		got, err := contract.DecodeValue(back)
		if err != nil || flat(got) != flat(want) {
			t.Errorf("%.60x: the image reads %v, the page %v (%v)", frames[i], want, got, err)
		}
	}
	if refused < 50 || refused > len(frames)-50 {
		t.Errorf("%d of %d frames are refused: this compares little", refused, len(frames))
	}
}

// hasRepeatedKeys tells maps that a JavaScript Map cannot hold: it keeps the
// last of equal keys, where the contract's Map keeps all.
func hasRepeatedKeys(v any) bool {
	switch v := v.(type) {
	case *image.Map:
		seen := map[string]bool{}
		for _, e := range v.Entries {
			k := fmt.Sprintf("%T %v", e.Key, e.Key)
			if seen[k] || hasRepeatedKeys(e.Key) || hasRepeatedKeys(e.Value) {
				return true
			}
			seen[k] = true
		}
	case []any:
		for _, x := range v {
			if hasRepeatedKeys(x) {
				return true
			}
		}
	case image.PlainSet:
		return hasRepeatedKeys([]any(v))
	}
	return false
}

// flat writes a value as text, so that values of all kinds can be compared: an
// empty list equals an empty list, and NaN equals NaN.
func flat(v any) string {
	b, err := contract.AppendJSON(nil, v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Arguments read as the command line reads them.
func TestArguments(t *testing.T) {
	w := modules(t, "literal", "values")
	for _, c := range []struct{ source, want string }{
		{"", "[] {}"},
		{"1, -2, 3.5, 1e3, 1_000", "[1, -2, 3.5, 1000.0, 1000] {}"},
		{"12345678901234567890", "[12345678901234567890] {}"},
		{`'a', "b\n\t\u00e9\x41", ''`, `['a', 'b\n\té` + `A', ''] {}`},
		{"None, True, False, null, true, false", "[None, True, False, None, True, False] {}"},
		{"@4, @@genesis_obj, @genesis_obj", "[@4, @3, @3] {}"},
		{"[1, [2, 'x'],], (3, 4), {}, {'a': 1}, {1, 2}, set()", "[[1, [2, 'x']], [3, 4], {}, {'a': 1}, {1, 2}, set()] {}"},
		{"hello world, 2x, x-1", "['hello world', '2x', 'x-1'] {}"},
		{"1, by=2, name = 'x'", "[1] {'by': 2, 'name': 'x'}"},
		{"a==b", "['a==b'] {}"},
		{"by=1, 2", "error: a plain argument cannot follow a named one"},
		{"[1, 2", `error: character 6: "," is missing`},
		{"'open", "error: character 6: the text does not end"},
		{"@nobody", `error: character 8: there is no root "nobody"`},
		{"@", "error: character 1: after @ comes an oid or the name of a root"},
		{"{1: 2, 3}", `error: character 9: ":" is missing`},
		{"1 2", "['1 2'] {}"},
	} {
		got := w.eval(fmt.Sprintf(`(() => { try {
			const a = bat.parseArguments(%q, (n) => n === "genesis_obj" ? "3" : undefined);
			return bat.repr(a.args) + " " + bat.repr(a.kwargs);
		} catch (e) { return "error: " + e.message; } })()`, c.source))
		if got != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.source, got, c.want)
		}
	}
}

// Colours change no character of a method's text.
func TestHighlightKeepsText(t *testing.T) {
	w := modules(t, "highlight")
	for _, source := range []string{
		displayYourself, "", "\n\n", "x = 'a' + \"b\" # c\n", "'''open\nnever closed", "f'{x!r}' '\\'' 'half\nnext = 1.5e3j", "def f(self): return <b>&amp;</b>",
		"é = 'ü' ✓ \u0000 \t", "\"\"\"doc\"\"\"\nrb'x' R\"y\"",
	} {
		if got := w.eval(fmt.Sprintf("bat.highlight(%s).textContent", mustJSON(source))); got != source {
			t.Errorf("%q became %q", source, got)
		}
	}
	if got := w.eval(`[...bat.highlight("def f(self): return 1 # x").querySelectorAll("span")].map((s) => s.className + " " + s.textContent).join(",")`); got != "t-keyword def,t-name f,t-self self,t-keyword return,t-number 1,t-comment # x" {
		t.Errorf("got %v", got)
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
