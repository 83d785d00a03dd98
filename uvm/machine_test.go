package uvm_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"batos/image"
	"batos/lang/syntax"
	"batos/mind"
	"batos/uvm"
)

func TestSendAndKeep(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def increment(self, by=1):\n    self.count = (self.count if self.hasSlot_('count') else 0) + by\n    return self.count\n")
	w.want(int64(1), "genesis_obj", "increment")
	w.want(int64(4), "genesis_obj", "increment", int64(3))
	w.reopen()
	w.want(int64(5), "genesis_obj", "increment")
	w.kill()
	r := w.want(int64(6), "genesis_obj", "increment")
	if r.TID == 0 || r.Repr != "6" {
		t.Errorf("%+v", r)
	}
	if awoke, err := w.m.Awaken(context.Background()); awoke || err != nil {
		t.Errorf("awoke twice: %v %v", awoke, err)
	}
}

func TestEval(t *testing.T) {
	w := awake(t)
	r := w.eval("self.visits = 41\nprint('hello', self.visits)\nself.visits + 1")
	if r.Value != int64(42) || r.Printed != "hello 41\n" {
		t.Errorf("%+v", r)
	}
	if r := w.eval("traits_obj.identity()"); !strings.Contains(r.Repr, "traits_obj") {
		t.Errorf("%+v", r)
	}
	w.fails(uvm.CodeSyntaxError, w.m.Send(context.Background(), uvm.Request{Code: "self.x ="}))
	w.fails(uvm.CodeMethodError, w.m.Send(context.Background(), uvm.Request{Code: "1 / 0"}))
	w.fails(uvm.CodeSlotError, w.m.Send(context.Background(), uvm.Request{Code: "self.nothing_here"}))
	w.fails(uvm.CodeNoSuchObject, w.m.Send(context.Background(), uvm.Request{Target: "nobody", Code: "1"}))
	w.fails(uvm.CodeBadField, w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj"}))
	// What Python has and methods do not is refused with what to do instead.
	for _, name := range []string{"open", "eval", "exec", "__import__", "compile", "input", "globals"} {
		instead := syntax.Refused[name]
		for _, code := range []string{name + "('1')", "self.f = method('def f(self): return " + name + "(1)')"} {
			if e := w.fails(uvm.CodeMethodError, w.m.Send(context.Background(), uvm.Request{Code: code})); !strings.Contains(e.Message, instead) {
				t.Errorf("%s: %s", code, e.Message)
			}
		}
		_, _, err := w.m.CreateMethod(context.Background(), uvm.Caller{}, "genesis_obj", "f", "def f(self): return "+name+"(1)")
		if codeOf(err) != uvm.CodeAuditRefused || !strings.Contains(err.Error(), instead) {
			t.Errorf("%s in a method: %v", name, err)
		}
	}
	if p := w.pending(); len(p) != 0 {
		t.Errorf("evals were kept: %+v", p)
	}
}

// An object that a reply tells of is kept, also when nothing holds it yet; a
// message that makes one runs once like any other, and watchers go on.
func TestToldObjectIsKept(t *testing.T) {
	w := awake(t)
	r := uvm.Request{Caller: uvm.Caller{Client: "c", ID: "1"}, Target: "traits_obj", Selector: "clone"}
	first := w.m.Send(context.Background(), r)
	if ref, ok := first.Value.(image.Ref); !ok || first.TID == 0 {
		t.Fatalf("%+v %v", first, first.Err)
	} else if _, err := w.m.SetSlot(context.Background(), uvm.Caller{}, "genesis_obj", "account", ref, 0); err != nil {
		t.Fatal(err)
	}
	w.kill()
	if again := w.m.Send(context.Background(), r); again.Value != first.Value || again.TID != first.TID {
		t.Errorf("%+v, first %+v", again, first)
	}
	told := make(chan uvm.Change, 10)
	cancel := w.m.Watch(func(c uvm.Change) { told <- c })
	defer cancel()
	r.ID = "2"
	if next := w.m.Send(context.Background(), r); next.Value == first.Value {
		t.Errorf("%+v, first %+v", next, first)
	}
	w.eval("self.end = 1")
	if a, b := <-told, <-told; b.TID != a.TID+1 {
		t.Errorf("told of tid %d, then %d", a.TID, b.TID)
	}
}

func TestMindWritesMethod(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.answers["greet"] = []string{"Sure:\n```python\ndef greet(self, name):\n    \"\"\"Greets.\"\"\"\n    return f'hello {name}'\n```\nEnjoy."}
	var mu sync.Mutex
	var tokens, why string
	r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Selector: "greet", Args: []any{"Ada"}, Wait: time.Minute,
		OnToken:   func(s string) { mu.Lock(); tokens += s; mu.Unlock() },
		OnWaiting: func(_ image.Ref, s string) { mu.Lock(); why = s; mu.Unlock() }})
	if r.Status != uvm.StatusOK || r.Value != "hello Ada" {
		t.Fatalf("%+v %v", r, r.Err)
	}
	mu.Lock()
	if !strings.Contains(tokens, "def greet") || !strings.Contains(why, "greet") {
		t.Errorf("tokens %q, why %q", tokens, why)
	}
	mu.Unlock()
	w.want("hello Bob", "genesis_obj", "greet", "Bob")
	if w.engine.count() != 1 {
		t.Errorf("the mind was asked %d times", w.engine.count())
	}
	for _, part := range []string{"greet('Ada')", "genesis_obj", "inherited methods", "clone"} {
		if !strings.Contains(w.engine.prompts[0], part) {
			t.Errorf("the prompt has no %q:\n%s", part, w.engine.prompts[0])
		}
	}
	slot, err := w.m.MethodSource(context.Background(), "genesis_obj", "greet")
	if err != nil || slot.Facts["mind"] != "scripted:1" || slot.Facts["model"] != "one" || slot.Facts["attempts"] != "1" ||
		!strings.HasPrefix(slot.Facts["prompt"], "sha256:") || !strings.Contains(slot.Facts["trial"], "hello Ada") {
		t.Errorf("facts %v, error %v", slot.Facts, err)
	}
	w.kill()
	w.want("hello Eve", "genesis_obj", "greet", "Eve")
	if p := w.pending(); len(p) != 0 {
		t.Errorf("something is left: %+v", p)
	}
}

