package bridge_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"batos/bridge"
	"batos/bridge/contract"
	"batos/bridge/load"
)

func TestLoad(t *testing.T) {
	f := newFake()
	bound, err := serve(t, f, bridge.Options{}).ListenZMQ("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got, err := load.Run(t.Context(), bound, 3, 4, 50*time.Millisecond, func(client, n int) (string, any) {
		return "send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{int64(client), int64(n)}}
	})
	if err != nil || got.Requests != int64(f.ran("echo")) || got.Requests < 12 || got.P50 <= 0 || got.P99 < got.P50 || got.PerSecond <= 0 {
		t.Errorf("got %+v, %v; %d ran", got, err, f.ran("echo"))
	}
	_, err = load.Run(t.Context(), bound, 3, 4, time.Minute, func(client, n int) (string, any) {
		if client == 1 && n == 20 {
			return "send", &contract.Send{Object: genesis, Selector: "fail"}
		}
		return "ping", nil
	})
	var refused *contract.Error
	if !errors.As(err, &refused) || refused.Code != contract.CodeMethodError {
		t.Errorf("got %v", err)
	}
	if _, err := load.Run(t.Context(), "tcp://127.0.0.1:1", 1, 1, time.Second, nil); err == nil {
		t.Error("nobody listens there")
	}
}

func BenchmarkZeroMQ(b *testing.B) {
	bound, err := serve(b, newFake(), bridge.Options{}).ListenZMQ("tcp://127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	for _, shape := range [][2]int{{1, 1}, {8, 1}, {32, 1}, {32, 16}, {1000, 1}} {
		b.Run(fmt.Sprintf("clients=%d/open=%d", shape[0], shape[1]), func(b *testing.B) {
			for b.Loop() {
				got, err := load.Run(b.Context(), bound, shape[0], shape[1], time.Second, func(client, n int) (string, any) {
					return "send", &contract.Send{Object: genesis, Selector: "echo", Args: []any{int64(n)}}
				})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(got.PerSecond, "msgs/s")
				b.ReportMetric(float64(got.P50.Microseconds()), "p50-us")
				b.ReportMetric(float64(got.P99.Microseconds()), "p99-us")
			}
		})
	}
}
