#!/usr/bin/env python3
"""Tests tests/run, the driver: what it counts, what it complains of, what it says last."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import ROOT, done, ok, run

# name, what the suite does, the last line, what else must be told
SUITES = (
    ("passing results are counted", 'echo "ok 1 - a"; echo "ok 2"; echo 1..2', "2 passed, 0 failed", ""),
    ("a failing one is counted and shown with its diagnostics",
     'echo "ok 1 - a"; echo "not ok 2 - b"; echo "# why"; echo 1..2; exit 1', "1 passed, 1 failed", "# why"),
    ("a plan that does not match is a failure", 'echo "ok 1 - a"; echo 1..2', "1 passed, 1 failed",
     "planned 2 results, gave 1"),
    ("a missing plan is a failure", 'echo "ok 1 - a"', "1 passed, 1 failed", "no plan"),
    ("so is a suite that is killed", 'echo "ok 1 - a"; echo 1..1; kill -9 $$', "1 passed, 1 failed",
     "exit status -9"),
    ("so is a failure that the exit status hides", 'echo "not ok 1 - a"; echo 1..1', "0 passed, 2 failed",
     "exited with 0"),
    ("so is one that takes too long", 'echo "ok 1 - a"; sleep 60', "0 passed, 1 failed", "not finished after 2 s"),
    ("a skipped suite is told and counts as nothing", 'echo "1..0 # SKIP no disk"', "0 passed, 0 failed",
     "no disk"),
    ("a skipped result too", 'echo "ok 1 - a # SKIP no disk"; echo "ok 2 - b"; echo 1..2', "1 passed, 0 failed",
     "no disk"),
    ("a sum in place of TAP is taken over", 'echo "7 passed, 0 failed, 3 not supported"', "7 passed, 0 failed", ""),
)


def main():
    with tempfile.TemporaryDirectory() as folder:
        def suite(name, script):
            path = pathlib.Path(folder, name)
            path.write_text("#!/bin/sh\n" + script + "\n")
            path.chmod(0o755)
            return path

        for name, script, last, told in SUITES:
            ran = run(ROOT / "tests/run", "--timeout", 2, suite("suite", script))
            passes = last.endswith(" 0 failed") and not last.startswith("0 ")
            ok(ran.output.splitlines()[-1:] == [last] and told in ran.output and (ran.status == 0) == passes,
               name, ran)

        listed = pathlib.Path(folder, "list")
        listed.write_text(f"{suite('one', 'echo ok 1; echo 1..1')} with arguments\n\n"
                          f"alone {suite('two', 'echo ok 1; echo 1..1')}\n")
        ran = run(ROOT / "tests/run", "--list", listed)
        ok(ran.status == 0 and ran.output.endswith("\n2 passed, 0 failed\n"), "suites come from a list too", ran)
        ran = run(ROOT / "tests/run", f"{folder}/nowhere")
        ok(ran.status == 1 and ran.output.endswith("\n0 passed, 1 failed\n"), "a suite that is not there fails", ran)
    done()


if __name__ == "__main__":
    main()
