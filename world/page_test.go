package world

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"batos/bridge/contract"
	"batos/image"
)

// open opens the page of a fake image and waits until it is connected.
func open(t *testing.T, f *fakeImage) *window {
	t.Helper()
	url := serve(t, f)
	w := newWindow(t)
	w.run(chromedp.Navigate(url))
	w.says("#status", "connected")
	return w
}

func (f *fakeImage) slot(oid image.Ref, name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Sprint(f.objects[oid][name].Value)
}

func TestPageOpens(t *testing.T) {
	w := open(t, newFake(true))
	var title string
	w.run(chromedp.Title(&title))
	if title != "BAT OS Entropic UI" {
		t.Errorf("title %q", title)
	}
	w.says("#status", "genesis_obj @3: awake")
	w.says("#status", "transaction 7")
	w.says(".morph .title", "@3 genesis_obj")
	w.says(`.morph[data-oid="22"] .parents`, "@2 pLLM_obj")
	w.says(`.morph[data-oid="22"] li[data-slot="display_yourself"] .badge`, "generated")
	w.says(`.morph[data-oid="21"]`, "@3 genesis_obj: awake")
	w.picture("world-light")
	w.run(chromedp.Click(`#object li[data-slot="display_yourself"] .name`))
	w.says("#object pre.source", "self.world_morph.open_on_(self)")
	w.says("#object .provenance", "qwen3:8b")
	w.dark()
	w.picture("world-dark")
}

// An image that has not held its First Conversation says so, and a person can
// answer the question here.
func TestQuestionIsAnswered(t *testing.T) {
	f := newFake(false)
	w := open(t, f)
	w.says("#status", "cannot display itself yet")
	w.says("#status", "1 question waits")
	w.says("#notice", "genesis_obj cannot display itself yet")
	w.says("#questions", "genesis_obj.display_yourself()")
	w.says("#questions .attempts", "must return a world")
	w.picture("question-light")
	const area = "#questions textarea"
	w.run(chromedp.SendKeys(area, "x = 1"), chromedp.Click("#questions .answer"))
	w.says("#questions .fault", "line 1, column 5: the method returns nothing")
	w.dark()
	w.picture("question-dark")
	w.run(chromedp.SendKeys(area, kb.End+kb.ArrowDown+kb.End+"; return self.open_world()"), chromedp.Click("#questions .answer"))
	w.until("document.querySelector('#questions').hidden")
	w.says("#status", "genesis_obj @3: awake ·")
	w.says("#notice", "There is no world yet")
	w.says("#ask", "Display yourself")
	if got := f.slot(3, "display_yourself"); got != "<nil>" {
		t.Errorf("a method has the value %s", got)
	}
}

func TestQuestionIsDismissed(t *testing.T) {
	w := open(t, newFake(false))
	w.says("#questions", "display_yourself")
	w.run(chromedp.Click("#questions .card > .buttons .quiet"))
	w.until("document.querySelector('#questions').hidden")
}

func TestSend(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	send := func(target, selector, args string) {
		w.fill("#send-target", target)
		w.fill("#send-selector", selector)
		w.fill("#send-args", args)
		w.run(chromedp.Click("#send-button"))
	}
	send("genesis_obj", "slotNames", "")
	w.says("#result .value", "'codex'")
	send("genesis_obj", "divide_by_", "0")
	w.says("#result .fault", "ZeroDivisionError")
	w.says("#result .traceback", "return self.total / n")
	w.says("#transcript", "genesis_obj.divide_by_(0)")
	w.picture("send-error")
	send("nobody", "slotNames", "")
	w.says("#result .fault", "no_such_object")
	send("@26", "move_to_", "7, 8")
	w.says("#result .value", "@26")
	if got := f.slot(26, "position"); got != "[7 8]" {
		t.Errorf("position %s", got)
	}
	send("genesis_obj", "slotNames", "[1, 2")
	w.says("#send-fault", `"," is missing`)
}

