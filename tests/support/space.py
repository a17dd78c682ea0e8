"""Shells in a name space: systems of three services, in which nobody is asked about anything."""
import pathlib
import tempfile

from tap import PROGRAMS, weft

BIN = PROGRAMS / "bin"
MANIFEST = """[service.root]
program = "fs/root"
silo = "session"
directories = ["*"]
handles = ["files", "mounts"]
[service.pipe]
program = "pipe"
handles = ["pipe"]
limits = { memory = "64 MiB", slots = 65536, messages = 65536 }
[session]
program = "shell"
"""


def space(*program, withheld=(), options=(), **more):
    """Runs a program of the bundle in such a system."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "space.toml"
        path.write_text(MANIFEST + f"withheld = {sorted(withheld)}\n".replace("'", '"'))
        return weft("system", "--dir", f"{BIN}:/bin:ro", "--env", "PATH=/bin:/programs", *options, path, *program, **more)
