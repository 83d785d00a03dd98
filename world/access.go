package world

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strings"

	"batos/bridge/contract"
)

// NewToken makes a random token of 192 bits, fit for an address.
func NewToken() string {
	var b [24]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// cookieName is the session's cookie. Browsers keep cookies by host name and
// not by port, so the name has the port in it: two images on one machine do not
// sign each other out.
const cookieName = "batos-session"

// guard decides who is let in.
type guard struct {
	token    string
	session  string          // the cookie's value: tells nothing of the token
	cookie   string          // its name
	names    map[string]bool // in lower case; a name that is to hold for one port only has it behind a colon
	port     string          // of the listener; "" when it is not known, and then no port is compared
	loopback bool
	required bool // of a browser that opens the page
	secure   bool
}

func newGuard(o Options) *guard {
	g := &guard{token: o.Token, cookie: cookieName, names: map[string]bool{}, secure: o.Secure}
	if g.token == "" {
		g.token = NewToken()
	}
	mac := hmac.New(sha256.New, []byte(g.token))
	mac.Write([]byte("batos page session 1"))
	g.session = base64.RawURLEncoding.EncodeToString(mac.Sum(nil))

	host, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		host = o.Addr
	}
	if port != "" {
		g.cookie += "-" + port
	}
	if port != "0" {
		g.port = port
	}
	g.loopback = isLoopback(host)
	g.required = o.TokenRequired || !g.loopback
	own := func(name string) { g.names[net.JoinHostPort(strings.ToLower(name), g.port)] = true }
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		own(host)
	}
	if g.loopback {
		for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
			own(name)
		}
	}
	for _, name := range o.Hosts {
		g.names[strings.ToLower(name)] = true
	}
	return g
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// hosts refuses requests that address the server by a name or a port that is
// not its own: a page at evil.example whose name has been made to resolve to
// this address is, to the browser, the same origin as we are. It refuses those
// too that say they come from a page of another server.
func (g *guard) hosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !g.answersTo(r.Host):
			http.Error(w, "403: this server does not answer to that name and port; open it by the address that it printed", http.StatusForbidden)
		case len(r.Header.Values("Origin")) > 0 && !sameOrigin(r):
			http.Error(w, "403: not for the pages of other servers", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// answersTo tells whether a Host header names this server. A browser leaves out
// the port that its scheme has by default.
func (g *guard) answersTo(header string) bool {
	u, err := url.Parse("//" + header)
	if err != nil || u.Host != header {
		return false
	}
	name, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if g.names[name] || g.names[net.JoinHostPort(name, port)] {
		return true
	}
	if g.port == "" || port == "" && (g.port == "80" && !g.secure || g.port == "443" && g.secure) {
		port = g.port
	}
	return g.names[net.JoinHostPort(name, port)]
}

// sameOrigin tells whether a request comes from a page of this server, or from
// no page at all: programs send no Origin, browsers always do for a socket.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Values("Origin")
	if len(origin) == 0 {
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	u, err := url.Parse(origin[0])
	return len(origin) == 1 && err == nil && (u.Scheme == "http" || u.Scheme == "https") &&
		u.User == nil && u.Path == "" && strings.EqualFold(u.Host, r.Host)
}

// page serves the page, and gives the session's cookie to those who may have
// it. The page itself holds no secret, so that it is served to all on loopback:
// without the cookie it can only say that it may not connect.
func (g *guard) page(content []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token, given := r.URL.Query()["token"]; given {
			if !equal(token[0], g.token) {
				http.Error(w, "401: that is not the token; open the address that `bat up` printed", http.StatusUnauthorized)
				return
			}
			g.setCookie(w)
			http.Redirect(w, r, "/", http.StatusSeeOther) // the token leaves the address bar and the history
			return
		}
		if !g.known(r) {
			switch {
			case g.required:
				http.Error(w, "401: open the address with the token in it, as `bat up` printed it", http.StatusUnauthorized)
				return
			case navigation(r):
				g.setCookie(w)
			}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(content)
	})
}

// navigation tells whether a person opened the page: typed, bookmarked, from
// this page, or by a program that knows nothing of fetch metadata. A link or a
// script of another site is none.
func navigation(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "none", "same-origin":
		dest := r.Header.Get("Sec-Fetch-Dest")
		return dest == "document" || dest == ""
	case "":
		return len(r.Header.Values("Origin")) == 0
	}
	return false
}

func (g *guard) setCookie(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{
		Name: g.cookie, Value: g.session, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: g.secure,
	})
}

// socket lets pages with the cookie and programs with the token on the bridge,
// and programs without one, but these have no rights until they say hello with
// a token that the bridge knows.
func (g *guard) socket(bridge Bridge) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !sameOrigin(r):
			http.Error(w, "403: only the page of this server may speak on its bridge", http.StatusForbidden)
		case bridge == nil:
			http.Error(w, "503: this server has no bridge", http.StatusServiceUnavailable)
		case g.known(r):
			bridge.ServeWebSocket(w, r, contract.AllRights)
		case program(r):
			bridge.ServeWebSocket(w, r, 0)
		default:
			http.Error(w, "401: open the page first, or send Authorization: Bearer TOKEN", http.StatusUnauthorized)
		}
	})
}

// program tells a request that no page made and that claims nothing.
func program(r *http.Request) bool {
	for _, name := range []string{"Origin", "Sec-Fetch-Site", "Authorization"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	return true
}

// open serves what tells nothing of the objects; beyond loopback it needs the
// token all the same.
func (g *guard) open(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !sameOrigin(r):
			http.Error(w, "403: not for other sites", http.StatusForbidden)
		case g.required && !g.known(r):
			http.Error(w, "401: send Authorization: Bearer TOKEN", http.StatusUnauthorized)
		default:
			next(w, r)
		}
	})
}

// known tells whether a request bears the cookie or the token.
func (g *guard) known(r *http.Request) bool {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return equal(strings.TrimSpace(token), g.token)
	}
	for _, c := range r.CookiesNamed(g.cookie) {
		if equal(c.Value, g.session) {
			return true
		}
	}
	return false
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
