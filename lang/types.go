package lang

import (
	"batos/image"
)

// The builtin types. isinstance goes by Kinds; what type(x) gives is typeOf.
var (
	ObjectType      = builtinType("object")
	IntType         = builtinType("int", image.KindInt, image.KindBig, image.KindBool)
	BoolType        = builtinType("bool", image.KindBool)
	FloatType       = builtinType("float", image.KindFloat)
	StrType         = builtinType("str", image.KindStr)
	BytesType       = builtinType("bytes", image.KindBytes)
	ListType        = builtinType("list", image.KindList)
	TupleType       = builtinType("tuple", image.KindTuple)
	DictType        = builtinType("dict", image.KindDict)
	SetType         = builtinType("set", image.KindSet)
	FrozenSetType   = builtinType("frozenset", image.KindFrozenSet)
	RangeType       = builtinType("range", KindRange)
	SliceType       = builtinType("slice", KindSlice)
	NoneTypeType    = builtinType("NoneType", image.KindNone)
	TypeType        = builtinType("type", KindType)
	UvmObjectType   = builtinType("UvmObject", image.KindObject)
	MethodType      = builtinType("method", image.KindMethod, KindBound)
	BlobType        = builtinType("blob", image.KindBlob)
	FunctionType    = builtinType("function", KindFunction)
	NativeType      = builtinType("builtin_function_or_method", KindNative)
	ModuleType      = builtinType("module", KindModule)
	GeneratorType   = builtinType("generator", KindGenerator)
	EllipsisType    = builtinType("ellipsis", KindEllipsis)
	NotImplType     = builtinType("NotImplementedType")
	UnionType       = builtinType("types.UnionType", KindUnion)
	dictKeysType    = builtinType("dict_keys")
	dictValuesType  = builtinType("dict_values")
	dictItemsType   = builtinType("dict_items")
	enumerateType   = builtinType("enumerate")
	zipType         = builtinType("zip")
	reversedType    = builtinType("reversed")
	mapType         = builtinType("map")
	filterType      = builtinType("filter")
	superType       = builtinType("super", KindSuper)
	cellType        = builtinType("cell", KindCell)
	staticTypeTable [256]*Type
)

// KindUnion is the kind of int | str, as isinstance takes it.
const KindUnion = KindExtra + 1

// Union is int | None: only isinstance, match and repr look at it.
type Union struct {
	image.Header
	Types []*Type
}

// ExtraType is a type that a module adds: datetime.date, collections.deque.
// Hooks that are nil mean that the type cannot do this. Equal and Hash are by
// identity when they are nil.
type ExtraType struct {
	Type    *Type
	dotted  bool // messages name it with its module, as types written in C are
	Methods map[image.Symbol]*NativeFunction

	Attribute func(m *Machine, x *Extra, name string) (Value, bool, error)
	Repr      func(p *printer, x *Extra) error
	Str       func(m *Machine, x *Extra) (string, error)
	Format    func(m *Machine, x *Extra, spec string) (string, error)
	Binary    func(m *Machine, op string, a, b Value) (Value, bool, error)
	Equal     func(m *Machine, a, b *Extra) (bool, error)
	Less      func(m *Machine, a, b *Extra) (c int, ok bool, err error)
	Hash      func(x *Extra) (uint64, error)
	Truth     func(m *Machine, x *Extra) (bool, error)
	Len       func(m *Machine, x *Extra) (int, error)
	Iter      func(m *Machine, x *Extra) (Iter, error)
	Contains  func(m *Machine, x *Extra, v Value) (bool, error)
	GetItem   func(m *Machine, x *Extra, key Value) (Value, error)
	SetItem   func(m *Machine, x *Extra, key, v Value) error
	DelItem   func(m *Machine, x *Extra, key Value) error
}

// Extra is a value of such a type. Its methods differ by Type, so a cache of
// methods by kind must leave KindExtra out.
type Extra struct {
	image.Header
	Type *ExtraType
	Data any
}

// Value makes the value that refers to x.
func (x *Extra) Value() Value { return image.FromHeader(&x.Header) }

func extraOf(v Value) *Extra { return (*Extra)(v.Pointer()) }

func newExtra(t *ExtraType, data any) *Extra {
	return &Extra{Header: image.NewHeader(KindExtra), Type: t, Data: data}
}

func builtinType(name string, kinds ...image.Kind) *Type {
	return &Type{Header: image.NewHeader(KindType), Name: name, Kinds: kinds}
}

func exceptionType(name string, base *Type) *Type {
	return &Type{Header: image.NewHeader(KindType), Name: name, Base: base, Exception: true}
}

