#!/usr/bin/env python3
"""Real programs on the hosted kernel: what Debian's toolchains build, SQLite, QuickJS, Lua."""
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, done, ok, weft

DATA = pathlib.Path(__file__).parent / "data"
WASI = PROGRAMS / "example/wasi"

QUICKJS_TOUR = """\
note: first+second
names: note
removed: 0 null
big: 515377520732011331036461129765621272702107522001
sorted: 1,4,9
matched: 05
private: 5 {"a":[1,{"b":null}]}
generated: 10
deep: true true
sum of floats: 0.30000000000000004 5 11111111
awaited: 1,2
later: true
"""
LUA_TOUR = """\
caught: false /script/tour.lua:7: attempt to index a nil value (local 't')
error objects: false 7
nested: outer inner
handler: handled boom
yields: 1 2 3 done
yield across pcall: 1 after
sort: false compare
150 levels: bottom
too deep in C: C stack overflow
too deep in Lua: true
100000 errors: 5000050000
closed on error: yes
syntax: [string "x = = 1"]:1: unexpected symbol near '='
too long: resulting string too large
numbers: 9223372036854775807 9.007199254741e+15 3 3.5 1e+100
file: one,two
missing: /data/none: No such file or directory
environment: value
arguments: 2 one two
"""
SQLITE_SESSION = """\
2003|2349000|village 999
Ulm
2
0.667|DONE|16
ok
"""


def test_hello():
    ran = weft("run", WASI / "hello_c.wasm")
    ok(ran.status == 0 and ran.output == "Hello, world, from C\n" and not ran.errors, "hello in C", ran)
    ran = weft("run", WASI / "hello_c.wasm", "Weft", "", "a b")
    ok(ran.output == "Hello, Weft, from C\nHello, , from C\nHello, a b, from C\n",
       "hello in C gets its arguments as they are", ran)
    ran = weft("run", WASI / "hello_cpp.wasm", text="b a\nb  ä c b")
    ok(ran.status == 0 and ran.output == "Hello from C++: 6 words\na 1\nb 3\nc 1\nä 1\n",
       "C++ streams, vector and map over standard input", ran)
    many = "weft warp " * 20000
    ran = weft("run", WASI / "hello_cpp.wasm", text=many)
    ok(ran.output == "Hello from C++: 40000 words\nwarp 20000\nweft 20000\n",
       "a long standard input arrives whole", ran)
    ran = weft("run", "--env", "NAME=a=b c", WASI / "hello_rust.wasm", "one", "two", "three")
    ok(ran.status == 0 and ran.output == 'Hello from Rust: 3 arguments by length: '
       '{3: ["one", "two"], 5: ["three"]}\nNAME is a=b c\n', "Rust, with arguments and environment", ran)
    ran = weft("run", WASI / "hello_rust.wasm", "panic")
    ok(ran.status not in (0, 2) and "asked to" in ran.errors and "unreachable" in ran.errors,
       "a panic in Rust is a trap that is told, and a failure", ran)


def test_files(folder):
    granted = ("--dir", f"{folder}:/data")
    ran = weft("run", *granted, WASI / "files.wasm", "/data")
    ok(ran.status == 0 and ran.output.endswith("all is as it was\n") and ran.output.count(": ok\n") == 20,
       "a program over files and directories: each of its steps", ran)
    ok(not list(folder.iterdir()), "it left the directory as it was", list(folder.iterdir()))
    ran = weft("run", "--dir", f"{folder}:/data:ro", WASI / "files.wasm", "/data")
    ok(ran.status == 1 and "make directory work: FAILED" in ran.output,
       "in a directory granted for reading it can make nothing", ran)
    ran = weft("run", WASI / "files.wasm", "/data")
    ok(ran.status == 1 and "go to /data: FAILED" in ran.output, "without a grant there is no directory", ran)
    ran = weft("run", *granted, WASI / "files.wasm")
    ok(ran.status == 2 and ran.errors == "usage: files DIRECTORY\n",
       "the exit status and standard error are the program's", ran)


