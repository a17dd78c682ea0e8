#!/usr/bin/env python3
"""Permissions as a person lives with them: whole sessions at a pseudo-terminal."""
import os
import pathlib
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import session
from guarded import ASKED, CONFIRM, Person
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok

TAKEN = session.TAKEN


class Echo:
    """A server on this host: says back what it hears, or holds its tongue."""

    def __init__(self, is_silent=False):
        self.connection = None
        self.accepted = threading.Event()
        self.is_silent = is_silent
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            self.connection = connection
            self.accepted.set()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            heard = connection.recv(4096)
            while heard:
                if not self.is_silent:
                    connection.sendall(heard)
                heard = connection.recv(4096)
        except OSError:
            pass
        if not self.is_silent:
            connection.close()

    def is_let_go(self, timeout=20):
        """Whether nobody is at the other end of the last connection: what is sent there comes back."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            try:
                self.connection.sendall(b"late")
            except OSError:
                return True
            time.sleep(0.05)
        return False


def workplace():
    """A folder with games: programs that want to the network."""
    folder = pathlib.Path(tempfile.mkdtemp())
    games = folder / "games"
    games.mkdir()
    shutil.copy(PROGRAMS / "example/tcp/client.wasm", games / "sudoku.wasm")
    shutil.copy(BUILD / "tests/hosted/guest/pretender.wasm", games / "pretender.wasm")
    return folder


def test_sudoku():
    """Don't want sudoku to reach TCP/IP? Deny it."""
    folder, state, echo = workplace(), tempfile.mkdtemp(), Echo()
    play = f"sudoku hello {echo.port}"
    p = Person(folder, state)
    ok(p.asked(play, "sudoku"), "a program that wants to the network is asked about", p.shown)
    ok(p.answer("once", "received: hello"), "once: it goes there", p.shown)
    ok(p.asked(play, "sudoku"), "and the next time is another time", p.shown)
    ok(p.answer("substitute", "refused"), "substitute: its network is one that refuses", p.shown)
    ok(p.says(play, "refused"), "which is remembered", p.shown)
    p.type("permission deny sudoku tcp\r")
    ok(p.ready(), "permission deny sudoku tcp", p.shown)
    p.type(play + "\r")
    ok(p.wait("sudoku may not use tcp; to let it: permission allow sudoku tcp\r\n")
       and p.wait("there is no network\r\n") and p.ready(), "it is denied, and the command that grants it is told", p.shown)
    p.type("permission allow sudoku tcp\r")
    ok(p.wait(CONFIRM), "to allow is asked about at the terminal", p.shown)
    p.type("never\r")
    ok(p.wait("permission: sudoku tcp: it was not confirmed") and p.ready(), "and may be refused there", p.shown)
    p.type("permission allow sudoku tcp\r")
    ok(p.wait(CONFIRM), "or confirmed")
    p.type("always\r")
    ok(p.ready() and p.says(play, "received: hello"), "then it goes there unasked", p.shown)
    ok(p.leave() == 0, "the session ends as its shell does")
    p = Person(folder, state)
    ok(p.says(play, "received: hello"), "the next session remembers it", p.shown)
    p.type("what sudoku\r")
    ok(p.wait("tcp          to connect to other computers and wait for their calls (TCP)\r\n")
       and p.wait("today: allowed, as you said\r\n") and p.ready(), "what it could ask for is told, and what is answered", p.shown)
    p.type("permission revoke sudoku\r")
    ok(p.ready() and p.asked(play, "sudoku"), "until it is revoked", p.shown)
    ok(p.answer("n", "there is no network"), "never, by its first letter", p.shown)
    p.type("permission\r")
    ok(p.wait("sudoku               tcp          deny") and p.wait("always") and p.ready(), "what is remembered is listed", p.shown)
    p.leave()


