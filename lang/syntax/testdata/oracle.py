"""Parses texts with CPython and says what it found, for the tests of the parser.

Reads JSON from standard input: a list of texts. Writes JSON: for each a dict
with either "tree" (an S-expression, as dump_test.go writes it) or "error"
(class, message, line, column).
"""
import ast, json, sys, warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
OPS = {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**",
       "LShift": "<<", "RShift": ">>", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "MatMult": "@",
       "USub": "-", "UAdd": "+", "Invert": "~", "Not": "not",
       "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is",
       "IsNot": "is not", "In": "in", "NotIn": "not in"}
COMPS = ["ListComp", "SetComp", "DictComp", "GeneratorExp"]


class Dumper:
    def __init__(self, text):
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.in_f = 0

    def col(self, line, col):
        return len(self.lines[line - 1].encode()[:col].decode())

    def place(self, n):
        return f"@{n.lineno}:{self.col(n.lineno, n.col_offset)}-{n.end_lineno}:{self.col(n.end_lineno, n.end_col_offset)}"

    def head(self, name, n):
        return "(" + name + ("" if self.in_f else self.place(n))

    def expr(self, x):
        return " -" if x is None else " " + self.node(x)

    def exprs(self, xs):
        return " [" + "".join(map(self.expr, xs)) + " ]"

    def block(self, xs):
        return " {" + "".join(" " + self.node(x) for x in xs) + " }"

    def params(self, a):
        out = ""
        pos = a.posonlyargs + a.args
        defaults = [None] * (len(pos) - len(a.defaults)) + a.defaults
        for i, (p, d) in enumerate(zip(pos, defaults)):
            kind = "posonly" if i < len(a.posonlyargs) else "pos"
            out += f" ({kind} {p.arg}{self.expr(p.annotation)}{self.expr(d)})"
        if a.vararg:
            out += f" (star {a.vararg.arg}{self.expr(a.vararg.annotation)} -)"
        for p, d in zip(a.kwonlyargs, a.kw_defaults):
            out += f" (kwonly {p.arg}{self.expr(p.annotation)}{self.expr(d)})"
        if a.kwarg:
            out += f" (kw {a.kwarg.arg}{self.expr(a.kwarg.annotation)} -)"
        return out

    def node(self, n):
        return getattr(self, type(n).__name__)(n) + ")"

    def Expr(self, n): return self.head("ExprStmt", n) + self.expr(n.value)
    def Assign(self, n): return self.head("Assign", n) + self.exprs(n.targets) + self.expr(n.value)
    def AugAssign(self, n): return self.head("AugAssign", n) + " " + OPS[type(n.op).__name__] + self.expr(n.target) + self.expr(n.value)
    def AnnAssign(self, n): return self.head("AnnAssign", n) + self.expr(n.target) + self.expr(n.annotation) + self.expr(n.value)
    def Delete(self, n): return self.head("Delete", n) + self.exprs(n.targets)
    def Return(self, n): return self.head("Return", n) + self.expr(n.value)
    def Raise(self, n): return self.head("Raise", n) + self.expr(n.exc) + self.expr(n.cause)
    def Assert(self, n): return self.head("Assert", n) + self.expr(n.test) + self.expr(n.msg)
    def Pass(self, n): return self.head("Pass", n)
    def Break(self, n): return self.head("Break", n)
    def Continue(self, n): return self.head("Continue", n)
    def If(self, n): return self.head("If", n) + self.expr(n.test) + self.block(n.body) + self.block(n.orelse)
    def While(self, n): return self.head("While", n) + self.expr(n.test) + self.block(n.body) + self.block(n.orelse)
    def For(self, n): return self.head("For", n) + self.expr(n.target) + self.expr(n.iter) + self.block(n.body) + self.block(n.orelse)

    def Try(self, n):
        out = self.head("Try", n) + self.block(n.body)
        for h in n.handlers:
            out += " (except" + self.place(h) + self.expr(h.type) + f" {h.name or '-'}" + self.block(h.body) + ")"
        return out + self.block(n.orelse) + self.block(n.finalbody)

    def With(self, n):
        items = "".join(" (item" + self.expr(i.context_expr) + self.expr(i.optional_vars) + ")" for i in n.items)
        return self.head("With", n) + items + self.block(n.body)

    def Match(self, n):
        cases = "".join(" (case " + self.node(c.pattern) + self.expr(c.guard) + self.block(c.body) + ")" for c in n.cases)
        return self.head("Match", n) + self.expr(n.subject) + cases

    def FunctionDef(self, n):
        doc = ast.get_docstring(n, clean=False) or ""
        return self.head("FunctionDef", n) + " " + n.name + self.params(n.args) + self.expr(n.returns) + self.block(n.body) + " " + go_quote(doc)

    def Nonlocal(self, n): return self.head("Nonlocal", n) + " " + " ".join(n.names)
    def Import(self, n): return self.head("Import", n) + "".join(f" {a.name}:{a.asname or a.name.split('.')[0]}" for a in n.names)
    def ImportFrom(self, n): return self.head("ImportFrom", n) + " " + n.module + "".join(f" {a.name}:{a.asname or a.name}" for a in n.names)
    def Name(self, n): return self.head("Name", n) + " " + n.id

    def Constant(self, n):
        v = n.value
        if v is None: return self.head("NoneLit", n)
        if v is ...: return self.head("Ellipsis", n)
        if isinstance(v, bool): return self.head("BoolLit", n) + (" true" if v else " false")
        if isinstance(v, int): return self.head("IntLit", n) + f" {v}"
        if isinstance(v, float): return self.head("FloatLit", n) + f" {v.hex()}"
        if isinstance(v, str): return self.head("StrLit", n) + " " + (v.encode("utf-8", "surrogatepass").hex() or "-")
        if isinstance(v, bytes): return self.head("BytesLit", n) + " " + (v.hex() or "-")
        raise TypeError(v)

    def JoinedStr(self, n):
        out = self.head("FString", n)
        self.in_f += 1
        out += self.exprs(n.values)
        self.in_f -= 1
        return out

    def FormattedValue(self, n):
        spec = self.exprs(n.format_spec.values) if n.format_spec else " -"
        return self.head("Replacement", n) + self.expr(n.value) + f" {max(n.conversion, 0)}" + spec

    def Tuple(self, n): return self.head("Tuple", n) + self.exprs(n.elts)
    def List(self, n): return self.head("List", n) + self.exprs(n.elts)
    def Set(self, n): return self.head("Set", n) + self.exprs(n.elts)
    def Dict(self, n): return self.head("Dict", n) + self.exprs(n.keys) + self.exprs(n.values)
    def UnaryOp(self, n): return self.head("Unary", n) + " " + OPS[type(n.op).__name__] + self.expr(n.operand)
    def BinOp(self, n): return self.head("Binary", n) + " " + OPS[type(n.op).__name__] + self.expr(n.left) + self.expr(n.right)
    def BoolOp(self, n): return self.head("BoolOp", n) + (" true" if isinstance(n.op, ast.Or) else " false") + self.exprs(n.values)

    def Compare(self, n):
        rest = "".join(" " + OPS[type(o).__name__] + self.expr(c) for o, c in zip(n.ops, n.comparators))
        return self.head("Compare", n) + self.expr(n.left) + rest

    def IfExp(self, n): return self.head("Conditional", n) + self.expr(n.test) + self.expr(n.body) + self.expr(n.orelse)
    def NamedExpr(self, n): return self.head("Walrus", n) + self.expr(n.target) + self.expr(n.value)
    def Lambda(self, n): return self.head("Lambda", n) + self.params(n.args) + self.expr(n.body)

    def Call(self, n):
        out = self.head("Call", n) + self.expr(n.func)
        for a in n.args:
            if isinstance(a, ast.Starred):
                out += " (arg1" + self.expr(a.value) + ")"
            else:
                out += " (arg0" + self.expr(a) + ")"
        for k in n.keywords:
            out += f" (kw {k.arg or ''}" + self.expr(k.value) + ")"
        return out

    def Attribute(self, n): return self.head("Attribute", n) + self.expr(n.value) + " " + n.attr
    def Subscript(self, n): return self.head("Subscript", n) + self.expr(n.value) + self.expr(n.slice)
    def Slice(self, n): return self.head("Slice", n) + self.expr(n.lower) + self.expr(n.upper) + self.expr(n.step)
    def Starred(self, n): return self.head("Starred", n) + self.expr(n.value)

    def comp(self, n, key, value):
        out = self.head("Comprehension", n) + f" {COMPS.index(type(n).__name__)}" + self.expr(key) + self.expr(value)
        for g in n.generators:
            out += " (for" + self.expr(g.target) + self.expr(g.iter) + self.exprs(g.ifs) + ")"
        return out

    def ListComp(self, n): return self.comp(n, n.elt, None)
    def SetComp(self, n): return self.comp(n, n.elt, None)
    def GeneratorExp(self, n): return self.comp(n, n.elt, None)
    def DictComp(self, n): return self.comp(n, n.key, n.value)
    def Yield(self, n): return self.head("Yield", n) + self.expr(n.value)
    def YieldFrom(self, n): return self.head("YieldFrom", n) + self.expr(n.value)

    def MatchValue(self, n): return self.head("MatchValue", n) + self.expr(n.value)
    def MatchSingleton(self, n):
        name = {None: "NoneLit", True: "BoolLit", False: "BoolLit"}[n.value]
        return self.head("MatchValue", n) + " " + self.head(name, n) + {None: "", True: " true", False: " false"}[n.value] + ")"

    def MatchAs(self, n):
        if n.pattern is None:
            return self.head("MatchCapture", n) + f" {n.name or '-'}"
        return self.head("MatchAs", n) + " " + self.node(n.pattern) + " " + n.name

    def pats(self, ps): return " [" + "".join(" " + self.node(p) for p in ps) + " ]"
    def MatchOr(self, n): return self.head("MatchOr", n) + self.pats(n.patterns)
    def MatchSequence(self, n): return self.head("MatchSequence", n) + self.pats(n.patterns)
    def MatchStar(self, n): return self.head("MatchStar", n) + f" {n.name or '-'}"
    def MatchMapping(self, n): return self.head("MatchMapping", n) + self.exprs(n.keys) + self.pats(n.patterns) + f" {n.rest or '-'}"
    def MatchClass(self, n): return self.head("MatchClass", n) + self.expr(n.cls) + self.pats(n.patterns) + " " + " ".join(n.kwd_attrs) + self.pats(n.kwd_patterns)


