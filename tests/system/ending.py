#!/usr/bin/env python3
"""The end of the bare machine that programs ask for: switched off or started again, after those who wait
for it."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import FAILURE, SUCCESS, Machine, boot, tar
from tap import BUILD, PROGRAMS, done, ok

SYSTEM = PROGRAMS / "system"
BUNDLE = tar({"shutdown": (SYSTEM / "shutdown.wasm").read_bytes(), "reboot": (SYSTEM / "reboot.wasm").read_bytes(),
              "ending": (BUILD / "tests/hosted/guest/ending.wasm").read_bytes()})
BANNER = "MHz\n"


def test_off():
    for name, options in (("by ACPI", {}), ("by ACPI, on the machine of 1996", {"kind": "pc"}),
                          ("by ACPI, four CPUs", {"cpus": 4}), ("by ACPI, started by UEFI", {"way": "uefi"})):
        machine = boot("init=shutdown", BUNDLE, debug_exit=False, **options)
        ok(machine.status == 0 and "safe to switch" not in machine.text, f"shutdown switches the machine off {name}",
           machine)
    machine = boot("init=shutdown", BUNDLE, debug_exit=False, kind="q35,acpi=off")
    ok(machine.status == 0 and "safe to switch" not in machine.text, "without ACPI, a virtual one by its ports", machine)
    machine = Machine("init=shutdown", BUNDLE, debug_exit=False, kind="q35,acpi=off", cpu="max,hypervisor=off")
    ok(machine.expect("it is safe to switch the machine off"), "and if that cannot be done, says so", machine)
    machine.process.kill()
    machine.finish()


def starts_again(name, **options):
    machine = Machine("init=reboot", BUNDLE, debug_exit=False, restarts=True, **options)
    ok(machine.expect(f"(?s){BANNER}.*{BANNER}"), f"reboot starts the machine again {name}", machine)
    machine.process.kill()
    machine.finish()


def test_restart():
    starts_again("by ACPI")
    starts_again("by ACPI, four CPUs", cpus=4)
    starts_again("by the keyboard controller", kind="pc")
    starts_again("by a fault that cannot be entered", kind="q35,acpi=off,i8042=off")


def test_waiting():
    machine = boot("init=ending -- patient", BUNDLE)
    ok(machine.status == FAILURE and machine.after_boot().endswith("told\nweft: ending exited with status 5\n"),
       "who waits for the end is told, and its own end is the system's, whose status is the main program's", machine)
    begun = time.monotonic()
    machine = boot("init=ending -- stubborn 300", BUNDLE, cpus=2)
    ok(machine.status == SUCCESS and machine.after_boot().endswith("\ntold\n") and time.monotonic() - begun < 30,
       "who does not end is waited for until the time is over", machine)


def test_usage():
    machine = boot("init=shutdown -- --help", BUNDLE)
    ok(machine.status == SUCCESS and machine.after_boot().startswith("usage: shutdown [--patience SECONDS]\n"),
       "shutdown --help", machine)
    for words in ("--patience", "--patience 61", "--patience 1x", "now"):
        machine = boot(f"init=reboot -- {words}", BUNDLE)
        ok(machine.status == FAILURE and machine.after_boot().startswith(f"reboot: {words.split()[-1]}: it is used so: reboot "), f"reboot {words}: its usage",
           machine)


def main():
    test_off()
    test_restart()
    test_waiting()
    test_usage()
    done()


main()