def test_what():
    p = Person(workplace())
    p.type("what sudoku\r")
    ok(p.wait("tcp          to connect") and p.wait("today: asked about\r\n") and p.wait("stream       to write")
       and p.wait("today: allowed\r\n") and p.ready(), "what: before it has ever run", p.shown)
    p.type("what ls\r")
    ok(p.wait("by what it calls in wasi_snapshot_preview1\r\n") and p.wait("terminal     to use") and p.ready(), "through libraries, too", p.shown)
    p.type("permission deny ls terminal\r")
    p.ready()
    p.type("what ls\r")
    ok(p.wait("terminal     to use your terminal\r\n") and p.wait("today: denied, as you said\r\n") and p.ready(), "what nobody is asked about can be denied", p.shown)
    p.type("permission deny what permissions\r")
    p.ready()
    p.type("what sudoku\r")
    ok(p.wait("what may not use permissions; to let it: permission allow what permissions\r\n") and p.ready(),
       "what the shell itself uses can be denied to a program", p.shown)
    p.type("permission revoke what permissions\r")
    p.ready()
    ok(p.says("what nothing", "nothing: there is no such program, and nothing was decided about one"), "what is none is said so", p.shown)
    p.leave()


def test_substitutes():
    p = Person(workplace())
    p.type("permission substitute date clock\r")
    ok(p.ready() and p.says("date +%N", "000000000"), "a clock of whole seconds", p.shown)
    ok(p.says("permission substitute date random", "permission: date random: there is nothing harmless to put in its place"), "not everything has a substitute", p.shown)
    p.leave()


CPUS = "Let it? once, always, never: "


def test_paths():
    """What is opened by a path is asked about as what is used by its interface, and nobody else waits."""
    folder = workplace()
    p = Person(folder)
    p.type("i=0; while [ ! -e stop ]; do i=$((i+1)); echo $i > count; done &\r")
    p.ready()
    p.type("cat /sys/cpus\r")
    ok(p.wait("cat wants to read which CPUs, memory and devices this machine has.") and p.wait("interface  machine\r\n") and p.wait(CPUS),
       "who opens what takes a right is asked about", p.shown)
    counts = {(folder / "count").read_text()}
    until = time.monotonic() + 20
    while len(counts - {""}) < 3 and time.monotonic() < until:
        counts.add((folder / "count").read_text())
    ok(len(counts - {""}) >= 3, "meanwhile others open files", counts)
    (folder / "stop").touch()
    ok(p.answer("once", "cpu\tidle"), "once: it has what it wanted", p.shown)
    p.type("cat /sys/cpus\r")
    ok(p.wait(CPUS) and p.answer("always", "cpu\tidle"), "the next time is another time", p.shown)
    ok(p.says("cat /sys/cpus", "cpu\tidle"), "always: unasked from then on", p.shown)
    p.type("permission\r")
    ok(p.wait("cat                  machine      allow") and p.wait("always") and p.ready(), "which is listed", p.shown)
    p.type("permission deny cat machine\r")
    p.ready()
    p.type("cat /sys/cpus\r")
    ok(p.wait("cat may not use machine; to let it: permission allow cat machine\r\n") and p.wait("cat: /sys/cpus: Permission denied\r\n")
       and p.ready(), "denied: the command is told that grants it", p.shown)
    p.type("permission revoke cat\r")
    p.ready()
    p.type("cat /sys/cpus\r")
    ok(p.wait(CPUS), "revoked: it is asked about again", p.shown)
    p.type("\x03")
    ok(p.wait("(the question is withdrawn)") and p.ready(), "Ctrl-C ends it, and the question", p.shown)
    p.type("permission log\r")
    ok(p.wait("cat                  machine      allow") and p.wait("cat                  machine      deny") and p.ready(),
       "all of it is in the log", p.shown)
    p.leave()


