package uvm_test

import (
	"context"
	"sync/atomic"
	"testing"

	"batos/uvm"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// narrow is a file system whose disk can be filled.
type narrow struct {
	vfs.FS
	full atomic.Bool
}

func (n *narrow) GetDiskUsage(string) (vfs.DiskUsage, error) {
	const total = 100 << 30
	if n.full.Load() {
		return vfs.DiskUsage{AvailBytes: 1 << 20, TotalBytes: total, UsedBytes: total - 1<<20}, nil
	}
	return vfs.DiskUsage{AvailBytes: total / 2, TotalBytes: total, UsedBytes: total / 2}, nil
}

// TestFullDisk: writes are refused with their code and the way out, reads go
// on, and so do writes when there is room again.
func TestFullDisk(t *testing.T) {
	disk := &narrow{FS: vfs.NewCrashableMem()}
	w := &world{t: t, fs: disk, engine: &scripted{answers: map[string][]string{}}}
	w.open()
	t.Cleanup(w.close)
	ctx := context.Background()
	if _, err := w.m.Awaken(ctx); err != nil {
		t.Fatal(err)
	}
	w.eval("self.count = 1")
	send := func(code string) uvm.Reply {
		return w.m.Send(ctx, uvm.Request{Target: "genesis_obj", Code: code})
	}

	disk.full.Store(true)
	refused := uvm.Reply{}
	written := int64(1)
	for range 1000 { // the space is looked at between groups, so a few may still pass
		if refused = send("self.count += 1"); refused.Err != nil {
			break
		}
		written++
	}
	if refused.Err == nil || refused.Err.Code != uvm.CodeStorage {
		t.Fatalf("on a full disk: %+v", refused)
	}
	if r := send("self.count"); r.Err != nil || r.Value != written {
		t.Errorf("reading on a full disk: %+v, want %d", r, written)
	}

	disk.full.Store(false)
	for range 1000 {
		if refused = send("self.count += 1"); refused.Err == nil {
			break
		}
	}
	if refused.Err != nil {
		t.Fatalf("with room again: %v", refused.Err)
	}
	if r := send("self.count"); r.Value != written+1 {
		t.Errorf("the count is %v, want %d", r.Value, written+1)
	}
}
