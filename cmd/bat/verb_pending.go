package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"batos/bridge/contract"
)

func pendingVerb() *verb {
	return &verb{
		name: "pending", args: "", short: "list the messages that wait or failed, with their questions",
		long: `
    bat pending
    bat answer @42 method.py`,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) > 0 {
				return &usageError{"no arguments are taken"}
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			var found contract.PendingResult
			if _, err := c.ask(ctx, "pending", nil, &found); err != nil {
				return err
			}
			for i := range found.Messages {
				if e.json {
					if err := e.printJSON(found.Messages[i]); err != nil {
						return err
					}
					continue
				}
				printPending(e.out, &found.Messages[i])
			}
			if len(found.Messages) == 0 && !e.json && !e.quiet {
				fmt.Fprintln(e.errout, "nothing waits, nothing failed")
			}
			return nil
		},
	}
}

func printPending(w io.Writer, m *contract.PendingMessage) {
	fmt.Fprintf(w, "@%d %s: %s.%s, since %s, from %s\n", m.Message, m.State, m.Receiver, m.Selector,
		m.Since.Local().Format(time.DateTime), m.Author)
	if m.Why != "" {
		fmt.Fprintf(w, "    %s\n", m.Why)
	}
	for _, a := range m.Attempts {
		did := "tried"
		if a.Source == "" {
			did = "failed"
		}
		fmt.Fprintf(w, "    %s %s: %s\n", a.Mind, did, strings.ReplaceAll(a.Reason, "\n", "\n      "))
	}
	if m.Question != "" {
		fmt.Fprintf(w, "    the question:\n%s\n", indent(m.Question, "      | "))
	}
	if len(m.Traceback) > 0 {
		fmt.Fprint(w, indent(traceback(m.Traceback), "    "), "\n")
	}
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+by)
}

// traceback prints activations in Python's form.
func traceback(lines []contract.TraceLine) string {
	var b strings.Builder
	b.WriteString("Traceback (most recent call last):\n")
	for _, l := range lines {
		name := l.Selector
		if l.Receiver != "" {
			name = l.Receiver + "." + name
		}
		fmt.Fprintf(&b, "  %s, line %d\n", name, l.Line)
		if l.Source != "" {
			// The caret stands below the line as it was written.
			trimmed := strings.TrimLeft(l.Source, " \t")
			fmt.Fprintf(&b, "    %s\n", trimmed)
			cut := len(l.Source) - len(trimmed)
			if len(l.Caret) > cut {
				fmt.Fprintf(&b, "    %s\n", l.Caret[cut:])
			}
		}
	}
	return b.String()
}

func answerVerb() *verb {
	return &verb{
		name: "answer", args: "MESSAGE FILE", short: "give the method that a waiting message asks for",
		long: `
MESSAGE is @42, or the selector of the only pending message that has it. FILE
holds one function with the name that the question asks for; "-" is standard
input. It is parsed, audited and tried first; if it falls short the reason is
printed and the question stays. Otherwise it is installed and the message goes
on.

    bat pending
    bat answer @42 display.py`,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) != 2 {
				return &usageError{"a message and a file are needed"}
			}
			source, err := readFile(e, args[1])
			if err != nil {
				return err
			}
			return e.settle(ctx, "answer", args[0], func(m contract.Target) any {
				return &contract.Answer{Message: m, Source: source}
			})
		},
	}
}

func retryVerb() *verb {
	return &verb{
		name: "retry", args: "MESSAGE", short: "run a failed message again, from its start",
		long: `
    bat retry @42`,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) != 1 {
				return &usageError{"a message is needed; `bat pending` lists them"}
			}
			return e.settle(ctx, "retry", args[0], func(m contract.Target) any { return &contract.Retry{Message: m} })
		},
	}
}

func dismissVerb() *verb {
	return &verb{
		name: "dismiss", args: "MESSAGE", short: "give up a message that waits or failed",
		long: `
    bat dismiss @42`,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) != 1 {
				return &usageError{"a message is needed; `bat pending` lists them"}
			}
			return e.settle(ctx, "dismiss", args[0], func(m contract.Target) any { return &contract.Dismiss{Message: m} })
		},
	}
}

// settle sends a command about a pending message and prints what comes of it.
func (e *env) settle(ctx context.Context, command, message string, fields func(contract.Target) any) error {
	c, err := e.connect(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	target, err := c.pendingMessage(ctx, message)
	if err != nil {
		return err
	}
	reply, err := c.ask(ctx, command, fields(target), nil)
	if err != nil {
		return err
	}
	if command == "dismiss" {
		if !e.quiet && !e.json {
			fmt.Fprintln(e.out, "dismissed")
		}
		return nil
	}
	return e.printReply(reply, false)
}

// pendingMessage finds the message that a person means: @42, or the selector of
// the only pending message that has it or waits for it.
func (c *conn) pendingMessage(ctx context.Context, text string) (contract.Target, error) {
	if strings.HasPrefix(text, "@") || strings.Trim(text, "0123456789") == "" {
		return contract.Named("@" + strings.TrimPrefix(text, "@")), nil
	}
	var found contract.PendingResult
	if _, err := c.ask(ctx, "pending", nil, &found); err != nil {
		return contract.Target{}, err
	}
	var named []string
	for _, m := range found.Messages {
		if m.Selector == text || m.Missing != nil && m.Missing.Selector == text {
			named = append(named, fmt.Sprintf("@%d", m.Message))
		}
	}
	switch len(named) {
	case 0:
		return contract.Target{}, contract.Errorf(contract.CodeNoSuchObject, "no pending message has the selector %s; `bat pending` lists them", text)
	case 1:
		return contract.Named(named[0]), nil
	}
	return contract.Target{}, contract.Errorf(contract.CodeBadField, "%d pending messages have the selector %s: name one of %s", len(named), text, strings.Join(named, ", "))
}
