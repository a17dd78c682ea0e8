"""A terminal with a person at it, as tmux keeps it: keys go in, and what is on the screen is read."""
import os
import subprocess
import tempfile
import time

PATIENCE = 60


class Terminal:
    """`command` (a list) runs in it. Leaving it ends all that runs there."""

    def __init__(self, command, columns=80, rows=24):
        self.folder = tempfile.TemporaryDirectory(prefix="tmux")
        self.command, self.size = list(map(str, command)), (columns, rows)

    def __enter__(self):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        self.ask("new-session", "-d", "-x", self.size[0], "-y", self.size[1], *self.command, env=environment)
        self.ask("set-option", "-g", "remain-on-exit", "on")
        return self

    def __exit__(self, *_):
        self.ask("kill-server")
        self.folder.cleanup()

    def ask(self, *words, **options):
        return subprocess.run(["tmux", "-u", "-f", "/dev/null", "-S", f"{self.folder.name}/socket", *map(str, words)],
                              capture_output=True, text=True, timeout=PATIENCE, check=False, **options).stdout

    @property
    def lines(self):
        return self.ask("capture-pane", "-p").split("\n")[:-1]

    @property
    def text(self):
        return "\n".join(self.lines).rstrip("\n")

    def press(self, *keys):
        """Keys by tmux's names: Enter, Escape, Up, C-x."""
        self.ask("send-keys", "--", *keys)

    def type(self, text):
        self.ask("send-keys", "-l", "--", text)

    def resize(self, columns, rows):
        self.ask("resize-window", "-x", columns, "-y", rows)

    def waits(self, condition):
        """Whether the lines come to be as wanted."""
        until = time.monotonic() + PATIENCE
        while not condition(self.lines):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def shows(self, *texts):
        """Whether all the texts come to be on the screen."""
        return self.waits(lambda lines: all(any(text in line for line in lines) for text in texts))
