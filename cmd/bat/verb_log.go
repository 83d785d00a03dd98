package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"batos/bridge/contract"
	"batos/image"
)

func logVerb() *verb {
	var since, until string
	limit := 20
	return &verb{
		name: "log", args: "[TARGET[.SLOT]]", short: "tell who changed what, when and why, newest first",
		long: `
    bat log --limit 5
    bat log @42.balance --since 2026-01-31T00:00:00Z`,
		flags: func(fs *flag.FlagSet) {
			fs.StringVar(&since, "since", since, "only from this `time` on (RFC 3339)")
			fs.StringVar(&until, "until", until, "only up to this `time`")
			fs.IntVar(&limit, "limit", limit, "how many `entries` at most")
		},
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) > 1 {
				return &usageError{"at most one target"}
			}
			request := &contract.Log{Limit: limit}
			for _, t := range []struct {
				text string
				into *contract.Time
			}{{since, &request.Since}, {until, &request.Until}} {
				if t.text == "" {
					continue
				}
				m, err := moment(t.text)
				if err != nil || m.Time.IsZero() {
					return &usageError{fmt.Sprintf("%q is not a time like 2026-01-31T15:04:05Z", t.text)}
				}
				*t.into = m.Time
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			if len(args) == 1 {
				request.Object, request.Slot = c.targetAndSlot(ctx, args[0])
			}
			var found contract.LogResult
			if _, err := c.ask(ctx, "log", request, &found); err != nil {
				return err
			}
			for i := range found.Entries {
				if e.json {
					if err := e.printJSON(found.Entries[i]); err != nil {
						return err
					}
					continue
				}
				printEntry(e.out, &found.Entries[i])
			}
			return nil
		},
	}
}

// targetAndSlot takes "@42.balance" apart. A path may name an object as well
// ("genesis_obj.ui"): then the object wins.
func (c *conn) targetAndSlot(ctx context.Context, text string) (contract.Object, string) {
	dot := strings.LastIndexByte(text, '.')
	if dot < 0 {
		return contract.Of(text), ""
	}
	var seen contract.Inspection
	if _, err := c.ask(ctx, "inspect", &contract.Inspect{Object: contract.Of(text)}, &seen); err == nil {
		return contract.Of(image.Ref(seen.OID)), ""
	}
	return contract.Of(text[:dot]), text[dot+1:]
}

func printEntry(w io.Writer, entry *contract.LogEntry) {
	fmt.Fprintf(w, "%6d  %s  %-14s %s", entry.TID, entry.Time.Local().Format(time.DateTime), entry.Author, entry.Why)
	if entry.Cause != 0 {
		fmt.Fprintf(w, "  (because of @%d)", entry.Cause)
	}
	fmt.Fprintln(w)
	const most = 8
	for i, ch := range entry.Changes {
		if i == most {
			fmt.Fprintf(w, "        and %d more objects\n", len(entry.Changes)-most)
			break
		}
		name := fmt.Sprintf("@%d", ch.OID)
		if ch.Name != "" {
			name += " " + ch.Name
		}
		fmt.Fprintf(w, "        %-8s %s", ch.Change, name)
		if len(ch.Slots) > 0 && ch.Change != "created" {
			fmt.Fprintf(w, ": %s", strings.Join(ch.Slots, ", "))
		}
		fmt.Fprintln(w)
	}
	if facts := factsLine(entry.More); facts != "" {
		fmt.Fprintf(w, "        %s\n", strings.TrimPrefix(facts, ", "))
	}
}