func TestRefusedTwiceThenMended(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.answers["double"] = []string{
		"```python\ndef twice(self, n):\n    return n * 2\n```",
		"```python\ndef double(self, n):\n    return self.frobnicate(n)\n```",
		"```python\ndef double(self, n):\n    return n * 2\n```",
	}
	w.want(int64(42), "genesis_obj", "double", int64(21))
	if n := w.engine.count(); n != 3 {
		t.Fatalf("asked %d times", n)
	}
	for i, reason := range map[int]string{1: "called twice, but double is asked for", 2: "frobnicate"} {
		if !strings.Contains(w.engine.prompts[i], reason) {
			t.Errorf("prompt %d does not say %q:\n%s", i, reason, w.engine.prompts[i])
		}
	}
	slot, err := w.m.MethodSource(context.Background(), "genesis_obj", "double")
	if err != nil || slot.Facts["attempts"] != "3" {
		t.Errorf("%+v %v", slot.Facts, err)
	}
}

// What falls short three times goes on to the next rung: a person, who is told
// what was tried.
func TestLadderEndsWithPerson(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.answers["double"] = []string{"def nonsense("}
	ref := w.waiting("genesis_obj", "double", int64(4))
	p := w.question(ref)
	if len(p.Attempts) != 3 || p.Attempts[0].Mind != "scripted:1" || p.State != "waiting" || p.Selector != "double" {
		t.Errorf("%+v", p)
	}
	r := w.m.Answer(context.Background(), uvm.Caller{Author: "ada"}, ref, "def double(self, n):\n    return n * 2\n")
	if r.Err != nil || r.Value != int64(8) {
		t.Fatalf("%+v %v", r, r.Err)
	}
}

