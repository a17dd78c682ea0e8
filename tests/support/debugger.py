"""QEMU's debugger: what a loader hands over is changed at the kernel's first instruction. The protocol is GDB's
remote one (GDB's manual, appendix E)."""
import pathlib
import re
import socket
import subprocess
import tempfile

from machine import KERNEL


def symbol(name):
    """Where that is in the kernel's file."""
    table = subprocess.run(["llvm-nm-19", KERNEL], check=True, capture_output=True, text=True, timeout=60).stdout
    return int(re.search(rf"^([0-9a-f]+) \w {name}$", table, re.MULTILINE)[1], 16)


class Debugger:
    """Its machine waits for `stop_at` before it does anything."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name, "gdb")
        self.socket = None

    def options(self):
        return ["-S", "-gdb", f"unix:{self.path},server=on,wait=off"]

    def _connect(self, machine):
        while not self.path.exists() and machine.process.poll() is None:
            machine.read(0.05)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(str(self.path))

    def _ask(self, text):
        self.socket.sendall(f"${text}#{sum(text.encode()) & 0xFF:02x}".encode())
        data = b""
        while not re.search(rb"\$[^#]*#[0-9a-f]{2}", data):
            data += self.socket.recv(4096)
        self.socket.sendall(b"+")
        return re.search(rb"\$([^#]*)#", data)[1].decode()

    def stop_at(self, machine, address):
        """Lets it run until there."""
        self._connect(machine)
        self._ask(f"Z1,{address:x},1")
        self._ask("c")
        self._ask(f"z1,{address:x},1")

    def register_b(self):
        """The second of the general ones, which come first, 8 bytes each."""
        return int.from_bytes(bytes.fromhex(self._ask("g")[16:32]), "little") & 0xFFFFFFFF

    def read(self, address, size):
        return bytes.fromhex(self._ask(f"m{address:x},{size:x}"))

    def write(self, address, data):
        if self._ask(f"M{address:x},{len(data):x}:{data.hex()}") != "OK":
            raise RuntimeError(f"cannot write to {address:#x}")

    def go_on(self):
        """It is alone from here on."""
        self._ask("D")
        self.socket.close()
        self.folder.cleanup()
