// Package genesis holds the primordial objects as text: what an image is made
// of when it awakens.
//
// One file is one object, and the file's name is the name of its root. A file
// begins with a docstring (kept in the slot "comment"), then come assignments,
// each a slot, and methods, each one too. The assignment to parents makes the
// slot "parent*". A bare name on the right-hand side is the object of the file
// of that name; everything else is a literal. The comment lines right above a
// def belong to the method.
//
// To understand the system, read two files: traits_obj.py, what every object
// can do, and pLLM_obj.py, what an object does about a message it does not
// understand.
//
// There is no logic here. The uvm reads the files once, in one transaction;
// from then on the image's own objects are the truth, and editing these files
// changes new images only.
package genesis

import "embed"

// Files are the objects, NAME.py each.
//
//go:embed *.py
var Files embed.FS

// Order is the order in which the objects are made, and so their oids.
var Order = []string{
	"traits_obj", "pLLM_obj", "genesis_obj", "codex",
	"morph", "text_morph", "proto_morph", "world_morph",
	"transcript", "personas", "heartbeat", "weaver",
	"capabilities", "minds", "message",
}
