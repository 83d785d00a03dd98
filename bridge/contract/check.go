package contract

import "unicode/utf8"

// check finds what the types of a command's fields cannot say.
func check(fields any) *Error {
	if o, ok := fields.(interface{ object() *Object }); ok {
		o := o.object()
		if o.Target.Object != nil && o.TargetOID != 0 {
			return Errorf(CodeBadField, "target_oid: target names the object already; give one of the two")
		}
		if o.Any() == nil && !targetless(fields) {
			return Errorf(CodeBadField, "target: the field is missing; give target or target_oid")
		}
	}
	switch f := fields.(type) {
	case *Hello:
		if n := utf8.RuneCountInString(f.Client); n == 0 || n > MaxID {
			return Errorf(CodeBadField, "client: want 1 to %d characters, got %d", MaxID, n)
		}
		return notNegative("last_seq", f.LastSeq)
	case *Send:
		return first(notEmpty("selector", f.Selector), f.Running.check())
	case *DisplayYourself:
		return f.Running.check()
	case *Eval:
		return f.Running.check()
	case *GetFullState:
		if f.Depth != nil && *f.Depth < 0 {
			return notNegative("depth", int64(*f.Depth))
		}
		if f.After != "" {
			if _, _, err := f.After.Split(); err != nil {
				return err.(*Error)
			}
		}
		return notNegative("limit", int64(f.Limit))
	case *CreateMethod:
		return first(notEmpty("method_name", f.Name), notEmpty("method_code", f.Code))
	case *Method:
		return notEmpty("selector", f.Selector)
	case *SetSlot:
		return notEmpty("slot", f.Slot)
	case *RemoveSlot:
		return notEmpty("slot", f.Slot)
	case *Watch:
		if f.All == (len(f.Targets) > 0) {
			return Errorf(CodeBadField, "targets: give targets, or all: true for everything")
		}
		return first(notNegative("depth", int64(f.Depth)), notNegative("limit", int64(f.Limit)))
	case *Roots:
		switch {
		case f.Remove && f.Any() != nil:
			return Errorf(CodeBadField, "remove: a root is bound to a target or removed, not both")
		case f.Name == "" && (f.Remove || f.Any() != nil):
			return Errorf(CodeBadField, "name: the root's name is missing")
		}
	case *Log:
		return notNegative("limit", int64(f.Limit))
	case *Mind:
		switch {
		case f.Action != "" && f.Action != "status" && f.Action != "use":
			return Errorf(CodeBadField, `action: want "status" or "use"`)
		case f.Action == "use":
			return notEmpty("spec", f.Spec)
		}
	case *Cancel:
		return notEmpty("request", f.Request)
	}
	return nil
}

// targetless tells the commands that mean something without a target.
func targetless(fields any) bool {
	switch fields.(type) {
	case *Eval, *GetFullState, *Roots, *Log:
		return true
	}
	return false
}

func (r *Running) check() *Error {
	return first(notNegative("fuel", r.Fuel), notNegative("memory", r.Memory))
}

func notEmpty(field, s string) *Error {
	if s == "" {
		return Errorf(CodeBadField, "%s: the text is empty", field)
	}
	return nil
}

func notNegative(field string, n int64) *Error {
	if n < 0 {
		return Errorf(CodeBadField, "%s: want 0 or more, got %d", field, n)
	}
	return nil
}

func first(errs ...*Error) *Error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
