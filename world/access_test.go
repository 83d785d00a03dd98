package world

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"batos/bridge/contract"
)

// bridgeStub tells that a request reached the bridge.
type bridgeStub struct{ rights contract.Rights }

func (b *bridgeStub) ServeWebSocket(w http.ResponseWriter, r *http.Request, rights contract.Rights) {
	b.rights = rights
	w.WriteHeader(http.StatusTeapot)
}

const reachedBridge = http.StatusTeapot

func get(h http.Handler, host, path string, headers map[string]string) *http.Response {
	r := httptest.NewRequest("GET", path, nil)
	r.Host = host
	for name, v := range headers {
		r.Header.Set(name, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Only a request that addresses the server by its own name, from its own page
// or from no page, is served.
func TestHostAndOrigin(t *testing.T) {
	h := Handler(Options{Bridge: &bridgeStub{}, Addr: "127.0.0.1:5550", Token: "secret", Hosts: []string{"bat.test", "localhost:8080"}})
	for _, c := range []struct {
		name, host, origin string
		want               int
	}{
		{"the address itself", "127.0.0.1:5550", "http://127.0.0.1:5550", reachedBridge},
		{"a name of loopback", "localhost:5550", "http://localhost:5550", reachedBridge},
		{"IPv6", "[::1]:5550", "http://[::1]:5550", reachedBridge},
		{"letters of any case", "LOCALHOST:5550", "http://localhost:5550", reachedBridge},
		{"through a tunnel from a listed port", "localhost:8080", "http://localhost:8080", reachedBridge},
		{"an added name", "bat.test", "https://bat.test", reachedBridge},
		{"an added name at any port", "bat.test:8443", "https://bat.test:8443", reachedBridge},
		{"a program sends no origin", "127.0.0.1:5550", "", reachedBridge},

		{"another site's page", "127.0.0.1:5550", "https://evil.example", 403},
		{"a page of another port", "127.0.0.1:5550", "http://127.0.0.1:3000", 403},
		{"a page of another name of loopback", "127.0.0.1:5550", "http://localhost:5550", 403},
		{"a page without an origin of its own", "127.0.0.1:5550", "null", 403},
		{"a page from a file", "127.0.0.1:5550", "file://", 403},
		{"an extension", "127.0.0.1:5550", "chrome-extension://127.0.0.1:5550", 403},
		{"a user in the origin", "127.0.0.1:5550", "http://me@127.0.0.1:5550", 403},
		{"a rebound name", "evil.example:5550", "http://evil.example:5550", 403},
		{"a rebound name without origin", "evil.example", "", 403},
		{"a name that ends like ours", "evil.localhost:5550", "http://evil.localhost:5550", 403},
		{"a name that begins like ours", "127.0.0.1.evil.example:5550", "http://127.0.0.1.evil.example:5550", 403},
		{"another address of loopback", "127.0.0.2:5550", "", 403},
		{"no host", "", "", 403},
		{"another port", "127.0.0.1:5551", "", 403},
		{"another port of a name with a listed one", "localhost:8081", "http://localhost:8081", 403},
		{"no port", "127.0.0.1", "", 403},
		{"a user before the host", "me@127.0.0.1:5550", "", 403},
		{"a path in the host", "127.0.0.1:5550/x", "", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			headers := map[string]string{"Authorization": "Bearer secret"}
			if c.origin != "" {
				headers["Origin"] = c.origin
			}
			if got := get(h, c.host, "/bridge", headers).StatusCode; got != c.want {
				t.Errorf("/bridge: got %d, want %d", got, c.want)
			}
			if c.want != 403 {
				return
			}
			for _, path := range []string{"/", "/?token=secret", "/healthz", "/metrics", "/contract.json", "/assets/x/page.js"} {
				r := get(h, c.host, path, headers)
				if r.StatusCode != 403 || len(r.Cookies()) > 0 {
					t.Errorf("%s: got %d with cookies %v, want 403 and none", path, r.StatusCode, r.Cookies())
				}
			}
		})
	}
}

// A program on loopback sends no Origin, but a browser that fetches says where
// the fetch comes from.
func TestFetchFromElsewhere(t *testing.T) {
	h := Handler(Options{Bridge: &bridgeStub{}, Addr: "127.0.0.1:5550", Token: "secret"})
	for site, want := range map[string]int{"cross-site": 403, "same-site": 403, "same-origin": reachedBridge, "none": reachedBridge} {
		headers := map[string]string{"Authorization": "Bearer secret", "Sec-Fetch-Site": site}
		if got := get(h, "127.0.0.1:5550", "/bridge", headers).StatusCode; got != want {
			t.Errorf("Sec-Fetch-Site: %s: got %d, want %d", site, got, want)
		}
	}
}

// Who has opened the page gets the session's cookie, and with it the bridge.
func TestCookie(t *testing.T) {
	typed := map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
	linked := map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
	framed := map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"}
	page := map[string]string{"Origin": "http://127.0.0.1"}
	for _, c := range []struct {
		name    string
		o       Options
		path    string
		headers map[string]string
		want    int
		cookie  bool
	}{
		{"typed on loopback", Options{Addr: "127.0.0.1:0"}, "/", typed, 200, true},
		{"a program on loopback", Options{Addr: "127.0.0.1:0"}, "/", nil, 200, true},
		{"a link of another site", Options{Addr: "127.0.0.1:0"}, "/", linked, 200, false},
		{"in a frame", Options{Addr: "127.0.0.1:0"}, "/", framed, 200, false},
		{"typed, but the token is required", Options{Addr: "127.0.0.1:0", TokenRequired: true}, "/", typed, 401, false},
		{"typed beyond loopback", Options{Addr: "192.0.2.7:443", Hosts: []string{"127.0.0.1"}}, "/", typed, 401, false},
		{"with the token", Options{Addr: "127.0.0.1:0", TokenRequired: true}, "/?token=secret", typed, 303, true},
		{"with the token beyond loopback", Options{Addr: "192.0.2.7:443", Hosts: []string{"127.0.0.1"}}, "/?token=secret", typed, 303, true},
		{"with another token", Options{Addr: "127.0.0.1:0"}, "/?token=secreu", typed, 401, false},
		{"with an empty token", Options{Addr: "127.0.0.1:0"}, "/?token=", typed, 401, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Token = "secret"
			stub := &bridgeStub{}
			c.o.Bridge = stub
			h := Handler(c.o)
			r := get(h, "127.0.0.1", c.path, c.headers)
			if r.StatusCode != c.want {
				t.Errorf("got %d, want %d", r.StatusCode, c.want)
			}
			if c.want == 303 && r.Header.Get("Location") != "/" {
				t.Errorf("the token stays in the address: redirected to %q", r.Header.Get("Location"))
			}
			if got := len(r.Cookies()) == 1; got != c.cookie {
				t.Fatalf("cookie: got %v, want %v", got, c.cookie)
			}
			if !c.cookie {
				if got := get(h, "127.0.0.1", "/bridge", page).StatusCode; got != 401 {
					t.Errorf("the bridge without a cookie: got %d, want 401", got)
				}
				return
			}
			cookie := r.Cookies()[0]
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.MaxAge != 0 {
				t.Errorf("the cookie is %v; want HttpOnly, SameSite=Strict, for this session", cookie)
			}
			if strings.Contains(cookie.Value, "secret") {
				t.Error("the cookie tells the token")
			}
			if got := get(h, "127.0.0.1", "/bridge", map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}).StatusCode; got != reachedBridge {
				t.Errorf("the bridge with the cookie: got %d", got)
			}
			if stub.rights != contract.AllRights {
				t.Errorf("rights: got %b", stub.rights)
			}
			other := Handler(Options{Bridge: stub, Addr: c.o.Addr, Hosts: c.o.Hosts, Token: "other"})
			page := map[string]string{"Origin": "http://127.0.0.1", "Cookie": cookie.Name + "=" + cookie.Value}
			if got := get(other, "127.0.0.1", "/bridge", page).StatusCode; got != 401 {
				t.Errorf("another server's bridge with this cookie: got %d, want 401", got)
			}
		})
	}
}

