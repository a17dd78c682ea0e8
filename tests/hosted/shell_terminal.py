#!/usr/bin/env python3
"""The shell at a terminal: whole sessions through a pseudo-terminal."""
import os
import pathlib
import random
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from session import READY, TAKEN, Session
from tap import PROGRAMS, ROOT, WEFT, done, ok, weft


def test_editing(folder):
    s = Session(folder)
    ok(s.says("echo one two", "one two"), "a command and its answer", s.shown)
    ok(s.says("echo ac\x02b", "abc"), "^B moves back", s.shown)
    ok(s.says("cho x\x01e", "x"), "^A moves to the start", s.shown)
    ok(s.says("cho x\x1b[He\x1b[F y", "x y"), "Home and End", s.shown)
    ok(s.says("echo abcd\x1b[D\x1b[D\x7fX", "aXcd"), "arrows and backspace", s.shown)
    ok(s.says("echo abc\x1b[D\x1b[D\x1b[3~", "ac"), "delete", s.shown)
    ok(s.says("nonsense\x15echo ok", "ok"), "^U clears to the start", s.shown)
    ok(s.says("echo a bbb\x17c", "a c"), "^W takes a word", s.shown)
    ok(s.says("echo x y\x02\x02\x0b\x01\x05 \x19 \x19", "x y y"), "^K and ^Y", s.shown)
    ok(s.says("echo ab\x14", "ba"), "^T", s.shown)
    ok(s.says("echo foo bar\x1bb\x1bb\x1bdbaz", "baz bar"), "words by Alt", s.shown)
    ok(s.says("echo äö\x7fü 日本\x1b[D\x7f語", "äü 語本"), "UTF-8, also wide characters", s.shown)
    ok(s.says("echo " + "long " * 60 + "\x01\x05end", "long " * 60 + "end"), "a line of several rows", s.shown)
    ok(s.says("printf '%d\\n' \"'\x16\x1b\"", "27"), "^V takes the next byte as it is", s.shown)
    s.type("\x04")
    ok(s.end() == 0, "^D on an empty line ends it")


def test_history(folder):
    s = Session(folder)
    s.says("echo first", "first")
    s.says("echo second", "second")
    ok(s.says("\x1b[A\x1b[A", "first"), "up twice", s.shown)
    ok(s.says("echo draft\x1b[A\x1b[B!", "draft!"), "down comes back to what was typed", s.shown)
    ok(s.says("\x12sec", "second"), "^R searches", s.shown)
    ok(s.says("\x12echo\x12\x12", "first"), "and again, further back", s.shown)
    s.type("exit 5\r")
    ok(s.end() == 5, "exit with a status")
    saved = (folder / ".shell_history").read_text().splitlines()
    ok(saved[:2] == ["echo first", "echo second"] and saved[-1] == "exit 5", "the history is saved", saved)
    s = Session(folder)
    ok(s.says("\x12draft", "draft!"), "and found in the next session", s.shown)
    ok(s.says("history | { read -r number line; echo $line; }", "echo first"), "a pipeline has it, too", s.shown)
    ok(s.says("history -s \"it's one\"; (history 1) | { read -r number line; echo $line; }", "it's one"),
       "with what is added, and the newest alone", s.shown)
    ok(s.says("history x", "shell: history: usage: history [COUNT]\r\n       history -s LINE"), "else how it is used", s.shown)
    s.type("\x04")
    s.end()


