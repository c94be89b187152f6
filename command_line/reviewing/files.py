"""Collects the files of a review: those that are named, and those that folders hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from command_line.output import Output
from rpc.client import Limpet
from rpc.documents import Document, read_document
from rpc.failures import DocumentMissing, DocumentProblem
from rpc.review import LineRange, ReviewFile
from rpc.visible_text import visible

# What one request carries; the engine takes up to 16 MiB.
_BATCH_BYTES = 4 << 20
_BATCH_FILES = 100
_LARGEST_FOUND_BYTES = 1 << 20


class FileToReview(msgspec.Struct, frozen=True):
    """A local file that is to be looked at."""

    path: Path
    was_found: bool = False
    lines: tuple[LineRange, ...] = ()

    @property
    def name(self) -> str:
        """The path as it is told: relative to the current folder where it lies in it."""
        absolute, here = _absolute(self.path), Path.cwd()
        is_inside = absolute.is_relative_to(here)
        return (absolute.relative_to(here) if is_inside else absolute).as_posix()


class Batch(msgspec.Struct, frozen=True):
    """Files for one request, and the documents that they were read from, by name."""

    files: tuple[ReviewFile, ...]
    documents: Mapping[str, Document]


def files_to_review(
    engine: Limpet,
    names: Sequence[str],
    changed: Mapping[Path, tuple[LineRange, ...]] | None,
    output: Output,
) -> list[FileToReview]:
    """Return the files, each once; with `changed` only those. Raises a Failure.

    Folders are searched by the engine, which knows what must not be read.
    """
    found: dict[Path, FileToReview] = {}
    for name in names:
        path = Path(name)
        if path.is_dir():
            answer = engine.review.find_files(str(_absolute(path)))
            if answer.is_cut:
                output.notice(
                    f"{visible(name)} has more files than a review takes: "
                    f"the first {len(answer.paths)} are looked at."
                )
            for inner in answer.paths:
                found.setdefault((path / inner).resolve(), FileToReview(path / inner, True))
        elif path.exists():
            found[path.resolve()] = FileToReview(path)
        else:
            raise DocumentMissing(f"There is no file or folder {name}.")
    if changed is None:
        return list(found.values())
    return [
        msgspec.structs.replace(file, lines=changed[place])
        for place, file in found.items()
        if place in changed
    ]


def batches(files: Sequence[FileToReview], skipped: list[tuple[str, str]]) -> Iterator[Batch]:
    """Read the files and yield them in requests of bounded size.

    A file that was only found and cannot be read goes to `skipped`. Raises a DocumentProblem for
    one that was named.
    """
    batch: list[ReviewFile] = []
    documents: dict[str, Document] = {}
    size = 0
    for file in files:
        try:
            document = _read(file)
        except DocumentProblem as problem:
            if not file.was_found:
                raise
            skipped.append((file.name, problem.reason.lower()))
            continue
        if batch and (size + len(document.text) > _BATCH_BYTES or len(batch) == _BATCH_FILES):
            yield Batch(tuple(batch), documents)
            batch, documents, size = [], {}, 0
        batch.append(ReviewFile(file.name, document.text, file.lines, file.was_found))
        documents[file.name] = document
        size += len(document.text)
    if batch:
        yield Batch(tuple(batch), documents)


def _absolute(path: Path) -> Path:
    """Return the path from the root on, without `..`, and with its links as they are."""
    return Path(os.path.normpath(path.absolute()))


def _read(file: FileToReview) -> Document:
    if file.was_found:
        return read_document(file.path, max_bytes=_LARGEST_FOUND_BYTES)
    return read_document(file.path)