def test_connections_by_path():
    folder, echo = workplace(), Echo(is_silent=True)
    p = Person(folder)
    shutil.copy(PROGRAMS / "bin/cat.wasm", folder / "games/kitten.wasm")
    ok(p.asked(f"kitten tcp:127.0.0.1:{echo.port} &", "kitten"), "a connection by a path is asked about", p.shown)
    p.type("once\r")
    ok(echo.accepted.wait(20), "once: it is there", p.shown)
    p.type("permission deny kitten tcp\r")
    ok(p.ready() and echo.is_let_go(), "denied: it is closed at once", p.shown)
    p.type("permission substitute kitten tcp\r")
    p.ready()
    echo.accepted.clear()
    wanted = f"tcp:127.0.0.1:{echo.port}"
    ok(p.says(f"kitten {wanted}", f"cat: {wanted}: No such device or address") and not echo.accepted.is_set(),
       "a substitute stands for the network there, too", p.shown)
    p.type("permission revoke kitten tcp\r")
    p.ready()
    ok(p.asked(f"kitten tcp:localhost:{echo.port}", "kitten"), "a host by its name takes two rights: one is asked about", p.shown)
    p.type("once\r")
    ok(p.wait("kitten wants to look up names of computers.") and p.wait("substitute (a directory in which no name is found): "),
       "and then the other", p.shown)
    ok(p.answer("substitute", f"cat: tcp:localhost:{echo.port}: No such file or directory"), "which has a substitute of its own", p.shown)
    p.leave()


def openers(folder, count):
    """Programs that open what is asked about; each is another one by its bytes."""
    program = (BUILD / "tests/hosted/guest/opener.wasm").read_bytes()
    for i in range(count):
        (folder / f"games/opener{i}.wasm").write_bytes(program + b"\0\x02\x01" + bytes([ord("A") + i]))


def told(folder):
    return [line for file in folder.glob("told*") for line in file.read_text().splitlines()]


def test_limits_of_opening():
    """What waits for a person's word is bounded: 8 for a silo, 64 for all."""
    folder = workplace()
    openers(folder, 9)
    p = Person(folder)
    for count, more in ((8, []), (9, ["not now"])):
        p.type(f"opener0 {count} > told\r")
        ok(p.wait(CPUS) and p.answer("once", "") and sorted(told(folder)) == more + 8 * ["opened"],
           f"{count} of one program, about which one question is asked", told(folder))
    (folder / "told").unlink()
    p.type("(i=0; while [ $i -lt 9 ]; do opener$i 8 > told$i & i=$((i+1)); done; wait)\r")
    until = time.monotonic() + 60
    while len(told(folder)) < 8 and time.monotonic() < until:
        time.sleep(0.05)
    ok(p.wait(CPUS) and told(folder) == 8 * ["not now"], "of 72 of 9 programs 64 wait", told(folder))
    p.type("never\r")
    answered = 1
    while p.wait_first(CPUS, session.READY) == CPUS:
        p.type("never\r")
        answered += 1
    ok(answered == 8 and sorted(told(folder)) == 64 * ["denied"] + 8 * ["not now"], "and are answered, by 8 answers",
       (answered, told(folder)))
    p.leave()


def test_programs_are_told_apart():
    folder, echo = workplace(), Echo()
    shutil.copy(folder / "games/sudoku.wasm", folder / "games/chess.wasm")
    with open(folder / "games/chess.wasm", "ab") as file:
        file.write(b"\0\x02\x01x")  # a custom section: another program by its bytes
    p = Person(folder)
    ok(p.asked(f"sudoku a {echo.port}", "sudoku") and p.answer("always", "received: a"), "what is allowed to one program", p.shown)
    ok(p.asked(f"chess b {echo.port}", "chess"), "is not allowed to another", p.shown)
    ok(p.answer("never", "there is no network"), "which can be denied by itself", p.shown)
    ok(p.says(f"sudoku c {echo.port}", "received: c"), "the first one goes on", p.shown)
    shutil.copy(folder / "games/sudoku.wasm", folder / "games/chess.wasm")
    ok(p.says(f"chess d {echo.port}", "received: d"), "a program is its bytes, by whatever name", p.shown)
    p.leave()


