"""Cuts a message into segments, prose and code, while it is still being written.

A sealed segment never changes again, so a view draws it once; only the tail is drawn anew, and the
cost of a token does not grow with the message.
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

# Prose is sealed at the next safe blank line after so many characters. More would make the tail
# costly to parse, fewer would make a widget of every paragraph.
PROSE_CHARACTERS = 1200
# Longer prose without a safe place, such as a table of ten thousand rows, is shown as written.
PLAIN_CHARACTERS = 12_000
_LONG_LINE = 4_000

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
# Deeper than anybody quotes or lists: parsers drop what is nested deeper than they count.
_DEEP = re.compile(r"^\s*(>\s*|([-*+]|\d{1,9}[.)])\s+){9}|^\s{24,}([-*+]|\d{1,9}[.)])\s")
_OPEN_ENDED = re.compile(r"^\s*([-*+]|\d{1,9}[.)])(\s|$)|^\s*>|^\s*\||^(\t| {2,})")


class SegmentKind(StrEnum):
    """How a segment is drawn: `PLAIN` is text as it is written, without Markdown."""

    PROSE = "prose"
    CODE = "code"
    PLAIN = "plain"


class Segment(msgspec.Struct, frozen=True):
    """A part of a message; of code, `text` is without the fence and `info` is behind its mark."""

    kind: SegmentKind
    text: str
    info: str = ""

    @property
    def language(self) -> str:
        """The language that the fence names, in small letters; empty where it names none."""
        words = re.split(r"[\s{}:,]+", self.info.strip(" {}."), maxsplit=1)
        return words[0].lower() if words else ""


class Segmenter:
    """Takes a message in pieces."""

    def __init__(self) -> None:
        self._sealed: list[Segment] = []
        self._prose: list[str] = []
        self._prose_length = 0
        self._code: list[str] = []
        self._fence: re.Match[str] | None = None
        self._rest = ""
        self._is_flood = False

    def add(self, text: str) -> None:
        """Take more of the message."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._take(line)
        is_flood = self._prose_length + len(self._rest) > PLAIN_CHARACTERS
        if is_flood and self._fence is None and len(self._rest) > _LONG_LINE:
            # A line without an end: what has come of it is drawn once.
            self._prose.append(self._rest)
            self._rest = ""
            self._seal_flood()

    def take_sealed(self) -> list[Segment]:
        """Return the segments that were sealed since the last time."""
        sealed, self._sealed = self._sealed, []
        return sealed

    def tail(self) -> Segment | None:
        """Return what is not sealed yet."""
        if self._fence is not None:
            rest = [] if _only_marks(self._rest, self._fence["mark"]) else [self._rest]
            return self._code_segment([*self._code, *self._dedented(rest)])
        text = "\n".join([*self._prose, self._rest])
        return self._prose_segment(text) if text.strip() else None

    def end(self) -> None:
        """Seal everything: the message is whole. A fence that is not closed ends here."""
        if self._rest:
            rest, self._rest = self._rest, ""
            self._take(rest)
        if self._fence is not None:
            self._seal_code()
        self._seal_prose()

    def _take(self, line: str) -> None:
        if self._fence is not None:
            if _closes(line, self._fence["mark"]):
                self._seal_code()
            else:
                self._code.extend(self._dedented([line]))
            return
        if fence := _FENCE.match(line):
            self._seal_prose()
            self._fence = fence
            return
        is_enough = self._is_flood or self._prose_length >= PROSE_CHARACTERS
        if not line.strip() and is_enough and (self._is_flood or not self._is_open()):
            self._seal_prose()
            return
        self._prose.append(line)
        self._prose_length += len(line) + 1
        if self._prose_length > PLAIN_CHARACTERS:
            self._seal_flood()

    def _is_open(self) -> bool:
        """Whether a blank line may stand inside the last block: a list, a quote, a table."""
        last = next((line for line in reversed(self._prose) if line.strip()), "")
        return bool(_OPEN_ENDED.match(last))

    def _dedented(self, lines: list[str]) -> list[str]:
        indent = self._fence["indent"] if self._fence is not None else ""
        return [line.removeprefix(indent) for line in lines]

    def _seal_prose(self) -> None:
        text = "\n".join(self._prose)
        self._prose, self._prose_length = [], 0
        if text.strip():
            self._sealed.append(self._prose_segment(text))
        self._is_flood = False

    def _seal_flood(self) -> None:
        """Seal prose that has no end; what follows up to a blank line is drawn like it."""
        self._is_flood = True
        self._seal_prose()
        self._is_flood = True

    def _prose_segment(self, text: str) -> Segment:
        is_plain = self._is_flood or is_wild(text)
        return Segment(SegmentKind.PLAIN if is_plain else SegmentKind.PROSE, text.strip("\n"))

    def _seal_code(self) -> None:
        self._sealed.append(self._code_segment(self._code))
        self._code, self._fence = [], None

    def _code_segment(self, lines: list[str]) -> Segment:
        info = self._fence["info"] if self._fence is not None else ""
        return Segment(SegmentKind.CODE, "\n".join(lines), info.strip())


def segments_of(text: str) -> list[Segment]:
    """Return all segments of a whole message."""
    segmenter = Segmenter()
    segmenter.add(text)
    segmenter.end()
    return segmenter.take_sealed()


def is_wild(text: str) -> bool:
    """Whether Markdown would hide, squeeze or drag out a text, so that it is shown as written."""
    if len(text) > PLAIN_CHARACTERS:
        return True
    return any(len(line) > _LONG_LINE or _DEEP.match(line) for line in text.split("\n"))


def _closes(line: str, mark: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(mark) and not stripped.strip(mark[0])


def _only_marks(line: str, mark: str) -> bool:
    return not line.strip().strip(mark[0])