func TestPersonAnswers(t *testing.T) {
	w := awake(t)
	ref := w.waiting("genesis_obj", "shout", "hey")
	p := w.question(ref)
	if !strings.Contains(p.Question, "shout('hey')") || !strings.Contains(p.Why, "person") {
		t.Errorf("%+v", p)
	}
	ctx := context.Background()
	who := uvm.Caller{Author: "ada"}
	for _, tt := range []struct{ source, says string }{
		{"def shout(self, text:\n    pass", "line 1"},
		{"def whisper(self, text):\n    return text", "called whisper"},
		{"def shout(self):\n    return 1", "takes 0 besides self"},
		{"def shout(self, text):\n    return text.upper() + 1", "TypeError"},
		{"def shout(self, text):\n    while True:\n        pass", "FuelExhausted"},
		{"def shout(self, text):\n    self.louder = lambda: text.upper()\n    return text", "cannot be kept: slot louder of @4 holds a function"},
		{"def shout(self, text):\n    self.codex.principles = (text,)\n    return text", "cannot be kept: codex: only the Architect may change it"},
		{"def shout(self, text):\n    return primitive(self, 'infer', '', '', '', None)", "primitive is not for methods like this one"},
	} {
		if e := w.fails(uvm.CodeAuditRefused, w.m.Answer(ctx, who, ref, tt.source)); !strings.Contains(e.Message, tt.says) {
			t.Errorf("%q was refused with %q, want %q", tt.source, e.Message, tt.says)
		}
	}
	if p := w.question(ref); len(p.Attempts) != 8 || p.Attempts[0].Mind != "ada" {
		t.Errorf("%+v", p.Attempts)
	}
	if r := w.m.Answer(ctx, who, ref, "def shout(self, text):\n    return text.upper() + '!'\n"); r.Value != "HEY!" {
		t.Fatalf("%+v %v", r, r.Err)
	}
	w.want("YOU!", "genesis_obj", "shout", "you")
	slot, err := w.m.MethodSource(ctx, "genesis_obj", "shout")
	if err != nil || slot.Facts["author"] != "ada" || slot.Facts["mind"] != "human" {
		t.Errorf("%+v %v", slot.Facts, err)
	}
	w.fails(uvm.CodeNoSuchObject, w.m.Answer(ctx, who, ref, "def shout(self, text): return 1"))
}

func TestWaitingSurvivesKill(t *testing.T) {
	w := awake(t)
	ref := w.waiting("genesis_obj", "recite", int64(2))
	w.question(ref)
	w.kill()
	p := w.question(ref)
	if p.State != "waiting" || p.Selector != "recite" || len(p.Arguments) != 1 {
		t.Errorf("%+v", p)
	}
	if r := w.m.Answer(context.Background(), uvm.Caller{Author: "ada"}, ref, "def recite(self, n):\n    return 'line ' * n\n"); r.Value != "line line " {
		t.Fatalf("%+v %v", r, r.Err)
	}
}

// A mind that was being asked when the power went is asked again.
func TestAskedAgainAfterKill(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.hold, w.engine.asked = make(chan struct{}), make(chan string, 10)
	w.engine.answers["double"] = []string{"def double(self, n):\n    return 2 * n"}
	ref := w.waiting("genesis_obj", "double", int64(3))
	<-w.engine.asked
	w.engine.mu.Lock()
	w.engine.hold = nil
	w.engine.mu.Unlock()
	w.kill()
	<-w.engine.asked
	r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Selector: "double", Args: []any{int64(3)}, Wait: time.Minute})
	if r.Value != int64(6) {
		t.Fatalf("%+v %v (message @%d)", r, r.Err, ref)
	}
}

func TestTwoSendersShareOneQuestion(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.hold, w.engine.asked = make(chan struct{}), make(chan string, 10)
	w.engine.answers["double"] = []string{"def double(self, n):\n    return 2 * n"}
	replies := make(chan uvm.Reply, 2)
	waits := make(chan bool, 2)
	for i := range 2 {
		go func() {
			replies <- w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Selector: "double", Args: []any{int64(i + 1)}, Wait: time.Minute,
				OnWaiting: func(image.Ref, string) { waits <- true }})
		}()
	}
	<-waits
	<-waits
	close(w.engine.hold)
	sum := int64(0)
	for range 2 {
		r := <-replies
		n, _ := r.Value.(int64)
		if sum += n; r.Err != nil {
			t.Error(r.Err)
		}
	}
	if sum != 6 || w.engine.count() != 1 {
		t.Errorf("sum %d, asked %d times", sum, w.engine.count())
	}
}

