"""What a terminal shows of the bytes that programs write: ECMA-48 as far as the shell and the tools use it, and no
further, so what is not known here is seen to be that. Written for the tests alone: it checks the terminal that is in the tree."""
import re

_SEQUENCE = re.compile(r"\x1b\[([?>=!]?)([\d;:]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]+[0-~]|\x1b[0-Z\\^-~]")


class Terminal:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.rest, self.unknown = "", []
        self.saved = (0, 0)
        self.main, self.is_other = None, False
        self.top, self.bottom = 0, rows
        self.row = self.column = 0
        self.cells = self._blank()

    def _blank(self):
        return [[" "] * self.columns for _ in range(self.rows)]

    @property
    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells).rstrip("\n") + "\n"

    def write(self, text):
        text, self.rest = self.rest + text, ""
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                self._character(text[at])
                at += 1
                continue
            found = _SEQUENCE.match(text, at)
            if found is None:
                self.rest = text[at:]  # the end of it is still to come
                return
            self._sequence(found)
            at = found.end()

    def _character(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self._feed()
        elif character == "\b":
            self.column = max(min(self.column, self.columns - 1) - 1, 0)
        elif character == "\t":
            self.column = min(self.column // 8 * 8 + 8, self.columns - 1)
        elif character >= " " and character != "\x7f":
            self._put(character)

    def _put(self, character):
        if self.column == self.columns:  # the next one wraps
            self.column = 0
            self._feed()
        self.cells[self.row][self.column] = character
        self.column += 1

    def _feed(self):
        if self.row == self.bottom - 1:
            self._scroll(self.top, 1)
        elif self.row < self.rows - 1:
            self.row += 1

    def _scroll(self, top, count):
        """Lines from there to the end of the region move up; down, if that is negative."""
        region = self.cells[top:self.bottom]
        size = len(region)
        new = [[" "] * self.columns for _ in range(min(abs(count), size))]
        self.cells[top:self.bottom] = (region + new)[-size:] if count > 0 else (new + region)[:size]

    def _sequence(self, found):
        private, numbers, final = found[1], found[2], found[3]
        if final is None:
            self._escape(found[0])
            return
        values = [int(n) if n.isdigit() else 0 for n in re.split("[;:]", numbers or "")]
        if private == "?" and final in "hl":
            for value in values:
                self._mode(value, final == "h")
        elif not private and hasattr(self, "_csi_" + final):
            getattr(self, "_csi_" + final)(values[0], values)
        elif not private and final in self._MOVES:
            rows, columns = self._MOVES[final]
            self.row = min(max(self.row + rows * max(values[0], 1), 0), self.rows - 1)
            self.column = min(max(self.column + columns * max(values[0], 1), 0), self.columns - 1)
        else:
            self.unknown.append(found[0])

    _MOVES = {"A": (-1, 0), "B": (1, 0), "C": (0, 1), "D": (0, -1)}

    def _escape(self, sequence):
        if sequence == "\x1b7":
            self.saved = (self.row, self.column)
        elif sequence == "\x1b8":
            self.row, self.column = self.saved
        elif sequence == "\x1bM":
            if self.row == self.top:
                self._scroll(self.top, -1)
            else:
                self.row = max(self.row - 1, 0)
        elif sequence == "\x1bc":
            self.__init__(self.columns, self.rows)
        elif not re.match(r"\x1b[(\]=>]", sequence):  # character sets, titles, keypads show nothing
            self.unknown.append(sequence)

    def _mode(self, number, is_on):
        if number in (47, 1047, 1049) and is_on != self.is_other:
            self.is_other = is_on
            if is_on:
                self.main = (self.cells, self.row, self.column)
                self.cells = self._blank()
            else:
                self.cells, self.row, self.column = self.main
        elif number not in (1, 7, 12, 25, 47, 1000, 1002, 1006, 1047, 1049, 2004):
            self.unknown.append(f"mode {number}")

    def _csi_G(self, column, _):
        self.column = min(max(column, 1), self.columns) - 1

    def _csi_d(self, row, _):
        self.row = min(max(row, 1), self.rows) - 1

    def _csi_H(self, row, values):
        self._csi_d(row, values)
        self._csi_G(values[1] if len(values) > 1 else 1, values)

    _csi_f = _csi_H

    def _csi_J(self, what, values):
        self._csi_K(what, values)
        rows = {0: range(self.row + 1, self.rows), 1: range(self.row), 2: range(self.rows)}.get(what, ())
        for row in rows:
            self.cells[row] = [" "] * self.columns

    def _csi_K(self, what, _):
        start = 0 if what in (1, 2) else min(self.column, self.columns - 1)
        end = min(self.column + 1, self.columns) if what == 1 else self.columns
        self.cells[self.row][start:end] = [" "] * (end - start)

    def _csi_m(self, *_):
        """Colours and the like."""

    def _csi_n(self, *_):
        """A question, whose answer is the other side's."""

    def _csi_h(self, *_):
        """Insertion and the like: none of the tools needs it here."""

    _csi_l = _csi_h

    def _csi_r(self, top, values):
        self.top = max(top, 1) - 1
        self.bottom = min(values[1] if len(values) > 1 and values[1] else self.rows, self.rows)
        self.row = self.column = 0

    def _csi_L(self, count, _):
        self._scroll(self.row, -max(count, 1))

    def _csi_M(self, count, _):
        self._scroll(self.row, max(count, 1))

    def _csi_S(self, count, _):
        self._scroll(self.top, max(count, 1))

    def _csi_T(self, count, _):
        self._scroll(self.top, -max(count, 1))

    def _csi_P(self, count, _):
        row, count = self.cells[self.row], max(count, 1)
        self.cells[self.row] = (row[:self.column] + row[self.column + count:] + [" "] * self.columns)[:self.columns]

    def _csi_AT(self, count, _):
        row, count = self.cells[self.row], max(count, 1)
        self.cells[self.row] = (row[:self.column] + [" "] * count + row[self.column:])[:self.columns]

    def _csi_X(self, count, _):
        end = min(self.column + max(count, 1), self.columns)
        self.cells[self.row][self.column:end] = [" "] * (end - self.column)


setattr(Terminal, "_csi_@", Terminal._csi_AT)
