#!/usr/bin/env python3
"""The log of the bare machine: what was told at boot is kept, `dmesg` prints it, and nobody can drown it."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import FAILURE, SUCCESS, Machine, boot, tar
from tap import BUILD, PROGRAMS, done, ok

BUNDLE = tar({"dmesg": (PROGRAMS / "system/dmesg.wasm").read_bytes(),
              "logging": (BUILD / "tests/hosted/guest/logging.wasm").read_bytes()})
EARLY = (r"^\[ +0\.000000\] debug: command line: .*init=dmesg",
         r"^\[ +0\.000000\] debug: memory 0x000100000 to 0x[0-9a-f]{9}, \d+ KiB$",
         r"^\[ +0\.000000\] debug: boot bundle 0x",
         r"^\[ +0\.000000\] debug: ACPI: 2 CPUs, I/O APIC at 0xfec00000, HPET at 0xfed00000, powers off$",
         r"^\[ +0\.\d{6}\] debug: clock: the TSC, measured against the HPET$",
         r"^\[ +0\.\d{6}\] info: weft: 2 CPUs, ")


def test_boot():
    machine = boot("init=dmesg log=none colour=blue -- -a", BUNDLE, cpus=2)
    for pattern in EARLY:
        ok(machine.status == SUCCESS and re.search(pattern, machine.text, re.MULTILINE),
           f"dmesg has what was told before there was a kernel: {pattern.rpartition('] ')[2][:30]}", machine)
    times = [float(time) for time in re.findall(r"^\[ *(\d+\.\d+)\]", machine.text, re.MULTILINE)]
    ok(times == sorted(times) and times[-1] < 5, "its times only grow", machine)
    machine = boot("init=dmesg log=none colour=blue -- --level warning", BUNDLE, cpus=2)
    ok(re.fullmatch(r"\[ +0\.\d+\] warning: a word [^\n]*colour=blue\n", machine.text), "--level leaves out the rest",
       machine)


def test_options():
    machine = boot("init=dmesg log=none", BUNDLE)
    ok(machine.status == SUCCESS and "info: weft: " in machine.text and "debug" not in machine.text, "what is for people, if no level is given",
       machine)
    machine = boot("init=dmesg log=none -- --help", BUNDLE)
    ok(machine.status == SUCCESS and machine.text.startswith("usage: dmesg "), "dmesg --help", machine)
    for words in ("--level", "--level loud", "-f"):
        machine = boot(f"init=dmesg log=none -- {words}", BUNDLE)
        ok(machine.status == FAILURE and machine.text.startswith(f"dmesg: {words.split()[-1]}: it is used so: dmesg "), f"dmesg {words}: its usage", machine)
    machine = Machine("init=dmesg log=none -- --follow -a", BUNDLE)
    ok(machine.expect("MHz\n") and not machine.expect("never", 0.5) and machine.process.poll() is None,
       "dmesg --follow waits for more", machine)
    machine.send("\x03")
    machine.finish()
    ok(machine.text.endswith("^C\n"), "  and can be interrupted", machine)


def test_flood():
    """A thousand lines of a thousand bytes take a serial port of 115,200 baud 90 seconds."""
    machine = boot("init=logging -- 1000", BUNDLE)
    ok(machine.status == SUCCESS and machine.text.endswith("written\n") and machine.text.count("xxxx\n") < 10
       and machine.text.count("what follows is only in the log") == 1,
       "of a flood of lines a few are shown, and it is told once that there are more", machine)


def main():
    test_boot()
    test_options()
    test_flood()
    done()


main()
