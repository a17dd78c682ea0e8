"""A person at a shell where somebody decides about permissions."""
import session
from tap import PROGRAMS, WEFT

ASKED = "Let it? once, always, never, substitute (a network on which every connection is refused): "
CONFIRM = "Shall it be allowed from now on: always, or never? "


class Person(session.Session):
    """In the system that `weft system` runs, in which all is asked about."""

    def __init__(self, folder, state=None):
        self.state = state
        super().__init__(folder, columns=200, program=())

    def command(self, folder, *_):
        command = [str(WEFT), "system", "--dir", f"{folder}:/data", "--dir", f"{PROGRAMS}/bin:/bin:ro", "--env", "PWD=/data",
                   "--env", "HOME=/data", "--env", f"PS1={session.PROMPT}", "--env", "PATH=/data/games:/bin"]
        return [*command, "--dir", f"{self.state}:/permissions"] if self.state else command

    def asked(self, typed, by):
        """Types a command; whether a question by that program comes."""
        self.type(typed + "\r")
        return self.wait(f"{by} wants to connect to other computers and wait for their calls (TCP).") \
            and self.wait(ASKED)

    def answer(self, typed, expected):
        """Types an answer; whether the program says that, and the prompt comes again."""
        self.type(typed + "\r")
        return self.wait(expected + "\r\n") and self.ready()

    def leave(self):
        self.type("exit\r")
        return self.end()
