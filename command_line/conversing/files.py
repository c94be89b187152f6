"""Carries kept conversations into files and out of them."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from rpc.failures import DocumentMissing, DocumentUnreadable

_PIECE_BYTES = 1 << 20


def write_new_file(name: str, path: Path, pieces: Iterable[bytes]) -> int:
    """Write a file that is not there yet, whole or not at all; return its size.

    `name` is the path as the user wrote it. Raises DocumentUnreadable, and a Failure of the pieces.
    """
    size = 0
    try:
        with path.open("xb") as file:
            try:
                for piece in pieces:
                    size += file.write(piece)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise DocumentUnreadable(
            f"{name} is there already; nothing was written.", advice="Choose another name."
        ) from None
    except OSError as error:
        raise DocumentUnreadable(f"{name} cannot be written: {error.strerror}.") from None
    return size


def check_file(name: str) -> None:
    """Raise DocumentMissing or DocumentUnreadable where there is no file to be read."""
    try:
        mode = Path(name).stat().st_mode
    except OSError as error:
        raise DocumentMissing(f"{name} cannot be read: {error.strerror}.") from None
    # Looked at before it is opened: a FIFO would block whoever opens it.
    if not stat.S_ISREG(mode):
        raise DocumentUnreadable(f"{name} is not a file.")


def pieces_of(name: str) -> Iterator[bytes]:
    """Yield a file's content in pieces. Raises DocumentUnreadable."""
    try:
        with Path(name).open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece
    except OSError as error:
        raise DocumentUnreadable(f"{name} cannot be read: {error.strerror}.") from None
