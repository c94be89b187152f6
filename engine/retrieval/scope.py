"""Finds the block around a place: by indentation, or by brackets where the tree is broken."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from tree_sitter import Node

from engine.languages.indentation import indentation_of
from engine.retrieval.parsed_text import ParsedText, nodes_around

# A class of some thousand lines has fewer tokens; beyond that the answer would come too late.
MOST_TOKENS = 20_000


class Scope(msgspec.Struct, frozen=True):
    """A block, in byte offsets.

    `content_end` is where its last line ends, `end` is behind its closing bracket if it has one.
    """

    start: int
    content_end: int
    end: int


def indented_scope(parsed: ParsedText, offset: int) -> Scope | None:
    """Return the lines around an offset that are indented as much as its own, or more."""
    text = parsed.text
    line_start = text.rfind(b"\n", 0, offset) + 1
    line_end = _line_end(text, offset)
    line = text[line_start:line_end]
    column = indentation_of(line if line.strip() else text[line_start:offset])
    if column == 0:
        return None
    end = _end_of_block(parsed, line_end, column)
    return Scope(_start_of_block(parsed, line_start, column), end, end)


def _end_of_block(parsed: ParsedText, line_end: int, column: int) -> int:
    """Return the end of the last line with text before the first one that is indented less."""
    text, end = parsed.text, line_end
    while line_end < len(text):
        line_start = line_end + 1
        line_end = _line_end(text, line_start)
        line = text[line_start:line_end]
        if not line.strip():
            continue
        if indentation_of(line) < column and not _does_not_count(parsed, line_start, line):
            break
        end = line_end
    return end


def _start_of_block(parsed: ParsedText, line_start: int, column: int) -> int:
    """Return the start of the first line of the block that a line belongs to."""
    text, start = parsed.text, line_start
    while line_start > 0:
        line_end = line_start - 1
        line_start = text.rfind(b"\n", 0, line_end) + 1
        line = text[line_start:line_end]
        if not line.strip():
            continue
        if indentation_of(line) < column and not _does_not_count(parsed, line_start, line):
            break
        start = line_start
    return start


def _does_not_count(parsed: ParsedText, line_start: int, line: bytes) -> bool:
    """Whether a line's indentation says nothing: a comment's, or that of a string's inside."""
    if line.lstrip().startswith(b"#"):
        return True
    strings = parsed.grammar.facts.strings
    return any(
        node.type in strings and node.start_byte < line_start
        for node in nodes_around(parsed.root, line_start, line_start + 1)
    )


def scope_between_braces(parsed: ParsedText, offset: int) -> Scope | None:
    """Return the block between the nearest unmatched braces; None if one of them is missing.

    It looks at single tokens only, so that errors elsewhere do not matter.
    """
    opening: list[int] = []
    depth = 0
    for count, (place, kind) in enumerate(_braces(parsed.root)):
        if count > MOST_TOKENS:
            return None
        if place < offset:
            if kind == "{":
                opening.append(place)
            elif opening:
                opening.pop()
        elif kind == "{":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return Scope(opening[-1], place, place + 1) if opening else None
    return None


def _braces(root: Node) -> Iterator[tuple[int, str]]:
    """Yield the places of all braces that are tokens, in the order of the text."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if (
            node is not None
            and node.child_count == 0
            and node.type in "{}"
            and node.end_byte > (node.start_byte)
        ):
            yield node.start_byte, node.type
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return


def _line_end(text: bytes, offset: int) -> int:
    end = text.find(b"\n", offset)
    return end if end >= 0 else len(text)
