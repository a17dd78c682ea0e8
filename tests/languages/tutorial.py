#!/usr/bin/env python3
"""docs/programs.md: its files are written and its commands run, word for word, in its order."""
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, ROOT, done, ok, run

BLOCK = re.compile(r"(?:In\s+`([\w.-]+)`:\n\n)?^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHERE = "\nstatus=$?; pwd >\"$PLACE\"; exit $status\n"


def commands_of(block):
    """(command, what it says) of a session."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, said = part.partition("\n")
        yield command, said


def matches(said, output):
    return re.fullmatch(".*".join(map(re.escape, said.split("..."))), output)


def main():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment.update(WEFT=str(ROOT), BUILD=str(BUILD.relative_to(ROOT)))
    ran_count = files = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "own")
        folder.mkdir()
        environment["PLACE"] = str(pathlib.Path(scratch, "place"))
        for name, block in BLOCK.findall((ROOT / "docs/programs.md").read_text()):
            if name:
                (folder / name).write_text(block)
                files += 1
                continue
            for command, said in commands_of(block):
                ran = run("/bin/sh", "-c", command + WHERE, cwd=folder, env=environment, timeout=600)
                ok(ran.status == 0 and matches(said, ran.output), command, f"expected:\n{said}\n{ran}")
                folder = pathlib.Path(pathlib.Path(environment["PLACE"]).read_text().rstrip("\n"))
                ran_count += 1
    ok(ran_count == 16 and files == 5, "nothing of the page was passed over", f"{ran_count} commands, {files} files")
    done()


if __name__ == "__main__":
    main()
