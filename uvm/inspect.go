package uvm

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"batos/image"
	"batos/store"
)

// What people look at is shown within bounds, so that one odd value cannot hide
// all the others: a value that is larger, that is nested deeper or that contains
// itself is shown as a map of "$repr" to its shortened text.
const (
	shownLevels = 48       // containers within containers; the frame has some of its own
	shownInPage = 64 << 10 // bytes of a slot's value, in a page of the full state and in what watchers get
	shownAlone  = 1 << 20  // the same, in an inspection
	shownObject = 8 << 20  // bytes of all slots of an inspection
	shownPage   = 4 << 20  // bytes from which a page ends, and that one object takes at most
	shownRepr   = 200      // bytes of a value's text, about
)

// describeSlot tells of one slot of a readable object, in about size bytes. Its
// value, or its source and facts, have at most bound bytes.
func describeSlot(h *image.Heap, o *image.Object, i, bound int) (s Slot, size int, err error) {
	name, v := o.Shape.Name(i), o.Slots[i]
	s = Slot{Name: name.String(), Kind: slotKind(name, v), Type: v.Kind().String(), Changed: o.TID()}
	size = 100 + len(s.Name)
	if v.Kind() == image.KindMethod {
		s.Source, s.Facts = v.Method().Source, v.Method().Facts
		s.Repr = signature(s.Source)
		if len(s.Repr) > shownRepr {
			s.Repr = strings.ToValidUTF8(s.Repr[:shownRepr], "") + "..."
		}
		more := len(s.Source)
		for fact, text := range s.Facts {
			more += len(fact) + len(text)
		}
		if more > bound {
			s.Source, s.Facts, more = "", nil, 0
		}
		return s, size + len(s.Repr) + more, nil
	}
	if s.Repr, err = shortRepr(h, v, min(shownRepr, max(bound, 16))); err != nil {
		return s, size, err
	}
	var more int
	s.Value, more, err = h.ExportWithin(v, shownLevels, bound)
	if errors.Is(err, image.ErrTooLarge) || errors.Is(err, image.ErrTooDeep) || errors.Is(err, image.ErrContainsItself) {
		s.Value, more, err = inText(s.Repr), len(s.Repr), nil
	}
	return s, size + len(s.Repr) + more, err
}

// inText stands for a value that is not shown as it is.
func inText(text string) *image.Map {
	return &image.Map{Entries: []image.MapEntry{{Key: "$repr", Value: text}}}
}

// shownArguments gives the arguments of a message as people look at them: what
// is out of bounds is shown as text.
func shownArguments(args []any) []any {
	shown := slices.Clone(args)
	room := shownInPage
	for i, arg := range args {
		if left := room; plainFits(arg, shownLevels-1, &left) {
			room = left
		} else {
			shown[i] = inText(plainText(arg))
		}
	}
	return shown
}

// plainFits says whether a plain value keeps to the bounds. It takes what the
// value needs from room.
func plainFits(v any, levels int, room *int) bool {
	within := func() bool {
		*room -= 5
		return levels > 0 && *room >= 0
	}
	items := func(items []any) bool {
		if !within() {
			return false
		}
		for _, item := range items {
			if !plainFits(item, levels-1, room) {
				return false
			}
		}
		return true
	}
	switch v := v.(type) {
	case []any:
		return items(v)
	case image.PlainSet:
		return items(v)
	case *image.Map:
		if !within() {
			return false
		}
		if v == nil {
			return true
		}
		for _, e := range v.Entries {
			if !plainFits(e.Key, levels-1, room) || !plainFits(e.Value, levels-1, room) {
				return false
			}
		}
		return true
	}
	*room -= 9
	switch v := v.(type) {
	case string:
		*room -= len(v)
	case []byte:
		*room -= len(v)
	case *big.Int:
		*room -= v.BitLen() / 3
	}
	return *room >= 0
}

// maxShown is the number of elements up to which a reply's text is written in
// full.
const maxShown = 10_000

// elements counts what a container holds itself.
func elements(h *image.Heap, v image.Value) (int, error) {
	switch v.Kind() {
	case image.KindList, image.KindDict, image.KindSet:
		if err := h.Read(v.Entity()); err != nil {
			return 0, err
		}
	}
	switch v.Kind() {
	case image.KindList:
		return len(v.List().Items), nil
	case image.KindDict:
		return v.Dict().Len(), nil
	case image.KindSet, image.KindFrozenSet:
		return v.Set().Len(), nil
	case image.KindTuple:
		return len(v.Tuple()), nil
	}
	return 0, nil
}

// describeObject tells of all slots. It takes what they need from left, and
// leaves out values when that is used up.
func describeObject(h *image.Heap, o *image.Object, bound int, left *int) (slots []Slot, parents []image.Ref, err error) {
	if err := h.Read(&o.Entity); err != nil {
		return nil, nil, err
	}
	for i := range o.Shape.Len() {
		s, size, err := describeSlot(h, o, i, min(bound, *left))
		if err != nil {
			return nil, nil, err
		}
		*left -= size
		slots = append(slots, s)
	}
	for _, p := range o.Shape.Parents() {
		parents = append(parents, image.Ref(p.OID()))
	}
	return slots, parents, nil
}

