#!/usr/bin/env python3
"""The command `weft`: what it says to wrong input, and how it exits."""
import json
import os
import pathlib
import random
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, ROOT, WEFT, done, ok, run, weft
import wasm

HELLO = PROGRAMS / "example/wasi/hello_c.wasm"
COMMANDS = ("run", "inspect", "cid", "interface", "add", "check")
ALL_COMMANDS = (*COMMANDS, "system")


def said(ran, status, *words):
    """It failed with that status, said these words, and crashed nowhere."""
    return (ran.status == status and all(word in ran.errors for word in words)
            and "mistake of weft's own" not in ran.errors)


def test_usage(folder):
    ran = weft()
    ok(said(ran, 2, "usage: weft COMMAND") and not ran.output, "no command is a usage error", ran)
    ran = weft("walk")
    ok(said(ran, 2, "walk", "weft help"), "an unknown command", ran)
    for command in COMMANDS:
        ran = weft(command)
        ok(said(ran, 2, f"usage: weft {command}"), f"{command} without its argument", ran)
        ran = weft(command, "--nonsense", HELLO)
        ok(said(ran, 2, "--nonsense", f"usage: weft {command}"), f"{command} with an unknown option", ran)
    ran = weft("cid", HELLO, HELLO)
    ok(said(ran, 2, "too many arguments"), "one argument too many", ran)
    wrong = [("--memory", "nonsense"), ("--memory", "0"), ("--memory", "64X"), ("--memory", "-1"),
             ("--memory", "99999999999G"), ("--env", "NOSIGN"), ("--env", "=value"), ("--cpus", "0"),
             ("--cpus", "65"), ("--engine", "steam"), ("--log", "loud"), ("--dir", ""),
             ("--dir", ":/x"), ("--listen", "80"), ("--listen", "localhost:80"), ("--handle", "tcp"),
             ("--library", "=x"), ("--allow", ""), ("--allow", "nonsense"), ("--deny", "nonsense"),
             ("--handle", f"nonsense={HELLO}")]
    for option, value in wrong:
        ran = weft("run", option, value, HELLO)
        ok(said(ran, 2, "usage: weft run"), f"run {option} {value!r}", ran)
    ran = weft("run", "--memory")
    ok(said(ran, 2, "needs a value"), "an option without its value", ran)
    for arguments in ((HELLO, b"\xff"), ("--env", b"A=\xff", HELLO), ("--dir", b".:/\xff", HELLO)):
        ran = run("/bin/sh", "-c", f'exec {WEFT} run "$@"', "sh", *map(os.fsdecode, arguments))
        ok(said(ran, 2, "UTF-8"), "what a program is started with must be text", ran)
    ran = weft("run", "--json=yes", HELLO)
    ok(said(ran, 2, "takes no value"), "a value without its option", ran)
    for engine in "interpreter", "compiler":
        ran = weft("run", "--engine", engine, HELLO)
        ok(ran.status == 0 and ran.output == weft("run", HELLO).output,
           f"--engine {engine} runs a program", ran)
    ran = weft("run", "--engine=interpreter", "--", HELLO, "--env")
    ok(ran.status == 0 and "--env" in ran.output, "-- ends the options; the program's are its own", ran)


def test_help():
    manual = (ROOT / "docs/man/weft.1").read_text().replace("\\-", "-").replace("\\fB", "")
    for command in ALL_COMMANDS:
        ran = weft(command, "--help")
        ok(ran.status == 0 and ran.output.startswith(f"usage: weft {command}") and not ran.errors,
           f"{command} --help", ran)
        ok(weft("help", command).output == ran.output, f"help {command} is the same")
        options = set(re.findall(r"^  (--[a-z]+)", ran.output, re.MULTILINE))
        missing = [option for option in options if f'"{option}' not in manual and option not in manual]
        ok(options and not missing, f"the manual has each option of {command}", missing)
    shown = set(re.findall(r"^  (--[a-z]+)", "".join(weft(c, "--help").output for c in ALL_COMMANDS), re.MULTILINE))
    told = set(re.findall(r"^\.(?:BI?|TP)\s.*?(--[a-z]+)", manual, re.MULTILINE)) - {"--version", "--cid"}
    ok(told <= shown, "and no option that is not there", told - shown)
    ok(weft("--version").output.startswith("weft 0."), "--version")
    ran = weft("help")
    ok(ran.status == 0 and all(f"weft {c}" in ran.output for c in ALL_COMMANDS), "help lists the commands", ran)
    ok(said(weft("help", "nonsense"), 2, "nonsense"), "help for no command")
    ran = run("/bin/sh", "-c", f"{WEFT} help > /dev/full")
    ok(said(ran, 1, "No space left"), "help on a full disk", ran)


