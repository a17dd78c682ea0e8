#!/usr/bin/env python3
"""tools/new: what it makes of each language is built by one command and runs, by `make run`, by `weft run` and
in the shell; its mistakes are told."""
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, ROOT, done, ok, run, weft

COMPILED = {"c": "C", "cpp": "C++", "rust": "Rust", "assemblyscript": "AssemblyScript", "go": "Go"}
SCRIPTS = {"javascript": "JavaScript", "lua": "Lua"}
NAME = "first-try"


def new(folder, *arguments):
    return run(ROOT / "tools/new", *arguments, cwd=folder)


def make(folder, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return run("make", "--silent", *arguments, cwd=folder, timeout=600, env=environment)


def shell(folder, commands):
    return weft("run", "--dir", f"{folder}:/data", "--dir", f"{PROGRAMS}:/programs:ro", "--env", "PATH=/programs",
                "--env", "PWD=/data", "--allow", "boot", "shell", "-c", commands)


def greeted(ran, title, name="world"):
    pattern = rf"Hello, {re.escape(name)}, from {re.escape(title)}\n"
    pattern += r"Weft's clock has counted for \d+ ms\n" if title in COMPILED.values() else r"The clock says \d{4}\n"
    return ran.status == 0 and re.fullmatch(pattern, ran.output)


def test_language(scratch, language, title):
    scratch.mkdir()
    made = new(scratch, language, NAME)
    folder = scratch / NAME
    ok(made.status == 0 and f"make -C {NAME} run" in made.output and (folder / "README.md").is_file(),
       f"{title}: a folder is made, and what to do next is said", made)
    ran = make(folder, "run")
    compiled = title in COMPILED.values()
    logged = f"{NAME} was here" in ran.errors and len(ran.errors.splitlines()) == 1
    ok(greeted(ran, title) and (logged if compiled else not ran.errors),
       f"{title}: one command builds and runs it, and its line is in the log", ran)
    if not compiled:
        return
    program = folder / f"{NAME}.wasm"
    built = program.stat().st_mtime_ns
    ran = make(folder)
    ok(ran.status == 0 and not ran.output + ran.errors and program.stat().st_mtime_ns == built,
       f"{title}: what has not changed is not built again", ran)
    ok(greeted(weft("run", program, "Ada"), title, "Ada"), f"{title}: `weft run` runs it, with arguments")
    ran = shell(folder, f"/data/{NAME} Ada")
    ok(greeted(ran, title, "Ada"), f"{title}: the shell runs it by its path", ran)
    ran = make(folder, "clean")
    ok(ran.status == 0 and not program.exists() and not (folder / "build").exists(),
       f"{title}: `make clean` takes away what was built", ran)


def test_mistakes(scratch):
    for name in ("", "Big", "9lives", "a b", "../up", "-x", "a;b", "ä"):
        ran = new(scratch, "c", name)
        ok(ran.status == 1 and "cannot be a program's name" in ran.errors, f"the name `{name}` is refused", ran)
    ok(new(scratch, "c", "a" * 40).status == 0, "a name of 40 letters is not too long")
    ran = new(scratch, "c", "a" * 41)
    ok(ran.status == 1 and "longer than 40" in ran.errors, "one of 41 is", ran)
    ran = new(scratch, "cobol", "x")
    ok(ran.status == 1 and "no language `cobol`" in ran.errors and "javascript or lua" in ran.errors,
       "an unknown language is told, with those that are there", ran)
    (scratch / "taken").write_text("mine")
    ran = new(scratch, "c", "taken")
    ok(ran.status == 1 and "already" in ran.errors and (scratch / "taken").read_text() == "mine",
       "what is there already is left alone", ran)
    spaced = scratch / "with space"
    spaced.mkdir()
    ran = new(spaced, "c", "x")
    ok(ran.status == 1 and "make cannot work in a folder" in ran.errors and not list(spaced.iterdir()),
       "a path that make cannot read is refused", ran)
    for arguments in ((), ("c",), ("c", "x", "y")):
        ran = new(scratch, *arguments)
        ok(ran.status == 2 and ran.errors.startswith("usage: tools/new LANGUAGE NAME"), "usage", ran)
    ran = new(scratch, "--help")
    ok(ran.status == 0 and ran.output.startswith("usage: tools/new LANGUAGE NAME"), "--help", ran)
    (scratch / "broken").mkdir()
    new(scratch / "broken", "c", "broken")
    (scratch / "broken/broken/clock.wit").write_text("package a:b;\ninterface clock { now: func(); }\n")
    ran = make(scratch / "broken/broken")
    ok(ran.status != 0 and "clock.wit has the name of one of the system's own interfaces" in ran.errors,
       "an interface with the name of one of the system's is refused", ran)
    (scratch / "broken/broken/clock.wit").unlink()
    source = scratch / "broken/broken/broken.c"
    source.write_text(source.read_text().replace("return 0;", "return nothing;"))
    ran = make(source.parent)
    ok(ran.status != 0 and "broken.c:" in ran.errors and "nothing" in ran.errors, "the compiler's words are shown", ran)


def main():
    os.environ["BUILD"] = str(BUILD.relative_to(ROOT))
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        test_mistakes(scratch)
        for language, title in {**COMPILED, **SCRIPTS}.items():
            test_language(scratch / language, language, title)
    done()


if __name__ == "__main__":
    main()