def test_completion(folder):
    (folder / "some file").write_text("")
    (folder / "sub").mkdir()
    (folder / "sub/inner").write_text("")
    s = Session(folder, environment=("VARIABLE_X=found",))
    ok(s.says("hello_r\t\x17echo gone", "gone"), "a command's name is completed", s.shown)
    ok(s.says("unali\t-a; echo $?", "0"), "one that only a builtin has", s.shown)
    (folder / "echo.wasm").write_text("")
    ok(s.says("PATH=/bin:/data; ech\t once", "once"), "one that a builtin and a program have", s.shown)
    ok(s.says("echo som\t", "some file"), "a file's name, quoted as it must be", s.shown)
    ok(s.says("echo sub/\t", "sub/inner"), "a file in a directory", s.shown)
    ok(s.says("echo $VARIABLE_\t", "found"), "a variable", s.shown)
    ok(s.says("echo \"som\tx", "some file x"), "within quotes", s.shown)
    s.type("echo s\t\t")
    ok(s.wait("some file") and s.wait("sub/"), "Tab twice shows what there is", s.shown)
    s.type("\x03")
    ok(s.wait("^C") and s.ready(), "^C gives the line up", s.shown)
    s.type("\x04")
    ok(s.end() == 130, "and its status is 130")


def offers(s, typed, shown):
    """Whether Tab behind what is typed shows this; the line is cleared then."""
    s.type(typed + "\t\t")
    found = s.wait(shown)
    s.type("\x15\r")
    return found and s.wait(TAKEN) and s.ready()


def test_arguments(folder):
    """What follows a command's words, as its usage says."""
    (folder / "sub").mkdir()
    (folder / "subfile").write_text("")
    s = Session(folder, environment=("VARIABLE_X=1",), bin_folder=PROGRAMS / "bin")
    ok(offers(s, "silo at", "% silo attach "), "a word of a tool", s.shown)
    ok(offers(s, "silo st", "start  stop"), "several", s.shown)
    ok(offers(s, "A=1 /bin/silo limit 1 mem", "% A=1 /bin/silo limit 1 memory "), "after others, of one by its path", s.shown)
    ok(offers(s, "top -v ", "interfaces  processes   silos"), "an option's", s.shown)
    ok(offers(s, "ls --col", "% ls --color "), "a long option", s.shown)
    ok(offers(s, "interface show clo", "% interface show clock "), "an interface", s.shown)
    ok(offers(s, "man unal", "% man unalias "), "a command", s.shown)
    ok(offers(s, "kill -s TER", "% kill -s TERM "), "a signal", s.shown)
    ok(offers(s, "unset VARIABLE_", "% unset VARIABLE_X "), "a variable without its sign", s.shown)
    ok(offers(s, "cd s", "% cd sub/"), "a directory and no file", s.shown)
    ok(offers(s, "echo x >s", "sub/     subfile") and offers(s, "cp s", "sub/     subfile"), "else files", s.shown)
    s.type("sleep 100 & sleep 200 &\r")
    ok(s.wait("[2] ") and s.wait("\r\n") and s.ready() and offers(s, "fg %", "%1  %2"), "jobs", s.shown)
    s.type("jobs -p %2\r")
    s.ready()
    process = re.search(r"(\d+)\r\n", s.passed.split(TAKEN)[1])[1]
    ok(offers(s, "kill %", "%1  %2") and offers(s, "kill ", f"  {process}"), "  and processes for kill", s.shown)
    cid = weft("cid", PROGRAMS / "bin/sleep.wasm").output.split()[0]
    ok(offers(s, f"program name {cid[:12]}", f"% program name {cid} "), "a CID of what runs", s.shown)
    (folder / "would").write_text("#!/bin/sh\n# usage: would run\necho ran >/data/ran\n")
    ok(offers(s, "./would r", "% ./would run ") and not (folder / "ran").exists(), "a script says it, too, and nothing is run for it", s.shown)
    s.type("\x04")
    s.end()


def test_manual(folder):
    s = Session(folder, bin_folder=PROGRAMS / "bin")
    s.type("man kill\r")
    ok(s.wait("kill - ends jobs") and s.ready(), "a page that fits is shown", s.shown)
    s.type("man silo\r")
    ok(s.wait("silo - silos are groups") and s.wait(":\x1b[K"), "a longer one is in less", s.shown)
    s.type("q")
    ok(s.ready() and s.says("echo $?", "0"), "  which q leaves", s.shown)
    ok(s.says("PAGER='head -n 2'; man jobs", "NAME\r\n    jobs - lists jobs that are stopped, run behind or have ended since"),
       "PAGER says what shows it", s.shown)
    s.type("\x04")
    s.end()


