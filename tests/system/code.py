#!/usr/bin/env python3
"""Machine code that was made ahead, in the boot bundle: what a session begins with has some, and the kernel takes
none but what was built with it, of the same program, for a CPU that can run it. Else programs are compiled."""
import pathlib
import re
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, boot, tar, with_code
from tap import BUILD, PROGRAMS, done, ok

HELLO = (PROGRAMS / "example/hello/hello.wasm").read_bytes()
RTC = (PROGRAMS / "driver/rtc.wasm").read_bytes()
FILES = with_code({"hello.wasm": HELLO})
NAME = next(name for name in FILES if name.startswith("code/"))
COMPILED = r"(\d+) functions had been compiled"
ASIDE = f"{NAME} in the boot bundle is not of this kernel's build; it is left aside"


def hello(bundle, words="", **options):
    """The machine, and how many functions of the program had code."""
    machine = boot(f"init=hello log=debug {words}", bundle, **options)
    told = re.search(COMPILED, machine.text)
    ran = machine.status == SUCCESS and machine.text.endswith("\nHello from Weft\n")
    return machine, int(told[1]) if told and ran else -1 if not ran else 0


def test_taken():
    machine, count = hello(tar(FILES))
    ok(count > 10 and ASIDE not in machine.text, "a program whose machine code is in the bundle is not compiled", machine)
    machine, count = hello(tar({"hello.wasm": HELLO}))
    ok(count == 0, "one without is", machine)
    machine, count = hello(tar(FILES), cpu="qemu64")
    ok(count == 0 and ASIDE not in machine.text, "so is one whose code is for newer CPUs", machine)
    machine, count = hello(tar(FILES), words="engine=interpreter")
    ok(count == 0 and ASIDE not in machine.text, "an interpreter asks for none", machine)


def test_wrong():
    code = FILES[NAME]
    other = next(data for name, data in with_code({"rtc.wasm": RTC}).items() if name.startswith("code/"))
    wrong = {f"with a wrong bit at {at}": code[:at] + bytes([code[at] ^ 1 << at % 8]) + code[at + 1:]
             for at in (0, 20, 60, len(code) // 2, len(code) - 1)}
    wrong |= {"that ends early": code[:-1], "that goes on": code + b"\0", "that is empty": b"",
              "that is another program's": other}
    for what, data in wrong.items():
        machine, count = hello(tar({**FILES, NAME: data}))
        ok(count == 0 and machine.text.count(ASIDE) == 1, f"code {what} is told and left aside, and the program runs",
           machine)


def test_bundle():
    """Of a whole session: init, what it starts, the shell."""
    bundle = BUILD / "boot.tar"
    with tarfile.open(bundle) as files:
        made = [name for name in files.getnames() if name.startswith("code/")]
    machine = boot("init=init log=debug -- shell -c exit", bundle.read_bytes())
    taken = re.findall(r"program (\w+): " + COMPILED, machine.text)
    ok(len(taken) >= 5 and all((f"code/{cid}" in made) == (int(count) != 0) for cid, count in taken),
       "a session's programs have their code in the bundle", machine)
    ok(sum(count != "0" for _, count in taken) >= 5 and machine.status == SUCCESS, "  and run by it", machine)


def main():
    test_taken()
    test_wrong()
    test_bundle()
    done()


main()
