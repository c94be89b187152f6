"""A document stays the editor's text, whatever the changes and the unit they count in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PositionOutsideText, UnreadableText
from engine.tasks.complete_code.session.document import Document, byte_offset, units_in
from engine.tasks.complete_code.session.events import OffsetUnit, TextChange

_TEXT = "a\u00e9\u4e2d\U0001f600b"

# An offset in units, and the bytes before it.
_OFFSETS = [
    (OffsetUnit.BYTES, 3, 3),
    (OffsetUnit.CODE_POINTS, 2, 3),
    (OffsetUnit.CODE_POINTS, 4, 10),
    (OffsetUnit.UTF16, 3, 6),
    (OffsetUnit.UTF16, 5, 10),
    (OffsetUnit.UTF16, 6, 11),
]


@pytest.mark.parametrize(("unit", "offset", "expected"), _OFFSETS)
def test_offsets(unit: OffsetUnit, offset: int, expected: int) -> None:
    assert Document(_TEXT.encode(), 1, unit).byte_offset(offset) == expected


@pytest.mark.parametrize(
    ("unit", "offset"),
    [(OffsetUnit.UTF16, 4), (OffsetUnit.UTF16, 7), (OffsetUnit.CODE_POINTS, 6)],
)
def test_offsets_inside_a_character_or_beyond_the_end_are_refused(
    unit: OffsetUnit, offset: int
) -> None:
    with pytest.raises(PositionOutsideText):
        byte_offset(_TEXT.encode(), offset, unit)


def test_bytes_that_are_no_utf8_count_as_one_unit_each_and_stay() -> None:
    document = Document(b"\xff\xfe\xc3\xa9x", 1, OffsetUnit.UTF16)
    assert document.change(1, 2, [TextChange(3, 4, b"y")])
    assert document.text == b"\xff\xfe\xc3\xa9y"


@pytest.mark.parametrize(
    ("base", "version", "change"),
    [
        (2, 3, TextChange(0, 0, b"x")),
        (1, 1, TextChange(0, 0, b"x")),
        (1, 2, TextChange(9, 9, b"x")),
        (1, 2, TextChange(2, 1, b"x")),
    ],
)
def test_what_does_not_fit_is_not_applied(base: int, version: int, change: TextChange) -> None:
    document = Document(b"abc", 1, OffsetUnit.BYTES)
    first_half = TextChange(0, 1, b"-")
    assert not document.change(base, version, [first_half, change])
    assert (document.text, document.version) == (b"abc", 1)


def test_a_text_that_grows_too_large_is_refused() -> None:
    document = Document(b"", 1, OffsetUnit.BYTES)
    with pytest.raises(UnreadableText):
        document.change(1, 2, [TextChange(0, 0, b"x" * (11 << 20))])


@given(
    text=st.text(max_size=40),
    edits=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.text(max_size=6))),
    unit=st.sampled_from([OffsetUnit.UTF16, OffsetUnit.CODE_POINTS, OffsetUnit.BYTES]),
)
def test_edits_equal_those_of_a_plain_string(
    text: str, edits: list[tuple[int, int, str]], unit: OffsetUnit
) -> None:
    def length(part: str) -> int:
        return units_in(part.encode("utf-8", "surrogatepass"), unit)

    document = Document(text.encode("utf-8", "surrogatepass"), 0, unit)
    for version, (first, second, added) in enumerate(edits):
        start, end = sorted((min(first, len(text)), min(second, len(text))))
        change = TextChange(
            length(text[:start]), length(text[:end]), added.encode("utf-8", "surrogatepass")
        )
        assert document.change(version, version + 1, [change])
        text = text[:start] + added + text[end:]
        assert document.text == text.encode("utf-8", "surrogatepass")
