"""Reduces a text to what is code in it: the signs of its syntax tree without documentation."""

from __future__ import annotations

from tree_sitter import Node

from engine.retrieval.grammars import Grammar
from engine.retrieval.parsed_text import parse

_STATEMENT = "expression_statement"


def signs_of(path: str, text: bytes) -> tuple[bytes, ...] | None:
    """Return the signs of a text in their order, without comments and documentation.

    None where nothing is known about it. Two texts with the same signs do the same, but for
    indentation where that has a meaning.
    """
    parsed = parse(path, text)
    if parsed is None:
        return None
    signs: list[bytes] = []
    waiting = [parsed.root]
    while waiting:
        node = waiting.pop()
        if _is_documentation(node, parsed.grammar):
            continue
        if not node.child_count or node.type in parsed.grammar.facts.strings:
            sign = parsed.text[node.start_byte : node.end_byte].strip()
            if sign:
                signs.append(sign)
            continue
        waiting.extend(reversed(node.children))
    return tuple(signs)


def _is_documentation(node: Node, grammar: Grammar) -> bool:
    facts = grammar.facts
    if node.type in facts.comments:
        return True
    if not facts.docs_in_body or node.type != _STATEMENT or node.child_count != 1:
        return False
    return node.children[0].type in facts.strings
