#!/usr/bin/env python3
"""Tests the command `wit`: its views of interfaces that are hard on generated C, and its errors."""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, ROOT, done, ok, run

WIT = BUILD / "wit"
FLAGS = ["-std=gnu11", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wmissing-prototypes",
         "-Werror", "-ffreestanding", "-fsyntax-only", "-I", str(ROOT)]

# Documentation that would end or begin a comment, names that C keeps, shapes at their edges.
HARD = """package test:hard;
/// Ends here: */ or /* not; a backslash \\
///
/// ??/ and "quotes" and % signs %s %u
interface hard {
    /// **/ int injected; /*
    enum one { only }
    flags thirty-two { FLAGS }
    enum many { CASES }
    variant bare { %enum, %tag, int }
    variant tag { tag(u8), int(list<tag-holder>), none }
    record tag-holder { value: u8, at: u16, i: u8, items: list<u8>, writer: u8, reader: bool }
    record unused { deep: option<option<result<tuple<bare>, list<list<string>>>>> }
    resource none;
    resource delete { constructor() -> result<delete, tag>; new: static func() -> none; this: func(); }
    f: func(at: u8, i: u8, value: u8, list: u8, arguments: u8, context: u8, event: u8, server: u8,
            reader: u8, writer: u8, client: u8, send-flags: u8, result: u8, errno: u8, NULL: u8);
    g: func(a: result, b: result<_, bare>, c: result<bare>, d: tuple<u8>, e: list<result>) -> result;
    h: func(a: list<option<none>>, b: many, c: thirty-two, d: one) -> option<tag>;
}
""".replace("FLAGS", ", ".join(f"f{i}" for i in range(32))).replace(
    "CASES", ", ".join(f"c{i}" for i in range(300)))


def view(name, path):
    return run(WIT, name, path)


def check_errors(folder):
    told = view("hash", folder / "missing.wit")
    ok(told.status == 1 and "missing.wit: No such file" in told.errors, "a missing file is told", told)
    told = view("hash", folder)
    ok(told.status == 1 and "Is a directory" in told.errors, "a directory is told", told)
    wrong = folder / "wrong.wit"
    wrong.write_text("package a:b;\ninterface c {\n  d: func(e: );\n}\n")
    told = view("header", wrong)
    ok(told.status == 1 and told.output == ""
       and told.errors == f"{wrong}:3:14: expected a type, found `)`\n",
       "a mistake is told with file, line and column, and nothing is printed", told)
    wrong.write_bytes(b"x" * (1 << 20))
    told = view("hash", wrong)
    ok(told.status == 1 and "1:1: the file is larger than" in told.errors, "a large file is refused",
       told)
    for arguments in ([], ["hash"], ["hash", "a", "b"], ["nothing", "a"]):
        told = run(WIT, *arguments)
        ok(told.status == 2 and "Usage: wit VIEW FILE.wit" in told.errors,
           f"usage for: wit {' '.join(arguments)}", told)
    told = run(WIT, "--help")
    ok(told.status == 0 and "program-source abi/interface/files.wit" in told.output, "wit --help",
       told)
    with open("/dev/full", "wb") as full:
        told = subprocess.run([WIT, "hash", ROOT / "tests/wit/tally.wit"], stdout=full,
                              stderr=subprocess.PIPE, check=False)
    ok(told.returncode == 1 and b"No space left" in told.stderr, "a full disk is told", told.stderr)


def check_compiles(folder, source):
    """All four views of C, for this machine and for WebAssembly."""
    interface = folder / "interface"
    interface.mkdir(exist_ok=True)
    name = source.stem
    for kind, file in (("header", f"{name}.h"), ("source", f"{name}.c"),
                       ("program-header", f"{name}_program.h"),
                       ("program-source", f"{name}_program.c")):
        made = view(kind, source)
        if made.status != 0:
            ok(False, f"{kind} of {name}", made)
            return
        (interface / file).write_text(made.output)
    for target, file in (("x86_64-linux-gnu", f"{name}.c"), ("wasm32", f"{name}.c"),
                         ("wasm32", f"{name}_program.c")):
        compiled = run("clang-19", f"--target={target}", *FLAGS, "-I", folder, interface / file)
        ok(compiled.status == 0, f"{file} compiles for {target} without a warning", compiled)


def check_views():
    tally = ROOT / "tests/wit/tally.wit"
    text = view("canonical", tally).output
    printed = view("hash", tally).output.strip()
    ok(hashlib.sha256(text.encode()).hexdigest() == printed, "the hash is that of the canonical text")
    page = view("page", tally).output
    for line in ("# Interface `tally`", "Counts, for each client on its own.", f"    tally@{printed}",
                 "### `tally_count_add`", "| 8 | 8 | `number`: `u64` |  |",
                 "| 8 | 8 | case 0, value: `u64` |  |", "| 8 | 1 | case 1, error: `error` |  |",
                 "### enum `error`", "| 0 | `too-large` |  |"):
        ok(line in page.splitlines(), f"the page has: {line}", page)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hard = folder / "hard.wit"
        hard.write_text(HARD)
        check_errors(folder)
        check_compiles(folder, hard)
        check_views()
    done()


main()
