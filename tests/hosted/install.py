#!/usr/bin/env python3
"""`make install` puts one executable, which needs nothing beside it, and its man page in place."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok, run


def main():
    with tempfile.TemporaryDirectory() as folder:
        # The make that runs the tests would otherwise pass its own options on.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        ran = run("make", "--silent", "install", f"BUILD={os.environ.get('BUILD', 'build')}",
                  f"PREFIX={folder}/there", cwd=ROOT, env=environment, timeout=300)
        installed = pathlib.Path(folder, "there/bin/weft")
        ok(ran.status == 0 and installed.exists(), "make install PREFIX=", ran)
        page = pathlib.Path(folder, "there/share/man/man1/weft.1")
        ok(page.exists(), "the man page is there", ran)
        ran = run("man", "--warnings", "--local-file", page)
        ok(ran.status == 0 and "weft" in ran.output.lower() and not ran.errors, "and man shows it", ran)
        ran = run(installed, "run", PROGRAMS / "example/wasi/hello_c.wasm", cwd=folder, env={})
        ok(ran.output == "Hello, world, from C\n", "the installed kernel runs a program by itself", ran)
        ran = run("ldd", WEFT)
        foreign = [line for line in ran.output.splitlines()
                   if not any(name in line for name in ("linux-vdso", "libc.so", "ld-linux", "libm.so"))]
        ok(not foreign, "it needs the C library only", ran)
        ok(str(ROOT).encode() not in installed.read_bytes(), "no path of this machine is in it", BUILD)
    done()


if __name__ == "__main__":
    main()
