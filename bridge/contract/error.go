package contract

import (
	"fmt"

	"batos/image"
)

// Error is why a request was refused or failed. It prints as "CODE: sentence".
type Error struct {
	Code      Code        `json:"code"`
	Message   string      `json:"message"`          // one sentence, ending in the way out where there is one
	Target    string      `json:"target"`           // the receiver as people write it, "" when unknown
	Selector  string      `json:"selector"`         // "" when unknown
	Slot      string      `json:"slot"`             // "" when unknown
	Traceback []TraceLine `json:"traceback"`        // innermost last
	Failed    OID         `json:"failed,omitempty"` // the failed message that was kept
	Line      int         `json:"line,omitempty"`   // of syntax_error and audit_refused, from 1
	Col       int         `json:"col,omitempty"`    // of syntax_error and audit_refused, from 1
}

// TraceLine is one activation of a traceback.
type TraceLine struct {
	Receiver string            `json:"receiver"` // "@42"
	Selector string            `json:"selector"`
	Line     int               `json:"line"`            // from 1, in the method's own source
	Source   string            `json:"source"`          // that line
	Caret    string            `json:"caret,omitempty"` // spaces and carets to print below source
	Locals   map[string]string `json:"locals"`          // names to reprs, shortened
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Errorf makes an Error of a code and a sentence.
func Errorf(code Code, format string, a ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, a...)}
}

// kindName names the kind of a plain value in messages.
func kindName(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		return "a boolean"
	case int64:
		return "an integer"
	case float64:
		return "a float"
	case string:
		return "text"
	case []byte:
		return "bytes"
	case []any:
		return "a list"
	case *image.Map:
		return "a map"
	case image.PlainSet:
		return "a set"
	case image.Ref:
		return "a reference"
	case image.PlainBlob:
		return "a blob"
	default:
		return otherKindName(v)
	}
}
