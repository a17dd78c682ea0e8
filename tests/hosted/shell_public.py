#!/usr/bin/env python3
"""The shell, on the tests that BusyBox has for its ash: scripts of a few lines, and what they write. What
is known not to be the same, and why, stands in data/shell-known.

usage: tests/hosted/shell_public.py [--beside SHELL] [CATEGORY/NAME...]

--beside also runs a shell of the host's, and counts. Names: only these, and what they differ in.
"""
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok

SUITE = BUILD / "sources/busybox/shell/ash_test"
GUESTS = BUILD / "tests/hosted/shell_public"
KNOWN = pathlib.Path(__file__).parent / "data/shell-known"
HELPERS = ("recho", "zecho", "printenv")
SCRATCH = pathlib.PurePosixPath("/", "tmp")  # the scripts name it
DEADLINE = 60
# What the kernel says on its own, of processes that end in no good way.
NOT_OF_THE_SHELL = re.compile(r"^weft: .*$\n", re.MULTILINE)
# Messages begin with the name of the script, or of the shell, and the line; getopts' are without, and
# so is what a shell says of a program that a signal ended.
MESSAGE = re.compile(r"^(\S+: (\S+: )*line \d+: .*|Illegal option .*|\S+: write error: .*|Hangup|Terminated|"
                     r"User defined signal 2)$\n", re.MULTILINE)


def prepare():
    if not SUITE.exists():
        subprocess.run([ROOT / "tools/fetch", "busybox", BUILD / "sources"], check=True, timeout=300,
                       stdout=subprocess.DEVNULL)
    (GUESTS / "host").mkdir(parents=True, exist_ok=True)
    for name in HELPERS:
        source, target = SUITE / f"{name}.c", GUESTS / f"{name}.wasm"
        if not target.exists():
            subprocess.run(["clang-19", "--target=wasm32-wasi", f"--sysroot={BUILD}/sysroot", "-O1", "-w", "-o",
                            target, source], check=True)
            subprocess.run(["clang-19", "-O1", "-w", "-o", GUESTS / "host" / name, source], check=True)


def known_failures():
    """The reasons that are explained; by name of the test, why it fails."""
    lines = KNOWN.read_text().splitlines()
    reasons = {line.split()[1] for line in lines if re.match(r"# [a-z]+ {2,}", line)}
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return reasons, {name: reason for reason, name in rows}


def in_weft(folder):
    return [WEFT, "run", "--dir", f"{folder}:/data", "--dir", f"{folder}/tmp:{SCRATCH}",
            "--dir", f"{PROGRAMS}/bin:/bin:ro", "--dir", f"{GUESTS}:/helpers:ro", "--env", "PATH=/helpers:/bin",
            "--env", "PWD=/data/test", "--env", "THIS_SH=shell", "--env", "CONFIG_FEATURE_FANCY_ECHO=y",
            "--allow", "boot", "shell"]


def run_test(test, command, environment):
    """What its script writes, and its status; None: it did not end in time."""
    with tempfile.TemporaryDirectory(prefix="weft-shell-") as folder:
        place = pathlib.Path(folder, "test")
        shutil.copytree(test.parent, place)
        pathlib.Path(folder, "tmp").mkdir()
        try:
            ran = subprocess.run([*command(folder), f"./{test.name}"], cwd=place, env=environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 timeout=DEADLINE, check=False)
        except subprocess.TimeoutExpired as expired:
            return expired.output or b"", None
        return ran.stdout, ran.returncode


def read_right(test):
    return test.with_suffix(".right").read_text(errors="surrogateescape")


def is_same(test, output):
    return NOT_OF_THE_SHELL.sub("", output.decode(errors="surrogateescape")) == read_right(test)


def is_same_but_words(test, output):
    ours = MESSAGE.sub("", NOT_OF_THE_SHELL.sub("", output.decode(errors="surrogateescape")))
    return ours == MESSAGE.sub("", read_right(test))


def tests_of(names):
    every = sorted(test for test in SUITE.glob("ash-*/*.tests") if test.with_suffix(".right").exists())
    return [test for test in every if not names or name_of(test) in names]


def name_of(test):
    return f"{test.parent.name}/{test.stem}"


def sleeps(test):
    return "sleep" in test.read_text(errors="replace")


def takes_long(test):
    return sleeps(test) or test.parent.name == "ash-z_slow"


def run_all(tests, command, environment=None):
    """Pairs of a test and what it gave, in order. Two run at a time, and beside them those that take long, nearly
    all of which sleep."""
    with ThreadPoolExecutor(2) as few, ThreadPoolExecutor(6) as long:
        started = [(long if takes_long(test) else few).submit(run_test, test, command, environment) for test in tests]
        return list(zip(tests, (each.result() for each in started)))


def run_in_weft(tests, known):
    """What a script that sleeps gives depends on the machine's load, too: if it is not right, it gets two more
    tries on its own."""
    for test, result in run_all(tests, in_weft):
        tries = 2 if sleeps(test) and name_of(test) not in known else 0
        while tries > 0 and not is_same(test, result[0]):
            tries -= 1
            result = run_test(test, in_weft, None)
        yield test, *result


def count_beside(shell, tests):
    environment = {"PATH": f"{GUESTS}/host:{os.environ['PATH']}", "THIS_SH": shell,
                   "CONFIG_FEATURE_FANCY_ECHO": "y"}
    results = run_all(tests, lambda _: [shell], environment)
    print(f"# {shell}: {sum(is_same(test, output) for test, (output, _) in results)} of {len(tests)}")


def difference(test, output):
    expected = test.with_suffix(".right").read_text(errors="replace")
    return "".join(difflib.unified_diff(expected.splitlines(True), output.decode(errors="replace").splitlines(True),
                                        "right", "ours", n=0))


def main():
    arguments = sys.argv[1:]
    beside = arguments[1] if arguments[:1] == ["--beside"] else None
    names = arguments[2:] if beside else arguments
    prepare()
    reasons, known = known_failures()
    ok(set(known.values()) <= reasons, "each reason is explained", set(known.values()) - reasons)
    tests = tests_of(names)
    ok(names or len(tests) > 300, "the tests are there", len(tests))
    failed = set()
    for test, output, status in run_in_weft(tests, known):
        name = name_of(test)
        if is_same(test, output):
            ok(name not in known, name, "it works: data/shell-known says that it does not")
            continue
        failed.add(name)
        words = is_same_but_words(test, output)
        ok(known.get(name) != "words" or words, f"{name} differs in words alone", difference(test, output))
        if name not in known or names:
            ok(name in known, name, f"status {status}{', words alone' * words}\n{difference(test, output)}")
    ok(names or set(known) <= failed, "what is known to fail does", sorted(set(known) - failed))
    print(f"# {len(failed)} of {len(tests)} fail")
    if beside:
        count_beside(beside, tests)
    done()


if __name__ == "__main__":
    main()
