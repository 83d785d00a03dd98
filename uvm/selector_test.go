package uvm_test

import (
	"context"
	"strings"
	"testing"

	"batos/uvm"
)

func TestImpossibleNamesAreRefused(t *testing.T) {
	w := awake(t)
	ctx := context.Background()
	for _, selector := range []string{"a b", " ", "1a", "a-b", "class", strings.Repeat("x", 10_000)} {
		w.fails(uvm.CodeBadField, w.m.Send(ctx, uvm.Request{Target: "genesis_obj", Selector: selector}))
		if _, _, err := w.m.CreateMethod(ctx, uvm.Caller{}, "genesis_obj", selector, "def f(self):\n    return 1\n"); codeOf(err) != uvm.CodeBadField {
			t.Errorf("a method %.20q gave %v", selector, err)
		}
	}
	for _, slot := range []string{"", strings.Repeat("x", 201)} {
		if _, err := w.m.SetSlot(ctx, uvm.Caller{}, "genesis_obj", slot, int64(1), 0); codeOf(err) != uvm.CodeBadField {
			t.Errorf("a slot %.20q gave %v", slot, err)
		}
	}
	if p := w.pending(); len(p) != 0 {
		t.Errorf("%+v", p)
	}
}

// The covenant names modules to minds: each of them must be there.
func TestCovenantNamesModulesThatAreThere(t *testing.T) {
	w := awake(t)
	covenant, _ := w.eval("pLLM_obj.covenant").Value.(string)
	_, rest, found := strings.Cut(covenant, "- import takes ")
	names, _, _ := strings.Cut(rest, ";")
	modules := strings.Split(names, ", ")
	if !found || len(modules) < 10 {
		t.Fatalf("the covenant names %q", names)
	}
	for _, module := range modules {
		w.eval("import " + module)
	}
}
