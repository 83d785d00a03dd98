package syntax

// Pos is a place in a source text. Lines and columns count from 1; columns
// count code points.
type Pos struct{ Line, Col int32 }

// Span is where a node stands; End is just behind it.
type Span struct{ Start, End Pos }

// At gives the span itself, so that every node that embeds one is a Node.
func (s Span) At() Span { return s }

// Node is any node of the tree.
type Node interface{ At() Span }

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// Scope is what the resolver found out about one function: a def, a lambda, a
// generator expression or the body of an eval. Other comprehensions have no
// function of their own: their targets are locals of the function around them,
// under a name no program can write (".0.x"), and start anew each time.
type Scope struct {
	Params    int     // the first Params locals are the parameters, in the order of Params.All
	Locals    []Local // one register each
	Free      []string
	FreeFrom  []Ref // where the enclosing function finds each Free: its own local or free variable
	Generator bool  // has a yield, or is a generator expression
	Super     bool  // it, or a function inside it, uses super()
	Body      bool  // of an eval: a local not bound yet reads as a global does
}

// Local is a local variable. A captured one lives in a cell.
type Local struct {
	Name     string
	Captured bool
}

// Place says where a name lives.
type Place uint8

const (
	Unresolved Place = iota
	InLocal          // a register
	InCell           // a captured local: a register that holds a cell
	InFree           // a cell of an enclosing function
	InGlobal         // a builtin, a root (in eval) or nothing
)

// Ref is a resolved name: Index counts in Scope.Locals or Scope.Free.
type Ref struct {
	Place Place
	Index int
}

// Params are the parameters of a function.
type Params struct {
	PosOnly []Param // before '/'
	Pos     []Param
	Star    *Param // *args
	KwOnly  []Param
	Kw      *Param // **kwargs
}

// Param is one parameter. Default is nil when it has none.
type Param struct {
	Span
	Name       string
	Default    Expr
	Annotation Expr
}

// All lists the parameters in the order of their registers: positional-only,
// positional, keyword-only, *args, **kwargs.
func (p *Params) All() []*Param {
	var all []*Param
	for _, group := range [][]Param{p.PosOnly, p.Pos, p.KwOnly} {
		for i := range group {
			all = append(all, &group[i])
		}
	}
	for _, q := range []*Param{p.Star, p.Kw} {
		if q != nil {
			all = append(all, q)
		}
	}
	return all
}

// Body is a parsed text: one def (ParseMethod) or statements (ParseBody).
type Body struct {
	Span
	Source string
	Stmts  []Stmt
	Scope  *Scope // of an eval: nothing in it is captured from outside
}

// The statements.
type (
	ExprStmt struct {
		Span
		X Expr
	}
	Assign struct { // a = b = v
		Span
		Targets []Expr
		Value   Expr
	}
	AugAssign struct { // a += v
		Span
		Target Expr
		Op     BinaryOp
		Value  Expr
	}
	AnnAssign struct { // a: T = v; Value may be nil
		Span
		Target     Expr
		Annotation Expr
		Value      Expr
	}
	Delete struct {
		Span
		Targets []Expr
	}
	Return struct {
		Span
		Value Expr // nil for none
	}
	Raise struct {
		Span
		Exc, Cause Expr // nil for none
	}
	Assert struct {
		Span
		Test, Msg Expr // Msg nil for none
	}
	Pass     struct{ Span }
	Break    struct{ Span }
	Continue struct{ Span }
	If       struct {
		Span
		Test       Expr
		Body, Else []Stmt
	}
	While struct {
		Span
		Test       Expr
		Body, Else []Stmt
	}
	For struct {
		Span
		Target     Expr
		Iter       Expr
		Body, Else []Stmt
	}
	Try struct {
		Span
		Body     []Stmt
		Handlers []Handler
		Else     []Stmt
		Finally  []Stmt
	}
	With struct {
		Span
		Items []WithItem
		Body  []Stmt
	}
	Match struct {
		Span
		Subject Expr
		Cases   []Case
	}
	FunctionDef struct {
		Span
		Name    string
		NamePos Span
		Ref     Ref // where the name is bound in the scope around
		Params  Params
		Returns Expr
		Body    []Stmt
		Doc     string // its docstring, "" for none
		Scope   *Scope
		Outer   *Scope // of a method: the locals that its defaults need (comprehensions, :=); nil for none, as nearly always
	}
	Nonlocal struct {
		Span
		Names []string
	}
	Import struct { // import a, b as c
		Span
		Names []Alias
	}
	ImportFrom struct { // from a import b as c
		Span
		Module string
		Names  []Alias
	}
)

