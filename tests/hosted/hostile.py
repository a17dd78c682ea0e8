#!/usr/bin/env python3
"""The native handlers under sanitizers: hostile messages from several seeds, and what honest programs do."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, done, ok, run

SANITIZED = BUILD / "weft-sanitized"
GUESTS = BUILD / "tests/hosted/guest"
REACHING = ("--allow", "tcp", "--allow", "udp", "--allow", "names", "--allow", "terminal")


def sanitized(folder, *arguments, text=""):
    """The reports go to a file: the program may end standard error."""
    report = folder / "report"
    environment = dict(os.environ, ASAN_OPTIONS=f"log_path={report}", UBSAN_OPTIONS=f"log_path={report}")
    ran = run(SANITIZED, "run", *arguments, text=text, env=environment)
    ran.errors += "".join(path.read_text() for path in folder.glob("report.*"))
    return ran


def main():
    for seed in range(6):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            data = folder / "data"
            (data / "folder").mkdir(parents=True)
            (data / "hello").write_text("hello, world")
            (folder / "x").write_text("outside")
            ran = sanitized(folder, *REACHING, "--dir", f"{data}:/data", GUESTS / "hostile.wasm", str(seed),
                            text="typed\n" * 100)
            ok(ran.status == 0 and "\nok 1" in ran.output and not ran.errors, f"hostile messages, seed {seed}", ran)
            ok((folder / "x").read_text() == "outside" and sorted(p.name for p in folder.iterdir()) == ["data", "x"],
               "they changed nothing outside of what was granted", sorted(folder.iterdir()))
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        ran = sanitized(folder, *REACHING, GUESTS / "network.wasm")
        ok(ran.status == 0 and "not ok" not in ran.output and not ran.errors, "network", ran)
        ran = sanitized(folder, PROGRAMS / "example/wasi/hello_cpp.wasm", text="a b\n" * 50000)
        ok(ran.status == 0 and "100000 words" in ran.output and not ran.errors, "streams", ran)
        (folder / "data").mkdir()
        ran = sanitized(folder, "--dir", f"{folder / 'data'}:/data", PROGRAMS / "example/wasi/files.wasm", "/data")
        ok(ran.status == 0 and "all is as it was" in ran.output and not ran.errors, "files", ran)
    done()


main()
