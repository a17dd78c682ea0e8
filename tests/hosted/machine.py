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
    cpuinfo = PROGRAMS / "bin/cpuinfo.wasm"
    ran = run(WEFT, "run", "--allow", "machine", "--cpus", "3", cpuinfo)
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    ok(ran.status == 0 and ran.output.startswith(f"CPU       {model[1] if model else ''}"), "cpuinfo: the CPU's name", ran)
    ok(len(re.findall(r"^ +[012] +\d+\.\d% +[\d.]+s +[\d.]+s$", ran.output, re.MULTILINE)) == 3 and
       re.search(r"^(on|missing) .*POPCNT", ran.output, re.MULTILINE), "its features, and how busy each was", ran)
    ran = run(WEFT, "run", cpuinfo)
    ok(ran.status == 1 and "may not use `machine`" in ran.errors, "cpuinfo: not without being allowed", ran)
    done()


main()
