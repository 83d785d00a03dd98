package contract

import "batos/store"

type (
	// HelloResult opens or resumes a session.
	HelloResult struct {
		Session string         `json:"session"` // pass it to hello to take the session up again
		Version int            `json:"version"` // of the contract
		Program string         `json:"program"` // the program's version
		Image   string         `json:"image"`   // the image's id
		TID     store.TID      `json:"tid"`     // the newest durable transaction
		Roots   map[string]OID `json:"roots"`
		Limits  HelloLimits    `json:"limits"`
		Resumed bool           `json:"resumed,omitempty"` // the session was known; what was missed came before this reply
		Resync  bool           `json:"resync,omitempty"`  // what was missed is gone: read state and watch anew
	}

	// HelloLimits are the limits of a session.
	HelloLimits struct {
		Frame int `json:"frame"` // bytes
		Depth int `json:"depth"` // containers within containers
		Open  int `json:"open"`  // requests without a reply
	}

	// SlotState describes one slot.
	SlotState struct {
		Kind    string            `json:"kind"`              // "value", "method", "object" or "parent"
		Type    string            `json:"type,omitempty"`    // of the value, as the language names it
		Value   any               `json:"value"`             // nil for a method; of what is too large to show, too deep or within itself, a map of "$repr" to its text
		Repr    string            `json:"repr,omitempty"`    // the value as text, shortened
		Source  string            `json:"source,omitempty"`  // of a method; absent for one so long that only the command method gives it
		Facts   map[string]string `json:"facts,omitempty"`   // where a method comes from
		Changed store.TID         `json:"changed,omitempty"` // the object's last transaction
		Holder  OID               `json:"holder,omitempty"`  // where an inherited slot is
	}

	// ObjectState is an object of a FullState.
	ObjectState struct {
		Slots   map[string]SlotState `json:"slots"`
		Parents []OID                `json:"parents"`
	}

	// FullState is a page of objects at one snapshot, by oid in decimal.
	FullState struct {
		TID     store.TID              `json:"tid"`
		Objects map[string]ObjectState `json:"objects"`
		Next    any                    `json:"next"` // text to pass as after for the next page; nil at the end
	}

	// NamedSlot is a slot in an Inspection.
	NamedSlot struct {
		Name string `json:"name"`
		SlotState
	}

	// Inspection shows one object.
	Inspection struct {
		OID       OID         `json:"oid"`
		Name      string      `json:"name,omitempty"` // its root's name
		TID       store.TID   `json:"tid"`            // of its last change
		Slots     []NamedSlot `json:"slots"`
		Inherited []NamedSlot `json:"inherited"` // by delegation, nearest first, without the shadowed
		Parents   []OID       `json:"parents"`
		Author    string      `json:"author,omitempty"` // of the last change
		Why       string      `json:"why,omitempty"`
		Time      Time        `json:"time,omitempty"`
	}

	// CreateMethodResult tells where the method is.
	CreateMethodResult struct {
		OID      OID       `json:"oid"`
		Selector string    `json:"selector"`
		TID      store.TID `json:"tid"`
	}

	// MethodResult is a method's source with where it was found.
	MethodResult struct {
		Selector string            `json:"selector"`
		Source   string            `json:"source"`
		Holder   OID               `json:"holder,omitempty"`
		Facts    map[string]string `json:"facts,omitempty"`
		Changed  store.TID         `json:"changed,omitempty"`
	}

	// SlotResult is the commit of a change to a slot.
	SlotResult struct {
		TID store.TID `json:"tid"`
	}

	// PendingMessage is a message that waits or failed.
	PendingMessage struct {
		Message   OID         `json:"message"`
		State     string      `json:"state"`    // "waiting", "running", "failed" or "later"
		Receiver  string      `json:"receiver"` // as people write it
		Selector  string      `json:"selector"`
		Arguments []any       `json:"arguments"`
		Author    string      `json:"author"`
		Since     Time        `json:"since"`
		Why       string      `json:"why"`               // what it waits for, or the error
		Question  string      `json:"question"`          // what a person can answer, "" when nothing is asked
		Missing   *Missing    `json:"missing,omitempty"` // the method that the question asks for
		Attempts  []Attempt   `json:"attempts"`
		Traceback []TraceLine `json:"traceback"`
		Code      Code        `json:"code,omitempty"` // of the failure
	}

	// Missing is a method that a question asks for. The message may name
	// another one: it has one that sends what is missing.
	Missing struct {
		Receiver   string   `json:"receiver"` // as people write it
		Selector   string   `json:"selector"`
		Parameters []string `json:"parameters"` // after self
	}

	// Attempt is an answer of a mind that fell short.
	Attempt struct {
		Mind   string `json:"mind"`
		Source string `json:"source"`
		Reason string `json:"reason"`
	}

	// PendingResult lists them.
	PendingResult struct {
		Messages []PendingMessage `json:"messages"`
	}

	// RootsResult lists the roots.
	RootsResult struct {
		Roots map[string]OID `json:"roots"`
		TID   store.TID      `json:"tid"`
	}

	// LogEntry is a transaction of the narrative.
	LogEntry struct {
		TID     store.TID         `json:"tid"`
		Time    Time              `json:"time"`
		Author  string            `json:"author"`
		Why     string            `json:"why"`
		Cause   OID               `json:"cause,omitempty"` // the message that led to it
		Changes []LogChange       `json:"changes"`
		More    map[string]string `json:"more,omitempty"`
	}

	// LogChange is what a transaction did to an object.
	LogChange struct {
		OID    OID      `json:"oid"`
		Name   string   `json:"name,omitempty"`
		Change string   `json:"change"` // "created", "changed", "deleted" or "undone"
		Slots  []string `json:"slots"`
	}

	// LogResult lists them, newest first.
	LogResult struct {
		Entries []LogEntry `json:"entries"`
	}

	// MindStatus is a rung of the ladder.
	MindStatus struct {
		Spec    string `json:"spec"`
		Engine  string `json:"engine"`
		Model   string `json:"model,omitempty"`
		Ready   bool   `json:"ready"`
		Detail  string `json:"detail,omitempty"` // why not ready, or what was probed
		Default bool   `json:"default,omitempty"`
	}

	// MindResult is the ladder from its top.
	MindResult struct {
		Minds []MindStatus `json:"minds"`
	}

	// Stats are figures of the running image.
	Stats struct {
		Last        store.TID `json:"last"`         // newest transaction
		Durable     store.TID `json:"durable"`      // newest transaction on disk
		NextOID     OID       `json:"next_oid"`     // the next new object's
		DiskBytes   int64     `json:"disk_bytes"`   //
		Groups      int64     `json:"groups"`       // syncs made for commits
		Conflicts   int64     `json:"conflicts"`    // transactions refused
		RecentBytes int64     `json:"recent_bytes"` // memory held for conflict checks
		Workers     int       `json:"workers"`
		Busy        int       `json:"busy"`
		Queued      int       `json:"queued"`
		Messages    int64     `json:"messages"` // answered since start
		Failed      int64     `json:"failed"`
		Retries     int64     `json:"retries"` // runs repeated after a conflict
		Waiting     int       `json:"waiting"`
		Objects     int64     `json:"objects"` // in memory
		Started     Time      `json:"started"`
		Program     string    `json:"program"`
		Image       string    `json:"image"`
		Sessions    int       `json:"sessions"`
		Connections int       `json:"connections"`
		Requests    int64     `json:"requests"` // received since start
	}

	// PingResult answers a ping.
	PingResult struct {
		Time Time `json:"time"`
	}

	// CancelResult tells whether the request was still running.
	CancelResult struct {
		Cancelled bool `json:"cancelled"`
	}
)
