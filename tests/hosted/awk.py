#!/usr/bin/env python3
"""awk: its authors' own tests, with awk run by Weft and all else by the host; and what is ours in it: that `exit`
runs END, and programs that it starts."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, WEFT, done, ok, weft

AWK = PROGRAMS / "bin/awk.wasm"
SUITE = BUILD / "sources/original-awk/testdir"
# What fails, and why: programs have neither variables of the host's nor signals, the C library does not say that a
# logarithm is none, and arguments are UTF-8.
KNOWN = {"T.argv", "T.arnold", "T.errmsg", "T.latin1"}
# What fails amid tests that do not: a program is not told which signals are ignored by who starts it.
KNOWN_LINE = {"T.misc": "BAD: T.misc exit status on I/O error\n"}
SIGNS = ("BAD", "Error ", "not found")
WRAPPER = f"""#!/bin/sh
exec {WEFT} run --dir /:/ --env PWD="$PWD" --env PATH={PROGRAMS}/bin:{PROGRAMS} {AWK} "$@"
"""


def write(path, text):
    path.write_text(text)
    path.chmod(0o755)


def test_suite():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        shutil.copytree(SUITE, folder / "testdir")
        write(folder / "a.out", WRAPPER)
        write(folder / "testdir/echo", '#!/bin/sh\nexec echo "$@"\n')
        names = sorted(path.name for path in (folder / "testdir").glob("T.*"))
        ok(len(names) >= 30, "there are its tests", names)
        for name in names:
            ran = subprocess.run(["sh", f"./{name}"], cwd=folder / "testdir", stdin=subprocess.DEVNULL, timeout=300, text=True,
                                 errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            known = KNOWN_LINE.get(name, "")
            rest = ran.stdout.replace(known, "", 1)
            is_well = ran.stdout.startswith(name) and known in ran.stdout and not any(sign in rest for sign in SIGNS)
            ok(is_well != (name in KNOWN), f"{name}{' is known to fail' if name in KNOWN else ''}", ran.stdout)


def awk(program, *arguments, options=(), **keys):
    return weft("run", *options, AWK, program, *arguments, **keys)


def test_exit():
    ran = awk('BEGIN { f() } function f() { exit 3 } END { print "end"; exit; print "never" }')
    ok(ran.status == 3 and ran.output == "end\n", "exit in a function runs END and keeps the status", ran)
    ran = awk('BEGIN { exit 1 } END { exit 4 }')
    ok(ran.status == 4, "exit in END changes it", ran)
    ran = awk('{ s += $1; if (NR == 2) exit } END { print s }', text="1\n2\n3\n")
    ok(ran.status == 0 and ran.output == "3\n", "exit amid lines", ran)


def test_programs():
    ran = awk('BEGIN { while (("seq 3" | getline x) > 0) print x * 2; print "b\\na" | "sort"; close("sort"); print system("exit 7") }',
              options=("--dir", f"{PROGRAMS}/bin:/bin:ro", "--dir", f"{PROGRAMS}:/programs:ro", "--env", "PATH=/bin:/programs"))
    ok(ran.status == 0 and ran.output == "2\n4\n6\na\nb\n7\n", "commands are read from, written to and run", ran)


test_exit()
test_programs()
test_suite()
done()