// The exception classes, as CPython's and with the same bases. SlotError and
// NotUnderstood are the image's own.
var (
	BaseException         = exceptionType("BaseException", nil)
	SystemExit            = exceptionType("SystemExit", BaseException)
	KeyboardInterrupt     = exceptionType("KeyboardInterrupt", BaseException)
	GeneratorExit         = exceptionType("GeneratorExit", BaseException)
	ExceptionClass        = exceptionType("Exception", BaseException)
	ArithmeticError       = exceptionType("ArithmeticError", ExceptionClass)
	FloatingPointError    = exceptionType("FloatingPointError", ArithmeticError)
	OverflowError         = exceptionType("OverflowError", ArithmeticError)
	ZeroDivisionError     = exceptionType("ZeroDivisionError", ArithmeticError)
	AssertionError        = exceptionType("AssertionError", ExceptionClass)
	AttributeError        = exceptionType("AttributeError", ExceptionClass)
	SlotError             = exceptionType("SlotError", AttributeError)
	NotUnderstood         = exceptionType("NotUnderstood", SlotError)
	BufferError           = exceptionType("BufferError", ExceptionClass)
	EOFError              = exceptionType("EOFError", ExceptionClass)
	ImportError           = exceptionType("ImportError", ExceptionClass)
	ModuleNotFoundError   = exceptionType("ModuleNotFoundError", ImportError)
	LookupError           = exceptionType("LookupError", ExceptionClass)
	IndexError            = exceptionType("IndexError", LookupError)
	KeyError              = exceptionType("KeyError", LookupError)
	MemoryError           = exceptionType("MemoryError", ExceptionClass)
	NameError             = exceptionType("NameError", ExceptionClass)
	UnboundLocalError     = exceptionType("UnboundLocalError", NameError)
	OSError               = exceptionType("OSError", ExceptionClass)
	BlockingIOError       = exceptionType("BlockingIOError", OSError)
	ChildProcessError     = exceptionType("ChildProcessError", OSError)
	ConnectionError       = exceptionType("ConnectionError", OSError)
	BrokenPipeError       = exceptionType("BrokenPipeError", ConnectionError)
	ConnectionAborted     = exceptionType("ConnectionAbortedError", ConnectionError)
	ConnectionRefused     = exceptionType("ConnectionRefusedError", ConnectionError)
	ConnectionReset       = exceptionType("ConnectionResetError", ConnectionError)
	FileExistsError       = exceptionType("FileExistsError", OSError)
	FileNotFoundError     = exceptionType("FileNotFoundError", OSError)
	InterruptedError      = exceptionType("InterruptedError", OSError)
	IsADirectoryError     = exceptionType("IsADirectoryError", OSError)
	NotADirectoryError    = exceptionType("NotADirectoryError", OSError)
	PermissionError       = exceptionType("PermissionError", OSError)
	ProcessLookupError    = exceptionType("ProcessLookupError", OSError)
	TimeoutError          = exceptionType("TimeoutError", OSError)
	ReferenceError        = exceptionType("ReferenceError", ExceptionClass)
	RuntimeError          = exceptionType("RuntimeError", ExceptionClass)
	NotImplementedError   = exceptionType("NotImplementedError", RuntimeError)
	RecursionError        = exceptionType("RecursionError", RuntimeError)
	StopIteration         = exceptionType("StopIteration", ExceptionClass)
	StopAsyncIteration    = exceptionType("StopAsyncIteration", ExceptionClass)
	SyntaxError           = exceptionType("SyntaxError", ExceptionClass)
	IndentationError      = exceptionType("IndentationError", SyntaxError)
	TabError              = exceptionType("TabError", IndentationError)
	SystemError           = exceptionType("SystemError", ExceptionClass)
	TypeError             = exceptionType("TypeError", ExceptionClass)
	ValueError            = exceptionType("ValueError", ExceptionClass)
	UnicodeError          = exceptionType("UnicodeError", ValueError)
	UnicodeDecodeError    = exceptionType("UnicodeDecodeError", UnicodeError)
	UnicodeEncodeError    = exceptionType("UnicodeEncodeError", UnicodeError)
	UnicodeTranslateError = exceptionType("UnicodeTranslateError", UnicodeError)
	Warning               = exceptionType("Warning", ExceptionClass)
	DeprecationWarning    = exceptionType("DeprecationWarning", Warning)
	FutureWarning         = exceptionType("FutureWarning", Warning)
	RuntimeWarning        = exceptionType("RuntimeWarning", Warning)
	UserWarning           = exceptionType("UserWarning", Warning)
)

