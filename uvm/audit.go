package uvm

import (
	"fmt"
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// auditError says why a method is refused before it has run.
type auditError struct {
	line, col int
	why       string
}

func (e *auditError) Error() string {
	if e.line > 0 {
		return fmt.Sprintf("line %d, column %d: %s", e.line, e.col, e.why)
	}
	return e.why
}

// maxSource bounds a method's text, in bytes.
const maxSource = 64 << 10

// audit reads a method's source and checks what must hold for every method that
// goes into a slot: it is one def of the slot's name with a first parameter
// self. Errors: *syntax.Error, *auditError.
func audit(selector, source string) (*syntax.FunctionDef, error) {
	if len(source) > maxSource {
		return nil, &auditError{why: fmt.Sprintf("the method has %d bytes, more than %d; split it", len(source), maxSource)}
	}
	def, err := syntax.ParseMethod(source)
	if err != nil {
		return nil, err
	}
	at := func(s syntax.Span, format string, a ...any) error {
		return &auditError{int(s.Start.Line), int(s.Start.Col), fmt.Sprintf(format, a...)}
	}
	if def.Name != selector {
		return nil, at(def.NamePos, "the method is called %s, but %s is asked for", def.Name, selector)
	}
	if len(selector) >= 4 && strings.HasPrefix(selector, "__") && strings.HasSuffix(selector, "__") &&
		selector != "__enter__" && selector != "__exit__" {
		return nil, at(def.NamePos, "%s is a name that the language keeps for itself", selector)
	}
	if strings.HasPrefix(selector, "_p_") {
		return nil, at(def.NamePos, "names with _p_ belong to persistence; choose another")
	}
	positional := append(append([]syntax.Param(nil), def.Params.PosOnly...), def.Params.Pos...)
	if len(positional) == 0 || positional[0].Name != "self" {
		return nil, at(def.NamePos, "a method's first parameter is self: def %s(self, ...)", selector)
	}
	if positional[0].Default != nil {
		return nil, at(def.NamePos, "self takes no default")
	}
	return def, nil
}

// auditWritten checks also what must hold for a method that a mind wrote: it
// takes the arguments that were sent, and does not reach for what leads out of
// the image or changes whom an object delegates to.
func auditWritten(n *notUnderstood, source string) error {
	def, err := audit(n.selector, source)
	if err != nil {
		return err
	}
	if err := takes(def, n); err != nil {
		return err
	}
	for _, name := range []string{"primitive", "outside", "method"} {
		if at, ok := mentions(def, name); ok {
			return &auditError{int(at.Start.Line), int(at.Start.Col), name + " is not for written methods; use the slots and methods of self"}
		}
	}
	return nil
}

// takes checks the arguments of a send against a method's parameters.
func takes(def *syntax.FunctionDef, n *notUnderstood) error {
	refuse := func(format string, a ...any) error {
		return &auditError{int(def.NamePos.Start.Line), int(def.NamePos.Start.Col), fmt.Sprintf(format, a...)}
	}
	p := &def.Params
	positional := append(append([]syntax.Param(nil), p.PosOnly...), p.Pos...)[1:]
	given := map[string]bool{}
	if n.kwargs != nil {
		for _, e := range n.kwargs.Entries {
			name, _ := e.Key.(string)
			given[name] = true
		}
	}
	if len(n.args) > len(positional) && p.Star == nil {
		return refuse("the message has %d arguments, but the method takes %d besides self", len(n.args), len(positional))
	}
	named := map[string]bool{}
	for i, q := range positional {
		byName := i >= len(p.PosOnly)-1 && given[q.Name]
		named[q.Name] = true
		if i >= len(n.args) && q.Default == nil && !byName {
			return refuse("the message gives no value for the parameter %s; give it a default, or leave it out", q.Name)
		}
	}
	for _, q := range p.KwOnly {
		named[q.Name] = true
		if q.Default == nil && !given[q.Name] {
			return refuse("the message gives no value for the parameter %s; give it a default, or leave it out", q.Name)
		}
	}
	for name := range given {
		if !named[name] && p.Kw == nil {
			return refuse("the message has the keyword argument %s, which the method does not take", name)
		}
	}
	return nil
}

// argumentText writes the arguments of a send as people do.
func argumentText(args []any, kwargs *image.Map) string {
	var parts []string
	for _, a := range args {
		parts = append(parts, plainText(a))
	}
	if kwargs != nil {
		for _, e := range kwargs.Entries {
			parts = append(parts, fmt.Sprintf("%v=%s", e.Key, plainText(e.Value)))
		}
	}
	return strings.Join(parts, ", ")
}
