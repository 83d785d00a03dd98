package batos_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"batos"
	"batos/uvm"
)

func Example() {
	dir, err := os.MkdirTemp("", "image")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	open := func() *batos.Image {
		img, err := batos.Open(filepath.Join(dir, "live_image"), batos.Options{Create: true})
		if err != nil {
			panic(err)
		}
		return img
	}

	img := open()
	_, _, err = img.Machine().CreateMethod(ctx, uvm.Caller{Author: "example"}, "genesis_obj", "visit",
		"def visit(self, who):\n    self.visitors = getattr(self, 'visitors', []) + [who]\n    return len(self.visitors)\n")
	fmt.Println(err)
	fmt.Println(img.Send(ctx, "genesis_obj", "visit", "Ada"))
	fmt.Println(img.Close(ctx))

	img = open()
	fmt.Println(img.Awoke())
	fmt.Println(img.Send(ctx, "genesis_obj", "visit", "Grace"))
	fmt.Println(img.Close(ctx))
	// Output:
	// <nil>
	// 1 <nil>
	// <nil>
	// false
	// 2 <nil>
	// <nil>
}
