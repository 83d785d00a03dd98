package floor

import (
	"os"
	"testing"
	"time"
)

func TestAppends(t *testing.T) {
	for _, writers := range []int{1, 8} {
		dir := t.TempDir()
		got, err := Appends(dir, writers, 640, 20*time.Millisecond)
		if err != nil || got <= 0 {
			t.Errorf("%d writers: %g a second, %v", writers, got, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	if _, err := Appends("/nonexistent/dir", 1, 640, time.Millisecond); err == nil {
		t.Error("no error without a directory")
	}
}
