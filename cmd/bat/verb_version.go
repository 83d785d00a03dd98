package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"batos/bridge/contract"
)

// version of the program. Releases set it with -ldflags "-X main.version=...".
var version = "0.1.0-dev"

// versionText adds the commit it was built from, when the build knows it.
func versionText() string {
	text := version
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				text += "+" + s.Value[:12]
			}
		}
	}
	return text
}

func versionVerb() *verb {
	return &verb{
		name: "version", args: "", short: "print the versions of the program, the contract and Go",
		run: func(_ context.Context, e *env, args []string) error {
			if len(args) > 0 {
				return &usageError{"no arguments are taken"}
			}
			if e.json {
				return e.printJSON(map[string]any{
					"program": versionText(), "contract": contract.Version, "go": runtime.Version(),
					"os": runtime.GOOS, "arch": runtime.GOARCH,
				})
			}
			fmt.Fprintf(e.out, "bat %s, contract %d, %s %s/%s\n", versionText(), contract.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
