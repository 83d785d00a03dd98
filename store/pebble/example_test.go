package pebble_test

import (
	"context"
	"fmt"

	"batos/store"
	"batos/store/pebble"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Two clients read the same state; the second to write is refused, reads again
// and passes. Both versions stay readable.
func Example() {
	s, err := pebble.Open("live_image", pebble.Options{FS: vfs.NewMem()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	account := s.AllocateOIDs(1)
	opened, _ := s.Submit(&store.Transaction{
		Writes:     []store.Write{{OID: account, Change: store.Created, Data: []byte("balance 0")}},
		Provenance: store.Provenance{Author: "ada", Why: "send genesis_obj.open"},
	})

	base := s.Snapshot()
	deposit := func(by, data string, at store.TID) (store.TID, error) {
		return s.Submit(&store.Transaction{
			Snapshot:   at,
			Writes:     []store.Write{{OID: account, Change: store.Changed, Data: []byte(data), Slots: []string{"balance"}}},
			Provenance: store.Provenance{Author: by, Why: "send @1.deposit"},
		})
	}
	first, err := deposit("ada", "balance 10", base)
	fmt.Println("ada:", first, err)
	_, err = deposit("bob", "balance 5", base)
	fmt.Println("bob:", err)
	base, stale := s.Refresh(base, nil)
	fmt.Println("bob reads again:", stale)
	second, err := deposit("bob", "balance 15", base)
	fmt.Println("bob:", second, err)
	s.Release(base)

	if err := s.WaitDurable(context.Background(), second); err != nil {
		fmt.Println(err)
	}
	for _, at := range []store.TID{opened, first, store.Latest} {
		r, _ := s.Get(account, at)
		fmt.Printf("tid %d: %s\n", r.TID, r.Data)
	}
	s.Log(store.Latest, func(c store.Committed) bool {
		fmt.Println(c.TID, c.Provenance.Author, c.Provenance.Why, c.Changes[0].Slots)
		return true
	})
	// Output:
	// ada: 2 <nil>
	// bob: @1, which this transaction wrote as of tid 1, was changed by tid 2
	// bob reads again: [@1]
	// bob: 3 <nil>
	// tid 1: balance 0
	// tid 2: balance 10
	// tid 3: balance 15
	// 3 bob send @1.deposit [balance]
	// 2 ada send @1.deposit [balance]
	// 1 ada send genesis_obj.open []
}
