"""Finds what a file defines: functions, types and constants, each by its signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

import msgspec
from tree_sitter import Node, QueryCursor

from engine.retrieval.parsed_text import ParsedText

# More is the output of a program, and would crowd out the rest of a project.
MOST_DEFINITIONS = 2000
MOST_SIGNATURE_LINES = 8
MOST_TYPE_LINES = 16
MOST_SIGNATURE_BYTES = 800
MOST_DOC_BYTES = 160
MOST_RUBBLE = 4000
MOST_COMMENTS = 40
_COMMENT_MARKS = b"/*!#-<> \t"
_TAG = re.compile(rb"</?\w+>")


class Kind(StrEnum):
    """What is defined. A container only holds others (an `impl` of Rust)."""

    FUNCTION = "function"
    CLASS = "class"
    TYPE = "type"
    CONSTANT = "constant"
    FIELD = "field"
    CONTAINER = "container"


class Definition(msgspec.Struct, frozen=True):
    """One definition.

    `signature` is its text without the body, its first line unindented; `doc` the first line of its
    documentation without any marks; `parent` the type that it belongs to; `line` counts from 0.
    """

    name: bytes
    kind: Kind
    signature: bytes
    doc: bytes
    parent: bytes
    line: int


class _Found(msgspec.Struct, frozen=True):
    """A definition's nodes, before it is known where it belongs."""

    kind: Kind
    node: Node
    name: Node
    body: Node | None
    parent: Node | None


# When two patterns find the same node, the one that knows more wins.
_ORDER = tuple(Kind)


def definitions_in(parsed: ParsedText, most: int = MOST_DEFINITIONS) -> tuple[Definition, ...]:
    """Return the definitions of a file in their order, without those inside functions."""
    around: list[tuple[int, Kind, bytes, bool]] = []  # end, kind, name, is inside a function
    definitions: list[Definition] = []
    for found in _found_in(parsed):
        node = found.node
        while around and around[-1][0] <= node.start_byte:
            around.pop()
        is_local = bool(around) and (around[-1][3] or around[-1][1] is Kind.FUNCTION)
        name = _text(parsed, found.name)
        around.append((node.end_byte, found.kind, name, is_local))
        if is_local or found.kind is Kind.CONTAINER:
            continue
        outside = _text(parsed, found.parent) if found.parent is not None else b""
        definitions.append(_definition(parsed, found, name, outside or _type_in(around[:-1])))
        if len(definitions) == most:
            break
    return tuple(definitions)


def _found_in(parsed: ParsedText) -> Sequence[_Found]:
    """Return what the grammar's query captures, outer definitions before those inside."""
    if _is_rubble(parsed.root):
        return ()
    best: dict[tuple[int, int, int], _Found] = {}
    # Without a callback for progress: with one, tree-sitter 0.26.1 crashes.
    cursor = QueryCursor(parsed.grammar.definitions)
    for _, captures in cursor.matches(parsed.root):
        kind = next((kind for kind in Kind if kind in captures), None)
        if kind is None or "name" not in captures:
            continue
        node, name = captures[kind][0], captures["name"][0]
        body, parent = captures.get("body", [None])[0], captures.get("parent", [None])[0]
        key = (node.start_byte, -node.end_byte, name.start_byte)
        if key not in best or _ORDER.index(kind) < _ORDER.index(best[key].kind):
            best[key] = _Found(kind, node, name, body, parent)
    return [best[key] for key in sorted(best)]


def _is_rubble(root: Node) -> bool:
    """Whether so little of a text parses that the query would take long to find nothing.

    Its time grows with the square of the number of tokens that lie beside each other in an error.
    """
    effort, waiting = 0, [root]
    while waiting:
        node = waiting.pop()
        if node.is_error:
            effort += node.child_count**2
            if effort > MOST_RUBBLE**2:
                return True
        waiting += [child for child in node.children if child.has_error]
    return False


def _type_in(around: Sequence[tuple[int, Kind, bytes, bool]]) -> bytes:
    holders = (Kind.CLASS, Kind.CONTAINER, Kind.TYPE)
    return next((name for _, kind, name, _ in reversed(around) if kind in holders), b"")


def _definition(parsed: ParsedText, found: _Found, name: bytes, parent: bytes) -> Definition:
    outer = _with_wrappers(parsed, found.node)
    return Definition(
        name=name,
        kind=found.kind,
        signature=_signature(parsed, outer, found),
        doc=_doc(parsed, outer, found.body),
        parent=parent,
        line=outer.start_point.row,
    )


def _with_wrappers(parsed: ParsedText, node: Node) -> Node:
    """Return the node with what belongs to it: decorators, `export`, `template <…>`."""
    while (
        node.parent is not None
        and node.parent.type in parsed.grammar.facts.wrappers
        and node.parent.start_point.row + MOST_SIGNATURE_LINES > node.start_point.row
    ):
        node = node.parent
    return node


def _signature(parsed: ParsedText, outer: Node, found: _Found) -> bytes:
    end = found.body.start_byte if found.body is not None else outer.end_byte
    text = parsed.text[outer.start_byte : min(end, outer.start_byte + 4 * MOST_SIGNATURE_BYTES)]
    lines = text.rstrip().split(b"\n")
    if found.kind in (Kind.CONSTANT, Kind.FIELD):
        lines = lines[:1]
    most = MOST_TYPE_LINES if found.kind is Kind.TYPE else MOST_SIGNATURE_LINES
    indentation = outer.start_point.column
    lines = [lines[0], *(_unindented(line, indentation) for line in lines[1:most])]
    return b"\n".join(line.rstrip() for line in lines)[:MOST_SIGNATURE_BYTES]


def _unindented(line: bytes, most: int) -> bytes:
    blank = len(line) - len(line.lstrip(b" \t"))
    return line[min(blank, most) :]


def _doc(parsed: ParsedText, outer: Node, body: Node | None) -> bytes:
    """Return the first line with words of a definition's documentation."""
    facts = parsed.grammar.facts
    if facts.docs_in_body:
        return _first_words(_string_at_start(parsed, body)) if body is not None else b""
    comments: list[bytes] = []
    below, above = outer, outer.prev_sibling
    while above is not None and above.end_point.row + 1 >= below.start_point.row:
        if above.type in facts.comments and len(comments) < MOST_COMMENTS:
            comments.insert(0, _text(parsed, above))
        elif above.type not in facts.attributes:
            break
        below, above = above, above.prev_sibling
    return _first_words(b"\n".join(comments))


def _string_at_start(parsed: ParsedText, body: Node) -> bytes:
    statement = body.named_child(0) if body.named_child_count else None
    string = (
        statement.named_child(0)
        if statement is not None and statement.named_child_count
        else (None)
    )
    if string is None or string.type not in parsed.grammar.facts.strings:
        return b""
    return _text(parsed, string).lstrip(b"rRbBuUfF").strip(b"\"'")


def _first_words(text: bytes) -> bytes:
    for line in text.split(b"\n"):
        words = _TAG.sub(b"", line.strip().strip(_COMMENT_MARKS))
        if any(byte > 64 for byte in words):
            return words[:MOST_DOC_BYTES].rstrip()
    return b""


def _text(parsed: ParsedText, node: Node) -> bytes:
    return parsed.text[node.start_byte : node.end_byte]
