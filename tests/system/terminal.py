#!/usr/bin/env python3
"""The terminal process on a bare machine: what programs write is seen on the screen, what is typed at
the keyboard arrives, in each layout; and the same on a serial line. Screens are read back from
pictures of them.

usage: tests/system/terminal.py [--picture FILE]     makes a picture instead, as PNG"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, Machine, tar, with_init
from monitor import Monitor
from screen import Picture, await_picture
from tap import BUILD, PROGRAMS, done, ok

FILES = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes()
         for name in ("terminal", "driver/ps2", "driver/serial", "example/terminal/show")}
FILES["typed.wasm"] = (BUILD / "tests/system/guest/typed.wasm").read_bytes()
BUNDLE = tar(with_init(FILES))

# The same places on every keyboard, as QEMU names them, and what is on them.
PLACES = ["a", "q", "bracket_left", "e", "shift-2", "2", "alt_r-e", "z", "shift-bracket_left", "o", "semicolon"]
TYPED = {"us": "aq[e@2\x1bez{o;", "fr": "qaê2é€wöm", "de": "aqüe\"2€yÜoö"}


class Desk:
    """A machine with a screen and a keyboard, and a program before the terminal. One that `stays` is kept when
    that has ended, as a picture."""

    def __init__(self, words, stays=False, **options):
        self.monitor = Monitor()
        self.machine = Machine(f"init=init -- {words}", BUNDLE, screen="std", monitor=self.monitor,
                               debug_exit=not stays, options=["-no-shutdown"] if stays else [], **options)

    def see(self, text):
        """The screen, once it has the text."""
        return await_picture(self.machine, lambda shown: text in shown)

    def press(self, *chords):
        for chord in chords:
            names = chord.split("-")
            for name in names:
                self.monitor.key(name, True)
            for name in reversed(names):
                self.monitor.key(name, False)
            time.sleep(0.02)  # the keyboard has room for few keys

    def finish(self, *names):
        """Holds keys down that end it."""
        for name in names:
            self.monitor.key(name, True)
        return self.machine.finish()


def test_layouts():
    for layout, text in TYPED.items():
        desk = Desk(f"terminal:layout={layout} typed line")
        desk.see("ready\n")
        desk.press(*PLACES, "ret")
        shown = text.replace("\x1b", "^[")
        expected = f"ready\n{shown}\nread {text.encode().hex()}0a\n"
        picture = desk.see(expected)
        ok(expected in picture.text, f"{layout}: what is typed is seen, and arrives", f"{picture.text}{desk.machine}")
        desk.finish("ctrl", "d")
        ok(desk.machine.status == SUCCESS, "  and when the program ends, so does the system", desk.machine)


def test_editing():
    desk = Desk("terminal:layout=de typed line", stays=True)
    picture = desk.see("ready\n")
    ok("128 by 48\n" in picture.text, "the size is that of the screen", picture.text)
    desk.press("o", "semicolon", "backspace", "x", "spc", "y", "ctrl-w", "1", "ret")
    picture = desk.see("read 6f7820310a\n")
    ok("\nox 1\nread 6f7820310a\n" in picture.text, "a character of two bytes and a word are erased", picture.text)
    desk.monitor.key("k", True)
    picture = desk.see("kkkk")
    desk.monitor.key("k", False)
    ok("kkkk" in picture.text, "a key that is held down is repeated", picture.text)
    desk.press("ctrl-u", "caps_lock", "a", "caps_lock", "b", "ret")
    picture = desk.see("read 41620a\n")
    ok("read 41620a\n" in picture.text, "a line is erased; Caps Lock", picture.text)
    desk.press("x", "ctrl-c", "ctrl-d")
    picture = desk.see("read\n")
    ok("x^Cread\n" in picture.text, "the interrupt key forgets the line, ^D ends the input", picture.text)
    desk.machine.kill()


def test_modes():
    desk = Desk("typed raw")
    desk.see("ready\n")
    desk.press("up")
    ok("read 1b5b41\n" in desk.see("read 1b5b41").text, "raw: a cursor key, as it comes", desk.machine)
    desk.press("f5", "alt-x", "ctrl-c")
    text = desk.see("03\n").text
    reads = "".join(line[5:] for line in text.splitlines() if line.startswith("read "))
    ok(reads == "1b5b41" "1b5b31357e" "1b78" "03", "raw: function keys, Alt, and ^C that nobody waits for", text)
    desk.machine.kill()
    desk = Desk("typed hidden")
    desk.see("ready\n")
    desk.press("s", "e", "c", "ret")
    text = desk.see("read 7365630a").text
    ok("ready\nread 7365630a\n" in text, "hidden: nothing is seen of it", text)
    desk.machine.kill()
    desk = Desk("typed interrupt")
    desk.see("waiting\n")
    desk.finish("ctrl", "c")
    ok(desk.machine.status == SUCCESS, "who waits for the interrupt key learns of it", desk.machine)


def test_flood():
    for cpus in (1, 2):
        desk = Desk("typed flood", cpus=cpus)
        desk.see("#$%&'")
        time.sleep(1)
        start = time.monotonic()
        desk.finish("ctrl", "c")
        ok(desk.machine.status == SUCCESS, f"who floods the terminal does not keep it from the keyboard, {cpus} CPU",
           f"{time.monotonic() - start} s\n{desk.machine}")


def fill_screen(desk):
    """With lines that a program reads: some at once, where it is slow."""
    desk.press(*["ret"] * 60, "e", "n", "d", "ret")
    desk.see("656e640a\n")


def test_show():
    desk = Desk("terminal/show")
    picture = desk.see("└─────────┴─────────┘")
    ok(picture.line(12) == "Grüße aus Köln · Ça va, Noël ? · ¿Qué tal, señor? · Źdźbło · Příliš žluťoučký kůň",
       "characters of many languages", picture.text)
    line = picture.line(13)
    ok(line.endswith(" · café, \N{REPLACEMENT CHARACTER}"), "marks: of one character with theirs, and drawn over another", line)
    ok(picture.pixel(4 * 8, 2 * 16) == (0xCD, 0, 0) and picture.pixel(15 * 4 * 8, 2 * 16) == (255, 255, 255),
       "the first sixteen colours", picture.pixel(32, 32))
    ok(picture.pixel(35 * 2 * 8, 8 * 16) == (255, 255, 255) and picture.pixel(0, 9 * 16) == (8, 8, 8),
       "256 colours")
    ok(picture.pixel(0, 10 * 16) == (255, 0, 128), "16 million")
    ok(picture.cell(0, 0)[0] == "b" and picture.pixel(5 * 8, 14) == (0xD0,) * 3 and
       picture.cell(16, 0) == ("r", (0, 0, 0), (0xD0,) * 3), "bold, underlined, reversed", picture.text)
    desk.machine.kill()


def test_history():
    desk = Desk("terminal/show 300")
    picture = desk.see("line 300\n")
    lines = picture.text.splitlines()
    ok(lines == [f"line {n}" for n in range(254, 301)], "the last lines are seen", picture.text)
    desk.machine.kill()
    desk = Desk("typed line")
    desk.see("ready\n")
    fill_screen(desk)
    desk.press(*["shift-pgup"] * 6)
    ok("128 by 48\nready\n" in desk.see("ready\n").text, "Shift and Page Up: what has left the screen", desk.machine)
    desk.press("x")
    ok("\nx" in desk.see("\nx").text, "  a key leads back", desk.machine)
    desk.machine.kill()


def test_mouse():
    desk = Desk("typed mouse")
    desk.see("ready\n")
    desk.monitor.move(80, 40)  # pixels: of 8 by 16 a place
    for name in ("left", "wheel-up"):
        desk.monitor.button(name, True)
        desk.monitor.button(name, False)
    expected = ["\x1b[<0;11;3M", "\x1b[<0;11;3m", "\x1b[<64;11;3M"]
    text = desk.see(expected[2].encode().hex()).text
    reads = "".join(line[5:] for line in text.splitlines() if line.startswith("read "))
    ok(bytes.fromhex(reads).decode() == "".join(expected), "a program that asks for the mouse is told of it", text)
    ok(Picture(desk.monitor.picture()).pixel(84, 34) == (0xD0,) * 3, "  and it is seen where that points", text)
    desk.machine.kill()
    desk = Desk("typed line")
    desk.see("ready\n")
    fill_screen(desk)
    for _ in range(6):
        desk.monitor.button("wheel-up", True)
        desk.monitor.button("wheel-up", False)
        time.sleep(0.1)
    text = desk.see("128 by 48\nready\n").text
    ok("128 by 48\nready\n" in text, "elsewhere the wheel leads into the history", text)
    desk.machine.kill()


def test_serial():
    """Without a screen the terminal is on the serial line."""
    machine = Machine("init=init -- typed line", BUNDLE, memory=128)
    machine.expect("ready\n")
    machine.send("a\xe4x\x7f\r")
    machine.expect("read 61c3a40a\n")
    machine.send("\x04")
    machine.finish()
    ok(machine.status == SUCCESS and "there is no picture: it is on the serial line" in machine.text and
       "80 by 24\nready\na\xe4x\b \b\nread 61c3a40a\nread \n" in machine.text, "without a screen: on the serial line",
       machine)
    machine = Machine("init=init -- terminal:no-screen typed line", BUNDLE, screen="std")
    machine.expect("ready\n")
    machine.send("\x04")
    machine.finish()
    ok(machine.status == SUCCESS and "80 by 24\nready\nread \n" in machine.text, "  with one, if that is wished",
       machine)
    machine = Machine("init=init -- typed flood", BUNDLE, memory=128)
    machine.expect("flooding\n.*\n.*\n.*\n")
    machine.send("\x03")
    machine.finish()
    ok(machine.status == SUCCESS, "  where a flood does not keep it from the keyboard either", machine.text[-500:])


def test_restart():
    """The keyboard's driver is ended, and another started."""
    desk = Desk("typed restart")
    desk.see("ready\n")
    time.sleep(1)
    desk.press("a", "b", "ret")
    ok("read 61620a\n" in desk.see("read 61620a\n").text, "the keyboard's driver may be started anew", desk.machine)
    desk.machine.kill()


def make_picture(path):
    desk = Desk("terminal/show")
    picture = desk.see("└─────────┴─────────┘")
    desk.machine.kill()
    pathlib.Path(path).write_bytes(picture.png(len(picture.text.splitlines()) + 1))


def main():
    if sys.argv[1:2] == ["--picture"]:
        return make_picture(sys.argv[2])
    test_layouts()
    test_restart()
    test_editing()
    test_modes()
    test_flood()
    test_show()
    test_history()
    test_mouse()
    test_serial()
    done()


main()
