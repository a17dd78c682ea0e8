#!/usr/bin/env python3
"""Devices of a bare machine as files, where the terminal is on the screen: `/dev/serial0` and `/dev/framebuffer`."""
import hashlib
import pathlib
import random
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from desk import Desk
from machine import DEADLINE, Machine, tar, with_init
from screen import Picture
from tap import BUILD, PROGRAMS, done, ok

NAMES = ["terminal", "pipe", "shell", "fs/root", "driver/serial", "driver/ps2", "substitute/tcp"]
NAMES += [f"bin/{name}" for name in ("cat", "clear", "dd", "grep", "head", "ls", "permission", "service", "sha256sum", "sleep", "sort",
                                     "stat", "tail", "tr", "wc")]
FILES = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes() for name in NAMES}
FILES["spy.wasm"] = (BUILD / "tests/system/guest/spy.wasm").read_bytes()
# Without who decides about permissions nobody is asked.
FREE = tar(with_init(FILES))
ASKING = tar(with_init({**FILES, "permission.wasm": (PROGRAMS / "permission.wasm").read_bytes()}))
BYTES = 1 << 16
# The picture: 32 bits a pixel, as QEMU's card has it.
WIDTH, HEIGHT = 1024, 768
PITCH = 4 * WIDTH
TEXT_ROW = 16 * PITCH
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


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


def picture_of(desk):
    return Picture(desk.monitor.picture())


def allow(desk, typed):
    desk.type(typed + "\r")
    desk.see("Let it? once, always, never:")
    desk.type("always\r")
    return desk.ready()


def test_read():
    """What is read is what is seen."""
    desk = desk_of(FREE)
    desk.type("cd /tmp; cat /sys/screen; ls -l /dev | grep -c framebuffer; stat -c %s /dev/framebuffer\r")
    text = desk.ready(f"\n{PITCH * HEIGHT}\n")
    expected = f"width\t{WIDTH}\nheight\t{HEIGHT}\npitch\t{PITCH}\nbits\t32\nred\t16\t8\ngreen\t8\t8\nblue\t0\t8\n"
    ok(expected.expandtabs() + "1\n" in text, "what the picture is like", text)
    ok(f"\n{PITCH * HEIGHT}\n" in text, "  and how large its file", text)
    desk.type("clear; echo some words; sha256sum /dev/framebuffer >sum; read x\r")
    desk.see("some words\n")
    shown = picture_of(desk)
    while True:
        before, shown = shown, picture_of(desk)
        if shown.pixels == before.pixels and shown.text == "some words\n":
            break
    desk.type("\r")
    desk.ready()
    desk.type("cat sum\r")
    text = desk.ready("/dev/framebuffer\n")
    rgb = shown.pixels
    raw = bytearray(PITCH * HEIGHT)
    raw[0::4], raw[1::4], raw[2::4] = rgb[2::3], rgb[1::3], rgb[0::3]
    ok(hashlib.sha256(raw).hexdigest() + " " in text, "what is read is what is seen", text)
    desk.type(f"clear; cat /dev/framebuffer | wc -c; for n in {HEIGHT - 1} {HEIGHT} 1000000; do "
              f"dd if=/dev/framebuffer bs={PITCH} skip=$n 2>/dev/null | wc -c; done\r")
    text = desk.ready(f"{PITCH * HEIGHT}\n")
    ok(f"{PITCH * HEIGHT}\n{PITCH}\n0\n0\n" in text, "  to its end, and not beyond", text)
    desk.machine.kill()