var exceptionClasses = []*Type{
	BaseException, SystemExit, KeyboardInterrupt, GeneratorExit, ExceptionClass, ArithmeticError,
	FloatingPointError, OverflowError, ZeroDivisionError, AssertionError, AttributeError, SlotError,
	NotUnderstood, BufferError, EOFError, ImportError, ModuleNotFoundError, LookupError, IndexError,
	KeyError, MemoryError, NameError, UnboundLocalError, OSError, BlockingIOError, ChildProcessError,
	ConnectionError, BrokenPipeError, ConnectionAborted, ConnectionRefused, ConnectionReset,
	FileExistsError, FileNotFoundError, InterruptedError, IsADirectoryError, NotADirectoryError,
	PermissionError, ProcessLookupError, TimeoutError, ReferenceError, RuntimeError,
	NotImplementedError, RecursionError, StopIteration, StopAsyncIteration, SyntaxError,
	IndentationError, TabError, SystemError, TypeError, ValueError, UnicodeError, UnicodeDecodeError,
	UnicodeEncodeError, UnicodeTranslateError, Warning, DeprecationWarning, FutureWarning,
	RuntimeWarning, UserWarning,
}

// ellipsis and notImplemented are the values ... and NotImplemented.
var (
	ellipsisHeader       = image.NewHeader(KindEllipsis)
	ellipsis             = image.FromHeader(&ellipsisHeader)
	notImplementedHeader = image.NewHeader(KindEllipsis)
	notImplemented       = image.FromHeader(&notImplementedHeader)
)

// Value makes the value that refers to t.
func (t *Type) Value() Value { return image.FromHeader(&t.Header) }

// Value makes the value that refers to f.
func (f *NativeFunction) Value() Value { return image.FromHeader(&f.Header) }

// Value makes the value that refers to e.
func (e *Exception) Value() Value { return image.FromHeader(&e.Header) }

// Value makes the value that refers to it.
func (it *Iterator) Value() Value { return image.FromHeader(&it.Header) }

// Value makes the value that refers to r.
func (r *Range) Value() Value { return image.FromHeader(&r.Header) }

// Value makes the value that refers to s.
func (s *Slice) Value() Value { return image.FromHeader(&s.Header) }

// Value makes the value that refers to mod.
func (mod *Module) Value() Value { return image.FromHeader(&mod.Header) }

func typeValueOf(v Value) *Type        { return (*Type)(v.Pointer()) }
func nativeOf(v Value) *NativeFunction { return (*NativeFunction)(v.Pointer()) }
func exceptionOf(v Value) *Exception   { return (*Exception)(v.Pointer()) }
func iteratorOf(v Value) *Iterator     { return (*Iterator)(v.Pointer()) }
func rangeOf(v Value) *Range           { return (*Range)(v.Pointer()) }
func sliceOf(v Value) *Slice           { return (*Slice)(v.Pointer()) }
func viewOf(v Value) *View             { return (*View)(v.Pointer()) }
func moduleOf(v Value) *Module         { return (*Module)(v.Pointer()) }
func unionOf(v Value) *Union           { return (*Union)(v.Pointer()) }

// SubclassOf says whether t is base or derives from it.
func (t *Type) SubclassOf(base *Type) bool {
	for x := t; x != nil; x = x.Base {
		if x == base {
			return true
		}
	}
	return base == ObjectType || t == BoolType && base == IntType
}

func init() {
	for _, t := range []*Type{
		FloatType, StrType, BytesType, ListType, TupleType, DictType, SetType, FrozenSetType, RangeType,
		SliceType, NoneTypeType, TypeType, UvmObjectType, MethodType, BlobType, FunctionType, NativeType,
		ModuleType, GeneratorType, EllipsisType, UnionType, superType, cellType, IntType, BoolType,
	} {
		for _, k := range t.Kinds {
			staticTypeTable[k] = t
		}
	}
	for k, t := range staticTypeTable {
		if t != nil && image.Kind(k) >= image.KindForeign {
			image.RegisterForeign(image.Kind(k), image.ForeignOps{Name: t.Name})
		}
	}
	image.RegisterForeign(KindRange, image.ForeignOps{Name: "range", Equal: equalRanges, Hash: hashRange})
	image.RegisterForeign(KindSlice, image.ForeignOps{Name: "slice", Hash: func(Value) (uint64, error) {
		return 0, &image.UnhashableError{Kind: KindSlice}
	}})
	image.RegisterForeign(KindExtra, image.ForeignOps{Name: "extra", Equal: equalExtras, Hash: hashExtra, Describe: typeName})
	image.RegisterForeign(KindView, image.ForeignOps{Name: "view", Describe: typeName})
	image.RegisterForeign(KindIter, image.ForeignOps{Name: "iterator", Describe: func(v Value) string { return "iterator (" + typeName(v) + ")" }})
	image.RegisterForeign(KindException, image.ForeignOps{Name: "exception", Describe: func(v Value) string { return "exception (" + typeName(v) + ")" }})
	image.RegisterForeign(KindBound, image.ForeignOps{Name: "method", Describe: func(Value) string { return "method with its receiver" }})
}

