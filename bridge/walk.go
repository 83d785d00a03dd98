package bridge

import (
	"context"
	"slices"

	"batos/bridge/contract"
	"batos/image"
	"batos/uvm"
)

// startWatch answers with a snapshot and has updates follow it.
func (q *request) startWatch(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Watch)
	if q.session.mute() {
		return q.failed(contract.Errorf(contract.CodeBadField, "watch: a REQ socket cannot take events; use a DEALER socket"))
	}
	w := &q.session.watch
	var begun []*interest
	fail := func(err error) *contract.Reply {
		w.drop(func(i *interest) bool {
			return slices.Contains(begun, i)
		})
		return q.failed(failure(err))
	}
	slots := nameSet(f.Slots)
	if f.All {
		i := &interest{all: true, slots: slots}
		begun = append(begun, i)
		w.begin(i)
	}
	for _, target := range f.Targets {
		oid, err := q.service().Resolve(ctx, target.Object)
		if err != nil {
			return fail(err)
		}
		i := &interest{target: oid, depth: f.Depth, slots: slots}
		begun = append(begun, i)
		w.begin(i)
	}

	if q.session.waits.Err() != nil { // and nobody would end what was begun
		return fail(context.Canceled)
	}
	whole := &contract.FullState{Objects: map[string]contract.ObjectState{}}
	members := make([]map[image.Ref]tid, len(begun))
	if f.All {
		state, err := q.service().FullState(ctx, uvm.StateQuery{Limit: f.Limit})
		if err != nil {
			return fail(err)
		}
		whole = fullStateOf(state, slots)
	} else {
		for n, i := range begun {
			// All targets at the first one's snapshot.
			found, at, err := walk(ctx, q.service(), i.target, i.depth, whole.TID)
			if err != nil {
				return fail(err)
			}
			members[n] = make(map[image.Ref]tid, len(found))
			for _, o := range found {
				members[n][o.OID] = at
			}
			whole.TID = at
			for key, object := range fullStateOf(uvm.FullState{Objects: found}, slots).Objects {
				whole.Objects[key] = object
			}
		}
	}
	reply := q.succeeded(whole, whole.TID)
	body := encode(reply)
	q.answered = true
	q.session.deliver(body)
	for n, i := range begun {
		w.live(i, whole.TID, members[n])
	}
	return reply
}

// maxMembers bounds what one target may reach.
const maxMembers = 1 << 16

// walk gives the objects within depth references of one, at a snapshot; 0 for
// the newest.
func walk(ctx context.Context, s uvm.Service, from image.Ref, depth int, at tid) ([]uvm.ObjectState, tid, error) {
	query := uvm.StateQuery{Target: from, Depth: objectsOnPath(depth), At: at}
	var found []uvm.ObjectState
	for {
		query.Limit = maxMembers - len(found)
		state, err := s.FullState(ctx, query)
		if err != nil {
			return nil, 0, err
		}
		found = append(found, state.Objects...)
		switch {
		case state.Next == 0:
			return found, state.TID, nil
		case len(found) >= maxMembers:
			return nil, 0, contract.Errorf(contract.CodeTooLarge, "@%d reaches more than %d objects within %d references; watch with a smaller depth, or all", uint64(from), maxMembers, depth)
		}
		query.At, query.After = state.TID, state.Next
	}
}

// rewalk finds the members anew of every interest where a reference was set
// that leads out of them, and has the new ones told whole.
func (w *watch) rewalk() {
	w.mu.Lock()
	var walking []*interest
	for _, i := range w.interests {
		if i.walking && !i.fresh {
			walking = append(walking, i)
		}
	}
	w.mu.Unlock()
	for _, i := range walking {
		found, at, err := walk(w.session.server.ctx, w.session.server.service, i.target, i.depth, 0)
		if err != nil {
			w.session.server.options.Logf("bridge: watching %d: %v", i.target, err)
		}
		w.mu.Lock()
		if w.quit == nil {
			w.mu.Unlock()
			return
		}
		if err == nil {
			w.discover(i, found, at)
		} else if n := len(i.held); n > 0 {
			i.walked = i.held[n-1].TID // not again for these
		}
		w.resume(i)
		w.mu.Unlock()
	}
}

// discover makes what a walk found the members.
func (w *watch) discover(i *interest, found []uvm.ObjectState, at tid) {
	members := make(map[image.Ref]tid, len(found))
	for n := range found {
		o := &found[n]
		since, known := i.members[o.OID]
		if known {
			members[o.OID] = since
			continue
		}
		members[o.OID] = at
		for s := range o.Slots {
			if slot := &o.Slots[s]; i.slots == nil || i.slots[slot.Name] {
				w.put(at, o.OID, &uvm.SlotDelta{Name: slot.Name, Slot: *slot})
			}
		}
	}
	i.members, i.walked = members, at
}

// unwatch ends what its targets name, or everything.
func (q *request) unwatch(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Unwatch)
	w := &q.session.watch
	if f.All || len(f.Targets) == 0 {
		w.stop()
		return q.succeeded(contract.Nothing{}, 0)
	}
	named := map[image.Ref]bool{}
	for _, target := range f.Targets {
		oid, err := q.service().Resolve(ctx, target.Object)
		if err != nil {
			return q.failed(failure(err))
		}
		named[oid] = true
	}
	w.drop(func(i *interest) bool { return !i.all && named[i.target] })
	return q.succeeded(contract.Nothing{}, 0)
}

func nameSet(names []string) map[string]bool {
	if len(names) == 0 {
		return nil
	}
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
