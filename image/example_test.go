package image_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cockroachdb/pebble/v2/vfs"

	"batos/image"
	"batos/store/pebble"
)

// An account is a clone of a prototype, found again by its root's name.
func Example() {
	s, err := pebble.Open("live_image", pebble.Options{FS: vfs.NewMem(), Reserve: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	img, err := image.Open(s, image.Options{})
	if err != nil {
		log.Fatal(err)
	}
	balance := image.Intern("balance")

	h := img.NewHeap()
	defer h.Close()
	err = h.Begin()
	account := h.NewObject()
	if err == nil {
		err = h.SetSlot(account, balance, image.Int(100))
	}
	if err == nil {
		err = h.SetRoot("account", account)
	}
	if err != nil {
		log.Fatal(err)
	}
	tid, err := h.Commit(image.CommitRequest{})
	if err == nil {
		err = s.WaitDurable(context.Background(), tid)
	}
	if err != nil {
		log.Fatal(err)
	}

	other := img.NewHeap() // another worker's
	defer other.Close()
	if err := other.Begin(); err != nil {
		log.Fatal(err)
	}
	defer other.Abort()
	found, ok, err := other.Root("account")
	if err != nil || !ok {
		log.Fatal("no account: ", err)
	}
	hit, _, err := other.Lookup(found, balance, nil)
	fmt.Println(hit.Value.AsInt(), found.TID() == tid, err)
	// Output: 100 true <nil>
}