func TestUnreachableMindGoesOnToPerson(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.fail = &mind.UnavailableError{Spec: "scripted:1", Why: "no server answers"}
	ref := w.waiting("genesis_obj", "double", int64(3))
	w.question(ref)
	w.engine.mu.Lock()
	w.engine.fail = nil
	w.engine.answers["double"] = []string{"def double(self, n):\n    return 2 * n"}
	w.engine.mu.Unlock()
	w.useScripted() // attached anew: the open question is put to it
	w.want(int64(8), "genesis_obj", "double", int64(4))
}

func TestConflictsRunAgain(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def increment(self):\n    self.count += 1\n    return self.count\n")
	w.eval("self.count = 0")
	var senders sync.WaitGroup
	const each, clients = 50, 8
	for range clients {
		senders.Add(1)
		go func() {
			defer senders.Done()
			for range each {
				if r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Selector: "increment"}); r.Err != nil {
					t.Error(r.Err)
				}
			}
		}()
	}
	senders.Wait()
	if r := w.eval("self.count"); r.Value != int64(each*clients) {
		t.Errorf("count is %v, want %d", r.Value, each*clients)
	}
}

func TestRunsOnce(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def increment(self):\n    self.count += 1\n    return self.count\n")
	w.eval("self.count = 0")
	r := uvm.Request{Caller: uvm.Caller{Client: "c", ID: "1"}, Target: "genesis_obj", Selector: "increment"}
	first := w.m.Send(context.Background(), r)
	for range 3 {
		if again := w.m.Send(context.Background(), r); again.Value != first.Value || again.TID != first.TID {
			t.Errorf("%+v, first %+v", again, first)
		}
	}
	w.kill()
	if again := w.m.Send(context.Background(), r); again.Value != first.Value || again.TID != first.TID || again.Repr != first.Repr {
		t.Errorf("after a kill %+v, first %+v", again, first)
	}
	r.ID = "2"
	if next := w.m.Send(context.Background(), r); next.Value != int64(2) {
		t.Errorf("%+v", next)
	}
	// At the same time.
	r.ID = "3"
	var senders sync.WaitGroup
	for range 10 {
		senders.Add(1)
		go func() {
			defer senders.Done()
			if same := w.m.Send(context.Background(), r); same.Value != int64(3) {
				t.Errorf("%+v %v", same, same.Err)
			}
		}()
	}
	senders.Wait()
}

