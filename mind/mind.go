// Package mind holds the engines that can answer a prompt, behind one
// interface.
//
// Kinds: a remote engine talks to any OpenAI-compatible chat server (Ollama,
// llama-server, vLLM, OpenAI); the human engine never answers by itself: it
// says that a person must, and the question waits in the image.
//
// An engine turns text into text. It holds no prompts (they are slots of
// pLLM_obj), no budgets and no journal, and it never judges an answer: parsing,
// audit and trial are done above it. Keys come from the environment and are
// kept nowhere.
package mind

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Engine answers prompts. Its methods are safe for concurrent use.
type Engine interface {
	// Spec is the text that Open made it from; Name is its kind.
	Spec() string
	Name() string

	// Infer answers one request. token, when not nil, gets the pieces of the
	// answer as they come, in order, from Infer's own goroutine; after an answer
	// that broke off, a line that says so and those of the next. It returns
	// when the answer is whole, or with the context's error, ErrNeedsPerson,
	// *UnavailableError or *RefusedError.
	Infer(ctx context.Context, r Request, token func(string)) (Answer, error)

	// Probe finds out whether the engine can answer now and what it can do. It
	// asks a model at most one short question in the engine's life. It does not
	// fail: what is wrong is told in Status.
	Probe(ctx context.Context) Status
}

// Request is one prompt.
type Request struct {
	System      string        // the fixed part, first, so that servers can cache it
	Prompt      string        // the part that differs
	MaxTokens   int           // 0 for the engine's default of 2,048
	Temperature float64       // 0 for greedy
	Seed        int64         // best effort; 0 for none
	Stop        []string      // texts that end the answer
	Total       time.Duration // bound on the whole answer, 0 for 10 minutes
}

// Answer is a whole answer.
type Answer struct {
	Text         string
	Model        string // as the engine names it
	PromptTokens int    // 0 when the engine does not say
	Tokens       int    // 0 when the engine does not say
	Took         time.Duration
	FirstToken   time.Duration
}

// Status is what Probe found.
type Status struct {
	Ready  bool
	Model  string
	Models []string // what the server offers, at most 100
	Schema bool     // the server really holds answers to a JSON schema
	Detail string   // one sentence: why it is not ready, or what was found
}

// ErrNeedsPerson is what the human engine answers at once: the question has to
// wait for a person.
var ErrNeedsPerson = errors.New("a person has to answer: see `bat pending`, then `bat answer MESSAGE FILE`")

// UnavailableError says that an engine could not be reached or stopped half
// way; trying again later may help.
type UnavailableError struct {
	Spec string
	Why  string
	Err  error
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("the mind %s is not available: %s", e.Spec, e.Why)
}
func (e *UnavailableError) Unwrap() error { return e.Err }

// RefusedError says that a server understood the request and said no, or gave
// an answer that will not do; sending the same again will not help.
type RefusedError struct {
	Spec   string
	Status int // HTTP status; 0 for an answer that will not do
	Why    string
}

func (e *RefusedError) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("the answer of the mind %s will not do: %s", e.Spec, e.Why)
	}
	return fmt.Sprintf("the mind %s refused (HTTP %d): %s", e.Spec, e.Status, e.Why)
}

// human is the engine of last resort.
type human struct{}

func (human) Spec() string { return "human" }
func (human) Name() string { return "human" }
func (human) Infer(context.Context, Request, func(string)) (Answer, error) {
	return Answer{}, ErrNeedsPerson
}
func (human) Probe(context.Context) Status {
	return Status{Ready: true, Model: "a person", Detail: "questions wait for `bat answer`, or an answer on the page"}
}
