#!/usr/bin/env python3
"""Tools that look at the system: ps, kill, silo, interface."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, done, ok, weft

BIN = PROGRAMS / "bin"


def tool(name, *arguments, options=()):
    return weft("run", *options, BIN / f"{name}.wasm", *arguments)


def test_ps():
    ran = tool("ps")
    lines = ran.output.splitlines()
    ok(ran.status == 0 and len(lines) == 2 and lines[0].split() ==
       ["PROCESS", "SILO", "MEMORY", "THREADS", "SLOTS", "MESSAGES", "CPU", "STATE", "PROGRAM"],
       "ps lists the only process there is", ran)
    row = lines[1].split()
    ok(row[-1] == "ps.wasm" and int(row[2]) > 0 and row[3] == "1" and float(row[6]) < 60,
       "by its name, with memory, one thread and some time", ran)


def test_kill():
    number = tool("ps").output.splitlines()[1].split()[0]
    ran = tool("kill", number)
    ok(ran.status == 137 and "killed" in ran.errors, "kill ends a process by its number: itself", ran)
    ran = tool("kill", "999999", "x")
    ok(ran.status == 2 and "999999: there is none" in ran.errors and "x: it is no number" in ran.errors,
       "it says which are none, one by one", ran)
    ok(tool("kill").status == 2 and tool("kill", "-9").status == 2, "it needs a number", "")
    ran = tool("kill", "-TERM", number)
    ok(ran.status == 137 and "killed" in ran.errors, "with a signal", ran)
    ran = tool("kill", "-USR1", number)
    ok(ran.status == 2 and "USR1: no signal that it knows" in ran.errors, "with one that it does not know", ran)


def test_silo():
    ran = tool("silo")
    ok(ran.status == 0 and re.search(r"^ +2 +1/\d+ +\d+/none +\d+/\d+ +100 +- +running +silo.wasm$", ran.output, re.MULTILINE),
       "silo lists its own silo: used and limit of each", ran)
    for wrong, told in ({"top": "silo top SILO", "bogus": "list, create, start", "attach x": "x: it is no number of a silo",
                         "events -n x": "x: it is no number of events", "limit 2 bogus 10": "bogus: there is no such limit; "
                         "there are memory, processes", "limit 2 quota x": "x: a limit is a number"}).items():
        if wrong.startswith("limit"):
            wrong = wrong.replace("2", tool("silo").output.splitlines()[1].split()[0])
        ran = tool("silo", *wrong.split())
        ok(ran.status == 2 and told in ran.errors and ran.errors.count("\n") == 2 and "`silo --help`" in ran.errors,
           f"silo {wrong}: a line says what is wrong", ran)
    ran = tool("silo", "create", "new")
    ok(ran.status == 0 and ran.output.strip().isdigit(), "silo create prints the new one's number", ran)
    ran = tool("silo", "destroy", "1")
    ok(ran.status == 1 and "1: there is none" in ran.errors, "silos above it are not its own to destroy", ran)
    for wrong in (["limit", "1", "speed", "3"], ["limit", "x", "memory", "3"], ["create"], ["nothing"]):
        ran = tool("silo", *wrong)
        ok(ran.status in (1, 2) and ran.errors, f"silo {' '.join(wrong)} is refused with a word", ran)


def test_interface():
    ran = tool("interface")
    ok(ran.status == 0 and re.search(r"^tcp .* deny +-$", ran.output, re.MULTILINE) and
       re.search(r"^clock .* allow +kernel: clock$", ran.output, re.MULTILINE),
       "interface lists what may be used and what not", ran)
    ran = tool("interface", options=("--allow", "tcp"))
    ok(re.search(r"^tcp .* allow", ran.output, re.MULTILINE), "what was granted is", ran)
    ok(tool("interface", "4711").status == 1, "a silo that is not there", "")


def test_misuse():
    for words, told in {"interface x": "none of its words, which are list, show,", "interface show": "used so: interface show INTERFACE",
                        "message": "what to do: trace, run\n", "service stop": "service stop NAME", "program nothing": "list, add",
                        "log -l": "used so: log [-f", "renice": "renice WEIGHT", "uptime x": "uptime: it is used so: uptime\n",
                        "mount x": "it is used so: mount, or: mount DIRECTORY PLACE, or: mount tag:", "permission x": "which are list, allow, deny,",
                        "permission allow": "used so: permission allow PROGRAM INTERFACE", "what": "what PROGRAM...",
                        "lspci -q": "lspci: -q: it is used so: lspci [-v]\n", "dmesg --level loud": "dmesg: loud: it is used so: dmesg [--follow]",
                        "dmesg --level": "dmesg: --level: it is", "shutdown now": "shutdown: now: it", "reboot --patience 61": "reboot: 61: it", "ps -q": "-q: it lists all"}.items():
        ran = tool(*words.split())
        ok(ran.status == 2 and told in ran.errors and ran.errors.endswith(f"`{words.split()[0]} --help` tells more\n") and
           ran.errors.count("\n") <= 3, f"{words}: what is wrong", ran)
    for words in ("ps -ef", "ps aux"):
        ok(tool(*words.split()).status == 0, words, "")


def test_words():
    ran = tool("cat", "/etc/hostname")
    ok(ran.status == 1 and "no folder that was granted has it (as by `weft run --dir`)" in ran.errors, "a file of a folder that was not granted", ran)
    ran = tool("silo", "check", "/nowhere.toml")
    ok(ran.status == 1 and ran.errors.startswith("silo: /nowhere.toml: "), "silo check says why a file cannot be read", ran)
    ran = tool("program", "add", "/bin/true", options=("--dir", "/bin:/bin:ro"))
    ok(ran.status == 1 and "this is a native program (ELF); Weft runs WebAssembly" in ran.errors, "a native program is no program here", ran)


def test_help():
    for name in ("ps", "kill", "silo", "interface"):
        ran = tool(name, "--help")
        ok(ran.status == 0 and ran.output.startswith(f"usage: {name}"), f"{name} --help", ran)


test_ps()
test_kill()
test_silo()
test_interface()
test_misuse()
test_words()
test_help()
done()
