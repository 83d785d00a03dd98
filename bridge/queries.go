package bridge

import (
	"context"
	"strconv"
	"time"

	"batos/bridge/contract"
	"batos/image"
	"batos/store"
	"batos/uvm"
)

type tid = store.TID

func (q *request) fullState(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.GetFullState)
	query := uvm.StateQuery{Target: f.Any(), Limit: f.Limit}
	if f.Depth != nil {
		query.Depth = objectsOnPath(*f.Depth)
	}
	var err error
	if f.After != "" {
		query.At, query.After, err = f.After.Split()
	}
	if err == nil && query.At == 0 {
		query.At, err = q.moment(ctx, f.At)
	}
	if err != nil {
		return q.failed(failure(err))
	}
	state, err := q.service().FullState(ctx, query)
	return q.result(fullStateOf(state, nil), state.TID, err)
}

// objectsOnPath turns the contract's references to follow into what the machine
// counts, the objects on a path, since 0 bounds nothing there.
func objectsOnPath(references int) int { return references + 1 }

// moment gives the tid that a request means; 0 for now.
func (q *request) moment(ctx context.Context, m contract.Moment) (tid, error) {
	if m.Time.IsZero() {
		return m.TID, nil
	}
	entries, err := q.service().Log(ctx, uvm.LogQuery{Until: m.Time, Limit: 1})
	if err != nil {
		return 0, err
	}
	if len(entries) == 0 {
		return 0, contract.Errorf(contract.CodeBadField, "at: the image has nothing from %s or before", m.Time.Format(time.RFC3339Nano))
	}
	return entries[0].TID, nil
}

// fullStateOf gives a page on the wire, with only the named slots when there
// are names.
func fullStateOf(state uvm.FullState, slots map[string]bool) *contract.FullState {
	out := &contract.FullState{TID: state.TID, Objects: make(map[string]contract.ObjectState, len(state.Objects))}
	for i := range state.Objects {
		o := &state.Objects[i]
		object := contract.ObjectState{Slots: make(map[string]contract.SlotState, len(o.Slots)), Parents: oids(o.Parents)}
		for j := range o.Slots {
			if slots == nil || slots[o.Slots[j].Name] {
				object.Slots[o.Slots[j].Name] = slotOf(&o.Slots[j])
			}
		}
		out.Objects[decimal(o.OID)] = object
	}
	if state.Next != 0 {
		out.Next = string(contract.Page(state.TID, state.Next))
	}
	return out
}

func decimal(oid image.Ref) string { return strconv.FormatUint(uint64(oid), 10) }

func oids(refs []image.Ref) []contract.OID {
	out := make([]contract.OID, len(refs))
	for i, ref := range refs {
		out[i] = contract.OID(ref)
	}
	return out
}

func slotOf(s *uvm.Slot) contract.SlotState {
	return contract.SlotState{
		Kind:    s.Kind,
		Type:    s.Type,
		Value:   s.Value,
		Repr:    s.Repr,
		Source:  s.Source,
		Facts:   s.Facts,
		Changed: s.Changed,
		Holder:  contract.OID(s.Holder),
	}
}

func namedSlots(slots []uvm.Slot) []contract.NamedSlot {
	out := make([]contract.NamedSlot, len(slots))
	for i := range slots {
		out[i] = contract.NamedSlot{Name: slots[i].Name, SlotState: slotOf(&slots[i])}
	}
	return out
}

func (q *request) inspect(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Inspect)
	at, err := q.moment(ctx, f.At)
	if err != nil {
		return q.failed(failure(err))
	}
	i, err := q.service().Inspect(ctx, f.Any(), at)
	return q.result(contract.Inspection{
		OID:       contract.OID(i.OID),
		Name:      i.Name,
		TID:       i.TID,
		Slots:     namedSlots(i.Slots),
		Inherited: namedSlots(i.Inherited),
		Parents:   oids(i.Parents),
		Author:    i.Author,
		Why:       i.Why,
		Time:      i.Time,
	}, i.TID, err)
}

