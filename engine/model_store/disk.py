"""The store's dealings with the disk: room, atomic writes, digests, and what errors mean."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import DiskFull, DownloadCancelled, StoreFailure, StoreReadOnly
from engine.model_store.progress import Cancelled, Progress, Report

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
# A disk filled to the last byte makes other programs fail.
_SPARE_BYTES = 64 << 20
_BLOCK_BYTES = 4 << 20


@contextmanager
def disk_errors(directory: Path, doing: str) -> Iterator[None]:
    """Turns an OSError inside the block into the store failure that it means."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(
                f"The disk of {directory} became full while {doing}; what was fetched is kept.",
                advice="Make room and repeat the command: it goes on where it stopped.",
            ) from error
        if error.errno in _READ_ONLY:
            raise StoreReadOnly(
                f"The folder {directory} cannot be written ({error.strerror}), so {doing} failed.",
                advice="Make it writable, or set XDG_DATA_HOME to a folder that is.",
            ) from error
        raise StoreFailure(f"{doing} failed: {error}.") from error


def require_room(directory: Path, needed_bytes: int) -> None:
    """Raises DiskFull where `needed_bytes` more would not fit."""
    with disk_errors(directory, "looking for room"):
        free = shutil.disk_usage(directory).free
    if needed_bytes + _SPARE_BYTES > free:
        raise DiskFull(
            f"{_megabytes(needed_bytes)} more are needed in {directory}, "
            f"{_megabytes(free)} are free and {_megabytes(_SPARE_BYTES)} of them stay free.",
            advice="Make room and repeat the command: what was fetched is kept.",
        )


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f} MB"


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces the file at `path`: afterwards it is the old one or the new one, never half."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def move_into_place(temporary: Path, final: Path) -> None:
    """Gives a finished file its name; both survive a power cut as one or the other."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(final)
    sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` durable, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path, report: Report, cancelled: Cancelled) -> str:
    """The digest of a file, in hexadecimal, with progress.

    Raises DownloadCancelled where `cancelled` says so.
    """
    digest = hashlib.sha256()
    done = 0
    with path.open("rb", buffering=0) as file:
        total = os.fstat(file.fileno()).st_size
        while block := file.read(_BLOCK_BYTES):
            if cancelled():
                raise DownloadCancelled("The check was cancelled.")
            digest.update(block)
            done += len(block)
            report(
                Progress(
                    stage="checking", done_bytes=done, total_bytes=total, note="checking the digest"
                )
            )
    return digest.hexdigest()
