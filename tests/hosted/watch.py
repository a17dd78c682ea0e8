#!/usr/bin/env python3
"""Seeing and steering the system from a shell: silos, events, tracing, graphs, the log."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, ROOT, done, ok, weft

BIN = PROGRAMS / "bin"


def shell(script):
    with tempfile.TemporaryDirectory() as folder:
        return weft("run", "--dir", f"{folder}:/data", "--dir", f"{BIN}:/bin:ro", "--env", "PWD=/data", "--env",
                    "PATH=/bin", "--allow", "boot", "shell", "-c", script, timeout=120)


# Whether a file has so many lines: what is waited for is a fact, and no time.
WAIT = "lines() { [ -e $2 ] && [ $(wc -l < $2) -ge $1 ]; }\n"


def test_suspend():
    ran = shell("""s=$(silo create inner); p=$(silo spawn $s /bin/sleep.wasm 100)
        silo suspend $s; silo list; top -b -n 1 -d 0.05 -s $s; silo resume $s; echo resumed; top -b -n 1 -d 0.05 -s $s
        silo stop $s; until ps | { ! grep -q 'sleep'; }; do sleep 0.05; done; ps; silo destroy $s; silo list""")
    before, _, after = ran.output.partition("resumed")
    ok(re.search(r" suspended +inner$", before, re.MULTILINE), "a suspended silo is listed so", ran)
    ok(ran.status == 0 and re.search(r" stop +sleep\.wasm$", before, re.MULTILINE), "a suspended silo is shown so", ran)
    ok(re.search(r"\d +sleep\.wasm$", after, re.MULTILINE) and " stop " not in after, "a resumed one, too", ran)
    ok("sleep.wasm" not in after[after.index("PROGRAM"):] and "inner" not in after.rsplit("SILO", 1)[1],
       "it is stopped, and destroyed", ran)


def test_suspended_process():
    ran = shell("""s=$(silo create inner); p=$(silo spawn $s /bin/sleep.wasm 100); suspend $p; echo $?
        top -b -n 1 -d 0.05 -s $s | grep sleep; ps | grep sleep.wasm; suspend -r $p; echo $?; suspend $p; silo stop $s
        until ps | { ! grep -q 'sleep.wasm'; }; do sleep 0.05; done; suspend $p x; echo $?; suspend -r; echo $?""")
    lines = ran.output.splitlines()
    ok(len(lines) == 6 and lines[0] == "0" and " stop " in lines[1] and " stopped " in lines[2] and
       lines[3:] == ["0", "2", "2"],
       "a process is suspended, resumed, and stopped while it is suspended", ran)


def test_quota():
    ran = shell("""s=$(silo create inner); silo limit $s quota 20; silo list
        p=$(silo spawn $s /bin/factor.wasm 18446744073709551557); top -b -n 1 -d 2 -s $s; silo stop $s""")
    ok(re.search(r" 20% running +inner", ran.output), "a quota is set and listed", ran)
    share = re.search(r"([\d.]+)% .* factor\.wasm$", ran.output, re.MULTILINE)
    ok(share and float(share[1]) <= 25, "a busy loop keeps to it", ran)


def test_nice():
    ran = shell("""s=$(silo create inner); p=$(silo spawn $s /bin/sleep.wasm 100); renice 50 $p; echo $?
        renice 0 $p; echo $?; renice 10001 $p; echo $?; renice 50 999999; echo $?; silo stop $s""")
    ok(ran.output.split() == ["0", "2", "2", "1"], "weights of processes, in their bounds", ran)


def test_events():
    ran = shell(WAIT + """s=$(silo create inner); silo events -n 4 $s > events.txt & e=$!
        until lines 4 events.txt; do silo suspend $s; silo resume $s; done
        wait $e; cat events.txt; silo destroy $s""")
    lines = ran.output.splitlines()
    ok(len(lines) == 4 and all(re.match(r" *[\d.]+ (suspended|resumed) +silo \d+ inner$", line) for line in lines),
       "what happens to a silo is told", ran)
    ran = shell(WAIT + """silo events -n 20 > events.txt & e=$!
        until lines 20 events.txt; do s=$(silo create inner); silo destroy $s; done; wait $e; cat events.txt""")
    ok("spawned" in ran.output and "created" in ran.output and "destroyed" in ran.output and
       re.search(r"ended +silo \d+ process \d+ silo: status 0$", ran.output, re.MULTILINE),
       "and to all that can be seen", ran)


def test_trace():
    ran = shell(WAIT + """s=$(silo create inner); message trace -n 2 $s clock > trace.txt & t=$!
        until lines 4 trace.txt; do silo spawn $s /bin/sleep.wasm 0.05 > p; sleep 0.2; done
        wait $t; cat trace.txt; echo ended; silo spawn $s /bin/sleep.wasm 0.05
        until ps | { ! grep -q 'sleep.wasm'; }; do sleep 0.05; done; echo all""")
    lines = ran.output.splitlines()
    asked = [line for line in lines if " -> " in line]
    ok(len(asked) >= 2 and all(re.match(r"#\d+ \d+ -> [a-z]+\((|deadline=\d+)\)$", line) for line in asked),
       "questions are shown with their parameters", ran)
    ok(any(re.match(r"#\d+ <- (\d+|done)  [\d.]+(ns|us|ms|s)$", line) for line in lines),
       "answers with their results and how long they took", ran)
    ok("ended" in lines and lines[-1] == "all", "programs run on after it as before", ran)
    ran = shell(WAIT + """s=$(silo create inner); o=$(silo create other); message trace $s -n 2 > all.txt 2> told.txt & t=$!
        until lines 1 told.txt; do sleep 0.05; done; silo spawn $s /bin/sleep.wasm 0.05 > p; wait $t
        message trace clock -n 4 > clock.txt 2> told2.txt & t=$!; until lines 1 told2.txt; do sleep 0.05; done
        silo spawn $s /bin/sleep.wasm 0.05 > p; silo spawn $o /bin/sleep.wasm 0.05 > q; wait $t
        cat told.txt all.txt; echo then; cat p q; cat told2.txt clock.txt; message trace; echo $?; message trace 1 -x; echo $?""")
    first, _, second = ran.output.partition("then")
    ok(re.search(r"^message: traced silo \d+: .*clock.* stream", first) and re.search(r"-> clock\.until\(deadline", first),
       "with a silo alone all its interfaces are traced", ran)
    ok(re.search(r"^message: traced silo \d+: clock; silo \d+: clock$", second, re.MULTILINE) and
       set(second.split()[:2]) <= set(re.findall(r" (\d+) -> ", second)), "with an interface alone those of all silos below", ran)
    ok(second.split()[-2:] == ["2", "2"] and "-x: it knows no such option" in ran.errors, "and neither is misuse", ran)
    ran = shell("""message trace clock; echo $?""")
    ok(ran.output == "1\n" and "there is no silo below" in ran.errors, "if there are any", ran)
    ran = shell("""s=$(silo create inner); message trace $s system; echo $?; message trace 1 clock; echo $?
        message trace $s nothing; echo $?; message; echo $?""")
    ok(ran.output.split() == ["1", "1", "1", "2"] and "who asks" in ran.errors, "what cannot be is told", ran)


def test_run():
    ran = shell("""message run sleep 0.05; echo $?; message run false; echo $?; message run nosuch; echo $?
        message run ls --help | head -n 1; message run sleep 100 2>log & until grep -q until log; do :; done
        pkill sleep; wait $!; echo $?""")
    ok(re.search(r"^#\d+ \d+ -> clock\.until\(deadline=\d+\)\n#\d+ <- done  [\d.]+ms$", ran.errors, re.MULTILINE),
       "message run: what a program sends, on standard error", ran)
    ok(re.fullmatch(r"0\n1\n127\nToybox .*\n137\n", ran.output), "and its output and status are the program's", ran)
    ok("message: nosuch: it is not found" in ran.errors, "one that is not there is told", ran)
    ok(shell("message run; message run -x").status == 2, "and misuse", "")
    ran = weft("system", "--dir", f"{BIN}:/bin:ro", "--env", "PATH=/bin", ROOT / "programs/init/hosted.toml", "permission:quiet",
               "shell", "-c", "message run sleep 0.05; s=$(silo start sleep 100); message trace $s clock; interface deny $s clock")
    ok("-> clock.until(deadline=" in ran.errors, "also where each program is asked about", ran)
    ok(re.search(r"message: \d+: there is no such silo below this program's own, and only these .* `message run PROGRAM`", ran.errors) and
       re.search(r"interface: \d+: there is no such silo below .* `permission`", ran.errors), "where others' messages are not its to see, nor their rows to change", ran)


def test_interface():
    ran = shell("""s=$(silo create inner); interface deny $s clock; interface list $s; interface allow $s clock
        interface ask $s random; interface list $s; interface unbind $s random; interface deny $s nothing; echo $?""")
    first, second = ran.output.split("INTERFACE")[1:]
    ok(re.search(r"^clock .* deny", first, re.MULTILINE) and re.search(r"^clock .* allow", second, re.MULTILINE) and
       re.search(r"^random .* ask", second, re.MULTILINE), "rows of a silo are changed", ran)
    ran = weft("run", BIN / "interface.wasm", "show", "clock")
    ok(ran.status == 0 and "func until(deadline: u64)\n" in ran.output and re.search(r"^[0-9a-f]{64}$", ran.output,
       re.MULTILINE), "a definition is shown, with its hash", ran)
    ok(weft("run", BIN / "interface.wasm", "show", "nothing").status == 1, "of what there is", "")


def test_follow():
    ran = shell(WAIT + """seq 3 > f; tail -n 1 -f f > g & t=$!; until lines 1 g; do sleep 0.05; done; echo 4 >> f
        until lines 2 g; do sleep 0.05; done; kill $t; cat g; seq 5 | tail -n 1 -f; echo $?; printf 'größe\n' | rev; mktemp XXXXXXXXXX""")
    lines = ran.output.splitlines()
    ok(lines[:4] == ["3", "4", "5", "0"], "tail -f follows a file, and no pipe", ran)
    ok(lines[4] == "eßörg", "rev turns characters around", ran)
    ok(re.fullmatch(r"[a-z0-9]{10}", lines[5]), "mktemp fills in all", ran)


def test_by_name():
    ran = shell("""sleep 100 & sleep 200 & until [ $(pgrep -x sleep | wc -l) = 2 ]; do sleep 0.05; done; pgrep -l 'sl..p$' | head -n 1
        pgrep pgrep; echo $?; pkill -x sle; echo $?; pkill -x 'sle+p'; echo $?; wait; pgrep sleep; echo $?; pgrep '('; echo $?; pkill; echo $?; nproc""")
    lines = ran.output.splitlines()
    ok(re.fullmatch(r"\d+ sleep", lines[0]) and lines[1:4] == ["1", "1", "0"], "pgrep and pkill find processes by name, but not themselves", ran)
    ok(lines[4:7] == ["1", "2", "2"] and "(: it is no regular expression" in ran.errors and "pkill [-x] PATTERN" in ran.errors,
       "which have ended then", ran)
    ok(lines[7].isdigit() and int(lines[7]) > 0, "nproc", ran)


def test_handlers():
    ran = shell("""s=$(silo create inner); p=$(silo spawn $s /bin/sleep.wasm 100); interface bind $s tcp $p
        interface list $s; interface; silo stop $s""")
    inner, outer = ran.output.split("INTERFACE")[1:]
    ok(re.search(r"^tcp .* allow +\d+ sleep\.wasm$", inner, re.MULTILINE) and re.search(r"^tcp .* deny +-$", outer, re.MULTILINE) and
       re.search(r"^pipe .* allow +\d+ above$", outer, re.MULTILINE), "who handles what, by name as far as it is seen", ran)


def test_graph():
    ran = weft("run", BIN / "interface.wasm", "graph")
    ok(ran.status == 0 and re.search(r"interface\.wasm  \(silo \d+\)\n", ran.output) and
       re.search(r"^ +statistics +-> statistics$", ran.output, re.MULTILINE), "who can talk to whom", ran)
    ran = weft("run", BIN / "interface.wasm", "graph", "--svg")
    ok(ran.status == 0 and ran.output.startswith("<svg ") and ran.output.endswith("</svg>\n") and
       "<title>clock</title>" in ran.output, "as a picture", ran)


def test_small_ones():
    ran = weft("run", BIN / "uptime.wasm")
    ok(ran.status == 0 and re.match(r"up 0 days 00:00:\d\d, 1 processes, [\d.]+% of \d+ CPUs\n$", ran.output), "uptime", ran)
    ran = weft("run", BIN / "free.wasm")
    row = ran.output.splitlines()[1].split()
    ok(ran.status == 0 and row[1] == row[3] == "none" and 0 < int(row[2]) < 1 << 20, "free: there is no limit", ran)
    ran = weft("run", "--memory", "64M", BIN / "free.wasm")
    row = ran.output.splitlines()[1].split()
    ok(ran.status == 0 and int(row[1]) == 65536 == int(row[2]) + int(row[3]), "or there is one", ran)
    ran = weft("run", "--memory", "64M", BIN / "free.wasm", "-h")
    row = ran.output.splitlines()[1].split()
    ok(ran.status == 0 and row[1] == "64M" and re.fullmatch(r"[\d.]+M", row[2]), "in units that suit", ran)
    for options in (("-l", "debug"), ("--level", "debug"), ("-a",)):
        ran = weft("run", BIN / "log.wasm", "-n", "2", *options)
        ok(ran.status == 0 and len(ran.output.splitlines()) == 2 and "debug" in ran.output, f"log {options[0]}", ran)
    ran = weft("run", BIN / "log.wasm")
    ok(ran.status == 0 and "debug" not in ran.output, "log shows what is for people, if no level is given", ran)
    ran = weft("run", BIN / "dmesg.wasm", "-a")
    ok(ran.status == 0 and "debug: " in ran.output, "dmesg is there, too", ran)
    ran = weft("run", "--allow", "machine", BIN / "lspci.wasm")
    ok(ran.status == 0 and "nothing to list: this Weft runs within another system" in ran.output, "lspci has nothing to list", ran)
    ran = weft("run", BIN / "reboot.wasm")
    ok(ran.status == 1 and "may not use power" in ran.output, "reboot says why not", ran)
    ran = weft("run", BIN / "log.wasm", "-l", "nothing")
    ok(ran.status == 2, "log: a level that is none", ran)
    for name in ("top", "silo", "interface", "message", "log", "renice", "suspend", "uptime", "free"):
        ran = weft("run", BIN / f"{name}.wasm", "--help")
        ok(ran.status == 0 and ran.output.startswith(f"usage: {name}"), f"{name} --help", ran)


test_suspend()
test_suspended_process()
test_quota()
test_nice()
test_events()
test_trace()
test_run()
test_interface()
test_handlers()
test_follow()
test_by_name()
test_graph()
test_small_ones()
done()
