"""QEMU's monitor (QMP) on a pair of sockets: what a person does at the machine."""
import json
import socket
import tempfile
import time

# Where characters are on an American keyboard, by QEMU's names of the keys.
_KEYS = {" ": "spc", "\r": "ret", "\t": "tab", "\x1b": "esc", "\x7f": "backspace", "-": "minus", "=": "equal",
         "[": "bracket_left", "]": "bracket_right", ";": "semicolon", "'": "apostrophe", "`": "grave_accent",
         "\\": "backslash", ",": "comma", ".": "dot", "/": "slash"}
_SHIFTED = dict(zip('!@#$%^&*()_+{}:"~|<>?', "1234567890-=[];'`\\,./"))


class Monitor:
    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.ours.settimeout(30)
        self.lines = self.ours.makefile("rb")

    def options(self):
        return ["-chardev", f"socket,id=monitor,fd={self.theirs.fileno()}", "-mon", "chardev=monitor,mode=control"]

    def begin(self):
        """Once the machine runs."""
        self.theirs.close()
        self.lines.readline()
        self.execute("qmp_capabilities")

    def execute(self, command, **arguments):
        self.ours.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self.lines.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']}")

    def _input(self, kind, **data):
        self.execute("input-send-event", events=[{"type": kind, "data": data}])

    def key(self, name, down):
        self._input("key", down=down, key={"type": "qcode", "data": name})

    def type(self, *names):
        for name in names:
            self.key(name, True)
            self.key(name, False)

    def write(self, text):
        """Types the characters, control characters among them, as somebody would."""
        for character in text:
            plain = _SHIFTED.get(character, character.lower())
            held = ["shift"] if plain != character else []
            if plain not in _KEYS and plain < " ":
                plain, held = chr(ord(plain) + 96), ["ctrl"]
            name = _KEYS.get(plain, plain)
            for key, down in [(h, True) for h in held] + [(name, True), (name, False)] + [(h, False) for h in held]:
                self.key(key, down)
            time.sleep(0.02)  # the keyboard has room for few keys

    def move(self, x, y):
        self.execute("input-send-event", events=[{"type": "rel", "data": {"axis": "x", "value": x}},
                                                 {"type": "rel", "data": {"axis": "y", "value": y}}])

    def button(self, name, down):
        self._input("btn", down=down, button=name)

    def picture(self):
        """What the screen shows, as a PPM file."""
        with tempfile.NamedTemporaryFile(suffix=".ppm") as file:
            self.execute("screendump", filename=file.name)
            return file.read()

    def close(self):
        self.lines.close()
        self.ours.close()
