package uvm

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"batos/image"
	"batos/mind"
)

// engines are the minds by spec, each opened when it is first asked.
type engines struct {
	open func(spec string) (mind.Engine, error)
	mu   sync.Mutex
	made map[string]mind.Engine
}

func (e *engines) engine(spec string) (mind.Engine, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if engine := e.made[spec]; engine != nil {
		return engine, nil
	}
	engine, err := e.open(spec)
	if err != nil {
		return nil, err
	}
	if e.made == nil {
		e.made = map[string]mind.Engine{}
	}
	e.made[spec] = engine
	return engine, nil
}

// ladderHolder and ladderSlot are where the image keeps its ladder of engines.
const (
	ladderHolder = "pLLM_obj"
	ladderSlot   = "engines"
)

func ladderIn(h *image.Heap) ([]string, error) {
	o, err := resolveIn(h, ladderHolder)
	if err != nil {
		return nil, err
	}
	if err := h.Read(&o.Entity); err != nil {
		return nil, err
	}
	i := o.Shape.Find(image.Intern(ladderSlot))
	var specs []string
	if i >= 0 {
		plain, err := h.Export(o.Slots[i], 0)
		if err != nil {
			return nil, err
		}
		items, _ := plain.([]any)
		for _, item := range items {
			if s, ok := item.(string); ok && !slices.Contains(specs, s) {
				specs = append(specs, s)
			}
		}
	}
	if !slices.Contains(specs, "human") {
		specs = append(specs, "human")
	}
	return specs, nil
}

// Minds tells of the ladder of engines, in the order in which they are asked,
// and whether they are ready now.
func (m *Machine) Minds(ctx context.Context) ([]MindStatus, error) {
	var specs []string
	if err := m.read(ctx, 0, func(h *image.Heap) (err error) {
		specs, err = ladderIn(h)
		return err
	}); err != nil {
		return nil, err
	}
	minds := make([]MindStatus, len(specs))
	var probes sync.WaitGroup
	for i, spec := range specs {
		minds[i] = MindStatus{Spec: spec, Default: i == 0}
		engine, err := m.minds.engine(spec)
		if err != nil {
			minds[i].Detail = err.Error()
			continue
		}
		minds[i].Engine = engine.Name()
		probes.Add(1)
		go func() {
			defer probes.Done()
			defer func() {
				if fault := recover(); fault != nil {
					minds[i].Detail = fmt.Sprintf("a fault in the engine: %v", fault)
				}
			}()
			s := engine.Probe(ctx)
			minds[i].Model, minds[i].Ready, minds[i].Detail = s.Model, s.Ready, s.Detail
		}()
	}
	probes.Wait()
	return minds, nil
}

// UseMind puts an engine at the top of the ladder, durably. Questions that wait
// for a person are put to it.
func (m *Machine) UseMind(ctx context.Context, c Caller, spec string) ([]MindStatus, error) {
	if _, err := m.minds.engine(spec); err != nil {
		return nil, &Error{Code: CodeBadField, Message: err.Error(), Cause: err}
	}
	r := m.do(ctx, Caller{Author: author(c), Architect: c.Architect}, "use mind "+spec, func(w *worker) (any, error) {
		o, err := w.resolve(ladderHolder)
		if err != nil {
			return nil, err
		}
		specs, err := ladderIn(w.heap)
		if err != nil {
			return nil, err
		}
		specs = slices.Insert(slices.DeleteFunc(specs, func(s string) bool { return s == spec }), 0, spec)
		if spec == "human" {
			specs = []string{"human"} // nobody but a person is to be asked
		}
		items := make([]image.Value, len(specs))
		for i, s := range specs {
			items[i] = image.NewStr(s)
		}
		return nil, w.heap.SetSlot(o, image.Intern(ladderSlot), w.heap.NewList(items).Value())
	})
	if r.Err != nil {
		return nil, r.Err
	}
	if spec != "human" {
		m.askAnew()
	}
	return m.Minds(ctx)
}

// askAnew lets the messages whose question waits for a person begin again with
// an empty journal, so that they go down the ladder from its top.
func (m *Machine) askAnew() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, msg := range m.messages {
		if msg.question == nil || msg.state != stateWaiting || msg.answering != nil {
			continue
		}
		msg.journal, msg.question, msg.state = nil, nil, stateRunning
		m.enqueue(msg)
	}
}