func TestBearer(t *testing.T) {
	for _, c := range []struct {
		path, authorization string
		required            bool
		want                int
	}{
		{"/bridge", "Bearer secret", false, reachedBridge},
		{"/bridge", "bearer secret", false, reachedBridge},
		{"/bridge", "Bearer secreT", false, 401},
		{"/bridge", "Basic secret", false, 401},
		{"/metrics", "", false, 200},
		{"/metrics", "", true, 401},
		{"/metrics", "Bearer secret", true, 200},
		{"/contract.json", "", true, 401},
		{"/healthz", "", true, 200},
	} {
		h := Handler(Options{Bridge: &bridgeStub{}, Addr: "127.0.0.1:5550", Token: "secret", TokenRequired: c.required, Schema: []byte("{}")})
		headers := map[string]string{}
		if c.authorization != "" {
			headers["Authorization"] = c.authorization
		}
		if got := get(h, "127.0.0.1:5550", c.path, headers).StatusCode; got != c.want {
			t.Errorf("%s with %q, required %v: got %d, want %d", c.path, c.authorization, c.required, got, c.want)
		}
	}
}

// A program that does not bear the token reaches the bridge without rights: the
// bridge gives them, or not, for what hello says.
func TestProgramWithoutToken(t *testing.T) {
	stub := &bridgeStub{rights: contract.AllRights}
	h := Handler(Options{Bridge: stub, Addr: "127.0.0.1:5550"})
	if got := get(h, "127.0.0.1:5550", "/bridge", nil).StatusCode; got != reachedBridge || stub.rights != 0 {
		t.Errorf("got %d with rights %b, want the bridge with none", got, stub.rights)
	}
}

func TestTokensDiffer(t *testing.T) {
	a, b := NewToken(), NewToken()
	if a == b || len(a) != 32 || strings.ContainsAny(a, "+/=&?#") {
		t.Errorf("tokens %q and %q; want two of 32 characters fit for an address", a, b)
	}
}
