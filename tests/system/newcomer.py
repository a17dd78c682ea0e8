#!/usr/bin/env python3
"""What somebody finds who boots build/weft.iso, or says `make boot`: the shell, under init, with its tools, on the
screen where there is one and on the serial line else; in 64 MiB, by UEFI in 80, a quarter of which GRUB has for the bundle."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import DEADLINE, Machine
from monitor import Monitor
from screen import await_picture
from tap import BUILD, ROOT, done, ok

PROMPT = r"\$ "
CONTROLS = r"(?:\x1b\[[0-9;?]*[A-Za-z])*"  # what the line editor does at the end of a line


def boot_disk(way, memory, **options):
    """The disk as it is: its kernel knows nothing of a debug exit, so a machine that is switched off ends QEMU with 0."""
    return Machine("", None, way=way, memory=memory, disk=BUILD / "weft.iso", **options)


def has_prompt(machine, number):
    """Waits until the shell reads its command of this number."""
    machine.expect("(?s)" + r"\x1b\[\?2004h.*?" * number)


def runs(machine, line, number):
    """Until the shell has taken the command of this number, and it runs."""
    has_prompt(machine, number)
    machine.send(line + "\n")
    machine.expect("(?s)" + r"\x1b\[\?2004l.*?" * number)


def gives_back(machine, word):
    """Whether lines that are typed come back from `cat`. The first may be typed while the shell has the terminal yet, and
    is not echoed then."""
    machine.send(f"{word}\n")
    machine.expect(f"{word}\n")
    machine.send(f"{word} again\n")
    return machine.expect(rf"(?s){word}\n.*{word} again\n.*{word} again\n")


def runs_one_after_the_other(machine):
    """What is loaded of programs that have ended is in nobody's way."""
    tools = "ls cat head tail uniq cut tr wc sed find tar od vi less bc ps top silo message watch"
    machine.send(f"for tool in {tools}; do $tool --help >/dev/null || echo no $tool; done; echo a\\ll; false\n")
    ok(machine.expect("all\n") and machine.text.count("\x1b[?2004lall\n") == 1, "  and many more, one after the other", machine)


def test_serial():
    machine = boot_disk("bios", 64)
    machine.expect(PROMPT)
    for line, shown in (("echo $((6 * 7))", "42"), ("seq 7 9", "7\n8\n9"), ("hello/hello", "Hello from Weft"),
                        ("expr 1 - 1", "0")):
        machine.send(line + "\n")
        ok(machine.expect(f"\n{CONTROLS}{shown}\n"), f"BIOS, 64 MiB, the serial line: {line}", machine)
    runs(machine, "cat", 5)
    gives_back(machine, "before")
    machine.send("\x1a")
    ok(machine.expect(r"\[1\]\+  Stopped   cat\n"), "  ^Z stops what is in front", machine)
    runs(machine, "echo $?", 6)
    ok(machine.expect("\x1b\\[\\?2004l148\n"), "  and the shell is there", machine)
    runs(machine, "fg", 7)
    machine.expect("\x1b\\[\\?2004lcat\n")
    ok(gives_back(machine, "behind"), "  until fg", machine)
    machine.send("\x03")
    has_prompt(machine, 8)
    runs_one_after_the_other(machine)
    machine.send("exit\n")
    machine.finish()
    ok(machine.status == 0, "  and exit switches the machine off", machine)
    ok(machine.text.count("exited with status") == 1, "  a command's status is told to nobody but the shell", machine)


def see(machine, pattern):
    """The screen's text, once it has that; there, no line ends with a blank."""
    return await_picture(machine, lambda shown: re.search(pattern, shown)).text


def type_keys(monitor, *keys):
    for key in keys:
        monitor.type(key)
        time.sleep(0.02)  # the keyboard has room for few keys


def press(monitor, *keys):
    """All at once."""
    for key in keys:
        monitor.key(key, True)
    for key in reversed(keys):
        monitor.key(key, False)


