package uvm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"batos/image"
	"batos/lang"
	"batos/lang/syntax"
	"batos/store"
)

// errorOf puts any error that a message can come to into the contract's terms.
// w, when not nil, is the worker on which it happened.
func (m *Machine) errorOf(w *worker, err error) *Error {
	var (
		own          *Error
		raised       *lang.Raised
		exhausted    *lang.Exhausted
		conflict     *store.ConflictError
		organization *image.OrganizationError
		unstorable   *image.UnstorableError
		syntaxError  *syntax.Error
		audit        *lang.AuditError
	)
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &raised):
		return raisedError(w, raised)
	case errors.As(err, &exhausted):
		return &Error{Code: exhaustedCode(exhausted.Class), Message: exhausted.Error() + "; split the work over several messages, or ask for more", Traceback: traceLines(exhausted.Traceback), Cause: err}
	case errors.Is(err, lang.ErrInterrupted):
		if w != nil {
			return m.errorOf(nil, w.interruption())
		}
		return errShuttingDown
	case errors.As(err, &conflict):
		return &Error{Code: CodeConflict, Message: conflict.Error() + "; send it again", Cause: err}
	case errors.As(err, &organization):
		return &Error{Code: CodeOrganization, Message: organization.Root + ": " + organization.Why + "; nothing of the message was kept", Cause: err}
	case errors.As(err, &unstorable):
		target := ""
		if unstorable.Object != 0 {
			target = unstorable.Object.String()
		}
		return &Error{Code: CodeSlotError, Slot: unstorable.Slot, Target: target, Message: unstorable.Error(), Cause: err}
	case errors.As(err, &syntaxError):
		return &Error{Code: CodeSyntaxError, Line: syntaxError.Line, Col: syntaxError.Col, Message: fmt.Sprintf("line %d, column %d: %s", syntaxError.Line, syntaxError.Col, syntaxError.Msg), Cause: err}
	case errors.As(err, &audit):
		return &Error{Code: CodeAuditRefused, Line: audit.Line, Col: audit.Col, Message: audit.Error(), Cause: err}
	case errors.Is(err, image.ErrReadOnly):
		return &Error{Code: CodeReadOnly, Message: err.Error(), Cause: err}
	case errors.Is(err, image.ErrCycle), errors.Is(err, image.ErrNotAParent), errors.Is(err, image.ErrNoSuchSlot), errors.Is(err, image.ErrNoSuchValue), errors.Is(err, image.ErrBadName):
		return &Error{Code: CodeSlotError, Message: err.Error(), Cause: err}
	case errors.Is(err, image.ErrTooLarge):
		return &Error{Code: CodeTooLarge, Message: err.Error() + "; nothing of the message was kept", Cause: err}
	case errors.Is(err, image.ErrContainsItself):
		return &Error{Code: CodeMethodError, Message: err.Error() + "; nothing of the message was kept", Cause: err}
	case errors.Is(err, image.ErrTooDeep):
		return &Error{Code: CodeMethodError, Message: "the value is nested too deep to be written out; ask for its parts; nothing of the message was kept", Cause: err}
	case errors.Is(err, errDismissed):
		return &Error{Code: CodeCancelled, Message: "the message was dismissed"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: CodeCancelled, Message: err.Error(), Cause: err}
	case errors.Is(err, store.ErrClosed):
		return errShuttingDown
	case errors.Is(err, store.ErrFailed), errors.Is(err, store.ErrFull):
		return &Error{Code: CodeStorage, Message: err.Error(), Cause: err}
	case errors.Is(err, store.ErrNotFound):
		return &Error{Code: CodeNoSuchObject, Message: err.Error(), Cause: err}
	}
	return &Error{Code: CodeInternal, Message: err.Error(), Cause: err}
}

func exhaustedCode(class string) Code {
	switch class {
	case "FuelExhausted":
		return CodeFuel
	case "MemoryExhausted":
		return CodeMemory
	case "DepthExhausted":
		return CodeDepth
	}
	return CodeDeadline
}

// raisedError tells of an exception that nobody caught.
func raisedError(w *worker, r *lang.Raised) *Error {
	e := &Error{Code: CodeMethodError, Message: r.Error(), Traceback: traceLines(r.Exc.Traceback), Cause: r}
	switch r.Exc.Class.Name {
	case "NotUnderstood":
		e.Code = CodeNotUnderstood
	case "SlotError":
		e.Code = CodeSlotError
	}
	if code, ok := r.Exc.Attrs[codeAttribute]; ok && code.Kind() == image.KindStr {
		e.Code = Code(code.Str())
	}
	if n := len(e.Traceback); n > 0 {
		e.Target, e.Selector = e.Traceback[n-1].Receiver, e.Traceback[n-1].Selector
	}
	return e
}

// codeAttribute is where an exception that stands for a failure of the machine
// carries its code.
const codeAttribute = "code"

func traceLines(lines []lang.TraceLine) []TraceLine {
	out := make([]TraceLine, 0, len(lines))
	for _, l := range lines {
		t := TraceLine{Receiver: l.Receiver, Selector: l.Selector, Line: l.Line, Source: l.Source, Locals: l.Locals}
		if l.Col > 0 {
			width := max(1, l.EndCol-l.Col)
			t.Caret = strings.Repeat(" ", l.Col-1) + strings.Repeat("^", min(width, 200))
		}
		out = append(out, t)
	}
	return out
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func parseBody(source string) (*syntax.Body, error) { return syntax.ParseBody(source) }