def test_files(folder):
    for command in ("run", "inspect", "cid", "interface", "add"):
        ran = weft(command, folder / "nothing.wasm")
        ok(said(ran, 127, "nothing.wasm", "No such file"), f"{command} of a file that is not there", ran)
        ran = weft(command, folder)
        ok(said(ran, 126, "directory"), f"{command} of a directory", ran)
    ran = weft("run", "nonsense")
    ok(said(ran, 127, "nonsense", "no such file, name, or CID"), "run of no name", ran)
    ran = weft("run", HELLO / "below")
    ok(said(ran, 127, "Not a directory"), "run of a path through a file", ran)
    if os.geteuid() != 0:
        closed = folder / "closed.wasm"
        closed.write_bytes(HELLO.read_bytes())
        closed.chmod(0)
        ok(said(weft("run", closed), 126, "Permission denied"), "run of a file that may not be read")
    large = folder / "large.wasm"
    with open(large, "wb") as file:
        file.truncate((256 << 20) + 1)
    ran = weft("run", large)
    ok(said(ran, 126, "too large"), "run of a file beyond what a program may have", ran)
    large.unlink()
    ran = run("/bin/sh", "-c", f"cat {HELLO} | {WEFT} run /dev/stdin")
    ok(ran.status == 0 and "Hello" in ran.output, "a program may come through a pipe", ran)


def test_modules(folder):
    def program(data, *options):
        path = folder / "program.wasm"
        path.write_bytes(data)
        return weft("run", *options, path)

    ran = program(b"")
    ok(said(ran, 126, "program.wasm", "unexpected end"), "an empty file", ran)
    ran = program(b"#!/bin/sh\n")
    ok(said(ran, 126, "program.wasm", "magic"), "a file of another kind", ran)
    ran = weft("run", "/bin/true")
    ok(said(ran, 126, "true cannot run: this is a native program (ELF)"), "a native program is told from others", ran)
    good = HELLO.read_bytes()
    bad = 0
    for size in list(range(1, 64)) + list(range(64, len(good), 997)):
        ran = program(good[:size])
        bad += not said(ran, 126, "program.wasm") and ran.status != 0
    ok(bad == 0, "a program cut off anywhere is refused, not a crash", bad)
    generator = random.Random(42)
    crashed = []
    for turn in range(60):
        data = bytearray(good)
        for _ in range(generator.randrange(1, 8)):
            data[generator.randrange(8, len(data))] = generator.randrange(256)
        ran = program(bytes(data), "--memory", "16M")
        if not isinstance(ran.status, int) or ran.status < 0 or "weft's own" in ran.errors:
            crashed.append((turn, ran))
    ok(not crashed, "a program with random bytes changed does not crash the system",
       "\n".join(f"{turn}: {ran}" for turn, ran in crashed))
    ran = program(wasm.module(imports=[("env", "nonsense", [wasm.I32], [])]))
    ok(said(ran, 126, "env.nonsense", "--library env=PROGRAM"),
       "a function that the system's library does not have", ran)
    ran = program(wasm.module(imports=[("nowhere", "thing", [], [])]))
    ok(said(ran, 126, "nowhere.thing", "--library nowhere=PROGRAM"), "a namespace that nobody answers", ran)
    ran = program(wasm.module(imports=[("weft", "thing", [], [])]))
    ok(said(ran, 126, "weft.thing", "system's own"), "no such call of the system", ran)
    ran = program(wasm.module(imports=[("weft:interface", "thing", [], [wasm.I32])]))
    ok(said(ran, 126, "thing"), "an interface without its hash", ran)
    ran = program(wasm.module(imports=[("wasi_snapshot_preview1", "proc_exit", [], [])], memory=(1,)))
    ok(said(ran, 126, "proc_exit"), "an import of another type than the library has", ran)
    ran = program(wasm.module(wasm.UNREACHABLE))
    ok(said(ran, 134, "program.wasm", "unreachable"), "a trap is told, and the status is 134", ran)
    ran = program(wasm.module(export="other"))
    ok(ran.status == 126 and "_start" in ran.errors, "a program without a beginning", ran)
    for status in (0, 1, 42, 63):
        ok(program(wasm.exit_with(status)).status == status, f"exit status {status} is the program's")
    ran = program(wasm.module(memory=(1000,)), "--memory", "1M")
    ok(said(ran, 126, "limit") or said(ran, 126, "memory"), "more memory than it may have", ran)
    ran = program(wasm.module(b"\x41\x7f\x40\x00\x1a", memory=(1,)), "--memory", "1M")
    ok(ran.status == 0, "growing beyond what it may have is the program's affair", ran)


