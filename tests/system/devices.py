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


BEHIND_BRIDGE = ("pcie-root-port,id=bridge,chassis=1", "edu,bus=bridge")


def test_edu(name, words="", **options):
    machine = Machine(f"init=edu {words}", tar({"edu.wasm": guest("edu")}), **options).finish()
    ok("a hundred interrupts" in machine.text, f"a device with registers, interrupts and transfers: {name}", machine)
    facts(machine)


def test_keeper(words="", **options):
    machine = Machine(f"init=keeper {words}", tar({"keeper.wasm": guest("keeper")}),
                      devices=["edu,dma_mask=0xffffffff"], **options).finish()
    ok(machine.text.count("nobody has asked for: vector 224") == 1,
       f"an interrupt that nobody wants is told once {words}", machine)
    ok(re.search(r"may not use, or nobody answers, device@", machine.text),
       "and who is denied, with the name of the interface", machine)
    facts(machine)


def test_functions():
    bundle = tar({"functions.wasm": guest("functions")})
    machine = Machine("init=functions", bundle, devices=["e1000e", "nvme,serial=1"]).finish()
    ok("table of five" in machine.text, "interrupts by a table, and resets", machine)
    facts(machine)


def main():
    test_functions()
    test_keeper()
    test_keeper("interrupts=lines", cpus=2)
    test_edu("by messages", devices=["edu"])
    test_edu("by messages, on the machine of 1996", devices=["edu"], kind="pc")
    test_edu("by a line", words="interrupts=lines", devices=["edu"])
    test_edu("by a line, on the machine of 1996, interpreted", words="interrupts=lines engine=interpreter",
             devices=["edu"], kind="pc")
    test_edu("behind a bridge, on four CPUs", devices=BEHIND_BRIDGE, cpus=4)
    for kind in ("q35", "pc"):
        test_legacy(kind)
    done()


main()
