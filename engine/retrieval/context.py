"""Gathers, for one project, what the model should see beside the file that is being edited."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from engine.retrieval.chunks import Chunk, ChunkRing, Place, chunk_around
from engine.retrieval.definitions import Snippet
from engine.retrieval.ignore_rules import GIT_RULES, OWN_RULES
from engine.retrieval.prompt_share import ContextFile, TokenCounts, choose, texts_to_count
from engine.retrieval.readable import MOST_BYTES, ReadableFiles, refusal_of_text
from engine.retrieval.shown_definitions import ShownDefinitions
from engine.retrieval.symbol_index import IndexLimits, SymbolIndex
from engine.retrieval.symbol_reader import ReadApart, SymbolReader

Count = Callable[[Sequence[bytes]], Sequence[int]]
CountLater = Callable[[Sequence[bytes]], Awaitable[Sequence[int]]]

# The caret that leaves a place by so many lines begins to edit another.
FAR_LINES = 32
# What a prompt shows of the edited file itself, where the caller does not say.
SHOWN_BEFORE_BYTES = 8 * 1024
SHOWN_AFTER_BYTES = 4 * 1024
# A chunk with this share of its lines in what is shown already is left out.
OVERLAP = 0.3
MOST_TEXTS = 8
MOST_PATHS = 64


class _Candidates(msgspec.Struct, frozen=True):
    """What could be shown beside a file; `path` is its path in the project."""

    path: str
    chunks: tuple[Chunk, ...]
    snippets: tuple[Snippet, ...]


class ProjectContext:
    """What is known of one project. Every method may be called from any thread.

    `opened`, `edited`, `saved` and `jumped` only take notes and cost microseconds. What
    `other_files` returns changes with the file that is edited and with `refresh`, else hardly ever,
    so that the model need not read it again. `idle` does the work: it is to be called while nobody
    types. Paths are absolute or relative to the root. Without a root only the texts given here are
    used. A process of its own parses the files of the project while they are indexed; `close` ends
    it. Texts above 1 MiB and files that may not be read are ignored.
    """

    def __init__(
        self,
        root: Path | None,
        limits: IndexLimits = IndexLimits(),  # noqa: B008 - frozen
        clock: Callable[[], float] = time.monotonic,
        reader: SymbolReader | None = None,
    ) -> None:
        files = ReadableFiles(root)
        self._index = SymbolIndex(files, limits, clock, reader or ReadApart())
        self._index_lock = threading.Lock()
        self._lock = threading.Lock()  # never held while the other one is waited for
        self._ring = ChunkRing()
        self._edits: dict[str, Place] = {}
        self._texts: dict[str, bytes] = {}
        self._hidden: dict[str, set[int]] = {}
        self._first_serials: dict[tuple[str, int], int] = {}
        self._definitions = ShownDefinitions()
        self._counts = TokenCounts()

    @property
    def root(self) -> Path | None:
        """The project's folder, links resolved."""
        return self._index.files.root

    @property
    def file_count(self) -> int:
        """How many files of the project are indexed."""
        return self._index.file_count

    def opened(self, path: str, text: bytes, caret_offset: int = 0) -> None:
        """Note that a file is shown in an editor, with the caret there."""
        self._note(path, text, caret_offset)

    def saved(self, path: str, text: bytes, caret_offset: int | None = None) -> None:
        """Note that a file was saved; without a caret, the place of the last edit counts."""
        if PurePosixPath(path.replace("\\", "/")).name in (GIT_RULES, OWN_RULES):
            with self._index_lock:
                self._index.scan_again()
        self._note(path, text, caret_offset)

    def jumped(self, path: str, text: bytes, caret_offset: int) -> None:
        """Note that the caret left that place, for another one or another file."""
        self._note(path, text, caret_offset)

    def edited(self, path: str, text: bytes, changed: tuple[int, int]) -> None:
        """Note an edit: `text` is the new text, `changed` where the new bytes are in it."""
        inside = self._inside(path, text)
        if inside is None:
            return
        place = _place(inside, text, changed[1])
        with self._lock:
            before = self._edits.pop(inside, None)
            if before is not None and abs(before.line - place.line) > FAR_LINES:
                self._ring.gather(before)
            self._edits[inside] = place
            if len(self._edits) > MOST_TEXTS:
                self._ring.gather(self._edits.pop(next(iter(self._edits))))
            self._remember_text(inside, text)

    def removed(self, path: str) -> None:
        """Forget a file that was deleted, or renamed."""
        inside = self._index.files.inside(path)
        if inside is None:
            return
        with self._lock:
            self._ring.forget(inside)
            self._edits.pop(inside, None)
            self._texts.pop(inside, None)
        with self._index_lock:
            self._index.forget(inside)

    def close(self) -> None:
        """End the process that parses the project's files, if it runs."""
        with self._index_lock:
            self._index.close()

    def idle(self, milliseconds: float = 20.0) -> bool:
        """Index for about that long, then `refresh`; return whether to call again at once."""
        with self._lock:
            texts, self._texts = self._texts, {}
        with self._index_lock:
            for path, text in texts.items():
                self._index.update(path, text)
            has_more = self._index.work(milliseconds)
        self.refresh()
        return has_more

    def refresh(self) -> bool:
        """Let chunks and definitions follow what was noted; return whether they changed."""
        files = self._index.files
        with self._index_lock:
            changed = self._definitions.refresh(self._index)
        with self._lock:
            for place in self._edits.values():
                self._ring.gather(place)
            self._edits = {}
            places = self._ring.take_waiting()
        newest = [chunk for place in places if (chunk := _chunk(files, place)) is not None]
        with self._lock:
            for key in [key for key in self._first_serials if self._hidden.get(key[0])]:
                del self._first_serials[key]  # a chunk that was left out may come before it
            self._hidden = {}
            moved = self._ring.refresh(newest, lambda path: files.refusal_of_path(path) is None)
        return moved or changed

    def other_files(
        self,
        path: str,
        text: bytes,
        caret_offset: int,
        budget_tokens: int,
        count: Count,
        *,
        shown: tuple[int, int] | None = None,
    ) -> tuple[ContextFile, ...]:
        """Return what to show beside a file, within a budget of tokens: chunks, then definitions.

        `count` returns the tokens of texts; it is asked for each text once. `shown` are the bytes
        of the file that the prompt has anyway.
        """
        candidates = self._candidates(path, text, caret_offset, shown)
        unknown = self._unknown(candidates)
        return self._chosen(candidates, budget_tokens, unknown, count(unknown) if unknown else ())

    async def other_files_counted_later(
        self,
        path: str,
        text: bytes,
        caret_offset: int,
        budget_tokens: int,
        count: CountLater,
        *,
        shown: tuple[int, int] | None = None,
    ) -> tuple[ContextFile, ...]:
        """Return the same as `other_files`, with a tokenizer that has to be waited for.

        The first call for a file takes some milliseconds of the caller's thread.
        """
        candidates = self._candidates(path, text, caret_offset, shown)
        unknown = self._unknown(candidates)
        counts = await count(unknown) if unknown else ()
        return self._chosen(candidates, budget_tokens, unknown, counts)

    def _candidates(
        self, path: str, text: bytes, caret_offset: int, shown: tuple[int, int] | None
    ) -> _Candidates:
        inside = self._index.files.inside(path) or path
        if self._definitions.is_needed(inside, text, caret_offset):
            with self._index_lock:
                self._definitions.look_up(self._index, inside)
        snippets = self._definitions.of(inside)
        with self._lock:
            hidden = self._hidden.setdefault(inside, set())
            own = [chunk for chunk in self._ring.in_use if chunk.path == inside]
            own = [chunk for chunk in own if chunk.serial not in hidden]
            if own:
                first, last = shown or _usually_shown(caret_offset)
                lines = {line.strip() for line in text[first:last].split(b"\n")}
                hidden |= {one.serial for one in own if _overlaps(one, lines)}
            chunks = tuple(one for one in self._ring.in_use if one.serial not in hidden)
        return _Candidates(inside, chunks, snippets)

    def _unknown(self, candidates: _Candidates) -> list[bytes]:
        with self._lock:
            texts = texts_to_count(candidates.chunks, candidates.snippets)
            return self._counts.unknown(texts)

    def _chosen(
        self,
        candidates: _Candidates,
        budget_tokens: int,
        texts: Sequence[bytes],
        counts: Sequence[int],
    ) -> tuple[ContextFile, ...]:
        key = (candidates.path, budget_tokens)
        with self._lock:
            self._counts.learn(texts, counts)
            share = choose(
                candidates.chunks,
                candidates.snippets,
                budget_tokens,
                self._counts,
                self._first_serials.pop(key, -1),
            )
            self._first_serials[key] = share.first_serial
            while len(self._first_serials) > MOST_PATHS:
                del self._first_serials[next(iter(self._first_serials))]
            return share.files

    def _note(self, path: str, text: bytes, caret_offset: int | None) -> None:
        inside = self._inside(path, text)
        if inside is None:
            return
        with self._lock:
            edit = self._edits.pop(inside, None)
            if caret_offset is not None:
                self._ring.gather(_place(inside, text, caret_offset))
            elif edit is not None:
                self._ring.gather(Place(inside, text, edit.line))
            self._remember_text(inside, text)

    def kept_name(self, path: str, text: bytes) -> str | None:
        """Return a file's path in the project; None where nothing of it may be kept on the disk."""
        inside = self._inside(path, text)
        if inside is None or self._index.files.refusal_of_path(inside) is not None:
            return None
        return inside if refusal_of_text(inside, text) is None else None

    def _inside(self, path: str, text: bytes) -> str | None:
        return self._index.files.inside(path) if len(text) <= MOST_BYTES else None

    def _remember_text(self, path: str, text: bytes) -> None:
        self._texts.pop(path, None)
        self._texts[path] = text
        if len(self._texts) > MOST_TEXTS:
            del self._texts[next(iter(self._texts))]


def _place(path: str, text: bytes, offset: int) -> Place:
    return Place(path, text, text.count(b"\n", 0, max(0, offset)))


def _chunk(files: ReadableFiles, place: Place) -> Chunk | None:
    """Return the chunk around a place of a file that may be shown."""
    if files.refusal_of_path(place.path) or refusal_of_text(place.path, place.text):
        return None
    return chunk_around(place)


def _usually_shown(caret_offset: int) -> tuple[int, int]:
    return max(0, caret_offset - SHOWN_BEFORE_BYTES), caret_offset + SHOWN_AFTER_BYTES


def _overlaps(chunk: Chunk, lines: set[bytes]) -> bool:
    return len(chunk.lines & lines) >= OVERLAP * len(chunk.lines)
