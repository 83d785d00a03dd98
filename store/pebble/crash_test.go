package pebble

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"batos/store"
	"batos/store/storetest"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// small makes flushes and compactions happen within a short test.
func small(fs vfs.FS) Options {
	return Options{FS: fs, MemTableBytes: 64 << 10, Reserve: 1}
}

// faulty is an error file system that covers recycled logs too, which errorfs
// lets through. What it wraps so has no path.
type faulty struct {
	*errorfs.FS
	inj errorfs.Injector
}

const recycled = ""

func (f faulty) ReuseForWrite(old, name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	file, err := f.FS.ReuseForWrite(old, name, c)
	if err != nil {
		return nil, err
	}
	return errorfs.WrapFile(file, f.inj), nil
}

// maxCuts a run: a copy costs more the longer the load has run.
const maxCuts = 40

// cut is a file system as a power cut left it.
type cut struct {
	fs    *vfs.MemFS
	acked int
	op    string
}

// TestPowerCuts cuts the power before some of the file operations of a load,
// from the making of the image on, and checks what each cut left: nothing
// acknowledged is lost, nothing is torn, the store goes on.
func TestPowerCuts(t *testing.T) {
	for _, unsynced := range []int{0, 30, 70, 100} {
		t.Run(fmt.Sprintf("%d%% of unsynced kept", unsynced), func(t *testing.T) {
			t.Parallel()
			var w storetest.Witness
			var mu sync.Mutex
			var cuts []cut
			rnd := rand.New(rand.NewPCG(uint64(unsynced), 7))
			mem := vfs.NewCrashableMem()
			next := 3
			ops := 0
			inj := errorfs.InjectorFunc(func(op errorfs.Op) error {
				if op.Kind.ReadOrWrite() != errorfs.OpIsWrite {
					return nil
				}
				mu.Lock()
				defer mu.Unlock()
				if ops++; ops < next || len(cuts) == maxCuts {
					return nil
				}
				next += 1 + rnd.IntN(40)
				acked := w.Acknowledged()
				cuts = append(cuts, cut{
					fs:    mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: unsynced, RNG: rnd}),
					acked: acked,
					op:    fmt.Sprintf("operation %d, %v %s", ops, op.Kind, op.Path),
				})
				return nil
			})
			s, err := Open("image", small(faulty{errorfs.Wrap(mem, inj), inj}))
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Load(s, 4, 300, uint64(unsynced)); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if len(cuts) < 10 {
				t.Fatalf("only %d cuts in %d operations", len(cuts), ops)
			}
			for _, c := range cuts {
				if err := checkCut(c, &w); err != nil {
					t.Fatalf("power cut before %s, with %d acknowledged: %v", c.op, c.acked, err)
				}
			}
		})
	}
}

// checkCut opens what a cut left, and goes on with it.
func checkCut(c cut, w *storetest.Witness) error {
	s, err := Open("image", small(c.fs))
	if err != nil {
		return err
	}
	defer s.Close()
	if w != nil {
		if err := w.Check(s, c.acked); err != nil {
			return err
		}
	}
	if _, err := s.Verify(context.Background(), func(p store.Problem) { err = errors.Join(err, p) }); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	oid := s.AllocateOIDs(1)
	if _, err := s.Get(oid, store.Latest); !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%v is handed out and exists: %v", oid, err)
	}
	last := s.Stats().Last
	tid, err := s.Submit(&store.Transaction{Snapshot: last, Writes: []store.Write{{OID: oid, Change: store.Created}}})
	if err != nil || tid != last+1 {
		return fmt.Errorf("going on: tid %d after %d, %w", tid, last, err)
	}
	return s.WaitDurable(context.Background(), tid)
}

