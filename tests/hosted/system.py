#!/usr/bin/env python3
"""Systems as manifests describe them, under `weft system`: what is started when, what becomes of services
that end, hang and are replaced, and how all of it ends."""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok, run, weft

GUESTS = BUILD / "tests/hosted/guest"
HOSTILE = BUILD / "tests/hosted/hostile"
BALL = "ball@" + weft("interface", ROOT / "programs/example/pong/ball.wit").output.split()[-2]
PATIENCE = 120
PIPE = '[service.pipe]\nprogram = "pipe"\nhandles = ["pipe"]\nstart = "message"\nlimits = { slots = 4096 }\n'
EXIT, TRAP, HANG, LATE = range(1000000000, 1000000004)


def service(name="h", program="handler", words=(), handles=True, **keys):
    """A table of a manifest. Values are TOML."""
    lines = [f"[service.{name}]", f'program = "{program}"']
    if words:
        lines.append(f"arguments = {list(words)}".replace("'", '"'))
    if handles:
        lines.append(f'handles = ["{BALL}"]')
    return "\n".join(lines + [f"{key.replace('_', '-')} = {value}" for key, value in keys.items()]) + "\n"


def system(manifest, script, *options, session='program = "shell"', log="info"):
    """Runs a script in the session of the manifest's system."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "system.toml"
        path.write_text(PIPE + manifest + f"[session]\n{session}\n")
        return weft("system", "--log", log, "--dir", f"{PROGRAMS}/bin:/bin:ro", "--dir", f"{GUESTS}:/guests:ro",
                    "--env", "PATH=/bin:/guests", "--program", f"handler={GUESTS}/handler.wasm", *options, path,
                    text=script, timeout=PATIENCE)


def states(ran):
    """What `service list` has shown: {name: (state, starts, last end)}, the last time."""
    rows = re.findall(r"^(\S+) +(running|waiting|given up|listening|stopped|ending|replacing) +\S+ +(\d+) +\d+ +\S+  "
                      r"\S+ +(.*)$", ran.output, re.MULTILINE)
    return {name: (state, int(starts), end) for name, state, starts, end in rows}


def wait_for(pattern):
    """Shell: until the list of services has it."""
    return f"until service | grep -q '{pattern}'; do :; done\n"


def test_default():
    ran = weft("system", "--dir", f"{PROGRAMS}/bin:/bin:ro", "--env", "PATH=/bin", text="echo one | cat; exit 3")
    ok(ran.status == 3 and ran.output == "one\n" and not ran.errors, "without a manifest it is a shell with pipes", ran)


def test_start_and_end():
    ran = system(service(), "player 100 10; service; exit 4")
    ok(ran.status == 4 and "answered 100\n" in ran.output, "a service answers the session", ran)
    ok(states(ran)["h"] == ("running", 1, "-"), "and is listed", ran)
    two = service("user", uses=f'["{BALL}"]', handles=False) + service("used")
    ran = system(two, "service")
    names = re.findall(r"^(user|used) ", ran.output, re.MULTILINE)
    ended = re.findall(r"(user|used): it was killed", ran.errors)
    ok(names == ["used", "user"], "who is used starts first", ran)
    ok(ended == ["user", "used"], "and ends last", ran)
    ran = system(service(start='"message"'), "service; player 1 1; service")
    ok("h                listening" in ran.output and states(ran)["h"][:2] == ("running", 1) and
       "answered 1\n" in ran.output, "a service starts with the first message, and answers that", ran)
    ran = system(service(start='"message"', restart='"never"'),
                 f"player one {EXIT}\n{wait_for('listening')} player 5 1; service")
    ok("gone 1\nanswered 5\n" in ran.output and states(ran)["h"][1] == 2,
       "and, once it has ended, with the next one", ran)
    ran = system(service(), "service", session='program = "shell"\nwithheld = ["services"]')
    ok(ran.status == 1 and "may not use `services`" in ran.errors, "a session without the right cannot see them", ran)
    for key in ("withheld", "asked"):
        ran = system(service(), "player 1 1", session=f'program = "shell"\n{key} = ["{BALL}"]')
        ok("denied 1\n" in ran.output, f"what a service handles and is {key}, with nobody to ask", ran)


def test_asked():
    """What is asked about is asked of the service that handles `permission`, once for each program that is started:
    the shell gives it a cabin of its own."""
    for word, result in (("yes", "answered 3\nanswered 3\n"), ("no", "denied 3\ndenied 3\n")):
        guard = f'[service.guard]\nprogram = "consent"\narguments = ["{word}"]\nhandles = ["permission"]\n'
        ran = system(service() + guard, "player 3 1; player 3 1", "--program", f"consent={GUESTS}/consent.wasm",
                     session=f'program = "shell"\nasked = ["{BALL}"]')
        ok(result in ran.output and ran.errors.count("ball: somebody asks for it") == 2,
           f"what is asked about, with {word} for an answer", ran)


def test_refused():
    """What becomes of a service that uses what its row does not give it."""
    wants = ["finish"]  # power
    ran = system(service(words=wants), "player 1 1; service")
    ok("answered 1\n" in ran.output and states(ran)["h"] == ("running", 1, "-"), "a service that is denied something", ran)
    ran = system(service(words=wants, refused='"end"', tries=1), wait_for("given up") + "service; player one 1")
    ok(states(ran)["h"] == ("given up", 2, "was killed") and "denied 1\n" in ran.output and
       ran.errors.count("h: it is ended, as \"refused\" asks") == 2 and "power: this was used without being given" in ran.errors,
       "or is ended for it, each time", ran)
    ran = system(service(refused='"end"'), "player 1 1; service")
    ok("answered 1\n" in ran.output and states(ran)["h"] == ("running", 1, "-"), "not if it keeps to what it has", ran)
    guard = '[service.guard]\nprogram = "consent"\narguments = ["yes"]\nhandles = ["permission"]\n'
    ran = system(service(words=wants, refused='"ask"') + guard, "player 1 1", "--program", f"consent={GUESTS}/consent.wasm")
    ok("answered 1\n" in ran.output and "power: somebody asks for it" in ran.errors, "or somebody is asked", ran)


GUARD = ('[service.permission]\nprogram = "permission"\nuses = ["attention", "boot", "random"]\n'
         'handles = ["permission", "permissions"]\nlimits = { memory = "64 MiB", slots = 4096, messages = 4096 }\n')


def ruled(said, script, *options):
    """With what the manifest says of the program `time`, which starts another one."""
    return system(f"{GUARD}{SPACE}[program.time]\n{said}\n", script, "--program", f"time={PROGRAMS}/bin/time.wasm", *options,
                  session='program = "shell"\nwithheld = ["attention"]\nasked = ["*"]')


def test_program_limits():
    """A program of people's and what it starts have the limits that the manifest has for it."""
    for processes, is_enough in ((1, False), (2, True)):
        ran = ruled(f"limits = {{ processes = {processes} }}", "time echo one; (time echo two); cp /bin/time.wasm /tmp/t; /tmp/t echo three")
        lines = [line for line in ran.output.splitlines() if line in ("one", "two", "three")]
        ok(lines == (["one", "two", "three"] if is_enough else []),
           f"{processes} processes are {'' if is_enough else 'not '}enough for a program and one that it starts, by any name", ran)
    ran = ruled("limits = { processes = 2 }", "time time echo one; time sh -c 'true; time echo two'; echo three")
    ok("one\n" not in ran.output and "three\n" in ran.output, "three are not started within two, and the shell is not concerned", ran)
    for memory, is_enough in (("64 KiB", False), ("8 MiB", True)):
        ran = ruled(f'limits = {{ memory = "{memory}" }}', "time echo one; echo two")
        ok(("one\n" in ran.output) == is_enough and "two\n" in ran.output, f"{memory} of memory", ran)
    ran = ruled('limits = { processes = 1 }', "time echo one; service restart permission; time echo two; time echo three; echo four")
    ok(not re.search("one|two|three", ran.output) and "four\n" in ran.output, "they hold when who decides is started again", ran)


