#!/usr/bin/env python3
"""Whatever runs behind it, a person's shell answers: bombs of processes, hogs, floods, a terminal full of
escapes. How long the slowest answer took is told, not judged: the machine may be busy otherwise."""
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from session import Session
from tap import BUILD, PROGRAMS, done, ok

QUESTIONS = 8
APART = 0.2  # seconds, so that a siege has grown
DEADLINE = 60
PATHS = ("--dir", f"{BUILD}/tests/hosted/hostile:/hostile:ro", "--dir", f"{PROGRAMS}/bin:/tools:ro",
         "--env", "PATH=/tools:/hostile", "--memory", "1G")

# What runs behind the shell, and does so for ever.
SIEGES = {
    "subshells that multiply": "b() { b | b & }; b",
    "loops": "for i in 1 2 3 4 5 6 7 8; do while :; do :; done & done",
    "programs that are started over and over": "while :; do true; done & while :; do true | true; done &",
    "memory until there is none": "for i in 1 2 3 4; do (x=xxxxxxxx; while :; do x=$x$x; done) & done",
    "messages by the hundred thousand": "while :; do flood itself 100000; done &",
    "processes by the thousand": "while :; do flood processes 1000; done &",
    "threads that compute": "while :; do hog compute; done &",
    "a terminal full of escapes": r"while :; do printf '\033]52;c;eA==\007\033[2J\033[21t\033P$q\033\\x'; done &",
    "programs that never end": "for i in 1 2 3 4 5 6 7 8 9; do sleep 1000 & done",
}


def ask(session, word):
    """Seconds until the shell has said the word, which is not to be seen in what is typed; None: it has not."""
    time.sleep(APART)
    begun = time.monotonic()
    session.type(f"echo {word[:2]}''{word[2:]}\r")
    return time.monotonic() - begun if session.wait(word, DEADLINE) else None


def besiege(name, command):
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder, options=PATHS)
        session.type(f"{command} 2>/dev/null\r" if "|" in command else command + "\r")
        took = [ask(session, f"answer-{i}-{QUESTIONS}") for i in range(QUESTIONS)]
        by_subshell = session.type("x=$(printf %s%s sub shell); echo $x\r") or session.wait("subshell", DEADLINE)
        ok(None not in took and by_subshell, f"{name}: the shell answers", session.shown[-500:])
        print(f"#   the slowest answer took {max(t or 0 for t in took) * 1000:.0f} ms")
        session.type("exit\r")
        session.type("exit\r")
        ok(session.end(DEADLINE) is not None, "  and ends when it is told to", session.shown[-500:])


def main():
    for name, command in SIEGES.items():
        besiege(name, command)
    done()


if __name__ == "__main__":
    main()