func (q *request) method(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Method)
	s, err := q.service().MethodSource(ctx, f.Any(), f.Selector)
	return q.result(contract.MethodResult{
		Selector: f.Selector,
		Source:   s.Source,
		Holder:   contract.OID(s.Holder),
		Facts:    s.Facts,
		Changed:  s.Changed,
	}, s.Changed, err)
}

func (q *request) roots(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Roots)
	if f.Remove || f.Any() != nil {
		if _, err := q.service().BindRoot(ctx, q.caller(), f.Name, f.Any()); err != nil {
			return q.failed(failure(err))
		}
	}
	roots, tid, err := q.service().Roots(ctx)
	result := contract.RootsResult{Roots: map[string]contract.OID{}, TID: tid}
	for _, root := range roots {
		result.Roots[root.Name] = contract.OID(root.OID)
	}
	return q.result(result, tid, err)
}

func (q *request) pending(ctx context.Context) *contract.Reply {
	messages, err := q.service().Pending(ctx)
	result := contract.PendingResult{Messages: make([]contract.PendingMessage, len(messages))}
	for i, m := range messages {
		out := contract.PendingMessage{
			Message:   contract.OID(m.Message),
			State:     m.State,
			Receiver:  m.Receiver,
			Selector:  m.Selector,
			Arguments: m.Arguments,
			Author:    m.Author,
			Since:     m.Since,
			Why:       m.Why,
			Question:  m.Question,
			Traceback: traceback(m.Traceback),
			Code:      contract.Code(m.Code),
		}
		if m.Missing != nil {
			missing := contract.Missing(*m.Missing)
			out.Missing = &missing
		}
		for _, a := range m.Attempts {
			out.Attempts = append(out.Attempts, contract.Attempt(a))
		}
		result.Messages[i] = out
	}
	return q.result(result, 0, err)
}

func (q *request) log(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Log)
	entries, err := q.service().Log(ctx, uvm.LogQuery{
		Target: f.Any(), Slot: f.Slot, Since: f.Since, Until: f.Until, Before: f.Before, Limit: f.Limit,
	})
	result := contract.LogResult{Entries: make([]contract.LogEntry, len(entries))}
	for i, e := range entries {
		out := contract.LogEntry{TID: e.TID, Time: e.Time, Author: e.Author, Why: e.Why, Cause: contract.OID(e.Cause), More: e.More}
		for _, c := range e.Changes {
			out.Changes = append(out.Changes, contract.LogChange{OID: contract.OID(c.OID), Name: c.Name, Change: c.Change, Slots: c.Slots})
		}
		result.Entries[i] = out
	}
	var newest tid
	if len(entries) > 0 {
		newest = entries[0].TID
	}
	return q.result(result, newest, err)
}

func (q *request) mind(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Mind)
	var minds []uvm.MindStatus
	var err error
	if f.Action == "use" {
		minds, err = q.service().UseMind(ctx, q.caller(), f.Spec)
	} else {
		minds, err = q.service().Minds(ctx)
	}
	result := contract.MindResult{Minds: make([]contract.MindStatus, len(minds))}
	for i, m := range minds {
		result.Minds[i] = contract.MindStatus(m)
	}
	return q.result(result, 0, err)
}

func (q *request) stats(context.Context) *contract.Reply {
	s := q.service().Stats()
	sessions, connections, requests := q.session.server.Stats()
	return q.succeeded(contract.Stats{
		Last:        s.Store.Last,
		Durable:     s.Store.Durable,
		NextOID:     contract.OID(s.Store.NextOID),
		DiskBytes:   s.Store.DiskBytes,
		Groups:      s.Store.Groups,
		Conflicts:   s.Store.Conflicts,
		RecentBytes: s.Store.RecentBytes,
		Workers:     s.Workers,
		Busy:        s.Busy,
		Queued:      s.Queued,
		Messages:    s.Messages,
		Failed:      s.Failed,
		Retries:     s.Retries,
		Waiting:     s.Waiting,
		Objects:     s.Objects,
		Started:     s.Started,
		Program:     s.Version,
		Image:       s.Image,
		Sessions:    sessions,
		Connections: connections,
		Requests:    requests,
	}, s.Store.Durable)
}