def test_programs_not_there():
    ran = ruled('[program.tim]\n[program.again]\nprogram = "again"\nlimits = { processes = 1 }', "time echo one", "--program",
                f"again={PROGRAMS}/bin/time.wasm")
    ok(re.search(r'system\.toml:17:1: the boot bundle has no program "tim": is "time" meant\?', ran.errors) and "one\n" in ran.output,
       "a program that is not there is told with its place", ran)
    ok(re.search(r"system\.toml:19:11: another \[program\.NAME\] before is the same program", ran.errors),
       "so are two names of one, and the first one's word holds", ran)


def real(ran):
    """Seconds, as the shell's `time` tells them."""
    return float((re.findall(r"^real ([\d.]+)", ran.output + ran.errors, re.MULTILINE) or ["nan"])[-1])


def test_quota():
    """One percent of a CPU is half a millisecond in 50: what takes ten milliseconds takes a second."""
    work = "time player 100000 64"
    free, bound = system(service(), work), system(service(limits="{ quota = 1 }"), work)
    ok("answered 100000\n" in bound.output and real(bound) > 2 * real(free), "a service with a quota is slow", (free, bound))
    bound = system(service(), work, session='program = "shell"\nlimits = { quota = 1 }')
    ok("answered 100000\n" in bound.output and real(bound) > 2 * real(free), "and so is a session", (free, bound))