func TestLaterIsSentOnce(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def tick(self, n):\n    self.ticks.append(n)\n    if n:\n        later(self).tick(n - 1)\n    return n\n")
	w.eval("self.ticks = []")
	changed := make(chan struct{}, 100)
	cancel := w.m.Watch(func(uvm.Change) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	defer cancel()
	w.want(int64(3), "genesis_obj", "tick", int64(3))
	for w.eval("len(self.ticks)").Value != int64(4) {
		<-changed
	}
	w.want(int64(0), "genesis_obj", "tick", int64(0))
	// One that is due long after survives.
	w.eval("later(self, seconds=3600).tick(0)")
	w.kill()
	p := w.pending()
	if len(p) != 1 || p[0].State != "later" || p[0].Selector != "tick" {
		t.Fatalf("%+v", p)
	}
	if r := w.eval("len(self.ticks)"); r.Value != int64(5) {
		t.Errorf("%v ticks", r.Value)
	}
	if err := w.m.Dismiss(context.Background(), uvm.Caller{}, p[0].Message); err != nil || len(w.pending()) != 0 {
		t.Errorf("%v, %+v", err, w.pending())
	}
}

func TestFailedIsKeptAndRetried(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def divide(self, a, b):\n    share = a / b\n    return share\n")
	e := w.fails(uvm.CodeMethodError, w.send("genesis_obj", "divide", int64(6), int64(0)))
	if e.Failed == 0 || !strings.Contains(e.Message, "ZeroDivisionError: division by zero") || len(e.Traceback) == 0 {
		t.Fatalf("%+v", e)
	}
	if l := e.Traceback[len(e.Traceback)-1]; l.Selector != "divide" || l.Line != 2 || l.Source != "    share = a / b" || l.Locals["b"] != "0" || !strings.Contains(l.Caret, "^") {
		t.Errorf("%+v", l)
	}
	w.kill()
	p := w.pending()
	if len(p) != 1 || p[0].State != "failed" || p[0].Message != e.Failed || p[0].Code != uvm.CodeMethodError || len(p[0].Traceback) == 0 {
		t.Fatalf("%+v", p)
	}
	if r := w.m.Retry(context.Background(), uvm.Caller{}, e.Failed); r.Err == nil || r.Err.Failed != e.Failed {
		t.Errorf("%+v %v", r, r.Err)
	}
	w.method("genesis_obj", "def divide(self, a, b):\n    return a / b if b else 'nothing'\n")
	if r := w.m.Retry(context.Background(), uvm.Caller{}, e.Failed); r.Value != "nothing" {
		t.Errorf("%+v %v", r, r.Err)
	}
	if p := w.pending(); len(p) != 0 {
		t.Errorf("%+v", p)
	}
}

func TestTrialLeavesNoTrace(t *testing.T) {
	w := awake(t)
	w.eval("self.log = ['begun']\nself.other = self.clone(name='other')")
	ref := w.waiting("genesis_obj", "damage")
	w.question(ref)
	w.fails(uvm.CodeAuditRefused, w.m.Answer(context.Background(), uvm.Caller{Author: "x"}, ref,
		"def damage(self):\n    self.log.append('damaged')\n    self.other.name = 'gone'\n    later(self).damage()\n    return self.no_such_slot\n"))
	if r := w.eval("[self.log, self.other.name, mirror(self).understands('damage')]"); r.Repr != "[['begun'], 'other', False]" {
		t.Errorf("%s", r.Repr)
	}
}

func TestHostileMethods(t *testing.T) {
	w := awake(t)
	for _, tt := range []struct {
		name, body string
		code       uvm.Code
	}{
		{"loop", "while True:\n        pass", uvm.CodeFuel},
		{"huge", "return 'x' * 10**12", uvm.CodeMemory},
		{"deep", "return self.deep()", uvm.CodeDepth},
		{"cycle", "self['parent*'] = [self]", uvm.CodeSlotError},
		{"closure", "self.f = lambda: 1", uvm.CodeSlotError},
		{"forge", "return primitive(self, 'infer', 'human', '', '', None)", uvm.CodeUnauthorized},
		{"copied", "return primitive(self.minds.clone(), 'infer', 'human', '', '', None)", uvm.CodeUnauthorized},
		{"proxy", "self.m = mirror(self)", uvm.CodeSlotError},
		{"creed", "self.codex.principles = ()", uvm.CodeOrganization},
		{"orphan", "del self['parent*']", uvm.CodeOrganization},
	} {
		w.method("genesis_obj", "def "+tt.name+"(self):\n    "+tt.body+"\n")
		r := w.send("genesis_obj", tt.name)
		if r.Err == nil || r.Err.Code != tt.code {
			t.Errorf("%s: %v (%v), want %s", tt.name, r.Err, r.Value, tt.code)
		}
	}
	w.want(true, "genesis_obj", "hasSlot_", "clone")
}

func TestOrganizationAbortsOnlyItsMessage(t *testing.T) {
	w := awake(t)
	w.eval("self.n = 1")
	for _, code := range []string{
		"self.n = 2\ndel genesis_obj['parent*']",
		"self.n = 2\ntraits_obj.removeSlot_('clone')",
		"self.n = 2\ncodex.principles = ('be evil',)",
	} {
		w.fails(uvm.CodeOrganization, w.m.Send(context.Background(), uvm.Request{Code: code}))
	}
	if r := w.eval("self.n"); r.Value != int64(1) {
		t.Errorf("n is %v", r.Value)
	}
	ctx := context.Background()
	architect := uvm.Caller{Author: "ada", Architect: true}
	w.fails(uvm.CodeOrganization, w.m.Send(ctx, uvm.Request{Caller: architect, Code: "codex.amended = True"}))
	if _, err := w.m.SetSlot(ctx, architect, "codex", "amended", true, 0); err != nil {
		t.Errorf("the Architect may not amend the codex: %v", err)
	}
	if _, err := w.m.SetSlot(ctx, uvm.Caller{Author: "bob"}, "codex", "amended", false, 0); codeOf(err) != uvm.CodeOrganization {
		t.Errorf("error %v", err)
	}
}

func TestProxyAnswersForAnother(t *testing.T) {
	w := awake(t)
	w.method("transcript", "def shout(self, text, times=1):\n    return (text.upper() + '!') * times\n")
	w.eval("self.proxy = traits_obj.clone(other=transcript)\nself.proxy['parent*'] = traits_obj")
	w.method("genesis_obj.proxy", "def doesNotUnderstand_(self, message):\n    return message.sendTo_(self.other)\n")
	w.want("HEY!", "genesis_obj.proxy", "shout", "hey")
	r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj.proxy", Selector: "shout", Args: []any{"hey"},
		Kwargs: &image.Map{Entries: []image.MapEntry{{Key: "times", Value: int64(2)}}}})
	if r.Value != "HEY!HEY!" {
		t.Errorf("%+v %v", r, r.Err)
	}
	w.fails(uvm.CodeNotUnderstood, w.send("traits_obj", "frobnicate"))
}

