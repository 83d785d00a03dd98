package mind

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// scripted serves one handler per request, the last one again and again.
func scripted(t *testing.T, replies ...http.HandlerFunc) (*remote, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		n := int(asked.Add(1))
		replies[min(n, len(replies))-1](w, req)
	}))
	t.Cleanup(server.Close)
	e, err := Open(server.URL + "/v1#tiny")
	if err != nil {
		t.Fatal(err)
	}
	r := e.(*remote)
	r.limits = timeouts{connect: time.Second, first: 2 * time.Second, between: 2 * time.Second, total: 10 * time.Second, pause: time.Millisecond, retry: 10 * time.Millisecond}
	return r, &asked
}

func events(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, l := range lines {
			fmt.Fprint(w, l)
			w.(http.Flusher).Flush()
		}
	}
}

func delta(text string) string {
	data, _ := json.Marshal(map[string]any{"model": "tiny-1", "choices": []any{map[string]any{"delta": map[string]string{"content": text}}}})
	return "data: " + string(data) + "\n\n"
}

const stop = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}` + "\n\n"

func TestDialects(t *testing.T) {
	tests := []struct {
		name  string
		reply http.HandlerFunc
		text  string
		model string
	}{
		{"openai", events(`data: {"model":"tiny-1","choices":[{"delta":{"role":"assistant","content":""}}]}`+"\n\n",
			delta("def f"), delta("(self):"), stop, "data: [DONE]\n\n"), "def f(self):", "tiny-1"},
		{"ollama with usage, no role chunk", events(delta("a"), delta("b"),
			`data: {"choices":[{"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}`+"\n\n", "data: [DONE]\n\n"), "ab", "tiny-1"},
		{"llama-server with comments, CRLF and error null", events(": ping\r\n\r\n",
			"data: {\"error\":null,\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\r\n\r\n",
			"event: message\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"y\"},\"finish_reason\":\"stop\"}]}\r\n\r\n"), "xy", "tiny"},
		{"no blank lines between events", events(
			`data: {"choices":[{"delta":{"content":"1"}}]}` + "\n" + `data: {"choices":[{"delta":{"content":"2"},"finish_reason":"stop"}]}` + "\ndata: [DONE]\n"), "12", "tiny"},
		{"one event over several data lines", events("data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"z\"},\"finish_reason\":\"stop\"}]}\n\n"), "z", "tiny"},
		{"not streamed", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			fmt.Fprint(w, `{"model":"m2","choices":[{"message":{"role":"assistant","content":"whole"},"finish_reason":"stop"}]}`)
		}, "whole", "m2"},
		{"reasoning is left out", events(`data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}`+"\n\n", delta("ok"), stop), "ok", "tiny-1"},
		{"a multi-byte character in pieces of one chunk each", events(delta("é"), delta("😀"), stop), "é😀", "tiny-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := scripted(t, tt.reply)
			var streamed strings.Builder
			a, err := r.Infer(context.Background(), Request{System: "s", Prompt: "p"}, func(s string) { streamed.WriteString(s) })
			if err != nil {
				t.Fatal(err)
			}
			if a.Text != tt.text || streamed.String() != tt.text || a.Model != tt.model {
				t.Errorf("text %q, streamed %q, model %q; want %q, %q", a.Text, streamed.String(), a.Model, tt.text, tt.model)
			}
		})
	}
}

func TestRequestIsWhatTheProtocolSays(t *testing.T) {
	var got map[string]any
	r, _ := scripted(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path != "/v1/chat/completions" || req.Header.Get("Authorization") != "Bearer sesame" {
			t.Errorf("path %s, authorization %q", req.URL.Path, req.Header.Get("Authorization"))
		}
		if err := json.NewDecoder(req.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		events(delta("ok"), stop)(w, req)
	})
	r.key = "sesame"
	if _, err := r.Infer(context.Background(), Request{System: "law", Prompt: "ask", Seed: 3, Stop: []string{"\n\n\n"}}, nil); err != nil {
		t.Fatal(err)
	}
	messages := fmt.Sprint(got["messages"])
	if got["model"] != "tiny" || got["stream"] != true || got["seed"] != float64(3) || got["max_tokens"] != float64(defaultMaxTokens) ||
		messages != "[map[content:law role:system] map[content:ask role:user]]" {
		t.Errorf("request %v", got)
	}
}

