"""The states on the disk: one for each file of a project, bounded, and gone with the project."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engine.inference.language_model import Keeping
from engine.inference.parking.parking_lot import ParkedState
from engine.inference.parking.state_file import read_header, read_state, write_state

MOST_AGE_SECONDS = 30 * 24 * 3600.0
_SUFFIX = ".state"


class StateFolder:
    """Keeps states in `folder`; those of other models and builds are there, but never read.

    Nothing here raises: what cannot be read or written is read anew by the model.
    """

    def __init__(self, folder: Path, *, model: str, limit_bytes: int) -> None:
        self._folder = folder
        self._model = model
        self._limit_bytes = limit_bytes

    def save(self, parked: ParkedState, keeping: Keeping) -> bool:
        """Write what was read of a file, instead of what is there; whether that worked."""
        if len(parked.state) > self._limit_bytes:
            return False
        path = self._path(keeping)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            for each in (self._folder, path.parent):
                each.chmod(0o700)
            write_state(path, parked, model=self._model, project=keeping.project, file=keeping.file)
        except OSError:
            return False
        self.tidy()
        return path.exists()

    def load(self, keeping: Keeping) -> ParkedState | None:
        """Return what was read of a file; what is odd is deleted."""
        path = self._path(keeping)
        found = read_state(path, model=self._model, project=keeping.project, file=keeping.file)
        with contextlib.suppress(OSError):
            if found is None:
                path.unlink()
            else:
                os.utime(path)
        return found

    def tidy(self) -> None:
        """Delete what is odd, too old, or of a project that is gone, then the oldest."""
        now = time.time()
        kept: list[tuple[float, int, Path]] = []
        for path in state_files(self._folder):
            with contextlib.suppress(OSError):
                status = path.stat()
                header = read_header(path)
                is_young = now - status.st_mtime <= MOST_AGE_SECONDS
                if header is not None and is_young and Path(header.project).is_dir():
                    kept.append((status.st_mtime, status.st_size, path))
                else:
                    _delete(path)
        excess = sum(size for _, size, _ in kept) - self._limit_bytes
        for _, size, path in sorted(kept):
            if excess <= 0:
                break
            _delete(path)
            excess -= size

    def _path(self, keeping: Keeping) -> Path:
        name = _digest("\0".join((self._model, keeping.file)))
        return self._folder / _digest(keeping.project) / f"{name}{_SUFFIX}"


class Forgotten(msgspec.Struct, frozen=True):
    """How much was deleted."""

    states: int = 0
    bytes: int = 0


def forget(folder: Path, project: str = "") -> Forgotten:
    """Delete the states of a project, of all where none is named, and of those inside it."""
    states = freed = 0
    # States know their project by its real folder.
    project = os.path.realpath(project) if project else ""
    for path in list(state_files(folder)):
        header = read_header(path)
        wanted = not project or header is None or _is_inside(header.project, project)
        with contextlib.suppress(OSError):
            size = path.stat().st_size
            if wanted and _delete(path):
                states, freed = states + 1, freed + size
    return Forgotten(states, freed)


def state_files(folder: Path) -> Iterator[Path]:
    """Go through all files of states, half-written ones included."""
    return (path for path in folder.glob("*/*") if not path.is_dir() or path.is_symlink())


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _delete(path: Path) -> bool:
    with contextlib.suppress(OSError):
        path.unlink()
        with contextlib.suppress(OSError):
            path.parent.rmdir()  # only where it was the last one
        return True
    return False


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
