#!/usr/bin/env python3
"""Devices of a bare machine as files: `/dev/serial0`, where the terminal is on the screen."""
import pathlib
import random
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from desk import Desk
from machine import DEADLINE, tar, with_init
from tap import PROGRAMS, done, ok

NAMES = ["terminal", "pipe", "shell", "fs/root", "driver/serial", "driver/ps2", "substitute/tcp"]
NAMES += [f"bin/{name}" for name in ("cat", "clear", "cmp", "dd", "head", "ls", "sha256sum", "sleep", "stat", "wc", "service",
                                     "permission")]
FILES = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes() for name in NAMES}
# Without who decides about permissions nobody is asked.
FREE = tar(with_init(FILES))
ASKING = tar(with_init({**FILES, "permission.wasm": (PROGRAMS / "permission.wasm").read_bytes()}))
BYTES = 1 << 16


class Line:
    """The other end of a desk's serial line; what is waited for was not waited for before."""

    def __init__(self, desk):
        self.machine = desk.machine
        self.at = len(self.machine.data)

    def wait(self, data):
        end = time.monotonic() + DEADLINE
        while data not in self.machine.data[self.at:]:
            if not self.machine.read(end):
                return False
        self.at = self.machine.data.index(data, self.at) + len(data)
        return True

    def send(self, data):
        threading.Thread(target=self.machine.send_bytes, args=(data,), daemon=True).start()


def desk_of(bundle):
    desk = Desk("log=none init=init -- shell", bundle)
    desk.ready()
    return desk


def test_serial():
    desk = desk_of(FREE)
    line = Line(desk)
    desk.type("ls /dev\r")
    text = desk.ready("serial0")
    ok(re.search(r"\brandom\s+serial0\s+stderr\b", text), "the serial line is a file in /dev", text)
    desk.type("echo one >/dev/serial0; echo two >/dev/serial0\r")
    ok(line.wait(b"one\ntwo\n"), "what is written to it is sent", desk.ready())
    desk.type("clear; exec 3<>/dev/serial0; echo begin >&3; read x <&3; echo got: $x\r")
    line.wait(b"begin\n")
    line.send(b"from there\nunread\n")
    text = desk.ready("got: ")
    ok("got: from there\n" in text, "what comes is read", text)
    desk.type("cat /dev/serial0; echo x >/dev/serial0\r")
    text = desk.ready("cat: /dev/serial0: ", "shell: /dev/serial0: ")
    ok("cat: /dev/serial0: Resource busy\nshell: /dev/serial0: somebody else has it\n" in text,
       "one at a time has it: others are told", text)
    desk.type("clear; exec 3<&-; exec 3<>/dev/serial0; echo begin >&3; read x <&3; echo got: $x\r")
    line.wait(b"begin\n")
    line.send(b"later\n")
    text = desk.ready("got: ")
    ok("got: later\n" in text, "the next one has nothing of what the one before did not read", text)
    desk.type("clear; exec 3<&-; cat /dev/serial0 & sleep 1; cat /dev/serial0; kill %1; wait; echo free >/dev/serial0\r")
    ok(line.wait(b"free\n"), "the end of a program that reads gives the line back", desk.ready())
    text = desk.ready("busy\n")
    ok("cat: /dev/serial0: Resource busy\n" in text, "  and not before", text)
    sent = random.Random(3).randbytes(BYTES)
    desk.type(f"cd /tmp; clear; (echo begin >&3; head -c {BYTES} <&3 >x; echo whole >&3; cat x >&3) 3<>/dev/serial0\r")
    line.wait(b"begin\n")
    line.send(sent)
    ok(line.wait(b"whole\n" + sent), "64 KiB of all values come and go as they are", desk.ready())
    desk.type("echo abc >/dev/serial0; service restart serial0; echo xyz >/dev/serial0\r")
    ok(line.wait(b"abc\n") and line.wait(b"xyz\n"), "a driver that is started again has it again", desk.ready())
    desk.machine.kill()


def test_question():
    desk = desk_of(ASKING)
    line = Line(desk)
    desk.type("cat /dev/serial0\r")
    text = desk.see("Let it? once, always, never:")
    ok("cat wants to have the machine's serial line." in text, "who opens it is asked about", text)
    desk.type("never\r")
    text = desk.ready("cat: /dev/serial0: ")
    ok("cat: /dev/serial0: Permission denied\n" in text, "  and may not", text)
    desk.type("echo yes >/dev/serial0\r")
    desk.see("Let it? once, always, never:")
    desk.type("once\r")
    ok(line.wait(b"yes\n"), "  or may", desk.ready())
    desk.machine.kill()


def main():
    test_serial()
    test_question()
    done()


main()
