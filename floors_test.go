package batos_test

import (
	"os/exec"
	"strings"
	"testing"
)

// floors are the packages from the ground up; each imports only from floors
// below its own, or from its own floor what stands in the same folder.
var floors = [][]string{
	{"store", "store/pebble", "store/floor", "store/storetest"},
	{"image"},
	{"lang", "lang/syntax", "mind"},
	{"uvm", "genesis"},
	{"bridge", "bridge/client", "bridge/contract", "bridge/load", "bridge/outbox", "bridge/wire", "bridge/zmtp"},
	{"", "world", "world/web", "world/web/bundle"},
	{"cmd/bat"},
}

func TestFloors(t *testing.T) {
	floorOf := map[string]int{}
	for i, floor := range floors {
		for _, p := range floor {
			floorOf[p] = i
		}
	}
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	short := func(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, "batos"), "/") }
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		from := short(fields[0])
		floor, ok := floorOf[from]
		if !ok {
			t.Errorf("%s stands on no floor: give it one in this list", from)
		}
		for _, path := range fields[1:] {
			if path != "batos" && !strings.HasPrefix(path, "batos/") {
				continue
			}
			to := short(path)
			folder, _, _ := strings.Cut(to, "/")
			neighbour := strings.HasPrefix(from+"/", folder+"/") || from == "uvm" && to == "genesis"
			if at := floorOf[to]; at > floor || at == floor && !neighbour {
				t.Errorf("%s imports %s, which is not below it", from, to)
			}
		}
	}
}
