package contract

import (
	"reflect"

	"batos/image"
	"batos/store"
)

// Rights say what a session may do.
type Rights uint8

// The rights of a token or key.
const (
	RightWatch     Rights = 1 << iota // read
	RightSend                         // send messages
	RightAuthor                       // change code and slots directly
	RightArchitect                    // amend codex, capabilities and budgets
)

// AllRights is what the owner of the image has.
const AllRights = RightWatch | RightSend | RightAuthor | RightArchitect

// Command describes one command.
type Command struct {
	Name   string
	Needs  Rights
	Runs   bool // it may change the image: the same id never runs it twice
	Fields reflect.Type
	Result reflect.Type // nil for any value
	Doc    string
}

// Commands lists the commands of this version by name.
var Commands = []Command{
	{"answer", RightAuthor, true, reflect.TypeFor[Answer](), nil, "Gives a person's method for a message that waits, and runs it on."},
	{"cancel", 0, false, reflect.TypeFor[Cancel](), reflect.TypeFor[CancelResult](), "Stops a running request of this session."},
	{"create_method", RightAuthor, true, reflect.TypeFor[CreateMethod](), reflect.TypeFor[CreateMethodResult](), "Puts a method into an object, after parsing and audit."},
	{"dismiss", RightSend, true, reflect.TypeFor[Dismiss](), reflect.TypeFor[Nothing](), "Gives up a message that waits or failed."},
	{"display_yourself", RightSend, true, reflect.TypeFor[DisplayYourself](), nil, "Sends display_yourself to genesis_obj."},
	{"eval", RightAuthor, true, reflect.TypeFor[Eval](), nil, "Runs statements with self and the roots by name."},
	{"get_full_state", RightWatch, false, reflect.TypeFor[GetFullState](), reflect.TypeFor[FullState](), "Gives all reachable objects at one snapshot, a page at a time."},
	{"hello", 0, false, reflect.TypeFor[Hello](), reflect.TypeFor[HelloResult](), "Opens a session, or takes one up again."},
	{"history", RightWatch, false, reflect.TypeFor[Log](), reflect.TypeFor[LogResult](), "The same as log."},
	{"inspect", RightWatch, false, reflect.TypeFor[Inspect](), reflect.TypeFor[Inspection](), "Shows an object with what it holds and inherits."},
	{"log", RightWatch, false, reflect.TypeFor[Log](), reflect.TypeFor[LogResult](), "Tells who changed what and why, newest first."},
	{"method", RightWatch, false, reflect.TypeFor[Method](), reflect.TypeFor[MethodResult](), "Gives the source of a method as an object finds it."},
	{"mind", RightWatch, false, reflect.TypeFor[Mind](), reflect.TypeFor[MindResult](), "Lists the ladder of minds, or puts one at its top."},
	{"pending", RightWatch, false, reflect.TypeFor[Nothing](), reflect.TypeFor[PendingResult](), "Lists the messages that wait or failed."},
	{"ping", 0, false, reflect.TypeFor[Nothing](), reflect.TypeFor[PingResult](), "Answers."},
	{"remove_slot", RightAuthor, true, reflect.TypeFor[RemoveSlot](), reflect.TypeFor[SlotResult](), "Removes a slot of an object."},
	{"retry", RightSend, true, reflect.TypeFor[Retry](), nil, "Runs a failed message again, from its start."},
	{"roots", RightWatch, false, reflect.TypeFor[Roots](), reflect.TypeFor[RootsResult](), "Lists the roots, or binds or removes one."},
	{"send", RightSend, true, reflect.TypeFor[Send](), nil, "Sends a message and gives its value."},
	{"set_slot", RightAuthor, true, reflect.TypeFor[SetSlot](), reflect.TypeFor[SlotResult](), "Sets a slot of an object."},
	{"stats", RightWatch, false, reflect.TypeFor[Nothing](), reflect.TypeFor[Stats](), "Gives figures of the running image."},
	{"unwatch", RightWatch, false, reflect.TypeFor[Unwatch](), reflect.TypeFor[Nothing](), "Ends watching."},
	{"watch", RightWatch, false, reflect.TypeFor[Watch](), reflect.TypeFor[FullState](), "Gives a snapshot, then an event for every commit that changes it."},
}

var (
	commandByName = map[string]*Command{}
	commandNames  []string
)

func init() {
	for i := range Commands {
		commandByName[Commands[i].Name] = &Commands[i]
		commandNames = append(commandNames, Commands[i].Name)
	}
}

// Object names the object that a command is about, in one of two ways.
type Object struct {
	Target    Target `json:"target,omitempty"`     // a name, a path or a reference
	TargetOID OID    `json:"target_oid,omitempty"` // an oid
}

// Of makes an Object of an image.Ref, an OID, a name or a path; anything else
// gives an absent one.
func Of(target any) Object {
	switch v := target.(type) {
	case Object:
		return v
	case Target:
		return Object{Target: v}
	case OID:
		return Object{TargetOID: v}
	case image.Ref, string:
		return Object{Target: Target{v}}
	}
	return Object{}
}

