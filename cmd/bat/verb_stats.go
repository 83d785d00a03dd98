package main

import (
	"context"
	"fmt"
	"time"

	"batos/bridge/contract"
)

func statsVerb() *verb {
	return &verb{
		name: "stats", args: "", short: "print figures of the image",
		long: `
    bat stats --json`,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) > 0 {
				return &usageError{"no arguments are taken"}
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			var s contract.Stats
			if _, err := c.ask(ctx, "stats", nil, &s); err != nil {
				return err
			}
			if e.json {
				return e.printJSON(s)
			}
			row := func(name string, v any) { fmt.Fprintf(e.out, "%-24s %v\n", name, v) }
			row("image", s.Image)
			row("program", s.Program)
			row("running for", time.Since(s.Started).Round(time.Second))
			row("transactions", fmt.Sprintf("%d, durable %d", s.Last, s.Durable))
			row("next oid", fmt.Sprintf("@%d", s.NextOID))
			row("on disk", fmt.Sprintf("%.1f MB", float64(s.DiskBytes)/1e6))
			row("messages answered", s.Messages)
			row("messages failed", s.Failed)
			row("messages waiting", s.Waiting)
			row("runs after a conflict", s.Retries)
			row("syncs for commits", s.Groups)
			row("workers", fmt.Sprintf("%d, busy %d, queued %d", s.Workers, s.Busy, s.Queued))
			row("objects in memory", s.Objects)
			row("sessions", fmt.Sprintf("%d on %d connections", s.Sessions, s.Connections))
			return nil
		},
	}
}
