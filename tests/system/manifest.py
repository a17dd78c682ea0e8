#!/usr/bin/env python3
"""Bare machines go by the manifest of their boot bundle: the one that is named, one with mistakes, none at all;
services that start with a message, hang, and end in order."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import FAILURE, SUCCESS, Machine, boot, tar, with_init
from tap import BUILD, PROGRAMS, ROOT, done, ok, weft

GUESTS = BUILD / "tests/hosted/guest"
BALL = "ball@" + weft("interface", ROOT / "programs/example/pong/ball.wit").output.split()[-2]
HANG = 1000000002
FILES = {"hello.wasm": (PROGRAMS / "example/hello/hello.wasm").read_bytes(),
         "shell.wasm": (PROGRAMS / "shell.wasm").read_bytes(),
         **{f"{name}.wasm": (GUESTS / f"{name}.wasm").read_bytes() for name in ("handler", "player")}}
SESSION = '[session]\nprogram = "hello"\n'
SERVICE = f'[service.h]\nprogram = "handler"\nhandles = ["{BALL}"]\n'


def bundle(manifest, **more):
    return tar({**with_init(FILES, manifest), **{name + ".toml": text.encode() for name, text in more.items()}})


def test_which():
    machine = boot("", bundle(SESSION))
    ok(machine.status == SUCCESS and "Hello from Weft\n" in machine.text, "the session is the manifest's", machine)
    machine = boot("manifest=other.toml", bundle("[", other=SESSION))
    ok(machine.status == SUCCESS and "Hello from Weft\n" in machine.text and "error" not in machine.text,
       "another file of the bundle, if the command line names it", machine)
    machine = boot("manifest=lost.toml -- hello", bundle(SESSION))
    ok(machine.status == SUCCESS and "lost.toml: there is no such manifest" in machine.text
       and "Hello from Weft\n" in machine.text, "one that is not there", machine)


def test_mistakes():
    machine = Machine("", bundle(SESSION + "[service.x]\nprogam = 1\n"))
    machine.expect("manifest.toml:4:1: service.x has no \"progam\": is \"program\" meant\\?")
    machine.send("echo alive $((6 * 7)); exit 3\n")
    machine.finish()
    ok(machine.status == FAILURE and "alive 42\n" in machine.text,
       "a mistake is told with its place, and there is a shell to mend it", machine)
    machine = boot("-- hello", bundle('[service.x]\nprogram = "nowhere"\n' + SESSION))
    ok(machine.status == SUCCESS and "x: its program is not in the boot bundle" in machine.text
       and "Hello from Weft\n" in machine.text, "a program that is not there is told, and the rest starts", machine)
    machine = boot("", tar({**with_init(FILES, SESSION), "manifest.wasm": FILES["hello.wasm"]}), text="exit\n")
    ok("manifest: the program that reads it gives no answer" in machine.text, "a reader that does not read", machine)


def test_services():
    for cpus in (1, 2):
        machine = boot("-- player 500 16", bundle(SERVICE + 'start = "message"\n' + SESSION), cpus=cpus)
        ok(machine.status == SUCCESS and "answered 500\n" in machine.text,
           f"a service starts with the first message, {cpus} CPU", machine)
        machine = boot(f"-- player one {HANG}", bundle(SERVICE + 'heartbeat = "500 ms"\n' + SESSION), cpus=cpus)
        ok(machine.status == SUCCESS and "gone 1\n" in machine.text and "h: it does not come back to wait" in machine.text,
           f"one that hangs is ended, {cpus} CPU", machine)
    finish = SERVICE + 'arguments = ["finish"]\nuses = ["power"]\n'
    user = f'[service.user]\nprogram = "handler"\narguments = ["finish"]\nuses = ["power", "{BALL}"]\n'
    machine = boot("-- player 9 2", bundle(user + finish + SESSION))
    told = re.findall(r"(\w+): handled (\d+)", machine.text)
    ok(machine.status == SUCCESS and told == [("user", "0"), ("h", "9")],
       "at the end who uses is told before who is used, and each finishes", machine)


test_which()
test_mistakes()
test_services()
done()
