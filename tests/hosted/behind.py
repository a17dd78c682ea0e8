#!/usr/bin/env python3
"""Programs that run behind: silo start, attach, log, top, stop, kill, suspend; with and without questions asked."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from person import PROMPT, session
from tap import done, ok, run
from tmux import Terminal


class Shell:
    """Commands typed one by one, each on an empty screen; each end is told with a number of its own."""

    def __init__(self, terminal):
        self.terminal, self.number = terminal, 0

    def begin(self, command):
        self.number += 1
        self.terminal.type(f"clear; {command}; echo $? ends {self.number}")
        self.terminal.press("Enter")

    def ends(self, status=0):
        end = re.compile(rf"^\d+ ends {self.number}$")
        return (self.terminal.waits(lambda lines: any(map(end.match, lines))) and
                f"{status} ends {self.number}" in self.terminal.lines)

    def says(self, command, *texts, status=0):
        """Whether the command shows all the texts, and ends so."""
        self.begin(command)
        return self.ends(status) and all(text in self.terminal.text for text in texts)

    def start(self, command):
        """The number of the silo; "0" if there is none."""
        self.says(f"silo start {command}")
        return next((line for line in self.terminal.lines if re.fullmatch(r"\d+", line)), "0")


def test_output(shell, kind):
    silo = shell.start("seq 1 3")
    ok(silo != "0", f"{kind}: start tells the number of a silo", shell.terminal.text)
    ok(shell.terminal.waits(lambda lines: shell.says(f"silo log {silo}", "1\n2\n3\n", "ended with the status 0")),
       f"{kind}: log has what it wrote and how it ended, when it has ended", shell.terminal.text)
    ok(shell.says(f"silo attach {silo}", "1\n2\n3\n"), f"{kind}: attach ends with it",
       shell.terminal.text)
    ok(shell.says("silo attach $(silo start seq 4 6)", "4\n5\n6\n"), f"{kind}: it holds nothing of who started it",
       shell.terminal.text)
    ok(shell.says(f"silo kill {silo}") and
       shell.says(f"silo attach {silo}", "nothing that `silo start` began", status=1),
       f"{kind}: kill has it gone", shell.terminal.text)
    silo = shell.start("-n mine sh -c 'seq 1 100000; echo last'")
    ok(shell.terminal.waits(lambda lines: shell.says(f"silo log {silo} | tail -n 1", "last")),
       f"{kind}: of much it keeps the last", shell.terminal.text)
    ok(shell.says(f"silo log {silo} | wc -c", str(256 << 10)), f"{kind}: 256 KiB", shell.terminal.text)
    ok(shell.says("silo", " mine"), f"{kind}: it has the name that was given", shell.terminal.text)


def test_input(shell, kind):
    silo = shell.start("sh")
    terminal = shell.terminal
    shell.begin(f"silo attach {silo}")
    terminal.shows("silo: attached")
    terminal.type("echo it is $((6 * 7))")
    terminal.press("Enter")
    ok(terminal.shows("it is 42"), f"{kind}: attach passes lines on, and shows what is answered", terminal.text)
    terminal.press("C-c")
    ok(shell.says("echo here", "here") and shell.says(f"silo log {silo}", "it is 42"),
       f"{kind}: ^C leaves it alone again", terminal.text)
    ok(shell.says(f"silo suspend {silo}") and
       shell.says(f"silo log {silo}", "it is suspended", status=1) and
       shell.says(f"silo resume {silo}"), f"{kind}: suspended it says so", terminal.text)
    ok(shell.says(f"echo 'echo by a pipe; exit 3' | silo attach {silo}", "by a pipe", "ended with the status 3"),
       f"{kind}: input from a pipe; the end is told", terminal.text)
    silo = shell.start("wc -l")
    ok(shell.says(f"seq 1 50000 | silo attach {silo}", "50000", "ended with the status 0"),
       f"{kind}: much input, and its end", terminal.text)


def begins(lines, *texts):
    """Whether the first lines are these."""
    return lines[:len(texts)] == list(texts)


def test_screen(shell, kind):
    """An editor behind, with a terminal of its own."""
    terminal = shell.terminal
    silo = shell.start("-t vi new")
    ok(silo != "0", f"{kind}: start -t", terminal.text)
    shell.begin(f"silo attach {silo}")
    ok(terminal.waits(lambda lines: begins(lines, "", "~") and len(lines) == 50 and lines[48] == "~"),
       f"{kind}: an editor draws on the screen of who attaches", terminal.text)
    terminal.type("iwritten behind")
    ok(terminal.waits(lambda lines: begins(lines, "written behind", "~")), f"{kind}: and has the keys", terminal.text)
    terminal.press("C-]", "d")
    ok(shell.ends() and "it goes on" in terminal.text and "written" not in terminal.text,
       f"{kind}: left alone, it gives the screen back", terminal.text)
    ok(shell.says("echo it is $((6 * 7))", "it is 42"), f"{kind}: and the keys", terminal.text)
    terminal.resize(90, 30)
    shell.begin(f"silo attach {silo}")
    ok(terminal.waits(lambda lines: begins(lines, "written behind", "~") and len(lines) == 30 and lines[28] == "~"),
       f"{kind}: attached again it is drawn, in another size", terminal.text)
    terminal.resize(120, 50)
    ok(terminal.waits(lambda lines: begins(lines, "written behind", "~") and len(lines) == 50 and lines[48] == "~"),
       f"{kind}: and when the size changes", terminal.text)
    terminal.press("Escape")
    terminal.waits(lambda lines: "INSERT" not in lines[-1])
    terminal.type(":wq")
    terminal.press("Enter")
    ok(shell.ends() and "ended with the status 0" in terminal.text and shell.says("cat new; echo; rm new", "written behind"),
       f"{kind}: its end is told, and the screen is there again", terminal.text)
    ok(shell.says(f"silo log {silo} | grep -c 'written behind'", status=0), f"{kind}: what it drew is kept", terminal.text)


def test_terminal_by_path(shell, kind):
    """Behind with a terminal of its own, a program finds that one at /dev/tty."""
    terminal = shell.terminal
    silo = shell.start("-t sh -c 'echo own $((6 * 7)) | tee /dev/tty > /dev/null'")
    ok(terminal.waits(lambda lines: shell.says(f"silo log {silo}", "own 42", "ended with the status 0")),
       f"{kind}: what it writes there is in its log", terminal.text)


def lines_end(lines):
    """The last line that is not empty."""
    return next((line for line in reversed(lines) if line), "")


def copies(terminal, word):
    """Whether what is typed is read by `cat`, and shown once more."""
    terminal.type(word)
    terminal.press("Enter")
    return terminal.waits(lambda lines: lines.count(word) == 2)


def test_terminal(shell, kind):
    """A shell behind, with a terminal of its own."""
    terminal = shell.terminal
    silo = shell.start("-t sh")
    shell.begin(f"silo attach {silo}")
    terminal.waits(lambda lines: lines[0].startswith("silo: attached") and lines[1] == PROMPT.strip())
    terminal.type("echo a shell: $((6 * 7))")
    terminal.press("Enter")
    ok(terminal.shows("a shell: 42"), f"{kind}: a shell behind has its prompt and its lines", terminal.text)
    terminal.type("(echo runs; cat)")
    terminal.press("Enter")
    terminal.waits(lambda lines: "runs" in lines)
    ok(copies(terminal, "before"), f"{kind}: what it starts reads and writes there", terminal.text)
    terminal.press("C-]", "z")
    ok(terminal.shows("Stopped   ( echo runs"), f"{kind}: ^] z is ^Z to it", terminal.text)
    terminal.waits(lambda lines: lines_end(lines) == PROMPT.strip())
    terminal.type("fg")
    terminal.press("Enter")
    terminal.waits(lambda lines: lines_end(lines).startswith("( echo runs"))
    ok(copies(terminal, "after"), f"{kind}: fg", terminal.text)
    terminal.press("C-]", "c")
    terminal.waits(lambda lines: lines_end(lines) == PROMPT.strip())
    terminal.type("echo interrupted $?")
    terminal.press("Enter")
    ok(terminal.shows("interrupted 130"), f"{kind}: ^] c is ^C", terminal.text)
    terminal.type("exit 3")
    terminal.press("Enter")
    ok(shell.ends() and "ended with the status 3" in terminal.text, f"{kind}: its end is told", terminal.text)
    silo = shell.start("-t cat")
    ok(shell.says(f"echo from a pipe | silo attach {silo}", "from a pipe", "ended with the status 0"),
       f"{kind}: who attaches without a terminal types the input", terminal.text)


def test_others(shell, kind):
    terminal = shell.terminal
    ok(shell.says("silo start nothing", "no such program", status=1), f"{kind}: no such program", terminal.text)
    silo = shell.start("sleep 1000")
    shell.begin(f"silo top {silo}")
    ok(terminal.waits(lambda lines: lines[0].startswith("up ") and any(line.endswith(" sleep") for line in lines)),
       f"{kind}: top of one silo", terminal.text)
    terminal.press("q")
    shell.ends()
    ok(shell.says(f"silo stop {silo}"), f"{kind}: stop", terminal.text)
    ok(shell.says("silo attach 1", "nothing that `silo start` began", status=1), f"{kind}: silos of others have nothing to attach to",
       terminal.text)
    ok(shell.says("silo start", "silo start [-t] [-n NAME]", status=2) and shell.says("silo attach x", status=2),
       f"{kind}: wrong use", terminal.text)


def test_replace():
    ran = run(*session(pathlib.Path(tempfile.mkdtemp()), ("shell", "-c", "silo replace nothing")))
    ok(ran.status == 1 and "silo: nothing: there is no such service" in ran.errors, "silo replace is what service replace is", ran)
    ran = run(*session(pathlib.Path(tempfile.mkdtemp()), ("shell", "-c", "interface list; silo replace files; service list")))
    ok(ran.status == 0 and re.search(r"^root +running +\d+ +2 ", ran.output, re.MULTILINE), "a service is told by its interface, too", ran)
    ok(re.search(r"^files .* allow +\d+ root$", ran.output, re.MULTILINE), "which `interface list` shows", ran)


def main():
    for kind, asks in (("in one silo", False), ("where it is asked", True)):
        with tempfile.TemporaryDirectory() as scratch:
            with Terminal(session(pathlib.Path(scratch), asks=asks), columns=120, rows=50) as terminal:
                ok(terminal.shows(PROMPT.strip()), f"{kind}: a shell", terminal.text)
                shell = Shell(terminal)
                test_output(shell, kind)
                test_input(shell, kind)
                test_screen(shell, kind)
                test_terminal_by_path(shell, kind)
                test_terminal(shell, kind)
                test_others(shell, kind)
    test_replace()
    done()


if __name__ == "__main__":
    main()