func TestFailures(t *testing.T) {
	status := func(code int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if len(header) == 2 {
				w.Header().Set(header[0], header[1])
			}
			w.WriteHeader(code)
			fmt.Fprint(w, body)
		}
	}
	cut := func(w http.ResponseWriter, req *http.Request) {
		events(delta("half"))(w, req)
		panic(http.ErrAbortHandler)
	}
	good := events(delta("ok"), stop)
	oom := `data: {"error":{"message":"out of memory"}}` + "\n\n"
	tests := []struct {
		name    string
		replies []http.HandlerFunc
		text    string // of the answer, when it comes
		says    string // in the error
		asked   int32
	}{
		{"429 then well", []http.HandlerFunc{status(429, `{"error":{"message":"slow down"}}`, "Retry-After", "1"), good}, "ok", "", 2},
		{"503 twice then well", []http.HandlerFunc{status(503, "loading"), status(503, "loading"), good}, "ok", "", 3},
		{"500 for ever", []http.HandlerFunc{status(500, `{"error":"boom"}`)}, "", "HTTP 500: boom", 3},
		{"404", []http.HandlerFunc{status(404, `{"error":{"message":"model 'tiny' not found"}}`)}, "", "refused (HTTP 404): model 'tiny' not found", 1},
		{"401", []http.HandlerFunc{status(401, `{"message":"bad key"}`)}, "", "bad key", 1},
		{"cut before a token", []http.HandlerFunc{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, good}, "ok", "", 2},
		{"cut after a token then well", []http.HandlerFunc{cut, good}, "ok", "", 2},
		{"cut after a token twice", []http.HandlerFunc{cut, cut, good}, "", "cut before the answer was whole", 2},
		{"an end without a finish reason is a cut", []http.HandlerFunc{events(delta("half")), good}, "ok", "", 2},
		{"error inside the stream then well", []http.HandlerFunc{events(delta("half"), oom), good}, "ok", "", 2},
		{"errors inside the stream", []http.HandlerFunc{events(oom)}, "", "not available: it broke off: out of memory", 2},
		{"rubbish inside the stream then well", []http.HandlerFunc{events("data: <html>\n\n"), good}, "ok", "", 2},
		{"rubbish inside every stream", []http.HandlerFunc{events("data: <html>\n\n")}, "", "not available: its answer is not the chat protocol", 2},
		{"a flood", []http.HandlerFunc{func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			piece := delta(strings.Repeat("x", 64<<10))
			for range 40 {
				if _, err := io.WriteString(w, piece); err != nil {
					return
				}
			}
		}}, "", "will not do: it is longer than", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, asked := scripted(t, tt.replies...)
			a, err := r.Infer(context.Background(), Request{Prompt: "p"}, nil)
			if tt.says == "" && (err != nil || a.Text != tt.text) {
				t.Errorf("text %q, error %v", a.Text, err)
			}
			if tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)) {
				t.Errorf("error %v, want %q", err, tt.says)
			}
			if asked.Load() != tt.asked {
				t.Errorf("asked %d times, want %d", asked.Load(), tt.asked)
			}
		})
	}
}

func TestSilences(t *testing.T) {
	hang := func(before ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) {
			if len(before) > 0 {
				events(before...)(w, req)
			}
			_, _ = io.Copy(io.Discard, req.Body)
			<-req.Context().Done()
		}
	}
	tests := []struct {
		name   string
		reply  http.HandlerFunc
		limits timeouts
		says   string
	}{
		{"no first token", hang(), timeouts{first: 50 * time.Millisecond, between: time.Hour, total: time.Hour}, "no first token within 50ms"},
		{"stalls between tokens", hang(delta("a")), timeouts{first: time.Hour, between: 50 * time.Millisecond, total: time.Hour}, "no further token within 50ms"},
		{"total", hang(delta("a")), timeouts{first: time.Hour, between: time.Hour, total: 50 * time.Millisecond}, "no whole answer within"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := scripted(t, tt.reply)
			r.limits = tt.limits
			_, err := r.Infer(context.Background(), Request{Prompt: "p"}, nil)
			var unavailable *UnavailableError
			if !errors.As(err, &unavailable) || !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("error %v, want an *UnavailableError for a deadline", err)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want %q", err, tt.says)
			}
		})
	}
}

func TestCancelClosesTheStream(t *testing.T) {
	closed := make(chan struct{})
	r, _ := scripted(t, func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		events(delta("a"))(w, req)
		<-req.Context().Done()
		close(closed)
	})
	ctx, cancel := context.WithCancel(context.Background())
	_, err := r.Infer(ctx, Request{Prompt: "p"}, func(string) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-closed
}

