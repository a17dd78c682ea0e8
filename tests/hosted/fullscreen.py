#!/usr/bin/env python3
"""Programs that draw on the whole screen, in a terminal that tmux keeps: less, vi, hexedit, top, watch, more."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from person import PROMPT, session
from tap import done, ok
from tmux import Terminal

BEFORE = "this was here before"


def first(text):
    return lambda lines: lines[0] == text


def starts(terminal, command, condition):
    terminal.type(f"clear; echo {BEFORE}")
    terminal.press("Enter")
    terminal.waits(first(BEFORE))
    terminal.type(command)
    terminal.press("Enter")
    return ok(terminal.waits(condition), f"{command}: it draws", terminal.text)


def is_restored(terminal, name):
    """The screen is as it was, and lines are typed as before."""
    ok(terminal.waits(first(BEFORE)) and terminal.shows(PROMPT.strip()), f"{name}: the screen is as it was", terminal.text)
    terminal.type("echo it is $((6 * 7))")
    terminal.press("Enter")
    ok(terminal.shows("it is 42"), f"{name}: and the keys are the shell's again", terminal.text)


def test_less(terminal, folder):
    lines = [f"line {i} äöü 日本" for i in range(1, 301)]
    (folder / "data/text").write_text("\n".join([*lines, "long " * 100 + "end", "\x1b[31mred\x1b[m"]) + "\n")
    starts(terminal, "less text", lambda shown: shown[0] == lines[0] and shown[22] == lines[22])
    terminal.press("Space")
    ok(terminal.waits(first(lines[23])), "less: a page forward", terminal.text)
    terminal.press("b")
    ok(terminal.waits(first(lines[0])), "less: and back", terminal.text)
    terminal.type("/ine 20")
    terminal.press("Enter")
    ok(terminal.waits(first(lines[19])), "less: /PATTERN", terminal.text)
    terminal.press("n")
    ok(terminal.waits(first(lines[199])), "less: n", terminal.text)
    terminal.press("N")
    ok(terminal.waits(first(lines[19])), "less: N", terminal.text)
    terminal.resize(60, 12)
    ok(terminal.waits(lambda shown: len(shown) == 12 and shown[0] == lines[19] and shown[10] == lines[29]),
       "less: another size", terminal.text)
    terminal.press("G")
    ok(terminal.waits(lambda shown: shown[10] == "ESC[31mredESC[m" and shown[9].endswith("end")),
       "less: G; a long line goes on in the next, controls are shown as such", terminal.text)
    terminal.press("g")
    terminal.waits(first(lines[0]))
    terminal.type("-N")
    terminal.press("Enter")
    ok(terminal.waits(first("      1 " + lines[0])), "less: -N", terminal.text)
    terminal.type("v")
    ok(terminal.shows("1,1"), "less: v edits the file in vi", terminal.text)
    terminal.type(":q")
    terminal.press("Enter")
    ok(terminal.waits(first("      1 " + lines[0])), "less: and comes back", terminal.text)
    terminal.press("q")
    is_restored(terminal, "less")
    terminal.resize(80, 24)


def test_less_pipe(terminal):
    starts(terminal, "seq 1 100000 | less", first("1"))
    terminal.press("G")
    ok(terminal.waits(lambda shown: shown[22] == "100000"), "less: from a pipe, keys from the terminal", terminal.text)
    terminal.press("q")
    is_restored(terminal, "less from a pipe")
    starts(terminal, "less +F text", lambda shown: any("Waiting for data" in line for line in shown))
    terminal.press("C-x")
    ok(terminal.shows("(END)"), "less: ^X ends following a file", terminal.text)
    terminal.press("q")
    is_restored(terminal, "less that followed")
    starts(terminal, "less -R text", first("line 1 äöü 日本"))
    terminal.press("G")
    ok(terminal.waits(lambda shown: shown[22] == "red"), "less: -R lets colours through", terminal.text)
    terminal.press("C-c")
    is_restored(terminal, "less that is ended by ^C")
    terminal.type("seq 1 3 | less -F | cat; less text >copy; cmp text copy; less nothing")
    terminal.press("Enter")
    ok(terminal.shows("3", "nothing: No such file"), "less: where the output is no screen it copies", terminal.text)


def test_vi(terminal, folder):
    (folder / "data/small").write_text("one\ntwo\nthree\n")
    starts(terminal, "vi small", lambda shown: shown[:3] == ["one", "two", "three"])
    terminal.resize(50, 10)
    ok(terminal.waits(lambda shown: len(shown) == 10 and "1,1" in shown[9]), "vi: another size", terminal.text)
    terminal.type("ddiHallo ")
    terminal.press("Escape")
    ok(terminal.waits(first("Hallo two")), "vi: dd, i", terminal.text)
    terminal.type(":wq")
    terminal.press("Enter")
    is_restored(terminal, "vi")
    ok((folder / "data/small").read_text() == "Hallo two\nthree\n", "vi: it is written",
       (folder / "data/small").read_text())
    terminal.resize(80, 24)


def test_hexedit(terminal, folder):
    (folder / "data/bytes").write_bytes(bytes(range(64)))
    starts(terminal, "hexedit bytes", lambda shown: "00 01 02" in shown[0])
    terminal.resize(80, 12)
    ok(terminal.waits(lambda shown: len(shown) == 12 and "/0x40" in shown[11]), "hexedit: another size", terminal.text)
    terminal.type("4142")
    ok(terminal.waits(lambda shown: "41 42 02" in shown[0]), "hexedit: bytes are changed", terminal.text)
    terminal.press("u")
    ok(terminal.waits(lambda shown: "41 01 02" in shown[0]), "hexedit: and undone", terminal.text)
    terminal.press("q")
    terminal.type("echo it is $((6 * 7))")
    terminal.press("Enter")
    ok(terminal.shows("it is 42"), "hexedit: the keys are the shell's again", terminal.text)
    ok((folder / "data/bytes").read_bytes()[:3] == b"A\1\2", "hexedit: it is written",
       (folder / "data/bytes").read_bytes()[:3])
    terminal.resize(80, 24)


def test_top(terminal):
    starts(terminal, "top", lambda shown: shown[0].startswith("up ") and any(line.endswith(" top") for line in shown))
    ok(all(len(line) <= 80 for line in terminal.lines), "top: names are seen on 80 columns", terminal.text)
    terminal.resize(120, 10)
    ok(terminal.waits(lambda shown: len(shown) == 10 and any("]" in line and line.endswith(" top") for line in shown)),
       "top: another size, with bars where there is room", terminal.text)
    terminal.press("s")
    ok(terminal.waits(lambda shown: any("IN" in line.split() for line in shown)), "top: s", terminal.text)
    terminal.press("q")
    is_restored(terminal, "top")
    terminal.resize(80, 24)


def test_watch(terminal, folder):
    (folder / "data/state").write_text("before\n")
    starts(terminal, "watch -n 1 cat state", lambda shown: "before" in shown[2:4])
    (folder / "data/state").write_text("after\n")
    ok(terminal.waits(lambda shown: "after" in shown[2:4]), "watch: it looks again", terminal.text)
    terminal.resize(60, 12)
    ok(terminal.waits(lambda shown: len(shown) == 12 and shown[0].startswith("Every") and shown[0][55:].strip()),
       "watch: another size", terminal.text)
    terminal.press("q")
    terminal.type("echo it is $((6 * 7))")
    terminal.press("Enter")
    ok(terminal.shows("it is 42"), "watch: the keys are the shell's again", terminal.text)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        with Terminal(session(folder)) as terminal:
            if ok(terminal.shows(PROMPT.strip()), "a shell in a terminal", terminal.text):
                test_less(terminal, folder)
                test_less_pipe(terminal)
                test_vi(terminal, folder)
                test_hexedit(terminal, folder)
                test_top(terminal)
                test_watch(terminal, folder)
    done()


if __name__ == "__main__":
    main()
