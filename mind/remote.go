package mind

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// timeouts of a remote engine. Loading a model may take a server minutes
// before the first token, but once it talks a silence means that it died.
type timeouts struct {
	connect time.Duration // TCP and TLS
	first   time.Duration // request sent to first token
	between time.Duration // one token to the next
	total   time.Duration // the whole answer, unless the request says
	pause   time.Duration // before asking again, four times as long each time
	retry   time.Duration // longest pause that a Retry-After may ask for
}

var defaultTimeouts = timeouts{
	connect: 5 * time.Second,
	first:   3 * time.Minute,
	between: 30 * time.Second,
	total:   10 * time.Minute,
	pause:   250 * time.Millisecond,
	retry:   30 * time.Second,
}

const (
	defaultMaxTokens = 2048
	maxAnswerBytes   = 1 << 20
	attempts         = 3 // tries of one request that fails before its first token
	attemptsBroken   = 2 // tries of one whose answer broke off, or is not one
)

// remote is an engine behind the OpenAI chat completions protocol.
type remote struct {
	spec, base, model, key string
	limits                 timeouts
	client                 *http.Client

	capability     sync.Mutex // of what follows
	probed, schema bool
}

func transport(t timeouts) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: t.connect}).DialContext,
		TLSHandshakeTimeout: t.connect,
		MaxIdleConnsPerHost: 4,
		IdleConnTimeout:     90 * time.Second,
	}
}

func (r *remote) Spec() string { return r.spec }
func (r *remote) Name() string { return "remote" }

type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type chatRequest struct {
	Model       string        `json:"model"`
	Messages    []chatMessage `json:"messages"`
	Stream      bool          `json:"stream"`
	MaxTokens   int           `json:"max_tokens,omitempty"`
	Temperature float64       `json:"temperature"`
	Seed        int64         `json:"seed,omitempty"`
	Stop        []string      `json:"stop,omitempty"`

	ResponseFormat any `json:"response_format,omitempty"` // for the probe
}

// brokenOff is what token gets between the pieces of an answer that broke off
// and those of the next.
const brokenOff = "\n[the answer broke off; asked again]\n"

// Infer asks once, and again after a failure that may pass: a refused
// connection, 429, a 5xx, an answer that was cut or garbled.
func (r *remote) Infer(ctx context.Context, req Request, token func(string)) (Answer, error) {
	body := chatRequest{
		Model: r.model, Stream: true, Temperature: req.Temperature,
		MaxTokens: req.MaxTokens, Seed: req.Seed, Stop: req.Stop,
	}
	if body.MaxTokens == 0 {
		body.MaxTokens = defaultMaxTokens
	}
	if req.System != "" {
		body.Messages = append(body.Messages, chatMessage{"system", req.System})
	}
	body.Messages = append(body.Messages, chatMessage{"user", req.Prompt})
	total := req.Total
	if total == 0 {
		total = r.limits.total
	}
	ctx, cancel := context.WithTimeoutCause(ctx, total,
		&UnavailableError{Spec: r.spec, Why: fmt.Sprintf("no whole answer within %v", total), Err: context.DeadlineExceeded})
	defer cancel()
	pause := r.limits.pause
	for try := 1; ; try++ {
		answer, again, err := r.ask(ctx, body, token)
		most := attempts
		var broken *brokenError
		if answer.Text != "" || errors.As(err, &broken) {
			most = attemptsBroken
		}
		if err == nil || try >= most || again < 0 {
			return answer, err
		}
		if again > 0 {
			pause = min(again, r.limits.retry)
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return answer, context.Cause(ctx)
		}
		pause *= 4
		if answer.Text != "" && token != nil {
			token(brokenOff)
		}
	}
}