def test_grants(folder):
    ran = weft("run", "--dir", folder / "nothing", HELLO)
    ok(said(ran, 127, "nothing", "No such file"), "a directory that is not there", ran)
    ran = weft("run", "--dir", HELLO, HELLO)
    ok(said(ran, 127, "Not a directory"), "a directory that is none", ran)
    ran = weft("run", "--listen", "192.0.2.1:80", HELLO)
    ok(said(ran, 126, "Cannot assign"), "a listener at somebody else's address", ran)
    ran = weft("run", "--handle", f"tcp={folder / 'nothing'}", HELLO)
    ok(said(ran, 127, "nothing"), "a handler that is not there", ran)
    many = [word for _ in range(61) for word in ("--dir", folder)]
    ran = weft("run", *many, HELLO)
    ok(ran.status == 0, "61 directories", ran)
    ran = weft("run", *many, "--dir", folder, HELLO)
    ok(said(ran, 2, "61 directories"), "one more is too many", ran)
    ran = weft("run", *[word for _ in range(1025) for word in ("--env", "A=B")], HELLO)
    ok(said(ran, 2, "too many"), "too many variables", ran)
    ran = weft("run", "--deny", "stream", HELLO)
    ok(not ran.output, "denied its streams, a program says nothing", ran)
    ran = weft("run", HELLO, *["x" * 100000] * 12)
    ok(said(ran, 126, "1 MiB"), "arguments beyond what a start record holds", ran)
    ran = weft("run", "--library", f"env={folder / 'nothing'}", HELLO)
    ok(said(ran, 127, "nothing"), "a library that is not there", ran)


def test_json(folder):
    path = folder / "program.wasm"
    path.write_bytes(wasm.module(wasm.UNREACHABLE))
    ran = weft("run", "--json", path)
    lines = [json.loads(line) for line in ran.errors.splitlines()]
    ok(ran.status == 134 and [line["event"] for line in lines] == ["trapped"]
       and lines[0]["status"] == 134 and "unreachable" in lines[0]["message"], "a trap as JSON", ran)
    ran = weft("run", "--json", HELLO)
    lines = [json.loads(line) for line in ran.errors.splitlines()]
    ok([(line["event"], line["status"]) for line in lines] == [("exited", 0)], "an end as JSON", ran)
    ran = weft("run", "--json", folder / 'no"thing')
    lines = [json.loads(line) for line in ran.errors.splitlines()]
    ok(ran.status == 127 and lines[0]["event"] == "error" and 'no"thing' in lines[0]["message"],
       "a mistake as JSON", ran)


def interfaces_of(path):
    rows = json.loads(weft("inspect", "--json", path).output)["interfaces"]
    return {row["interface"].split("@")[0] for row in rows}


def test_inspect(folder):
    ran = weft("inspect", "--json", HELLO)
    told = json.loads(ran.output)
    ok(ran.status == 0 and told["size"] == HELLO.stat().st_size and told["memory"]["pages"] >= 1,
       "inspect: size and memory", ran)
    ok(told["cid"] == weft("cid", HELLO).output.strip(), "inspect: the CID")
    ok([row["namespace"] for row in told["imports"]] == ["wasi_snapshot_preview1"]
       and told["imports"][0]["library"] == "library/wasi.wasm", "inspect: who answers its imports", ran)
    path = folder / "program.wasm"
    path.write_bytes(wasm.exit_with(0))
    few = interfaces_of(path)
    path.write_bytes(wasm.module(imports=[("wasi_snapshot_preview1", "random_get", [wasm.I32, wasm.I32], [wasm.I32])],
                                 memory=(1,)))
    ok("random" not in few and "random" in interfaces_of(path),
       "inspect: what it can ask for follows from what it imports", few)
    path.write_bytes(wasm.module(imports=[("weft:interface", "tcp@" + "0" * 64, [], [wasm.I32])]))
    ran = weft("inspect", path)
    ok(ran.status == 0 and "tcp@0000" in ran.output and "the system" in ran.output, "inspect, for people", ran)
    path.write_bytes(wasm.module(imports=[("a\x1b[2J", "b", [], [])]))
    ran = weft("inspect", path)
    ok(ran.status == 0 and "\x1b" not in ran.output and "\\x1b[2J" in ran.output,
       "names cannot move the terminal's cursor", ran)
    ran = weft("run", path)
    ok(said(ran, 126, "\\x1b[2J") and "\x1b" not in ran.errors, "nor when they are told as missing", ran)


