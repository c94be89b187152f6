"""Code finds its place in a file."""

from __future__ import annotations

import pytest

from desktop.chat.applying.placement import Where, placements, put
from desktop.chat.applying.side_by_side import Change, rows_of

FILE = """\
import os


class Sums:
    def add(self, a, b):
        return a - b

    def double(self, a):
        return a * 2


def main():
    print(Sums().add(1, 2))
"""
# name, code, attached lines, expected way, text that must be in the result, text that must be gone
CASES: dict[str, tuple[str, tuple[int, int], Where, str, str]] = {
    "a method written at the left margin": (
        "def add(self, a, b):\n    return a + b",
        (0, 0),
        Where.MATCH,
        "    def add(self, a, b):\n        return a + b\n\n    def double",
        "a - b",
    ),
    "a function with another signature": (
        "def main() -> None:\n    print(3)",
        (0, 0),
        Where.MATCH,
        "\n\ndef main() -> None:\n    print(3)\n",
        "Sums().add",
    ),
    "attached lines": (
        "        return sum((a, b))",
        (6, 6),
        Where.LINES,
        "    def add(self, a, b):\n        return sum((a, b))\n\n",
        "a - b",
    ),
    "something else": ("x = 1", (0, 0), Where.WHOLE, "x = 1\n", "class Sums"),
    "the whole file anew": (FILE.replace("-", "+"), (0, 0), Where.WHOLE, "a + b", "a - b"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_placement(name: str) -> None:
    code, lines, where, there, gone = CASES[name]
    first = placements(FILE, code, *lines)[0]
    assert first.where is where
    result = put(FILE, code, first)
    assert there in result
    assert gone not in result


def test_the_end_and_line_endings() -> None:
    text = "a = 1\r\nb = 2"
    end = next(each for each in placements(text, "c = 3") if each.where is Where.END)
    assert put(text, "c = 3", end) == "a = 1\r\nb = 2\r\n\r\nc = 3\r\n"


def test_a_file_without_a_last_line_end_keeps_none() -> None:
    text = "def f():\n    return 1"
    assert put(text, "def f():\n    return 2", placements(text, "def f():\n    return 2")[0]) == (
        "def f():\n    return 2"
    )


def test_an_empty_file() -> None:
    assert put("", "x = 1", placements("", "x = 1")[0]) == "x = 1\n"


def test_rows_stand_beside_each_other() -> None:
    rows = rows_of("a\nb\nc\n", "a\nB\nB2\nc\n")
    assert [(row.change, row.old, row.new) for row in rows] == [
        (Change.SAME, "a", "a"),
        (Change.CHANGED, "b", "B"),
        (Change.ADDED, "", "B2"),
        (Change.SAME, "c", "c"),
    ]
    assert [(row.old_number, row.new_number) for row in rows] == [(1, 1), (2, 2), (0, 3), (3, 4)]
