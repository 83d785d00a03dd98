package bridge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"batos/bridge/contract"
	"batos/uvm"
)

// request is one request of a session.
type request struct {
	contract.Request
	session  *session
	client   string
	rights   contract.Rights
	listed   bool // its id is among the session's running ones
	answered bool // do has sent the reply itself
	cancel   context.CancelFunc
	waiting  atomic.Uint64 // the message that waits for a mind, once it does
}

// immediate has the commands that are about the session itself and wait for
// nothing; queued has those that ask the machine.
var (
	immediate = map[string]func(*request) *contract.Reply{
		"cancel": (*request).cancelOther,
		"ping":   (*request).ping,
	}
	queued = map[string]func(*request, context.Context) *contract.Reply{
		"answer":           (*request).answerMessage,
		"create_method":    (*request).createMethod,
		"dismiss":          (*request).dismiss,
		"display_yourself": (*request).displayYourself,
		"eval":             (*request).eval,
		"get_full_state":   (*request).fullState,
		"history":          (*request).log,
		"inspect":          (*request).inspect,
		"log":              (*request).log,
		"method":           (*request).method,
		"mind":             (*request).mind,
		"pending":          (*request).pending,
		"remove_slot":      (*request).removeSlot,
		"retry":            (*request).retry,
		"roots":            (*request).roots,
		"send":             (*request).send,
		"set_slot":         (*request).setSlot,
		"stats":            (*request).stats,
		"unwatch":          (*request).unwatch,
		"watch":            (*request).startWatch,
	}
)

// needs gives the rights that the request takes: those of its command, and
// more where the fields make it change something.
func (q *request) needs() contract.Rights {
	switch f := q.Fields.(type) {
	case *contract.Roots:
		if f.Remove || f.Any() != nil {
			return contract.RightAuthor
		}
	case *contract.Mind:
		if f.Action == "use" {
			return contract.RightArchitect
		}
	}
	return q.Command.Needs
}

// rightNames are in the order of the bits.
var rightNames = []string{"watch", "send", "author", "architect"}

func rightsText(r contract.Rights) string {
	var names []string
	for i, name := range rightNames {
		if r&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if names == nil {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

func (q *request) allowed() *contract.Error {
	needs := q.needs()
	if needs&^q.rights == 0 {
		return nil
	}
	return contract.Errorf(contract.CodeUnauthorized, "%s needs the right to %s; this session has %s", q.Command.Name, rightsText(needs), rightsText(q.rights))
}

// caller says for whom the machine works. The ids of an anonymous session are
// its own.
func (q *request) caller() uvm.Caller {
	c := uvm.Caller{Client: q.client, ID: q.ID, Author: q.client, Architect: q.rights&contract.RightArchitect != 0}
	if c.Client == "" {
		c.Client, c.Author = "session "+q.session.id, "anonymous"
		c.Session = c.Client
	}
	if c.ID == "" {
		c.Client = q.client
	}
	return c
}

// do does the request. What the machine does not itself do only once for each
// id, the server does.
func (q *request) do(ctx context.Context) *contract.Reply {
	perform := queued[q.Command.Name]
	switch q.Fields.(type) {
	case *contract.Answer, *contract.Retry, *contract.Dismiss:
	default:
		return perform(q, ctx)
	}
	if q.ID == "" {
		return perform(q, ctx)
	}
	key := requestKey{q.caller().Client, q.ID}
	reply := q.session.server.once.do(ctx, key, func() *contract.Reply { return perform(q, ctx) })
	if reply == nil {
		return q.failed(failure(context.Cause(ctx)))
	}
	return reply
}

func (q *request) succeeded(result any, tid tid) *contract.Reply {
	return &contract.Reply{ID: q.ID, Status: contract.StatusOK, TID: tid, Result: result}
}

func (q *request) failed(why *contract.Error) *contract.Reply {
	return &contract.Reply{ID: q.ID, Status: contract.StatusError, Details: why.Message, Message: why.Failed, Error: why}
}

// result is succeeded or failed.
func (q *request) result(result any, tid tid, err error) *contract.Reply {
	if err != nil {
		return q.failed(failure(err))
	}
	return q.succeeded(result, tid)
}

// failure gives the contract's error for one of the machine.
func failure(err error) *contract.Error {
	var known *contract.Error
	if errors.As(err, &known) {
		return known
	}
	var e *uvm.Error
	switch {
	case errors.As(err, &e):
		return errorOf(e)
	case errors.Is(err, context.Canceled):
		return contract.Errorf(contract.CodeCancelled, "the request was cancelled before it finished")
	case errors.Is(err, context.DeadlineExceeded):
		return contract.Errorf(contract.CodeDeadline, "the request took too long")
	}
	return contract.Errorf(contract.CodeInternal, "%v", err)
}

func errorOf(e *uvm.Error) *contract.Error {
	return &contract.Error{
		Code:      contract.Code(e.Code),
		Message:   e.Message,
		Target:    e.Target,
		Selector:  e.Selector,
		Slot:      e.Slot,
		Traceback: traceback(e.Traceback),
		Failed:    contract.OID(e.Failed),
		Line:      e.Line,
		Col:       e.Col,
	}
}

func traceback(lines []uvm.TraceLine) []contract.TraceLine {
	var out []contract.TraceLine
	for _, l := range lines {
		out = append(out, contract.TraceLine(l))
	}
	return out
}

// replyOf gives the reply to a message.
func (q *request) replyOf(r uvm.Reply, repr bool) *contract.Reply {
	reply := &contract.Reply{
		ID:      q.ID,
		Status:  contract.Status(r.Status),
		TID:     r.TID,
		Result:  r.Value,
		Message: contract.OID(r.Message),
		Printed: r.Printed,
	}
	if repr {
		reply.Repr = r.Repr
	}
	if r.Err != nil {
		reply.Error = errorOf(r.Err)
		reply.Details = r.Err.Message
	}
	switch {
	case r.Status == uvm.StatusError && r.Err == nil:
		reply.Error = contract.Errorf(contract.CodeInternal, "the message failed and the machine does not say why")
		reply.Details = reply.Error.Message
	case r.Status == uvm.StatusWaiting && reply.Details == "":
		reply.Details = waits(reply.Message)
	}
	return reply
}

func waits(message contract.OID) string {
	return fmt.Sprintf("message @%d waits for a mind or a person; answer it, or send the request again later", message)
}
