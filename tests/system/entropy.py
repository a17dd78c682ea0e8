#!/usr/bin/env python3
"""Random numbers of the bare machine: where there is too little entropy, who asks for them waits."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine, boot, tar
from tap import BUILD, done, ok

BUNDLE = tar({"entropy": (BUILD / "tests/hosted/guest/entropy.wasm").read_bytes()})
ENOUGH = "there is enough entropy\n"
# Without a generator, and with time that is the instructions executed: nothing here is random.
POOR = {"cpu": "max,-rdrand,-rdseed", "fixed": True}


def gives(name, words, **options):
    machine = boot(f"init=entropy log=debug {words}", BUNDLE, **options)
    ok(machine.status == SUCCESS and machine.text.endswith("random\n"), name, machine)
    return machine


def waits(name, words, **options):
    machine = Machine(f"init=entropy {words}", BUNDLE, **options)
    ok(machine.expect("somebody waits for them") and not machine.expect("\nrandom", 2)
       and "too little entropy" in machine.text, name, machine)
    machine.send("\x03")
    machine.finish()
    ok(machine.text.endswith("^C\n"), "  and can be ended", machine)


def main():
    for cpu in ("max", "max,-rdseed", "max,-rdseed,-rdrand"):
        machine = gives(f"random numbers at once: {cpu}", "", cpu=cpu)
        ok(ENOUGH in machine.text, "  and they are said to be good", machine)
    waits("without a source nobody gets weak ones", "", **POOR)
    waits("a feed of zeros does not help", "-- stuck", **POOR)
    machine = gives("a feed of others does", "-- feed", **POOR)
    ok("fed\n" in machine.text and ENOUGH in machine.text, "  and who asks then need not wait", machine)
    done()


main()
