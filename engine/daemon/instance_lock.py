"""The lock that makes one engine per user: held on a file for the whole run."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from pathlib import Path

import msgspec

from engine.errors import EngineAlreadyRunning

_SECONDS_BETWEEN_TRIES = 0.05


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock; `is_stopping` tells the next engine to wait for its turn."""

    pid: int
    is_stopping: bool = False


class InstanceLock:
    """An exclusive lock on `path`, released by `release` or by the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path, *, wait_seconds: float) -> InstanceLock:
        """Take the lock, or raise EngineAlreadyRunning.

        An engine that holds it but is stopping is waited for, at most `wait_seconds`.
        """
        deadline = time.monotonic() + wait_seconds
        while True:
            lock = cls._try(path)
            if lock is not None:
                lock._write(Holder(os.getpid()))
                return lock
            holder = _read(path)
            if holder is None or not holder.is_stopping or time.monotonic() > deadline:
                named = f" (process {holder.pid})" if holder else ""
                raise EngineAlreadyRunning(
                    f"An engine of this user is running already{named}.",
                    advice="Use it, or end it first with `limpet engine stop`.",
                )
            time.sleep(_SECONDS_BETWEEN_TRIES)

    @classmethod
    def _try(cls, path: Path) -> InstanceLock | None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as trouble:
            os.close(descriptor)
            if trouble.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                return None
            raise
        lock = cls(path, descriptor)
        if not lock.is_ours():  # the file was replaced between opening and locking
            lock.release()
            return None
        return lock

    def is_ours(self) -> bool:
        """Return whether the file at the path is still the one that is locked."""
        try:
            there = self._path.lstat()
        except OSError:
            return False
        return os.path.samestat(there, os.fstat(self._descriptor))

    def say_stopping(self) -> None:
        """Let the next engine wait for the end of this one instead of giving up."""
        self._write(Holder(os.getpid(), is_stopping=True))

    def release(self) -> None:
        """Give the lock up. The file stays: removing it would let two engines in."""
        os.close(self._descriptor)

    def _write(self, holder: Holder) -> None:
        text = msgspec.json.encode(holder)
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)


def _read(path: Path) -> Holder | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None
