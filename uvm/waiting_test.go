package uvm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"batos/image"
	"batos/uvm"
)

// A message that is asked again by its id while it waits joins the wait, and
// gets the later result.
func TestAskedAgainById(t *testing.T) {
	w := awake(t)
	r := uvm.Request{Caller: uvm.Caller{Client: "c", ID: "1"}, Target: "genesis_obj", Selector: "double", Args: []any{int64(4)}}
	ctx := context.Background()
	first := w.m.Send(ctx, r)
	if first.Status != uvm.StatusWaiting {
		t.Fatalf("%+v", first)
	}
	if again := w.m.Send(ctx, r); again.Status != uvm.StatusWaiting || again.Message != first.Message {
		t.Errorf("%+v, first %+v", again, first)
	}
	w.question(first.Message)
	w.kill()
	w.question(first.Message)
	if again := w.m.Send(ctx, r); again.Status != uvm.StatusWaiting || again.Message != first.Message {
		t.Errorf("after a kill %+v, first %+v", again, first)
	}
	joined := make(chan uvm.Reply, 1)
	waits := make(chan bool, 1)
	r.Wait, r.OnWaiting = time.Minute, func(image.Ref, string) {
		select {
		case waits <- true:
		default: // told again
		}
	}
	go func() { joined <- w.m.Send(ctx, r) }()
	<-waits
	answer := w.m.Answer(ctx, uvm.Caller{Author: "ada"}, first.Message, "def double(self, n):\n    return 2 * n\n")
	if answer.Value != int64(8) {
		t.Fatalf("%+v %v", answer, answer.Err)
	}
	if got := <-joined; got.Value != int64(8) {
		t.Errorf("%+v %v", got, got.Err)
	}
	r.OnWaiting = nil
	if got := w.m.Send(ctx, r); got.Value != int64(8) {
		t.Errorf("%+v %v", got, got.Err)
	}
	w.kill()
	if got := w.m.Send(ctx, r); got.Value != int64(8) {
		t.Errorf("after a kill %+v %v", got, got.Err)
	}
}

func TestDismiss(t *testing.T) {
	w := awake(t)
	ctx := context.Background()
	ended := make(chan uvm.Reply, 1)
	waits := make(chan image.Ref, 2)
	go func() {
		ended <- w.m.Send(ctx, uvm.Request{Target: "genesis_obj", Selector: "double", Wait: time.Minute, OnWaiting: func(r image.Ref, _ string) { waits <- r }})
	}()
	ref := <-waits
	w.question(ref)
	if err := w.m.Dismiss(ctx, uvm.Caller{Author: "ada"}, ref); err != nil {
		t.Fatal(err)
	}
	w.fails(uvm.CodeCancelled, <-ended)
	if p := w.pending(); len(p) != 0 {
		t.Errorf("%+v", p)
	}
	w.kill()
	if p := w.pending(); len(p) != 0 {
		t.Errorf("after a kill %+v", p)
	}
	if err := w.m.Dismiss(ctx, uvm.Caller{}, ref); codeOf(err) != uvm.CodeNoSuchObject {
		t.Errorf("error %v", err)
	}
}

