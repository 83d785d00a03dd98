package uvm_test

import (
	"context"
	"strings"
	"testing"

	"batos/uvm"
)

// However it is tried, no slot gets a name that no slot may have, and the
// object stays as it was.
func TestBadSlotNamesAreRefused(t *testing.T) {
	w := awake(t)
	for _, code := range []string{
		"self[''] = 1",
		"setattr(self, '', 1)",
		"self.setSlot_value_('', 1)",
		"self['n' * 300] = 1",
		"self['n' * 300 + '*'] = self.clone()",
	} {
		r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Code: code})
		if r.Err == nil || r.Err.Code != uvm.CodeSlotError && !strings.Contains(r.Err.Message, "ValueError: a slot's name") {
			t.Errorf("%s gave %s %v, error %v", code, r.Status, r.Value, r.Err)
		}
	}
	for _, name := range []string{"", strings.Repeat("n", 300), "\xff"} {
		if _, err := w.m.SetSlot(context.Background(), uvm.Caller{}, "genesis_obj", name, int64(1), 0); err == nil {
			t.Errorf("slot %.5q was set", name)
		} else if code := codeOf(err); code != uvm.CodeSlotError && code != uvm.CodeBadField {
			t.Errorf("slot %.5q: %v", name, err)
		}
	}
	w.reopen()
	if _, err := w.m.Inspect(context.Background(), "genesis_obj", 0); err != nil {
		t.Error(err)
	}
}
