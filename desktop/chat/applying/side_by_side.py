"""Compares two texts as rows of lines that stand beside each other."""

from __future__ import annotations

from difflib import SequenceMatcher
from enum import StrEnum

import msgspec


class Change(StrEnum):
    """What became of a line."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class DiffRow(msgspec.Struct, frozen=True):
    """A line of the old text and one of the new; a number of 0 means that there is none."""

    change: Change
    old_number: int
    old: str
    new_number: int
    new: str


def rows_of(old: str, new: str) -> list[DiffRow]:
    """Return the rows, from above."""
    before, after = old.splitlines(), new.splitlines()
    rows: list[DiffRow] = []
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > 20_000)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        change = Change.SAME if tag == "equal" else Change.CHANGED
        shared = min(last - first, new_last - new_first)
        for step in range(shared):
            at, to = first + step, new_first + step
            rows.append(DiffRow(change, at + 1, before[at], to + 1, after[to]))
        rows.extend(
            DiffRow(Change.REMOVED, at + 1, before[at], 0, "") for at in range(first + shared, last)
        )
        rows.extend(
            DiffRow(Change.ADDED, 0, "", to + 1, after[to])
            for to in range(new_first + shared, new_last)
        )
    return rows
