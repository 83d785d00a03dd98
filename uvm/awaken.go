package uvm

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"batos/genesis"
	"batos/image"
	"batos/lang/syntax"
)

// invariants are the organisation: what every commit that touches it must leave
// whole. Structure beyond it is free.
var invariants = []image.Invariant{
	{Root: "traits_obj", Selectors: []string{"clone", "setSlot_value_", "removeSlot_", "doesNotUnderstand_"}},
	{Root: "pLLM_obj", Selectors: []string{"reflectOn_", "infer_"}},
	{Root: "genesis_obj", Selectors: []string{"clone", "setSlot_value_", "doesNotUnderstand_", "reflectOn_"}},
	{Root: "codex", Frozen: true},
	{Root: "capabilities", Frozen: true},
}

// Awaken makes the primordial objects of an empty image, in one transaction. It
// says whether it did; an image that is awake stays as it is.
func (m *Machine) Awaken(ctx context.Context) (awoke bool, err error) {
	r := m.do(ctx, Caller{Author: "genesis", Architect: true}, "Prototypal Awakening", func(w *worker) (any, error) {
		awoke = false
		if _, ok, err := w.heap.Root("traits_obj"); err != nil || ok {
			return nil, err
		}
		awoke = true
		return nil, awaken(w.heap)
	})
	if r.Err != nil {
		return false, r.Err
	}
	return awoke, nil
}

// awaken reads the files of genesis into the heap.
func awaken(h *image.Heap) error {
	l := loader{heap: h, objects: map[string]*image.Object{}}
	for _, name := range genesis.Order {
		l.objects[name] = h.NewObject()
		if err := h.SetRoot(name, l.objects[name]); err != nil {
			return fmt.Errorf("naming %s: %w", name, err)
		}
	}
	for _, name := range genesis.Order {
		text, err := genesis.Files.ReadFile(name + ".py")
		if err != nil {
			return err
		}
		if err := l.load(l.objects[name], string(text)); err != nil {
			return fmt.Errorf("genesis/%s.py: %w", name, err)
		}
	}
	return nil
}

// loader makes objects of files; see package genesis for their form.
type loader struct {
	heap    *image.Heap
	objects map[string]*image.Object
}

func (l *loader) load(o *image.Object, text string) error {
	body, err := syntax.ParseBody(text)
	if err != nil {
		return err
	}
	lines := strings.Split(text, "\n")
	set := func(s syntax.Stmt, name string, v image.Value) error {
		if err := l.heap.SetSlot(o, image.Intern(name), v); err != nil {
			return fmt.Errorf("line %d: %w", s.At().Start.Line, err)
		}
		return nil
	}
	for i, stmt := range body.Stmts {
		refuse := func(why string) error { return fmt.Errorf("line %d: %s", stmt.At().Start.Line, why) }
		switch s := stmt.(type) {
		case *syntax.ExprStmt:
			doc, ok := s.X.(*syntax.StrLit)
			if i != 0 || !ok {
				return refuse("only the first statement may be a text")
			}
			if err := set(s, "comment", image.NewStr(strings.Join(strings.Fields(doc.Value), " "))); err != nil {
				return err
			}
		case *syntax.Assign:
			name, ok := s.Targets[0].(*syntax.Name)
			if !ok || len(s.Targets) > 1 {
				return refuse("an assignment has one name on its left")
			}
			v, err := l.literal(s.Value)
			if err != nil {
				return err
			}
			slot := name.ID
			if slot == "parents" {
				slot = "parent*"
			}
			if err := set(s, slot, v); err != nil {
				return err
			}
		case *syntax.FunctionDef:
			source := methodText(lines, s)
			if err := audit(s.Name, source); err != nil {
				return err
			}
			facts := map[string]string{"author": "genesis"}
			if err := set(s, s.Name, image.NewMethod(source, facts)); err != nil {
				return err
			}
		default:
			return refuse("only assignments and methods make slots")
		}
	}
	return nil
}

// methodText is a def with the comment lines right above it.
func methodText(lines []string, def *syntax.FunctionDef) string {
	first, last := int(def.Start.Line)-1, int(def.End.Line)
	if def.End.Col == 1 { // it ends before this line
		last--
	}
	for first > 0 && strings.HasPrefix(lines[first-1], "#") {
		first--
	}
	return strings.TrimRight(strings.Join(lines[first:min(last, len(lines))], "\n"), " \n") + "\n"
}

// literal makes the value of an expression that computes nothing.
func (l *loader) literal(x syntax.Expr) (image.Value, error) {
	items := func(xs []syntax.Expr) ([]image.Value, error) {
		out := make([]image.Value, 0, len(xs))
		for _, x := range xs {
			v, err := l.literal(x)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
	switch x := x.(type) {
	case *syntax.NoneLit:
		return image.None(), nil
	case *syntax.BoolLit:
		return image.Bool(x.Value), nil
	case *syntax.IntLit:
		n, ok := new(big.Int).SetString(x.Text, 0)
		if !ok {
			return image.Value{}, fmt.Errorf("line %d: %s is no integer", x.Start.Line, x.Text)
		}
		return image.NewBig(n), nil
	case *syntax.FloatLit:
		return image.Float(x.Value), nil
	case *syntax.StrLit:
		return image.NewStr(x.Value), nil
	case *syntax.Tuple:
		vs, err := items(x.Items)
		return image.NewTuple(vs), err
	case *syntax.List:
		vs, err := items(x.Items)
		if err != nil {
			return image.Value{}, err
		}
		return l.heap.NewList(vs).Value(), nil
	case *syntax.Dict:
		d := l.heap.NewDict()
		for i := range x.Keys {
			pair, err := items([]syntax.Expr{x.Keys[i], x.Values[i]})
			if err != nil {
				return image.Value{}, err
			}
			if err := d.Set(pair[0], pair[1]); err != nil {
				return image.Value{}, err
			}
		}
		return d.Value(), nil
	case *syntax.Unary:
		v, err := l.literal(x.X)
		switch {
		case err == nil && x.Op == syntax.Neg && v.IsInt():
			return image.Int(-v.AsInt()), nil
		case err == nil && x.Op == syntax.Neg && v.IsFloat():
			return image.Float(-v.AsFloat()), nil
		case err != nil:
			return v, err
		}
	case *syntax.Name:
		if o := l.objects[x.ID]; o != nil {
			return o.Value(), nil
		}
		return image.Value{}, fmt.Errorf("line %d: there is no object %s", x.Start.Line, x.ID)
	}
	return image.Value{}, fmt.Errorf("line %d: a slot's value is a literal or the name of an object", x.At().Start.Line)
}

// bindWorld gives the root "world" to what genesis_obj first displays itself as:
// in the transaction that makes it, so that it is kept.
func (w *worker) bindWorld(msg *message, value image.Value) error {
	if msg.selector != "display_yourself" || !value.IsObject() {
		return nil
	}
	genesisObj, ok, err := w.heap.Root("genesis_obj")
	if err != nil || !ok {
		return err
	}
	receiver, err := w.resolve(msg.target)
	if err != nil || receiver != genesisObj {
		return err
	}
	if _, bound, err := w.heap.Root("world"); err != nil || bound {
		return err
	}
	_, shown, err := w.heap.Lookup(value.Object(), image.Intern("submorphs"), nil)
	if err != nil || !shown {
		return err
	}
	return w.heap.SetRoot("world", value.Object())
}
