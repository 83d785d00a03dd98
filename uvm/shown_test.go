package uvm_test

import (
	"context"
	"strings"
	"testing"

	"batos/image"
	"batos/uvm"
)

// However it is tried, no slot gets a name that no slot may have, and the
// object stays as it was.
func TestBadSlotNamesAreRefused(t *testing.T) {
	w := awake(t)
	for _, code := range []string{
		"self[''] = 1",
		"setattr(self, '', 1)",
		"self.setSlot_value_('', 1)",
		"self['n' * 300] = 1",
		"self['n' * 300 + '*'] = self.clone()",
	} {
		r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Code: code})
		if r.Err == nil || r.Err.Code != uvm.CodeSlotError && !strings.Contains(r.Err.Message, "ValueError: a slot's name") {
			t.Errorf("%s gave %s %v, error %v", code, r.Status, r.Value, r.Err)
		}
	}
	for _, name := range []string{"", strings.Repeat("n", 300), "\xff"} {
		if _, err := w.m.SetSlot(context.Background(), uvm.Caller{}, "genesis_obj", name, int64(1), 0); err == nil {
			t.Errorf("slot %.5q was set", name)
		} else if code := codeOf(err); code != uvm.CodeSlotError && code != uvm.CodeBadField {
			t.Errorf("slot %.5q: %v", name, err)
		}
	}
	w.reopen()
	if _, err := w.m.Inspect(context.Background(), "genesis_obj", 0); err != nil {
		t.Error(err)
	}
}

// Slots that nobody could be sent whole do not hide the others.
func TestOddValuesAreShownInPart(t *testing.T) {
	w := awake(t)
	w.eval(`
o = self.clone()
o.plain = [1, 'two']
d = {}
d['me'] = d
o.within = d
l = []
for i in range(70):
    l = [l]
o.deep = l
o.text = 'x' * 3000000
o.many = list(range(400000))
o.wide = [['y' * 1000] * 100] * 20
self.odd = o
`)
	ctx := context.Background()
	show := map[string]func() []uvm.Slot{
		"inspect": func() []uvm.Slot {
			i, err := w.m.Inspect(ctx, "genesis_obj.odd", 0)
			if err != nil {
				t.Fatal(err)
			}
			return i.Slots
		},
		"full state": func() []uvm.Slot {
			s, err := w.m.FullState(ctx, uvm.StateQuery{Target: "genesis_obj.odd", Depth: 1})
			if err != nil || len(s.Objects) != 1 {
				t.Fatal(s, err)
			}
			return s.Objects[0].Slots
		},
		"a delta": func() []uvm.Slot {
			told := make(chan uvm.Change, 10)
			defer w.m.Watch(func(c uvm.Change) { told <- c })()
			w.eval("o = self.odd\nfor n in ['plain', 'within', 'deep', 'text', 'many', 'wide']:\n    v = o[n]\n    o[n] = None\n    o[n] = (v, 0)[0]\no.more = 1\no.plain.append(1)\no.within['n'] = 1\no.deep.append(1)\no.text = o.text + 'x'\no.many.append(1)\no.wide.append(1)")
			var slots []uvm.Slot
			for _, o := range (<-told).Objects {
				for _, s := range o.Slots {
					slots = append(slots, s.Slot)
				}
			}
			return slots
		},
	}
	for _, how := range []string{"inspect", "full state", "a delta"} {
		seen := map[string]bool{}
		for _, s := range show[how]() {
			m, cut := s.Value.(*image.Map)
			cut = cut && len(m.Entries) == 1 && m.Entries[0].Key == "$repr" && m.Entries[0].Value == s.Repr
			switch s.Name {
			case "plain":
				if items, _ := s.Value.([]any); len(items) < 2 || items[1] != "two" {
					t.Errorf("%s: plain is %v", how, s.Value)
				}
			case "within", "deep", "text", "many":
				if !cut || s.Repr == "" || len(s.Repr) > 300 {
					t.Errorf("%s: %s is shown as %.200q", how, s.Name, s.Repr)
				}
			case "wide": // about 2 MB
				if !cut {
					t.Errorf("%s: %s is shown whole", how, s.Name)
				}
			}
			seen[s.Name] = true
		}
		for _, name := range []string{"plain", "within", "deep", "text", "many", "wide"} {
			if !seen[name] {
				t.Errorf("%s: slot %s is not told", how, name)
			}
		}
	}
}