func TestWatchInOrder(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def increment(self):\n    self.count += 1\n    return self.count\n")
	w.eval("self.count = 0\nself.items = []")
	var mu sync.Mutex
	var changes []uvm.Change
	done := make(chan struct{})
	cancel := w.m.Watch(func(c uvm.Change) {
		mu.Lock()
		defer mu.Unlock()
		changes = append(changes, c)
		for _, o := range c.Objects {
			for _, s := range o.Slots {
				if s.Name == "end" {
					close(done)
				}
			}
		}
	})
	defer cancel()
	var senders sync.WaitGroup
	for range 4 {
		senders.Add(1)
		go func() {
			defer senders.Done()
			for range 25 {
				w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Selector: "increment"})
			}
		}()
	}
	senders.Wait()
	w.eval("self.items.append(7)")
	w.eval("del self.count")
	w.eval("self.end = 1")
	<-done
	mu.Lock()
	defer mu.Unlock()
	count, removed, items := int64(0), false, ""
	for i, c := range changes {
		if i > 0 && c.TID <= changes[i-1].TID {
			t.Fatalf("tid %d after %d", c.TID, changes[i-1].TID)
		}
		for _, o := range c.Objects {
			for _, s := range o.Slots {
				switch {
				case s.Name == "count" && s.Removed:
					removed = true
				case s.Name == "count":
					if n := s.Slot.Value.(int64); n != count+1 {
						t.Fatalf("count went from %d to %d", count, n)
					}
					count++
				case s.Name == "items":
					items = s.Slot.Repr
				}
			}
		}
	}
	if count != 100 || !removed || items != "[7]" {
		t.Errorf("count %d, removed %v, items %q", count, removed, items)
	}
}

func TestCancel(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def spin(self):\n    self.spun = True\n    while True:\n        pass\n")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	w.fails(uvm.CodeCancelled, w.m.Send(ctx, uvm.Request{Target: "genesis_obj", Selector: "spin", Fuel: uvm.MaxFuel, Deadline: uvm.MaxDeadline}))
	if r := w.eval("mirror(self).understands('spun')"); r.Value != false {
		t.Error("a cancelled message left something")
	}
}

func TestCloseRefusesAndDrops(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def spin(self):\n    while True:\n        pass\n")
	started := make(chan uvm.Reply, 1)
	go func() {
		started <- w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Selector: "spin", Fuel: uvm.MaxFuel, Deadline: uvm.MaxDeadline})
	}()
	for w.m.Stats().Busy == 0 {
		time.Sleep(time.Millisecond)
	}
	m := w.m
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // no patience
	if err := m.Close(ctx); err != nil {
		t.Fatal(err)
	}
	w.fails(uvm.CodeShuttingDown, <-started)
	w.fails(uvm.CodeShuttingDown, m.Send(context.Background(), uvm.Request{Code: "1"}))
}