def test_whole_screen(machine, monitor):
    """With an editor, that is stopped and brought back."""
    type_keys(monitor, "v", "i", "spc", "n", "e", "w", "ret")
    see(machine, r"^\n~\n~\n")
    type_keys(monitor, "i", "d", "r", "a", "w", "n")
    see(machine, r"^drawn\n~\n~\n")
    press(monitor, "ctrl", "z")
    text = see(machine, r"\nc\nc\n\$ vi new\n(\^Z)?\n?\[1\]\+  Stopped   vi new\n\$")
    ok(text.rstrip().endswith("$") and "drawn" not in text, "  a stopped editor gives the screen back", f"{text}\n{machine}")
    type_keys(monitor, "f", "g", "ret")
    text = see(machine, r"^drawn\n~\n~\n")
    ok(re.match(r"drawn\n~\n~\n", text), "  in front again, it is drawn", f"{text}\n{machine}")
    type_keys(monitor, "esc")
    see(machine, r"^drawn\n~\n(?s:(?!.*INSERT))")
    monitor.write(":q!\n")
    text = see(machine, r"\nc\nc\n\$ vi new\n(.*\n)*\$ fg\nvi new\n\$")
    ok("Stopped   vi new\n$ fg\nvi new\n$" in text and "drawn" not in text, "  and leaves the screen as it was before",
       f"{text}\n{machine}")


def test_screen(way, memory):
    monitor = Monitor()
    machine = boot_disk(way, memory, screen="std", monitor=monitor)
    text = see(machine, r"(^|\n)\$\n")
    type_keys(monitor, "s", "e", "q", "spc", "7", "spc", "9", "ret")
    text = see(machine, r"\n7\n8\n9\n\$")
    ok(re.search(r"\$ seq 7 9\n7\n8\n9\n\$", text), f"{way}, {memory} MiB, keys and the screen", f"{text}\n{machine}")
    type_keys(monitor, "c", "a", "t", "ret", "b", "ret")
    see(machine, r"\nb\nb\n")
    press(monitor, "ctrl", "z")
    text = see(machine, r"Stopped   cat\n\$")
    ok(re.search(r"\^Z\n\[1\]\+  Stopped   cat\n\$", text), "  ^Z stops what is in front", f"{text}\n{machine}")
    type_keys(monitor, "f", "g", "ret", "c", "ret")
    text = see(machine, r"\nc\nc\n")
    ok(re.search(r"\$ fg\ncat\nc\nc\n", text), "  until fg", f"{text}\n{machine}")
    press(monitor, "ctrl", "d")
    see(machine, r"\nc\nc\n\$")
    test_whole_screen(machine, monitor)
    type_keys(monitor, "e", "x", "i", "t", "ret")
    machine.finish()
    ok(machine.status == 0, "  and exit switches the machine off", machine)


def boot_until(text, count, *words):
    """`tools/boot`, which `make boot` and `./run --metal` are, and what it says until the text has come so often."""
    boot = subprocess.Popen([ROOT / "tools/boot", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            start_new_session=True, env={**os.environ, "BUILD": str(BUILD)})
    seen, end = b"", time.monotonic() + DEADLINE
    os.set_blocking(boot.stdout.fileno(), False)
    while seen.count(text) < count and boot.poll() is None and time.monotonic() < end:
        seen += boot.stdout.read() or b""
        time.sleep(0.05)
    return boot, seen


def test_boot_again():
    boot, seen = boot_until(b"MHz", 2, "init=system/reboot")
    ok(seen.count(b"MHz") >= 2, "tools/boot: reboot starts the machine again", seen)
    os.killpg(boot.pid, signal.SIGKILL)
    boot.communicate()


def test_make_boot():
    for status in (0, 3):
        boot, seen = boot_until(b"$ ", 1, "--", "shell")
        try:
            boot.communicate(f"exit {status}\n".encode(), DEADLINE)
        except subprocess.TimeoutExpired:
            os.killpg(boot.pid, signal.SIGKILL)
        ok(boot.returncode == (status != 0), f"tools/boot: a shell that ends with {status}", f"{boot.returncode}: {seen}")


def main():
    test_serial()
    test_screen("bios", 64)
    test_screen("uefi", 80)
    test_make_boot()
    test_boot_again()
    done()


main()