// Any gives the target as an image.Ref or a string; nil when absent.
func (o *Object) Any() any {
	if o.TargetOID != 0 {
		return image.Ref(o.TargetOID)
	}
	return o.Target.Object
}

// object lets the checks reach the embedded Object.
func (o *Object) object() *Object { return o }

// Running bounds a message and says what its sender wants to hear meanwhile.
type Running struct {
	Wait     *Seconds `json:"wait,omitempty"`     // for a mind or a person, before the reply says WAITING; when absent 60 for a mind and 0 for a person
	Fuel     int64    `json:"fuel,omitempty"`     // instructions, at most 20 billion
	Memory   int64    `json:"memory,omitempty"`   // bytes, at most 1 GiB
	Deadline Seconds  `json:"deadline,omitempty"` // of running time, at most 60
	Stream   bool     `json:"stream,omitempty"`   // send mind_token events while a mind answers
	Repr     bool     `json:"repr,omitempty"`     // give the value as text too
}

type (
	// Hello opens a session. Client is who speaks: the name in the log, and
	// the name space of request ids, which stays over reconnects.
	Hello struct {
		Client  string `json:"client"`
		Token   string `json:"token,omitempty"`
		Session string `json:"session,omitempty"`  // take this session up again
		LastSeq int64  `json:"last_seq,omitempty"` // the newest seq that was received in it
	}

	// Send sends Selector with Args and Kwargs.
	Send struct {
		Object
		Selector string     `json:"selector"`
		Args     []any      `json:"args,omitempty"`
		Kwargs   *image.Map `json:"kwargs,omitempty"`
		Running
	}

	// DisplayYourself is Send of display_yourself to genesis_obj.
	DisplayYourself struct{ Running }

	// Eval runs statements; the value is that of a last expression. The
	// target is self, genesis_obj when absent.
	Eval struct {
		Object
		Code string `json:"code"`
		Running
	}

	// GetFullState asks for a page of all objects that the target reaches,
	// or that the roots reach.
	GetFullState struct {
		Object
		Depth *int   `json:"depth,omitempty"` // references to follow; no bound when absent
		After Cursor `json:"after,omitempty"` // next of the page before, or an oid
		Limit int    `json:"limit,omitempty"` // objects a page; 1,000 when absent
		At    Moment `json:"at,omitempty"`    // a past state
	}

	// CreateMethod puts the method written in Code into the target.
	CreateMethod struct {
		Object
		Name string `json:"method_name"`
		Code string `json:"method_code"`
	}

	// Method asks for the source of a method.
	Method struct {
		Object
		Selector string `json:"selector"`
	}

	// SetSlot sets a slot. With ExpectTID the object must not have changed
	// since that transaction.
	SetSlot struct {
		Object
		Slot      string    `json:"slot"`
		Value     any       `json:"value"`
		ExpectTID store.TID `json:"expect_tid,omitempty"`
	}

	// RemoveSlot removes a slot, under the same condition as SetSlot.
	RemoveSlot struct {
		Object
		Slot      string    `json:"slot"`
		ExpectTID store.TID `json:"expect_tid,omitempty"`
	}

	// Inspect asks for one object.
	Inspect struct {
		Object
		At Moment `json:"at,omitempty"`
	}

	// Watch asks for changes of the targets and what they reach within Depth
	// references, or of everything.
	Watch struct {
		Targets []Target `json:"targets,omitempty"`
		All     bool     `json:"all,omitempty"`
		Depth   int      `json:"depth,omitempty"` // references to follow from the targets; 0 for none
		Slots   []string `json:"slots,omitempty"` // only these slots
		Limit   int      `json:"limit,omitempty"` // with all: objects of the snapshot's first page; 1,000 when absent
	}

	// Unwatch ends watching the targets, or everything when none are given.
	Unwatch struct {
		Targets []Target `json:"targets,omitempty"`
		All     bool     `json:"all,omitempty"`
	}

	// Answer gives a method's source for the message that waits.
	Answer struct {
		Message Target `json:"message"`
		Source  string `json:"source"`
	}

	// Retry runs a message again.
	Retry struct {
		Message Target `json:"message"`
	}

	// Dismiss gives a message up.
	Dismiss struct {
		Message Target `json:"message"`
	}

	// Roots lists the roots; with Name and a target it binds one, with Remove
	// it removes one.
	Roots struct {
		Object
		Name   string `json:"name,omitempty"`
		Remove bool   `json:"remove,omitempty"`
	}

	// Log asks for the newest entries that fit.
	Log struct {
		Object
		Slot   string    `json:"slot,omitempty"`
		Since  Time      `json:"since,omitempty"`
		Until  Time      `json:"until,omitempty"`
		Before store.TID `json:"before,omitempty"` // the newest tid to show
		Limit  int       `json:"limit,omitempty"`  // 50 when absent
	}

	// Mind asks for the ladder of minds; action use puts Spec at its top.
	Mind struct {
		Action string `json:"action,omitempty"` // "status" or "use"
		Spec   string `json:"spec,omitempty"`
	}

	// Cancel names the request to stop.
	Cancel struct {
		Request string `json:"request"`
	}

	// Nothing has no fields.
	Nothing struct{}
)
