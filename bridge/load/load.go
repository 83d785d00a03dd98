// Package load makes load on an image over ZeroMQ and measures what it bears.
package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"batos/bridge/contract"
	"batos/bridge/zmtp"
)

// Result is what a run measured. Latencies are from sending a request to its
// reply.
type Result struct {
	Requests  int64
	PerSecond float64
	P50, P99  time.Duration
}

// Run has clients connections send requests for about d, each with inflight of
// them open at a time, and measures the replies. request makes the n-th request
// of a client, on the client's own goroutine. The first error ends the run.
func Run(ctx context.Context, addr string, clients, inflight int, d time.Duration, request func(client, n int) (command string, fields any)) (Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all := make([]*client, clients)
	for i := range all {
		conn, err := zmtp.Dial(ctx, addr, zmtp.Options{MaxFrame: contract.MaxFrame})
		if err != nil {
			return Result{}, fmt.Errorf("connecting to %s: %w", addr, err)
		}
		defer conn.Abort()
		all[i] = &client{conn: conn, prefix: strconv.FormatUint(rand.Uint64(), 36) + "-"}
		if err := all[i].hello(fmt.Sprintf("load %d", i)); err != nil {
			return Result{}, fmt.Errorf("connecting to %s: %w", addr, err)
		}
		defer context.AfterFunc(ctx, conn.Abort)()
	}
	var running sync.WaitGroup
	errs := make([]error, clients)
	began := time.Now()
	for i, c := range all {
		running.Go(func() {
			errs[i] = c.run(inflight, began.Add(d), func(n int) (string, any) { return request(i, n) })
			if errs[i] != nil {
				cancel()
			}
		})
	}
	running.Wait()
	took := time.Since(began)
	var latencies []time.Duration
	for _, c := range all {
		latencies = append(latencies, c.latencies...)
	}
	if err := first(errs); err != nil {
		return Result{}, err
	}
	if len(latencies) == 0 {
		return Result{}, errors.New("no request was answered")
	}
	slices.Sort(latencies)
	return Result{
		Requests:  int64(len(latencies)),
		PerSecond: float64(len(latencies)) / took.Seconds(),
		P50:       latencies[len(latencies)/2],
		P99:       latencies[len(latencies)*99/100],
	}, nil
}

// first prefers the error that ended the others' connections.
func first(errs []error) error {
	var found error
	for _, err := range errs {
		var refused *contract.Error
		if errors.As(err, &refused) {
			return err
		}
		if found == nil {
			found = err
		}
	}
	return found
}

type client struct {
	conn      *zmtp.Conn
	prefix    string
	frame     []byte
	sent      []time.Time // by request's number
	latencies []time.Duration
}

func (c *client) hello(name string) error {
	if err := c.send("hello", "hello", &contract.Hello{Client: name}); err != nil {
		return err
	}
	_, err := c.receive()
	return err
}

func (c *client) run(inflight int, until time.Time, request func(n int) (string, any)) error {
	next := func() error {
		n := len(c.sent)
		command, fields := request(n)
		c.sent = append(c.sent, time.Now())
		return c.send(c.prefix+strconv.Itoa(n), command, fields)
	}
	for range inflight {
		if err := next(); err != nil {
			return err
		}
	}
	for open := inflight; open > 0; {
		reply, err := c.receive()
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(reply.ID[min(len(c.prefix), len(reply.ID)):])
		if err != nil || n < 0 || n >= len(c.sent) {
			return fmt.Errorf("a reply to %q, which was not sent", reply.ID)
		}
		now := time.Now()
		c.latencies = append(c.latencies, now.Sub(c.sent[n]))
		if now.After(until) {
			open--
			continue
		}
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}

func (c *client) send(id, command string, fields any) error {
	var err error
	if c.frame, err = contract.AppendRequest(c.frame[:0], id, command, fields); err != nil {
		return err
	}
	return c.conn.Send(c.frame)
}

// receive gives the next reply; events are passed over.
func (c *client) receive() (*contract.Reply, error) {
	for {
		parts, err := c.conn.Receive()
		if err != nil {
			return nil, err
		}
		if len(parts) != 1 {
			return nil, fmt.Errorf("a message of %d parts from the image", len(parts))
		}
		frame, bad := contract.DecodeFrame(parts[0])
		if bad != nil {
			return nil, bad
		}
		if frame.Reply == nil {
			continue
		}
		if frame.Reply.Error != nil {
			return nil, frame.Reply.Error
		}
		return frame.Reply, nil
	}
}