def test_what_programs_start():
    """Whoever starts it: a program has what was said of it, and nothing that its starter is denied."""
    folder, echo = workplace(), Echo()
    p = Person(folder)
    by_xargs = f"echo hello {echo.port} | xargs sudoku"
    ok(p.asked(by_xargs, "sudoku") and p.answer("always", "received: hello"), "what a program starts is asked about by its own name", p.shown)
    ok(p.says(by_xargs, "received: hello"), "and is let by it", p.shown)
    p.type("permission deny xargs tcp\r")
    p.ready()
    p.type(by_xargs + "\r")
    ok(p.wait("xargs may not use tcp; to let it: permission allow xargs tcp\r\n") and p.wait("there is no network\r\n") and p.ready(),
       "what is denied to a program it does not get by another", p.shown)
    ok(p.says(f"sudoku again {echo.port}", "received: again"), "which is denied nothing by itself", p.shown)
    p.type("permission revoke xargs tcp\r")
    ok(p.ready() and p.says(by_xargs, "received: hello"), "until that is taken back", p.shown)
    p.type("permission deny sudoku tcp\r")
    p.ready()
    p.type(f"sh -c 'sudoku x {echo.port}; date +%Y'\r")
    ok(p.wait("there is no network\r\n") and p.wait(time.strftime("%Y") + "\r\n") and p.ready(),
       "what is denied to a program is denied neither to its starter nor to those beside it", p.shown)
    p.type("permission substitute xargs clock\r")
    ok(p.ready() and p.says("echo +%N | xargs date", "000000000"), "what a program has in an interface's place, what it starts has", p.shown)
    p.type("permission deny xargs files\r")
    p.ready()
    p.type("echo /data/games | xargs ls\r")
    ok(p.wait("xargs may not use files; to let it: permission allow xargs files\r\n") and p.ready(), "files as well", p.shown)
    p.leave()


def test_what_runs_behind_a_starter():
    """What is said of a starter later holds at once."""
    folder, echo = workplace(), Echo(is_silent=True)
    p = Person(folder)
    ok(p.asked(f"echo hello {echo.port} | xargs sudoku &", "sudoku"), "a program that another one has started", p.shown)
    p.type("once\r")
    ok(echo.accepted.wait(20), "is connected", p.shown)
    p.type("permission deny xargs tcp\r")
    ok(p.wait("(and no more)\r\n"), "when its starter is denied that, it ends", p.shown)
    ok(echo.is_let_go(), "with its connection")
    p.leave()


GAMES = {  # by the manifest; each is another program by its bytes
    "sudoku": 'denied = ["tcp"]',
    "chess": 'allowed = ["tcp"]',
    "go": 'substituted = ["tcp"]\nrefused = "deny"',
    "bridge": 'refused = "deny"',
    "poker": 'refused = "end"',
    "whist": 'asked = ["clock"]\nlimits = { memory = "1 MiB", processes = 1 }',
    "rummy": 'limits = { memory = "64 KiB" }',
}


class Ruled(Person):
    """In a system whose manifest says something of each game."""

    def command(self, folder, *_):
        manifest = folder / "ruled.toml"
        manifest.write_text((ROOT / "programs/init/hosted.toml").read_text() +
                            "".join(f"[program.{name}]\n{said}\n" for name, said in GAMES.items()))
        return super().command(folder) + [word for name in GAMES for word in ("--program", f"{name}.wasm={folder}/games/{name}.wasm")] \
            + [str(manifest)]


