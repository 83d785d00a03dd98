package bridge

import (
	"context"
	"time"

	"batos/bridge/contract"
	"batos/image"
	"batos/uvm"
)

// defaultWait is how long a message may wait for a mind before its sender is
// told that it waits.
const defaultWait = 60 * time.Second

func (q *request) send(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Send)
	return q.message(ctx, uvm.Request{Target: f.Any(), Selector: f.Selector, Args: f.Args, Kwargs: f.Kwargs}, &f.Running)
}

func (q *request) displayYourself(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.DisplayYourself)
	return q.message(ctx, uvm.Request{Target: "genesis_obj", Selector: "display_yourself"}, &f.Running)
}

func (q *request) eval(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Eval)
	target := f.Any()
	if target == nil {
		target = "genesis_obj"
	}
	return q.message(ctx, uvm.Request{Target: target, Code: f.Code}, &f.Running)
}

// message has a message sent and tells its sender meanwhile what it waits for.
// A sender who gave no id could not tell an event from the reply and gets none.
func (q *request) message(ctx context.Context, r uvm.Request, f *contract.Running) *contract.Reply {
	r.Caller = q.caller()
	r.Wait, r.MindsOnly = defaultWait, true
	if f.Wait != nil {
		r.Wait, r.MindsOnly = f.Wait.Duration(), false
	}
	r.Fuel, r.Memory, r.Deadline = f.Fuel, f.Memory, f.Deadline.Duration()
	r.OnWaiting = func(message image.Ref, why string) {
		if q.waiting.Swap(uint64(message)) == 0 {
			// It is on record and goes on without its sender, so nothing needs
			// to wait for it when the session or the server ends.
			context.AfterFunc(q.session.waits, q.cancel)
		}
		if q.ID != "" {
			q.session.event(&contract.MessageWaiting{Request: q.ID, Message: contract.OID(message), Why: why})
		}
	}
	if q.ID != "" && f.Stream {
		r.OnToken = func(text string) {
			q.session.event(&contract.MindToken{Request: q.ID, Text: text})
		}
	}
	reply := q.replyOf(q.service().Send(ctx, r), f.Repr)
	if message := contract.OID(q.waiting.Load()); message != 0 && q.session.waits.Err() != nil &&
		reply.Error != nil && reply.Error.Code == contract.CodeCancelled {
		return &contract.Reply{ID: q.ID, Status: contract.StatusWaiting, Details: waits(message), TID: reply.TID, Message: message}
	}
	return reply
}

func (q *request) service() uvm.Service { return q.session.server.service }

func (q *request) answerMessage(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Answer)
	return q.replyOf(q.service().Answer(ctx, q.caller(), f.Message.Object, f.Source), false)
}

func (q *request) retry(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Retry)
	return q.replyOf(q.service().Retry(ctx, q.caller(), f.Message.Object), false)
}

func (q *request) dismiss(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.Dismiss)
	return q.result(contract.Nothing{}, 0, q.service().Dismiss(ctx, q.caller(), f.Message.Object))
}

func (q *request) createMethod(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.CreateMethod)
	oid, tid, err := q.service().CreateMethod(ctx, q.caller(), f.Any(), f.Name, f.Code)
	return q.result(contract.CreateMethodResult{OID: contract.OID(oid), Selector: f.Name, TID: tid}, tid, err)
}

func (q *request) setSlot(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.SetSlot)
	tid, err := q.service().SetSlot(ctx, q.caller(), f.Any(), f.Slot, f.Value, f.ExpectTID)
	return q.result(contract.SlotResult{TID: tid}, tid, err)
}

func (q *request) removeSlot(ctx context.Context) *contract.Reply {
	f := q.Fields.(*contract.RemoveSlot)
	tid, err := q.service().RemoveSlot(ctx, q.caller(), f.Any(), f.Slot, f.ExpectTID)
	return q.result(contract.SlotResult{TID: tid}, tid, err)
}

func (q *request) ping() *contract.Reply {
	return q.succeeded(contract.PingResult{Time: time.Now().UTC()}, 0)
}

func (q *request) cancelOther() *contract.Reply {
	f := q.Fields.(*contract.Cancel)
	return q.succeeded(contract.CancelResult{Cancelled: q.session.stop(f.Request)}, 0)
}
