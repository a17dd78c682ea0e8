#!/usr/bin/env python3
"""tools/python without a network: what it says, and that it changes nothing where it cannot get Python."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import ROOT, done, ok, run


def main():
    ran = run(ROOT / "tools/python", "--help")
    ok(ran.status == 0 and ran.output.startswith("usage: tools/python"), "--help", ran)
    ran = run(ROOT / "tools/python", "3.13")
    ok(ran.status == 2 and ran.errors.startswith("usage: tools/python"), "it takes no argument", ran)
    with tempfile.TemporaryDirectory() as folder:
        refusing = pathlib.Path(folder, "npm")
        refusing.write_text("#!/bin/sh\nexit 1\n")
        refusing.chmod(0o755)
        build = os.path.relpath(pathlib.Path(folder, "build"), ROOT)
        environment = {**os.environ, "BUILD": build, "PATH": f"{folder}:{os.environ['PATH']}"}
        ran = run(ROOT / "tools/python", env=environment)
        ok(ran.status == 1 and "npm could not get it" in ran.errors
           and not pathlib.Path(folder, "build/programs/bin/python.wasm").exists(), "where npm fails it says so", ran)
        program = pathlib.Path(folder, "build/programs/bin/python.wasm")
        program.write_text("there")
        ran = run(ROOT / "tools/python", env=environment)
        ok(ran.status == 0 and not ran.output + ran.errors and program.read_text() == "there",
           "what is there is left alone, in silence", ran)
    done()


if __name__ == "__main__":
    main()
