#!/usr/bin/env python3
"""Little memory goes a long way: stacks take what is used of them, and where there is none a program
is told, by its trap or a status, and the system goes on."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, boot, libraries, tar
from tap import BUILD, done, ok

HOSTILE = BUILD / "tests/hosted/hostile"
BUNDLE = tar({**{path.name: path.read_bytes() for path in HOSTILE.glob("*.wasm")}, **libraries()})
TRAPPED = 1000


def flood(what, many, engine, memory, cpus=1):
    machine = boot(f"init=flood log=none engine={engine} -- {what} {many}", BUNDLE, memory=memory, cpus=cpus)
    took = [int(number) for number in re.findall(r"^took (\d+)$", machine.text, re.MULTILINE)]
    good = machine.status == SUCCESS and "\nwitness 0\n" in machine.text and "weft's own" not in machine.text
    return machine, took[0] if len(took) == 1 and good else -1


def main():
    for engine in ("compiler", "interpreter"):
        for cpus in (1, 4):
            machine, took = flood("threads", 1000, engine, 64, cpus)
            ok(300 <= took < 1000, f"{engine}, {cpus} CPU: 64 MiB are good for {took} threads", machine)
        machine, took = flood("processes", 1000, engine, 64)
        ok(80 <= took < 1000, f"{engine}: or for {took} processes of half a megabyte", machine)
        for memory in (32, 48, 64):
            machine, took = flood("stack", 100000000, engine, memory)
            ok(took == TRAPPED and "call stack exhausted" in machine.text,
               f"{engine}: a stack for which there is no memory ends with a trap, {memory} MiB", machine)
    machine = boot("init=cram log=none -- 20", BUNDLE, memory=128)
    ok(machine.status == SUCCESS and re.search(r"^added 20$", machine.text, re.MULTILINE),
       "twenty programs of 16 MiB, which nobody runs, one after the other in 128 MiB", machine)
    done()


main()
