package main

import (
	"context"
	"fmt"

	"batos/bridge/contract"
)

func mindVerb() *verb {
	return &verb{
		name: "mind", args: "status | use SPEC", short: "show the ladder of minds, or put one at its top",
		long: `
SPEC is human, ollama:MODEL, openai:MODEL (key in OPENAI_API_KEY), or URL#MODEL
for any OpenAI-compatible server (key, if it wants one, in BAT_MIND_KEY).

    bat mind status
    bat mind use ollama:qwen3:8b
    bat mind use http://127.0.0.1:8080/v1#my-model`,
		run: func(ctx context.Context, e *env, args []string) error {
			request := &contract.Mind{Action: "status"}
			switch {
			case len(args) == 0 || len(args) == 1 && args[0] == "status":
			case len(args) == 2 && args[0] == "use":
				request.Action, request.Spec = "use", args[1]
			default:
				return &usageError{"`status`, or `use` and a SPEC"}
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			var found contract.MindResult
			if _, err := c.ask(ctx, "mind", request, &found); err != nil {
				return err
			}
			for _, m := range found.Minds {
				if e.json {
					if err := e.printJSON(m); err != nil {
						return err
					}
					continue
				}
				ready := "ready"
				if !m.Ready {
					ready = "not ready"
				}
				fmt.Fprintf(e.out, "%-40s %-9s %s\n", m.Spec, ready, m.Detail)
			}
			return nil
		},
	}
}
