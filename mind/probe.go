package mind

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// probeToken is what the probe's schema allows as the only answer, and nothing
// but the schema can bring about: servers ignore fields they do not know in
// silence, so asking is the only way to find out.
const probeToken = "k7q-violet-ostrich"

// Probe lists the server's models and, once, tries whether it holds to a JSON
// schema.
func (r *remote) Probe(ctx context.Context) Status {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	s := Status{Model: r.model}
	models, err := r.models(ctx)
	if err != nil {
		s.Detail = err.Error()
		return s
	}
	s.Models = models[:min(len(models), 100)]
	if len(models) > 0 && !r.offers(models) {
		s.Detail = fmt.Sprintf("the server at %s does not offer %s; it has %s",
			r.base, r.model, strings.Join(models[:min(len(models), 8)], ", "))
		return s
	}
	s.Ready = true
	s.Detail = "reachable at " + r.base
	if s.Schema = r.holdsSchema(ctx); s.Schema {
		s.Detail += ", holds answers to a JSON schema"
	}
	return s
}

func (r *remote) offers(models []string) bool {
	// Ollama lists "name:latest" for what people call "name".
	return slices.ContainsFunc(models, func(m string) bool {
		return m == r.model || strings.TrimSuffix(m, ":latest") == strings.TrimSuffix(r.model, ":latest")
	})
}

// models is nil, without an error, for servers that have no list.
func (r *remote) models(ctx context.Context) ([]string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/models", nil)
	if err != nil {
		return nil, err
	}
	r.authorise(req)
	resp, err := r.client.Do(req)
	if err != nil {
		var again time.Duration
		return nil, r.failure(ctx, ctx, err, &again)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusMethodNotAllowed:
		return nil, nil
	case resp.StatusCode != http.StatusOK:
		var again time.Duration
		return nil, r.refusal(resp, &again)
	}
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return nil, &UnavailableError{Spec: r.spec, Why: err.Error(), Err: err}
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, &RefusedError{Spec: r.spec, Why: "its list of models is not the protocol's"}
	}
	var names []string
	for _, m := range list.Data {
		names = append(names, m.ID)
	}
	slices.Sort(names)
	return names, nil
}

// holdsSchema asks the model one short question, the first time that it is
// called; the answer stays for the life of the engine. A server that could not
// be asked is asked again.
func (r *remote) holdsSchema(ctx context.Context) bool {
	r.capability.Lock()
	defer r.capability.Unlock()
	if r.probed {
		return r.schema
	}
	schema := map[string]any{
		"type":                 "object",
		"properties":           map[string]any{"answer": map[string]any{"type": "string", "enum": []string{probeToken}}},
		"required":             []string{"answer"},
		"additionalProperties": false,
	}
	answer, _, err := r.ask(ctx, chatRequest{
		Model: r.model, Stream: true, MaxTokens: 64,
		Messages: []chatMessage{{"user", "Answer with a JSON object."}},
		ResponseFormat: map[string]any{
			"type":        "json_schema",
			"json_schema": map[string]any{"name": "probe", "strict": true, "schema": schema},
		},
	}, nil)
	var refused *RefusedError
	if err != nil && !errors.As(err, &refused) {
		return false
	}
	var got struct {
		Answer string `json:"answer"`
	}
	r.probed = true
	r.schema = err == nil && json.Unmarshal([]byte(answer.Text), &got) == nil && got.Answer == probeToken
	return r.schema
}