def test_manifest():
    """What the manifest says of programs, before a person has, and after."""
    folder, echo = workplace(), Echo()
    sudoku = (folder / "games/sudoku.wasm").read_bytes()
    for number, name in enumerate(list(GAMES)[1:]):
        # A custom section makes it another program.
        (folder / f"games/{name}.wasm").write_bytes(sudoku + bytes((0, 2, 1, ord("a") + number)))
    shutil.copy(folder / "games/sudoku.wasm", folder / "games/solitaire.wasm")
    p = Ruled(folder)
    play = f"hello {echo.port}"
    manifest_denies = "may not use tcp: the system's manifest denies it\r\n"
    for name in ("sudoku", "solitaire"):
        p.type(f"{name} {play}\r")
        ok(p.wait(f"{name} {manifest_denies}") and p.wait("there is no network\r\n") and p.ready(),
           f"{name}: what the manifest denies to these bytes, by any name", p.shown)
    for verb in ("allow", "ask", "substitute", "deny"):
        ok(p.says(f"permission {verb} sudoku tcp", "permission: sudoku tcp: that is said in the system's manifest, and changed there"),
           f"permission {verb}: it stays denied", p.shown)
    ok(p.says(f"chess {play}", "received: hello"), "what the manifest allows is not asked about", p.shown)
    p.type("what chess\r")
    ok(p.wait("today: allowed by the manifest\r\n") and p.ready(), "what: allowed by the manifest", p.shown)
    p.type("permission deny chess tcp\r")
    p.ready()
    p.type(f"chess {play}\r")
    ok(p.wait("chess may not use tcp; to let it: permission allow chess tcp\r\n") and p.ready(), "a person may take it away", p.shown)
    p.type("permission revoke chess tcp\r")
    ok(p.ready() and p.says(f"chess {play}", "received: hello"), "until that is revoked: then the manifest's word holds again", p.shown)
    for command in ("permission revoke chess tcp", "permission revoke chess"):
        p.type(command + "\r")
        ok(p.wait(": that is said in the system's manifest, and changed there\r\n") and p.ready(),
           f"{command}: the manifest's word is not revoked", p.shown)
    p.type("permission\r")
    ok(p.wait("chess                tcp          allow") and p.wait("manifest") and p.ready(), "the list tells whose word it is", p.shown)
    ok(p.says(f"go {play}", "refused"), "a substitute by the manifest", p.shown)
    p.type(f"bridge {play}\r")
    ok(p.wait("bridge may not use tcp; to let it: permission allow bridge tcp\r\n") and p.wait("there is no network\r\n") and p.ready(),
       "what nobody has allowed is denied, unasked", p.shown)
    p.type("what bridge\r")
    ok(p.wait("today: denied: the manifest allows it no more than it says\r\n") and p.ready(), "which `what` tells", p.shown)
    p.type("permission allow bridge tcp\r")
    p.wait(CONFIRM)
    p.type("always\r")
    ok(p.ready() and p.says(f"bridge {play}", "received: hello"), "but may be allowed by a person", p.shown)
    p.type(f"poker {play}; echo status $?\r")
    ok(p.wait("poker is ended, for it has used tcp; to let it: permission allow poker tcp\r\n") and p.wait("status 137\r\n") and p.ready(),
       "or its end", p.shown)
    p.type("permission allow poker tcp\r")
    p.wait(CONFIRM)
    p.type("always\r")
    ok(p.ready() and p.says(f"poker {play}", "received: hello"), "if nobody has allowed it", p.shown)
    ok(p.asked(f"whist {play}", "whist") and p.answer("never", "there is no network"), "what the manifest does not name is asked about", p.shown)
    p.type("what whist\r")
    ok(p.wait("limits       by the manifest: 1024 KiB of memory, 1 processes\r\n") and p.ready(), "limits are told", p.shown)
    for by, tells in ("", "rummy: there is not enough memory"), ("echo | xargs ", "rummy: Out of memory"):
        p.type(f"{by}rummy {play}\r")
        ok(p.wait(tells + "\r\n") and p.ready(), "and kept, whoever starts it", p.shown)
    p.type("service restart permission\r")
    ok(p.wait("service wants to list the system's services") and p.wait("Let it? once, always, never: "), "who decides is started again", p.shown)
    p.type("once\r")
    p.ready()
    p.type(f"sudoku {play}\r")
    ok(p.wait(f"sudoku {manifest_denies}") and p.ready() and p.says(f"chess {play}", "received: hello"),
       "and knows what the manifest says", p.shown)
    p.type("permission log\r")
    ok(p.wait("manifest") and p.ready(), "the log tells that it was the manifest", p.shown)
    p.leave()


