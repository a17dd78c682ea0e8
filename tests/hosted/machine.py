#!/usr/bin/env python3
"""What a program is told of the machine, if it may ask."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, WEFT, done, ok, run

MACHINE = PROGRAMS / "example/machine/machine.wasm"


def main():
    ran = run(WEFT, "run", MACHINE)
    ok(ran.status == 3 and "--allow machine" in ran.errors, "it is denied unless it is allowed", ran)
    ran = run(WEFT, "run", "--allow", "machine", "--cpus", "3", MACHINE)
    ok(ran.status == 0 and ran.output.count(": idle for") == 3, "as many CPUs as there are", ran)
    ok(re.search(r"^features:( [+-](SSE4.1|POPCNT|LZCNT|AVX|BMI1|BMI2)){6}$", ran.output, re.MULTILINE),
       "what compiled code makes use of, and nothing that the host alone knows", ran)
    memory = re.search(r"^memory: (\d+) of (\d+) MiB", ran.output, re.MULTILINE)
    ok(memory and 0 < int(memory[1]) <= int(memory[2]), "the host's memory", ran)
    done()


main()
