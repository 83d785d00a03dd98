package lang

import (
	"strings"

	"batos/image"
	"batos/lang/syntax"
)

// instr is one instruction in a word: from the low end 8 bits of opcode, three
// of 8 bits that mostly name registers of the activation's window (a the one
// that gets the result), and 32 bits d: a jump target, a constant, a site or a
// number. As a word it is read by one load.
type instr uint64

func newInstr(op opcode, a, b, c uint8, d int32) instr {
	return instr(op) | instr(a)<<8 | instr(b)<<16 | instr(c)<<24 | instr(uint32(d))<<32
}

func (i instr) op() opcode { return opcode(i) }
func (i instr) a() uint8   { return uint8(i >> 8) }
func (i instr) b() uint8   { return uint8(i >> 16) }
func (i instr) c() uint8   { return uint8(i >> 24) }
func (i instr) d() int32   { return int32(i >> 32) }

// to gives the jump with its target.
func (i instr) to(d int32) instr { return i&(1<<32-1) | instr(uint32(d))<<32 }

type opcode uint8

// windowSize is the number of registers that an activation can name.
const windowSize = 256

// The instructions. R is the register window, K the constants. An instruction
// that may have to wait for another activation is done again, or finished, when
// the value comes (see Machine.deliver).
const (
	opNop       opcode = iota
	opMove             // R[a] = R[b]
	opConst            // R[a] = K[d]
	opInt              // R[a] = d
	opCheck            // fail unless local a is bound
	opDelete           // unbind local a
	opMakeCell         // R[a] = cell with R[a]
	opNewCell          // R[a] = empty cell
	opLoadCell         // R[a] = R[b].cell
	opStoreCell        // R[a].cell = R[b]
	opDelCell          // unbind R[a].cell
	opClearCell        // the same without failing; with c = 1 free[a]
	opLoadFree         // R[a] = free[d]
	opStoreFree        // free[d] = R[b]
	opDelFree          // unbind free[d]
	opGlobal           // R[a] = host's name K[d]

	opAdd      // R[a] = R[b] + R[c]; with d = 1 as +=
	opSub      // likewise
	opMul      // likewise
	opFloorDiv // likewise
	opMod      // likewise
	opBinary   // R[a] = R[b] op R[c], op = d
	opInplace  // the same as an augmented assignment
	opAddInt   // R[a] = R[b] + d; with c = 1 as +=
	opSubInt   // R[a] = R[b] - d; with c = 1 as -=
	opUnary    // R[a] = op R[b], op = d
	opCompare  // R[a] = R[b] op R[c], op = d

	opJump        // to d, forwards
	opLoop        // to d, backwards
	opJumpTrue    // to d if R[a]
	opJumpFalse   // to d unless R[a]
	opJumpBound   // to d if local a is bound
	opJumpLess    // to d if (R[a] < R[b]) is c
	opJumpLessEq  // and so on
	opJumpGreater //
	opJumpGreaterEq
	opJumpEq
	opJumpNotEq
	opJumpLessInt // to d if (R[a] < b as int8) is c
	opJumpLessEqInt
	opJumpGreaterInt
	opJumpGreaterEqInt
	opJumpEqInt
	opJumpNotEqInt
	opJumpNone // to d if (R[a] is None) is c

	opList       // R[a] = list of R[b:b+c]
	opTuple      // R[a] = tuple of R[b:b+c]
	opSet        // R[a] = set of R[b:b+c]
	opDict       // R[a] = {}
	opDictSet    // R[a][R[b]] = R[c], in a display
	opDictMerge  // R[a].update(R[b]), as ** in a display; with c = 1 as in a call of R[a-2]
	opListAppend // R[a].append(R[b])
	opSetAdd     // R[a].add(R[b])
	opListTuple  // R[a] = tuple of list R[b]
	opSlice      // R[a] = slice(R[b], R[b+1], R[b+2])
	opString     // R[a] = texts R[b:b+c] joined
	opFormat     // R[a] = format(R[b], c = conversion, spec R[b+1] if d = 1)

	opGetItem  // R[a] = R[b][R[c]]
	opSetItem  // R[a][R[b]] = R[c]
	opDelItem  // del R[a][R[b]]
	opGetAttr  // R[a] = R[b].name, d = site
	opSetAttr  // R[a].name = R[b], d = site
	opDelAttr  // del R[a].name, d = site
	opIncConst // R[a].name op= b as int8, c = op, d = site
	opSuperGet // R[a] = super().name, d = site

	opSend       // R[a] = R[c].name(R[b+1]...), d = site; R[b] becomes the receiver
	opSuperSend  // the same from the parents of the holder
	opCall       // R[a] = R[b](R[b+1]...), d = site
	opReturn     // R[a]
	opReturnNone // None
	opFunction   // R[a] = closure of functions[d], defaults in R[b]...
	opForNext    // R[a] = next of loop state R[b], or to d
	opHalt       // the run ends with R[0]
	opYield      // R[a] = what is sent back for R[b]
	opRaise      // R[a]; with c = 1 from R[b]; with c = 2 what is handled
	opReraise    // R[a], unchanged
	opPushExc    // R[a] is handled from here on, R[a+1] keeps what was
	opPopExc     // R[a+1] is handled again
	opExcClass   // R[a] = class of exception R[b]
	opNoMatch    // to d unless exception R[a] is caught by R[b]
	opImport     // R[a] = module K[d]
	opImportFrom
	opWithCheck // fail unless R[a] has __enter__ and __exit__

	opMatchLen     // to d unless R[a] is a sequence of b items; with c = 1 of at least b
	opMatchItem    // R[a] = R[b][c] of a sequence; with d = 1 counted from its end
	opMatchRest    // R[a] = list of the items of R[b] but the first c and the last d
	opMatchMapping // to d unless R[a] is a mapping of at least b entries
	opMatchKey     // R[a] = R[b][R[c]], or to d when it is missing
	opMatchRemain  // R[a] = dict of R[b] without the d keys in R[c]...
	opMatchClass   // to d unless R[a] is an instance of R[b]; c = number of positional patterns
	opMatchAttr    // R[a] = attribute K[d] of R[b], or absent

	// What follows treats a value that another activation delivers in a way of
	// its own; all before put it into R[a].
	opForPair    // R[a], R[c] = next pair of loop state R[b], or to d
	opForPrep    // loop state R[a], R[a+1] over R[b]
	opIter       // R[a] = iter(R[b])
	opUnpack     // R[a:a+c] = items of R[b]
	opUnpackRest // R[a:a+c+1+d] = items of R[b], the one after c of them a list
	opListExtend // R[a].extend(R[b])
	opSetExtend  // R[a].update(R[b])
	opYieldFrom  // R[a] = value of iterator R[b] run to its end; R[c] is what was sent
	opIncAttr    // R[a].name op= R[b], c = op, d = site

	opFirstDelivered = opForPair
)

