"""Tells whether a place lies in a string that nobody has closed yet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from engine.languages.languages import Language, languages
from engine.retrieval.parsed_text import ParsedText

_ESCAPED = re.compile(rb"\\.", re.DOTALL)
# Nobody reads further; a line of a megabyte must not hold anything up.
_LONGEST_LINE = 4096


def is_in_open_string(parsed: ParsedText, offset: int) -> bool:
    """Whether an unclosed string begins before the offset: on its line, or of several lines above.

    Also for an unfinished comment at the line's end. Only asked where the text does not parse.
    """
    openers = tuple(opener.encode() for opener in parsed.grammar.facts.open_strings)
    if openers and _opened_above(parsed, offset, openers):
        return True
    line_start = parsed.text.rfind(b"\n", 0, offset) + 1
    line = parsed.text[max(line_start, offset - _LONGEST_LINE) : offset]
    return _is_open_at_end(line, languages()[parsed.grammar.facts.language])


def _opened_above(parsed: ParsedText, offset: int, openers: tuple[bytes, ...]) -> bool:
    """Whether an error before the offset is a string's opener that nothing closes in between."""
    for node in _errors_before(parsed.root, offset):
        token = parsed.text[node.start_byte : node.end_byte].lstrip(b"rRbBfFuU")
        opener = next((opener for opener in openers if token.endswith(opener)), None)
        if opener is not None and opener not in parsed.text[node.end_byte : offset]:
            return True
    return False


def _errors_before(root: Node, offset: int) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.start_byte >= offset or not node.has_error:
            continue
        if node.is_error:
            yield from (child for child in node.children if child.end_byte <= offset)
        waiting.extend(node.children)


def _is_open_at_end(line: bytes, language: Language) -> bool:
    """Whether a line that begins outside of strings ends inside of one, or in a comment."""
    line = _ESCAPED.sub(b"__", line)
    comment = language.line_comment.encode()
    delimiters = [delimiter.encode() for delimiter in language.string_delimiters]
    place = 0
    while place < len(line):
        if comment and line.startswith(comment, place):
            return True
        opener = next((one for one in delimiters if line.startswith(one, place)), None)
        if opener is None:
            place += 1
            continue
        closing = line.find(_closer_of(opener), place + len(opener))
        if closing < 0:
            return True
        place = closing + len(_closer_of(opener))
    return False


def _closer_of(opener: bytes) -> bytes:
    """Return what closes a string: `R"(` ends with `)"`, `r#"` with `"#`, others as they began."""
    marks = {b'R"(': b')"', b'r#"': b'"#', b'r"': b'"', b'@"': b'"', b'$"': b'"'}
    return marks.get(opener, opener)