// Inspect shows an object now, or as it was at a past transaction. The oid of a
// message that waits or failed shows the message.
func (m *Machine) Inspect(ctx context.Context, target any, at store.TID) (Inspection, error) {
	target, bad := normalTarget(target)
	if bad != nil {
		return Inspection{}, bad
	}
	if ref, ok := target.(image.Ref); ok && at == 0 {
		if i, ok := m.inspectMessage(store.OID(ref)); ok {
			return i, nil
		}
	}
	var i Inspection
	err := m.read(ctx, at, func(h *image.Heap) error {
		left := shownObject
		o, err := resolveIn(h, target)
		if err != nil {
			return err
		}
		i.OID = image.Ref(o.OID())
		if i.Slots, i.Parents, err = describeObject(h, o, shownAlone, &left); err != nil {
			return err
		}
		i.TID = o.TID()
		names, err := rootNames(h)
		if err != nil {
			return err
		}
		i.Name = names[o.OID()]
		hidden := map[string]bool{}
		for _, s := range i.Slots {
			hidden[s.Name] = true
		}
		return ancestors(h, o, func(p *image.Object) error {
			slots, _, err := describeObject(h, p, shownAlone, &left)
			for _, s := range slots {
				if !hidden[s.Name] && s.Kind != "parent" {
					hidden[s.Name] = true
					s.Holder = image.Ref(p.OID())
					i.Inherited = append(i.Inherited, s)
				}
			}
			return err
		})
	})
	if err != nil {
		return i, err
	}
	if t, err := m.store.Transaction(i.TID); err == nil {
		i.Author, i.Why, i.Time = t.Provenance.Author, t.Provenance.Why, t.Provenance.Time
	}
	return i, nil
}

// inspectMessage shows a message with a record as if it were an object.
func (m *Machine) inspectMessage(oid store.OID) (Inspection, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	msg := m.messages[oid]
	if msg == nil {
		return Inspection{}, false
	}
	p := m.pending(msg)
	i := Inspection{OID: image.Ref(oid), Name: "message", TID: m.feed.last(), Author: p.Author, Time: p.Since, Why: p.Why}
	add := func(name string, v any) {
		if v == "" || v == nil {
			return
		}
		i.Slots = append(i.Slots, Slot{Name: name, Kind: "value", Type: plainType(v), Value: v, Repr: plainText(v)})
	}
	add("state", p.State)
	add("receiver", p.Receiver)
	add("selector", p.Selector)
	add("arguments", p.Arguments)
	add("why", p.Why)
	add("question", p.Question)
	add("code", string(p.Code))
	for n, a := range p.Attempts {
		add(fmt.Sprintf("attempt_%d", n+1), a.Mind+": "+a.Reason)
	}
	for n, t := range p.Traceback {
		add(fmt.Sprintf("traceback_%d", n+1), fmt.Sprintf("%s.%s, line %d: %s", t.Receiver, t.Selector, t.Line, t.Source))
	}
	return i, true
}

// FullState gives a page of what is reachable, at one snapshot. A page has
// fewer objects than its limit when they are large.
func (m *Machine) FullState(ctx context.Context, q StateQuery) (FullState, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 1000
	}
	if q.Target != nil {
		target, bad := normalTarget(q.Target)
		if bad != nil {
			return FullState{}, bad
		}
		q.Target = target
	}
	var state FullState
	err := m.read(ctx, q.At, func(h *image.Heap) error {
		state = FullState{TID: h.Snapshot()}
		var starts []*image.Object
		if q.Target != nil {
			o, err := resolveIn(h, q.Target)
			if err != nil {
				return err
			}
			starts = append(starts, o)
		} else {
			_, objects, err := h.Roots()
			if err != nil {
				return err
			}
			starts = objects
		}
		var found []*image.Object
		if err := h.Reachable(starts, q.Depth, func(o *image.Object) bool {
			if image.Ref(o.OID()) > q.After {
				found = append(found, o)
			}
			return ctx.Err() == nil
		}); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		slices.SortFunc(found, func(a, b *image.Object) int {
			switch {
			case a.OID() < b.OID():
				return -1
			case a.OID() > b.OID():
				return 1
			}
			return 0
		})
		if len(found) > limit {
			found = found[:limit]
			state.Next = image.Ref(found[limit-1].OID())
		}
		size := 0
		for i, o := range found {
			left := shownPage
			slots, parents, err := describeObject(h, o, shownInPage, &left)
			if err != nil {
				return err
			}
			state.Objects = append(state.Objects, ObjectState{image.Ref(o.OID()), slots, parents})
			if size += shownPage - left; size >= shownPage && i < len(found)-1 {
				state.Next = image.Ref(o.OID())
				break
			}
		}
		return nil
	})
	return state, err
}
