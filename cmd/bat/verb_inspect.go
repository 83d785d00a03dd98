package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"batos/bridge/contract"
	"batos/store"
)

func inspectVerb() *verb {
	at := ""
	return &verb{
		name: "inspect", args: "TARGET", short: "show an object: slots with kinds, values, holders, parents, provenance",
		long: `
    bat inspect genesis_obj
    bat inspect @42 --at 120`,
		flags: func(fs *flag.FlagSet) {
			fs.StringVar(&at, "at", at, "as of a `tid` or a time (RFC 3339)")
		},
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) != 1 {
				return &usageError{"one target is needed"}
			}
			request := &contract.Inspect{Object: contract.Of(args[0])}
			var err error
			if request.At, err = moment(at); err != nil {
				return err
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			var seen contract.Inspection
			if _, err := c.ask(ctx, "inspect", request, &seen); err != nil {
				return err
			}
			if e.json {
				return e.printJSON(seen)
			}
			printInspection(e.out, &seen)
			return nil
		},
	}
}

func moment(at string) (contract.Moment, error) {
	if at == "" {
		return contract.Moment{}, nil
	}
	if n, err := strconv.ParseUint(at, 10, 63); err == nil {
		return contract.Moment{TID: store.TID(n)}, nil
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return contract.Moment{}, &usageError{fmt.Sprintf("%q is neither a tid nor a time like 2026-01-31T15:04:05Z", at)}
	}
	return contract.Moment{Time: t}, nil
}

func printInspection(w io.Writer, seen *contract.Inspection) {
	fmt.Fprintf(w, "@%d", seen.OID)
	if seen.Name != "" {
		fmt.Fprintf(w, " %s", seen.Name)
	}
	fmt.Fprintln(w)
	if len(seen.Parents) > 0 {
		var parents []string
		for _, p := range seen.Parents {
			parents = append(parents, fmt.Sprintf("@%d", p))
		}
		fmt.Fprintf(w, "  parents %s\n", strings.Join(parents, ", "))
	}
	if seen.TID != 0 {
		fmt.Fprintf(w, "  changed tid %d, %s, by %s: %s\n", seen.TID, seen.Time.Local().Format(time.DateTime), seen.Author, seen.Why)
	}
	for _, s := range seen.Slots {
		printSlot(w, s)
	}
	if len(seen.Inherited) > 0 {
		fmt.Fprintln(w, "  inherited:")
		for _, s := range seen.Inherited {
			printSlot(w, s)
		}
	}
}

func printSlot(w io.Writer, s contract.NamedSlot) {
	what := s.Repr
	if s.Kind == "method" {
		what = defLine(s.Source) + factsLine(s.Facts)
	} else if what == "" {
		what = show(s.Value)
	}
	what = strings.ReplaceAll(what, "\n", `\n`)
	if r := []rune(what); len(r) > 100 {
		what = string(r[:97]) + "..."
	}
	holder := ""
	if s.Holder != 0 {
		holder = fmt.Sprintf(" (from @%d)", s.Holder)
	}
	fmt.Fprintf(w, "  %-8s %-20s %s%s\n", s.Kind, s.Name, what, holder)
}

// defLine is the line of a method's source that has its name and parameters.
func defLine(source string) string {
	for line := range strings.Lines(source) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "def ") {
			return line
		}
	}
	return strings.TrimSpace(source)
}