// A failed message is told with its code once, and nothing of it is wider than
// the panel.
func TestFailureFitsThePanel(t *testing.T) {
	f := newFake(true)
	long := strings.Repeat("veryLongSelector", 30)
	f.pending = []contract.PendingMessage{{
		Message: 30, State: "failed", Receiver: "@3 genesis_obj", Selector: long, Author: "ada", Code: contract.CodeMethodError,
		Why:       "method_error: method_error: RuntimeError: " + strings.Repeat("x", 600),
		Traceback: []contract.TraceLine{{Receiver: "@3", Selector: long, Line: 1, Source: "    return self." + long + "()", Caret: "           ^", Locals: map[string]string{"a": strings.Repeat("y", 600)}}},
	}}
	w := open(t, f)
	w.says("#failed .why", "method_error: RuntimeError: x")
	if got := w.eval(`document.querySelector("#failed .why").textContent`).(string); strings.Contains(got, "method_error: method_error") {
		t.Errorf("the code stands twice: %.60s", got)
	}
	w.says("#failed .traceback", "return self.")
	if got := w.eval(`[...document.querySelectorAll("aside, #failed *:not(pre)")].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline").map((e) => e.tagName + "." + e.className).join(" ")`); got != "" {
		t.Errorf("wider than the panel: %v", got)
	}
}

// What has no plain form is shown as its text, and the rest around it.
func TestValuesThatAreNotShown(t *testing.T) {
	f := newFake(true)
	told := func(key string, v any) *image.Map { return &image.Map{Entries: []image.MapEntry{{Key: key, Value: v}}} }
	f.set(3, "closure", told("$repr", "<function tick>"))
	f.set(3, "huge", told("$truncated", "[0, 1, 2, ..."))
	f.set(3, "within", []any{told("$repr", "<list>"), told("$truncated", int64(7))})
	f.set(20, "color", told("$repr", "<function color>"))
	f.set(26, "text", told("$truncated", "much text"))
	f.set(26, "position", told("$repr", "<function position>"))
	f.set(25, "submorphs", told("$truncated", true))
	w := open(t, f)
	w.says(`#object li[data-slot="closure"] .value`, "<function tick>")
	w.says(`#object li[data-slot="huge"] .value`, "[0, 1, 2, ...")
	w.says(`#object li[data-slot="within"] .value`, "[<list>, 7]")
	if got := w.eval(`document.querySelector('#object li[data-slot="huge"] .edit') === null && document.querySelector('#object li[data-slot="total"] .edit') !== null`); got != true {
		t.Error("a value that is not shown can be edited, or one that is cannot")
	}
	w.says(`.morph[data-oid="22"] .title`, "@3 genesis_obj")
	w.until(`document.querySelectorAll("#morphs .morph").length === 6`)
}

// A question that nothing announces is noticed soon all the same.
func TestQuestionIsNoticed(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	w.says("#status", "genesis_obj @3: awake")
	w.eval(`globalThis.timeouts = []; /* the 30 s ones are those of the test */ const later = globalThis.setTimeout; globalThis.setTimeout = (f, ms) => { timeouts.push(ms); return later(f, ms); }; true`)
	f.mu.Lock()
	f.pending = newFake(false).pending
	f.mu.Unlock()
	w.says("#questions", "genesis_obj.display_yourself()")
	if got := w.eval(`Math.max(...timeouts.filter((ms) => ms < 30_000))`).(float64); got > 500 {
		t.Errorf("the page waits %v ms to read what is pending", got)
	}
}

// What another client changes is shown at once.
func TestLiveUpdate(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	w.says(`.morph[data-oid="22"] li[data-slot="total"] .value`, "12.5")
	f.set(3, "total", int64(99))
	w.says(`.morph[data-oid="22"] li[data-slot="total"] .value`, "99")
	w.until(`document.querySelector('.morph[data-oid="22"] li[data-slot="total"]').dataset.flash === "even"`)
	f.set(3, "state", "dreaming")
	w.says(`.morph[data-oid="21"]`, "@3 genesis_obj: dreaming")
	w.says("#status", "genesis_obj @3: dreaming")
	f.set(3, "total", method("def total(self):\n    return 99\n"))
	w.says(`#object li[data-slot="total"] button.name`, "total")
	f.set(26, "position", []any{int64(500), int64(300)})
	w.until(`document.querySelector('.morph[data-oid="26"]').style.transform === "translate(500px, 300px)"`)
	f.set(3, "greeting", "<img src=x onerror=alert(1)>")
	w.says(`.morph[data-oid="22"] li[data-slot="greeting"]`, "<img src=x onerror=alert(1)>")
	if n := w.eval("document.querySelectorAll('img').length"); n != 0.0 {
		t.Errorf("the text of a slot became %v elements", n)
	}
	f.set(5, "color", "#ffeeee") // a prototype's slot shows in what inherits it
	f.set(20, "submorphs", []any{image.Ref(21), image.Ref(22)})
	w.until(`document.querySelectorAll("#morphs > .morph").length === 2`)
}

