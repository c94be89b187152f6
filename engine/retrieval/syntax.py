"""Answers questions about the syntax around a caret, also where the text does not parse."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from tree_sitter import Node

from engine.languages.indentation import indentation_of
from engine.languages.languages import Blocks, languages
from engine.retrieval.open_strings import is_in_open_string
from engine.retrieval.parsed_text import ParsedText, nodes_around, parse
from engine.retrieval.scope import Scope, indented_scope, scope_between_braces

# Enough to compare two texts by; a text full of errors is not worth counting to the end.
MOST_FLAWS = 100


class Flaw(msgspec.Struct, frozen=True):
    """A place that does not parse: `missing` names what is, else the bytes are in the way."""

    start: int
    end: int
    missing: str = ""


class Enclosing(msgspec.Struct, frozen=True):
    """A function or type around a caret, its decorators included; lines count from 0."""

    start: int
    end: int
    first_line: int
    last_line: int
    is_type: bool


def errors_in(text: bytes, path: str) -> tuple[Flaw, ...] | None:
    """Return the places of a text that do not parse; None where nothing is known about it."""
    parsed = parse(path, text)
    return None if parsed is None else flaws_of(parsed)


def flaws_of(parsed: ParsedText) -> tuple[Flaw, ...]:
    """Return the places that do not parse, in their order, at most `MOST_FLAWS`."""
    flaws: list[Flaw] = []
    for node in _with_errors(parsed.root):
        if node.is_missing:
            flaws.append(Flaw(node.start_byte, node.end_byte, node.type))
        elif node.is_error:
            flaws.append(Flaw(node.start_byte, node.end_byte))
        if len(flaws) == MOST_FLAWS:
            break
    return tuple(flaws)


def parses(parsed: ParsedText) -> bool:
    """Whether the whole text parses."""
    return not parsed.root.has_error


def scope_around(parsed: ParsedText, offset: int) -> Scope | None:
    """Return the innermost block that an offset lies in; None outside of all blocks.

    Where blocks are shown by indentation, a blank line belongs to the block whose indentation the
    text before the offset has.
    """
    language = languages()[parsed.grammar.facts.language]
    if language.blocks is Blocks.INDENT:
        return indented_scope(parsed, offset)
    if not _braces_match(parsed):
        return scope_between_braces(parsed, offset)
    for node in nodes_around(parsed.root, offset):
        inside = node.start_byte < offset < node.end_byte
        if inside and node.type in parsed.grammar.facts.scopes:
            closes = parsed.text[node.end_byte - 1 : node.end_byte] == b"}"
            return Scope(node.start_byte, node.end_byte - closes, node.end_byte)
    return None


def scope_end(parsed: ParsedText, offset: int) -> int | None:
    """Return where the innermost block around an offset ends, its closing bracket included."""
    scope = scope_around(parsed, offset)
    return None if scope is None else scope.end


def is_in_string_or_comment(parsed: ParsedText, offset: int) -> bool:
    """Whether text written at the offset belongs to a string or a comment.

    Code between the brackets of an interpolation is code.
    """
    facts = parsed.grammar.facts
    for node in nodes_around(parsed.root, max(0, offset - 1), offset):
        if node.type in facts.interpolations:
            if node.start_byte < offset < node.end_byte:
                return False
        elif node.type in facts.strings:
            if node.start_byte < offset < node.end_byte:
                return True
        elif node.type in facts.comments and node.start_byte < offset:
            text = parsed.text[node.start_byte : node.end_byte]
            if offset < node.end_byte or not text.endswith((b"*/", b"\n")):
                return True
    return parsed.root.has_error and is_in_open_string(parsed, offset)


def enclosing_definitions(parsed: ParsedText, offset: int) -> tuple[Enclosing, ...]:
    """Return the functions and types around an offset, the innermost first."""
    facts = parsed.grammar.facts
    column: int | None = None
    if languages()[facts.language].blocks is Blocks.INDENT:
        offset, column = _last_text(parsed.text, offset)
    found: list[Enclosing] = []
    for node in nodes_around(parsed.root, offset):
        if node.type not in facts.functions and node.type not in facts.types:
            continue
        if column is not None and node.start_point.column >= column:
            continue  # it ended above: the offset's line is indented less than its body
        outer = node
        while outer.parent is not None and outer.parent.type in facts.wrappers:
            outer = outer.parent
        lines = outer.start_point.row, node.end_point.row
        is_type = node.type in facts.types
        found.append(Enclosing(outer.start_byte, node.end_byte, *lines, is_type))
    return tuple(found)


def enclosing_definition(parsed: ParsedText, offset: int) -> Enclosing | None:
    """Return the innermost function or type of several lines around an offset."""
    found = enclosing_definitions(parsed, offset)
    return next((one for one in found if one.last_line > one.first_line), None)


def _braces_match(parsed: ParsedText) -> bool:
    """Whether no error has to do with braces, so that the tree's blocks are the text's."""
    if not parsed.root.has_error:
        return True
    texts = [
        flaw.missing.encode() + parsed.text[flaw.start : flaw.end] for flaw in flaws_of(parsed)
    ]
    return not any(b"{" in text or b"}" in text for text in texts)


def _last_text(text: bytes, offset: int) -> tuple[int, int | None]:
    """Return the offset, moved from a blank line to the text above, and that line's columns.

    No columns where the line is not blank.
    """
    line_start = text.rfind(b"\n", 0, offset) + 1
    line_end = text.find(b"\n", offset)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    if line.strip():
        return offset, None
    above = text[:line_start].rstrip()
    return max(0, len(above) - 1), indentation_of(text[line_start:offset])


def _with_errors(root: Node) -> Iterator[Node]:
    """Yield the nodes, in the order of the text, that are or have errors."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.has_error or node.is_missing:
            yield node
            waiting.extend(reversed(node.children))
