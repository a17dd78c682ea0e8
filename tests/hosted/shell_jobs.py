#!/usr/bin/env python3
"""Jobs at a terminal: ^Z, fg, bg, jobs, kill, and who has the keyboard and the screen."""
import pathlib
import re
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from session import TAKEN, Session
from tap import PROGRAMS, done, ok

DEADLINE = 20


def begin(folder):
    return Session(folder, options=("--dir", f"{PROGRAMS / 'bin'}:/tools:ro"), environment=("PATH=/bin:/tools",))


def starts(s, command):
    s.type(command + "\r")
    return s.left_to_program()


def stops(s, text):
    """Presses ^Z; whether it is told that this is stopped, and the prompt comes."""
    s.type("\x1a")
    return s.wait(f"Stopped   {text}\r\n") and s.ready() and s.is_raw()


def processes(s, name):
    """Of this name, by number: whether it is stopped, and what it has used, in milliseconds."""
    s.type("ps\r")
    s.ready()
    rows = (row for row in map(str.split, s.passed.splitlines()) if row[-1:] == [name])
    return {row[0]: (row[-2] == "stopped", int(float(row[-3]) * 1000)) for row in rows}


def used(s, name, number):
    return processes(s, name).get(number, (False, 0))[1]


def repeats(what):
    """Whether it is so before long."""
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def stopped(s, name):
    """The number of the one of this name that is stopped; None: none is before long."""
    found = []
    repeats(lambda: found.extend(number for number, (is_stopped, _) in processes(s, name).items() if is_stopped) or found)
    return found[0] if found else None


def rests(s, name, number):
    """Whether it uses no time while others do: from when the last CPU has left it."""
    before = used(s, name, number)
    return s.says("seq 1 200000 | md5sum >/dev/null; echo done", "done") and used(s, name, number) == before


def test_stopping(folder):
    s = begin(folder)
    starts(s, "hello_cpp")
    s.type("typed wo")
    ok(stops(s, "hello_cpp"), "^Z stops what is in front, and the shell has the terminal", s.shown)
    ok(s.says("echo $?", "148"), "its status is 148", s.shown)
    ok(s.says("echo typed", "typed"), "what is typed then is the shell's", s.shown)
    ok(s.says("jobs", "[1]+  Stopped   hello_cpp"), "jobs has it", s.shown)
    ok(starts(s, "wc -c"), "another program gets the keyboard")
    s.type("four\n\x04")
    ok(s.wait("5\r\n") and s.ready(), "  and what is typed, which the stopped one waits for, too", s.shown)
    starts(s, "fg")
    s.type("two words\n\x04")
    ok(s.wait("2 words") and s.ready() and s.says("echo $?; jobs", "0"), "fg brings it back to the front",
       s.shown)
    starts(s, "cat | hello_cpp")
    ok(stops(s, "cat | hello_cpp"), "a pipeline", s.shown)
    starts(s, "(sleep 100; echo never)")
    ok(stops(s, "( sleep 100; echo never; )"), "a subshell, with what runs in it", s.shown)
    ok(s.says("jobs", "[1]-  Stopped   cat | hello_cpp\r\n[2]+  Stopped   ( sleep 100; echo never; )"),
       "both are told of", s.shown)
    starts(s, "fg %cat")
    ok(stops(s, "cat | hello_cpp"), "a job by its beginning, stopped once more", s.shown)
    ok(s.says("jobs %?never", "[2]-  Stopped   ( sleep 100; echo never; )"), "  and by a part of it", s.shown)
    ok(s.says("kill %1; wait %1; echo $?", "143"), "what is stopped can be ended", s.shown)
    ok(s.says("kill -9 %2; wait %2; echo $?; jobs", "137"), "  and its subshell, with what runs in it", s.shown)
    ok(not processes(s, "sleep") and not processes(s, "hello_cpp"), "nothing is left of them", s.shown)
    ok(s.says("fg", "shell: fg: there is no job"), "then there is none", s.shown)
    s.type("\x04")
    s.end()


