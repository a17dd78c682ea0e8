#!/usr/bin/env python3
"""What the bare kernel is given at boot is wrong: it boots as far as that allows, says what is wrong, and ends."""
import pathlib
import random
import re
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from debugger import Debugger, symbol
from machine import FAILURE, SUCCESS, Machine, boot, libraries, tar
from tap import PROGRAMS, done, ok

HELLO_NAME, HELLO_BYTES = "hello.wasm", (PROGRAMS / "example/hello/hello.wasm").read_bytes()
HELLO = tar({HELLO_NAME: HELLO_BYTES})
HELLO_C = tar({"hello.wasm": (PROGRAMS / "example/wasi/hello_c.wasm").read_bytes(), **libraries()})
FIRST_LINE = "Hello from Weft\n"
COMMAND_LINE_MAX = 4095
SEEDS = 50


def is_sound(machine):
    """It came to an end of its own, and if that was no success it said something."""
    said = machine.after_boot() != "" or "error" in machine.text
    return machine.status in (SUCCESS, FAILURE) and said and "weft's own" not in machine.text


def test_cut():
    """A tar's headers are 512 bytes, then comes the program."""
    for size in (0, 1, 511, 512, 513, 1024, 512 + len(HELLO_BYTES) - 1, 512 + len(HELLO_BYTES)):
        machine = boot("init=hello", HELLO[:size])
        whole = size >= 512 + len(HELLO_BYTES)
        reason = "no boot bundle" if size == 0 else "" if whole else "the boot bundle is damaged"
        ok(is_sound(machine) and (machine.status == SUCCESS) == whole and reason in machine.text,
           f"a bundle cut to {size} bytes", machine)