def test_lines(folder):
    s = Session(folder)
    s.type("for i in 1 2\r")
    ok(s.wait(TAKEN) and s.wait("> "), "a command that is not complete goes on", s.shown)
    s.ready()
    s.type("do echo n$i\r")
    s.ready()
    ok(s.says("done", "n1\r\nn2"), "over lines", s.shown)
    ok(s.says("\x1b[A", "n1\r\nn2"), "and is one in the history", s.shown)
    s.type("if\x03")
    s.ready()
    s.type("echo 'a\r")
    s.ready()
    ok(s.says("b'", "a\r\nb"), "so does a quote", s.shown)
    ok(s.says("\x1b[200~echo pasted\necho tw\x1b[201~o", "pasted\r\ntwo"), "a paste of two lines is run when it is entered", s.shown)
    ok(s.says("fi", f"shell: not expected here: fi"), "a mistake is told, and the shell goes on", s.shown)
    ok(s.says("nothere 2>/dev/null; echo $?", "127"), "so is a command that is not there", s.shown)
    ok(s.says("nothere", "shell: nothere: not found"), "of which little is said", s.shown)
    ok(s.says("hlelo_c you", "shell: hlelo_c: not found; did you mean hello_c?"), "but what may have been meant", s.shown)
    ok(s.says("PATH= ech", "shell: ech: not found; did you mean echo?"), "also a builtin", s.shown)
    s.type("PATH=; nothere; PATH=/bin\r")
    ok(s.wait("not found; PATH, which says where programs are, is not set") and s.ready(), "and where there is no PATH, that", s.shown)
    ok(s.says("cd sub2 2>/dev/null || pwd", "/data"), "the directory", s.shown)
    (folder / "part").write_text("echo read\n'\n")
    for command, what in ("g() { g; }; g", "functions"), ("h() { eval h; }; h", "texts of commands"), \
            ("while :; do g; done", "functions"), ("echo ${no?not there}", "not there"), \
            (". ./no", "no such file or directory"), (". ./part", "shell: ./part: line 2: a quote"), ("readonly r=1; r=2", "read-only"), ("exec < no", "no such file"), \
            ("set -u; echo $no", "is not set"), ("set +u; shift 9", "shift"), ("trap g INT; kill -INT $$; :", "functions"):
        s.type(command + "\r")
        ok(s.wait(TAKEN) and s.wait(what) and s.ready() and s.says("echo on $((1 + 1))", "on 2"),
           f"a person goes on after {command}", s.shown)
    s.type("g 2>/dev/null\r")
    ok(s.ready() and s.says("echo $?", "1"), "and its status is 1", s.shown)
    s.resize(10, 20)
    s.wait("\x1b[J% ")
    ok(s.says("echo " + "x" * 30, "x" * 30), "after a change of the size", s.shown)
    s.type("\x04")
    s.end()


