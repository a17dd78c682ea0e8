#!/usr/bin/env python3
"""How `weft run` ends when the world around it does: signals, closed pipes, full disks, terminals."""
import fcntl
import os
import pathlib
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, WEFT, done, ok, run, weft
import wasm

GUESTS = BUILD / "tests/hosted/guest"
HELLO = PROGRAMS / "example/wasi/hello_c.wasm"
FILES = PROGRAMS / "example/wasi/files.wasm"
TERMINAL = GUESTS / "terminal.wasm"
PATIENCE = 20


def wait(process):
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return f"none after {PATIENCE} s"


def busy(path):
    """A program that computes for ever."""
    path.write_bytes(wasm.module(wasm.LOOP_FOREVER))
    return path


def test_signals(folder):
    loop = busy(folder / "loop.wasm")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process = subprocess.Popen([WEFT, "run", loop], stderr=subprocess.PIPE)
        time.sleep(0.2)
        process.send_signal(number)
        status = wait(process)
        errors = process.stderr.read()
        ok(status == -number and errors == b"",
           f"{number.name} stops a busy program, and is what the parent sees", (status, errors))
    process = subprocess.Popen([WEFT, "run", PROGRAMS / "example/wasi/hello_cpp.wasm"],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    ok(wait(process) == -signal.SIGINT, "so it does one that waits for input")
    process.stdin.close()
    process = subprocess.Popen(["/bin/sh", "-c", f"trap '' INT; exec {WEFT} run {loop}"])
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    ok(process.poll() is None, "a signal that the parent ignores stays ignored")
    process.kill()
    process.wait()


def test_streams(folder):
    reader, writer = os.pipe()
    os.close(reader)
    ran = run(WEFT, "run", HELLO)
    process = subprocess.Popen([WEFT, "run", HELLO], stdout=writer, stderr=subprocess.PIPE)
    status, errors = wait(process), process.stderr.read()
    ok(status == -signal.SIGPIPE and errors == b"", "nobody reads: it ends quietly, as Unix programs do",
       (status, errors))
    process = subprocess.Popen(["/bin/sh", "-c", f"trap '' PIPE; exec {WEFT} run {HELLO}"], stdout=writer,
                               stderr=subprocess.PIPE)
    status, errors = wait(process), process.stderr.read()
    ok(isinstance(status, int) and status >= 0 and errors == b"", "unless SIGPIPE is ignored: the program is told",
       (status, errors))
    os.close(writer)
    ran = run("/bin/sh", "-c", f"{WEFT} run {FILES} 2> /dev/full; echo $?")
    ok(ran.output == "2\n", "standard error on a full disk is the program's affair", ran)
    ran = run("/bin/sh", "-c", f"{WEFT} run {HELLO} > /dev/full")
    ok(ran.status >= 0 and "weft's own" not in ran.errors, "so is standard output", ran)
    ran = run("/bin/sh", "-c", f"{WEFT} cid {HELLO} > /dev/full")
    ok(ran.status == 1 and "No space left" in ran.errors, "a command that cannot tell its result fails", ran)
    ran = run("/bin/sh", "-c", f"{WEFT} run {HELLO} <&- >&- 2>&-; echo $?")
    ok(ran.output.strip() in ("0", "1"), "all streams closed", ran)
    ran = run("/bin/sh", "-c", f"{WEFT} run {HELLO} >&- ; {WEFT} run {HELLO}")
    ok(ran.output == "Hello, world, from C\n", "a closed standard output is not some other file", ran)
    ran = weft("run", PROGRAMS / "example/wasi/hello_cpp.wasm", text="")
    ok(ran.status == 0 and ": 0 words" in ran.output, "an empty standard input ends", ran)
    out = folder / "out"
    with open(out, "wb") as file:
        file.write(b"before\n")
        file.flush()
        subprocess.run([WEFT, "run", HELLO], stdout=file, check=False)
        file.seek(0, os.SEEK_END)
        file.write(b"behind\n")
    ok(out.read_text() == "before\nHello, world, from C\nbehind\n",
       "a file as standard output is written where it stands", out.read_text())


def test_sockets():
    """A socket cannot be opened a second time, as a pipe can."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen([WEFT, "run", PROGRAMS / "example/wasi/hello_cpp.wasm"], stdin=theirs, stdout=theirs)
    theirs.close()
    time.sleep(0.1)
    ours.sendall(b"word " * 40000)
    ours.shutdown(socket.SHUT_WR)
    ours.settimeout(PATIENCE)
    answer = b"".join(iter(lambda: ours.recv(4096), b""))
    ok(wait(process) == 0 and answer == b"Hello from C++: 40000 words\nword 40000\n", "streams that are a socket", answer)


def shared_pipe_still_blocks():
    """Our end must not become non-blocking for the others who have it."""
    reader, writer = os.pipe()
    subprocess.run([WEFT, "run", HELLO], stdin=reader, stdout=writer, check=False)
    flags = fcntl.fcntl(reader, fcntl.F_GETFL) | fcntl.fcntl(writer, fcntl.F_GETFL)
    os.close(reader)
    os.close(writer)
    ok(flags & os.O_NONBLOCK == 0, "pipes that are shared with others block for them as before")


def test_full_disk(folder):
    if os.geteuid() != 0 or run("mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=16", "tmpfs", folder).status != 0:
        print("# not root: no disk to fill")
        return
    try:
        filler = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(filler, b"x" * 4096):
                pass
        except OSError:
            os.close(filler)
        ran = weft("run", "--dir", f"{folder}:/data", FILES, "/data")
        ok(ran.status == 1 and "FAILED" in ran.output and "weft's own" not in ran.errors,
           "a full disk is an error that the program sees", ran)
    finally:
        run("umount", folder)


# ---- Terminals ----

class Terminal:
    """A process at a terminal of its own."""

    def __init__(self, *command, size=(24, 80)):
        self.seen = b""
        child, self.fd = pty.fork()
        if child == 0:
            os.execv(command[0], [str(word) for word in command])
        self.pid = child
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.before = termios.tcgetattr(self.fd)

    def expect(self, text):
        """Reads until `text` has come."""
        end = time.monotonic() + PATIENCE
        while text.encode() not in self.seen and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 4096)
                except OSError:
                    break
        return text.encode() in self.seen

    def type(self, keys):
        os.write(self.fd, keys)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def end(self):
        """How it ended, as a parent sees it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return "not at all"

    def restored(self):
        return termios.tcgetattr(self.fd) == self.before

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)


