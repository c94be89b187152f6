"""Runs the model store's blocking work in threads of its own, and streams its progress."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.model_store.progress import Cancelled, Progress, Report
from engine.service.request_ledger import RequestLedger

Result = TypeVar("Result")

_THREADS = 4
_SECONDS_BETWEEN_REPORTS = 0.1


@dataclass(frozen=True)
class Done(Generic[Result]):
    """The work's result, the last item of a stream."""

    result: Result


class BlockingWork:
    """A few threads for work that blocks. Belongs to one event loop."""

    def __init__(self, ledger: RequestLedger) -> None:
        self._ledger = ledger
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="store")

    async def run(self, function: Callable[[], Result]) -> Result:
        """Run short work and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    async def stream(
        self, function: Callable[[Report, Cancelled], Result]
    ) -> AsyncIterator[Progress | Done[Result]]:
        """Run long work; stream its progress, about ten times a second, then its result.

        Every change of stage and every note is told. When the stream is closed early the work
        is asked to end, and counts as open work until it has.
        """
        reports = _Reports(asyncio.get_running_loop())
        cancelled = threading.Event()
        future = asyncio.get_running_loop().run_in_executor(
            self._threads, function, reports.report, cancelled.is_set
        )
        future.add_done_callback(lambda _: reports.wake())
        try:
            while not future.done():
                await reports.wait()
                for progress in reports.take():
                    yield progress
            for progress in reports.take():
                yield progress
            yield Done(future.result())
        finally:
            cancelled.set()
            if not future.done():
                self._count_until_done(future)

    def close(self) -> None:
        """Take no more work; what runs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _count_until_done(self, future: asyncio.Future[Result]) -> None:
        work = self._ledger.work()
        work.__enter__()

        def done(finished: asyncio.Future[Result]) -> None:
            work.__exit__(None, None, None)
            if not finished.cancelled():
                finished.exception()  # the client is gone; nobody is there to be told

        future.add_done_callback(done)


class _Reports:
    """Carries progress from a thread to the loop and thins it out, but never a new note."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._changed = asyncio.Event()
        self._lock = threading.Lock()
        self._waiting: list[Progress] = []
        self._last: Progress | None = None
        self._next_at = 0.0

    def report(self, progress: Progress) -> None:
        """Take progress; called in the thread that works."""
        now = time.monotonic()
        with self._lock:
            is_news = self._last is None or (
                (progress.stage, progress.source, progress.note)
                != (self._last.stage, self._last.source, self._last.note)
            )
            if not is_news and now < self._next_at:
                return
            self._last = progress
            self._next_at = now + _SECONDS_BETWEEN_REPORTS
            self._waiting.append(progress)
        with suppress(RuntimeError):  # the loop is closed already: nobody is left to be told
            self._loop.call_soon_threadsafe(self.wake)

    def wake(self) -> None:
        """Let `wait` return; called in the loop."""
        self._changed.set()

    async def wait(self) -> None:
        """Wait for progress or the end."""
        await self._changed.wait()
        self._changed.clear()

    def take(self) -> list[Progress]:
        """Return the progress that came since the last call."""
        with self._lock:
            taken, self._waiting = self._waiting, []
        return taken
