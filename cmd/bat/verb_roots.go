package main

import (
	"context"
	"flag"
	"fmt"
	"slices"

	"batos/bridge/contract"
)

func rootsVerb() *verb {
	remove := false
	return &verb{
		name: "roots", args: "[NAME [TARGET]]", short: "list the named roots, or bind one",
		long: `
What a root reaches, persists.

    bat roots
    bat roots account @77
    bat roots account --remove`,
		flags: func(fs *flag.FlagSet) { fs.BoolVar(&remove, "remove", remove, "remove the root NAME") },
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) > 2 || remove && len(args) != 1 {
				return &usageError{"a name and a target, or --remove and a name"}
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			request := &contract.Roots{Remove: remove}
			if len(args) == 2 || remove {
				request.Name = args[0]
			}
			if len(args) == 2 {
				request.Object = contract.Of(args[1])
			}
			var found contract.RootsResult
			if _, err := c.ask(ctx, "roots", request, &found); err != nil {
				return err
			}
			if e.json {
				return e.printJSON(found.Roots)
			}
			if e.quiet && request.Name != "" {
				return nil
			}
			var names []string
			for name := range found.Roots {
				if len(args) != 1 || remove || args[0] == name {
					names = append(names, name)
				}
			}
			if len(args) == 1 && !remove && len(names) == 0 {
				return fmt.Errorf("no_such_object: there is no root %q; `bat roots` lists them", args[0])
			}
			slices.Sort(names)
			for _, name := range names {
				fmt.Fprintf(e.out, "%-16s @%d\n", name, found.Roots[name])
			}
			return nil
		},
	}
}