def signals(s, kill, what):
    """Stops what is called yes, once it runs, lets it go on, and ends it."""
    repeats(lambda: processes(s, "yes"))
    number = next(iter(processes(s, "yes")))
    s.type(f"{kill} -STOP {number}\r")
    s.ready()
    ok(stopped(s, "yes") == number and repeats(lambda: rests(s, "yes", number)), f"{what}: it stops", s.passed)
    before = used(s, "yes", number)
    s.type(f"{kill} -s CONT {number}\r")
    s.ready()
    ok(repeats(lambda: used(s, "yes", number) > before), "  and goes on", before)
    ok(s.says(f"{kill} {number}; wait; echo gone", "gone") and not processes(s, "yes"), "  and ends", s.shown)


def test_running_behind(folder):
    s = begin(folder)
    starts(s, "(while :; do :; done)")
    stops(s, "( while :; do :; done; )")
    number = stopped(s, "shell")
    ok(repeats(lambda: rests(s, "shell", number)), "what is stopped uses no time", number)
    before = used(s, "shell", number)
    ok(s.says("bg", "[1]+ ( while :; do :; done; ) &"), "bg", s.shown)
    ok(s.says("jobs", "[1]+  Running   ( while :; do :; done; )"), "  and it runs", s.shown)
    ok(repeats(lambda: used(s, "shell", number) > before + 100), "  indeed", before)
    s.type("kill -STOP %1\r")
    ok(s.wait("[1]+  Stopped   ( while") and s.ready(), "kill -STOP, which is told of", s.shown)
    ok(s.says("wait %1; echo $?", "147"), "nobody waits for what is stopped", s.shown)
    ok(s.says("kill -CONT %1; jobs", "[1]+  Running   ( while :; do :; done; )"), "kill -CONT", s.shown)
    s.type("jobs -p\r")
    s.ready()
    number = re.search(r"(\d+)\r\n", s.passed.split("?2004l")[1])
    ok(number and s.says("jobs -l", f"[1]+ {number[1]} Running   ( while :; do :; done; )"), "jobs -p and -l", s.shown)
    ok(s.says("kill %1; wait; jobs; echo none", "none"), "ended, and gone", s.shown)
    s.type("yes | cat > /dev/null &\r")
    s.ready()
    signals(s, "kill", "a process that is none of the jobs'")
    starts(s, "yes > /dev/null")
    stops(s, "yes 1>/dev/null")
    s.type("bg\r")
    s.ready()
    signals(s, "/tools/kill", "the program kill")
    s.type("cat > /dev/null &\r")
    s.ready()
    ok(s.says("echo mine", "mine"), "what runs behind and reads does not get what is typed", s.shown)
    starts(s, "fg")
    s.type("for it\n\x04")
    ok(s.ready() and s.says("jobs; echo none", "none"), "  until it is in front", s.shown)
    s.type("\x04")
    s.end()