def test_write():
    desk = desk_of(FREE)
    desk.type(f"cd /tmp; head -c {2 * PITCH} /dev/zero | tr '\\0' '\\377' >two; head -c {PITCH} two >one\r")
    desk.ready()
    desk.type(f"clear; dd if=one of=/dev/framebuffer bs={PITCH} seek=500\r")
    desk.ready("records out")
    shown = picture_of(desk)
    ok([shown.pixel(x, y) for y in (499, 500, 501) for x in (0, WIDTH - 1)] == [BLACK] * 2 + [WHITE] * 2 + [BLACK] * 2,
       "what is written is seen where it belongs", shown.text)
    desk.type(f"clear; dd if=one of=/dev/framebuffer bs={PITCH} seek={HEIGHT - 1} && echo written\r")
    text = desk.ready("records out")
    ok("written\n" in text and picture_of(desk).pixel(WIDTH - 1, HEIGHT - 1) == WHITE, "  up to its last byte", text)
    desk.type(f"clear; for n in {HEIGHT} 1000000; do dd if=one of=/dev/framebuffer bs={PITCH} seek=$n || echo refused; done\r")
    text = desk.ready("refused\n")
    ok(text.count("No space left on device\n") == 2 == text.count("refused\n"), "  and not behind it", text)
    desk.type("clear; echo next\r")
    desk.ready("next\n")
    shown = picture_of(desk)
    ok(shown.pixel(0, 500) == shown.pixel(WIDTH - 1, HEIGHT - 1) == BLACK, "  until the screen is erased", shown.text)
    desk.type("cat one >/dev/framebuffer; echo over it\r")
    desk.see("over it\n")
    shown = picture_of(desk)
    ok([shown.pixel(WIDTH - 1, y) for y in (0, 1)] == [WHITE, BLACK], "a redirection writes from the beginning on", shown.text)
    desk.machine.kill()


def test_hidden():
    """Nothing of what the system and the person have between them is read, and nothing is drawn beside it."""
    desk = desk_of(ASKING)
    words = desk.ready("signed here.\n").partition("[")[2].partition("]")[0]
    desk.type(f"cd /tmp; head -c {8 * TEXT_ROW} /dev/framebuffer >top\r")
    text = desk.see("Let it? once, always, never:")
    ok("head wants to read the pixels of your screen and draw on it.\n" in text, "who reads the picture is asked about", text)
    desk.type("always\r")
    text = desk.ready()
    row = next((number for number, line in enumerate(text.splitlines()) if words in line), 0)
    desk.type(f"clear; tail -c +{row * TEXT_ROW + 1} top | head -c {TEXT_ROW} | tr -d '\\0' | wc -c; tr -d '\\0' <top | wc -c\r")
    counts = desk.ready().splitlines()
    ok(words in text and counts[-3] == "0" != counts[-2], "the words by which questions are signed are not read",
       f"{text}{counts}")
    allow(desk, f"head -c {PITCH} /dev/zero | tr '\\0' '\\377' >white; dd if=white of=/dev/framebuffer bs={PITCH} seek=500")
    # The session's own lines are below those of a question.
    desk.type("clear; printf '\\33[40H'; spy &\r")
    desk.see("spy wants to read the pixels of your screen and draw on it.\n", "Let it? once, always, never:")
    desk.type("once\r")
    text = desk.see("spying\n")
    ok("spying\n" in text, "who was asked about reads nothing of the question", text)
    desk.type(f"dd if=white of=/dev/framebuffer bs={PITCH} seek=500\r")
    desk.ready("records out")
    before = picture_of(desk)
    desk.type("cat /dev/framebuffer >all\r")
    text = desk.see("Let it? once, always, never:")
    during = picture_of(desk)
    ok([picture.pixel(WIDTH - 1, 500) for picture in (before, during)] == [WHITE, BLACK] and text.startswith(f"[{words}] cat"),
       "what programs have drawn is not beside a question", text)
    time.sleep(2)
    desk.type("never\r")
    desk.ready("Permission denied\n")
    desk.type("echo $((6 * 7))\r")
    text = desk.ready("42\n")
    ok("something was there" not in text, "  nor of another's", text)
    desk.type("clear\r")
    text = desk.see("something was there\n")
    ok("something was there\n" in text, "  though everything else is", text)
    desk.machine.kill()


def test_elsewhere():
    """The machine has a picture, but nobody shares it."""
    machine = Machine("log=none init=init -- terminal:no-screen shell", FREE, screen="std")
    machine.expect(r"\$ ")
    machine.send("cat /dev/framebuffer\r")
    ok(machine.expect("cat: /dev/framebuffer: No such device"), "where the terminal is on no screen there is no picture", machine)
    machine.kill()


def main():
    test_serial()
    test_question()
    test_read()
    test_write()
    test_hidden()
    test_elsewhere()
    done()


main()