def test_names(folder):
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    ran = weft("add", "--name", "greet", HELLO, env=environment)
    cid = ran.output.strip()
    ok(ran.status == 0 and cid == weft("cid", HELLO).output.strip(), "add prints the CID", ran)
    for what, why in ((cid, "its CID"), (cid[:12], "the beginning of it"), ("greet", "its name")):
        ran = weft("run", what, "you", env=environment)
        ok(ran.status == 0 and "Hello, you" in ran.output, f"run by {why}", ran)
    ran = weft("run", cid[:7], env=environment)
    ok(said(ran, 127, cid[:7]), "7 characters are too few", ran)
    other = folder / "other.wasm"
    other.write_bytes(wasm.exit_with(7))
    weft("add", "--name", "greet", other, env=environment)
    ok(weft("run", "greet", env=environment).status == 7, "a name can be given anew")
    ran = weft("run", "bafkrei11111", env=environment)
    ok(said(ran, 127, "CID"), "a beginning of no CID", ran)
    seen = {}
    for turn in range(64):  # there are 32 ways to go on behind `bafkrei`
        other.write_bytes(wasm.exit_with(turn % 64) + b"\0\3\1x" + bytes([turn]))
        beginning = weft("add", other, env=environment).output[:8]
        if beginning in seen:
            break
        seen[beginning] = turn
    ran = weft("run", beginning, env=environment)
    ok(said(ran, 126, "several CIDs"), "the beginning of several", ran)
    kept = folder / ".local/share/weft/programs" / (cid + ".wasm")
    kept.write_bytes(kept.read_bytes() + b"\0\0")
    ran = weft("run", cid, env=environment)
    ok(said(ran, 126, "damaged"), "a kept program that was changed is not run", ran)
    kept.unlink()
    (folder / ".config/weft/names").write_text(f"gone {cid}\n")
    ran = weft("run", "gone", env=environment)
    ok(said(ran, 127, "gone", "not kept"), "a name for a program that is not there", ran)
    ran = weft("add", folder / ".config/weft/names", env=environment)
    ok(said(ran, 126, "not a WebAssembly module"), "add of something else", ran)
    ran = weft("add", "--name", "a b", HELLO, env=environment)
    ok(said(ran, 2, "name has no blanks"), "add with a bad name", ran)
    ran = weft("add", HELLO, env={"PATH": os.environ["PATH"]})
    ok(said(ran, 1, "HOME"), "add without a home", ran)
    (folder / "file").write_text("")
    ran = weft("add", HELLO, env={"HOME": str(folder / "file")})
    ok(said(ran, 1, "Not a directory"), "add where nothing can be kept", ran)


def test_interface(folder):
    ran = weft("interface", ROOT / "abi/interface/tcp.wit")
    header = re.search(r'TCP_INTERFACE_HASH "([0-9a-f]{64})"',
                       next(ROOT.glob("build/generated/**/tcp.h")).read_text()) if (ROOT / "build").exists() else None
    ok(ran.status == 0 and ran.output.startswith("weft-interface 1\ninterface tcp\n"), "interface: canonical text", ran)
    if header:
        ok(header.group(1) in ran.output, "interface: the hash that programs import")
    bad = folder / "bad.wit"
    bad.write_text("package a:b;\n\ninterface x {\n    f: func(a: nonsense);\n}\n")
    ran = weft("interface", bad)
    ok(said(ran, 1, "bad.wit:4:16", "nonsense"), "interface: line and column of a mistake", ran)
    bad.write_bytes(b"package a:b;\n" * 40000)
    ran = weft("interface", bad)
    ok(ran.status in (1, 126) and ran.errors, "interface: a text that is too large", ran)


def main():
    for test in (test_usage, test_files, test_modules, test_grants, test_json, test_inspect, test_names,
                 test_interface):
        with tempfile.TemporaryDirectory() as scratch:
            test(pathlib.Path(scratch))
    test_help()
    done()


main()