// Handler is one except clause.
type Handler struct {
	Span
	Type Expr  // nil catches everything that can be caught
	Name *Name // as NAME; nil for none
	Body []Stmt
}

// WithItem is one item of a with.
type WithItem struct {
	Span
	Context Expr
	Target  Expr // nil for none
}

// Alias is one name of an import.
type Alias struct {
	Span
	Name string // of the module or the member, dots included
	As   string // what it is bound to
	Ref  Ref
}

// Case is one case of a match.
type Case struct {
	Span
	Pattern Pattern
	Guard   Expr // nil for none
	Body    []Stmt
}

// Pattern is a pattern of a match.
type Pattern interface {
	Node
	pattern()
}

// The patterns.
type (
	MatchValue struct { // compared with ==; None, True and False with is
		Span
		Value Expr
	}
	MatchCapture struct { // NAME, or _ with a nil Name
		Span
		Name *Name
	}
	MatchAs struct {
		Span
		Pattern Pattern
		Name    *Name
	}
	MatchOr struct {
		Span
		Alternatives []Pattern
	}
	MatchSequence struct {
		Span
		Items []Pattern // at most one MatchStar
	}
	MatchStar struct { // *NAME, or *_ with a nil Name
		Span
		Name *Name
	}
	MatchMapping struct {
		Span
		Keys     []Expr
		Patterns []Pattern
		Rest     *Name // **NAME; nil for none
	}
	MatchClass struct {
		Span
		Class      Expr
		Positional []Pattern
		Names      []string
		Named      []Pattern
	}
)

// BinaryOp is a binary operator.
type BinaryOp uint8

const (
	Add BinaryOp = iota
	Sub
	Mul
	Div
	FloorDiv
	Mod
	Pow
	LShift
	RShift
	BitAnd
	BitOr
	BitXor
	MatMul
)

var binaryText = [...]string{"+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"}

// String is the operator as written: "//".
func (op BinaryOp) String() string { return binaryText[op] }

// UnaryOp is a unary operator.
type UnaryOp uint8

const (
	Neg UnaryOp = iota
	Plus
	Invert
	Not
)

var unaryText = [...]string{"-", "+", "~", "not"}

func (op UnaryOp) String() string { return unaryText[op] }

// CompareOp is a comparison.
type CompareOp uint8

const (
	Eq CompareOp = iota
	NotEq
	Less
	LessEq
	Greater
	GreaterEq
	Is
	IsNot
	In
	NotIn
)

var compareText = [...]string{"==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"}

func (op CompareOp) String() string { return compareText[op] }

