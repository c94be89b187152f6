"""Copies a model file of this machine into the store, and finds it a name there."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import sys
from pathlib import Path

from engine.errors import DownloadCancelled, InvalidInput, ModelFileInvalid
from engine.model_store.disk import require_room, sha256_of
from engine.model_store.progress import Cancelled, Progress, Report

_BLOCK_BYTES = 4 << 20
_FICLONE = 0x40049409  # the number of the ioctl in linux/fs.h
_USABLE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_USABLE_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,120}\.gguf")


def copy_in(source: Path, target: Path, report: Report, cancelled: Cancelled) -> str:
    """Copies `source` to `target` and returns the copy's SHA-256.

    The copy shares its blocks with the original where the file system can do that. It is never a
    hard link: a write to the original would change the store's file too.
    """
    try:
        with source.open("rb", buffering=0) as reading:
            size = os.fstat(reading.fileno()).st_size
            with target.open("xb", buffering=0) as writing:
                if _clone(reading.fileno(), writing.fileno()):
                    return sha256_of(target, report, cancelled)
                require_room(target.parent, size)
                return _copy(reading.fileno(), writing.fileno(), size, report, cancelled)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ModelFileInvalid(f"{source} cannot be read: {error.strerror}.") from error


def _clone(reading: int, writing: int) -> bool:
    if sys.platform != "linux":
        return False
    try:
        fcntl.ioctl(writing, _FICLONE, reading)
    except OSError:
        return False
    return True


def _copy(reading: int, writing: int, size: int, report: Report, cancelled: Cancelled) -> str:
    digest = hashlib.sha256()
    done = 0
    while block := os.read(reading, _BLOCK_BYTES):
        if cancelled():
            raise DownloadCancelled("The import was cancelled; nothing was changed.")
        digest.update(block)
        view = memoryview(block)
        while view:
            view = view[os.write(writing, view) :]
        done += len(block)
        report(Progress(stage="copying", done_bytes=done, total_bytes=size))
    return digest.hexdigest()


def clear_folder(folder: Path) -> None:
    """Makes `folder` exist and empty; only for the holder of the import lock."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            each.unlink()


def checked_id(model_id: str) -> str:
    """The id that a user chose, or InvalidInput where it cannot name a folder."""
    if not _USABLE_ID.fullmatch(model_id) or model_id == "default":
        raise InvalidInput(
            f"{model_id!r} cannot be a model's name.",
            advice="Use small letters, digits, dots, dashes and underscores, at most 64 of them.",
        )
    return model_id


def id_from_file_name(path: Path) -> str:
    """An id made from a file's name."""
    stem = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._")[:60].rstrip("-._")
    return stem if _USABLE_ID.fullmatch(stem) and stem != "default" else "imported-model"


def file_name_for(path: Path, model_id: str) -> str:
    """The name that an imported file gets in the store: its own where that is harmless."""
    return path.name if _USABLE_FILE_NAME.fullmatch(path.name) else f"{model_id}.gguf"
