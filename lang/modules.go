package lang

import "batos/image"

// modules is the allow-list of import.
var modules = map[string]func() *Module{}

// module makes a module of constants and functions.
func module(name string, members map[string]Value, functions methodTable) func() *Module {
	return func() *Module {
		m := &Module{Header: image.NewHeader(KindModule), Name: name, Members: map[string]Value{}}
		for k, v := range members {
			m.Members[k] = v
		}
		for k, s := range functions {
			m.Members[k] = s.native("", k).Value()
		}
		return m
	}
}
