#!/usr/bin/env python3
"""README.md and docs/guide.md, word for word: all their commands, in a shell of the host, and typed into the shell that
./run starts at a terminal."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from session import TAKEN, Session
from tap import PROGRAMS, ROOT, done, ok, weft

DEADLINE = 120
ASKED = "never: "


class Newcomer(Session):
    """Who has just typed ./run in a folder."""

    def command(self, folder, *_):
        return ["/bin/sh", "-c", f"cd {folder}/here && exec {ROOT}/run"]


def steps(page):
    """What is typed at the prompt, and the lines that follow."""
    for block in re.findall(r"^```console\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S):
        for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
            typed, *shown = step.splitlines()
            yield typed, shown


def pattern(lines):
    """What is shown: `...` is anything, and alone on a line any lines."""
    parts = [r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + r" *\n"
             for line in lines]
    return re.compile("".join(parts))


def plain(text):
    """Without what moves the cursor and colours."""
    text = re.sub(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()]B|[78])", "", text)
    return text.replace("\r\n", "\n").replace("\r", "")


def answers(lines):
    """What is to be typed in between: the word behind a question that ends a line."""
    return [line.split(": ")[-1] for line in lines if line.startswith("Let it? ")]


def run(session, typed, lines):
    """All that a command shows, until the prompt comes again."""
    session.type(typed + "\r")
    session.wait(TAKEN, DEADLINE)
    shown = ""
    for answer in answers(lines):
        session.wait(ASKED, DEADLINE)
        shown += session.passed + ASKED
        session.type(answer + "\r")
    session.ready(DEADLINE)
    return plain(shown + session.passed)


def test_readme():
    for typed, lines in steps("README.md"):
        ran = subprocess.run(typed, shell=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=DEADLINE, check=False)
        ok(re.fullmatch(pattern(lines), ran.stdout), f"$ {typed}", ran.stdout)


def test_commands_of_others():
    """docs/STATUS.md says by which commands people do here what they did elsewhere."""
    table = (ROOT / "docs/STATUS.md").read_text().partition("## For who comes from")[2].partition("What they have")[0]
    here = " ".join(row.split(" | ")[-1] for row in table.splitlines() if row.startswith("| "))
    words = {words.split()[0] for words in re.findall(r"`([a-z][^`]*)`", here) if not re.search(r"^[a-z]+/|\.md", words)}
    words -= {"spawn", "start", "stop", "destroy", "resume", "events", "limit", "attach", "make"}  # of `silo`, and of the host
    ran = weft("run", "--dir", f"{PROGRAMS}/bin:/bin:ro", "--env", "PATH=/bin", "--allow", "boot", "shell", "-c",
               f"type {' '.join(sorted(words))}")
    ok(ran.status == 0 and len(words) > 50, f"{len(words)} commands for people from elsewhere are there", ran)


def main():
    test_readme()
    test_commands_of_others()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder + "/state"
        pathlib.Path(folder, "here").mkdir()
        session = Newcomer(folder, columns=200)
        for typed, lines in steps("docs/guide.md"):
            shown = run(session, typed, lines)
            ok(pattern(lines).search(shown) or not lines, f"$ {typed}", shown)
        session.type("exit\r")
        ok(session.end(DEADLINE) == 0, "exit leads out")
    done()


if __name__ == "__main__":
    main()
