"""TAP for test scripts, and how they run commands."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(ROOT, os.environ.get("BUILD", "build"))
SHARED = pathlib.Path(ROOT, os.environ.get("SHARED", "../shared"))
WEFT = pathlib.Path(ROOT, os.environ.get("WEFT", BUILD / "weft"))
PROGRAMS = BUILD / "programs"
os.environ["XDG_CACHE_HOME"] = str(BUILD / "tests/cache")

_results = []


def ok(passed, name, detail=""):
    """One result; `detail` is shown if it failed."""
    _results.append(bool(passed))
    print(f"{'ok' if passed else 'not ok'} {len(_results)} - {name}")
    if not passed:
        for line in str(detail).splitlines():
            print("# " + line)
    sys.stdout.flush()
    return bool(passed)


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def done():
    print(f"1..{len(_results)}")
    sys.exit(0 if _results and all(_results) else 1)


class Ran:
    """What a command did; printing it shows all a reader needs."""

    def __init__(self, command, status, output, errors):
        self.command, self.status, self.output, self.errors = command, status, output, errors

    def __str__(self):
        return (f"command: {' '.join(map(str, self.command))}\nexit status: {self.status}\n"
                f"standard output:\n{self.output}\nstandard error:\n{self.errors}")


def run(*command, text="", timeout=60, **options):
    """Runs a command with `text` on its standard input. That it does not end in time is a failure, whatever is checked
    behind."""
    try:
        ran = subprocess.run(list(map(str, command)), input=text.encode(), capture_output=True,
                             timeout=timeout, check=False, **options)
        status, output, errors = ran.returncode, ran.stdout, ran.stderr
    except subprocess.TimeoutExpired as expired:
        status, output, errors = f"none after {timeout} s", expired.stdout or b"", expired.stderr or b""
    ran = Ran(command, status, output.decode(errors="replace"), errors.decode(errors="replace"))
    if isinstance(status, str):
        ok(False, "a command ends in time", ran)
    return ran


def weft(*arguments, **options):
    return run(WEFT, *arguments, **options)
