#!/usr/bin/env python3
"""Tests tools/install beside a package manager that only pretends."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import ROOT, done, ok, run


def main():
    with tempfile.TemporaryDirectory() as folder:
        def command(name, script):
            path = pathlib.Path(folder, name)
            path.write_text("#!/bin/sh\n" + script + "\n")
            path.chmod(0o755)

        def install():
            return run(ROOT / "tools/install", env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})

        record = pathlib.Path(folder, "record")
        command("apt-get", f'echo "$@" >>{record}')
        command("sudo", f'echo sudo >>{record}; exec "$@"')
        command("id", "echo 0")
        command("dpkg-query", 'echo installed')
        ran = install()
        ok(ran.status == 0 and not ran.output and not ran.errors and not record.exists(),
           "with all packages there it does and says nothing", ran)

        command("dpkg-query", 'for last; do :; done; [ "$last" != tcl ] && echo installed')
        ran = install()
        ok(ran.status == 0 and ran.output == "Installing Debian packages: tcl\n"
           and record.read_text() == "update\ninstall --yes --no-install-recommends tcl\n",
           "what is missing is named and installed", f"{ran}\n{record.read_text()}")

        record.unlink()
        command("id", "echo 1000")
        ran = install()
        ok(ran.status == 0 and record.read_text().startswith("sudo\nupdate\nsudo\ninstall"),
           "with sudo when not root", ran)

        command("apt-get", "echo no such mirror; exit 100")
        ran = install()
        ok(ran.status == 1 and "no such mirror" in ran.errors and "Installing failed" in ran.errors,
           "a failure is told in apt's own words", ran)
    done()


if __name__ == "__main__":
    main()
