package uvm_test

import "testing"

// A mirror knows who refers to an object, directly or in a list.
func TestReferences(t *testing.T) {
	w := awake(t)
	w.eval("self.a = self.clone(); self.b = self.clone(); self.c = self.clone()")
	w.eval("self.a.friend = self.c; self.b.friends = [1, [self.c]]")
	w.method("genesis_obj", "def who(self):\n"+
		"    found = mirror(self.c).references()\n"+
		"    return [self in found, self.a in found, self.b in found, self.c in found, len(found)]\n")
	if got := w.send("genesis_obj", "who"); got.Repr != "[True, True, True, False, 3]" {
		t.Errorf("%s, %v", got.Repr, got.Err)
	}
	w.eval("self.a.friend = None")
	if got := w.send("genesis_obj", "who"); got.Repr != "[True, False, True, False, 2]" {
		t.Errorf("%s, %v", got.Repr, got.Err)
	}
	if got := w.eval("mirror(self).provenance('clone')['author']"); got.Repr != "'genesis'" {
		t.Errorf("%s, %v", got.Repr, got.Err)
	}
}
