package uvm

import "batos/lang"

// The language's exception classes that the machine raises.
var (
	classNotUnderstood   = &lang.Type{Name: "NotUnderstood", Exception: true}
	classSlotError       = &lang.Type{Name: "SlotError", Exception: true}
	classTypeError       = &lang.Type{Name: "TypeError", Exception: true}
	classValueError      = &lang.Type{Name: "ValueError", Exception: true}
	classRuntimeError    = &lang.Type{Name: "RuntimeError", Exception: true}
	classPermissionError = &lang.Type{Name: "PermissionError", Exception: true}
)
