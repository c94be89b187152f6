"""What was suggested before answers again: typed through, deleted, and with auto-closed signs."""

from __future__ import annotations

import pytest

from engine.tasks.complete_code.session.memory import Around, Remembered, SuggestionMemory


def _entry(before: bytes, after: bytes, text: bytes) -> Remembered:
    return Remembered(Around(before, after).place(), text, (-0.1,), "end_of_line")


# What stands around the caret now, and what is left of `total = a + b` remembered at `x|\n`.
_CASES = [
    (b"x", b"\ny", b"total(a, b)"),
    (b"xtot", b"\ny", b"al(a, b)"),
    (b"xtotal(", b")\ny", b"a, b)"),
    (b"xtotal(", b"))\ny", None),
    (b"xtotal(a, b)", b"\ny", None),
    (b"xtots", b"\ny", None),
    (b"ztot", b"\ny", None),
    (b"xtot", b"\nz", None),
    (b"", b"\ny", None),
]


@pytest.mark.parametrize(("before", "after", "rest"), _CASES)
def test_match(before: bytes, after: bytes, rest: bytes | None) -> None:
    memory = SuggestionMemory()
    memory.add(_entry(b"x", b"\ny", b"total(a, b)"))
    match = memory.match(Around(before, after))
    assert (match.rest if match else None) == rest


def test_the_newest_entry_counts_and_old_ones_go() -> None:
    memory = SuggestionMemory()
    for number in range(200):
        memory.add(_entry(b"x" * number, b"", b"y%d" % number))
    assert memory.match(Around(b"", b"")) is None
    newest = memory.match(Around(b"x" * 199, b""))
    assert newest is not None
    assert newest.rest == b"y199"


def test_an_empty_answer_is_remembered_for_its_place_only() -> None:
    memory = SuggestionMemory()
    memory.add(_entry(b"x", b"", b""))
    assert memory.match(Around(b"x", b"")) is not None
    assert memory.match(Around(b"xy", b"")) is None
