package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
)

// scriptedMind is an OpenAI-compatible chat server whose answers are chosen by
// the selector that the prompt asks for. A selector's answers are given in
// order, the last one again and again. "HTTP 401" is answered as that status.
type scriptedMind struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string][]string
	asked   map[string]int
	prompts []string
}

// serveMind starts one; its Close ends it.
func serveMind(answers map[string][]string) *scriptedMind {
	m := &scriptedMind{answers: answers, asked: map[string]int{}}
	m.Server = httptest.NewServer(http.HandlerFunc(m.serve))
	return m
}

func (m *scriptedMind) spec() string { return m.URL + "/v1#scripted-1" }

func (m *scriptedMind) serve(w http.ResponseWriter, req *http.Request) {
	if strings.HasSuffix(req.URL.Path, "/models") {
		fmt.Fprint(w, `{"data": [{"id": "scripted-1"}]}`)
		return
	}
	var body struct {
		Messages []struct{ Role, Content string }
	}
	data, err := io.ReadAll(req.Body)
	if err == nil {
		err = json.Unmarshal(data, &body)
	}
	if err != nil || len(body.Messages) == 0 {
		http.Error(w, "no messages", http.StatusBadRequest)
		return
	}
	prompt := body.Messages[len(body.Messages)-1].Content
	answer := m.choose(prompt)
	if status, ok := strings.CutPrefix(strings.TrimSpace(answer), "HTTP "); ok {
		code, _ := strconv.Atoi(status)
		http.Error(w, `{"error": {"message": "the key is wrong"}}`, code)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for _, piece := range strings.SplitAfter(answer, " ") {
		event, _ := json.Marshal(map[string]any{
			"model":   "scripted-1",
			"choices": []any{map[string]any{"delta": map[string]string{"content": piece}}},
		})
		fmt.Fprintf(w, "data: %s\n\n", event)
		w.(http.Flusher).Flush()
	}
	fmt.Fprint(w, "data: {\"choices\": [{\"delta\": {}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n")
}

func (m *scriptedMind) choose(prompt string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.prompts = append(m.prompts, prompt)
	best, at := "", -1
	for selector := range m.answers {
		// The selector that the prompt asks for stands in it first.
		if i := strings.Index(prompt, selector); i >= 0 && (at < 0 || i < at) {
			best, at = selector, i
		}
	}
	if best == "" {
		return "I do not know."
	}
	n := m.asked[best]
	m.asked[best]++
	list := m.answers[best]
	return list[min(n, len(list)-1)]
}
