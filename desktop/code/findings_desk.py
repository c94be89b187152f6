"""Has the open file looked at, and keeps what was found."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.background.running_stream import RunningStream
from rpc.failures import Cancelled, Failure
from rpc.review import FileDone, Finding, ReviewBegan, ReviewEvent, ReviewFile


class FindingsDesk(QObject):
    """One review at a time. `changed` tells that there are more findings, `ended` the end."""

    changed = Signal()
    ended = Signal()
    failed = Signal(Failure)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._stream: RunningStream | None = None
        self._run = 0
        self.findings: tuple[Finding, ...] = ()
        self.notes: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether a review is under way."""
        return self._stream is not None

    def review(self, path: str, text: str) -> None:
        """Look at a text, instead of what was looked at before."""
        self.stop()
        self.clear()
        file = ReviewFile(path, text.encode("utf-8", "replace"))
        run = self._run
        self._stream = self._background.stream(
            lambda limpet: limpet.review.review([file]),
            lambda events: self._take(run, events),
            lambda failure: self._end(run, failure),
        )
        self.changed.emit()

    def stop(self) -> None:
        """Stop looking."""
        if self._stream is not None:
            self._run += 1  # what still comes of this review is of nobody's concern
            self._stream.cancel()
            self._stream = None
            self.ended.emit()

    def clear(self) -> None:
        """Forget what was found."""
        self.findings, self.notes = (), ()

    def drop(self, finding: Finding) -> None:
        """Forget one finding: it was dealt with."""
        self.findings = tuple(each for each in self.findings if each is not finding)
        self.changed.emit()

    def _take(self, run: int, events: list[ReviewEvent]) -> None:
        if run != self._run:
            return
        for event in events:
            match event:
                case Finding():
                    self.findings += (event,)
                case ReviewBegan(missing_signals=missing):
                    self.notes += missing
                case FileDone(skipped=reason) if reason:
                    self.notes += (reason,)
        self.changed.emit()

    def _end(self, run: int, failure: Failure | None) -> None:
        if run != self._run:
            return
        self._stream = None
        self.ended.emit()
        if failure is not None and not isinstance(failure, Cancelled):
            self.failed.emit(failure)
