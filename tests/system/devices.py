#!/usr/bin/env python3
"""Devices of the machine, driven by programs: tests/system/guest."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine, tar
from tap import BUILD, done, ok


def guest(name):
    return (BUILD / f"tests/system/guest/{name}.wasm").read_bytes()


def facts(machine):
    """A result for each fact that the guest told, and one for its end."""
    for holds, name in re.findall(r"^fact: (yes|no) (.*)$", machine.text, re.M):
        ok(holds == "yes", name, machine)
    ok(machine.status == SUCCESS, "and the machine goes on to its end", machine)


def test_legacy(kind):
    machine = Machine("init=legacy", tar({"legacy.wasm": guest("legacy")}), kind=kind)
    machine.expect("type\n")
    machine.send("!")
    machine.finish()
    ok("\nout\n" in machine.text, f"on {kind}: what every PC has", machine)
    facts(machine)


def main():
    for kind in ("q35", "pc"):
        test_legacy(kind)
    done()


main()
