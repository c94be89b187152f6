"""Runs calls of the engine beside the window, and gives back what came of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer

from desktop.background.engine_link import EngineLink
from desktop.background.handover import Handover
from desktop.background.running_stream import RunningStream
from desktop.background.worker_threads import WorkerThreads
from rpc.client import Limpet
from rpc.failures import Failure, InternalFailure

Result = TypeVar("Result")
Event = TypeVar("Event")
Event_co = TypeVar("Event_co", covariant=True)
_THREADS = 6

_log = logging.getLogger(__name__)


class Cancellable(Protocol[Event_co]):
    """A stream of the client library."""

    def __iter__(self) -> Iterator[Event_co]:
        """Read the events."""
        ...

    def cancel(self) -> None:
        """End it, from any thread."""
        ...


class Job:
    """A call that runs; once it is dropped, nothing of it comes back."""

    def __init__(self) -> None:
        self.is_dropped = False

    def drop(self) -> None:
        """Forget the call. For the window's thread only."""
        self.is_dropped = True


class Background(QObject):
    """Takes calls from the window's thread, where it lives, and never lets that thread wait."""

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._handover = Handover(self)
        self._threads = WorkerThreads(_THREADS, "limpet-call")
        self._streams: set[RunningStream] = set()
        self._is_closed = False

    def call(
        self,
        work: Callable[[Limpet], Result],
        done: Callable[[Result], None],
        failed: Callable[[Failure], None],
    ) -> Job:
        """Run `work` with the engine's client; `done` or `failed` comes in the window's thread."""
        return self.run(lambda: work(self._link.limpet()), done, failed)

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[Failure], None],
    ) -> Job:
        """Run `work` without the engine, such as the reading of a file."""
        job = Job()
        if not self._is_closed:
            self._threads.submit(lambda: self._carry_out(job, work, done, failed))
        return job

    def stream(
        self,
        opening: Callable[[Limpet], Cancellable[Event]],
        batch: Callable[[list[Event]], None],
        ended: Callable[[Failure | None], None],
    ) -> RunningStream:
        """Read a stream in a thread of its own.

        `batch` gets its events some at a time, `ended` comes once: with the failure, or None.
        """

        def open_stream() -> Cancellable[Event]:
            return opening(self._link.limpet())

        def over(failure: Failure | None) -> None:
            self._streams.discard(running)
            ended(failure)

        running = RunningStream(open_stream, batch, over, self._handover, self)
        self._streams.add(running)
        threading.Thread(target=running.read, name="limpet-stream", daemon=True).start()
        return running

    def finish(self, finished: Callable[[], object], most_milliseconds: int) -> None:
        """Cancel the streams, let the calls that wait be done, close, and tell."""
        for stream in tuple(self._streams):
            stream.cancel()

        def end() -> None:
            if not self._is_closed:
                self.close()
                finished()

        # The pool takes actions in order, so that one of its last is behind all calls of before;
        # others may still run, and get a moment.
        self._threads.when_idle(lambda: self._handover.give(end))
        QTimer.singleShot(most_milliseconds, self, end)

    def close(self) -> None:
        """Cancel everything; nothing comes back any more."""
        self._is_closed = True
        for stream in tuple(self._streams):
            stream.cancel()
        self._threads.close()
        self._link.close()

    def _carry_out(
        self,
        job: Job,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[Failure], None],
    ) -> None:
        try:
            result = work()
        except Failure as failure:
            self._give_back(job, failed, failure)
        except Exception as error:  # noqa: BLE001 - a defect must reach the user, not a dead thread
            _log.exception("a background call failed")
            self._give_back(job, failed, InternalFailure(f"{type(error).__name__}: {error}"))
        else:
            self._give_back(job, done, result)

    def _give_back(self, job: Job, receiver: Callable[[Result], None], result: Result) -> None:
        def deliver() -> None:
            if not job.is_dropped and not self._is_closed:
                receiver(result)

        if not self._is_closed:
            self._handover.give(deliver)
