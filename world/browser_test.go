package world

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts one Chromium for all tests of the package. Without one the
// test is skipped, and fails in CI.
var browser = sync.OnceValues(func() (context.Context, error) {
	path, err := chromium()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "batos-chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	closers = append(closers, func() {
		cancel()
		stop()
		os.RemoveAll(dir)
	})
	return ctx, chromedp.Run(ctx)
})

var closers []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, f := range closers {
		f()
	}
	os.Exit(code)
}

func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// window is a browser's tab in a test. What the page's console says that is an
// error fails the test.
type window struct {
	t   *testing.T
	ctx context.Context
}

// newWindow opens a tab of its own.
func newWindow(t *testing.T) *window {
	t.Helper()
	parent, err := browser()
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
		t.Skip("chromium is not installed (Debian: apt-get install chromium)")
	}
	if err != nil {
		t.Fatalf("starting chromium: %v", err)
	}
	ctx, cancel := chromedp.NewContext(parent)
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancelTime)
	w := &window{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description)
		case *log.EventEntryAdded:
			if e.Entry.Source == log.SourceSecurity {
				t.Errorf("the page's policy was broken: %s", e.Entry.Text)
			}
		}
	})
	w.run(chromedp.EmulateViewport(1280, 800), log.Enable())
	return w
}

func (w *window) run(actions ...chromedp.Action) {
	w.t.Helper()
	if err := chromedp.Run(w.ctx, actions...); err != nil {
		var state string
		_ = chromedp.Run(w.ctx, chromedp.Evaluate("document.body ? document.body.innerText.slice(0, 4000) : ''", &state))
		w.t.Fatalf("%v; the page shows:\n%s", err, state)
	}
}

// until waits until a JavaScript expression is true.
func (w *window) until(expression string) {
	w.t.Helper()
	var ok bool
	ctx, cancel := context.WithTimeout(w.ctx, 40*time.Second)
	defer cancel()
	poll := chromedp.Poll(expression, &ok, chromedp.WithPollingInterval(20*time.Millisecond))
	err := chromedp.Run(ctx, poll)
	for err != nil && strings.Contains(err.Error(), "Cannot find context") && ctx.Err() == nil {
		err = chromedp.Run(ctx, poll) // another page was opened meanwhile
	}
	if err != nil {
		var state string
		_ = chromedp.Run(w.ctx, chromedp.Evaluate("document.body.innerText.slice(0, 4000)", &state))
		w.t.Fatalf("waiting for %s: %v; the page shows:\n%s", expression, err, state)
	}
}

// says waits until the element has a text in it.
func (w *window) says(selector, text string) {
	w.t.Helper()
	w.until(fmt.Sprintf("[...document.querySelectorAll(%q)].some((e) => e.textContent.includes(%q))", selector, text))
}

func (w *window) eval(expression string) (result any) {
	w.t.Helper()
	w.run(chromedp.Evaluate(expression, &result))
	return result
}

// fill puts text into a field as a paste does, in place of what was there.
func (w *window) fill(selector, text string) {
	w.t.Helper()
	w.run(chromedp.WaitVisible(selector))
	w.eval(fmt.Sprintf(`(() => {
		const field = document.querySelector(%q);
		field.value = %q;
		field.dispatchEvent(new InputEvent("input", {bubbles: true}));
	})()`, selector, text))
}

// typeLines types lines with Enter between them. chromedp's own Enter sends a
// character after the key even when the page has dealt with the key, as no
// keyboard does.
func (w *window) typeLines(selector string, lines ...string) {
	w.t.Helper()
	for i, line := range lines {
		if i > 0 {
			enter := input.DispatchKeyEvent(input.KeyDown).WithKey("Enter").WithCode("Enter").WithText("\r").WithWindowsVirtualKeyCode(13)
			w.run(enter, input.DispatchKeyEvent(input.KeyUp).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13))
		}
		w.run(chromedp.SendKeys(selector, line))
	}
}

// drag presses at the middle of an element and lets go dx, dy further.
func (w *window) drag(selector string, dx, dy float64) {
	w.t.Helper()
	x, y := w.middle(selector)
	w.run(chromedp.ActionFunc(func(ctx context.Context) error {
		for _, step := range []struct {
			kind input.MouseType
			at   float64
		}{{input.MouseMoved, 0}, {input.MousePressed, 0}, {input.MouseMoved, .3}, {input.MouseMoved, .7}, {input.MouseMoved, 1}, {input.MouseReleased, 1}} {
			event := input.DispatchMouseEvent(step.kind, x+dx*step.at, y+dy*step.at).WithButton(input.Left).WithClickCount(1)
			if step.kind == input.MouseMoved && step.at == 0 {
				event = event.WithButton(input.None)
			} else {
				event = event.WithButtons(1)
			}
			if err := event.Do(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *window) middle(selector string) (x, y float64) {
	w.t.Helper()
	var at []float64
	w.run(chromedp.Evaluate(fmt.Sprintf("(() => { const r = document.querySelector(%q).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()", selector), &at))
	return at[0], at[1]
}

// picture writes a screenshot when BATOS_PICTURES names a folder, so that a
// person can look at what the tests saw.
func (w *window) picture(name string) {
	w.t.Helper()
	dir := os.Getenv("BATOS_PICTURES")
	if dir == "" {
		return
	}
	var png []byte
	w.run(chromedp.CaptureScreenshot(&png))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *window) dark() {
	w.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
}

// serve serves an image's page on a port of its own.
func serve(t *testing.T, bridge Bridge) (url string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = Handler(Options{Bridge: bridge, Addr: server.Listener.Addr().String()})
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return strings.TrimSuffix(server.URL, "/") + "/"
}
