#!/usr/bin/env python3
"""Permissions on a bare machine as a person lives with them: questions on the serial line, and on the screen with
the keyboard, where they have a screen of their own."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from desk import Desk
from machine import DEADLINE, SUCCESS, Machine, tar, with_init
from tap import PROGRAMS, ROOT, done, ok

NAMES = ["terminal", "pipe", "shell", "permission", "fs/root", "driver/serial", "driver/ps2", "substitute/tcp"]
NAMES += [f"bin/{name}" for name in ("permission", "what", "sleep", "vi", "cat", "mkdir")]
FILES = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes() for name in NAMES}
FILES["sudoku.wasm"] = (PROGRAMS / "example/tcp/client.wasm").read_bytes()
FILES["shutdown.wasm"] = (PROGRAMS / "system/shutdown.wasm").read_bytes()
FILES["network.wasm"] = FILES["substitute/tcp.wasm"]
# A network of this machine's own: nobody is on it.
NETWORK = '[service.network]\nprogram = "network"\nhandles = ["tcp"]\n\n'
MANIFEST = (ROOT / "programs/init/pc.toml").read_text().replace("[session]\n", NETWORK + "[session]\n")
BUNDLE = tar(with_init(FILES, MANIFEST))

WISH = "sudoku wants to connect to other computers and wait for their calls (TCP)."
ASKED = "Let it? once, always, never, substitute (a network on which every connection is refused): "
CONFIRM = "Shall it be allowed from now on: always, or never? "
READY = "\x1b[?2004h"  # the shell reads a line
GONE = "(the question is withdrawn)"


class Line:
    """A person at a serial line; what is waited for was not waited for before."""

    def __init__(self):
        self.machine = Machine("log=warning", BUNDLE)
        self.at = 0
        self.ready()

    def wait(self, text):
        end = time.monotonic() + DEADLINE
        while self.machine.text.find(text, self.at) < 0:
            if not self.machine.read(end):
                return False
        self.at = self.machine.text.index(text, self.at) + len(text)
        return True

    def ready(self):
        return self.wait(READY)

    def type(self, text):
        self.machine.send(text)

    def asked(self, typed):
        self.type(typed + "\r")
        return self.wait(WISH) and self.wait(ASKED)

    def answer(self, typed, expected):
        self.type(typed + "\r")
        return self.wait(expected + "\n") and self.ready()

    def leave(self):
        self.type("exit 0\r")
        return self.machine.finish().status == SUCCESS


def test_answers():
    """Don't want sudoku to reach TCP/IP? Deny it."""
    p = Line()
    ok("is how questions about permissions are signed here." in p.machine.text, "the session's words are told", p.machine)
    ok(p.asked("sudoku a 9"), "a program that wants to the network is asked about", p.machine)
    p.type("nonsense\r")
    ok(p.wait("That is none of the answers. Let it?") and p.wait(": "), "what is no answer is asked about again", p.machine)
    ok(p.answer("once", "refused"), "once: it gets there", p.machine)
    ok(p.asked("sudoku a 9") and p.answer("\x04", "there is no network"), "the end of input: not this time", p.machine)
    ok(p.asked("sudoku a 9"), "the next time is another time", p.machine)
    p.type("nebver\x7f\x7f\x7f\x7fver\r")
    ok(p.wait("there is no network\n") and p.ready(), "an answer can be corrected while it is typed", p.machine)
    p.type("sudoku a 9\r")
    ok(p.wait("there is no network\n") and p.ready(), "never: that is remembered", p.machine)
    p.type("permission\r")
    ok(p.wait("sudoku               tcp          deny") and p.ready(), "  and listed", p.machine)
    p.type("cat /sys/cpus\r")
    ok(p.wait("cat wants to read which CPUs, memory and devices this machine has.") and p.wait("Let it? once, always, never: "),
       "what is opened by a path is asked about", p.machine)
    ok(p.answer("once", "cpu\tidle"), "  and opened then", p.machine)
    p.type("permission allow sudoku tcp\r")
    ok(p.wait(CONFIRM), "what gives a right is confirmed at the terminal", p.machine)
    ok(p.answer("always", "") and p.answer("sudoku a 9", "refused"), "  and holds", p.machine)
    ok(p.leave(), "the session ends as its shell does", p.machine)


