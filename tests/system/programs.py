#!/usr/bin/env python3
"""The same programs, byte for byte, write the same on the bare kernel as on the hosted one."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import FAILURE, SUCCESS, boot, libraries, tar
from tap import BUILD, PROGRAMS, SHARED, WEFT, done, ok, run

EXAMPLE = PROGRAMS / "example"
LIBRARIES = libraries()

# Program, arguments, what is typed. What is typed is shown, so it comes first in the transcript.
CASES = (
    ("hello/hello", "", ""),
    ("wasi/hello_c", "one two", ""),
    ("wasi/hello_cpp", "", "one two one\n"),
    ("wasi/hello_rust", "a bc def", ""),
    ("threads/threads", "", ""),
    ("wasm_os/abort", "", ""),
    ("wasm_os/cputime", "", ""),
    ("wasm_os/free", "", ""),
    ("wasm_os/getargs", "x yz", ""),
    ("wasm_os/malloc", "", ""),
    ("wasm_os/memcpy", "", ""),
    ("wasm_os/memmove", "", ""),
    ("wasm_os/memset", "", ""),
    ("wasm_os/ptrsize", "", ""),
    ("wasm_os/putchar", "", ""),
    ("wasm_os/rng", "", ""),
    ("wasm_os/s_putchar", "", ""),
    ("wasm_os/seedrng", "", ""),
    ("wasm_os/timesinceboot", "", ""),
)


TRAPPED = 134


def hosted(path, arguments, typed):
    """What it writes to both outputs, together, and its exit status, which the bare kernel tells."""
    ran = run("/bin/sh", "-c", 'exec "$@" 2>&1', "sh", WEFT, "run", path, *arguments.split(), text=typed)
    told = "" if ran.status in (0, TRAPPED) else f"weft: {path.name} exited with status {ran.status}\n"
    return ran.output + told, ran.status == 0


def test_program(path, arguments="", typed="", words="", **options):
    expected, content = hosted(path, arguments, typed)
    bundle = tar({path.name: path.read_bytes(), **LIBRARIES})
    machine = boot(f"init={path.name} {words} -- {arguments}", bundle, text=typed + "\x04" if typed else "",
                   **options)
    ok(machine.status == (SUCCESS if content else FAILURE) and machine.after_boot() == typed + expected,
       f"{path.parent.name}/{path.stem} {arguments}{words}", f"expected:\n{typed}{expected}\n{machine}")


def test_commands():
    """The showcase, on WASI and on wasm_os; and by name in the shell, where the bundle is all there is."""
    for command in ("vector", "vector-os", "longlong-os", "alloc", "fib-os 20", "collatz 9", "hello-rust-os Ada",
                    "hello-as-os Ada"):
        name, _, arguments = command.partition(" ")
        if (PROGRAMS / f"bin/{name}.wasm").exists():
            test_program(PROGRAMS / f"bin/{name}.wasm", arguments, memory=64)
    named = {name: (PROGRAMS / name).read_bytes() for name in ("shell.wasm", "bin/hello-c.wasm", "bin/hello-c-os.wasm")}
    machine = boot("init=shell", tar({**named, **LIBRARIES}),
                   text="hello-c; hello-c-os Ada\nexit 0\n")
    ok(machine.status == SUCCESS and "Hello, world, from C on Weft\nHello, Ada, from C on Weft\n" in machine.after_boot(),
       "commands of the bundle, by name in the shell", machine)


def test_again():
    """All that a machine says, its clock included, when time is what it has executed."""
    for program in ("threads/threads", "wasi/hello_rust"):
        bundle = tar({"program.wasm": (EXAMPLE / f"{program}.wasm").read_bytes(), **LIBRARIES})
        first, second = (boot("init=program log=debug", bundle, fixed=True) for _ in range(2))
        ok(first.status == SUCCESS and first.data == second.data, f"{program}: two runs are the same to the byte",
           f"{first}\n{second}")


def test_suite(folder):
    """Tests of WASI by others, in C and AssemblyScript: those that need no directory, no environment and
    no argument with a space, which a kernel's command line has not."""
    for path in sorted(folder.rglob("*.wasm")):
        beside = path.with_suffix(".json")
        asked = json.loads(beside.read_text()) if beside.exists() else {}
        arguments = asked.get("args", [])
        if "root" not in asked and "env" not in asked and not any(" " in argument for argument in arguments):
            test_program(path, " ".join(arguments))


def main():
    for program, arguments, typed in CASES:
        test_program(EXAMPLE / f"{program}.wasm", arguments, typed, memory=64)
    for program, arguments, typed in CASES[:5]:
        test_program(EXAMPLE / f"{program}.wasm", arguments, typed, words="engine=interpreter", cpus=2)
    for name in ("clocks", "process"):
        test_program(BUILD / f"tests/wasi/{name}.wasm")
    test_commands()
    test_suite(SHARED / "wasi")
    test_again()
    done()


main()
