package image

// Written calls yield with each persistent entity that the running transaction
// has changed, until yield says false. New entities are not among them: what
// made them holds them.
func (h *Heap) Written(yield func(*Entity) bool) {
	for i := range h.tx.before {
		if !yield(h.tx.before[i].e) {
			return
		}
	}
}
