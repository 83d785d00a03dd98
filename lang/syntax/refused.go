package syntax

// refusedWords are the parts of Python that the method language does not have,
// each with what to do instead.
var refusedWords = map[string]string{
	"class":    "class is not part of the method language; clone a prototype instead: account = traits_obj.clone(owner='Ann'), then account.setSlot_value_('deposit', method('def deposit(self, n): ...'))",
	"global":   "global is not part of the method language; keep the value in a slot instead: self.count = self.count + 1, or use nonlocal for a variable of the function around",
	"async":    "async is not part of the method language; a send waits by itself, and later(obj).m() goes on without waiting",
	"await":    "await is not part of the method language; a send waits by itself",
	"@":        "decorators are not part of the method language; call the function on the other instead: f = decorate(f)",
	"*":        "import * is not part of the method language; name what you need: from math import sqrt, pi",
	"relative": "relative imports are not part of the method language; what other objects offer is reached by sends: self.other.m()",
}

// Refused are the builtin names of Python that methods do not have, each with
// what to do instead. They are names, not syntax: a text that defines one
// itself may use it. The compiler and the audit of generated code look here.
var Refused = map[string]string{
	"eval":         "text is not run; make a method of it instead: obj.setSlot_value_('f', method(source))",
	"exec":         "text is not run; make a method of it instead: obj.setSlot_value_('f', method(source))",
	"compile":      "use method(source), which gives a method that can be put into a slot",
	"open":         "there are no files; keep what is to last in slots, which are persistent",
	"input":        "a message cannot wait for a keyboard; take what you need as a parameter",
	"__import__":   "use the import statement, with one of the modules it allows",
	"globals":      "there are no globals; reach objects through the slots of self",
	"locals":       "use the names themselves, or a dict",
	"vars":         "use obj.slotNames() and obj[name], or mirror(obj)",
	"dir":          "use obj.slotNames(), or mirror(obj)",
	"breakpoint":   "a message that fails stays as an object with its traceback and its locals; inspect that",
	"exit":         "a method ends with return, a message with raise",
	"quit":         "a method ends with return, a message with raise",
	"help":         "use mirror(obj), which shows sources and documentation",
	"bytearray":    "use bytes, which never change, or a list of numbers",
	"memoryview":   "use bytes and slices of it",
	"classmethod":  "there are no classes; put a method into a slot of the prototype",
	"staticmethod": "there are no classes; put a method into a slot of the prototype",
	"property":     "there are no classes; a method without parameters does it: obj.area()",
	"complex":      "there are no complex numbers; keep the two parts as floats",
}
