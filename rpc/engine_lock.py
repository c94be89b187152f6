"""Looks at the lock that an engine holds for the whole of its run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import msgspec

ENGINE_LOCK_NAME = "engine.lock"


class _Holder(msgspec.Struct, frozen=True):
    pid: int


def engine_lock_holder(directory: Path) -> int | None:
    """Return the id of the process that holds the lock; None where no engine runs, 0 if unknown.

    This holds for an engine that hangs, too, and a process id that has been given to another
    program meanwhile is never returned.
    """
    try:
        descriptor = os.open(
            directory / ENGINE_LOCK_NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        )
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid_in(os.pread(descriptor, 1 << 12, 0))
    finally:
        os.close(descriptor)
    return None


def _pid_in(content: bytes) -> int:
    try:
        return msgspec.json.decode(content, type=_Holder).pid
    except msgspec.DecodeError:
        return 0
