#!/usr/bin/env python3
"""Each command has a man page, which man takes without a warning and which says what its --help says."""
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok, run

HAS_NO_HELP = {"true", "false", "test", "clear"}


def squeezed(text):
    """Without spaces, line ends and what a terminal makes bold."""
    return re.sub(r"\s", "", re.sub(".\b", "", text))


def help_text(program):
    ran = run(WEFT, "run", program, "--help")
    said = ran.output + ran.errors
    return said[said.lower().find("usage:") + len("usage:"):]


def check_page(program):
    page = BUILD / f"man/weft-{program.stem}.1"
    shown = run("man", "--warnings", "--nj", "--nh", "--local-file", page,
                env={**os.environ, "MANWIDTH": "400", "LC_ALL": "C.UTF-8"})
    sections = re.split(r"^[A-Z]", shown.output, flags=re.M)
    problem = "" if page.exists() and not shown.errors and len(sections) > 3 else str(shown)
    if not problem and program.stem not in HAS_NO_HELP:
        told = squeezed(shown.output)
        lost = [line for line in help_text(program).splitlines()
                if squeezed(re.sub("^usage:", "", line, flags=re.I)) not in told]
        problem = "".join(f"not in the page: {line}\n" for line in lost)
    ok(not problem, f"{program.stem} has a page that says what its --help says", problem)


def main():
    run("make", "--silent", "man", f"BUILD={os.environ.get('BUILD', 'build')}", cwd=ROOT, timeout=300,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")})
    names = [*(ROOT / "programs/toybox/applets").read_text().split(),
             *(path.parent.name for path in ROOT.glob("programs/tool/*/main.c")),
             *(path.stem for path in ROOT.glob("programs/tool/*.c") if "int main(" in path.read_text())]
    for name in sorted(names):
        check_page(PROGRAMS / f"bin/{name}.wasm")
    for program in sorted(PROGRAMS.glob("system/*.wasm")):
        check_page(program)
    shown = run("man", "--warnings", "--nj", "--nh", "--local-file", BUILD / "man/weft-less.1",
                env={**os.environ, "MANWIDTH": "400", "LC_ALL": "C.UTF-8"})
    ok("displaythecontentsofafile" in squeezed(shown.output) and not shown.errors, "less has the page of its authors", shown)
    with tempfile.TemporaryDirectory() as folder:
        ran = run(ROOT / "tools/man", folder, WEFT, PROGRAMS / "example/wasi/hello_c.wasm")
        ok(ran.status == 1 and "has no usage" in ran.errors, "a program without --help is named", ran)
    done()


if __name__ == "__main__":
    main()
