#!/usr/bin/env python3
"""program: programs kept by the hash of their bytes, and their names."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from person import session
from tap import PROGRAMS, done, ok, run, weft


def says(folder, command, environment=()):
    return run(*session(folder, ("shell", "-c", command), environment=environment))


def test_kept(folder):
    program = PROGRAMS / "bin/rev.wasm"
    cid = weft("cid", program).output.strip()
    (folder / "data").mkdir()
    (folder / "data/mine.wasm").write_bytes(program.read_bytes())
    (folder / "data/other.wasm").write_bytes((PROGRAMS / "bin/tac.wasm").read_bytes())
    ran = says(folder, "program; program add mine.wasm")
    ok(ran.status == 0 and ran.output.splitlines()[1:] == [cid] and not ran.errors, "add prints the CID", ran)
    ok((folder / f"store/{cid}.wasm").read_bytes() == program.read_bytes(), "the program is in the folder", ran)
    ran = says(folder, f"program name {cid[:8]} backwards; echo abc | backwards; program")
    ok(ran.status == 0 and ran.output.startswith("cba\n") and re.search(rf"^backwards +{cid} /store$", ran.output, re.M),
       "a name is a command, in another session, too", ran)
    ran = says(folder, "program add other.wasm backwards; (echo a; echo b) | backwards; program")
    ok(ran.status == 0 and "b\na\n" in ran.output and re.search(rf"^- +{cid} /store$", ran.output, re.M),
       "a name is given to another program; the first has none then", ran)
    ran = says(folder, "program remove backwards; program remove backwards; backwards")
    ok(ran.status == 127 and "no program that is kept" in ran.errors, "a name is removed", ran)
    ran = says(folder, f"program name {cid} one; program name {cid} two; program remove {cid}; program; ls /store/bin")
    ok(ran.status == 0 and cid not in ran.output and "one" not in ran.output, "a program, with all its names", ran)
    ran = weft("run", cid, env={"XDG_DATA_HOME": str(folder), "HOME": str(folder)})
    ok(ran.status != 0, "what was removed is gone", ran)


def test_wrong(folder):
    (folder / "data/text").write_text("this is no program\n")
    for command, told in (("program add text", "this is no program"), ("program add none", "none: No such file"),
                          ("program name bafkreiaaaaaaaaa x", "no program that is kept"), ("program name baf x", "8 digits"),
                          ("program add mine.wasm a/b", "a name has"), ("program add mine.wasm -x", "a name has"),
                          ("program remove ../x", "nothing that is kept"),
                          ("program remove ../../data/x", "no program that is kept")):
        ran = says(folder, command)
        ok(ran.status == 1 and told in ran.errors, f"{command}: {told}", ran)
    for command in ("program add", "program name x", "program remove", "program x", "program list x", "program what"):
        ran = says(folder, command)
        ok(ran.status == 2 and "`program --help` tells more" in ran.errors, f"{command} is refused", ran)
    ran = says(folder, "program name bafkrei x") # one digit less than is enough
    ok(ran.status == 1 and "8 digits" in ran.errors, "a CID that is too short", ran)
    ran = says(folder, "program add mine.wasm; program add other.wasm; program name bafkreia x; ls /store")
    ok("bafkrei" in ran.output, "several are kept", ran)


def test_memory(folder):
    ran = run(*session(folder, ("shell", "-c", "program add mine.wasm twice; echo xyz | twice"),
                       environment=("PROGRAMS=", "PATH=/bin:/programs:/tmp/store/bin")))
    ok(ran.status == 0 and "zyx" in ran.output and "gone when the session ends" in ran.errors,
       "without a folder they are kept in memory, which is told", ran)
    ran = run(*session(folder, ("shell", "-c", "program add mine.wasm twice"), environment=("PROGRAMS=",)))
    ok(ran.status == 0 and "PATH=$PATH:" in ran.errors, "a name that is no command is told", ran)
    ran = says(folder, "program list -a")
    ok(ran.status == 0 and re.search(r"^shell +baf\w+ system$", ran.output, re.M), "-a: those of the system, too", ran)
    ran = says(folder, "program what rev")
    ok(ran.status == 0 and ran.output.startswith("rev, baf"), "what: as the command", ran)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        test_kept(folder)
        test_wrong(folder)
        test_memory(folder)
    done()


if __name__ == "__main__":
    main()
