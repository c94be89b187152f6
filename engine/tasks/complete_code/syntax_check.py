"""Keeps a suggestion from breaking a text that parses: mends its end, or drops it."""

from __future__ import annotations

import msgspec

from engine.languages.languages import Blocks, languages
from engine.retrieval.parsed_text import ParsedText, parse
from engine.retrieval.syntax import parses
from engine.tasks.complete_code.brackets import unmatched
from engine.tasks.complete_code.question import Suggestion
from rpc.difference import difference

_CLOSERS = b")]}>\"'`,;:"
_MOST_CUTS = 4
_PARTNERS = bytes.maketrans(b"([{", b")]}")


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
    parsed: ParsedText | None, caret_offset: int, suggestion: Suggestion, *, is_line: bool = False
) -> Suggestion | None:
    """Return a suggestion after which the text still parses, or None.

    A text that parses neither as it is nor without the caret's line says nothing: the suggestion
    stays as it is. Else its last signs are taken off while they are closing ones, then its last
    lines, at most a few. Where no more than a line is wanted (`is_line`) it may leave brackets
    open.
    """
    if parsed is None or not _is_sound(parsed, caret_offset):
        return suggestion
    left_open = frozenset(b"([{" if is_line else b"{")
    if not _breaks(parsed, caret_offset, suggestion, left_open):
        return suggestion
    for text in (*_without_closers(suggestion.text), *_without_lines(suggestion.text)):
        shorter = msgspec.structs.replace(suggestion, text=text)
        if not _breaks(parsed, caret_offset, shorter, left_open):
            return shorter
    return None


def _is_sound(parsed: ParsedText, caret_offset: int) -> bool:
    """Whether a text parses as it is, or with an empty statement instead of the caret's line."""
    if parses(parsed):
        return True
    text = parsed.text
    start = text.rfind(b"\n", 0, caret_offset) + 1
    end = text.find(b"\n", caret_offset)
    line = text[start : end if end >= 0 else len(text)]
    indentation = line[: len(line) - len(line.lstrip())]
    language = languages().get(parsed.grammar.name)
    is_indented = language is not None and language.blocks is Blocks.INDENT
    bare = parsed.edited(start, start + len(line), indentation + b"pass" if is_indented else b"")
    return bare is not None and parses(bare)


def _breaks(
    parsed: ParsedText, caret_offset: int, suggestion: Suggestion, left_open: frozenset[int]
) -> bool:
    """Whether a text no longer parses with a suggestion; brackets of `left_open` may stay open."""
    end = caret_offset + suggestion.replaces_bytes
    after = parsed.edited(caret_offset, end, suggestion.text)
    if after is None or parses(after):
        return False
    start = parsed.text.rfind(b"\n", 0, caret_offset) + 1
    opened = unmatched(parsed.text[start:caret_offset] + suggestion.text).openers
    if not opened or not left_open.issuperset(opened):
        return True
    closers = opened[::-1].translate(_PARTNERS)
    closed = parsed.edited(caret_offset, end, suggestion.text + closers)
    return closed is not None and not parses(closed)


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
