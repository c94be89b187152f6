"""Walks through the files of a project that may be read, a little at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engine.retrieval.readable import ReadableFiles

# Whoever has more has put data into the project.
MOST_ENTRIES = 200_000
MOST_ENTRIES_IN_FOLDER = 10_000


class FoundFile(msgspec.Struct, frozen=True):
    """A file by its path in the project, with what tells whether it has changed."""

    path: str
    size: int
    mtime_ns: int


def scan(files: ReadableFiles) -> Iterator[FoundFile | None]:
    """Yield the regular files that may be read by their names, those near the root first.

    Yields None in between, so that whoever iterates can stop for a while. Links to folders are
    not followed.
    """
    if files.root is None:
        return
    folders = deque([""])
    left = MOST_ENTRIES
    while folders and left > 0:
        folder = folders.popleft()
        entries = _entries(files.root / folder)
        left -= len(entries)
        yield None
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if not files.refuses_folder(path):
                    folders.append(path)
                yield None
            elif entry.is_file() and files.refusal_of_path(path) is None:
                yield _found(entry, path)
            else:
                yield None


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            entries = [
                entry for entry, _ in zip(found, range(MOST_ENTRIES_IN_FOLDER), strict=False)
            ]
    except OSError:  # gone, or not ours to read
        return []
    return sorted(entries, key=lambda entry: entry.name)


def _found(entry: os.DirEntry[str], path: str) -> FoundFile | None:
    try:
        status = entry.stat()
    except OSError:
        return None
    return FoundFile(path, status.st_size, status.st_mtime_ns)
