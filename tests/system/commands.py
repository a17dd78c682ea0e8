#!/usr/bin/env python3
"""The commands of a person at a bare machine: each is in the bundle, and those that look at the system, keep
programs and run them behind work as they do hosted."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine
from tap import BUILD, done, ok

COMMANDS = """ls cat cp mv rm mkdir rmdir touch stat ln df du find grep head tail wc sort uniq cut tr tee sed hexdump
sha256sum tar gzip diff less vi hexedit ps top kill nice uptime date sleep watch env uname free dmesg lspci cpuinfo reboot
shutdown mount umount log silo interface permission what program service message suspend renice
chmod hostname stty bc file""".split()

ASKED = {
    "uname": "Weft", "date": r"\d\d:\d\d:\d\d", "uptime": "up 0 days", "free": r"\d", "cpuinfo": r"CPU +QEMU.*\non.* NX",
    "lspci": r"\n00:0[0-9a-f]\.\d Host bridge", "dmesg": r"\d", "du -s /tmp": r"\d+\s+/tmp", "nice echo kind": "kind\n",
    "env | grep PATH": "/tmp/store/bin", "top -b -n 1 -d 0.1": "PROCESS", "log -n 1": "", "interface": "clock",
    "silo start seq 1 3": r"\n\d+\n", "silo": " seq\n", "program add /programs/rev again": "gone when the session ends",
    "echo abc | again": "cba\n", "program": "again +bafkrei", "what again": "again, bafkrei", "message": "what to do: trace",
    "hostname": "weft\n", "stty size": r"\d+ \d+\n", "chmod 700 /tmp": "no rights of their own", "echo 2^64 | bc": "18446744073709551616",
    "file /boot/init.wasm": "WebAssembly module", "tail -n 1 /sys/silos": r"\d+\t",
    "permission": "nobody decides|PROGRAM", "less /boot/manifest.toml | head -n 1": r"#|\[",
    "man silo | head -n 2": "silo - silos are groups", "man umask": "umask - tells that", "help man": "usage: man",
}


def ask(machine, command):
    """What the command shows, with its status. Who is asked about it lets it."""
    before = at = len(machine.text)
    machine.send(command + "; echo =$?=\r")
    while machine.expect(r"(?s).{%d}.*(?:=\d+=\n|Let it\? [^\n]*: )" % at):
        question = re.search(r"Let it\? [^\n]*: ", machine.text[at:])
        if question is None:
            break
        at += question.end()
        machine.send("always\r")
    return re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", machine.text[before:])


def test_less(machine):
    before = len(machine.text)
    machine.send("seq 1 1000 | less\r")
    ok(machine.expect(r"(?s).{%d}.*\x1b\[\?1049h.*\n23" % before), "less: a page", machine.text[before:])
    machine.send("G")
    ok(machine.expect(r"(?s).{%d}.*\n1000\n.*END" % before), "less: its end", machine.text[before:])
    machine.send("q")
    ok(machine.expect(r"(?s).{%d}.*\x1b\[\?1049l" % before), "less: ended", machine.text[before:])


def main():
    machine = Machine("init=init -- shell", (BUILD / "boot.tar").read_bytes(), memory=256)
    machine.expect(r"\$ ")
    text = ask(machine, f"for i in {' '.join(COMMANDS)}; do type $i >/dev/null || echo missing: $i; done")
    ok("\nmissing" not in text and "=0=" in text, f"{len(COMMANDS)} commands are there", text)
    for command, shown in ASKED.items():
        text = ask(machine, command)
        ok(re.search(shown, text[len(command):]), command, text)
        if command.startswith("silo start"):
            number = re.search(r"\n(\d+)\n", text)
            text = ask(machine, f"sleep 1; silo log {number[1] if number else 0}")
            ok("1\n2\n3\n" in text and "ended with the status 0" in text, "silo log", text)
    test_less(machine)
    machine.send("exit 0\r")
    machine.finish()
    ok(machine.status == SUCCESS, "the session ends well", machine)
    done()


main()
