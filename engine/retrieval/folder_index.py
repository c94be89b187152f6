"""Keeps the passages of one folder in step with its files, within bounds of time and memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.retrieval.passage_index import PassageIndex
from engine.retrieval.passages import Passage, passages_of
from engine.retrieval.project_scan import FoundFile, scan
from engine.retrieval.readable import ReadableFiles, Refusal
from engine.retrieval.symbol_reader import SymbolReader

Cancelled = Callable[[], bool]

# What does not fit is left out, the files far from the folder's root first.
MOST_FILES = 100_000
MOST_BYTES = 128 << 20
# One search reads for so long; the next one goes on where it ended.
MOST_SECONDS = 20.0
# Then files are cut every so many lines: to find their definitions takes longer than to read them.
MOST_PARSING_SECONDS = 12.0


class SearchCancelled(Exception):
    """Nobody waits for the search any more."""


class Hit(msgspec.Struct, frozen=True):
    """A passage that was found, with its lines as they are."""

    passage: Passage
    content: bytes
    score: float


class Found(msgspec.Struct, frozen=True):
    """The passages, the best one first; `is_cut` where not all files could be searched."""

    hits: tuple[Hit, ...]
    files: int
    is_cut: bool


class FolderIndex:
    """The passages of a folder. For one thread."""

    def __init__(self, folder: Path, symbols: SymbolReader) -> None:
        self._folder = folder
        self._symbols = symbols
        self._index = PassageIndex()
        self._known: dict[str, FoundFile] = {}
        self._refused: dict[str, FoundFile] = {}

    def search(self, question: str, *, size: int, most_bytes: int, cancelled: Cancelled) -> Found:
        """Bring the index up to date, and return the passages that fit. Raises SearchCancelled."""
        files = ReadableFiles(self._folder)
        is_cut = self._refresh(files, cancelled)
        hits: list[Hit] = []
        left = most_bytes
        for score, passage in self._index.ranked(question):
            if len(hits) == size or left <= 0:
                break
            content = _lines_of(files, passage)
            if content is None or len(content) > left:
                continue
            left -= len(content)
            hits.append(Hit(passage, content, score))
        return Found(tuple(hits), len(self._known), is_cut)

    def _refresh(self, files: ReadableFiles, cancelled: Cancelled) -> bool:
        """Read what has changed; return whether something had to be left out."""
        if self._index.is_worn:
            self._index, self._known = PassageIndex(), {}
        deadline = time.monotonic() + MOST_SECONDS
        parsing_until = time.monotonic() + MOST_PARSING_SECONDS
        seen: set[str] = set()
        total = 0
        for found in scan(files):
            if cancelled():
                raise SearchCancelled
            if found is None:
                continue
            total += found.size
            if len(seen) >= MOST_FILES or total > MOST_BYTES or time.monotonic() > deadline:
                self._drop_all_but(seen)
                return True
            seen.add(found.path)
            if found not in (self._known.get(found.path), self._refused.get(found.path)):
                self._read(files, found, is_parsed=time.monotonic() < parsing_until)
        self._drop_all_but(seen)
        return False

    def _read(self, files: ReadableFiles, found: FoundFile, *, is_parsed: bool) -> None:
        text = files.read(found.path)
        if isinstance(text, Refusal):
            self._forget(found.path)
            self._refused[found.path] = found
            return
        lines = text.split(b"\n")
        definitions = self._symbols.read(found.path, text).definitions if is_parsed else ()
        self._index.add(found.path, passages_of(found.path, lines, definitions), lines)
        self._known[found.path] = found

    def _drop_all_but(self, seen: set[str]) -> None:
        for path in [path for path in self._known if path not in seen]:
            self._forget(path)
        self._refused = {path: each for path, each in self._refused.items() if path in seen}

    def _forget(self, path: str) -> None:
        self._index.drop(path)
        self._known.pop(path, None)


def _lines_of(files: ReadableFiles, passage: Passage) -> bytes | None:
    """Return a passage's lines; None where the file has changed so that it has them no more."""
    text = files.read(passage.path)
    if isinstance(text, Refusal):
        return None
    lines = text.splitlines(keepends=True) if b"\r" not in text else _lines_with_ends(text)
    return b"".join(lines[passage.first_line - 1 : passage.last_line]) or None


def _lines_with_ends(text: bytes) -> list[bytes]:
    """Return lines that end at line feeds alone, as their numbers were counted."""
    return [line + b"\n" for line in text.split(b"\n")]
