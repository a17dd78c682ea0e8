#!/usr/bin/env python3
"""Tests tools/fetch without a network: what is in the archive folder is checked, unpacked, kept."""
import hashlib
import os
import pathlib
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import ROOT, done, ok, run


def fetch(name, folder, lock):
    # A path with no apt on it: whoever asks the network fails.
    tools = pathlib.Path(folder, "tools")
    tools.mkdir(exist_ok=True)
    refusing = tools / "apt-get"
    refusing.write_text("#!/bin/sh\nexit 100\n")
    refusing.chmod(0o755)
    environment = {**os.environ, "LOCK": str(lock), "PATH": f"{tools}:{os.environ['PATH']}"}
    return run(ROOT / "tools/fetch", name, pathlib.Path(folder, "sources"), env=environment)


def make_archive(folder, text):
    """An archive as a source package has it: everything inside one top folder."""
    file = pathlib.Path(folder, "file")
    file.write_text(text)
    archive = pathlib.Path(folder, "sources/archive/thing_1.orig.tar.xz")
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(file, "thing-1/inner/file")
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def test_package(folder):
    """A Debian package is unpacked as it would be installed."""
    tree = pathlib.Path(folder, "tree")
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(
        "Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: a tool\n")
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/tool").write_text("binary")
    package = pathlib.Path(folder, "sources/archive/tool_1_all.deb")
    built = run("dpkg-deb", "--root-owner-group", "--build", tree, package)
    digest = hashlib.sha256(package.read_bytes()).hexdigest() if built.status == 0 else ""
    lock = pathlib.Path(folder, "package-lock")
    lock.write_text(f"tool 1 suite tool_1_all.deb {digest}\n")
    ran = fetch("tool", folder, lock)
    unpacked = pathlib.Path(folder, "sources/tool/usr/bin/tool")
    ok(ran.status == 0 and unpacked.is_file() and unpacked.read_text() == "binary", "a pinned package is unpacked",
       f"{built}\n{ran}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        lock = pathlib.Path(folder, "lock")
        unpacked = pathlib.Path(folder, "sources/thing/inner/file")
        digest = make_archive(folder, "one")
        lock.write_text(f"# a comment\nthing 1 suite thing_1.orig.tar.xz {digest}\n"
                        f"other 1 suite other_1.orig.tar.xz {digest}\n")
        ran = fetch("thing", folder, lock)
        ok(ran.status == 0 and unpacked.read_text() == "one", "a pinned archive is unpacked", ran)
        unpacked.write_text("kept")
        ran = fetch("thing", folder, lock)
        ok(ran.status == 0 and not ran.output and unpacked.read_text() == "kept",
           "what is there is left alone, in silence", ran)

        make_archive(folder, "two")
        lock.write_text(lock.read_text().replace(digest, "0" * 64))
        ran = fetch("thing", folder, lock)
        ok(ran.status == 1 and "is not the pinned file" in ran.errors
           and unpacked.read_text() == "kept", "an archive of another hash is refused", ran)

        ran = fetch("unheard", folder, lock)
        ok(ran.status == 1 and "unheard is not in" in ran.errors, "an unknown name is said", ran)
        ran = fetch("other", folder, lock)
        ok(ran.status == 1 and "tools/fetch:" in ran.errors, "without a mirror it says so", ran)
        test_package(folder)
        ran = run(ROOT / "tools/fetch")
        ok(ran.status == 1 and "usage:" in ran.errors, "without arguments: usage", ran)
    done()


if __name__ == "__main__":
    main()
