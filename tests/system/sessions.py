#!/usr/bin/env python3
"""Hosted and on a bare machine a person sees the same: whole sessions, typed key by key at a pseudo-terminal, at the
serial line, and at a keyboard before a screen; after each step what is shown is compared."""
import difflib
import os
import pathlib
import re
import select
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import session
from machine import DEADLINE, SUCCESS, Machine
from monitor import Monitor
from screen import Picture
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok
from terminal import Terminal

READY = session.READY
UP = "\x1b[A"

# No tool fails in these: of one that does before the shell has asked for its end, the system itself tells.
# What is typed, and what has come hosted when it is over, if that is not the shell's next prompt.
SESSIONS = {
    "quoting": [
        "echo 'single  quoted' \"double $((6 * 7))\" back\\ slash\r",
        "echo \"a'b\" 'c\"d' \"\\$HOME\" $HOME ${NOTHING:-none}\r",
    ],
    "pipes": ["seq 12 | sort -r | head -n 3\r", "echo one two | while read a b; do echo $b $a; done | tr a-z A-Z\r"],
    "redirections": ["echo one >f; echo two >>f; cat <f; wc -l f\r", "cd nowhere 2>e || cat e; rm f e\r"],
    "jobs": ["sleep 0.2 & wait; echo waited $?\r", "sleep 100 &\r", "jobs; kill %1; wait; echo over\r", "true\r"],
    "here-documents": [("cat <<END | sed 's/^/: /'\r", "> "), ("two $((1 + 1))\r", "> "), "END\r"],
    "functions": ["f() { echo \"got $#: $2\"; return 3; }; f a 'b c'; echo $?\r", "for i in 1 2; do f $i $i$i; done\r"],
    "globs": ["touch a1 a2 b1; echo a* [ab]1 ?2 none*; rm a1 a2 b1\r", "case abc in a*c) echo yes;; *) echo no;; esac\r"],
    "errors": ["nosuchcommand; echo $?\r", "cd nowhere; echo $?; . nowhere; echo on\r", "fi\r", "echo \"${x?is not set}\"; echo on\r"],
    "tools": [
        "printf '%s\\n' pear apple | sort; echo 'a:b' | cut -d: -f2; expr 6 '*' 7; basename /x/y.c .c\r",
        "seq 300 | md5sum; printf 'gr\\303\\274n \\033[1;31mred\\033[m\\n'; date -u -d @0\r",
        "mkdir -p d/e; echo x >d/e/f; find d -type f; rm -r d; ls\r",
    ],
    "what is watched": [
        "top -b -n 1 | grep PROCESS; top -b -n 1 | grep -c ' top$'\r",
        "silo list | grep -c shell; interface list | grep clock; ps | grep -c ' shell$'\r",
    ],
    "editing": ["cho moved\x01e\r", "echo wrom\x7fng\r", UP + "\r", "echo gone\x15echo kept\r", "echo two words\x17\x7f\r"],
    "the end of input": [("cat\r", "\x1b[?2004l"), ("typed\r", "typed\r\ntyped\r\n"), "\x04"],
    "the interrupt key": [("sleep 100\r", "\x1b[?2004l"), "\x03", "echo $?\r"],
    "vi": [
        ("vi new\r", "1,1"), ("ihello", "hello"), ("\rworld", "world"), ("\x1b", "2,1-5"), (":wq\r", READY),
        "cat new; echo; wc -c <new\r", ("vi new\r", "1,1"), ("x", "ello"), (":q!\r", READY), "cat new; rm new\r",
    ],
    "a long line": ["echo " + "0123456789" * 16 + "\r", UP + "\x01\x1b[C\r"],
}


