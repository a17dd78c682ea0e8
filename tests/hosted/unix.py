#!/usr/bin/env python3
"""What tools that were written for Unix say where Weft has another way, or none: rights of files, modes of
terminals, the host's name, file systems, kinds of files."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from session import Session
from tap import PROGRAMS, done, ok, weft

BIN = PROGRAMS / "bin"


def tool(folder, name, *arguments):
    return weft("run", "--dir", f"{folder}:/data", "--env", "PWD=/data", BIN / f"{name}.wasm", *arguments)


def test_rights(folder):
    (folder / "text").write_text("text\n")
    (folder / "below").mkdir()
    (folder / "below/text").write_text("text\n")
    before = (folder / "text").stat().st_mode
    for mode in ("755", "u+x", "600"):
        ran = tool(folder, "chmod", mode, "text")
        ok(ran.status == 1 and ran.errors == "chmod: text: files have no rights of their own here; what a program may do "
           "with them is what it was granted (see permission)\n", f"chmod {mode}: why it cannot be done", ran)
    ok((folder / "text").stat().st_mode == before, "and it is not", "")
    ran = tool(folder, "chmod", "-R", "700", "below")
    ok(ran.status == 1 and ran.errors.count("have no rights") == 2, "chmod -R: of each", ran)
    ran = tool(folder, "chmod", "664", "text")
    ok((ran.status, ran.output, ran.errors) == (0, "", ""), "what is shown anyway can be asked for", ran)
    ran = tool(folder, "chmod", "664", "nothing")
    ok(ran.status == 1 and "nothing: No such file" in ran.errors, "a file that is not there", ran)


def test_copies(folder):
    """Tools that have a copy be as the file was do not tell of rights that nobody asked for."""
    ran = tool(folder, "cp", "-rp", "below", "copy")
    ok((ran.status, ran.errors) == (0, "") and (folder / "copy/text").read_text() == "text\n", "cp -rp", ran)
    ran = tool(folder, "gzip", "-k", "text")
    ok((ran.status, ran.errors) == (0, ""), "gzip", ran)
    ran = tool(folder, "rm", "-rf", "copy", "text.gz")
    ok((ran.status, ran.errors) == (0, "") and not (folder / "copy").exists(), "rm -rf", ran)


def test_file_systems(folder):
    for path in (".", "text"):
        ran = tool(folder, "stat", "-f", "-c", "%b %f %a %S %l", path)
        numbers = [int(word) for word in ran.output.split()]
        ok(ran.status == 0 and len(numbers) == 5 and numbers[0] >= numbers[1] > 0 and numbers[3:] == [4096, 255],
           f"stat -f {path}: the room that there is", ran)
    ran = tool(folder, "stat", "-f", "nothing")
    ok(ran.status == 1 and "'nothing': No such file" in ran.errors, "stat -f of what is not there", ran)


def test_kinds(folder):
    (folder / "empty.wasm").write_bytes(b"\0asm\1\0\0\0")
    (folder / "component.wasm").write_bytes(b"\0asm\r\0\1\0")
    (folder / "cut.wasm").write_bytes(b"\0asm\1\0\0")
    (folder / "ls.wasm").write_bytes((BIN / "ls.wasm").read_bytes())
    for name, kind in {"empty": "WebAssembly module, version 1", "ls": "WebAssembly module, version 1",
                       "component": "WebAssembly component, version 13", "cut": "data"}.items():
        ran = tool(folder, "file", "-b", f"{name}.wasm")
        ok(ran.status == 0 and ran.output == kind + "\n", f"file {name}.wasm: {kind}", ran)


def test_host_name(folder):
    ok(tool(folder, "hostname").output == "weft\n" == tool(folder, "hostname", "-f").output, "hostname", "")
    ok(tool(folder, "uname", "-n").output == "weft\n", "as uname has it", "")
    ran = tool(folder, "hostname", "other")
    ok(ran.status == 1 and "not permitted" in ran.errors, "it is not to be set", ran)


def test_terminal_mode(folder):
    ran = tool(folder, "stty", "size")
    ok(ran.status == 1 and "Not a tty" in ran.errors, "stty without a terminal", ran)
    session = Session(folder, rows=31, columns=97, bin_folder=BIN)
    ok(session.says("stty size", "31 97"), "stty size", session.shown)
    session.type("stty -a\r")
    ok(session.wait("rows 31; columns 97;") and session.wait("isig icanon") and session.ready(), "stty -a", session.shown)
    session.type("stty -echo || echo no\r")
    ok(session.wait("holds until it ends, so there is nothing to set") and session.wait("no\r\n") and session.ready(),
       "stty says that it can set nothing", session.shown)
    session.type("exit\r")
    ok(session.end() == 0, "and the shell ends as usual", session.shown)


def test_numbers(folder):
    (folder / "sum").write_text("2^100\nscale=5\n1/3\n")
    ran = tool(folder, "bc", "sum")
    ok(ran.output.split() == ["1267650600228229401496703205376", ".33333"], "bc", ran)
    ran = tool(folder, "uuidgen")
    ok(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n", ran.output), "uuidgen", ran)


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    test_rights(place)
    test_copies(place)
    test_file_systems(place)
    test_kinds(place)
    test_host_name(place)
    test_terminal_mode(place)
    test_numbers(place)
    done()
