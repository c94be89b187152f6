"""A text with its syntax tree, which follows edits cheaply."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from tree_sitter import Node, Parser, Point, Tree

from engine.retrieval.grammars import Grammar, grammar_for

# Longer texts are data rather than code that somebody writes.
MOST_BYTES = 1024 * 1024
# A first parse of ten thousand lines takes less; only broken or hostile texts take longer.
PARSE_SECONDS = 0.3
_READ_BYTES = 8 * 1024
# A parser reads `a<a<a<…` and `a=>a=>…` in several ways at once, and where they end takes memory
# that grows with the square of their number: a gigabyte for ten thousand, in one step that no
# deadline ends. Statements of people have a few.
MOST_UNDECIDED = 200
_UNDECIDED = re.compile(rb"<|=>")
_STATEMENT_END = re.compile(rb"[;{}]")
_SAYS_NOTHING = re.compile(
    rb"""/\*.*?\*/|//[^\n]*|^[ \t]*\#[^\n]*|"[^"\n]*"|'[^'\n]*'""", re.DOTALL | re.MULTILINE
)


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
    longer than `PARSE_SECONDS` or too much memory.
    """
    grammar = grammar_for(path, text) if len(text) <= MOST_BYTES else None
    if grammar is None:
        return None
    tree = _parse(grammar, text, None)
    return None if tree is None else ParsedText(text, grammar, tree)


def point_at(text: bytes, offset: int) -> Point:
    """Return the row and the column in bytes of an offset."""
    return Point(text.count(b"\n", 0, offset), offset - text.rfind(b"\n", 0, offset) - 1)


def nodes_around(root: Node, start: int, end: int | None = None) -> list[Node]:
    """Return the nodes around a place, the innermost first.

    Goes down from the root: asking a node for its parent does that each time, which takes seconds
    in a text with thousands of open brackets.
    """
    innermost = root.descendant_for_byte_range(start, start if end is None else end)
    path: list[Node] = []
    node: Node | None = root if innermost is not None else None
    while node is not None and innermost is not None:
        path.append(node)
        node = node.child_with_descendant(innermost) if node != innermost else None
    return path[::-1]


def is_undecided(text: bytes) -> bool:
    """Whether a statement of the text has more signs than a parser can stand; see above."""
    if len(_UNDECIDED.findall(text)) <= MOST_UNDECIDED:
        return False
    statements = _STATEMENT_END.split(_SAYS_NOTHING.sub(b"", text))
    return any(len(_UNDECIDED.findall(statement)) > MOST_UNDECIDED for statement in statements)


def _parse(grammar: Grammar, text: bytes, old: Tree | None) -> Tree | None:
    if is_undecided(text):
        return None
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
