#!/usr/bin/env python3
"""The WebAssembly suite on the bare machine, on each tier, with all that a CPU may have and
with the least: the same results as hosted, to the letter."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from machine import SUCCESS, boot, tar
from tap import BUILD, SHARED, done, ok, run, skip_all

SUITE = SHARED / "spec"
DEADLINE = 300


def main():
    if not SUITE.is_dir():
        skip_all(f"the WebAssembly suite is not at {SUITE}")
    bundle = tar({f"spec/{path.relative_to(SUITE)}": path.read_bytes() for path in SUITE.rglob("*")
                  if path.suffix in (".json", ".wasm")})
    for tier, cpu in (("", "max"), ("at-load", "max"), ("few-registers", "max"), ("interpreted", "max"),
                      ("", "qemu64"), ("few-registers", "qemu64")):
        option = [f"--{tier}"] if tier else []
        hosted = run(BUILD / "tests/spec/runner", *option, SUITE, timeout=DEADLINE)
        machine = boot(f"init={tier}" if tier else "", bundle, kernel=BUILD / "pc/spec.elf", memory=512,
                       cpu=cpu, deadline=DEADLINE)
        ok(machine.status == SUCCESS and " passed, 0 failed" in hosted.output and machine.after_boot() == hosted.output,
           f"{tier or 'lazily'}, {cpu}: {hosted.output.splitlines()[-1]}, as hosted", machine)
    done()


main()
