"""How far a line is indented."""

from __future__ import annotations

TAB_WIDTH = 4


def indentation_of(line: bytes) -> int:
    """Return the width of a line's indentation in columns; a tab goes to the next fourth one."""
    blank = line[: len(line) - len(line.lstrip(b" \t"))]
    return len(blank.expandtabs(TAB_WIDTH))
