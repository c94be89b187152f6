"""Places in files as users write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpc.failures import MalformedLocation
from rpc.locations import CaretLocation, LinesLocation, parse_caret, parse_lines

CARETS = {
    "a.py:1:1": CaretLocation("a.py", 1, 1),
    "src/app.py:12:5": CaretLocation("src/app.py", 12, 5),
    "odd:name:3:4": CaretLocation("odd:name", 3, 4),
    "odd:1:2:3:4": CaretLocation("odd:1:2", 3, 4),
    "a b\nc:3:4": CaretLocation("a b\nc", 3, 4),
}


@pytest.mark.parametrize("text", CARETS)
def test_a_caret_is_understood(text: str) -> None:
    assert parse_caret(text) == CARETS[text]


@pytest.mark.parametrize(
    "text",
    ["", "a.py", "a.py:1", ":1:1", "a.py:x:1", "a.py:1:", "a.py:0:1", "a.py:1:0", "a.py:-1:1",
     "a.py:1:٣", "a.py:1:99999999999999999999"],
)  # fmt: skip
def test_what_is_no_caret_is_refused(text: str) -> None:
    with pytest.raises(MalformedLocation) as caught:
        parse_caret(text)

    assert caught.value.exit_code == 2


LINES = {
    "a.py": LinesLocation("a.py"),
    "a.py:3-9": LinesLocation("a.py", 3, 9),
    "a.py:3": LinesLocation("a.py", 3, 3),
    "odd:name": LinesLocation("odd:name"),
    "odd:1-2:3-4": LinesLocation("odd:1-2", 3, 4),
}


@pytest.mark.parametrize("text", LINES)
def test_lines_are_understood(text: str) -> None:
    assert parse_lines(text) == LINES[text]


@pytest.mark.parametrize("text", ["", "a.py:0-3", "a.py:4-3", "a.py:0"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(MalformedLocation):
        parse_lines(text)


def test_a_file_whose_name_looks_like_a_range_is_that_file(tmp_path: Path) -> None:
    path = tmp_path / "notes:1-2"
    path.write_bytes(b"a\n")

    assert parse_lines(str(path)) == LinesLocation(str(path))
    assert parse_lines(f"{path}:1-1") == LinesLocation(str(path), 1, 1)
