// Package world serves the Entropic UI over HTTP: the page, the socket that the
// page speaks the contract over, and what machines ask of a server (health,
// metrics, the contract's schema).
//
// The page is a retained-mode renderer and nothing else. Morphs are objects of
// the image: what the page shows is what objects hold, and what a person does
// with the mouse becomes a message, so that two pages, a program and a mind see
// and touch the same world. The page keeps only what belongs to one looking
// person: where they look, what is selected, what is typed and not yet sent.
//
// What must hold:
//
//   - Requests for any path whose Host is not this server's own name and port
//     get 403 (a rebound name), and so do those whose Origin is another page's.
//     On /bridge a page without the session's cookie gets 401.
//     Programs, which send no Origin, bear the token or say it in hello.
//   - Nothing is loaded from elsewhere, and no script or style runs that is not
//     a file of this program (Content-Security-Policy, Trusted Types).
//   - No state of the image is kept here; a page that reloads loses nothing.
//
// Traps: on loopback the page itself is handed to whoever asks, with the cookie
// (see Options.TokenRequired for what that means and how to forbid it).
//
// Start with Handler; the page's sources are in web/src, and go generate makes
// web/dist of them.
package world

import (
	"encoding/json"
	"net/http"

	"batos/bridge/contract"
	"batos/world/web"
)

//go:generate go run ./web/bundle

// Bridge takes over the connections of /bridge.
type Bridge interface {
	// ServeWebSocket speaks the contract over one connection until it ends.
	// Who may connect has been checked; rights are what the session may do,
	// none when it has yet to say who it is in hello.
	ServeWebSocket(w http.ResponseWriter, r *http.Request, rights contract.Rights)
}

// Options say what Handler serves.
type Options struct {
	Bridge Bridge // nil: /bridge answers 503

	// Addr is the address that is listened on, HOST:PORT.
	Addr string

	// Hosts are names under which the server may be addressed, besides the
	// host of Addr and, on loopback, the names of the loopback interface, which
	// hold with the port of Addr only. A name with a port ("bat.test:8080")
	// holds for that port, one without for every port.
	Hosts []string

	// Token lets its bearer in: in the address of the page (?token=...), or in
	// an Authorization: Bearer header. When empty a random one is made, which
	// only this Handler knows.
	Token string

	// TokenRequired makes the page ask for the token on loopback too.
	//
	// Without it a browser that opens the page by its address gets the
	// session's cookie. That is safe against other web pages: they can neither
	// read the cookie nor the page (same-origin policy), nor frame it, nor open
	// the socket (Origin), nor reach it under a name of their own (Host). It is
	// no defence against other users of the same machine: loopback is shared
	// by all of them, as is a server at another port of the same host name,
	// which browsers send the same cookies to. Where they are not trusted,
	// require the token. Beyond loopback it is always required.
	TokenRequired bool

	// Secure says that the server speaks TLS: the cookie is then never sent
	// in the clear.
	Secure bool

	// Schema is the JSON Schema of the contract, served as /contract.json.
	Schema []byte

	// Metrics gives the figures of /metrics. It may be called at any time and
	// from any goroutine.
	Metrics func() []Metric
}

// Handler serves the Entropic UI. It is safe for concurrent use.
func Handler(o Options) http.Handler {
	guard := newGuard(o)
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", guard.page(web.Page()))
	mux.Handle("GET /assets/{version}/{name}", http.HandlerFunc(serveAsset))
	mux.Handle("GET /bridge", guard.socket(o.Bridge))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.Handle("GET /metrics", guard.open(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if o.Metrics != nil {
			_, _ = w.Write(AppendMetrics(nil, o.Metrics()))
		}
	}))
	mux.Handle("GET /contract.json", guard.open(func(w http.ResponseWriter, r *http.Request) {
		if !json.Valid(o.Schema) {
			http.Error(w, "this server was started without the contract's schema", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/schema+json")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(o.Schema)
	}))
	return guard.hosts(secured(mux))
}

// policy lets the page load the program's own files and open its own socket,
// and nothing else. Trusted Types refuse every way to make markup of text.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// secured sets the headers that hold for every answer.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// serveAsset serves a file of the bundle. Its address has the version of the
// bundle in it, so that it may be kept for ever.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	content, kind, ok := web.Asset(r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	if r.PathValue("version") == web.Version() {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(content)
}
