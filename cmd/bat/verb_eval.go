package main

import (
	"context"
	"io"
	"strings"

	"batos/bridge/contract"
)

func evalVerb() *verb {
	running := newRunning()
	target := "genesis_obj"
	return &verb{
		name: "eval", args: "'CODE'", short: "run statements with self = genesis_obj and the roots by name",
		long: `
The statements are one transaction. The value of a last expression is printed.
With "-" the code is read from standard input.

    bat eval 'self.visits = 1'
    bat eval 'world.slotNames()'`,
		flags: running.flags,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) != 1 {
				return &usageError{"one argument, the code, is needed"}
			}
			code := args[0]
			if code == "-" {
				data, err := io.ReadAll(e.in)
				if err != nil {
					return err
				}
				code = string(data)
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			return running.ask(ctx, e, c, "eval", &contract.Eval{
				Object: contract.Of(target), Code: strings.TrimSpace(code), Running: running.fields(),
			})
		},
	}
}
