"""The daemon's end of one worker process: starts it, speaks frames with it, notices its death."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from engine.errors import ModelLoadFailed, WorkerDied
from engine.inference.frames import MAX_FRAME_BYTES, BrokenFrame, encode_frame, read_frame_async
from engine.inference.language_model import ModelFacts, Priority
from engine.inference.messages import (
    Cancel,
    Ended,
    FromWorker,
    Hold,
    Open,
    Opened,
    OpenFailed,
    Parking,
    Pieces,
    Refused,
    RuntimeSettings,
    Tokens,
)

# A worker that does not end a cancelled answer in this time computes something that it cannot
# be interrupted in; the process is ended instead.
CANCEL_GRACE_SECONDS = 2.0
# How long a worker may write what it has read to the disk when it is no longer wanted.
FINISH_GRACE_SECONDS = 2.0

NO_PARKING = Parking()

# All that a worker needs of the environment; above all no secrets that the user's shell holds.
_KEPT_VARIABLES = ("PATH", "LANG", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "SYSTEMROOT")
_KEPT_PREFIXES = (
    "OMP_",
    "GOMP_",
    "GGML_",
    "CUDA_",
    "HIP_",
    "LC_",
    "LD_LIBRARY_PATH",
    "DYLD_",
    "KMP_",
    "VK_",
)

Reply = Tokens | Pieces | Ended | Refused | None


# libgomp's threads wait for each other in a busy loop that is far too long when another program
# wants the processor: on two cores beside one busy program decode falls from 45 to 3 tokens/s with
# its default, and to 28 with this; on a quiet machine nothing changes.
_SHORT_SPIN = {"GOMP_SPINCOUNT": "5000"}


def worker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a worker inherits."""
    kept = {
        name: value
        for name, value in environment.items()
        if name in _KEPT_VARIABLES or name.startswith(_KEPT_PREFIXES)
    }
    return _SHORT_SPIN | kept


def worker_command(module: str) -> list[str]:
    """Return the command of one of the engine's child processes.

    `-P` keeps the working directory off the import path: it may be a project of the user's that
    has an `engine` folder of its own.
    """
    return [sys.executable, "-P", "-m", module]


class _OpenRequest:
    """A request that nobody has given up: its replies, and whether the last of them has come."""

    def __init__(self) -> None:
        self.replies: asyncio.Queue[Reply] = asyncio.Queue()
        self.has_ended = False


