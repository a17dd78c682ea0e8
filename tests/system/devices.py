#!/usr/bin/env python3
"""Devices of the machine, driven by programs: tests/system/guest."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine, tar
from tap import BUILD, PROGRAMS, done, ok


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
    ok("\nout\n" in machine.text and "\nbetween\n" in machine.text, f"on {kind}: what every PC has", machine)
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


LSPCI = tar({"lspci.wasm": (PROGRAMS / "system/lspci.wasm").read_bytes()})
ON_BOTH = (
    "ps2 Keyboard controller\n",
    "serial0 Serial controller\n        Region 0: ports at 3f8 [size=8]\n        Interrupts: 1\n",
    "rtc Clock\n",
    "00:00.0 Host bridge: 8086:",
    "00:05.0 Device of no class: 1234:11e8 (rev 10)\n        Subsystem: 1af4:1100\n",
    " Ethernet controller: 8086:100e (rev 03)\n",
)


def test_lspci():
    machine = Machine("init=lspci -- -v", LSPCI, devices=[
        "edu,addr=5", "e1000", "pcie-root-port,id=bridge,chassis=1", "virtio-rng-pci,bus=bridge"]).finish()
    ok(all(part in machine.text for part in ON_BOTH), "lspci shows what there is", machine)
    ok("01:00.0 Device of no class: 1af4:1044" in machine.text and " PCI bridge: 1b36:000c\n" in machine.text,
       "and what is behind a bridge", machine)
    machine = Machine("init=lspci -- -v", LSPCI, kind="pc", devices=[
        "edu,addr=5", "virtio-rng-pci", "e1000", "pci-bridge,id=bridge,chassis_nr=1", "rtl8139,bus=bridge"]).finish()
    ok(all(part in machine.text for part in ON_BOTH) and "01:00.0 Ethernet controller: 10ec:8139" in machine.text,
       "also where configuration is behind ports", machine)
    machine = Machine("init=lspci", LSPCI).finish()
    ok("Region" not in machine.text and "00:1f.2 SATA controller, AHCI: 8086:2922 (rev 02)\n" in machine.text,
       "a line for each device, if no more is asked for", machine)
    machine = Machine("init=lspci -- --colour", LSPCI).finish()
    ok("lspci: --colour: it is used so: lspci [-v]\n" in machine.text, "or how it is used", machine)


def test_shared(**options):
    machine = Machine("init=shared interrupts=lines", tar({"shared.wasm": guest("shared")}),
                      devices=["edu,addr=4", "edu,addr=8"], **options).finish()
    ok("two devices" in machine.text, "a line that two devices share", machine)
    facts(machine)


def test_vectors(cpus, limit):
    """Each CPU has 144 vectors for messages, a function of QEMU's nvme 32 interrupts of its table."""
    nvme = [f"nvme,serial={i},addr={i + 8:#x}" for i in range(min(limit // 32 + 1, 20))]
    machine = Machine("init=vectors", tar({"vectors.wasm": guest("vectors")}), cpus=cpus,
                      devices=["edu"] * 4 + nvme).finish()
    goals = re.search(r"^goals: (.*)$", machine.text, re.M)
    ok(goals and [int(goal) for goal in goals[1].split()] == [i % cpus for i in range(4)],
       f"interrupts as messages are spread over {cpus} CPUs", machine)
    ok(f"opened: {limit - 4}, and no more\n" in machine.text,
       f"  which have room for {limit}, and for no more", machine)
    facts(machine)


def main():
    test_vectors(1, 144)
    test_vectors(4, 576)
    test_shared()
    test_shared(kind="pc", cpus=2)
    test_lspci()
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