// An object that the message itself has made may lack a method too: every run
// makes it anew, so the method is handed to the run that goes on.
func TestNewObjectGetsMethod(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.answers["deposit"] = []string{"def deposit(self, n):\n    self.balance += n\n    return self.balance"}
	r := w.eval("self.account = traits_obj.clone(balance=5)\nself.account['parent*'] = [traits_obj, pLLM_obj]\nself.account.deposit(7)")
	if r.Value != int64(12) {
		t.Fatalf("%+v", r)
	}
	w.want(int64(13), "genesis_obj.account", "deposit", int64(1))
	slot, err := w.m.MethodSource(context.Background(), "genesis_obj.account", "deposit")
	if err != nil || slot.Facts["mind"] != "scripted:1" {
		t.Errorf("%+v %v", slot, err)
	}
	if n := w.engine.count(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if !strings.Contains(w.engine.prompts[0], "balance = 5") {
		t.Errorf("the prompt does not show the new object:\n%s", w.engine.prompts[0])
	}
}

// A reflectOn_ that fails is the sender's failure, at the place of the send.
func TestReflectionThatFails(t *testing.T) {
	w := awake(t)
	w.eval("self.stubborn = self.clone()")
	w.method("genesis_obj.stubborn", "def reflectOn_(self, message):\n    raise ValueError('I will not ' + message.selector)\n")
	w.method("genesis_obj.stubborn", "def attempt(self):\n    try:\n        return self.dance()\n    except Exception as e:\n        return str(e)\n")
	w.want("ValueError: I will not dance", "genesis_obj.stubborn", "attempt")
	e := w.fails(uvm.CodeMethodError, w.send("genesis_obj.stubborn", "dance"))
	if e.Failed == 0 {
		t.Fatalf("%+v", e)
	}
	// Retried, it asks again.
	w.method("genesis_obj.stubborn", "def reflectOn_(self, message):\n    return 'only a ' + message.selector\n")
	if r := w.m.Retry(context.Background(), uvm.Caller{}, e.Failed); r.Value != "only a dance" {
		t.Errorf("%+v %v", r, r.Err)
	}
}

// To raise can be the right answer: the method is kept, and the sender's message
// has failed as the method says.
func TestRaisingIsAnAnswer(t *testing.T) {
	w := awake(t)
	w.eval("self.balance = 3")
	for n, check := range []string{"if n > self.balance: raise ValueError('not so much')", "if n > self.balance:\n        raise ValueError('not so much')", "assert n <= self.balance, 'not so much'"} {
		selector := "withdraw_" + string(rune('a'+n))
		ref := w.waiting("genesis_obj", selector, int64(5))
		r := w.m.Answer(context.Background(), uvm.Caller{Author: "ada"}, ref, "def "+selector+"(self, n):\n    "+check+"\n    self.balance -= n\n    return self.balance\n")
		if e := w.fails(uvm.CodeMethodError, r); !strings.Contains(e.Message, "not so much") || e.Failed != ref {
			t.Errorf("%+v", e)
		}
		w.want(int64(2-n), "genesis_obj", selector, int64(1))
	}
}

// A person may be quicker than a mind that thinks.
func TestPersonIsQuicker(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.hold, w.engine.asked = make(chan struct{}), make(chan string, 10)
	ref := w.waiting("genesis_obj", "double", int64(3))
	<-w.engine.asked
	if r := w.m.Answer(context.Background(), uvm.Caller{Author: "ada"}, ref, "def double(self, n):\n    return 2 * n\n"); r.Value != int64(6) {
		t.Fatalf("%+v %v", r, r.Err)
	}
	slot, err := w.m.MethodSource(context.Background(), "genesis_obj", "double")
	if err != nil || slot.Facts["author"] != "ada" || slot.Facts["mind"] != "human" {
		t.Errorf("%v %v", slot.Facts, err)
	}
}

// An effect is performed once, however often the message runs.
func TestOutsideIsDoneOnce(t *testing.T) {
	w := awake(t)
	w.eval("self.count = 0")
	w.method("genesis_obj", "def bump(self):\n    self.count += 1\n    return self.count\n")
	w.method("genesis_obj", "def twice(self):\n    a = outside(self).bump()\n    b = outside(self).bump()\n    return [a, b, self.count]\n")
	if r := w.send("genesis_obj", "twice"); r.Repr != "[1, 2, 2]" {
		t.Errorf("%+v %v", r, r.Err)
	}
}

func TestInferIsAnEffect(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.method("genesis_obj", "def ponder(self, what):\n    return self.infer_('Ponder ' + what).upper()\n")
	w.want("I DO NOT KNOW.", "genesis_obj", "ponder", "life")
	if n := w.engine.count(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if r := w.send("genesis_obj", "fineTuneWith_", []any{}); r.Err == nil || !strings.Contains(r.Err.Message, "no engine here can be tuned yet") {
		t.Errorf("%+v", r)
	}
}

func TestLaterAtItsTime(t *testing.T) {
	w := awake(t)
	came := make(chan struct{})
	cancel := w.m.Watch(func(c uvm.Change) {
		for _, o := range c.Objects {
			for _, s := range o.Slots {
				if s.Name == "rang" {
					close(came)
				}
			}
		}
	})
	defer cancel()
	w.method("genesis_obj", "def ring(self, n):\n    self.rang = n\n")
	r := w.eval("m = later(self, seconds=0.05).ring(3)\n[m.selector, m.arguments, m.receiver is self]")
	if r.Repr != "['ring', [3], True]" {
		t.Errorf("%s", r.Repr)
	}
	<-came
	if r := w.eval("self.rang"); r.Value != int64(3) {
		t.Errorf("%+v", r)
	}
	// A message that fails sends nothing later.
	w.m.Send(context.Background(), uvm.Request{Code: "later(self, seconds=3600).ring(4)\n1 / 0"})
	if p := w.pending(); len(p) != 0 {
		t.Errorf("%+v", p)
	}
	// What is sent later and fails is kept.
	w.eval("later(self).ring()")
	for len(w.pending()) == 0 || w.pending()[0].State != "failed" {
		time.Sleep(time.Millisecond)
	}
}

func TestPast(t *testing.T) {
	w := awake(t)
	first := w.eval("self.mood = 'calm'").TID
	w.eval("self.mood = 'wild'")
	i, err := w.m.Inspect(context.Background(), "genesis_obj", first)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range i.Slots {
		if s.Name == "mood" && s.Value != "calm" {
			t.Errorf("mood at tid %d was %v", first, s.Value)
		}
	}
	if i.Author != "tester" || len(i.Inherited) == 0 || len(i.Parents) != 2 {
		t.Errorf("%s, %d inherited, parents %v", i.Author, len(i.Inherited), i.Parents)
	}
}

func TestMirror(t *testing.T) {
	w := awake(t)
	for code, want := range map[string]string{
		"mirror(self).identity()":                                                  "'@4 genesis_obj'",
		"mirror(self).holder('clone') is traits_obj":                               "True",
		"mirror(self).holder('nothing')":                                           "None",
		"mirror(self).parents() == [traits_obj,pLLM_obj]":                          "True",
		"mirror(self).value('state')":                                              "'awake'",
		"mirror(self).source('slotNames')[:19]":                                    "'def slotNames(self)'",
		"mirror(self).facts('clone')":                                              "{'author': 'genesis'}",
		"mirror(self).setSlot('x', 1); self.x":                                     "1",
		"[s['kind'] for s in mirror(codex).slots()]":                               "['value', 'parent', 'value', 'method']",
		"mirror(codex).line('recite')":                                             "'recite(self)'",
		"self.y = 2\n[(h['author'], h['slots']) for h in mirror(codex).history()]": "[('genesis', [])]",
		"mirror(self).copy() is self":                                              "False",
	} {
		if r := w.eval(code); r.Repr != want {
			t.Errorf("%s gave %s, want %s", code, r.Repr, want)
		}
	}
	for code, says := range map[string]string{
		"mirror(1)":                  "takes one object",
		"mirror(self).fly()":         "a mirror does not understand fly",
		"mirror(self).names":         "has no slots",
		"mirror(self).source('zz')":  "has no slot 'zz'",
		"mirror(self).removeSlot(1)": "a slot's name is a str",
		"later(self, seconds=-1)":    "not negative",
		"later(1)":                   "takes an object",
	} {
		r := w.m.Send(context.Background(), uvm.Request{Code: code})
		if r.Err == nil || !strings.Contains(r.Err.Message, says) {
			t.Errorf("%s gave %v, error %v, want %q", code, r.Repr, r.Err, says)
		}
	}
}

func TestHeartbeat(t *testing.T) {
	w := awake(t)
	w.want(int64(1), "heartbeat", "start")
	w.reopen()
	w.want(int64(1), "heartbeat", "start") // its beat is still on its way
	if p := w.pending(); len(p) != 1 || p[0].Selector != "beat_" {
		t.Errorf("pending: %+v", p)
	}
	w.send("heartbeat", "stop")
	w.want(int64(2), "heartbeat", "start")
	if r := w.send("heartbeat", "beat_", int64(1)); r.Value != int64(0) {
		t.Errorf("a beat of an earlier turn counted: %+v %v", r, r.Err)
	}
	if r := w.send("heartbeat", "beat_", int64(2)); r.Value != int64(1) {
		t.Errorf("%+v %v", r, r.Err)
	}
}

func TestFailedAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("fails a thousand times")
	}
	w := awake(t)
	w.method("genesis_obj", "def fall(self):\n    raise ValueError('down')\n")
	for range 1005 {
		w.send("genesis_obj", "fall")
	}
	if n := len(w.pending()); n != 1000 {
		t.Errorf("%d are kept", n)
	}
	w.reopen()
	if n := len(w.pending()); n != 1000 {
		t.Errorf("%d are kept after a restart", n)
	}
}

