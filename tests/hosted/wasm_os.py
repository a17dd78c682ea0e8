#!/usr/bin/env python3
"""Programs for wasm_os: one for each function of its ABI. Each checks itself and ends by a trap if a
check fails."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, done, ok, weft

FOLDER = PROGRAMS / "example/wasm_os"

# What each prints when its checks pass: how many `ok: ` lines.
CHECKS = {
    "timesinceboot": 3, "cputime": 4, "malloc": 6, "free": 4, "ptrsize": 5, "memmove": 7,
    "memset": 5, "memcpy": 5, "seedrng": 7, "rng": 2,
}


# A module as AssemblyScript makes them: a start function that prints `s` and a newline, and no export
# to begin at.
START_ONLY = bytes.fromhex(
    "0061736d01000000" "01080260017f00600000" "020f0103656e7607707574636861720000" "03020101"
    "0503010001" "070a01066d656d6f72790200" "080101" "0a0d010b0041f3001000410a10000b")


def run(name, *arguments, options=(), text=""):
    return weft("run", *options, FOLDER / f"{name}.wasm", *arguments, text=text)


def main():
    for name, count in CHECKS.items():
        ran = run(name)
        ok(ran.status == 0 and ran.output.count("ok: ") == count and "FAILED" not in ran.output, name, ran)
    ran = run("putchar")
    ok(ran.status == 0 and ran.output == "abcdefghijklmnopqrstuvwxyz\n!\n", "putchar", ran)
    with tempfile.NamedTemporaryFile(suffix=".wasm") as program:
        program.write(START_ONLY)
        program.flush()
        ran = weft("run", program.name)
    ok(ran.status == 0 and ran.output == "s\n", "a program that is its start function alone", ran)
    ran = run("s_putchar")
    ok(ran.output == "to the screen\n" and "to the serial port\n" in ran.errors, "s_putchar", ran)
    ran = run("getchar", text="keys")
    ok(ran.status == 0 and ran.output.startswith("keys\nkeys: 4"), "getchar", ran)
    ran = run("abort")
    ok(ran.status != 0 and ran.output == "before\nProgram aborted. broken (ab.ts?:12:34)\n", "abort", ran)
    ran = run("getargs", "one", "two", "a b")
    ok(ran.output == "ok: there are arguments\nargument: one\nargument: two\nargument: a b\n"
       "ok: the first is the program's name\nok: each answer is the caller's own\n",
       "getargs", ran)
    ran = run("runapp", options=("--dir", f"{FOLDER}:/:ro"))
    ok(ran.status == 0 and ran.output.count("ok: ") == 9 + 3 + 6 and "argument: two\n" in ran.output,
       "runapp", ran)
    ran = run("runapp")
    ok(ran.status != 0 and "FAILED: a program that runs" in ran.output,
       "runapp finds only what the program was given", ran)
    done()


if __name__ == "__main__":
    main()