// typeOf is what type(v) gives.
func typeOf(v Value) *Type {
	k := v.Kind()
	if k == KindGenerator {
		return iteratorType(generatorOf(v).TypeName())
	}
	if t := staticTypeTable[k]; t != nil {
		if v.Same(notImplemented) {
			return NotImplType
		}
		return t
	}
	switch k {
	case KindException:
		return exceptionOf(v).Class
	case KindExtra:
		return extraOf(v).Type.Type
	case KindView:
		switch viewOf(v).What {
		case 'k':
			return dictKeysType
		case 'v':
			return dictValuesType
		}
		return dictItemsType
	case KindIter:
		return iteratorType(iteratorOf(v).Name)
	}
	return ObjectType
}

// typeName is the name of v's type, as messages show it.
func typeName(v Value) string {
	switch k := v.Kind(); k {
	case KindExtra:
		if t := extraOf(v).Type; t.dotted {
			return qualifiedName(t.Type)
		}
		return extraOf(v).Type.Type.Name
	case KindIter:
		return iteratorOf(v).Name
	case KindGenerator:
		return generatorOf(v).TypeName()
	case KindException, KindView, KindEllipsis:
		return typeOf(v).Name
	default:
		return k.String()
	}
}

// IsInstance says whether v is an instance of t.
func (t *Type) IsInstance(v Value) bool {
	k := v.Kind()
	switch {
	case t.Exception:
		return k == KindException && exceptionOf(v).Class.SubclassOf(t)
	case t == ObjectType:
		return true
	}
	for _, x := range t.Kinds {
		if x == k {
			return true
		}
	}
	switch k {
	case KindExtra, KindView, KindIter, KindEllipsis, KindGenerator:
		return typeOf(v).SubclassOf(t)
	}
	return false
}

// iteratorTypes are made as iterators of their names are seen by type().
var iteratorTypes = map[string]*Type{
	"generator": GeneratorType, "enumerate": enumerateType, "zip": zipType, "reversed": reversedType, "map": mapType, "filter": filterType,
	"list_iterator": builtinType("list_iterator"), "tuple_iterator": builtinType("tuple_iterator"),
	"str_ascii_iterator": builtinType("str_ascii_iterator"), "str_iterator": builtinType("str_iterator"),
	"bytes_iterator": builtinType("bytes_iterator"), "range_iterator": builtinType("range_iterator"),
	"dict_keyiterator": builtinType("dict_keyiterator"), "dict_valueiterator": builtinType("dict_valueiterator"),
	"dict_itemiterator": builtinType("dict_itemiterator"), "set_iterator": builtinType("set_iterator"),
	"list_reverseiterator":      builtinType("list_reverseiterator"),
	"dict_reversekeyiterator":   builtinType("dict_reversekeyiterator"),
	"dict_reversevalueiterator": builtinType("dict_reversevalueiterator"),
	"dict_reverseitemiterator":  builtinType("dict_reverseitemiterator"),
}

var iteratorTypeOther = builtinType("iterator")

func iteratorType(name string) *Type {
	if t := iteratorTypes[name]; t != nil {
		return t
	}
	return iteratorTypeOther
}

func equalRanges(a, b Value) (bool, error) {
	x, y := rangeOf(a), rangeOf(b)
	n := x.Len()
	if n != y.Len() {
		return false, nil
	}
	return n == 0 || x.Start == y.Start && (n == 1 || x.Step == y.Step), nil
}

func hashRange(v Value) (uint64, error) {
	r := rangeOf(v)
	items := []Value{image.Int(r.Len()), image.None(), image.None()}
	if r.Len() > 0 {
		items[1] = image.Int(r.Start)
	}
	if r.Len() > 1 {
		items[2] = image.Int(r.Step)
	}
	return image.Hash(image.NewTuple(items))
}

func equalExtras(a, b Value) (bool, error) {
	x, y := extraOf(a), extraOf(b)
	if x.Type != y.Type || x.Type.Equal == nil {
		return x == y, nil
	}
	return x.Type.Equal(nil, x, y)
}

func hashExtra(v Value) (uint64, error) {
	x := extraOf(v)
	if x.Type.Hash != nil {
		return x.Type.Hash(x)
	}
	if x.Type.Equal != nil {
		return 0, &image.UnhashableError{Kind: KindExtra}
	}
	return image.Hash(image.Int(int64(uintptr(v.Pointer()))))
}
