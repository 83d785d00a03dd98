package image

import (
	"errors"
	"testing"

	"batos/store"
)

var house = Options{
	Invariants: []Invariant{
		{Root: "genesis", Selectors: []string{"clone", "reflect_"}},
		{Root: "codex", Frozen: true},
	},
	Architect: func(p store.Provenance) bool { return p.Author == "architect" },
}

func method(source string) Value { return NewMethod(source, nil) }

// awaken binds genesis, which delegates to traits for its methods, and codex.
func awaken(t *testing.T, h *Heap) {
	do(t, h, func() {
		traits, genesis, codex := newRoot(t, h, "traits"), newRoot(t, h, "genesis"), newRoot(t, h, "codex")
		set(t, h, traits, "clone", method("def clone(self): pass"))
		set(t, h, traits, "reflect_", method("def reflect_(self, m): pass"))
		set(t, h, genesis, "parent*", traits.Value())
		set(t, h, genesis, "n", Int(0))
		set(t, h, codex, "laws", h.NewList([]Value{NewStr("be kind")}).Value())
	})
}

func TestOrganization(t *testing.T) {
	laws := func(h *Heap) *List {
		l := get(t, h, root(t, h, "codex"), "laws").List()
		ok(t, h.Change(&l.Entity))
		return l
	}
	cases := []struct {
		name   string
		do     func(h *Heap) error
		breaks string // the root whose invariant is broken, "" for none
		author string
	}{
		{"a slot of genesis", func(h *Heap) error {
			return h.SetSlot(root(t, h, "genesis"), Intern("n"), Int(1))
		}, "", ""},
		{"another method in place", func(h *Heap) error {
			return h.SetSlot(root(t, h, "traits"), Intern("clone"), method("def clone(self): return 1"))
		}, "", ""},
		{"a method of a parent removed", func(h *Heap) error {
			return h.RemoveSlot(root(t, h, "traits"), Intern("clone"))
		}, "genesis", "architect"},
		{"a method shadowed by data", func(h *Heap) error {
			return h.SetSlot(root(t, h, "genesis"), Intern("clone"), Int(5))
		}, "genesis", ""},
		{"the parent taken away", func(h *Heap) error {
			return h.RemoveSlot(root(t, h, "genesis"), Intern("parent*"))
		}, "genesis", ""},
		{"the parent taken away and the methods put in place", func(h *Heap) error {
			g := root(t, h, "genesis")
			set(t, h, g, "clone", method("def clone(self): pass"))
			set(t, h, g, "reflect_", method("def reflect_(self, m): pass"))
			return h.RemoveSlot(g, Intern("parent*"))
		}, "", ""},
		{"a root removed", func(h *Heap) error { return h.SetRoot("genesis", nil) }, "genesis", ""},
		{"a root bound to less", func(h *Heap) error { return h.SetRoot("genesis", h.NewObject()) }, "genesis", ""},
		{"another root", func(h *Heap) error { return h.SetRoot("mine", h.NewObject()) }, "", ""},
		{"the codex changed", func(h *Heap) error {
			return h.SetSlot(root(t, h, "codex"), Intern("x"), Int(1))
		}, "codex", "someone"},
		{"a list of the codex changed", func(h *Heap) error {
			l := laws(h)
			l.Items = append(l.Items, NewStr("or not"))
			return nil
		}, "codex", ""},
		{"the codex bound anew", func(h *Heap) error { return h.SetRoot("codex", h.NewObject()) }, "codex", ""},
		{"the codex changed by the architect", func(h *Heap) error {
			l := laws(h)
			l.Items = append(l.Items, NewStr("keep promises"))
			return nil
		}, "", "architect"},
		{"the codex removed by the architect", func(h *Heap) error { return h.SetRoot("codex", nil) }, "codex", "architect"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, house)
			awaken(t, w.heap())
			h := w.heap()
			begin(t, h)
			ok(t, c.do(h))
			_, err := h.Commit(CommitRequest{Provenance: store.Provenance{Author: c.author}})
			var broken *OrganizationError
			switch {
			case c.breaks == "" && err != nil:
				t.Error(err)
			case c.breaks != "" && (!errors.As(err, &broken) || broken.Root != c.breaks):
				t.Errorf("got %v, want a breach of %s", err, c.breaks)
			case c.breaks != "" && w.store.last() != 1:
				t.Error("the breach was stored")
			}
			do(t, h, func() { set(t, h, root(t, h, "genesis"), "n", Int(7)) })
		})
	}
}

func TestOrganizationHoldsAgainstSkew(t *testing.T) {
	w := newWorld(t, house)
	a, b := w.heap(), w.heap()
	awaken(t, a)
	var spare *Object
	do(t, a, func() {
		spare = newRoot(t, a, "spare")
		set(t, a, spare, "clone", method("def clone(self): pass"))
		set(t, a, root(t, a, "genesis"), "spare*", spare.Value())
	})
	// Each of the two may go while the other stays.
	begin(t, a)
	begin(t, b)
	ok(t, a.RemoveSlot(root(t, a, "traits"), Intern("clone")))
	ok(t, b.RemoveSlot(root(t, b, "spare"), Intern("clone")))
	commit(t, a)
	if _, err := b.Commit(CommitRequest{}); !errors.As(err, new(*store.ConflictError)) {
		t.Errorf("both commits passed: %v", err)
	}
	begin(t, b)
	ok(t, b.RemoveSlot(root(t, b, "spare"), Intern("clone")))
	if _, err := b.Commit(CommitRequest{}); !errors.As(err, new(*OrganizationError)) {
		t.Errorf("the last one went: %v", err)
	}
}

func TestFrozenHoldsAgainstSkew(t *testing.T) {
	w := newWorld(t, house)
	a, b := w.heap(), w.heap()
	awaken(t, a)
	do(t, a, func() { newRoot(t, a, "next") })
	begin(t, a)
	begin(t, b)
	ok(t, a.SetRoot("codex", root(t, a, "next")))
	set(t, b, root(t, b, "next"), "x", Int(1))
	if _, err := a.Commit(CommitRequest{Architect: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Commit(CommitRequest{}); !errors.As(err, new(*store.ConflictError)) {
		t.Errorf("the new codex was changed: %v", err)
	}
}

func TestOrdinaryCommitsDoNotWaitForGenesis(t *testing.T) {
	w := newWorld(t, house)
	a, b := w.heap(), w.heap()
	awaken(t, a)
	do(t, a, func() { newRoot(t, a, "mine") })
	begin(t, b)
	set(t, b, root(t, b, "mine"), "n", Int(1))
	do(t, a, func() { set(t, a, root(t, a, "genesis"), "n", Int(2)) })
	commit(t, b)
}