func TestDragMovesTheObject(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	w.says(`.morph[data-oid="26"]`, "I am awake.")
	zoom := w.eval(`new DOMMatrix(getComputedStyle(document.querySelector("#morphs")).transform).a`).(float64)
	w.drag(`.morph[data-oid="26"]`, 90*zoom, 50*zoom)
	w.until(`document.querySelector('.morph[data-oid="26"]').style.transform === "translate(130px, 330px)"`)
	w.says("#transcript", "@26.move_to_(130, 330)")
	if got := f.slot(26, "position"); got != "[130 330]" {
		t.Errorf("the object is at %s, want [130 330]", got)
	}
	// A proto-morph is dragged by whatever part of it, and a drag is no click.
	w.drag(`.morph[data-oid="23"] .title`, 60*zoom, 30*zoom)
	w.says("#transcript", "@23.move_to_(380, 94)")
	w.says("#object .title", "@3 genesis_obj")
	w.drag(`.morph[data-oid="26"] .grip`, 40*zoom, 40*zoom)
	w.says("#transcript", "@26.resize_to_(360, 100)")
}

func TestRefusedDragSpringsBack(t *testing.T) {
	f := newFake(true)
	f.refuse = "this morph is nailed down; send it unnail first"
	w := open(t, f)
	w.says(`.morph[data-oid="26"]`, "I am awake.")
	w.drag(`.morph[data-oid="26"]`, 100, 100)
	w.says(".refusal", "nailed down")
	w.picture("refused")
	w.until(`document.querySelector('.morph[data-oid="26"]').style.transform === "translate(40px, 280px)"`)
	if got := f.slot(26, "position"); got != "[40 280]" {
		t.Errorf("the object is at %s", got)
	}
}

// Everything that a mouse does can be done without one.
func TestKeyboard(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	w.says(`.morph[data-oid="26"]`, "I am awake.")
	// In one go, as fast fingers would: on a busy machine the browser's driver
	// may be slower than the pause that ends a series of keys.
	w.run(chromedp.Focus(`.morph[data-oid="26"]`), chromedp.Evaluate(`["ArrowRight", "ArrowRight", "ArrowDown"].forEach(
		key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))`, nil))
	w.says("#transcript", "@26.move_to_(42, 281)")
	if n := w.eval(`document.querySelectorAll("#transcript li").length`); n != 1.0 {
		t.Errorf("three keys became %v messages, want one", n)
	}
	w.run(chromedp.Focus(`.morph[data-oid="23"]`), chromedp.KeyEvent(kb.Enter))
	w.says("#object .title", "@4 codex")
	w.run(chromedp.Focus(`.morph[data-oid="26"]`), chromedp.KeyEvent(kb.Delete))
	w.until(`!document.querySelector('.morph[data-oid="26"]')`)
	if got := f.slot(20, "submorphs"); got != "[21 22 23 24 25]" {
		t.Errorf("the world holds %s", got)
	}
}

// Everything that can be pressed or typed into has a name.
func TestNames(t *testing.T) {
	for _, conversed := range []bool{true, false} {
		w := open(t, newFake(conversed))
		w.says("#object .title", "genesis_obj")
		nameless := w.eval(`[...document.querySelectorAll("button, input, textarea, [role=group], section, aside, main, summary")].filter((e) => {
			const by = e.getAttribute("aria-labelledby");
			return !(e.getAttribute("aria-label") || by && document.getElementById(by)?.textContent.trim() ||
				e.labels?.length || ["BUTTON", "SUMMARY"].includes(e.tagName) && e.textContent.trim());
		}).map((e) => e.outerHTML.slice(0, 120)).join("\n")`)
		if nameless != "" {
			t.Errorf("elements without a name:\n%s", nameless)
		}
	}
}

