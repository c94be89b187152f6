"""Lets one process at a time fetch, import, check or remove a model."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import DownloadCancelled, StoreBusy
from engine.model_store.disk import disk_errors
from engine.model_store.progress import Cancelled, Progress, Report

_LOOK_AGAIN_SECONDS = 0.1


@contextmanager
def held(path: Path, report: Report, cancelled: Cancelled) -> Iterator[None]:
    """Holds the lock file at `path`, waiting while another process has it.

    The kernel drops the lock when its holder dies, so none is ever stale; the file itself stays.
    Raises DownloadCancelled where the caller gives up waiting.
    """
    descriptor = _open(path)
    try:
        pause = threading.Event()
        while not _try(descriptor):
            report(Progress(stage="waiting", note="another process works on this model; waiting"))
            if cancelled():
                raise DownloadCancelled("Waiting for another process was cancelled.")
            pause.wait(_LOOK_AGAIN_SECONDS)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def held_at_once(path: Path) -> Iterator[None]:
    """Holds the lock file at `path`, or raises StoreBusy where another process has it."""
    descriptor = _open(path)
    try:
        if not _try(descriptor):
            raise StoreBusy(
                "Another process is fetching or checking this model.",
                advice="Wait until it is done, or cancel it there.",
            )
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    with disk_errors(path.parent, "taking the model's lock"):
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(descriptor: int) -> bool:
    # flock and not lockf: its owner is the open file, so that threads exclude each other too.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
