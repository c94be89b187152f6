"""Understands places in files as users write them: PATH:LINE:COLUMN and PATH[:FROM-TO]."""

from __future__ import annotations

import os
import re

import msgspec

from rpc.failures import MalformedLocation

# The greedy path leaves only the last numbers to the place, so that it may hold colons itself.
# Nine digits are more lines than any file has, and keep absurd numbers out of the arithmetic.
_CARET = re.compile(r"(?P<path>.+):(?P<line>[0-9]{1,9}):(?P<column>[0-9]{1,9})", re.DOTALL)
_LINES = re.compile(r"(?P<path>.+):(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?", re.DOTALL)


class CaretLocation(msgspec.Struct, frozen=True):
    """A place between characters: `line` and `column` count from 1."""

    path: str
    line: int
    column: int


class LinesLocation(msgspec.Struct, frozen=True):
    """Lines of a file, from 1; (0, 0) means the whole file."""

    path: str
    first_line: int = 0
    last_line: int = 0


def parse_caret(text: str) -> CaretLocation:
    """Understand PATH:LINE:COLUMN; the path may hold colons. Raises MalformedLocation."""
    match = _CARET.fullmatch(text)
    if match is None:
        raise MalformedLocation(
            f"{text!r} is not of the form PATH:LINE:COLUMN.",
            advice="Write for example src/app.py:12:5; lines and columns count from 1.",
        )
    line, column = int(match["line"]), int(match["column"])
    if line < 1 or column < 1:
        raise MalformedLocation(
            f"{text!r} names line {line}, column {column}, but both count from 1."
        )
    return CaretLocation(path=match["path"], line=line, column=column)


def parse_lines(text: str) -> LinesLocation:
    """Understand PATH, PATH:LINE or PATH:FROM-TO; the path may hold colons.

    A file whose whole name looks like a range is taken as that file. Raises MalformedLocation.
    """
    if not text:
        raise MalformedLocation("The path is empty.", advice="Write PATH or PATH:FROM-TO.")
    match = _LINES.fullmatch(text)
    if match is None or os.path.lexists(text):
        return LinesLocation(path=text)
    first = int(match["first"])
    last = int(match["last"]) if match["last"] else first
    if not 1 <= first <= last:
        raise MalformedLocation(
            f"{text!r} names lines {first}-{last}, which are no range.",
            advice="Lines count from 1, and the first one must not be after the last one.",
        )
    return LinesLocation(path=match["path"], first_line=first, last_line=last)