// A method is edited in place; what does not parse shows where.
func TestMethodIsEdited(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	w.run(chromedp.Click(`#object li[data-slot="open_world"] .name`), chromedp.Click(`#object li[data-slot="open_world"] .method > button`))
	const area = `#object li[data-slot="open_world"] textarea`
	w.fill(area, "")
	w.typeLines(area, "def open_world(self):", "return return 1")
	w.run(chromedp.Click(`#object li[data-slot="open_world"] .primary`))
	w.says("#object .editor .fault", "line 2, column 12: an expression is expected here")
	w.until(`document.querySelector("#object .gutter .error").textContent === "2"`)
	w.picture("method-error")
	w.fill(area, "")
	w.typeLines(area, "def open_world(self):", "return 1")
	w.run(chromedp.Click(`#object li[data-slot="open_world"] .primary`))
	w.says("#object pre.source", "return 1")
	f.mu.Lock()
	defer f.mu.Unlock()
	if got := f.objects[3]["open_world"].Source; got != "def open_world(self):\n    return 1" {
		t.Errorf("the method is %q", got)
	}
}

// The page takes up its session after a break, and asks again what had no reply.
func TestReconnect(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	if first := <-f.hellos; first.Session != "" {
		t.Errorf("the first hello takes up session %q", first.Session)
	}
	f.cut()
	select {
	case again := <-f.hellos:
		if again.Session != "s" || again.LastSeq == 0 {
			t.Errorf("after the break the page said %+v, want its session and the last number it saw", again)
		}
	case <-w.ctx.Done():
		t.Fatal("the page did not come back")
	}
	f.set(3, "state", "back")
	w.says("#status", "genesis_obj @3: back")
	w.says("#status", "· connected")
}

// A page that has lost its cookie says that it may not connect, and how to.
func TestForbiddenPageSaysSo(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	w.run(network.ClearBrowserCookies())
	f.cut()
	w.says("#notice", "This page may not connect")
	w.says("#status", "not allowed")
	w.run(chromedp.Click("#notice a"))
	w.says("#status", "· connected")
}

func TestTokenRequiredInBrowser(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = Handler(Options{Bridge: newFake(true), Addr: server.Listener.Addr().String(), Token: "secret", TokenRequired: true})
	server.Start()
	defer server.Close()
	w := newWindow(t)
	w.run(chromedp.Navigate(server.URL + "/"))
	w.says("body", "401: open the address with the token in it")
	w.run(chromedp.Navigate(server.URL + "/?token=secret"))
	w.says("#status", "· connected")
	if got := w.eval("location.href"); got != server.URL+"/" {
		t.Errorf("the address is %v", got)
	}
	if got := w.eval("document.cookie"); got != "" {
		t.Errorf("scripts can read the cookie: %v", got)
	}
}

func TestSmallWindow(t *testing.T) {
	w := newWindow(t)
	w.run(chromedp.EmulateViewport(420, 860), chromedp.Navigate(serve(t, newFake(true))))
	w.says(".morph .title", "genesis_obj")
	if wide := w.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide != 0.0 {
		t.Errorf("the page is %v pixels wider than the window", wide)
	}
	w.picture("small")
}

// A world of ten thousand morphs has elements for what is near the view only.
func TestLargeWorld(t *testing.T) {
	f := newFake(true)
	submorphs := []any{}
	for i := range 10_000 {
		oid := image.Ref(1000 + i)
		f.objects[oid] = map[string]contract.SlotState{
			"parent*": slotOf("parent*", []any{image.Ref(5)}), "text": slotOf("text", fmt.Sprint("morph ", i)),
			"position": slotOf("position", []any{int64(i%100) * 200, int64(i/100) * 120}),
		}
		submorphs = append(submorphs, oid)
	}
	f.objects[20]["submorphs"] = slotOf("submorphs", submorphs)
	w := open(t, f)
	w.says(".morph .label", "morph 0")
	shown := func() float64 { return w.eval(`document.querySelectorAll("#morphs > .morph").length`).(float64) }
	if n := shown(); n < 20 || n > 400 {
		t.Errorf("%v morphs have elements at first", n)
	}
	w.run(chromedp.MouseEvent("mouseWheel", 400, 400, func(p *input.DispatchMouseEventParams) *input.DispatchMouseEventParams {
		return p.WithDeltaX(0).WithDeltaY(3000)
	}))
	w.says(".morph .label", "morph 3000")
	w.until(`!document.querySelector('.morph[data-oid="1000"]')`)
	if n := shown(); n < 20 || n > 400 {
		t.Errorf("%v morphs have elements further down", n)
	}
	f.set(1000, "text", "changed out of view")
	f.set(4000, "text", "changed in view")
	w.says(`.morph[data-oid="4000"]`, "changed in view")
}

