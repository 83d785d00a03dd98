package main

import (
	"context"
	"flag"
	"fmt"
	"regexp"
	"strings"

	"batos/bridge/contract"
	"batos/image"
)

func sendVerb() *verb {
	running := newRunning()
	return &verb{
		name: "send", args: "TARGET SELECTOR [ARG...] [name=ARG...]", literal: true,
		short: "send a message to an object and print the value",
		long: `
TARGET is @42, a root's name, or a path of slots from a root (genesis_obj.ui).
ARG is a JSON or Python literal, @42 for an object, @@name for a root, else a
plain text. A message that nobody understands waits for a mind; bat waits with
it for --wait seconds.

    bat send genesis_obj identity
    bat send @42 deposit 100 memo="a gift"`,
		flags: running.flags,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) < 2 {
				return &usageError{"a target and a selector are needed"}
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			send := &contract.Send{Object: contract.Of(args[0]), Selector: args[1], Running: running.fields()}
			if send.Args, send.Kwargs, err = c.arguments(ctx, args[2:]); err != nil {
				return err
			}
			return running.ask(ctx, e, c, "send", send)
		},
	}
}

// running are the flags of verbs that run messages.
type running struct {
	wait   float64
	fuel   int64
	stream bool
}

func newRunning() *running { return &running{wait: 60} }

func (r *running) flags(fs *flag.FlagSet) {
	fs.Float64Var(&r.wait, "wait", r.wait, "`seconds` to wait for a mind")
	fs.Int64Var(&r.fuel, "fuel", r.fuel, "`instructions` that the message may take, at most 20 billion (0: the image's default)")
	fs.BoolVar(&r.stream, "stream", r.stream, "show what the mind says as it says it")
}

func (r *running) fields() contract.Running {
	wait := contract.Seconds(r.wait)
	return contract.Running{Wait: &wait, Fuel: r.fuel, Stream: r.stream, Repr: true}
}

// ask sends a command that runs a message, and prints what comes of it.
func (r *running) ask(ctx context.Context, e *env, c *conn, command string, fields any) error {
	told := ""
	c.onEvent = func(event *contract.Event) {
		switch event.Event {
		case contract.EventMessageWaiting:
			if why, _ := event.Fields.Get("why"); fmt.Sprint(why) != told {
				told = fmt.Sprint(why)
				if !e.quiet {
					fmt.Fprintf(e.errout, "waiting: %s\n", told)
				}
			}
		case contract.EventMindToken:
			if text, ok := event.Fields.Get("text"); ok && r.stream {
				fmt.Fprint(e.errout, text)
			}
		}
	}
	reply, err := c.ask(ctx, command, fields, nil)
	if err != nil {
		return err
	}
	return e.printReply(reply, command == "eval")
}

// printReply prints the value of a message; statements have none to print when
// it is None, as at Python's prompt.
func (e *env) printReply(reply *contract.Reply, statements bool) error {
	if e.json {
		return e.printJSON(reply.Result)
	}
	if reply.Printed != "" && !e.quiet {
		fmt.Fprint(e.out, reply.Printed)
	}
	switch {
	case reply.Status == contract.StatusWaiting:
		return &waitingError{reply}
	case reply.Result == nil && (statements || reply.Printed != ""):
	default:
		if _, text := reply.Result.(string); text || reply.Repr == "" {
			fmt.Fprintln(e.out, show(reply.Result))
		} else {
			fmt.Fprintln(e.out, reply.Repr)
		}
	}
	return nil
}

// waitingError says that a message waits longer than bat would.
type waitingError struct{ reply *contract.Reply }

func (w *waitingError) Error() string {
	m := w.reply.Message
	return fmt.Sprintf("waiting: message @%d waits for a mind; it goes on by itself when one answers (`bat pending` shows the question, `bat answer @%d FILE` answers it)", m, m)
}

var keyword = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)=(.*)$`)

// arguments reads ARG... and name=ARG....
func (c *conn) arguments(ctx context.Context, args []string) ([]any, *image.Map, error) {
	var positional []any
	var named *image.Map
	for _, a := range args {
		name, text := "", a
		if m := keyword.FindStringSubmatch(a); m != nil && !strings.HasPrefix(m[2], "=") {
			name, text = m[1], m[2]
		}
		v, err := c.argument(ctx, text)
		if err != nil {
			return nil, nil, err
		}
		if name == "" {
			positional = append(positional, v)
			continue
		}
		if named == nil {
			named = &image.Map{}
		}
		if _, twice := named.Get(name); twice {
			return nil, nil, &usageError{name + "= is given twice"}
		}
		named.Put(name, v)
	}
	return positional, named, nil
}

// argument reads one ARG.
func (c *conn) argument(ctx context.Context, text string) (any, error) {
	if name, ok := strings.CutPrefix(text, "@@"); ok {
		var roots contract.RootsResult
		if _, err := c.ask(ctx, "roots", nil, &roots); err != nil {
			return nil, err
		}
		oid, ok := roots.Roots[name]
		if !ok {
			return nil, &usageError{fmt.Sprintf("there is no root %q; `bat roots` lists them", name)}
		}
		return image.Ref(oid), nil
	}
	return literal(text), nil
}
