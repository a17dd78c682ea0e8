#!/usr/bin/env python3
"""Files on a bare machine: a shell on the serial line, in a name space with `/tmp`, `/boot` and what
else there is, and tools for WASI in it."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine, tar, with_init
from tap import PROGRAMS, done, ok

NAMES = ["terminal", "pipe", "shell", "fs/root", "driver/serial"]
TOOLS = ["cat", "cp", "df", "echo", "find", "head", "ls", "mkdir", "mount", "mv", "rm", "service", "stat", "timeout", "vi", "wc", "xargs"]
FILES = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes() for name in NAMES}
FILES |= {f"bin/{name}.wasm": (PROGRAMS / f"bin/{name}.wasm").read_bytes() for name in TOOLS}
FILES["text"] = b"one\ntwo\nthree\n"
BUNDLE = tar(with_init(FILES))


def session(commands):
    """What a shell at the serial line shows of the commands, and the machine."""
    machine = Machine("init=init -- shell", BUNDLE, memory=256)
    machine.expect(r"\$ ")
    shown = []
    for command in commands:
        before = len(machine.text)
        machine.send(command + "; echo =$?=\r")
        machine.expect(r"(?s).{%d}.*=\d+=\n" % before)
        shown.append(machine.text[before:])
    machine.send("exit 0\r")
    machine.finish()
    return shown, machine


def test_editor():
    machine = Machine("init=init -- shell", BUNDLE, memory=256)
    machine.expect(r"\$ ")
    machine.send("vi /tmp/new\r")
    machine.expect(r"1,1")
    machine.send("itwo words")
    machine.expect("two words")
    machine.send("\x1b")
    time.sleep(1)  # Escape and a key that comes at once are another key
    machine.send(":wq\r")
    machine.expect(r"\x1b\[\?1049l")
    machine.send("cat /tmp/new; exit 0\r")
    machine.finish()
    ok(machine.status == SUCCESS and "two words" in machine.text.rsplit("exit 0", 1)[1],
       "a file is written with an editor", machine)


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
        "find /boot/bin -name 'm*' -exec echo {} +": "/boot/bin/mkdir.wasm",
        "echo a b | xargs -n 1 echo": "a\nb\n",
        "head -c 4 /dev/zero | wc -c": "4\n",
        "echo to the log >log: && cat log: | xargs -n 1 echo | wc -l": "",
        "cat /proc/self/status": "silo\t",
        "cat /sys/memory": "total\t",
        "df": "/tmp",
        "mkdir m && mount /tmp/m /mnt && echo there >/mnt/f && cat m/f": "there\n",
        "timeout 1 cat /dev/console": "=124=",
        "cat /dev/serial0": "cat: /dev/serial0: Resource busy\n",
        "ls /dev": "serial0",
        "service restart serial0": "=0=",
        "echo the line is there again": "the line is there again\n=0=",
    }
    shown, machine = session(asked)
    for (command, expected), text in zip(asked.items(), shown):
        ok(expected in text, command, text)
    test_editor()
    ok(machine.status == SUCCESS, "the session ends well", machine)
    done()


main()
