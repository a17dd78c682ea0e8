"""A person at a shell: a pseudo-terminal, what is typed there and what is shown."""
import fcntl
import os
import pty
import select
import struct
import termios
import time

from tap import PROGRAMS, WEFT, ok

BIN = PROGRAMS / "example/wasi"
PROMPT = "% "
# What the shell says when it begins and ends to read a line: that it takes pastes.
READY, TAKEN = "\x1b[?2004h", "\x1b[?2004l"
PATIENCE = 20


class Session:
    """A shell with a person at it; what it shows and was not waited for is in `shown`, and what came before
    that in `passed`."""

    def __init__(self, folder, rows=24, columns=80, environment=(), options=(), bin_folder=BIN, program=("shell",)):
        self.shown, self.passed, self.status = "", "", None
        command = self.command(folder, environment, options, bin_folder)
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execv(command[0], [*command, *program])
        self.resize(rows, columns)
        self.ready()

    def command(self, folder, environment, options, bin_folder):
        """What the program's name is put behind."""
        command = [str(WEFT), "run", "--dir", f"{folder}:/data", "--dir", f"{bin_folder}:/bin:ro", "--env", "PWD=/data",
                   "--env", "HOME=/data", "--env", f"PS1={PROMPT}", "--allow", "terminal", "--allow", "boot",
                   *options]
        for pair in environment:
            command += ["--env", pair]
        return command

    def resize(self, rows, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_first(self, *texts, timeout=None):
        """Which of the texts is shown first, after what was waited for before; None: none is. Where no time is given,
        that none comes in PATIENCE seconds is a failure, whatever is checked behind."""
        until = time.monotonic() + (timeout or PATIENCE)
        while not any(text in self.shown for text in texts):
            ready, _, _ = select.select([self.terminal], [], [], max(0, until - time.monotonic()))
            try:
                data = os.read(self.terminal, 65536) if ready else b""
            except OSError:
                data = b""
            if not data:
                if timeout is None:
                    ok(False, f"{' or '.join(map(repr, texts))} is shown", self.shown)
                return None
            self.shown += data.decode(errors="replace")
        at, text = min((self.shown.index(text), text) for text in texts if text in self.shown)
        self.passed, self.shown = self.shown[:at], self.shown[at + len(text):]
        return text

    def wait(self, text, timeout=None):
        """Whether the text is shown, after what was waited for before."""
        return self.wait_first(text, timeout=timeout) is not None

    def type(self, text):
        os.write(self.terminal, text.encode())

    def says(self, typed, expected, timeout=None):
        """Types a line; whether a line of the answer is as expected, and the prompt comes again."""
        self.type(typed + "\r")
        return self.wait(TAKEN + expected + "\r\n", timeout) and self.ready(timeout)

    def ready(self, timeout=None):
        return self.wait(READY, timeout)

    def is_raw(self):
        return not termios.tcgetattr(self.terminal)[3] & termios.ICANON

    def left_to_program(self, timeout=PATIENCE):
        """Whether a command has the terminal; it is given a moment to begin."""
        until = time.monotonic() + timeout
        while self.is_raw() and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.2)
        return not self.is_raw()

    def end(self, timeout=PATIENCE):
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            self.wait("\0never", 0.05)
            ended, status = os.waitpid(self.child, os.WNOHANG)
            if ended:
                self.status = os.waitstatus_to_exitcode(status)
                break
        else:
            ok(False, "the session ends", self.shown)
            os.kill(self.child, 9)
            os.waitpid(self.child, 0)
        os.close(self.terminal)
        return self.status