class WorkerProcess:
    """A running worker. Replies to a request come through its own queue; None means it died."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        facts: ModelFacts,
        *,
        finishes_by_itself: bool = False,
    ) -> None:
        self._process = process
        self._finishes_by_itself = finishes_by_itself
        self._requests: dict[int, _OpenRequest] = {}
        self._overdue: dict[int, asyncio.TimerHandle] = {}
        self._last_number = 0
        self.facts = facts
        self.is_alive = True
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls,
        path: Path,
        settings: RuntimeSettings,
        log_path: Path,
        batch_milliseconds: Mapping[int, float] | None = None,
        parking: Parking = NO_PARKING,
    ) -> WorkerProcess:
        """Start a worker and wait until its model is open. Raises ModelLoadFailed."""
        with log_path.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *worker_command("engine.inference.worker"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=worker_environment(os.environ),
                limit=MAX_FRAME_BYTES,
                start_new_session=True,
            )
        try:
            assert process.stdin is not None  # noqa: S101 - asked for above; for the type checker
            opening = Open(str(path), settings, batch_milliseconds or {}, parking)
            process.stdin.write(encode_frame(opening))
            first = await cls._first_message(process)
        except BaseException:
            await _end(process)
            raise
        if isinstance(first, Opened):
            return cls(process, first.facts, finishes_by_itself=parking.keeps_on_disk)
        await _end(process)
        if isinstance(first, OpenFailed):
            raise ModelLoadFailed(first.message)
        raise ModelLoadFailed(
            f"The process that loads {path.name} ended at once (status {process.returncode}).",
            advice=f"See {log_path}; `limpet doctor` checks the machine.",
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def open_requests(self) -> int:
        """How many requests have not ended."""
        return len(self._requests)

    def open_request(self) -> tuple[int, asyncio.Queue[Reply]]:
        """Return a number for a request and the queue of its replies. Raises WorkerDied."""
        if not self.is_alive:
            raise WorkerDied("The inference process has ended.")
        self._last_number += 1
        request = self._requests[self._last_number] = _OpenRequest()
        return self._last_number, request.replies

    async def send(self, message: msgspec.Struct) -> None:
        """Send a message. Raises WorkerDied."""
        stdin = self._process.stdin
        try:
            assert stdin is not None  # noqa: S101 - asked for at the start
            stdin.write(encode_frame(message))
            await stdin.drain()
        except (ConnectionError, RuntimeError) as error:
            raise WorkerDied("The inference process has ended.") from error

    def cancel(self, number: int) -> None:
        """End a request; nothing more of it will be delivered. Never waits."""
        request = self._requests.pop(number, None)
        # The worker has no answer to the cancelling of what has ended; to wait for one would kill
        # it for nothing.
        if request is None or request.has_ended or not self.is_alive:
            return
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(encode_frame(Cancel(number)))
            loop = asyncio.get_running_loop()
            self._overdue[number] = loop.call_later(CANCEL_GRACE_SECONDS, self.kill)

    def hold(self, level: Priority) -> None:
        """Let the worker compute only what is at least as urgent. Never waits."""
        stdin = self._process.stdin
        if self.is_alive and stdin is not None and not stdin.is_closing():
            stdin.write(encode_frame(Hold(level)))

    def forget(self, number: int) -> None:
        """The request has ended by itself."""
        self._requests.pop(number, None)

    def kill(self) -> None:
        """End the process at once; its requests get None."""
        kill(self._process)

    async def close(self) -> None:
        """End the process and wait until it is gone."""
        stdin = self._process.stdin
        if self._finishes_by_itself and self.is_alive and stdin is not None:
            # What it has read is written to the disk when there is nobody left to write for.
            stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FINISH_GRACE_SECONDS):
                    await self._process.wait()
        self.kill()
        await self._process.wait()
        await asyncio.wait([self._reader])

    async def wait_until_dead(self) -> None:
        """Wait until the process has ended, for whatever reason."""
        await asyncio.wait([self._reader])

    @staticmethod
    async def _first_message(process: asyncio.subprocess.Process) -> FromWorker | None:
        assert process.stdout is not None  # noqa: S101 - asked for at the start
        try:
            return await read_frame_async(process.stdout, msgspec.msgpack.Decoder(FromWorker))
        except BrokenFrame:
            return None

    async def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - asked for at the start
        decoder: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
        try:
            while (message := await read_frame_async(self._process.stdout, decoder)) is not None:
                self._dispatch(message)
        except BrokenFrame:
            self.kill()
        finally:
            self.is_alive = False
            for timer in self._overdue.values():
                timer.cancel()
            for request in self._requests.values():
                request.replies.put_nowait(None)
            await _end(self._process)

    def _dispatch(self, message: FromWorker) -> None:
        if isinstance(message, Opened | OpenFailed):
            return
        is_last = not isinstance(message, Pieces)
        timer = self._overdue.pop(message.id, None) if is_last else None
        if timer is not None:
            timer.cancel()
        request = self._requests.get(message.id)
        if request is not None:
            request.has_ended = is_last
            request.replies.put_nowait(message)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Make sure that a process is gone, and free its pipe."""
    if process.stdin is not None:
        process.stdin.close()
    kill(process)
    await process.wait()


def kill(process: asyncio.subprocess.Process) -> None:
    """Send SIGKILL.

    Not by `process.kill()`: that polls a process that has just ended, and asyncio's watcher then
    finds nothing to wait for and reports a wrong status.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
