package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/peterh/liner"

	"batos/bridge/contract"
	"batos/lang/syntax"
)

func replVerb() *verb {
	running := newRunning()
	return &verb{
		name: "repl", args: "", short: "talk to the image line by line",
		long: `
Each input is one transaction, with self = genesis_obj and the roots by name. An
input that is not whole goes on over lines; an empty line ends a block. ?OBJ
shows an object, %time CODE tells how long it took, Tab completes the names of
slots, Ctrl-D leaves.`,
		flags: running.flags,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) > 0 {
				return &usageError{"no arguments are taken"}
			}
			c, err := e.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			r := &repl{ctx: ctx, e: e, c: c, running: running}
			return r.loop()
		},
	}
}

// repl is one conversation at a terminal, or with a script on standard input.
type repl struct {
	ctx     context.Context
	e       *env
	c       *conn
	running *running
}

// lineReader gives lines: a terminal's editor, or plain standard input.
type lineReader interface {
	Prompt(string) (string, error)
	AppendHistory(string)
	Close() error
}

func (r *repl) loop() error {
	lines := r.reader()
	defer lines.Close()
	for {
		input, err := r.read(lines)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, liner.ErrPromptAborted):
			continue
		case err != nil:
			return err
		case strings.TrimSpace(input) == "":
			continue
		}
		lines.AppendHistory(strings.ReplaceAll(input, "\n", "\u2028"))
		if err := r.do(input); err != nil {
			if r.ctx.Err() != nil {
				return err
			}
			fmt.Fprintf(r.e.errout, "error: %v\n", err)
		}
	}
}

// read collects lines until the input is whole.
func (r *repl) read(lines lineReader) (string, error) {
	input, err := lines.Prompt(">>> ")
	if err != nil || strings.HasPrefix(input, "?") || strings.HasPrefix(input, "%") {
		return input, err
	}
	input = strings.ReplaceAll(input, "\u2028", "\n")
	for {
		_, err := syntax.ParseBody(input)
		var bad *syntax.Error
		if err == nil && !strings.Contains(input, "\n") && !strings.HasSuffix(strings.TrimSpace(input), ":") {
			return input, nil
		}
		if err != nil && (!errors.As(err, &bad) || !bad.Incomplete) {
			return input, nil // the image says what is wrong with it
		}
		more, err := lines.Prompt("... ")
		if errors.Is(err, io.EOF) {
			return input, nil
		}
		if err != nil {
			return "", err
		}
		if more == "" && bad == nil {
			return input, nil
		}
		input += "\n" + more
		if more == "" {
			if _, err := syntax.ParseBody(input); err == nil {
				return input, nil
			}
		}
	}
}

func (r *repl) do(input string) error {
	if target, ok := strings.CutPrefix(input, "?"); ok {
		var seen contract.Inspection
		if _, err := r.c.ask(r.ctx, "inspect", &contract.Inspect{Object: contract.Of(strings.TrimSpace(target))}, &seen); err != nil {
			return err
		}
		printInspection(r.e.out, &seen)
		return nil
	}
	code, timed := strings.CutPrefix(input, "%time")
	started := time.Now()
	reply, err := r.c.ask(r.ctx, "eval", &contract.Eval{Code: strings.TrimSpace(code), Running: r.running.fields()}, nil)
	if err != nil {
		return err
	}
	if err := r.e.printReply(reply, true); err != nil {
		return err
	}
	if timed {
		fmt.Fprintf(r.e.out, "%v\n", time.Since(started).Round(time.Microsecond))
	}
	return nil
}

func (r *repl) reader() lineReader {
	file, ok := r.e.in.(*os.File)
	if !ok || !isTerminal(file) {
		return &plainLines{in: newLines(r.e.in)}
	}
	term := liner.NewLiner()
	term.SetCtrlCAborts(true)
	term.SetWordCompleter(r.complete)
	history := filepath.Join(r.e.image, "log", "repl_history")
	if f, err := os.Open(history); err == nil {
		_, _ = term.ReadHistory(f) // a lost history is no reason not to talk
		f.Close()
	}
	return &terminal{State: term, history: history}
}

// complete offers the slots of the object before the last dot, or the roots.
func (r *repl) complete(line string, pos int) (head string, completions []string, tail string) {
	start := pos
	for start > 0 && strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@", rune(line[start-1])) {
		start--
	}
	word := line[start:pos]
	head, tail = line[:start], line[pos:]
	dot := strings.LastIndexByte(word, '.')
	var names []string
	if dot < 0 {
		var roots contract.RootsResult
		if _, err := r.c.ask(r.ctx, "roots", nil, &roots); err == nil {
			for name := range roots.Roots {
				names = append(names, name)
			}
		}
		names = append(names, "self")
	} else {
		target := word[:dot]
		if target == "self" || strings.HasPrefix(target, "self.") {
			target = "genesis_obj" + target[len("self"):]
		}
		var seen contract.Inspection
		if _, err := r.c.ask(r.ctx, "inspect", &contract.Inspect{Object: contract.Of(target)}, &seen); err == nil {
			for _, s := range append(seen.Slots, seen.Inherited...) {
				names = append(names, word[:dot+1]+s.Name)
			}
		}
	}
	for _, n := range names {
		if strings.HasPrefix(n, word) {
			completions = append(completions, n)
		}
	}
	slices.Sort(completions)
	return head, slices.Compact(completions), tail
}

// terminal is the line editor with its history kept beside the image.
type terminal struct {
	*liner.State
	history string
}

func (t *terminal) Close() error {
	if f, err := os.Create(t.history); err == nil {
		_, _ = t.State.WriteHistory(f)
		f.Close()
	}
	return t.State.Close()
}