def at_terminal(*steps):
    return Terminal("/bin/sh", "-c", f"{WEFT} run --allow terminal {TERMINAL} {' '.join(steps)}; status=$?; "
                    "sleep 0.3; exit $status")


def test_terminal():
    terminal = at_terminal("size")
    ok(terminal.expect("size 80 24") and terminal.end() == 0, "a terminal has a size", terminal.seen)
    terminal = at_terminal("size", "resized")
    terminal.expect("waiting")
    terminal.resize(30, 100)
    ok(terminal.expect("size 100 30") and terminal.end() == 0, "and tells when it changes", terminal.seen)
    terminal = at_terminal("raw", "byte", "byte")
    ok(terminal.expect("reading") and not terminal.echoes(), "raw mode shows nothing of what is typed", terminal.seen)
    terminal.type(b"q")
    ok(terminal.expect("byte 113"), "and gives a byte without its line", terminal.seen)
    terminal.type(b"\r")
    ok(terminal.expect("byte 13") and terminal.end() == 0, "the return key is what it is", terminal.seen)
    ok(terminal.restored(), "the mode ends with the program")
    terminal = at_terminal("raw", "trap")
    terminal.expect("unreachable")
    ok(terminal.end() == 134 and terminal.restored(), "also when it traps", terminal.seen)
    terminal = directly("interrupted", "raw", "interrupted")
    terminal.expect("waiting")
    terminal.seen = b""
    terminal.type(b"\x03")
    ok(terminal.expect("interrupted"), "the interrupt key is a message to who asks for it", terminal.seen)
    terminal.expect("waiting")
    terminal.seen = b""
    terminal.type(b"\x03")
    ok(terminal.expect("interrupted") and terminal.end() == 0, "in raw mode, too", terminal.seen)


def directly(*steps):
    """At a terminal of its own, without a shell between."""
    return Terminal(WEFT, "run", "--allow", "terminal", TERMINAL, *steps)