def test_running():
    folder, echo = workplace(), Echo(is_silent=True)
    p = Person(folder)
    ok(p.asked(f"sudoku hello {echo.port}", "sudoku"), "while a program plays", p.shown)
    p.type("once\r")
    ok(echo.accepted.wait(20), "and is connected", p.shown)
    p.type("\x03")
    p.ready()
    p.type(f"sudoku hello {echo.port} &\r")
    p.wait(ASKED)
    echo.accepted.clear()
    p.type("once\r")
    ok(echo.accepted.wait(20), "also in the background", p.shown)
    p.type("permission list\r")
    ok(p.wait("sudoku               tcp          allow") and p.wait("process ") and p.ready(), "what is in force is listed", p.shown)
    p.type("permission deny sudoku tcp\r")
    ok(p.wait("(and no more)\r\n"), "a denial ends what it has open, at once", p.shown)
    ok(echo.is_let_go(), "and its connection")
    p.leave()


def test_decider_dies():
    """What a process of who decides has answered, the next one can take back."""
    folder, echo = workplace(), Echo(is_silent=True)
    p = Person(folder)
    ok(p.asked(f"sudoku hello {echo.port} &", "sudoku"), "a program in the background", p.shown)
    p.type("once\r")
    ok(echo.accepted.wait(20), "is connected, once", p.shown)
    p.type("service restart permission\r")
    ok(p.wait("service wants to list the system's services") and p.wait("Let it? once, always, never: "), "who decides is started again", p.shown)
    p.type("once\r")
    p.ready()
    p.type("permission list\r")
    ok(p.wait("sudoku               tcp          allow") and p.wait("process ") and p.ready(), "what is in force is still listed", p.shown)
    p.type("permission deny sudoku tcp\r")
    ok(p.wait("(and no more)\r\n"), "and can be ended at once", p.shown)
    ok(echo.is_let_go(), "with its connection")
    p.leave()


def test_hostile():
    folder = workplace()
    p = Person(folder)
    p.type("pretender look\r")
    ok(p.wait("[any words 12] hello") and p.wait("pretender wants to connect") and p.wait(ASKED),
       "what a program shows answers nothing: the real question comes with other words", p.shown)
    p.type("nonsense\r")
    ok(p.wait("That is none of the answers. ") and p.wait(ASKED), "nor does what is no answer", p.shown)
    p.type("\x04")
    ok(p.wait("no network\r\n") and p.ready(), "no answer at all is no, this time", p.shown)
    ok(p.says("pretender ask", "not heard"), "only the kernel asks", p.shown)
    p.type("pretender command\r")
    ok(p.wait(CONFIRM), "a program that allows itself something is asked about", p.shown)
    count, told = 0, CONFIRM
    while told == CONFIRM:
        count += 1
        p.type("never\r")
        told = p.wait_first(CONFIRM, f"{count} of a thousand were asked about\r\n", timeout=40)
    ok(told is not None and 3 <= count <= 7, "some times of a thousand", p.shown)
    ok(p.wait("no network\r\n", 40), "and then it is not asked about any more, whatever it does", p.shown)
    ok(p.ready(40), "and it ends")
    p.type("permission ask pretender tcp\r")
    p.ready()
    p.type("pretender storm\r")
    ok(p.wait(ASKED, 40), "many silos of one program are asked about", p.shown)
    p.type("\x03")
    ok(p.wait("(the question is withdrawn)", 40) and p.ready(40), "until it is interrupted: then nothing is left to be asked", p.shown)
    p.type("echo still here\r")
    ok(p.wait("still here\r\n") and p.ready(), "and the terminal is one's own again", p.shown)
    p.leave()


