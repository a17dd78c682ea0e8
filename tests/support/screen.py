"""Reads a machine's screen: a picture of it, back into text by the glyphs of the console font."""
import importlib.machinery
import importlib.util
import pathlib
import re
import struct
import time
import zlib

from machine import DEADLINE
from tap import ROOT, ok

FONTS = pathlib.Path("/usr/share/consolefonts")


def _font(name):
    loader = importlib.machinery.SourceFileLoader("font", str(ROOT / "tools/font"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("font", loader))
    loader.exec_module(module)
    return module.Font(module.unpacked(FONTS / name))


# What looks the same, be it in bold, is read as the lowest code point.
_characters = {}
for _code, _glyph in sorted((code, font.glyphs[index]) for font in map(_font, ("Uni2-Terminus16.psf.gz", "Uni2-TerminusBold16.psf.gz"))
                            for code, index in font.places.items()):
    _characters.setdefault(_glyph, chr(_code))


class Picture:
    """A PPM picture (P6, 8 bits a channel)."""

    def __init__(self, data):
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        self.width, self.height = int(head[1]), int(head[2])
        self.pixels = data[head.end():]
        self.columns, self.rows = self.width // 8, self.height // 16

    def pixel(self, x, y):
        at = (y * self.width + x) * 3
        return tuple(self.pixels[at:at + 3])

    def cell(self, column, row):
        """The character, and the colours of ink and paper: of two colours in a cell, the paper's is the one
        with which a glyph comes out; of a blank there is no ink."""
        lines = []
        for y in range(row * 16, row * 16 + 16):
            at = (y * self.width + column * 8) * 3
            line = self.pixels[at:at + 24]
            lines.append([line[i:i + 3] for i in range(0, 24, 3)])
        colours = sorted({pixel for line in lines for pixel in line})
        if len(colours) == 1:
            return " ", None, tuple(colours[0])
        if len(colours) > 2:
            return "\N{REPLACEMENT CHARACTER}", None, None
        for paper, ink in (colours, reversed(colours)):
            glyph = bytes(sum((pixel == ink) << 7 - x for x, pixel in enumerate(line)) for line in lines)
            if glyph in _characters:
                return _characters[glyph], tuple(ink), tuple(paper)
        return "\N{REPLACEMENT CHARACTER}", None, None

    def line(self, row):
        return "".join(self.cell(column, row)[0] for column in range(self.columns)).rstrip()

    def png(self, rows):
        """The first rows of text, as a PNG file."""
        lines = [self.pixels[y * self.width * 3:(y + 1) * self.width * 3] for y in range(rows * 16)]

        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        head = struct.pack(">IIBBBBB", self.width, len(lines), 8, 2, 0, 0, 0)
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
                chunk(b"IDAT", zlib.compress(b"".join(b"\0" + line for line in lines), 9)) + chunk(b"IEND", b""))

    @property
    def text(self):
        return "\n".join(self.line(row) for row in range(self.rows)).rstrip("\n") + "\n"


def await_picture(machine, is_wanted, is_still=False):
    """The picture of a machine's screen, once its text is as wanted, and, if that is asked for, it stands still: two are the
    same. At the deadline that is a failure, also where nothing is checked behind."""
    end = time.monotonic() + DEADLINE
    before = read = None
    while True:
        shown = machine.monitor.picture()
        if shown != read and (shown == before or not is_still):  # to read one takes far longer than to take one
            read = shown
            picture = Picture(shown)
            if is_wanted(picture.text):
                return picture
        if time.monotonic() > end or machine.process.poll() is not None:
            picture = Picture(shown)
            ok(False, "what is waited for is on the screen", f"{picture.text}\n{machine}")
            return picture
        before = shown
        time.sleep(0.05)
