package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"batos/store/floor"
)

// benchmark is what the parts of `bat bench` share.
type benchmark struct {
	e       *env
	dir     string // where images and logs are made; removed afterwards
	time    time.Duration
	objects int
}

// rawRecord is the size of a raw append that a message is compared with: about
// what one small commit writes, keys and provenance included.
const rawRecord = 640

func benchVerb() *verb {
	where, seconds, objects := "", 3.0, 1_000_000
	return &verb{
		name: "bench", args: "image | bridge", short: "measure this machine, side by side with raw appends to a log",
		long: `
image   durable one-slot messages inside the program, and the start of an image
        with many objects
bridge  the same messages over ZeroMQ, from clients in another process

Each table's ratio is to grouped append+fdatasync on the same disk, measured in
the same run; only ratios of one run can be compared. The images are made in a
temporary directory beside --dir and removed.

    bat bench bridge --seconds 5`,
		flags: func(fs *flag.FlagSet) {
			fs.StringVar(&where, "dir", where, "`directory` on the disk to measure (default: the working directory)")
			fs.Float64Var(&seconds, "seconds", seconds, "`seconds` for each figure")
			fs.IntVar(&objects, "objects", objects, "`number` of objects in the image whose start is measured")
		},
		run: func(ctx context.Context, e *env, args []string) error {
			if len(args) != 1 || args[0] != "image" && args[0] != "bridge" {
				return &usageError{"one of image, bridge is needed"}
			}
			if seconds <= 0 || objects < 0 {
				return &usageError{"--seconds and --objects must be positive"}
			}
			if where == "" {
				where = "."
			}
			dir, err := os.MkdirTemp(where, "bat-bench-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			b := &benchmark{e: e, dir: dir, time: time.Duration(seconds * float64(time.Second)), objects: objects}
			if args[0] == "image" {
				return b.image(ctx)
			}
			return b.bridge(ctx)
		},
	}
}

// figure is one row of a table.
type figure struct {
	What      string  `json:"what"`
	Clients   int     `json:"clients"`
	Raw       float64 `json:"raw_per_second"`
	PerSecond float64 `json:"per_second"`
	Ratio     float64 `json:"ratio"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

// raw measures the floor: appends of as many writers as there are clients.
func (b *benchmark) raw(writers int) (float64, error) {
	dir := filepath.Join(b.dir, fmt.Sprintf("raw-%d", writers))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	return floor.Appends(dir, writers, rawRecord, b.time/2)
}

// beside measures the floor before and after a figure, since disks drift.
func (b *benchmark) beside(f *figure, measure func() error) error {
	before, err := b.raw(f.Clients)
	if err != nil {
		return err
	}
	if err := measure(); err != nil {
		return err
	}
	after, err := b.raw(f.Clients)
	if err != nil {
		return err
	}
	f.Raw = (before + after) / 2
	f.Ratio = f.PerSecond / f.Raw
	return nil
}

func (b *benchmark) print(rows []figure) error {
	if b.e.json {
		for _, f := range rows {
			if err := b.e.printJSON(map[string]any{
				"what": f.What, "clients": int64(f.Clients), "raw_per_second": f.Raw,
				"per_second": f.PerSecond, "ratio": f.Ratio, "p50_ms": f.P50, "p99_ms": f.P99,
			}); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(b.e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "clients\traw appends/s\tmessages/s\tratio\tp50 ms\tp99 ms\t")
	for _, f := range rows {
		fmt.Fprintf(w, "%d\t%.0f\t%.0f\t%.2f\t%.2f\t%.2f\t\n", f.Clients, f.Raw, f.PerSecond, f.Ratio, f.P50, f.P99)
	}
	return w.Flush()
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
