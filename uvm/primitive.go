package uvm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"batos/image"
	"batos/lang"
)

// nativePrimitive is primitive(capability, name, ...): what leads out of the
// image. A reference to the object that the slot of capabilities holds is the
// permission; it cannot be forged, and a copy is another object.
func (w *worker) nativePrimitive(_ *lang.Machine, a *lang.Args) (image.Value, error) {
	if len(a.Pos) < 2 || len(a.Names) > 0 || !a.Pos[0].IsObject() || a.Pos[1].Kind() != image.KindStr {
		return image.Value{}, typeError("primitive() takes a capability and the name of a primitive")
	}
	name := a.Pos[1].Str()
	p, ok := primitives[name]
	if !ok {
		return image.Value{}, valueError("no primitive is called %s", name)
	}
	granted, err := w.granted(a.Pos[0].Object(), p.capability)
	if err != nil {
		return image.Value{}, err
	}
	if !granted {
		return image.Value{}, raiseCode(CodeUnauthorized, lang.PermissionError,
			"%s is not the capability %s; the Architect grants it in the slot of capabilities", w.identity(a.Pos[0].Object()), p.capability)
	}
	if len(a.Pos)-2 != p.arguments {
		return image.Value{}, typeError("primitive %s takes %d arguments, not %d", name, p.arguments, len(a.Pos)-2)
	}
	if w.run.trial {
		return image.Value{}, lang.Raise(lang.PermissionError, "a method on trial may not use the primitive %s", name)
	}
	return p.do(w, a.Pos[2:])
}

// primitive is one of them: the slot of capabilities that grants it, how many
// arguments it takes, and what it does.
type primitive struct {
	capability string
	arguments  int
	do         func(w *worker, a []image.Value) (image.Value, error)
}

var primitives = map[string]primitive{
	"infer": {"minds", 4, (*worker).primitiveInfer},
	"trial": {"minds", 2, (*worker).primitiveTrial},
	"keep":  {"minds", 2, (*worker).primitiveKeep},
	"note":  {"minds", 2, (*worker).primitiveNote},
}

func (w *worker) granted(o *image.Object, capability string) (bool, error) {
	root, ok, err := w.heap.Root("capabilities")
	if err != nil || !ok {
		return false, err
	}
	if err := w.heap.Read(&root.Entity); err != nil {
		return false, err
	}
	i := root.Shape.Find(image.Intern(capability))
	return i >= 0 && root.Slots[i].IsObject() && root.Slots[i].Object() == o, nil
}

func texts(a []image.Value, names ...string) ([]string, error) {
	out := make([]string, len(names))
	for i, name := range names {
		if a[i].Kind() != image.KindStr {
			return nil, typeError("%s is a str, not %v", name, a[i].Kind())
		}
		out[i] = a[i].Str()
	}
	return out, nil
}

// primitiveInfer asks an engine: (engine, system, prompt, message or None).
func (w *worker) primitiveInfer(a []image.Value) (image.Value, error) {
	t, err := texts(a, "engine", "system", "prompt")
	if err != nil {
		return image.Value{}, err
	}
	about, err := w.plainMessage(a[3])
	if err != nil {
		return image.Value{}, err
	}
	e := &effect{kind: effectInfer, engine: t[0], system: t[1], prompt: t[2], about: about}
	// A question about a method is known by whom and for what it is asked, the
	// n-th time, and not by its words: they tell what the receiver looks like,
	// which may have changed when the answer comes.
	asked := []any{t[0], t[1], t[2]}
	if about != nil {
		asked = []any{t[0], about.receiver, about.selector}
	}
	value, err := w.ask(e, asked)
	if err != nil {
		return image.Value{}, err
	}
	said, _ := value.(*image.Map)
	if said != nil && textOf(said, "error") != "" {
		w.run.notes = append(w.run.notes, Attempt{Mind: t[0], Reason: textOf(said, "error")})
		return w.heap.Import(value)
	}
	who := t[0]
	if said != nil && textOf(said, "author") != "" {
		who = textOf(said, "author") // a person, by name
	}
	w.run.asked = append(w.run.asked, who)
	return w.heap.Import(value)
}

// tried is the request of a trial, which is its key in the journal.
func tried(source string, about *notUnderstood) any { return []any{source, about.plain()} }

