#!/usr/bin/env python3
"""Looking around in a session with more in it than the system tells at once; what /proc and /sys tell is what the
tools tell, to each reader; and what is told of what is not there, is not allowed, or fails again and again."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from person import session
from space import space
from tap import done, ok, run

MANY = 1100


def test_many():
    """Processes that do nothing, each as a job of the shell's."""
    ran = space("shell", "-c", f"""
        i=0; while [ $i -lt {MANY} ]; do sleep 300 & i=$((i + 1)); done
        ps | grep -c ' sleep'; pgrep sleep | wc -l; ls /proc | grep -c '^[0-9]*$'
        top -b -n 1 | grep -c ' sleep'; uptime | grep -o '[0-9]* processes'
        pkill sleep; wait; ps | grep -c sleep""")
    counts = ran.output.split("\n")
    ok(counts[0] == counts[1] == str(MANY), f"ps and pgrep: all of {MANY} processes", ran)
    ok(int(counts[2]) > MANY and int(counts[3]) == MANY, "/proc and top, too", ran)
    ok(int(counts[4].split()[0]) > MANY and counts[5] == "0", "uptime counts them, and pkill ends them all", ran)


def test_many_silos():
    ran = space("shell", "-c", f"""
        i=0; while [ $i -lt {MANY} ]; do silo create s$i >/dev/null; i=$((i + 1)); done
        silo list | grep -c ' s[0-9]*$'; free | grep -c ' s[0-9]*$'; grep -c 's[0-9]*$' /sys/silos; tail -1 /sys/silos
        top -b -n 1 -v silos | grep -c ' s[0-9]*$'""")
    counts = ran.output.split("\n")
    ok(counts[:2] == [str(MANY)] * 2, f"silo list and free: all of {MANY} silos", ran)
    ok(counts[2] == str(MANY) and counts[3].endswith(f"\ts{MANY - 1}"), "/sys/silos, too", ran)
    ok(counts[4] == str(MANY), "and top", ran)


def test_many_decisions():
    """Each process has a decision of its own about the clock, in force as long as it lives."""
    with tempfile.TemporaryDirectory() as name:
        ran = run(*session(pathlib.Path(name), ("shell", "-c", f"""
            i=0; while [ $i -lt {MANY} ]; do sleep 300 & i=$((i + 1)); done
            until [ "$(permission list -a | grep -c '^sleep *clock')" = {MANY} ]; do sleep 0.1; done
            permission list | wc -l; pkill sleep"""),
            True), timeout=60)
    ok(ran.status == 0 and ran.output == "1\n", f"permission list -a: all of {MANY} decisions in force", ran)


def numbers(text):
    """The first column, but for heads of tables."""
    return sorted(int(line.split()[0]) for line in text.splitlines() if re.match(r" *\d", line))


def rows(text):
    """Verdict and handling process of each row; what the kernel or nobody handles is told as no process by the tool."""
    table = [line.split("\t") if "\t" in line else line.split() for line in text.splitlines()[1:]]
    at = [next(i for i, word in enumerate(words) if word in ("allow", "deny", "ask", "hold")) for words in table]
    return [(words[i], words[i + 1] if words[i + 1].isdigit() else "0") for words, i in zip(table, at)]


def told_by(folder, command, asks):
    ran = run(*session(folder, ("shell", "-c", command), asks))
    ok(ran.status == 0, command, ran)
    return ran.output


def test_same(asks):
    """Where permissions are asked about, each program has a silo of its own, and sees the session nevertheless."""
    kind = "with questions" if asks else "without questions"
    with tempfile.TemporaryDirectory() as name:
        text = told_by(pathlib.Path(name), "silo create one >/dev/null; silo list; echo ----; cat /sys/silos; echo ----; "
                       "interface list; echo ----; cat /sys/interfaces; echo ----; ps; echo ----; ls /proc", asks)
    silos, silo_file, interfaces, interface_file, processes, proc = text.split("----\n")
    outer = numbers(silos)
    ok(outer[0] == numbers(silo_file)[0] and len(outer) == len(numbers(silo_file)) and " one" in silos and "\tone" in silo_file,
       f"{kind}: /sys/silos are those of `silo list`", text)
    listed, filed = rows(interfaces), rows(interface_file)
    ok(len(listed) > 10 and listed == filed, f"{kind}: /sys/interfaces is the table of `interface list`", text)
    ok(len(numbers(processes)) == len(numbers(proc)), f"{kind}: /proc has those of `ps`", text)


def test_no_programs():
    """`what` of files that are none."""
    files = {"text": b"hello\n", "empty": b"", "cut.wasm": b"\0asm\1\0\0\0\1\xff", "native": b"\177ELF\2", "magic": b"\0as"}
    with tempfile.TemporaryDirectory() as name:
        (pathlib.Path(name) / "data/folder").mkdir(parents=True)
        for file, contents in files.items():
            (pathlib.Path(name) / "data" / file).write_bytes(contents)
        told = {"text": "does not begin as WebAssembly", "./text": "does not begin as WebAssembly", "/data/empty": "does not begin as",
                "magic": "does not begin as", "./cut.wasm": "cannot run here; `log` tells why", "folder": "this is a folder",
                "native": "native program (ELF)", "lost": "there is no such program", "./lost/text": "there is no such program"}
        for file, why in told.items():
            ran = run(*session(pathlib.Path(name), ("shell", "-c", f"what {file}"), True))
            lines = [line for line in ran.errors.splitlines() if line.startswith(f"{file}: ")]
            ok(ran.status == 1 and len(lines) == 1 and why in lines[0], f"what {file}: {why}", ran)
        ok("cannot start" not in run(*session(pathlib.Path(name), ("shell", "-c", "what text; log"), True)).errors,
           "of what is no program nobody tries to make one", "")


def test_no_clock():
    with tempfile.TemporaryDirectory() as name:
        for date in ("date", "date -d 12:34", "date +%s"):
            ran = run(*session(pathlib.Path(name), ("shell", "-c", f"permission deny date clock; {date}"), True))
            ok(ran.status == 1 and ran.output == "" and "date: the clock: Permission denied" in ran.errors,
               f"{date} without the right to use the clock fails, and says why", ran)


def test_floods():
    """What fails again and again is told ever more seldom; who writes a line is named."""
    with tempfile.TemporaryDirectory() as name:
        command = session(pathlib.Path(name), ("shell", "-c", """i=0; while [ $i -lt 500 ]; do sleep 30 & i=$((i + 1)); done 2>/dev/null"""))
        manifest = pathlib.Path(name) / "space.toml"
        manifest.write_text(manifest.read_text() + "limits = { processes = 40 }\n")
        ran = run(*command)
        ends = [line.split("are given")[1] for line in ran.errors.splitlines() if "cannot start" in line]
        ok(ends == ["", "; 10 times by now", "; 100 times by now"], "of hundreds of lines three are told, with their number", ran)
        ran = run(*session(pathlib.Path(name), ("shell", "-c", "cat tcp:127.0.0.1:9"), True))
        ok(re.search(r"weft: warning: process \d+ \(permission\): cat may not use tcp; to let it: permission allow cat tcp$",
                     ran.errors, re.MULTILINE),
           "where nobody can be asked, a line tells what would be: by which process, with its name", ran)


test_many()
test_many_silos()
test_many_decisions()
test_same(False)
test_same(True)
test_no_programs()
test_no_clock()
test_floods()
done()