// The expressions.
type (
	Name struct {
		Span
		ID  string
		Ref Ref
	}
	NoneLit  struct{ Span }
	Ellipsis struct{ Span }
	BoolLit  struct {
		Span
		Value bool
	}
	IntLit struct {
		Span
		Text string // decimal digits, or with 0x, 0o, 0b; without underscores
	}
	FloatLit struct {
		Span
		Value float64
	}
	StrLit struct { // adjacent literals joined
		Span
		Value string
	}
	BytesLit struct {
		Span
		Value string
	}
	FString struct { // literal texts are *StrLit, replacements *Replacement
		Span
		Parts []Expr
	}
	Replacement struct {
		Span
		X          Expr
		Debug      string   // of {x=}: the text up to and including '='; "" for none
		Conversion byte     // 'r', 's', 'a', or 0
		Spec       *FString // nil for none
	}
	Tuple struct {
		Span
		Items []Expr
		Paren bool
	}
	List struct {
		Span
		Items []Expr
	}
	Set struct {
		Span
		Items []Expr
	}
	Dict struct {
		Span
		Keys, Values []Expr // a nil key is **value
	}
	Unary struct {
		Span
		Op UnaryOp
		X  Expr
	}
	Binary struct {
		Span
		Op   BinaryOp
		X, Y Expr
	}
	BoolOp struct { // and, or: with at least two operands
		Span
		Or       bool
		Operands []Expr
	}
	Compare struct { // x < y <= z
		Span
		First Expr
		Ops   []CompareOp
		Rest  []Expr
	}
	Conditional struct { // a if test else b
		Span
		Test, Then, Else Expr
	}
	Walrus struct {
		Span
		Target *Name
		Value  Expr
	}
	Lambda struct {
		Span
		Params Params
		Body   Expr
		Scope  *Scope
	}
	Call struct {
		Span
		Fn   Expr
		Args []Arg
	}
	Attribute struct {
		Span
		X       Expr
		Name    string
		NamePos Span
	}
	Subscript struct {
		Span
		X, Index Expr
	}
	Slice struct { // only as an index, or in a Tuple that is one; parts may be nil
		Span
		Low, High, Step Expr
	}
	Starred struct {
		Span
		X Expr
	}
	Comprehension struct {
		Span
		Kind    ComprehensionKind
		X       Expr // the element, or the key
		Value   Expr // of a dict comprehension
		Clauses []Clause
		Scope   *Scope // of a generator expression, whose first iterable is its only parameter ".0"
	}
	Yield struct {
		Span
		Value Expr // nil for none
	}
	YieldFrom struct {
		Span
		X Expr
	}
)

// ComprehensionKind tells comprehensions apart.
type ComprehensionKind uint8

const (
	ListComp ComprehensionKind = iota
	SetComp
	DictComp
	GeneratorExp
)

// Clause is one "for TARGET in ITER if ...".
type Clause struct {
	Span
	Target Expr
	Iter   Expr
	Ifs    []Expr
}

// Arg is one argument of a call.
type Arg struct {
	Span
	Name  string // keyword; "" for a positional one
	Star  int    // 1 for *x, 2 for **x
	Value Expr
}

func (*ExprStmt) stmt()    {}
func (*Assign) stmt()      {}
func (*AugAssign) stmt()   {}
func (*AnnAssign) stmt()   {}
func (*Delete) stmt()      {}
func (*Return) stmt()      {}
func (*Raise) stmt()       {}
func (*Assert) stmt()      {}
func (*Pass) stmt()        {}
func (*Break) stmt()       {}
func (*Continue) stmt()    {}
func (*If) stmt()          {}
func (*While) stmt()       {}
func (*For) stmt()         {}
func (*Try) stmt()         {}
func (*With) stmt()        {}
func (*Match) stmt()       {}
func (*FunctionDef) stmt() {}
func (*Nonlocal) stmt()    {}
func (*Import) stmt()      {}
func (*ImportFrom) stmt()  {}

func (*MatchValue) pattern()    {}
func (*MatchCapture) pattern()  {}
func (*MatchAs) pattern()       {}
func (*MatchOr) pattern()       {}
func (*MatchSequence) pattern() {}
func (*MatchStar) pattern()     {}
func (*MatchMapping) pattern()  {}
func (*MatchClass) pattern()    {}

func (*Name) expr()          {}
func (*NoneLit) expr()       {}
func (*Ellipsis) expr()      {}
func (*BoolLit) expr()       {}
func (*IntLit) expr()        {}
func (*FloatLit) expr()      {}
func (*StrLit) expr()        {}
func (*BytesLit) expr()      {}
func (*FString) expr()       {}
func (*Replacement) expr()   {}
func (*Tuple) expr()         {}
func (*List) expr()          {}
func (*Set) expr()           {}
func (*Dict) expr()          {}
func (*Unary) expr()         {}
func (*Binary) expr()        {}
func (*BoolOp) expr()        {}
func (*Compare) expr()       {}
func (*Conditional) expr()   {}
func (*Walrus) expr()        {}
func (*Lambda) expr()        {}
func (*Call) expr()          {}
func (*Attribute) expr()     {}
func (*Subscript) expr()     {}
func (*Slice) expr()         {}
func (*Starred) expr()       {}
func (*Comprehension) expr() {}
func (*Yield) expr()         {}
func (*YieldFrom) expr()     {}
