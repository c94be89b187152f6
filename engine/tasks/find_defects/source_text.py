"""A text under review and its lines."""

from __future__ import annotations

import bisect
import functools

import msgspec

from engine.languages.languages import Language, language_of
from engine.tasks.find_defects.finding import Position

_FIRST_LINE_BYTES = 256


class SourceText(msgspec.Struct, frozen=True, dict=True):
    """A file's path, which names its language, and its content."""

    path: str
    text: bytes

    @functools.cached_property
    def language(self) -> Language:
        """The programming language."""
        return language_of(self.path, self.text[:_FIRST_LINE_BYTES].partition(b"\n")[0])

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        if len(starts) > 1 and not self.text.endswith((b"\n", b"\r")):
            starts.pop()
        return starts

    def position_of(self, offset: int) -> Position:
        """Return line and column of a byte offset."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect.bisect_right(self._line_starts, offset)
        before = self.text[self._line_starts[line - 1] : offset]
        return Position(line, len(before.decode("utf-8", "surrogateescape")) + 1)

    def offset_of(self, line: int, column: int) -> int:
        """Return the byte offset of a line and column; places outside are moved to the ends."""
        if line > len(self._line_starts):
            return len(self.text)
        start = self._line_starts[max(line, 1) - 1]
        characters = self.line(line).decode("utf-8", "surrogateescape")[: max(column, 1) - 1]
        return start + len(characters.encode("utf-8", "surrogateescape"))

    def line(self, number: int) -> bytes:
        """Return a line with its ending, b"" outside of the text."""
        starts = self._line_starts
        if not 1 <= number <= len(starts):
            return b""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end]
