#!/usr/bin/env python3
"""The rules of `pipe`, as a program at both ends finds them, and what it makes of nonsense."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, done, ok, weft

GUEST = BUILD / "tests/hosted/guest/pipe.wasm"


def lines_of(ran, what):
    """Each line of the guest's TAP is one result here."""
    for line in ran.output.splitlines():
        if line.startswith(("ok ", "not ok ")):
            ok(line.startswith("ok "), f"{what}: {line.split(' - ', 1)[1]}", ran)
    ok(ran.status == 0 and not ran.errors and "\n1.." in ran.output, f"{what}: to the end", ran)


for cpus in 1, 2:
    handled = ("run", "--cpus", cpus, "--handle", f"pipe={PROGRAMS / 'pipe.wasm'}", GUEST)
    lines_of(weft(*handled), f"{cpus} CPUs")
    lines_of(weft(*handled, "hostile"), f"{cpus} CPUs, nonsense")
done()