def test_programs(folder):
    s = Session(folder)
    ok(s.says("hello_c you", "Hello, you, from C"), "a program", s.shown)
    s.type("hello_cpp\r")
    ok(s.left_to_program(), "the terminal is a program's while it runs")
    s.type("typed words\n\x04")
    ok(s.wait("2 words") and s.ready(), "which reads what is typed", s.shown)
    ok(s.is_raw(), "and the shell's afterwards")
    for command in "while :; do :; done", "hello_cpp", "hello_cpp | hello_cpp", "(while :; do :; done)", "x=$(hello_cpp)":
        s.type(command + "\r")
        s.left_to_program()
        s.type("\x03")
        ok(s.ready() and s.says("echo $?", "130"), f"^C interrupts {command}", s.shown)
    s.type("trap 'echo trapped' INT\r")
    s.ready()
    s.type("hello_cpp\r")
    s.left_to_program()
    s.type("\x03")
    ok(s.wait("trapped\r\n") and s.ready(), "a trap of INT is run", s.shown)
    s.type("while :; do :; done &\r")
    ok(s.wait("[1] ") and s.ready() and s.says("jobs", "[1]+  Running   while :; do :; done"), "a job behind", s.shown)
    s.type("fg\r")
    s.left_to_program()
    s.type("\x03")
    ok(s.ready() and s.says("jobs; echo none", "none"), "brought to the front and interrupted", s.shown)
    s.type("true & wait\r")
    s.ready()
    s.type("hello_c > /dev/null &\r")
    s.ready()
    told = "[1]+  Done      hello_c"
    first = READY
    for _ in range(1000):
        if first == READY:
            s.type("\r")
            first = s.wait_first(told, READY)
    ok(first == told, "the end of a job is told", s.shown)
    s.type("hello_rust panic\r")
    ok(s.wait("unreachable") and s.ready(), "a trap's text is shown", s.shown)
    s.type("exit\r")
    ok(s.end() == 134, "exit gives the last status")


def test_silos(folder):
    s = Session(folder, bin_folder=PROGRAMS / "bin")
    s.type("silo\r")
    ok(s.wait(" jobs\r\n") and re.search(r" +\d+/\d+ +\d+/none +\d+/\d+ [^\n]*$", s.passed) and s.ready(),
       "what has no limit has none in its jobs", (s.passed, s.shown))
    s.type("\x04")
    s.end()


def test_garbage(folder):
    """All that a person can type or paste by mistake ends no session."""
    s = Session(folder)
    s.type("lost\x1c")
    ok(s.ready() and s.says("echo here", "here"), "^\\ at the prompt gives the line up, as ^C does", s.shown)
    s.type("while :; do :; done\r")
    s.left_to_program()
    s.type("\x1c")
    ok(s.ready() and s.says("echo $?", "130"), "and ends what is in the foreground", s.shown)
    dice = random.Random(1)
    for bracket, what in ((("\x1b[200~", "\x1b[201~"), "a paste"), (("", ""), "typed")):
        garbage = bytes(dice.choice([byte for byte in range(256) if byte != 4]) for _ in range(1 << 15))
        for part in (bracket[0].encode(), *(garbage[at:at + 256] for at in range(0, len(garbage), 256)), bracket[1].encode()):
            os.write(s.terminal, part)
            s.wait("\0never", 0.01)
        s.type("\x03\x03\x15echo still $((41 + 1))\r")
        ok(s.wait("still 42\r\n") and s.ready(), f"32 KiB of any bytes, {what}: the shell goes on", s.shown[-2000:])
    s.type("exit\rexit\r")  # twice, for what was typed may have stopped something
    ok(s.end() is not None, "and ends when it is told to")


class Whole(Session):
    """In a session of a whole system."""

    def command(self, folder, *_):
        return [str(WEFT), "system", "--dir", f"{folder}:/data", "--dir", f"{folder}:/permissions",
                "--env", "PWD=/data", "--env", "HOME=/data", str(ROOT / "programs/init/hosted.toml"), "permission:quiet"]


def test_end(folder):
    s = Whole(folder)
    for command in "while :; do :; done &", "(while :; do :; done) &", "{ while :; do :; done; } | cat &":
        s.type(command + "\r")
        ok(s.wait("] ") and s.ready(), f"behind: {command}", s.shown)
    s.type("exit 7\r")
    s.wait(TAKEN)
    ok(s.end() == 7 and "killed" not in s.shown, "a session with jobs ends without a word of each", s.shown)


def main():
    for test in (test_editing, test_history, test_completion, test_arguments, test_manual, test_lines, test_programs, test_silos, test_garbage,
                 test_end):
        with tempfile.TemporaryDirectory() as scratch:
            test(pathlib.Path(scratch))
    done()


if __name__ == "__main__":
    main()
