#!/usr/bin/env python3
"""The host's directories through `files`: a program tries every function, and prints TAP."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, weft

with tempfile.TemporaryDirectory() as scratch:
    root = pathlib.Path(scratch)
    data, other = root / "data", root / "other"
    data.mkdir()
    other.mkdir()
    (root / "secret").write_text("secret")
    (data / "hello").write_text("hello, world")
    (data / "folder").mkdir()
    (data / "folder/inner").write_text("inner")
    (data / "inside").symlink_to("hello")
    (data / "outside").symlink_to("../secret")
    (data / "absolute").symlink_to("/etc/passwd")
    (data / "dangling").symlink_to("nothing")
    os.mkfifo(data / "pipe")
    (data / os.fsdecode(b"not-utf8-\xff")).write_text("")
    before = sorted(os.listdir(data))
    ran = weft("run", "--dir", f"{data}:/data", "--dir", f"{data}:/fixed:ro", "--dir", f"{other}:/other",
               BUILD / "tests/hosted/guest/files.wasm")
    print(ran.output, end="")
    if ran.errors or sorted(os.listdir(data)) != before or os.listdir(other):
        print(f"# {ran.errors}\n# left behind: {sorted(os.listdir(data))} {os.listdir(other)}")
        ran.status = ran.status or 1
sys.exit(1 if ran.status or "\nnot ok" in ran.output else 0)
