#!/usr/bin/env python3
"""A person types one command after the other, while whatever there is but init is killed at random: the name space,
who decides about permissions, pipes, the session, its shell, what that runs. A shell answers each time, and in the
end there is as much as at the start.

usage: chaos.py [KILLS [SEED]]"""
import os
import pathlib
import random
import re
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from session import PROMPT, READY, Session
from tap import BUILD, PROGRAMS, ROOT, WEFT, done, ok

GUESTS = BUILD / "tests/hosted/guest"
IS_SANITIZED = "sanitized" in WEFT.name
BOUND = 60  # seconds, for an answer; a hang lasts for ever
STILL = 5  # seconds, after which a person tries ^C
MOMENT = 0.1
COMMANDS = (
    "echo {} | cat",
    "x=$(echo {} | cat); echo $x",
    "echo {} >/tmp/file && cat /tmp/file",
    "(echo {}) | cat | cat",
    "sleep 0.02 & echo {}; wait",
    "ls / >/dev/null; echo {}",
    "for i in 1 2 3; do echo $i; done | tail -n 1 >/dev/null; echo {}",
)
SERVICE = """
[service.chaos]
program = "chaos"
silo = "system"
arguments = ["{seed}", "{kills}"]
directories = ["/chaos"]
"""


class Victim(Session):
    """At a terminal of a system in which something kills."""

    def __init__(self, folder, kills, seed):
        manifest = (ROOT / "programs/init/hosted.toml").read_text() + SERVICE.format(seed=seed, kills=kills)
        (folder / "chaos.toml").write_text(manifest)
        (folder / "chaos").mkdir()
        self.folder, self.number, self.slowest, self.kills = folder, 0, 0, 0
        self.chance = random.Random(seed)
        super().__init__(folder, columns=200, program=())

    def command(self, folder, *_):
        return [str(WEFT), "system", "--dir", f"{PROGRAMS}/bin:/bin:ro", "--dir", f"{folder}/chaos:/chaos",
                "--env", "PATH=/bin", "--env", f"PS1={PROMPT}", "--program", f"chaos={GUESTS}/chaos.wasm",
                f"{folder}/chaos.toml"]

    def turn(self):
        with open(self.folder / "chaos/turns", "ab") as turns:
            turns.write(b".")

    def survives(self):
        """Whether a shell answers up to one kill more, and after it."""
        kills = self.folder / "chaos/kills"
        self.turn()
        while not kills.exists() or kills.stat().st_size == self.kills:
            if not self.answers(self.chance.choice(COMMANDS)):
                return False
        self.kills += 1
        return self.answers(self.chance.choice(COMMANDS))

    def answers(self, command):
        """Whether a shell answers a command within the bound. It is typed again where a new shell begins: that shows,
        but so does the prompt of the one before, so a moment is left for an answer behind it."""
        began = time.monotonic()
        while time.monotonic() < began + BOUND:
            self.number += 2
            self.shown = ""
            self.type("\x15" + command.format(f"answer-$(({self.number}+1))") + "\r")
            answer = f"answer-{self.number + 1}\r\n"
            seen = self.wait_first(answer, READY, timeout=STILL)
            if seen == READY:
                seen = self.wait_first(answer, timeout=MOMENT) or READY
            if seen is None:
                self.type("\x03")
            elif seen == answer:
                self.slowest = max(self.slowest, time.monotonic() - began)
                self.ready(MOMENT)
                return True
        return False


def written(path, end):
    """What is in a file once it ends so; None: it does not come to that."""
    until = time.monotonic() + BOUND
    while time.monotonic() < until:
        text = path.read_text() if path.exists() else ""
        if text.endswith("\n") and end in text:
            return text
        time.sleep(0.02)
    return None


def result_of(folder):
    """What the killer has counted, before and after."""
    result = written(folder / "result", "slots")
    if result is None:
        return "there is no result"
    lists = ((folder / name).read_text() for name in ("before", "after"))
    return result + "".join(f"name, messages, slots:\n{rows}" for rows in lists)


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100 if IS_SANITIZED else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        victim = Victim(folder, kills, seed)
        told = f"seed {seed}: {sys.argv[0]} {kills} {seed}"
        is_well = all(victim.answers(command) for command in COMMANDS)
        ok(is_well, "a shell answers", f"{told}\n{victim.shown}")
        victim.turn()
        is_well = is_well and written(folder / "chaos/before", "shell") is not None
        while is_well and victim.kills < kills:
            is_well = victim.survives()
        ok(is_well, f"{victim.kills} kills, and a shell answers each time", f"{told}\n{victim.shown[-4000:]}")
        print(f"# the slowest answer took {victim.slowest:.2f} s")
        is_well = is_well and all(victim.answers(command) for command in COMMANDS)
        victim.turn()
        result = result_of(folder / "chaos") if is_well else ""
        figures = re.findall(r"^(?:processes|silos|messages|slots) (\d+) (\d+)$", result, re.MULTILINE)
        ok(f"kills {kills}\n" in result and all(before == after for before, after in figures),
           "nothing is left over, and nothing lost", f"{told}\n{result}\n{victim.shown[-2000:]}")
        victim.type("exit 7\r")
        ok(victim.end(BOUND) == 7, "the session ends by itself", told)
    done()


main()
