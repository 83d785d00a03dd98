package main

import (
	"context"
	"strings"
	"time"

	"batos"
	"batos/image"
	"batos/uvm"
)

// conversation tells the four phases of a first start, and of later ones what
// is left of them.
type conversation struct {
	e       *env
	machine uvm.Service
}

// patience is how long `bat up` waits for a mind before it says READY without
// an answer: minds may think for minutes, and the image serves meanwhile.
const patience = 30 * time.Second

// architect is the person who runs the program.
func architect() uvm.Caller { return uvm.Caller{Author: author(), Architect: true} }

func heartbeatRequest() uvm.Request {
	return uvm.Request{Caller: uvm.Caller{Author: "heartbeat"}, Target: "heartbeat", Selector: "start"}
}

func (c *conversation) awakening(img *batos.Image) {
	c.e.say("\nPhase 1: Prototypal Awakening")
	if img.Awoke() {
		c.e.say("  traits_obj, pLLM_obj, genesis_obj and their kin are awake in %s", c.e.image)
	} else {
		c.e.say("  the image in %s is awake again", c.e.image)
	}
}

// begin holds the First Conversation, if it is still to be held. It returns
// when the method is there or the question waits for a person; then done gives
// a function that tells the rest, once the rest has happened.
func (c *conversation) begin(ctx context.Context) (done <-chan func(), err error) {
	if slot, err := c.machine.MethodSource(ctx, "genesis_obj", "display_yourself"); err == nil && c.world(ctx) != 0 {
		c.e.say("\nPhase 2: First Conversation\n  held before; genesis_obj knows display_yourself%s", factsLine(slot.Facts))
		c.e.say("\nPhase 4: Functional Validation\n  the world is @%d", c.world(ctx))
		return nil, nil
	}
	c.e.say("\nPhase 2: First Conversation\n  genesis_obj is asked to display_yourself")
	c.tellMinds(ctx)

	waiting := make(chan image.Ref, 8) // told each time that what it waits for changes
	replies := make(chan uvm.Reply, 1)
	request := uvm.Request{
		Caller:   uvm.Caller{Client: "bat up", ID: "first-conversation", Author: author()},
		Target:   "genesis_obj",
		Selector: "display_yourself",
		Wait:     time.Hour,
		OnWaiting: func(message image.Ref, _ string) {
			select {
			case waiting <- message:
			default:
			}
		},
	}
	go func() { replies <- c.send(ctx, request) }()

	late := time.NewTimer(patience)
	defer late.Stop()
	told := ""
	for {
		select {
		case reply := <-replies:
			c.finish(ctx, reply)
			return nil, nil
		case message := <-waiting:
			pending, ok := c.question(ctx, message)
			if !ok {
				continue // answered meanwhile
			}
			if pending.Why != told {
				told = pending.Why
				c.e.say("  message @%d waits: %s", message, told)
			}
			if pending.Question != "" {
				c.tellAttempts(pending)
				c.howToAnswer(ctx, message)
				return c.later(ctx, replies), nil
			}
		case <-late.C:
			c.e.say("  the mind is still thinking; the image serves meanwhile, and the rest is told here when it is done")
			return c.later(ctx, replies), nil
		case <-ctx.Done():
			return nil, nil
		}
	}
}

// question finds a pending message; its Question is empty while a mind thinks.
func (c *conversation) question(ctx context.Context, message image.Ref) (uvm.Pending, bool) {
	all, err := c.machine.Pending(ctx)
	if err != nil {
		return uvm.Pending{}, false
	}
	for _, p := range all {
		if p.Message == message {
			return p, true
		}
	}
	return uvm.Pending{}, false
}

func (c *conversation) tellAttempts(p uvm.Pending) {
	for _, a := range p.Attempts {
		c.e.say("  %s tried: %s", a.Mind, strings.ReplaceAll(a.Reason, "\n", "\n    "))
	}
}

// send waits as long as it takes: the message is kept, whoever answers it.
func (c *conversation) send(ctx context.Context, r uvm.Request) uvm.Reply {
	for {
		reply := c.machine.Send(ctx, r)
		if reply.Status != uvm.StatusWaiting || ctx.Err() != nil {
			return reply
		}
	}
}

func (c *conversation) later(ctx context.Context, replies <-chan uvm.Reply) <-chan func() {
	done := make(chan func(), 1)
	go func() {
		select {
		case reply := <-replies:
			done <- func() { c.finish(ctx, reply) }
		case <-ctx.Done():
		}
	}()
	return done
}

// finish tells phases 3 and 4.
func (c *conversation) finish(ctx context.Context, reply uvm.Reply) {
	if ctx.Err() != nil {
		return
	}
	if reply.Err != nil {
		c.e.say("  the conversation failed: %v", reply.Err)
		if reply.Err.Failed != 0 {
			c.e.say("  `bat pending` shows it; `bat retry @%d` tries again", reply.Err.Failed)
		}
		return
	}
	slot, err := c.machine.MethodSource(ctx, "genesis_obj", "display_yourself")
	if err == nil {
		c.e.say("\nPhase 3: Self-Integration\n  the method is written, audited, tried and kept%s\n\n%s\n", factsLine(slot.Facts), indent(slot.Source, "    "))
	}
	world, ok := reply.Value.(image.Ref)
	if ok && c.world(ctx) == 0 {
		if _, err := c.machine.BindRoot(ctx, uvm.Caller{Author: "genesis_obj"}, "world", world); err != nil {
			c.e.say("  the world could not be bound: %v", err)
		}
	}
	c.e.say("Phase 4: Functional Validation")
	switch bound := c.world(ctx); {
	case bound != 0:
		c.e.say("  genesis_obj displays itself; the world is @%d", bound)
	default:
		c.e.say("  display_yourself gave %s, which is no world to show; edit the method and send it again", reply.Repr)
	}
}

func (c *conversation) world(ctx context.Context) image.Ref {
	ref, err := c.machine.Resolve(ctx, "world")
	if err != nil {
		return 0
	}
	return ref
}

func (c *conversation) tellMinds(ctx context.Context) {
	minds, err := c.machine.Minds(ctx)
	if err != nil {
		return
	}
	for _, m := range minds {
		state := "ready"
		if !m.Ready {
			state = "not ready"
		}
		c.e.say("  mind: %s, %s: %s", m.Spec, state, m.Detail)
	}
}

func (c *conversation) howToAnswer(ctx context.Context, message image.Ref) {
	head := "No mind is attached that could write the method. Either attach one:"
	if minds, err := c.machine.Minds(ctx); err == nil {
		for _, m := range minds {
			if m.Engine != "human" {
				head = "No mind has written the method. Either attach another:"
			}
		}
	}
	c.e.say(`
  %s
      bat mind use ollama:MODEL        a model that Ollama serves here
      bat mind use openai:MODEL        with OPENAI_API_KEY in the environment
      bat mind use URL#MODEL           any OpenAI-compatible server
  or answer the question yourself, here or on the page:
      bat pending                      shows the question
      bat answer @%d FILE.py           FILE.py holds def display_yourself(self): ...`, head, message)
}
