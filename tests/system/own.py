#!/usr/bin/env python3
"""The tests of base, engine and kernel within the bare machine: the same results as hosted, one by one.

Not among them: tests/engine/{thread,types} need POSIX threads; tests/kernel/{chaos,memory,replace,schedule} take
minutes in software emulation."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, boot
from tap import BUILD, done, ok, run

KERNEL = BUILD / "pc/own.elf"
DEADLINE = 300


def names():
    return re.findall(r'OWN_TEST\("([^"]+)"', (BUILD / "generated/tests/own.def").read_text())


def results(text):
    """The lines of TAP that are results or count them; that one fails hosted is for its own test to say."""
    return [line.removeprefix("not ") for line in text.splitlines() if re.match(r"(not )?ok |1\.\.", line)]


def main():
    total = 0
    for name in names():
        hosted = results(run(BUILD / "tests" / name, timeout=DEADLINE).output)
        machine = boot(f"init={name} log=none", None, kernel=KERNEL, memory=6144, deadline=DEADLINE)
        own = results(machine.text)
        total += len(own) - 1
        ok(machine.status == SUCCESS and "not ok" not in machine.text and own == hosted and own[-1] == f"1..{len(own) - 1}",
           f"{name}: {len(own) - 1} passed, as hosted", machine)
    ok(total > 1000, f"{total} results in all")
    done()


main()