func TestFirstConversation(t *testing.T) {
	w := awake(t)
	w.useScripted()
	w.engine.answers["display_yourself"] = []string{
		"def display_yourself(self):\n    return 'here I am'",
		"def display_yourself(self):\n    \"\"\"Shows the world.\"\"\"\n    return self.open_world()",
	}
	r := w.send("genesis_obj", "display_yourself")
	if r.Err != nil {
		t.Fatalf("%v\n%s", r.Err, trace(r.Err))
	}
	ref, err := w.m.Resolve(context.Background(), "world")
	if err != nil || r.Value != ref {
		t.Fatalf("world is @%d, reply %v, error %v", ref, r.Value, err)
	}
	if ui, err := w.m.Resolve(context.Background(), "genesis_obj.ui"); err != nil || ui != ref {
		t.Errorf("genesis_obj.ui is @%d, error %v", ui, err)
	}
	i, err := w.m.Inspect(context.Background(), "world", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range i.Slots {
		if s.Name == "submorphs" {
			if items, _ := s.Value.([]any); len(items) < 5 {
				t.Errorf("the world shows %v", s.Value)
			}
		}
	}
	state, err := w.m.FullState(context.Background(), uvm.StateQuery{Limit: 10})
	if err != nil || len(state.Objects) != 10 || state.Next == 0 {
		t.Errorf("%d objects, next @%d, error %v", len(state.Objects), state.Next, err)
	}
	w.kill()
	if again := w.send("genesis_obj", "display_yourself"); again.Err != nil {
		t.Error(again.Err)
	}
}

func TestSlots(t *testing.T) {
	w := awake(t)
	ctx := context.Background()
	who := uvm.Caller{Author: "ada"}
	tid, err := w.m.SetSlot(ctx, who, "genesis_obj", "mood", "calm", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.SetSlot(ctx, who, "genesis_obj", "mood", "wild", tid-1); codeOf(err) != uvm.CodeConflict {
		t.Errorf("error %v", err)
	}
	if tid, err = w.m.SetSlot(ctx, who, "genesis_obj", "mood", []any{int64(1), "x"}, tid); err != nil {
		t.Errorf("error %v", err)
	}
	if r := w.eval("self.mood"); r.Repr != "[1, 'x']" {
		t.Errorf("%s", r.Repr)
	}
	if _, err := w.m.RemoveSlot(ctx, who, "genesis_obj", "mood", tid); err != nil {
		t.Error(err)
	}
	if _, err := w.m.RemoveSlot(ctx, who, "genesis_obj", "mood", 0); codeOf(err) != uvm.CodeSlotError {
		t.Errorf("error %v", err)
	}
	if _, err := w.m.SetSlot(ctx, who, "genesis_obj", "x", image.Ref(99999), 0); codeOf(err) != uvm.CodeNoSuchObject {
		t.Errorf("error %v", err)
	}
	if _, _, err := w.m.CreateMethod(ctx, who, "genesis_obj", "f", "def f(self):\n  pass pass"); codeOf(err) != uvm.CodeSyntaxError {
		t.Errorf("error %v", err)
	}
	if _, err := w.m.BindRoot(ctx, who, "account", "genesis_obj"); err != nil {
		t.Error(err)
	}
	if _, err := w.m.BindRoot(ctx, who, "account", nil); err != nil {
		t.Error(err)
	}
	if _, err := w.m.BindRoot(ctx, who, "traits_obj", nil); codeOf(err) != uvm.CodeOrganization {
		t.Errorf("error %v", err)
	}
	log, err := w.m.Log(ctx, uvm.LogQuery{Target: "genesis_obj", Slot: "mood"})
	if err != nil || len(log) != 3 || log[0].Author != "ada" || !strings.Contains(log[2].Why, "set genesis_obj.mood") {
		t.Errorf("%+v %v", log, err)
	}
}

func TestManyMessages(t *testing.T) {
	w := awake(t)
	w.method("genesis_obj", "def increment(self):\n    self.count += 1\n    return self.count\n")
	const clients, each = 8, 100
	for i := range clients {
		w.eval(fmt.Sprintf("self.c%d = traits_obj.clone(count=0)\nself.c%d['parent*'] = genesis_obj", i, i))
	}
	var senders sync.WaitGroup
	for i := range clients {
		senders.Add(1)
		go func() {
			defer senders.Done()
			for n := range each {
				r := w.m.Send(context.Background(), uvm.Request{Caller: uvm.Caller{Client: fmt.Sprint(i), ID: fmt.Sprint(n)}, Target: fmt.Sprintf("genesis_obj.c%d", i), Selector: "increment"})
				if r.Err != nil || r.Value != int64(n+1) {
					t.Errorf("%+v %v", r, r.Err)
				}
			}
		}()
	}
	senders.Wait()
}
