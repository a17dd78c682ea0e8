#!/usr/bin/env python3
"""Tools that look at the system: ps, kill, silo, interface."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, done, ok, weft

BIN = PROGRAMS / "bin"


def tool(name, *arguments, options=()):
    return weft("run", *options, BIN / f"{name}.wasm", *arguments)


def test_ps():
    ran = tool("ps")
    lines = ran.output.splitlines()
    ok(ran.status == 0 and len(lines) == 2 and lines[0].split() ==
       ["PROCESS", "SILO", "MEMORY", "THREADS", "SLOTS", "MESSAGES", "CPU", "PROGRAM"],
       "ps lists the only process there is", ran)
    row = lines[1].split()
    ok(row[-1] == "ps.wasm" and int(row[2]) > 0 and row[3] == "1" and float(row[6]) < 60,
       "by its name, with memory, one thread and some time", ran)


def test_kill():
    number = tool("ps").output.splitlines()[1].split()[0]
    ran = tool("kill", number)
    ok(ran.status == 137 and "killed" in ran.errors, "kill ends a process by its number: itself", ran)
    ran = tool("kill", "999999", "x")
    ok(ran.status == 2 and "999999: there is none" in ran.errors and "x: it is no number" in ran.errors,
       "it says which are none, one by one", ran)
    ok(tool("kill").status == 2 and tool("kill", "-9").status == 2, "it needs a number", "")
    ran = tool("kill", "-TERM", number)
    ok(ran.status == 137 and "killed" in ran.errors, "with a signal", ran)
    ran = tool("kill", "-USR1", number)
    ok(ran.status == 2 and "USR1: no signal that it knows" in ran.errors, "with one that it does not know", ran)


def test_silo():
    ran = tool("silo")
    ok(ran.status == 0 and re.search(r"^ +2 +1/\d+ +\d+/\d+ +\d+/\d+ +100 +-  silo.wasm$", ran.output, re.MULTILINE),
       "silo lists its own silo: used and limit of each", ran)
    ran = tool("silo", "create", "new")
    ok(ran.status == 0 and ran.output.strip().isdigit(), "silo create prints the new one's number", ran)
    ran = tool("silo", "destroy", "1")
    ok(ran.status == 1 and "1: there is none" in ran.errors, "silos above it are not its own to destroy", ran)
    for wrong in (["limit", "1", "speed", "3"], ["limit", "x", "memory", "3"], ["create"], ["nothing"]):
        ran = tool("silo", *wrong)
        ok(ran.status in (1, 2) and ran.errors, f"silo {' '.join(wrong)} is refused with a word", ran)


def test_interface():
    ran = tool("interface")
    rows = {line.split()[0]: line.split()[-1] for line in ran.output.splitlines()[1:]}
    ok(ran.status == 0 and rows.get("tcp") == "deny" and rows.get("clock") == "allow",
       "interface lists what may be used and what not", ran)
    ran = tool("interface", options=("--allow", "tcp"))
    ok(re.search(r"^tcp .* allow", ran.output, re.MULTILINE), "what was granted is", ran)
    ok(tool("interface", "4711").status == 1, "a silo that is not there", "")


def test_help():
    for name in ("ps", "kill", "silo", "interface"):
        ran = tool(name, "--help")
        ok(ran.status == 0 and ran.output.startswith(f"usage: {name}"), f"{name} --help", ran)


test_ps()
test_kill()
test_silo()
test_interface()
test_help()
done()
