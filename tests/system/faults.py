#!/usr/bin/env python3
"""What programs do wrong ends them and nothing else, as on the hosted kernel; what the kernel itself
does wrong is told, and ends as the command line says."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import wasm
from machine import FAILURE, PANIC, SUCCESS, Machine, boot, libraries, tar
from monitor import Monitor
from tap import BUILD, PROGRAMS, WEFT, done, ok, run

HOSTILE = BUILD / "tests/hosted/hostile"
LIBRARIES = libraries()

# i32.load 65536 beyond 0; i32.div_s 1 0; call 0; memory.grow 1 until it says no.
MISTAKES = {
    "a read out of bounds": wasm.module(b"\x41\x00\x28\x02\x80\x80\x04\x1a", memory=(1,)),
    "a read at the end of four gigabytes": wasm.module(b"\x41\x7f\x28\x02\xff\xff\xff\xff\x0f\x1a", memory=(1,)),
    "a division by zero": wasm.module(b"\x41\x01\x41\x00\x6d\x1a"),
    "a stack without end": wasm.module(b"\x10\x00"),
    "an instruction never to be reached": wasm.module(wasm.UNREACHABLE),
    "memory until there is none": wasm.module(b"\x03\x40\x41\x01\x40\x00\x41\x7f\x47\x0d\x00\x0b", memory=(1,)),
    "more memory than there is": wasm.module(memory=(65536,)),
}


def test_mistakes(folder):
    for what, module in MISTAKES.items():
        for engine in ("compiler", "interpreter"):
            path = folder / "guest.wasm"
            path.write_bytes(module)
            hosted = run(WEFT, "run", "--memory", "128M", "--engine", engine, path)
            machine = boot(f"init=guest.wasm engine={engine}", tar({"guest.wasm": module}), memory=64)
            expected = hosted.errors if "exhausted" not in hosted.errors else hosted.errors.partition("    and ")[0]
            ok(machine.status == (SUCCESS if hosted.status == 0 else FAILURE)
               and machine.after_boot().startswith(expected) and "weft's own" not in machine.text,
               f"{what}, {engine}", f"{hosted}\n{machine}")


def test_loop():
    """A program that never stops, on each CPU: the interrupt key ends it."""
    for cpus in (1, 2):
        machine = Machine("init=loop", tar({"loop.wasm": wasm.module(wasm.LOOP_FOREVER)}), cpus=cpus)
        machine.expect(r"MHz\n")
        machine.send("\x03")
        machine.finish()
        ok(machine.status == FAILURE and machine.after_boot() == "^C\n",
           f"a loop without end ends at the interrupt key, {cpus} CPU", machine)


def test_idle():
    """A program that waits for input, on an idle CPU."""
    reader = tar({"reader.wasm": (PROGRAMS / "example/wasi/hello_cpp.wasm").read_bytes(), **LIBRARIES})
    for cpus in (1, 2):
        machine = Machine("init=reader", reader, cpus=cpus)
        machine.expect(r"MHz\n")
        machine.send("one")
        machine.expect("one")
        machine.send("\x03")
        machine.finish()
        ok(machine.status == FAILURE and machine.after_boot() == "one^C\n",
           f"and so does a program that waits, {cpus} CPU", machine)


def test_flood():
    """More keys than there is room for, while nobody reads them."""
    machine = Machine("init=loop", tar({"loop.wasm": wasm.module(wasm.LOOP_FOREVER)}))
    machine.expect(r"MHz\n")
    for _ in range(100):
        machine.send("0123456789\n" * 20)
        machine.expect("never", deadline=0.02)
    machine.send("\x03")
    machine.finish()
    ok(machine.status == FAILURE and machine.text.count("0123456789\n") == 2000 and machine.text.endswith("^C\n"),
       "twenty thousand keys that nobody reads do not drown the interrupt key", machine.text[-200:])


def numbers(machine):
    return {word: int(number) for word, number in re.findall(r"^(\w+) (\d+)$", machine.text, re.MULTILINE)}


def test_hostile():
    bundle = tar({**{path.name: path.read_bytes() for path in HOSTILE.glob("*.wasm")}, **LIBRARIES})
    for cpus in (1, 4):
        for how in ("compute", "call", "list", "refuse"):
            machine = boot(f"init=hog log=none -- {how}", bundle, cpus=cpus)
            ok(machine.status == SUCCESS and numbers(machine).get("ended") == 2000,
               f"{how}: four threads on {cpus} CPU leave others their share, and can be killed", machine)
        for what, many, least in (("alarms", 5000, 5000), ("slots", 100000, 65000), ("threads", 1000, 20),
                                  ("processes", 1000, 10), ("itself", 100000, 256), ("silos", 1000, 7)):
            machine = boot(f"init=flood log=none -- {what} {many}", bundle, cpus=cpus)
            found = numbers(machine)
            ok(machine.status == SUCCESS and least <= found.get("took", -1) <= many and found.get("witness") == 0,
               f"a flood of {what} ends, and the system still answers", machine)
        machine = boot("init=races log=none -- 1000", bundle, cpus=cpus)
        ok(machine.status == SUCCESS and numbers(machine).get("failed") == 0,
           f"processes that die at any moment, {cpus} CPU", machine)


FAULTS = ["stack 1000", "divide 1000", "bounds 1000", "trap 1000", "memory 7"]


def test_goes_on():
    """The system outlives each fault: another program answers afterwards, and while others loop on every CPU."""
    bundle = tar({"faults.wasm": (HOSTILE / "faults.wasm").read_bytes()})
    for cpus in (1, 4):
        for engine in ("compiler", "interpreter"):
            machine = boot(f"init=faults log=none engine={engine} -- {cpus}", bundle, cpus=cpus)
            said = [line for line in machine.text.splitlines() if re.fullmatch(r"[a-z]+ \d+", line)]
            expected = [line for fault in FAULTS for line in (fault, "answers 7")]
            expected += ["answers 7"] + ["loop 2000"] * cpus + ["answers 7"]
            ok(machine.status == SUCCESS and said[:len(expected)] == expected,
               f"after each fault, and while {cpus} loop on {cpus} CPU, the next program answers, {engine}", machine)
            ok(said[len(expected):] == ["multiply 12", "answers 7", "answers 7"],
               "so it does while programs multiply to their silo's limit, and when that has gone", machine)


PANICS = {
    "assertion": "mistake.c:[0-9]+: this does not hold: ",
    "access": "a write to memory without access.*\n.*\n  at address 0000000000000008",
    "constant": "a write to memory without access",
    "write-code": "a write to memory without access",
    "code": "a jump to memory without code",
    "illegal": "an illegal instruction",
    "stack": "a write to memory without access",
    "double": "a fault while a fault was entered",
}


def test_panic():
    """With a debug option the kernel makes a mistake of its own."""
    hello = tar({"hello.wasm": wasm.module()})
    for mistake, words in PANICS.items():
        machine = boot(f"init=hello mistake={mistake}", hello, cpus=2)
        innermost = "fall" if mistake == "stack" else "(mistake_make|run_data)" if mistake == "code" else "[a-z_]+"
        ok(machine.status == PANIC and re.search(words, machine.text)
           and re.search(rf"    at [0-9a-f]+ {innermost}\+0x", machine.text)
           and ("pc_main+0x" in machine.text or mistake == "stack"),
           f"a mistake of the kernel's own is told, with where it was: {mistake}", machine)
    machine = boot("init=hello mistake=illegal panic=off", hello, debug_exit=False)
    ok(machine.status == 0 and "an illegal instruction" in machine.text, "panic=off switches the machine off", machine)
    machine = boot("init=hello mistake=illegal panic=reboot", hello, debug_exit=False)
    ok(machine.status == 0 and "an illegal instruction" in machine.text, "panic=reboot starts it anew", machine)
    machine = boot("init=hello", hello, debug_exit=False)
    ok(machine.status == 0, "and the end of the program switches it off", machine)


def pages(cpu):
    """All that is mapped while the shell waits, as the page tables have it: (address, runs, writes, bytes)."""
    monitor = Monitor()
    shell = tar({"shell.wasm": (PROGRAMS / "shell.wasm").read_bytes(), **LIBRARIES})
    machine = Machine("init=shell", shell, cpu=cpu, monitor=monitor)
    machine.expect(r"\$ ")
    table = monitor.execute("human-monitor-command", **{"command-line": "info tlb"})
    machine.kill()
    rows = re.findall(r"^([0-9a-f]+): [0-9a-f]+ ([X-])[G-]([P-])\S{5}([W-])\r?$", table, re.MULTILINE)
    return [(int(address, 16), never == "-", write == "W", 2 << 20 if large == "P" else 4096)
            for address, never, large, write in rows]


def test_pages():
    """What QEMU finds in the tables: nothing can be written and run, and memory is mapped in large pages."""
    direct = 0xFFFF800000000000
    for cpu, kind in (("max", "five levels"), ("max,-la57", "four levels"), ("qemu64,-nx", "without NX")):
        mapped = pages(cpu)
        both = [f"{address:x}" for address, runs, writes, _ in mapped if runs and writes]
        if "-nx" not in cpu:
            ok(mapped and not both, f"{kind}: no page is writable and executable", both)
        ok(all(address >= 4096 for address, *_ in mapped), f"{kind}: nothing is mapped at 0")
        large = sum(size for address, _, _, size in mapped if address >= direct and size > 4096)
        ok(large >= 240 << 20, f"{kind}: of 256 MiB {large >> 20} are mapped in pages of 2 MiB")


def main():
    test_pages()
    with tempfile.TemporaryDirectory() as folder:
        test_mistakes(pathlib.Path(folder))
    test_loop()
    test_idle()
    test_flood()
    test_goes_on()
    test_panic()
    test_hostile()
    done()


main()
