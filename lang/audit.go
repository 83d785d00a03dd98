package lang

import (
	"fmt"
	"sort"
	"strings"

	"batos/lang/syntax"
)

// AuditOptions say what a method must fit.
type AuditOptions struct {
	Selector  string          // its name; "" for any
	Args      int             // positional arguments that the message has; -1 for any
	Names     []string        // its keyword arguments
	Known     map[string]bool // names that are known besides locals and builtins: what the host adds
	Protected map[string]bool // slots of self and others that may not be written
	Refused   map[string]bool // builtins and host's names that may not be used
}

// AuditError says where and why a method is refused.
type AuditError struct {
	Line, Col int // from 1; 0 when unknown
	Reason    string
}

func (e *AuditError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Col, e.Reason)
}

// maxAudited bounds a method's text, in bytes.
const maxAudited = 64 << 10

// Audit reads a method before it goes into a slot: it is one function of the
// right name whose parameters take the message's arguments, self first; it uses
// only names that mean something, imports only what there is, and leaves
// protected slots alone. Errors: *syntax.Error, *AuditError.
//
// It is a check for honest mistakes and a fence before the trial, not the
// boundary of safety: that is the machine, which gives code no authority.
func Audit(source string, o AuditOptions) error {
	_, err := auditedMethod(source, o)
	return err
}

// auditedMethod is Audit, and gives what the compiler made of the text.
func auditedMethod(source string, o AuditOptions) (*Code, error) {
	if len(source) > maxAudited {
		return nil, &AuditError{Reason: fmt.Sprintf("the method has %d bytes, more than %d; split it", len(source), maxAudited)}
	}
	def, err := syntax.ParseMethod(source)
	if err != nil {
		return nil, err
	}
	a := &auditor{o: o}
	a.signature(def)
	syntax.Inspect(def, a.node)
	if a.failed != nil {
		return nil, a.failed
	}
	return compileMethod(def, source) // which has bounds of its own
}

type auditor struct {
	o      AuditOptions
	failed error
}

func (a *auditor) refuse(at syntax.Span, format string, args ...any) {
	if a.failed == nil {
		a.failed = &AuditError{int(at.Start.Line), int(at.Start.Col), fmt.Sprintf(format, args...)}
	}
}

func (a *auditor) signature(def *syntax.FunctionDef) {
	at := def.NamePos
	if a.o.Selector != "" && def.Name != a.o.Selector {
		a.refuse(at, "the method is called %s, but %s is asked for", def.Name, a.o.Selector)
	}
	p := &def.Params
	positional := append(append([]syntax.Param(nil), p.PosOnly...), p.Pos...)
	if len(positional) == 0 || positional[0].Name != "self" {
		a.refuse(at, "a method's first parameter is self: def %s(self, ...)", def.Name)
		return
	}
	positional = positional[1:]
	if a.o.Args < 0 {
		return
	}
	if a.o.Args > len(positional) && p.Star == nil {
		a.refuse(at, "the message has %d arguments, but the method takes %d besides self", a.o.Args, len(positional))
	}
	given := map[string]bool{}
	for _, name := range a.o.Names {
		given[name] = true
	}
	takes := map[string]bool{}
	for i, q := range positional {
		byName := i+1 >= len(p.PosOnly)
		takes[q.Name] = byName
		if i < a.o.Args && byName && given[q.Name] {
			a.refuse(q.Span, "the message gives the parameter %s twice, as argument %d and by name", q.Name, i+1)
		}
		if i >= a.o.Args && q.Default == nil && !(byName && given[q.Name]) {
			a.refuse(q.Span, "the message gives no value for the parameter %s; give it a default, or leave it out", q.Name)
		}
	}
	for _, q := range p.KwOnly {
		takes[q.Name] = true
		if q.Default == nil && !given[q.Name] {
			a.refuse(q.Span, "the message gives no value for the parameter %s; give it a default, or leave it out", q.Name)
		}
	}
	for _, name := range a.o.Names {
		if !takes[name] && p.Kw == nil {
			a.refuse(at, "the message has the keyword argument %s, which the method does not take", name)
		}
	}
}