def test_ends(folder):
    s = begin(folder)
    starts(s, "for i in 1 2 3; do cat; done")
    ok(stops(s, "cat") and s.says("echo $i", "1"), "a loop ends where a command of it is stopped", s.shown)
    ok(s.says("exit", "shell: there are stopped jobs; they end with the shell"), "exit warns of stopped jobs", s.shown)
    s.type("\x04")
    ok(s.end() == 1, "  once: then it is the end")
    s = begin(folder)
    starts(s, "cat")
    stops(s, "cat")
    s.type("\x04")
    ok(s.wait("there are stopped jobs") and s.ready(), "so does ^D", s.shown)
    ok(s.says("echo on", "on"), "  and the shell goes on", s.shown)
    ok(s.says("exit", "shell: there are stopped jobs; they end with the shell"), "  and warns again", s.shown)
    s.type("exit 3\r")
    ok(s.end() == 3, "  and ends")
    s = begin(folder)
    starts(s, "cat")
    ok(stops(s, "cat") and s.says("disown; jobs; echo none", "none"), "disown forgets a job", s.shown)
    s.type("exit 4\r")
    ok(s.end() == 4, "  and nobody warns of it")
    s = begin(folder)
    repeats(s.is_raw)
    s.type("\x1a\x1a")
    ok(s.says("echo here", "here"), "^Z at the prompt does nothing", s.shown)
    s.type("x=$(cat)\r")
    s.left_to_program()
    s.type("\x1a")
    ok(s.wait("^Z"), "the key is seen, and what is typed from now on is not forgotten with what came before it", s.shown)
    s.type("end\n\x04")
    ok(s.ready() and s.says("echo $x", "end"), "nor while a substitution is made", s.shown)
    s.type("while :; do :; done\r")
    s.left_to_program()
    s.type("\x1a")
    s.wait("^Z")
    s.type("\x03")
    ok(s.ready() and s.says("hello_c you", "Hello, you, from C"), "nor to what comes after a loop", s.shown)
    s.type("\x04")
    s.end()


def test_screen(folder):
    (folder / "file").write_text("the file's only line\n")
    s = begin(folder)
    s.type("vi file\r")
    ok(s.wait("\x1b[?1049h") and s.wait("only line"), "a program that takes the whole screen", s.shown)
    ok(repeats(s.is_raw), "  raw")
    s.type("\x1a")
    ok(s.wait("\x1b[?1049l") and s.wait("Stopped   vi file\r\n") and s.ready(), "stopped, it gives the screen back",
       s.shown)
    s.type("hello_cpp\r")
    ok(s.left_to_program(), "  and its mode")
    s.type("\x04")
    s.ready()
    s.type("fg\r")
    ok(s.wait("\x1b[?1047h"), "in front again, it has the screen", s.shown)
    ok(repeats(s.is_raw), "  and its mode")
    s.type("x:wq\r")
    ok(s.wait("\x1b[?1049l") and s.ready() and (folder / "file").read_text() == "he file's only line\n",
       "  and goes on as it was", s.shown)
    s.type("\x04")
    s.end()


def test_shells(folder):
    s = begin(folder)
    s.type("sh -i\r")
    ok(s.ready(), "a shell in the shell", s.shown)
    starts(s, "cat > /dev/null")
    ok(stops(s, "cat 1>/dev/null"), "^Z stops what is in front in it", s.shown)
    ok(s.says("jobs", "[1]+  Stopped   cat 1>/dev/null"), "  and it has the terminal", s.shown)
    starts(s, "fg")
    stops(s, "cat 1>/dev/null")
    s.type("\x1a")
    ok(s.wait("Stopped   sh -i\r\n") and s.ready(), "at its prompt ^Z stops it as a whole", s.shown)
    ok(s.says("echo outer", "outer"), "  and the outer one is in front", s.shown)
    s.type("fg\r")
    ok(s.wait("sh -i\r\n") and s.says("echo inner; jobs", "inner\r\n[1]+  Stopped   cat 1>/dev/null"),
       "it comes back with what it has stopped", s.shown)
    s.type("kill %1; exit\r")
    ok(s.wait(TAKEN) and s.ready(), "  and ends", s.shown)
    told = s.passed
    ok(s.says("jobs; echo outer", "outer"), "  which leads out of it", s.shown)
    s.type("\x04")
    s.end()
    ok("killed" not in told + s.passed + s.shown, "  that its job was killed knows who did it, and nobody is told",
       told + s.passed + s.shown)


def main():
    for test in (test_stopping, test_running_behind, test_ends, test_screen, test_shells):
        with tempfile.TemporaryDirectory() as scratch:
            test(pathlib.Path(scratch))
    done()


if __name__ == "__main__":
    main()
