"""Runs every chunk of files of this folder under CPython, for diff_test.go.

Arguments: file names. Writes JSON: for each file a list with, for each chunk,
what it printed and the last line of the traceback it ended with.
"""
import contextlib, io, json, sys, traceback, warnings

try:  # a program that wants more than 2 GiB gets a MemoryError, not the machine
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
except (ImportError, ValueError, OSError):
    pass

warnings.simplefilter("ignore")


def run(text):
    out = io.StringIO()
    error = ""
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(text, "<chunk>", "exec"), {"__name__": "builtins"})
        except BaseException as e:
            error = traceback.format_exception_only(type(e), e)[-1].strip().removeprefix(type(e).__module__ + ".")
    return {"out": out.getvalue(), "error": error}


json.dump([[run(c + "\n") for c in open(f, encoding="utf-8").read().split("\n---\n")] for f in sys.argv[1:]], sys.stdout)
