#!/usr/bin/env python3
"""The kernel's own text on the screen, however that came to be; read back from pictures of it."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine, boot, tar
from monitor import Monitor
from screen import await_picture
from tap import PROGRAMS, done, ok

HELLO = tar({"hello.wasm": (PROGRAMS / "example/hello/hello.wasm").read_bytes()})
INK, PAPER, LAST_INK, LAST_PAPER = (192, 192, 192), (0, 0, 0), (255, 255, 255), (112, 0, 0)
NO_SCREEN = "there is no screen: all text goes to the serial port"
FRAMES = 24  # that are told at the most


def show(words, text, times=1, **options):
    """A machine that is kept until its screen has the text so many times; it and its screen."""
    machine = Machine(words, HELLO, debug_exit=False, monitor=Monitor(),
                      options=["-no-shutdown"], **{"screen": "std", **options})
    machine.expect(f"(?s)({re.escape(text)}.*?){{{times}}}")
    picture = await_picture(machine, lambda shown: shown.count(text) >= times)
    return machine.kill(), picture


def test_ways():
    ways = {"PVH": {}, "GRUB from a BIOS": {"way": "bios"}, "GRUB from UEFI": {"way": "uefi"},
            "GRUB from a BIOS, on an old card": {"way": "bios", "screen": "cirrus"},
            "PVH on the machine of 1996": {"kind": "pc"}, "PVH, on another card": {"screen": "qxl"}}
    for name, options in ways.items():
        machine, picture = show("init=hello", "Hello from Weft\n", **options)
        told = re.search(r"(\[ +[\d.]+\] info: .*\n)+Hello from Weft\n", machine.text)
        ok(told and picture.text.startswith(told[0]),
           f"{name}: the screen has what the serial line has", f"{picture.text}\n{machine}")
    ok(picture.cell(0, 0)[1:] == (INK, PAPER), "  grey on black", picture.cell(0, 0))


def test_without():
    machine = boot("init=hello", HELLO, memory=64)
    ok(machine.status == SUCCESS and NO_SCREEN in machine.text, "without a screen: said on the serial line", machine)
    machine = boot("init=hello", HELLO, memory=64, screen="std")
    ok(machine.status == SUCCESS and NO_SCREEN not in machine.text, "64 MiB of memory, with a screen", machine)


def test_mistakes():
    for name, last, times, way in (("access", "first_long+", 1, "pvh"), ("stack", "fall+", FRAMES, "bios"),
                                   ("assertion", "first_long+", 1, "pvh")):
        machine, picture = show(f"init=hello mistake={name}", last, times, way=way)
        told = machine.text[machine.text.index("weft: a mistake of weft's own"):]
        shown = "".join(line[:picture.columns].rstrip() + "\n" for line in told.splitlines())
        ok(picture.text == shown and picture.cell(0, 0)[1:] == (LAST_INK, LAST_PAPER)
           and picture.pixel(picture.width - 1, picture.height - 1) == LAST_PAPER,
           f"the kernel's mistake, {name}: on the screen, white on red, as on the serial line",
           f"{picture.text}\n{machine}")


def main():
    test_ways()
    test_without()
    test_mistakes()
    done()


main()
