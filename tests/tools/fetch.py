#!/usr/bin/env python3
"""Tests tools/fetch without a network: what is in the archive folder is checked, unpacked, kept."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
results = []


def result(passed, name, detail=""):
    results.append(passed)
    print(f"{'ok' if passed else 'not ok'} {len(results)} - {name}")
    if not passed:
        print("\n".join("# " + line for line in str(detail).splitlines()))


def fetch(name, folder, lock):
    # A path with no apt on it: whoever asks the network fails.
    tools = pathlib.Path(folder, "tools")
    tools.mkdir(exist_ok=True)
    refusing = tools / "apt-get"
    refusing.write_text("#!/bin/sh\nexit 100\n")
    refusing.chmod(0o755)
    environment = {**os.environ, "LOCK": str(lock), "PATH": f"{tools}:{os.environ['PATH']}"}
    return subprocess.run([ROOT / "tools/fetch", name, pathlib.Path(folder, "sources")], env=environment,
                          capture_output=True, text=True, check=False)


def make_archive(folder, text):
    """An archive as a source package has it: everything inside one top folder."""
    file = pathlib.Path(folder, "file")
    file.write_text(text)
    archive = pathlib.Path(folder, "sources/archive/thing_1.orig.tar.xz")
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(file, "thing-1/inner/file")
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def main():
    with tempfile.TemporaryDirectory() as folder:
        lock = pathlib.Path(folder, "lock")
        unpacked = pathlib.Path(folder, "sources/thing/inner/file")
        digest = make_archive(folder, "one")
        lock.write_text(f"# a comment\nthing 1 suite thing_1.orig.tar.xz {digest}\n"
                        f"other 1 suite other_1.orig.tar.xz {digest}\n")
        ran = fetch("thing", folder, lock)
        result(ran.returncode == 0 and unpacked.read_text() == "one", "a pinned archive is unpacked", ran)
        unpacked.write_text("kept")
        ran = fetch("thing", folder, lock)
        result(ran.returncode == 0 and not ran.stdout and unpacked.read_text() == "kept",
               "what is there is left alone, in silence", ran)

        make_archive(folder, "two")
        lock.write_text(lock.read_text().replace(digest, "0" * 64))
        ran = fetch("thing", folder, lock)
        result(ran.returncode == 1 and "is not the pinned file" in ran.stderr
               and unpacked.read_text() == "kept", "an archive of another hash is refused", ran)

        ran = fetch("unheard", folder, lock)
        result(ran.returncode == 1 and "unheard is not in" in ran.stderr, "an unknown name is said", ran)
        ran = fetch("other", folder, lock)
        result(ran.returncode == 1 and "tools/fetch:" in ran.stderr, "without a mirror it says so", ran)
        ran = subprocess.run([ROOT / "tools/fetch"], capture_output=True, text=True, check=False)
        result(ran.returncode == 1 and "usage:" in ran.stderr, "without arguments: usage", ran)
    print(f"1..{len(results)}")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
