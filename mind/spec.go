package mind

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// SpecError says what is wrong with a SPEC.
type SpecError struct{ Spec, Why string }

func (e *SpecError) Error() string {
	return fmt.Sprintf("mind %q: %s; use human, ollama:MODEL, openai:MODEL or URL#MODEL", e.Spec, e.Why)
}

// Open makes the engine that spec names: "human", "ollama:MODEL",
// "openai:MODEL", or "URL#MODEL" for any OpenAI-compatible server. It connects
// to nothing. The error is a *SpecError.
//
// Environment: OLLAMA_HOST and OPENAI_BASE_URL move the two named servers;
// OPENAI_API_KEY is sent to openai:MODEL only, BAT_MIND_KEY to URL#MODEL.
func Open(spec string) (Engine, error) {
	spec = strings.TrimSpace(spec)
	kind, rest, _ := strings.Cut(spec, ":")
	switch {
	case spec == "":
		return nil, &SpecError{spec, "is empty"}
	case spec == "human":
		return human{}, nil
	case kind == "ollama":
		base := os.Getenv("OLLAMA_HOST")
		if base == "" {
			base = "127.0.0.1:11434"
		}
		if !strings.Contains(base, "://") {
			base = "http://" + base
		}
		return newRemote(spec, base, rest, "")
	case kind == "openai":
		base := os.Getenv("OPENAI_BASE_URL")
		if base == "" {
			base = "https://api.openai.com/v1"
		}
		return newRemote(spec, base, rest, os.Getenv("OPENAI_API_KEY"))
	case kind == "http" || kind == "https":
		base, model, _ := strings.Cut(spec, "#")
		return newRemote(spec, base, model, os.Getenv("BAT_MIND_KEY"))
	case kind == "seed" || kind == "llama":
		return nil, &SpecError{spec, "this engine is not part of this version"}
	}
	return nil, &SpecError{spec, "is not a kind of mind that is known"}
}

func newRemote(spec, base, model, key string) (Engine, error) {
	if model == "" {
		return nil, &SpecError{spec, "names no model"}
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, &SpecError{spec, "has no server address"}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.Path = strings.TrimSuffix(u.Path, "/chat/completions")
	if u.Path == "" {
		u.Path = "/v1"
	}
	return &remote{
		spec: spec, base: u.String(), model: model, key: key,
		limits: defaultTimeouts,
		client: &http.Client{Transport: transport(defaultTimeouts)},
	}, nil
}