// What was streamed of an answer that broke off is told from what came next.
func TestTokensOfABrokenAnswer(t *testing.T) {
	r, _ := scripted(t, events(delta("half")), events(delta("ok"), stop))
	var streamed strings.Builder
	a, err := r.Infer(context.Background(), Request{Prompt: "p"}, func(s string) { streamed.WriteString(s) })
	if err != nil || a.Text != "ok" || streamed.String() != "half"+brokenOff+"ok" {
		t.Errorf("text %q, streamed %q, error %v", a.Text, streamed.String(), err)
	}
}

// A probe lists the models, and asks one question in the engine's life whether
// the server holds to a schema: questions may take minutes, and cost money.
func TestProbe(t *testing.T) {
	tests := []struct {
		name   string
		models string
		obeys  bool
		ready  bool
		says   string
		asked  int
	}{
		{"well", `{"data":[{"id":"tiny"}]}`, true, true, "JSON schema", 1},
		{"latest tag", `{"data":[{"id":"tiny:latest"}]}`, false, true, "reachable", 1},
		{"no list", "", false, true, "reachable", 1},
		{"other models", `{"data":[{"id":"big"}]}`, true, false, "does not offer tiny; it has big", 0},
		{"rubbish", `<html>`, true, false, "not the protocol's", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := 0
			r, _ := scripted(t, func(w http.ResponseWriter, req *http.Request) {
				if req.URL.Path == "/v1/models" {
					if tt.models == "" {
						http.NotFound(w, req)
						return
					}
					fmt.Fprint(w, tt.models)
					return
				}
				asked++
				data, _ := io.ReadAll(req.Body)
				if tt.obeys && strings.Contains(string(data), probeToken) {
					events(delta(`{"answer": "`+probeToken+`"}`), stop)(w, req)
					return
				}
				events(delta("Sure! {}"), stop)(w, req)
			})
			for range 3 {
				s := r.Probe(context.Background())
				if s.Ready != tt.ready || !strings.Contains(s.Detail, tt.says) || s.Schema != (tt.ready && tt.obeys) {
					t.Errorf("%+v", s)
				}
			}
			if asked != tt.asked {
				t.Errorf("%d questions were asked, want %d", asked, tt.asked)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		l.Close()
		e, err := Open("http://" + address + "#tiny")
		if err != nil {
			t.Fatal(err)
		}
		if s := e.Probe(context.Background()); s.Ready || !strings.Contains(s.Detail, "no server answers at http://"+address+"/v1") {
			t.Errorf("%+v", s)
		}
	})
}

func TestOpen(t *testing.T) {
	t.Setenv("OLLAMA_HOST", "")
	t.Setenv("OPENAI_BASE_URL", "")
	t.Setenv("OPENAI_API_KEY", "k1")
	t.Setenv("BAT_MIND_KEY", "k2")
	tests := []struct{ spec, base, model, key, says string }{
		{"ollama:qwen3:8b", "http://127.0.0.1:11434/v1", "qwen3:8b", "", ""},
		{"openai:gpt-5", "https://api.openai.com/v1", "gpt-5", "k1", ""},
		{"http://localhost:8080#m", "http://localhost:8080/v1", "m", "k2", ""},
		{"http://localhost:8080/api/v1/#m", "http://localhost:8080/api/v1", "m", "k2", ""},
		{"http://h/v1/chat/completions#m", "http://h/v1", "m", "k2", ""},
		{"http://localhost:8080", "", "", "", "names no model"},
		{"http://#m", "", "", "", "no server address"},
		{"ollama:", "", "", "", "names no model"},
		{"", "", "", "", "is empty"},
		{"gpt", "", "", "", "not a kind of mind"},
		{"seed", "", "", "", "not part of this version"},
	}
	for _, tt := range tests {
		e, err := Open(tt.spec)
		if tt.says != "" {
			var spec *SpecError
			if !errors.As(err, &spec) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q: error %v, want %q", tt.spec, err, tt.says)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", tt.spec, err)
			continue
		}
		if r := e.(*remote); r.base != tt.base || r.model != tt.model || r.key != tt.key {
			t.Errorf("%q: base %s model %s key %s", tt.spec, r.base, r.model, r.key)
		}
	}
	e, err := Open("human")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Infer(context.Background(), Request{}, nil); !errors.Is(err, ErrNeedsPerson) {
		t.Errorf("a person answered by itself: %v", err)
	}
}

func FuzzReadEvents(f *testing.F) {
	f.Add([]byte(delta("x") + stop))
	f.Add([]byte("data: [DONE]\n\n"))
	f.Add([]byte("data: {\ndata: }\n\n: c\n\ndata"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		err := readEvents(strings.NewReader(string(data)), func(c chunk) error { n += len(c.text()); return nil })
		if err == nil && n > len(data)*4 {
			t.Errorf("%d bytes of answer from %d bytes", n, len(data))
		}
	})
}
