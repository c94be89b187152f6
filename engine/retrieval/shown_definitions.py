"""Keeps the definitions that are shown beside each edited file as steady as they can be."""

from __future__ import annotations

import threading

import msgspec

from engine.retrieval.definitions import MOST_SNIPPETS, Snippet, find_definitions
from engine.retrieval.needed_names import needed_names
from engine.retrieval.parsed_text import parse
from engine.retrieval.symbol_index import SymbolIndex

# A caret this far from where it was looks at other names; the prompt moves there anyway.
FAR_LINES = 60
MOST_FILES = 16
# So many names from files that are not imported are worth moving the prompt for; one that is
# imported is alone.
ENOUGH_NEW = 3


class _Shown(msgspec.Struct, frozen=True):
    """The snippets for a file, the caret's line and the index's version they were looked up for."""

    snippets: tuple[Snippet, ...]
    line: int
    version: int
    is_complete: bool


class _Caret(msgspec.Struct, frozen=True):
    path: str
    text: bytes
    offset: int
    line: int


class ShownDefinitions:
    """The definitions shown for each file. Every method may be called from any thread.

    Looking up needs the index, which the caller keeps other threads away from.
    """

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}
        self._caret: _Caret | None = None
        self._lock = threading.Lock()

    def of(self, path: str) -> tuple[Snippet, ...]:
        """Return the snippets for a file, in a steady order: newly needed ones come last."""
        shown = self._shown.get(path)
        return () if shown is None else shown.snippets

    def is_needed(self, path: str, text: bytes, caret_offset: int) -> bool:
        """Take note of the caret; return whether `look_up` has to follow.

        That is for a file seen for the first time, and after a jump.
        """
        line = text.count(b"\n", 0, max(0, caret_offset))
        with self._lock:
            self._caret = _Caret(path, text, caret_offset, line)
            shown = self._shown.get(path)
        return shown is None or abs(shown.line - line) > FAR_LINES

    def look_up(self, index: SymbolIndex, path: str) -> None:
        """Look up what the caret noted last needs, if that is in this file."""
        caret = self._caret
        if caret is not None and caret.path == path:
            self._look_up(index, caret)

    def refresh(self, index: SymbolIndex) -> bool:
        """Look up again for the caret noted last; return whether other snippets are shown.

        While the index is built for the first time, what is shown stays.
        """
        caret = self._caret
        if caret is None:
            return False
        shown = self._shown.get(caret.path)
        if shown is not None:
            if (shown.version, shown.line) == (index.version, caret.line):
                return False
            if not index.is_complete and not shown.is_complete and shown.snippets:
                return False
        before = self.of(caret.path)
        self._look_up(index, caret)
        return self.of(caret.path) != before

    def _look_up(self, index: SymbolIndex, caret: _Caret) -> None:
        parsed = parse(caret.path, caret.text)
        found: tuple[Snippet, ...] = ()
        if parsed is not None:
            found = find_definitions(index, needed_names(caret.path, parsed, caret.offset))
        with self._lock:
            before = self._shown.pop(caret.path, None)
            snippets = _merged(index, before.snippets if before else (), found)
            shown = _Shown(snippets, caret.line, index.version, index.is_complete)
            self._shown[caret.path] = shown
            while len(self._shown) > MOST_FILES:
                del self._shown[next(iter(self._shown))]


def _merged(
    index: SymbolIndex, before: tuple[Snippet, ...], found: tuple[Snippet, ...]
) -> tuple[Snippet, ...]:
    """Return what to show now.

    Nothing changes while little of what is found is new. Else what is still needed keeps its order,
    and the rest of what was found comes behind it. What is no longer defined goes at once.
    """
    valid = tuple(snippet for snippet in before if _is_defined(index, snippet))
    places = {(snippet.path, snippet.name) for snippet in valid}
    new = [snippet for snippet in found if snippet not in valid]
    is_much = len(new) >= ENOUGH_NEW or any(
        snippet.is_imported or (snippet.path, snippet.name) in places for snippet in new
    )
    if valid and not is_much:
        return valid
    kept = [snippet for snippet in valid if snippet in found]
    return tuple([*kept, *new][:MOST_SNIPPETS])


def _is_defined(index: SymbolIndex, snippet: Snippet) -> bool:
    symbols = index.symbols_of(snippet.path)
    return symbols is not None and any(one.name == snippet.name for one in symbols.definitions)