def test_files():
    """Keeping cat out of one's files, and letting it into one folder of them."""
    p = Line()
    p.type("mkdir work; echo kept > work/x; echo other > y\r")
    p.ready()
    p.type("permission deny cat files\r")
    p.ready()
    p.type("cat work/x\r")
    ok(p.wait("cat may not use files; to let it: permission allow cat files\n") and p.wait("cat: work/x: Permission denied\n")
       and p.ready(), "a program that is kept out of files", p.machine)
    p.type("permission allow cat files:$PWD/work:ro\r")
    ok(p.wait("cat wants to open one folder of this session.") and p.wait(CONFIRM), "  is allowed a folder", p.machine)
    ok(p.answer("always", "") and p.answer("cat work/x", "kept"), "  and reads there", p.machine)
    ok(p.answer("cat y", "No such file or directory"), "  and nowhere else", p.machine)
    p.type("permission revoke cat\r")
    ok(p.ready() and p.answer("cat y", "other"), "  until it is revoked", p.machine)
    ok(p.leave(), "  and the session ends", p.machine)


def test_typed():
    p = Line()
    p.type("sleep 1; sudoku a 9\r")
    p.wait("\x1b[?2004l")
    p.type("always\ralways\r")
    ok(p.wait(ASKED), "what was typed before a question", p.machine)
    p.type("never\r")
    ok(p.wait("there is no network\n") and p.ready(), "does not answer it", p.machine)
    p.type("permission\r")
    ok(p.wait("tcp          deny") and p.ready(), "  in any way", p.machine)
    ok("always: " not in p.machine.text, "  and reaches nobody", p.machine)
    p.type("permission revoke sudoku\r")
    p.ready()
    ok(p.asked("sudoku a 9"), "a program that is asked about", p.machine)
    p.type("\x03")
    ok(p.wait(GONE) and p.ready(), "is ended by the interrupt key, and nothing is left to be asked", p.machine)
    ok(p.answer("echo still $((6 * 7))", "still 42"), "  and the terminal is one's own again", p.machine)
    p.type("(sleep 1; while :; do echo flood; done) & sudoku a 9\r")
    ok(p.wait(ASKED), "a program that writes all the time", p.machine)
    before = p.at
    time.sleep(3)
    p.type("never\r")
    ok(p.wait("there is no network\n"), "  is not seen while a question stands", p.machine.text[-500:])
    asked = p.machine.text[before:].partition("there is no network")[0]
    ok(asked.startswith("never\n"), "  not at all", asked[:500])
    p.machine.kill()


def test_screen():
    desk = Desk("log=warning", BUNDLE)
    text = desk.see("signed here.\n", "\n$\n")
    words = text.partition("[")[2].partition("]")[0]
    ok(words.count(" ") == 2, "the session's words are told on the screen", text)
    desk.type("(sleep 5; sudoku a 9 >out) & vi new\r")
    desk.see("1,1")
    desk.type("ikept")
    before = desk.see("\n~", "kept")
    text = desk.see(ASKED.strip())
    ok(text.startswith(f"[{words}] {WISH}\n") and "kept" not in text and text.rstrip().endswith(ASKED.strip()),
       "a question has the screen to itself", text)
    desk.type("substitute\r")
    after = desk.see("kept")
    ok("kept" in before and after == before, "  and afterwards it is as it was", f"{before}{after}")
    desk.type("\x1b")
    time.sleep(1)  # Escape and a key that comes at once are another key
    desk.type(":wq\r")
    desk.see("\n$\n")
    desk.type("cat new out\r")
    text = desk.see("keptrefused\n")
    ok("keptrefused\n" in text, "  what was answered is no one else's", text)
    desk.type("permission revoke sudoku\r")
    desk.type("sleep 1; sudoku a 9\r")
    desk.type("always\ralways\r")
    text = desk.see(ASKED.strip())
    ok(text.rstrip().endswith(ASKED.strip()), "keys that went down before count for nothing", text)
    desk.type("never\r")
    text = desk.see("there is no network\n")
    ok("there is no network\n" in text and "sudoku may not use tcp" in text, "never, by keys", text)
    desk.type("permission revoke sudoku\r")
    desk.type("sudoku a 9\r")
    desk.see(ASKED.strip())
    desk.type("\x03")
    text = desk.see("$ sudoku a 9\n\n$")
    ok("$ sudoku a 9\n\n$" in text, "the interrupt key ends who asks", text)
    desk.type("shutdown\r")
    text = desk.see("Let it? once, always, never:")
    ok("shutdown wants to turn the machine off" in text, "who turns the machine off is asked about", text)
    desk.type("once\r")
    desk.machine.finish()
    ok(desk.machine.status == SUCCESS, "  and may, once", desk.machine)


test_answers()
test_files()
test_typed()
test_screen()
done()