SPACE = '[service.root]\nprogram = "fs/root"\nsilo = "session"\ndirectories = ["*"]\nhandles = ["files", "mounts"]\n'


def test_name_space_dies():
    """Slots that follow the row lead to the next one; `/tmp` and open files are gone."""
    ran = system(SPACE, "echo x >/tmp/a; cat /tmp/a; exec 5</tmp/a; service restart root; cat /tmp/a; cat <&5; echo y >/tmp/b; "
                 "cat /tmp/b; ls /guests/handler.wasm; (cd /tmp && ls); service")
    ok(ran.output.startswith("x\ny\n/guests/handler.wasm\nb\n") and states(ran)["root"][:2] == ("running", 2),
       "a name space that is started again is the session's, with the same directories", ran)
    ok(ran.errors.count("what was in /tmp is lost") == 1 and "/tmp/a: No such file" in ran.errors,
       "what is lost is told, once", ran)
    ran = system(SPACE.replace("*", "/guests"), "for i in /*; do echo $i; done")
    ok("/guests\n" in ran.output and "/bin\n" not in ran.output, "directories are given by their names", ran)
    more = [word for i in range(7) for word in ("--dir", f"{GUESTS}:/d{i}:ro")]
    ran = system(SPACE, "for i in /*; do echo $i; done", *more[:12])
    ok("/d5\n" in ran.output and "is not given" not in ran.errors, "eight of them", ran)
    ran = system(SPACE, "for i in /*; do echo $i; done", *more)
    ok("/d5\n" in ran.output and "/d6\n" not in ran.output and "dir:/d6: it is not given: one process gets eight" in ran.errors,
       "and no more, which is told", ran)