func TestGenesisBehaves(t *testing.T) {
	w := awake(t)
	for _, tt := range []struct{ code, want string }{
		{"transcript.say_('one').say_(2).read()", "'one\\n2'"},
		{"codex.recite().split('\\n')[0]", "'1. Organisation is invariant, structure is free: what every object relies on stays, all else may change.'"},
		{"self.m = morph.clone(text='hello')\nself.m.add_(morph.clone())\nself.m.submorphs is morph.submorphs", "False"},
		{"len(self.m.submorphs), len(morph.submorphs)", "(1, 0)"},
		{"self.m.remove_(self.m.submorphs[0])\nself.m.submorphs", "[]"},
		{"self.m.move_to_(3, 4).position", "(3, 4)"},
		{"self.m.resize_to_(3, 40).size", "(8, 40)"},
		{"self.m.title(), proto_morph.show_(codex).title()", "('hello', '@5 codex')"},
		{"self.open_world() is self.open_world()", "True"},
		{"len(self.ui.submorphs) >= 8, self.ui.submorphs[0].aspect", "(True, 'state')"},
		{"self.setSlot_value_('x', 7).x", "7"},
		{"self.removeSlot_('x').hasSlot_('x')", "False"},
		{"weaver.slotNames()", "['comment', 'parent*']"},
		{"self.ladder()", "['human']"},
		{"self.methodIn_('Sure.\\n```python\\ndef f(self):\\n    return 1\\n```\\nDone.')", "'def f(self):\\n    return 1'"},
		{"self.methodIn_('<think>def g(self): ...</think>\\ndef f(self):\\n    return 1\\n')", "'def f(self):\\n    return 1'"},
		{"self.methodIn_('```def f(self):\\n    return 1\\n```')", "'def f(self):\\n    return 1'"},
		{"'inherited methods' in self.describe(), 'open_world(self)' in self.describe()", "(True, True)"},
	} {
		if r := w.eval(tt.code); r.Repr != tt.want {
			t.Errorf("%s gave %s, want %s", tt.code, r.Repr, tt.want)
		}
	}
}

func TestFutureIsNoPast(t *testing.T) {
	w := awake(t)
	_, err := w.m.Inspect(context.Background(), "genesis_obj", 99_999)
	if codeOf(err) != uvm.CodeBadField || !strings.Contains(err.Error(), "is not made yet") {
		t.Errorf("error %v", err)
	}
}
