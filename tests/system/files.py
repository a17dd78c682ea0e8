#!/usr/bin/env python3
"""Files on a bare machine: a shell on the serial line, in a name space with `/tmp`, `/boot` and what
else there is, and tools for WASI in it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine, libraries, tar
from tap import PROGRAMS, done, ok

NAMES = ["init", "session", "terminal", "pipe", "shell", "fs/root", "driver/serial"]
TOOLS = ["cat", "cp", "ls", "mkdir", "mv", "rm", "stat", "wc"]
FILES = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes() for name in NAMES}
FILES |= {f"bin/{name}.wasm": (PROGRAMS / f"bin/{name}.wasm").read_bytes() for name in TOOLS}
FILES["text"] = b"one\ntwo\nthree\n"
BUNDLE = tar({**FILES, **libraries()})


def session(commands):
    """What a shell at the serial line shows of the commands, and the machine."""
    machine = Machine("init=init -- shell", BUNDLE, memory=256)
    machine.expect(r"\$ ")
    shown = []
    for command in commands:
        before = len(machine.text)
        machine.send(command + "; echo =$?=\r")
        machine.expect(r"(?s).{%d}.*\n=\d+=\n" % before)
        shown.append(machine.text[before:])
    machine.send("exit 0\r")
    machine.finish()
    return shown, machine


def main():
    asked = {
        "ls /": "boot",
        "cd /tmp && echo hi >a && cat a | wc": "1       1       3",
        "cp /boot/text b && cat b": "one\ntwo\nthree\n",
        "mkdir d && mv b d/c && ls d": "c\n",
        "cat /tmp/../tmp/d/../d/c | wc -l": "3",
        "rm -r d && ls": "a\n",
        "ls /programs": "root",
        "stat -c %s /boot/text": "14\n",
    }
    shown, machine = session(asked)
    for (command, expected), text in zip(asked.items(), shown):
        ok(expected in text, command, text)
    ok(machine.status == SUCCESS, "the session ends well", machine)
    done()


main()
