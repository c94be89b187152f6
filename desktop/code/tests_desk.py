"""Has tests written for the open file, and keeps what is told on the way."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.background.running_stream import RunningStream
from rpc.failures import Cancelled, Failure
from rpc.test_writing import WritingEvent, WritingFinished, WritingWish

CONSENT_NEEDED = "CONSENT_NEEDED"


class TestsDesk(QObject):
    """One writing at a time. `told` brings each step, `ended` the end.

    `consent_needed` says that code of the project would be run, and nobody has allowed it yet.
    """

    __test__ = False  # not a class of tests, whatever its name says to pytest

    told = Signal(object)
    ended = Signal()
    failed = Signal(Failure)
    consent_needed = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._stream: RunningStream | None = None
        self._run = 0
        self.finished: WritingFinished | None = None

    @property
    def is_running(self) -> bool:
        """Whether tests are being written."""
        return self._stream is not None

    def write(self, wish: WritingWish) -> None:
        """Write tests, instead of those that were being written."""
        self.stop()
        self.finished = None
        run = self._run
        self._stream = self._background.stream(
            lambda limpet: limpet.test_writing.write_tests(wish),
            lambda events: self._take(run, events),
            lambda failure: self._end(run, failure),
        )

    def stop(self) -> None:
        """Stop writing; the model and what runs in the sandbox stop."""
        if self._stream is not None:
            self._run += 1  # what still comes of this writing is of nobody's concern
            self._stream.cancel()
            self._stream = None
            self.ended.emit()

    def _take(self, run: int, events: list[WritingEvent]) -> None:
        if run != self._run:
            return
        for event in events:
            if isinstance(event, WritingFinished):
                self.finished = event
            self.told.emit(event)

    def _end(self, run: int, failure: Failure | None) -> None:
        if run != self._run:
            return
        self._stream = None
        self.ended.emit()
        if failure is None or isinstance(failure, Cancelled):
            return
        if failure.reason == CONSENT_NEEDED:
            self.consent_needed.emit()
        else:
            self.failed.emit(failure)