// Code is a compiled function. It belongs to one heap's machine, since its
// inline caches hold what that heap's objects look like.
type Code struct {
	name      string
	qualified string // for messages: outer.<locals>.name
	doc       string
	text      *sourceText
	ins       []instr
	spans     []syntax.Span // one for each instruction
	consts    []Value
	sites     []site
	functions []*Code // nested ones, as opFunction makes them
	handlers  []handler
	locals    []syntax.Local
	free      []string
	freeFrom  []syntax.Ref
	registers int // used, locals included

	params   []string // in the order of registers
	posOnly  int
	pos      int // positional, positional-only included
	kwOnly   int
	star, kw bool
	defaults []Value // of pos and kwOnly, absent for none; only in methods
	optional []bool  // which of pos and kwOnly may be left out
	least    int     // arguments from which the other positional ones have defaults
	filled   int     // the same, but with defaults that stand in defaults

	eval     bool   // a name that it has not bound yet means what it means outside
	evalFree []bool // which of free are variables of an eval

	generator bool
	super     bool
	simple    bool   // called by laying fixed arguments into its first registers
	hidden    bool   // of the prelude: not shown in tracebacks
	typeName  string // of the generators it makes
}

// handler says where control goes when instruction start <= pc < end fails:
// to target, with the exception in register reg. The first that fits is taken.
type handler struct {
	start, end, target int32
	reg                uint8
	cleanup            bool // of a finally or with: it runs and raises again
}

// How the arguments of a call are laid out.
const (
	argsFixed    uint8 = iota // nargs values
	argsKeywords              // then one value for each of names
	argsSpread                // a list and a dict (or None)
)

// site is what an instruction that names a slot knows: the name, the form of a
// call's arguments, and the inline cache.
//
// What the cache says is true while the receiver has shape, and, when the slot
// was found above the receiver (holder is not nil), while the heap's stamp has
// not moved. When only the stamp has moved and the epoch has not, it is true
// again once walked has been recorded as read.
type site struct {
	name  image.Symbol
	mode  uint8
	nargs uint8
	names []string

	shape  *image.Shape
	stamp  uint64
	epoch  uint64
	holder *image.Object
	index  int32
	code   *Code         // of a send, when nargs fit it exactly
	method *image.Method // whose code it is
	walked []*image.Object

	kind   image.Kind // of a receiver of a builtin type
	native *NativeFunction
	origin *image.Object // of a resend: the object whose parents were searched
}

// sourceText is the text that a method and the functions in it stand in.
type sourceText struct {
	text  string
	lines []string
}

func (t *sourceText) line(n int) string {
	if t.lines == nil {
		t.lines = strings.Split(t.text, "\n")
	}
	if n < 1 || n > len(t.lines) {
		return ""
	}
	return strings.TrimSuffix(t.lines[n-1], "\r")
}

// Name is the function's name; a method's is its selector.
func (c *Code) Name() string { return c.name }

// Doc is the docstring, "" for none.
func (c *Code) Doc() string { return c.doc }

// Source is the text that the code was compiled from.
func (c *Code) Source() string { return c.text.text }

// Params are the names of the parameters: positional ones, keyword-only ones,
// then those of *args and **kwargs.
func (c *Code) Params() []string { return c.params }

// Generator says whether calling it makes a generator.
func (c *Code) Generator() bool { return c.generator }

// CompileMethod compiles a text that is one def. The error is *syntax.Error.
// Defaults of a method's parameters that are not constants are evaluated at
// each call that needs them, since a method is text and keeps no state.
func CompileMethod(source string) (*Code, error) {
	def, err := syntax.ParseMethod(source)
	if err != nil {
		return nil, err
	}
	return compileMethod(def, source)
}
