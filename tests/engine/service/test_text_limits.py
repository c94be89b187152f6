"""Carets: on a character's edge, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.errors import PositionOutsideText, UnreadableText
from engine.service.text_limits import LARGEST_TEXT_BYTES, check_caret, check_size


def _is_accepted(text: bytes, offset: int) -> bool:
    try:
        check_caret(text, offset)
    except PositionOutsideText:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (b"", [0]),
        (b"ab", [0, 1, 2]),
        ("é".encode(), [0, 2]),
        ("a界b".encode(), [0, 1, 4, 5]),
        ("😀x".encode(), [0, 4, 5]),
        (b"\xff\xfe", [0, 1, 2]),  # no characters at all
        (b"\x80\x80", [0, 1, 2]),  # stray continuation bytes
        (b"\xe7\x95", [0, 1, 2]),  # cut before its end
        (b"\xed\xa0\x80", [0, 1, 2, 3]),  # a lone surrogate is no character
        (b"\xc3\xa9\xa9", [0, 2, 3]),
    ],
)
def test_places_for_a_caret(text: bytes, accepted: list[int]) -> None:
    assert [place for place in range(len(text) + 3) if _is_accepted(text, place)] == accepted


@given(some.text())
def test_only_edges_of_characters_are_places(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    edges = {len(text[:count].encode()) for count in range(len(text) + 1)}
    encoded = text.encode()
    assert {place for place in range(len(encoded) + 1) if _is_accepted(encoded, place)} == edges


@given(some.binary(max_size=40), some.integers(0, 50))
def test_any_bytes_are_judged(text: bytes, place: int) -> None:
    assert _is_accepted(text, place) or place > 0


def test_size() -> None:
    check_size(LARGEST_TEXT_BYTES, "The text")
    with pytest.raises(UnreadableText, match=r"The text has 10\.0 MiB"):
        check_size(LARGEST_TEXT_BYTES + 1, "The text")
