"""Messages are cut into segments that never change once they are sealed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desktop.chat.segments import (
    PLAIN_CHARACTERS,
    PROSE_CHARACTERS,
    Segmenter,
    SegmentKind,
    segments_of,
)

PROSE, CODE, PLAIN = SegmentKind.PROSE, SegmentKind.CODE, SegmentKind.PLAIN
CASES: dict[str, tuple[str, list[tuple[SegmentKind, str, str]]]] = {
    "nothing": ("", []),
    "blank lines": ("\n\n \n", []),
    "words": ("Hello\n\nworld", [(PROSE, "Hello\n\nworld", "")]),
    "a fence": (
        "See:\n```Python title=x\na = 1\n\nb = 2\n```\nDone.",
        [(PROSE, "See:", ""), (CODE, "a = 1\n\nb = 2", "python"), (PROSE, "Done.", "")],
    ),
    "a fence that is not closed": ("```\na\n", [(CODE, "a", "")]),
    "a longer fence around a shorter": ("````\n```\na\n```\n````", [(CODE, "```\na\n```", "")]),
    "tildes": ("~~~ c++\nint x;\n~~~", [(CODE, "int x;", "c++")]),
    "code in a list": (
        "1. one\n   ```js\n   f()\n     g()\n   ```\n2. two",
        [(PROSE, "1. one", ""), (CODE, "f()\n  g()", "js"), (PROSE, "2. two", "")],
    ),
    "backticks in a line are no fence": ("```a``` b", [(PROSE, "```a``` b", "")]),
    "braces around the language": ("```{.rust}\nx\n```", [(CODE, "x", "rust")]),
    "a line without an end": ("x" * 50_000, [(PLAIN, "x" * 50_000, "")]),
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str) -> None:
    text, expected = CASES[name]
    assert [(each.kind, each.text, each.language) for each in segments_of(text)] == expected


PIECES = some.lists(
    some.sampled_from(
        ["```", "```py\n", "\n", "\n\n", "word ", "- item\n", "> quote\n", "| a | b |\n", "~~~\n"]
    ),
    max_size=60,
)


@given(PIECES)
def test_pieces_give_what_the_whole_gives(pieces: list[str]) -> None:
    segmenter = Segmenter()
    sealed = []
    for piece in pieces:
        segmenter.add(piece)
        sealed += segmenter.take_sealed()
        segmenter.tail()
    segmenter.end()
    sealed += segmenter.take_sealed()
    assert sealed == segments_of("".join(pieces))


@given(PIECES)
def test_no_word_is_lost(pieces: list[str]) -> None:
    text = "".join(pieces)
    shown = " ".join(f"{each.text} {each.info}" for each in segments_of(text))
    for word in ("word", "item", "quote"):
        assert shown.count(word) == text.count(word)


def test_long_prose_is_sealed_at_blank_lines_outside_lists() -> None:
    paragraph = "word " * 100 + "\n\n"
    listed = "- item\n\n" * 400
    assert len(segments_of(paragraph * 10)) > 3
    assert all(len(each.text) < 2 * PROSE_CHARACTERS for each in segments_of(paragraph * 10))
    assert len(segments_of(listed)) == 1


def test_a_table_without_an_end_becomes_plain() -> None:
    segments = segments_of("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 10_000)
    assert {each.kind for each in segments} == {PLAIN}
    assert sum(each.text.count("| 1 | 2 |") for each in segments) == 10_000
    assert all(len(each.text) <= PLAIN_CHARACTERS + 100 for each in segments)


def test_the_tail_hides_a_fence_that_is_just_being_closed() -> None:
    segmenter = Segmenter()
    segmenter.add("```py\nx = 1\n``")
    tail = segmenter.tail()
    assert tail is not None
    assert (tail.kind, tail.text) == (CODE, "x = 1")
