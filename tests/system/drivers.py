#!/usr/bin/env python3
"""Drivers are programs, each with its device and no other: keys, mice, serial lines, the battery
clock and random numbers, as programs of a session find them; and what becomes of drivers that end or reach too far."""
import calendar
import pathlib
import random
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import DEADLINE, FAILURE, SUCCESS, Machine, boot, tar, with_init
from monitor import Monitor
from tap import BUILD, PROGRAMS, done, ok

GUESTS = BUILD / "tests/system/guest"
ECHO_BYTES = 1 << 16


def system(**others):
    """A boot bundle with init, the drivers and what else is named."""
    names = ("driver/ps2", "driver/rtc")
    files = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes() for name in names}
    files.update({name.replace("__", "/") + ".wasm": path.read_bytes() for name, path in others.items()})
    return tar(with_init(files))


def desk(**options):
    machine = Machine("-- desk", system(desk=GUESTS / "desk.wasm"), monitor=Monitor(), **options)
    machine.expect(r"ready\n")
    return machine


def press(machine, *names):
    """One key after the other, each once the one before has come up: a keyboard keeps 16 bytes."""
    for name in names:
        before = machine.text.count(" up\n")
        machine.monitor.type(name)
        end = time.monotonic() + DEADLINE
        while machine.text.count(" up\n") == before and machine.read(end):
            continue


def leave(machine):
    machine.monitor.type("esc")
    return machine.finish()


def test_keys():
    for cpus in (1, 2):
        machine = desk(cpus=cpus)
        press(machine, "a", "up", "pause", "print", "ctrl_r", "f12")
        machine.monitor.key("shift", True)
        press(machine, "1")
        machine.monitor.key("shift", False)
        machine.expect("key 225 up\n")
        leave(machine)
        expected = "".join(f"key {key} down\nkey {key} up\n" for key in (4, 82, 72, 70, 228, 69))
        expected += "key 225 down\nkey 30 down\nkey 30 up\nkey 225 up\n"
        ok(machine.status == SUCCESS and expected in machine.text, f"keys, {cpus} CPU", machine)


def test_many_keys():
    """As fast as they are taken, and none is lost or out of order."""
    machine = desk()
    keys = {"q": 20, "w": 26, "e": 8, "r": 21, "t": 23, "left": 80, "insert": 73}
    typed = random.Random(1).choices(list(keys), k=200)
    press(machine, *typed)
    leave(machine)
    seen = [int(usage) for usage in re.findall(r"key (\d+) down", machine.text)]
    ok(machine.status == SUCCESS and seen == [keys[name] for name in typed] + [41], "two hundred keys", machine)


def motion(machine):
    """All motions so far together: x, y, wheel."""
    motions = [map(int, found) for found in re.findall(r"motion (-?\d+) (-?\d+) (-?\d+)\n", machine.text)]
    return tuple(map(sum, zip(*motions, (0, 0, 0))))


def test_mouse():
    machine = desk()
    machine.monitor.move(5, 7)
    machine.expect("motion 5 7 0\n")
    machine.monitor.move(-300, 0)  # in one motion, or some
    end = time.monotonic() + DEADLINE
    while motion(machine) != (-295, 7, 0) and machine.read(end):
        continue
    machine.monitor.button("wheel-up", True)
    machine.monitor.button("wheel-up", False)
    machine.expect("motion 0 0 1\n")
    for name, index in (("left", 0), ("side", 3)):
        machine.monitor.button(name, True)
        machine.expect(f"button {index} down\n")
        machine.monitor.button(name, False)
        machine.expect(f"button {index} up\n")
    leave(machine)
    ok(machine.status == SUCCESS and motion(machine) == (-295, 7, 1), "motion and wheel of a mouse", machine)
    ok("button 0 down\nbutton 0 up\n" in machine.text and "button 3 down\nbutton 3 up\n" in machine.text,
       "five buttons", machine)


def test_restart():
    machine = desk()
    press(machine, "a")
    for times in (1, 2, 3):
        press(machine, "f5")
        machine.expect(rf"(?s)(it was killed.*a keyboard and a mouse.*lost\n.*){{{times}}}")
    press(machine, "b", "f6")
    leave(machine)
    ok(machine.status == SUCCESS and "key 5 down\nkey 5 up\n" in machine.text,
       "a driver that was killed is started again, and who waits for keys gets them", machine)
    ok("ps2 running, starts 4\n" in machine.text and "rtc running, starts 1\n" in machine.text,
       "init tells how its services fare", machine)


