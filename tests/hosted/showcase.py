#!/usr/bin/env python3
"""The showcase: small programs in C, C++, Rust and AssemblyScript, each on WASI and on wasm_os, write the same; in
the shell they are commands. Those on wasm_os ask for nothing else."""
import re
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, done, ok, weft

BIN = PROGRAMS / "bin"
FIBONACCI = "0 1 1 2 3 5 8 13 21 34".split()
VECTOR = "".join(f"{step}: passed\n" for step in ("push back", "pop back", "reserve", "resize", "clear", "insert", "erase"))
LONG_LONG = """\
-9223372036854775808 -1 9223372036854775807
-2147483648 1099511627776 2147483647 -1099511627776
18446744073709551615 123456789abcdef 4294967295
"""
LANGUAGES = {"c": "C", "cpp": "C++", "rust": "Rust", "as": "AssemblyScript"}
CASES = [
    ("fib 10", "\n".join(FIBONACCI) + "\n"), ("fib", "usage: fib TERMS\n"),
    ("fib 0", "fib: the number of terms is 1 to 93\n"), ("fib 94", "fib: the number of terms is 1 to 93\n"),
    ("collatz 3", "1 comes down\n2 comes down\n3 comes down\n"), ("collatz x", "usage: collatz NUMBER\n"),
    ("vector", VECTOR), ("longlong", LONG_LONG),
    ("alloc", "0 1 2 3 4\n0 1 2 3 4 5 6 7 8 9\n1000 blocks more were taken and given back\n"),
    *((f"hello-{name}", f"Hello, world, from {title} on Weft\n") for name, title in LANGUAGES.items()),
    *((f"hello-{name} 'a b'", f"Hello, a b, from {title} on Weft\n") for name, title in LANGUAGES.items()),
]


def shell(commands, text=""):
    return weft("run", "--dir", f"{BIN}:/bin:ro", "--dir", f"{PROGRAMS}/example:/more:ro", "--env", "PATH=/bin:/more/wasm_os",
                "--env", "PWD=/bin", "--allow", "boot", "shell", "-c", commands, text=text)


def test_cli(name):
    """The small shell: what is typed, and what it says until it asks for the next line."""
    typed = {"help": "help, exit, or a program's name and its arguments\n", "": "", "  ": "", "fib 3": "0\n1\n1\n", " fib-os  2 ": "0\n1\n",
             "nothere a": "nothere a: there is no such program\n", "b" * 256: "b" * 256 + ": there is no such program\n",
             "c" * 257: "a line has 256 bytes at most\n",
             "abort": "before\nProgram aborted. broken (ab.ts?:12:34)\nabort: it came to no good end\n"}
    begins = "A small shell. `help` tells what it knows.\n> "
    ran = shell(name, "".join(f"{line}\n" for line in typed) + "exit\nfib 1\n")
    ok(ran.output == begins + "> ".join(typed.values()) + "> ", f"{name}: lines", ran)
    ran = shell(name, f"{name}\nfib 1\nexit\nfib 2")
    ok(ran.output == begins + begins + "0\n> > 0\n1\n> \n", f"{name} in itself, and the end of input", ran)


def main():
    for command, expected in CASES:
        name, _, rest = command.partition(" ")
        if not (BIN / f"{name}.wasm").exists():  # AssemblyScript, where there is no npm
            continue
        for suffix in "", "-os":
            ran = shell(f"{name}{suffix} {rest}")
            ok(ran.output == expected and not ran.errors, f"{name}{suffix} {rest}", ran)
    last = shell("fib 93").output.split()
    ok(last == shell("fib-os 93").output.split() and last[-1] == "7540113804746346429", "the last number that 64 bits hold")
    for suffix in "", "-os":
        ran = shell(f"sysinfo{suffix}")
        numbers = [int(number) for number in re.findall(r": (\d+) microseconds\n", ran.output)]
        ok(len(numbers) == 2 and 0 < numbers[0] and numbers[1] <= numbers[0], f"sysinfo{suffix}", ran)
        test_cli(f"cli{suffix}")
    for program in sorted(BIN.glob("*-os.wasm")):
        ran = weft("inspect", program)
        ok("env: " in ran.output and "wasi_snapshot" not in ran.output, f"{program.stem} imports wasm_os's functions alone", ran)
    done()


if __name__ == "__main__":
    main()
