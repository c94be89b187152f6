"""Finds where in a file a piece of code belongs."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

_MOST_OF_IT = 0.6
_BLANK = re.compile(r"\s*")


class Where(StrEnum):
    """How a piece of code is put into a file."""

    LINES = "lines"
    MATCH = "match"
    WHOLE = "whole"
    END = "end"


class Placement(msgspec.Struct, frozen=True):
    """Lines from `first` to before `last`, counted from 0, give way to the code."""

    where: Where
    first: int
    last: int


def placements(
    text: str, code: str, first_line: int = 0, last_line: int = 0
) -> tuple[Placement, ...]:
    """Return where the code may go, the likeliest first.

    `first_line` and `last_line` are the attached lines, from 1; 0 where the whole file is.
    """
    lines = text.splitlines(keepends=True)
    found: list[Placement] = []
    match = _matching_part(lines, code.splitlines())
    if match is not None:
        found.append(Placement(Where.MATCH, *match))
    if first_line:
        found.append(
            Placement(Where.LINES, min(first_line - 1, len(lines)), min(last_line, len(lines)))
        )
    whole = Placement(Where.WHOLE, 0, len(lines))
    end = Placement(Where.END, len(lines), len(lines))
    # Code about as long as the file, with its beginning, is meant to stand in the file's place.
    begins_alike = match is not None and not "".join(lines[: match[0]]).strip()
    if begins_alike and len(code.splitlines()) >= _MOST_OF_IT * len(lines):
        return (whole, *found, end)
    return (*found, whole, end)


def put(text: str, code: str, placement: Placement) -> str:
    """Return the text with the code in its place, indented as what it replaces."""
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    before, after = lines[: placement.first], lines[placement.last :]
    new = code.splitlines()
    replaced = lines[placement.first : placement.last]
    if placement.where in {Where.MATCH, Where.LINES}:
        new = _indented_like(replaced, new)
    if before and not before[-1].endswith(("\n", "\r")):
        before[-1] += newline
    if placement.where is Where.END and before and before[-1].strip():
        before.append(newline)
    put_in = [line + newline for line in new]
    ended_without = bool(lines) and not lines[-1].endswith(("\n", "\r"))
    if not after and ended_without and put_in and placement.where is not Where.END:
        put_in[-1] = put_in[-1].removesuffix(newline)
    return "".join([*before, *put_in, *after])


def _matching_part(lines: list[str], code: list[str]) -> tuple[int, int] | None:
    """Return the part of the file that begins with the code's first line, by its indentation."""
    first = next((line.strip() for line in code if line.strip()), "")
    if not first:
        return None
    starts = [at for at, line in enumerate(lines) if line.strip() == first]
    if not starts:
        starts = [at for at, line in enumerate(lines) if _same_name(line, first)]
    if len(starts) != 1:
        return None
    start = starts[0]
    last = next((line.strip() for line in reversed(code) if line.strip()), "")
    return start, _end_of_part(lines, start, last)


def _same_name(line: str, first: str) -> bool:
    """Whether both lines begin a definition of the same name, such as `def name(`."""
    pattern = re.compile(r"(?:\w+\s+)*?(def|class|func|fn|function|struct|interface)\s+(\w+)")
    mine, theirs = pattern.match(line.strip()), pattern.match(first)
    return bool(mine and theirs and mine.groups() == theirs.groups())


def _end_of_part(lines: list[str], start: int, last: str) -> int:
    indent = _indent(lines[start])
    end = start + 1
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if not line.strip():
            continue
        closes = line.strip()[0] in ")]}" and _indent(line) == indent
        if _indent(line) <= indent and not closes:
            break
        end = at + 1
        if closes and line.strip() == last:
            break
    return end


def _indent(line: str) -> int:
    found = _BLANK.match(line.expandtabs(4).rstrip("\r\n"))
    return found.end() if found else 0


def _indented_like(replaced: list[str], new: list[str]) -> list[str]:
    """Move the code to the indentation of what it replaces, where a model wrote it at the left."""
    old = next((line for line in replaced if line.strip()), "")
    first = next((line for line in new if line.strip()), "")
    prefix = old[: len(old) - len(old.lstrip())]
    if not prefix or first[:1].isspace():
        return new
    return [prefix + line if line.strip() else line for line in new]
