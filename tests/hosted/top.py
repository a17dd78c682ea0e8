#!/usr/bin/env python3
"""top: live at a pseudo-terminal, and by pages."""
import fcntl
import os
import pathlib
import pty
import re
import select
import struct
import sys
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, WEFT, done, ok, weft

TOP = PROGRAMS / "bin/top.wasm"
PATIENCE = 30


class Session:
    """top with a person at it. A page begins at the upper left corner and ends with the rest cleared."""

    def __init__(self, *arguments, rows=24, columns=100):
        self.data = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execv(WEFT, [str(WEFT), "run", "--allow", "terminal", str(TOP), *arguments])
        self.resize(rows, columns)

    def resize(self, rows, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read(self, timeout):
        ready, _, _ = select.select([self.terminal], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.data += data.decode(errors="replace")
        return bool(data)

    def page(self, condition):
        """The lines of the first page from now on that is as wanted; [] if there is none."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page = re.search(r"\x1b\[H((?:(?!\x1b\[H).)*?)\x1b\[J", self.data, re.DOTALL)
            if not page:
                if not self.read(until - time.monotonic()):
                    return []
                continue
            self.data = self.data[page.end():]
            lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", page[1]).replace("\r", "").split("\n")
            if condition(lines):
                return lines
        return []

    def is_raw(self):
        return not termios.tcgetattr(self.terminal)[3] & termios.ICANON

    def end(self):
        """Its status, after all that it had to say."""
        while self.read(PATIENCE):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def has(text):
    return lambda lines: any(text in line for line in lines)


def test_live():
    session = Session("-d", "0.2")
    page = session.page(has("top.wasm"))
    ok(page and page[0].startswith("up 0:00:") and "CPU" in page[1] and "messages" in page[2] and
       "PROCESS" in page[4], "a head and a table of processes", page)
    ok(session.is_raw(), "keys come one by one", "")
    session.type("s")
    ok(session.page(lambda lines: "QUOTA" in lines[4] or "IN" in lines[4].split()), "s: silos", "")
    session.type("i")
    page = session.page(lambda lines: "P99" in lines[4] and any("statistics" in line for line in lines))
    ok(page, "i: interfaces, with times of answers", page)
    row = next((line.split() for line in page if line.endswith(" statistics")), [])
    ok(len(row) == 6 and re.fullmatch(r"[\d.]+(ns|us|ms|s)", row[3]) and
       re.fullmatch(r"[\d.]+(ns|us|ms|s)", row[4]), "which are there", row)
    session.type("p/nothing\r")
    ok(session.page(lambda lines: "`nothing`" in lines[0] and not any("top.wasm" in line for line in lines)),
       "/: only names with that in them", "")
    session.type("/\r")
    ok(session.page(has("top.wasm")), "an empty filter shows all", "")
    session.type("h")
    ok(session.page(lambda lines: any("these keys, and back" in line for line in lines) and not any("PROCESS" in line for line in lines)),
       "h: what the keys are", "")
    session.type("?")
    ok(session.page(lambda lines: "PROCESS" in lines[4] and "h keys" in lines[3]), "?: and back, where a line tells of h", "")
    session.type("m")
    ok(session.page(lambda lines: "by memory" in lines[0]), "m: sorted by memory", "")
    session.resize(8, 40)
    page = session.page(lambda lines: len(lines) <= 8)
    ok(page and all(len(line) <= 40 for line in page), "it fits a smaller terminal", page)
    session.type("k999999\r")
    ok(session.page(has("no such process")), "k: a process that is not there is told", "")
    session.type("q")
    ok(session.end() == 0, "q: quits", "")


def test_kill():
    session = Session("-d", "0.2")
    page = session.page(has("top.wasm"))
    number = next((line.split()[0] for line in page if "top.wasm" in line), "")
    session.type(f"k{number}\r")
    ok(session.end() == 137, "a process is killed from within: itself", number)


def test_terminal_is_given_back():
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for descriptor in (0, 1, 2):
            os.dup2(slave, descriptor)
        os.execv(WEFT, [str(WEFT), "run", "--allow", "terminal", str(TOP), "-n", "1", "-d", "0.1"])
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ok(status == 0 and termios.tcgetattr(slave) == before, "the terminal is as it was", status)
    os.close(master)
    os.close(slave)


def test_batch():
    ran = weft("run", TOP, "-b", "-n", "2", "-d", "0.1")
    ok(ran.status == 0 and ran.output.count("PROCESS") == 2 and "\x1b" not in ran.output and
       ran.output.count("top.wasm") == 2, "-b -n: so many pages of plain text", ran)
    ran = weft("run", TOP, "-b", "-n", "1", "-d", "0.1", "-v", "silos")
    ok(ran.status == 0 and re.search(r"^ +SILO +IN", ran.output, re.MULTILINE), "-v: of silos", ran)
    ran = weft("run", TOP)
    ok(ran.status == 1 and "terminal" in ran.errors, "without a terminal it says so", ran)
    ran = weft("run", TOP, "-b", "-n", "1", "-s", "4711")
    ok(ran.status == 1 and not ran.output and "top: 4711: there is no such silo" in ran.errors, "-s: a silo that is not there", ran)
    for wrong in (["-n", "0"], ["-d", "0"], ["-d", "x"], ["-v", "nothing"], ["-x"], ["more"], ["-s", "x"]):
        ran = weft("run", TOP, *wrong)
        ok(ran.status == 2 and "it is used so: top" in ran.errors,
           f"top {' '.join(wrong)} is refused", ran)


def test_cost():
    ran = weft("run", TOP, "-b", "-n", "3", "-d", "1")
    shares = [float(line.split()[2].rstrip("%")) for line in ran.output.splitlines()
              if line.endswith(" top.wasm")]
    ok(len(shares) == 3 and min(shares) <= 1.0, "once a second it takes no more than 1 % of a CPU", shares)


test_live()
test_kill()
test_terminal_is_given_back()
test_batch()
test_cost()
done()
