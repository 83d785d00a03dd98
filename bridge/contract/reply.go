package contract

import (
	"encoding/binary"

	"github.com/tinylib/msgp/msgp"

	"batos/image"
	"batos/store"
)

// Status of a reply.
type Status string

// The statuses.
const (
	StatusOK      Status = "OK"
	StatusWaiting Status = "WAITING"
	StatusError   Status = "ERROR"
)

// Reply answers the request of the same ID.
type Reply struct {
	V       int       `json:"v"`
	ID      string    `json:"id"` // "" for a request without one
	Status  Status    `json:"status"`
	Details string    `json:"details"` // a sentence for people, "" when all is said
	TID     store.TID `json:"tid"`     // the commit, or the snapshot that was read
	Result  any       `json:"result"`
	Error   *Error    `json:"error,omitempty"`   // when Status is ERROR
	Message OID       `json:"message,omitempty"` // the message object that waits, or was kept as failed
	Printed string    `json:"printed,omitempty"` // what the message printed
	Repr    string    `json:"repr,omitempty"`    // the result as text, when it was asked for
	Seq     int64     `json:"seq"`
}

// seqBytes is the size of the seq field, which ends every frame from the image
// and has a fixed form so that the frame can be made before its number.
const seqBytes = 4 + 9

// AppendBody appends the frame without its seq; AppendSeq completes it.
func (r *Reply) AppendBody(b []byte) ([]byte, error) {
	n := 7
	for _, more := range [...]bool{r.Error != nil, r.Message != 0, r.Printed != "", r.Repr != ""} {
		if more {
			n++
		}
	}
	b = append(b, byte(0x80|n))
	b = msgp.AppendInt64(append(b, "\xa1v"...), Version)
	b = msgp.AppendString(append(b, "\xa2id"...), r.ID)
	b = msgp.AppendString(append(b, "\xa6status"...), string(r.Status))
	b = msgp.AppendString(append(b, "\xa7details"...), r.Details)
	b = msgp.AppendUint64(append(b, "\xa3tid"...), uint64(r.TID))
	b, err := appendValue(append(b, "\xa6result"...), r.Result, 1)
	if err != nil {
		return b, err
	}
	if r.Error != nil {
		if b, err = appendValue(append(b, "\xa5error"...), r.Error, 1); err != nil {
			return b, err
		}
	}
	if r.Message != 0 {
		b = msgp.AppendUint64(append(b, "\xa7message"...), uint64(r.Message))
	}
	if r.Printed != "" {
		b = msgp.AppendString(append(b, "\xa7printed"...), r.Printed)
	}
	if r.Repr != "" {
		b = msgp.AppendString(append(b, "\xa4repr"...), r.Repr)
	}
	return b, nil
}

// AppendSeq completes a frame that AppendBody began.
func AppendSeq(b []byte, seq int64) []byte {
	return binary.BigEndian.AppendUint64(append(b, "\xa3seq\xcf"...), uint64(seq))
}

// FrameSize is the size of the frame of a body.
func FrameSize(body []byte) int { return len(body) + seqBytes }

// Event is what the image sends unasked.
type Event struct {
	Event  string     // one of the names below
	Seq    int64      //
	TID    store.TID  //
	Fields *image.Map // all fields, those above too
}

// Names of events.
const (
	EventMessageWaiting = "message_waiting"
	EventMindToken      = "mind_token"
	EventStateUpdate    = "uvm_state_update"
)

type (
	// MessageWaiting tells that a sent message waits.
	MessageWaiting struct {
		TID     store.TID `json:"tid"`
		Request string    `json:"request"` // the id of the request
		Message OID       `json:"message"` // pass it to answer, retry or dismiss
		Why     string    `json:"why"`
	}

	// MindToken is a piece of what a mind says while a sent message waits.
	MindToken struct {
		TID     store.TID `json:"tid"`
		Request string    `json:"request"`
		Text    string    `json:"text"`
	}

	// StateUpdate tells what changed in the watched objects since the last
	// one: by oid in decimal, by slot, the latest value.
	StateUpdate struct {
		TID   store.TID                        `json:"tid"`
		State map[string]map[string]SlotUpdate `json:"state"`
	}

	// SlotUpdate is a slot that was set or removed.
	SlotUpdate struct {
		Op     string `json:"op"`             // "set" or "remove"
		Kind   string `json:"kind,omitempty"` // as in SlotState
		Type   string `json:"type,omitempty"`
		Value  any    `json:"value"`
		Repr   string `json:"repr,omitempty"`
		Source string `json:"source,omitempty"` // of a method
	}
)

// EventName gives the name of an event's struct, "" when v is none.
func EventName(v any) string {
	switch v.(type) {
	case *MessageWaiting:
		return EventMessageWaiting
	case *MindToken:
		return EventMindToken
	case *StateUpdate:
		return EventStateUpdate
	}
	return ""
}

// AppendEventBody appends the frame of an event, one of the structs above by
// pointer, without its seq; AppendSeq completes it.
func AppendEventBody(b []byte, event any) ([]byte, error) {
	head := len(b)
	b, n, err := appendEventFields(append(b, 0), event)
	if err != nil {
		return b, err
	}
	b[head] = byte(0x80 | n)
	return b, nil
}

// Frame is one decoded frame from the image: a Reply or an Event.
type Frame struct {
	Reply *Reply
	Event *Event
}

// DecodeFrame reads a frame from the image. It does not keep the frame.
func DecodeFrame(frame []byte) (Frame, *Error) {
	if len(frame) > MaxFrame {
		return Frame{}, Errorf(CodeTooLarge, "the frame has %d bytes; the limit is %d", len(frame), MaxFrame)
	}
	v, err := DecodeValue(frame)
	if err != nil {
		return Frame{}, err.(*Error)
	}
	m, ok := v.(*image.Map)
	if !ok {
		return Frame{}, Errorf(CodeBadFrame, "want one map, got %s", kindName(v))
	}
	if version, _ := m.Get("v"); version != int64(Version) {
		return Frame{}, Errorf(CodeBadVersion, "the image speaks another version of the contract than %d", Version)
	}
	if _, ok := m.Get("event"); !ok {
		reply := new(Reply)
		if err := Bind(m, reply); err != nil {
			return Frame{}, err.(*Error)
		}
		return Frame{Reply: reply}, nil
	}
	e := &Event{Fields: m}
	name, _ := m.Get("event")
	seq, _ := m.Get("seq")
	tid, _ := m.Get("tid")
	e.Event, _ = name.(string)
	e.Seq, _ = seq.(int64)
	if n, ok := tid.(int64); ok && n >= 0 {
		e.TID = store.TID(n)
	}
	return Frame{Event: e}, nil
}
