// Command bat runs and talks to a living image. It is wiring: each verb is one
// file, and everything a verb does goes through the bridge, to the image that
// runs or, when none does, to one opened for that one action.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"slices"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitDone        = 0
	exitRefused     = 1 // the image said no
	exitUsage       = 2
	exitUnreachable = 3 // the image could not be reached or opened
)

// verb is one thing bat can do.
type verb struct {
	name    string
	args    string // as usage shows them
	short   string // one line
	long    string // further help, ending in an example
	flags   func(*flag.FlagSet)
	run     func(ctx context.Context, e *env, args []string) error
	literal bool // arguments that begin with '-' and are numbers are arguments
}

// env is what every verb gets.
type env struct {
	image  string
	json   bool
	quiet  bool
	in     io.Reader
	out    io.Writer
	errout io.Writer
}

// usageError makes bat print the verb's usage and exit with 2.
type usageError struct{ why string }

func (e *usageError) Error() string { return e.why }

// unreachableError makes bat exit with 3.
type unreachableError struct{ err error }

func (e *unreachableError) Error() string { return e.err.Error() }
func (e *unreachableError) Unwrap() error { return e.err }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func verbs() []*verb {
	return []*verb{
		upVerb(), sendVerb(), evalVerb(), replVerb(), methodVerb(), inspectVerb(), logVerb(),
		pendingVerb(), answerVerb(), retryVerb(), dismissVerb(), rootsVerb(), mindVerb(),
		statsVerb(), benchVerb(), doctorVerb(), versionVerb(),
	}
}

func run(ctx context.Context, args []string, in io.Reader, out, errout io.Writer) int {
	e := &env{image: "live_image", in: in, out: out, errout: errout}
	if image := os.Getenv("BAT_IMAGE"); image != "" {
		e.image = image
	}
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		if len(args) > 1 {
			if v := findVerb(args[1]); v != nil {
				v.usage(e, out)
				return exitDone
			}
		}
		overview(out)
		return exitDone
	}
	v := findVerb(args[0])
	if v == nil {
		fmt.Fprintf(errout, "bat: there is no verb %q%s; `bat help` lists them\n", args[0], nearestVerb(args[0]))
		return exitUsage
	}
	rest, err := v.parse(e, args[1:])
	if errors.Is(err, flag.ErrHelp) {
		v.usage(e, out)
		return exitDone
	}
	if err == nil {
		err = v.run(ctx, e, rest)
	}
	return report(ctx, e, v, err)
}

// report prints what went wrong and gives the exit code.
func report(ctx context.Context, e *env, v *verb, err error) int {
	var usage *usageError
	var unreachable *unreachableError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintf(e.errout, "bat %s: %s\nusage: bat %s %s\n`bat %s --help` explains\n", v.name, usage.why, v.name, v.args, v.name)
		return exitUsage
	case errors.As(err, &unreachable):
		fmt.Fprintf(e.errout, "error: %v\n", err)
		return exitUnreachable
	case ctx.Err() != nil:
		fmt.Fprintln(e.errout, "error: cancelled: stopped by you")
		return exitRefused
	}
	fmt.Fprintf(e.errout, "error: %v\n", err)
	return exitRefused
}

func findVerb(name string) *verb {
	for _, v := range verbs() {
		if v.name == name {
			return v
		}
	}
	return nil
}

func nearestVerb(name string) string {
	for _, v := range verbs() {
		if strings.HasPrefix(v.name, name) || (len(name) > 2 && strings.HasPrefix(name, v.name[:min(3, len(v.name))])) {
			return fmt.Sprintf(" (did you mean %q?)", v.name)
		}
	}
	return ""
}

func overview(w io.Writer) {
	fmt.Fprint(w, "bat runs a living image: objects that persist, and write the methods they lack.\n\nusage: bat VERB [--image DIR] [--json] [-q] ...\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-8s %s\n", v.name, v.short)
	}
	fmt.Fprint(w, "\n`bat VERB --help` explains one, with an example. Start with `bat up`.\n")
}

func (v *verb) usage(e *env, w io.Writer) {
	fmt.Fprintf(w, "usage: bat %s %s\n\n%s\n", v.name, v.args, v.short)
	if v.long != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(v.long))
	}
	fmt.Fprint(w, "\nflags:\n")
	fs := v.flagSet(e)
	fs.SetOutput(w)
	fs.PrintDefaults()
}

func (v *verb) flagSet(e *env) *flag.FlagSet {
	fs := flag.NewFlagSet(v.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&e.image, "image", e.image, "`directory` of the image (environment: BAT_IMAGE)")
	fs.BoolVar(&e.json, "json", e.json, "print JSON, one value a line")
	fs.BoolVar(&e.quiet, "q", e.quiet, "print only what was asked for")
	if v.flags != nil {
		v.flags(fs)
	}
	return fs
}

// parse takes flags wherever they stand, up to "--". A negative number, and a
// lone "-", are arguments.
func (v *verb) parse(e *env, args []string) ([]string, error) {
	fs := v.flagSet(e)
	var rest, last []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, last = args[:i], args[i+1:]
	}
	for len(args) > 0 {
		a := args[0]
		if a == "-" || !strings.HasPrefix(a, "-") || (v.literal && len(a) > 1 && a[1] >= '0' && a[1] <= '9') {
			rest = append(rest, a)
			args = args[1:]
			continue
		}
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, &usageError{err.Error()}
		}
		if len(fs.Args()) == len(args) {
			return nil, &usageError{"cannot read " + a}
		}
		args = fs.Args()
	}
	return append(rest, last...), nil
}