def test_terminal():
    """At a terminal, which a person leaves with ^D, and a signal that ends it in the midst."""
    for way in ("exit 7\n", "\x04", signal.SIGTERM):
        master, slave = pty.openpty()
        process = subprocess.Popen([WEFT, "system", "--dir", f"{PROGRAMS}/bin:/bin:ro", "--env", "PATH=/bin"],
                                   stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        seen = read_until(master, rb"\?2004h")
        os.write(master, b"echo $((40 + 2)) | cat\n")
        seen += read_until(master, rb"(?s)42\r\n.*\?2004h")  # it is ready for a key then
        if isinstance(way, str):
            os.write(master, way.encode())
        else:
            process.send_signal(way)
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            status = "none"
        os.close(master)
        wanted = {"exit 7\n": 7, "\x04": 0}.get(way, -signal.SIGTERM)
        ok(status == wanted and b"42\r\n" in seen, f"a session at a terminal, ended by {way!r}", (status, seen))


def read_until(descriptor, wanted):
    """What comes from a terminal until the pattern has, or nothing more does."""
    seen = b""
    end = time.monotonic() + PATIENCE
    while not re.search(wanted, seen) and time.monotonic() < end:
        if not select.select([descriptor], [], [], 1)[0]:
            continue
        try:
            seen += os.read(descriptor, 4096)
        except OSError:
            break
    return seen


def test_mistakes():
    ran = system("[service.x]\nprogam = 1\n", "echo alive; service; exit 5")
    ok(ran.status == 5 and re.search(r"system\.toml:7:\d+: service\.x has no \"progam\"", ran.errors) and
       "alive\n" in ran.output, "a mistake is told with its place, and there is a shell to mend it", ran)
    ran = system(service("a", uses='["input"]', handles=False).replace("[service.a]", '[service.a]\nhandles = ["rtc"]') +
                 service("b", uses='["rtc"]', handles=False).replace("[service.b]", '[service.b]\nhandles = ["input"]'),
                 "exit 5")
    ok(ran.status == 5 and "these wait for each other: a for b, b for a" in ran.errors, "a ring is told", ran)
    ran = system(service("lost", program="nowhere") + service("lost2", handles=False, devices='["ps2"]'),
                 "player one 1; service; exit 5")
    ok(ran.status == 5 and "lost: its program is not in the boot bundle" in ran.errors and
       "denied 1" in ran.output and states(ran)["lost"][0] == "given up", "a program that is not there is told", ran)
    ok(states(ran)["lost2"][0] == "given up" and "ps2: there is no such device" in ran.errors,
       "so is a device", ran)
    ran = weft("system", "/nowhere/system.toml", text="")
    ok(ran.status == 127 and "nowhere" in ran.errors, "a manifest that is not there", ran)
    for session in ('program = "nowhere"', 'program = "library/wasi"'):
        ran = system("", "echo alive", session=session)
        ok("alive\n" in ran.output and "cannot be started" in ran.errors, f"a session that cannot be: {session}", ran)


def test_restarts():
    ran = system(service(), f"player one {EXIT}; player one {TRAP}\nplayer 3 1; service; service log h")
    ok("gone 1\ngone 1\nanswered 3\n" in ran.output and states(ran)["h"][:2] == ("running", 3),
       "a service that ends is started again, and who sends meanwhile waits", ran)
    ok("trapped: unreachable" in states(ran)["h"][2] and "] h: it ended with status 9\n" in ran.output,
       "how it ended is told: the list and its log", ran)
    ran = system(service(words=["exit=3", "sleep=20"], tries=3), "until player one 1 | grep -q denied; do :; done; service; service log h")
    ok(states(ran)["h"] == ("given up", 4, "exited with status 3") and
       ran.output.count("it ended with status 3") == 4 and "it ended too often" in ran.errors,
       "one that always ends is given up, and nobody waits for it", ran)
    for restart, words, starts in (("never", ["exit=3"], 1), ("failure", ["exit=0"], 1), ("failure", ["exit=3"], 3),
                                   ("always", ["exit=0"], 3)):
        state = "stopped" if starts == 1 else "given up"
        ran = system(service(words=words, restart=f'"{restart}"', tries=2), wait_for(state) + "service")
        ok(states(ran)["h"][:2] == (state, starts), f"restart {restart}, {words[0]}: started {starts} times", ran)
    ran = system(service(words=["sleep=1"], tries=0), f"player one {EXIT}\n{wait_for('given up')} player poll 1; service start h;"
                 "player poll 1; service")
    ok("denied 1\nanswered 1\n" in ran.output and states(ran)["h"][:2] == ("running", 2),
       "what was given up can be started by a person", ran)
    ran = system(service(limits='{ memory = "64 KiB" }'), "player one 1; service")
    ok("denied 1" in ran.output and states(ran)["h"][0] == "given up" and "it cannot be started" in ran.errors,
       "a limit that is too small for the program", ran)


def test_waiting():
    """While nobody is there to answer, clients wait or are told, as they choose."""
    slow = service(words=["sleep=1500"], restart='"always"')
    ran = system(slow, f"player 1 1; player one {EXIT}\n{wait_for('h *waiting')} player poll 7; player one 8; service")
    ok("answered 1\ngone 1\nwould block 1\nanswered 1\n" in ran.output, "WOULD_BLOCK, or an answer later", ran)


def test_heartbeat():
    beat = '"300 ms"'
    ran = system(service(heartbeat=beat), f"player 10 2; player one {HANG}; player 2 1; service")
    ok("answered 10\ngone 1\nanswered 2\n" in ran.output and states(ran)["h"] == ("running", 2, "was killed") and
       "does not come back to wait" in ran.errors, "a handler that hangs is ended and started again", ran)
    ran = system(service(words=["deaf"], heartbeat=beat, tries=1), wait_for("given up") + "service")
    ok(states(ran)["h"] == ("given up", 2, "was killed"), "one that never listens, too", ran)
    ran = system(service(heartbeat='"2 s"'), f"player one {LATE}; player one {LATE}; player 20000 500; service")
    ok("answered 20000\n" in ran.output and states(ran)["h"] == ("running", 1, "-"), "one that is busy is not", ran)
    ran = system(service(words=["keep"], heartbeat=beat), "player one 1 & sleep 2; service")
    ok(states(ran)["h"] == ("running", 1, "-"), "nor one that owes answers and waits", ran)


def test_stop():
    ran = system(service(), "service stop h; player one 1; service; service start h; player one 1; service restart h;"
                 "player one 2; service stop h; service stop nobody")
    ok("denied 1\n" in ran.output and ran.output.count("answered 1\n") == 2 and "nobody: there is no such" in ran.errors
       and re.search(r"^h +stopped", ran.output, re.MULTILINE), "stop, start, restart", ran)
    space = '[service.space]\nprogram = "fs/root"\nsilo = "session"\ndirectories = ["*"]\nhandles = ["files", "mounts"]\n'
    guard = '[service.guard]\nprogram = "permission"\nuses = ["random"]\nhandles = ["permission", "permissions"]\n' \
            '[program.service]\nallowed = ["services"]\n'
    ran = system(space + guard, "service stop space; echo $?; service stop guard; echo $?; service restart space; echo here; service",
                 "--program", f"service={PROGRAMS}/bin/service.wasm")
    ok(ran.output.startswith("1\n1\nhere\n") and re.search("(?s)space: nothing here could start it again.*guard: nothing here", ran.errors) and
       [states(ran)[name][0] for name in ("space", "guard")] == ["running"] * 2, "but not those without whom nothing can be started again", ran)
    ran = system(service(), f"player one {LATE} & until service | grep -q 'running'; do :; done; sleep 0.1; service stop h; wait")
    ok("answered 1\n" in ran.output, "who stops has answered what it has taken", ran)
    ran = system(service(stop='"300 ms"'), f"player one {HANG} & sleep 0.3; service stop h; wait; service")
    ok("gone 1\n" in ran.output and "has not finished in the time" in ran.errors and states(ran)["h"][0] == "stopped",
       "one that does not end is ended", ran)
    power = {"uses": '["power"]'}
    ran = system(service(words=["finish"], **power), "player 7 2; service stop h; service")
    ok("h: handled 7\n" in ran.errors and states(ran)["h"] == ("stopped", 1, "exited with status 0"),
       "one that asked is told, and ends by itself", ran)
    ran = system(service(words=["finish"], **power), "player 7 2; exit 6")
    ok(ran.status == 6 and "h: handled 7\n" in ran.errors, "so it is at the end of the system", ran)
    ran = system(service(words=["stubborn"], stop='"500 ms"', **power), "player 7 2; exit 6")
    ok(ran.status == 6 and "has not finished in the time" in ran.errors, "which does not wait for ever", ran)
    ran = system(service(), "shutdown; exit 6", "--program", f"shutdown.wasm={PROGRAMS}/system/shutdown.wasm")
    ok(ran.status in (0, 137) and "h: it was killed" in ran.errors, "a person can end it: services end in order", ran)


def test_programs_given_up():
    """A hostile program has the kernel give up the programs that nobody runs, which are 256 MiB at most."""
    ran = system(service(), "player one 1; service stop h; /hostile/cram.wasm 20; service start h; player one 1",
                 "--dir", f"{HOSTILE}:/hostile:ro")
    ok("added 20\n" in ran.output, "more programs than the kernel keeps", ran)
    ok(ran.output.count("answered 1\n") == 2,
       "  and afterwards the shell's commands and init's services start", ran)


def test_killed_session():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "system.toml"
        path.write_text('[session]\nprogram = "mortal"\n')
        command = [WEFT, "system", "--program", f"mortal={GUESTS}/mortal.wasm", path]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as ran:
            born = [ran.stdout.readline() for _ in range(3)]
            ran.send_signal(signal.SIGINT)
            errors = ran.communicate(timeout=PATIENCE)[1].decode()
        ok(born == [b"born\n"] * 3 and "mortal: it was killed, and is started again" in errors,
           "a session that is killed is started again, and a person can end the system", (born, errors))


def test_check():
    """`silo check` says what `weft check` says."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.toml"
        for text in (*((ROOT / f"programs/init/{name}.toml").read_text() for name in ("hosted", "pc")), "[session]\nprogam = 1\n", "[", "x = '\x01'", "x = '\udcff'"):
            path.write_text(text, errors="surrogateescape")
            outside = weft("check", path)
            ran = system("", "silo check x.toml", "--dir", f"{folder}:/data:ro", "--env", "PWD=/data", log="warning")
            ok(ran.status == outside.status and ran.output == outside.output and
               ran.errors == outside.errors.replace(f"{path}", "x.toml"), f"silo check: {text[:20]!r}", (ran, outside))
        ran = system("", "silo check lost.toml", "--dir", f"{folder}:/data:ro", "--env", "PWD=/data")
        ok(ran.status == 1 and "silo: lost.toml: No such file or directory" in ran.errors, "a file that is not there", ran)


def load(words, keys, replacements):
    """Half of the messages come all the time; the others around each replacement, and some between two, so that
    each handler has something to do. Gives the run, and the number of messages."""
    long, around, between = 500 * replacements, 490, 10
    script = (f"player {long} 64 & long=$!; i=0; while [ $i -lt {replacements} ]; do player {between} 2; "
              f"player {around} 32 & service replace h || echo failed; wait $!; i=$((i+1)); done; wait $long; service\n")
    return system(service(words=words, **keys), script), long + replacements * (around + between)


def test_replace():
    """A hundred thousand messages while the handler is replaced a hundred times: each is answered, once."""
    replacements = 100
    ran, count = load([], {}, replacements)
    answered = sum(map(int, re.findall(r"^answered (\d+)$", ran.output, re.MULTILINE)))
    ok(answered == count == 100000 and "wrong" not in ran.output and "gone" not in ran.output
       and "failed" not in ran.output and states(ran)["h"][:2] == ("running", replacements + 1),
       f"{count} messages, {replacements} replacements: each is answered once", ran)
    ran, count = load(["finish"], {"uses": '["power"]'}, replacements)
    handled = [int(number) for number in re.findall(r"h: handled (\d+)", ran.errors)]
    ok("failed" not in ran.output and len(handled) == replacements + 1 and sum(handled) == count,
       "each is handled by one of them, of those that are told of their end", (sum(handled), ran))
    ok(all(handled[:-1]), "and each of them had something to do", handled)


def test_replace_fails():
    ran = system(service(), "player 20000 16 & service replace h /guests/terminal.wasm; wait; player 3 1; service")
    ok("answered 20000\n" in ran.output and "answered 3\n" in ran.output and states(ran)["h"][:2] == ("running", 1)
       and "the new process has ended" in ran.errors, "a new one that does not come up: the old one goes on", ran)
    ran = system(service(), "service replace h nowhere; service replace h /bin/nowhere.wasm; service replace h /bin/ls;"
                 "service replace x handler; player 1 1; service")
    ok(ran.errors.count("no such program") == 2 and "nowhere.wasm: No such file" in ran.errors and "no such service" in ran.errors
       and "answered 1\n" in ran.output and states(ran)["h"][1] == 1, "programs that are not there", ran)
    ran = system(service(), "service replace h /guests/handler.wasm && service; player 1 1; player one "
                 f"{EXIT}\nplayer 1 1; service")
    ok("answered 1\ngone 1\nanswered 1\n" in ran.output and states(ran)["h"][1] == 3 and
       re.search(r"^h .*  bafk\S+ ", ran.output, re.MULTILINE), "a program from a file stays in its place", ran)
    ran = system(service(words=["keep"], stop='"500 ms"'), "player one 5 & sleep 0.3; service replace h; wait; service")
    ok("gone 1\n" in ran.output and states(ran)["h"][:2] == ("running", 2), "an old one that owes answers goes at its time", ran)
    ran = system(service(start='"message"'), "service replace h; player 1 1; service")
    ok("answered 1\n" in ran.output and states(ran)["h"][1] == 1, "one that does not run yet", ran)


def main():
    tests = [test_check, test_killed_session, test_default, test_terminal, test_start_and_end, test_asked, test_refused, test_program_limits, test_programs_not_there, test_quota,
             test_name_space_dies, test_mistakes, test_restarts, test_waiting, test_heartbeat, test_stop,
             test_replace, test_replace_fails, test_programs_given_up]
    for test in tests:
        if len(sys.argv) == 1 or test.__name__ in sys.argv[1:]:
            test()
    done()


main()
