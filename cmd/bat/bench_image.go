package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"batos"
	"batos/image"
	"batos/uvm"
)

// counter is the method whose sends are measured: it changes one slot.
const counter = "def increment(self):\n    self.count += 1\n    return self.count\n"

// image measures messages inside this program, then the start of a big image.
func (b *benchmark) image(ctx context.Context) error {
	img, err := batos.Open(filepath.Join(b.dir, "image"), batos.Options{Version: versionText(), Create: true})
	if err != nil {
		return err
	}
	rows, err := b.messages(ctx, img.Machine())
	if closing := img.Close(ctx); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	b.e.say("durable one-slot messages, inside the program")
	if err := b.print(rows); err != nil {
		return err
	}
	return b.start(ctx)
}

func (b *benchmark) messages(ctx context.Context, m uvm.Service) ([]figure, error) {
	counters, err := makeCounters(ctx, m, 32)
	if err != nil {
		return nil, err
	}
	var rows []figure
	for _, clients := range []int{1, 8, 32} {
		f := figure{What: "messages inside the program", Clients: clients}
		err := b.beside(&f, func() error {
			took, elapsed, err := sendAll(ctx, m, counters[:clients], b.time)
			if err != nil {
				return err
			}
			slices.Sort(took)
			f.PerSecond = float64(len(took)) / elapsed.Seconds()
			f.P50 = milliseconds(took[len(took)/2])
			f.P99 = milliseconds(took[len(took)*99/100])
			return nil
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, f)
	}
	return rows, nil
}

// makeCounters makes n objects with a count, held by slots of genesis_obj.
func makeCounters(ctx context.Context, m uvm.Service, n int) ([]image.Ref, error) {
	who := uvm.Caller{Author: "bat bench"}
	if _, _, err := m.CreateMethod(ctx, who, "genesis_obj", "increment", counter); err != nil {
		return nil, err
	}
	refs := make([]image.Ref, n)
	for i := range refs {
		r := m.Send(ctx, uvm.Request{Caller: who, Target: "genesis_obj", Code: fmt.Sprintf(
			"self.counter_%d = self.clone(count=0)\nself.counter_%d", i, i)})
		if r.Err != nil {
			return nil, r.Err
		}
		refs[i] = r.Value.(image.Ref)
	}
	return refs, nil
}

// sendAll lets one sender for each counter send for d, and gives how long each
// message took to be durable.
func sendAll(ctx context.Context, m uvm.Service, counters []image.Ref, d time.Duration) ([]time.Duration, time.Duration, error) {
	var all sync.WaitGroup
	took := make([][]time.Duration, len(counters))
	failed := make([]error, len(counters))
	started := time.Now()
	for i := range counters {
		all.Add(1)
		go func() {
			defer all.Done()
			for time.Since(started) < d && ctx.Err() == nil {
				sent := time.Now()
				r := m.Send(ctx, uvm.Request{Target: counters[i], Selector: "increment"})
				if r.Err != nil {
					failed[i] = r.Err
					return
				}
				took[i] = append(took[i], time.Since(sent))
			}
		}()
	}
	all.Wait()
	elapsed := time.Since(started)
	for _, err := range failed {
		if err != nil {
			return nil, 0, err
		}
	}
	if ctx.Err() != nil {
		return nil, 0, ctx.Err()
	}
	return slices.Concat(took...), elapsed, nil
}
