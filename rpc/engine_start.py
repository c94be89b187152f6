"""Starts an engine process and waits until it, or one that somebody else started, answers."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from rpc.endpoint import UnsafeDirectory, ensure_private_directory
from rpc.engine_lock import engine_lock_holder
from rpc.failures import EngineMissing, EngineUnreachable
from rpc.link import Link
from rpc.places import runtime_directory, state_directory

COMMAND_VARIABLE = "LIMPET_ENGINE_COMMAND"
START_LOG_NAME = "engine-start.log"
START_LOCK_NAME = "start.lock"
# The engine's exit status where it cannot start, among others because another one runs.
EXIT_UNAVAILABLE = 3

_POLL_SECONDS = 0.02
_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 2.0
_TERM_SECONDS = 2.0
_LOG_LINES = 8
_ENGINE_SAYS = "limpet-engine: "


class EngineStart:
    """One client's attempt to get an engine running.

    Many clients may try at once. A lock lets one of them start a process while the others wait
    for the endpoint; should that client die, the lock passes on. That there is only ever one
    engine is not decided here but by the engine's own lock.
    """

    def __init__(self, find: Callable[[], Link | None], timeout_seconds: float) -> None:
        self._find = find
        self._timeout_seconds = timeout_seconds
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._log: BinaryIO | None = None
        self._was_refused = False
        self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._next_attempt_at = 0.0

    def wait_for_link(self) -> Link:
        """Return a link to the engine. Raises an EngineUnavailable or DeadlinePassed."""
        deadline = time.monotonic() + self._timeout_seconds
        try:
            directory = ensure_private_directory(runtime_directory())
        except (UnsafeDirectory, OSError) as error:
            raise EngineMissing(
                f"The engine's folder cannot be used: {error}",
                advice="Set XDG_RUNTIME_DIR to a folder of your own.",
            ) from error
        try:
            while True:
                if (link := self._find()) is not None:
                    return link
                self._advance(directory)
                if time.monotonic() > deadline:
                    self._give_up()
                time.sleep(_POLL_SECONDS)
        finally:
            self._release()

    def _advance(self, directory: Path) -> None:
        """Do the next thing: take the lock, start the process, or look how it does."""
        if self._child is not None:
            self._check_child(self._child, directory)
        elif self._lock is None:
            # The process is started only in the next round, after one more look: whoever had the
            # lock until now may just have succeeded.
            self._lock = _take_lock(directory / START_LOCK_NAME)
        elif time.monotonic() >= self._next_attempt_at:
            self._log = _open_start_log()
            self._child = _start_process(self._log)

    def _check_child(self, child: subprocess.Popen[bytes], directory: Path) -> None:
        status = child.poll()
        if status is None:
            return
        self._child = None
        if status != EXIT_UNAVAILABLE or engine_lock_holder(directory) is None:
            ended_how = f"exit status {status}" if status >= 0 else f"signal {-status}"
            raise self._missing(f"The engine could not be started ({ended_how})")
        # Another engine is about to be ready, or about to end.
        self._was_refused = True
        self._next_attempt_at = time.monotonic() + self._pause_seconds
        self._pause_seconds = min(2 * self._pause_seconds, _LONGEST_PAUSE_SECONDS)

    def _give_up(self) -> None:
        within = f"within {self._timeout_seconds:g} seconds"
        if self._child is not None:
            _end(self._child)
            raise self._missing(f"The engine did not become ready {within}")
        if self._was_refused:
            raise EngineUnreachable(
                f"An engine is running already, but it did not become reachable {within}."
            )
        raise self._missing(f"No engine became ready {within}")

    def _missing(self, what: str) -> EngineMissing:
        lines = _last_lines(self._log)
        why, advice = _last_words(lines)
        return EngineMissing(
            f"{what}: {why}" if why else f"{what}.", log_lines=lines, advice=advice
        )

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
        if self._log is not None:
            self._log.close()
        if self._child is not None:
            # Collects the engine when it ends, in case this client outlives it.
            threading.Thread(target=self._child.wait, name="limpet-engine-end", daemon=True).start()


def _take_lock(path: Path) -> int | None:
    """Return the held lock, or None while another client has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EngineMissing(
            f"The engine's folder cannot be used: {error}",
            advice="Set XDG_RUNTIME_DIR to a folder that you can write to.",
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _open_start_log() -> BinaryIO:
    """Open the file that takes what the engine says before its own log is open."""
    try:
        directory = state_directory()
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(
            directory / START_LOG_NAME,
            os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC,
            0o600,
        )
    except OSError:
        # A home that cannot be written is no reason not to start.
        return tempfile.TemporaryFile()
    return os.fdopen(descriptor, "r+b", buffering=0)


def _start_process(log: BinaryIO) -> subprocess.Popen[bytes]:
    chosen = os.environ.get(COMMAND_VARIABLE)
    # -P: a file in the user's folder must never pass for one of the engine's modules.
    command = shlex.split(chosen) if chosen else [sys.executable, "-P", "-m", "engine"]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            # The engine outlives the terminal and keeps no folder or disk busy.
            start_new_session=True,
            cwd="/",
        )
    except OSError as error:
        raise EngineMissing(
            f"The engine cannot be started: {command[0]}: {error.strerror}."
        ) from error


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a process that we started, and those that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_TERM_SECONDS)
            return


def _last_lines(log: BinaryIO | None) -> tuple[str, ...]:
    if log is None:
        return ()
    size = os.fstat(log.fileno()).st_size
    tail = os.pread(log.fileno(), 1 << 14, max(0, size - (1 << 14)))
    lines = tail.decode("utf-8", "replace").splitlines()
    return tuple([line for line in lines if line.strip()][-_LOG_LINES:])


def _last_words(lines: tuple[str, ...]) -> tuple[str, str]:
    """Return what the engine said last and its advice, which follows on the next lines."""
    for index in reversed(range(len(lines))):
        if lines[index].startswith(_ENGINE_SAYS):
            return lines[index].removeprefix(_ENGINE_SAYS), " ".join(lines[index + 1 :])
    return (lines[-1].strip() if lines else ""), ""
