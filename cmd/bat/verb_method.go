package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"batos/bridge/contract"
)

func methodVerb() *verb {
	return &verb{
		name: "method", args: "TARGET SELECTOR [FILE]", short: "print a method's source, or install it from FILE",
		long: `
FILE holds one function whose name is SELECTOR; "-" is standard input. It is
parsed and audited before it is installed.

    bat method genesis_obj clone
    bat method genesis_obj greet greet.py`,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) < 2 || len(args) > 3 {
				return &usageError{"a target and a selector are needed"}
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			if len(args) == 3 {
				return installMethod(ctx, e, c, args[0], args[1], args[2])
			}
			var found contract.MethodResult
			if _, err := c.ask(ctx, "method", &contract.Method{Object: contract.Of(args[0]), Selector: args[1]}, &found); err != nil {
				return err
			}
			if e.json {
				return e.printJSON(found)
			}
			fmt.Fprintln(e.out, strings.TrimRight(found.Source, "\n"))
			if !e.quiet && found.Holder != 0 {
				fmt.Fprintf(e.errout, "# found in @%d%s\n", found.Holder, factsLine(found.Facts))
			}
			return nil
		},
	}
}

func installMethod(ctx context.Context, e *env, c *conn, target, selector, file string) error {
	source, err := readFile(e, file)
	if err != nil {
		return err
	}
	var made contract.CreateMethodResult
	_, err = c.ask(ctx, "create_method", &contract.CreateMethod{Object: contract.Of(target), Name: selector, Code: source}, &made)
	if err != nil {
		return err
	}
	if e.json {
		return e.printJSON(made)
	}
	if !e.quiet {
		fmt.Fprintf(e.out, "installed @%d.%s (tid %d)\n", made.OID, made.Selector, made.TID)
	}
	return nil
}

func readFile(e *env, name string) (string, error) {
	if name == "-" {
		data, err := io.ReadAll(e.in)
		return string(data), err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return "", &usageError{err.Error()}
	}
	return string(data), nil
}

// factsLine tells where a method comes from.
func factsLine(facts map[string]string) string {
	var names []string
	for name := range facts {
		if name != "prompt" && name != "trial" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		value := strings.ReplaceAll(facts[name], "\n", " ")
		if len(value) > 80 {
			value = value[:77] + "..."
		}
		fmt.Fprintf(&b, ", %s: %s", name, value)
	}
	return b.String()
}
