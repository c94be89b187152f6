"""Understands places in files as users write them: PATH:LINE:COLUMN and PATH[:FROM-TO]."""

from __future__ import annotations

import msgspec


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
    raise NotImplementedError


def parse_lines(text: str) -> LinesLocation:
    """Understand PATH, PATH:LINE or PATH:FROM-TO; the path may hold colons.

    A file whose whole name looks like a range is taken as that file. Raises MalformedLocation.
    """
    raise NotImplementedError
