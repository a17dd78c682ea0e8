#!/usr/bin/env python3
"""The bare kernel boots by each way, with little memory and much, on one CPU and on several; and what
is wrong with what it was given, it says."""
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import FAILURE, KERNEL, SUCCESS, Machine, boot, tar
from tap import PROGRAMS, done, ok

HELLO = tar({"hello.wasm": (PROGRAMS / "example/hello/hello.wasm").read_bytes()})
FIRST_LINE = "Hello from Weft\n"


def boots(name, words="init=hello", bundle=HELLO, **options):
    machine = boot(words, bundle, **options)
    ok(machine.status == SUCCESS and machine.text.endswith("\n" + FIRST_LINE), name, machine)
    return machine


def test_ways():
    boots("PVH, as QEMU and small monitors boot")
    boots("PVH on the machine of 1996", kind="pc")
    boots("GRUB from a disk, started by a BIOS", way="bios")
    boots("GRUB from a disk, started by UEFI", way="uefi")


def test_matrix():
    """Each way with the least memory and much, and with each number of CPUs."""
    for way in ("pvh", "bios", "uefi"):
        for memory, cpus in ((64, 1), (64, 8), (8192, 2), (8192, 4)):
            machine = boots(f"{way}, {memory} MiB, {cpus} CPU", way=way, memory=memory, cpus=cpus)
            ok(f"weft: {cpus} CPU" in machine.text, "  all of which have come", machine)


def test_sizes():
    boots("64 MiB of memory", memory=64)
    machine = boots("8 GiB of memory", memory=8192)
    ok(" 81" in machine.text.partition(" MiB")[0], "  of which nearly all is free", machine)
    machine = boots("memory=32M takes less than there is", words="init=hello memory=32M")
    ok(" 29 MiB" in machine.text, "  and says so", machine)


def test_cpus():
    for count in (2, 4, 8):
        machine = boots(f"{count} CPUs", cpus=count)
        ok(f"weft: {count} CPUs" in machine.text, "  all of which have come", machine)
    machine = boots("cpus=2 of four", words="init=hello cpus=2", cpus=4)
    ok("weft: 2 CPUs" in machine.text, "  and two have come", machine)
    boots("the first x86-64 there was", cpu="qemu64,-sse3,-cx16,-nx", cpus=2)
    machine = Machine("init=hello", HELLO, cpu="qemu32")
    ok(machine.expect("this CPU is not an x86-64"), "an older one is told what it lacks", machine)
    machine.process.kill()
    machine.finish()


FEATURES = "features: WP NX SMEP SMAP UMIP FSGSBASE PGE XSAVE LA57"


def test_features():
    """What is on is read back from the registers of each CPU, which asserts that it is what CPUID offers."""
    machine = boot("init=hello log=debug", HELLO, cpu="max,-x2apic", cpus=2)
    ok(f"{FEATURES}\n" in machine.text and machine.status == SUCCESS, "what the CPU offers is on", machine)
    machine = boot("init=hello log=debug", HELLO, cpu="max,-smep,-smap,-umip,-fsgsbase,-pge,-xsave,-la57,-x2apic", cpus=2)
    ok("features: WP NX\n" in machine.text and machine.status == SUCCESS, "what it lacks is not asked for", machine)
    machine = boot("init=hello log=debug", HELLO, cpu="qemu64,-nx,-pge", cpus=2)
    ok("features: WP\n" in machine.text and machine.status == SUCCESS, "hardly anything", machine)
    for la57, word in (("on", True), ("off", False)):
        machine = boot("init=hello log=debug", HELLO, cpu=f"max,la57={la57}", cpus=2)
        ok(machine.status == SUCCESS and ("LA57" in machine.text) == word, f"tables of five levels: {la57}", machine)
    for cpus in (1, 2, 4, 8):
        machine = boot("init=hello log=debug", HELLO, cpu="max,+x2apic", cpus=cpus)
        offered = "doesn't support requested feature" not in machine.text
        ok(machine.status == SUCCESS and (f"{FEATURES} x2APIC\n" in machine.text) == offered
           and f"{cpus} CPU" in machine.text,
           f"local APICs by number, {cpus} CPU" + ("" if offered else " (QEMU has them by address only)"), machine)


def test_machine():
    """What a program is told of the machine is what was turned on."""
    program = tar({"machine.wasm": (PROGRAMS / "example/machine/machine.wasm").read_bytes()})
    for cpu, cpus, word in (("max,-x2apic", 2, "+SMEP"), ("qemu64", 1, "-SMEP")):
        machine = boot("init=machine log=debug", program, cpu=cpu, cpus=cpus)
        told = re.search(r"debug: features:(( \S+)+)\n", machine.text)
        listed = re.findall(r" \+(\S+)", machine.after_boot())
        ok(machine.status == SUCCESS and told and listed[:len(told[1].split())] == told[1].split()
           and word in machine.text and machine.text.count(": idle for") == cpus
           and re.search(r"memory: (\d+) of 253 MiB", machine.text),
           f"a program is told of CPUs, memory and features: {cpu}", machine)


def test_without():
    machine = boots("without ACPI: one CPU, time by the old timer", kind="pc,acpi=off", cpus=2, way="bios")
    ok("there are no ACPI tables" in machine.text and "weft: 1 CPU," in machine.text, "  and says so", machine)
    boots("without HPET", kind="q35,hpet=off")


def refuses(name, words, bundle, expected):
    machine = boot(words, bundle)
    ok(machine.status == FAILURE and expected in machine.text, name, machine)


def test_refusals():
    refuses("no bundle", "init=hello", None, "there is no boot bundle")
    refuses("a program that is not there, with those that are", "init=other", HELLO, "  hello.wasm")
    refuses("no program named, and no init", "", HELLO, "no such program in the boot bundle: init")
    refuses("an empty bundle", "init=hello", tar({}), "no such program")
    refuses("a bundle cut short", "init=later", tar({"early": bytes(2000), "later": b""})[:1024], "is damaged")
    refuses("a bundle that is none", "init=hello", b"\xff" * 4096, "is damaged")
    refuses("a program that is none", "init=hello", tar({"hello": b"\0asm\1\0\0\0\1"}), "hello cannot run")
    refuses("hardly any memory", "init=hello memory=1M", HELLO, "less memory than 8 MiB")
    machine = boot("init=hello memory=8M", HELLO)
    ok(machine.status in (SUCCESS, FAILURE) and "weft's own" not in machine.text, "the least memory", machine)
    machine = boot("init=hello colour=blue", HELLO)
    ok(machine.status == SUCCESS and "colour=blue" in machine.text, "a word without meaning is passed over", machine)


def test_small():
    """What the kernel takes: its file, without what is for debuggers, and memory, a program's included."""
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["llvm-strip-19", "-o", stripped.name, KERNEL], check=True, timeout=60)
        size = pathlib.Path(stripped.name).stat().st_size
    ok(0 < size <= 1 << 20, "the kernel's file is at most 1 MiB", f"{size} bytes")
    machine = boot("init=machine", tar({"machine": (PROGRAMS / "example/machine/machine.wasm").read_bytes()}))
    free = re.search(r"memory: (\d+) of \d+ MiB are free", machine.text)
    ok(machine.status == SUCCESS and free and 256 - int(free[1]) <= 16,
       "of 256 MiB at most 16 are not free while a program runs", machine)


def main():
    test_small()
    test_ways()
    test_matrix()
    test_sizes()
    test_cpus()
    test_features()
    test_machine()
    test_without()
    test_refusals()
    done()


main()
