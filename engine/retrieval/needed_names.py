"""Finds the names near a caret that a reader would want to look up."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from tree_sitter import Node

from engine.retrieval.parsed_text import ParsedText
from engine.retrieval.symbols import definitions_in
from engine.retrieval.syntax import enclosing_definitions

NEAR_LINES = 20
MOST_LINE_BYTES = 400
MOST_NAMES = 400
LEAST_NAME_BYTES = 3
# Signs above ASCII are letters in most languages; what is none harms nobody.
_NAME = re.compile(rb"[A-Za-z_$\x80-\xff][\w$\x80-\xff]*")
_REQUIRED = re.compile(rb"^.*\brequire\s*\(.*$", re.MULTILINE)
_MOST_IMPORT_BYTES = 20_000


class NeededNames(msgspec.Struct, frozen=True):
    """The names used near a caret of a file, the nearest first, and the words of its imports.

    `own` are those that the file defines itself.
    """

    path: str
    language: str
    near: tuple[bytes, ...]
    imported: frozenset[bytes]
    own: frozenset[bytes]


def needed_names(path: str, parsed: ParsedText, caret_offset: int) -> NeededNames:
    """Return the names around a caret, of the signatures around it, and of the imports."""
    near = dict.fromkeys(_names_near(parsed.text, caret_offset))
    for around in enclosing_definitions(parsed, caret_offset):
        head = parsed.text[around.start : around.end].split(b"\n", 4)[:4]
        near.update(dict.fromkeys(_names_in(head)))
    return NeededNames(
        path=path,
        language=parsed.grammar.facts.language,
        near=tuple(near)[:MOST_NAMES],
        imported=frozenset(_names_in(_imports(parsed))),
        own=frozenset(one.name for one in definitions_in(parsed) if not one.parent),
    )


def _names_near(text: bytes, caret_offset: int) -> Iterable[bytes]:
    """Yield the names in the lines around the caret, nearest lines first."""
    above = _lines_before(text, caret_offset)
    below = _lines_after(text, caret_offset)
    for distance in range(NEAR_LINES + 1):
        for lines in (above, below):
            if distance < len(lines):
                yield from _names_in([lines[distance]])


def _lines_before(text: bytes, offset: int) -> list[bytes]:
    """Return the caret's line up to it and those above, the nearest first, clipped."""
    start = max(0, offset - NEAR_LINES * MOST_LINE_BYTES)
    lines = text[start:offset].split(b"\n")[-NEAR_LINES - 1 :]
    return [line[-MOST_LINE_BYTES:] for line in reversed(lines)]


def _lines_after(text: bytes, offset: int) -> list[bytes]:
    lines = text[offset : offset + NEAR_LINES * MOST_LINE_BYTES].split(b"\n")
    return [line[:MOST_LINE_BYTES] for line in lines[: NEAR_LINES + 1]]


def _names_in(texts: Iterable[bytes]) -> Iterable[bytes]:
    for text in texts:
        for match in _NAME.finditer(text):
            if len(match[0]) >= LEAST_NAME_BYTES:
                yield match[0]


def _imports(parsed: ParsedText) -> list[bytes]:
    """Return the texts of the imports at the top level, and of calls of `require`."""
    kinds = parsed.grammar.facts.imports
    texts = [_text(parsed, node) for node in parsed.root.children if node.type in kinds]
    if parsed.grammar.facts.language in ("javascript", "typescript"):
        texts += _REQUIRED.findall(parsed.text[:_MOST_IMPORT_BYTES])
    return texts


def _text(parsed: ParsedText, node: Node) -> bytes:
    return parsed.text[node.start_byte : node.end_byte]