def flip(bundle, seed, first, count):
    dice = random.Random(seed)
    damaged = bytearray(bundle)
    for _ in range(count):
        damaged[dice.randrange(first, len(bundle))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def test_flipped():
    """A byte of the headers, or some of anywhere. What the checks cannot see may even run."""
    bad = []
    refused = 0
    for seed in range(SEEDS):
        bundle = flip(HELLO, seed, 0, 1 + seed % 5) if seed % 2 else flip(HELLO_C, seed, 0, 40)
        machine = boot("init=hello", bundle)
        refused += machine.status == FAILURE
        if not is_sound(machine):
            bad.append(f"seed {seed}: {machine}")
    ok(not bad, f"{SEEDS} damaged bundles: each machine comes to its end", "\n".join(bad))
    ok(refused > SEEDS // 4, "  and many of them say why they do not run it", refused)
    machine = boot("init=hello", flip(HELLO[:512], 7, 0, 1) + HELLO[512:])
    ok(machine.status == FAILURE and "is damaged" in machine.text, "a byte of a header is found", machine)


def test_words():
    end = " init=hello"
    for length, way in ((COMMAND_LINE_MAX, "pvh"), (COMMAND_LINE_MAX + 1, "pvh"), (2 * COMMAND_LINE_MAX, "bios")):
        words = "init=hello " + "x" * (length - len("debug-exit init=hello "))
        machine = boot(words, HELLO, way=way)
        cut = "the command line is too long" in machine.text
        ok(machine.status == SUCCESS and machine.text.endswith(FIRST_LINE) and cut == (length > COMMAND_LINE_MAX),
           f"a command line of {length} bytes{': its end is cut off, and that is said' if cut else ''}", machine)
    machine = boot("x" * (COMMAND_LINE_MAX - len("debug-exit ") - len(end)) + end, HELLO)
    ok(machine.status == SUCCESS and machine.text.endswith(FIRST_LINE), "the last word of the longest one counts",
       machine)
    words = ["one", "two=2", "cpus=none", "log=loud", "memory=1T", "="]
    machine = boot(f"init=hello {' '.join(words)}", HELLO)
    ok(machine.status == SUCCESS and re.findall("warning: a word .*: (.*)\n", machine.text) == words and
       machine.text.endswith(FIRST_LINE), "words without meaning: each is told", machine)
    machine = boot("init=hello " + 17 * "word ", HELLO)
    ok(machine.status == SUCCESS and machine.text.count(": word\n") == 16 and "more words of it: 1\n" in machine.text and
       machine.text.endswith(FIRST_LINE), "  up to sixteen, and how many more there are", machine)
    machine = boot("init=hello memory=17179869184G", HELLO)
    ok(machine.status == SUCCESS and "253 MiB of memory free" in machine.text, "more memory than there can be is no limit",
       machine)
    machine = boot("init=hello \xff\x01 log=info", HELLO)
    ok(machine.status == SUCCESS and "\x01" not in machine.text and machine.text.endswith(FIRST_LINE),
       "what is no text is told escaped", machine)
    machine = boot("init= --", HELLO)
    ok(machine.status == FAILURE and "no such program in the boot bundle: init" in machine.text, "init of nothing",
       machine)


def test_modules():
    machine = boot("init=hello", HELLO, way="bios", modules=(b"\xff" * 5000, b""))
    ok(machine.status == SUCCESS and machine.text.endswith(FIRST_LINE), "more modules than the bundle", machine)
    machine = boot("init=hello", b"\xff" * 5000, way="bios", modules=(HELLO,))
    ok(machine.status == FAILURE and "is damaged" in machine.text, "the bundle is not the first one", machine)
    machine = boot("init=hello memory=64M", HELLO, memory=2048)
    ok(machine.status == SUCCESS and machine.text.endswith(FIRST_LINE), "a bundle in memory that is not to be used",
       machine)
    large = tar({"a": bytes(60 << 20), HELLO_NAME: HELLO_BYTES})
    machine = boot("init=hello", large, memory=128)
    ok(machine.status == SUCCESS and machine.text.endswith(FIRST_LINE), "a bundle that is half of memory", machine)


def test_machines():
    machine = boot("init=hello log=debug", HELLO, kind="pc,acpi=off,hpet=off", cpus=4, way="bios")
    ok(machine.status == SUCCESS and "there are no ACPI tables" in machine.text and "weft: 1 CPU," in machine.text
       and "measured against the 8254" in machine.text and machine.text.endswith(FIRST_LINE),
       "neither ACPI nor HPET", machine)
    machine = boot("init=hello", HELLO, kind="q35,i8042=off,pit=off", cpu="max,-rdrand,-rdseed")
    ok(machine.status == SUCCESS and machine.text.endswith(FIRST_LINE),
       "no keyboard controller, no old timer, no generator of random numbers", machine)


def hand_over(way, change):
    """A machine whose kernel finds the loader's information changed: `change` gets debugger and address."""
    debugger = Debugger()
    machine = Machine("init=hello", HELLO, way=way, options=debugger.options())
    debugger.stop_at(machine, symbol(f"{'pvh' if way == 'pvh' else 'multiboot2'}_entry"))
    change(debugger, debugger.register_b())
    debugger.go_on()
    return machine.finish()


def renumber_tag(debugger, at, number, new, data=None):
    """Multiboot2's tag of that number gets another one, and other bytes behind its head."""
    end = at + struct.unpack("<I", debugger.read(at, 4))[0]
    at += 8
    while at < end:
        found, size = struct.unpack("<II", debugger.read(at, 8))
        if found == number:
            debugger.write(at, struct.pack("<I", new))
            if data is not None:
                debugger.write(at + 8, data)
        at += size + 7 & ~7


def test_no_map():
    no_map = r"weft: the boot loader tells of less memory than 8 MiB\n(?s:.*)weft: the boot loader handed over no memory map: "
    unknown = 0x7777

    def stops(name, machine):
        ok(machine.status == FAILURE and re.search(no_map, machine.text) and "weft's own" not in machine.text, name, machine)

    stops("PVH: a map of nothing", hand_over("pvh", lambda debugger, at: debugger.write(at + 48, bytes(4))))
    stops("PVH: a map that is nowhere", hand_over("pvh", lambda debugger, at: debugger.write(at + 40, bytes(8))))
    stops("PVH: of version 0, which has none", hand_over("pvh", lambda debugger, at: debugger.write(at + 4, bytes(4))))

    def none(debugger, at):
        renumber_tag(debugger, at, 6, unknown)
        renumber_tag(debugger, at, 4, unknown)
    stops("multiboot2: no map", hand_over("bios", none))
    machine = hand_over("bios", lambda debugger, at: renumber_tag(debugger, at, 6, unknown))
    ok(machine.status == SUCCESS and "no memory map: memory is used as far as the first hole" in machine.text and
       re.search(r" 25\d MiB of memory", machine.text) and machine.text.endswith(FIRST_LINE),
       "multiboot2: no map, but the sizes of memory, which do", machine)

    def little(debugger, at):
        renumber_tag(debugger, at, 6, unknown)
        renumber_tag(debugger, at, 4, 4, struct.pack("<II", 640, 2048))
    machine = hand_over("bios", little)
    ok(machine.status == FAILURE and "less memory than 8 MiB" in machine.text, "  or too little by these", machine)


def main():
    test_no_map()
    test_cut()
    test_flipped()
    test_words()
    test_modules()
    test_machines()
    done()


main()
