#!/usr/bin/env python3
"""What a program writes reaches a terminal without what a program must not do there, and a pipe as it is.
A program that ends amid something leaves the screen as it was."""
import os
import pathlib
import pty
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, WEFT, done, ok, run

EVIL = rb"a\033]52;c;cm0gLXJmIC8=\007b\033[31mred\033[21t\033[?1049h\033P+q\033\\c\n"


def at_terminal(*command):
    """All that the command writes to a terminal, and its exit status."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], [str(word) for word in command])
    written = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        written += piece
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return written, os.waitstatus_to_exitcode(status)


def main():
    printf = PROGRAMS / "bin/printf.wasm"
    written, status = at_terminal(WEFT, "run", printf, EVIL.decode())
    ok(status == 0 and written.startswith(b"ab\x1b[31mred\x1b[?1049hc\r\n"),
       "colours and the other screen pass, the clipboard and the window's title do not", written)
    ok(written.endswith(b"\r\n\x1b[m\x1b[?1049l"), "colours and screen are taken back at the end", written)
    ran = run(WEFT, "run", printf, EVIL.decode())
    ok(ran.output == "a\x1b]52;c;cm0gLXJmIC8=\ab\x1b[31mred\x1b[21t\x1b[?1049h\x1bP+q\x1b\\c\n",
       "a pipe gets all bytes", ran)
    written, status = at_terminal(WEFT, "run", PROGRAMS / "bin/seq.wasm", "20000")
    ok(status == 0 and written == b"".join(b"%d\r\n" % i for i in range(1, 20001)),
       "much text comes whole", written[-100:])
    done()


if __name__ == "__main__":
    main()