// TestFailedSync: after a sync of the log fails nothing is acknowledged any
// more, every call says so, Close returns, and a restart finds everything that
// was acknowledged.
func TestFailedSync(t *testing.T) {
	log := func(op errorfs.Op) bool { return strings.HasSuffix(op.Path, ".log") || op.Path == recycled }
	for name, hits := range map[string]func(errorfs.Op) bool{
		"log sync": func(op errorfs.Op) bool {
			return log(op) && (op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData || op.Kind == errorfs.OpFileSyncTo)
		},
		"log write": func(op errorfs.Op) bool {
			return log(op) && op.Kind == errorfs.OpFileWrite
		},
		"manifest sync": func(op errorfs.Op) bool {
			return strings.Contains(op.Path, "store/MANIFEST") && op.Kind == errorfs.OpFileSync
		},
		"every write": func(op errorfs.Op) bool { return op.Kind.ReadOrWrite() == errorfs.OpIsWrite },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w storetest.Witness
			var broken atomic.Bool
			mem := vfs.NewCrashableMem()
			inj := errorfs.InjectorFunc(func(op errorfs.Op) error {
				if broken.Load() && hits(op) {
					return errorfs.ErrInjected
				}
				return nil
			})
			s, err := Open("image", small(faulty{errorfs.Wrap(mem, inj), inj}))
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Load(s, 4, 100, 1); err != nil {
				t.Fatal(err)
			}
			broken.Store(true)
			// Enough to fill memtables, so that the manifest is written too.
			if err := w.Load(s, 4, 4000, 2); err != nil && !errors.Is(err, errorfs.ErrInjected) {
				t.Fatal(err)
			}
			// A blob may have met the fault first, which ends only a load.
			if tid, err := s.Submit(&store.Transaction{Snapshot: s.Stats().Last, Index: []store.IndexWrite{{Key: "one more"}}}); err == nil {
				if err := s.WaitDurable(context.Background(), tid); !errors.Is(err, store.ErrFailed) {
					t.Fatalf("the fault was not met: %v", err)
				}
			}
			st := s.Stats()
			told := make(chan error, 1)
			s.OnDurable(st.Durable+1, func(err error) { told <- err })
			checks := map[string]error{"OnDurable": <-told, "WaitDurable": s.WaitDurable(context.Background(), st.Durable+1)}
			_, checks["Get"] = s.Get(1, store.Latest)
			_, checks["Submit"] = s.Submit(&store.Transaction{Writes: []store.Write{{OID: 1, Change: store.Created}}})
			_, checks["PutBlob"] = s.PutBlob([]byte("x"))
			checks["IndexDrop"] = s.IndexDrop("a", "z")
			checks["Close"] = s.Close()
			for call, err := range checks {
				if !errors.Is(err, store.ErrFailed) {
					t.Errorf("%s after a failed write = %v, want ErrFailed", call, err)
				}
			}
			if err := s.WaitDurable(context.Background(), st.Durable); err != nil {
				t.Errorf("what was durable stays so: %v", err)
			}
			c := cut{fs: mem.CrashClone(vfs.CrashCloneCfg{}), acked: w.Acknowledged()}
			if err := checkCut(c, &w); err != nil {
				t.Errorf("after a power cut: %v", err)
			}
			// The same process may open it again, once the disk is well.
			broken.Store(false)
			c = cut{fs: mem, acked: w.Acknowledged()}
			if err := checkCut(c, &w); err != nil {
				t.Errorf("opened again: %v", err)
			}
		})
	}
}

// TestFaultWhileOpening lets every write fail from the n-th on, for each n: the
// image opens or says why not, and is sound afterwards.
func TestFaultWhileOpening(t *testing.T) {
	opened := 0
	for n := 0; opened < 5 && n < 500; n++ {
		mem := vfs.NewCrashableMem()
		var ops atomic.Int64
		inj := errorfs.InjectorFunc(func(op errorfs.Op) error {
			if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && op.Kind != errorfs.OpFileClose && ops.Add(1) > int64(n) {
				return errorfs.ErrInjected
			}
			return nil
		})
		s, err := Open("image", small(faulty{errorfs.Wrap(mem, inj), inj}))
		if err == nil {
			opened++
			tid, err := s.Submit(&store.Transaction{Index: []store.IndexWrite{{Key: "k"}}})
			if err == nil {
				err = s.WaitDurable(context.Background(), tid)
			}
			if err != nil && !errors.Is(err, store.ErrFailed) {
				t.Fatalf("fault from operation %d on: %v", n, err)
			}
			s.Close() // says so once more, perhaps
		}
		if err := checkCut(cut{fs: mem.CrashClone(vfs.CrashCloneCfg{})}, nil); err != nil {
			t.Fatalf("fault from operation %d on: afterwards: %v", n, err)
		}
	}
	if opened == 0 {
		t.Error("it never opened")
	}
}

// TestFullDisk: below the reserve Submit and PutBlob refuse and nothing breaks;
// with space again they go on.
func TestFullDisk(t *testing.T) {
	mem := vfs.NewMem()
	space := func(n uint64) { mem.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: n, TotalBytes: 1 << 30}) }
	space(1 << 20)
	s, err := Open("image", Options{FS: mem, Reserve: 100 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func() error {
		tid, err := s.Submit(&store.Transaction{Snapshot: s.Stats().Last, Writes: []store.Write{
			{OID: s.AllocateOIDs(1), Change: store.Created, Data: []byte("x")},
		}})
		if err != nil {
			return err
		}
		return s.WaitDurable(context.Background(), tid)
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutBlob(make([]byte, 1<<20)); !errors.Is(err, store.ErrFull) {
		t.Errorf("a blob larger than the free space: %v, want ErrFull", err)
	}
	big := &store.Transaction{Snapshot: s.Stats().Last, Writes: []store.Write{
		{OID: s.AllocateOIDs(1), Change: store.Created, Data: make([]byte, 1<<20)},
	}}
	if _, err := s.Submit(big); !errors.Is(err, store.ErrFull) {
		t.Errorf("a transaction larger than the free space: %v, want ErrFull", err)
	}
	space(99 << 10)
	if err := put(); err != nil {
		t.Errorf("the group that finds the disk full is still written: %v", err)
	}
	for range 3 {
		if err := put(); !errors.Is(err, store.ErrFull) {
			t.Errorf("on a full disk: %v, want ErrFull", err)
		}
	}
	if _, err := s.Get(1, store.Latest); err != nil {
		t.Errorf("reading on a full disk: %v", err)
	}
	space(1 << 20)
	if err := put(); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if got := s.Stats().Last; got != 3 {
		t.Errorf("%d transactions, want 3", got)
	}
}
