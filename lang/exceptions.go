package lang

import (
	"errors"
	"fmt"
	"slices"

	"batos/image"
)

// NewException makes an exception value.
func NewException(class *Type, args ...Value) *Exception {
	return &Exception{Header: image.NewHeader(KindException), Class: class, Args: args}
}

func raise(class *Type, format string, a ...any) error {
	if len(a) > 0 {
		format = fmt.Sprintf(format, a...)
	}
	return raiseText(class, format)
}

// raiseText raises class(text).
func raiseText(class *Type, text string) error {
	return &Raised{NewException(class, image.NewStr(validText(text)))}
}

// raiseValue raises class(v), as KeyError(key).
func raiseValue(class *Type, v Value) error { return &Raised{NewException(class, v)} }

// errText is an exception's text as str(e) gives it. Without a machine, values
// that live in the image are shown shortly.
func excText(e *Exception) string {
	p := &printer{limit: 1 << 16}
	if err := p.exceptionText(e); err != nil {
		return string(p.b) + "..."
	}
	return string(p.b)
}

func (p *printer) exceptionText(e *Exception) error {
	switch len(e.Args) {
	case 0:
		return nil
	case 1:
		if e.Class.SubclassOf(KeyError) {
			return p.repr(e.Args[0])
		}
		return p.str(e.Args[0])
	}
	if text, ok := codecText(e); ok {
		p.text(text)
		return nil
	}
	if e.Class.SubclassOf(OSError) && len(e.Args) == 2 {
		p.text("[Errno ")
		if err := p.str(e.Args[0]); err != nil {
			return err
		}
		p.text("] ")
		return p.str(e.Args[1])
	}
	return p.repr(image.NewTuple(e.Args))
}

// languageError turns what the image's own operations give into what a program
// can catch; other errors (storage, limits) pass.
func languageError(err error) error {
	if err == nil {
		return nil
	}
	var unhashable *image.UnhashableError
	switch {
	case errors.As(err, &unhashable):
		return raiseText(TypeError, err.Error())
	case errors.Is(err, image.ErrTooDeep):
		return raiseText(RecursionError, err.Error())
	case errors.Is(err, image.ErrNoSuchSlot), errors.Is(err, image.ErrCycle), errors.Is(err, image.ErrBadName):
		return raiseText(SlotError, err.Error())
	case errors.Is(err, image.ErrNotAParent), errors.Is(err, image.ErrNoSuchValue):
		return raiseText(TypeError, err.Error())
	}
	return err
}

// isRaised gives the exception when err is one of the class.
func isRaised(err error, class *Type) bool {
	var r *Raised
	return errors.As(err, &r) && r.Exc.Class.SubclassOf(class)
}

// exceptionAttribute reads an attribute of an exception.
func exceptionAttribute(e *Exception, name string) (Value, bool, error) {
	if v, ok := e.Attrs[name]; ok {
		return v, true, nil
	}
	switch name {
	case "args":
		return image.NewTuple(e.Args), true, nil
	case "__cause__":
		if !e.Cause.Absent() {
			return e.Cause, true, nil
		}
		return image.None(), true, nil
	case "__context__":
		if e.Context != nil {
			return e.Context.Value(), true, nil
		}
		return image.None(), true, nil
	case "__suppress_context__":
		return image.Bool(e.Suppress), true, nil
	case "__traceback__":
		return image.None(), true, nil
	case "encoding", "object", "start", "end", "reason":
		if at := slices.Index(unicodeParts, name); e.Class.SubclassOf(UnicodeError) && len(e.Args) == len(unicodeParts) {
			return e.Args[at], true, nil
		}
	case "value":
		if e.Class.SubclassOf(StopIteration) {
			if len(e.Args) > 0 {
				return e.Args[0], true, nil
			}
			return image.None(), true, nil
		}
	case "code":
		if e.Class == SystemExit {
			switch len(e.Args) {
			case 0:
				return image.None(), true, nil
			case 1:
				return e.Args[0], true, nil
			}
			return image.NewTuple(e.Args), true, nil
		}
	case "errno", "strerror", "filename":
		if e.Class.SubclassOf(OSError) {
			at := map[string]int{"errno": 0, "strerror": 1, "filename": 2}[name]
			if len(e.Args) >= 2 && at < len(e.Args) {
				return e.Args[at], true, nil
			}
			return image.None(), true, nil
		}
	case "name", "obj":
		if e.Class.SubclassOf(AttributeError) || e.Class.SubclassOf(NameError) || e.Class.SubclassOf(ImportError) {
			return image.None(), true, nil
		}
	case "msg":
		if e.Class.SubclassOf(ImportError) || e.Class.SubclassOf(SyntaxError) {
			if len(e.Args) > 0 {
				return e.Args[0], true, nil
			}
			return image.None(), true, nil
		}
	}
	return Value{}, false, nil
}

// setAttributeOf writes an attribute. Of builtin values only exceptions have
// attributes that can be written.
func setAttributeOf(v Value, name image.Symbol, value Value) error {
	n := name.String()
	if v.Kind() != KindException {
		if _, ok := methodOf(v, name); ok {
			return raise(AttributeError, "'%s' object attribute '%s' is read-only", typeName(v), n)
		}
		return raise(AttributeError, "'%s' object has no attribute '%s'", typeName(v), n)
	}
	e := exceptionOf(v)
	switch n {
	case "args":
		if value.Kind() != image.KindTuple {
			return raise(TypeError, "'%s' object is not iterable", typeName(value))
		}
		e.Args = value.Tuple()
		return nil
	case "__cause__":
		switch {
		case value.IsNone():
			e.Cause = Value{}
		case value.Kind() == KindException:
			e.Cause = value
		default:
			return raiseText(TypeError, "exception cause must be None or derive from BaseException")
		}
		e.Suppress = true
		return nil
	case "__context__":
		switch {
		case value.IsNone():
			e.Context = nil
		case value.Kind() == KindException:
			e.Context = exceptionOf(value)
		default:
			return raiseText(TypeError, "exception context must be None or derive from BaseException")
		}
		return nil
	case "__suppress_context__":
		e.Suppress = value.Kind() == image.KindBool && value.AsBool()
		return nil
	case "__traceback__":
		return nil
	}
	if e.Attrs == nil {
		e.Attrs = map[string]Value{}
	}
	e.Attrs[n] = value
	return nil
}

var exceptionMethods = map[image.Symbol]*NativeFunction{}

func init() {
	addMethods(exceptionMethods, "BaseException", methodTable{
		"with_traceback": one(func(m *Machine, a *Args) (Value, error) { return a.Self, nil }),
		"add_note": one(func(m *Machine, a *Args) (Value, error) {
			if a.Pos[0].Kind() != image.KindStr {
				return Value{}, raise(TypeError, "note must be a str, not '%s'", typeName(a.Pos[0]))
			}
			e := exceptionOf(a.Self)
			notes, ok := e.Attrs["__notes__"]
			if !ok {
				l, err := m.NewList(nil)
				if err != nil {
					return Value{}, err
				}
				notes = l
				if e.Attrs == nil {
					e.Attrs = map[string]Value{}
				}
				e.Attrs["__notes__"] = notes
			}
			return image.None(), m.listAppend(notes.List(), a.Pos[0])
		}),
	})
}
