package pebble

import (
	"context"
	"fmt"
	"math/rand/v2"
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

// BenchmarkCommitMany is durable commits of 1000 objects by one writer.
func BenchmarkCommitMany(b *testing.B) {
	s, err := Open(b.TempDir(), Options{Reserve: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	first := s.AllocateOIDs(1000)
	b.ReportAllocs()
	for b.Loop() {
		at := s.Snapshot()
		ws := make([]store.Write, 1000)
		for i := range ws {
			ws[i] = store.Write{OID: first + store.OID(i), Change: store.Changed, Data: make([]byte, 500), Refs: []store.OID{first}}
		}
		tid, err := s.Submit(&store.Transaction{Snapshot: at, Writes: ws})
		s.Release(at)
		if err == nil {
			err = s.WaitDurable(context.Background(), tid)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// fill makes an image of n objects of 500 bytes.
func fill(b *testing.B, dir string, n int) (first store.OID) {
	b.Helper()
	s, err := Open(dir, Options{Reserve: 1})
	if err != nil {
		b.Fatal(err)
	}
	first = s.AllocateOIDs(n)
	rnd := rand.NewChaCha8([32]byte{1})
	for done := 0; done < n; {
		ws := make([]store.Write, min(2000, n-done))
		for i := range ws {
			data := make([]byte, 500) // half of it does not compress
			rnd.Read(data[:250])
			ws[i] = store.Write{OID: first + store.OID(done+i), Change: store.Created, Data: data, Refs: []store.OID{first + store.OID((done+i)/2)}}
		}
		done += len(ws)
		if _, err := s.Submit(&store.Transaction{Snapshot: s.Stats().Last, Writes: ws}); err != nil {
			b.Fatal(err)
		}
	}
	start := time.Now()
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.Logf("closed in %v", time.Since(start))
	return first
}

// BenchmarkOpen opens an image of a million objects that was closed cleanly,
// and reads its first object.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	first := fill(b, dir, 1_000_000)
	var closing time.Duration
	b.ResetTimer()
	for b.Loop() {
		s, err := Open(dir, Options{Reserve: 1})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Get(first, store.Latest); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		start := time.Now()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		closing += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(closing.Seconds()*1000/float64(b.N), "ms/close")
}

// BenchmarkGet reads at random from 200,000 objects, most of them not in heads.
func BenchmarkGet(b *testing.B) {
	const n = 200_000
	dir := b.TempDir()
	first := fill(b, dir, n)
	s, err := Open(dir, Options{Reserve: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for name, among := range map[string]int{"all": n, "known": 10_000} {
		b.Run(name, func(b *testing.B) {
			rnd := rand.New(rand.NewPCG(1, 1))
			at := s.Snapshot()
			defer s.Release(at)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Get(first+store.OID(rnd.IntN(among)), at); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