def test_sqlite(folder):
    shell = ("run", "--env", "HOME=/data", "--dir", f"{folder}:/data", PROGRAMS / "sqlite.wasm", "/data/towns.db")
    session = (DATA / "session.sql").read_text()
    ran = weft(*shell, text=session)
    ok(ran.status == 0 and ran.output == SQLITE_SESSION, "SQLite's shell: a session", ran)
    ran = weft(*shell, "select name, people from town where id = 2")
    ok(ran.status == 0 and ran.output == "Jena|111000\n", "another process finds what the first wrote", ran)
    database = sqlite3.connect(folder / "towns.db")
    found = database.execute("pragma integrity_check").fetchall(), database.execute(
        "select count(*) from town").fetchall()
    database.close()
    ok(found == ([("ok",)], [(2003,)]), "the host's own SQLite finds the file sound", found)
    ran = weft(*shell, "select * from nowhere")
    ok(ran.status == 1 and "no such table: nowhere" in ran.errors, "its errors are told", ran)
    ran = weft(*shell[:-2], "--env", "PWD=/data", PROGRAMS / "sqlite.wasm", "towns.db", "select name from town where id = 2")
    ok(ran.status == 0 and ran.output == "Jena\n", "a relative path begins at PWD", ran)
    ran = weft("run", PROGRAMS / "sqlite.wasm", "/data/towns.db", "select 1 from town")
    ok(ran.status == 1 and "unable to open database" in ran.errors, "without a grant there is no database", ran)


def test_quickjs(folder):
    granted = ("--dir", f"{folder}:/data", "--dir", f"{DATA}:/script:ro")
    runner = PROGRAMS / "quickjs.wasm"
    ran = weft("run", *granted, runner, "/script/tour.mjs", "/data")
    ok(ran.output == QUICKJS_TOUR, "QuickJS runs a script with files, timers and promises", ran)
    ok(ran.status == 7, "and exits as the script says", ran)
    ran = weft("run", *granted, "--env", "PWD=/script", runner, "tour.mjs", "/data")
    ok(ran.status == 7 and ran.output == QUICKJS_TOUR, "a relative path begins at PWD", ran)
    ran = weft("run", runner, "-e", "console.log(scriptArgs.length); nowhere()", "x")
    ok(ran.status == 1 and ran.output == "2\n" and "'nowhere' is not defined" in ran.errors,
       "an exception that nobody catches is told, and a failure", ran)
    ran = weft("run", runner, "-", text="let s = 0; for (let i = 0; i < 300000; i++) s += i % 7; print(s)")
    ok(ran.status == 0 and ran.output == "899997\n", "a script from standard input", ran)
    ran = weft("run", runner, "-e", "for (let i = 0; i < 50000; i++) print('line', i)")
    ok(ran.output == "".join(f"line {i}\n" for i in range(50000)), "a long output leaves whole",
       f"{len(ran.output)} bytes, {ran.errors}")


def test_lua(folder):
    granted = ("--dir", f"{folder}:/data", "--dir", f"{DATA}:/script:ro")
    runner = PROGRAMS / "lua.wasm"
    ran = weft("run", *granted, "--env", "NAME=value", runner, "/script/tour.lua", "one", "two")
    ok(ran.output == LUA_TOUR and ran.status == 7, "Lua: errors, coroutines, deep recursion, files, an exit status", ran)
    ran = weft("run", runner, "-", text="print(#arg); error('given up')")
    ok(ran.status == 1 and ran.output == "0\n" and "stdin:1: given up" in ran.errors and "stack traceback" in ran.errors,
       "Lua: an error that nobody catches is told, and a failure", ran)
    ran = weft("run", runner, "-i", text="x = 6\nx * 7\nx = (1 +\n2)\nx\nnil + 1\n")
    ok(ran.status == 0 and "42\n" in ran.output and "3\n" in ran.output and "attempt to perform arithmetic" in ran.errors,
       "Lua's own command line goes on after a mistake", ran)


def main():
    test_hello()
    with tempfile.TemporaryDirectory() as scratch:
        for test in (test_files, test_sqlite, test_quickjs, test_lua):
            folder = pathlib.Path(scratch, test.__name__)
            folder.mkdir()
            test(folder)
    done()


if __name__ == "__main__":
    main()
