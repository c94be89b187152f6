"""Keeps a suggestion from breaking a text that parses: mends its end, or drops it."""

from __future__ import annotations

import msgspec

from engine.retrieval.parsed_text import ParsedText, parse
from engine.retrieval.syntax import breaks_syntax
from engine.tasks.complete_code.question import Suggestion
from rpc.difference import difference

_CLOSERS = b")]}>\"'`,;:"
_MOST_CUTS = 4


class SyntaxKeeper:
    """Keeps the syntax tree of one file in step with its text, by the part that differs."""

    def __init__(self) -> None:
        self._path = ""
        self._parsed: ParsedText | None = None

    def parsed(self, path: str, text: bytes) -> ParsedText | None:
        """Return the tree of a text; None for languages without a grammar."""
        known = self._parsed
        if known is None or path != self._path:
            known = parse(path, text)
        elif known.text != text:
            change = difference(known.text, text)
            known = known.edited(change.start, change.end, change.text)
        self._path, self._parsed = path, known
        return known


def mended(
    parsed: ParsedText | None, caret_offset: int, suggestion: Suggestion
) -> Suggestion | None:
    """Return a suggestion after which the text still parses, or None.

    A text that does not parse as it is, as most do in the middle of typing, says nothing: the
    suggestion stays as it is. Else its last signs are taken off while they are closing ones, then
    its last lines, at most a few.
    """
    if parsed is None or not _breaks(parsed, caret_offset, suggestion):
        return suggestion
    for text in (*_without_closers(suggestion.text), *_without_lines(suggestion.text)):
        shorter = msgspec.structs.replace(suggestion, text=text)
        if not _breaks(parsed, caret_offset, shorter):
            return shorter
    return None


def _breaks(parsed: ParsedText, caret_offset: int, suggestion: Suggestion) -> bool:
    end = caret_offset + suggestion.replaces_bytes
    return breaks_syntax(parsed, caret_offset, end, suggestion.text)


def _without_closers(text: bytes) -> list[bytes]:
    shorter: list[bytes] = []
    while len(shorter) < _MOST_CUTS and text and text[-1] in _CLOSERS:
        text = text[:-1].rstrip()
        if text:
            shorter.append(text)
    return shorter


def _without_lines(text: bytes) -> list[bytes]:
    shorter: list[bytes] = []
    while len(shorter) < _MOST_CUTS and b"\n" in text:
        text = text.rpartition(b"\n")[0].rstrip()
        if text:
            shorter.append(text)
    return shorter
