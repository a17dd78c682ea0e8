#!/usr/bin/env python3
"""Programs that nobody wrote for Weft, by name in the shell, with a person at a pseudo-terminal: SQLite's shell, Lua's
and QuickJS's, a text adventure, and Python where it was added."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from session import Session
from tap import PROGRAMS, done, ok

BIN = PROGRAMS / "bin"


def talk(folder, name, command, *lines, status="0"):
    """Types each line when what was to be shown before it is there; then the shell is back."""
    session = Session(folder, bin_folder=BIN, environment=("PATH=/bin:/data", "HOME=/data"))
    session.type(command + "\r")
    told = []
    for expected, typed in lines:
        told.append(session.wait(expected, 60))
        if typed is not None:
            session.type(typed)
    ok(all(told) and session.ready(60) and session.says("echo $?", status), name, f"{told}\n{session.shown}")
    session.type("exit\r")
    session.end()


def test_sqlite(folder):
    talk(folder, "sqlite3: a table is made, filled and asked", "sqlite3 /data/towns.db",
         ("sqlite> ", "create table town(name, people);\n"),
         ("sqlite> ", "insert into town values ('Ulm', 126000), ('Jena', 111000);\n"),
         ("sqlite> ", "select name from town\n"), ("...> ", "order by people;\n"), ("Jena\r\nUlm\r\n", "select * from no;\n"),
         ("no such table: no", ".quit\n"), status="1")
    talk(folder, "sqlite3: another process finds it", "sqlite3 /data/towns.db 'select sum(people) from town'",
         ("237000\r\n", None))


def test_lua(folder):
    talk(folder, "lua: values, an error, more lines", "lua", ("> ", "6 * 7\n"), ("42\r\n", "error('mine')\n"), ("mine", "for i = 1, 2 do\n"),
         (">> ", "print('number ' .. i) end\n"), ("number 1\r\nnumber 2\r\n", "os.exit(0)\n"))


def test_quickjs(folder):
    (folder / "ask.js").write_text("import * as std from 'std';\nfor (let line; (line = std.in.getline()) !== null && line != 'end';)\n"
                                   "    console.log('= ' + eval(line));\nconsole.log('bye');\n")
    talk(folder, "qjs: a script, by its ending, talks with a person", "ask.js", ("ask.js", "2n ** 64n\n"),
         ("= 18446744073709551616\r\n", "[3, 1, 2].sort()\n"), ("= 1,2,3\r\n", "end\n"), ("bye\r\n", None))


def test_adventure(folder):
    talk(folder, "adventure: into the building, for the lamp, by magic, and home", "adventure",
         ("instructions?", "no\n"), ("small brick building", "in\n"), ("shiny brass lamp nearby", "get lamp\n"), ("OK", "xyzzy\n"),
         ("pitch dark", "on\n"), ("debris room", "xyzzy\n"), ("inside building", "inventory\n"), ("Brass lantern", "quit\n"),
         ("really want to quit", "y\n"), ("You scored", None))


def test_python(folder):
    if not (BIN / "python.wasm").exists():
        return
    talk(folder, "python: its command line, a module, an exception", "python -q", (">>> ", "import json\n"),
         (">>> ", "json.dumps({'a': [1, None]})\n"), ("""'{"a": [1, null]}'""", "1 / 0\n"), ("ZeroDivisionError", "exit()\n"))


def main():
    for test in (test_sqlite, test_lua, test_quickjs, test_adventure, test_python):
        with tempfile.TemporaryDirectory() as scratch:
            test(pathlib.Path(scratch))
    done()


if __name__ == "__main__":
    main()
