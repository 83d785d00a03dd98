package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"batos/bridge/contract"
	"batos/mind"
)

// finding is one line of the doctor's report.
type finding struct {
	Subject string `json:"subject"`
	OK      bool   `json:"ok"`
	Detail  string `json:"detail"`
}

func doctorVerb() *verb {
	return &verb{
		name: "doctor", args: "", short: "look at the environment: image, disk, ports, minds, browser",
		long: `
Exit code 1 when something is wrong that would keep the image from running.

    bat doctor`,
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) > 0 {
				return &usageError{"no arguments are taken"}
			}
			bad := 0
			for _, f := range examine(ctx, e) {
				if !f.OK {
					bad++
				}
				if e.json {
					if err := e.printJSON(map[string]any{"subject": f.Subject, "ok": f.OK, "detail": f.Detail}); err != nil {
						return err
					}
					continue
				}
				mark := "ok  "
				if !f.OK {
					mark = "bad "
				}
				fmt.Fprintf(e.out, "%s %-9s %s\n", mark, f.Subject, f.Detail)
			}
			if bad > 0 {
				return fmt.Errorf("doctor: %d of the findings need attention", bad)
			}
			return nil
		},
	}
}

func examine(ctx context.Context, e *env) []finding {
	found := []finding{{"program", true, fmt.Sprintf("bat %s, %s %s/%s, %d cores", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}}
	image, running := examineImage(ctx, e)
	found = append(found, image, examineDisk(e.image))
	if !running {
		found = append(found, examinePort("127.0.0.1:5555", "--zmq tcp://127.0.0.1:0"), examinePort("127.0.0.1:5550", "--http 127.0.0.1:0"))
	}
	found = append(found, examineMinds(ctx, e, image.OK)...)
	browser := finding{"browser", true, "none found by name; open the page's address in any"}
	for _, name := range []string{"chromium", "google-chrome", "firefox", "xdg-open"} {
		if path, err := exec.LookPath(name); err == nil {
			browser.Detail = path
			break
		}
	}
	return append(found, browser)
}

func examineImage(ctx context.Context, e *env) (f finding, running bool) {
	f = finding{Subject: "image", OK: true}
	if _, err := os.Stat(filepath.Join(e.image, "MANIFEST.json")); errors.Is(err, fs.ErrNotExist) {
		f.Detail = fmt.Sprintf("none in %s yet; `bat up` makes one", e.image)
		return f, false
	}
	c, err := e.connect(ctx)
	if err != nil {
		f.OK, f.Detail = false, err.Error()
		return f, false
	}
	defer c.close()
	var s contract.Stats
	if _, err := c.ask(ctx, "stats", nil, &s); err != nil {
		f.OK, f.Detail = false, err.Error()
		return f, c.end == nil
	}
	state := "asleep"
	if c.end == nil {
		state = "running"
	}
	f.Detail = fmt.Sprintf("%s: %s, %d transactions, %.1f MB", e.image, state, s.Last, float64(s.DiskBytes)/1e6)
	return f, c.end == nil
}

// spareDisk is below what the store would soon refuse commits.
const spareDisk = 1 << 30

func examineDisk(dir string) finding {
	for dir != "." && dir != "/" {
		if _, err := os.Stat(dir); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return finding{"disk", false, err.Error()}
	}
	free := int64(fs.Bavail) * int64(fs.Bsize)
	return finding{"disk", free > spareDisk, fmt.Sprintf("%.1f GB free where the image is", float64(free)/1e9)}
}

func examinePort(addr, instead string) finding {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return finding{"port", false, fmt.Sprintf("%s is taken (%v); `bat up %s` uses a free one", addr, err, instead)}
	}
	l.Close()
	return finding{"port", true, addr + " is free"}
}

func examineMinds(ctx context.Context, e *env, haveImage bool) []finding {
	var found []finding
	if _, err := os.Stat(filepath.Join(e.image, "MANIFEST.json")); err == nil && haveImage {
		if c, err := e.connect(ctx); err == nil {
			var minds contract.MindResult
			if _, err := c.ask(ctx, "mind", &contract.Mind{Action: "status"}, &minds); err == nil {
				for _, m := range minds.Minds {
					found = append(found, finding{"mind", m.Ready, strings.TrimSpace(m.Spec + ": " + m.Detail)})
				}
			}
			c.close()
		}
	}
	probing, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	engine, err := mind.Open("ollama:any")
	if err != nil {
		return found
	}
	if status := engine.Probe(probing); len(status.Models) > 0 {
		found = append(found, finding{"ollama", true, "serves " + strings.Join(status.Models, ", ")})
	} else {
		found = append(found, finding{"ollama", true, "does not answer here; it is one way to have a mind (`bat mind --help`)"})
	}
	return found
}