def test_lines():
    terminal = Terminal(WEFT, "run", PROGRAMS / "example/wasi/hello_cpp.wasm")
    terminal.type(b"one two\n")
    time.sleep(0.2)
    terminal.type(b"two\n\x04")
    ok(terminal.expect("two 2") and terminal.end() == 0, "lines that are typed arrive; ^D ends them", terminal.seen)


def test_interrupt():
    for steps, what in ((("raw", "loop"), "a busy program"), (("raw", "byte"), "one that waits for input")):
        terminal = directly(*steps)
        terminal.expect("looping" if "loop" in steps else "reading")
        raw = not terminal.echoes()
        terminal.type(b"\x03")
        status = terminal.end()
        ok(raw and status == -signal.SIGINT, f"the interrupt key stops {what}", (status, terminal.seen))
    terminal = directly("raw", "loop")
    terminal.expect("looping")
    terminal.type(b"\x1c")
    status = terminal.end()
    ok(status == -signal.SIGQUIT and terminal.restored(), "the quit key ends it; the terminal is as it was", status)
    for number in (signal.SIGTERM, signal.SIGHUP):
        terminal = at_terminal_with_pid()
        os.kill(terminal.weft, number)
        status = terminal.end()
        ok(status == 128 + number and terminal.restored(), f"{number.name}: the terminal is as it was",
           (status, terminal.seen))
    terminal = at_terminal_with_pid()
    os.kill(terminal.weft, signal.SIGTSTP)
    for _ in range(200):
        if terminal.echoes():
            break
        time.sleep(0.01)
    stopped = terminal.echoes()
    os.kill(terminal.weft, signal.SIGCONT)
    for _ in range(200):
        if not terminal.echoes():
            break
        time.sleep(0.01)
    ok(stopped and not terminal.echoes(), "stopped with ^Z the terminal is as it was; raw again behind it")
    os.kill(terminal.weft, signal.SIGTERM)
    terminal.end()


def at_terminal_with_pid():
    """In raw mode and busy; `weft` is the process that runs it, below a shell."""
    terminal = Terminal("/bin/sh", "-c", f"{WEFT} run --allow terminal {TERMINAL} raw loop & echo pid $!; "
                        "wait $!; status=$?; sleep 0.3; exit $status")
    terminal.expect("looping")
    terminal.weft = int(terminal.seen.split(b"pid ")[1].split()[0])
    return terminal


def test_jobs():
    terminal = directly("jobs")
    terminal.expect("one more")
    ok(b"jobs 256\r\n" in terminal.seen and terminal.end() == 0, "as many jobs of the terminal as there is room for",
       terminal.seen)


def test_power():
    shutdown, reboot = PROGRAMS / "system/shutdown.wasm", PROGRAMS / "system/reboot.wasm"
    ran = weft("run", shutdown)
    ok(ran.status == 1 and "--allow power" in ran.errors and "may not use power" in ran.output,
       "the end of the system is denied unless granted, and the option is told", ran)
    ran = weft("run", "--allow", "power", shutdown)
    ok(ran.status == 0 and not ran.output and not ran.errors, "granted, shutdown ends weft run", ran)
    ran = weft("run", "--allow", "power", reboot)
    ok(ran.status == 1 and "this machine cannot do that; " in ran.output and "`exit` ends the session" in ran.output, "which does not start itself again", ran)
    for arguments in (["patient"], ["stubborn", "200"]):
        ran = weft("run", "--allow", "power", GUESTS / "ending.wasm", *arguments)
        ok(ran.status == 0 and ran.output == "told\n", f"who waits for the end is waited for: {arguments[0]}", ran)
    ran = weft("run", "--allow", "power", GUESTS / "ending.wasm", "patient", "restart")
    ok(ran.status == 6 and ran.output == "unsupported\n", "and nobody who waits is told of an end that does not come",
       ran)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        test_signals(pathlib.Path(scratch))
        test_streams(pathlib.Path(scratch))
    test_sockets()
    shared_pipe_still_blocks()
    with tempfile.TemporaryDirectory() as scratch:
        test_full_disk(pathlib.Path(scratch))
    test_terminal()
    test_lines()
    test_interrupt()
    test_jobs()
    test_power()
    done()


main()