// ask makes one request. again is negative when asking again is of no use, else
// how long the server wants us to wait, 0 when it does not say.
func (r *remote) ask(parent context.Context, body chatRequest, token func(string)) (a Answer, again time.Duration, err error) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	silence := func(what string, d time.Duration) error {
		return &UnavailableError{Spec: r.spec, Why: fmt.Sprintf("no %s within %v", what, d), Err: context.DeadlineExceeded}
	}
	// The watch runs on a goroutine of its own, but only after a silence.
	var talking atomic.Bool
	watch := time.AfterFunc(r.limits.first, func() {
		if talking.Load() {
			cancel(silence("further token", r.limits.between))
			return
		}
		cancel(silence("first token", r.limits.first))
	})
	defer watch.Stop()
	started := time.Now()

	resp, err := r.post(ctx, "/chat/completions", body)
	if err != nil {
		err = r.failure(ctx, parent, err, &again)
		return a, again, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		again = retryAfter(resp)
		err = r.refusal(resp, &again)
		return a, again, err
	}
	a.Model = r.model
	var text strings.Builder
	spoken := false
	err = readAnswer(resp, func(c chunk) error {
		talking.Store(true)
		watch.Reset(r.limits.between)
		if c.Model != "" {
			a.Model = c.Model
		}
		if c.Usage != nil {
			a.PromptTokens, a.Tokens = c.Usage.PromptTokens, c.Usage.CompletionTokens
		}
		piece := c.text()
		if piece == "" {
			return nil
		}
		if !spoken {
			spoken = true
			a.FirstToken = time.Since(started)
		}
		if text.Len()+len(piece) > maxAnswerBytes {
			return &RefusedError{Why: fmt.Sprintf("it is longer than %d bytes", maxAnswerBytes)}
		}
		text.WriteString(piece)
		if token != nil {
			token(piece)
		}
		return nil
	})
	a.Text, a.Took = text.String(), time.Since(started)
	if err == nil {
		return a, -1, nil
	}
	var refused *RefusedError
	if errors.As(err, &refused) {
		refused.Spec = r.spec
		return a, -1, err
	}
	if watchErr := context.Cause(ctx); watchErr != nil && parent.Err() == nil {
		// A silence was found by our own watch.
		return a, -1, watchErr
	}
	err = r.failure(ctx, parent, err, &again)
	return a, again, err
}

func (r *remote) post(ctx context.Context, path string, body any) (*http.Response, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+path, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream, application/json")
	r.authorise(req)
	return r.client.Do(req)
}

func (r *remote) authorise(req *http.Request) {
	if r.key != "" {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
}

// failure names why a request broke, and says whether to ask again.
func (r *remote) failure(ctx, parent context.Context, err error, again *time.Duration) error {
	if parent.Err() != nil {
		*again = -1
		return context.Cause(parent)
	}
	if cause := context.Cause(ctx); cause != nil {
		*again = -1
		return cause
	}
	why := err.Error()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		why = "the connection was cut before the answer was whole"
	default:
		var op *net.OpError
		if errors.As(err, &op) && op.Op == "dial" {
			why = fmt.Sprintf("no server answers at %s (is it running?)", r.base)
		}
	}
	return &UnavailableError{Spec: r.spec, Why: why, Err: err}
}

// refusal reads an error reply.
func (r *remote) refusal(resp *http.Response, again *time.Duration) error {
	data, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	why := serverMessage(data)
	if why == "" {
		why = http.StatusText(resp.StatusCode)
	}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 {
		return &UnavailableError{Spec: r.spec, Why: fmt.Sprintf("HTTP %d: %s", resp.StatusCode, why)}
	}
	*again = -1
	return &RefusedError{r.spec, resp.StatusCode, why}
}

func retryAfter(resp *http.Response) time.Duration {
	if s, err := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64); err == nil && s > 0 {
		return time.Duration(s * float64(time.Second))
	}
	return 0
}

// serverMessage finds the sentence in the error bodies that servers send:
// {"error": {"message": ...}}, {"error": "..."}, {"message": ...}, or text.
func serverMessage(data []byte) string {
	var body struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
		Detail  string          `json:"detail"`
	}
	if json.Unmarshal(data, &body) == nil {
		var inner struct {
			Message string `json:"message"`
		}
		var text string
		switch {
		case json.Unmarshal(body.Error, &inner) == nil && inner.Message != "":
			return inner.Message
		case json.Unmarshal(body.Error, &text) == nil && text != "":
			return text
		case body.Message != "":
			return body.Message
		}
		return body.Detail
	}
	text := strings.TrimSpace(string(data))
	if len(text) > 200 {
		text = text[:200] + "..."
	}
	return text
}