// A page of an old snapshot that comes after an update does not undo it.
func TestLatePageKeepsUpdate(t *testing.T) {
	w := modules(t, "image", "values")
	got := w.eval(`(() => {
		const slot = (value) => bat.dict({kind: "value", value});
		const state = (tid, ...slots) => bat.dict({tid, objects: bat.dict({"9": bat.dict({slots: bat.dict(Object.fromEntries(slots))})})});
		const update = (tid, name, op, value) => bat.dict({tid, state: bat.dict({"9": bat.dict({[name]: bat.dict({op, kind: "value", value})})})});
		const image = new bat.Image();
		const told = () => [...image.objects.get("9").slots].map(([n, s]) => n + "=" + s.value).sort().join(" ");
		const out = [];
		image.update(update(8, "a", "set", 2));
		image.update(update(9, "gone", "remove", null));
		out.push(told());
		image.load(state(7, ["a", slot(1)], ["b", slot(1)], ["gone", slot(1)]));
		out.push(told());
		image.load(state(10, ["a", slot(3)], ["gone", slot(3)]));
		out.push(told());
		return out.join("; ");
	})()`)
	if want := "a=2; a=2 b=1; a=3 gone=3"; got != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// A message that waits for a mind shows what the mind writes, then its value.
func TestSendWaits(t *testing.T) {
	f := newFake(true)
	w := open(t, f)
	w.fill("#send-selector", "ponder")
	w.run(chromedp.Click("#send-button"))
	w.says("#result .state", "message @31 waits: ollama:qwen3 is asked")
	w.says("#result .tokens", "def ponder(self):\n    return 42")
	w.says("#transcript li[data-state=waiting]", "genesis_obj.ponder()")
	close(f.answered)
	w.says("#result .value", "42")
	w.says("#result .printed", "thinking")
	w.says("#transcript li[data-state=ok] .outcome", "42")
}

// A failed message tells where, and is retried or dismissed.
func TestFailedMessage(t *testing.T) {
	f := newFake(true)
	f.pending = []contract.PendingMessage{{
		Message: 41, State: "failed", Receiver: "@3 genesis_obj", Selector: "divide_by_", Arguments: []any{int64(0)}, Author: "page",
		Why: "ZeroDivisionError: division by zero", Code: contract.CodeMethodError,
		Traceback: []contract.TraceLine{{Receiver: "@3", Selector: "divide_by_", Line: 2, Source: "    return self.total / n", Caret: "           ^"}},
	}}
	w := open(t, f)
	w.says("#failed .count", "1")
	w.says("#failed .card", "genesis_obj.divide_by_(0)")
	w.says("#failed .why", "method_error: ZeroDivisionError: division by zero")
	w.says("#failed .traceback", "@3.divide_by_, line 2")
	w.picture("failed")
	const retry = "#failed .buttons button:first-child"
	w.run(chromedp.Click(retry))
	w.until(`document.querySelector("#failed .why").textContent === "method_error: still zero"`)
	w.run(chromedp.Click(retry))
	w.until("document.querySelector('#failed').hidden")
	w.says("#transcript", "retry @41")
}

// What is said in a slot is shown as it was written, and a comment as prose.
func TestProse(t *testing.T) {
	f := newFake(true)
	f.objects[4]["oath"] = slotOf("oath", "first line\n  'second'\n")
	f.objects[4]["comment"] = slotOf("comment", "What must not change.")
	w := open(t, f)
	w.run(chromedp.Click(`.morph[data-oid="23"] .title`))
	w.says(`#object li[data-slot="oath"] .value`, "'''first line\n  'second'\n'''")
	w.says("#object .comment", "What must not change.")
	w.until(`!document.querySelector('#object li[data-slot="comment"]')`)
}
