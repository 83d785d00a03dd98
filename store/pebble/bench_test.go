package pebble

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"batos/store"
	"batos/store/floor"
)

// BenchmarkCommit is durable commits of one object of 500 bytes, each on its
// own base with a conflict check, as a ratio to the raw log of the same bytes
// ("floor"), taken right before.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 8, 32, 128} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			dir := b.TempDir()
			raw, err := floor.Appends(dir, writers, 640, 500*time.Millisecond)
			if err != nil {
				b.Fatal(err)
			}
			s, err := Open(dir, Options{Reserve: 1})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			objects := store.OID(writers)
			first := s.AllocateOIDs(writers)
			ws := make([]store.Write, objects)
			for i := range ws {
				ws[i] = store.Write{OID: first + store.OID(i), Change: store.Created, Data: []byte("x")}
			}
			if _, err := s.Submit(&store.Transaction{Writes: ws}); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for w := range writers {
				rounds := b.N / writers
				if w < b.N%writers {
					rounds++
				}
				wg.Go(func() {
					held := s.Snapshot()
					var changed []store.OID
					oid := first + store.OID(w)
					for range rounds {
						held, changed = s.Refresh(held, changed[:0])
						tid, err := s.Submit(&store.Transaction{
							Snapshot:   held,
							Reads:      []store.OID{oid},
							Writes:     []store.Write{{OID: oid, Change: store.Changed, Data: make([]byte, 500)}},
							Provenance: store.Provenance{Author: "bench", Why: "send @42.deposit"},
						})
						if err == nil {
							err = s.WaitDurable(context.Background(), tid)
						}
						if err != nil {
							b.Error(err)
							return
						}
					}
					s.Release(held)
				})
			}
			wg.Wait()
			b.StopTimer()
			per := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(per, "commits/s")
			b.ReportMetric(per/raw, "of-floor")
			b.ReportMetric(float64(b.N)/float64(s.groups.Load()), "per-group")
		})
	}
}
