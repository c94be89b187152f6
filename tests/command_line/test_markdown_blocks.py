"""Cases of cutting a streamed answer into blocks."""

from __future__ import annotations

import pytest

from command_line.chat.markdown_blocks import MarkdownBlocks

# name: (text, blocks that are finished before the end, the tail)
CASES: dict[str, tuple[str, list[str], str]] = {
    "one line": ("Hello", [], "Hello"),
    "paragraphs": ("One.\n\nTwo.\n\nThree", ["One.\n\n", "Two.\n\n"], "Three"),
    "blank line in a fence": ("```py\na\n\nb\n", [], "```py\na\n\nb\n"),
    "fence closes": ("```py\na\n\nb\n```\nAfter", ["```py\na\n\nb\n```\n"], "After"),
    "longer fence holds a shorter": ("````\n```\n\n```\n", [], "````\n```\n\n```\n"),
    "tildes": ("~~~\n```\n~~~\n", ["~~~\n```\n~~~\n"], ""),
    "code on one line is no fence": ("```a```\n\nb", ["```a```\n\n"], "b"),
    "loose list": ("1. a\n\n2. b\n\n", [], "1. a\n\n2. b\n\n"),
    "list ends": ("- a\n\n- b\n\nText", [], "- a\n\n- b\n\nText"),
    "list ended": ("- a\n\nText\n", ["- a\n\n"], "Text\n"),
    "fence in a list": ("- a\n  ```\n  x\n\n  ```\n- b\n", [], "- a\n  ```\n  x\n\n  ```\n- b\n"),
    "quote": ("> a\n\n> b\n\nText\n", ["> a\n\n> b\n\n"], "Text\n"),
    "leading blank lines": ("\n\nA\n\n", ["\n", "\n", "A\n\n"], ""),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("piece_length", [1, 3, 1000])
def test_blocks(name: str, piece_length: int) -> None:
    text, finished, tail = CASES[name]
    blocks = MarkdownBlocks()
    got: list[str] = []
    for start in range(0, len(text), piece_length):
        got += blocks.add(text[start : start + piece_length])
    assert (got, blocks.tail) == (finished, tail)
    assert "".join(got) + blocks.end() == text
    assert blocks.tail == ""