def test_typed_before():
    folder = workplace()
    p = Person(folder)
    # The answer is typed before the question is shown: it is forgotten, with all that was.
    p.type("sleep 1; sudoku a 9\r")
    p.wait(TAKEN)
    p.type("always\ralways\r")
    ok(p.wait(ASKED), "what was typed before a question", p.shown)
    time.sleep(0.5)
    p.type("never\r")
    ok(p.wait("there is no network\r\n") and p.ready(), "does not answer it", p.shown)
    p.leave()


def test_while_typing():
    """A line that is being edited when somebody else's question comes is there again behind it."""
    folder, state, echo = workplace(), tempfile.mkdtemp(), Echo()
    p = Person(folder, state)
    p.type(f"(sleep 1; sudoku hello {echo.port} > /dev/null) &\r")
    p.ready()
    p.type("echo pa")
    ok(p.wait(ASKED), "a question amid a line", p.shown)
    p.type("once\r")
    ok(p.wait("% echo pa"), "the line is shown again, once it is answered", p.shown)
    ok(p.says("st", "past"), "  and goes on", p.shown)
    p.type("exit\r")
    p.end()


def test_names():
    folder = workplace()
    shutil.copy(folder / "games/sudoku.wasm", folder / "games/\x1b[2Jx‮y.wasm")
    p = Person(folder)
    p.type("\x16\x1b[2Jx‮y a 9\r")
    ok(p.wait("\\x1b[2Jx\\xe2\\x80\\xaey wants to connect"), "a name's control characters are harmless", p.shown)
    p.wait(ASKED)
    p.type("never\r")
    p.ready()
    p.leave()


def test_no_terminal():
    folder = workplace()
    command = [str(WEFT), "system", "--dir", f"{folder}:/data", "--env", "PATH=/data/games", "--env", "PWD=/data",
               str(ROOT / "programs/init/hosted.toml"), "shell", "-c", "sudoku a 9"]
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(write, 1)
        os.execv(command[0], command)
    os.close(write)
    with open(read, "rb") as output:
        shown = output.read()
    os.waitpid(child, 0)
    ok(shown == b"there is no network\n", "without a terminal nobody is asked, and the answer is no", shown)


def test_terminal_that_vanishes():
    folder = workplace()
    p = Person(folder)
    ok(p.asked("sudoku a 9", "sudoku"), "a terminal that vanishes while a question stands", p.shown)
    os.close(p.terminal)
    until = time.monotonic() + 30
    ended = 0
    while ended == 0 and time.monotonic() < until:
        ended, _ = os.waitpid(p.child, os.WNOHANG)
        time.sleep(0.02)
    if ended == 0:
        os.kill(p.child, signal.SIGKILL)
        os.waitpid(p.child, 0)
    ok(ended != 0, "ends the session")


def test_many():
    """Each of thousands has some rights of its own, and so has who comes next."""
    p = Person(workplace())
    p.type("i=0; while [ $i -lt 1500 ]; do sleep 1000 & i=$((i+1)); done; echo all run\r")
    ok(p.wait("all run\r\n", timeout=120) and p.ready(), "1,500 programs run", p.shown)
    ok(p.says("date +%Y", time.strftime("%Y")), "one more has a clock", p.shown)
    ok(p.says("ps | grep -q sleep && echo seen", "seen", 60), "another sees them, through a pipe", p.shown)
    p.type("permission deny date clock\r")
    p.ready()
    p.type("date\r")
    ok(p.wait("date may not use clock; to let it: permission allow date clock\r\n") and p.ready(),
       "what one may is still decided", p.shown)
    p.leave()


test_sudoku()
test_what()
test_substitutes()
test_paths()
test_connections_by_path()
test_limits_of_opening()
test_programs_are_told_apart()
test_what_programs_start()
test_what_runs_behind_a_starter()
test_manifest()
test_running()
test_decider_dies()
test_hostile()
test_typed_before()
test_while_typing()
test_names()
test_no_terminal()
test_terminal_that_vanishes()
test_many()
done()
