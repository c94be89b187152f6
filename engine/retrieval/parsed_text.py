"""A text with its syntax tree, which follows edits cheaply."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tree_sitter import Node, Parser, Point, Tree

from engine.retrieval.grammars import Grammar, grammar_for

# Longer texts are data rather than code that somebody writes.
MOST_BYTES = 1024 * 1024
# A first parse of ten thousand lines takes less; only broken or hostile texts take longer.
PARSE_SECONDS = 0.3
_READ_BYTES = 8 * 1024


@dataclass(frozen=True)
class ParsedText:
    """A text and its syntax tree. Neither ever changes; `edited` gives a new one."""

    text: bytes
    grammar: Grammar
    tree: Tree

    @property
    def root(self) -> Node:
        """The tree's root, which spans the whole text."""
        return self.tree.root_node

    def edited(self, start: int, end: int, new: bytes) -> ParsedText | None:
        """Return the text with the bytes from `start` to `end` replaced, parsed incrementally.

        None where that takes too long. Offsets outside the text are moved to its ends.
        """
        start = min(max(start, 0), len(self.text))
        end = min(max(end, start), len(self.text))
        text = self.text[:start] + new + self.text[end:]
        if len(text) > MOST_BYTES:
            return None
        new_end = start + len(new)
        tree = self.tree.copy()
        tree.edit(
            start,
            end,
            new_end,
            point_at(self.text, start),
            point_at(self.text, end),
            point_at(text, new_end),
        )
        parsed = _parse(self.grammar, text, tree)
        return None if parsed is None else ParsedText(text, self.grammar, parsed)


def parse(path: str, text: bytes) -> ParsedText | None:
    """Return a text with its tree.

    None for languages without a grammar, for texts above `MOST_BYTES`, and for those that take
    longer than `PARSE_SECONDS`.
    """
    grammar = grammar_for(path, text) if len(text) <= MOST_BYTES else None
    if grammar is None:
        return None
    tree = _parse(grammar, text, None)
    return None if tree is None else ParsedText(text, grammar, tree)


def point_at(text: bytes, offset: int) -> Point:
    """Return the row and the column in bytes of an offset."""
    return Point(text.count(b"\n", 0, offset), offset - text.rfind(b"\n", 0, offset) - 1)


def _parse(grammar: Grammar, text: bytes, old: Tree | None) -> Tree | None:
    deadline = time.monotonic() + PARSE_SECONDS
    view = memoryview(text)

    def read(offset: int, point: Point) -> bytes:
        del point
        return bytes(view[offset : offset + _READ_BYTES])

    def is_too_late(offset: int, has_error: bool) -> bool:
        del offset, has_error
        return time.monotonic() > deadline

    parser = Parser(grammar.language)
    try:
        if old is None:
            return parser.parse(read, progress_callback=is_too_late)
        return parser.parse(read, old, progress_callback=is_too_late)
    except ValueError:  # the only sign that the callback stopped it
        return None