// Objects of much content come in pages that each fit a frame.
func TestLargeObjectsComeInMorePages(t *testing.T) {
	w := awake(t)
	w.eval(`
for i in range(30):
    o = self.clone()
    for j in range(10):
        o['s' + str(j)] = 'x' * 60000
    self['o' + str(i)] = o
`)
	q := uvm.StateQuery{Target: "genesis_obj"}
	objects, pages := map[image.Ref]bool{}, 0
	for {
		s, err := w.m.FullState(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for _, o := range s.Objects {
			if objects[o.OID] {
				t.Errorf("@%d is told twice", o.OID)
			}
			objects[o.OID] = true
			for _, slot := range o.Slots {
				if text, ok := slot.Value.(string); ok {
					size += len(text)
				}
			}
		}
		if size > 8<<20 {
			t.Errorf("a page has %d bytes", size)
		}
		pages++
		if s.Next == 0 {
			break
		}
		q.At, q.After = s.TID, s.Next
	}
	if pages < 3 || len(objects) < 31 {
		t.Errorf("%d objects on %d pages", len(objects), pages)
	}
}

// An object with very many slots is shown too, most of them without values.
func TestObjectWithVeryManySlotsIsShown(t *testing.T) {
	w := awake(t)
	w.eval("o = self.clone()\nfor i in range(30000):\n    o['slot' + str(i)] = 'x' * 300\nself.table = o")
	s, err := w.m.FullState(context.Background(), uvm.StateQuery{Target: "genesis_obj.table", Depth: 1})
	if err != nil || len(s.Objects) != 1 || len(s.Objects[0].Slots) < 30000 {
		t.Fatal(err)
	}
	size := 0
	for _, slot := range s.Objects[0].Slots {
		size += len(slot.Name) + len(slot.Repr)
		if text, ok := slot.Value.(string); ok {
			size += len(text)
		}
	}
	if size > 8<<20 {
		t.Errorf("it is shown in %d bytes", size)
	}
}

// A result that cannot be sent says so and what to do.
func TestResultsThatCannotBeSent(t *testing.T) {
	w := awake(t)
	for code, want := range map[string]uvm.Code{
		"d = {}\nd['me'] = d\nd":                            uvm.CodeMethodError,
		"l = []\nfor i in range(70):\n    l = [l]\nl":       uvm.CodeMethodError,
		"l = [0] * 3000\nl = [l] * 3000\n[self.clone(), l]": uvm.CodeTooLarge,
	} {
		r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Code: code})
		if r.Err == nil || r.Err.Code != want || !strings.Contains(r.Err.Message, "ask for its parts") {
			t.Errorf("%s gave %s, error %v, want %s", code, r.Status, r.Err, want)
		}
	}
}

// What cannot be kept is called by a name that people know.
func TestWhatCannotBeKeptIsNamed(t *testing.T) {
	w := awake(t)
	for value, want := range map[string]string{
		"ValueError('a')":     "slot x of @4 holds an exception (ValueError),",
		"[iter([1])]":         "slot x[0] of @4 holds an iterator (list_iterator),",
		"{}.keys()":           "slot x of @4 holds a dict_keys,",
		"...":                 "slot x of @4 holds an ellipsis,",
		"self.clone":          "slot x of @4 holds a method with its receiver,",
		"lambda: 1":           "slot x of @4 holds a function,",
		"(i for i in [1])":    "slot x of @4 holds a generator,",
		"mirror(self)":        "slot x of @4 holds a mirror,",
		"self.clone(y=print)": "slot y of a new object holds a builtin_function_or_method,",
		"deque()":             "slot x of @4 holds a collections.deque,",
		"range(3)":            "slot x of @4 holds a range,",
	} {
		r := w.m.Send(context.Background(), uvm.Request{Target: "genesis_obj", Code: "from collections import deque\nself.x = " + value})
		if r.Err == nil || r.Err.Code != uvm.CodeSlotError || !strings.HasPrefix(r.Err.Message, want) {
			t.Errorf("%s: %v, want %s", value, r.Err, want)
		}
	}
}

// What docs/language.md says of identity.
func TestTuplesAreCopiesAfterAReload(t *testing.T) {
	w := awake(t)
	w.eval("t = ([],)\nt[0].append(t)\nself.t = t\nself.l = t[0]")
	w.reopen()
	for code, want := range map[string]bool{
		"self.t[0][0] == self.t":       true,
		"self.t[0][0] is self.t":       false,
		"self.t[0] is self.l":          true,
		"self.t[0][0][0] is self.t[0]": true,
	} {
		if r := w.eval(code); r.Value != want {
			t.Errorf("%s is %v", code, r.Value)
		}
	}
}

// The arguments of a message that waits are shown within the same bounds.
func TestOddArgumentsOfAMessageAreShownInPart(t *testing.T) {
	w := awake(t)
	var deep any = int64(1)
	for range 60 {
		deep = []any{deep}
	}
	for _, arg := range []any{strings.Repeat("x", 2<<20), deep} {
		ref := w.waiting("genesis_obj", "take_", arg)
		i, err := w.m.Inspect(context.Background(), ref, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range i.Slots {
			if s.Name == "arguments" {
				inText(t, s.Value)
			}
		}
	}
	for _, p := range w.pending() {
		inText(t, p.Arguments)
	}
	ref := w.waiting("genesis_obj", "take_", int64(42))
	i, err := w.m.Inspect(context.Background(), ref, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range i.Slots {
		if items, _ := s.Value.([]any); s.Name == "arguments" && (len(items) != 1 || items[0] != int64(42)) {
			t.Errorf("the arguments are shown as %v", s.Value)
		}
	}
}

// inText wants one argument, shown as short text.
func inText(t *testing.T, arguments any) {
	t.Helper()
	items, _ := arguments.([]any)
	if len(items) == 1 {
		if m, _ := items[0].(*image.Map); m != nil && m.Entries[0].Key == "$repr" && len(m.Entries[0].Value.(string)) < 3000 {
			return
		}
	}
	t.Errorf("the arguments are shown as %.100v", arguments)
}