// sourceAbout reads the arguments (source, message) of trial and keep.
func (w *worker) sourceAbout(a []image.Value) (string, *notUnderstood, error) {
	t, err := texts(a, "source")
	if err != nil {
		return "", nil, err
	}
	about, err := w.plainMessage(a[1])
	if err == nil && about == nil {
		err = typeError("the second argument is a message that was not understood")
	}
	return t[0], about, err
}

// primitiveTrial audits a method and tries it: (source, message).
func (w *worker) primitiveTrial(a []image.Value) (image.Value, error) {
	source, about, err := w.sourceAbout(a)
	if err != nil {
		return image.Value{}, err
	}
	value, err := w.ask(&effect{kind: effectTrial, source: source, about: about}, tried(source, about))
	if err != nil {
		return image.Value{}, err
	}
	return w.heap.Import(value)
}

// primitiveKeep puts a method that passed its trial in this message into the
// receiver's slot: (source, message). Where it comes from is taken from the
// journal, so that no program can make it up.
func (w *worker) primitiveKeep(a []image.Value) (image.Value, error) {
	source, about, err := w.sourceAbout(a)
	if err != nil {
		return image.Value{}, err
	}
	key, err := effectKey(effectTrial, tried(source, about))
	if err != nil {
		return image.Value{}, err
	}
	report := w.passed(key)
	if report == nil {
		return image.Value{}, lang.Raise(lang.PermissionError, "this method has not passed a trial in this message")
	}
	facts, more := w.provenance(source, about, report)
	receiver := w.run.about[a[1].Object()].receiver
	if err := w.heap.SetSlot(receiver, image.Intern(about.selector), image.NewMethod(source, facts)); err != nil {
		return image.Value{}, err
	}
	if about.receiver == 0 { // the sender's next run makes the object anew
		given := &image.Map{}
		given.Put(methodMark, source)
		for _, name := range sortedKeys(facts) {
			given.Put(name, facts[name])
		}
		w.run.given = given
	}
	w.run.kept = more
	return image.None(), nil
}

// passed finds the report of a trial that passed.
func (w *worker) passed(key string) *image.Map {
	for _, a := range w.run.msg.journal {
		if m, ok := a.value.(*image.Map); ok && a.key == key && textOf(m, "reason") == "" {
			return m
		}
	}
	return nil
}

// provenance says where a method comes from: facts stay with the method, more
// goes into the transaction's record.
func (w *worker) provenance(source string, about *notUnderstood, report *image.Map) (facts, more map[string]string) {
	written := 1
	for _, a := range w.run.notes {
		if a.Source != "" {
			written++
		}
	}
	facts = map[string]string{
		"attempts": strconv.Itoa(written),
		"audit":    "passed",
		"trial":    trialText(about, report),
		"message":  w.run.msg.oid.String(),
		"written":  w.clock().UTC().Format("2006-01-02T15:04:05Z"),
	}
	more = map[string]string{"selector": about.selector, "receiver": about.who()}
	// The answer that holds the method is the newest in the journal.
	for i := len(w.run.msg.journal) - 1; i >= 0; i-- {
		said, ok := w.run.msg.journal[i].value.(*image.Map)
		if !ok {
			continue
		}
		if _, inferred := said.Get("model"); !inferred || textOf(said, "error") != "" {
			continue
		}
		facts["mind"], facts["model"] = textOf(said, "engine"), textOf(said, "model")
		facts["author"] = textOf(said, "author")
		if facts["author"] == "" {
			facts["author"] = facts["mind"]
		}
		if prompt := textOf(said, "prompt"); prompt != "" {
			sum := sha256.Sum256([]byte(prompt))
			facts["prompt"] = "sha256:" + hex.EncodeToString(sum[:])
			more["prompt"] = prompt
		}
		break
	}
	for k, v := range facts {
		more[k] = v
	}
	return facts, more
}

func trialText(n *notUnderstood, report *image.Map) string {
	return fmt.Sprintf("%s(%s) gave %s", n.selector, argumentText(n.args, n.kwargs), textOf(report, "result"))
}

// primitiveNote tells of an answer that fell short: (source, reason).
func (w *worker) primitiveNote(a []image.Value) (image.Value, error) {
	t, err := texts(a, "source", "reason")
	if err != nil {
		return image.Value{}, err
	}
	mind := ""
	if n := len(w.run.asked); n > 0 {
		mind = w.run.asked[n-1]
	}
	w.run.notes = append(w.run.notes, Attempt{Mind: mind, Source: t[0], Reason: t[1]})
	return image.None(), nil
}
