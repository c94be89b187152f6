"""Has tests written for the open file, and keeps what is told on the way."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.background.one_stream import OneStream
from rpc.failures import Failure
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
        self._stream = OneStream(background)
        self.finished: WritingFinished | None = None

    @property
    def is_running(self) -> bool:
        """Whether tests are being written."""
        return self._stream.is_running

    def write(self, wish: WritingWish) -> None:
        """Write tests, instead of those that were being written."""
        self.stop()
        self.finished = None
        self._stream.begin(
            lambda limpet: limpet.test_writing.write_tests(wish), self._take, self._end
        )

    def stop(self) -> None:
        """Stop writing; the model and what runs in the sandbox stop."""
        if self._stream.stop():
            self.ended.emit()

    def _take(self, events: Iterable[WritingEvent]) -> None:
        for event in events:
            if isinstance(event, WritingFinished):
                self.finished = event
            self.told.emit(event)

    def _end(self, failure: Failure | None) -> None:
        self.ended.emit()
        if failure is None:
            return
        if failure.reason == CONSENT_NEEDED:
            self.consent_needed.emit()
        else:
            self.failed.emit(failure)
