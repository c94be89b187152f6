"""Finds the places of a text whose syntax tree looks like a pattern."""

from __future__ import annotations

import functools

import msgspec
from tree_sitter import Query, QueryCursor

from engine.retrieval.grammars import grammar_named
from engine.retrieval.parsed_text import ParsedText

# A pattern is to be rare; a text that is full of it needs no complete list.
MOST_PLACES = 100
_CAPTURE = "finding"


class Place(msgspec.Struct, frozen=True):
    """Bytes of a text and the kind of node that they are."""

    start: int
    end: int
    kind: str


def places_of(parsed: ParsedText, pattern: str) -> tuple[Place, ...]:
    """Return the nodes that a tree-sitter query captures as `finding`, in their order.

    Patterns are our own data: one that the grammar does not know is a defect and raises.
    """
    query = _query(parsed.grammar.name, pattern)
    if query is None:
        return ()
    cursor = QueryCursor(query, match_limit=10 * MOST_PLACES)
    found = {
        Place(node.start_byte, node.end_byte, node.type)
        for _, captures in cursor.matches(parsed.root)
        for node in captures.get(_CAPTURE, [])
        if not node.has_error
    }
    return tuple(sorted(found, key=lambda place: (place.start, place.end)))[:MOST_PLACES]


@functools.cache
def _query(grammar: str, pattern: str) -> Query | None:
    found = grammar_named(grammar)
    return None if found is None else Query(found.language, pattern)
