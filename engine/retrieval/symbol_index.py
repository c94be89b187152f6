"""Knows what the files of a project define; learns it a few milliseconds at a time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator

import msgspec

from engine.retrieval.grammars import grammar_for
from engine.retrieval.project_scan import FoundFile, scan
from engine.retrieval.readable import ReadableFiles, Refusal, refusal_of_text
from engine.retrieval.symbol_messages import FileSymbols
from engine.retrieval.symbol_reader import ReadHere, SymbolReader, nothing_of, read_symbols
from engine.retrieval.symbols import Definition


class IndexLimits(msgspec.Struct, frozen=True):
    """How much is indexed. A project that has more is indexed in part, the rest is left out."""

    files: int = 20_000
    # Longer files are data or tests of data, and would hold other threads up while they are read.
    file_bytes: int = 256 * 1024
    source_bytes: int = 64 * 1024 * 1024
    definitions: int = 200_000
    rescan_seconds: float = 30.0


class _Entry(msgspec.Struct, frozen=True):
    """A file's symbols, and the state of the file that they were found in."""

    size: int
    mtime_ns: int
    digest: bytes
    symbols: FileSymbols


class SymbolIndex:
    """The definitions of a project by name. Not for several threads at once.

    `reader` parses the files of the project.
    """

    def __init__(
        self,
        files: ReadableFiles,
        limits: IndexLimits = IndexLimits(),  # noqa: B008 - frozen
        clock: Callable[[], float] = time.monotonic,
        reader: SymbolReader | None = None,
    ) -> None:
        self._files = files
        self._reader = reader or ReadHere()
        self._limits = limits
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._paths_by_name: dict[bytes, dict[str, None]] = {}
        self._source_bytes = 0
        self._definitions = 0
        self._scan: Iterator[FoundFile | None] | None = None
        self._seen: set[str] = set()
        self._scanned_at = 0.0
        self._was_complete = False
        self._is_due = True
        self.version = 0

    @property
    def files(self) -> ReadableFiles:
        """Which files may be read, by the ignore rules as of the last scan's beginning."""
        return self._files

    @property
    def is_complete(self) -> bool:
        """Whether the whole project has been looked through at least once."""
        return self._was_complete

    @property
    def file_count(self) -> int:
        """How many files are indexed."""
        return len(self._entries)

    def work(self, milliseconds: float) -> bool:
        """Index for about that long; return whether there is more to do right now."""
        deadline = self._clock() + milliseconds / 1000
        if self._scan is None:
            waited = self._clock() - self._scanned_at >= self._limits.rescan_seconds
            if not self._is_due and not waited:
                return False
            self._begin()
        while self._scan is not None:
            if not self._step() or self._clock() >= deadline:
                break
        return self._scan is not None

    def scan_again(self) -> None:
        """Read the ignore rules and look for changes at the next occasion, not after a while."""
        self._scan = None
        self._is_due = True

    def update(self, path: str, text: bytes) -> None:
        """Take a file's text as an editor shows it, saved or not.

        It is parsed here, as it is anyway where it is edited.
        """
        status = self._status(path)
        self._learn(status or FoundFile(path, len(text), 0), text)

    def forget(self, path: str) -> None:
        """Drop a file."""
        entry = self._entries.pop(path, None)
        if entry is None:
            return
        self.version += 1
        self._source_bytes -= entry.size
        self._definitions -= len(entry.symbols.definitions)
        for definition in entry.symbols.definitions:
            paths = self._paths_by_name.get(definition.name)
            if paths is not None:
                paths.pop(path, None)
                if not paths:
                    del self._paths_by_name[definition.name]

    def close(self) -> None:
        """Give back what outlives the index; it can still be asked."""
        self._scan = None
        self._reader.rest()

    def symbols_of(self, path: str) -> FileSymbols | None:
        """Return what a file defines, as far as it is known."""
        entry = self._entries.get(path)
        return None if entry is None else entry.symbols

    def named(self, name: bytes) -> list[tuple[FileSymbols, Definition]]:
        """Return the definitions of a name, file by file in the order they were found."""
        found: list[tuple[FileSymbols, Definition]] = []
        for path in self._paths_by_name.get(name, ()):
            symbols = self._entries[path].symbols
            found += [(symbols, one) for one in symbols.definitions if one.name == name]
        return found

    def count_of(self, name: bytes) -> int:
        """Return how many files define a name."""
        return len(self._paths_by_name.get(name, ()))

    def _begin(self) -> None:
        self._files = self._files.renewed()
        self._scan = scan(self._files)
        self._seen = set()
        self._is_due = False

    def _step(self) -> bool:
        """Look at one more file; return False when that was the last."""
        assert self._scan is not None  # noqa: S101 - for the type checker
        try:
            found = next(self._scan)
        except StopIteration:
            for path in [path for path in self._entries if path not in self._seen]:
                self.forget(path)
            self._scan = None
            self._scanned_at = self._clock()
            self._was_complete = True
            self._reader.rest()
            return False
        if found is not None and self._has_room(found) and grammar_for(found.path) is not None:
            self._seen.add(found.path)
            self._visit(found)
        return True

    def _has_room(self, found: FoundFile) -> bool:
        if found.size > self._limits.file_bytes:
            return False
        if found.path in self._entries:
            return True
        limits = self._limits
        return (
            len(self._entries) < limits.files
            and self._source_bytes + found.size <= limits.source_bytes
            and self._definitions < limits.definitions
        )

    def _visit(self, found: FoundFile) -> None:
        entry = self._entries.get(found.path)
        if entry and (entry.size, entry.mtime_ns) == (found.size, found.mtime_ns):
            return
        text = self._files.read(found.path)
        if isinstance(text, Refusal):
            self._keep(found, b"", nothing_of(found.path))
        elif entry is not None and entry.digest == _digest(text):
            self._keep(found, entry.digest, entry.symbols)  # touched only
        else:
            symbols = self._reader.read(found.path, text)
            self._keep(found, _digest(text), symbols)

    def _learn(self, found: FoundFile, text: bytes) -> None:
        if self._files.refusal_of_path(found.path) or refusal_of_text(found.path, text):
            self.forget(found.path)
        elif grammar_for(found.path) is not None and self._has_room(found):
            digest = _digest(text)
            entry = self._entries.get(found.path)
            if entry is None or entry.digest != digest:
                self._keep(found, digest, read_symbols(found.path, text))

    def _keep(self, found: FoundFile, digest: bytes, symbols: FileSymbols) -> None:
        known = self._entries.get(found.path)
        if known is None or known.symbols != symbols:
            self.forget(found.path)
            self.version += 1
            for definition in symbols.definitions:
                self._paths_by_name.setdefault(definition.name, {})[found.path] = None
            self._definitions += len(symbols.definitions)
        else:
            self._source_bytes -= known.size
        self._source_bytes += found.size
        self._entries[found.path] = _Entry(found.size, found.mtime_ns, digest, symbols)

    def _status(self, path: str) -> FoundFile | None:
        if self._files.root is None:
            return None
        try:
            status = (self._files.root / path).stat()
        except (OSError, ValueError):
            return None
        return FoundFile(path, status.st_size, status.st_mtime_ns)


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).digest()
