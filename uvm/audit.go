package uvm

import (
	"fmt"
	"strings"

	"batos/image"
	"batos/lang"
)

// known are the names that the machine adds to the language's builtins.
var known = map[string]bool{"later": true, "mirror": true, "outside": true, "primitive": true}

// What a method that answers a question may not use, or write: what leads out
// of the image, and whom an object delegates to or asks.
var (
	refusedNames   = map[string]bool{"primitive": true, "outside": true, "method": true}
	protectedSlots = map[string]bool{"*": true, "minds": true, "engines": true, "attempts": true}
)

// audit checks what must hold for every method that goes into a slot. Errors:
// *syntax.Error, *lang.AuditError.
func audit(selector, source string) error {
	if err := nameable(selector); err != nil {
		return err
	}
	return lang.Audit(source, lang.AuditOptions{Selector: selector, Args: -1, Known: known})
}

// auditWritten checks also what must hold for a method that answers a question:
// it takes the arguments that were sent, and keeps its hands off what is not
// its business.
func auditWritten(n *notUnderstood, source string) error {
	if err := nameable(n.selector); err != nil {
		return err
	}
	o := lang.AuditOptions{Selector: n.selector, Args: len(n.args), Known: known, Refused: refusedNames, Protected: protectedSlots}
	if n.kwargs != nil {
		for _, e := range n.kwargs.Entries {
			name, _ := e.Key.(string)
			o.Names = append(o.Names, name)
		}
	}
	return lang.Audit(source, o)
}

// nameable refuses selectors that the language keeps for itself.
func nameable(selector string) error {
	dunder := strings.HasPrefix(selector, "__") && strings.HasSuffix(selector, "__")
	switch {
	case selector == "__enter__", selector == "__exit__":
	case dunder, strings.HasPrefix(selector, "_p_"):
		return &lang.AuditError{Reason: selector + " is a name that the language keeps for itself; choose another"}
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