func (a *auditor) node(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Name:
		if n.Ref.Place == syntax.InGlobal || n.Ref.Place == syntax.Unresolved {
			a.global(n)
		}
	case *syntax.Assign:
		for _, t := range n.Targets {
			a.written(t)
		}
	case *syntax.AugAssign:
		a.written(n.Target)
	case *syntax.AnnAssign:
		a.written(n.Target)
	case *syntax.Delete:
		for _, t := range n.Targets {
			a.written(t)
		}
	case *syntax.For:
		a.written(n.Target)
	case *syntax.Call:
		// setSlot_value_('name', v), removeSlot_('name') and setattr(o, 'name', v)
		// write slots too.
		a.writer(n)
	case *syntax.Import:
		for _, alias := range n.Names {
			a.imported(alias.Span, alias.Name)
		}
	case *syntax.ImportFrom:
		a.imported(n.Span, n.Module)
		for _, alias := range n.Names {
			a.member(n.Module, alias)
		}
	}
	return a.failed == nil
}

// imported refuses a module that import would not find when the method runs.
func (a *auditor) imported(at syntax.Span, module string) {
	linkOnce.Do(linkBuiltins)
	if modules[module] == nil {
		a.refuse(at, "there is no module %s; a method can import %s", module, strings.Join(moduleNames(), ", "))
	}
}

// member refuses a name that its module does not have.
func (a *auditor) member(module string, alias syntax.Alias) {
	if a.failed != nil {
		return
	}
	members := modules[module]().Members
	if _, ok := members[alias.Name]; ok {
		return
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	sort.Strings(names)
	a.refuse(alias.Span, "the module %s has no %s; it has %s", module, alias.Name, strings.Join(names, ", "))
}

func (a *auditor) global(n *syntax.Name) {
	switch {
	case a.o.Refused[n.ID]:
		a.refuse(n.Span, "%s is not for methods like this one; use the slots and methods of self", n.ID)
	case n.ID == "super" || a.o.Known[n.ID]:
	default:
		if _, ok := BuiltinNames()[n.ID]; ok {
			return
		}
		if instead := syntax.Refused[n.ID]; instead != "" {
			a.refuse(n.Span, "%s is not part of the method language: %s", n.ID, instead)
		} else {
			a.refuse(n.Span, "the name %s means nothing here: it is no parameter, local variable or builtin; objects are reached through slots of self", n.ID)
		}
	}
}

func (a *auditor) written(target syntax.Expr) {
	switch t := target.(type) {
	case *syntax.Attribute:
		a.slot(t.NamePos, t.Name)
	case *syntax.Subscript:
		if s, ok := t.Index.(*syntax.StrLit); ok {
			a.slot(t.Span, s.Value)
		}
	case *syntax.Tuple:
		for _, item := range t.Items {
			a.written(item)
		}
	case *syntax.List:
		for _, item := range t.Items {
			a.written(item)
		}
	case *syntax.Starred:
		a.written(t.X)
	}
}

func (a *auditor) writer(call *syntax.Call) {
	at := -1
	switch fn := call.Fn.(type) {
	case *syntax.Attribute:
		if fn.Name == "setSlot_value_" || fn.Name == "removeSlot_" {
			at = 0
		}
	case *syntax.Name:
		if fn.ID == "setattr" || fn.ID == "delattr" {
			at = 1
		}
	}
	if at >= 0 && at < len(call.Args) {
		if s, ok := call.Args[at].Value.(*syntax.StrLit); ok {
			a.slot(call.Span, s.Value)
		}
	}
}

func (a *auditor) slot(at syntax.Span, name string) {
	switch {
	case a.o.Protected[name]:
		a.refuse(at, "the slot '%s' is protected; a method may read it, not write it", name)
	case a.o.Protected["*"] && strings.HasSuffix(name, "*"):
		a.refuse(at, "the parents in '%s' are not for methods like this one to change", name)
	}
}

// BuiltinNames are the names that mean something in every method. The map must
// not be changed.
func BuiltinNames() map[string]Value {
	linkOnce.Do(linkBuiltins)
	return builtins
}
