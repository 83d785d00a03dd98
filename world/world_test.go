package world

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"batos/store"
	"batos/uvm"
)

func TestEveryAnswerIsGuarded(t *testing.T) {
	h := Handler(Options{Addr: "127.0.0.1:5550", Schema: []byte(`{"title": "contract"}`)})
	for _, path := range []string{"/", "/healthz", "/metrics", "/contract.json", "/bridge", "/nothing", "/assets/x/app.js"} {
		header := get(h, "localhost:5550", path, nil).Header
		csp := header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy %q lacks %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy allows what is unsafe: %q", path, csp)
		}
		if got := header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options: %q", path, got)
		}
	}
}

// What the page loads is there, kept for ever under the bundle's version, and
// comes from nowhere else.
func TestPage(t *testing.T) {
	h := Handler(Options{Addr: "127.0.0.1:5550"})
	r := get(h, "localhost:5550", "/", nil)
	page := body(t, r)
	if !strings.Contains(page, "<title>BAT OS Entropic UI</title>") {
		t.Error("the title is missing")
	}
	if got := r.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page gives a cookie and may be kept: %q", got)
	}
	refs := regexp.MustCompile(`(?:src|href)="([^"#]+)"`).FindAllStringSubmatch(page, -1)
	if len(refs) < 3 {
		t.Fatalf("the page refers to %v", refs)
	}
	for _, ref := range refs {
		if !strings.HasPrefix(ref[1], "/assets/") {
			t.Errorf("the page loads %s", ref[1])
		}
		asset := get(h, "localhost:5550", ref[1], nil)
		if asset.StatusCode != http.StatusOK || len(body(t, asset)) == 0 {
			t.Errorf("%s: %s", ref[1], asset.Status)
		}
		if got := asset.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control: %q", ref[1], got)
		}
	}
	if regexp.MustCompile(`<script[^>]*>[^<]|\son\w+=|style=`).MatchString(page) {
		t.Error("the page has scripts or styles in it, which its policy refuses")
	}
	if got := get(h, "localhost:5550", "/assets/old/app.js", nil).Header.Get("Cache-Control"); strings.Contains(got, "immutable") {
		t.Errorf("an address of another version may be kept for ever: %q", got)
	}
	for _, path := range []string{"/assets/x/index.html", "/assets/x/..%2fweb.go", "/assets/x/nothing", "/index.html"} {
		if got := get(h, "localhost:5550", path, nil).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got)
		}
	}
}

func TestContractAndHealth(t *testing.T) {
	h := Handler(Options{Addr: "127.0.0.1:5550", Schema: []byte(`{"title": "contract"}`)})
	if got := body(t, get(h, "localhost:5550", "/contract.json", nil)); got != `{"title": "contract"}` {
		t.Errorf("/contract.json: %s", got)
	}
	if got := body(t, get(h, "localhost:5550", "/healthz", nil)); got != "ok\n" {
		t.Errorf("/healthz: %q", got)
	}
	if got := get(Handler(Options{Addr: "127.0.0.1:5550"}), "localhost:5550", "/contract.json", nil).StatusCode; got != http.StatusNotFound {
		t.Errorf("/contract.json without a schema: %d", got)
	}
	if got := get(h, "localhost:5550", "/bridge", nil).StatusCode; got != http.StatusServiceUnavailable {
		t.Errorf("/bridge without a bridge: %d", got)
	}
}

func TestMetrics(t *testing.T) {
	stats := uvm.Stats{Messages: 1234567, Failed: 2, Store: store.Stats{Last: 9, Durable: 8}, Started: time.UnixMilli(1_700_000_000_500)}
	h := Handler(Options{Addr: "127.0.0.1:5550", Metrics: func() []Metric { return StatsMetrics(stats) }})
	got := body(t, get(h, "localhost:5550", "/metrics", nil))
	for _, want := range []string{
		"# HELP batos_messages_total Messages committed or answered since start.\n# TYPE batos_messages_total counter\nbatos_messages_total 1.234567e+06\n",
		"batos_messages_failed_total 2\n", "batos_last_tid 9\n", "batos_durable_tid 8\n", "batos_start_time_seconds 1.7000000005e+09\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	line := regexp.MustCompile(`^(# (HELP|TYPE) batos_[a-z_]+ .+|batos_[a-z_]+ [-+.0-9e]+)$`)
	for _, l := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if !line.MatchString(l) {
			t.Errorf("not in Prometheus' format: %q", l)
		}
	}
	escaped := string(AppendMetrics(nil, []Metric{{Name: "x", Help: "a\\b\nc", Type: "gauge"}}))
	if want := "# HELP x a\\\\b\\nc\n# TYPE x gauge\nx 0\n"; escaped != want {
		t.Errorf("got %q, want %q", escaped, want)
	}
}
