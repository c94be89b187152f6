"""The one change that makes a text of another one is as small as it can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpc.difference import difference

_CASES = [
    (b"abc", b"abc", (3, 3, b"")),
    (b"abc", b"abXc", (2, 2, b"X")),
    (b"aaa", b"aaaa", (3, 3, b"a")),
    (b"abc", b"", (0, 3, b"")),
    (b"", b"abc", (0, 0, b"abc")),
    (b"one two three", b"one 2 three", (4, 7, b"2")),
]


@pytest.mark.parametrize(("old", "new", "change"), _CASES)
def test_difference(old: bytes, new: bytes, change: tuple[int, int, bytes]) -> None:
    found = difference(old, new)
    assert (found.start, found.end, found.text) == change


@given(old=st.binary(max_size=60), new=st.binary(max_size=60))
def test_a_difference_makes_the_new_text(old: bytes, new: bytes) -> None:
    change = difference(old, new)
    assert old[: change.start] + change.text + old[change.end :] == new