def go_quote(s):
    return s.encode("utf-8", "surrogatepass").hex() or "-"


def outcome(text):
    try:
        tree = ast.parse(text)
        compile(text, "<t>", "exec")
    except SyntaxError as e:
        return {"error": [type(e).__name__, e.msg, e.lineno or 0, e.offset or 0]}
    except (ValueError, MemoryError, RecursionError) as e:
        return {"error": [type(e).__name__, str(e), 0, 0]}
    try:
        d = Dumper(text)
        return {"tree": "".join(d.node(s) + "\n" for s in tree.body)}
    except (AttributeError, TypeError) as e:
        return {"skip": str(e)}


def scopes(code):
    """Name, locals, captured and free names of each function, outermost first."""
    out = []
    for c in code.co_consts:
        if isinstance(c, type(code)):
            out.append([c.co_name, sorted(set(c.co_varnames) | set(c.co_cellvars)), sorted(c.co_cellvars),
                        sorted(c.co_freevars), bool(c.co_flags & 0x20)])
            out += scopes(c)
    return out


def functions(paths, limit):
    """The texts of functions in files, without those that use what we refuse."""
    import textwrap
    out = []
    bad = (ast.ClassDef, ast.AsyncFunctionDef, ast.Global, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.TryStar)
    for path in paths:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        lines = text.split("\n")
        for n in ast.walk(ast.parse(text)):
            if not isinstance(n, ast.FunctionDef) or n.decorator_list:
                continue
            inside = list(ast.walk(n))
            if any(isinstance(m, bad) or getattr(m, "decorator_list", None)
                   or isinstance(m, ast.Attribute) and (m.attr.startswith("__") or m.attr.startswith("_p_"))
                   or isinstance(m, ast.Constant) and isinstance(m.value, complex)
                   or isinstance(m, ast.Constant) and isinstance(m.value, str) and any("\ud800" <= c <= "\udfff" for c in m.value)
                   or isinstance(m, ast.ImportFrom) and (m.level or m.names[0].name == "*")
                   for m in inside):
                continue
            block = "\n".join(lines[n.lineno - 1:n.end_lineno]) + "\n"
            text1 = textwrap.dedent(block)
            try:
                compile(text1, "<t>", "exec")
            except SyntaxError:
                continue
            out.append(text1)
            if len(out) >= limit:
                return out
    return out


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import glob, os
        lib = os.path.dirname(os.__file__)
        paths = sorted(glob.glob(lib + "/*.py") + glob.glob(lib + "/json/*.py") + glob.glob(lib + "/email/*.py"))
        texts = functions(paths, int(sys.argv[1]))
        comps = (ast.ListComp, ast.SetComp, ast.DictComp)
        json.dump([{"text": t, **outcome(t), "scopes": None if any(isinstance(m, comps) for m in ast.walk(ast.parse(t)))
                    else scopes(compile(t, "<t>", "exec"))} for t in texts], sys.stdout)
    else:
        json.dump([outcome(t) for t in json.load(sys.stdin)], sys.stdout)
