package uvm_test

import (
	"context"
	"slices"
	"testing"

	"batos/uvm"
)

// What changes a list in place changes the slot that holds it, as the log of
// the slot tells, though the object's own record is not written.
func TestLogTellsChangesInPlace(t *testing.T) {
	w := awake(t)
	w.eval("self.items = [1]\nself.other = [[]]")
	w.eval("self.items.append(2)")
	w.eval("self.other[0].append(3)")
	for slot, want := range map[string]int{"items": 2, "other": 2} {
		log, err := w.m.Log(context.Background(), uvm.LogQuery{Target: "genesis_obj", Slot: slot})
		if err != nil || len(log) != want {
			t.Fatalf("%s: %+v %v", slot, log, err)
		}
		if !slices.ContainsFunc(log[0].Changes, func(c uvm.LogChange) bool { return slices.Equal(c.Slots, []string{slot}) }) {
			t.Errorf("%s: %+v", slot, log[0].Changes)
		}
	}
}
