#!/usr/bin/env python3
"""The tools of every day: toybox's own tests of them, with each tool run by Weft and all else by the
host. What is known not to work, and why, stands in data/toybox-known.

usage: tests/hosted/tools.py [TOOL...]"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok

TOYBOX = BUILD / "toybox"
KNOWN = pathlib.Path(__file__).parent / "data/toybox-known"
REASONS = set(re.findall(r"^# (\w+)  ", KNOWN.read_text(), re.MULTILINE))
# The first wants two files that grow at one time told in that order, which nobody sees who looks at them now and then;
# one has a fifth of a second for a program to begin, which sanitizers do not keep; one reads a pipe by two bytes and
# counts how often, which depends on how much is there by then.
TIMED = {("tail", "tail -f one two three"), ("cpio", "cpio archive length"),
         *([("tail", "tail -F")] if "sanitized" in WEFT.name else [])}
RESULT = re.compile(r"^(PASS|FAIL|SKIP): (.*)$")

# The tool that is tested is the first on the path, and a program of Weft's.
WRAPPER = """#!/bin/sh
exec {weft} run --dir /:/ --env PWD="$PWD" --env PATH={bin} --env LC_ALL=C.UTF-8 --env TZ="$TZ" --env TMPDIR="$TMPDIR" \\
    {program} "$@"
"""
SCRIPT = """source scripts/runtest.sh
export FILES={toybox}/tests/files TOPDIR={toybox} VERBOSE=all LC_COLLATE=C CMDNAME={name}
export PATH={folder}/bin:$PATH C={folder}/bin/{name}
cd {folder}/testdir && . {toybox}/tests/{name}.test
"""


def known_failures():
    """By tool: what fails, and why."""
    known = {}
    for line in KNOWN.read_text().splitlines():
        if line and not line.startswith("#"):
            reason, tool, name = re.match(r"(\w+) +(\w+): (.*)$", line).groups()
            known.setdefault(tool, {})[name.strip()] = reason
    return known


def run_tests(name):
    """The results of one tool's tests: a list of (PASS, FAIL or SKIP, name), and the output."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="weft-tools-"))
    try:
        (folder / "bin").mkdir()
        (folder / "testdir").mkdir()
        wrapper = folder / "bin" / name
        wrapper.write_text(WRAPPER.format(weft=WEFT, bin=f"{PROGRAMS}/bin:{PROGRAMS}",
                                          program=PROGRAMS / f"bin/{name}.wasm"))
        wrapper.chmod(0o755)
        script = SCRIPT.format(toybox=TOYBOX, name=name, folder=folder)
        ran = subprocess.run(["bash", "-c", script], cwd=TOYBOX, stdin=subprocess.DEVNULL, timeout=300,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = ran.stdout.decode(errors="replace")
    return [match.groups() for match in map(RESULT.match, text.splitlines()) if match], text


def judge(name, results, text, known):
    for verdict, title in results:
        title = title.strip()
        if verdict == "SKIP" or (name, title) in TIMED:
            continue
        if verdict == "PASS" and title not in known:
            ok(True, f"{name}: {title}")
        elif verdict == "FAIL" and title not in known:
            at = text.find(f"FAIL: {title}")
            ok(False, f"{name}: {title}", text[at:at + 1000])
    failed = {title.strip() for verdict, title in results if verdict == "FAIL"}
    ok(set(known) <= failed, f"{name}: what is known to fail does", f"works: {sorted(set(known) - failed)}")
    skipped = sum(verdict == "SKIP" for verdict, _ in results)
    print(f"# {name}: {len(failed)} known to fail, {skipped} that toybox skips")


def main():
    names = (ROOT / "programs/toybox/applets").read_text().split()
    known = known_failures()
    ok(all(reason in REASONS for rows in known.values() for reason in rows.values()),
       "each known failure has a reason")
    tested = [name for name in sys.argv[1:] or names
              if (TOYBOX / f"tests/{name}.test").exists() and "*" not in known.get(name, {})]
    for name in tested:
        results, text = run_tests(name)
        ok(results, f"{name}: has tests", text)
        judge(name, results, text, known.get(name, {}))
    for name in [] if sys.argv[1:] else sorted(set(names) - set(tested)):
        print(f"# {name}: toybox has no tests of it, or none that could pass")
    done()


main()