def test_clock():
    for base in ("2031-05-06T07:08:09", "1999-12-31T23:59:58"):
        seconds = calendar.timegm(time.strptime(base, "%Y-%m-%dT%H:%M:%S"))
        machine = boot("-- rtc/rtc", system(example__rtc__rtc=PROGRAMS / "example/rtc/rtc.wasm"),
                       options=["-rtc", f"base={base}"])
        shown = re.search(r"^(\d+)\n", machine.after_boot(), re.MULTILINE)
        ok(machine.status == SUCCESS and shown and 0 <= int(shown[1]) - seconds < 60, f"the date is {base}", machine)
    machine = boot("-- rtc/rtc 4102444799", system(example__rtc__rtc=PROGRAMS / "example/rtc/rtc.wasm"))
    shown = re.search(r"^(\d+)\n", machine.after_boot(), re.MULTILINE)
    ok(machine.status == SUCCESS and shown and 0 < int(shown[1]) - 4102444799 < 60,
       "the date is set, and its next second is told", machine)


def test_serial():
    """Bytes of all values, as fast as the line takes them, come back as they went."""
    machine = Machine("log=none -- desk", system(desk=GUESTS / "desk.wasm", terminal=GUESTS / "echo.wasm",
                                                 driver__serial=PROGRAMS / "driver/serial.wasm"))
    machine.expect(r"ready\n")
    sent = random.Random(2).randbytes(ECHO_BYTES)
    writer = threading.Thread(target=machine.send_bytes, args=(sent,))
    writer.start()
    machine.expect(r"done\n$")
    writer.join()
    machine.kill()
    ok(sent + b"done\n" in machine.data, "a serial line gives back 64 KiB as they were",
       f"{len(machine.data)} bytes\n{machine.data[:200]}")


def test_last_words():
    """What a program writes last goes through terminal and driver before the machine ends."""
    names = [f"{number}" * 30 for number in range(30)]
    files = {"terminal": PROGRAMS / "terminal.wasm", "driver__serial": PROGRAMS / "driver/serial.wasm",
             "hello": PROGRAMS / "example/wasi/hello_c.wasm"}
    for cpus in (1, 2):
        machine = boot(f"log=none -- hello {' '.join(names)}", system(**files), cpus=cpus)
        expected = "".join(f"Hello, {name}, from C\n" for name in names)
        ok(machine.status == SUCCESS and expected in machine.text, f"last words are heard, {cpus} CPU", machine)


def test_random():
    """On machines on which nothing else is random: time is the instructions executed."""
    files = {"driver__virtio_rng": PROGRAMS / "driver/virtio_rng.wasm",
             "entropy": BUILD / "tests/hosted/guest/entropy.wasm"}
    poor = {"cpu": "max,-rdrand,-rdseed", "fixed": True}
    for device in ("virtio-rng-pci", "virtio-rng-pci-non-transitional", "virtio-rng-pci,vectors=0"):
        machine = boot("-- entropy", system(**files), devices=[device], **poor)
        ok(machine.status == SUCCESS and machine.text.count("feeds random numbers\n") == 1
           and "\nrandom\n" in machine.text, f"random numbers from {device}", machine)
    machine = Machine("-- entropy", system(**files), **poor)
    ok(machine.expect("somebody waits for them") and not machine.expect("\nrandom", 2), "and none without it", machine)
    machine.kill()


def test_thieves():
    thief = GUESTS / "thief.wasm"
    files = {"driver__ps2": thief, "desk": GUESTS / "desk.wasm"}
    machine = Machine("-- desk", system(**files))
    machine.expect(r"thief: done")
    machine.kill()
    found = dict(re.findall(r"(rtc|serial0|pci:00:00\.0|ps2): (claimed|busy|denied|not found)", machine.text))
    ok(found == {"rtc": "not found", "serial0": "not found", "pci:00:00.0": "not found", "ps2": "claimed"},
       "a driver finds its own device and no other", machine)
    ok("thief: devices: 1\n" in machine.text and "choice: not found\n" in machine.text,
       "nor is it shown one, or can choose one", machine)
    machine = boot("-- thief", system(thief=thief))
    found = re.findall(r"(?:rtc|serial0|pci:00:00\.0|ps2): (claimed|busy|denied|not found)", machine.text)
    ok(machine.status == SUCCESS and found == ["denied"] * 4, "a session has no right to devices", machine)


def test_end():
    """A driver that always ends is left alone in the end, and nobody waits for it."""
    machine = boot("-- desk", system(driver__ps2=PROGRAMS / "example/hello/hello.wasm", desk=GUESTS / "desk.wasm"),
                   deadline=120)
    ok(machine.status == FAILURE and "no input\n" in machine.text
       and "ps2: it ended too often and is not started again" in machine.text,
       "a driver that always ends is left alone, and so are those who wait for it", machine)
    machine = boot("-- hello/hello", system(example__hello__hello=PROGRAMS / "example/hello/hello.wasm"),
                   kind="q35,i8042=off")
    ok(machine.status == SUCCESS and "Hello from Weft\n" in machine.text, "a machine without a keyboard", machine)


def main():
    test_keys()
    test_many_keys()
    test_mouse()
    test_restart()
    test_clock()
    test_serial()
    test_last_words()
    test_random()
    test_thieves()
    test_end()
    done()


main()
