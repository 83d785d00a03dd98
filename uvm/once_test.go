package uvm

import (
	"context"
	"fmt"
	"testing"
	"time"

	"batos/store/pebble"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func TestSieve(t *testing.T) {
	var s sieve
	const n = 50_000
	for i := range n {
		s.add(fmt.Sprint("name ", i))
	}
	wrong := 0
	for i := range n {
		if !s.has(fmt.Sprint("name ", i)) {
			t.Fatalf("name %d is lost", i)
		}
		if s.has(fmt.Sprint("other ", i)) {
			wrong++
		}
	}
	if wrong > n/20 {
		t.Errorf("%d of %d others are taken for known", wrong, n)
	}
}

// First replies are kept for an hour, whether they are still in memory or not,
// and go within two.
func TestRepliesAreKeptAnHour(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 59, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s, err := pebble.Open("live_image", pebble.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	open := func() *Machine {
		m, err := Open(s, Options{Workers: 1, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open()
	if _, err := m.Awaken(context.Background()); err != nil {
		t.Fatal(err)
	}
	count := func(id string) any {
		r := m.Send(context.Background(), Request{Caller: Caller{Client: "c", ID: id}, Code: "self.n = (self.n if self.hasSlot_('n') else 0) + 1\nself.n"})
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		return r.Value
	}
	wants := func(id string, want int64) {
		t.Helper()
		if got := count(id); got != want {
			t.Errorf("message %s gave %v, want %d", id, got, want)
		}
	}
	forget := func() { // as if many others had been answered since
		m.once.mu.Lock()
		defer m.once.mu.Unlock()
		for name := range m.once.recent {
			m.once.forget(name)
			m.once.turn()
			m.once.sieves[0].add(name)
		}
	}
	wants("a", 1)
	wants("a", 1)
	forget()
	wants("a", 1)
	now = now.Add(59 * time.Minute) // another hour of the clock
	forget()
	wants("a", 1)
	wants("b", 2)
	if err := m.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	m = open()
	wants("a", 1)
	wants("b", 2)
	wants("c", 3)
	now = now.Add(2 * time.Hour)
	forget()
	if err := m.once.drop(); err != nil {
		t.Fatal(err)
	}
	wants("a", 4)
	if err := m.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}