class Hosted(session.Session):
    """At a pseudo-terminal; `terminal` shows what it has come to."""

    def __init__(self, columns, rows):
        self.view = Terminal(columns, rows)
        self.size = (columns, rows)
        super().__init__(None, rows, columns, program=("shell",))
        self.keep()

    def command(self, *_):
        return [str(WEFT), "system", "--dir", f"{PROGRAMS}/bin:/bin:ro", "--env", "PATH=/bin",
                str(ROOT / "programs/init/hosted.toml")]

    def keep(self):
        self.view.write(self.passed + self.found + self.shown)
        self.shown = ""

    def wait_first(self, *texts, timeout=DEADLINE):
        self.found = super().wait_first(*texts, timeout=timeout) or ""
        return self.found or None

    def poll(self):
        while select.select([self.terminal], [], [], 0.1)[0]:
            self.view.write(os.read(self.terminal, 1 << 16).decode(errors="replace"))

    def step(self, typed, until):
        """False: what it is over with does not come."""
        self.type(typed)
        comes = self.wait(until, DEADLINE)
        self.keep()
        self.poll()
        return comes

    @property
    def text(self):
        return self.view.text


class Line:
    """At the serial line of a machine."""
    size = (80, 24)

    def __init__(self, bundle):
        self.machine = Machine("log=none", bundle)
        self.view, self.at = Terminal(*self.size), 0

    def type(self, text):
        self.machine.send(text)

    def poll(self):
        self.machine.read(time.monotonic() + 0.05)
        text = self.machine.data.decode(errors="replace")
        self.view.write(text[self.at:])
        self.at = len(text)

    @property
    def text(self):
        return self.view.text


class Desk:
    """At the keyboard of a machine, before its screen."""
    size = (128, 48)

    def __init__(self, bundle):
        self.monitor = Monitor()
        self.machine = Machine("log=none", bundle, screen="std", monitor=self.monitor)
        self.text = ""

    def type(self, text):
        for part in re.split(r"(\x1b\[[AC])", text):
            if part in (UP, "\x1b[C"):
                self.monitor.type({UP: "up"}.get(part, "right"))
            else:
                self.monitor.write(part)

    def poll(self):
        self.text = Picture(self.monitor.picture()).text


def normal(text):
    """Without what may differ: the session's words, numbers of processes, of silos and of handlers."""
    text = re.sub(r"\[\w+ \w+ \d+\] ", "[words] ", text)
    text = re.sub(r"(?m)^(\[\d+\]) \d+", r"\1 #", text)
    return re.sub(r"(?m)^(clock +\w+ +\w+) *\d*$", r"\1", text)


def same(hosted, bare):
    """Whether both come to show the same."""
    end = time.monotonic() + DEADLINE
    while True:
        bare.poll()
        if normal(hosted.text) == normal(bare.text):
            return True
        if time.monotonic() > end:
            return False
        hosted.poll()


def difference(hosted, bare):
    lines = [normal(text).splitlines() for text in (hosted.text, bare.text)]
    return "\n".join(difflib.unified_diff(*lines, "hosted", "bare", lineterm=""))


def go_through(hosted, bare, steps):
    for step in steps:
        typed, until = step if isinstance(step, tuple) else (step, READY)
        bare.type(typed)
        if not hosted.step(typed, until):
            return f"hosted: {typed!r} does not come to {until!r}\n{hosted.text}"
        if not same(hosted, bare):
            return f"after {typed!r}\n{difference(hosted, bare)}"
        if typed == "\x1b":
            time.sleep(1)  # Escape and a key that comes at once are another key
    return ""


def test_sessions(place, where):
    bare = place((BUILD / "boot.tar").read_bytes())
    hosted = Hosted(*bare.size)
    wrong = "" if same(hosted, bare) else difference(hosted, bare)
    ok(not wrong, f"{where}: the same as hosted is seen, key by key: how it begins", wrong)
    for name, steps in SESSIONS.items():
        if not wrong:  # where they differ once, all that follows does
            wrong = go_through(hosted, bare, steps)
            ok(not wrong, f"  {name}", wrong)
    if wrong:  # they may be anywhere
        bare.machine.kill()
        return
    hosted.type("exit 0\r")
    bare.type("exit 0\r")
    ok(hosted.end() == 0 and bare.machine.finish().status == SUCCESS, "  and how it ends", bare.machine)
    ok(not hosted.view.unknown, "  all of what was sent is understood", hosted.view.unknown)


test_sessions(Line, "on the serial line")
test_sessions(Desk, "on the screen")
done()
