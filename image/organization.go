package image

// guard checks the organisation against a commit's changes; the error is
// *OrganizationError.
//
// An invariant holds for a root that is bound, before or after the commit: a
// fresh image has none, and the commit that binds a root must bind one that
// satisfies it. Whether a root understands its selectors can change only with
// the roots, with a parent slot of some object, or with a slot of such a name;
// other commits are not checked. What the check reads joins the read set, so
// that two commits that are right alone and wrong together conflict.
func (h *Heap) guard(r *CommitRequest, changes []change) error {
	img := h.img
	if len(img.options.Invariants) == 0 || len(changes) == 0 {
		return nil
	}
	structural := false
	for i := range changes {
		structural = structural || img.structural(&changes[i])
	}
	if !structural && !img.frozen {
		return nil
	}
	roots, err := h.roots()
	if err != nil {
		return err
	}
	was := before{shape: roots.Shape, values: roots.Slots}
	for i := range changes {
		if changes[i].e == &roots.Entity {
			was = *changes[i].b
		}
	}
	architect := r.Architect || img.options.Architect != nil && img.options.Architect(r.Provenance)
	for _, inv := range img.options.Invariants {
		old, now := rootIn(was.shape, was.values, inv.Root), rootIn(roots.Shape, roots.Slots, inv.Root)
		if inv.Frozen && old != nil && !architect {
			if err := h.checkFrozen(inv.Root, old, now); err != nil {
				return err
			}
		}
		if old == nil && now == nil || !structural {
			continue
		}
		if now == nil {
			return &OrganizationError{inv.Root, "the image cannot do without this root; bind it to another object instead"}
		}
		for _, name := range inv.Selectors {
			hit, ok, err := h.Lookup(now, Intern(name), nil)
			if err != nil {
				return err
			}
			if !ok || hit.Value.Kind() != KindMethod {
				return &OrganizationError{inv.Root, "it would no longer understand " + name + "; put another method in its place instead"}
			}
		}
	}
	return nil
}

// structural says whether a change can affect an invariant's selectors.
func (img *Image) structural(c *change) bool {
	if c.e.oid == RootsOID {
		return true
	}
	for _, list := range [2][]Symbol{c.set, c.removed} {
		for _, name := range list {
			if img.selectors[name] || name.IsParent() {
				return true
			}
		}
	}
	return false
}

func (h *Heap) checkFrozen(name string, old, now *Object) error {
	if now != old {
		return &OrganizationError{name, "only the Architect may bind this root to another object"}
	}
	if err := h.Read(&old.Entity); err != nil {
		return err
	}
	dirty := old.flags&flagDirty != 0
	if !dirty {
		for _, slot := range old.Slots {
			eachContainer(slot, func(e *Entity) { dirty = dirty || e.flags&flagDirty != 0 })
		}
	}
	if dirty {
		return &OrganizationError{name, "only the Architect may change it"}
	}
	return nil
}

// eachContainer visits the lists, dicts and sets that a slot's value is, or
// holds in tuples.
func eachContainer(v Value, visit func(*Entity)) {
	referencesIn(v, func(e *Entity) {
		if e.kind != KindObject {
			visit(e)
		}
	})
}
