"""Cuts files into passages: at the definitions that are in them, else every so many lines."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.retrieval.symbols import Definition, Kind

MOST_LINES = 60
_LEAST_LINES = 4
_CUT_AT = frozenset({Kind.FUNCTION, Kind.CLASS, Kind.TYPE, Kind.CONTAINER})


class Passage(msgspec.Struct, frozen=True):
    """Lines of a file, from 1, the last one included; `symbols` are the names defined there."""

    path: str
    first_line: int
    last_line: int
    symbols: tuple[str, ...] = ()


def passages_of(
    path: str, lines: Sequence[bytes], definitions: Sequence[Definition]
) -> tuple[Passage, ...]:
    """Return a file's passages in their order, none longer than `MOST_LINES`."""
    starts = sorted({each.line for each in definitions if each.kind in _CUT_AT})
    cuts = [0]
    for start in starts:
        begin = _with_decorators(lines, start)
        if begin - cuts[-1] >= _LEAST_LINES:
            cuts.append(begin)
    passages = []
    for first, end in zip(cuts, [*cuts[1:], len(lines)], strict=True):
        for begin in range(first, end, MOST_LINES):
            last = min(begin + MOST_LINES, end)
            if any(line.strip() for line in lines[begin:last]):
                names = tuple(
                    each.name.decode("utf-8", "replace")
                    for each in definitions
                    if begin <= each.line < last and each.kind in _CUT_AT
                )
                passages.append(Passage(path, begin + 1, last, names))
    return tuple(passages)


def _with_decorators(lines: Sequence[bytes], start: int) -> int:
    """Return where a definition begins with the comments and decorators right above it."""
    while start > 0 and lines[start - 1].lstrip().startswith((b"@", b"#", b"//", b"*", b"/*")):
        start -= 1
    return start
