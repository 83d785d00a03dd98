package world

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"batos/bridge"
	"batos/store/pebble"
	"batos/uvm"
)

// realImage awakens an image and serves its page.
func realImage(t *testing.T) (*uvm.Machine, string) {
	t.Helper()
	s, err := pebble.Open(t.TempDir(), pebble.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := uvm.Open(s, uvm.Options{Workers: 2, Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	b := bridge.New(m, bridge.Options{Image: s.Manifest().Image})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := b.Drain(ctx); err != nil {
			t.Logf("closing the bridge: %v", err)
		}
		if err := m.Close(ctx); err != nil {
			t.Errorf("closing the machine: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	if _, err := m.Awaken(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m, serve(t, b)
}

// A message whose method exists, and sends on to one that does not, waits for
// that one: it is what the page asks for.
func TestQuestionOfANestedSend(t *testing.T) {
	m, url := realImage(t)
	ctx := t.Context()
	if _, _, err := m.CreateMethod(ctx, uvm.Caller{Author: "test"}, "genesis_obj", "nestme", "def nestme(self):\n    return self.missing_part(3, scale=2) + self.another()\n"); err != nil {
		t.Fatal(err)
	}
	reply := m.Send(ctx, uvm.Request{Caller: uvm.Caller{Author: "ada"}, Target: "genesis_obj", Selector: "nestme"})
	if reply.Status != uvm.StatusWaiting {
		t.Fatalf("nestme: %v %v", reply.Status, reply.Err)
	}
	w := newWindow(t)
	w.run(chromedp.Navigate(url))
	w.says("#questions h3", "genesis_obj.missing_part(a1, scale)")
	w.says("#questions .origin", fmt.Sprintf("@%d genesis_obj.nestme(), sent by ada", reply.Message))
	const area = "#questions textarea"
	if got := w.eval(`document.querySelector("` + area + `").value`); got != "def missing_part(self, a1, scale):\n    " {
		t.Errorf("the answer begins with %q", got)
	}
	w.run(chromedp.SendKeys(area, kb.End+kb.ArrowDown+kb.End+"return a1 * scale"), chromedp.Click("#questions .answer"))
	w.says("#questions h3", "genesis_obj.another()")
	if got := w.eval(`document.querySelector("` + area + `").value`); got != "def another(self):\n    " {
		t.Errorf("the answer to the next question begins with %q", got)
	}
}

// The main story on a real image: the First Conversation is answered on the
// page, the world appears, a morph is dragged, and the object has moved.
func TestFirstConversation(t *testing.T) {
	m, url := realImage(t)
	ctx := t.Context()
	reply := m.Send(ctx, uvm.Request{Caller: uvm.Caller{Author: "test"}, Target: "genesis_obj", Selector: "display_yourself"})
	if reply.Status != uvm.StatusWaiting {
		t.Fatalf("display_yourself: %v %v", reply.Status, reply.Err)
	}

	w := newWindow(t)
	w.run(chromedp.Navigate(url))
	w.says("#status", "cannot display itself yet")
	w.says("#questions", "genesis_obj.display_yourself()")
	w.says("#questions pre.question", "Write the method display_yourself.")
	w.picture("real-question")
	const area = "#questions textarea"
	w.run(chromedp.SendKeys(area, "return 1 +"), chromedp.Click("#questions .answer"))
	w.says("#questions .fault", "line 2")
	w.fill(area, "def display_yourself(self):\n    return 7\n")
	w.run(chromedp.Click("#questions .answer"))
	w.says("#questions .fault, #questions .attempts, #questions .why", "must return a world")
	w.fill(area, "")
	w.typeLines(area, "def display_yourself(self):", `"""Show me and what I hold."""`, "return self.open_world()")
	w.run(chromedp.Click("#questions .answer"))
	w.until("document.querySelector('#questions').hidden")
	w.says(".morph .title", "genesis_obj")
	w.says(".morph[data-shape=text]", "genesis_obj: awake")
	w.picture("real-world")

	// the answer has a mark, and says who gave it
	w.says(`#object li[data-slot="display_yourself"] .badge`, "answered")

	// a message from here
	w.fill("#send-selector", "slotNames")
	w.run(chromedp.Click("#send-button"))
	w.says("#result .value", "'display_yourself'")

	// a change by somebody else
	if _, err := m.SetSlot(ctx, uvm.Caller{Author: "test"}, "genesis_obj", "state", "dreaming", 0); err != nil {
		t.Fatal(err)
	}
	w.says(".morph[data-shape=text]", "genesis_obj: dreaming")
	w.says("#status", ": dreaming")

	// a drag is a transaction
	oid := w.eval(`document.querySelector(".morph[data-shape=proto]").dataset.oid`).(string)
	morph := fmt.Sprintf(".morph[data-oid='%s']", oid)
	zoom := w.eval(`new DOMMatrix(getComputedStyle(document.querySelector("#morphs")).transform).a`).(float64)
	before := position(t, m, "@"+oid)
	w.drag(morph+" .title", 120*zoom, 90*zoom)
	w.says("#transcript li[data-state=ok]", "@"+oid+".move_to_")
	after := position(t, m, "@"+oid)
	if after[0] != before[0]+120 || after[1] != before[1]+90 {
		t.Errorf("the object moved from %v to %v, want 120 and 90 further", before, after)
	}
	w.run(chromedp.Reload())
	w.until(fmt.Sprintf(`document.querySelector(%q)?.style.transform === "translate(%dpx, %dpx)"`, morph, after[0], after[1]))

	// and so are the arrow keys
	w.run(chromedp.Focus(morph), chromedp.KeyEvent(kb.ArrowLeft))
	w.says("#transcript li[data-state=ok]", fmt.Sprintf("@%s.move_to_(%d, %d)", oid, after[0]-1, after[1]))

	// an object is laid in the world where the page looks
	if _, err := m.BindRoot(ctx, uvm.Caller{Author: "test"}, "world", "genesis_obj.ui"); err != nil {
		t.Fatal(err)
	}
	w.run(chromedp.Click(`.morph li[data-slot="minds"] .ref`))
	w.says("#object .title", "minds")
	w.run(chromedp.WaitVisible("#object .lay"), chromedp.Click("#object .lay"))
	w.says(".morph[data-shape=proto] .title", "minds")
	w.run(chromedp.Click(morph + " .title"))
	w.says("#object .title", "genesis_obj")

	// a method is written in place, and fails where it says
	w.run(chromedp.Click("#object .foot button:not(.more)"))
	w.says("#object .new .gutter", "1")
	w.fill("#object .new textarea", "")
	w.typeLines("#object .new textarea", "def halve(self, n):", "return n // 0")
	w.run(chromedp.Click("#object .new .primary"))
	w.says(`#object li[data-slot="halve"]`, "(n)")
	w.fill("#send-selector", "halve")
	w.fill("#send-args", "8")
	w.run(chromedp.Click("#send-button"))
	w.says("#result .fault", "ZeroDivisionError")
	w.says("#result .traceback", "return n // 0")
	w.says("#failed", "halve(8)")
	w.picture("real-failed")
	w.run(chromedp.Click("#failed .buttons .quiet"))
	w.until("document.querySelector('#failed').hidden")
}

// position reads where a morph is from the image itself.
func position(t *testing.T, m *uvm.Machine, target string) [2]int64 {
	t.Helper()
	inspection, err := m.Inspect(t.Context(), target, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range inspection.Slots {
		if v, ok := s.Value.([]any); ok && s.Name == "position" && len(v) == 2 {
			return [2]int64{v[0].(int64), v[1].(int64)}
		}
	}
	t.Fatalf("%s has no position: %+v", target, inspection.Slots)
	return [2]int64{}
}
